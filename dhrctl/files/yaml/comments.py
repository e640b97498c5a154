"""What people note in a YAML file: each comment and empty line, with the part that it stands above or beside."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from dhrctl.files.yaml import nodes
from dhrctl.files.yaml.nodes import Entry, Node, Remark
from dhrctl.findings.finding import Keys

SCHEMA_LINE = "# yaml-language-server:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What stands above a part, line by line (empty ones too), the comment beside it, and those below that go with it."""

    above: tuple[str, ...] = ()
    beside: str = ""
    below: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """The notes of a file: its head (the editor's line first), what is about a part, by the way to it, and its foot."""

    head: tuple[str, ...] = ()
    parts: Mapping[Keys, Note] = field(default_factory=dict)
    foot: tuple[str, ...] = ()


class UnplacedComment(Exception):
    """A comment that belongs to no line of its own, and the offset where it stands."""

    def __init__(self, offset: int) -> None:
        """Keep the offset."""
        super().__init__(offset)
        self.offset = offset


class Side(Enum):
    """Where a remark stands, seen from what it is about."""

    ABOVE = auto()
    BESIDE = auto()
    BELOW = auto()


def read(text: str, root: Node) -> Notes:
    """Return the notes of a text; raise UnplacedComment."""
    lines: dict[Side, dict[Keys, list[str]]] = {side: defaultdict(list) for side in Side}
    editors: list[str] = []
    parts = _Parts(text, root)
    for remark in nodes.remarks(text, root):
        if remark.alone and remark.text.startswith(SCHEMA_LINE):
            editors.append(remark.text)
            continue
        way, side = parts.place(remark)
        if side is Side.BESIDE and way in lines[side]:
            raise UnplacedComment(remark.start)
        lines[side][way].append(remark.text)
    above, beside, below = lines.values()
    head, above[parts.first] = _split_head(above[parts.first])
    foot = tidy_lines(above.pop((), ()))
    return Notes(
        head=(*editors, *(head if editors or head[:1] != ("",) else head[1:])),
        parts={
            way: Note(above=tidy_lines(above[way]), beside="".join(beside[way]), below=tuple(below[way]))
            for way in {*above, *beside, *below}
        },
        foot=foot[:-1] if foot[-1:] == ("",) else foot,
    )


def tidy_lines(lines: Iterable[str]) -> tuple[str, ...]:
    """Return lines with one empty one where several stand together."""
    kept: list[str] = []
    for line in lines:
        if line or kept[-1:] != [""]:
            kept.append(line)
    return tuple(kept)


def _split_head(lines: list[str]) -> tuple[tuple[str, ...], list[str]]:
    """Return the head of a file, which ends with an empty line, and what is about its first part."""
    end = len(lines) - lines[::-1].index("") if "" in lines else 0
    return tidy_lines(lines[:end]), lines[end:]


class _Parts:
    """The parts of a text in their order, to find the one that a remark is about."""

    def __init__(self, text: str, root: Node) -> None:
        self.text = text
        self.entries = dict(_walk_entries(root, ()))
        self.ways = [*self.entries]
        self.starts = [entry.start for entry in self.entries.values()]
        self.first = self.ways[0]

    def place(self, remark: Remark) -> tuple[Keys, Side]:
        """Return the way to the part that a remark is about (none: to the foot of the file), and where it goes."""
        index = bisect_right(self.starts, remark.start)
        following = self.ways[index] if index < len(self.ways) else ()
        last = self.ways[index - 1] if index else ()
        if remark.alone or not index:
            ended = self._find_ended(remark, last, following)
            if ended:
                return ended, Side.BELOW
            return self._above(remark, self._find_enclosing(last, remark), following), Side.ABOVE
        while self._is_closed(last[:-1], remark):
            last = last[:-1]
        behind_hyphen = isinstance(last[-1], int) and remark.start < self.entries[last].value.start
        return last, Side.ABOVE if behind_hyphen else Side.BESIDE

    def _find_ended(self, remark: Remark, last: Keys, following: Keys) -> Keys:
        """Return the part that ended above a comment which stands too deep for what follows, such as a former item."""
        column = self._column(remark.start)
        least = self._column(self.entries[following].start) if following else 0
        if not remark.text:
            return ()
        ended = (last[:length] for length in range(len(last), 0, -1) if not self._goes_on(last[:length], remark))
        return next((way for way in ended if least < self._column(self.entries[way].start) <= column), ())

    def _column(self, offset: int) -> int:
        return offset - nodes.line_start(self.text, offset)

    def _goes_on(self, way: Keys, remark: Remark) -> bool:
        return self.entries[way].value.end > remark.start or self.entries[way].value.start > remark.start

    def _find_enclosing(self, last: Keys, remark: Remark) -> Keys:
        """Return the way to the innermost part that goes on below a remark."""
        ways = (last[:length] for length in range(len(last), 0, -1))
        return next((way for way in ways if self._goes_on(way, remark)), ())

    def _above(self, remark: Remark, around: Keys, following: Keys) -> Keys:
        if not around or self.entries[around].value.block:
            return following
        value = self.entries[around].value
        if remark.start < value.start:
            return around
        if not following or self.entries[following].start > value.end:
            raise UnplacedComment(remark.start)
        return following

    def _is_closed(self, way: Keys, remark: Remark) -> bool:
        """Tell whether a part is in brackets that are closed before a remark."""
        entry = self.entries.get(way)
        return entry is not None and entry.value.flow and entry.value.end <= remark.start


def _walk_entries(node: Node, way: Keys) -> Iterator[tuple[Keys, Entry]]:
    for entry in node.entries:
        yield (*way, entry.key), entry
        yield from _walk_entries(entry.value, (*way, entry.key))
