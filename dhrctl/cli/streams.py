"""The streams: to stdout the answer alone, to stderr what is said beside it."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from dhrctl.errors import DhrError, Exit

if TYPE_CHECKING:
    from dhrctl.render.terminal import Screen


def write_answer(text: str) -> None:
    """Write the answer, and nothing else, to stdout."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the end of the process would try once more
        message = f"the answer could not be written ({error.strerror}); send it to another place"
        raise DhrError(message, Exit.ENVIRONMENT) from None


def tell(sentence: str) -> None:
    """Say a sentence on stderr, beside the answer."""
    from dhrctl.text.escape import escape_commands, escape_hidden

    write_note(escape_commands(escape_hidden(f"dhrctl: {sentence}")))


def write_note(text: str, *, nl: bool = True) -> None:
    """Write to stderr; where nobody reads that, or it is full, go on, as what is done is not to end half-way for it."""
    try:
        click.echo(text, nl=nl, err=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())  # or the end of the process would try once more


_SOON = 1.0


@contextmanager
def wait_visibly(what: str) -> Iterator[None]:
    """Say on stderr what takes longer than a second, and for how long, where a terminal shows it; then take it away."""
    import signal

    if not (sys.stderr.isatty() and hasattr(signal, "setitimer")):
        yield
        return
    began, said = time.monotonic(), ""

    def show(*_: object) -> None:
        nonlocal said
        said = f"dhrctl: {what}, {time.monotonic() - began:.0f} s"
        os.write(sys.stderr.fileno(), f"\r{said}".encode())

    before = signal.signal(signal.SIGALRM, show)
    signal.setitimer(signal.ITIMER_REAL, _SOON, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if said:
            os.write(sys.stderr.fileno(), f"\r{' ' * len(said)}\r".encode())


def find_screen() -> "Screen":
    """Return what stdout is."""
    from dhrctl.render.terminal import Screen

    terminal = sys.stdout.isatty()
    colour = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Screen(terminal=terminal, width=_width(), colour=colour)


def _width() -> int:
    """Return the width of the terminal, or what COLUMNS says, or 80 (without `shutil`, which is slow to import)."""
    said = os.environ.get("COLUMNS", "")
    try:
        return (int(said) if said.isdecimal() else 0) or os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except (OSError, ValueError):
        return 80
