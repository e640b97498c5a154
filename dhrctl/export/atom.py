"""What changed as a feed (Atom, RFC 4287)."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from uuid import UUID, uuid5

from dhrctl.model.history import Version
from dhrctl.reports.history import news
from dhrctl.reports.view import View, imprint, imprint_sentences
from dhrctl.table import Row
from dhrctl.text.escape import escape_hidden, escape_markup_commands, format_cell

_SPACE = UUID("b4b9c8a3-8a0b-4a2e-9c0d-3d1d5f2a7e61")
_MOST = 200


def atom(view: View, timelines: Mapping[str, Sequence[Version]]) -> str:
    """Write the newest changes, each with an id that it keeps; of a commit it gives the day alone."""
    title = imprint(view)["title"]
    found = news(view, timelines, _MOST)
    feed = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en-GB"})
    _add_element(feed, "title", f"{title}: what changed")
    _add_element(feed, "subtitle", " ".join(imprint_sentences(view)))
    _add_element(feed, "id", uuid5(_SPACE, title).urn)
    _add_element(feed, "updated", _timestamp(str(found[0]["day"]) if found else view.day.isoformat()))
    _add_element(ET.SubElement(feed, "author"), "name", title)
    _add_element(feed, "generator", "dhrctl")
    for row in found:
        _add_entry(feed, row, title)
    ET.indent(feed)
    return escape_markup_commands(f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(feed, encoding="unicode")}\n')


def _add_entry(feed: ET.Element, row: Row, title: str) -> None:
    entry = ET.SubElement(feed, "entry")
    first, *_ = format_cell(row["said"]).split("\n")
    _add_element(entry, "title", f"{row['id']}: {first}")
    _add_element(entry, "id", uuid5(_SPACE, "\n".join((title, *(format_cell(row[key]) for key in _SAME)))).urn)
    _add_element(entry, "updated", _timestamp(format_cell(row["day"])))
    ET.SubElement(entry, "category", {"term": format_cell(row["review"])})
    _add_element(entry, "content", f"{row['said']}\n\n{row['wording']}").set("type", "text")


_SAME = ("id", "day", "commit", "field", "from", "to", "update")


def _timestamp(day: str) -> str:
    return f"{day}T00:00:00Z"


def _add_element(parent: ET.Element, name: str, text: str) -> ET.Element:
    added = ET.SubElement(parent, name)
    added.text = escape_hidden(text)
    return added
