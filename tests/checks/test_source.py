"""Rules that hold a record against its source: cells as people write them, what is found in them and what is not."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from dhrctl.checks import dates, source, structure
from dhrctl.checks.check import Check
from dhrctl.model.dates import parse
from dhrctl.model.records import Action, Agency, Milestone, Recommendation, Register, Status, Update

TODAY = date(2024, 6, 30)


def record_of(cells: Mapping[str, str], **fields: Any) -> Recommendation:
    given: dict[str, Any] = {
        "recommendation": "That training is reviewed.",
        "section": "Police",
        "lead_agencies": ("anytown-police",),
        "status": Status.IN_PROGRESS,
        "as_stated": cells,
    }
    return Recommendation(
        id="anytown-dhr-1/01",
        review="anytown-dhr-1",
        number="01",
        path="register/reviews/anytown-dhr-1/recommendations/01.yaml",
        **(given | fields),
    )


def update_of(**fields: Any) -> Update:
    path = "register/reviews/anytown-dhr-1/updates/01/2024-03-01-anytown-police.yaml"
    given: dict[str, Any] = {"date": date(2024, 3, 1), "agency": "anytown-police", "text": "It was reviewed."}
    return Update(id="anytown-dhr-1/01", path=path, **(given | fields))


def problems(check: Check, record: Recommendation, day: date = TODAY) -> list[str]:
    return [violation.problem for violation in check.run(Register(recommendations=(record,)), day)]


D, P, N, H, S, X = (
    Status.COMPLETE,
    Status.IN_PROGRESS,
    Status.NOT_STARTED,
    Status.ON_HOLD,
    Status.SUPERSEDED,
    Status.CANCELLED,
)
U = Status.UNKNOWN

# Each cell below a heading, the statuses that contradict it, and those that do not
CONTRADICTED = [
    ("Expected End Date", "Completed", (P, N, H, U, X), (D,)),
    ("Expected End Date", "Not yet completed", (D, X, S), (P, N, H, U)),
    ("Expected End Date", "Incomplete", (D,), (P, N, H, U)),
    ("Expected End Date", "Partially complete", (D, N), (P, H, U)),
    ("Expected End Date", "On going", (D, N), (P, H, U)),
    ("By when", "To be completed", (D,), (P, N)),
    ("By when", "To be completed by March 2024", (), (D, P, N, U)),
    ("Target date", "31 March 2024", (), (D, P, N, H, U, X)),
    ("Target date", "On track", (D,), (P, N, H)),
    ("Timescale(s)", "1. On going 2. 31 March 2020", (D,), (P, U)),
    ("Timescale(s)", "1. Completed 2. Completed", (P, U), (D,)),
    ("Timescale(s)", "1. Completed 2. On going", (D,), (P, N, H, U)),
    ("Timescale(s)", "1. Completed 2. 31 March 2020", (), (D, P)),
    ("Date", "Closed", (P, U), (D, X, S)),
    ("Date", "Cancelled", (D, P), (X, S)),
    ("Status", "Complete", (P,), (D,)),
    ("Status", "Not started", (D, P), (N, H, U)),
    ("Status", "On hold", (D, P), (H, N)),
    ("Status", "In progress. The policy is completed", (D,), (P,)),
    ("RAG", "Green", (), (D, P, N)),
    ("RAG rating", "Amber \u2013 partially complete", (D,), (P,)),
    ("Complete Y/N", "Y", (P,), (D,)),
    ("Complete Y/N", "N", (D,), (P, N)),
    ("Complete Y/N", "N/A", (), (D, P)),
    ("Date of completion and outcome", "Completed May 2021. Monitoring is ongoing", (P,), (D,)),
    ("Date of completion and outcome", "Ongoing. The policy was completed", (D,), (P,)),
    ("Date of completion and outcome", "May 2021", (), (D, P)),
    ("Progress", "Completed", (P,), (D,)),
    ("Progress", "The policy was completed, and the audit is ongoing", (), (D, P)),
    ("Outcome", "Completed", (), (D, P)),
    ("Key milestones achieved", "Completed", (), (D, P)),
    ("Start date", "Ongoing", (), (D, P)),
]


@pytest.mark.parametrize(("heading", "cell", "against", "with_it"), CONTRADICTED)
def test_a_status_contradicts_what_the_cell_says_and_nothing_else(
    heading: str, cell: str, against: tuple[Status, ...], with_it: tuple[Status, ...]
) -> None:
    for status in (*against, *with_it):
        found = problems(source.contradicts_its_source, record_of({heading: cell}, status=status))
        assert bool(found) is (status in against), status


@pytest.mark.parametrize(
    ("heading", "cell", "both"),
    [
        ("Expected End Date", "Ongoing. External review now completed", '"Ongoing" and "completed"'),
        ("Expected End Date", "Completed, on-going", '"on-going" and "Completed"'),
        ("Timescale", "1. Ongoing, now completed 2. Completed", '"Ongoing" and "completed"'),
        ("Status", "Complete / not started", '"not started" and "Complete"'),
        ("Expected End Date", "1. Completed 2. On going", ""),
        ("Expected End Date", "Not yet completed, on going", ""),
        ("Progress", "Completed, but the audit is ongoing", ""),
    ],
)
def test_a_cell_that_says_both_contradicts_itself_unless_its_parts_do(heading: str, cell: str, both: str) -> None:
    found = problems(source.contradicts_its_source, record_of({heading: cell}))
    assert found == ([f"the source says both {both}"] if both else [])


def test_each_numbered_part_is_held_against_its_action() -> None:
    actions = (Action(text="a", status=D), Action(text="b", status=D), Action(text="c"))
    record = record_of({"Timescale": "1. Completed 2. On going 3. Completed"}, actions=actions)
    assert problems(source.contradicts_its_source, record) == [
        'the source says "On going" of action 2, and its status is complete'
    ]
    assert not problems(source.contradicts_its_source, record_of(record.as_stated, actions=actions[:2]))


def test_an_update_that_gives_the_status_settles_what_the_source_says() -> None:
    cells = {"Target date": "Ongoing. Review completed", "Status": "In progress"}
    assert len(problems(source.contradicts_its_source, record_of(cells, status=D))) == 2
    assert len(problems(source.contradicts_its_source, record_of(cells, status=D, updates=(update_of(),)))) == 2
    assert not problems(source.contradicts_its_source, record_of(cells, status=D, updates=(update_of(status=D),)))


# Each cell without a target date in the record (or a completion date), and whether a status stands in it
IN_DATE_FIELD = [
    ("Expected End Date", "Completed", True),
    ("Expected End Date", "Completed April 2019", True),
    ("Expected End Date", "Nov 2021 Completed", True),
    ("Timescale(s)", "On going", True),
    ("Timescale(s)", "1. On going 2. 31 March 2020", True),
    ("Date", "Not yet completed", True),
    ("By when", "Incomplete", True),
    ("By when", "Partially complete", True),
    ("By when", "Started April 2021", True),
    ("Target date", "Ongoing \u2013 review March 2022", True),
    ("Target completion date", "In progress", True),
    ("Date of completion and outcome", "Completed. All staff were trained", True),
    ("Completion date", "Complete", True),
    ("Target date", "31 March 2020", False),
    ("Target date", "TBC", False),
    ("Target date", "To be completed by March 2022", False),
    ("Target date", "In progress \u2013 31 March 2022", False),
    ("Target date", "Not started. Due March 2022", False),
    ("Date of completion and outcome", "Completed May 2021", False),
    ("Date of completion and outcome", "Ongoing", False),
    ("Status", "Completed", False),
    ("RAG", "Not started", False),
    ("Complete Y/N", "Y", False),
    ("Progress", "Ongoing", False),
    ("Outcome", "Completed", False),
]


@pytest.mark.parametrize(("heading", "cell", "found"), IN_DATE_FIELD)
def test_a_status_in_a_date_field_is_found_and_no_other(heading: str, cell: str, *, found: bool) -> None:
    assert bool(problems(source.status_in_date_field, record_of({heading: cell}))) is found
    known = {"target_date": parse("2024-03"), "completion_date": parse("2024-03"), "status": D}
    assert not problems(source.status_in_date_field, record_of({heading: cell}, **known))


def test_a_numbered_part_whose_action_has_its_date_lost_none() -> None:
    cells = {"Timescale": "1. On going 2. 31 March 2020"}
    dated, bare = Action(text="a", target_date=parse("2020-03")), Action(text="b")
    assert not problems(source.status_in_date_field, record_of(cells, actions=(dated, bare)))
    assert problems(source.status_in_date_field, record_of(cells, actions=(bare, dated)))


TARGETS = [
    ("Target date", "31/03/2024", "2024-03-31", False),
    ("Target date", "March 2024", "2024-03", False),
    ("Target date", "March 2024", "2024-03-31", False),
    ("Target date", "31 March 2024", "2024-03", False),
    ("Target date", "15 March 2024", "2024-03", True),
    ("Target date", "March 2024", "2024", True),
    ("Target date", "March 2024", "2025-03", True),
    ("Target date", "03/04/2024", "2024-04-03", False),
    ("Target date", "03/04/2024", "2024-03-04", True),
    ("Target date", "2024/25", "2024-04/2025-03", False),
    ("Target date", "2024/25", "2024/2025", False),
    ("Target date", "2024/25", "2025-03-31", False),
    ("Target date", "2024/25", "2026-03", True),
    ("Target date", "Q4 2024/25", "2025-03", False),
    ("Target date", "Q4 2024/25", "2024-12", True),
    ("Target date", "Q4 2024", "2024-12", False),
    ("Target date", "45382", "2024-03-31", False),
    ("Target date", "2024", "2024-12-31", False),
    ("Target date", "2023", "2024", True),
    ("Timescale", "1. On going 2. 31 March 2020", "2020-03", False),
    ("Timescale", "1. 31 March 2020 2. 30 June 2020", "2020-06-30", False),
    ("Timescale", "1. 31 March 2020 2. 30 June 2020", "2020-09", True),
    ("By when", "31/12/2023 Revised: 30/06/2024", "2024-06-30", False),
    ("By when", "April 2024 to March 2025", "2024-04/2025-03", False),
    ("By when", "April 2024 to March 2025", "2025-03", False),
    ("By when", "Started April 2023. March 2024", "2024-03", False),
    ("By when", "Started April 2023", "2024-03", False),
    ("By when", "Completed April 2023", "2024-03", False),
    ("By when", "Review in May 2024", "2024-03", False),
    ("By when", "May 2024 \u2013 review", "2024-03", False),
    ("By when", "From April 2024 to March 2025", "2025-03", False),
    ("By when", "Apr 2021 - ongoing", "2024-03", False),
    ("By when", "31 September 2024", "2024-09", False),
    ("By when", "31 March", "2024-03", False),
    ("By when", "Ongoing", "2024-03", False),
    ("Start date", "April 2023", "2024-03", False),
    ("Date of completion and outcome", "April 2023", "2024-03", False),
    ("Outcome", "Launched in April 2023", "2024-03", False),
]


@pytest.mark.parametrize(("heading", "cell", "target", "found"), TARGETS)
def test_a_target_differs_from_the_date_that_is_printed_as_one(
    heading: str, cell: str, target: str, *, found: bool
) -> None:
    record = record_of({heading: cell}, target_date=parse(target))
    assert bool(problems(source.target_differs_from_source, record)) is found


def test_a_target_that_an_update_moved_or_another_cell_prints_does_not_differ() -> None:
    cells, moved = {"Target date": "March 2024"}, update_of(target_date=parse("2024-12"))
    assert problems(source.target_differs_from_source, record_of(cells, target_date=parse("2024-12")))
    record = record_of(cells, target_date=parse("2024-12"), updates=(moved,))
    assert not problems(source.target_differs_from_source, record)
    revised = record_of({"Original target date": "March 2024", "Revised target date": "Dec 2024"})
    for target, found in (("2024-03", False), ("2024-12", False), ("2024-06", True)):
        each = record_of(revised.as_stated, target_date=parse(target))
        assert bool(problems(source.target_differs_from_source, each)) is found
    assert not problems(source.target_differs_from_source, record_of(cells))


def test_the_hint_of_a_quarter_of_which_the_year_is_not_known_writes_none() -> None:
    record = record_of({"Target date": "Q3 2023"}, target_date=parse("2024-03"))
    (violation,) = source.target_differs_from_source.run(Register(recommendations=(record,)), TODAY)
    assert violation.fix == "correct it, or give the update that moved it"


RELATIVE = [
    ({"By when": "ASAP"}, {}, ["ASAP"]),
    ({"By when": "Immediate"}, {}, ["Immediate"]),
    ({"Timescale(s)": "Within 6 months"}, {}, ["Within 6 months"]),
    ({"Date": "End of the financial year"}, {}, ["End of the financial year"]),
    ({"By when": "End of year 2024"}, {}, []),
    ({"By when": "End of the year 2024/25"}, {}, []),
    ({"By when": "TBC"}, {}, []),
    ({"By when": "ASAP"}, {"target_date": parse("2024-03")}, []),
    ({"Outcome": "ASAP"}, {}, []),
    ({}, {"milestones": (Milestone(text="End of Year report", date=parse("2024-03")),)}, []),
    ({}, {"milestones": (Milestone(text="End of Year report"),)}, ["End of Year"]),
    ({}, {"actions": (Action(text="Start imminently.", target_date=parse("2024-03")),)}, []),
    ({}, {"actions": (Action(text="Start imminently.", completion_date=parse("2024-03")),)}, []),
    ({}, {"actions": (Action(text="Start imminently."),)}, ["imminently"]),
    ({}, {"recommendation": "That it starts shortly.", "target_date": parse("2024-03")}, []),
    ({}, {"recommendation": "That it starts shortly."}, ["shortly"]),
    ({}, {"outcomes": ("Help for the recently bereaved.", "It was recently reviewed.")}, ["recently"]),
]


@pytest.mark.parametrize(("cells", "fields", "words"), RELATIVE)
def test_a_relative_date_is_one_that_nothing_dates(
    cells: Mapping[str, str], fields: Mapping[str, Any], words: list[str]
) -> None:
    found = problems(source.relative_date, record_of(cells, **fields))
    assert found == [f'"{word}" is not a date' for word in words]


@pytest.mark.parametrize(
    ("heading", "cell", "found"),
    [
        ("Expected End Date", "Ongoing", True),
        ("Expected End Date", "On going", True),
        ("Expected End Date", "on\u2011going", True),
        ("Timescale(s)", "1. On going 2. 31 March 2020", True),
        ("By when", "Annually", True),
        ("By when", "Annually from March 2020", False),
        ("By when", "No longer ongoing", False),
        ("Status", "Ongoing", False),
        ("Outcome", "Ongoing", False),
    ],
)
def test_continuing_work_has_a_review_date(heading: str, cell: str, *, found: bool) -> None:
    assert bool(problems(source.review_date_missing, record_of({heading: cell}))) is found
    reviewed = record_of({heading: cell}, review_date=parse("2025-01"))
    assert not problems(source.review_date_missing, reviewed)


# Dates that cannot be, and targets of two years


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ("0202-04", True),
        ("1989-12-31", True),
        ("1989/1990", True),
        ("1990", False),
        ("2044-06-30", False),
        ("2044-06", False),
        ("2044-07", True),
        ("2044", True),
        ("2030/2060", True),
        ("9999-12-31", True),
    ],
)
def test_a_date_lies_between_1990_and_twenty_years_ahead(when: str, *, found: bool) -> None:
    for fields in (
        {"target_date": parse(when)},
        {"review_date": parse(when)},
        {"actions": (Action(text="a", completion_date=parse(when)),)},
        {"milestones": (Milestone(text="a", date=parse(when)),)},
        {"updates": (update_of(target_date=parse(when)),)},
    ):
        assert len(problems(dates.implausible_date, record_of({}, **fields))) == found


def test_an_update_without_its_recommendation_and_an_agency_have_plausible_dates_too() -> None:
    agency = Agency(id="a", path="register/agencies/a.yaml", name="A", kind="other", ended=date(202, 4, 1))
    register = Register(agencies={"a": agency}, orphans=(update_of(date=date(202, 1, 1)),))
    found = [(violation.keys, violation.problem) for violation in dates.implausible_date.run(register, TODAY)]
    assert found == [
        (("ended",), "the date 0202-04-01 lies before 1990"),
        (("date",), "the date 0202-01-01 lies before 1990"),
    ]


@pytest.mark.parametrize(
    ("when", "fix"),
    [
        (
            "2024/2025",
            (
                'write "2024-04/2025-03" if the financial year is meant, and the month or the day by which it is to be '
                "done otherwise"
            ),
        ),
        ("2023/2026", "write the month or the day by which it is to be done"),
        ("2024/2024", ""),
        ("2024", ""),
        ("2024-04/2025-03", ""),
        ("2024-03", ""),
    ],
)
def test_a_target_of_two_years_is_told_and_what_else_to_write(when: str, fix: str) -> None:
    record = record_of(
        {}, target_date=parse(when), start_date=parse(when), updates=(update_of(target_date=parse(when)),)
    )
    found = list(dates.two_year_target.run(Register(recommendations=(record,)), TODAY))
    assert [violation.fix for violation in found] == [fix, fix] * bool(fix)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("register/agencies/con.yaml", "con"),
        ("register/agencies/prn.yaml", "prn"),
        ("register/agencies/com9.yaml", "com9"),
        ("register/agencies/lpt1.yaml", "lpt1"),
        ("register/agencies/com0.yaml", ""),
        ("register/agencies/com10.yaml", ""),
        ("register/agencies/con-1.yaml", ""),
        ("register/agencies/conwy.yaml", ""),
    ],
)
def test_a_reserved_name_is_a_whole_one(path: str, name: str) -> None:
    agency = Agency(id="a", path=path, name="A", kind="other")
    found = [violation.values for violation in structure.reserved_name.run(Register(agencies={"a": agency}), TODAY)]
    assert found == ([(name,)] if name else [])
