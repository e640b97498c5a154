"""git: the register as it was committed, and every change of its files. Nothing else talks to git.

It is asked a few large questions, whatever the size of the register, and never to change anything.
What it answers is data: names in a tree are never used as paths, and nothing that a repository
configures is run. It is long so that all of that can be seen to hold in one place.
"""

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any

from dhrctl import when
from dhrctl.errors import DhrError, Exit
from dhrctl.finding import Finding
from dhrctl.layout import MAX_BYTES, REGISTER
from dhrctl.tree import Tree, parsed, printable, refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit: its full name, its parents, its committer's day (UTC), who wrote it, and its message."""

    name: str
    parents: tuple[str, ...]
    day: date
    author: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A file that a commit changed: its path from the folder of the register, and its bytes' names before and after.

    A name is empty where there were no bytes; a `mode` is as in `stat`, 0 where there is no file. `was` is
    the path that it had before, where it had another and that was asked for; of a new file, what it is a
    copy of. `others` are the names in the further parents of a merge that made the file other than all.
    """

    path: str
    before: str
    after: str
    mode: int
    was: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A commit with what it changed under `register/`, against its first parent."""

    commit: Commit
    changes: tuple[Change, ...]


_SAFE = (
    "--no-pager",
    "--no-optional-locks",
    "--no-replace-objects",
    "--literal-pathspecs",
    *(
        part
        for setting in (
            "safe.bareRepository=explicit",
            "core.fsmonitor=false",
            "core.hooksPath=/dev/null",
            "core.quotePath=false",
            "color.ui=false",
            "diff.external=",
            "diff.orderFile=/dev/null",
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
_LOG = (
    "log",
    "-z",
    "--no-color",
    "--no-decorate",
    "--no-notes",
    "--no-show-signature",
    "--encoding=UTF-8",
    "--format=%H%x00%P%x00%ct%x00%an <%ae>%x00%B",
)
_RAW = (
    "--raw",
    "--no-abbrev",
    "--no-renames",
    "--no-relative",
    "--ignore-submodules=none",
    "--no-ext-diff",
    "--no-textconv",
)
_CHANGES = (*_RAW, "--diff-merges=first-parent")
_FIELDS = 5
_REVISION = re.compile(r"[^\s~^:?*\[\\@{}\x00-\x1f-][^\s~^:?*\[\\{}\x00-\x1f]*(?:~[0-9]*|\^[0-9]*)*")
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def named_day(wanted: str) -> date | None:
    """Return the day that `--at` names, or None where it names a revision; raise DhrError where there is no such day."""
    if not _DAY.fullmatch(wanted):
        return None
    try:
        return when.day(wanted)
    except ValueError as error:
        raise DhrError(str(error)) from None


class Repo:
    """The git repository that a register's folder lies in."""

    def __init__(self, root: Path) -> None:
        """Find it; raise DhrError where git or the repository is missing, or not to be trusted."""
        self._git = _git(root)
        asked = ("rev-parse", "--show-prefix", "--is-shallow-repository", "--is-inside-work-tree")
        *prefix, shallow, inside = self._lines(*asked)
        if inside != "true":
            message = f"{root} is not in the work tree of a git repository; clone it with its files"
            raise DhrError(message, Exit.ENVIRONMENT)
        self._prefix = "\n".join(prefix)
        self._shallow = shallow == "true"
        self._commits: dict[str, Commit] = {}
        self._trees: dict[str, Tree] = {}

    # What was committed when

    def commit(self, wanted: str, upto: str = "HEAD") -> Commit:
        """Return the commit that a revision names, or the last by the end of a day; raise DhrError."""
        if wanted in self._commits:
            return self._commits[wanted]
        day = named_day(wanted)
        return self._by_day(day, upto) if day else self._by_name(wanted)

    def _by_name(self, revision: str) -> Commit:
        asked = ("-1", "--no-patch", "--end-of-options", _plain(revision), "--")
        code, out, complaint = self._run(*_LOG, *asked)
        if code:
            raise self._unknown(revision, complaint)
        return next(_steps(out, self._prefix)).commit

    def _unknown(self, revision: str, complaint: str) -> DhrError:
        """Say why a revision could not be found."""
        if f"bad revision '{revision}^0'" not in complaint and f"object name {revision}^0" not in complaint:
            return _refused(complaint)
        more = f" in this clone, which holds only the newest commits; {_UNSHALLOW}" if self._shallow else _LIST
        return DhrError(f'there is no revision "{revision}"{more}')

    def _by_day(self, day: date, upto: str) -> Commit:
        asked = ("--first-parent", "--no-patch", "--end-of-options", upto, "--")
        commits = [step.commit for step in self._parsed(*_LOG, *asked)]
        found = next((commit for commit in commits if commit.day <= day), None)
        if found is None:
            oldest = commits[-1].day
            message = f"nothing was committed by {day}: the first commit is of {oldest}; name a later day"
            if self._shallow:
                message = f"this clone begins with {oldest}, and {day} lies before that; {_UNSHALLOW}"
            raise DhrError(message)
        return found

    @property
    def shallow(self) -> bool:
        """Tell whether the clone holds only the newest commits."""
        return self._shallow

    def base(self, revision: str) -> str:
        """Return the full name of the commit where HEAD and a revision (or a day) part; raise DhrError."""
        day = named_day(revision)
        if day:
            return self._by_day(day, "HEAD").name  # on HEAD's own line
        code, out, complaint = self._run("merge-base", "--end-of-options", _plain(revision), "HEAD")
        if code == 1:
            more = _UNSHALLOW if self._shallow else "name another"
            message = f'"{revision}" and HEAD have no commit in common; {more}'
            raise DhrError(message)
        if code:
            raise self._unknown(revision, complaint)
        return out.decode("ascii").strip()

    def steps(self, upto: str = "HEAD", path: str = REGISTER) -> list[Step]:
        """Return every commit on the register's own line that changed a file at or under a path, oldest first."""
        asked = (*_LOG, *_CHANGES, "--first-parent", "--end-of-options", upto, "--", path)
        return list(self._parsed(*asked))[::-1]

    def following(self, path: str, upto: str = "HEAD") -> list[Step]:
        """Return every commit that changed one file, oldest first, also under the names that it had before."""
        line = ("--first-parent", "--follow", "--find-renames=60%")
        steps: list[Step] = []
        for step in self._parsed(*_LOG, *_CHANGES, *line, "--end-of-options", upto, "--", path):
            steps.append(step)
            if any(change.was and not change.before for change in step.changes):
                break  # git would go on with the file that this one is a copy of, which is another's
        return steps[::-1]

    def parted(self, base: str) -> tuple[list[Step], list[Step]]:
        """Return every commit that a base has, and every further one of HEAD, oldest first, whatever they changed.

        Of a merge, only what none of its parents has; raise DhrError where the clone lacks some of them.
        """
        if self._shallow:
            message = f"this clone holds only the newest commits, so a change cannot be judged in it; {_UNSHALLOW}"
            raise DhrError(message, Exit.ENVIRONMENT)
        asked = (*_LOG, *_RAW, "--diff-merges=combined", "--topo-order", "--end-of-options", "HEAD", "--")
        steps = list(self._parsed(*asked))[::-1]
        parents = {step.commit.name: step.commit.parents for step in steps}
        led: set[str] = set()
        waiting = [base]
        while waiting:
            name = waiting.pop()
            if name not in led:
                led.add(name)
                waiting += parents[name]
        known = [step for step in steps if step.commit.name in led]
        return known, [step for step in steps if step.commit.name not in led]

    # What was in it

    def tree(self, commit: Commit, *, whole: bool = False) -> Tree:
        """Return the register as committed, as `store.read` returns it from the disk."""
        if commit.name not in self._trees:
            self._read([commit.name], whole=whole)
        return self._trees[commit.name]

    def prepare(self, *wanted: str) -> None:
        """Look up several revisions or days, and read all their files at once, for `commit` and `tree` to return."""
        self._commits = {each: self.commit(each) for each in wanted}
        self._read(dict.fromkeys(commit.name for commit in self._commits.values()), whole=False)

    def _read(self, commits: Iterable[str], *, whole: bool) -> None:
        listed = {commit: self.listed(commit) for commit in commits}
        wanted = dict.fromkeys(
            name for names, _ in listed.values() for path, name in names.items() if whole or parsed(path)
        )
        contents = dict(zip(wanted, self.contents(wanted), strict=True))
        for commit, (names, refused) in listed.items():
            files = {path: contents[names[path]] if whole or parsed(path) else b"" for path in sorted(names)}
            self._trees[commit] = Tree(contents=files, refused=refused, commit=commit)

    def listed(self, commit: str) -> tuple[dict[str, str], tuple[Finding, ...]]:
        """Return the name of each file's bytes in the register of a commit, and what was refused."""
        asked = ("ls-tree", "-r", "-z", "--full-tree", commit, "--", f"{self._prefix}{REGISTER}")
        code, out, complaint = self._run(*asked)
        if code:
            raise _refused(complaint)
        names: dict[str, str] = {}
        refused = []
        for entry in out.split(b"\0")[:-1]:
            about, _, raw = entry.partition(b"\t")
            mode, _, blob = about.decode("ascii").split(" ")
            path = printable(raw.decode("utf-8", "surrogateescape").removeprefix(self._prefix))
            while path in names:  # two names that are not text can be written alike
                path += "'"
            finding = refusal(path, int(mode, 8))
            if finding:
                refused.append(finding)
            else:
                names[path] = blob
        return names, tuple(refused)

    def contents(self, names: Iterable[str], largest: int = MAX_BYTES) -> Iterator[bytes]:
        """Yield the bytes that names stand for, in order, each cut behind the largest size that is read."""
        wanted = list(names)
        if not wanted:
            return
        process = self._started("cat-file", "--batch", "--buffer")
        threads = [
            threading.Thread(target=_feed, args=(process.stdin, wanted), daemon=True),
            threading.Thread(target=_drain, args=(process.stderr,), daemon=True),
        ]
        for thread in threads:
            thread.start()
        try:
            for name in wanted:
                yield _content(process.stdout, name, largest)
        finally:
            process.proc.kill()
            for thread in threads:
                thread.join()
            process.stdout.close()
            process.proc.wait()

    # Running it

    def _lines(self, *arguments: str) -> list[str]:
        code, out, err = self._run(*arguments)
        if code:
            raise _refused(err)
        return out.decode("utf-8", "surrogateescape").split("\n")[:-1]

    def _parsed(self, *arguments: str) -> Iterator[Step]:
        code, out, err = self._run(*arguments)
        if code:
            raise _refused(err)
        return _steps(out, self._prefix)

    def _run(self, *arguments: str) -> tuple[int, bytes, str]:
        """Run git to its end; return its exit code, what it says, and what it complains of."""
        answered: tuple[int, bytes, str] = self._execute(
            arguments,
            with_extended_output=True,
            with_exceptions=False,
            stdout_as_string=False,
            strip_newline_in_stdout=False,
        )
        return answered

    def _started(self, *arguments: str) -> Any:  # noqa: ANN401 - GitPython's wrapper of a process
        return self._execute(arguments, as_process=True, istream=subprocess.PIPE)

    def _execute(self, arguments: Sequence[str], **how: object) -> Any:  # noqa: ANN401 - what it returns depends on how
        from git.exc import GitCommandNotFound  # noqa: PLC0415 - slow to import, and needed for history alone

        try:
            with _without_settings():
                return self._git.execute([_executable(), *_SAFE, *arguments], env=_ENVIRONMENT, **how)
        except (OSError, GitCommandNotFound) as error:
            cause = error if isinstance(error, OSError) else error.__cause__
            message = f"git cannot be run ({getattr(cause, 'strerror', cause)}); install git anew"
            raise DhrError(message, Exit.ENVIRONMENT) from None


_UNSHALLOW = "fetch the rest with: git fetch --unshallow"
_LIST = "; list what there is with: git log --oneline"


def _plain(revision: str) -> str:
    """Return a revision as a commit's own, where it is a plain name; raise DhrError for all that git can be asked else."""
    if not _REVISION.fullmatch(revision) or ".." in revision:
        message = (
            f'"{printable(revision)}" is no revision that can be used; name a branch, a tag or a commit, '
            "with ~2 or ^ behind it, or a day as YYYY-MM-DD"
        )
        raise DhrError(message)
    return revision if revision == "HEAD" else f"{revision}^0"


def _refused(complaint: str) -> DhrError:
    """Say what git complains of in our own words."""
    for said, sentence in _COMPLAINTS:
        if said in complaint:
            return DhrError(sentence, Exit.ENVIRONMENT)
    last = " ".join(complaint.split())[-200:]
    return DhrError(f"git could not answer ({last}); see what it says to: git fsck", Exit.ENVIRONMENT)


_COMPLAINTS = (
    ("not a git repository", "the register is not in a git repository, so it has no history; begin one with: git init"),
    (
        "dubious ownership",
        "git does not trust this repository, as another user owns it; ask them, or see safe.directory in: git help config",
    ),
    ("does not have any commits", "nothing is committed in this repository yet; commit the register first"),
    ("bad revision 'HEAD'", "nothing is committed in this repository yet; commit the register first"),
    ("Not a valid object name HEAD", "nothing is committed in this repository yet; commit the register first"),
    ("cannot use bare repository", "this is a bare repository, without files; go to a clone that has them"),
    ("must be run in a work tree", "this is a bare repository, without files; go to a clone that has them"),
)


def _executable() -> str:
    """Return the whole path of git; raise DhrError where there is none."""
    found = shutil.which("git", path=os.pathsep.join(filter(os.path.isabs, os.get_exec_path())))
    if found is None:
        message = "git is not installed, and the register's history is in it; install git"
        raise DhrError(message, Exit.ENVIRONMENT)
    return found


@contextmanager
def _without_settings() -> Iterator[None]:
    """Hide what would turn git to another repository or make it run something (`GIT_DIR` in a hook, say)."""
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("GIT_")}
    try:
        yield
    finally:
        os.environ.update(kept)


def _git(root: Path) -> Any:  # noqa: ANN401 - GitPython's own class
    """Return GitPython's way to run git in a folder."""
    _executable()
    with _without_settings():
        os.environ["GIT_PYTHON_GIT_EXECUTABLE"] = os.devnull  # or it would ask git for its version first
        os.environ["GIT_PYTHON_REFRESH"] = "quiet"
        try:
            from git.cmd import Git  # noqa: PLC0415 - slow to import, and needed for history alone
        finally:
            del os.environ["GIT_PYTHON_GIT_EXECUTABLE"], os.environ["GIT_PYTHON_REFRESH"]
    return Git(str(root))


def _steps(out: bytes, prefix: str) -> Iterator[Step]:
    """Read what `_LOG` prints, as it goes: the fields of a commit, then its changes, all ended by NUL."""
    tokens = out.decode("utf-8", "surrogateescape").split("\0")
    at = 0
    while at + _FIELDS <= len(tokens):
        name, parents, seconds, author, message = tokens[at : at + _FIELDS]
        at += _FIELDS
        at += tokens[at : at + 1] == [""]  # stands before what a merge changed
        changes = []
        while at < len(tokens) and tokens[at].lstrip("\n").startswith(":"):
            about = tokens[at].lstrip("\n")
            paths = tokens[at + 1 : at + (3 if about.split(" ")[-1][0] in "RC" else 2)]
            changes.append(_change(about, [printable(path.removeprefix(prefix)) for path in paths]))
            at += 1 + len(paths)
        yield Step(
            commit=Commit(
                name=name.strip("\n"),
                parents=tuple(parents.split()),
                day=_day(seconds),
                author=author,
                message=message,
            ),
            changes=tuple(changes),
        )


_SUBMODULE = "160000"


def _change(about: str, paths: Sequence[str]) -> Change:
    """Read a line of `--raw`: a colon for each parent, all modes, all names of bytes, and what happened."""
    colons = about.count(":")
    parts = about.lstrip(":").split(" ")
    modes, names = parts[: colons + 1], parts[colons + 1 : 2 * colons + 2]
    first, *others, after = (
        "" if mode == _SUBMODULE or not name.strip("0") else name for mode, name in zip(modes, names, strict=True)
    )
    return Change(
        path=paths[-1],
        before="" if parts[-1][0] == "C" else first,
        after=after,
        mode=int(modes[-1], 8),
        was=paths[0] if len(paths) > 1 else "",
        others=tuple(filter(None, others)),
    )


def _day(seconds: str) -> date:
    """Return the day of a commit; where the calendar has none, its last, so that none comes after."""
    try:
        return datetime.fromtimestamp(int(seconds), tz=UTC).date()
    except (ValueError, OverflowError, OSError):
        return date.max


def _feed(pipe: IO[bytes], names: Sequence[str]) -> None:
    """Write the names of what is wanted, from a thread of its own: git's answers would fill the pipe first."""
    with suppress(OSError), pipe:  # git may have ended; whoever reads will see
        pipe.write("".join(f"{name}\n" for name in names).encode("ascii"))


def _drain(pipe: IO[bytes]) -> None:
    """Read git's complaints away, or it would wait for that."""
    with pipe:
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
    message = f"git has lost {name}, which the register's history needs; fetch it all again with: git fetch --refetch"
    raise DhrError(message, Exit.ENVIRONMENT)
