"""The text of a value in the canonical form: the order of keys, the quotes, the long texts, the indent."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from io import StringIO
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from dhrctl.files.yaml.comments import Note, tidy_lines
from dhrctl.findings.finding import Keys

PlainParts: TypeAlias = "dict[str, PlainData] | list[PlainData]"
PlainData: TypeAlias = "PlainParts | str | int | None"
WIDTH = 88
INDENT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenValue:
    """A value: what stands behind its colon or hyphen, and the lines below that."""

    beside: str = ""
    below: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What values are written by: the schema, which gives the order of keys, and the notes on each part."""

    shape: Mapping[str, Any]
    notes: Mapping[Keys, Note] = field(default_factory=dict)

    def order(self, way: Keys, keys: Sequence[str]) -> list[str]:
        """Return the keys of a group in the order of the schema, those that it does not name last."""
        part = self._resolve_reference(self.shape)
        for step in way:
            inner = part.get("items", {}) if isinstance(step, int) else part.get("properties", {}).get(step, {})
            part = self._resolve_reference(inner)
        known = part.get("properties", {})
        return [*(key for key in known if key in keys), *(key for key in keys if key not in known)]

    def _resolve_reference(self, part: Mapping[str, Any]) -> Mapping[str, Any]:
        name = part.get("$ref", "").rpartition("/")[2]
        resolved: Mapping[str, Any] = self.shape["$defs"][name] if name else part
        return resolved

    def lines(self, data: PlainParts, way: Keys = (), column: int = 0, *, hung: bool = False) -> Iterator[str]:
        """Yield the lines of a group of keys or a list; `hung` behind a hyphen, above which its first notes stand."""
        margin = " " * column
        for key, value in self._parts(data, way):
            inside = (*way, key)
            if not hung:
                yield from (f"{margin}{line}" if line else "" for line in self._above(value, inside))
            hung = False
            yield from self.entry(value, inside, column)
            yield from (f"{margin}{line}" for line in self.notes.get(inside, Note()).below)

    def entry(self, value: PlainData, way: Keys, column: int) -> Iterator[str]:
        """Yield the lines of one part, from its key or hyphen on."""
        beside = f"  {note.beside}" if (note := self.notes.get(way)) and note.beside else ""
        if isinstance(way[-1], int) and value and isinstance(value, dict | list):
            first, *others = self.lines(value, way, column + INDENT, hung=True)
            yield f"{' ' * column}- {first.lstrip()}{beside}"
            yield from others
            return
        head = f"{' ' * column}{'-' if isinstance(way[-1], int) else f'{inline_text(way[-1])}:'}"
        quoted = beside[2:3] == "#" and beside[3:4] not in {"", " ", "\t", "#"}
        written = self.value(value, way, column, len(head), quoted=quoted)
        yield f"{head}{written.beside}{beside}"
        yield from written.below

    def value(self, data: PlainData, way: Keys, column: int, used: int, *, quoted: bool = False) -> WrittenValue:
        """Return a value behind a key or hyphen in a column, up to which (or behind which) a line is `used`."""
        if isinstance(data, dict | list):
            if data:
                return WrittenValue(below=tuple(self.lines(data, way, column + INDENT)))
            return WrittenValue(beside=" {}" if isinstance(data, dict) else " []")
        if isinstance(data, str):
            return _write_text(data, column + INDENT, WIDTH - used - 1, quoted=quoted)
        return WrittenValue(beside=f" {scalar_word(data)}")

    def _above(self, value: PlainData, way: Keys) -> tuple[str, ...]:
        """Return the lines above a part, and above what comes first in it where that stands on the same line."""
        note = self.notes.get(way, Note())
        if not isinstance(way[-1], int) or not isinstance(value, dict | list) or not value:
            return note.above
        key, first = next(self._parts(value, way))
        return tidy_lines((*note.above, *self._above(first, (*way, key))))

    def _parts(self, data: PlainParts, way: Keys) -> Iterator[tuple[str | int, PlainData]]:
        if isinstance(data, dict):
            yield from ((key, data[key]) for key in self.order(way, list(data)))
        else:
            yield from enumerate(data)


def flow_text(data: PlainData) -> str:
    """Return a value in brackets, or as it stands inside them."""
    if isinstance(data, dict):
        return f"{{{', '.join(f'{flow_text(key)}: {flow_text(value)}' for key, value in data.items())}}}"
    if isinstance(data, list):
        return f"[{', '.join(map(flow_text, data))}]"
    if not isinstance(data, str):
        return scalar_word(data)
    return _quote_text(data) if _BRACKETS.search(data) else inline_text(data)


def scalar_word(data: int | None) -> str:
    """Return a number, true, false or null."""
    return "null" if data is None else str(data).lower()


@lru_cache(maxsize=1024)  # half of what is written are keys, which repeat
def inline_text(text: str) -> str:
    """Return a text on one line: as it is where YAML allows that and nobody can mistake it, else in double quotes."""
    plain = _dump_text(text)
    return plain if plain == text and not _AMBIGUOUS.fullmatch(text) else _quote_text(text)


def _write_text(text: str, indent: int, room: int, *, quoted: bool) -> WrittenValue:
    """Return a text: on its line where it has room there, else as a literal block, if it can be one."""
    short = _quote_text(text) if quoted else inline_text(text)
    breaks = len(text) - len(text.rstrip("\n"))
    if ("\n" not in text and len(short) <= room) or not text.strip() or breaks > 1:
        return WrittenValue(beside=f" {short}")
    digit = INDENT if text.lstrip("\n")[0] in " \t" else ""
    lines = text.removesuffix("\n").split("\n")
    return WrittenValue(
        beside=f" |{digit}{'' if breaks else '-'}",
        below=tuple(f"{' ' * indent}{line}" if line else "" for line in lines),
    )


_AMBIGUOUS = re.compile(r"[-+.]?[0-9][0-9_.,:/xa-f+-]*|y|n|yes|no|on|off|true|false|null", re.IGNORECASE)
_BRACKETS = re.compile(r"[,:?\[\]{}]")
_ITEM = "- "
_WRITER = YAML(plug_ins=[])
_WRITER.width = 1 << 30


def _quote_text(text: str) -> str:
    return _dump_text(DoubleQuotedScalarString(text))


def _dump_text(text: str) -> str:
    """Return a text as ruamel.yaml writes it."""
    stream = StringIO()
    _WRITER.dump([text], stream)
    return stream.getvalue().removeprefix(_ITEM).removesuffix("\n")
