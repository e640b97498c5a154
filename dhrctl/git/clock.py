"""The days of commits, where a clock was wrong: what a day counts as, so that one commit changes no other's."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSlip:
    """A commit whose day goes back behind an earlier commit's, or runs ahead of a later one's, and what it counts as."""

    name: str
    day: date
    counted: date


def settle_days(days: Sequence[date]) -> list[date]:
    """Return what each day along a line of history counts as, the oldest first.

    The longest run of days that never go back is kept; any other day counts as the nearest kept one before it,
    or after it where there is none before.
    """
    kept = _longest_run(days)
    settled, before = [], None
    for place, day in enumerate(days):
        before = day if place in kept else before
        settled.append(before)
    first = days[min(kept)] if kept else date.min
    return [day or first for day in settled]


def _longest_run(days: Sequence[date]) -> frozenset[int]:
    """Return the places of the longest run of days that never go back; of several, the one that ends the earliest."""
    ends: list[date] = []  # the last day of the best run of each length
    places: list[int] = []  # and its place
    before: list[int] = []  # for each place, the one before it in its run
    for place, day in enumerate(days):
        length = bisect_right(ends, day)
        before.append(places[length - 1] if length else -1)
        ends[length : length + 1] = [day]
        places[length : length + 1] = [place]
    kept = set()
    at = places[-1] if places else -1
    while at >= 0:
        kept.add(at)
        at = before[at]
    return frozenset(kept)
