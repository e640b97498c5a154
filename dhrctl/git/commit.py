"""Committing for a person, as they would themselves: with their settings and hooks, and the files named alone."""

import os
import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile

from dhrctl.errors import DhrError, Exit, Field, FieldRefused, Reason
from dhrctl.files.tree import printable_name
from dhrctl.git.errors import can_be_asked
from dhrctl.git.process import Git
from dhrctl.git.refs import read_branch, read_newest
from dhrctl.storage import ledger

_UNDER_WAY = (
    ("MERGE_HEAD", "merge", "git merge --abort"),
    ("rebase-merge", "rebase", "git rebase --abort"),
    ("rebase-apply", "rebase", "git rebase --abort"),
    ("CHERRY_PICK_HEAD", "cherry-pick", "git cherry-pick --abort"),
    ("REVERT_HEAD", "revert", "git revert --abort"),
    ("sequencer", "cherry-pick or revert", "git cherry-pick --abort"),
    ("BISECT_LOG", "bisect", "git bisect reset"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _WorkTreeState:
    """What `git status` says: whether HEAD is at a branch, and the paths that are staged, or changed since."""

    branch: bool
    conflicts: bool
    staged: frozenset[str]
    changed: frozenset[str]


def require_writable(git: Git, folder: Path, paths: Collection[str], *, branch: bool) -> None:
    """Raise DhrError where nothing can be committed, or where one of the paths (from the top) is not as committed."""
    for name, what, end in _UNDER_WAY:
        if (folder / name).exists():
            message = f"a {what} is under way here; finish it, or give it up with: {end}"
            raise DhrError(message)
    if (folder / "index.lock").exists():
        raise _lock_error(folder / "index.lock")
    state = _read_state(git)
    if state.conflicts:
        message = "there are files with conflicts here; settle them, and add them with: git add"
        raise DhrError(message)
    if not (state.branch or branch):
        problem = "HEAD is at no branch, where a commit is soon lost from sight"
        raise FieldRefused(problem, "name a new branch", field="branch", reason=Reason.MISSING)
    _refuse_uncommitted(paths, state.staged | state.changed)
    code, _, _ = git.run_as_user("var", "GIT_COMMITTER_IDENT")
    if code:
        message = (
            "git does not know who you are; say it with: git config user.name NAME, and git config user.email ADDRESS"
        )
        raise DhrError(message, Exit.ENVIRONMENT)


def _lock_error(lock: Path) -> DhrError:
    message = f"another git is at work here, or one broke off; wait for it, or where none is, take {lock} away"
    return DhrError(message, Exit.ENVIRONMENT)


def _read_state(git: Git) -> _WorkTreeState:
    asked = ("status", "--porcelain=v2", "--branch", "-z", "--untracked-files=no", "--no-renames")
    answer = git.run_as_user("--no-optional-locks", *asked)
    entries = _require_success(answer, "git cannot say what is staged", "see what it says to: git status").split("\0")
    files = [(entry[2], entry[3], entry.split(" ", 8)[8]) for entry in entries if entry.startswith("1 ")]
    return _WorkTreeState(
        branch="# branch.head (detached)" not in entries,
        conflicts=any(entry.startswith("u ") for entry in entries),
        staged=frozenset(path for index, _, path in files if index != "."),
        changed=frozenset(path for _, tree, path in files if tree != "."),
    )


def _refuse_uncommitted(paths: Iterable[str], uncommitted: Collection[str]) -> None:
    for path in paths:
        if path in uncommitted:
            problem = f"{printable_name(path)} was changed and is not committed"
            raise FieldRefused(problem, ("commit it first, or leave ", Field("commit"), " out"), field="commit")


def create_branch(git: Git, folder: Path, name: str) -> None:
    """Make a branch from the current commit and use it; raise DhrError where there is one, or can be none, of that name."""
    problem = f'the branch "{printable_name(name)}" cannot be made'
    if not can_be_asked(name):
        raise FieldRefused(problem, "name another", field="branch")
    ledger.note(f'the branch "{printable_name(name)}"', partial(read_branch, git, folder, name), done="made")
    code, _, complaint = git.run_as_user("switch", "--quiet", "--no-track", f"--create={name}")
    if code:
        problem = f"{problem} ({_quote_complaint(complaint)})"
        raise FieldRefused(problem, "name another", field="branch")


def refuse_staged(git: Git, paths: Iterable[str]) -> None:
    """Raise DhrError where one of the paths (from the top) is staged already, which a commit of it would undo."""
    _refuse_uncommitted(paths, _read_state(git).staged)


def commit_files(git: Git, folder: Path, paths: Iterable[str], message: str) -> str:
    """Commit exactly these paths as they lie in the work tree; return the commit's full name.

    git works on a copy of its index, which replaces it in the end: a commit that is refused leaves all as it was.
    """
    names = b"".join(os.fsencode(path) + b"\0" for path in paths)
    before = read_newest(git, folder)
    ledger.note("a commit", partial(read_newest, git, folder), done="made")

    def made() -> bool:
        return read_newest(git, folder) != before

    with _lock_index(folder, made) as index, NamedTemporaryFile(dir=folder, prefix="dhrctl-") as file:
        file.write(message.encode(errors="surrogateescape"))
        file.flush()
        options = (f"--file={file.name}", "--cleanup=whitespace", "--pathspec-from-file=-", "--pathspec-file-nul")
        for asked in (("update-index", "--add", "--remove", "-z", "--stdin"), ("commit", "--only", *options)):
            answer = git.run_as_user(*asked, index=index, stdin=names)
            if answer[0] and made():
                _require_success(
                    answer, "the commit was made, and git could not end it", "see what it says to: git status"
                )
            out = _require_success(answer, "the commit was refused, and nothing is committed", _BY_HAND)
    return str(_NAME.findall(out)[0])


_BY_HAND = "fix that, and commit these files with git, or put them back"
_NAME = re.compile(r"^\[.*? ([0-9a-f]{40,64})\]", re.MULTILINE)


@contextmanager
def _lock_index(folder: Path, made: Callable[[], bool]) -> Iterator[Path]:
    """Hold git's own lock on its index, with a copy in it that takes its place in the end, or once a commit is made."""
    index, lock = folder / "index", folder / "index.lock"
    try:
        lock.touch(exist_ok=False)
    except FileExistsError:
        raise _lock_error(lock) from None
    except OSError as error:
        message = f"{folder} cannot be written ({error.strerror}); give yourself the right to"
        raise DhrError(message, Exit.ENVIRONMENT) from None
    done = False
    try:
        if index.exists():
            shutil.copy2(index, lock)  # with its time, by which git knows what it must look at again
        else:
            lock.unlink()
        yield lock
        done = True
    finally:
        try:
            if done or made():
                lock.replace(index)
        finally:
            lock.unlink(missing_ok=True)


def _require_success(answer: tuple[int, str, str], otherwise: str, fix: str) -> str:
    """Return what git says; raise DhrError with what it complains of."""
    code, out, complaint = answer
    if code:
        problem = f"{otherwise} ({_quote_complaint(complaint)})"
        raise DhrError(problem, fix=fix)
    return out


def _quote_complaint(complaint: str) -> str:
    return " ".join(complaint.split())[-1000:] or "without a word"
