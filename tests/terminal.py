"""A terminal that tests type into: a command on a pseudo-terminal of 80 columns, question by question."""

import fcntl
import os
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

CTRL_C, CTRL_D, TAB = "\x03", "\x04", "\t"


def talk(
    arguments: Sequence[str], folder: Path, answers: Sequence[tuple[str, str]], *, shown: bool = True
) -> tuple[int, str]:
    """Run a command, type each answer when its question stands there; return the exit code and the whole screen.

    Its answer is `shown` there, or goes into a file.
    """
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DHRCTL_", "COLUMNS"))}
    environment |= {"NO_COLOR": "1", "TERM": "dumb", "PYTHONIOENCODING": "utf-8", "INPUTRC": os.devnull}
    with subprocess.Popen(
        [sys.executable, "-m", "dhrctl", *arguments],
        stdin=theirs,
        stdout=theirs if shown else subprocess.DEVNULL,
        stderr=theirs,
        cwd=folder,
        env=environment,
        start_new_session=True,
        preexec_fn=_at_the_terminal,  # noqa: PLW1509 - a Ctrl-C comes from there
    ) as process:
        os.close(theirs)
        try:
            screen = "".join(_conversation(ours, answers, partial(_is_asleep, process)))
        except AssertionError:
            process.kill()
            raise
        finally:
            os.close(ours)
    return process.returncode, screen.replace("\r\n", "\n")


def _conversation(terminal: int, answers: Sequence[tuple[str, str]], asleep: Callable[[], bool]) -> Iterator[str]:
    pressed = b""
    for question, answer in answers:
        yield _until(terminal, question)
        pressed = f"{answer}".encode() if answer in (CTRL_C, CTRL_D) else f"{answer}\r".encode()
        os.write(terminal, pressed)
    yield _until(terminal, "", pressed if pressed == CTRL_C.encode() else b"", asleep)


def _at_the_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _until(terminal: int, question: str, again: bytes = b"", asleep: Callable[[], bool] = lambda: False) -> str:
    """Return what comes until a question stands there, or until the end without one.

    A key that came before the prompt was ready for it is pressed `again`, whenever all is quiet and the command
    waits. Only who never comes is given up, after ten quiet minutes.
    """
    come, quiet = b"", 0
    while not question or question.encode() not in come:
        ready, _, _ = select.select([terminal], [], [], 1)
        if not ready:
            quiet += 1
            assert quiet < 600, f'"{question}" was not asked; the screen says: {come.decode(errors="replace")}'
            if again and asleep():
                os.write(terminal, again)
            continue
        quiet = 0
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # the other side is closed
            piece = b""
        if not piece:
            assert not question, f'"{question}" was not asked; the screen says: {come.decode(errors="replace")}'
            break
        come += piece
    return come.decode(errors="replace")


def _is_asleep(process: "subprocess.Popen[bytes]") -> bool:
    """Tell whether a command waits, for a key or for another process; one that is busy is left alone."""
    about = Path(f"/proc/{process.pid}/stat")
    return not about.exists() or about.read_text(encoding="utf-8", errors="replace").rpartition(") ")[2][0] == "S"
