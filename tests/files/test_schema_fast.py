"""The quick yes: never where jsonschema says no, and always where it says yes to a record of ours."""

import copy
from typing import Any

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from dhrctl.files import schema
from dhrctl.files.schema_fast import compile_test
from dhrctl.files.yaml import reader
from dhrctl.model import paths as layout
from dhrctl.model.paths import RecordKind

KINDS = (RecordKind.REGISTER, RecordKind.AGENCY, RecordKind.REVIEW, RecordKind.RECOMMENDATION, RecordKind.UPDATE)


def _records() -> list[tuple[RecordKind, Any]]:
    folders = (ROOT, ROOT / "tests" / "registers" / "rich")
    paths = [(root, path) for root in folders for path in sorted((root / "register").rglob("*.yaml"))]
    places = [(layout.place(path.relative_to(root).as_posix()), path) for root, path in paths]
    return [(place.kind, reader.parse(path.read_bytes())) for place, path in places if place]


RECORDS = _records()
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 5000),
    st.sampled_from(
        ["", " ", "x", "2021-04", "2021-04\n", "2021-13", "complete", "anytown-police", "a b", "https://x"]
    ),
    st.text(max_size=3),
    st.just("x" * 201),
    st.just("x" * 10_001),
    st.just([]),
    st.just({}),
    st.just(["anytown-police", "anytown-police"]),
    st.just({"text": "x"}),
    st.just([{"role": "x"}, {"agency": "anytown-police"}]),
)


def _ways(data: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [way, *(deeper for key, value in parts for deeper in _ways(value, (*way, key)))]


@st.composite
def damaged(draw: st.DrawFn) -> tuple[RecordKind, Any]:
    kind, record = draw(st.sampled_from(RECORDS))
    data: Any = copy.deepcopy(record)
    for _ in range(draw(st.integers(0, 3))):
        way = draw(st.sampled_from(_ways(data)))
        if not way:
            continue
        within = data
        for key in way[:-1]:
            within = within[key]
        if draw(st.booleans()):
            within[way[-1]] = copy.deepcopy(draw(ODD))
        elif isinstance(within, dict) and draw(st.booleans()):
            within[draw(st.sampled_from(["status", "scope", "zzz", "as_stated", "responsible"]))] = copy.deepcopy(
                draw(ODD)
            )
        else:
            del within[way[-1]]
    return kind, data


@given(damaged())
def test_what_is_accepted_and_what_is_not_is_what_jsonschema_says(found: tuple[RecordKind, Any]) -> None:
    kind, data = found
    assert schema._quick_test(kind)(data) == Draft202012Validator(schema.read_schema(kind)).is_valid(data)


@pytest.mark.parametrize(("kind", "record"), RECORDS)
def test_every_record_of_ours_is_accepted(kind: RecordKind, record: Any) -> None:
    assert schema._quick_test(kind)(record)


@pytest.mark.parametrize("kind", KINDS)
def test_no_keyword_of_our_schemas_is_unknown_to_it(kind: RecordKind) -> None:
    assert not schema._quick_test(kind)([])
    assert not schema._quick_test(kind)({})


@pytest.mark.parametrize(
    "shape",
    [{}, {"type": "number"}, {"type": ["string", "integer"]}, {"type": "string", "format": "date"}, {"const": 1}, True],
    ids=str,
)
def test_a_schema_that_it_does_not_know_accepts_nothing(shape: Any) -> None:
    test = compile_test({} if shape is True else shape)
    nothing: tuple[Any, ...] = (None, 1, "x", [], {})
    assert not any(test(data) for data in nothing)
