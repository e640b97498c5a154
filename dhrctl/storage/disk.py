"""The disk: where the register is, its files, and putting a finished document in its place."""

import os
from collections.abc import Iterator
from pathlib import Path

from dhrctl.errors import DhrError, Exit, FieldRefused
from dhrctl.files.tree import Tree, is_parsed, printable_name, refusal
from dhrctl.findings.finding import Finding
from dhrctl.findings.rules import UNREADABLE_FILE
from dhrctl.model.paths import MAX_BYTES, REGISTER, REVIEWS, TEMPORARY_PREFIX
from dhrctl.storage import ledger


def find_register(start: Path) -> Path:
    """Return the nearest folder that holds `register/`: the start, or one above it."""
    start = start.absolute()
    if not os.path.isdir(start):  # noqa: PTH112 - which no name stops, however long
        problem, fix = f"there is no folder {start}", f"name one that holds {REGISTER}/"
        raise DhrError(problem, Exit.NOTHING, fix=fix)
    for folder in (start, *start.parents):
        if (folder / REGISTER).is_dir() and not (folder / REGISTER).is_symlink():
            return folder
    problem = f"there is no {REGISTER}/ in {start} or above it"
    raise FieldRefused(problem, "go to a folder that holds one, or name it", field="folder", code=Exit.NOTHING)


def read_tree(root: Path, *, whole: bool = False, review: str = "") -> Tree:
    """Read every file under `register/`; links and special files are refused and never followed.

    With `whole`, also the bytes of files that are never parsed, such as a source's text; with a `review`,
    none of the other reviews' files.
    """
    contents: dict[str, bytes] = {}
    refused: list[Finding] = []
    for path, entry in _walk_files(root, refused, review):
        while path in contents:  # two names that are not text can be written alike
            path += "'"  # noqa: PLW2901 - the path is made another
        try:
            found = entry.stat(follow_symlinks=False)
            finding = refusal(path, found.st_mode)
            if finding:
                refused.append(finding)
            else:
                contents[path] = _content(entry.path, found.st_size) if whole or is_parsed(path) else b""
        except OSError as error:
            refused.append(_unreadable_finding(path, "file", error))
    return Tree(contents=dict(sorted(contents.items())), refused=tuple(refused))


def _walk_files(root: Path, refused: list[Finding], review: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield every file under `register/` with its path; a folder that cannot be read is refused."""
    waiting = [(str(root / REGISTER), REGISTER)]
    while waiting:
        folder, prefix = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                ordered = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            refused.append(_unreadable_finding(prefix, "folder", error))
            continue
        for entry in ordered:
            path = f"{prefix}/{printable_name(entry.name)}"
            if review and prefix == REVIEWS and entry.name != review:
                continue
            if entry.name.startswith(TEMPORARY_PREFIX) and entry.is_file(follow_symlinks=False):
                continue  # of a writer that is at work, or was stopped
            if entry.is_dir(follow_symlinks=False):
                waiting.append((entry.path, path))
            else:
                yield path, entry


_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def _content(path: str, size: int) -> bytes:
    """Return a file's bytes, cut behind the largest size that is read; `size` is how many there should be."""
    descriptor = os.open(path, _FLAGS)
    try:
        content = os.read(descriptor, min(size, MAX_BYTES) + 1)
        while len(content) <= MAX_BYTES and (more := os.read(descriptor, MAX_BYTES + 1 - len(content))):
            content += more
        return content
    finally:
        os.close(descriptor)


def _unreadable_finding(path: str, what: str, error: OSError) -> Finding:
    return Finding(
        rule=UNREADABLE_FILE,
        path=path,
        problem=f"the {what} cannot be read ({error.strerror})",
        fix="give yourself the right to, or take it out",
        values=(what,),  # not why: that is in the words of the system, which differ from one machine to the next
    )


def read_text_file(path: Path) -> str:
    """Return a text file that a person named; raise DhrError where there is none."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        problem, fix = f"{path} cannot be read ({reason})", "name a file that can"
        raise DhrError(problem, fix=fix) from None


def protected_names(path: str | None, root: Path) -> tuple[str, ...]:
    """Return the protected names, one to a line, from a file outside the register's folder; raise DhrError."""
    if not path:
        return ()
    try:
        inside = Path(path).resolve().is_relative_to(root.resolve())
        lines = [] if inside else Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, ValueError):
        problem, fix = "the file that DHRCTL_PROTECTED_NAMES names cannot be read", "correct it, or unset it"
        raise DhrError(problem, Exit.ENVIRONMENT, fix=fix) from None
    if inside:
        problem, fix = "the file that DHRCTL_PROTECTED_NAMES names lies in the repository", "keep it outside"
        raise DhrError(problem, fix=fix)
    return tuple([line.strip() for line in lines if line.strip()])


def append_text(path: Path, addition: str) -> None:
    """Add text to the end of a file that a CI service named; raise DhrError."""
    try:
        ledger.note_file(path)
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(addition)
    except OSError as error:
        problem, fix = f"{path} cannot be written ({error.strerror})", "unset GITHUB_STEP_SUMMARY"
        raise DhrError(problem, Exit.ENVIRONMENT, fix=fix) from None


def write_output(path: Path, content: str | bytes, root: Path, field: str = "out") -> None:
    """Put a finished document or file in its place, whole or not at all; never inside the register.

    Raise FieldRefused, about the field that names the place, where it cannot be put there.
    """
    from dhrctl.storage import atomic  # noqa: PLC0415 - needed for documents alone

    finished = content.encode() if isinstance(content, str) else content
    try:
        target = _target(path, root, field)
        if target.exists() and not target.is_file():
            target.write_bytes(finished)  # a pipe or a device is written into, never replaced: nothing stays there
        else:
            ledger.note_file(target, str(path))
            atomic.write_file(target, finished)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no file can have that name"
        problem = f"{path} cannot be written ({reason})"
        raise FieldRefused(problem, "name another place", field=field, code=Exit.ENVIRONMENT) from None


def _target(path: Path, root: Path, field: str) -> Path:
    """Return where a document is to be put; raise FieldRefused where none may be."""
    target = path.absolute()
    if (root / REGISTER).resolve() in (target.resolve(), *target.resolve().parents):
        problem = f"{path} lies inside {REGISTER}/, which papers are never written to"
        raise FieldRefused(problem, "name another place", field=field)
    if target.is_dir():
        problem = f"{path} is a folder"
        raise FieldRefused(problem, "name a file", field=field)
    if not target.parent.is_dir():
        problem = f"there is no folder {path.parent}"
        raise FieldRefused(problem, "make it, or name another place", field=field)
    return target
