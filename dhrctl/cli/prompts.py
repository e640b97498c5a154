"""Asking a person at a terminal: one line at a time, with the allowed words and completion by Tab."""

import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

from dhrctl.cli.streams import find_screen, write_note
from dhrctl.errors import DhrError

T = TypeVar("T")


def can_ask(*, no_input: bool) -> bool:
    """Tell whether there is a person to ask."""
    return not no_input and sys.stdin is not None and sys.stdin.isatty()


def ask_until(question: str, read: Callable[[str], T], *, default: str = "", known: Sequence[str] = ()) -> T:
    """Ask until the answer can be read; an empty one is the default."""
    shown = f"{question} [{default}] " if default else f"{question} "
    while True:
        answer = _read_line(shown, known).strip() or default
        try:
            return read(answer)
        except (DhrError, ValueError) as mistake:
            note(f"  {mistake}")


def ask_agreement(question: str) -> bool:
    """Ask whether to go on; only a yes is one."""
    return _read_line(f"{question} [y/N] ", ()).strip().casefold() in ("y", "yes")


def note(text: str) -> None:
    """Say something to the person, beside the answer; on a terminal no line is longer than that."""
    from dhrctl.text.escape import escape_hidden

    lines = [escape_hidden(line) for line in text.split("\n")]
    if sys.stderr.isatty():
        width = find_screen().width
        lines = [part for line in lines for part in _wrap(line, width)]
    write_note("\n".join(lines))


def _wrap(line: str, width: int) -> list[str]:
    """Return a line as it fits, what goes on being indented."""
    if len(line) <= width:
        return [line]
    import textwrap

    return textwrap.wrap(line, width, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)


def _read_line(prompt: str, known: Sequence[str]) -> str:
    """Return a line as it was typed; the end of the input ends the command as an interrupt does."""
    if not sys.stdout.isatty():
        write_note(prompt, nl=False)
        answer = sys.stdin.readline()
        if not answer:
            raise KeyboardInterrupt
        return answer
    _complete(known)
    try:
        return input(prompt)
    except (EOFError, KeyboardInterrupt):
        write_note("")
        raise KeyboardInterrupt from None


def _complete(known: Sequence[str]) -> None:
    """Let Tab complete the known words, where the line can be edited at all."""
    try:
        import readline
    except ImportError:  # pragma: no cover - where Python was built without it
        return

    def completed(begun: str, which: int) -> str | None:
        words = [word for word in known if word.startswith(begun)]
        return words[which] if which < len(words) else None

    readline.set_completer_delims("")
    readline.set_completer(completed)
    readline.parse_and_bind("tab: complete")
