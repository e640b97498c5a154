"""What changed in a recommendation, and in a register, between two moments: pure functions of what stood then."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import Any

from dhrctl.model.dates import When
from dhrctl.model.records import Recommendation, Register, Status, Update
from dhrctl.model.status import Timeliness, current_leads, due_day, judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A recommendation as one commit left it; None where the commit took it away, or left what cannot be read."""

    day: date
    commit: str
    author: str
    record: Recommendation | None
    readable: bool = True


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


def explaining(
    difference: Difference, updates: Iterable[Update], day: date, earlier: Iterable[Version] = ()
) -> Update | None:
    """Return the newest update by a day that gives a field its new value, and not only to an earlier version."""
    name, new = difference.field, difference.new
    if name not in _BY_UPDATE or not new:
        return None
    known = [(version.day, getattr(version.record, name)) for version in earlier if version.record]
    since = max((then for (_, was), (then, became) in pairwise(known) if was == new != became), default=date.min)
    found = (each for each in updates if since <= each.date <= day and getattr(each, name) == new)
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
    known = [version for version in versions if version.day <= day and version.readable]
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
    committed = [(each.day, each.record.target_date) for each in versions if each.record and each.record.target_date]
    moved = committed[:1] + [new for old, new in pairwise(committed) if old[1] != new[1]]
    given = [(update.date, update.target_date) for update in record.updates if update.target_date]
    recorded = sorted((each for each in (*moved, *given) if each[0] <= day), key=itemgetter(0))
    targets = [target for _, target in recorded]
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
    """Yield everything that became of each recommendation, in the order of ids; one that was renumbered is the same.

    Of one that was there and cannot be read on one of the sides, nothing is known.
    """
    before = {record.id: record for record in old.register.recommendations}
    was = renumbered(before, {record.id: record for record in new.register.recommendations})
    left = {key: record for key, record in before.items() if key not in was.values()}
    unread = _unread(old.register) | _unread(new.register)
    for record in new.register.recommendations:
        earlier = before[was[record.id]] if record.id in was else left.pop(record.id, None)
        if earlier:
            yield from _happenings(earlier, record, old, new)
        elif record.path not in unread:
            yield Happening(kind=Kind.ADDED, record=record)
    for record in left.values():
        if record.path not in unread:
            yield Happening(kind=Kind.REMOVED, record=record)


def _unread(register: Register) -> frozenset[str]:
    """Return the paths of which there is no recommendation, as of a file that cannot be read."""
    return register.paths.difference(record.path for record in register.recommendations)


def renumbered(old: Mapping[str, Recommendation], new: Mapping[str, Recommendation]) -> dict[str, str]:
    """Return the keys whose recommendation had another key, told by the same wording: the old by the new."""
    gone = {_wording(record): key for key, record in old.items() if record.recommendation and _other(record, key, new)}
    if not gone:
        return {}
    come = {_wording(record): key for key, record in new.items() if _other(record, key, old)}
    return {key: gone[wording] for wording, key in come.items() if wording in gone}


def _other(record: Recommendation, key: str, others: Mapping[str, Recommendation]) -> bool:
    """Tell whether a key stands for another wording, or for nothing, among others."""
    return key not in others or _wording(others[key]) != _wording(record)


def _wording(record: Recommendation) -> str:
    return " ".join(record.recommendation.split()).casefold()


def _happenings(old: Recommendation, new: Recommendation, then: Moment, now: Moment) -> Iterator[Happening]:
    was = f"was {old.status.replace('-', ' ')}"
    if old.status is not Status.COMPLETE and new.status is Status.COMPLETE:
        yield Happening(kind=Kind.COMPLETED, record=new, said=was)
    if not old.status.is_open and new.status.is_open:
        yield Happening(kind=Kind.REOPENED, record=new, said=was)
    judged = judge(new, now.register, now.day)
    if judged.timeliness is not judge(old, then.register, then.day).timeliness:
        if judged.timeliness is Timeliness.OVERDUE:
            yield Happening(kind=Kind.NEWLY_OVERDUE, record=new, days=judged.days_overdue, said=f"was due {judged.due}")
        if judged.timeliness is Timeliness.DUE_SOON:
            yield Happening(kind=Kind.NEWLY_DUE, record=new, said=f"on {judged.due}")
    if old.target_date != new.target_date:
        yield _redated(old, new)
    yield from _led(old, new, then, now)
    if _wording(old) != _wording(new):
        yield Happening(kind=Kind.WORDING_CHANGED, record=new)
    known = {_name(update) for update in old.updates}
    for update in new.updates:
        if _name(update) not in known:
            yield Happening(kind=Kind.UPDATED, record=new, said=f"{now.register.label(update.agency)}, {update.date}")


def _name(update: Update) -> str:
    """Return the name of an update's file, which stays when the recommendation is renumbered."""
    return update.path.rpartition("/")[-1]


def _redated(old: Recommendation, new: Recommendation) -> Happening:
    was, is_now = old.target_date, new.target_date
    days = (is_now.last - was.last).days if was and is_now else None
    return Happening(kind=Kind.REDATED, record=new, days=days, said=f"{was or 'no date'} → {is_now or 'no date'}")


def _led(old: Recommendation, new: Recommendation, then: Moment, now: Moment) -> Iterator[Happening]:
    """Yield a change of the leads; where the new ones took over from the old, that is said."""
    was = current_leads(old.lead_agencies, then.register, then.day)
    leads = current_leads(new.lead_agencies, now.register, now.day)
    if was == leads and old.lead_agencies == new.lead_agencies:
        return
    heirs = current_leads(old.lead_agencies, now.register, now.day)
    handed = " (handed over)" if leads and leads == heirs else ""
    if was == leads:  # the file has caught up with who leads
        was, leads = old.lead_agencies, new.lead_agencies
    names = [", ".join(map(where.label, which)) for where, which in ((then.register, was), (now.register, leads))]
    yield Happening(kind=Kind.LEAD_CHANGED, record=new, said=f"{names[0] or 'nobody'} → {names[1] or 'nobody'}{handed}")


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

    for timeline in timelines:
        versions = [version for version in timeline if version.readable]
        starts = [bisect_left(days, version.day) for version in versions]
        for version, start, end in zip(versions, starts, [*starts, len(days)][1:], strict=True):
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
