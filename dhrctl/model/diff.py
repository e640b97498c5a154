"""What became of a register between two moments: pure functions of what stood at each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dhrctl.model import identity
from dhrctl.model.records import Recommendation, Register, Status, Update
from dhrctl.model.status import Timeliness, current_leads, judge_record


class EventKind(StrEnum):
    """What became of a recommendation between two days."""

    ADDED = "added"
    REMOVED = "removed"
    COMPLETED = "completed"
    REOPENED = "reopened"
    NEWLY_OVERDUE = "newly-overdue"
    NEWLY_DUE = "newly-due"
    REDATED = "re-dated"
    LEAD_CHANGED = "lead-changed"
    WORDING_CHANGED = "wording-changed"
    UPDATED = "updated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that became of a recommendation: the days where it has some, and the detail in words."""

    kind: EventKind
    record: Recommendation
    days: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A register, and the day on which it is looked at."""

    register: Register
    day: date


def compare_snapshots(
    old: Snapshot, new: Snapshot, renames: Mapping[str, str] = identity.NO_RENAMES
) -> Iterator[Event]:
    """Yield everything that became of each recommendation, in the order of ids; one that was renumbered is the same.

    `renames` is as in `identity.match_records`. Of one that was there and cannot be read on one of the sides,
    nothing is known.
    """
    before, after = identity.records_by_path(old.register), identity.records_by_path(new.register)
    was = identity.match_records(before, after, renames)
    for record in new.register.recommendations:
        if record.path not in was:
            yield Event(kind=EventKind.ADDED, record=record)
        elif earlier := before[was[record.path]]:
            yield from _compare_records(earlier, record, old, new)
    still = set(was.values())
    for record in old.register.recommendations:
        if record.path not in still:
            yield Event(kind=EventKind.REMOVED, record=record)


def _compare_records(old: Recommendation, new: Recommendation, then: Snapshot, now: Snapshot) -> Iterator[Event]:
    was = f"was {old.status.replace('-', ' ')}"
    if old.status is not Status.COMPLETE and new.status is Status.COMPLETE:
        yield Event(kind=EventKind.COMPLETED, record=new, detail=was)
    if not old.status.is_open and new.status.is_open:
        yield Event(kind=EventKind.REOPENED, record=new, detail=was)
    judged = judge_record(new, now.register, now.day)
    if judged.timeliness is not judge_record(old, then.register, then.day).timeliness:
        if judged.timeliness is Timeliness.OVERDUE:
            yield Event(
                kind=EventKind.NEWLY_OVERDUE, record=new, days=judged.days_overdue, detail=f"was due {judged.due}"
            )
        if judged.timeliness is Timeliness.DUE_SOON:
            yield Event(kind=EventKind.NEWLY_DUE, record=new, detail=f"on {judged.due}")
    if old.target_date != new.target_date:
        yield _compare_targets(old, new)
    yield from _compare_leads(old, new, then, now)
    if identity.normal_wording(old) != identity.normal_wording(new):
        yield Event(kind=EventKind.WORDING_CHANGED, record=new)
    known = {_file_name(update) for update in old.updates}
    for update in new.updates:
        if _file_name(update) not in known:
            yield Event(
                kind=EventKind.UPDATED, record=new, detail=f"{now.register.label(update.agency)}, {update.date}"
            )


def _file_name(update: Update) -> str:
    """Return the name of an update's file, which stays when the recommendation is renumbered."""
    return update.path.rpartition("/")[-1]


def _compare_targets(old: Recommendation, new: Recommendation) -> Event:
    was, is_now = old.target_date, new.target_date
    days = (is_now.last - was.last).days if was and is_now else None
    return Event(kind=EventKind.REDATED, record=new, days=days, detail=f"{was or 'no date'} → {is_now or 'no date'}")


def _compare_leads(old: Recommendation, new: Recommendation, then: Snapshot, now: Snapshot) -> Iterator[Event]:
    """Yield a change of the leads; where the new ones took over from the old, the detail says so."""
    was = current_leads(old.lead_agencies, then.register, then.day)
    leads = current_leads(new.lead_agencies, now.register, now.day)
    if was == leads and old.lead_agencies == new.lead_agencies:
        return
    heirs = current_leads(old.lead_agencies, now.register, now.day)
    handed = " (handed over)" if leads and leads == heirs else ""
    if was == leads:  # the file has caught up with who leads
        was, leads = old.lead_agencies, new.lead_agencies
    names = [", ".join(map(where.label, which)) for where, which in ((then.register, was), (now.register, leads))]
    yield Event(
        kind=EventKind.LEAD_CHANGED, record=new, detail=f"{names[0] or 'nobody'} → {names[1] or 'nobody'}{handed}"
    )
