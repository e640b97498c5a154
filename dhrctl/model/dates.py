"""Days as precise as they were given: a year, a month, a day, or an interval of two of them."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from dhrctl.model.edtf import NoDate, When, has_form, read_date, read_span

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


@lru_cache(maxsize=4096)
def parse(text: str) -> When:
    """Read a date or an interval; raise NoDate."""
    if not has_form(text):
        raise _unread(text)
    return read_date(text)


def day(text: str) -> date:
    """Read a whole day, `YYYY-MM-DD`; raise NoDate."""
    if not _DAY.fullmatch(text):
        raise _unread(text, whole_day=True)
    return read_span(text)[0]


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
    from dhrctl.model.date_hints import explain_text  # noqa: PLC0415 - needed for mistakes alone

    return NoDate(*explain_text(text, whole_day=whole_day, needed=whole_day))
