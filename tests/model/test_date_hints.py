"""Hints: for a text that is no date, the date that is meant, or where its words belong."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhrctl.model import dates
from dhrctl.model.date_hints import explain_text
from dhrctl.model.edtf import NoDate
from dhrctl.model.printed_dates import read_cell

REVIEW = "set the status to in-progress, and give the day on which it is looked at next as the review_date"


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("31/03/2024", 'write "2024-03-31"'),
        ("31.03.24", 'write "2024-03-31"'),
        ("March 2022", 'write "2022-03"'),
        ("Apr-21", 'write "2021-04"'),
        ("1st April 2024", 'write "2024-04-01"'),
        ("by end of March 2024", 'write "2024-03"'),
        ("Q3 2024/25", 'write "2024-10/2024-12"'),
        (
            "2024/25",
            'write "2024-04/2025-03" (it was read as the financial year, April 2024 to March 2025)',
        ),
        ("FY 2024/25", 'write "2024-04/2025-03"'),
        ("45382", 'write "2024-03-31" (it was read as Excel\'s number for 31 March 2024)'),
        ("03/04/2024", 'write "2024-04-03" (it was read as 3 April 2024, the day first)'),
        ("03/31/2024", 'write "2024-03-31" (it was read as 31 March 2024, the month first)'),
        (
            "Q3 2024",
            'write "2024-07/2024-09" if the calendar\'s year is meant, or "2024-10/2024-12" if the financial year is',
        ),
        ("April 2024 to March 2025", 'write "2024-04/2025-03"'),
        ("w/c 4 March 2024", 'write "2024-03-04/2024-03-10"'),
        ("31 March 2024 (TBC)", 'write "2024-03-31", and keep the other words in as_stated'),
        (
            "31/12/2023 Revised: 30/06/2024",
            'write the one that holds now, such as "2024-06-30", and keep all the words in as_stated',
        ),
        ("31/12/2023, Q3 2024", "write the one that holds now and keep all the words in as_stated"),
        ("22 March", "write its year as well, for example 2021-04-30"),
        ("2021-04-30\n", "take out the spaces and the line ends around it"),
        ("31 September", "ask which day is meant, leave the field out until then, and keep the words in as_stated"),
        ("31/09/2024", "ask which day is meant, leave the field out until then, and keep the words in as_stated"),
        ("Ongoing", f"leave the field out, {REVIEW}"),
        ("On going", f"leave the field out, {REVIEW}"),
        ("TBC", "leave the field out, keep the words in as_stated, and ask the lead agency for a date"),
        ("N/A", "leave the field out, keep the words in as_stated, and let the status say why there is no date"),
        (
            "Annually",
            "leave the field out, and give the day on which it is looked at next as the review_date",
        ),
        (
            "Completed",
            "leave the field out, set the status to complete, and give the completion_date if it is known",
        ),
        (
            "Completed April 2019",
            'leave it out, set the status to complete, and write "2019-04" as the completion_date',
        ),
        (
            "Not yet completed",
            "leave the field out, keep the words in as_stated, and give the status that they say",
        ),
        ("To be completed by March 2024", 'write "2024-03"'),
        ("ASAP", "leave the field out, keep the words in as_stated, and ask by which day that is"),
        ("Jan-Mar 2024", 'write "2024-01/2024-03"'),
        ("March", "write its year as well, for example 2021-04-30"),
        ("Ongoing from April 2021", f"leave the field out, {REVIEW}"),
        ("Summer 2026", 'write the months that are meant, for example "2026-06/2026-08"'),
        ("Winter", 'write the months that are meant, for example "2025-03/2025-05"'),
        ("Spring 2025", 'write the months that are meant, for example "2025-03/2025-05"'),
        ("at the board", 'write it in quotes as "2021", "2021-04", "2021-04-30" or "2021/2022"'),
    ],
)
def test_a_hint_gives_the_answer(text: str, fix: str) -> None:
    assert explain_text(text, "target_date").fix == fix


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Ongoing", '"Ongoing" is not a date'),
        ("31 September", 'there is no such day as "31 September"'),
        ("by 31/09/2024", 'there is no such day as "31/09/2024"'),
        ("31/12/2023 Revised: 30/06/2024", '"31/12/2023 Revised: 30/06/2024" gives 2 dates'),
        ("x" * 80, f'"{"x" * 60}\u2026" is not a date'),
        ("x" * 63, f'"{"x" * 63}" is not a date'),
    ],
)
def test_a_hint_says_what_is_wrong(text: str, problem: str) -> None:
    assert explain_text(text, "target_date").problem == problem


@pytest.mark.parametrize(
    ("text", "field", "fix"),
    [
        ("Ongoing", "completion_date", "leave the field out, and set the status to in-progress"),
        ("Ongoing", "review_date", "leave the field out, or give the day on which it is looked at next"),
        ("Annually", "review_date", "leave the field out, or give the next day on which it is looked at"),
        ("Completed April 2019", "completion_date", 'write "2019-04", and keep the other words in as_stated'),
        (
            "Completed",
            "completion_date",
            "leave the field out, set the status to complete, and ask since which day it is",
        ),
    ],
)
def test_a_hint_fits_its_field(text: str, field: str, fix: str) -> None:
    assert explain_text(text, field).fix == fix


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("31/03/2024", 'write "2024-03-31"'),
        ("March 2024", 'write the whole day, for example "2024-03-31"'),
        (
            "1 April 2024 to 3 April 2024",
            'write the one that holds now, such as "2024-04-03", and keep all the words in as_stated',
        ),
        ("Ongoing", 'write it in quotes as a whole day, for example "2021-04-30"'),
        ("31/09/2024", "ask which day is meant, and write that"),
    ],
)
def test_where_a_day_is_needed_a_hint_asks_for_one(text: str, fix: str) -> None:
    assert explain_text(text, "date", whole_day=True, needed=True).fix == fix


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("31/03/2024", '"31/03/2024" is not a date; write 2024-03-31'),
        ("soon", '"soon" is not a date; write it as 2021, 2021-04, 2021-04-30 or 2021/2022'),
        ("31 September", 'there is no such day as "31 September"; ask which day is meant, and leave it out until then'),
        (
            "31/12/2023, 30/06/2024",
            '"31/12/2023, 30/06/2024" gives 2 dates; write the one that holds now, such as 2024-06-30',
        ),
        ("31 March 2024 (TBC)", '"31 March 2024 (TBC)" is not a date; write 2024-03-31'),
        ("never", '"never" is not a date; write it as 2021, 2021-04, 2021-04-30 or 2021/2022'),
    ],
)
def test_what_was_typed_is_told_without_the_words_of_a_file(text: str, message: str) -> None:
    with pytest.raises(NoDate, match=f"^{re.escape(message)}$"):
        dates.parse(text)


@given(st.text(max_size=40) | st.text("0123456789/.- QMarch", max_size=24), st.sampled_from(["", "target_date"]))
def test_a_date_that_a_hint_says_to_write_is_a_date(text: str, field: str) -> None:
    problem, fix = explain_text(text, field)
    assert problem
    assert "; " not in fix
    for written in re.findall(r'write "([^"]+)"', fix):
        assert str(dates.parse(written)) == written
        assert read_cell(text).dates
