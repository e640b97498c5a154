"""Where each part of a YAML text stands: every value from its first character to its last, and every comment."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ruamel.yaml.events import MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent

from dhrctl.files.yaml.reader import event_parser


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A value: its offsets in the text, and its parts, if it is a list or a group of keys.

    A text under a `|` or `>` has a `head`, where that mark ends; it ends with its last line. What is
    empty begins and ends behind its colon or hyphen. `flow` is for brackets.
    """

    start: int
    end: int
    head: int | None = None
    flow: bool = False
    column: int = 0
    entries: tuple["Entry", ...] = ()

    @property
    def block(self) -> bool:
        """Tell whether the parts stand on lines of their own."""
        return bool(self.entries) and not self.flow


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One part: its key or its number, where it begins, and where its colon or hyphen ends."""

    key: str | int
    start: int
    mark: int
    value: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A comment (or an empty line, which has no text), where it begins, and whether it has a line of its own."""

    start: int
    text: str
    alone: bool


def read(text: str) -> Node:
    """Return the value that a text holds; the strict reader must have accepted it."""
    return _Reader(text).document()


def line_start(text: str, offset: int) -> int:
    """Return where the line of an offset begins."""
    return text.rfind("\n", 0, offset) + 1


def line_end(text: str, offset: int) -> int:
    """Return where the line of an offset ends."""
    found = text.find("\n", offset)
    return len(text) if found < 0 else found


def line_after(text: str, offset: int) -> int:
    """Return where the line after that of an offset begins, or where the text ends."""
    return text.find("\n", offset) + 1 or len(text)


def begins_line(text: str, offset: int) -> bool:
    """Tell whether nothing but space stands on the line before an offset."""
    return not text[line_start(text, offset) : offset].strip()


_COLON = re.compile(r"[ \t]*:")
_HYPHEN = re.compile(r"^ *-", re.MULTILINE)
_HEAD = re.compile(r"[|>][-+0-9]*")
_REMARK = re.compile(r"#[^\n]*|^[ \t]*\n", re.MULTILINE)
_MARKERS = ("---", "...")


class _Reader:
    """Nodes out of the events of a YAML parser."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.take = event_parser(text).get_event

    def document(self) -> Node:
        self.take()
        self.take()
        return self._node(self.take(), 0)

    def _offset(self, mark: Any) -> int:  # noqa: ANN401 - a mark of either parser
        offset: int = self.starts[mark.line] + mark.column
        return offset

    def _node(self, event: Any, indent: int) -> Node:  # noqa: ANN401 - an event of either parser
        start = self._offset(event.start_mark)
        if isinstance(event, ScalarEvent):
            if event.style in {"|", ">"}:
                return self._block_text(start, self._offset(event.end_mark), indent)
            return Node(start=start, end=self._offset(event.end_mark))
        column = event.start_mark.column
        flow = event.flow_style
        inner = indent if flow else column
        group = isinstance(event, MappingStartEvent)
        entries, end = self._mapping(inner) if group else self._sequence(start, inner, flow=flow)
        last = self._offset(end.end_mark) if flow else entries[-1].value.end
        return Node(start=start, end=last, flow=flow, column=column, entries=tuple(entries))

    def _block_text(self, start: int, end: int, indent: int) -> Node:
        """Return a text under a `|` or `>`, without the empty lines below it that are no part of it."""
        found = _HEAD.match(self.text, start)
        head = found.group() if found else ""
        body = line_after(self.text, start)
        lines = self.text[body:end].removesuffix("\n").split("\n") if end > body else []
        margins = (len(line) - len(line.lstrip(" ")) for line in lines if line.strip(" "))
        digit = head.strip("|>+-")
        width = indent + int(digit) if digit else next(margins, 0)
        while lines and "+" not in head and len(lines[-1]) <= width and not lines[-1].strip(" "):
            lines.pop()
        last = body + len("\n".join(lines)) if lines else line_end(self.text, start)
        return Node(start=start, end=last, head=start + len(head))

    def _mapping(self, indent: int) -> tuple[list[Entry], Any]:
        entries: list[Entry] = []
        while not isinstance(event := self.take(), MappingEndEvent):
            behind = self._offset(event.end_mark)
            colon = _COLON.match(self.text, behind)
            mark = colon.end() if colon else behind
            value = _place_empty_value(self._node(self.take(), indent), mark)
            entries.append(Entry(key=event.value, start=self._offset(event.start_mark), mark=mark, value=value))
        return entries, event

    def _sequence(self, start: int, indent: int, *, flow: bool) -> tuple[list[Entry], Any]:
        entries: list[Entry] = []
        dash = start
        while not isinstance(event := self.take(), SequenceEndEvent):
            if entries and not flow:
                dash = next(_HYPHEN.finditer(self.text, entries[-1].value.end)).end() - 1
            value = self._node(event, indent)
            mark = value.start if flow else dash + 1
            begin = value.start if flow else dash
            entries.append(Entry(key=len(entries), start=begin, mark=mark, value=_place_empty_value(value, mark)))
        return entries, event


def _place_empty_value(value: Node, mark: int) -> Node:
    """Return a value; what is empty stands where its colon or hyphen ends."""
    empty = value.start == value.end and not value.flow
    return replace(value, start=mark, end=mark) if empty else value


def remarks(text: str, root: Node) -> Iterator[Remark]:
    """Yield every comment and every empty line that is no part of a text, in their order."""
    position = 0
    for start, end in (*sorted(_text_spans(text, root)), (len(text), len(text))):
        for found in _REMARK.finditer(text, position, max(position, start)):
            begun = text[line_start(text, found.start()) : found.start()]
            apart = not begun.strip() or begun.startswith(_MARKERS)
            yield Remark(start=found.start(), text=found.group().strip(), alone=apart)
        position = max(position, end)


def _text_spans(text: str, node: Node) -> Iterator[tuple[int, int]]:
    """Yield from where to where keys and texts stand, in which a `#` begins no comment."""
    if node.head is not None:
        yield node.start, node.head
        yield line_after(text, node.head), node.end
    elif not node.entries and not node.flow:
        yield node.start, node.end
    for entry in node.entries:
        if isinstance(entry.key, str):
            yield entry.start, entry.mark
        yield from _text_spans(text, entry.value)
