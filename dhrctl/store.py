"""The disk: where the register is, its files, and putting a finished paper in its place."""

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from dhrctl.errors import DhrError, Exit
from dhrctl.finding import Finding, Rule
from dhrctl.layout import REGISTER, Kind, place
from dhrctl.tree import SPECIAL_FILE, SYMBOLIC_LINK, UNREADABLE_FILE, Tree
from dhrctl.yamltext import MAX_BYTES


def find(start: Path) -> Path:
    """Return the nearest folder that holds `register/`: the start, or one above it."""
    start = start.absolute()
    if not start.is_dir():
        message = f"there is no folder {start}; name one that holds {REGISTER}/"
        raise DhrError(message, Exit.NOTHING)
    for folder in (start, *start.parents):
        if (folder / REGISTER).is_dir() and not (folder / REGISTER).is_symlink():
            return folder
    message = f"there is no {REGISTER}/ in {start} or above it; go to a folder that holds one, or name it with -C DIR"
    raise DhrError(message, Exit.NOTHING)


def read(root: Path) -> Tree:
    """Read every file under `register/`; links and special files are refused and never followed."""
    contents: dict[str, bytes] = {}
    refused: list[Finding] = []
    for path, entry in _walk(root / REGISTER, REGISTER, refused):
        content = _content(path, entry, refused)
        if content is not None:
            contents[path] = content
    return Tree(contents=contents, refused=tuple(refused))


def _walk(folder: Path, prefix: str, refused: list[Finding]) -> Iterator[tuple[str, os.DirEntry[str]]]:
    try:
        with os.scandir(folder) as entries:
            ordered = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        refused.append(_finding(UNREADABLE_FILE, prefix, f"the folder cannot be read ({error.strerror})"))
        return
    for entry in ordered:
        path = f"{prefix}/{_printable(entry.name)}"
        if entry.is_symlink():
            sentence = "this is a link to another place; put the file itself here"
            refused.append(_finding(SYMBOLIC_LINK, path, sentence))
        elif entry.is_dir(follow_symlinks=False):
            yield from _walk(folder / entry.name, path, refused)
        else:
            yield path, entry


def _content(path: str, entry: os.DirEntry[str], refused: list[Finding]) -> bytes | None:
    """Return a file's bytes, cut behind the largest size that is read; nothing for what is never parsed."""
    where = place(path)
    try:
        if not stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode):
            refused.append(_finding(SPECIAL_FILE, path, "this is no ordinary file; take it out"))
            return None
        if where is None or where.kind is Kind.SOURCE:
            return b""
        descriptor = os.open(entry.path, os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(descriptor, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        refused.append(_finding(UNREADABLE_FILE, path, f"the file cannot be read ({error.strerror})"))
        return None


def _printable(name: str) -> str:
    """Return a file name that is text even where its bytes are not."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _finding(rule: Rule, path: str, message: str) -> Finding:
    return Finding(rule=rule, path=path, message=message)


def write(path: Path, text: str, root: Path) -> None:
    """Put a finished paper in its place, whole or not at all; never inside the register."""
    try:
        _replace(_target(path, root), text)
    except OSError as error:
        message = f"{path} cannot be written ({error.strerror}); name another place with --out"
        raise DhrError(message, Exit.ENVIRONMENT) from None


def _target(path: Path, root: Path) -> Path:
    """Return where a paper is to be put; raise DhrError where none may be."""
    target = path.absolute()
    if (root / REGISTER).resolve() in (target.resolve(), *target.resolve().parents):
        message = f"{path} lies inside {REGISTER}/, which papers are never written to; name another place with --out"
        raise DhrError(message)
    if target.is_dir():
        message = f"{path} is a folder; name a file with --out"
        raise DhrError(message)
    if not target.parent.is_dir():
        message = f"there is no folder {path.parent}; make it, or name another place with --out"
        raise DhrError(message)
    return target


def _replace(target: Path, text: str) -> None:
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".dhrctl-tmp-")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
