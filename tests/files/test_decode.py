"""Plain data to values: what every field of every record becomes, and what cannot be read."""

import copy
import re
from dataclasses import is_dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args

import pytest
from conftest import ROOT
from hypothesis import assume, given
from hypothesis import strategies as st

from dhrctl.files import decode, schema
from dhrctl.files.decode import UnreadableData, impossible_dates, unwrap_text
from dhrctl.files.yaml import reader
from dhrctl.model import dates, records
from dhrctl.model.edtf import When
from dhrctl.model.paths import Place, RecordKind, place

PATHS = {
    RecordKind.REGISTER: "register/register.yaml",
    RecordKind.AGENCY: "register/agencies/anytown-police.yaml",
    RecordKind.REVIEW: "register/reviews/anytown-dhr-1/review.yaml",
    RecordKind.RECOMMENDATION: "register/reviews/anytown-dhr-1/recommendations/01.yaml",
    RecordKind.UPDATE: "register/reviews/anytown-dhr-1/updates/01/2024-05-01-anytown-police.yaml",
}


def placed(kind: RecordKind) -> Place:
    found = place(PATHS[kind])
    assert found
    return found


def decoded(kind: RecordKind, data: Any) -> Any:
    if kind is RecordKind.REGISTER:
        return decode.settings(data)
    makers: dict[RecordKind, Any] = {
        RecordKind.AGENCY: decode.agency,
        RecordKind.REVIEW: decode.review,
        RecordKind.RECOMMENDATION: decode.recommendation,
        RecordKind.UPDATE: decode.update,
    }
    return makers[kind](data, placed(kind))


LEAST: dict[RecordKind, dict[str, Any]] = {
    RecordKind.REGISTER: {"schema_version": 1, "title": "Anytown"},
    RecordKind.AGENCY: {"name": "Anytown Police", "kind": "police"},
    RecordKind.REVIEW: {"title": "DHR 1", "kind": "dhr", "partnership": "anytown-csp", "sections": ["Police"]},
    RecordKind.RECOMMENDATION: {
        "recommendation": "That training is reviewed.",
        "section": "Police",
        "lead_agencies": ["anytown-police"],
        "status": "unknown",
    },
    RecordKind.UPDATE: {"date": "2024-05-01", "agency": "anytown-police", "text": "Reviewed."},
}


# Text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("one", "one"),
        ("one two", "one two"),
        ("one\ntwo", "one two"),
        ("one\n  two  \n three", "one two three"),
        ("one\n\ntwo", "one\n\ntwo"),
        ("one\n\n\n\ntwo", "one\n\ntwo"),
        ("one\n \t\ntwo", "one\n\ntwo"),
        ("one\ntwo\n\nthree\nfour\n", "one two\n\nthree four"),
        ("\n\n one\n\n", "one"),
        ("list:\n- one\n- two\n  and more\n- three", "list:\n- one\n- two and more\n- three"),
        ("list:\n* one\n• two", "list:\n* one\n• two"),
        ("1. one\n2. two\n10. ten\n100) hundred", "1. one\n2. two\n10. ten\n100) hundred"),
        ("list:\n\n  - one\n  - two", "list:\n\n- one\n- two"),
        ("one -\ntwo", "one - two"),
        ("the year\n2021. It was", "the year 2021. It was"),
        ("one\n-two", "one -two"),
        ("one\n1.two", "one 1.two"),
        ("one\n\u2013 two", "one \u2013 two"),
        ("well-\nknown", "well- known"),
        ("one\t two", "one\t two"),
    ],
)
def test_a_text_runs_on_but_for_paragraphs_and_lists(text: str, expected: str) -> None:
    assert unwrap_text(text) == expected


TEXTS = st.lists(
    st.sampled_from(
        ["one", "two", "\n", "\n\n", "\n \n", "  ", "- ", "* ", "1. ", "20) ", "•", "-", "\t", "é", "2021. "]
    ),
    max_size=25,
).map("".join)


@given(TEXTS | st.text(max_size=40))
def test_running_keeps_every_word_in_its_order(text: str) -> None:
    assert unwrap_text(text).split() == text.split()


@given(TEXTS)
def test_running_text_runs_already(text: str) -> None:
    assume(not re.search(r"^\s*([-*•]|[0-9]+[.)])\s*$", text, re.MULTILINE))  # a list item that says nothing
    assert unwrap_text(unwrap_text(text)) == unwrap_text(text)


@given(TEXTS)
def test_running_text_has_no_loose_line_ends(text: str) -> None:
    assert "\n\n\n" not in unwrap_text(text)
    assert unwrap_text(text) == unwrap_text(text).strip()


# Records


def test_the_least_that_each_record_holds_is_enough() -> None:
    assert decoded(RecordKind.REGISTER, LEAST[RecordKind.REGISTER]) == records.Settings(title="Anytown")
    assert decoded(RecordKind.AGENCY, LEAST[RecordKind.AGENCY]) == records.Agency(
        id="anytown-police", path=PATHS[RecordKind.AGENCY], name="Anytown Police", kind="police"
    )
    assert decoded(RecordKind.REVIEW, LEAST[RecordKind.REVIEW]) == records.Review(
        id="anytown-dhr-1",
        path=PATHS[RecordKind.REVIEW],
        title="DHR 1",
        kind=records.ReviewKind.DHR,
        partnership="anytown-csp",
        sections=("Police",),
    )
    assert decoded(RecordKind.RECOMMENDATION, LEAST[RecordKind.RECOMMENDATION]) == records.Recommendation(
        id="anytown-dhr-1/01",
        review="anytown-dhr-1",
        number="01",
        path=PATHS[RecordKind.RECOMMENDATION],
        recommendation="That training is reviewed.",
        section="Police",
        lead_agencies=("anytown-police",),
        status=records.Status.UNKNOWN,
    )
    assert decoded(RecordKind.UPDATE, LEAST[RecordKind.UPDATE]) == records.Update(
        id="anytown-dhr-1/01",
        path=PATHS[RecordKind.UPDATE],
        date=date(2024, 5, 1),
        agency="anytown-police",
        text="Reviewed.",
    )


def test_what_is_left_out_has_the_defaults_of_the_contract() -> None:
    settings_ = decoded(RecordKind.REGISTER, LEAST[RecordKind.REGISTER])
    assert (settings_.due_soon_days, settings_.update_cycle_months) == (30, 3)
    record = decoded(RecordKind.RECOMMENDATION, LEAST[RecordKind.RECOMMENDATION])
    assert (record.scope, record.assurance, record.level) == (records.Scope.UNSPECIFIED, records.Assurance.NONE, None)


# Each row: a field, what the file holds, and what it becomes.
EVIDENCE = [
    {"kind": "audit", "title": "Audit of\nfiles", "date": "2024", "held_by": "QA team", "url": "https://a.example/x"}
]
READ_EVIDENCE = (
    records.Evidence(
        kind="audit", title="Audit of files", date=dates.parse("2024"), held_by="QA team", url="https://a.example/x"
    ),
)
ABBREVIATIONS = (
    records.Abbreviation(short="MARAC", meaning="Multi-agency risk assessment conference"),
    records.Abbreviation(short="B", meaning="c"),
)
FIELDS: list[tuple[RecordKind, str, Any, Any]] = [
    (RecordKind.REGISTER, "title", "Any\ntown", "Any town"),
    (RecordKind.REGISTER, "due_soon_days", 0, 0),
    (RecordKind.REGISTER, "update_cycle_months", 12, 12),
    (
        RecordKind.REGISTER,
        "abbreviations",
        [{"short": "MARAC", "meaning": "Multi-agency risk\nassessment conference"}, {"short": "B", "meaning": "c"}],
        ABBREVIATIONS,
    ),
    (RecordKind.AGENCY, "short_name", "AP", "AP"),
    (RecordKind.AGENCY, "aliases", ["A", "B C"], ("A", "B C")),
    (RecordKind.AGENCY, "ended", "2021-06-26", date(2021, 6, 26)),
    (
        RecordKind.AGENCY,
        "successors",
        [{"agency": "b", "from": "2021-06-26", "note": "all\nduties"}, {"agency": "c", "from": "2022-01-01"}],
        (
            records.Successor(agency="b", since=date(2021, 6, 26), note="all duties"),
            records.Successor(agency="c", since=date(2022, 1, 1)),
        ),
    ),
    (RecordKind.AGENCY, "members", ["a", "b"], ("a", "b")),
    (RecordKind.AGENCY, "notes", ["one\ntwo\n\nthree"], ("one two\n\nthree",)),
    (RecordKind.REVIEW, "kind", "dardr", records.ReviewKind.DARDR),
    (RecordKind.REVIEW, "reference", "DHR-1", "DHR-1"),
    (RecordKind.REVIEW, "pseudonyms", ["Alex"], ("Alex",)),
    (RecordKind.REVIEW, "plan_date", "2021-10", dates.parse("2021-10")),
    (RecordKind.REVIEW, "adopted", "2026-04-01", date(2026, 4, 1)),
    (RecordKind.REVIEW, "published", "2021/2022", dates.parse("2021/2022")),
    (RecordKind.REVIEW, "sections", ["B", "A"], ("B", "A")),
    (RecordKind.REVIEW, "source", {"document": "Plan"}, records.ReviewSource(document="Plan")),
    (
        RecordKind.REVIEW,
        "source",
        {"document": "Plan", "note": "a\nb"},
        records.ReviewSource(document="Plan", note="a b"),
    ),
    (
        RecordKind.REVIEW,
        "commitments",
        [
            {"text": "x", "status": "unknown"},
            {"text": "y", "lead_agency": "a", "target_date": "2024", "status": "on-hold"},
        ],
        (
            records.Commitment(text="x", status=records.Status.UNKNOWN),
            records.Commitment(
                text="y", lead_agency="a", target_date=dates.parse("2024"), status=records.Status.ON_HOLD
            ),
        ),
    ),
    (RecordKind.REVIEW, "notes", ["a"], ("a",)),
    (RecordKind.REVIEW, "update_cycle_months", 6, 6),
    (RecordKind.RECOMMENDATION, "recommendation", None, ""),
    (RecordKind.RECOMMENDATION, "recommendation", "one\ntwo", "one two"),
    (RecordKind.RECOMMENDATION, "section", "Table 1:\nSystems", "Table 1: Systems"),
    (RecordKind.RECOMMENDATION, "scope", "national", records.Scope.NATIONAL),
    (RecordKind.RECOMMENDATION, "level", "multi-agency", records.Level.MULTI_AGENCY),
    (RecordKind.RECOMMENDATION, "lead_agencies", ["b", "a"], ("b", "a")),
    (RecordKind.RECOMMENDATION, "supporting_agencies", [], ()),
    (
        RecordKind.RECOMMENDATION,
        "responsible",
        [{"role": "Head"}, {"name": "A. N. Officer", "agency": "a"}],
        (records.Responsible(role="Head"), records.Responsible(name="A. N. Officer", agency="a")),
    ),
    (RecordKind.RECOMMENDATION, "start_date", "2021", dates.parse("2021")),
    (RecordKind.RECOMMENDATION, "target_date", "2021-04", dates.parse("2021-04")),
    (RecordKind.RECOMMENDATION, "completion_date", "2019/2020", dates.parse("2019/2020")),
    (RecordKind.RECOMMENDATION, "review_date", "2021-04-30", dates.parse("2021-04-30")),
    (RecordKind.RECOMMENDATION, "status", "not-accepted", records.Status.NOT_ACCEPTED),
    (RecordKind.RECOMMENDATION, "assurance", "embedded", records.Assurance.EMBEDDED),
    (
        RecordKind.RECOMMENDATION,
        "actions",
        [
            {"text": "a"},
            {"text": "b", "lead_agency": "c", "target_date": "2024", "status": "complete", "completion_date": "2023"},
        ],
        (
            records.Action(text="a"),
            records.Action(
                text="b",
                lead_agency="c",
                target_date=dates.parse("2024"),
                status=records.Status.COMPLETE,
                completion_date=dates.parse("2023"),
            ),
        ),
    ),
    (
        RecordKind.RECOMMENDATION,
        "milestones",
        [{"text": "a"}, {"text": "b", "date": "2024-02"}],
        (records.Milestone(text="a"), records.Milestone(text="b", date=dates.parse("2024-02"))),
    ),
    (RecordKind.RECOMMENDATION, "outcomes", ["a", "b\nc"], ("a", "b c")),
    (RecordKind.RECOMMENDATION, "measures", ["a"], ("a",)),
    (RecordKind.RECOMMENDATION, "evidence", EVIDENCE, READ_EVIDENCE),
    (RecordKind.RECOMMENDATION, "related", ["anytown-dhr-1/02"], ("anytown-dhr-1/02",)),
    (RecordKind.RECOMMENDATION, "superseded_by", ["anytown-dhr-2/01"], ("anytown-dhr-2/01",)),
    (RecordKind.RECOMMENDATION, "as_stated", {"No": "5", "Lead": "a\nb"}, {"No": "5", "Lead": "a b"}),
    (RecordKind.RECOMMENDATION, "source", {"row": "No 5", "lines": [8, 12]}, records.Source(row="No 5", lines=(8, 12))),
    (RecordKind.RECOMMENDATION, "source", {}, records.Source()),
    (
        RecordKind.RECOMMENDATION,
        "waivers",
        [{"rule": "target-before-start", "reason": "as\nprinted", "until": "2027-12-31"}],
        (records.Waiver(rule="target-before-start", reason="as printed", until=date(2027, 12, 31)),),
    ),
    (RecordKind.UPDATE, "by", "Head of Safeguarding", "Head of Safeguarding"),
    (RecordKind.UPDATE, "text", "a\nb", "a b"),
    (RecordKind.UPDATE, "status", "complete", records.Status.COMPLETE),
    (RecordKind.UPDATE, "target_date", "2025", dates.parse("2025")),
    (RecordKind.UPDATE, "completion_date", "2024-04", dates.parse("2024-04")),
    (RecordKind.UPDATE, "assurance", "verified", records.Assurance.VERIFIED),
    (RecordKind.UPDATE, "lead_agencies", ["a"], ("a",)),
    (RecordKind.UPDATE, "reason", "a", "a"),
    (RecordKind.UPDATE, "evidence", EVIDENCE, READ_EVIDENCE),
    (RecordKind.UPDATE, "publishable", True, True),
    (RecordKind.UPDATE, "publishable", False, False),
]


@pytest.mark.parametrize(("kind", "field", "given_", "expected"), FIELDS)
def test_each_field_becomes_its_value(kind: RecordKind, field: str, given_: Any, expected: Any) -> None:
    data = {**LEAST[kind], field: given_}
    before = copy.deepcopy(data)
    assert getattr(decoded(kind, data), field) == expected
    assert data == before


@pytest.mark.parametrize("kind", list(PATHS))
def test_every_field_of_every_record_stands_in_the_table_above(kind: RecordKind) -> None:
    derived = {"id", "path", "review", "number", "updates"}
    least = {
        RecordKind.REGISTER: {"schema_version"},
        RecordKind.AGENCY: {"name", "kind"},
        RecordKind.REVIEW: {"title", "partnership"},
    }
    tested = {field for of, field, _, _ in FIELDS if of is kind} | least.get(kind, set())
    tested |= {"date", "agency"} if kind is RecordKind.UPDATE else set()
    assert tested == set(type(decoded(kind, LEAST[kind])).__dataclass_fields__) - derived


@pytest.mark.parametrize("kind", list(PATHS))
def test_the_records_and_the_schemas_say_the_same(kind: RecordKind) -> None:
    whole = schema.read_schema(kind)

    def compare(hint: Any, part: Any) -> None:
        name = part.get("$ref", "").removeprefix("#/$defs/")
        shape = whole["$defs"].get(name, part)
        if hint in (date, When):
            assert name == {date: "day", When: "date"}[hint]
        elif isinstance(hint, type) and issubclass(hint, StrEnum):
            assert shape["enum"] == list(hint)
        elif is_dataclass(hint):
            fields = {field.key: field for field in decode._declared_fields(hint)}
            assert set(fields) == set(shape["properties"])
            assert [key for key in fields if fields[key].required] == shape.get("required", [])
            for key, field in fields.items():
                compare(field.hint, shape["properties"][key])
        else:
            for inner in get_args(hint):
                compare(inner, shape.get("items", part))

    compare(type(decoded(kind, LEAST[kind])), whole)


@pytest.mark.parametrize("path", sorted(ROOT.glob("register/**/*.yaml")), ids=lambda path: path.stem)
def test_every_record_of_the_register_can_be_read(path: Path) -> None:
    where = place(path.relative_to(ROOT).as_posix())
    assert where
    data = reader.parse(path.read_bytes())
    makers: dict[RecordKind, Any] = {
        RecordKind.AGENCY: decode.agency,
        RecordKind.REVIEW: decode.review,
        RecordKind.RECOMMENDATION: decode.recommendation,
        RecordKind.UPDATE: decode.update,
    }
    record = decode.settings(data) if where.kind is RecordKind.REGISTER else makers[where.kind](data, where)
    assert all(hasattr(record, field) for field in data)


# What cannot be read

GROUP = "keys and values are expected here"
TEXT = "text is expected here"
STATUSES = (
    "one of not-started, in-progress, on-hold, complete, superseded, not-accepted, cancelled, unknown is expected here"
)


@pytest.mark.parametrize(
    ("kind", "change", "way", "message"),
    [
        (RecordKind.UPDATE, {"publishable": "yes"}, ("publishable",), "true or false is expected here"),
        (RecordKind.UPDATE, {"publishable": 1}, ("publishable",), "true or false is expected here"),
        (RecordKind.REGISTER, {"due_soon_days": "30"}, ("due_soon_days",), "a whole number is expected here"),
        (RecordKind.REGISTER, {"due_soon_days": True}, ("due_soon_days",), "a whole number is expected here"),
        (RecordKind.REGISTER, {"due_soon_days": None}, ("due_soon_days",), "a whole number is expected here"),
        (RecordKind.REGISTER, {"due_soon_days": 367}, ("due_soon_days",), "367 is outside the limits of this setting"),
        (RecordKind.REGISTER, {"schema_version": 2}, ("schema_version",), "2 is outside the limits of this setting"),
        (
            RecordKind.REGISTER,
            {"update_cycle_months": 2},
            ("update_cycle_months",),
            "2 is outside the limits of this setting",
        ),
        (
            RecordKind.REVIEW,
            {"update_cycle_months": 2},
            ("update_cycle_months",),
            "2 is outside the limits of this setting",
        ),
        (RecordKind.REGISTER, {"abbreviations": {"MARAC": "x"}}, ("abbreviations",), "a list is expected here"),
        (RecordKind.REGISTER, {"abbreviations": ["MARAC"]}, ("abbreviations", 0), GROUP),
        (
            RecordKind.REGISTER,
            {"abbreviations": [{"short": "A"}]},
            ("abbreviations", 0),
            'the key "meaning" is missing',
        ),
        (
            RecordKind.REGISTER,
            {"abbreviations": [{"meaning": "a"}]},
            ("abbreviations", 0),
            'the key "short" is missing',
        ),
        (
            RecordKind.REGISTER,
            {"abbreviations": [{"short": "A", "meaning": 5}]},
            ("abbreviations", 0, "meaning"),
            TEXT,
        ),
        (
            RecordKind.REGISTER,
            {"abbreviations": [{"short": "A", "meaning": "a", "long": "b"}]},
            ("abbreviations", 0, "long"),
            'the key "long" is unknown',
        ),
        (RecordKind.REVIEW, {"adopted": 2026}, ("adopted",), TEXT),
        (RecordKind.REGISTER, {"colour": "blue"}, ("colour",), 'the key "colour" is unknown'),
        (RecordKind.AGENCY, {"name": None}, ("name",), TEXT),
        (RecordKind.AGENCY, {"aliases": "A"}, ("aliases",), "a list is expected here"),
        (RecordKind.AGENCY, {"aliases": ["A", 1]}, ("aliases", 1), TEXT),
        (RecordKind.AGENCY, {"successors": [{"agency": "a"}]}, ("successors", 0), 'the key "from" is missing'),
        (RecordKind.AGENCY, {"successors": ["a"]}, ("successors", 0), GROUP),
        (RecordKind.REVIEW, {"sections": []}, ("sections",), "at least one is expected here"),
        (RecordKind.REVIEW, {"kind": "DHR"}, ("kind",), "one of dhr, dardr, susr, other is expected here"),
        (RecordKind.REVIEW, {"source": "Plan"}, ("source",), GROUP),
        (RecordKind.REVIEW, {"source": {"note": "x"}}, ("source",), 'the key "document" is missing'),
        (
            RecordKind.REVIEW,
            {"commitments": [{"text": "a", "status": "overdue"}]},
            ("commitments", 0, "status"),
            STATUSES,
        ),
        (RecordKind.RECOMMENDATION, {"recommendation": 5}, ("recommendation",), TEXT),
        (RecordKind.RECOMMENDATION, {"status": "overdue"}, ("status",), STATUSES),
        (RecordKind.RECOMMENDATION, {"status": ["complete"]}, ("status",), STATUSES),
        (RecordKind.RECOMMENDATION, {"status": {"a": "b"}}, ("status",), STATUSES),
        (RecordKind.RECOMMENDATION, {"lead_agencies": []}, ("lead_agencies",), "at least one is expected here"),
        (RecordKind.RECOMMENDATION, {"lead_agencies": "a"}, ("lead_agencies",), "a list is expected here"),
        (RecordKind.RECOMMENDATION, {"lead_agencies": {"a": "b"}}, ("lead_agencies",), "a list is expected here"),
        (
            RecordKind.RECOMMENDATION,
            {"actions": [{"text": "a", "done": True}]},
            ("actions", 0, "done"),
            'the key "done" is unknown',
        ),
        (
            RecordKind.RECOMMENDATION,
            {"as_stated": ["a"]},
            ("as_stated",),
            "printed columns and their cells are expected here",
        ),
        (RecordKind.RECOMMENDATION, {"as_stated": {"No": 5}}, ("as_stated", "No"), TEXT),
        (
            RecordKind.RECOMMENDATION,
            {"source": {"lines": ["8"]}},
            ("source", "lines", 0),
            "a whole number is expected here",
        ),
        (RecordKind.RECOMMENDATION, {"target_date": 2021}, ("target_date",), TEXT),
        (RecordKind.UPDATE, {"date": 20240501}, ("date",), TEXT),
        (RecordKind.UPDATE, {"evidence": [{"kind": "audit"}]}, ("evidence", 0), 'the key "title" is missing'),
    ],
)
def test_what_has_no_meaning_is_told_with_the_way_to_it(
    kind: RecordKind, change: dict[str, Any], way: tuple[str | int, ...], message: str
) -> None:
    with pytest.raises(UnreadableData) as caught:
        decoded(kind, {**LEAST[kind], **change})
    assert caught.value.keys == way
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(("kind", "field"), [(kind, field) for kind, data in LEAST.items() for field in data])
def test_a_record_without_a_required_field_cannot_be_read(kind: RecordKind, field: str) -> None:
    with pytest.raises(UnreadableData) as caught:
        decoded(kind, {key: value for key, value in LEAST[kind].items() if key != field})
    assert caught.value.keys == ()
    assert str(caught.value).startswith(f'the key "{field}" is missing')


@pytest.mark.parametrize("kind", list(PATHS))
@pytest.mark.parametrize("data", [None, "text", 1, True, [], ["a"]], ids=repr)
def test_data_that_is_no_group_of_keys_cannot_be_read(kind: RecordKind, data: Any) -> None:
    with pytest.raises(UnreadableData) as caught:
        decoded(kind, data)
    assert caught.value.keys == ()
    assert str(caught.value).startswith(GROUP)


@pytest.mark.parametrize(
    ("kind", "change", "way", "message"),
    [
        (
            RecordKind.RECOMMENDATION,
            {"target_date": "2021-02-30"},
            ("target_date",),
            '"2021-02-30" is not in the calendar',
        ),
        (RecordKind.RECOMMENDATION, {"target_date": "2021-13"}, ("target_date",), '"2021-13" is not in the calendar'),
        (
            RecordKind.RECOMMENDATION,
            {"start_date": "2022/2021"},
            ("start_date",),
            'the interval "2022/2021" ends before it starts',
        ),
        (
            RecordKind.RECOMMENDATION,
            {"actions": [{"text": "a"}, {"text": "b", "target_date": "2021-04-31"}]},
            ("actions", 1, "target_date"),
            '"2021-04-31" is not in the calendar',
        ),
        (
            RecordKind.RECOMMENDATION,
            {"waivers": [{"rule": "r", "reason": "r", "until": "2021-02-29"}]},
            ("waivers", 0, "until"),
            '"2021-02-29" is not in the calendar',
        ),
        (RecordKind.AGENCY, {"ended": "2021-06-31"}, ("ended",), '"2021-06-31" is not in the calendar'),
        (RecordKind.REVIEW, {"adopted": "2026-04-31"}, ("adopted",), '"2026-04-31" is not in the calendar'),
        (RecordKind.UPDATE, {"date": "2024-02-30"}, ("date",), '"2024-02-30" is not in the calendar'),
    ],
)
def test_what_only_the_calendar_refuses_is_told(
    kind: RecordKind, change: dict[str, Any], way: tuple[str | int, ...], message: str
) -> None:
    with pytest.raises(UnreadableData) as caught:
        decoded(kind, {**LEAST[kind], **change})
    assert caught.value.keys == way
    assert [each.keys for each in impossible_dates({**LEAST[kind], **change})] == [way]
    assert str(caught.value).startswith(message)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["2021-02-30", "complete", "a"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=4) | st.sampled_from(["text", "kind", "title", "role", "from"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@given(st.sampled_from(list(PATHS)), st.data())
def test_any_plain_data_is_a_record_or_unreadable_and_the_way_leads_to_the_fault(
    kind: RecordKind, data: st.DataObject
) -> None:
    fields = sorted({field for of, field, _, _ in FIELDS if of is kind})
    changed = {**LEAST[kind], data.draw(st.sampled_from(fields)): data.draw(ANYTHING)}
    before = copy.deepcopy(changed)
    way: tuple[str | int, ...] = ()
    try:
        decoded(kind, changed)
    except UnreadableData as error:
        way = error.keys
    at: Any = changed
    for key in way:
        at = at[key]
    assert changed == before


def test_a_record_of_which_too_much_has_no_meaning_is_given_up() -> None:
    data = {"recommendation": "x", "section": "y", "lead_agencies": ["a"], "status": "unknown", "outcomes": [1] * 300}
    place = Place(kind=RecordKind.RECOMMENDATION, path="p", review="r", number="1")
    assert decode.salvage_record(lambda found: decode.recommendation(found, place), data) is None
    data["outcomes"] = [1] * 30
    assert decode.salvage_record(lambda found: decode.recommendation(found, place), data) is not None
