"""Days as precise as they were given: a year, a month, a day, or an interval of two of them."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_DATES = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}(?:/[0-9]{4}(?:-[0-9]{2}){0,2})?")


@dataclass(frozen=True, slots=True, order=True)
class When:
    """A date at its own precision: `first` and `last` day that it can mean, and the text it was given as.

    The text is EDTF level 0 (ISO 8601-2): `2021`, `2021-04`, `2021-04-30` or `2019/2020`.
    """

    first: date
    last: date
    text: str

    def __str__(self) -> str:
        """Return the date as it was given."""
        return self.text

    def lies_in(self, other: "When") -> bool:
        """Tell whether it means no day that another does not, so that it is the same or more precise."""
        return other.first <= self.first and self.last <= other.last


class NoDate(ValueError):
    """A text that is no date: what is wrong with it, and what to do; as text, the sentence for people."""

    def __init__(self, problem: str, fix: str) -> None:
        """Keep them."""
        super().__init__(f"{problem}; {fix}")
        self.problem = problem
        self.fix = fix


@lru_cache(maxsize=4096)
def parse(text: str) -> When:
    """Read a date or an interval; raise NoDate."""
    if not has_form(text):
        raise _unread(text)
    start, slash, end = text.partition("/")
    first, last = _span(start)
    if slash:
        _, last = _span(end)
        if last < first:
            problem = f'the interval "{text}" ends before it starts'
            raise NoDate(problem, "put the earlier date first")
    return When(first, last, text)


def has_form(text: str) -> bool:
    """Tell whether a text is written as a date, be it one of the calendar or not."""
    return _DATES.fullmatch(text) is not None


def day(text: str) -> date:
    """Read a whole day, `YYYY-MM-DD`; raise NoDate."""
    if not _DAY.fullmatch(text):
        raise _unread(text, whole_day=True)
    return _span(text)[0]


def coarsen_to_month(given: When) -> When:
    """Return a date no more precisely than by the month."""
    return parse("/".join(part[: len("YYYY-MM")] for part in given.text.split("/")))


def add_days(start: date, days: int) -> date:
    """Return a day some days later, at the latest the last of the calendar."""
    return start + timedelta(days=min(days, (date.max - start).days))


def add_months(start: date, months: int) -> date:
    """Return the same day some months later (or earlier), or the last day of that month where it is shorter.

    The calendar reaches from 0001-01-01 to 9999-12-31.
    """
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    if not date.min.year <= year <= date.max.year:
        return date.max if months > 0 else date.min
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


_SPAN = re.compile("([0-9]+)([dwm])")


def end_of_span(text: str, start: date) -> date:
    """Return the day some days, weeks or months after another, given as `30d`, `6w` or `3m`; raise ValueError."""
    match = _SPAN.fullmatch(text)
    if match is None:
        message = f'"{text}" is not a span; write it as 30d, 6w or 3m'
        raise ValueError(message)
    if len(match[1]) > len("9999"):
        message = f"{text[:20]} is too long a span; write a number of at most 9999"
        raise ValueError(message)
    count, unit = int(match[1]), match[2]
    return add_months(start, count) if unit == "m" else add_days(start, count if unit == "d" else 7 * count)


def period_ends(start: date, day: date, months: int) -> Iterator[date]:
    """Yield the last day of each month or quarter from a day on that is over by another."""
    year, month = start.year, -(-start.month // months) * months
    while year <= date.max.year and (end := date(year, month, monthrange(year, month)[1])) <= day:
        yield end
        year, month = (year, month + months) if month + months <= 12 else (year + 1, month + months - 12)


def _unread(text: str, *, whole_day: bool = False) -> NoDate:
    """Return what to say of a text in another form, with the date that it most likely means."""
    from dhrctl.model.date_hints import explain_text  # noqa: PLC0415 - it asks here, and is needed for mistakes alone

    return NoDate(*explain_text(text, whole_day=whole_day, needed=whole_day))


def _span(text: str) -> tuple[date, date]:
    year, month, of_month = _DATE.fullmatch(text).groups()  # type: ignore[union-attr]  # a part of what has the form
    try:
        if of_month is not None:
            first = last = date(int(year), int(month), int(of_month))
        elif month is not None:
            first = date(int(year), int(month), 1)
            last = first.replace(day=monthrange(first.year, first.month)[1])
        else:
            first, last = date(int(year), 1, 1), date(int(year), 12, 31)
    except ValueError:
        problem = f'"{text}" is not in the calendar'
        raise NoDate(problem, "correct the month or the day") from None
    return first, last
