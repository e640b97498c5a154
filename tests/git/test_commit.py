"""Committing: exactly the files named, with all else as it was; or a refusal that leaves everything as it was."""

from __future__ import annotations

import os
import textwrap
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pytest

from dhrctl.cli.options import describe_error
from dhrctl.errors import DhrError, Exit
from dhrctl.git.process import Git
from dhrctl.git.repository import Repo

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conftest import Repositories, Repository

ONE = "register/reviews/anytown-dhr-1/recommendations/01.yaml"
TWO = "register/reviews/anytown-dhr-1/recommendations/02.yaml"
AGENCY = "register/agencies/anytown-police.yaml"


def refused(wanted: Callable[[], object]) -> tuple[str, Exit]:
    with pytest.raises(DhrError) as caught:
        wanted()
    assert "--" not in str(caught.value).partition(" with: git ")[0]  # which is for every front end
    return describe_error(caught.value), caught.value.code


@pytest.fixture
def home(repository: Repositories) -> Repository:
    """Return a repository with the small register, and somebody to commit in it."""
    found = repository()
    found.git("config", "user.name", "A. Coordinator")
    found.git("config", "user.email", "coordinator@anytown.example")
    found.commit({"notes.txt": "1\n", "other.txt": "1\n"}, "Notes")
    found.adopt()
    return found


def hook(home: Repository, name: str, script: str) -> None:
    path = home.root / ".git/hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{textwrap.dedent(script)}")
    path.chmod(0o755)


def around(home: Repository) -> tuple[str, str, str]:
    """Return what is staged, what is changed since, and what is not followed."""
    staged = home.git("diff", "--cached", "HEAD")
    return staged, home.git("diff"), home.git("ls-files", "--others")


# Saving


@pytest.mark.parametrize(
    "files",
    [
        {ONE: "x: 1\n"},
        {TWO: "x: 1\n"},
        {AGENCY: None},
        {ONE: None, TWO: "x: 1\n", AGENCY: "x: 2\n"},
        {"register/*.yaml": "x: 1\n", "register/:(top)a.yaml": "x: 1\n"},
        {"-x.yaml": "x: 1\n", "a b\nc.yaml": "x: 1\n", "ümlaut.yaml": "x: 1\n", "\udcff.yaml": "x: 1\n"},
        {"register/ignored.yaml": "x: 1\n"},
    ],
    ids=["changed", "new", "gone", "all", "magic", "names", "ignored"],
)
@pytest.mark.parametrize("asked", [False, True])
def test_exactly_the_files_named_are_committed(home: Repository, files: dict[str, str | None], *, asked: bool) -> None:
    home.write({".git/info/exclude": "ignored.yaml\n"})
    home.write({"notes.txt": "2\n", "register/a.yaml": "staged\n", "register/b.yaml": "intended\n"})
    home.git("add", "notes.txt", "register/a.yaml")
    home.git("add", "--intent-to-add", "register/b.yaml")
    home.write({"notes.txt": "3\n", "other.txt": "2\n", "register/c.yaml": "not followed\n"})
    before, parent = around(home), home.git("rev-parse", "HEAD")
    found = Repo(home.root)
    if asked:
        found.require_writable(files)
    home.write(files)
    name = found.commit_files(files, "update: what came in\n\n# 2 of them\n")
    assert (name, parent) == (home.git("rev-parse", "HEAD"), home.git("rev-parse", "HEAD~1"))
    assert set(home.git("show", "--format=", "--name-only", "-z", "--no-renames", name).split("\0")[:-1]) == set(files)
    assert around(home) == before
    assert home.git("log", "-1", "--format=%an <%ae>%n%B") == (
        "A. Coordinator <coordinator@anytown.example>\nupdate: what came in\n\n# 2 of them"
    )
    assert not list((home.root / ".git").glob("*.lock*"))
    assert not list((home.root / ".git").glob("dhrctl*"))


def test_a_file_that_was_partly_staged_is_refused(home: Repository) -> None:
    home.write({ONE: "staged: 1\n"})
    home.git("add", ONE)
    home.write({ONE: "now: 1\n"})
    before, head = around(home), home.git("rev-parse", "HEAD")
    for wanted in (lambda: Repo(home.root).commit_files([ONE], "x"), lambda: Repo(home.root).require_writable([ONE])):
        message, code = refused(wanted)
        assert message == f"{ONE} was changed and is not committed; commit it first, or leave --commit out"
        assert code == Exit.REFUSED
    assert (around(home), home.git("rev-parse", "HEAD")) == (before, head)


def test_a_file_that_was_changed_by_hand_is_refused_beforehand(home: Repository) -> None:
    home.write({ONE: "by: hand\n"})
    assert refused(lambda: Repo(home.root).require_writable([AGENCY, ONE]))[0].startswith(f"{ONE} was changed")
    Repo(home.root).require_writable([AGENCY, TWO])


@pytest.mark.parametrize("index", [True, False])
def test_the_first_commit_of_all_is_made(repository: Repositories, *, index: bool) -> None:
    home = repository("new")
    home.git("config", "user.name", "A")
    home.git("config", "user.email", "a@anytown.example")
    home.write({ONE: "x: 1\n", "notes.txt": "1\n"})
    if index:
        home.git("add", "notes.txt")
    found = Repo(home.root)
    found.require_writable([ONE])
    assert found.commit_files([ONE], "The first") == home.git("rev-parse", "HEAD")
    assert home.git("ls-tree", "-r", "--name-only", "HEAD") == ONE
    assert home.git("status", "--porcelain") == ("A  notes.txt" if index else "?? notes.txt")


@pytest.mark.parametrize("under", ["sub/", "new\nline/", ":(top)/"])
def test_a_register_in_a_folder_is_committed_alone(home: Repository, under: str) -> None:
    home.adopt(under=under)
    home.write({ONE: "x: 2\n", under + ONE: "x: 1\n"})
    found = Repo(home.root / under)
    assert under + ONE in home.git("show", "--format=", "--name-only", "-z", found.commit_files([ONE], "x"))
    assert home.git("status", "--porcelain", "-z") == f" M {ONE}\0"
    home.write({under + ONE: "x: 2\n"})
    assert refused(lambda: Repo(home.root / under).require_writable([ONE]))[0].startswith(
        f"{under}{ONE}".replace("\n", "<U+000A>")
    )


def test_what_changed_in_the_same_moment_is_not_taken_for_committed(home: Repository) -> None:
    home.git("config", "core.trustctime", "false")
    notes, index, moment = home.root / "notes.txt", home.root / ".git/index", 1_700_000_000
    os.utime(notes, (moment, moment))
    home.git("update-index", "--refresh")
    os.utime(index, (moment, moment))
    home.write({"notes.txt": "2\n", ONE: "x: 1\n"})
    os.utime(notes, (moment, moment))
    Repo(home.root).commit_files([ONE], "x")
    assert home.git("status", "--porcelain") == " M notes.txt"


@pytest.mark.parametrize("setting", ["core.splitIndex", "core.untrackedCache", "core.autocrlf", "index.threads"])
def test_a_worktree_with_settings_of_its_own_is_committed_in(home: Repository, setting: str) -> None:
    home.git("config", setting, "true")
    home.git("worktree", "add", "--quiet", "-b", "side", "../side")
    side = type(home)(home.root.parent / "side")
    side.write({"notes.txt": "2\n", ONE: "x: 1\n", TWO: "x: 1\n"})
    side.git("add", "notes.txt")
    head = home.git("rev-parse", "HEAD")
    name = Repo(side.root).commit_files([ONE, TWO], "x")
    assert side.git("rev-parse", "side") == name
    assert side.git("status", "--porcelain") == "M  notes.txt"
    assert (home.git("rev-parse", "HEAD"), home.git("status", "--porcelain")) == (head, "")


def test_few_processes_are_begun(home: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    execute = Git._execute

    def counted(self: Git, arguments: Sequence[str], *rest: Any, **how: Any) -> Any:
        asked.append(arguments)
        return execute(self, arguments, *rest, **how)

    monkeypatch.setattr(Git, "_execute", counted)
    found = Repo(home.root)
    found.require_writable([ONE, TWO])
    found.create_branch("more")
    home.write({ONE: "x: 1\n", TWO: "x: 1\n"})
    found.commit_files([ONE, TWO], "x")
    assert len(asked) == 6


# Hooks


@pytest.mark.parametrize("language", ["", "C.UTF-8"])
def test_hooks_run_as_in_any_commit(home: Repository, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.setenv("LC_ALL", language)
    for name in ("pre-commit", "prepare-commit-msg", "post-commit"):
        hook(home, name, f"echo {name} $(git diff --cached --name-only) >>said\n")
    hook(home, "commit-msg", 'echo "commit-msg $LC_ALL $(cat "$1")" >>said; echo "Signed" >>"$1"\n')
    home.write({ONE: "x: 1\n", "notes.txt": "2\n"})
    home.git("add", "notes.txt")
    name = Repo(home.root).commit_files([ONE], "ü")
    assert (home.root / "said").read_text() == (
        f"pre-commit {ONE}\nprepare-commit-msg {ONE}\ncommit-msg {language} ü\npost-commit notes.txt\n"
    )
    assert home.git("log", "-1", "--format=%B", name) == "ü\nSigned"
    assert home.git("status", "--porcelain", "--untracked-files=no") == "M  notes.txt"


@pytest.mark.parametrize("name", ["pre-commit", "commit-msg"])
@pytest.mark.parametrize(
    ("script", "words"), [("echo 'No names,' >&2\necho please", "No names, please"), ("", "without a word")]
)
def test_a_hook_that_refuses_leaves_all_as_it_was(home: Repository, name: str, script: str, words: str) -> None:
    hook(home, name, f"{script}\nexit 1\n")
    home.write({"notes.txt": "2\n"})
    home.git("add", "notes.txt")
    home.write({ONE: "x: 1\n", TWO: "x: 1\n", AGENCY: None})
    before, head = around(home), home.git("rev-parse", "HEAD")
    index = (home.root / ".git/index").read_bytes()
    message, code = refused(lambda: Repo(home.root).commit_files([ONE, TWO, AGENCY], "x"))
    assert (
        message
        == f"the commit was refused, and nothing is committed ({words}); fix that, and commit these files with git, or put them back"
    )
    assert code == Exit.REFUSED
    assert (around(home), home.git("rev-parse", "HEAD")) == (before, head)
    assert (home.root / ".git/index").read_bytes() == index
    assert not list((home.root / ".git").glob("*.lock*"))


@pytest.mark.parametrize(
    ("paths", "message", "words"),
    [
        ([ONE], "x", "nothing is committed"),
        ([TWO], "x", "did not match any file"),
        (["../outside.yaml"], "x", "outside repository"),
        ([AGENCY], "", "empty commit message"),
    ],
    ids=["unchanged", "missing", "outside", "wordless"],
)
def test_what_git_will_not_commit_is_told(home: Repository, paths: list[str], message: str, words: str) -> None:
    home.write({AGENCY: "x: 1\n"})
    head = home.git("rev-parse", "HEAD")
    assert words in refused(lambda: Repo(home.root).commit_files(paths, message))[0]
    assert home.git("rev-parse", "HEAD") == head


# What stands in the way


STATES = [
    ("merge --no-commit side", "a merge is under way here; finish it, or give it up with: git merge --abort"),
    ("cherry-pick side", "a cherry-pick is under way here; finish it, or give it up with: git cherry-pick --abort"),
    ("revert HEAD~1", "a revert is under way here; finish it, or give it up with: git revert --abort"),
    ("rebase side", "a rebase is under way here; finish it, or give it up with: git rebase --abort"),
    ("rebase --apply side", "a rebase is under way here; finish it, or give it up with: git rebase --abort"),
    ("bisect start", "a bisect is under way here; finish it, or give it up with: git bisect reset"),
    ("stash apply", "there are files with conflicts here; settle them, and add them with: git add"),
    (
        "checkout --detach",
        "HEAD is at no branch, where a commit is soon lost from sight; name a new branch with --branch",
    ),
]


@pytest.mark.parametrize(("command", "sentence"), STATES, ids=[command for command, _ in STATES])
def test_nothing_is_committed_in_the_midst_of_something(home: Repository, command: str, sentence: str) -> None:
    home.git("branch", "side")
    home.write({"notes.txt": "stashed\n"})
    home.git("stash")
    home.commit({"notes.txt": "2\n"}, "Here")
    home.commit({"notes.txt": "3\n"}, "And here")
    home.git("checkout", "--quiet", "side")
    home.commit({"notes.txt": "4\n"}, "There")
    home.git("checkout", "--quiet", "main")
    found = Repo(home.root)
    found.require_writable()
    with pytest.raises(AssertionError) if "--detach" not in command and "bisect" not in command else nullcontext():
        home.git(*command.split())
    assert refused(found.require_writable) == (sentence, Exit.REFUSED)


def test_a_detached_head_can_be_given_a_branch(home: Repository) -> None:
    home.git("checkout", "--quiet", "--detach", "HEAD~1")
    found = Repo(home.root)
    found.require_writable([ONE], branch=True)
    found.create_branch("plans/dhr-1")
    home.write({ONE: "x: 1\n"})
    name = found.commit_files([ONE], "x")
    assert home.git("rev-parse", "plans/dhr-1") == name
    assert home.git("symbolic-ref", "HEAD") == "refs/heads/plans/dhr-1"


def test_an_index_that_is_locked_is_named(home: Repository) -> None:
    lock = home.root / ".git/index.lock"
    lock.touch()
    home.write({ONE: "x: 1\n"})
    sentence = f"another git is at work here, or one broke off; wait for it, or where none is, take {lock} away"
    for wanted in (Repo(home.root).require_writable, lambda: Repo(home.root).commit_files([ONE], "x")):
        assert refused(wanted) == (sentence, Exit.ENVIRONMENT)
    assert lock.exists()


def test_a_folder_that_cannot_be_written_is_named(home: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    home.write({ONE: "x: 1\n"})
    monkeypatch.setattr("pathlib.Path.touch", full)
    message, code = refused(lambda: Repo(home.root).commit_files([ONE], "x"))
    assert message == f"{home.root}/.git cannot be written (No space left on device); give yourself the right to"
    assert code == Exit.ENVIRONMENT


@pytest.mark.parametrize("known", [(), ("user.name",), ("user.email",), ("environment",), ("user.name", "user.email")])
def test_somebody_must_be_known_to_commit(
    repository: Repositories, monkeypatch: pytest.MonkeyPatch, known: tuple[str, ...]
) -> None:
    home = repository()
    home.adopt()
    for name in known:
        if name == "environment":
            monkeypatch.setenv("GIT_COMMITTER_NAME", "C")
            monkeypatch.setenv("GIT_COMMITTER_EMAIL", "c@anytown.example")
        else:
            home.git("config", name, "c@anytown.example")
    if len(known) == 2 or known == ("environment",):
        Repo(home.root).require_writable()
    else:
        message, code = refused(Repo(home.root).require_writable)
        assert message.startswith("git does not know who you are; say it with: git config user.name NAME")
        assert code == Exit.ENVIRONMENT


def test_an_index_that_git_cannot_read_is_told(home: Repository) -> None:
    (home.root / ".git/index").write_bytes(b"spoilt")
    message, _ = refused(Repo(home.root).require_writable)
    assert message.startswith("git cannot say what is staged (")
    assert message.endswith("); see what it says to: git status")


# Branches


def test_a_branch_is_made_and_used_with_all_as_it_was(home: Repository) -> None:
    home.write({"notes.txt": "2\n"})
    home.git("add", "notes.txt")
    home.write({"notes.txt": "3\n", ONE: "x: 1\n", TWO: "x: 1\n"})
    before, head = around(home), home.git("rev-parse", "HEAD")
    Repo(home.root).create_branch("more")
    assert home.git("symbolic-ref", "HEAD") == "refs/heads/more"
    assert (around(home), home.git("rev-parse", "HEAD")) == (before, head)


def test_an_unborn_branch_is_given_another_name(repository: Repositories) -> None:
    home = repository()
    Repo(home.root).create_branch("more")
    assert home.git("symbolic-ref", "HEAD") == "refs/heads/more"


@pytest.mark.parametrize(
    "name", ["main", "taken", "a b", "", "-x", "a..b", "HEAD", "@{-1}", "x.lock", "taken/more", "\n"]
)
def test_a_name_that_is_taken_or_no_name_is_refused(home: Repository, name: str) -> None:
    home.git("branch", "taken")
    branches = home.git("branch", "--list")
    message, code = refused(lambda: Repo(home.root).create_branch(name))
    assert message.startswith('the branch "')
    assert message.endswith("); name another with --branch")
    assert code == Exit.REFUSED
    assert home.git("branch", "--list") == branches
