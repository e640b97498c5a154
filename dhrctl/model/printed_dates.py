"""Dates as plans print them: a cell's words to the dates that they most likely mean.

Day first, always; a year of two digits is 20xx; a financial year begins in April. The hints of `check`, the
rules that hold a record against its source, and whatever takes a plan over all ask here.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache, partial

from dhrctl.model.edtf import NoDate, When, read_date
from dhrctl.text.alike import comparable_text, plain_signs


class Doubt(StrEnum):
    """Why a printed date is not simply what it says."""

    NONE = ""
    DAY_FIRST = "day-first"  # 03/04/2024: could be read month first
    MONTH_FIRST = "month-first"  # 03/31/2024: can be read month first alone
    TWO_YEARS = "two-years"  # 2024/25: a financial year, most likely
    SERIAL = "serial"  # 45382: how Excel counts days
    WEEK = "week"  # w/c 4 March 2024
    NO_SUCH_DAY = "no-such-day"  # 31 September 2024
    NO_YEAR = "no-year"  # 31 March
    WHICH_QUARTER = "which-quarter"  # Q3 2024: of the calendar's year or of the financial one


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedDate:
    """A date as it stands in a text, from `start` to `end`, and what it may mean, the most likely first.

    `meanings` is empty where it means no date of the calendar, or lacks its year; `doubt` says why. Of a quarter
    of which nothing says what its year is, neither meaning is the likelier one.
    """

    start: int
    end: int
    text: str
    meanings: tuple[When, ...] = ()
    doubt: Doubt = Doubt.NONE

    @property
    def when(self) -> When | None:
        """Return what it most likely means, if that can be said."""
        return self.meanings[0] if self.meanings and self.doubt is not Doubt.WHICH_QUARTER else None


class _Unread(Exception):
    """What looked like a date, and is none."""


Parts = Mapping[str, str]
Meanings = tuple[tuple[When, ...], Doubt]
Form = tuple[re.Pattern[str], Callable[[Parts], Meanings]]


def _year(text: str) -> int:
    return int(text) if len(text) == len("2024") else 2000 + int(text)


def _date(*parts: int) -> tuple[When, ...]:
    """Return the date of a year, a month and a day, or of the first two; nothing where the calendar has none."""
    year, *others = parts
    try:
        return (read_date("-".join((f"{year:04}", *(f"{part:02}" for part in others)))),)
    except NoDate:
        return ()


def _of_the_calendar(when: tuple[When, ...], doubt: Doubt = Doubt.NONE) -> Meanings:
    return (when, doubt) if when else ((), Doubt.NO_SUCH_DAY)


def _read_year_first(part: Parts) -> Meanings:
    return _of_the_calendar(_date(_year(part["year"]), int(part["number"]), int(part["day"])))


def _read_figures(part: Parts) -> Meanings:
    """Read `31/03/2024`: the day first, unless there is no such month."""
    first, second, year = int(part["day"]), int(part["number"]), _year(part["year"])
    when, other = _date(year, second, first), _date(year, first, second)
    if other and not when and second > len(_MONTHS_IN_A_YEAR):
        return other, Doubt.MONTH_FIRST
    if when and other and when != other:
        return (*when, *other), Doubt.DAY_FIRST
    return _of_the_calendar(when)


def _read_words(part: Parts) -> Meanings:
    return _of_the_calendar(_date(_year(part["year"]), _MONTHS[part["month"].lower()], int(part["day"])))


def _interval(start: tuple[When, ...], end: tuple[When, ...]) -> Meanings:
    """Return what lies from one date to another; raise _Unread where it is none."""
    if not start or not end or end[0].last <= start[0].last:
        raise _Unread
    return (read_date(f"{start[0]}/{end[0]}"),), Doubt.NONE


def _read_days(part: Parts) -> Meanings:
    year, month = _year(part["year"]), _MONTHS[part["month"].lower()]
    return _interval(_date(year, month, int(part["from"])), _date(year, month, int(part["day"])))


def _read_months(part: Parts) -> Meanings:
    year = _year(part["year"])
    return _interval(_date(year, _MONTHS[part["from"].lower()]), _date(year, _MONTHS[part["month"].lower()]))


def _read_week(part: Parts) -> Meanings:
    """Read the day that a week begins (`w/c`) or ends with (`w/e`)."""
    read = _read_words if "month" in part else _read_figures
    meanings, _ = read(part)
    if not meanings:
        return (), Doubt.NO_SUCH_DAY
    day = meanings[0].first
    if not 1900 < day.year < 2200:
        raise _Unread
    start = day - timedelta(days=6) if "end" in part["week"].lower() or part["week"][-1] in "eE" else day
    return (read_date(f"{start}/{start + timedelta(days=6)}"),), Doubt.WEEK


def _read_month(part: Parts) -> Meanings:
    return _date(_year(part["year"]), _MONTHS[part["month"].lower()]), Doubt.NONE


def _read_month_in_figures(part: Parts) -> Meanings:
    return _of_the_calendar(_date(int(part["year"]), int(part["number"])))


def _first_of_two(part: Parts) -> int:
    """Return the first of two years that follow each other, as 2024/25 does; raise _Unread."""
    first, second = _year(part["one"]), part["two"]
    follows = int(second) == first + 1 if len(second) == len("2024") else int(second) == (first + 1) % 100
    if not follows or not 1900 < first < 2200 or (len(part["one"]) == len("24") and len(second) > len("25")):
        raise _Unread
    return first


def _read_two_years(part: Parts) -> Meanings:
    first = _first_of_two(part)
    financial, calendar = read_date(f"{first}-04/{first + 1}-03"), read_date(f"{first}/{first + 1}")
    if part["named"]:
        return (financial,), Doubt.NONE
    month = _date(first, int(part["two"])) if len(part["one"]) > len(part["two"]) else ()  # 2011-12, by ISO 8601
    return (financial, calendar, *month), Doubt.TWO_YEARS


def _months(year: int, month: int) -> When:
    return read_date(f"{year}-{month:02}/{year}-{month + 2:02}")


def _quarter_number(part: Parts) -> int:
    return int(part["quarter"]) if part["quarter"] else _NTH[part["nth"].lower()]


def _financial_quarter(year: int, number: int) -> When:
    return _months(year + number // 4, 3 * (number % 4) + 1)


def _read_quarter(part: Parts) -> Meanings:
    return (_financial_quarter(_first_of_two(part), _quarter_number(part)),), Doubt.NONE


def _read_quarter_of_one_year(part: Parts) -> Meanings:
    number, year = _quarter_number(part), int(part["year"])
    if not 1900 < year < 2200:
        raise _Unread
    return (_months(year, 3 * number - 2), _financial_quarter(year, number)), Doubt.WHICH_QUARTER


def _read_month_without_year(_: Parts) -> Meanings:
    return (), Doubt.NO_YEAR


def _read_day_without_year(part: Parts) -> Meanings:
    of_leap_year = _date(2024, _MONTHS[part["month"].lower()], int(part["day"]))
    return (), Doubt.NO_YEAR if of_leap_year else Doubt.NO_SUCH_DAY


def _read_year(part: Parts) -> Meanings:
    return _of_the_calendar(_date(int(part["year"])))


def _read_serial(part: Parts) -> Meanings:
    number = int(part["serial"])
    if not 20_000 <= number <= 60_000:
        raise _Unread
    day = date(1899, 12, 30) + timedelta(days=number)
    return (read_date(day.isoformat()),), Doubt.SERIAL


_MONTHS_IN_A_YEAR = (
    ("january", "jan"),
    ("february", "feb", "febuary"),
    ("march", "mar"),
    ("april", "apr"),
    ("may",),
    ("june", "jun"),
    ("july", "jul"),
    ("august", "aug"),
    ("september", "sept", "sep"),
    ("october", "oct"),
    ("november", "nov"),
    ("december", "dec"),
)
_MONTHS = {name: number for number, names in enumerate(_MONTHS_IN_A_YEAR, start=1) for name in names}
_NTH = {"1st": 1, "first": 1, "2nd": 2, "second": 2, "3rd": 3, "third": 3, "4th": 4, "fourth": 4, "last": 4}

_ALONE = r"(?<![0-9A-Za-z])(?<![0-9][/.-])"
_ENDS = r"(?![0-9])(?![/.-][0-9])"
_MONTH_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_MONTH = rf"(?P<month>{_MONTH_NAMES})(?![a-z])\.?"
_DAY = r"(?<![0-9])(?<![0-9][/.-])(?P<day>[0-9]{1,2})[ ]?(?:st|nd|rd|th)?(?![0-9])"
_LONG_YEAR = r"(?P<year>[0-9]{4})(?![0-9])"
_YEAR = r"'?(?<![0-9])(?P<year>[0-9]{4}|[0-9]{2})(?![0-9])"
_YEARS = r"(?<![0-9])(?P<one>[0-9]{4}|[0-9]{2})[ ]?[/-][ ]?(?P<two>[0-9]{4}|[0-9]{2})(?![0-9])"
_GAP = r"[ \n./,-]{0,3}"
_TIME = r"(?:[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]{1,6})?Z?)?"
_NTH_QUARTER = rf"(?P<nth>{'|'.join(_NTH)})[ ](?:quarter|qtr)"
_QUARTER = rf"(?:(?:q|quarter|qtr)[ .]?(?P<quarter>[1-4])|{_NTH_QUARTER})"
_OF_YEAR = r"[ ,/-]{0,3}(?:of |in )?(?:the )?(?:fy ?|financial year )?"
_WEEK = r"(?P<week>w/?[ceb]|week commencing|week beginning|week ending)[ .:]{1,2}(?:the )?"
_FIGURES = (
    r"(?P<day>[0-9]{1,2})[ ]?(?P<sign>[-/.])[ \n]?(?P<number>[0-9]{1,2})[ ]?(?P=sign)[ \n]?"
    rf"(?P<year>[0-9]{{4}}|[0-9]{{2}}){_TIME}{_ENDS}"
)
_DAY_OF_MONTH = rf"{_DAY}(?:[ \n/,-]{{0,3}}|\.)(?:day )?(?:of )?{_MONTH}"
_WORDS = rf"{_DAY_OF_MONTH}{_GAP}{_YEAR}{_TIME}"
_LATER_DAY = _WORDS.removeprefix(r"(?<![0-9])(?<![0-9][/.-])")
_CENTURIES = r"(?P<year>(?:19|20|21)[0-9]{2})"


def _compiled(*forms: tuple[str, Callable[[Parts], Meanings]]) -> tuple[Form, ...]:
    return tuple([(re.compile(pattern, re.IGNORECASE), read) for pattern, read in forms])


_IN_TEXT = _compiled(
    (rf"{_ALONE}{_QUARTER}{_OF_YEAR}{_YEARS}", _read_quarter),
    (rf"{_ALONE}(?:fy ?|financial year )?{_YEARS}[ ,/-]{{0,3}}{_QUARTER}", _read_quarter),
    (
        rf"{_ALONE}(?P<year>[0-9]{{4}})(?P<sign>[-/.])(?P<number>[0-9]{{1,2}})(?P=sign)(?P<day>[0-9]{{1,2}}){_TIME}{_ENDS}",
        _read_year_first,
    ),
    (rf"{_ALONE}{_WEEK}{_FIGURES}", _read_week),
    (rf"{_ALONE}{_WEEK}{_WORDS}", _read_week),
    (rf"{_ALONE}{_FIGURES}", _read_figures),
    (rf"(?<![0-9])(?P<from>[0-9]{{1,2}})(?:st|nd|rd|th)?[ ]?(?:-|to)[ ]?{_LATER_DAY}", _read_days),
    (_WORDS, _read_words),
    (rf"(?<![a-z]){_MONTH}[ ]?{_DAY}[, ]{{1,2}}{_LONG_YEAR}", _read_words),
    (rf"(?<![a-z])(?P<from>{_MONTH_NAMES})[ ]?(?:-|/|to|and)[ ]?{_MONTH}{_GAP}{_YEAR}", _read_months),
    (rf"(?<![a-z]){_MONTH}{_GAP}(?:of )?{_YEAR}(?!st|nd|rd|th)", _read_month),
    (rf"{_ALONE}(?P<named>f/?y ?|financial year:? )?{_YEARS}{_ENDS}", _read_two_years),
    (rf"{_ALONE}{_QUARTER}{_OF_YEAR}{_LONG_YEAR}{_ENDS}", _read_quarter_of_one_year),
    (rf"{_ALONE}{_LONG_YEAR}[ ,/-]{{0,3}}{_QUARTER}", _read_quarter_of_one_year),
    (rf"{_ALONE}(?P<number>[0-9]{{1,2}})[ ]?[/.-][ ]?(?P<year>[0-9]{{4}}){_ENDS}", _read_month_in_figures),
    (rf"{_ALONE}{_CENTURIES}[-/.](?P<number>[0-9]{{1,2}}){_ENDS}", _read_month_in_figures),
)
# What is a date only where nothing else stands in the cell: in a sentence it may count anything.
_BY_ITSELF = _compiled(
    (rf"{_ALONE}{_CENTURIES}(?P<number>[0-9]{{2}})(?P<day>[0-9]{{2}}){_ENDS}", _read_year_first),
    (rf"{_ALONE}(?P<serial>[0-9]{{5}})(?:\.0)?(?![0-9.])", _read_serial),
    (rf"{_ALONE}{_CENTURIES}{_ENDS}", _read_year),
    (_DAY_OF_MONTH, _read_day_without_year),
    (rf"(?<![a-z]){_MONTH}[ ]?{_DAY}", _read_day_without_year),
    (rf"(?<![a-z]){_MONTH}", _read_month_without_year),
)
_FIGURE = re.compile("[0-9]")
_LONGEST_CELL = 10_000
_SHORT_CELL = 200  # more is not a date and nothing else
# After `Mar 22` a word may follow that says what was done, and few others: "March 22 staff were trained" has no date.
_GOES_ON = re.compile(
    r"[ ]{1,3}(?!(?:and|or|to|until|at|for|on|in|but|then|now|was|is|has|revised|extended|moved|review|complete|completed"
    r"|implemented|achieved|done|ongoing|onwards|in progress|due|new|deadline|target|q[1-4])\b)[a-z]",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def find_dates(cell: str) -> tuple[PrintedDate, ...]:
    """Return every date that is printed in a cell, in order, also those that the calendar does not have.

    A number by itself, a year by itself and a day without its year are none here: see `read_cell`.
    """
    text = plain_signs(cell[:_LONGEST_CELL])
    return _find(text, _IN_TEXT) if _FIGURE.search(text) else ()


def _find(text: str, forms: tuple[Form, ...]) -> tuple[PrintedDate, ...]:
    found: list[PrintedDate] = []

    def take(match: re.Match[str], read: Callable[[Parts], Meanings]) -> str:
        """Keep a date, and return what takes its place, so that no other form finds a part of it."""
        short = match.group()[:1].isalpha() and match.group()[-3:-2] == " " and match.group()[-2:].isdigit()
        try:
            if short and _GOES_ON.match(match.string, match.end()):
                return match.group()
            meanings, doubt = read(match.groupdict())
        except _Unread:
            return match.group()
        found.append(
            PrintedDate(start=match.start(), end=match.end(), text=match.group(), meanings=meanings, doubt=doubt)
        )
        return "\0" * len(match.group())

    for pattern, read in forms:
        text = pattern.sub(partial(take, read=read), text)
    return tuple(sorted(found, key=lambda each: each.start))


class StandIn(StrEnum):
    """What a cell says where a date should stand."""

    ONGOING = "ongoing"
    DONE = "done"
    RECURRING = "recurring"
    NOT_APPLICABLE = "not-applicable"
    NOT_KNOWN = "not-known"
    RELATIVE = "relative"
    SEASON = "season"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellReading:
    """What a cell says of a date: the dates in it, whether it says nothing else, and what it says instead of one.

    `span` is what two dates mean that are joined as beginning and end.
    """

    dates: tuple[PrintedDate, ...] = ()
    plain: bool = False
    span: When | None = None
    stand_in: StandIn | None = None


_AROUND = re.compile(
    r"(?:\s|[.,;:()\[\]\"'*~-]|\b(?:to be (?:completed|implemented|achieved|done|delivered)|complete by|by|before|on|due|until|till|from|in|during|the|end|of|early|mid|middle|late|beginning"
    r"|start|no later than|not later than|at the latest|latest|target|completion|date|deadline|approximately|approx|circa"
    r"|for|and|to|through|between|calendar year|year|month of|close of play|cop|monday|tuesday|wednesday|thursday|friday"
    r"|saturday|sunday|mon|tues?|weds?|thurs?|fri|sat|sun)\b)*",
    re.IGNORECASE,
)
_JOINED = re.compile(r"[\s,]{0,3}(?:-|to|until|till|through|/)[\s,]{0,3}(?:the )?(?:end of )?", re.IGNORECASE)
_STAND_INS: tuple[tuple[StandIn, re.Pattern[str]], ...] = tuple(
    (stand_in, re.compile(rf"(?<![a-z])(?:{words})(?![a-z])"))
    for stand_in, words in (
        (
            StandIn.RECURRING,
            (
                "(?:bi-?|six-?|half-?)?(?:annual|yearly|year|month|quarter|week|dai|daily)(?:ly)"
                "|yearly|daily|bi-?annual|annual|each (?:year|quarter|month|week)|every .{0,20}(?:years?|quarters?|months?|weeks?|days?)"
                "|per (?:annum|year|quarter|month|week)|(?:once|twice) a year|regularly|recurring|periodically|rolling|cyclical"
            ),
        ),
        (
            StandIn.ONGOING,
            "on[ -]?going|continu(?:ing|ous|ously|es|ed)|in progress|under ?way|business as usual|bau|open[ -]ended|no end date",
        ),
        (StandIn.NOT_APPLICABLE, "n[/.]?a|not applicable|not required|none|nil|no date|non applicable|not needed"),
        (
            StandIn.NOT_KNOWN,
            (
                "tb[acd]|t\\.b\\.[acd]\\.?|to be (?:confirmed|agreed|decided|determined|advised|set|arranged|announced)|not (?:yet )?"
                "(?:known|agreed|set|confirmed|stated|specified|decided)|unknown|pending|awaited|awaiting .*|unspecified|undated|\\?+"
            ),
        ),
        (
            StandIn.DONE,
            "completed?|done|finished|achieved|implemented|delivered|discharged|closed|signed off|actioned|in place",
        ),
        (StandIn.SEASON, "(?:spring|summer|autumn|winter|easter|michaelmas|lent|christmas)(?: term)?"),
        (
            StandIn.RELATIVE,
            (
                "asap|a\\.s\\.a\\.p\\.?|as soon as (?:possible|practicable)|immediate(?:ly)?|imminent(?:ly)?|shortly|soon|in due course"
                "|with(?:in)? .{0,30}(?:days?|weeks?|months?|years?)|(?:short|medium|long)[ -]term|next .{0,20}|end of (?:the )?"
                "(?:financial |calendar |academic )?year|year[ -]end|[0-9]{1,2} (?:days?|weeks?|months?|years?)(?: .*)?|urgent(?:ly)?"
            ),
        ),
    )
)


@lru_cache(maxsize=4096)
def read_cell(cell: str) -> CellReading:
    """Return what a cell says where a date should stand."""
    text = plain_signs(cell[:_LONGEST_CELL])
    found = find_dates(cell)
    if found:
        return CellReading(
            dates=found, plain=_is_plain(text, found), span=_read_span(text, found), stand_in=_stand_in(text)
        )
    alone = _find(text, _BY_ITSELF) if len(text) < _SHORT_CELL else ()
    if len(alone) == 1 and _is_plain(text, alone):
        return CellReading(dates=alone, plain=True)
    return CellReading(stand_in=_stand_in(text))


def _is_plain(text: str, found: tuple[PrintedDate, ...]) -> bool:
    """Tell whether nothing but dates, and words that lead to a date, stands in a text."""
    ends = [0, *(each.end for each in found)]
    starts = [*(each.start for each in found), len(text)]
    return all(_AROUND.fullmatch(text, end, start) for end, start in zip(ends, starts, strict=True))


_BETWEEN = re.compile(r"[\s,]{0,3}and[\s,]{0,3}", re.IGNORECASE)


def _read_span(text: str, found: tuple[PrintedDate, ...]) -> When | None:
    joined = _BETWEEN if "between" in text.lower() else _JOINED
    if len(found) != 2 or not joined.fullmatch(text, found[0].end, found[1].start):
        return None
    start, end = found[0].when, found[1].when
    return (
        read_date(f"{start}/{end}") if start and end and start.last < end.first and "/" not in f"{start}{end}" else None
    )


def _stand_in(text: str) -> StandIn | None:
    words = comparable_text(text)
    return next((stand_in for stand_in, pattern in _STAND_INS if pattern.search(words)), None)
