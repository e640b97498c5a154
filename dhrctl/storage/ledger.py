"""What a request has put on the disk, so that what is said of it in the end is true.

Every writer notes what it is about to write, and how to look at it. What has become of that is not noted but
looked at when it is told: a note made before the write would claim too much where the write is stopped, one
made after it too little, and what was undone is as it was.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from typing import NamedTuple

from dhrctl.errors import DhrError

_NAMED = 3
_UNTOUCHED = "nothing was changed"
_ONCE = "look at that with git status and git log before you run it again"
_AGAIN = "run it again to have it whole"


class _Entry(NamedTuple):
    before: object
    look: Callable[[], object]
    done: str
    once: bool


class Ledger:
    """What one request set out to write, by its name; whoever runs the request opens it, and tells it."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._entries: dict[str, _Entry] = {}

    def note(self, name: str, entry: _Entry) -> None:
        """Keep how something was before it was written first."""
        self._entries.setdefault(name, entry)

    @property
    def untouched(self) -> bool:
        """Tell whether all is as it was."""
        return self.describe() == _UNTOUCHED

    def describe(self) -> str:
        """Say what is otherwise than it was, and what to do before the command is run again."""
        changed: dict[str, list[str]] = {}
        once = False
        for name, entry in self._entries.items():
            done = _describe_entry(entry)
            if done:
                changed.setdefault(done, []).append(name)
                once = once or entry.once
        if not changed:
            return _UNTOUCHED
        lists = [f"{done}: {_join(names)}" for done, names in changed.items()]
        return "; ".join((*lists, _ONCE if once else _AGAIN))


def _describe_entry(entry: _Entry) -> str:
    """Say what was done to a thing, nothing where it is as it was."""
    try:
        now = entry.look()
    except (OSError, DhrError):
        return f"perhaps {entry.done}"
    if now == entry.before:
        return ""
    return f"already {'taken away' if now is None else entry.done}"


def _join(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")


# It is no parameter of every writer, as one that was forgotten would make the sentence a lie; and no global value,
# so that requests at work side by side each have their own.
_OPEN: ContextVar[Ledger | None] = ContextVar("ledger", default=None)


@contextmanager
def opened() -> Iterator[Ledger]:
    """Keep what is written from here on."""
    ledger = Ledger()
    token = _OPEN.set(ledger)
    try:
        yield ledger
    finally:
        _OPEN.reset(token)


def note(name: str, look: Callable[[], object], *, done: str = "written", once: bool = True) -> None:
    """Note that a thing is about to be written; raise what looking at it raises.

    `look` returns how it is, None where there is none; `done` is the word for what becomes of it; and `once` says
    that it must not be done again unawares.
    """
    ledger = _OPEN.get()
    if ledger is not None:
        ledger.note(name, _Entry(look(), look, done, once))


def note_file(path: Path, name: str = "") -> None:
    """Note that a file which can be made again is about to be written or taken away; raise OSError."""
    note(name or str(path), partial(_stat, path), once=False)


def untouched() -> bool:
    """Tell whether this request has changed nothing so far, where it is known at all."""
    ledger = _OPEN.get()
    return ledger is None or ledger.untouched


def _stat(path: Path) -> tuple[int, int, int] | None:
    """Return what tells a file from the one before, as a new one takes the place of that; None where there is none."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
