"""Changing the register: one writer at a time, and all of a change or nothing of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dhrctl.notes import unfinished
from dhrctl.writer import lock
from dhrctl.writer.change import apply, finish
from dhrctl.writer.disk import left_over, put, sweep
from dhrctl.writer.lock import PATIENCE, holder

__all__ = ["apply", "finish", "holder", "left_over", "locked", "put", "sweep", "unfinished"]


@contextmanager
def locked(root: Path, doing: str, say: Callable[[str], None], *, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the register's lock while it is read, changed and written; first finish what another left unfinished.

    `doing` is the command, for whoever has to wait; `say` is told once that we wait ourselves. After
    `patience` seconds, raise DhrError with the holder.
    """
    with lock.taken(root, doing, say, patience):
        finished = finish(root)
        if finished:
            say(finished)
        sweep(root)
        yield
