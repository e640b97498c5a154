"""Days as precise as they were given: years, months, days and intervals, and the calendar behind them."""

import contextlib
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dhrctl.model import dates
from dhrctl.model.edtf import When

YEARS = st.integers(1, 9999).map(lambda year: f"{year:04}")
MONTHS = st.dates().map(lambda day: day.isoformat()[:7])
DAYS = st.dates().map(date.isoformat)
SINGLE = YEARS | MONTHS | DAYS


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2021", "2021-01-01", "2021-12-31"),
        ("2021-04", "2021-04-01", "2021-04-30"),
        ("2021-12", "2021-12-01", "2021-12-31"),
        ("2021-02", "2021-02-01", "2021-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("1900-02", "1900-02-01", "1900-02-28"),
        ("2000-02", "2000-02-01", "2000-02-29"),
        ("2021-04-30", "2021-04-30", "2021-04-30"),
        ("2024-02-29", "2024-02-29", "2024-02-29"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("9999-12", "9999-12-01", "9999-12-31"),
        ("2019/2020", "2019-01-01", "2020-12-31"),
        ("2021-04/2021-06", "2021-04-01", "2021-06-30"),
        ("2021-04-05/2021-06", "2021-04-05", "2021-06-30"),
        ("2019/2021-03-05", "2019-01-01", "2021-03-05"),
        ("2021/2021", "2021-01-01", "2021-12-31"),
        ("2021-04-05/2021-04-05", "2021-04-05", "2021-04-05"),
        # Ends that are less precise than the start do not lie before it.
        ("2021-04/2021", "2021-04-01", "2021-12-31"),
        ("2021-04-15/2021-04", "2021-04-15", "2021-04-30"),
    ],
)
def test_a_date_means_its_first_to_its_last_day(text: str, first: str, last: str) -> None:
    found = dates.parse(text)
    assert found == When(date.fromisoformat(first), date.fromisoformat(last), text)
    assert str(found) == text


@pytest.mark.parametrize(
    ("text", "other", "lies"),
    [
        ("2021-04", "2021", True),
        ("2021-04-30", "2021-04", True),
        ("2021", "2021", True),
        ("2021", "2021-12", False),
        ("2021-05-01", "2021-04", False),
        ("2020-12/2021-01", "2021", False),
    ],
)
def test_a_more_precise_date_lies_in_a_rougher_one(text: str, other: str, *, lies: bool) -> None:
    assert dates.parse(text).lies_in(dates.parse(other)) is lies


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "/",
        "21",
        "202",
        "20211",
        "2021-4",
        "2021-04-3",
        "2021-04-30 ",
        " 2021",
        "2021\n",
        "2021-04\n",
        "2021-04-30\n",
        "2021-04-30T12:00",
        "2021/",
        "/2021",
        "2021//2022",
        "2021/2022/2023",
        "2021/..",
        "../2021",
        "2021 / 2022",
        "2021-",
        "-2021",
        "+2021",
        "2021-Q1",
        "2021-W01",
        "20210430",
        "30.04.2021",
        "30/04/2021",
        "April 2021",
        "2021?",
        "2021~",
        "202X",
        "ongoing",
        "\u0662\u0660\u0662\u0661",
        "\uff12\uff10\uff12\uff11",
        "2021-04-\u00b30",
        "2021\N{EN DASH}04",
        "2021-04\0",
    ],
)
def test_what_is_not_written_as_a_date_is_told_how_to_write_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a date; (?:write|take out)"):
        dates.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "2021-02-30",
        "2021-02-29",
        "1900-02-29",
        "2021-04-31",
        "2021-00",
        "2021-13",
        "2021-00-10",
        "2021-01-00",
        "2021-01-32",
        "0000",
        "0000-01",
        "0000-01-01",
    ],
)
def test_what_is_not_in_the_calendar_is_told_so(text: str) -> None:
    for written in (text, f"1999/{text}", f"{text}/2999"):
        with pytest.raises(ValueError, match=f'^"{text}" is not in the calendar'):
            dates.parse(written)


@pytest.mark.parametrize(
    "text",
    ["2022/2021", "2021-05/2021-04", "2021-04-30/2021-04-29", "2021-04-30/2021-03", "2021-04/2020", "2021/2020-12-31"],
)
def test_an_interval_that_ends_before_it_starts_is_told_so(text: str) -> None:
    with pytest.raises(ValueError, match=f'^the interval "{text}" ends before it starts'):
        dates.parse(text)


@given(SINGLE)
def test_a_single_date_ends_where_the_next_one_begins(text: str) -> None:
    found = dates.parse(text)
    assert found.first <= found.last
    assert found.first.isoformat().startswith(text)
    assert found.last.isoformat().startswith(text)
    assume(found.last != date.max and found.first != date.min)
    assert not (found.last + timedelta(1)).isoformat().startswith(text)
    assert not (found.first - timedelta(1)).isoformat().startswith(text)


@given(SINGLE, SINGLE)
def test_an_interval_runs_from_its_first_to_its_second_date_unless_that_lies_before(start: str, end: str) -> None:
    one, two = dates.parse(start), dates.parse(end)
    if two.last < one.first:
        with pytest.raises(ValueError, match="ends before it starts"):
            dates.parse(f"{start}/{end}")
    else:
        found = dates.parse(f"{start}/{end}")
        assert (found.first, found.last) == (one.first, two.last)


@given(SINGLE, SINGLE)
def test_dates_are_ordered_by_their_days_and_not_by_their_text(one: str, two: str) -> None:
    left, right = dates.parse(one), dates.parse(two)
    if (left.first, left.last) < (right.first, right.last):
        assert left < right


@given(st.text(max_size=24) | st.text("0123456789-/", max_size=24))
def test_any_text_is_a_date_or_a_value_error(text: str) -> None:
    for read in (dates.parse, dates.day):
        with contextlib.suppress(ValueError):
            read(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-04-30", date(2021, 4, 30)),
        ("2024-02-29", date(2024, 2, 29)),
        ("0001-01-01", date.min),
        ("9999-12-31", date.max),
    ],
)
def test_a_whole_day_is_read(text: str, expected: date) -> None:
    assert dates.day(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "2021", "2021-04", "2021/2022", "20210430", "2021-4-30", "2021-04-30\n", "today", "30-04-2021", "2021-04/20"],
)
def test_what_is_not_a_whole_day_is_told_how_to_write_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a day; (?:write|take out)"):
        dates.day(text)


def test_a_whole_day_that_is_not_in_the_calendar_is_told_so() -> None:
    with pytest.raises(ValueError, match='"2021-02-30" is not in the calendar'):
        dates.day("2021-02-30")


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2021-01-15", 0, "2021-01-15"),
        ("2021-01-15", 1, "2021-02-15"),
        ("2021-01-31", 1, "2021-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2021-01-31", 3, "2021-04-30"),
        ("2021-11-30", 3, "2022-02-28"),
        ("2021-12-31", 1, "2022-01-31"),
        ("2021-12-01", 12, "2022-12-01"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2021-06-30", 6, "2021-12-30"),
        ("2021-05-31", 13, "2022-06-30"),
        ("2024-05-31", -3, "2024-02-29"),
        ("2022-02-28", -3, "2021-11-28"),
        ("0001-02-01", -3, "0001-01-01"),
        ("9999-11-30", 3, "9999-12-31"),
    ],
)
def test_months_are_added_and_a_day_that_is_not_there_becomes_the_last(start: str, months: int, expected: str) -> None:
    assert dates.add_months(date.fromisoformat(start), months).isoformat() == expected


@given(st.dates(max_value=date(9990, 1, 1)), st.sampled_from([1, 3, 6, 12]))
def test_a_cycle_ends_that_many_calendar_months_later(start: date, months: int) -> None:
    found = dates.add_months(start, months)
    assert (found.year - start.year) * 12 + found.month - start.month == months
    assert found.day <= start.day
    assert found.day == start.day or (found + timedelta(1)).day == 1
