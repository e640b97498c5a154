"""The bytes that git keeps, by their names, as one `cat-file --batch` prints them."""

import hashlib
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import IO

from dhrctl.git.errors import lost_object_error
from dhrctl.git.process import Git
from dhrctl.model.paths import MAX_BYTES


def contents(git: Git, names: Iterable[str], largest: int = MAX_BYTES) -> Iterator[bytes]:
    """Yield the bytes that names stand for, in order, each cut behind the largest size that is read."""
    wanted = list(names)
    if not wanted:
        return
    process = git.start_process("cat-file", "--batch", "--buffer")
    threads = [
        threading.Thread(target=_feed_names, args=(process.stdin, wanted), daemon=True),
        threading.Thread(target=_drain_complaints, args=(process.stderr,), daemon=True),
    ]
    try:
        for thread in threads:
            thread.start()
        for name in wanted:
            yield _content(process.stdout, name, largest)
    finally:
        process.proc.kill()
        for thread in filter(threading.Thread.is_alive, threads):
            thread.join()
        for pipe in (process.stdin, process.stdout, process.stderr):
            with suppress(OSError):
                pipe.close()
        process.proc.wait()


def _feed_names(pipe: IO[bytes], names: Sequence[str]) -> None:
    """Write the names of what is wanted, from a thread of its own: git's answers would fill the pipe first."""
    with suppress(OSError), pipe:  # git may have ended; whoever reads will see
        pipe.write("".join(f"{name}\n" for name in names).encode("ascii"))


def _drain_complaints(pipe: IO[bytes]) -> None:
    """Read git's complaints away, or it would wait for that."""
    while pipe.read(MAX_BYTES):
        pass


def _content(pipe: IO[bytes], name: str, largest: int) -> bytes:
    """Read one answer of `cat-file`, cut behind the largest size that is read; raise DhrError where it is not whole."""
    head = pipe.readline().split()
    if len(head) == 3:
        size = int(head[2])
        content = pipe.read(min(size, largest + 1))
        left = size - len(content) + 1
        while left and (more := pipe.read(min(left, MAX_BYTES))):
            left -= len(more)
        if not left:
            return content
    raise lost_object_error(name)


def is_named(content: bytes, name: str) -> bool:
    """Tell whether git's name for bytes is this one."""
    algorithm = "sha1" if len(name) == _SHA1 else "sha256"
    return hashlib.new(algorithm, b"blob %d\0%b" % (len(content), content)).hexdigest() == name


def is_same(content: bytes | None, name: str | None) -> bool:
    """Tell whether a file's bytes have git's name; where there is neither, too."""
    if content is None or name is None:
        return content is None and name is None
    return is_named(content, name)


_SHA1 = 40
