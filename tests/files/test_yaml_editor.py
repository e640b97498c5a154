"""Changing YAML files: what an edit may touch, and the canonical form."""

import copy
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import FEWER, ROOT, TESTS
from hypothesis import given
from hypothesis import strategies as st
from mangling import NUMBERS, OTHERS, TEXTS, mangled, shaped

from dhrctl.errors import DhrError
from dhrctl.files import schema
from dhrctl.files.yaml import reader
from dhrctl.files.yaml.editor import align_items, canonical_form, compose_file, is_same_data, replace_data
from dhrctl.files.yaml.reader import parse, read_document
from dhrctl.model.paths import RecordKind, place

CASES = TESTS / "cases"
EDITS = sorted((CASES / "edit").iterdir())
FORMS = sorted((CASES / "form").iterdir())
RECORDS = sorted(path for folder in ("register", "tests/registers") for path in (ROOT / folder).rglob("*.yaml"))
SHAPE = schema.read_schema(RecordKind.RECOMMENDATION)
TABS = "tab-before-a-comment"
MARK = b"\xef\xbb\xbf"

Way = tuple[str | int, ...]


def name_of(path: Path) -> str:
    return path.name


@pytest.fixture(params=["c", "pure"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read by one parser, then by the other."""
    if request.param == "pure":
        monkeypatch.setattr(reader, "CParser", None)


def at(data: Any, way: Way) -> Any:
    for key in way:
        data = data[key]
    return data


# Cases


def edited(case: Path) -> dict[str, Any]:
    """Return what the file of a case is to hold: each step sets a value, puts an item into a list, or takes one out."""
    data: dict[str, Any] = parse((case / "before.yaml").read_bytes())
    for step in json.loads((case / "edit.json").read_text(encoding="utf-8")):
        *way, last = step["at"]
        part = at(data, tuple(way))
        if "item" in step:
            part.insert(last, step["item"])
        elif "to" in step:
            part[last] = step["to"]
        else:
            del part[last]
    return data


def answer(case: Path, made: bytes | str) -> None:
    """Hold what came out against what stands in the folder of a case: a file, or why it was refused."""
    refused = case / "refused.txt"
    if refused.exists():
        assert f"{made!s}\n" == refused.read_text(encoding="utf-8")
    else:
        assert made == (case / "after.yaml").read_bytes()


def tried(case: Path) -> bytes | str:
    content = (case / "before.yaml").read_bytes()
    try:
        return replace_data(content, edited(case), SHAPE)
    except reader.FileRefused:
        return said(content)
    except DhrError as error:
        return str(error)


def said(content: bytes) -> str:
    with pytest.raises(DhrError) as caught:
        replace_data(content, {}, SHAPE)
    return str(caught.value)


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("case", [case for case in EDITS if case.name != TABS], ids=name_of)
def test_an_edit_touches_the_lines_of_its_field(case: Path) -> None:
    answer(case, tried(case))


def test_a_tab_before_a_comment_stays_or_is_refused_by_the_parser_that_cannot_read_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer(CASES / "edit" / TABS, tried(CASES / "edit" / TABS))
    monkeypatch.setattr(reader, "CParser", None)
    assert str(tried(CASES / "edit" / TABS)).startswith("the file:1:16: ")


@pytest.mark.parametrize("case", [case for case in EDITS if (case / "after.yaml").exists()], ids=name_of)
def test_line_ends_and_a_byte_order_mark_stay_as_they_are(case: Path) -> None:
    before, after = ((case / name).read_bytes() for name in ("before.yaml", "after.yaml"))
    if b"\r" not in before:
        before, after = before.replace(b"\n", b"\r\n"), after.replace(b"\n", b"\r\n")
    if not before.startswith(MARK):
        before, after = MARK + before, MARK + after
    assert replace_data(before, edited(case), SHAPE) == after


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("case", FORMS, ids=name_of)
def test_a_file_is_given_the_canonical_form(case: Path) -> None:
    try:
        made: bytes | str = canonical_form((case / "before.yaml").read_bytes(), SHAPE)
    except DhrError as error:
        made = str(error)
    answer(case, made)


@pytest.mark.parametrize("case", [case for case in FORMS if (case / "after.yaml").exists()], ids=name_of)
def test_what_has_the_canonical_form_keeps_it(case: Path) -> None:
    after = (case / "after.yaml").read_bytes()
    assert canonical_form(after, SHAPE) == after


def test_every_case_has_one_answer() -> None:
    for case in (*EDITS, *FORMS):
        assert (case / "after.yaml").exists() != (case / "refused.txt").exists(), case


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: "-".join(path.parts[-3:]))
def test_the_register_is_the_canon(path: Path) -> None:
    content = path.read_bytes()
    kind = _kind(path)
    assert canonical_form(content, schema.read_schema(kind)) == content
    assert compose_file(parse(content), schema.read_schema(kind), content.decode().split("\n")[0]) == content


def _kind(path: Path) -> RecordKind:
    parts = path.parts[len(path.parts) - 1 - path.parts[::-1].index("register") :]
    found = place("/".join(parts))
    assert found
    return found.kind


# Laws


@st.composite
def changed(draw: st.DrawFn, data: dict[str, Any]) -> tuple[str, Way, dict[str, Any]]:
    """Return other data: one part of it set, taken out or put in; how, and the way to it."""
    new = copy.deepcopy(data)
    way = draw(st.sampled_from([*ways(data)]))
    parent, key = at(new, way[:-1]), way[-1]
    how = draw(st.sampled_from(["set", "take", "put"]))
    value = draw(TEXTS | NUMBERS | OTHERS | st.sampled_from(OTHER_KINDS))
    if how == "set":
        parent[key] = value
    elif how == "take" and len(new) + len(way) > 2:
        del parent[key]
    elif isinstance(parent, list):
        parent.insert(int(key), value)
    else:
        parent[draw(st.sampled_from([each for each in NEW_KEYS if each not in parent]))] = value
    return how, way, new


OTHER_KINDS: tuple[Any, ...] = ([], {}, ["a", "b\nc"], {"k": "v", "l": ["m"]}, [{"text": "x" * 90, "status": "n"}])
NEW_KEYS = ("text", "status", "title", "zz", "lead_agency", "recommendation", "section", "role", "source", "related")


def ways(data: Any, way: Way = ()) -> Iterator[Way]:
    parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in parts:
        yield (*way, key)
        yield from ways(value, (*way, key))


def lines_of(content: bytes) -> list[str]:
    return content.decode().removeprefix("\ufeff").replace("\r\n", "\n").split("\n")


def field(content: bytes, data: Any, way: Way) -> tuple[int, int]:
    """Return the first line of a field, and the line where the next one begins; inside brackets, of all that they hold."""
    found, lines = read_document(content), lines_of(content)
    for length in range(1, len(way)):
        line, column = found.find(way[:length])
        if isinstance(at(data, way[:length]), dict | list) and lines[line - 1][column - 1] in "[{":
            way = way[:length]
            break
    start = found.find(way, on_key=True)
    while isinstance(way[-1], int) and not lines[start[0] - 1].lstrip().startswith("-"):
        start = (start[0] - 1, 1)  # the value stands below its hyphen
    places = {other: found.find(other, on_key=True) for other in ways(data) if other[: len(way)] != way}
    later = [place for other, place in places.items() if place > start and other != way[: len(other)]]
    return start[0], min(later)[0] if later else len(lines)


REASONS = (
    "(it would say something else elsewhere); edit it by hand",
    "(a comment would be lost); edit it by hand",
    'what stands after the # would be lost; put the whole text in "quotes"',
)


@FEWER
@given(st.data())
def test_an_edit_of_a_file_as_people_write_it_touches_its_field(data: st.DataObject) -> None:
    content = data.draw(shaped(RecordKind.RECOMMENDATION).flatmap(mangled))
    record = parse(content)
    how, way, new = data.draw(changed(record))
    try:
        made = replace_data(content, new, SHAPE)
    except DhrError as error:
        assert str(error).endswith(REASONS)  # noqa: PT017 - whether it is refused is hypothesis' to find
        return
    assert json.dumps(parse(made), sort_keys=True) == json.dumps(new, sort_keys=True)
    before, after = lines_of(content), lines_of(made)
    if how == "set":
        first, following = field(content, record, way)
        rest = len(before) - following
        assert after[: first - 1] == before[: first - 1]
        assert after[len(after) - rest :] == before[len(before) - rest :]
    assert (b"\r\n" in made, made[:3] == MARK) == (b"\r\n" in content, content[:3] == MARK)


@FEWER
@given(st.data())
def test_an_edit_of_a_canonical_file_is_never_refused_and_leaves_it_canonical(data: st.DataObject) -> None:
    record = data.draw(shaped(RecordKind.RECOMMENDATION))
    _, _, new = data.draw(changed(record))
    before = compose_file(record, SHAPE, "# yaml-language-server: $schema=x")
    assert replace_data(before, new, SHAPE) == canonical_form(
        compose_file(new, SHAPE, "# yaml-language-server: $schema=x"), SHAPE
    )


@FEWER
@given(st.data())
def test_the_same_data_is_the_same_file(data: st.DataObject) -> None:
    content = data.draw(shaped(RecordKind.RECOMMENDATION).flatmap(mangled))
    record = parse(content)
    turned = dict(reversed(record.items()))
    assert replace_data(content, turned, SHAPE) == content


@FEWER
@given(st.data())
def test_the_canonical_form_is_reached_at_once_and_says_the_same(data: st.DataObject) -> None:
    content = data.draw(shaped(RecordKind.RECOMMENDATION).flatmap(mangled))
    made = canonical_form(content, SHAPE)
    assert canonical_form(made, SHAPE) == made
    assert json.dumps(parse(made), sort_keys=True) == json.dumps(parse(content), sort_keys=True)
    assert remarks(made) == remarks(content)


@FEWER
@given(st.data())
def test_files_that_say_the_same_have_one_canonical_form(data: st.DataObject) -> None:
    content = data.draw(shaped(RecordKind.RECOMMENDATION).flatmap(lambda record: mangled(record, remarks=False)))
    assert canonical_form(content, SHAPE) == compose_file(parse(content), SHAPE, "")


def remarks(content: bytes) -> list[str]:
    """Return the remarks that the mangler made, which no text holds."""
    return sorted(REMARK.findall(content.decode()))


REMARK = re.compile(r"# remark [^\r\n]*|#close")


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        ([], [], {}),
        (["a", "b", "c"], ["b", "c"], {0: 1, 1: 2}),
        (["a", "b"], ["a", "x", "b"], {0: 0, 2: 1}),
        (["a"], ["b"], {0: 0}),
        (["a", "b"], ["c"], {0: 0}),
        ([True, None], [None, None], {0: 0, 1: 1}),
        ([1, True, "1"], ["1", 1], {0: 2}),
        ([{"t": 1, "s": 2}, {"t": 3}], [{"t": 0}, {"t": 1, "s": 9}, {"t": 3}], {1: 0, 2: 1}),
        ([{"t": 1}, {"t": 2}], [{"t": 2}, {"t": 1}], {0: 1}),
        ([{}, {}], [{}], {0: 0}),
    ],
)
def test_the_items_of_two_lists_are_paired_so_that_most_stays(
    old: list[Any], new: list[Any], pairs: Mapping[int, int]
) -> None:
    assert align_items(old, new) == pairs


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1, True, False),
        (0, False, False),
        ("1", 1, False),
        (None, "", False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ([1, 2], [2, 1], False),
    ],
)
def test_values_are_the_same_only_with_their_types(one: Any, other: Any, same: bool) -> None:  # noqa: FBT001 - a table's column
    assert is_same_data(one, other) == same


# New files and what no file can hold


def test_a_new_file_has_its_schema_line_first_if_it_has_one() -> None:
    assert compose_file({"status": "unknown", "section": "a"}, SHAPE, "# x") == b"# x\nsection: a\nstatus: unknown\n"
    assert compose_file({"status": "unknown"}, SHAPE, "") == b"status: unknown\n"


@pytest.mark.parametrize("text", ["a\u200bb", "a\ud800b", "a\x00", "one\n\ud800" + "b" * 90])
def test_what_no_file_can_hold_is_refused(text: str) -> None:
    with pytest.raises(DhrError, match=r"^the new file cannot be written in this way, line [13] would"):
        compose_file({"status": text}, SHAPE, "")
    with pytest.raises(DhrError, match=r"^the record cannot be written in this way"):
        replace_data(b"status: a\n", {"status": text}, SHAPE, "the record")


def test_every_field_of_every_kind_has_its_place() -> None:
    for kind in RecordKind:
        if kind is not RecordKind.SOURCE:
            shape = schema.read_schema(kind)
            turned = dict.fromkeys(reversed(shape["properties"]), "x")
            assert list(parse(compose_file(turned, shape, ""))) == list(shape["properties"])
