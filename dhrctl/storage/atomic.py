"""Files on the disk that are there whole or not at all, also after a power cut."""

import errno
import os
import stat
import time
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from dhrctl.errors import DhrError, Exit
from dhrctl.model.paths import REGISTER, TEMPORARY_PREFIX, place
from dhrctl.storage import ledger, state_dir

_HOUR = 3600
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_FOLDER = getattr(os, "O_DIRECTORY", 0)


def write_file(target: Path, content: bytes, mode: int | None = None) -> None:
    """Put a file in its place, or in that of another; a new one has the usual mode, unless one is given."""
    temporary = write_temporary(target, content, mode)
    try:
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    flush_folder(target.parent)


def write_temporary(target: Path, content: bytes, mode: int | None = None) -> Path:
    """Write a temporary file beside its target, with the target's mode, and flush it; return its path."""
    temporary = target.with_name(f"{TEMPORARY_PREFIX}{os.getpid()}-{os.urandom(6).hex()}")
    mode = file_mode(target) if mode is None else mode
    descriptor = os.open(temporary, _NEW, 0o666 if mode is None else mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        if mode is not None:
            temporary.chmod(mode)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def file_mode(path: Path) -> int | None:
    """Return the mode of a file, or None where there is none."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return None


def flush_folder(folder: Path) -> None:
    """Flush the names in a folder to the disk, where the system can."""
    if not _FOLDER:
        return
    descriptor = os.open(folder, os.O_RDONLY | _FOLDER)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system that cannot flush a folder
            raise
    finally:
        os.close(descriptor)


def read_content(root: Path, path: str) -> bytes | None:
    """Return the bytes of a register's file, None where there is none; raise DhrError where none may be written."""
    if place(path) is None:
        message = f"{path} is no path of a register; see the layout in docs/records.md"
        raise DhrError(message)
    here = root
    parts = PurePosixPath(path).parts
    for part in parts:
        here /= part
        try:
            mode = here.lstat().st_mode
        except FileNotFoundError:
            return None
        if not (stat.S_ISREG(mode) if here == root / path else stat.S_ISDIR(mode)):
            where = here.relative_to(root).as_posix()
            message = f"{where} is a link or no ordinary file, so {path} cannot be written; put what belongs there"
            raise DhrError(message)
    return here.read_bytes()


def make_folders(folder: Path) -> None:
    """Make a folder and those above it, where there are none, and flush their names."""
    if not folder.exists():
        make_folders(folder.parent)
        folder.mkdir(exist_ok=True)
        flush_folder(folder.parent)


def prune_folders(root: Path, paths: Iterable[str]) -> None:
    """Take away the folders of files, and those above them, that are empty now."""
    for path in paths:
        folder = (root / path).parent
        while folder != root / REGISTER and _remove_folder(folder):
            folder = folder.parent


def _remove_folder(folder: Path) -> bool:
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:  # most often as it is not empty
        return False
    return True


def remove_temporary(root: Path, folders: Iterable[Path] | None = None, age: float = _HOUR) -> int:
    """Take away temporary files that are older than an age in seconds; return how many there were."""
    swept = 0
    for path in find_temporary(root, folders):
        try:
            if time.time() - path.lstat().st_mtime >= age:
                ledger.note_file(path)
                path.unlink()
                swept += 1
        except OSError:
            continue  # gone meanwhile, or not ours to take away
    return swept


def find_temporary(root: Path, folders: Iterable[Path] | None = None) -> list[Path]:
    """Return the temporary files in folders, or wherever a writer of the register puts them."""
    if folders is None:
        folders = (state_dir.folder(root), *(Path(folder) for folder, _, _ in os.walk(root / REGISTER)))
    return [path for folder in folders for path in folder.glob(f"{TEMPORARY_PREFIX}*")]


_ADVICE = {
    errno.ENOSPC: "make room on the disk",
    errno.EDQUOT: "make room on the disk",
    errno.EROFS: "use a copy of the register that is not read-only",
}


def write_error(error: OSError, root: Path, become: str = "the change was not made") -> DhrError:
    """Say that the system refuses to write, what has become of the change, and what to do."""
    where = Path(error.filename).parent if error.filename else root / REGISTER
    advice = _ADVICE.get(error.errno or 0, "see that you may write there")
    message = f"{where} cannot be written ({error.strerror}); {become}; {advice}, and try again"
    return DhrError(message, Exit.ENVIRONMENT)
