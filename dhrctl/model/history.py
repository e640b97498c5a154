"""The versions of a recommendation: how they differ, what explains it, how far a target slipped, and counts over time."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import Any

from dhrctl.model.edtf import When
from dhrctl.model.records import Recommendation, Status, Update
from dhrctl.model.status import due_day


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


def find_explanation(
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
class StatusPeriod:
    """A status, and the days from which and until which (not included) it held."""

    status: Status
    since: date
    until: date

    @property
    def days(self) -> int:
        """Return how long it held."""
        return (self.until - self.since).days


def list_status_periods(versions: Sequence[Version], day: date) -> list[StatusPeriod]:
    """Return the statuses that a recommendation went through by a day, oldest first."""
    found: list[StatusPeriod] = []
    known = [version for version in versions if version.day <= day and version.readable]
    for place, version in enumerate(known):
        until = known[place + 1].day if place + 1 < len(known) else day
        if version.record is None:
            continue
        if found and found[-1].status is version.record.status and found[-1].until == version.day:
            found[-1] = StatusPeriod(status=found[-1].status, since=found[-1].since, until=until)
        else:
            found.append(StatusPeriod(status=version.record.status, since=version.day, until=until))
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
