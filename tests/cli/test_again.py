"""Commands that are run again, or two at once: nothing is written twice, and nothing is lost."""

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT

from dhrctl.storage import pending, state_dir

if TYPE_CHECKING:
    from conftest import Repositories, Repository, Run

UPDATES = "register/reviews/anytown-dhr-1/updates/01"
RECORD = "register/reviews/anytown-dhr-1/recommendations/01.yaml"
DAY = ("--on", "2024-02-01")


@pytest.fixture
def home(repository: "Repositories") -> "Repository":
    found = repository()
    found.adopt()
    found.git("config", "user.name", "A. Coordinator")
    found.git("config", "user.email", "coordinator@anytown.example")
    return found


def refuse(home: "Repository", how: str) -> None:
    """Have git refuse every commit: by a hook before it or of its message, or as it cannot be signed."""
    if how == "signature":
        home.git("config", "commit.gpgSign", "true")
        home.git("config", "gpg.program", "false")
    else:
        hook = home.root / ".git/hooks" / how
        hook.write_text("#!/bin/sh\necho not today >&2\nexit 1\n", encoding="utf-8")
        hook.chmod(0o755)


def allow(home: "Repository", how: str) -> None:
    if how == "signature":
        home.git("config", "--unset", "commit.gpgSign")
    else:
        (home.root / ".git/hooks" / how).unlink()


COMMANDS = (
    ("update", "1", *DAY, "--text", "On hold.", "--status", "on-hold"),
    ("update", "1", *DAY, "--text", "Nothing new."),
    ("update", "--all", "status:in-progress", *DAY, "--text", "On hold.", "--status", "on-hold"),
    ("set", "1", "level=single-agency"),
    ("new", "recommendation", "anytown-dhr-1", "--text", "That it is done."),
    ("new", "agency", "anytown-council", "--name", "Anytown Council", "--kind", "local-authority"),
    ("new", "update", "1", "--agency", "anytown-police", *DAY),
)


@pytest.mark.parametrize("how", ["pre-commit", "commit-msg", "signature"])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_refused_commit_is_completed_by_the_same_command(
    home: "Repository", run: "Run", command: tuple[str, ...], how: str
) -> None:
    head = home.git("rev-parse", "HEAD")
    refuse(home, how)
    for _ in range(2):  # run again while it is still refused, it changes nothing
        result = run(*command, "--commit", cwd=home.root)
        assert (result.code, home.git("rev-parse", "HEAD")) == (2, head)
        assert "the files are written, and committing them failed" in result.err
        written = home.git("status", "--porcelain", "--untracked-files=all")
    allow(home, how)
    result = run(*command, "--commit", cwd=home.root)
    assert result.code == 0, result.err
    assert f"committed as {home.git('rev-parse', 'HEAD')[:12]}" in result.out
    assert home.git("rev-parse", "HEAD^") == head
    assert home.git("status", "--porcelain") == ""
    changed = home.git("show", "--name-only", "--format=", "HEAD").splitlines()
    assert sorted(changed) == sorted(line[3:] for line in written.splitlines())
    assert not (state_dir.folder(home.root) / "register.uncommitted").exists()


def test_a_commit_is_completed_with_another_message_and_on_a_branch(home: "Repository", run: "Run") -> None:
    refuse(home, "pre-commit")
    assert run(*COMMANDS[1], "--commit", cwd=home.root).code == 2
    allow(home, "pre-commit")
    told = run(*COMMANDS[1], "--commit", "-m", "As reported", "--branch", "news", cwd=home.root)
    assert (told.code, home.git("log", "-1", "--format=%s", "news")) == (0, "As reported")
    assert "the files were written before, and are committed now" in told.err


@pytest.mark.parametrize("by", ["hand", "change", "damage", "another"])
def test_what_is_no_longer_so_is_not_completed(home: "Repository", run: "Run", by: str) -> None:
    refuse(home, "pre-commit")
    assert run(*COMMANDS[0], "--commit", cwd=home.root).code == 2
    allow(home, "pre-commit")
    if by == "hand":
        home.git("add", "register")
        home.git("commit", "--quiet", "--message", "By hand")
    elif by == "change":
        (home.root / RECORD).write_text(
            (home.root / RECORD).read_text(encoding="utf-8") + "# Mine.\n", encoding="utf-8"
        )
    elif by == "damage":
        (state_dir.folder(home.root) / "register.uncommitted").write_text("{", encoding="utf-8")
    head = home.git("rev-parse", "HEAD")
    command = COMMANDS[3] if by == "another" else COMMANDS[0]
    result = run(*command, "--commit", cwd=home.root)
    assert (result.code, home.git("rev-parse", "HEAD")) == (2, head)
    said = "was changed and is not committed" if by == "another" else "is the same update"
    assert said in result.err


def test_what_another_completed_meanwhile_is_not_completed_twice(
    home: "Repository", run: "Run", monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(home, "pre-commit")
    assert run(*COMMANDS[1], "--commit", cwd=home.root).code == 2
    allow(home, "pre-commit")
    read, asked = pending.read, []

    def read_once(root: Path, request: str) -> pending.PendingCommit | None:
        asked.append(request)
        return read(root, request) if len(asked) == 1 else None

    monkeypatch.setattr(pending, "read", read_once)
    result = run(*COMMANDS[1], "--commit", cwd=home.root)
    assert (result.code, len(asked)) == (2, 3)
    assert "is the same update" in result.err


def test_few_processes_complete_a_commit(
    home: "Repository", run: "Run", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(home, "pre-commit")
    assert run(*COMMANDS[0], "--commit", cwd=home.root).code == 2
    allow(home, "pre-commit")
    count = _counted(tmp_path, monkeypatch)
    assert run(*COMMANDS[0], "--commit", cwd=home.root).code == 0
    assert len(count.read_text(encoding="utf-8").splitlines()) <= 6


def _counted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file that every git which is begun adds a line to."""
    real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
    count, shim = folder / "begun.txt", folder / "bin"
    shim.mkdir()
    (shim / "git").write_text(f'#!/bin/sh\necho x >>"{count}"\nexec "{real}" "$@"\n', encoding="utf-8")
    (shim / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{shim}{os.pathsep}{os.environ['PATH']}")
    return count


# The same said again

SAME = ("update", "1", *DAY, "--text", "Training was held.")


@pytest.mark.parametrize("text", ["Training was held.", "Training  was\nheld. "])
def test_the_same_said_again_is_refused(home: "Repository", run: "Run", text: str) -> None:
    assert run(*SAME, cwd=home.root).code == 0
    result = run(*SAME[:-1], text, cwd=home.root)
    assert (result.code, result.out) == (2, "")
    assert (
        f"{UPDATES}/2024-02-01-anytown-police.yaml is the same update, of the same agency, day and text" in result.err
    )
    assert result.err.endswith("; add it once more with --repeat\n")
    assert len([*(home.root / UPDATES).iterdir()]) == 1
    assert run(*SAME[:-1], text, "--repeat", cwd=home.root).code == 0
    assert len([*(home.root / UPDATES).iterdir()]) == 2


@pytest.mark.parametrize(
    "other",
    [
        ("--text", "Training was not held."),
        ("--text", "Training was held.", "--on", "2024-02-02"),
        ("--text", "Training was held.", "--agency", "anytown-council"),
    ],
)
def test_what_differs_is_not_the_same(home: "Repository", run: "Run", other: tuple[str, ...]) -> None:
    home.commit({"register/agencies/anytown-council.yaml": "name: Anytown Council\nkind: local-authority\n"}, "More")
    assert run(*SAME, cwd=home.root).code == 0
    result = run("update", "1", *DAY, *other, cwd=home.root)
    assert result.code == 0, result.err


# Two at once


@pytest.mark.parametrize("more", [(), ("--status", "on-hold")])
def test_two_that_commit_at_once_both_succeed(home: "Repository", more: tuple[str, ...]) -> None:
    """The first is held up by a hook until the second has come to wait for it."""
    hook = home.root / ".git/hooks/pre-commit"
    waiting, holding = home.root / ".git/waiting", home.root / ".git/holding"
    hook.write_text(
        f'#!/bin/sh\ntouch "{holding}"\nn=0\nwhile [ ! -e "{waiting}" ] && [ $n -lt 600 ]; do sleep 0.1; n=$((n+1)); done\n',
        encoding="utf-8",
    )
    hook.chmod(0o755)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    def begin(text: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "dhrctl", "update", "1", *DAY, "--text", text, *more, "--commit"]
        return subprocess.Popen(
            command, cwd=home.root, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    first = begin("The first.")
    while not holding.exists():
        assert first.poll() is None, first.communicate()
    second = begin("The second.")
    assert second.stderr
    said = second.stderr.readline()
    assert "waiting for" in said
    waiting.touch()
    results = [process.communicate() for process in (first, second)]
    assert [process.returncode for process in (first, second)] == [0, 0], results
    assert home.git("rev-list", "--count", "HEAD") == "3"
    assert home.git("status", "--porcelain") == ""
    assert len([*(home.root / UPDATES).iterdir()]) == 2


# A number is given once


def test_new_never_offers_a_number_that_was_used(home: "Repository", run: "Run") -> None:
    new = ("new", "recommendation", "anytown-dhr-1", "--text", "That it is done.")
    record = (home.root / RECORD).read_text(encoding="utf-8")
    home.commit({RECORD.replace("01", "07"): record.replace("training", "a leaflet")}, "Seven")
    home.commit({RECORD.replace("01", "07"): None}, "And gone")
    result = run(*new, cwd=home.root)
    assert (result.code, result.out.splitlines()[0]) == (0, "new recommendation anytown-dhr-1/08")
    for number in ("07", "7"):
        refused = run(*new, "--number", number, cwd=home.root)
        assert (refused.code, refused.out) == (2, "")
        assert f"had a recommendation {number} once, and a number is never given twice; take 09" in refused.err


def test_a_number_of_a_merged_branch_was_used(home: "Repository", run: "Run") -> None:
    record = (home.root / RECORD).read_text(encoding="utf-8")
    home.git("switch", "--quiet", "--create", "side")
    home.commit({RECORD.replace("01", "05"): record.replace("training", "a leaflet")}, "Five")
    home.commit({RECORD.replace("01", "05"): None}, "And gone")
    home.git("switch", "--quiet", "main")
    home.git("merge", "--quiet", "--no-ff", "--message", "Merge", "side")
    result = run("new", "recommendation", "anytown-dhr-1", cwd=home.root)
    assert result.out.splitlines()[0] == "new recommendation anytown-dhr-1/06"


def test_few_processes_begin_a_recommendation(
    home: "Repository", run: "Run", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = _counted(tmp_path, monkeypatch)
    assert run("new", "recommendation", "anytown-dhr-1", "--text", "That x.", "--commit", cwd=home.root).code == 0
    assert len(count.read_text(encoding="utf-8").splitlines()) <= 6


@pytest.mark.parametrize(
    ("options", "mends"),
    [
        ("--depth=1", "git fetch --unshallow"),
        ("--filter=tree:0", "git fetch --refetch --no-filter"),
        ("--filter=blob:none", ""),
    ],
)
def test_a_clone_that_cannot_know_says_so_once(home: "Repository", run: "Run", options: str, mends: str) -> None:
    home.git("config", "uploadpack.allowFilter", "true")
    home.git("config", "uploadpack.allowAnySHA1InWant", "true")
    home.commit({"notes.txt": "x\n"}, "More")
    record = (home.root / RECORD).read_text(encoding="utf-8")
    home.commit({RECORD.replace("01", "02"): record.replace("training", "a leaflet")}, "Two")
    home.git("clone", "--quiet", options, home.root.as_uri(), "../clone")
    result = run("new", "recommendation", "anytown-dhr-1", cwd=home.root.parent / "clone")
    assert result.code == 0
    assert [line for line in result.err.splitlines() if "git fetch" in line] == [
        line for line in result.err.splitlines() if mends and mends in line
    ]
    assert result.err.count("git fetch") == bool(mends)


@pytest.mark.parametrize("there", [True, False])
def test_without_git_the_files_alone_tell(
    anytown: Path, run: "Run", monkeypatch: pytest.MonkeyPatch, *, there: bool
) -> None:
    if not there:
        monkeypatch.setenv("PATH", str(anytown))
    assert run("new", "recommendation", "anytown-dhr-1", cwd=anytown).out.startswith(
        "new recommendation anytown-dhr-1/02"
    )


def test_a_refused_commit_on_a_new_branch_is_completed_there(home: "Repository", run: "Run") -> None:
    command = ("set", "1", "level=single-agency", "--commit", "--branch", "more")
    refuse(home, "pre-commit")
    assert run(*command, cwd=home.root).code == 2
    allow(home, "pre-commit")
    result = run(*command, cwd=home.root)
    assert result.code == 0, result.err
    assert home.git("branch", "--show-current") == "more"
    assert home.git("rev-list", "--count", "main..more") == "1"
