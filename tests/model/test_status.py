"""Judgements: timeliness, flags, RAG and current leads, on both sides of every boundary."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from conftest import FEWER
from hypothesis import given
from hypothesis import strategies as st

from dhrctl.checks import registry
from dhrctl.files import load
from dhrctl.files.tree import Tree
from dhrctl.model import dates
from dhrctl.model.edtf import When
from dhrctl.model.records import (
    Action,
    Agency,
    Recommendation,
    Register,
    Review,
    ReviewKind,
    Settings,
    Status,
    Successor,
    Update,
)
from dhrctl.model.status import RAG_RULE, Flag, Progress, Rag, Timeliness, current_leads, judge_record
from dhrctl.render import formats
from dhrctl.reports import answers, counts, findings, view
from dhrctl.table import Report

OPEN = (Status.NOT_STARTED, Status.IN_PROGRESS, Status.ON_HOLD, Status.UNKNOWN)
OTHERWISE_CLOSED = (Status.SUPERSEDED, Status.NOT_ACCEPTED, Status.CANCELLED)
OF_OPEN = {Timeliness.OVERDUE, Timeliness.DUE_SOON, Timeliness.ON_TRACK, Timeliness.NO_TARGET_DATE}
OF_COMPLETE = {Timeliness.IN_TIME, Timeliness.LATE, Timeliness.NOT_KNOWN}

Judgement = tuple[str, int | None]


def day(text: str) -> date:
    return date.fromisoformat(text)


def given_date(text: str | None) -> When | None:
    return dates.parse(text) if text else None


def update(on: str, target: str | None = None) -> Update:
    return Update(
        id="anytown-dhr-1/01",
        path=f"register/reviews/anytown-dhr-1/updates/01/{on}-anytown-police.yaml",
        date=day(on),
        agency="anytown-police",
        text="Work goes on.",
        target_date=given_date(target),
    )


def recommendation(status: Status = Status.IN_PROGRESS, target: str | None = None, **fields: Any) -> Recommendation:
    fields.setdefault("lead_agencies", ("anytown-police",))
    return Recommendation(
        id="anytown-dhr-1/01",
        review="anytown-dhr-1",
        number="01",
        path="register/reviews/anytown-dhr-1/recommendations/01.yaml",
        recommendation="That training is reviewed.",
        section="Police",
        status=status,
        target_date=given_date(target),
        **fields,
    )


def action(target: str | None, status: Status | None = None) -> Action:
    return Action(text="Review the training.", target_date=given_date(target), status=status)


def agency(name: str, ended: str = "", *successors: tuple[str, str]) -> Agency:
    return Agency(
        id=name,
        path=f"register/agencies/{name}.yaml",
        name=name.title(),
        kind="other",
        ended=day(ended) if ended else None,
        successors=tuple(Successor(agency=successor, since=day(since)) for successor, since in successors),
    )


def register(
    *agencies: Agency, due_soon_days: int = 30, cycle: int = 3, review_cycle: int | None = None, reviews: bool = True
) -> Register:
    review = Review(
        id="anytown-dhr-1",
        path="register/reviews/anytown-dhr-1/review.yaml",
        title="Anytown DHR 1",
        kind=ReviewKind.DHR,
        partnership="anytown-police",
        sections=("Police",),
        update_cycle_months=review_cycle,
    )
    known = agencies or (agency("anytown-police"),)
    return Register(
        settings=Settings(due_soon_days=due_soon_days, update_cycle_months=cycle),
        agencies={each.id: each for each in known},
        reviews={review.id: review} if reviews else {},
    )


def judged(record: Recommendation, on: str, **fields: Any) -> Progress:
    return judge_record(record, register(**fields), day(on))


# Timeliness


@pytest.mark.parametrize(
    ("target", "on", "expected"),
    [
        ("2024-06-30", "2024-05-30", ("on-track", None)),
        ("2024-06-30", "2024-05-31", ("due-soon", None)),
        ("2024-06-30", "2024-06-29", ("due-soon", None)),
        ("2024-06-30", "2024-06-30", ("due-soon", None)),
        ("2024-06-30", "2024-07-01", ("overdue", 1)),
        ("2024-06-30", "2025-06-30", ("overdue", 365)),
        ("2024-06", "2024-05-30", ("on-track", None)),
        ("2024-06", "2024-05-31", ("due-soon", None)),
        ("2024-06", "2024-06-01", ("due-soon", None)),
        ("2024-06", "2024-06-30", ("due-soon", None)),
        ("2024-06", "2024-07-01", ("overdue", 1)),
        ("2021-04", "2021-04-30", ("due-soon", None)),
        ("2021-04", "2021-05-01", ("overdue", 1)),
        ("2024-02", "2024-02-29", ("due-soon", None)),
        ("2024-02", "2024-03-01", ("overdue", 1)),
        ("2023-02", "2023-02-28", ("due-soon", None)),
        ("2023-02", "2023-03-01", ("overdue", 1)),
        ("2023-12", "2023-12-31", ("due-soon", None)),
        ("2023-12", "2024-01-01", ("overdue", 1)),
        ("2024", "2024-01-01", ("on-track", None)),
        ("2024", "2024-11-30", ("on-track", None)),
        ("2024", "2024-12-01", ("due-soon", None)),
        ("2024", "2024-12-31", ("due-soon", None)),
        ("2024", "2025-01-01", ("overdue", 1)),
        ("2024-01/2024-06", "2024-01-31", ("on-track", None)),
        ("2024-01/2024-06", "2024-06-30", ("due-soon", None)),
        ("2024-01/2024-06", "2024-07-01", ("overdue", 1)),
        ("2023/2024-02", "2024-01-29", ("on-track", None)),
        ("2023/2024-02", "2024-01-30", ("due-soon", None)),
        ("2023/2024-02", "2024-03-01", ("overdue", 1)),
        ("2024-05-01/2024-05-15", "2024-05-15", ("due-soon", None)),
        ("2024-05-01/2024-05-15", "2024-05-16", ("overdue", 1)),
        (None, "2024-06-30", ("no-target-date", None)),
        (None, "9999-12-31", ("no-target-date", None)),
        ("9999", "9999-12-31", ("due-soon", None)),
    ],
)
@pytest.mark.parametrize("status", OPEN)
def test_an_open_recommendation_stands_to_its_target_by_the_last_day_it_can_mean(
    target: str | None, on: str, expected: Judgement, status: Status
) -> None:
    progress = judged(recommendation(status, target), on)
    assert (progress.timeliness, progress.days_overdue) == expected


@pytest.mark.parametrize(
    ("due_soon_days", "on", "expected"),
    [
        (0, "2024-06-29", Timeliness.ON_TRACK),
        (0, "2024-06-30", Timeliness.DUE_SOON),
        (0, "2024-07-01", Timeliness.OVERDUE),
        (7, "2024-06-22", Timeliness.ON_TRACK),
        (7, "2024-06-23", Timeliness.DUE_SOON),
        (366, "2023-06-29", Timeliness.ON_TRACK),
        (366, "2023-06-30", Timeliness.DUE_SOON),
    ],
)
def test_the_register_says_how_many_days_are_soon(due_soon_days: int, on: str, expected: Timeliness) -> None:
    assert judged(recommendation(target="2024-06"), on, due_soon_days=due_soon_days).timeliness is expected


@pytest.mark.parametrize(
    ("target", "actions", "due"),
    [
        ("2024-06", (), "2024-06-30"),
        ("2024-06", (action("2024-05", Status.NOT_STARTED),), "2024-05-31"),
        ("2024-06", (action("2024-05", Status.IN_PROGRESS),), "2024-05-31"),
        ("2024-06", (action("2024-05", Status.ON_HOLD),), "2024-05-31"),
        ("2024-06", (action("2024-05", Status.UNKNOWN),), "2024-05-31"),
        ("2024-06", (action("2024-05"),), "2024-05-31"),
        ("2024-06", (action("2024-05", Status.COMPLETE),), "2024-06-30"),
        ("2024-06", (action("2024-05", Status.SUPERSEDED),), "2024-06-30"),
        ("2024-06", (action("2024-05", Status.NOT_ACCEPTED),), "2024-06-30"),
        ("2024-06", (action("2024-05", Status.CANCELLED),), "2024-06-30"),
        ("2024-06", (action("2024-07"),), "2024-06-30"),
        ("2024-06", (action(None),), "2024-06-30"),
        ("2024-06", (action("2024-06-15"),), "2024-06-15"),
        ("2024-06-15", (action("2024-06"),), "2024-06-15"),
        ("2024-06", (action("2024"),), "2024-06-30"),
        ("2024-06", (action("2024-01/2024-05"),), "2024-05-31"),
        ("2024-06", (action("2024-03", Status.COMPLETE), action("2024-05"), action("2024-04")), "2024-04-30"),
        (None, (action("2024-05"),), "2024-05-31"),
        (None, (action("2024-05", Status.IN_PROGRESS),), "2024-05-31"),
        (None, (action("2024-05", Status.COMPLETE),), None),
        (None, (action(None), action(None, Status.IN_PROGRESS)), None),
        (None, (), None),
    ],
)
@pytest.mark.parametrize("status", OPEN)
def test_the_due_day_is_the_earliest_of_the_target_and_the_targets_of_open_actions(
    target: str | None, actions: tuple[Action, ...], due: str | None, status: Status
) -> None:
    record = recommendation(status, target, actions=actions)
    if due is None:
        assert judged(record, "2030-01-01").timeliness is Timeliness.NO_TARGET_DATE
        return
    assert judged(record, due).timeliness is Timeliness.DUE_SOON
    late = judged(record, (day(due) + timedelta(days=1)).isoformat())
    assert (late.timeliness, late.days_overdue, late.due) == (Timeliness.OVERDUE, 1, day(due))


@pytest.mark.parametrize(
    ("completed", "target", "expected"),
    [
        ("2024-06-30", "2024-06-30", Timeliness.IN_TIME),
        ("2024-06-29", "2024-06-30", Timeliness.IN_TIME),
        ("2024-06-30", "2024-06", Timeliness.IN_TIME),
        ("2024-06", "2024-06", Timeliness.IN_TIME),
        ("2024-06", "2024-06-30", Timeliness.IN_TIME),
        ("2024-05", "2024-06-01", Timeliness.IN_TIME),
        ("2024", "2024", Timeliness.IN_TIME),
        ("2023/2024", "2024", Timeliness.IN_TIME),
        ("2023", "2024-01-01", Timeliness.IN_TIME),
        ("2024-07-01", "2024-06-30", Timeliness.LATE),
        ("2024-07-01", "2024-06", Timeliness.LATE),
        ("2024-07", "2024-06-30", Timeliness.LATE),
        ("2024-07", "2024-06", Timeliness.LATE),
        ("2025", "2024", Timeliness.LATE),
        ("2025-01/2025-03", "2023/2024", Timeliness.LATE),
        ("2024-06", "2024-06-29", Timeliness.NOT_KNOWN),
        ("2024-06", "2024-06-01", Timeliness.NOT_KNOWN),
        ("2024", "2024-06", Timeliness.NOT_KNOWN),
        ("2024-06/2024-07", "2024-06", Timeliness.NOT_KNOWN),
        (None, "2024-06", Timeliness.NOT_KNOWN),
        ("2024-06", None, Timeliness.NOT_KNOWN),
        (None, None, Timeliness.NOT_KNOWN),
    ],
)
@pytest.mark.parametrize("on", ["2020-01-01", "2024-06-30", "2030-01-01"])
def test_what_is_complete_was_in_time_or_late_as_far_as_the_dates_can_tell(
    completed: str | None, target: str | None, expected: Timeliness, on: str
) -> None:
    progress = judged(recommendation(Status.COMPLETE, target, completion_date=given_date(completed)), on)
    assert (progress.timeliness, progress.days_overdue) == (expected, None)


@pytest.mark.parametrize("status", OTHERWISE_CLOSED)
@pytest.mark.parametrize("target", [None, "2024-06", "2020"])
@pytest.mark.parametrize("completed", [None, "2024-06"])
def test_what_is_closed_for_another_reason_has_no_time_to_keep(
    status: Status, target: str | None, completed: str | None
) -> None:
    record = recommendation(status, target, completion_date=given_date(completed), actions=(action("2019"),))
    progress = judged(record, "2024-07-01")
    assert (progress.timeliness, progress.days_overdue) == (Timeliness.CLOSED, None)


# Flags

FRESH = (update("2024-06-30"),)


def flags(record: Recommendation, on: str = "2024-06-30", **fields: Any) -> set[str]:
    raised = judged(record, on, **fields).flags
    assert len(raised) == len(set(raised))
    return {str(flag) for flag in raised}


def test_nothing_is_raised_about_a_fresh_record_with_one_lead() -> None:
    assert flags(recommendation(target="2024-12", updates=FRESH)) == set()


@pytest.mark.parametrize(
    ("recorded", "target", "expected"),
    [
        ((), "2024-09", set()),
        ((None,), "2024-09", set()),
        (("2024-06",), "2024-09", {"slipped"}),
        ((None, "2024-06"), "2024-09", {"slipped"}),
        (("2024-06", "2024-09"), "2024-09", {"slipped"}),
        (("2024-06", "2024-12"), "2024-09", {"slipped"}),
        (("2024-06", None), "2024-09", {"slipped"}),
        (("2024-09",), "2024-09", set()),
        (("2024-12",), "2024-09", set()),
        (("2024-09", "2024-12"), "2024-09", set()),
        (("2024-12", "2024-06"), "2024-09", set()),
        (("2024-09",), "2024-09-30", set()),
        (("2024-09-30",), "2024-09", set()),
        (("2024-09-29",), "2024-09", {"slipped"}),
        (("2024-09",), "2024", {"slipped"}),
        (("2024-08/2024-09",), "2024-09", set()),
        (("2024-06",), None, set()),
    ],
)
def test_a_target_slipped_if_it_is_later_than_the_first_that_its_updates_record(
    recorded: tuple[str | None, ...], target: str | None, expected: set[str]
) -> None:
    updates = tuple(update(f"2024-06-{place:02}", text) for place, text in enumerate(recorded, start=1))
    assert flags(recommendation(target=target, updates=(*updates, update("2024-06-30")))) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [("2024-05-31", set()), ("2024-06-01", {"slipped"}), ("2024-07-01", {"slipped"})],
)
def test_a_target_has_not_slipped_before_an_update_said_so(on: str, expected: set[str]) -> None:
    updates = (update("2024-05-01"), update("2024-06-01", "2024-08"))
    assert flags(recommendation(target="2024-09", updates=updates), on) == expected


@pytest.mark.parametrize(
    ("updates", "cycle", "on", "expected"),
    [
        ((), 3, "2024-06-30", {"stale"}),
        ((), 12, "2024-06-30", {"stale"}),
        (("2024-06-30",), 1, "2024-06-30", set()),
        (("2024-03-30",), 3, "2024-06-30", set()),
        (("2024-03-29",), 3, "2024-06-30", {"stale"}),
        (("2024-03-30",), 3, "2024-07-01", {"stale"}),
        (("2024-01-01", "2024-03-30"), 3, "2024-06-30", set()),
        (("2024-03-31",), 3, "2024-06-30", set()),
        (("2024-03-31",), 3, "2024-07-01", {"stale"}),
        (("2023-11-30",), 3, "2024-02-29", set()),
        (("2023-11-30",), 3, "2024-03-01", {"stale"}),
        (("2022-11-30",), 3, "2023-02-28", set()),
        (("2022-11-30",), 3, "2023-03-01", {"stale"}),
        (("2024-01-31",), 1, "2024-02-29", set()),
        (("2024-01-31",), 1, "2024-03-01", {"stale"}),
        (("2023-12-15",), 1, "2024-01-15", set()),
        (("2023-12-15",), 1, "2024-01-16", {"stale"}),
        (("2023-12-31",), 6, "2024-06-30", set()),
        (("2023-12-31",), 6, "2024-07-01", {"stale"}),
        (("2024-02-29",), 12, "2025-02-28", set()),
        (("2024-02-29",), 12, "2025-03-01", {"stale"}),
        (("2024-07-01",), 3, "2024-06-30", {"stale"}),
        (("2024-01-01", "2024-07-01"), 3, "2024-06-30", {"stale"}),
        (("2024-06-01", "2024-07-01"), 3, "2024-06-30", set()),
        (("9999-12-01",), 3, "9999-12-31", set()),
    ],
)
def test_a_record_is_stale_without_an_update_within_the_cycle(
    updates: tuple[str, ...], cycle: int, on: str, expected: set[str]
) -> None:
    record = recommendation(updates=tuple(update(each) for each in updates))
    assert flags(record, on, cycle=cycle) == expected
    assert flags(record, on, cycle=1 if cycle > 1 else 12, review_cycle=cycle) == expected
    assert flags(record, on, cycle=cycle, reviews=False) == expected


@pytest.mark.parametrize(
    ("updates", "on", "expected"),
    [
        ((), "2024-06-30", None),
        (("2024-06-30",), "2024-06-30", "2024-06-30"),
        (("2024-07-01",), "2024-06-30", None),
        (("2024-01-01", "2024-03-30", "2024-07-01"), "2024-06-30", "2024-03-30"),
        (("2024-01-01", "2024-03-30", "2024-07-01"), "2024-07-01", "2024-07-01"),
    ],
)
@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.COMPLETE])
def test_the_last_update_is_the_newest_given_by_the_day(
    updates: tuple[str, ...], on: str, expected: str | None, status: Status
) -> None:
    record = recommendation(status, updates=tuple(update(each) for each in updates))
    assert judged(record, on).last_update == (day(expected) if expected else None)


@pytest.mark.parametrize(
    ("review_date", "expected"),
    [
        (None, set()),
        ("2024-06-30", set()),
        ("2024-06-29", {"review-due"}),
        ("2024-06", set()),
        ("2024-05", {"review-due"}),
        ("2024", set()),
        ("2023", {"review-due"}),
        ("2024-01/2024-06", set()),
        ("2024-01/2024-05", {"review-due"}),
    ],
)
def test_a_review_is_due_when_the_last_day_of_its_date_has_passed(review_date: str | None, expected: set[str]) -> None:
    assert flags(recommendation(updates=FRESH, review_date=given_date(review_date))) == expected


@pytest.mark.parametrize(
    ("leads", "expected"),
    [
        (("standing",), set()),
        (("ended-today",), {"lead-ended"}),
        (("ends-tomorrow",), set()),
        (("handed-over",), {"lead-ended"}),
        (("unknown",), set()),
        (("standing", "ended-today"), {"no-single-lead"}),
        (("ended-today", "unknown"), {"no-single-lead"}),
        (("standing", "unknown"), {"no-single-lead"}),
        (("ended-today", "handed-over"), {"no-single-lead", "lead-ended"}),
    ],
)
def test_a_lead_has_ended_when_every_lead_has_and_is_single_when_there_is_one(
    leads: tuple[str, ...], expected: set[str]
) -> None:
    known = register(
        agency("standing"),
        agency("ended-today", "2024-06-30"),
        agency("ends-tomorrow", "2024-07-01"),
        agency("handed-over", "2020-01-01", ("standing", "2020-01-01")),
    )
    progress = judge_record(recommendation(updates=FRESH, lead_agencies=leads), known, day("2024-06-30"))
    assert {str(flag) for flag in progress.flags} == expected


@pytest.mark.parametrize("status", Status)
def test_only_what_is_open_raises_flags(status: Status) -> None:
    record = recommendation(
        status,
        "2024-09",
        updates=(update("2020-01-01", "2020-06"),),
        review_date=given_date("2020"),
        lead_agencies=("ended", "gone"),
    )
    known = register(agency("ended", "2020-01-01"), agency("gone", "2021-01-01"))
    progress = judge_record(record, known, day("2024-06-30"))
    assert set(progress.flags) == (set(Flag) if status in OPEN else set())


# RAG

SLIPPED = (update("2024-06-01", "2024-07"), update("2024-06-30"))


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (recommendation(Status.COMPLETE, "2020"), Rag.BLUE),
        (recommendation(Status.COMPLETE), Rag.BLUE),
        (recommendation(Status.COMPLETE, "2024-07"), Rag.BLUE),
        (recommendation(Status.SUPERSEDED, "2020"), Rag.GREY),
        (recommendation(Status.NOT_ACCEPTED, "2024-07"), Rag.GREY),
        (recommendation(Status.CANCELLED), Rag.GREY),
        (recommendation(Status.IN_PROGRESS, "2024-05", updates=FRESH), Rag.RED),
        (recommendation(Status.IN_PROGRESS, "2024-06-29"), Rag.RED),
        (recommendation(Status.ON_HOLD, "2024-05"), Rag.RED),
        (recommendation(Status.UNKNOWN, "2024-05", updates=(update("2024-01-01", "2024-02"),)), Rag.RED),
        (recommendation(Status.IN_PROGRESS, None, actions=(action("2024-05"),)), Rag.RED),
        (recommendation(Status.IN_PROGRESS), Rag.GREY),
        (recommendation(Status.IN_PROGRESS, updates=FRESH), Rag.GREY),
        (recommendation(Status.ON_HOLD, updates=FRESH), Rag.GREY),
        (recommendation(Status.IN_PROGRESS, "2024-06", updates=FRESH), Rag.AMBER),
        (recommendation(Status.IN_PROGRESS, "2024-07-30", updates=FRESH), Rag.AMBER),
        (recommendation(Status.IN_PROGRESS, "2024-12", updates=SLIPPED), Rag.AMBER),
        (recommendation(Status.IN_PROGRESS, "2024-12"), Rag.AMBER),
        (recommendation(Status.IN_PROGRESS, "2024-12", updates=(update("2024-03-29"),)), Rag.AMBER),
        (recommendation(Status.ON_HOLD, "2024-12", updates=FRESH), Rag.AMBER),
        (recommendation(Status.IN_PROGRESS, "2024-07-31", updates=FRESH), Rag.GREEN),
        (recommendation(Status.NOT_STARTED, "2024-12", updates=FRESH), Rag.GREEN),
        (recommendation(Status.UNKNOWN, "2024-12", updates=FRESH), Rag.GREEN),
        (recommendation(Status.IN_PROGRESS, "2024-12", updates=FRESH, review_date=dates.parse("2020")), Rag.GREEN),
        (recommendation(Status.IN_PROGRESS, "2024-12", updates=FRESH, lead_agencies=("ended",)), Rag.GREEN),
        (recommendation(Status.IN_PROGRESS, "2024-12", updates=FRESH, lead_agencies=("one", "two")), Rag.GREEN),
    ],
)
def test_the_colour_is_the_first_line_of_the_rule_that_holds(record: Recommendation, expected: Rag) -> None:
    known = register(agency("anytown-police"), agency("ended", "2020-01-01"), agency("one"), agency("two"))
    assert judge_record(record, known, day("2024-06-30")).rag is expected


def test_the_rule_of_the_colours_names_every_colour() -> None:
    assert all(f" {colour}" in RAG_RULE for colour in Rag)


# Current leads

BODIES = register(
    agency("police"),
    agency("st-ccg", "2020-04-01", ("tv-ccg", "2020-04-01")),
    agency("tv-ccg", "2022-07-01", ("icb", "2022-07-01")),
    agency("icb"),
    agency("divided", "2023-01-01", ("north", "2023-01-01"), ("south", "2024-01-01")),
    agency("north"),
    agency("south"),
    agency("interrupted", "2023-01-01", ("north", "2024-01-01")),
    agency("dissolved", "2023-01-01"),
    agency("lost", "2023-01-01", ("never-entered", "2023-01-01")),
    agency("heir-apparent", "", ("north", "2020-01-01")),
    agency("circle-a", "2023-01-01", ("circle-b", "2023-01-01")),
    agency("circle-b", "2023-01-01", ("circle-a", "2023-01-01"), ("south", "2024-01-01")),
    agency("own-heir", "2023-01-01", ("own-heir", "2023-01-01")),
)


@pytest.mark.parametrize(
    ("leads", "on", "expected"),
    [
        (("police",), "2024-06-30", ["police"]),
        (("st-ccg",), "2020-03-31", ["st-ccg"]),
        (("st-ccg",), "2020-04-01", ["tv-ccg"]),
        (("st-ccg",), "2022-06-30", ["tv-ccg"]),
        (("st-ccg",), "2022-07-01", ["icb"]),
        (("divided",), "2022-12-31", ["divided"]),
        (("divided",), "2023-01-01", ["north"]),
        (("divided",), "2023-12-31", ["north"]),
        (("divided",), "2024-01-01", ["north", "south"]),
        (("interrupted",), "2022-12-31", ["interrupted"]),
        (("interrupted",), "2023-06-30", []),
        (("interrupted",), "2023-12-31", []),
        (("interrupted",), "2024-01-01", ["north"]),
        (("dissolved",), "2022-12-31", ["dissolved"]),
        (("dissolved",), "2023-01-01", []),
        (("heir-apparent",), "2024-06-30", ["heir-apparent"]),
        (("never-entered",), "2024-06-30", ["never-entered"]),
        (("lost",), "2024-06-30", ["never-entered"]),
        (("circle-a",), "2023-06-30", []),
        (("circle-a",), "2024-01-01", ["south"]),
        (("circle-b",), "2024-01-01", ["south"]),
        (("own-heir",), "2022-12-31", ["own-heir"]),
        (("own-heir",), "2023-01-01", []),
        (("police", "st-ccg"), "2024-06-30", ["icb", "police"]),
        (("st-ccg", "tv-ccg"), "2021-01-01", ["tv-ccg"]),
        (("st-ccg", "tv-ccg", "icb"), "2024-06-30", ["icb"]),
        (("divided", "interrupted"), "2024-06-30", ["north", "south"]),
        (("dissolved", "police"), "2024-06-30", ["police"]),
        ((), "2024-06-30", []),
    ],
)
def test_a_lead_that_has_ended_is_followed_to_those_in_office(
    leads: tuple[str, ...], on: str, expected: list[str]
) -> None:
    assert sorted(current_leads(leads, BODIES, day(on))) == expected


def test_leads_in_office_keep_their_order() -> None:
    assert current_leads(("south", "police", "icb"), BODIES, day("2024-06-30")) == ("south", "police", "icb")


# Laws

NAMES = ("a", "b", "c", "d")
near_days = st.dates(day("2022-01-01"), day("2026-12-31"))
any_days = st.one_of(near_days, st.dates())


@st.composite
def spans(draw: st.DrawFn) -> When:
    def text() -> str:
        width = draw(st.sampled_from((len("2024"), len("2024-06"), len("2024-06-30"))))
        return f"{draw(any_days).isoformat()[:width]}"

    first, second = dates.parse(text()), dates.parse(text())
    if draw(st.booleans()) or second.first < first.first:
        return first
    return dates.parse(f"{first}/{second}")


maybe = st.none() | spans()
lead_names = st.lists(st.sampled_from((*NAMES, "unknown")), min_size=1, max_size=3, unique=True).map(tuple)
successors = st.lists(st.builds(Successor, agency=st.sampled_from((*NAMES, "unknown")), since=any_days), max_size=3)
actions = st.lists(
    st.builds(Action, text=st.just("Review it."), target_date=maybe, status=st.none() | st.sampled_from(Status)),
    max_size=3,
)


@st.composite
def agencies(draw: st.DrawFn, name: str) -> Agency:
    return replace(agency(name), ended=draw(st.none() | any_days), successors=tuple(draw(successors)))


@st.composite
def registers(draw: st.DrawFn) -> Register:
    return register(
        *[draw(agencies(name)) for name in NAMES],
        due_soon_days=draw(st.integers(0, 366)),
        cycle=draw(st.sampled_from((1, 3, 6, 12))),
        review_cycle=draw(st.sampled_from((None, 1, 3, 6, 12))),
        reviews=draw(st.booleans()),
    )


@st.composite
def recommendations(draw: st.DrawFn) -> Recommendation:
    given_on = sorted(draw(st.lists(any_days, max_size=3)))
    return replace(
        recommendation(draw(st.sampled_from(Status))),
        target_date=draw(maybe),
        completion_date=draw(maybe),
        review_date=draw(maybe),
        lead_agencies=draw(lead_names),
        actions=tuple(draw(actions)),
        updates=tuple(replace(update(on.isoformat()), target_date=draw(maybe)) for on in given_on),
    )


@given(record=recommendations(), known=registers(), on=any_days)
def test_judging_is_total_and_its_parts_agree(record: Recommendation, known: Register, on: date) -> None:
    progress = judge_record(record, known, on)
    if record.status in OPEN:
        assert progress.timeliness in OF_OPEN
    elif record.status is Status.COMPLETE:
        assert progress.timeliness in OF_COMPLETE
    else:
        assert progress.timeliness is Timeliness.CLOSED
    overdue = progress.timeliness is Timeliness.OVERDUE
    assert (progress.days_overdue is not None) == overdue
    assert progress.days_overdue is None or progress.days_overdue > 0
    assert (progress.rag is Rag.RED) == overdue
    assert (progress.rag is Rag.BLUE) == (record.status is Status.COMPLETE)
    assert record.status in OPEN or not progress.flags
    assert progress.last_update is None or progress.last_update <= on
    assert len(progress.current_leads) == len(set(progress.current_leads))
    for lead in progress.current_leads:
        assert lead not in known.agencies or known.agencies[lead].in_office(on)
    in_office = {lead for lead in record.lead_agencies if lead in known.agencies and known.agencies[lead].in_office(on)}
    assert in_office <= set(progress.current_leads)


@given(record=recommendations(), known=registers(), on=near_days, later=near_days)
def test_a_later_day_never_makes_what_is_overdue_less_so(
    record: Recommendation, known: Register, on: date, later: date
) -> None:
    on, later = sorted((on, later))
    before, after = judge_record(record, known, on), judge_record(record, known, later)
    if before.days_overdue is not None:
        assert after.timeliness is Timeliness.OVERDUE
        assert after.days_overdue == before.days_overdue + (later - on).days


@given(record=recommendations(), known=registers(), on=near_days)
def test_what_is_said_after_the_day_changes_nothing(record: Recommendation, known: Register, on: date) -> None:
    heard = tuple(each for each in record.updates if each.date <= on)
    assert judge_record(record, known, on) == judge_record(replace(record, updates=heard), known, on)


@given(record=recommendations(), known=registers(), on=near_days)
def test_judging_twice_judges_the_same_and_changes_nothing(record: Recommendation, known: Register, on: date) -> None:
    before = repr(record), repr(known)
    assert judge_record(record, known, on) == judge_record(record, known, on)
    assert (repr(record), repr(known)) == before


REVIEW = """\
title: {title}
kind: dhr
partnership: anytown-police
sections: [Police, Housing]
commitments:
  - text: The panel of {title} will look at the plan again.
    status: unknown
"""
RECORD = """\
recommendation: That training is reviewed.
section: {section}
lead_agencies: [{lead}]
target_date: "{target}"
status: {status}
"""
UPDATE = """\
date: "2024-02-01"
agency: {agency}
text: Work goes on.
target_date: "{target}"
"""
REVIEWS = "register/reviews"
FILES: Mapping[str, str] = {
    "register/register.yaml": "schema_version: 1\ntitle: Anytown action register\n",
    "register/agencies/anytown-police.yaml": "name: Anytown Police\nkind: police\n",
    "register/agencies/anytown-ccg.yaml": (
        "name: Anytown CCG\nkind: nhs-commissioner\nended: '2022-07-01'\n"
        "successors: [{agency: anytown-icb, from: '2022-07-01'}, {agency: newtown-icb, from: '2022-07-01'}]\n"
    ),
    "register/agencies/anytown-icb.yaml": "name: Anytown ICB\nkind: nhs-commissioner\n",
    "register/agencies/newtown-icb.yaml": "name: Newtown ICB\nkind: nhs-commissioner\n",
    f"{REVIEWS}/anytown-dhr-1/review.yaml": REVIEW.format(title="Anytown DHR 1"),
    f"{REVIEWS}/newtown-dhr-2/review.yaml": REVIEW.format(title="Newtown DHR 2"),
    f"{REVIEWS}/anytown-dhr-1/recommendations/2.yaml": RECORD.format(
        section="Police", lead="anytown-ccg", target="2024-03", status="in-progress"
    ),
    f"{REVIEWS}/anytown-dhr-1/recommendations/10.yaml": RECORD.format(
        section="Housing", lead="anytown-police, anytown-ccg", target="2024-03", status="on-hold"
    ),
    f"{REVIEWS}/newtown-dhr-2/recommendations/01.yaml": RECORD.format(
        section="Housing", lead="anytown-polise", target="2024-01", status="complete"
    ),
    f"{REVIEWS}/newtown-dhr-2/recommendations/02.yaml": "recommendation: [\n",
    f"{REVIEWS}/anytown-dhr-1/updates/2/2024-02-01-anytown-ccg.yaml": UPDATE.format(
        agency="anytown-ccg", target="2023-09"
    ),
    f"{REVIEWS}/anytown-dhr-1/updates/2/2024-02-01-anytown-police.yaml": UPDATE.format(
        agency="anytown-police", target="2024-03"
    ),
    f"{REVIEWS}/anytown-dhr-1/updates/7/2024-02-01-anytown-ccg.yaml": UPDATE.format(
        agency="anytown-ccg", target="2024-05"
    ),
    f"{REVIEWS}/anytown-dhr-1/updates/7/2024-02-01-anytown-police.yaml": UPDATE.format(
        agency="anytown-police", target="2024-06"
    ),
}


def read(paths: list[str]) -> tuple[load.Reading, view.View]:
    found = load.read_register(Tree(contents={path: FILES[path].encode() for path in paths}))
    return found, view.build_view(found.register, day("2024-06-30"))


def written(*reports: Report) -> list[str]:
    return [formats.FORMATS["json"](report, formats.Screen()) for report in reports]


@FEWER
@given(paths=st.permutations(sorted(FILES)))
def test_the_order_of_files_does_not_matter_to_what_is_found(paths: list[str]) -> None:
    def found(paths: list[str]) -> list[str]:
        what, asked = read(paths)
        every = (*what.findings, *registry.findings(what.register, asked.day))
        until = day("2024-12-31")
        return written(
            answers.list_recommendations(asked),
            answers.overdue(asked, until),
            findings.report_findings(every, what.files, asked.day),
        )

    assert found(paths) == found(sorted(FILES))


@FEWER
@given(paths=st.permutations(sorted(FILES)), by=st.sampled_from(sorted(counts.GROUPINGS)))
def test_the_order_of_files_does_not_matter_to_what_is_counted(paths: list[str], by: str) -> None:
    _, asked = read(paths)
    _, expected = read(sorted(FILES))
    assert written(counts.status(asked, by)) == written(counts.status(expected, by))
