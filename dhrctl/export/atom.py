"""What changed as a feed (Atom, RFC 4287)."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from uuid import UUID, uuid5

from dhrctl.model.history import Version
from dhrctl.reports.history import news
from dhrctl.reports.rows import Asked
from dhrctl.reports.view import imprint, sentences
from dhrctl.table import Row
from dhrctl.text.escape import inert_markup, say, visible

_SPACE = UUID("b4b9c8a3-8a0b-4a2e-9c0d-3d1d5f2a7e61")
_MOST = 200


def atom(asked: Asked, timelines: Mapping[str, Sequence[Version]]) -> str:
    """Write the newest changes, each with an id that it keeps; what was committed is told by its day alone."""
    title = imprint(asked)["title"]
    found = news(asked, timelines, _MOST)
    feed = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en-GB"})
    _add(feed, "title", f"{title}: what changed")
    _add(feed, "subtitle", " ".join(sentences(asked)))
    _add(feed, "id", uuid5(_SPACE, title).urn)
    _add(feed, "updated", _moment(str(found[0]["day"]) if found else asked.day.isoformat()))
    _add(ET.SubElement(feed, "author"), "name", title)
    _add(feed, "generator", "dhrctl")
    for row in found:
        _entry(feed, row, title)
    ET.indent(feed)
    return inert_markup(f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(feed, encoding="unicode")}\n')


def _entry(feed: ET.Element, row: Row, title: str) -> None:
    entry = ET.SubElement(feed, "entry")
    first, *_ = say(row["said"]).split("\n")
    _add(entry, "title", f"{row['id']}: {first}")
    _add(entry, "id", uuid5(_SPACE, "\n".join((title, *(say(row[key]) for key in _SAME)))).urn)
    _add(entry, "updated", _moment(say(row["day"])))
    ET.SubElement(entry, "category", {"term": say(row["review"])})
    _add(entry, "content", f"{row['said']}\n\n{row['wording']}").set("type", "text")


_SAME = ("id", "day", "commit", "field", "from", "to", "update")


def _moment(day: str) -> str:
    return f"{day}T00:00:00Z"


def _add(parent: ET.Element, name: str, text: str) -> ET.Element:
    added = ET.SubElement(parent, name)
    added.text = visible(text)
    return added
