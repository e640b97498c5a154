"""Merging three versions of a record's data: what each side does, where they disagree, and the laws of it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from leaves import every

from dhrctl.merge.three_way import ABSENT, Clash, clashes, merge_data, take_side

Data = dict[str, Any]
TRAIN, AUDIT, REPORT, LEAFLET = ({"text": text} for text in ("Train.", "Audit.", "Report.", "Print."))
DONE = {"status": "complete"}
POLICY = {"kind": "policy-or-procedure", "title": "Policy"}
SAMPLE = {"kind": "audit", "title": "Sample"}


def clash(base: Any, ours: Any, theirs: Any) -> Clash:
    return Clash(base=base, ours=ours, theirs=theirs)


# base, ours, theirs, what comes of it
CLEAN: tuple[tuple[str, Data, Data, Data, Data], ...] = (
    ("nothing", {"a": "1"}, {"a": "1"}, {"a": "1"}, {"a": "1"}),
    ("ours alone", {"a": "1"}, {"a": "2"}, {"a": "1"}, {"a": "2"}),
    ("theirs alone", {"a": "1"}, {"a": "1"}, {"a": "2"}, {"a": "2"}),
    ("both the same", {"a": "1"}, {"a": "2"}, {"a": "2"}, {"a": "2"}),
    ("two fields", {"a": "1", "b": "1"}, {"a": "2", "b": "1"}, {"a": "1", "b": "2"}, {"a": "2", "b": "2"}),
    ("two new fields", {}, {"a": "1"}, {"b": "1"}, {"a": "1", "b": "1"}),
    ("a new field twice", {}, {"a": "1"}, {"a": "1"}, {"a": "1"}),
    ("taken out by one", {"a": "1", "b": "1"}, {"b": "1"}, {"a": "1", "b": "2"}, {"b": "2"}),
    ("taken out by both", {"a": "1", "b": "1"}, {"b": "1"}, {"b": "1"}, {"b": "1"}),
    ("started, and re-dated", {"status": "not-started", "target_date": "2024"},
     {"status": "in-progress", "target_date": "2024"}, {"status": "not-started", "target_date": "2025"},
     {"status": "in-progress", "target_date": "2025"}),
    ("closed, and led by another", {"status": "in-progress", "lead_agencies": ["a"]},
     {"status": "complete", "lead_agencies": ["a"]}, {"status": "in-progress", "lead_agencies": ["b"]},
     {"status": "complete", "lead_agencies": ["b"]}),
    ("closed alike", {"status": "in-progress"}, {**DONE, "completion_date": "2024"},
     {**DONE, "completion_date": "2024", "assurance": "declared"},
     {**DONE, "completion_date": "2024", "assurance": "declared"}),
    ("closed alike, with more dates", {"status": "in-progress", "target_date": "2024"},
     {**DONE, "target_date": "2024"}, {**DONE, "target_date": "2024", "completion_date": "2024"},
     {**DONE, "target_date": "2024", "completion_date": "2024"}),
    ("keys within a key", {"as_stated": {"No": "1"}}, {"as_stated": {"No": "1", "End": "May"}},
     {"as_stated": {"No": "2"}}, {"as_stated": {"No": "2", "End": "May"}}),
    ("a new key with keys", {}, {"source": {"row": "1"}}, {"source": {"lines": [1]}},
     {"source": {"row": "1", "lines": [1]}}),
    ("two entries added", {"actions": [TRAIN]}, {"actions": [TRAIN, AUDIT]}, {"actions": [TRAIN, REPORT]},
     {"actions": [TRAIN, AUDIT, REPORT]}),
    ("two lists begun", {}, {"evidence": [POLICY]}, {"evidence": [SAMPLE]}, {"evidence": [POLICY, SAMPLE]}),
    ("one entry added twice", {"evidence": []}, {"evidence": [POLICY]}, {"evidence": [SAMPLE, POLICY]},
     {"evidence": [SAMPLE, POLICY]}),
    ("one entry added twice, with more", {"evidence": []}, {"evidence": [{**POLICY, "url": "u"}]},
     {"evidence": [{**POLICY, "date": "2024"}]}, {"evidence": [{**POLICY, "url": "u", "date": "2024"}]}),
    ("entries before and behind", {"notes": ["b"]}, {"notes": ["a", "b"]}, {"notes": ["b", "c"]},
     {"notes": ["a", "b", "c"]}),
    ("entries in turn", {"notes": []}, {"notes": ["a", "b"]}, {"notes": ["x", "b", "y"]},
     {"notes": ["a", "x", "b", "y"]}),
    ("two entries changed", {"actions": [TRAIN, AUDIT]}, {"actions": [TRAIN | DONE, AUDIT]},
     {"actions": [TRAIN, AUDIT | DONE]}, {"actions": [TRAIN | DONE, AUDIT | DONE]}),
    ("one entry changed, the next reworded", {"actions": [TRAIN, AUDIT]}, {"actions": [TRAIN | DONE, AUDIT]},
     {"actions": [TRAIN, REPORT]}, {"actions": [TRAIN | DONE, REPORT]}),
    ("two entries reworded", {"notes": ["a", "b"]}, {"notes": ["x", "b"]}, {"notes": ["a", "y"]},
     {"notes": ["x", "y"]}),
    ("one entry taken out, another added", {"actions": [TRAIN, AUDIT]}, {"actions": [AUDIT]},
     {"actions": [TRAIN, AUDIT, REPORT]}, {"actions": [AUDIT, REPORT]}),
    ("two fields of an entry", {"actions": [TRAIN]}, {"actions": [TRAIN | DONE]},
     {"actions": [TRAIN | {"lead_agency": "a"}]}, {"actions": [TRAIN | DONE | {"lead_agency": "a"}]}),
    ("one action for each of two agencies",
     {"actions": [TRAIN | {"lead_agency": "a"}, TRAIN | {"lead_agency": "b"}]},
     {"actions": [TRAIN | {"lead_agency": "a"} | DONE, TRAIN | {"lead_agency": "b"}]},
     {"actions": [TRAIN | {"lead_agency": "a"}, TRAIN | {"lead_agency": "b", "status": "on-hold"}]},
     {"actions": [TRAIN | {"lead_agency": "a"} | DONE, TRAIN | {"lead_agency": "b", "status": "on-hold"}]}),
    ("leads at both ends", {"lead_agencies": ["a", "b"]}, {"lead_agencies": ["x", "a", "b"]},
     {"lead_agencies": ["a", "b", "y"]}, {"lead_agencies": ["x", "a", "b", "y"]}),
    ("lines far apart", {"text": "a\nb\nc"}, {"text": "x\nb\nc"}, {"text": "a\nb\ny"}, {"text": "x\nb\ny"}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"), [row[1:] for row in CLEAN], ids=[row[0] for row in CLEAN]
)
def test_what_two_people_did_is_done(base: Data, ours: Data, theirs: Data, expected: Data) -> None:
    assert merge_data(base, ours, theirs) == expected
    assert not [*clashes(merge_data(base, ours, theirs))]
    other_way = merge_data(base, theirs, ours)
    assert not [*clashes(other_way)]
    assert leaves(other_way) == leaves(expected)


TORN: tuple[tuple[str, Data, Data, Data, Data], ...] = (
    ("one field", {"a": "1", "b": "1"}, {"a": "2", "b": "1"}, {"a": "3", "b": "2"}, {"a": clash("1", "2", "3"), "b": "2"}),
    ("true is not 1", {}, {"a": True}, {"a": 1}, {"a": Clash(base=ABSENT, ours=True, theirs=1)}),
    ("taken out and changed", {"a": "1"}, {}, {"a": "2"}, {"a": clash("1", ABSENT, "2")}),
    ("another kind of value", {"a": ["1"]}, {"a": {"b": "1"}}, {"a": ["2"]}, {"a": clash(["1"], {"b": "1"}, ["2"])}),
    ("completed and re-dated", {"status": "in-progress", "target_date": "2024", "scope": "local"},
     {**DONE, "target_date": "2024", "scope": "local"},
     {"status": "in-progress", "target_date": "2025", "scope": "national"},
     {"status": clash("in-progress", "complete", "in-progress"), "target_date": clash("2024", "2024", "2025"),
      "scope": "national"}),
    ("re-dated and reopened", {**DONE, "completion_date": "2024"}, {**DONE, "completion_date": "2024-05"},
     {"status": "in-progress"},
     {"status": clash("complete", "complete", "in-progress"), "completion_date": clash("2024", "2024-05", ABSENT)}),
    ("an action completed and re-dated", {"actions": [TRAIN]}, {"actions": [TRAIN | DONE]},
     {"actions": [TRAIN | {"target_date": "2025"}]},
     {"actions": [TRAIN | {"status": clash(ABSENT, "complete", ABSENT), "target_date": clash(ABSENT, ABSENT, "2025")}]}),
    ("an entry taken out and changed", {"actions": [TRAIN, AUDIT]}, {"actions": [AUDIT]},
     {"actions": [TRAIN | DONE, AUDIT]}, {"actions": [clash([TRAIN], [], [TRAIN | DONE]), AUDIT]}),
    ("an entry reworded and changed", {"actions": [TRAIN, AUDIT]}, {"actions": [REPORT, AUDIT]},
     {"actions": [TRAIN | DONE, AUDIT]}, {"actions": [clash([TRAIN], [REPORT], [TRAIN | DONE]), AUDIT]}),
    ("an entry reworded twice", {"notes": ["a", "b"]}, {"notes": ["x", "b"]}, {"notes": ["y", "b"]},
     {"notes": [clash(["a"], ["x"], ["y"]), "b"]}),
    ("two leads", {"lead_agencies": ["a"]}, {"lead_agencies": ["a", "b"]}, {"lead_agencies": ["a", "c"]},
     {"lead_agencies": ["a", clash([], ["b"], ["c"])]}),
    ("an entry moved to two places", {"notes": [*"abcde"]}, {"notes": [*"bcdea"]}, {"notes": [*"bcade"]},
     {"notes": clash([*"abcde"], [*"bcdea"], [*"bcade"])}),
    ("entries that nothing tells apart", {"actions": [TRAIN, TRAIN]}, {"actions": [TRAIN]},
     {"actions": [TRAIN, TRAIN, AUDIT]}, {"actions": clash([TRAIN, TRAIN], [TRAIN], [TRAIN, TRAIN, AUDIT])}),
    ("lines side by side", {"text": "a\nb"}, {"text": "x\nb"}, {"text": "a\ny"},
     {"text": clash("a\nb", "x\nb", "a\ny")}),
    ("a new text twice", {}, {"text": "a\nb"}, {"text": "a\nc"}, {"text": clash(ABSENT, "a\nb", "a\nc")}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"), [row[1:] for row in TORN], ids=[row[0] for row in TORN]
)
def test_where_two_people_disagree_nothing_else_is_held_up(
    base: Data, ours: Data, theirs: Data, expected: Data
) -> None:
    assert [*clashes(expected)]
    assert merge_data(base, ours, theirs) == expected


def leaves(data: Any) -> list[str]:
    """Return everything that data holds, whatever the order of keys and entries."""
    if isinstance(data, dict):
        return sorted(f"{key}: {leaf}" for key, value in data.items() for leaf in leaves(value) or [""])
    if isinstance(data, list):
        return sorted(leaf for item in data for leaf in (["; ".join(leaves(item))]))
    return [repr(data)]


# Laws

TEXTS = ("Train.", "Audit.", "Report.\nTwice a year.\nTo the board.", "Report.\nOnce a year.\nTo the board.")
STATUSES = ("not-started", "in-progress", "complete")
DATES = ("2024", "2024-05", "2025")
ACTION = st.fixed_dictionaries(
    {"text": st.sampled_from(TEXTS)},
    optional={"status": st.sampled_from(STATUSES), "target_date": st.sampled_from(DATES)},
)
RECORD = st.fixed_dictionaries(
    {},
    optional={
        "recommendation": st.none() | st.sampled_from(TEXTS),
        "lead_agencies": st.lists(st.sampled_from("abc"), max_size=3, unique=True),
        "target_date": st.sampled_from(DATES),
        "review_date": st.sampled_from(DATES),
        "status": st.sampled_from(STATUSES),
        "due_soon_days": st.sampled_from([0, 1, True]),
        "actions": st.lists(ACTION, max_size=4),
        "outcomes": st.lists(st.sampled_from(TEXTS), max_size=4),
        "source": st.fixed_dictionaries({}, optional={"row": st.sampled_from("123")}),
    },
)


@given(RECORD, RECORD)
def test_one_side_alone_is_followed_and_two_that_agree_are(base: Data, changed: Data) -> None:
    for three in ((base, base, changed), (base, changed, base), (base, changed, changed)):
        assert json.dumps(merge_data(*three), sort_keys=True) == json.dumps(changed, sort_keys=True)


@given(RECORD, RECORD, RECORD)
def test_nothing_is_lost_and_nothing_is_made_up(base: Data, ours: Data, theirs: Data) -> None:
    found = merge_data(base, ours, theirs)
    kept = {*every(take_side(found, "ours")), *every(take_side(found, "theirs"))}
    old, mine, other = ({*every(each)} for each in (base, ours, theirs))
    assert (mine | other) - kept <= old - (mine & other)
    assert kept <= old | mine | other
    assert (mine - old) | (other - old) <= kept


@given(RECORD, RECORD, RECORD)
def test_it_does_not_matter_who_merges_whom(base: Data, ours: Data, theirs: Data) -> None:
    one, other = merge_data(base, ours, theirs), merge_data(base, theirs, ours)
    fields = [{tuple(key for key in way if isinstance(key, str)) for way in clashes(data)} for data in (one, other)]
    assert fields[0] == fields[1]
