"""Two processes for one long list: the rear of it is worked on in a child, where the system can fork."""

import marshal
import os
import sys
from collections.abc import Callable, Generator, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
Work = Callable[[Sequence[T]], list[Any]]

MANY = 400


def divide_work(work: Work[T], items: Sequence[T], records: int, here: float = 0.5) -> Generator[Any, None, None]:
    """Yield what `work` makes of all items, in order: in two processes where there are many records, else in one.

    `work` changes nothing outside itself, and gives plain data (what `marshal` takes). `here` is the share
    that is worked on in this process; it is given out before the child is waited for, so that whoever has
    more to do with each meanwhile does it, and asks for less here. Should the child fail, its share is
    worked on here as well.
    """
    if records < MANY or not _can_fork():
        yield from work(items)
        return
    parting = int(len(items) * here)
    source, sink = os.pipe()
    child = os.fork()
    if not child:  # pragma: no cover - another process, which no measure of this one sees
        os.close(source)
        _answer_parent(work, items[parting:], sink)
    os.close(sink)
    try:
        yield from work(items[:parting])
        with os.fdopen(source, "rb", closefd=False) as answer:
            content = answer.read()
    finally:
        os.close(source)  # a child that is still writing ends with that
        _, status = os.waitpid(child, 0)
    yield from work(items[parting:]) if status else marshal.loads(content)  # noqa: S302 - our own child wrote it


def _can_fork() -> bool:
    """Tell whether a child may be made: there is a processor for it, and no thread that it would lose."""
    threads = sys.modules.get("threading")
    return hasattr(os, "fork") and (os.cpu_count() or 1) > 1 and (threads is None or threads.active_count() == 1)


def _answer_parent(work: Work[T], items: Sequence[T], sink: int) -> None:  # pragma: no cover - runs in the child alone
    """Write what becomes of the items, and end."""
    code = 1
    try:
        with os.fdopen(sink, "wb") as answer:
            answer.write(marshal.dumps(work(items)))
        code = 0
    finally:
        os._exit(code)
