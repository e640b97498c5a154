"""Changing a YAML file: other data in the same text, with every line that need not change as it was."""

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dhrctl.errors import DhrError, Exit
from dhrctl.files.yaml import comments, nodes, reader
from dhrctl.files.yaml.comments import SCHEMA_LINE, Notes
from dhrctl.files.yaml.emitter import Form, PlainData, flow_text
from dhrctl.files.yaml.nodes import Entry, Node
from dhrctl.findings.finding import Keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Splice:
    """A piece of a text, and what is to stand there instead."""

    start: int
    end: int
    text: str


def replace_data(content: bytes, data: Mapping[str, Any], shape: Mapping[str, Any], path: str = "the file") -> bytes:
    """Return a file that holds other data, with the lines changed of what differs and no others; raise DhrError.

    `shape` is the schema of that kind of file: a new key is put where its order has it.
    """
    before, meant = read_data(content, path), dict(data)
    if is_same_data(before, meant):
        return content
    text = reader.read_yaml_text(content)
    try:
        splices = _Rewrite(text, Form(shape=shape)).whole(nodes.read(text), before, meant)
        after = _apply_splices(content, sorted(splices, key=lambda splice: (splice.start, splice.end)))
    except EditRefused as refused:
        message = f"{path} cannot be changed in this way ({refused}); edit it by hand"
        raise DhrError(message) from None
    _verify_data(after, meant, path)
    return after


def compose_file(data: Mapping[str, Any], shape: Mapping[str, Any], schema_line: str) -> bytes:
    """Return a new file with this data, in the canonical form; raise DhrError where no file can hold it."""
    meant = dict(data)
    lines = (*filter(None, (schema_line,)), *Form(shape=shape).lines(meant))
    content = "".join(f"{line}\n" for line in lines).encode(*_ANY)
    _verify_data(content, meant, "the new file")
    return content


def canonical_form(content: bytes, shape: Mapping[str, Any], path: str = "the file") -> bytes:
    """Return a file in the canonical form, with its data and its comments as they are; raise DhrError."""
    data, text = read_data(content, path), reader.read_yaml_text(content)
    root = nodes.read(text)
    if not root.entries or not isinstance(data, dict):
        message = f"{path} holds no keys; fill it in, or delete it"
        raise DhrError(message)
    try:
        lines = _lay_out_lines(data, shape, comments.read(text, root))
    except comments.UnplacedComment as unplaced:
        raise _comment_error(path, text.count("\n", 0, unplaced.offset) + 1) from None
    made = "".join(f"{line}\n" for line in lines).encode()
    _verify_data(made, data, path)
    if _comments(made.decode()) != _comments(text):
        raise _comment_error(path, 1)
    return made


def _lay_out_lines(data: dict[str, PlainData], shape: Mapping[str, Any], notes: Notes) -> Iterator[str]:
    """Yield the lines of a file; below an empty line, or at the top, none of them begins its first part."""
    lines = [*Form(shape=shape, notes=notes.parts).lines(data)]
    empty_above = notes.head[-1:] in {(), ("",)}
    yield from notes.head
    yield from lines[1:] if empty_above and not lines[0] else lines
    yield from notes.foot


def _comment_error(path: str, line: int) -> DhrError:
    message = f"{path}:{line}:1: a comment would lose its place; put it on a line of its own, above what it is about"
    return DhrError(message)


def _comments(text: str) -> list[str]:
    return sorted(remark.text for remark in nodes.remarks(text, nodes.read(text)) if remark.text)


def is_same_data(one: PlainData, other: PlainData) -> bool:
    """Tell whether two values are the same, types too; the order of keys says nothing."""
    return _comparison_key(one) == _comparison_key(other)


def _comparison_key(data: PlainData) -> str:
    return json.dumps(data, sort_keys=True)


_ANY = ("utf-8", "surrogatepass")  # what is no character is refused when it is read back


class EditRefused(Exception):
    """An edit that would lose something, and what that is."""


def read_data(content: bytes, path: str) -> PlainData:
    """Return the data of a file; raise DhrError with the place where it cannot be read."""
    try:
        data: PlainData = reader.parse(content)
    except reader.FileRefused as refused:
        message = f"{path}:{refused.line}:{refused.column}: {refused.message}"
        raise DhrError(message, Exit.FINDINGS) from None
    return data


def _verify_data(content: bytes, data: PlainData, path: str) -> None:
    """Read a file back and compare it with what was meant; raise DhrError where it says anything else."""
    try:
        found = reader.parse(content)
    except reader.FileRefused as refused:
        message = f"{path} cannot be written in this way, line {refused.line} would be refused: {refused.message}"
        raise DhrError(message) from None
    if not is_same_data(found, data):
        message = f"{path} cannot be changed in this way (it would say something else elsewhere); edit it by hand"
        raise DhrError(message)


def _apply_splices(content: bytes, splices: Iterable[Splice]) -> bytes:
    """Return a file with the pieces of its text exchanged, and everything else as it is, to the byte."""
    original = content.decode()
    body = original.removeprefix("\ufeff")
    returns = [found.start() - index for index, found in enumerate(re.finditer("\r\n", body))]
    end_of_line = "\r\n" if returns and returns[0] == body.replace("\r\n", "\n").index("\n") else "\n"
    parts, position = [], 0
    for splice in splices:
        start, end = (
            offset + bisect_left(returns, offset) + len(original) - len(body) for offset in (splice.start, splice.end)
        )
        parts += [original[position:start], splice.text.replace("\n", end_of_line)]
        position = end
    return "".join([*parts, original[position:]]).encode(*_ANY)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slot:
    """A part that is to be: its way and its value, and the part of the text that becomes it, if one does."""

    way: Keys
    new: PlainData
    entry: Entry | None = None
    old: PlainData = None


@dataclass(frozen=True, slots=True)
class _Rewrite:
    """What is to be exchanged in a text, so that its data becomes other data."""

    text: str
    form: Form

    def whole(self, root: Node, old: PlainData, new: PlainData) -> Iterator[Splice]:
        slots = self._slots(root, old, new, ())
        if not any(slot.entry for slot in slots):
            message = "nothing of what it holds would stay"
            raise EditRefused(message)
        yield from self._parts(root, slots)

    def _slots(self, node: Node, old: PlainData, new: PlainData, way: Keys) -> list[_Slot]:
        """Return each part that is to be, in its place."""
        if isinstance(old, dict) and isinstance(new, dict):
            entries = {entry.key: entry for entry in node.entries}
            keys = _place_keys([key for key in entries if key in new], self.form.order(way, list(new)))
            return [_Slot(way=(*way, key), new=new[key], entry=entries.get(key), old=old.get(key)) for key in keys]
        if isinstance(old, list) and isinstance(new, list):
            pairs = align_items(old, new)
            return [
                _Slot(way=(*way, index), new=item, entry=node.entries[pairs[index]], old=old[pairs[index]])
                if index in pairs
                else _Slot(way=(*way, index), new=item)
                for index, item in enumerate(new)
            ]
        return []

    def _parts(self, node: Node, slots: Sequence[_Slot]) -> Iterator[Splice]:
        """Yield what is exchanged inside a list or a group of keys of which something stays."""
        if node.flow:
            yield from self._change_brackets(node, slots)
            return
        staying = [slot.entry for slot in slots if slot.entry]
        yield from self._remove_parts(node, staying)
        last = None
        for slot in slots:
            if slot.entry:
                yield from self._change_part(slot.entry, slot, node.column)
                last = slot.entry
                continue
            lines = list(self.form.entry(slot.new, slot.way, node.column))
            if last:
                at = self._offset_below(last, node.column)
                yield self._exchange_lines(at, at, lines)
            else:
                yield self._insert_first(node, staying[0], lines)

    def _remove_parts(self, node: Node, staying: Sequence[Entry]) -> Iterator[Splice]:
        """Yield the lines of the parts that go; behind a hyphen of the list around them, what stays moves up."""
        gone = [entry for entry in node.entries if entry not in staying]
        behind_hyphen = not nodes.begins_line(self.text, node.start)
        leading = [entry for entry in gone if behind_hyphen and entry.start < staying[0].start]
        if leading:
            self._refuse_lost_comments(leading, staying[0].start)
            yield Splice(start=leading[0].start, end=staying[0].start, text="")
        for entry in gone[len(leading) :]:
            start = nodes.line_start(self.text, entry.start)
            yield Splice(start=start, end=nodes.line_after(self.text, entry.value.end), text="")

    def _refuse_lost_comments(self, leading: Sequence[Entry], end: int) -> None:
        """Refuse to take out parts up to an offset with a comment between them, on a line of its own."""
        starts = (*(entry.start for entry in leading[1:]), end)
        for entry, start in zip(leading, starts, strict=True):
            if self.text[nodes.line_after(self.text, entry.value.end) : start].strip():
                raise EditRefused(_LOST)

    def _change_part(self, entry: Entry, slot: _Slot, column: int) -> Iterator[Splice]:
        """Yield what is exchanged in one part."""
        new, value = slot.new, entry.value
        if is_same_data(slot.old, new):
            return
        slots = self._slots(value, slot.old, new, slot.way)
        if any(inner.entry for inner in slots):
            yield from self._parts(value, slots)
        elif isinstance(entry.key, int) and (value.block or (isinstance(new, dict | list) and new)):
            end = nodes.line_end(self.text, value.end)
            if not value.block and self.text[value.end : end].strip():
                raise EditRefused(_LOST)
            lines = self.form.entry(new, slot.way, column)
            yield Splice(start=entry.start, end=end, text="\n".join(lines).lstrip(" "))
        else:
            yield from self._replace_value(entry, slot, column)

    def _replace_value(self, entry: Entry, slot: _Slot, column: int) -> Iterator[Splice]:
        """Yield the exchange of a value for another of which nothing stays, and keep the comment beside it."""
        value, text = entry.value, self.text
        behind = value.start if value.block else value.head or value.end
        used = entry.mark - nodes.line_start(text, entry.mark)
        quoted = bool(_CLOSE_HASH.match(text, entry.mark if value.block else behind))
        made = self.form.value(slot.new, slot.way, column, used, quoted=quoted)
        below = nodes.line_after(text, behind)
        if value.block:
            yield Splice(start=entry.mark, end=entry.mark, text=made.beside)
            below = nodes.line_start(text, value.start)
        elif text[entry.mark : value.start].strip():
            yield Splice(start=value.start, end=behind, text=made.beside.strip(" "))
        else:
            yield Splice(start=entry.mark, end=behind, text=made.beside)
        end = nodes.line_after(text, value.end) if value.block or value.head else below
        yield self._exchange_lines(below, max(below, end), made.below)

    def _change_brackets(self, node: Node, slots: Sequence[_Slot]) -> Iterator[Splice]:
        """Yield what is exchanged inside brackets: single values, or all of them where one comes or goes."""
        if len(slots) == len(node.entries) and all(slot.entry for slot in slots):
            for slot in slots:
                yield from self._change_in_brackets(slot)
            return
        if any(remark.text and node.start < remark.start < node.end for remark in nodes.remarks(self.text, node)):
            raise EditRefused(_LOST)
        inside = ", ".join(self._bracketed_text(slot) for slot in slots)
        yield Splice(start=node.start + 1, end=node.end - 1, text=inside)

    def _change_in_brackets(self, slot: _Slot) -> Iterator[Splice]:
        if slot.entry and not is_same_data(slot.old, slot.new):
            value = slot.entry.value
            slots = self._slots(value, slot.old, slot.new, slot.way)
            if any(inner.entry for inner in slots):
                yield from self._parts(value, slots)
            else:
                space = " " if value.start == value.end else ""
                yield Splice(start=value.start, end=value.end, text=f"{space}{flow_text(slot.new)}")

    def _bracketed_text(self, slot: _Slot) -> str:
        if slot.entry and is_same_data(slot.old, slot.new):
            return self.text[slot.entry.start : slot.entry.value.end]
        key = slot.way[-1]
        return f"{flow_text(key)}: {flow_text(slot.new)}" if isinstance(key, str) else flow_text(slot.new)

    def _insert_first(self, node: Node, entry: Entry, lines: Sequence[str]) -> Splice:
        """Return the lines of a part put before the first that stays, and before the comments on the first of all."""
        if not nodes.begins_line(self.text, entry.start):
            margin = " " * node.column
            return Splice(start=entry.start, end=entry.start, text="\n".join([*lines, margin]).lstrip(" "))
        at = nodes.line_start(self.text, entry.start)
        topmost = entry == node.entries[0]
        while topmost and at and _OF_THE_NEXT.match(self.text, above := nodes.line_start(self.text, at - 1)):
            at = above
        return self._exchange_lines(at, at, lines)

    def _offset_below(self, entry: Entry, column: int) -> int:
        """Return where a part that follows is put: below the comments that stand deeper than the part itself."""
        at = position = nodes.line_after(self.text, entry.value.end)
        while found := _COMMENT_LINE.match(self.text, position):
            position = found.end()
            if len(found.group("indent") or "") > column:
                at = position
        return at

    def _exchange_lines(self, start: int, end: int, lines: Sequence[str]) -> Splice:
        """Return the exchange of whole lines; where the text ends without a line end, so it does afterwards."""
        made = "".join(f"{line}\n" for line in lines)
        if end == len(self.text) and not self.text.endswith("\n"):
            made = made.removesuffix("\n")
            made = f"\n{made}" if made and start == end else made
        return Splice(start=start, end=end, text=made)


_LOST = "a comment would be lost"
_CLOSE_HASH = re.compile(r"[ \t]+#[^\s#]")
_OF_THE_NEXT = re.compile(rf" *(?!{SCHEMA_LINE})#")
_COMMENT_LINE = re.compile(r"(?P<indent> *)#[^\n]*(?:\n|\Z)|[ \t]*\n")


def _place_keys(staying: Sequence[str], order: Sequence[str]) -> list[str]:
    """Return keys as they stand, with each new one behind the one it follows in an order, or before the next."""
    placed = list(staying or order)
    for index, key in enumerate(order):
        if key not in placed:
            before = [placed.index(other) + 1 for other in order[:index]]
            following = [placed.index(other) for other in order[index + 1 :] if other in placed]
            placed.insert(before[-1] if before else following[0], key)
    return placed


def align_items(old: Sequence[PlainData], new: Sequence[PlainData]) -> dict[int, int]:
    """Return which item of a new list comes from which of the old one, in their order, so that most stays as it is."""
    ours, theirs = [_traits(item) for item in old], [_traits(item) for item in new]
    weights = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            paired = weights[i + 1][j + 1] + _similarity(ours[i], theirs[j])
            weights[i][j] = max(weights[i + 1][j], weights[i][j + 1], paired)
    pairs, i, j = {}, 0, 0
    while i < len(old) and j < len(new):
        if weights[i][j] == weights[i + 1][j + 1] + _similarity(ours[i], theirs[j]):
            pairs[j] = i
            i, j = i + 1, j + 1
        elif weights[i][j] == weights[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _traits(item: PlainData) -> frozenset[str]:
    """Return what an item has in common with one that is like it."""
    if isinstance(item, dict):
        return frozenset({f"{key}: {_comparison_key(value)}" for key, value in item.items()})
    return frozenset({_comparison_key(item)})


def _similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how much two items have in common, from 0 to 1."""
    return 2 * len(one & other) / (len(one) + len(other) or 1)
