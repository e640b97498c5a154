"""The lock of a register: one command changes it at a time, and whoever waits learns who holds it."""

import getpass
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dhrctl.errors import DhrError, Exit
from dhrctl.storage import atomic, state_dir

if TYPE_CHECKING:
    from filelock import BaseFileLock

PATIENCE = 10.0
_LOCK = "register.lock"
_HOLDER = "register.holder"
_SOMEBODY = "another command"


@contextmanager
def hold_lock(root: Path, doing: str, say: Callable[[str], None], patience: float) -> Iterator[None]:
    """Hold the lock; wait for it with patience, in seconds, and raise DhrError when that ends."""
    try:
        folder = state_dir.make_state_folder(root)
        lock = _acquire_lock(folder, say, patience)
    except OSError as error:
        raise atomic.write_error(error, root) from None
    try:
        _note_holder(folder, doing, root)
        yield
    finally:
        with suppress(OSError):
            (folder / _HOLDER).unlink()
        with suppress(OSError):  # the end of the process frees it
            lock.release()


def _note_holder(folder: Path, doing: str, root: Path) -> None:
    """Note who holds the lock."""
    since = datetime.now(tz=UTC).astimezone()
    note = f'"{doing}" (user {_user()}, process {os.getpid()}, since {since:%Y-%m-%d %H:%M:%S})'
    try:
        (folder / _HOLDER).write_text(note, encoding="utf-8")
    except OSError as error:
        raise atomic.write_error(error, root) from None


def is_held(root: Path) -> bool:
    """Tell whether this process holds the lock."""
    return _lock(state_dir.folder(root)).is_locked


def holder(root: Path) -> str:
    """Say who holds the lock; nothing where nobody does, also where a holder died."""
    folder = state_dir.folder(root)
    if not (folder / _HOLDER).exists():
        return ""
    try:
        with _lock(folder).acquire(timeout=0):
            return ""
    except OSError:  # of which the end of a wait is one
        return _read_holder(folder)


def _acquire_lock(folder: Path, say: Callable[[str], None], patience: float) -> "BaseFileLock":
    from filelock import Timeout  # noqa: PLC0415 - slow to import, and needed for changes alone

    lock = _lock(folder)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        say(f"waiting for {_read_holder(folder)}, which is changing the register")
        try:
            lock.acquire(timeout=patience)
        except Timeout:
            message = f"the register is still being changed by {_read_holder(folder)}; nothing was changed; try again when it ends"
            raise DhrError(message, Exit.ENVIRONMENT) from None
    return lock


def _lock(folder: Path) -> "BaseFileLock":
    from filelock import FileLock  # noqa: PLC0415 - slow to import, and needed for changes alone

    return FileLock(folder / _LOCK, is_singleton=True)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container without a list of its users
        return "unknown"


def _read_holder(folder: Path) -> str:
    try:
        return (folder / _HOLDER).read_text(encoding="utf-8") or _SOMEBODY
    except (OSError, ValueError):
        return _SOMEBODY
