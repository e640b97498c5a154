"""Where HEAD and branches stand: what is read from git's files is what git says, however it keeps them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Repositories, Repository

from dhrctl.git.process import Git
from dhrctl.git.refs import read_branch, read_newest


def linked(home: Repository) -> Path:
    home.git("worktree", "add", "--quiet", str(home.root.parent / "linked"), "-b", "side")
    return home.root.parent / "linked"


KEPT: dict[str, Callable[[Repository], object]] = {
    "as files": lambda _: None,
    "packed": lambda home: home.git("pack-refs", "--all"),
    "packed, and then moved on": lambda home: (home.git("pack-refs", "--all"), home.commit({"x": "x\n"}, "More")),
    "at a commit": lambda home: home.git("checkout", "--quiet", "--detach"),
    "at a branch in a folder": lambda home: home.git("switch", "--quiet", "--create=feature/one"),
    "in a work tree of its own": linked,
}


@pytest.mark.parametrize("kept", KEPT)
def test_what_is_read_is_what_git_says(kept: str, repository: Repositories) -> None:
    home = repository()
    home.adopt()
    home.git("branch", "other")
    made = KEPT[kept](home)
    root = made if isinstance(made, Path) else home.root
    git, here = Git(root), Repository(root)
    folder = Path(here.git("rev-parse", "--absolute-git-dir"))
    assert read_newest(git, folder).decode() == here.git("rev-parse", "HEAD")
    for branch in ("main", "other", "side", "feature/one", "none"):
        commit = here.git("for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}")
        at = here.git("branch", "--show-current") == branch
        assert read_branch(git, folder, branch).decode() == commit + "*" * at


def test_nothing_is_committed(repository: Repositories) -> None:
    home = repository()
    assert read_newest(Git(home.root), home.root / ".git") == b""
    assert read_branch(Git(home.root), home.root / ".git", "main") == b"*"


def test_git_is_asked_where_refs_are_kept_in_another_way(repository: Repositories) -> None:
    home = repository()
    name = home.adopt()
    (home.root / ".git" / "reftable").mkdir()
    assert read_newest(Git(home.root), home.root / ".git").decode() == name
    assert read_branch(Git(home.root), home.root / ".git", "main").decode() == f"{name}*\n"
