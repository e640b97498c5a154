"""Two changes of one file: its text merged by fields, with a conflict inside those alone that both decided."""

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from dhrctl.errors import DhrError
from dhrctl.files.schema import read_schema
from dhrctl.files.yaml import reader
from dhrctl.files.yaml.editor import is_same_data, replace_data
from dhrctl.merge.three_way import clashes, merge_data, take_side
from dhrctl.model.paths import RecordKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """A file as it was before two changes, and as each of them left it."""

    base: bytes
    ours: bytes
    theirs: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeOutcome:
    """What becomes of a file: its text, whether that is without a conflict, and the fields in conflict, if known."""

    content: bytes
    clean: bool
    fields: tuple[str, ...] = ()


def merge_record(kind: RecordKind, versions: Versions, plain: MergeOutcome) -> MergeOutcome:
    """Return what becomes of a record; `plain` is git's own merge of its lines, which stands wherever in doubt."""
    try:
        data = merge_data(*map(reader.parse, (versions.base, versions.ours, versions.theirs)))
    except reader.FileRefused:
        return plain
    if not isinstance(data, dict) or (plain.clean and _holds_data(plain.content, data)):
        return plain
    try:
        return _merge_fields(kind, versions, data)
    except DhrError:
        return (
            MergeOutcome(content=mark_conflicts(versions.ours, versions.theirs), clean=False) if plain.clean else plain
        )


def _holds_data(content: bytes, data: Any) -> bool:  # noqa: ANN401 - merged data
    """Tell whether a text can be read, and holds merged data without a clash."""
    try:
        return not any(clashes(data)) and is_same_data(reader.parse(content), data)
    except reader.FileRefused:
        return False


def _merge_fields(kind: RecordKind, versions: Versions, data: Any) -> MergeOutcome:  # noqa: ANN401 - merged data
    """Write merged data into our text, and theirs beside it where they clash; raise DhrError where that loses anything."""
    shape = read_schema(kind)
    ours = replace_data(versions.ours, take_side(data, "ours"), shape)
    if _count_comments(versions.theirs) - _count_comments(versions.base) - _count_comments(ours):
        message = "a comment would be lost; merge the file by hand"
        raise DhrError(message)
    theirs = replace_data(ours, take_side(data, "theirs"), shape)
    fields = dict.fromkeys(str(way[0]) for way in clashes(data))
    return MergeOutcome(content=mark_conflicts(ours, theirs), clean=not fields, fields=tuple(fields))


_COMMENT = re.compile(rb"(?:^|(?<=[ \t]))#[^\r\n]*", re.MULTILINE)


def _count_comments(content: bytes) -> Counter[bytes]:
    """Count what may be a comment, whether or not it stands inside a text."""
    return Counter(_COMMENT.findall(content))


_LINE = re.compile(rb"[^\n]*\n|[^\n]+")


def mark_conflicts(ours: bytes, theirs: bytes) -> bytes:
    """Return two texts as one, with git's marks around each line in which they differ."""
    end = b"\r\n" if b"\r\n" in ours else b"\n"
    mine, other = _LINE.findall(ours), _LINE.findall(theirs)
    lines: list[bytes] = []
    for what, start, stop, since, until in SequenceMatcher(None, mine, other, autojunk=False).get_opcodes():
        if what == "equal":
            lines += mine[start:stop]
        else:
            parts = (b"<<<<<<< ours", *mine[start:stop], b"=======", *other[since:until], b">>>>>>> theirs")
            lines += [part.rstrip(b"\r\n") + end for part in parts]
    return b"".join(lines)
