"""Strict YAML: bytes to plain data and the place of each part, or to one refusal with its line and column.

YAML 1.2 as a coordinator means it: a plain word stays text unless it is a whole number,
`true`, `false` or nothing, so dates, `no` and `012` are text. Everything that lets a file mean
something other than it seems to (anchors, tags, keys given twice, hidden characters) is refused.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from dhrctl.files.parallel import divide_work
from dhrctl.findings.finding import Keys, Rule, sentence
from dhrctl.findings.rules import (
    ANCHOR_OR_ALIAS,
    CONFLICT_MARKER,
    DIRECTIVE,
    DUPLICATE_KEY,
    EMPTY_FILE,
    HIDDEN_CHARACTER,
    INVALID_YAML,
    KEY_NOT_TEXT,
    LOST_AFTER_HASH,
    NOT_A_NUMBER,
    NOT_UTF8,
    SECOND_DOCUMENT,
    TAG,
    TOO_DEEP,
    TOO_LARGE,
)
from dhrctl.model.paths import MAX_BYTES
from dhrctl.text.invisible import HIDDEN

try:
    from _ruamel_yaml import CParser
except ImportError:  # pragma: no cover - which of the two is there depends on the machine
    CParser = None

T = TypeVar("T")

MAX_DEPTH = 20


class FileRefused(Exception):
    """A file that cannot be trusted to mean what it says: rule, place (from 1), what is wrong there, what to do.

    `values` are the data at fault, or a word that tells the cases of a rule apart (see `Finding`).
    """

    def __init__(self, rule: Rule, line: int, column: int, problem: str, fix: str, *values: str) -> None:
        """Keep them."""
        super().__init__(sentence(problem, fix))
        self.rule = rule
        self.line = line
        self.column = column
        self.problem = " ".join(problem.split())
        self.fix = fix
        self.values = values

    @property
    def message(self) -> str:
        """Return the sentence for people."""
        return sentence(self.problem, self.fix)


@dataclass(frozen=True, slots=True)
class Document:
    """A file's data, and where each part of it stands.

    A node is a value, or a key before its value. Nodes are numbered as they stand in the file, which
    is the order of `data`: `marks` holds line and column of each, and `ends` the number after the last
    part of each that has parts. `parts`, worked out where it is wanted, leads from a node to its values.
    """

    data: Any
    marks: bytes
    ends: Mapping[int, int]
    parts: dict[int, Mapping[str | int, int]] = field(default_factory=dict, compare=False)

    def find(self, way: Keys, *, on_key: bool = False) -> tuple[int, int]:
        """Return the place of a value (or of its key), or of the nearest thing around it; line and column, from 1."""
        node, data = 0, self.data
        for step, key in enumerate(way, 1):
            part = self._parts(node, data).get(key)
            if part is None:
                break
            node, data = part, data[key]
            if on_key and step == len(way) and isinstance(key, str):
                node -= 1
        line, column = divmod(memoryview(self.marks).cast("Q")[node], _COLUMNS)
        return line + 1, column + 1

    def _parts(self, node: int, data: Any) -> Mapping[str | int, int]:  # noqa: ANN401 - plain data
        """Return the number of each value under a node."""
        if node not in self.parts:
            found: dict[str | int, int] = {}
            next_one = node + 1
            for key in data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ():
                found[key] = next_one = next_one + isinstance(data, dict)
                next_one = self.ends.get(next_one, next_one + 1)
            self.parts[node] = found
        return self.parts[node]


def parse(content: bytes) -> Any:  # noqa: ANN401 - parsed text is where the types begin
    """Return the data of a file; raise FileRefused."""
    return read_document(content).data


def read_document(content: bytes) -> Document:
    """Return the data of a file with the place of everything in it; raise FileRefused."""
    return _Builder(read_yaml_text(content)).document()


_HERE = 0.42  # what is read here is decoded here as well, while the child still reads


def read_documents(
    files: Sequence[T], contents: Callable[[Sequence[T]], Iterable[bytes]]
) -> Generator[Document | FileRefused, None, None]:
    """Yield for each file what `read_document` returns or raises; many are read in two processes.

    `contents` gives the bytes of some of the files: each process asks for those that it reads.
    """

    def read(some: Sequence[T]) -> list[Any]:
        return [_document_parts(content) for content in contents(some)]

    for parts in divide_work(read, files, len(files), _HERE):
        try:
            yield read_document(parts) if isinstance(parts, bytes) else Document(*parts)
        except FileRefused as refused:
            yield refused


def _document_parts(content: bytes) -> tuple[Any, bytes, Mapping[int, int]] | bytes:
    """Return the parts of a document, which are plain data; the bytes themselves where they are refused."""
    try:
        read = read_document(content)
    except FileRefused:
        return content
    return read.data, read.marks, read.ends


_COLUMNS = 1 << 20  # more than a line can have
_CONFLICT = re.compile(r"^(?:(?:<{7}|>{7}|\|{7})(?: |$)|={7}$)", re.MULTILINE)
_MARKERS = ("<<<<<<<", ">>>>>>>", "|||||||", "=======")
_IN_SIGHT = bytes((9, 10, *range(0x20, 0x7F)))
_HASH = re.compile(r"[ \t]+#(?=[^\s#])")
_SHOWN = 60
_TAB_INDENT = re.compile(r" *\t")
_WHOLE_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_NUMBERS_BEGIN = "-+.0123456789"
_WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


def read_text(content: bytes) -> str:
    """Return the text of a file of any kind; raise FileRefused where it is too large, no UTF-8, or hides something."""
    if len(content) > MAX_BYTES:
        raise FileRefused(
            TOO_LARGE, 1, 1, f"the file is larger than {MAX_BYTES // 1024} KB", "divide it, or shorten it"
        )
    try:
        whole = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8").removeprefix("\ufeff")
        line, column = _line_and_column(before, len(before))
        problem = "the file is not UTF-8 text from here on"
        raise FileRefused(NOT_UTF8, line, column, problem, "save it again with the encoding UTF-8") from None
    whole = whole.removeprefix("\ufeff").replace("\r\n", "\n")
    hidden = HIDDEN.search(whole) if content.translate(None, _IN_SIGHT) else None
    if hidden:
        raise FileRefused(HIDDEN_CHARACTER, *_line_and_column(whole, hidden.start()), *_hidden_message(hidden.group()))
    return whole


def read_yaml_text(content: bytes) -> str:
    """Return the text of a YAML file; raise FileRefused for what no parser should see."""
    whole = read_text(content)
    directive = f"\n{whole}".find("\n%")
    if directive >= 0:
        problem = "a line that begins with % is a YAML directive"
        raise FileRefused(DIRECTIVE, *_line_and_column(whole, directive), problem, "take it out")
    conflict = _CONFLICT.search(whole) if any(marker in whole for marker in _MARKERS) else None
    if conflict:
        problem, fix = "a conflict of a merge was left here", "keep the right lines and delete the marker lines"
        raise FileRefused(CONFLICT_MARKER, *_line_and_column(whole, conflict.start()), problem, fix)
    return whole


def _line_and_column(text: str, index: int) -> tuple[int, int]:
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    line = bisect_right(starts, index)
    return line, index - starts[line - 1] + 1


def _hidden_message(character: str) -> tuple[str, str, str]:
    """Return what is wrong about a hidden character, what to do, and which it is."""
    which = f"U+{ord(character):04X}"
    return f"there is a hidden character here, {which}", "delete it", which


class _Builder:
    """Plain data out of the events of a YAML parser, noting where each node stands."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n") if " #" in text or "\t#" in text else []
        self.take = event_parser(text).get_event
        self.marks = array("Q")
        self.ends: dict[int, int] = {}

    def document(self) -> Document:
        try:
            return Document(self._document(), self.marks.tobytes(), self.ends)
        except YAMLError as error:
            raise _translate_error(error, self.text) from None
        except (ValueError, OverflowError):  # the pure parser's answer to an impossible \\U escape
            problem = 'a backslash in "quotes" stands for no character'
            raise FileRefused(INVALID_YAML, 1, 1, problem, "take it out", "no-character") from None

    def _document(self) -> Any:  # noqa: ANN401 - parsed text is where the types begin
        take = self.take
        take()
        event = take()
        if isinstance(event, StreamEndEvent):
            raise FileRefused(EMPTY_FILE, 1, 1, "the file is empty", "fill it in, or delete it")
        data = self._value(take(), 1)
        take()
        event = take()
        if not isinstance(event, StreamEndEvent):
            fix = "keep one document in a file, without a line of ---"
            raise self._refusal(SECOND_DOCUMENT, event, "a second document begins here", fix)
        return data

    def _value(self, event: Any, depth: int) -> Any:  # noqa: ANN401 - parsed text is where the types begin
        if event.anchor is not None:
            raise self._refusal(ANCHOR_OR_ALIAS, event, *_NO_ANCHORS)
        if event.ctag is not None:
            problem = "! at the beginning of a value means a YAML tag"
            raise self._refusal(TAG, event, problem, "write the text in quotes")
        mark = event.start_mark
        self.marks.append(mark.line * _COLUMNS + mark.column)
        if isinstance(event, ScalarEvent):
            return self._scalar(event)
        if depth > MAX_DEPTH:
            problem = f"lists and keys are nested more than {MAX_DEPTH} deep here"
            raise self._refusal(TOO_DEEP, event, problem, "make the record flatter")
        node = len(self.marks) - 1
        value = self._sequence(depth) if isinstance(event, SequenceStartEvent) else self._mapping(depth)
        self.ends[node] = len(self.marks)
        return value

    def _sequence(self, depth: int) -> list[Any]:
        take = self.take
        items: list[Any] = []
        while not isinstance(event := take(), SequenceEndEvent):
            items.append(self._value(event, depth + 1))
        return items

    def _mapping(self, depth: int) -> dict[str, Any]:
        take, note = self.take, self.marks.append
        mapping: dict[str, Any] = {}
        while not isinstance(event := take(), MappingEndEvent):
            key = self._key(event, mapping)
            mark = event.start_mark
            note(mark.line * _COLUMNS + mark.column)
            mapping[key] = self._value(take(), depth + 1)
        return mapping

    def _key(self, event: Any, mapping: dict[str, Any]) -> str:  # noqa: ANN401 - an event of either parser
        if not isinstance(event, ScalarEvent) or event.anchor is not None or event.ctag is not None:
            if event.anchor is not None or event.ctag is not None:
                self._value(event, 1)
            raise self._refusal(
                KEY_NOT_TEXT,
                event,
                "a list or more keys stand where a key belongs",
                "write a word of text followed by a colon",
                "no-scalar",
            )
        key = self._scalar(event)
        if not isinstance(key, str):
            given = event.value
            said = (f"the key {given[:_SHOWN]} is not text", "put it in quotes", given) if given else _NO_KEY
            raise self._refusal(KEY_NOT_TEXT, event, *said)
        if key == "<<" and not event.style:
            raise self._refusal(ANCHOR_OR_ALIAS, event, "<< is a YAML merge key", "write the keys out in full", "<<")
        if key in mapping:
            problem = f'the key "{key[:_SHOWN]}" is given twice'
            raise self._refusal(DUPLICATE_KEY, event, problem, "keep one of the two", key)
        return key

    def _scalar(self, event: Any) -> Any:  # noqa: ANN401 - an event of either parser
        value: str = event.value
        if event.style:
            hidden = HIDDEN.search(value) if event.style == '"' else None
            if hidden:
                raise self._refusal(HIDDEN_CHARACTER, event, *_hidden_message(hidden.group()))
            return value
        if self.lines:
            self._refuse_lost_rest(event)
        if value in _WORDS:
            return _WORDS[value]
        if value[0] not in _NUMBERS_BEGIN:
            return value
        if _WHOLE_NUMBER.fullmatch(value):
            return int(value)
        if _NOT_FINITE.fullmatch(value):
            problem = f"{value} is no number that can be used"
            raise self._refusal(NOT_A_NUMBER, event, problem, "put it in quotes if it is text", value)
        return value

    def _refuse_lost_rest(self, event: Any) -> None:  # noqa: ANN401 - an event of either parser
        """Refuse a text without quotes whose rest would be taken for a comment (`case #4 and more`)."""
        mark = event.end_mark
        if event.value and _HASH.match(self.lines[mark.line], mark.column):
            problem, fix = "what stands after the # would be lost", 'put the whole text in "quotes"'
            raise FileRefused(LOST_AFTER_HASH, mark.line + 1, mark.column + 1, problem, fix)

    def _refusal(self, rule: Rule, event: Any, problem: str, fix: str, *values: str) -> FileRefused:  # noqa: ANN401 - an event of either parser
        mark = event.start_mark
        return FileRefused(rule, mark.line + 1, mark.column + 1, problem, fix, *values)


def event_parser(text: str) -> Any:  # noqa: ANN401 - neither parser is typed
    """Return the parser of a text, from which its events are taken one by one."""
    if CParser is not None:
        return CParser(text)
    from ruamel.yaml import YAML  # noqa: PLC0415 - the whole library, where its C parser is missing

    _, pure = YAML(typ="safe", pure=True).get_constructor_parser(text)
    return pure


# What is wrong, what to do, and the word by which a case of a rule is known again.
_NO_ANCHORS = (
    "& and * at the beginning of a value mean an anchor or alias",
    "write the text in quotes, or in full",
    "anchor",
)
_NO_KEY = ("a key is missing before this colon", "write it, or put the text in quotes", "no-key")
_NO_LINE = (
    "this line is neither `key: value` nor part of a longer text",
    "look at its indentation and colon",
    "line",
)
_COLON_FIRST = re.compile("[ -]*:(?: |$)")
_SYNTAX = (
    (
        "mapping values are not allowed",
        ("a colon followed by a space begins a value", 'put the whole text in "quotes"', "colon"),
    ),
    ("could not find expected ':'", _NO_LINE),
    ("simple key", _NO_LINE),
    (
        "unexpected end of stream",
        ("a quotation mark was opened and never closed", "close it, or take it out", "quotes-open"),
    ),
    (
        "escape",
        ('a backslash in "quotes" means something in YAML', "use 'single quotes' for this text", "backslash"),
    ),
    (
        "quoted scalar",
        ("a text in quotation marks is not closed properly", "a mark inside it is written twice", "quotes"),
    ),
    ("block sequence", ("this line does not fit the list above it", "look at its indentation", "list")),
    (
        "block mapping",
        (
            "this line does not fit the keys above it",
            "look at its indentation, and write a quotation mark inside quotes twice",
            "keys",
        ),
    ),
    (
        "flow",
        (
            "a bracket [ or { was opened and is not closed properly",
            "put the text in quotes if it is not a list",
            "bracket",
        ),
    ),
    ("cannot start any token", ("a text cannot begin with this character", "put it in quotes", "first-character")),
)


def _translate_error(error: YAMLError, text: str) -> FileRefused:
    """Return a parser's complaint in our own words."""
    mark = None
    if isinstance(error, MarkedYAMLError):
        opened = re.search("simple key|quoted scalar|flow|alias|anchor", str(error.context))
        escape = "escape" in str(error.problem)
        mark = error.context_mark if opened and error.context_mark and not escape else error.problem_mark
    lines = text.split("\n")
    line, column = (min(mark.line, len(lines) - 1) + 1, mark.column + 1) if mark else (1, 1)
    if _TAB_INDENT.match(lines[line - 1]):
        return FileRefused(
            INVALID_YAML, line, column, "a tab stands before the text of this line", "replace it by spaces", "tab"
        )
    if _COLON_FIRST.match(lines[line - 1]):
        return FileRefused(KEY_NOT_TEXT, line, column, *_NO_KEY)
    problem = str(error)
    if "alias" in problem or "anchor" in problem:
        return FileRefused(ANCHOR_OR_ALIAS, line, column, *_NO_ANCHORS)
    for complaint, ours in _SYNTAX:
        if complaint in problem:
            return FileRefused(INVALID_YAML, line, column, *ours)
    fix = "look at the indentation, quotes and colons of this line and the one above it"
    return FileRefused(INVALID_YAML, line, column, "this is not valid YAML", fix)
