"""An update that comes in: its file, and what it changes in the recommendation."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from dhrctl.edits.changeset import Changeset, build_edit, read_data, wrap_text
from dhrctl.errors import DhrError, FieldRefused
from dhrctl.files.tree import Edit, Tree
from dhrctl.model.paths import updates_folder
from dhrctl.model.records import Evidence, Recommendation, Status, Update

_UPDATED_FIELDS = ("status", "target_date", "completion_date", "assurance", "lead_agencies")


def build_updates(
    updates: Sequence[Update], records: Mapping[str, Recommendation], tree: Tree, *, repeat: bool = False
) -> Changeset:
    """Return the change that updates make, each with what it says of its recommendation; `path` is found for each.

    Raise FieldRefused where an agency said the same on that day already, unless it may `repeat` it.
    """
    effects: list[str] = []
    edits: list[Edit] = []
    for given in updates:
        record = records[given.id]
        if not repeat:
            _refuse_repeated(given, record)
        _refuse_overtaken(given, record)
        placed = replace(given, path=free_path(given.id, given.date, given.agency, tree))
        edits.append(build_edit(tree, placed.path, update_data(placed)))
        was = read_data(tree, record.path)
        now = _recommendation(was, placed)
        if now != was:
            edits.append(build_edit(tree, record.path, now))
        effects.append(f"{given.id}: {'; '.join(_describe_changes(was, now, placed))}")
    title = f"update {effects[0].partition(':')[0]}" if len(effects) == 1 else f"update {len(effects)} recommendations"
    return Changeset(title=title, effects=tuple(effects), edits=tuple(edits))


def _refuse_repeated(given: Update, record: Recommendation) -> None:
    """Refuse what the same agency said in the same words on the same day."""
    for update in record.updates:
        same = update.agency == given.agency and update.date == given.date
        if same and update.text.split() == given.text.split():
            problem = f"{given.id}: {update.path} is the same update, of the same agency, day and text"
            raise FieldRefused(problem, "add it once more", field="repeat")


def _refuse_overtaken(given: Update, record: Recommendation) -> None:
    """Refuse what a newer update has decided otherwise."""
    for key in _UPDATED_FIELDS:
        newer = [update for update in record.updates if update.date > given.date and getattr(update, key)]
        if newer and getattr(given, key) not in (None, (), getattr(newer[-1], key)):
            message = (
                f"{given.id}: the update of {newer[-1].date} gives another {key.replace('_', ' ')}, and is newer than "
                f"this one of {given.date}; leave that out here, or date this on the day on which it is given"
            )
            raise DhrError(message)


def free_path(identity: str, day: date, agency: str, tree: Tree) -> str:
    """Return the path of an update's file: the day and the agency, with a number from the second of a day on."""
    name = f"{updates_folder(identity)}/{day}-{agency}"
    path, count = f"{name}.yaml", 1
    while path in tree.contents:
        count += 1
        path = f"{name}-{count}.yaml"
    return path


def update_data(given: Update) -> dict[str, Any]:
    """Return an update as the data of its file."""
    fields: dict[str, Any] = {
        "date": given.date.isoformat(),
        "agency": given.agency,
        "by": given.by,
        "text": wrap_text(given.text),
        "status": given.status and str(given.status),
        "target_date": given.target_date and str(given.target_date),
        "completion_date": given.completion_date and str(given.completion_date),
        "assurance": given.assurance and str(given.assurance),
        "lead_agencies": list(given.lead_agencies),
        "reason": wrap_text(given.reason),
        "evidence": [_evidence(each) for each in given.evidence],
    }
    return {key: value for key, value in fields.items() if value}


def _evidence(given: Evidence) -> dict[str, str]:
    fields = {
        "kind": given.kind,
        "title": given.title,
        "date": str(given.date or ""),
        "held_by": given.held_by,
        "url": given.url,
    }
    return {key: value for key, value in fields.items() if value}


def _recommendation(was: Mapping[str, Any], given: Update) -> dict[str, Any]:
    """Return a recommendation's data with what an update says; what is reopened loses its completion date."""
    says = update_data(given)
    now = {**was, **{key: says[key] for key in _UPDATED_FIELDS if key in says}}
    if given.evidence:
        known = was.get("evidence", [])
        now["evidence"] = [*known, *(each for each in says["evidence"] if each not in known)]
    if given.status and given.status is not Status.COMPLETE and not given.completion_date:
        now.pop("completion_date", None)
    if now.get("assurance") == "none" and "assurance" not in was:
        del now["assurance"]
    return now


def _describe_changes(was: Mapping[str, Any], now: Mapping[str, Any], given: Update) -> Iterator[str]:
    """Yield what changes in a recommendation, in words."""
    yield f"update by {given.agency} of {given.date}"
    for key in _UPDATED_FIELDS:
        if was.get(key) != now.get(key):
            yield f"{key.replace('_', ' ')} {_format_field(was.get(key))} → {_format_field(now.get(key))}"
    for each in given.evidence:
        yield f"evidence: {each.kind}, {each.title}"


def _format_field(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "none" if value is None else str(value)


def parse_evidence(text: str, kinds: Sequence[str]) -> Evidence:
    """Read `kind:title` or `kind:title:url`; raise DhrError."""
    kind, colon, rest = text.partition(":")
    if not colon or not rest.strip():
        message = (
            f'"{text}" does not say what the evidence is; write it as kind:title, for example audit:Audit of records'
        )
        raise DhrError(message)
    title, *address = re.split(r":\s*(?=https?://)", rest, maxsplit=1)
    if kind.strip() not in kinds:
        message = f'"{kind}" is no kind of evidence; use one of {", ".join(kinds)}'
        raise DhrError(message)
    return Evidence(kind=kind.strip(), title=title.strip(), url="".join(address).strip())
