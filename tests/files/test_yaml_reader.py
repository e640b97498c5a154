"""Strict YAML: what a file means, what is refused and where, and that every parser means the same by it."""

import io
import json
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import ROOT, TESTS
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import (
    DoubleQuotedScalarString,
    FoldedScalarString,
    LiteralScalarString,
    SingleQuotedScalarString,
)

from dhrctl.files.yaml import reader
from dhrctl.files.yaml.reader import FileRefused, parse, read_document
from dhrctl.findings import rules

if TYPE_CHECKING:
    from conftest import Golden

CASES = TESTS / "cases" / "yaml"
GOOD = sorted(CASES.glob("good/*.yaml"))
BAD = sorted(CASES.glob("bad/*/*.yaml"))
# Their cases stand below: no such file should lie in a repository.
IN_TABLES = {"not-utf8", "hidden-character", "too-large"}
PARSERS = ("c", "pure")
LARGEST = 256 * 1024
DEEPEST = 20


def name_of(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


@pytest.fixture(params=PARSERS)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Read by one parser, then by the other."""
    if request.param == "pure":
        monkeypatch.setattr(reader, "CParser", None)
    assert (vars(reader)["CParser"] is None) == (request.param == "pure")
    return str(request.param)


def read(content: bytes, parser: str) -> Any:
    """Return the data of a file by a parser, or what was said when it was refused."""
    with pytest.MonkeyPatch.context() as patched:
        if parser == "pure":
            patched.setattr(reader, "CParser", None)
        try:
            return parse(content)
        except FileRefused as refused:
            return refused


def told(content: bytes) -> tuple[str, str]:
    """Return the rule that refuses a file, and the place and message."""
    with pytest.raises(FileRefused) as caught:
        parse(content)
    refused = caught.value
    return refused.rule.name, f"{refused.line}:{refused.column}: {refused.message}"


# Cases


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("case", GOOD, ids=name_of)
def test_a_good_case_means_what_stands_beside_it(case: Path) -> None:
    expected = json.loads(case.with_suffix(".json").read_text(encoding="utf-8"))
    content = case.read_bytes()
    assert parse(content) == expected
    assert parse(b"\xef\xbb\xbf" + content) == expected
    assert parse(content.replace(b"\n", b"\r\n")) == expected


@pytest.mark.parametrize("case", BAD, ids=name_of)
def test_a_bad_case_is_refused_by_the_rule_of_its_folder_at_its_place(case: Path, golden: "Golden") -> None:
    rule, said = told(case.read_bytes())
    assert rule == case.parent.name
    golden(f"../{case.with_suffix('.txt').relative_to(CASES.parents[1]).as_posix()}", f"{said}\n")


@pytest.mark.parametrize("case", BAD, ids=name_of)
def test_a_bad_case_is_refused_where_the_c_parser_is_missing(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "CParser", None)
    expected = case.with_suffix(".txt").read_text(encoding="utf-8").rstrip("\n")
    rule, said = told(case.read_bytes())
    assert rule == case.parent.name
    if rule == "invalid-yaml":
        # Where the syntax is broken each parser complains in its own way, but of the same line.
        said, expected = said.partition(":")[0], expected.partition(":")[0]
    assert said == expected


@pytest.mark.parametrize("case", BAD, ids=name_of)
def test_line_ends_and_a_byte_order_mark_move_no_refusal(case: Path) -> None:
    content = case.read_bytes()
    assert told(content.replace(b"\n", b"\r\n")) == told(content)
    assert told(b"\xef\xbb\xbf" + content) == told(content)


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("content", "rule", "place"),
    [
        # What was opened and never closed stands where it was opened, not at the end of the file.
        (b'a: 1\nb: "c\nd: e\nf: g\n', "invalid-yaml", "2:4"),
        (b"a: 1\nb: 'c\nd: e\nf: g", "invalid-yaml", "2:4"),
        (b"a: 1\nb:\n  - {c: d", "invalid-yaml", "3:5"),
        (b'"', "invalid-yaml", "1:1"),
        # A text in bold is an alias to YAML.
        (b"notes:\n  - *important* to Anytown\n", "anchor-or-alias", "2:5"),
    ],
)
def test_a_refusal_stands_where_the_mistake_is(content: bytes, rule: str, place: str) -> None:
    found, said = told(content)
    assert (found, said.partition(": ")[0]) == (rule, place)


@pytest.mark.usefixtures("parser")
def test_a_backslash_is_refused_on_its_own_line() -> None:
    rule, said = told(b'title: "one\n  two\n  C:\\police"\nscope: local\n')
    assert rule == "invalid-yaml"
    assert said.startswith("3:")


def test_every_rule_of_the_reader_has_its_bad_cases_and_every_case_its_rule() -> None:
    folders = {path.name for path in (CASES / "bad").iterdir()}
    assert folders | IN_TABLES == {rule.name for rule in rules.YAML_RULES}
    assert not folders & IN_TABLES
    assert {path.parent.name for path in BAD} == folders
    assert {path.stem for path in CASES.rglob("*.json")} == {path.stem for path in GOOD}
    assert {name_of(path) for path in CASES.rglob("*.txt")} == {name_of(path) for path in BAD}


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("around", ["key: {}\n", "- {}\n", "[{}]", "? a\n: {}", "# no\n\nkey:\n  - a\n  - {}", "{}"])
@pytest.mark.parametrize("word", ["2021-04-30", "no", "012", "1.10", "12.30", "1000000000000000000", "12:30"])
def test_dates_and_the_like_stay_text_wherever_they_stand(around: str, word: str) -> None:
    # libyaml refuses a colon inside brackets; it does not misread it.
    if (around, word) != ("[{}]", "12:30"):
        assert f"'{word}'" in repr([parse(around.format(word).encode())])


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("digits", [1, 9, 17, 18, 19, 20, 40, 5000])
@pytest.mark.parametrize("sign", ["", "-"])
def test_a_whole_number_has_at_most_18_digits(digits: int, sign: str) -> None:
    word = sign + "9" * digits
    assert parse(f"a: {word}".encode()) == {"a": int(word) if digits <= 18 else word}


# What no file should hold


UNSEEN = {"SOFT HYPHEN", "WORD JOINER", "INVISIBLE TIMES", "INVISIBLE SEPARATOR", "INVISIBLE PLUS"}
UNSEEN |= {"COMBINING GRAPHEME JOINER", "HANGUL FILLER", "HALFWIDTH HANGUL FILLER"}


@cache
def hidden() -> tuple[str, ...]:
    """Return every control, bidirectional and zero-width character, as Unicode knows them."""
    return tuple(_hidden())


def _hidden() -> Iterator[str]:
    turning = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
    marks = {"LEFT-TO-RIGHT MARK", "RIGHT-TO-LEFT MARK", "ARABIC LETTER MARK"}
    separators = {"LINE SEPARATOR", "PARAGRAPH SEPARATOR"}
    for code in range(0x110000):
        character = chr(code)
        name = unicodedata.name(character, "")
        if (
            (unicodedata.category(character) == "Cc" and character not in "\t\n")
            or unicodedata.bidirectional(character) in turning
            or name in marks | separators
            or name.startswith(("ZERO WIDTH", "TAG ", "LANGUAGE TAG"))
            or name in UNSEEN
        ):
            yield character


def _named(character: str) -> str:
    return f"there is a hidden character here, U+{ord(character):04X}; delete it"


@pytest.mark.usefixtures("parser")
def test_every_hidden_character_is_refused_by_its_number_and_never_printed() -> None:
    assert len(hidden()) > 160
    for character in hidden():
        content = f"a: 1\ntext: any{character}town\n".encode()
        assert told(content) == ("hidden-character", f"2:10: {_named(character)}")


@pytest.mark.usefixtures("parser")
def test_every_hidden_character_is_refused_as_an_escape_too() -> None:
    for character in hidden():
        content = f'a: 1\nb:\n  - "any\\U{ord(character):08X}town"\n'.encode()
        assert told(content) == ("hidden-character", f"3:5: {_named(character)}")


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("content", "place", "character"),
    [
        (b"\xef\xbb\xbf\xef\xbb\xbfa: 1\n", "1:1", "\ufeff"),
        (b"a: 1\n\xef\xbb\xbf\n", "2:1", "\ufeff"),
        (b"a: 1\rb: 2\r", "1:5", "\r"),
        (b"a: 1\r\r\n", "1:5", "\r"),
        (b"# comm\x07ent\na: 1\n", "1:7", "\x07"),
        (b"a: 1\n\xe2\x80\xae: 2\n", "2:1", "\u202e"),
        ("é: é\u200bé\n".encode(), "1:5", "\u200b"),
        (b'"a\\u202eb": 1\n', "1:1", "\u202e"),
        (b'a: "b\\rc"\n', "1:4", "\r"),
        (b'a: "b\\r\\nc"\n', "1:4", "\r"),
        (b'a: "\\0"\n', "1:4", "\0"),
        (b'a: "\\e[31m"\n', "1:4", "\x1b"),
        (b'a: "\\N"\n', "1:4", "\x85"),
        (b'a: "\\L"\n', "1:4", "\u2028"),
        (b"a: |\n  one\n  two\x1b[31m\n", "3:6", "\x1b"),
    ],
)
def test_a_hidden_character_is_refused_in_every_corner(content: bytes, place: str, character: str) -> None:
    assert told(content) == ("hidden-character", f"{place}: {_named(character)}")


NOT_UTF8 = "the file is not UTF-8 text from here on; save it again with the encoding UTF-8"


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte-order-mark"])
@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("title: Café\n".encode("latin-1"), "1:11"),
        ("title: £5\n".encode("cp1252"), "1:8"),
        ("a: é\nb: é".encode() + b"\xe9\n", "2:5"),
        (b"a: 1\r\nb: \xff\r\n", "2:4"),
        ("a: 1\n".encode("utf-16"), "1:1"),
        (b"a: \xed\xa0\x80\n", "1:4"),
        (b"a: \xc0\x80\n", "1:4"),
        (b"a: \xf4\x90\x80\x80\n", "1:4"),
        (b"a: 1\nb: \xe2\x80", "2:4"),
        (b"\x80", "1:1"),
    ],
)
def test_what_is_not_utf8_is_refused_where_it_begins(content: bytes, place: str, start: bytes) -> None:
    assert told(start + content) == ("not-utf8", f"{place}: {NOT_UTF8}")


def test_a_file_of_256_kb_is_read_and_one_byte_more_refused() -> None:
    content = b"a: " + b"x" * (LARGEST - 4) + b"\n"
    assert len(parse(content)["a"]) == LARGEST - 4
    sentence = "the file is larger than 256 KB; divide it, or shorten it"
    assert told(content + b"\n") == ("too-large", f"1:1: {sentence}")
    assert told(b"\xff" * (LARGEST + 1)) == ("too-large", f"1:1: {sentence}")


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("opening", "closing"),
    [("[", "]"), ("- ", ""), ("{a: ", "}"), ("a:\n", ""), ("- a: ", "")],
)
def test_twenty_levels_are_read_and_not_one_more(opening: str, closing: str) -> None:
    def nested(levels: int) -> bytes:
        if opening == "a:\n":
            return "".join(f"{' ' * level}a:\n" for level in range(levels)).encode()
        if opening == "- a: ":
            return "".join(f"{' ' * 4 * level}- a:\n" for level in range(levels // 2)).encode()
        return (opening * levels + "x" + closing * levels).encode()

    parse(nested(DEEPEST))
    assert told(nested(DEEPEST + 2))[0] == "too-deep"
    if opening != "- a: ":
        assert told(nested(DEEPEST + 1))[0] == "too-deep"


# Where things stand

PLACED = b"""\
# comment
title: Anytown
"quoted key": 'text'
list:
  - one
  - key: |-
      block
    flow: [a, {b: c}]
  -
empty:
"""


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("way", "value", "key"),
    [
        ((), (2, 1), (2, 1)),
        (("title",), (2, 8), (2, 1)),
        (("quoted key",), (3, 15), (3, 1)),
        (("list",), (5, 3), (4, 1)),
        (("list", 0), (5, 5), (5, 5)),
        (("list", 1), (6, 5), (6, 5)),
        (("list", 1, "key"), (6, 10), (6, 5)),
        (("list", 1, "flow"), (8, 11), (8, 5)),
        (("list", 1, "flow", 0), (8, 12), (8, 12)),
        (("list", 1, "flow", 1), (8, 15), (8, 15)),
        (("list", 1, "flow", 1, "b"), (8, 19), (8, 16)),
        (("title", "below", 3), (2, 8), (2, 8)),
        (("list", 7), (5, 3), (5, 3)),
        (("nowhere",), (2, 1), (2, 1)),
    ],
)
def test_each_value_and_each_key_has_its_line_and_column(
    way: tuple[str | int, ...], value: tuple[int, int], key: tuple[int, int]
) -> None:
    found = read_document(PLACED)
    assert found.find(way) == value
    assert found.find(way, on_key=True) == key


def test_the_place_of_what_is_empty_lies_on_the_line_of_its_key() -> None:
    found = read_document(PLACED)
    assert found.find(("empty",))[0] == 10
    assert found.find(("list", 2))[0] == 9


# Laws

VISIBLE = st.characters(
    exclude_categories=("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"),
    exclude_characters="\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0",  # fillers, which are as good as hidden
    max_codepoint=0xDFFFF,
)
TEXTS = st.text(VISIBLE | st.sampled_from("\n\n  :#-'\"|>&*!%@`[]{},?\\~="), max_size=30) | st.sampled_from(
    ["2021-04-30", "no", "012", "1.10", "12:30", "~", "null", "true", "", "<<", "=", ".inf", "- a", "a: b", "a #b", "1"]
)
KEYS = st.text(VISIBLE, min_size=1, max_size=12) | st.sampled_from(["status", "1", "null", "<<", "a: b", "- c"])
SCALARS = TEXTS | st.none() | st.booleans() | st.integers(-(10**18) + 1, 10**18 - 1)
RECORDS = st.dictionaries(
    KEYS,
    st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
        max_leaves=12,
    ),
    min_size=1,
    max_size=5,
)
QUOTING = (str, str, DoubleQuotedScalarString, SingleQuotedScalarString, LiteralScalarString, FoldedScalarString)


@st.composite
def written(draw: st.DrawFn) -> bytes:
    """Return a record as ruamel writes it, in one of its styles."""
    data = draw(RECORDS)
    typ = draw(st.sampled_from(["rt", "safe"]))
    # The pure writer leaves colons inside brackets without quotes, which libyaml refuses to read.
    writer = YAML(typ=typ)
    writer.default_flow_style = draw(st.sampled_from([False, True, None])) if typ == "safe" else False
    writer.explicit_start = draw(st.booleans())
    writer.explicit_end = draw(st.booleans())
    writer.allow_unicode = draw(st.booleans())
    writer.width = draw(st.sampled_from([20, 80, 10_000]))
    if typ == "rt":
        writer.indent(mapping=2, sequence=4, offset=draw(st.sampled_from([0, 2])))
        data = quoted(data, draw(st.lists(st.sampled_from(QUOTING), min_size=1, max_size=5)))
    stream = io.BytesIO()
    writer.dump(data, stream)
    return stream.getvalue()


def quoted(data: Any, styles: list[type[str]]) -> Any:
    """Return data whose texts are written in a style each."""
    if isinstance(data, dict):
        return {
            key: quoted(value, styles[index % len(styles) :] + styles)
            for index, (key, value) in enumerate(data.items())
        }
    if isinstance(data, list):
        return [quoted(value, styles[index % len(styles) :] + styles) for index, value in enumerate(data)]
    return styles[0](data) if isinstance(data, str) else data


def ruamel(content: bytes, *, pure: bool) -> Any:
    """Return what ruamel's own safe loader makes of a file, or its error."""
    try:
        return YAML(typ="safe", pure=pure).load(content)
    except (YAMLError, ValueError, OverflowError) as error:
        return error


def same(ours: Any, theirs: Any) -> bool:
    """Tell whether two readers mean the same, where plain words have the same meaning to both.

    Ruamel makes numbers, truth values and dates of words that stay text here. Such a word must
    be one that it makes the very same thing of when it stands alone.
    """
    if isinstance(ours, dict):
        pairs = zip(ours.items(), theirs.items(), strict=True) if isinstance(theirs, dict) else ()
        return len(ours) == len(theirs) and all(same(a, c) and same(b, d) for (a, b), (c, d) in pairs)
    if isinstance(ours, list):
        return isinstance(theirs, list) and len(ours) == len(theirs) and all(map(same, ours, theirs))
    if type(ours) is type(theirs):
        return bool(ours == theirs)
    if not isinstance(ours, str) or not isinstance(theirs, int | float | date | None):
        return False
    alone = ruamel(ours.encode(), pure=True)
    return type(alone) is type(theirs) and repr(alone) == repr(theirs)


def differ(content: bytes) -> list[str]:
    """Return which readers mean something else by a file than the others; those that refuse it do not."""
    ours = {parser: read(content, parser) for parser in PARSERS}
    data = {parser: value for parser, value in ours.items() if not isinstance(value, FileRefused)}
    if len(data) == 2 and data["c"] != data["pure"]:
        return [f"{data['c']!r} is not {data['pure']!r}"]
    wrong = []
    for parser, value in data.items():
        for pure in (False, True):
            theirs = ruamel(content, pure=pure)
            if not isinstance(theirs, Exception) and not same(value, theirs):
                wrong.append(f"{parser}: {value!r} is not {theirs!r} (pure: {pure})")
    return wrong


@pytest.mark.parametrize("path", sorted(ROOT.glob("register/**/*.yaml")), ids=lambda path: path.stem)
def test_every_reader_means_the_same_by_the_register(path: Path) -> None:
    content = path.read_bytes()
    assert not isinstance(read(content, "c"), FileRefused)
    assert not isinstance(read(content, "pure"), FileRefused)
    assert differ(content) == []


@pytest.mark.parametrize("case", GOOD, ids=name_of)
def test_every_reader_means_the_same_by_a_good_case(case: Path) -> None:
    assert differ(case.read_bytes()) == []


@given(written())
def test_every_reader_means_the_same_by_what_was_written(content: bytes) -> None:
    assert not isinstance(read(content, "c"), FileRefused), content
    assert not isinstance(read(content, "pure"), FileRefused), content
    assert not isinstance(ruamel(content, pure=True), Exception), content
    assert differ(content) == []


@given(RECORDS)
def test_what_is_written_reads_back(data: dict[str, Any]) -> None:
    stream = io.BytesIO()
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.dump(data, stream)
    content = stream.getvalue()
    assert read(content, "c") == data
    assert read(content, "pure") == data
    assert repr(read(content, "c")) == repr(read(content, "pure"))


RECORD = """\
# yaml-language-server: $schema=../../../../schema/recommendation.schema.json
recommendation: |-
  Anytown Police check once a year
  that the "policy" is followed.
section: "Table 2: Anytown Police"
lead_agencies:
  - anytown-police
actions:
  - text: 'It''s done'
    target_date: 2024-03
  - {text: b, status: complete}
as_stated:
  "No": "5"
source:
  lines: [8, 12]
status: in-progress
"""
SLIPS = st.sampled_from(
    [
        *(" ", "\t", "\n", "- ", ": ", ":", "? ", "|", ">", "'", '"', "[", "]", "{", "}", ",", "#", " #", "&a ", "*a"),
        *("!", "!!str ", "%", "@", "`", "---\n", "...\n", "\\", "\\x", "\\U00110000", '"\\UFFFFFFFF"', "~", "<<: "),
        *("\r", "\r\n", "\0", "\x85", "\u202e", "\ufeff", "\u2028", "é", "👍", "0", "-", "=", ".nan", "|2\n", ">-\n"),
    ]
)


@st.composite
def mangled(draw: st.DrawFn) -> bytes:
    """Return a record as people mangle one: lines doubled, moved, cut and pasted into."""
    text = RECORD
    for _ in range(draw(st.integers(1, 4))):
        slip = draw(st.sampled_from(["paste", "cut", "indent", "double", "end", "move"]))
        lines = text.split("\n")
        line = draw(st.integers(0, len(lines) - 1))
        at = draw(st.integers(0, len(lines[line])))
        if slip == "paste":
            lines[line] = lines[line][:at] + draw(SLIPS) + lines[line][at:]
        elif slip == "cut":
            lines[line] = lines[line][:at] + lines[line][at + draw(st.integers(1, 9)) :]
        elif slip == "indent":
            lines[line] = " " * draw(st.integers(0, 5)) + lines[line].lstrip()
        elif slip == "double":
            lines.insert(draw(st.integers(0, len(lines))), lines[line])
        elif slip == "end":
            lines = [*lines[:line], lines[line][:at]]
        else:
            lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(line))
        text = "\n".join(lines)
    return text.encode()


@given(mangled())
def test_every_reader_that_accepts_a_mangled_file_means_the_same_by_it(content: bytes) -> None:
    # A block text that is the whole file is the one thing on which the two parsers differ; no record is one.
    if not any(isinstance(read(content, parser), str) for parser in PARSERS):
        assert differ(content) == []


def judged(content: bytes) -> None:
    """Hold both parsers to the one promise: plain data with its places, or one refusal with its place."""
    for parser in PARSERS:
        found = read(content, parser)
        if not isinstance(found, FileRefused):
            assert plain(found)
            continue
        lines = content.count(b"\n") + 1
        assert 1 <= found.line <= lines
        assert 1 <= found.column <= len(content) + 1
        assert found.rule in rules.YAML_RULES
        assert not set(found.message) & {*hidden(), "\n", "\t"}


def plain(data: Any) -> bool:
    if isinstance(data, dict):
        return all(type(key) is str and plain(value) for key, value in data.items())
    if isinstance(data, list):
        return all(map(plain, data))
    return type(data) in {str, int, bool, type(None)}


@given(mangled())
@example(b'a: "\\U00110000"')
@example(b'a: "\\UFFFFFFFF"')
@example(b'"a\\nb": 1\n"a\\nb": 2\n')
def test_a_mangled_file_gives_data_or_is_refused_and_nothing_else(content: bytes) -> None:
    judged(content)


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_give_data_or_are_refused_and_nothing_else(content: bytes) -> None:
    judged(content)


@given(
    st.lists(SLIPS | st.sampled_from(["a", "b", "1", "  ", "\n  "]), max_size=25).map(
        lambda bits: "".join(bits).encode()
    )
)
def test_any_heap_of_yaml_signs_gives_data_or_is_refused_and_nothing_else(content: bytes) -> None:
    judged(content)


@given(mangled() | written())
def test_every_value_that_is_read_has_a_place_of_its_own_on_its_line(content: bytes) -> None:
    data = read(content, "c")
    if isinstance(data, FileRefused):
        return
    found = read_document(content)
    lines = content.decode().removeprefix("\ufeff").replace("\r\n", "\n").split("\n")

    seen = []

    def walk(value: Any, way: tuple[str | int, ...]) -> None:
        line, column = found.find(way)
        seen.append((line, column))
        if isinstance(value, dict):
            for key, below in value.items():
                on_line, on_column = found.find((*way, key), on_key=True)
                assert lines[on_line - 1][on_column - 1 :].startswith((key, '"', "'", "|", ">"))
                walk(below, (*way, key))
        elif isinstance(value, list):
            for index, below in enumerate(value):
                walk(below, (*way, index))
        elif isinstance(value, int) and not isinstance(value, bool):
            assert lines[line - 1][column - 1 :].startswith(str(value)) or value == 0

    walk(data, ())
    assert seen == sorted(seen)
