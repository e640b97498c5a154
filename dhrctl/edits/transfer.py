"""An agency's end and succession: its file, and a handover for each open recommendation that it leads."""

from collections.abc import Iterator
from datetime import date

from dhrctl.edits.changeset import Changeset, build_edit, read_data, wrap_text
from dhrctl.edits.update import build_updates
from dhrctl.errors import DhrError, Field, FieldRefused
from dhrctl.files.tree import Edit, Tree
from dhrctl.model.records import Agency, Recommendation, Register, Update


def build_transfer(  # noqa: PLR0913, PLR0917 - who, when, why, of what
    old: Agency, new: Agency, since: date, note: str, register: Register, tree: Tree, day: date
) -> Changeset:
    """Return the change by which one agency's work passes to another from a day on, recorded on `day`."""
    _refuse_impossible(old, new, since, day)
    records = {record.id: record for record in led_recommendations(old, register)}
    handover = f"{new.name} took over from {old.name} on {since}."
    updates = [
        Update(
            id=record.id,
            path="",
            date=day,
            agency=new.id,
            text=handover,
            lead_agencies=_replace_lead(record.lead_agencies, old.id, new.id),
            reason=note or f"{old.name} ended on {since}.",
        )
        for record in records.values()
    ]
    handed = build_updates(updates, records, tree)
    ended = f"{old.id}: ended {since}; succeeded by {new.id}"
    return Changeset(
        title=f"transfer {old.id} to {new.id}",
        effects=(ended, *handed.effects),
        edits=(*_agency_edit(old, new, since, note, tree), *handed.edits),
    )


def led_recommendations(agency: Agency, register: Register) -> Iterator[Recommendation]:
    """Yield the open recommendations that an agency leads."""
    for record in register.recommendations:
        if record.status.is_open and agency.id in record.lead_agencies:
            yield record


def _refuse_impossible(old: Agency, new: Agency, since: date, day: date) -> None:
    """Refuse a transfer that would not end with an agency in office on the day."""
    if since > day:
        message = f"{since} is still to come, and until then {old.id} leads; run this on that day, or after it"
        raise DhrError(message)
    if old.id == new.id:
        message = f"{old.id} cannot take over from itself; name another agency"
        raise DhrError(message)
    if new.ended is not None:
        message = f"{new.id} has ended itself, on {new.ended}; name the agency that took over from it"
        raise DhrError(message)
    if old.ended is not None and old.ended != since:
        problem = f"{old.id} ended on {old.ended}, as its file says"
        fix = ("use ", Field("ended"), f" {old.ended}, or correct the file first")
        raise FieldRefused(problem, fix, field="ended")


def _replace_lead(leads: tuple[str, ...], old: str, new: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(new if lead == old else lead for lead in leads))


def _agency_edit(old: Agency, new: Agency, since: date, note: str, tree: Tree) -> Iterator[Edit]:
    """Yield the edit of the agency that ends, unless its file says so already."""
    was = read_data(tree, old.path)
    now = {**was, "ended": since.isoformat()}
    if new.id not in [successor.agency for successor in old.successors]:
        successor = {"agency": new.id, "from": since.isoformat(), **({"note": wrap_text(note)} if note else {})}
        now["successors"] = [*was.get("successors", []), successor]
    if now != was:
        yield build_edit(tree, old.path, now)
