"""Headings of columns: what the cells below them are about."""

import pytest

from dhrctl.model.printed_headings import Heading, read_heading

KINDS = {
    Heading.TARGET: (
        *("Target date", "Target Date", "TARGET DATE:", "Expected End Date", "End date", "Timescale", "Timescale(s)"),
        *(
            "Timescales",
            "Time scale",
            "Timeframe",
            "Date",
            "Date(s)",
            "By when",
            "By When?",
            "By\u00a0when",
            "Deadline",
        ),
        *("Due date", "Date due", "Target completion date", "Expected date of completion", "Target", "When"),
        *("Revised target date", "Original target date", "Timescale for completion", "Date to be completed"),
        *("Implementation date", "Planned completion date", "Complete by"),
    ),
    Heading.COMPLETION: (
        *("Date of completion and outcome", "Date of completion", "Completion date", "Date completed", "Date closed"),
        *("Completed on", "Actual completion date", "Date achieved"),
    ),
    Heading.STATUS: (
        *("Status", "Current status", "RAG", "RAG rating", "BRAG", "Progress / status", "Progress RAG status"),
        *("% complete", "Percentage complete", "Progress indicator", "Assessment of progress"),
    ),
    Heading.ANSWER: ("Complete Y/N", "Complete (Y/N)", "Completed?", "Complete", "Achieved", "Action completed"),
    Heading.PROGRESS: ("Progress", "Progress to date", "Update", "Latest update", "Current position"),
    Heading.OTHER: (
        *("", "No", "Recommendation", "Action to take", "Lead agency", "Start date", "Review date", "Date raised"),
        *("Outcome", "Outcome at the end", "Anticipated Outcomes of achieving recommendation (what will change)"),
        *("Key milestones achieved in enacting recommendation", "Gender", "Agenda", "Scope of recommendation"),
        "Lead agency including Name / role of person with responsible for action",
    ),
}


@pytest.mark.parametrize(
    ("heading", "kind"), [(heading, kind) for kind, headings in KINDS.items() for heading in headings]
)
def test_a_heading_says_what_its_cells_are_about(heading: str, kind: Heading) -> None:
    assert read_heading(heading) is kind
