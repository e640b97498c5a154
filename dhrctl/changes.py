"""What changed in a recommendation, and in a register, between two moments: pure functions of what stood then."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import Any

from dhrctl.model import Recommendation, Register, Status, Update
from dhrctl.progress import Timeliness, current_leads, due_day, judge
from dhrctl.when import When


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A recommendation as one commit left it; None where the commit took it away."""

    day: date
    commit: str
    author: str
    record: Recommendation | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field that a change gave another value, each as in the model."""

    field: str
    old: Any
    new: Any


_OWN = frozenset({"id", "review", "number", "path", "updates"})
FIELDS = tuple(field.name for field in fields(Recommendation) if field.name not in _OWN)


def differences(old: Recommendation, new: Recommendation) -> Iterator[Difference]:
    """Yield each field of a recommendation that is not as it was; its place and its updates are not looked at."""
    for name in FIELDS:
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            yield Difference(field=name, old=was, new=now)


def explaining(difference: Difference, updates: Iterable[Update], day: date) -> Update | None:
    """Return the newest update by a day that gives a field its new value."""
    known = difference.field in _BY_UPDATE
    found = (
        each for each in updates if known and each.date <= day and getattr(each, difference.field) == difference.new
    )
    return max(found, key=lambda update: update.date, default=None)


_BY_UPDATE = frozenset({"status", "target_date", "completion_date", "assurance", "lead_agencies"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A status, and the days from which and until which (not included) it held."""

    status: Status
    since: date
    until: date

    @property
    def days(self) -> int:
        """Return how long it held."""
        return (self.until - self.since).days


def stays(versions: Sequence[Version], day: date) -> list[Stay]:
    """Return the statuses that a recommendation went through by a day, oldest first."""
    found: list[Stay] = []
    known = [version for version in versions if version.day <= day]
    for place, version in enumerate(known):
        until = known[place + 1].day if place + 1 < len(known) else day
        if version.record is None:
            continue
        if found and found[-1].status is version.record.status and found[-1].until == version.day:
            found[-1] = Stay(status=found[-1].status, since=found[-1].since, until=until)
        else:
            found.append(Stay(status=version.record.status, since=version.day, until=until))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """How far a target moved: the first that was recorded, the one that holds, and how often it was another."""

    first: When | None
    now: When | None
    redatings: int

    @property
    def days(self) -> int | None:
        """Return the days from the first target to the one that holds; None where either is not known."""
        return (self.now.last - self.first.last).days if self.first and self.now else None


def slip(record: Recommendation, versions: Iterable[Version], day: date) -> Slip:
    """Return how far the target of a recommendation moved by a day, by what was committed and by its updates."""
    given = [(update.date, 0, update.target_date) for update in record.updates if update.target_date]
    committed = [(each.day, 1, each.record.target_date) for each in versions if each.record and each.record.target_date]
    recorded = sorted((each for each in (*given, *committed) if each[0] <= day), key=lambda each: each[:2])
    targets = [target for _, _, target in recorded if target]
    targets += [record.target_date] if record.target_date else []
    moves = sum(old != new for old, new in pairwise(targets))
    return Slip(first=targets[0] if targets else None, now=record.target_date, redatings=moves)


class Kind(StrEnum):
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
class Happening:
    """One thing that became of a recommendation: the days where it has some, and in words."""

    kind: Kind
    record: Recommendation
    days: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A register, and the day on which it is looked at."""

    register: Register
    day: date


def between(old: Moment, new: Moment) -> Iterator[Happening]:
    """Yield everything that became of each recommendation, in the order of ids; one that was renumbered is the same."""
    before = {record.id: record for record in old.register.recommendations}
    was = renumbered(before, {record.id: record for record in new.register.recommendations})
    for record in new.register.recommendations:
        earlier = before.pop(was.get(record.id, record.id), None)
        if earlier is None:
            yield Happening(kind=Kind.ADDED, record=record)
        else:
            yield from _happenings(earlier, record, old, new)
    for record in before.values():
        yield Happening(kind=Kind.REMOVED, record=record)


def renumbered(old: Mapping[str, Recommendation], new: Mapping[str, Recommendation]) -> dict[str, str]:
    """Return the ids that stand for what had another id: the new by the old, told by the same wording."""
    gone = {_wording(record): record.id for record in old.values() if record.id not in new and record.recommendation}
    come = (record for record in new.values() if record.id not in old)
    return {record.id: gone[_wording(record)] for record in come if _wording(record) in gone}


def _wording(record: Recommendation) -> str:
    return " ".join(record.recommendation.split()).casefold()


def _happenings(old: Recommendation, new: Recommendation, then: Moment, now: Moment) -> Iterator[Happening]:
    if old.status is not Status.COMPLETE and new.status is Status.COMPLETE:
        yield Happening(kind=Kind.COMPLETED, record=new, said=f"was {old.status}")
    if not old.status.is_open and new.status.is_open:
        yield Happening(kind=Kind.REOPENED, record=new, said=f"was {old.status}")
    timely = {judge(old, then.register, then.day).timeliness: 0}
    judged = judge(new, now.register, now.day)
    if judged.timeliness is Timeliness.OVERDUE and Timeliness.OVERDUE not in timely:
        yield Happening(kind=Kind.NEWLY_OVERDUE, record=new, days=judged.days_overdue, said=f"was due {due_day(new)}")
    if judged.timeliness is Timeliness.DUE_SOON and Timeliness.DUE_SOON not in timely:
        yield Happening(kind=Kind.NEWLY_DUE, record=new, said=f"due {due_day(new)}")
    if old.target_date != new.target_date and (old.target_date or new.target_date):
        yield _redated(old, new)
    yield from _led(old, new, then, now)
    if _wording(old) != _wording(new):
        yield Happening(kind=Kind.WORDING_CHANGED, record=new)
    known = {update.path.rsplit("/", 1)[-1] for update in old.updates}
    given = [update for update in new.updates if update.path.rsplit("/", 1)[-1] not in known]
    for update in given:
        yield Happening(kind=Kind.UPDATED, record=new, said=f"{now.register.label(update.agency)}, {update.date}")


def _redated(old: Recommendation, new: Recommendation) -> Happening:
    was, is_now = old.target_date, new.target_date
    days = (is_now.last - was.last).days if was and is_now else None
    return Happening(kind=Kind.REDATED, record=new, days=days, said=f"{was or 'no date'} → {is_now or 'no date'}")


def _led(old: Recommendation, new: Recommendation, then: Moment, now: Moment) -> Iterator[Happening]:
    """Yield a change of the leads; where they are the ones that took over, the work was handed over."""
    was = current_leads(old.lead_agencies, then.register, then.day)
    leads = current_leads(new.lead_agencies, now.register, now.day)
    if was == leads and old.lead_agencies == new.lead_agencies:
        return
    heirs = current_leads(old.lead_agencies, now.register, now.day)
    names = [", ".join(map(where.label, which)) for where, which in ((then.register, was), (now.register, leads))]
    handed = "handed over: " if heirs == leads else ""
    yield Happening(kind=Kind.LEAD_CHANGED, record=new, said=f"{handed}{names[0] or 'nobody'} → {names[1] or 'nobody'}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many recommendations stood where at the end of a day."""

    day: date
    open: int
    overdue: int
    complete: int
    undated: int


def counts(timelines: Iterable[Sequence[Version]], days: Sequence[date]) -> list[Count]:
    """Count, for each of some days in their order, what every recommendation was at its end."""
    steps = {name: [0] * (len(days) + 1) for name in ("open", "overdue", "complete", "undated")}

    def holds(name: str, start: int, end: int) -> None:
        if start < end:
            steps[name][start] += 1
            steps[name][end] -= 1

    for versions in timelines:
        starts = [bisect_left(days, version.day) for version in versions]
        for version, start, end in zip(versions, starts, [*starts[1:], len(days)], strict=True):
            record = version.record
            if record and record.status.is_open:
                due = due_day(record)
                holds("open", start, end)
                holds("overdue", max(start, bisect_right(days, due)) if due else end, end)
                holds("undated", end if due else start, end)
            elif record and record.status is Status.COMPLETE:
                holds("complete", start, end)
    totals = {name: list(accumulate(changes)) for name, changes in steps.items()}
    return [Count(day=day, **{name: found[place] for name, found in totals.items()}) for place, day in enumerate(days)]
