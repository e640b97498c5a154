"""The files of a register as they stood in one place at one time, before anything is made of them."""

import stat
from collections.abc import Mapping
from dataclasses import dataclass, field

from dhrctl.findings.finding import Finding
from dhrctl.findings.rules import SPECIAL_FILE, SYMBOLIC_LINK
from dhrctl.model.paths import RecordKind, place


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The bytes of each file by its path, what was refused, and the commit (None: the work tree).

    A file that is not parsed (see `is_parsed`) has no bytes here, and one over the limit only its beginning.
    """

    contents: Mapping[str, bytes] = field(default_factory=dict)
    refused: tuple[Finding, ...] = ()
    commit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What a file was and is to be: its path, and its bytes before and after (None: no such file)."""

    path: str
    before: bytes | None
    after: bytes | None


def is_parsed(path: str) -> bool:
    """Tell whether a file's bytes are wanted: not of a source's text, nor of what lies outside the layout."""
    where = place(path)
    return where is not None and where.kind is not RecordKind.SOURCE


def printable_name(name: str) -> str:
    """Return a file name as text on one line, even where it is neither."""
    if name.isprintable():
        return name
    return "".join(letter if letter.isprintable() else f"<U+{ord(letter):04X}>" for letter in name)


def refusal(path: str, mode: int) -> Finding | None:
    """Return why a path of this mode (as in `stat` and in git's trees) is not read, if it is not."""
    if stat.S_ISLNK(mode):
        return Finding(
            rule=SYMBOLIC_LINK, path=path, problem="this is a link to another place", fix="put the file itself here"
        )
    if not stat.S_ISREG(mode):
        return Finding(rule=SPECIAL_FILE, path=path, problem="this is no ordinary file", fix="take it out")
    return None
