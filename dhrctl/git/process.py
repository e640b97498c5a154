"""How git is run: by its whole path, in an environment of its own, and never so that it would ask or show anything."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import IO, Any

from dhrctl.errors import DhrError, Exit
from dhrctl.git.errors import complaint_error

_SAFE = (
    "--no-pager",
    "--no-optional-locks",
    "--no-replace-objects",
    "--literal-pathspecs",
    *(
        part
        for setting in (
            "safe.bareRepository=explicit",
            "advice.graftFileDeprecated=false",
            "core.fsmonitor=false",
            "core.hooksPath=/dev/null",
            "core.quotePath=false",
            "color.ui=false",
            "diff.external=",
            "diff.orderFile=/dev/null",
            "i18n.logOutputEncoding=UTF-8",
            "log.showRoot=true",
            "log.showSignature=false",
            "log.mailmap=false",
            "log.follow=false",
            "protocol.allow=never",
        )
        for part in ("-c", setting)
    ),
)
_ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_PAGER": "cat",
    "LC_ALL": "C",
}
_OWN = (
    "--no-pager",
    "--literal-pathspecs",
    "-c",
    "color.ui=false",
    "-c",
    "core.abbrev=no",
    "-c",
    "user.useConfigOnly=true",
)
MAX_ANSWER_BYTES = 64 * 1024 * 1024  # many times what a large register needs
_PIECE = 1024 * 1024
Answer = tuple[int, bytes, str]
_IDENTITY = ("GIT_AUTHOR_", "GIT_COMMITTER_")


class Git:
    """git in a folder: `run` and `start_process` only read, and run nothing of the repository; `run_as_user` writes."""

    def __init__(self, root: Path) -> None:
        """Take the folder; raise DhrError where there is no git."""
        self._git = _library(root)

    def lines(self, *arguments: str) -> list[str]:
        """Return the lines of its answer; raise DhrError where it has none."""
        code, out, complaint = self.run(*arguments)
        if code:
            raise complaint_error(complaint)
        return out.decode("utf-8", "surrogateescape").split("\n")[:-1]

    def run(self, *arguments: str, index: Path | None = None, stdin: bytes = b"") -> Answer:
        """Run git to its end; return its exit code, what it says, and what it complains of.

        `stdin` is what it reads: little, or what it reads to the end before it says much.
        """
        environment = {**_ENVIRONMENT, **_index_environment(index)}
        process = self._execute((*_SAFE, *arguments), environment, as_process=True, istream=subprocess.PIPE)
        with suppress(OSError), process.stdin:  # it may have ended; its complaint says why
            process.stdin.write(stdin)
        return _read_answer(process)

    def run_piped(self, first: Sequence[str], second: Sequence[str]) -> Callable[[], Answer]:
        """Begin to run git, and git once more on what that says; what is returned waits for both.

        It returns what `run` does, of the first where that failed.
        """
        source = self._execute((*_SAFE, *first), _ENVIRONMENT, as_process=True)
        sink = self._execute((*_SAFE, *second), _ENVIRONMENT, as_process=True, istream=source.stdout)
        source.stdout.close()  # the second alone reads it, so that the first ends when the second does
        return partial(_read_piped_answer, source, sink)

    def start_process(self, *arguments: str) -> Any:  # noqa: ANN401 - GitPython's wrapper of a process
        """Start git, to be written to and read from."""
        return self._execute((*_SAFE, *arguments), _ENVIRONMENT, as_process=True, istream=subprocess.PIPE)

    def run_as_user(self, *arguments: str, index: Path | None = None, stdin: bytes = b"") -> tuple[int, str, str]:
        """Run git as its user would, with their settings, hooks and language; `stdin` is what it reads.

        Return its exit code, what it says, and what it complains of.
        """
        names = [name for name in os.environ if name.startswith(_IDENTITY)]
        own = {name: os.environ.get(name, "") for name in ("LC_ALL", "LANGUAGE", *names)}
        environment = {"GIT_TERMINAL_PROMPT": "0", **own, **_index_environment(index)}
        process = self._execute((*_OWN, *arguments), environment, as_process=True, istream=subprocess.PIPE)
        try:
            said = process.proc.communicate(stdin)
        except BaseException:  # or git would go on by itself, and change what was looked at already
            process.proc.terminate()
            process.proc.wait()
            raise
        out, err = (each.decode("utf-8", "surrogateescape") for each in said)
        return process.proc.returncode, out, err

    def _execute(self, arguments: Sequence[str], environment: Mapping[str, str], **how: object) -> Any:  # noqa: ANN401 - what it returns depends on how
        from git.exc import GitCommandNotFound  # noqa: PLC0415 - slow to import, and needed for history alone

        try:
            with _hide_settings():
                return self._git.execute([executable(), *arguments], env=environment, **how)
        except (OSError, GitCommandNotFound) as error:
            cause = error if isinstance(error, OSError) else error.__cause__
            problem, fix = f"git cannot be run ({getattr(cause, 'strerror', cause)})", "install git anew"
            raise DhrError(problem, Exit.ENVIRONMENT, fix=fix) from None


def _read_answer(process: Any) -> Answer:  # noqa: ANN401 - GitPython's wrapper of a process
    """Read what a process says, to its end; raise DhrError where that would never come."""
    complaint = _drain_in_thread(process.stderr)
    pieces, left = [], MAX_ANSWER_BYTES
    while left > 0 and (piece := process.stdout.read(min(left, _PIECE))):
        pieces.append(piece)
        left -= len(piece)
    if left <= 0:
        process.proc.kill()
    said = complaint()
    process.stdout.close()
    code = process.proc.wait()
    if left <= 0:
        problem, fix = "there is more in this repository than any register holds", "look for what does not belong in it"
        raise DhrError(problem, Exit.ENVIRONMENT, fix=fix)
    return code, b"".join(pieces), said


def _read_piped_answer(source: Any, sink: Any) -> Answer:  # noqa: ANN401 - GitPython's wrappers of processes
    """Return what the second of two processes says, or what the first complains of where it alone failed."""
    complaint = _drain_in_thread(source.stderr)
    answer = _read_answer(sink)
    said = complaint()
    code = source.proc.wait()
    return (code, b"", said) if code and not answer[0] else answer


def _drain_in_thread(pipe: IO[bytes]) -> Callable[[], str]:
    """Read a pipe to its end in a thread of its own, or git would wait for that; what is returned waits, and returns it."""
    pieces: list[bytes] = []

    def read_pipe() -> None:
        with pipe:
            pieces.append(pipe.read())

    def wait_for_text() -> str:
        thread.join()
        return b"".join(pieces).decode("utf-8", "surrogateescape")

    thread = threading.Thread(target=read_pipe, daemon=True)
    thread.start()
    return wait_for_text


def _index_environment(index: Path | None) -> dict[str, str]:
    return {"GIT_INDEX_FILE": str(index)} if index else {}


def executable() -> str:
    """Return the whole path of git; raise DhrError where there is none."""
    found = shutil.which("git", path=os.pathsep.join(filter(os.path.isabs, os.get_exec_path())))
    if found is None:
        problem, fix = "git is not installed, and the register's history is in it", "install git"
        raise DhrError(problem, Exit.ENVIRONMENT, fix=fix)
    return found


@contextmanager
def _hide_settings() -> Iterator[None]:
    """Hide what would turn git to another repository or make it run something (`GIT_DIR` in a hook, say)."""
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("GIT_")}
    try:
        yield
    finally:
        os.environ.update(kept)


def _library(root: Path) -> Any:  # noqa: ANN401 - GitPython's own class
    """Return GitPython's way to run git in a folder.

    The module that holds it is imported without the package around it, which would ask git for its version,
    and takes as long to import as git takes for most answers.
    """
    executable()
    package = find_spec("git")
    if package is None:
        problem, fix = "GitPython is not installed, and it is how dhrctl asks git", "install dhrctl anew"
        raise DhrError(problem, Exit.ENVIRONMENT, fix=fix)
    alone = "git" not in sys.modules
    if alone:
        sys.modules["git"] = module_from_spec(package)
    try:
        from git.cmd import Git as Library  # noqa: PLC0415 - slow to import, and needed for history alone
    finally:
        if alone:
            del sys.modules["git"]  # for whoever wants the whole of it
    return Library(str(root))
