"""A date at its own precision, as a record writes it: EDTF level 0 (ISO 8601-2), and what is no such date."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

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


def has_form(text: str) -> bool:
    """Tell whether a text is written as a date, be it one of the calendar or not."""
    return _DATES.fullmatch(text) is not None


def read_date(text: str) -> When:
    """Read a date or an interval that is written as one; raise NoDate where the calendar does not have it."""
    start, slash, end = text.partition("/")
    first, last = read_span(start)
    if slash:
        _, last = read_span(end)
        if last < first:
            problem = f'the interval "{text}" ends before it starts'
            raise NoDate(problem, "put the earlier date first")
    return When(first, last, text)


def read_span(text: str) -> tuple[date, date]:
    """Return the first and the last day that a year, a month or a day has; raise NoDate."""
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
