"""Printed dates: what a cell's words most likely mean, and what is no date."""

import re
from datetime import date, timedelta
from functools import partial

import pytest
from hostile_texts import PIECES, grown
from hypothesis import given
from hypothesis import strategies as st
from steps import growth, places

from dhrctl.model import printed_dates
from dhrctl.model.printed_dates import Doubt, StandIn, find_dates, read_cell

# Of import.md's table, and of the cells of real plans
ONE = [
    ("31/03/2022", "2022-03-31"),
    ("31/3/22", "2022-03-31"),
    ("31.3.22", "2022-03-31"),
    ("31-03-2022", "2022-03-31"),
    ("31 / 03 / 2022", "2022-03-31"),
    ("31/03/2022.", "2022-03-31"),
    ("31 March 2022", "2022-03-31"),
    ("31st Mar 22", "2022-03-31"),
    ("31 st March 2022", "2022-03-31"),
    ("the 31st of March 2022", "2022-03-31"),
    ("March 31st, 2022", "2022-03-31"),
    ("31March2022", "2022-03-31"),
    ("31 March \u201922", "2022-03-31"),
    ("Thursday 31 March 2022", "2022-03-31"),
    ("31-Mar- 2022", "2022-03-31"),
    ("31\u2013Mar\u201322", "2022-03-31"),
    ("31\u00a0March\u00a02022", "2022-03-31"),
    ("31 MARCH 2022", "2022-03-31"),
    ("30th Sept. 2022", "2022-09-30"),
    ("2022-03-31", "2022-03-31"),
    ("2022/3/31", "2022-03-31"),
    ("2022-03-31 00:00:00", "2022-03-31"),
    ("20220331", "2022-03-31"),
    ("by 31 March 2022", "2022-03-31"),
    ("Before 31/03/2022", "2022-03-31"),
    ("Due 31/03/2022", "2022-03-31"),
    ("To be completed by 31 March 2022", "2022-03-31"),
    ("March 2022", "2022-03"),
    ("Mar-22", "2022-03"),
    ("Apr-21", "2021-04"),
    ("March 22", "2022-03"),
    ("March, 2022", "2022-03"),
    ("03/2022", "2022-03"),
    ("2022-3", "2022-03"),
    ("end of March 2022", "2022-03"),
    ("By the end of March 2022", "2022-03"),
    ("Mid-March 2022", "2022-03"),
    ("early March 2022", "2022-03"),
    ("2022", "2022"),
    ("end of 2022", "2022"),
    ("During 2022", "2022"),
    ("Q1 2024/25", "2024-04/2024-06"),
    ("Q2 2024/25", "2024-07/2024-09"),
    ("Q3 2024/25", "2024-10/2024-12"),
    ("Q4 2024/25", "2025-01/2025-03"),
    ("Quarter 3 2024-25", "2024-10/2024-12"),
    ("Q3 of 24/25", "2024-10/2024-12"),
    ("2024/25 Q3", "2024-10/2024-12"),
    ("Q3 FY2024/25", "2024-10/2024-12"),
    ("third quarter of 2024/2025", "2024-10/2024-12"),
    ("Jan-Mar 2024", "2024-01/2024-03"),
    ("January to March 2024", "2024-01/2024-03"),
    ("June \u2013 Sept 2024", "2024-06/2024-09"),
    ("April/May 2024", "2024-04/2024-05"),
    ("1-31 March 2024", "2024-03-01/2024-03-31"),
    ("5th to 7th April 2024", "2024-04-05/2024-04-07"),
    ("FY 2024/25", "2024-04/2025-03"),
    ("FY24/25", "2024-04/2025-03"),
    ("Financial year 2024\u201325", "2024-04/2025-03"),
]
DOUBTED = [
    ("03/04/2024", Doubt.DAY_FIRST, ["2024-04-03", "2024-03-04"]),
    ("1/4/24", Doubt.DAY_FIRST, ["2024-04-01", "2024-01-04"]),
    ("03/03/2024", Doubt.NONE, ["2024-03-03"]),
    ("03/31/2024", Doubt.MONTH_FIRST, ["2024-03-31"]),
    ("2024/25", Doubt.TWO_YEARS, ["2024-04/2025-03", "2024/2025"]),
    ("2019/2020", Doubt.TWO_YEARS, ["2019-04/2020-03", "2019/2020"]),
    ("24/25", Doubt.TWO_YEARS, ["2024-04/2025-03", "2024/2025"]),
    ("1999/00", Doubt.TWO_YEARS, ["1999-04/2000-03", "1999/2000"]),
    ("2011-12", Doubt.TWO_YEARS, ["2011-04/2012-03", "2011/2012", "2011-12"]),
    ("45382", Doubt.SERIAL, ["2024-03-31"]),
    ("45382.0", Doubt.SERIAL, ["2024-03-31"]),
    ("w/c 4 March 2024", Doubt.WEEK, ["2024-03-04/2024-03-10"]),
    ("week commencing 04/03/2024", Doubt.WEEK, ["2024-03-04/2024-03-10"]),
    ("W/E 10 March 2024", Doubt.WEEK, ["2024-03-04/2024-03-10"]),
    ("w/c 31 September 2024", Doubt.NO_SUCH_DAY, []),
    ("Q3 2024", Doubt.WHICH_QUARTER, ["2024-07/2024-09", "2024-10/2024-12"]),
    ("Q4 2024", Doubt.WHICH_QUARTER, ["2024-10/2024-12", "2025-01/2025-03"]),
    ("31 September", Doubt.NO_SUCH_DAY, []),
    ("31 September 2024", Doubt.NO_SUCH_DAY, []),
    ("31/09/2024", Doubt.NO_SUCH_DAY, []),
    ("31.9.24", Doubt.NO_SUCH_DAY, []),
    ("29 February 2023", Doubt.NO_SUCH_DAY, []),
    ("2024-09-31", Doubt.NO_SUCH_DAY, []),
    ("13/2024", Doubt.NO_SUCH_DAY, []),
    ("22 March", Doubt.NO_YEAR, []),
    ("March 22nd", Doubt.NO_YEAR, []),
    ("29 February", Doubt.NO_YEAR, []),
    ("March", Doubt.NO_YEAR, []),
    ("2024 Q3", Doubt.WHICH_QUARTER, ["2024-07/2024-09", "2024-10/2024-12"]),
]
SEVERAL = [
    ("31/12/2023 Revised: 30/06/2024", ["2023-12-31", "2024-06-30"], None),
    ("1. 31 March 2020 2. June 2020", ["2020-03-31", "2020-06"], None),
    ("April 2024 \u2013 March 2025", ["2024-04", "2025-03"], "2024-04/2025-03"),
    ("1 April 2024 to 31 March 2025", ["2024-04-01", "2025-03-31"], "2024-04-01/2025-03-31"),
    ("between April 2024 and June 2024", ["2024-04", "2024-06"], "2024-04/2024-06"),
    ("31 March 2024 and 30 June 2024", ["2024-03-31", "2024-06-30"], None),
    ("March 2025 \u2013 April 2024", ["2025-03", "2024-04"], None),
    ("2023/24 to 2024/25", ["2023-04/2024-03", "2024-04/2025-03"], None),
]
BESIDE = [
    ("Completed April 2019", ["2019-04"]),
    ("Nov 2021 Completed", ["2021-11"]),
    ("Nov 21 completed", ["2021-11"]),
    ("1. On going 2. 31 March 2020", ["2020-03-31"]),
    ("31 March 2024 (TBC)", ["2024-03-31"]),
    ("Mar-Jan 2024", ["2024-01"]),
]
NONE = [
    *("", " ", "-", "Ongoing", "TBC", "Spring 2025", "Care Act 2014", "within 6 months", "12", "1. 2. 3."),
    *("March 22 staff were trained", "2019/2021", "1.2.3.4", "123456789", "61000", "19999", "Section 42"),
    *("Recommendation 4 of 12", "ref 2024/567", "01632 960000", "10:30", "90%", "Q3 1800", "Q3 2019/2021"),
]


@pytest.mark.parametrize(("cell", "means"), ONE)
def test_a_date_is_read_as_people_print_it(cell: str, means: str) -> None:
    reading = read_cell(cell)
    (printed,) = reading.dates
    assert (str(printed.when), printed.doubt, reading.plain) == (means, Doubt.NONE, True)


@pytest.mark.parametrize(("cell", "doubt", "meanings"), DOUBTED)
def test_a_date_that_is_not_simply_what_it_says_tells_why(cell: str, doubt: Doubt, meanings: list[str]) -> None:
    reading = read_cell(cell)
    (printed,) = reading.dates
    assert (printed.doubt, [str(when) for when in printed.meanings], reading.plain) == (doubt, meanings, True)
    assert (printed.when is None) is (not meanings or doubt is Doubt.WHICH_QUARTER)


@pytest.mark.parametrize(("cell", "means", "span"), SEVERAL)
def test_several_dates_are_all_read_and_two_that_are_joined_are_a_span(
    cell: str, means: list[str], span: str | None
) -> None:
    reading = read_cell(cell)
    assert [str(printed.when) for printed in reading.dates] == means
    assert (reading.span and str(reading.span)) == span


@pytest.mark.parametrize(("cell", "means"), BESIDE)
def test_a_date_beside_other_words_is_read_and_is_not_all_that_the_cell_says(cell: str, means: list[str]) -> None:
    reading = read_cell(cell)
    assert [str(printed.when) for printed in reading.dates] == means
    assert not reading.plain
    assert [cell[printed.start : printed.end] for printed in reading.dates] == [each.text for each in reading.dates]


@pytest.mark.parametrize("cell", NONE)
def test_what_only_looks_like_a_date_is_none(cell: str) -> None:
    assert read_cell(cell).dates == ()


@pytest.mark.parametrize(
    ("cell", "stand_in"),
    [
        ("Ongoing", StandIn.ONGOING),
        ("On-going", StandIn.ONGOING),
        ("on\u2011going", StandIn.ONGOING),
        ("ON GOING", StandIn.ONGOING),
        ("Continuous", StandIn.ONGOING),
        ("TBC", StandIn.NOT_KNOWN),
        ("T.B.C.", StandIn.NOT_KNOWN),
        ("tba", StandIn.NOT_KNOWN),
        ("To be agreed", StandIn.NOT_KNOWN),
        ("?", StandIn.NOT_KNOWN),
        ("N/A", StandIn.NOT_APPLICABLE),
        ("n.a.", StandIn.NOT_APPLICABLE),
        ("Not applicable", StandIn.NOT_APPLICABLE),
        ("Annually", StandIn.RECURRING),
        ("annual", StandIn.RECURRING),
        ("Quarterly", StandIn.RECURRING),
        ("Every 6 months", StandIn.RECURRING),
        ("Daily", StandIn.RECURRING),
        ("Completed", StandIn.DONE),
        ("Spring 2025", StandIn.SEASON),
        ("within 6 months", StandIn.RELATIVE),
        ("ASAP", StandIn.RELATIVE),
        ("Immediate", StandIn.RELATIVE),
        ("3 months", StandIn.RELATIVE),
        ("End of financial year", StandIn.RELATIVE),
        ("Chief Constable", None),
        ("", None),
    ],
)
def test_what_stands_in_place_of_a_date_is_known(cell: str, stand_in: StandIn | None) -> None:
    assert read_cell(cell).stand_in == stand_in


DAYS = st.dates(date(1990, 1, 1), date(2089, 12, 31))


@given(DAYS)
def test_every_day_is_read_from_every_way_of_printing_it(day: date) -> None:
    ordinal = {1: "st", 2: "nd", 3: "rd"}.get(day.day if day.day < 20 else day.day % 10, "th")
    for cell in (
        f"{day:%d/%m/%Y}",
        f"{day.day}.{day.month}.{day.year}",
        f"{day.day} {day:%B} {day.year}",
        f"{day.day}{ordinal} {day:%b} {day.year}",
        f"{day:%B} {day.day}, {day.year}",
        day.isoformat(),
    ):
        (printed,) = read_cell(cell).dates
        assert str(printed.when) == day.isoformat(), cell
    (month,) = read_cell(f"{day:%b}-{day:%y}").dates
    assert str(month.when) == f"{2000 + day.year % 100}-{day.month:02}"


@given(st.integers(20_000, 60_000))
def test_a_number_of_excel_counts_the_days_from_1899(number: int) -> None:
    (printed,) = read_cell(str(number)).dates
    assert printed.when
    assert printed.when.first - timedelta(days=number) == date(1899, 12, 30)


def test_a_week_at_the_edge_of_the_calendar_is_read_as_its_day() -> None:
    assert [each.text for each in find_dates("w/e 1 January 0001, w/c 31 December 9999")] == [
        "1 January 0001",
        "31 December 9999",
    ]


@given(st.text(max_size=60) | st.text("0123456789/.- QqMarch", max_size=40))
def test_any_text_is_read_and_its_dates_stand_where_it_says(text: str) -> None:
    for printed in read_cell(text).dates:
        assert 0 <= printed.start < printed.end <= len(text)
        assert all(when.first <= when.last for when in printed.meanings)


@pytest.mark.parametrize("piece", [*PIECES.values(), "31/03/", "1 March ", "Q3 ", "2024/25 ", "by the end of "])
def test_no_form_looks_at_more_places_than_a_text_is_long(piece: str) -> None:
    forms = [pattern for pattern, _ in (*printed_dates._IN_TEXT, *printed_dates._BY_ITSELF)]
    forms += [pattern for _, pattern in printed_dates._STAND_INS]

    def looked_at(pattern: re.Pattern[str], size: int) -> int:
        return places(pattern, grown(piece, size))

    for pattern in forms:
        assert growth(partial(looked_at, pattern), 75) < 3, pattern.pattern
