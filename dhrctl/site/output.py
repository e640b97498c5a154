"""The folder that a site is written into: what changed is written, and nothing that is not ours is touched."""

import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from dhrctl.errors import Exit, FieldRefused
from dhrctl.model.paths import REGISTER, TEMPORARY_PREFIX
from dhrctl.storage import ledger

MANIFEST = "dhrctl-site.txt"
_HEAD = "dhrctl site wrote these files. It replaces them, and removes those that it no longer writes."
_OURS = re.compile(r"(?:[a-z0-9][a-z0-9-]*/)*[a-z0-9][a-z0-9.-]*\.(?:html|csv|json|xlsx|ics|atom)")


@dataclass(frozen=True, slots=True, kw_only=True)
class FillCounts:
    """How many files were written, left as they were, and removed."""

    written: int
    kept: int
    removed: int


def fill_folder(folder: Path, files: Iterable[tuple[str, bytes]], root: Path) -> FillCounts:
    """Make a folder hold these files, by their paths in it; all are made before the first is put in its place.

    Raise DhrError where the folder holds what is not ours, or has to do with the register in `root`.
    """
    try:
        return _replace_files(folder, files, root)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no folder can have that name"
        problem = f"{getattr(error, 'filename', None) or folder} cannot be written ({reason})"
        raise FieldRefused(problem, "name another folder", field="out", code=Exit.ENVIRONMENT) from None


def _replace_files(folder: Path, files: Iterable[tuple[str, bytes]], root: Path) -> FillCounts:
    _refuse_overlap(folder, root)
    before = _list_own_files(folder)
    with _open_stage(folder) as stage:
        names, changed = _prepare_files(files, stage, folder)
        gone = before.difference(names)
        _refuse_others(folder, names, before)
        _write_manifest(folder, stage, before.union(names))
        for name in changed:
            _move_file(stage / name, folder / name)
        for name in gone:
            _remove_file(folder, name)
        _write_manifest(folder, stage, names)
    return FillCounts(written=len(changed), kept=len(names) - len(changed), removed=len(gone))


def _refuse_overlap(folder: Path, root: Path) -> None:
    """Refuse a folder inside the register, and one that the register lies in."""
    target, register = folder.resolve(), (root / REGISTER).resolve()
    if target.is_relative_to(register) or register.is_relative_to(target):
        problem = f"{folder} holds {REGISTER}/, or lies in it"
        raise FieldRefused(problem, "name a folder of its own for the site", field="out")


def _list_own_files(folder: Path) -> set[str]:
    """Return the files of the site that a folder holds already; raise DhrError where it holds anything else alone."""
    if folder.exists() and not folder.is_dir():
        problem = f"{folder} is a file"
        raise FieldRefused(problem, "name a folder", field="out")
    if not folder.is_dir() or not [path for path in folder.iterdir() if not path.name.startswith(TEMPORARY_PREFIX)]:
        return set()
    manifest = folder / MANIFEST
    if not manifest.is_file():
        problem = f"{folder} is not empty, and holds no site of dhrctl"
        raise FieldRefused(problem, "name an empty folder", field="out")
    names = manifest.read_text(encoding="utf-8", errors="replace").splitlines()[1:]
    if not all(_OURS.fullmatch(name) for name in names):
        problem = f"{manifest} is not as dhrctl site wrote it"
        raise FieldRefused(problem, "empty the folder, or name another", field="out")
    return set(names)


@contextmanager
def _open_stage(folder: Path) -> Iterator[Path]:
    """Yield a folder to prepare files in, on the same disk; nothing is left of it, nor of one of an earlier time."""
    if not folder.parent.is_dir():
        problem = f"there is no folder {folder.parent}"
        raise FieldRefused(problem, "make it, or name another place", field="out")
    new = not folder.exists()
    folder.mkdir(exist_ok=True)
    try:
        for left in folder.glob(f"{TEMPORARY_PREFIX}*"):
            shutil.rmtree(left)
        stage = Path(tempfile.mkdtemp(dir=folder, prefix=TEMPORARY_PREFIX))
        try:
            yield stage
        finally:
            shutil.rmtree(stage, ignore_errors=True)  # what stays is taken away the next time
    finally:
        if new:
            with suppress(OSError):  # it holds the site
                folder.rmdir()


def _prepare_files(files: Iterable[tuple[str, bytes]], stage: Path, folder: Path) -> tuple[list[str], list[str]]:
    """Prepare those files that are not there already with the same bytes; return the names of all, and of these."""
    names, changed = [], []
    for name, content in files:
        names.append(name)
        if _content(folder / name) != content:
            changed.append(name)
            (stage / name).parent.mkdir(parents=True, exist_ok=True)
            (stage / name).write_bytes(content)
    return names, changed


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _refuse_others(folder: Path, names: Iterable[str], ours: set[str]) -> None:
    """Refuse to write over what somebody else put where a file of ours is to be, or through a link."""
    folders = {parent for name in names for parent in (folder / name).parents if parent.is_relative_to(folder)}
    others = [folder / name for name in names if name not in ours and (folder / name).exists()]
    for other in (*others, *(parent for parent in folders - {folder} if parent.is_symlink() or parent.is_file())):
        problem = f"{other} was not written by dhrctl site"
        raise FieldRefused(problem, "move it away, or name another folder", field="out")


def _write_manifest(folder: Path, stage: Path, names: Iterable[str]) -> None:
    listed = "\n".join((_HEAD, *sorted(names), "")).encode()
    if _content(folder / MANIFEST) != listed:
        (stage / MANIFEST).write_bytes(listed)
        _move_file(stage / MANIFEST, folder / MANIFEST)


def _move_file(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    ledger.note_file(target)
    source.replace(target)


def _remove_file(folder: Path, name: str) -> None:
    """Remove a file, and the folders that it leaves empty."""
    ledger.note_file(folder / name)
    (folder / name).unlink(missing_ok=True)
    for parent in takewhile(folder.__ne__, (folder / name).parents):
        with suppress(OSError):
            parent.rmdir()
