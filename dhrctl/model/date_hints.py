"""What to write instead of a text that is no date: the date that it most likely means, or where its words belong."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from dhrctl.model.edtf import When
from dhrctl.model.printed_dates import CellReading, Doubt, PrintedDate, StandIn, read_cell
from dhrctl.model.printed_headings import Heading
from dhrctl.model.printed_status import Says, read_statuses
from dhrctl.text.english import long_day


class Hint(NamedTuple):
    """What is wrong with a text where a date belongs, and what to do."""

    problem: str
    fix: str


_LONGEST = 60


def explain_text(text: str, field: str = "", *, whole_day: bool = False, needed: bool = False) -> Hint:
    """Return what to say of a text that is no date.

    It stands in a field of a file, which may be `needed`; without one, it was typed.
    """
    flat = " ".join(text.split())
    said = f'"{flat[:_LONGEST]}…"' if len(flat) > _LONGEST + len('"…"') else f'"{flat}"'
    problem = f"{said} is not a {'day' if whole_day else 'date'}"
    reading = read_cell(text)
    if not reading.dates:
        instead = "" if needed or not field else _say_instead(reading.stand_in, text, field)
        return Hint(problem, instead or _usual(field, whole_day=whole_day))
    wrong = next((each for each in reading.dates if each.doubt is Doubt.NO_SUCH_DAY), None)
    if wrong:
        words = " ".join(wrong.text.split())
        return Hint(f'there is no such day as "{words}"', f"ask which day is meant, {_leave_out(field, needed=needed)}")
    if reading.span and not whole_day:
        return Hint(problem, f"write {_quote(reading.span, field)}")
    if len(reading.dates) > 1:
        return Hint(f"{said} gives {len(reading.dates)} dates", _write_last(reading, field, whole_day=whole_day))
    return Hint(problem, _write_one(reading, flat, field, whole_day=whole_day))


def _usual(field: str, *, whole_day: bool) -> str:
    if not field:
        forms = "YYYY-MM-DD, for example 2021-04-30" if whole_day else "2021, 2021-04, 2021-04-30 or 2021/2022"
        return f"write it as {forms}"
    forms = 'a whole day, for example "2021-04-30"' if whole_day else '"2021", "2021-04", "2021-04-30" or "2021/2022"'
    return f"write it in quotes as {forms}"


def _quote(when: object, field: str) -> str:
    """Return a date as it is to be written: in quotes in a file."""
    return f'"{when}"' if field else str(when)


def _leave_out(field: str, *, needed: bool) -> str:
    if needed:
        return "and write that"
    return "leave the field out until then, and keep the words in as_stated" if field else "and leave it out until then"


def _write_last(reading: CellReading, field: str, *, whole_day: bool) -> str:
    last = reading.dates[-1].when
    written = f", such as {_quote(last.last if whole_day else last, field)}" if last else ""
    return f"write the one that holds now{written}{_keeping(field, 'all the words', comma=bool(last))}"


def _keeping(field: str, words: str, *, comma: bool = True) -> str:
    return f"{',' if comma else ''} and keep {words} in as_stated" if field else ""


def _write_one(reading: CellReading, flat: str, field: str, *, whole_day: bool) -> str:
    (printed,) = reading.dates
    if printed.doubt is Doubt.NO_YEAR:
        return "write its year as well, for example 2021-04-30"
    if printed.doubt is Doubt.WHICH_QUARTER:
        calendar, financial = (_quote(when, field) for when in printed.meanings)
        return f"write {calendar} if the calendar's year is meant, or {financial} if the financial year is"
    (when, *_) = printed.meanings
    if whole_day and when.first != when.last:
        return f"write the whole day, for example {_quote(when.last, field)}"
    elsewhere = _write_elsewhere(reading, when, flat, field)
    if elsewhere:
        return elsewhere
    if flat == when.text:
        return "take out the spaces and the line ends around it"
    return f"write {_quote(when, field)}{_read_as(printed, when)}{'' if reading.plain else _keeping(field, 'the other words')}"


def _write_elsewhere(reading: CellReading, when: When, flat: str, field: str) -> str:
    """Return where a date belongs that is none of its field: a beginning, or a completion; nothing of any other."""
    if field == "target_date" and reading.stand_in is StandIn.ONGOING:
        return _say_instead(reading.stand_in, flat, field)
    says = _statuses(flat)
    if says and _DONE.issuperset(says) and field not in ("completion_date", ""):
        return f"leave it out, set the status to complete, and write {_quote(when, field)} as the completion_date"
    return ""


def _read_as(printed: PrintedDate, when: When) -> str:
    """Return how a date was read that could be read otherwise."""
    if printed.doubt is Doubt.DAY_FIRST:
        return f" (it was read as {long_day(when.first)}, the day first)"
    if printed.doubt is Doubt.MONTH_FIRST:
        return f" (it was read as {long_day(when.first)}, the month first)"
    if printed.doubt is Doubt.SERIAL:
        return f" (it was read as Excel's number for {long_day(when.first)})"
    if printed.doubt is Doubt.TWO_YEARS:
        return f" (it was read as the financial year, April {when.first.year} to March {when.last.year})"
    return ""


_DONE = frozenset({Says.COMPLETE, Says.CLOSED})


def _statuses(text: str) -> tuple[Says, ...]:
    return tuple([each.says for each in read_statuses(text, Heading.TARGET)])


_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11)}


def _example_of_season(text: str) -> str:
    """Return three months that a season may mean, in the year that the text gives."""
    year = re.search("[0-9]{4}", text)
    first, last = next((months for season, months in _SEASONS.items() if season in text.lower()), (3, 5))
    return "{0}-{1:02}/{0}-{2:02}".format(year.group() if year else 2025, first, last)


def _say_instead(stand_in: StandIn | None, text: str, field: str) -> str:
    """Return where the words belong that stand in place of a date; nothing where they are not understood."""
    if stand_in is StandIn.SEASON:
        return f'write the months that are meant, for example "{_example_of_season(text)}"'
    says = _statuses(text)
    if stand_in in (None, StandIn.DONE) and says and not _DONE.issuperset(says):
        instead, kept = "and give the status that they say", True
    elif stand_in:
        instead = _BY_FIELD.get((stand_in, field)) or _INSTEAD[stand_in]
        kept = stand_in in _KEPT
    else:
        return ""
    return f"leave the field out, {'keep the words in as_stated, ' if kept else ''}{instead}"


_KEPT = frozenset({StandIn.NOT_APPLICABLE, StandIn.NOT_KNOWN, StandIn.RELATIVE})
_INSTEAD: Mapping[StandIn, str] = {
    StandIn.ONGOING: (
        "set the status to in-progress, and give the day on which it is looked at next as the review_date"
    ),
    StandIn.DONE: "set the status to complete, and give the completion_date if it is known",
    StandIn.RECURRING: "and give the day on which it is looked at next as the review_date",
    StandIn.NOT_APPLICABLE: "and let the status say why there is no date",
    StandIn.NOT_KNOWN: "and ask the lead agency for a date",
    StandIn.RELATIVE: "and ask by which day that is",
}
_BY_FIELD: Mapping[tuple[StandIn, str], str] = {
    (StandIn.ONGOING, "completion_date"): "and set the status to in-progress",
    (StandIn.ONGOING, "review_date"): "or give the day on which it is looked at next",
    (StandIn.DONE, "completion_date"): "set the status to complete, and ask since which day it is",
    (StandIn.RECURRING, "review_date"): "or give the next day on which it is looked at",
}
