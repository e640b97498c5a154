"""Two changes of one file: its text merged by fields, with a conflict inside those alone that both decided."""

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from dhrctl.errors import DhrError
from dhrctl.files.schema import document
from dhrctl.files.yaml import reader
from dhrctl.files.yaml.editor import alike, rewritten
from dhrctl.merge.three_way import clashes, merged, sided
from dhrctl.model.paths import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """A file as it was before two changes, and as each of them left it."""

    base: bytes
    ours: bytes
    theirs: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What becomes of a file: its text, whether that is without a conflict, and the fields in conflict, if told."""

    content: bytes
    clean: bool
    fields: tuple[str, ...] = ()


def settled(kind: Kind, versions: Versions, plain: Outcome) -> Outcome:
    """Return what becomes of a record; `plain` is git's own merge of its lines, which stands wherever in doubt."""
    try:
        data = merged(*map(reader.parse, (versions.base, versions.ours, versions.theirs)))
    except reader.Refused:
        return plain
    if not isinstance(data, dict) or (plain.clean and _says(plain.content, data)):
        return plain
    try:
        return _by_field(kind, versions, data)
    except DhrError:
        return Outcome(content=marked(versions.ours, versions.theirs), clean=False) if plain.clean else plain


def _says(content: bytes, data: Any) -> bool:  # noqa: ANN401 - merged data
    """Tell whether a text can be read, and holds merged data without a clash."""
    try:
        return not any(clashes(data)) and alike(reader.parse(content), data)
    except reader.Refused:
        return False


def _by_field(kind: Kind, versions: Versions, data: Any) -> Outcome:  # noqa: ANN401 - merged data
    """Write merged data into our text, and theirs beside it where they clash; raise DhrError where that loses anything."""
    shape = document(kind)
    ours = rewritten(versions.ours, sided(data, "ours"), shape)
    if _comments(versions.theirs) - _comments(versions.base) - _comments(ours):
        message = "a comment would be lost; merge the file by hand"
        raise DhrError(message)
    theirs = rewritten(ours, sided(data, "theirs"), shape)
    fields = dict.fromkeys(str(way[0]) for way in clashes(data))
    return Outcome(content=marked(ours, theirs), clean=not fields, fields=tuple(fields))


_COMMENT = re.compile(rb"(?:^|(?<=[ \t]))#[^\r\n]*", re.MULTILINE)


def _comments(content: bytes) -> Counter[bytes]:
    """Count what may be a comment, whether or not it stands inside a text."""
    return Counter(_COMMENT.findall(content))


_LINE = re.compile(rb"[^\n]*\n|[^\n]+")


def marked(ours: bytes, theirs: bytes) -> bytes:
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
