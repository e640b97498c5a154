"""git as it is met with: each kind of repository and revision is answered, or refused with a sentence."""

from __future__ import annotations

import io
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import pytest
from conftest import ANYTOWN, ROOT

from dhrctl.cli import app
from dhrctl.errors import DhrError, Exit
from dhrctl.files.parallel import MANY
from dhrctl.git import objects
from dhrctl.git import process as running
from dhrctl.git.process import Git
from dhrctl.git.repository import Commit, CommitChanges, FileChange, Repo, named_day
from dhrctl.model import paths as layout
from dhrctl.model.paths import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from conftest import Repositories, Repository, Result, Run

ONE = "register/reviews/anytown-dhr-1/recommendations/01.yaml"
NOBODY = 65534


def one(status: str = "in-progress", target: str = "2024-03") -> str:
    return (
        "recommendation: That training is reviewed.\nsection: Police\n"
        f'lead_agencies:\n  - anytown-police\ntarget_date: "{target}"\nstatus: {status}\n'
    )


def refused(wanted: Callable[[], object]) -> DhrError:
    with pytest.raises(DhrError) as caught:
        wanted()
    return caught.value


def clean(result: Result, code: Exit) -> str:
    """Return what a command complains of, which is no bug, in lines of ours."""
    assert "bug in dhrctl" not in result.err
    assert "Traceback" not in result.err
    assert result.code == code, result.err
    return result.err


def paths(steps: list[CommitChanges]) -> list[list[str]]:
    return [[change.path for change in step.changes] for step in steps]


# Days


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2024-01-10T12:00:00+00:00", "2024-01-10"),
        ("2024-01-10T23:30:00-02:00", "2024-01-11"),
        ("2024-01-10T00:30:00+02:00", "2024-01-09"),
        ("2024-01-10T23:59:59+00:00", "2024-01-10"),
    ],
)
def test_a_commit_belongs_to_its_committers_day_by_utc(repository: Repositories, at: str, day: str) -> None:
    home = repository()
    name = home.adopt(at)
    found = Repo(home.root)
    assert found.commit("HEAD").day == date.fromisoformat(day)
    assert found.commit(day).name == name
    before = date.fromordinal(date.fromisoformat(day).toordinal() - 1)
    message = f"nothing was committed by {before}: the first commit is of {day}; name a later day"
    assert str(refused(lambda: found.commit(str(before)))) == message


def test_a_day_means_its_last_commit_and_every_later_one_up_to_the_next(repository: Repositories) -> None:
    home = repository()
    home.adopt("2024-01-10T08:00:00Z")
    second = home.commit({ONE: one("complete")}, "Later that day", "2024-01-10T23:59:59Z")
    third = home.commit({ONE: one()}, "The next", "2024-01-12T00:00:00Z")
    found = Repo(home.root)
    assert [found.commit(day).name for day in ("2024-01-10", "2024-01-11", "2024-01-12", "2030-01-01")] == [
        second,
        second,
        third,
        third,
    ]


def test_after_a_rebase_the_committers_day_counts(repository: Repositories) -> None:
    home = repository()
    first = home.adopt("2024-01-10T12:00:00Z")
    home.git("checkout", "-q", "-b", "work")
    home.commit({ONE: one("complete")}, "Done", "2024-01-11T12:00:00Z")
    home.git("checkout", "-q", "main")
    second = home.commit({"notes.txt": "x"}, "Other", "2024-02-01T12:00:00Z")
    home.git("checkout", "-q", "work")
    home.git("rebase", "-q", "main", at="2024-03-01T12:00:00Z")
    assert home.git("log", "-1", "--format=%ad %cd", "--date=short") == "2024-01-11 2024-03-01"
    found = Repo(home.root)
    assert found.commit("2024-01-11").name == first
    assert found.commit("2024-02-29").name == second
    assert found.commit("2024-03-01").name == home.git("rev-parse", "HEAD")


@pytest.mark.parametrize("wanted", ["2021-02-30", "2021-13-01", "0000-01-01"])
def test_a_day_that_does_not_exist_is_refused(repository: Repositories, run: Run, wanted: str) -> None:
    home = repository()
    home.adopt()
    complaint = clean(run("list", "--at", wanted, cwd=home.root), Exit.REFUSED)
    assert complaint == f'dhrctl: "{wanted}" is not in the calendar; correct the month or the day\n'


def test_what_is_not_written_as_a_day_is_a_revision() -> None:
    assert [named_day(wanted) for wanted in ("2021-02", "HEAD", "2021-02-03x", "20210203", "")] == [None] * 5


@pytest.mark.parametrize("line", [b"C <c@anytown.example>", b"C <c@anytown.example> 99999999999999 +0000", b"nobody"])
def test_a_commit_without_a_day_hides_no_other(repository: Repositories, run: Run, line: bytes) -> None:
    home = repository()
    first = home.adopt()
    tree = home.git("rev-parse", "HEAD^{tree}")
    text = f"tree {tree}\nparent {first}\nauthor A <a@anytown.example> 1 +0000\ncommitter ".encode() + line + b"\n\nx\n"
    name = home.git("hash-object", "-t", "commit", "--literally", "-w", "--stdin", stdin=text)
    home.git("update-ref", "HEAD", name)
    found = Repo(home.root)
    assert found.commit("HEAD").day == date.max
    assert found.commit("2024-05-01").name == first
    clean(run("status", "--at", "HEAD", cwd=home.root), Exit.FINE)


# Revisions


@pytest.fixture
def named(repository: Repositories) -> Repository:
    """Return a repository of three commits with names of every kind."""
    home = repository()
    home.copy("named", with_names)
    return home


def with_names(home: Repository) -> None:
    home.adopt("2024-01-10T12:00:00Z")
    home.git("tag", "light")
    home.commit({ONE: one("complete")}, "Second", "2024-01-11T12:00:00Z")
    home.git("tag", "-a", "v1.0-rc+1", "-m", "annotated", at="2024-06-01T12:00:00Z")
    home.git("tag", "-a", "outer", "-m", "a tag of a tag", "v1.0-rc+1")
    home.commit({ONE: one()}, "Third", "2024-01-12T12:00:00Z")
    home.git("branch", "feature/a-b_c.d")
    home.git("branch", "me@work")
    home.git("branch", "2024")
    home.git("branch", "register")
    home.git("branch", "plan-für-2024")


@pytest.mark.parametrize(
    ("revision", "same"),
    [
        ("HEAD", "HEAD"),
        ("HEAD~2", "HEAD~2"),
        ("HEAD~", "HEAD~1"),
        ("HEAD^", "HEAD~1"),
        ("HEAD^^", "HEAD~2"),
        ("HEAD^1~1", "HEAD~2"),
        ("HEAD^0", "HEAD"),
        ("main", "HEAD"),
        ("refs/heads/main", "HEAD"),
        ("light", "HEAD~2"),
        ("v1.0-rc+1", "HEAD~1"),
        ("outer", "HEAD~1"),
        ("outer~1", "HEAD~2"),
        ("feature/a-b_c.d", "HEAD"),
        ("feature/a-b_c.d~2", "HEAD~2"),
        ("me@work", "HEAD"),
        ("2024", "HEAD"),
        ("register", "HEAD"),
        ("plan-für-2024", "HEAD"),
    ],
)
def test_a_plain_revision_is_found(named: Repository, revision: str, same: str) -> None:
    assert Repo(named.root).commit(revision).name == named.git("rev-parse", f"{same}^{{commit}}")


def test_a_name_is_found_by_its_beginning_too(named: Repository) -> None:
    name = named.git("rev-parse", "HEAD~1")
    found = Repo(named.root)
    assert found.commit(name) == found.commit(name[:12]) == found.commit("outer")


UNPLAIN = [
    "",
    "a..b",
    "HEAD..main",
    "HEAD...main",
    "..",
    "@{1}",
    "HEAD@{1}",
    "HEAD@{yesterday}",
    "main@{upstream}",
    "@",
    ":/Second",
    "HEAD:register",
    ":0:register",
    "HEAD^{tree}",
    "HEAD^{/Second}",
    "HEAD^!",
    "HEAD^@",
    "HEAD^-",
    "^HEAD",
    "-x",
    "--all",
    "--output=canary",
    "HEAD\n",
    "HEAD\nmain",
    "HEAD main",
    " HEAD",
    "HEAD\0",
    "HEAD\x1b[31m",
    "ma*",
    "ma?n",
    "[m]ain",
    "a\\b",
]


@pytest.mark.parametrize("revision", UNPLAIN)
def test_all_else_that_git_can_be_asked_is_refused(named: Repository, run: Run, revision: str) -> None:
    complaint = clean(run("list", f"--at={revision}", cwd=named.root), Exit.REFUSED)
    assert "is no revision that can be used; name a branch, a tag or a commit" in complaint
    assert complaint.count("\n") == 1
    assert "\x1b" not in complaint
    assert not (named.root / "canary").exists()


@pytest.mark.parametrize("revision", ["nowhere", "HEAD~3", "HEAD^2", "1" * 40, "feature", "HEAD.lock", "\udcff"])
def test_an_unknown_revision_is_refused(named: Repository, run: Run, revision: str) -> None:
    complaint = clean(run("list", "--at", revision, cwd=named.root), Exit.REFUSED)
    assert "there is no revision" in complaint
    assert complaint.endswith("; write a day as YYYY-MM-DD, or list what there is with: git log --oneline\n")


def test_a_file_or_a_tree_is_no_revision(named: Repository, run: Run) -> None:
    for what in ("HEAD:register/register.yaml", "HEAD^{tree}"):
        named.git("tag", "--force", "thing", named.git("rev-parse", what))
        assert 'there is no revision "thing"' in clean(run("list", "--at", "thing", cwd=named.root), Exit.REFUSED)


# What a history looks like


def test_of_a_merge_the_first_parent_counts(repository: Repositories) -> None:
    home = repository()
    first = home.adopt("2024-01-10T12:00:00Z")
    home.git("checkout", "-q", "-b", "work")
    side = home.commit({ONE: one("complete")}, "Done", "2024-01-11T12:00:00Z")
    home.git("checkout", "-q", "main")
    home.git("merge", "-q", "--no-ff", "-m", "Merge work", "work", at="2024-01-20T12:00:00Z")
    merge = home.git("rev-parse", "HEAD")
    found = Repo(home.root)
    assert found.commit("2024-01-15").name == first
    assert found.commit("2024-01-20").name == merge
    assert found.commit("HEAD^2").name == side
    assert [step.commit.name for step in found.read_history()] == [first, merge]
    assert found.read_history()[1].commit.parents == (first, side)
    assert paths(found.read_history())[1] == [ONE]
    known, further = found.split_history(first)
    assert [[step.commit.name for step in steps] for steps in (known, further)] == [[first], [side, merge]]


def test_a_branch_that_a_merge_threw_away_is_in_every_branches_history(repository: Repositories) -> None:
    home = repository()
    first = home.adopt("2024-01-10T12:00:00Z")
    home.git("checkout", "-q", "-b", "work")
    two = ONE.replace("01.yaml", "02.yaml")
    side = home.commit({two: one()}, "A second", "2024-01-11T12:00:00Z")
    home.git("checkout", "-q", "main")
    home.commit({"notes.txt": "x"}, "Notes", "2024-01-12T12:00:00Z")
    home.git("merge", "-q", "-s", "ours", "-m", "Without it", "work", at="2024-01-20T12:00:00Z")
    found = Repo(home.root)
    assert [step.commit.name for step in found.read_history()] == [first]
    every, _ = found.split_history(home.git("rev-parse", "HEAD"))
    assert [change.path for step in every if step.commit.name == side for change in step.changes] == [two]


def test_a_squash_is_one_commit_and_a_rename_says_from_where(repository: Repositories) -> None:
    home = repository()
    home.adopt("2024-01-10T12:00:00Z")
    home.git("checkout", "-q", "-b", "work")
    home.commit({ONE: one("complete")}, "Done", "2024-01-11T12:00:00Z")
    two = ONE.replace("01.yaml", "02.yaml")
    home.commit({ONE: None, two: one("complete")}, "Renamed", "2024-01-12T12:00:00Z")
    home.git("checkout", "-q", "main")
    home.git("merge", "-q", "--squash", "work")
    squash = home.commit({}, "All of it", "2024-02-01T12:00:00Z")
    steps = Repo(home.root).read_history()
    assert [step.commit.name for step in steps][1:] == [squash]
    (change,) = steps[1].changes
    assert (change.path, change.former_path, change.mode) == (two, ONE, 0o100644)
    assert [change.before, change.after] == [home.git("rev-parse", name) for name in (f"HEAD~1:{ONE}", f"HEAD:{two}")]


def test_a_step_holds_its_commit_whole(repository: Repositories) -> None:
    home = repository()
    name = home.commit({ONE: one()}, "First line\n\nSecond: €\n", "2024-01-10T12:00:00Z")
    blob = home.git("rev-parse", f"HEAD:{ONE}")
    commit = Commit(
        name=name,
        tree=home.git("rev-parse", "HEAD^{tree}"),
        parents=(),
        day=date(2024, 1, 10),
        author="A. Author <author@anytown.example>",
        message="First line\n\nSecond: €\n",
    )
    change = FileChange(path=ONE, before="", after=blob, mode=0o100644)
    assert Repo(home.root).read_history() == [CommitChanges(commit=commit, changes=(change,))]


def test_a_message_that_looks_like_a_change_is_a_message(repository: Repositories) -> None:
    home = repository()
    home.adopt()
    line = f":100644 100644 {'1' * 40} {'2' * 40} M"
    tree, first = home.git("rev-parse", "HEAD^{tree}"), home.git("rev-parse", "HEAD")
    text = (
        f"tree {tree}\nparent {first}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 2 +0000\n\n{line}\0evil\0{line}\0evil"
    )
    name = home.git("hash-object", "-t", "commit", "--literally", "-w", "--stdin", stdin=text.encode())
    home.git("update-ref", "HEAD", name)
    home.git("commit", "-q", "--allow-empty", "--cleanup=verbatim", "--allow-empty-message", "-m", "")
    home.git("commit", "-q", "--allow-empty", "--cleanup=verbatim", "-m", f"\n{line}\n")
    found = Repo(home.root)
    assert [(step.commit.message.strip(), step.changes) for step in found.split_history(first)[1]] == [
        (line, ()),
        ("", ()),
        (line, ()),
    ]


def test_no_setting_of_the_repository_changes_what_is_told(repository: Repositories) -> None:
    home = repository()
    home.adopt("2024-01-10T12:00:00Z", under="sub/")
    home.write({".gitmodules": '[submodule "x"]\n\tpath = sub/register/x\n\turl = ./x\n\tignore = all\n'})
    home.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub/register/x")
    home.git("commit", "-q", "-m", "A submodule", at="2024-01-11T12:00:00Z")
    (home.root / "ümlaut").write_text("x")
    home.git("add", "ümlaut")
    home.git("commit", "-q", "-m", "Straße", at="2024-01-12T12:00:00Z")

    def told() -> object:
        found = Repo(home.root / "sub")
        found.prefetch_folder(layout.folder(ONE))
        changing = [found.folder_commits(layout.folder(ONE)) for _ in "12"]
        return found.read_history(), *found.split_history(found.commit("HEAD~2").name), *changing, found.commit("HEAD")

    before = told()
    assert [len(steps) for steps in before[:5]] == [2, 1, 2, 1, 1]  # type: ignore[index]
    for name, value in {
        "log.showRoot": "false",
        "log.showSignature": "true",
        "log.follow": "true",
        "log.date": "iso",
        "log.decorate": "full",
        "log.diffMerges": "combined",
        "log.mailmap": "true",
        "format.pretty": "oneline",
        "i18n.logOutputEncoding": "UTF-16",
        "diff.relative": "true",
        "diff.renames": "copies",
        "diff.ignoreSubmodules": "all",
        "diff.orderFile": "missing",
        "diff.noprefix": "true",
        "diff.external": "false",
        "core.abbrev": "5",
        "core.quotePath": "true",
        "color.ui": "always",
        "core.pager": "false",
        "notes.displayRef": "*",
    }.items():
        home.git("config", name, value)
    home.git("notes", "add", "-m", "a note", "HEAD")
    home.git("replace", "HEAD", "HEAD~2")
    (home.root / ".git/info/grafts").write_text(home.git("--no-replace-objects", "rev-parse", "HEAD~1") + "\n")
    assert told() == before


# Kinds of repositories


def test_a_shallow_clone_says_how_far_it_reaches(repository: Repositories, run: Run) -> None:
    home = repository()
    home.adopt("2024-01-10T12:00:00Z")
    home.commit({ONE: one("complete")}, "Second", "2024-02-10T12:00:00Z")
    home.commit({ONE: one()}, "Third", "2024-03-10T12:00:00Z")
    home.git("clone", "-q", "--depth", "2", f"file://{home.root}", "../shallow")
    clone = home.root.parent / "shallow"
    assert Repo(clone).shallow
    assert not Repo(home.root).shallow
    assert Repo(clone).commit("2024-02-20").name == home.git("rev-parse", "HEAD~1")
    complaint = clean(run("list", "--at", "2024-01-20", cwd=clone), Exit.REFUSED)
    rest = "fetch the rest with: git fetch --unshallow\n"
    assert complaint == f"dhrctl: this clone begins with 2024-02-10, and 2024-01-20 lies before that; {rest}"
    complaint = clean(run("list", "--at", "HEAD~2", cwd=clone), Exit.REFUSED)
    holds = "in this clone, which holds only the newest commits"
    assert complaint == f'dhrctl: there is no revision "HEAD~2" {holds}; {rest}'


def test_a_detached_head_is_a_head(named: Repository) -> None:
    named.git("checkout", "-q", "--detach", "HEAD~1")
    found = Repo(named.root)
    assert found.commit("HEAD") == found.commit("2024-01-11") == found.commit("2024-12-31")


def test_a_bare_repository_is_refused(named: Repository, run: Run) -> None:
    named.git("clone", "-q", "--bare", ".", "../bare.git")
    bare = named.root.parent / "bare.git"
    assert "there is no register/" in clean(run("list", "--at", "HEAD", cwd=bare), Exit.NOTHING)
    (bare / "register").mkdir()
    complaint = clean(run("list", "--at", "HEAD", cwd=bare), Exit.ENVIRONMENT)
    assert complaint == "dhrctl: this is a bare repository, without files; go to a clone that has them\n"


def test_a_folder_inside_the_git_folder_is_refused(named: Repository, run: Run) -> None:
    (named.root / ".git/register").mkdir()
    complaint = clean(run("list", "--at", "HEAD", cwd=named.root / ".git"), Exit.ENVIRONMENT)
    assert complaint.count("\n") == 1


def test_a_repository_that_calls_itself_bare_is_refused(named: Repository, run: Run) -> None:
    named.git("config", "core.bare", "true")
    complaint = clean(run("list", "--at", "HEAD", cwd=named.root), Exit.ENVIRONMENT)
    assert "is not in the work tree of a git repository; clone it with its files" in complaint


@pytest.mark.parametrize("bare", [False, True])
def test_a_worktree_has_its_own_head(named: Repository, *, bare: bool) -> None:
    home = named
    if bare:
        named.git("clone", "-q", "--bare", ".", "../bare.git")
        home = type(named)(named.root.parent / "bare.git")
    home.git("worktree", "add", "-q", "--detach", "../other", "HEAD~1")
    found = Repo(named.root.parent / "other")
    assert found.commit("HEAD").name == named.git("rev-parse", "HEAD~1")
    assert ONE in found.tree(found.commit("HEAD")).contents


def test_a_register_in_a_submodule_has_that_history(named: Repository, repository: Repositories) -> None:
    outer = repository("outer")
    outer.git("submodule", "--quiet", "add", str(named.root), "inner")
    outer.commit({}, "With a register", "2025-01-01T12:00:00Z")
    found = Repo(outer.root / "inner")
    assert found.commit("HEAD").name == named.git("rev-parse", "HEAD")
    assert (
        found.tree(found.commit("HEAD")).contents.keys() == Repo(named.root).tree(found.commit("HEAD")).contents.keys()
    )


@pytest.mark.parametrize("wanted", ["HEAD", "2024-01-10"])
def test_an_unborn_branch_has_no_history(repository: Repositories, run: Run, wanted: str) -> None:
    home = repository()
    home.write({ONE: one()})
    complaint = clean(run("list", "--at", wanted, cwd=home.root), Exit.ENVIRONMENT)
    assert complaint == "dhrctl: nothing is committed in this repository yet; commit the register first\n"
    assert 'there is no revision "main"' in clean(run("list", "--at", "main", cwd=home.root), Exit.REFUSED)
    assert refused(lambda: Repo(home.root).read_history()).code == Exit.ENVIRONMENT


def test_without_a_repository_there_is_no_history(anytown: Path, run: Run) -> None:
    complaint = clean(run("list", "--at", "HEAD", cwd=anytown), Exit.ENVIRONMENT)
    assert complaint == (
        "dhrctl: the register is not in a git repository, so it has no history; begin one with: git init\n"
    )
    clean(run("list", cwd=anytown), Exit.FINE)


def test_a_folder_may_have_a_line_that_git_could_have_answered(repository: Repositories) -> None:
    home = repository("a\ntrue\nb")
    head = home.adopt()
    found = Repo(home.root)
    assert (found.head, found.shallow, found.folder) == (head, False, home.root / ".git")


def test_a_repository_that_git_cannot_read_is_refused(named: Repository, run: Run) -> None:
    (named.root / ".git/config").write_text("[core\n")
    complaint = clean(run("list", "--at", "HEAD", cwd=named.root), Exit.ENVIRONMENT)
    assert complaint.startswith("dhrctl: git could not answer (fatal: bad config line 1")
    assert complaint.endswith("; see what it says to: git fsck\n")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a folder to another user"
)
@pytest.mark.skipif(sys.platform == "win32", reason="users are no numbers there")
def test_another_users_repository_is_refused(named: Repository, run: Run) -> None:
    for folder in (named.root, named.root / ".git"):
        os.chown(folder, NOBODY, NOBODY)
    complaint = clean(run("list", "--at", "HEAD", cwd=named.root), Exit.ENVIRONMENT)
    assert complaint.startswith("dhrctl: git does not trust this repository, as another user owns it; ")


@pytest.mark.parametrize("under", ["sub/", "a/b c/", "-x/", ":(top)/", "new\nline/", "ümlaut/", "register/"])
def test_a_register_in_a_folder_of_the_repository_has_its_own_paths(
    repository: Repositories, run: Run, under: str
) -> None:
    home = repository()
    home.adopt("2024-01-10T12:00:00Z", under=under)
    last = home.commit({f"{under}{ONE}": one("complete")}, "Done", "2024-01-11T12:00:00Z")
    home.commit({"notes.txt": "x", "register/other.txt": "x"}, "Elsewhere", "2024-01-12T12:00:00Z")
    found = Repo(home.root / under)
    assert found.read_history()[-1].commit.name == last
    assert paths(found.read_history())[-1] == [ONE]
    assert paths(found.read_history(path=ONE)) == [[ONE], [ONE]]
    found.prefetch_folder(layout.folder(ONE))
    assert paths(found.read_commits(found.folder_commits(layout.folder(ONE)))) == [[ONE], sorted(ANYTOWN)]
    tree = found.tree(found.commit("HEAD"))
    assert same_at_once(home.root / under)
    assert len(tree.contents) == 4
    assert tree.contents[ONE] == one("complete").encode()
    result = run("list", "--at", "HEAD", "--json", cwd=home.root / under)
    assert '"status": "complete"' in result.out
    clean(result, Exit.FINE)


def test_what_git_began_to_look_for_is_what_it_finds_when_asked(repository: Repositories, tmp_path: Path) -> None:
    home = repository()
    folder, two = layout.folder(ONE), ONE.replace("01.yaml", "02.yaml")
    home.commit({"notes.txt": "w"}, "Notes", "2024-01-09T12:00:00Z")
    changed = [home.adopt("2024-01-10T12:00:00Z")]
    home.commit({"notes.txt": "x", ONE.replace("dhr-1", "dhr-2"): one()}, "Elsewhere", "2024-01-11T12:00:00Z")
    changed.append(home.commit({ONE: one("complete")}, "Done", "2024-01-12T12:00:00Z"))
    home.git("checkout", "-q", "-b", "work")
    home.commit({two: one()}, "A second", "2024-01-13T12:00:00Z")
    home.git("checkout", "-q", "main")
    home.commit({"notes.txt": "y"}, "Notes", "2024-01-14T12:00:00Z")
    home.git("merge", "-q", "--no-ff", "-m", "Merge work", "work", at="2024-01-15T12:00:00Z")
    changed.append(home.git("rev-parse", "HEAD"))
    changed.append(home.commit({ONE: None, two: None}, "Gone", "2024-01-16T12:00:00Z"))
    home.commit({"notes.txt": "z"}, "Notes", "2024-01-17T12:00:00Z")
    changed.append(home.commit({two: one("complete")}, "Back", "2024-01-18T12:00:00Z"))
    home.git("clone", "-q", "--depth=1", f"file://{home.root}", str(tmp_path / "shallow"))
    for root, known in ((home.root, changed), (tmp_path / "shallow", changed[-1:])):
        found = Repo(root)
        plainly = found.folder_commits(folder)
        found.prefetch_folder(folder)
        assert list(found.folder_commits(folder)) == list(plainly) == known[::-1]
        found.prefetch_folder(folder)
        assert found.read_commits(found.folder_commits(folder), folder)[::-1] == found.read_history(path=folder)


def test_a_lost_folder_is_not_taken_for_none(repository: Repositories, run: Run) -> None:
    home = repository()
    folder = layout.folder(ONE)
    home.commit({"notes.txt": "x"}, "Notes", "2024-01-09T12:00:00Z")
    first = home.adopt("2024-01-10T12:00:00Z")
    home.commit({"notes.txt": "y"}, "Notes", "2024-01-11T12:00:00Z")
    home.commit({ONE: one("complete")}, "Done", "2024-01-12T12:00:00Z")
    asked = ("history", "anytown-dhr-1/01")
    assert "2024-01-10" in run(*asked, cwd=home.root).out
    for commit in (first, "HEAD"):
        for path in (folder, "register/reviews", ""):
            lost = loose(home, home.git("rev-parse", f"{commit}:{path}"))
            kept = lost.read_bytes()
            lost.unlink()
            clean(run(*asked, cwd=home.root), Exit.ENVIRONMENT)
            lost.write_bytes(kept)


def test_what_cannot_be_looked_for_is_refused(repository: Repositories) -> None:
    home = repository()
    found = Repo(home.root)
    found.prefetch_folder(layout.folder(ONE))
    assert "nothing is committed" in str(refused(lambda: found.folder_commits(layout.folder(ONE))))
    tree = home.adopt("2024-01-10T12:00:00Z") and home.git("rev-parse", "HEAD^{tree}")
    spoilt(loose(home, tree))
    found.prefetch_folder(layout.folder(ONE))
    assert f"loose object {tree}" in str(refused(lambda: found.folder_commits(layout.folder(ONE))))


def test_complaints_without_end_do_not_stop_the_answer(repository: Repositories) -> None:
    home = repository()
    home.adopt()
    lost = "".join(f"/nowhere/{number:0100}\n" for number in range(2_000))
    (home.root / ".git/objects/info/alternates").write_text(lost)
    begun = [sys.executable, "-m", "dhrctl", "history", "anytown-dhr-1/01"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(begun, cwd=home.root, env=environment, check=True, capture_output=True)


def test_of_any_number_of_commits_it_is_told_what_they_changed(repository: Repositories) -> None:
    home = repository()
    first = home.adopt("2024-01-10T12:00:00Z")
    second = home.commit({ONE: one("complete")}, "Done", "2024-01-11T12:00:00Z")
    home.commit({"notes.txt": "x"}, "Notes", "2024-01-12T12:00:00Z")
    found = Repo(home.root)
    assert [step.commit.name for step in found.read_commits([second, first] * 40_000)] == [second, first]
    assert [step.commit.name for step in found.read_commits([second, first], first=False)] == [second]
    assert found.read_commits([]) == []


def same_at_once(root: Path) -> bool:
    """Tell whether a tree is read alike with the history and without."""
    at_once, alone = Repo(root), Repo(root)
    at_once.prepare_trees("HEAD", upto="HEAD")
    commit = alone.commit("HEAD")
    return at_once.tree(commit) == alone.tree(commit)


def test_a_path_is_never_a_pattern(repository: Repositories) -> None:
    home = repository()
    home.commit({"register/a.yaml": "x", "register/b.yaml": "x"}, "Two", "2024-01-10T12:00:00Z")
    star = home.commit({"register/*.yaml": "x"}, "A star", "2024-01-11T12:00:00Z")
    found = Repo(home.root)
    assert [step.commit.name for step in found.read_history(path="register/*.yaml")] == [star]
    assert found.read_history(path=":(top)register") == []


def test_a_repository_of_longer_names_is_read(repository: Repositories, run: Run) -> None:
    home = repository("long", "--object-format=sha256")
    first = home.adopt("2024-01-10T12:00:00Z")
    home.commit({ONE: None}, "Gone", "2024-01-11T12:00:00Z")
    assert len(first) == 64
    found = Repo(home.root)
    assert found.commit("2024-01-10").name == first
    assert [(bool(step.changes[0].before), step.changes[0].after) for step in found.read_history()[1:]] == [(True, "")]
    assert first in run("show", "dhr-1/1", "--at", "HEAD~1", cwd=home.root).out
    assert same_at_once(home.root)


def test_where_two_lines_part(repository: Repositories) -> None:
    home = repository()
    base = home.adopt("2024-01-10T12:00:00Z")
    home.git("checkout", "-q", "-b", "work")
    home.commit({ONE: one("complete")}, "Done", "2024-01-11T12:00:00Z")
    home.git("checkout", "-q", "main")
    home.commit({"notes.txt": "x"}, "Other", "2024-01-12T12:00:00Z")
    found = Repo(home.root)
    assert found.base("work") == base
    assert found.base("HEAD") == home.git("rev-parse", "HEAD")
    assert found.base("2024-01-10") == base
    home.git("checkout", "-q", "--orphan", "apart")
    home.commit({}, "Apart", "2024-01-13T12:00:00Z")
    error = refused(lambda: found.base("work"))
    assert (str(error), error.code) == ('"work" and HEAD have no commit in common; name another', Exit.REFUSED)
    assert 'there is no revision "nowhere"' in str(refused(lambda: found.base("nowhere")))
    assert "is no revision that can be used" in str(refused(lambda: found.base("--all")))
    home.git("checkout", "-q", "--orphan", "unborn")
    assert refused(lambda: found.base("work")).code == Exit.ENVIRONMENT
    assert "nothing is committed" in str(refused(lambda: found.base("HEAD")))


def test_where_two_lines_part_before_a_shallow_clone(repository: Repositories) -> None:
    home = repository()
    home.adopt("2024-01-10T12:00:00Z")
    home.git("checkout", "-q", "-b", "work")
    home.commit({ONE: one("complete")}, "Done", "2024-01-11T12:00:00Z")
    home.git("checkout", "-q", "main")
    home.commit({"notes.txt": "x"}, "Other", "2024-01-12T12:00:00Z")
    home.git("clone", "-q", "--depth", "1", "--no-single-branch", f"file://{home.root}", "../shallow")
    message = str(refused(lambda: Repo(home.root.parent / "shallow").base("origin/work")))
    assert message.endswith("have no commit in common; fetch the rest with: git fetch --unshallow")


# What stands around it


@pytest.mark.parametrize(
    "names", [("GIT_DIR",), ("GIT_DIR", "GIT_WORK_TREE"), ("GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY")]
)
def test_a_hooks_environment_does_not_lead_elsewhere(
    named: Repository, repository: Repositories, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]
) -> None:
    other = repository("other")
    other.adopt("2020-01-01T12:00:00Z")
    values = {
        "GIT_DIR": other.root / ".git",
        "GIT_WORK_TREE": other.root,
        "GIT_INDEX_FILE": other.root / ".git/index",
        "GIT_OBJECT_DIRECTORY": other.root / ".git/objects",
    }
    for name in names:
        monkeypatch.setenv(name, str(values[name]))
    before = dict(os.environ)
    found = Repo(named.root)
    assert found.commit("HEAD").day == date(2024, 1, 12)
    assert len(found.tree(found.commit("HEAD")).contents) == 4
    assert dict(os.environ) == before


def test_a_real_hook_sees_its_own_repository(named: Repository, repository: Repositories) -> None:
    other = repository("other")
    other.adopt("2020-01-01T12:00:00Z")
    hook = other.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    code = f"import sys; from dhrctl.cli import main; sys.exit(main(['-C', {str(named.root)!r}, 'list', '--at', 'HEAD', '--format', 'csv']))"
    hook.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} {sys.executable} -c "{code}" 2>{other.root}/said\n')
    hook.chmod(0o755)
    other.commit({"notes.txt": "x"}, "With a hook")
    assert named.git("rev-parse", "HEAD") in (other.root / "said").read_text()


@pytest.mark.parametrize("path", ["", "/nonexistent", "."])
def test_without_git_the_history_is_refused_and_nothing_else(
    named: Repository, run: Run, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setenv("PATH", path)
    complaint = clean(run("list", "--at", "HEAD", cwd=named.root), Exit.ENVIRONMENT)
    assert complaint == "dhrctl: git is not installed, and the register's history is in it; install git\n"
    clean(run("list", cwd=named.root), Exit.FINE)


@pytest.mark.parametrize("entry", [".", "", "bin", "./bin", "../anytown/bin"])
def test_a_git_beside_the_register_is_never_run(
    named: Repository, run: Run, monkeypatch: pytest.MonkeyPatch, entry: str
) -> None:
    for folder in (named.root, named.root / "bin"):
        folder.mkdir(exist_ok=True)
        planted = folder / "git"
        planted.write_text(f"#!/bin/sh\ntouch {named.root}/canary\n")
        planted.chmod(0o755)
    monkeypatch.setenv("PATH", f"{entry}{os.pathsep}{os.environ['PATH']}")
    subprocess.run(["git", "version"], cwd=named.root, check=True)
    assert (named.root / "canary").exists(), "the planted git would be found"
    (named.root / "canary").unlink()
    clean(run("list", "--at", "HEAD", cwd=named.root), Exit.FINE)
    assert not (named.root / "canary").exists()


def test_a_git_that_cannot_be_run_is_refused(
    named: Repository, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "git").write_text("no program\n")
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    complaint = clean(run("list", "--at", "HEAD", cwd=named.root), Exit.ENVIRONMENT)
    assert complaint.startswith("dhrctl: git cannot be run (")
    (folder / "git").write_text("#!/nonexistent\n")
    complaint = clean(run("list", "--at", "HEAD", cwd=named.root), Exit.ENVIRONMENT)
    assert complaint.startswith("dhrctl: git cannot be run (")


# What is in a tree


def entries(*which: tuple[int, str, bytes]) -> bytes:
    """Return a tree as git keeps it."""
    return b"".join(f"{mode:o} ".encode() + name + b"\0" + bytes.fromhex(blob) for mode, blob, name in which)


def planted(home: Repository, *which: tuple[int, str, bytes]) -> str:
    """Commit a register that holds entries of any kind beside a good file; return the commit's name."""

    def tree(*inside: tuple[int, str, bytes]) -> str:
        return home.git("hash-object", "-t", "tree", "--literally", "-w", "--stdin", stdin=entries(*inside))

    good = home.git("hash-object", "-w", "--stdin", stdin=b"schema_version: 1\ntitle: Anytown action register\n")
    register = tree((0o100644, good, b"register.yaml"), *which)
    name = home.git("commit-tree", tree((0o40000, register, b"register")), "-m", "Planted")
    home.git("update-ref", "HEAD", name)
    (home.root / "register").mkdir(exist_ok=True)
    return name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"a\nb.yaml", "register/a<U+000A>b.yaml"),
        (b"\x1b[31m.yaml", "register/<U+001B>[31m.yaml"),
        (b"\xff\xfe.yaml", "register/<U+DCFF><U+DCFE>.yaml"),
        (b"\xe2\x80\xae.yaml", "register/<U+202E>.yaml"),
        (b"..", "register/.."),
        (b".", "register/."),
        (b".git", "register/.git"),
        (b"../../etc/passwd", "register/../../etc/passwd"),
        (b"/etc/passwd", "register//etc/passwd"),
        (b"a\tb", "register/a<U+0009>b"),
        (b"-x.yaml", "register/-x.yaml"),
        (b"%s::error::x", "register/%s::error::x"),
    ],
)
def test_a_name_of_any_kind_is_a_finding(repository: Repositories, run: Run, name: bytes, shown: str) -> None:
    home = repository()
    blob = home.git("hash-object", "-w", "--stdin", stdin=b"x: 1\n")
    planted(home, (0o100644, blob, name))
    found = Repo(home.root)
    assert shown in found.tree(found.commit("HEAD")).contents
    result = run("check", "--at", "HEAD", "--json", cwd=home.root)
    clean(result, Exit.FINDINGS)
    assert f'"path": "{shown}"' in result.out
    assert "\x1b" not in run("check", "--at", "HEAD", cwd=home.root).out
    assert shown in paths(found.read_history())[0]
    assert {path.name for path in home.root.iterdir()} == {".git", "register"}


@pytest.mark.parametrize(
    ("mode", "rule"),
    [(0o120000, "symbolic-link"), (0o160000, "special-file"), (0o10644, "special-file"), (0o100755, None)],
)
def test_what_is_no_file_is_a_finding(repository: Repositories, run: Run, mode: int, rule: str | None) -> None:
    home = repository()
    blob = home.git("hash-object", "-w", "--stdin", stdin=b"/etc/passwd")
    planted(home, (mode, blob, b"source"))
    found = Repo(home.root)
    tree = found.tree(found.commit("HEAD"))
    assert [finding.rule.name for finding in tree.refused] == ([rule] if rule else [])
    assert ("register/source" in tree.contents) == (rule is None)
    result = run("check", "--at", "HEAD", "--json", cwd=home.root)
    clean(result, Exit.FINDINGS)
    assert "root:" not in result.out


@pytest.mark.parametrize("mode", [0o120000, 0o100644, 0o160000])
def test_a_register_that_is_no_folder_is_a_finding(repository: Repositories, run: Run, mode: int) -> None:
    home = repository()
    blob = home.git("hash-object", "-w", "--stdin", stdin=b"/etc")
    tree = home.git(
        "hash-object", "-t", "tree", "--literally", "-w", "--stdin", stdin=entries((mode, blob, b"register"))
    )
    home.git("update-ref", "HEAD", home.git("commit-tree", tree, "-m", "No folder"))
    (home.root / "register").mkdir()
    assert run("check", "--at", "HEAD", cwd=home.root).code in {Exit.FINDINGS, Exit.NOTHING}


def test_two_entries_of_one_name_are_both_there(repository: Repositories) -> None:
    home = repository()
    blobs = [home.git("hash-object", "-w", "--stdin", stdin=text) for text in (b"a", b"b", b"c")]
    planted(home, *((0o100644, blob, b"\xff") for blob in blobs))
    found = Repo(home.root)
    names = [path for path in found.tree(found.commit("HEAD")).contents if "DCFF" in path]
    assert same_at_once(home.root)
    assert names == ["register/<U+DCFF>", "register/<U+DCFF>'", "register/<U+DCFF>''"]


def test_a_real_submodule_in_the_register_is_a_finding(named: Repository, repository: Repositories, run: Run) -> None:
    home = repository("outer")
    home.adopt()
    home.git("submodule", "--quiet", "add", str(named.root), "register/inner")
    home.commit({}, "With a submodule")
    assert same_at_once(home.root)
    result = run("check", "--at", "HEAD", cwd=home.root)
    assert "register/inner:1:1: error special-file: this is no ordinary file" in result.out.replace("\n", " ")
    clean(result, Exit.FINDINGS)
    assert [change.mode for change in Repo(home.root).read_history()[-1].changes] == [0o160000]


@pytest.mark.parametrize(
    "command", [("list", "--at", "HEAD"), ("burndown",), ("check", "--since", "HEAD")], ids=" ".join
)
def test_a_tree_that_has_no_end_is_refused(
    repository: Repositories, run: Run, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    home = repository()
    inner = home.git("hash-object", "-w", "--stdin", stdin=b"x: 1\n")
    mode = 0o100644
    for _ in range(5):
        level = entries(*((mode, inner, b"%d" % number) for number in range(10)))
        inner, mode = home.git("hash-object", "-t", "tree", "-w", "--stdin", stdin=level), 0o40000
    planted(home, (mode, inner, b"reviews"))
    home.write({"register/register.yaml": "schema_version: 1\ntitle: Anytown action register\n"})
    monkeypatch.setattr(running, "MAX_ANSWER_BYTES", 1024 * 1024)
    complaint = clean(run(*command, cwd=home.root), Exit.ENVIRONMENT)
    assert complaint == (
        "dhrctl: there is more in this repository than any register holds; look for what does not belong in it\n"
    )


def test_a_git_that_breaks_off_without_a_word_is_told(
    named: Repository, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "git").write_text("#!/bin/sh\nkill -9 $$\n")
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    complaint = clean(run("list", "--at", "HEAD", cwd=named.root), Exit.ENVIRONMENT)
    assert complaint == "dhrctl: git could not answer (it broke off); see what it says to: git fsck\n"


@pytest.mark.parametrize("size", [MAX_BYTES, MAX_BYTES + 1, 300_000, 3_000_000])
def test_a_large_file_is_cut_and_the_next_is_whole(repository: Repositories, run: Run, size: int) -> None:
    home = repository()
    home.adopt()
    home.commit({ONE: b"#" * size}, "Large")
    home.git("tag", "large")
    names = [home.git("rev-parse", f"HEAD:{path}") for path in (ONE, "register/register.yaml", ONE)]
    large, small, again = Repo(home.root).contents(names)
    assert len(large) == len(again) == min(size, MAX_BYTES + 1)
    assert small.startswith(b"schema_version: 1\n")
    clean(run("check", "--at", "large", cwd=home.root), Exit.FINDINGS)


def loose(home: Repository, name: str) -> Path:
    return home.root / ".git/objects" / name[:2] / name[2:]


def gone(path: Path) -> None:
    path.unlink()


def spoilt(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(b"spoilt")


def cut(path: Path) -> None:
    """Keep the beginning, which tells the size, and lose the rest."""
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("harm", [spoilt, gone])
def test_a_tree_that_is_lost_is_told_when_it_is_read_with_others(
    repository: Repositories, harm: Callable[[Path], None]
) -> None:
    home = repository()
    home.adopt("2024-01-10T12:00:00Z")
    home.git("checkout", "-q", "-b", "other")
    home.commit({ONE: one("complete")}, "Done", "2024-01-11T12:00:00Z")
    harm(loose(home, home.git("rev-parse", "other^{tree}")))
    home.git("symbolic-ref", "HEAD", "refs/heads/main")
    assert refused(lambda: Repo(home.root).prepare_trees("other", upto="HEAD")).code == Exit.ENVIRONMENT


@pytest.mark.parametrize("harm", [gone, spoilt, cut])
@pytest.mark.parametrize("what", ["HEAD", "HEAD^{tree}", "HEAD:register", "HEAD:register/agencies", f"HEAD:{ONE}"])
def test_what_is_lost_is_told(repository: Repositories, run: Run, what: str, harm: Callable[[Path], None]) -> None:
    home = repository()
    home.adopt()
    home.commit({ONE: os.urandom(40_000)}, "Not to be made small")
    harm(loose(home, home.git("rev-parse", what)))
    complaint = clean(run("list", "--at", "HEAD", cwd=home.root), Exit.ENVIRONMENT)
    assert complaint.startswith(("dhrctl: git has lost ", "dhrctl: git could not answer ("))
    assert complaint.count("\n") == 1


def test_a_lost_commit_is_not_taken_for_none(repository: Repositories, run: Run) -> None:
    home = repository()
    head = home.adopt()
    loose(home, head).unlink()
    assert f"git has lost {head}" in clean(run("check", "--staged", cwd=home.root), Exit.ENVIRONMENT)
    assert f"git has lost {head}" in str(refused(Repo(home.root).list_newest))


@pytest.mark.parametrize("answer", [b"", b"a missing\n", b"a blob 5\n", b"a blob 5\nab", b"a blob 5\nabcde"])
def test_an_answer_that_breaks_off_is_no_file(answer: bytes) -> None:
    assert refused(lambda: objects._content(io.BytesIO(answer), "a", 9)).code == Exit.ENVIRONMENT
    assert objects._content(io.BytesIO(b"a blob 5\nabcde\n"), "a", 9) == b"abcde"


def test_many_lost_files_do_not_stop_the_answer(repository: Repositories) -> None:
    home = repository()
    home.adopt()
    names = []
    for number in range(16):
        name = home.git("hash-object", "-w", "--stdin", stdin=str(number).encode())
        spoilt(loose(home, name))
        names.append(name)
    error = refused(lambda: list(Repo(home.root).contents(names * 500)))
    assert error.code == Exit.ENVIRONMENT


# Many files


def test_many_names_are_answered_in_order(repository: Repositories) -> None:
    home = repository()
    home.adopt()
    short, long = (home.git("hash-object", "-w", "--stdin", stdin=text) for text in (b"", b"\n\0" * 9_000))
    wanted = [short, long, long] * 4_000
    lengths = [len(content) for content in Repo(home.root).contents(iter(wanted))]
    assert lengths == [0, 18_000, 18_000] * 4_000
    assert list(Repo(home.root).contents([])) == []


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Return the processes that are begun from now on; at the end each has ended."""
    begun: list[subprocess.Popen[bytes]] = []
    plain = Git.start_process

    def watched(self: Git, *arguments: str) -> object:
        process = plain(self, *arguments)
        begun.append(process.proc)
        return process

    monkeypatch.setattr(Git, "start_process", watched)
    yield begun
    assert begun
    assert [process.poll() is None for process in begun] == [False] * len(begun)


@pytest.mark.parametrize("taken", [0, 1, 7])
@pytest.mark.parametrize("count", [10, 12_000])
def test_an_early_stop_leaves_nothing_behind(
    repository: Repositories, started: list[subprocess.Popen[bytes]], taken: int, count: int
) -> None:
    home = repository()
    home.adopt()
    name = home.git("hash-object", "-w", "--stdin", stdin=b"x" * 9_000)
    before = threading.active_count()
    contents = Repo(home.root).contents([name] * count)
    next(contents)
    for _ in range(taken):
        next(contents)
    contents.close()  # type: ignore[attr-defined]
    assert len(started) == 1
    assert threading.active_count() == before
    assert all(pipe.closed for pipe in (started[0].stdin, started[0].stdout, started[0].stderr) if pipe)


def test_an_interruption_at_the_beginning_leaves_no_one_waiting(
    repository: Repositories, started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = repository()
    home.adopt()
    name = home.git("hash-object", "-w", "--stdin", stdin=b"x" * 9_000)
    threads: list[threading.Thread] = []
    start = threading.Thread.start

    def interrupted(thread: threading.Thread) -> None:
        if threads:
            raise KeyboardInterrupt
        threads.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", interrupted)
    with pytest.raises(KeyboardInterrupt) as caught:
        next(Repo(home.root).contents([name] * 12_000))
    ended = started[0].poll()
    started[0].kill()
    assert (ended, caught.type) == (-signal.SIGKILL, KeyboardInterrupt)


def test_git_is_the_one_that_path_names_first_by_its_whole_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = shutil.which("git")
    assert real is not None
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "git").symlink_to(real)
    (tmp_path / "one" / "git").unlink()
    (tmp_path / "one" / "git").write_text("not to be run\n")
    assert not (tmp_path / "one" / "git").stat().st_mode & stat.S_IXUSR
    monkeypatch.setenv("PATH", os.pathsep.join(["two", str(tmp_path / "one"), str(tmp_path / "two")]))
    monkeypatch.chdir(tmp_path)
    assert running.executable() == str(tmp_path / "two" / "git")


# Nothing in a repository is ever run


def evil(home: Repository, canary: Path) -> None:
    """Turn a repository into one that would run something wherever git can be made to."""
    program = home.root / ".git" / "evil"
    program.write_text(f'#!/bin/sh\necho "$0 $*" >>{canary}\nexit 1\n')
    program.chmod(0o755)
    with (home.root / ".git/config").open("a", encoding="utf-8") as config:
        for name, value in SETTINGS.items():
            place, _, key = name.rpartition(".")
            head, _, under = place.partition(".")
            named = f' "{under}"' if under else ""
            config.write(f'[{head}{named}]\n\t{key} = "{value.format(program=program)}"\n')
    hooks = home.root / ".git/hooks"
    hooks.mkdir(exist_ok=True)
    for hook in HOOKS:
        shutil.copy(program, hooks / hook)
    included = home.root / ".git/included"
    included.write_text(f'[core]\n\teditor = {program}\n[alias]\n\trev-parse = "!{program}"\n')
    home.git("config", "include.path", str(included))


SETTINGS: Mapping[str, str] = {
    "core.fsmonitor": "{program}",
    "core.pager": "{program}",
    "pager.log": "{program}",
    "pager.ls-tree": "{program}",
    "diff.external": "{program}",
    "diff.evil.textconv": "{program}",
    "diff.evil.command": "{program}",
    "filter.evil.smudge": "{program}",
    "filter.evil.clean": "{program}",
    "filter.evil.process": "{program}",
    "filter.evil.required": "true",
    "core.hooksPath": ".git/hooks",
    "gpg.program": "{program}",
    "gpg.ssh.program": "{program}",
    "gpg.x509.program": "{program}",
    "log.showSignature": "true",
    "core.sshCommand": "{program}",
    "core.gitProxy": "{program}",
    "core.askPass": "{program}",
    "core.editor": "{program}",
    "core.alternateRefsCommand": "{program}",
    "credential.helper": "!{program}",
    "uploadpack.packObjectsHook": "{program}",
    "alias.log": "!{program}",
    "alias.cat-file": "!{program}",
    "protocol.allow": "always",
    "protocol.ext.allow": "always",
    "core.repositoryFormatVersion": "1",
    "extensions.partialClone": "evil",
    "remote.evil.url": "ext::{program} %S",
    "remote.evil.promisor": "true",
    "remote.evil.partialCloneFilter": "blob:none",
    "remote.evil.uploadpack": "{program}",
    "remote.evil.vcs": "ext",
}
HOOKS = ("post-index-change", "reference-transaction", "pre-auto-gc", "post-checkout", "fsmonitor-watchman")
# Every command that asks git; the last ones must have nothing left to run either.
COMMANDS = (
    ("status", "--at", "HEAD"),
    ("overdue", "--at", "HEAD"),
    ("list", "--at", "2024-12-31"),
    ("show", "dhr-1/1", "--at", "HEAD~1"),
    ("check", "--at", "HEAD"),
    ("render", "summary", "--at", "HEAD"),
    ("render", "action-plan", "--at", "HEAD", "--format", "html"),
    ("diff", "HEAD~1"),
    ("diff", "HEAD~1", "HEAD"),
    ("diff", "2024-01-31", "HEAD", "--by", "agency"),
    ("slippage", "--at", "HEAD"),
    ("burndown", "--at", "HEAD"),
    ("check", "--since", "HEAD~1"),
    ("history", "anytown-dhr-1/01", "--at", "HEAD"),
    ("check", "--staged"),
    ("render", "panel-pack", "--since", "HEAD~1"),
    ("render", "panel-pack", "--since", "HEAD"),
    ("render", "panel-pack", "--since", "2024-01-10", "--at", "HEAD"),
    ("render", "panel-pack", "--since", "HEAD~1", "--at", "2024-12-31"),
)
# Every other command: it may ask git, and can do without; none of these commits.
OTHERS = (
    ("status",),
    ("overdue",),
    ("list",),
    ("show", "dhr-1/1"),
    ("check",),
    ("explain",),
    ("history", "dhr-1/1"),
    ("slippage",),
    ("render", "summary"),
    ("render", "agency", "--agency", "anytown-police"),
    ("render", "recommendation", "dhr-1/1"),
    ("render", "recommendation", "dhr-1/1", "--at", "HEAD"),
    ("digest",),
    ("digest", "--at", "HEAD"),
    ("export", "json", "--out", "-"),
    ("export", "csv", "--out", "-", "--at", "HEAD"),
    ("export", "atom", "--out", "-"),
    ("export", "atom", "--out", "-", "--at", "HEAD"),
    ("site", "--out", "site"),
    ("site", "--out", "site", "--at", "HEAD"),
    ("doctor",),
    ("doctor", "--fix"),
    ("merge-driver", *(["register/register.yaml"] * 4)),
    ("fmt", "--dry-run"),
    ("update", "dhr-1/1", "--text", "Begun.", "--no-input", "--dry-run"),
    ("update", "dhr-1/1", "--text", "Begun.", "--no-input"),
    ("set", "dhr-1/1", "level=single-agency"),
    ("new", "agency", "anytown-council", "--no-input"),
)
COMMITTING = (
    ("update", "dhr-1/1", "--text", "Begun.", "--no-input", "--commit", "--branch", "other"),
    ("set", "dhr-1/1", "level=single-agency", "--commit"),
    ("fmt", "--commit"),
)


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    return tmp_path / "canary"


@pytest.fixture
def hostile(repository: Repositories, canary: Path) -> Repository:
    """Return a repository with a signed commit, attributes for every driver, and much to run."""
    home = repository("hostile")
    home.copy("signed", signed)
    (home.root / ONE).write_text(one("complete", target="2024-04"))
    evil(home, canary)
    canary.unlink(missing_ok=True)
    return home


def signed(home: Repository) -> None:
    home.adopt("2024-01-10T12:00:00Z")
    home.commit({".gitattributes": "* diff=evil filter=evil text\n", ONE: one("complete")}, "Second")
    text = home.git("cat-file", "commit", "HEAD").split("\n\n", 1)
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n anytown\n -----END PGP SIGNATURE-----"
    commit = f"{text[0]}\n{signature}\n\n{text[1]}\n".encode()
    home.git("update-ref", "HEAD", home.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=commit))


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_nothing_in_a_repository_is_run(
    hostile: Repository, canary: Path, run: Run, command: tuple[str, ...], *, lost: bool
) -> None:
    if lost:
        loose(hostile, hostile.git("rev-parse", "HEAD:register/register.yaml")).unlink()
        canary.unlink(missing_ok=True)
    result = run(*command, cwd=hostile.root)
    assert not canary.exists(), canary.read_text()
    if lost and command[0] != "burndown":  # which has no need of register.yaml
        assert "git has lost" in clean(result, Exit.ENVIRONMENT)
    else:
        assert result.code in {Exit.FINE, Exit.FINDINGS}
    assert "bug in dhrctl" not in result.err


@pytest.mark.parametrize("command", OTHERS, ids=" ".join)
def test_nothing_in_a_repository_is_run_by_what_can_do_without_git(
    hostile: Repository, canary: Path, run: Run, command: tuple[str, ...]
) -> None:
    result = run(*command, cwd=hostile.root)
    assert not canary.exists(), canary.read_text()
    assert result.code in {Exit.FINE, Exit.FINDINGS}, result.err


def test_every_command_is_among_these() -> None:
    known = {command[0] for command in (*COMMANDS, *OTHERS, *COMMITTING)}
    assert known == set(app.COMMANDS) - {"transfer"}  # which is carried out as "set" is


def test_nothing_is_run_by_any_question(hostile: Repository, canary: Path) -> None:
    found = Repo(hostile.root)
    assert all(found.split_history(found.base("HEAD~1")))
    assert found.read_commits(["HEAD"], ONE)
    found.prefetch_folder(layout.folder(ONE))
    assert found.read_history(path=layout.folder(ONE))
    list(found.contents([step.changes[0].after for step in found.read_history()]))
    assert not canary.exists(), canary.read_text()


@pytest.mark.parametrize(
    "question",
    [
        ("log", "-1"),
        ("diff",),
        ("log", "-p", "--ext-diff"),
        ("status",),
        ("cat-file", "--batch"),
    ],
    ids=" ".join,
)
def test_a_plain_git_would_run_it(hostile: Repository, canary: Path, question: tuple[str, ...]) -> None:
    blob = hostile.git("rev-parse", "HEAD:register/register.yaml")
    loose(hostile, blob).unlink()
    canary.unlink(missing_ok=True)
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(
        ["git", *question],
        cwd=hostile.root,
        env=environment,
        input=f"{blob}\n".encode(),
        capture_output=True,
        check=False,
    )
    assert canary.exists()


# Few processes


def of_size(home: Repository, size: int) -> None:
    home.adopt("2024-01-10T12:00:00Z")
    more = {ONE.replace("01.yaml", f"{number:02}.yaml"): one() for number in range(1, size + 1)}
    home.commit(more, "More", "2024-01-11T12:00:00Z")
    home.commit({ONE: one("complete")}, "Done", "2024-01-12T12:00:00Z")
    home.git("config", "user.name", "A. Coordinator")
    home.git("config", "user.email", "coordinator@anytown.example")


@pytest.mark.parametrize("command", [*COMMANDS, *OTHERS, *COMMITTING], ids=" ".join)
def test_few_processes_are_begun_whatever_the_size(
    repository: Repositories, run: Run, counted: Path, command: tuple[str, ...]
) -> None:
    counts = []
    for size in (1, 2, 60):
        home = repository(f"of-{size}")
        home.copy(f"of {size}", partial(of_size, size=size))
        counted.write_text("")
        result = run(*command, cwd=home.root)
        assert result.code in {Exit.FINE, Exit.FINDINGS}, result.err
        counts.append(len(counted.read_text().splitlines()))
    assert counts[1] == counts[2]
    assert max(counts) <= 6
    assert command not in COMMANDS or min(counts) > 1


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one processor: nothing is read in two processes")
def test_few_processes_are_begun_by_two_that_read(repository: Repositories, counted: Path) -> None:
    home = repository()
    home.adopt("2024-01-10T12:00:00Z")
    many = [ONE.replace("01.yaml", f"{number}.yaml") for number in range(MANY + 1)]
    other, moved = ONE.replace("dhr-1", "dhr-2"), ONE.replace("01.yaml", "moved.yaml")
    home.commit({other: one().replace("training", "a policy")}, "Another", "2024-01-11T12:00:00Z")
    gone = {other: None, moved: one("complete").replace("training", "a policy")}
    home.commit({**dict.fromkeys(many, one()), **gone}, "Many, and one that moved", "2024-01-12T12:00:00Z")
    home.commit(
        {path: one(target=f"2{number:03}-01") for number, path in enumerate(many)}, "Dated", "2024-01-13T12:00:00Z"
    )
    counts = {}

    def asked(command: str) -> None:
        counted.write_text("")
        begun = [sys.executable, "-m", "dhrctl", *command.split()]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        subprocess.run(begun, cwd=home.root, env=environment, check=True, capture_output=True)
        counts[command] = len(counted.read_text().splitlines())

    for command in (
        "slippage",
        "slippage --at HEAD",
        "burndown",
        "list is:slipped --at HEAD",
        "history anytown-dhr-1/7",
        "history anytown-dhr-1/moved",
        "history anytown-dhr-1/moved --at HEAD",
        "history anytown-dhr-2/01",
        "render recommendation anytown-dhr-1/moved",
        "render summary",
        "render panel-pack --since HEAD~1",
        "render panel-pack --since HEAD~1 --at HEAD",
        "export atom --out -",
        "export atom --out - --at HEAD",
        "site --out site",
    ):
        asked(command)
    home.write({other: "no record"})
    with pytest.raises(subprocess.CalledProcessError, match=f"exit status {Exit.FINDINGS:d}"):
        asked("history anytown-dhr-2/01")
    assert max(counts.values()) <= 6, counts
    assert len(counted.read_text().splitlines()) <= 6


def test_the_import_of_the_library_begins_no_process(repository: Repositories, counted: Path) -> None:
    home = repository()
    home.adopt()
    counted.unlink()
    code = "import sys; from dhrctl.cli import main; sys.exit(main(['list', '--at', 'HEAD']))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code], cwd=home.root, env=environment, check=True, capture_output=True)
    assert [line.split("protocol.allow=never ")[1].split()[0] for line in counted.read_text().splitlines()] == [
        "rev-parse",
        "log",
        "ls-tree",
        "cat-file",
        "log",
    ]


def test_the_library_can_be_imported_whole_after_a_part_of_it(repository: Repositories) -> None:
    home = repository()
    home.adopt()
    code = (
        "import sys; from pathlib import Path; from dhrctl.git.repository import Repo; head = Repo(Path()).head\n"
        "assert 'git.cmd' in sys.modules and 'git.repo' not in sys.modules\n"
        "import git; assert git.Repo().head.commit.hexsha == head\n"
        "assert Repo(Path()).commit('HEAD').name == head"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code], cwd=home.root, env=environment, check=True)


def test_without_the_library_there_is_no_history(named: Repository, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "find_spec", lambda _: None)
    complaint = clean(run("list", "--at", "HEAD", cwd=named.root), Exit.ENVIRONMENT)
    assert complaint == "dhrctl: GitPython is not installed, and it is how dhrctl asks git; install dhrctl anew\n"
