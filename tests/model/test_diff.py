"""What changed between two moments, as pure values."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dhrctl.model import dates
from dhrctl.model.diff import EventKind, Snapshot, compare_snapshots
from dhrctl.model.edtf import When
from dhrctl.model.history import (
    FIELDS,
    Count,
    Difference,
    Slip,
    Version,
    counts,
    differences,
    find_explanation,
    list_status_periods,
    slip,
)
from dhrctl.model.paths import recommendation_path
from dhrctl.model.records import (
    Action,
    Agency,
    Assurance,
    Recommendation,
    Register,
    Settings,
    Status,
    Successor,
    Update,
)

IDENTITY = "anytown-dhr-1/01"
A, B, C = (dates.parse(text) for text in ("2024-03", "2024-09", "2025-03"))


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _record(number: str = "01", **fields: Any) -> Recommendation:
    given = {
        "recommendation": f"Wording {number}.",
        "section": "Police",
        "lead_agencies": ("police",),
        "status": Status.IN_PROGRESS,
    }
    identity = f"anytown-dhr-1/{number}"
    return Recommendation(
        id=identity,
        review="anytown-dhr-1",
        number=number,
        path=recommendation_path(identity),
        **(given | fields),
    )


def _update(day: str, **fields: Any) -> Update:
    path = f"register/reviews/anytown-dhr-1/updates/01/{day}-police.yaml"
    return Update(id=IDENTITY, path=path, date=_day(day), agency="police", text="Told.", **fields)


def _version(day: str, record: Recommendation | None = None, *, readable: bool = True) -> Version:
    return Version(day=_day(day), commit="c" * 40, author="A <a@anytown.invalid>", record=record, readable=readable)


def _snapshot(day: str, *records: Recommendation, **fields: Any) -> Snapshot:
    agencies = {
        "police": Agency(id="police", path="", name="Anytown Police", kind="police"),
        "ccg": Agency(
            id="ccg",
            path="",
            name="Anytown CCG",
            kind="health",
            ended=_day("2024-07-01"),
            successors=(Successor(agency="icb", since=_day("2024-07-01")),),
        ),
        "icb": Agency(id="icb", path="", name="Anytown ICB", kind="health"),
        "gone": Agency(id="gone", path="", name="Anytown Trust", kind="health", ended=_day("2024-01-01")),
    }
    register = Register(settings=Settings(due_soon_days=30), agencies=agencies, recommendations=records, **fields)
    return Snapshot(register=register, day=_day(day))


# Fields


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, []),
        ({"status": Status.COMPLETE}, ["status"]),
        ({"target_date": B, "section": "Health"}, ["section", "target_date"]),
        ({"as_stated": {"No": "1"}}, ["as_stated"]),
        ({"updates": (_update("2024-02-01"),)}, []),
        ({"id": "anytown-dhr-1/02", "number": "02", "path": "elsewhere", "review": "other"}, []),
    ],
)
def test_each_field_that_is_other_is_a_difference(fields: dict[str, Any], found: list[str]) -> None:
    old = _record()
    assert [each.field for each in differences(old, replace(old, **fields))] == found


def test_every_field_but_the_place_and_the_updates_is_compared() -> None:
    assert {"id", "review", "number", "path", "updates"}.isdisjoint(FIELDS)
    assert len(FIELDS) == len(Recommendation.__slots__) - 5


TO_B = Difference(field="target_date", old=A, new=B)


@pytest.mark.parametrize(
    ("difference", "updates", "explained"),
    [
        (TO_B, [_update("2024-03-01", target_date=B)], "2024-03-01"),
        (TO_B, [_update("2024-03-20", target_date=B)], "2024-03-20"),
        (TO_B, [_update("2024-03-21", target_date=B)], None),
        (TO_B, [_update("2024-03-01", target_date=C)], None),
        (TO_B, [_update("2024-02-01", target_date=B), _update("2024-03-01", target_date=B)], "2024-03-01"),
        (TO_B, [], None),
        (Difference(field="target_date", old=B, new=None), [_update("2024-03-01")], None),
        (Difference(field="section", old="Police", new="Health"), [_update("2024-03-01")], None),
        (
            Difference(field="lead_agencies", old=("ccg",), new=("icb",)),
            [_update("2024-03-01", lead_agencies=("icb",))],
            "2024-03-01",
        ),
        (
            Difference(field="assurance", old=Assurance.DECLARED, new=Assurance.NONE),
            [_update("2024-03-01", assurance=Assurance.NONE)],
            "2024-03-01",
        ),
    ],
)
def test_the_update_that_gives_a_field_its_value_explains_it(
    difference: Difference, updates: list[Update], explained: str | None
) -> None:
    found = find_explanation(difference, updates, _day("2024-03-20"))
    assert (str(found.date) if found else None) == explained


@pytest.mark.parametrize(
    ("given", "explained"), [("2024-01-01", None), ("2024-01-31", None), ("2024-02-01", "2024-02-01")]
)
def test_an_update_that_gave_a_value_before_it_was_lost_does_not_explain_its_return(
    given: str, explained: str | None
) -> None:
    earlier = [
        _version("2024-01-01", _record(status=Status.IN_PROGRESS)),
        _version("2024-01-15"),
        _version("2024-02-01", _record(status=Status.ON_HOLD)),
    ]
    difference = Difference(field="status", old=Status.ON_HOLD, new=Status.IN_PROGRESS)
    found = find_explanation(difference, [_update(given, status=Status.IN_PROGRESS)], _day("2024-03-01"), earlier)
    assert (str(found.date) if found else None) == explained


# Time in each status

STARTED, HELD, DONE = (_record(status=each) for each in (Status.IN_PROGRESS, Status.ON_HOLD, Status.COMPLETE))


@pytest.mark.parametrize(
    ("versions", "found"),
    [
        ([], []),
        ([_version("2024-01-01", STARTED)], [("in-progress", "2024-01-01", 90)]),
        (
            [_version("2024-01-01", STARTED), _version("2024-01-11", replace(STARTED, section="Health"))],
            [("in-progress", "2024-01-01", 90)],
        ),
        (
            [_version("2024-01-01", STARTED), _version("2024-01-11", HELD), _version("2024-01-21", STARTED)],
            [("in-progress", "2024-01-01", 10), ("on-hold", "2024-01-11", 10), ("in-progress", "2024-01-21", 70)],
        ),
        (
            [_version("2024-01-01", STARTED), _version("2024-01-11"), _version("2024-01-21", STARTED)],
            [("in-progress", "2024-01-01", 10), ("in-progress", "2024-01-21", 70)],
        ),
        (
            [_version("2024-01-01", STARTED), _version("2024-01-11", readable=False), _version("2024-01-21", STARTED)],
            [("in-progress", "2024-01-01", 90)],
        ),
        ([_version("2024-01-01", STARTED), _version("2024-04-01", DONE)], [("in-progress", "2024-01-01", 90)]),
        (
            [_version("2024-01-01", STARTED), _version("2024-03-31", DONE)],
            [("in-progress", "2024-01-01", 90), ("complete", "2024-03-31", 0)],
        ),
    ],
)
def test_time_in_each_status(versions: list[Version], found: list[tuple[str, str, int]]) -> None:
    assert [
        (str(each.status), str(each.since), each.days) for each in list_status_periods(versions, _day("2024-03-31"))
    ] == found


# Slips


def _targets(*dated: tuple[str, When | None]) -> list[Version]:
    return [_version(day, _record(target_date=target)) for day, target in dated]


@pytest.mark.parametrize(
    ("now", "versions", "updates", "found"),
    [
        (None, [], [], (None, 0, None)),
        (A, [], [], (A, 0, 0)),
        (B, _targets(("2024-01-01", A), ("2024-02-01", B)), [], (A, 1, 183)),
        (B, _targets(("2024-01-01", A), ("2024-02-01", B), ("2024-02-02", B)), [], (A, 1, 183)),
        (A, _targets(("2024-01-01", B), ("2024-02-01", A)), [], (B, 1, -183)),
        (A, _targets(("2024-01-01", A), ("2024-02-01", B), ("2024-03-01", A)), [], (A, 2, 0)),
        (B, _targets(("2024-01-01", A)), [], (A, 1, 183)),
        (None, _targets(("2024-01-01", A), ("2024-02-01", None)), [], (A, 0, None)),
        (B, _targets(("2024-01-01", None), ("2024-02-01", B)), [], (B, 0, 0)),
        (B, [*_targets(("2024-01-01", A)), _version("2024-01-02"), *_targets(("2024-02-01", B))], [], (A, 1, 183)),
        (B, _targets(("2024-01-01", A), ("2024-05-01", B)), [_update("2024-02-01", target_date=B)], (A, 1, 183)),
        (B, _targets(("2024-01-01", A), ("2024-02-01", B)), [_update("2024-02-01", target_date=B)], (A, 1, 183)),
        (B, _targets(("2024-01-01", A), ("2024-01-01", B)), [_update("2024-01-01", target_date=B)], (A, 1, 183)),
        (B, _targets(("2024-02-01", B)), [_update("2023-01-01", target_date=A)], (A, 1, 183)),
        (C, _targets(("2024-02-01", C)), [_update("2023-01-01", target_date=A), _update("2023-02-01", target_date=B)], (A, 2, 365)),
        (
            B,
            _targets(("2024-01-01", A), ("2024-01-20", A), ("2024-02-01", B)),
            [_update("2024-01-10", target_date=B)],
            (A, 1, 183),
        ),
        (B, _targets(("2025-01-01", A)), [_update("2025-01-01", target_date=A)], (B, 0, 0)),
    ],
)  # fmt: skip
def test_how_far_a_target_moved_by_a_day(
    now: When | None,
    versions: list[Version],
    updates: list[Update],
    found: tuple[When | None, int, int | None],
) -> None:
    record = _record(target_date=now, updates=tuple(updates))
    moved = slip(record, versions, _day("2024-12-31"))
    first, redatings, days = found
    assert moved == Slip(first=first, now=now, redatings=redatings)
    assert moved.days == days


# Between two moments


def _kinds(old: Snapshot, new: Snapshot) -> list[tuple[str, str]]:
    return [(str(each.kind), each.record.id.rpartition("/")[-1]) for each in compare_snapshots(old, new)]


ONE = _record(target_date=A)


@pytest.mark.parametrize(
    ("old", "new", "kind", "days", "said"),
    [
        ((), (ONE,), EventKind.ADDED, None, ""),
        ((ONE,), (), EventKind.REMOVED, None, ""),
        ((ONE,), (replace(ONE, status=Status.COMPLETE),), EventKind.COMPLETED, None, "was in progress"),
        ((replace(ONE, status=Status.COMPLETE),), (ONE,), EventKind.REOPENED, None, "was complete"),
        ((replace(ONE, status=Status.CANCELLED),), (ONE,), EventKind.REOPENED, None, "was cancelled"),
        ((ONE,), (replace(ONE, target_date=B),), EventKind.REDATED, 183, "2024-03 → 2024-09"),
        ((replace(ONE, target_date=B),), (ONE,), EventKind.REDATED, -183, "2024-09 → 2024-03"),
        ((ONE,), (replace(ONE, target_date=None),), EventKind.REDATED, None, "2024-03 → no date"),
        ((replace(ONE, target_date=None),), (ONE,), EventKind.REDATED, None, "no date → 2024-03"),
        (
            (ONE,),
            (replace(ONE, lead_agencies=("icb",)),),
            EventKind.LEAD_CHANGED,
            None,
            "Anytown Police → Anytown ICB",
        ),
        ((ONE,), (replace(ONE, lead_agencies=("gone",)),), EventKind.LEAD_CHANGED, None, "Anytown Police → nobody"),
        ((replace(ONE, lead_agencies=("gone",)),), (ONE,), EventKind.LEAD_CHANGED, None, "nobody → Anytown Police"),
        ((ONE,), (replace(ONE, recommendation="Another."),), EventKind.WORDING_CHANGED, None, ""),
        ((ONE,), (replace(ONE, updates=(_update("2024-01-05"),)),), EventKind.UPDATED, None, "Anytown Police, 2024-01-05"),
    ],
)  # fmt: skip
def test_each_kind_of_change(
    old: Sequence[Recommendation], new: Sequence[Recommendation], kind: EventKind, days: int | None, said: str
) -> None:
    (found,) = compare_snapshots(_snapshot("2024-01-01", *old), _snapshot("2024-01-10", *new))
    assert (found.kind, found.days, found.detail) == (kind, days, said)
    assert found.record == (*new, *old)[0]


def test_what_cannot_be_read_on_one_side_was_neither_added_nor_removed() -> None:
    whole, broken = _snapshot("2024-01-01", ONE), _snapshot("2024-01-10")
    broken = replace(broken, register=replace(broken.register, paths=frozenset([ONE.path])))
    assert _kinds(whole, broken) == _kinds(broken, whole) == []
    whole = replace(whole, register=replace(whole.register, paths=frozenset([ONE.path])))
    assert _kinds(whole, _snapshot("2024-01-10")) == [("removed", "01")]
    assert _kinds(_snapshot("2024-01-10"), whole) == [("added", "01")]


@pytest.mark.parametrize(
    "new",
    [
        ONE,
        replace(ONE, recommendation="WORDING\n01."),
        replace(ONE, section="Health"),
        replace(ONE, status=Status.ON_HOLD),
        replace(ONE, outcomes=("Done.",)),
    ],
)
def test_what_is_no_change_of_the_kinds_that_are_told(new: Recommendation) -> None:
    assert _kinds(_snapshot("2024-01-01", ONE), _snapshot("2024-01-10", new)) == []


@pytest.mark.parametrize(
    ("then", "now", "record", "found"),
    [
        ("2024-01-01", "2024-02-29", ONE, []),
        ("2024-01-01", "2024-03-01", ONE, [(EventKind.NEWLY_DUE, None, "on 2024-03-31")]),
        ("2024-01-01", "2024-03-31", ONE, [(EventKind.NEWLY_DUE, None, "on 2024-03-31")]),
        ("2024-01-01", "2024-04-01", ONE, [(EventKind.NEWLY_OVERDUE, 1, "was due 2024-03-31")]),
        ("2024-03-01", "2024-03-31", ONE, []),
        ("2024-04-01", "2024-05-01", ONE, []),
        ("2024-01-01", "2024-05-01", replace(ONE, status=Status.COMPLETE), []),
        (
            "2024-01-01",
            "2024-02-11",
            replace(ONE, actions=(Action(text="Write.", target_date=dates.parse("2024-02-10")),)),
            [(EventKind.NEWLY_OVERDUE, 1, "was due 2024-02-10")],
        ),
    ],
)
def test_time_alone_makes_due_and_overdue(
    then: str, now: str, record: Recommendation, found: list[tuple[EventKind, int | None, str]]
) -> None:
    happened = compare_snapshots(_snapshot(then, record), _snapshot(now, record))
    assert [(each.kind, each.days, each.detail) for each in happened] == found


@pytest.mark.parametrize(
    ("then", "now", "old", "new", "said"),
    [
        ("2024-06-30", "2024-07-01", ("ccg",), ("ccg",), ["Anytown CCG → Anytown ICB (handed over)"]),
        ("2024-06-30", "2024-07-01", ("ccg",), ("icb",), ["Anytown CCG → Anytown ICB (handed over)"]),
        ("2024-07-01", "2024-07-02", ("ccg",), ("icb",), ["Anytown CCG → Anytown ICB (handed over)"]),
        ("2024-07-01", "2024-07-02", ("ccg",), ("ccg",), []),
        ("2024-06-30", "2024-07-01", ("ccg",), ("police",), ["Anytown CCG → Anytown Police"]),
        ("2024-06-29", "2024-06-30", ("ccg",), ("ccg", "police"), ["Anytown CCG → Anytown CCG, Anytown Police"]),
        ("2023-12-31", "2024-01-01", ("gone",), ("gone",), ["Anytown Trust → nobody"]),
        ("2024-06-29", "2024-06-30", ("none-such",), ("police",), ["none-such → Anytown Police"]),
    ],
)
def test_leads_change_and_hand_over(
    then: str, now: str, old: tuple[str, ...], new: tuple[str, ...], said: list[str]
) -> None:
    before, after = (_snapshot(day, _record(lead_agencies=leads)) for day, leads in ((then, old), (now, new)))
    found = list(compare_snapshots(before, after))
    assert [each.detail for each in found] == said
    assert all(each.kind is EventKind.LEAD_CHANGED for each in found)


def _worded(**wordings: str) -> list[Recommendation]:
    return [_record(number.lstrip("n"), recommendation=wording) for number, wording in wordings.items()]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (_worded(n01="One."), _worded(n02="One."), []),
        (_worded(n01="One."), _worded(n02="ONE. "), []),
        (_worded(n01="One."), _worded(n02="Two."), [("added", "02"), ("removed", "01")]),
        (_worded(n01=""), _worded(n02=""), [("added", "02"), ("removed", "01")]),
        (_worded(n01="One."), _worded(n01="One.", n02="One."), [("added", "02")]),
        (_worded(n01="One.", n02="Two."), _worded(n02="One.", n03="Two."), []),
        (_worded(n01="One.", n02="Two."), _worded(n01="Two.", n02="One."), []),
        (_worded(n01="One.", n02="Two."), _worded(n01="New.", n02="One.", n03="Two."), [("added", "01")]),
        (_worded(n01="One.", n02="Two."), _worded(n01="Two."), [("removed", "01")]),
        (_worded(n01="One."), _worded(n02="One.", n03="One."), [("added", "03")]),
    ],
)
def test_renumbered_ids_are_followed(
    old: list[Recommendation], new: list[Recommendation], found: list[tuple[str, str]]
) -> None:
    assert _kinds(_snapshot("2024-01-01", *old), _snapshot("2024-01-02", *new)) == found


def test_updates_go_with_a_renumbered_recommendation() -> None:
    known, given = _update("2024-01-01"), _update("2024-01-05")
    moved = replace(known, path=known.path.replace("/01/", "/02/"))
    old = _record(recommendation="One.", updates=(known,))
    new = _record("02", recommendation="One.", updates=(moved, given))
    assert _kinds(_snapshot("2024-01-01", old), _snapshot("2024-01-10", new)) == [("updated", "02")]


# Over time

DAYS = [_day(text) for text in ("2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30")]


@pytest.mark.parametrize(
    ("versions", "found"),
    [
        ([], [(0, 0, 0, 0)] * 4),
        ([_version("2024-01-31", ONE)], [(1, 0, 0, 0)] * 3 + [(1, 1, 0, 0)]),
        ([_version("2024-02-01", ONE)], [(0, 0, 0, 0)] + [(1, 0, 0, 0)] * 2 + [(1, 1, 0, 0)]),
        ([_version("2024-05-01", ONE)], [(0, 0, 0, 0)] * 4),
        ([_version("2024-01-01", _record())], [(1, 0, 0, 1)] * 4),
        (
            [_version("2024-01-01", ONE), _version("2024-02-01", replace(ONE, status=Status.COMPLETE))],
            [(1, 0, 0, 0)] + [(0, 0, 1, 0)] * 3,
        ),
        ([_version("2024-01-01", replace(ONE, status=Status.CANCELLED))], [(0, 0, 0, 0)] * 4),
        ([_version("2024-01-01", ONE), _version("2024-02-01")], [(1, 0, 0, 0)] + [(0, 0, 0, 0)] * 3),
        (
            [_version("2024-01-01", _record()), _version("2024-02-01", readable=False)],
            [(1, 0, 0, 1)] * 4,
        ),
        (
            [_version("2024-01-01", _record()), _version("2024-02-01", ONE), _version("2024-02-02", _record())],
            [(1, 0, 0, 1)] * 4,
        ),
    ],
)
def test_counts_at_the_end_of_days(versions: list[Version], found: list[tuple[int, int, int, int]]) -> None:
    assert counts([versions, []], DAYS) == [
        Count(day=day, open=still, overdue=late, complete=done, undated=undated)
        for day, (still, late, done, undated) in zip(DAYS, found, strict=True)
    ]


def test_counts_add_up_over_recommendations() -> None:
    found = counts([[_version("2024-01-01", ONE)], [_version("2024-02-15", _record("02"))]], DAYS)
    assert [(each.open, each.overdue, each.undated) for each in found] == [(1, 0, 0), (2, 0, 1), (2, 0, 1), (2, 1, 1)]
