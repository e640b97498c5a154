"""Printed statuses: what a cell says of how far the work is, negations understood."""

import re
from functools import partial

import pytest
from hostile_texts import PIECES, grown
from hypothesis import given
from hypothesis import strategies as st
from steps import growth, places

from dhrctl.model import printed_status
from dhrctl.model.printed_headings import Heading
from dhrctl.model.printed_status import Says, find_statuses, read_statuses, split_items

SAID = {
    Says.COMPLETE: (
        *("Completed", "Complete", "COMPLETED.", "Achieved", "Implemented", "Fully implemented", "Action complete"),
        *("100% complete", "100%", "Done", "Finished", "Delivered", "In place", "Completed April 2019"),
        *("Nov 2021 Completed", "31/03/2021 \u2013 completed", "All actions completed", "This has been completed"),
        *("Completed: Yes", "Blue \u2013 complete", "Met"),
    ),
    Says.CLOSED: ("Closed", "Signed off", "Discharged 3 May 2021", "Resolved"),
    Says.NOT_COMPLETE: (
        *("Not yet completed", "NOT COMPLETED", "Not complete", "Incomplete", "Un-completed", "Not fully complete"),
        *("Has not been completed", "Hasn't been completed", "Hasn\u2019t been completed", "Not achieved"),
        *(
            "Not yet fully implemented",
            "Not all completed",
            "No actions completed",
            "None completed",
            "Never completed",
        ),
        *("Awaiting completion", "Completed: No", "Complete \u2013 N", "Outstanding", "Overdue", "Not done", "Delayed"),
        *("Not on track", "No longer ongoing", "Not actioned", "Non-complete", "Pending"),
    ),
    Says.PROMISED: (
        *("To be completed", "Yet to be completed", "Still to be implemented", "Will be completed", "To complete"),
        *("Due to be completed", "Should have been completed", "Needs to be completed"),
    ),
    Says.IN_PROGRESS: (
        *("Ongoing", "On going", "On-going", "on\u2011going", "ONGOING.", "In progress", "In-progress", "Under way"),
        *("Underway", "Partially complete", "Partly completed", "Part-completed", "Part complete", "Almost complete"),
        *("Nearly completed", "Mostly achieved", "Completed in part", "Partial", "Being implemented", "90% complete"),
        *("60%", "Started", "Started April 2021", "Work has commenced", "WIP", "Amber - in progress", "Continuing"),
    ),
    Says.ON_TRACK: ("On track", "Green \u2013 on target"),
    Says.NOT_STARTED: (
        *("Not started", "Not yet started", "Not begun", "Not commenced", "To start", "Yet to start", "Planned"),
        *("0%", "0% complete", "Red \u2013 not started", "To do"),
    ),
    Says.ON_HOLD: ("On hold", "On-hold", "Paused", "Deferred", "Suspended", "Stalled"),
    Says.CANCELLED: ("Cancelled", "Canceled", "Withdrawn", "No longer required"),
    Says.SUPERSEDED: ("Superseded", "Superseded by action 4", "Replaced by 7"),
    Says.NOT_ACCEPTED: ("Not accepted", "Not agreed", "Rejected", "Declined"),
}
NOTHING = (
    *("", "31 March 2020", "March 2022", "TBC", "N/A", "Complete the audit", "Complete all reviews", "Complete?"),
    *("Once completed, staff are told", "It is not clear whether this was completed", "The group met on 3 April"),
    *("Green", "Red", "Completion March 2022", "Director of Adult Social Care", "Staff are trained", "Yes", "No"),
)


@pytest.mark.parametrize(("cell", "says"), [(cell, says) for says, cells in SAID.items() for cell in cells])
def test_a_status_is_read_as_people_print_it(cell: str, says: Says) -> None:
    for heading in (Heading.TARGET, Heading.STATUS, Heading.ANSWER):
        found = read_statuses(cell, heading)
        assert [each.says for each in found] == [says], (heading, found)


@pytest.mark.parametrize("cell", NOTHING)
def test_what_says_nothing_of_the_work_is_no_status(cell: str) -> None:
    for heading in Heading:
        assert read_statuses(cell, heading) == () or (heading is Heading.ANSWER and cell in ("Yes", "No"))


READ = [
    # a target's cell: every status, but no promise that has its date
    ("Ongoing. External review now completed", Heading.TARGET, [Says.IN_PROGRESS, Says.COMPLETE]),
    ("Completed with ongoing monitoring", Heading.TARGET, [Says.COMPLETE, Says.IN_PROGRESS]),
    ("To be completed by March 2022", Heading.TARGET, []),
    ("Complete by 31/03/2022", Heading.TARGET, []),
    ("Complete within 3 months", Heading.TARGET, [Says.PROMISED]),
    ("Will be completed by the next meeting", Heading.TARGET, [Says.PROMISED]),
    # a completion's cell: what it begins with
    ("Completed. Monitoring is ongoing", Heading.COMPLETION, [Says.COMPLETE]),
    ("31/03/2021. Completed. Monitoring is ongoing", Heading.COMPLETION, [Says.COMPLETE]),
    ("Ongoing. The policy was completed in May", Heading.COMPLETION, [Says.IN_PROGRESS]),
    ("Completed training of all staff, audit ongoing", Heading.COMPLETION, [Says.COMPLETE]),
    ("Staff have completed the training", Heading.COMPLETION, []),
    ("March 2021", Heading.COMPLETION, []),
    # a status: what is said by itself, or begins it
    ("In progress \u2013 policy completed, training outstanding", Heading.STATUS, [Says.IN_PROGRESS]),
    ("Complete / ongoing", Heading.STATUS, [Says.COMPLETE, Says.IN_PROGRESS]),
    ("Policy was reviewed. Completed.", Heading.STATUS, [Says.COMPLETE]),
    ("Completed as all staff have had the training", Heading.STATUS, [Says.COMPLETE]),
    ("Policy completed", Heading.STATUS, []),
    # an answer
    ("Y", Heading.ANSWER, [Says.COMPLETE]),
    ("Yes.", Heading.ANSWER, [Says.COMPLETE]),
    ("Y \u2013 March 2021", Heading.ANSWER, [Says.COMPLETE]),
    ("\u2713", Heading.ANSWER, [Says.COMPLETE]),
    ("N", Heading.ANSWER, [Says.NOT_COMPLETE]),
    ("No - see below", Heading.ANSWER, [Says.NOT_COMPLETE]),
    ("Partly", Heading.ANSWER, [Says.IN_PROGRESS]),
    ("No longer required", Heading.ANSWER, [Says.CANCELLED]),
    ("N/A", Heading.ANSWER, []),
    ("Y/N", Heading.ANSWER, []),
    ("Ongoing", Heading.ANSWER, [Says.IN_PROGRESS]),
    # an account: only if it says nothing else
    ("Completed", Heading.PROGRESS, [Says.COMPLETE]),
    ("Completed May 2021", Heading.PROGRESS, [Says.COMPLETE]),
    ("Training completed in May. Audit ongoing.", Heading.PROGRESS, []),
    ("Completed. The audit found gaps.", Heading.PROGRESS, []),
    # elsewhere nothing
    ("Completed", Heading.OTHER, []),
]


@pytest.mark.parametrize(("cell", "heading", "says"), READ)
def test_how_much_of_a_cell_counts_is_a_matter_of_its_column(cell: str, heading: Heading, says: list[Says]) -> None:
    assert [each.says for each in read_statuses(cell, heading)] == says


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("1. On going 2. 31 March 2020", ["On going", "31 March 2020"]),
        ("1.Completed 2.Ongoing", ["Completed", "Ongoing"]),
        ("1) Completed\n2) Ongoing\n3) 31.3.20", ["Completed", "Ongoing", "31.3.20"]),
        ("(1) Completed (2) Ongoing", ["Completed", "Ongoing"]),
        ("a) Completed b) Ongoing", ["Completed", "Ongoing"]),
        ("(i) Completed (ii) Ongoing", ["Completed", "Ongoing"]),
        ("Action 1: Completed. Action 2: Ongoing", ["Completed. Action", "Ongoing"]),
        ("\u2022 Completed\n\u2022 Ongoing", ["Completed", "Ongoing"]),
        ("- Completed\n- Ongoing", ["Completed", "Ongoing"]),
        ("31.3.2020", ["31.3.2020"]),
        ("1. Completed", ["1. Completed"]),
        ("Completed - see 1. and 2. of the report", ["Completed - see 1. and 2. of the report"]),
        ("2. Completed 1. Ongoing", ["2. Completed 1. Ongoing"]),
        ("Completed\n- as agreed", ["Completed\n- as agreed"]),
        ("", [""]),
    ],
)
def test_a_numbered_cell_is_its_items_and_any_other_is_one(cell: str, items: list[str]) -> None:
    assert list(split_items(cell)) == items


@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from(["not", "yet", "completed", "1.", "2.", "-", "on", "going", "N"])).map(" ".join)
)
def test_any_cell_is_read(text: str) -> None:
    for heading in Heading:
        read_statuses(text, heading)
    assert split_items(text)


@pytest.mark.parametrize("word", ["completed", "complete", "achieved", "implemented", "done", "delivered"])
@pytest.mark.parametrize("before", ["not", "not yet", "Not fully", "has not been", "not all", "hasn't been", "never"])
def test_what_is_denied_is_not_complete(before: str, word: str) -> None:
    assert [each.says for each in find_statuses(f"{before} {word}")] == [Says.NOT_COMPLETE]


@pytest.mark.parametrize("piece", [*PIECES.values(), "not yet ", "completed ", "to be ", "1. ", "when a ", "no a "])
def test_no_form_looks_at_more_places_than_a_text_is_long(piece: str) -> None:
    patterns = [each for each in vars(printed_status).values() if isinstance(each, re.Pattern)]
    assert len(patterns) > 5

    def looked_at(pattern: re.Pattern[str], size: int) -> int:
        return places(pattern, grown(piece, size))

    for pattern in patterns:
        assert growth(partial(looked_at, pattern), 75) < 3, pattern.pattern
