"""What people note in a YAML file: each comment and empty line, with the part that it stands above or beside."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from dhrctl import yamlnode
from dhrctl.finding import Keys
from dhrctl.yamlnode import Entry, Node, Remark

SCHEMA_LINE = "# yaml-language-server:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What stands above a part, line by line (empty ones too), and the comment beside it."""

    above: tuple[str, ...] = ()
    beside: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """The notes of a file: its head (the editor's line first), what is about a part, by the way to it, and its foot."""

    head: tuple[str, ...] = ()
    parts: Mapping[Keys, Note] = field(default_factory=dict)
    foot: tuple[str, ...] = ()


class Unplaced(Exception):  # noqa: N818 - the answer about a comment, told by who asked
    """A comment that belongs to no line of its own, and the offset where it stands."""

    def __init__(self, offset: int) -> None:
        """Keep the offset."""
        super().__init__(offset)
        self.offset = offset


def read(text: str, root: Node) -> Notes:
    """Return the notes of a text; raise Unplaced."""
    above: dict[Keys, list[str]] = defaultdict(list)
    beside: dict[Keys, str] = {}
    editors: list[str] = []
    parts = _Parts(root)
    for remark in yamlnode.remarks(text, root):
        if remark.alone and remark.text.startswith(SCHEMA_LINE):
            editors.append(remark.text)
            continue
        way, is_above = parts.place(remark)
        if is_above:
            above[way].append(remark.text)
        elif way in beside:
            raise Unplaced(remark.start)
        else:
            beside[way] = remark.text
    head, above[parts.first] = _divided(above[parts.first])
    foot = tidy(above.pop((), ()))
    return Notes(
        head=(*editors, *(head if editors or head[:1] != ("",) else head[1:])),
        parts={way: Note(above=tidy(above.get(way, ())), beside=beside.get(way, "")) for way in (*above, *beside)},
        foot=foot[:-1] if foot[-1:] == ("",) else foot,
    )


def tidy(lines: Iterable[str]) -> tuple[str, ...]:
    """Return lines with one empty one where several stand together."""
    kept: list[str] = []
    for line in lines:
        if line or kept[-1:] != [""]:
            kept.append(line)
    return tuple(kept)


def _divided(lines: list[str]) -> tuple[tuple[str, ...], list[str]]:
    """Return the head of a file, which ends with an empty line, and what is about its first part."""
    end = len(lines) - lines[::-1].index("") if "" in lines else 0
    return tidy(lines[:end]), lines[end:]


class _Parts:
    """The parts of a text in their order, to find the one that a remark is about."""

    def __init__(self, root: Node) -> None:
        self.entries = dict(_walked(root, ()))
        self.ways = [*self.entries]
        self.starts = [entry.start for entry in self.entries.values()]
        self.first = self.ways[0]

    def place(self, remark: Remark) -> tuple[Keys, bool]:
        """Return the way to the part that a remark is about (none: to the foot), and whether it goes above it."""
        index = bisect_right(self.starts, remark.start)
        below = self.ways[index] if index < len(self.ways) else ()
        if remark.alone or not index:
            return self._below(remark, self._around(index, remark), below), True
        way = self.ways[index - 1]
        while self._closed(way[:-1], remark):
            way = way[:-1]
        behind_hyphen = isinstance(way[-1], int) and remark.start < self.entries[way].value.start
        return way, behind_hyphen

    def _around(self, index: int, remark: Remark) -> Keys:
        """Return the way to the innermost part that goes on below a remark."""
        last = self.ways[index - 1] if index else ()
        ways = (last[:length] for length in range(len(last), 0, -1))
        return next((way for way in ways if self.entries[way].value.end > remark.start), ())

    def _below(self, remark: Remark, around: Keys, below: Keys) -> Keys:
        if not around or self.entries[around].value.block:
            return below
        value = self.entries[around].value
        if remark.start < value.start:
            return around
        if not below or self.entries[below].start > value.end:
            raise Unplaced(remark.start)
        return below

    def _closed(self, way: Keys, remark: Remark) -> bool:
        """Tell whether a part is in brackets that are closed before a remark."""
        entry: Entry | None = self.entries.get(way)
        return entry is not None and entry.value.flow and entry.value.end <= remark.start


def _walked(node: Node, way: Keys) -> Iterator[tuple[Keys, Entry]]:
    for entry in node.entries:
        yield (*way, entry.key), entry
        yield from _walked(entry.value, (*way, entry.key))
