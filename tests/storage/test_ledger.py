"""What is said at the end of a command is held against the disk, wherever that command is stopped."""

import builtins
import errno
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import filelock
import pytest
from conftest import ANYTOWN, ROOT, Repositories, Repository, Run, Write

from dhrctl.app import site
from dhrctl.cli import main
from dhrctl.files.tree import Edit
from dhrctl.git.process import Git
from dhrctl.model.paths import TEMPORARY_PREFIX
from dhrctl.reports import counts
from dhrctl.storage import journal, ledger, state_dir

Answer = tuple[int, str, str]
RECORD = "register/reviews/anytown-dhr-1/recommendations/01.yaml"
POLICE = "register/agencies/anytown-police.yaml"
COUNCIL = "register/agencies/anytown-council.yaml"
DAY = ("--on", "2024-02-01")
UPDATE = ("update", "1", "--text", "All were trained.", "--target", "2024-02", *DAY)
OTHERS = {
    COUNCIL: "name: Anytown Council\nkind: local-authority\n",
    "register/reviews/anytown-dhr-1/recommendations/02.yaml": """\
        recommendation: That records are kept.
        section: Police
        lead_agencies:
          - anytown-council
        target_date: "2024-03"
        status: in-progress
        """,
}
SITE = (("index.html", b"new"), ("lists/all.html", b"the same"), ("lists/new.html", b"new"))
OLD_SITE: Mapping[str, str | bytes] = {
    "site/dhrctl-site.txt": "head\nindex.html\nlists/all.html\nold/gone.html\n",
    "site/index.html": b"old",
    "site/lists/all.html": b"the same",
    "site/old/gone.html": b"old",
}


# Stopping a command


CALLS = {"write", "flush", "fsync", "replace", "unlink", "mkdir", "rmdir", "fork_exec", "waitpid"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CHANGING = {"switch", "update-index", "commit", "config"}


def is_step(frame: FrameType, function: Any) -> bool:
    """Tell whether a call may change what is on the disk."""
    if function.__name__ not in CALLS:
        return False
    of = function.__self__
    if function.__name__ in ("fork_exec", "waitpid"):
        asked = frame.f_locals.get("args") or frame.f_locals["self"].args
        return not _CHANGING.isdisjoint(asked) and "--get" not in asked
    if isinstance(of, io.IOBase):  # but no pipe, and nothing that is only in memory
        return of.seekable() and not isinstance(of, (io.StringIO, io.BytesIO))
    return isinstance(of, ModuleType)  # and not a text, which can be replaced too


class Stop:
    """Raises an error at the n-th point before or after a call that may write, and counts the points."""

    def __init__(self, nth: int, error: BaseException) -> None:
        self.points = 0
        self.nth = nth
        self.error = error

    def reach(self) -> None:
        self.points += 1
        if self.points == self.nth:
            raise self.error

    def called(self, frame: FrameType, event: str, function: Any) -> None:
        # A process that has just begun would work on by itself, so what it does is looked at when it has ended.
        ended = event == "c_return" and function.__name__ != "fork_exec"
        if (event == "c_call" or ended) and is_step(frame, function):
            self.reach()

    def opener(self, opened: Callable[..., Any], close: Callable[[Any], None]) -> Callable[..., Any]:
        def call(file: Any, how: Any = "r", *rest: Any, **options: Any) -> Any:
            writing = how & _WRITING if isinstance(how, int) else set(how) & set("wax+")
            if not writing or (opened is not os.open and isinstance(file, int)):
                return opened(file, how, *rest, **options)
            self.reach()
            found = opened(file, how, *rest, **options)
            try:
                self.reach()
            except BaseException:
                close(found)
                raise
            return found

        return call

    @contextmanager
    def lying_in_wait(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "open", self.opener(os.open, os.close))
            for module in (io, builtins):
                patch.setattr(module, "open", self.opener(io.open, lambda file: file.close()))
            sys.setprofile(self.called)
            try:
                yield
            finally:
                sys.setprofile(None)


ERRORS: tuple[tuple[Callable[[], BaseException], tuple[int, ...]], ...] = (
    (KeyboardInterrupt, (130,)),
    (lambda: RuntimeError("unlikely"), (70,)),
    (lambda: OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), (0, 1, 2, 4)),
)


THOROUGH = os.environ.get("DHRCTL_LAWS") == "thorough"


def stopped(root: Path, arguments: tuple[str, ...], stop: Stop) -> tuple[int, str]:
    """Run a command in a folder until it is stopped; return its exit code, and the last that it says to a person."""
    said = root.parent / "said"
    with (
        pytest.MonkeyPatch.context() as patch,
        (root.parent / "out").open("w", encoding="utf-8") as out,
        said.open("w", encoding="utf-8") as err,
    ):
        patch.chdir(root)
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        with stop.lying_in_wait():
            code = main(arguments)
    return code, said.read_text(encoding="utf-8").rpartition("dhrctl: ")[2].strip()


# Looking at the disk


def looked_at(root: Path) -> dict[str, object]:
    """Return all that a person would find changed: files by path, and what git has, by the words for it."""
    found: dict[str, object] = {}
    for folder, folders, names in os.walk(root):
        here = Path(folder).relative_to(root)
        folders[:] = [
            name for name in folders if name not in (".git", ".dhrctl") and not name.startswith(TEMPORARY_PREFIX)
        ]
        kept = [
            name for name in names if not name.startswith(f"{TEMPORARY_PREFIX}{os.getpid()}")
        ]  # taken away by and by
        found.update({(here / name).as_posix(): (root / here / name).read_bytes() for name in kept})
    git = root / ".git"
    if git.exists():
        head = (git / "HEAD").read_text()
        ref = git / head.removeprefix("ref: ").strip()
        found["a commit"] = ref.read_text()
        found['the branch "later"'] = (head, (git / "refs/heads/later").exists())
        for name in (".git/config", ".git/info/attributes"):
            found[name] = (root / name).read_bytes() if (root / name).exists() else None
    return found


def difference(before: Mapping[str, object], after: Mapping[str, object]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def named(sentence: str, root: Path) -> tuple[set[str], int]:
    """Return what a sentence says is changed, and how many more it counts."""
    names: set[str] = set()
    more = 0
    for part in sentence.split("; "):
        words, colon, listed = part.partition(": ")
        if colon and words in ("already written", "already taken away", "already made"):
            listed, _, rest = listed.partition(" and ")
            more += int(rest.removesuffix(" more")) if rest else 0
            names.update(each.removeprefix(f"{root}/") for each in listed.split(", "))
    return names, more


# The commands


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A command that writes, and what it begins with beside the small register."""

    arguments: tuple[str, ...]
    files: Mapping[str, str | bytes | None] = field(default_factory=dict)
    git: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    writes: int


CASES = {
    "set": Case(arguments=("set", "1", "level=single-agency", "target_date=2025"), writes=1),
    "update": Case(arguments=UPDATE, writes=2),
    "update --commit": Case(arguments=(*UPDATE, "--commit", "--branch", "later"), git=True, writes=4),
    "new": Case(arguments=("new", "agency", "anytown-council"), writes=1),
    "transfer": Case(
        arguments=("transfer", "anytown-police", "anytown-council", *DAY, "--no-input"), files=OTHERS, writes=3
    ),
    "fmt": Case(
        arguments=("fmt",),
        files={POLICE: "kind:   police\nname: Anytown Police\n", COUNCIL: "kind: csp\nname:  Anytown\n"},
        writes=2,
    ),
    "a change after one that broke off": Case(
        arguments=("set", "1", "level=single-agency"), files={COUNCIL: "name: Anytown Council\nkind: csp\n"}, writes=3
    ),
    "doctor --fix": Case(arguments=("doctor", "--fix"), git=True, writes=5),
    "site": Case(arguments=("site", "--out", "site"), writes=4),
    "the site again": Case(arguments=("site", "--out", "site"), files=OLD_SITE, writes=4),
    "digest": Case(
        arguments=("digest", "--out", "letters"),
        files={**OTHERS, "letters/kept.txt": "of somebody\n", "letters/anytown-police.md": "old\n"},
        writes=2,
    ),
    "export": Case(arguments=("export", "ics", "--out", "plan.ics"), writes=1),
    "render": Case(arguments=("render", "summary", "--out", "plan.html"), files={"plan.html": "old\n"}, writes=1),
    "check --write-baseline": Case(arguments=("check", "--write-baseline", "known.txt"), writes=1),
    "check in Actions": Case(
        arguments=("check", "--format", "github"), environment={"GITHUB_STEP_SUMMARY": "summary.md"}, writes=1
    ),
    "merge-driver": Case(
        arguments=("merge-driver", "base", "ours", "theirs", POLICE),
        files={"base": "name: A\n", "ours": "name: A\n", "theirs": "name: B\n"},
        writes=1,
    ),
}


def break_off(root: Path) -> None:
    """Leave a change of two files half made, as a process leaves it that is killed."""
    after = (root / POLICE).read_bytes() + b"short_name: Police\n"
    council = (root / COUNCIL).read_bytes() if (root / COUNCIL).exists() else None
    edits = (
        Edit(path=POLICE, before=(root / POLICE).read_bytes(), after=after),
        Edit(path=COUNCIL, before=council, after=b"name: Anytown Council\nkind: csp\nshort_name: Council\n"),
    )
    state_dir.make_state_folder(root)
    journal.write(root, tuple([journal.JournalEntry(edit=edit, mode=None) for edit in edits]))


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


@pytest.fixture
def home(case: Case, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with what a case begins with."""
    if case.git:
        repository: Repositories = request.getfixturevalue("repository")
        anytown = repository()
        anytown.adopt()
        anytown.git("config", "user.name", "A. Coordinator")
        anytown.git("config", "user.email", "coordinator@anytown.example")
        root = anytown.root
    else:
        write: Write = request.getfixturevalue("write")
        files = {**ANYTOWN, **case.files}
        root = write({f"anytown/{path}": text for path, text in files.items()}) / "anytown"
    if case.arguments[0] in ("set", "doctor") and case.writes > 2:
        break_off(root)
    if case.arguments[0] == "doctor":
        (root / "register" / f"{TEMPORARY_PREFIX}left").write_bytes(b"half")
    for name, value in case.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(site, "build_site", lambda *_: site.SiteFiles(files=iter(SITE), size=len(SITE)))
    return root


# What is read while a command is stopped is closed when it is forgotten, as the command ends.
LEFT = "1 temporary file could not be taken away"  # which is no failure, and told


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_what_is_said_of_what_was_written_is_true(case: Case, home: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    shutil.copytree(home, kept, symlinks=True)
    before = looked_at(home)
    code, _ = stopped(home, case.arguments, Stop(0, KeyboardInterrupt()))
    assert (code in (0, 1), len(difference(before, looked_at(home)))) == (True, case.writes)
    shutil.rmtree(home)
    shutil.copytree(kept, home, symlinks=True)
    stopped(home, case.arguments, whole := Stop(0, KeyboardInterrupt()))  # once more, with all imported
    wrong, told, runs = [], set(), 0
    for nth in range(1, whole.points + 1):
        for error, codes in ERRORS if THOROUGH else (ERRORS[nth % len(ERRORS)],):
            shutil.rmtree(home)
            shutil.copytree(kept, home, symlinks=True)
            runs += 1
            stop = Stop(nth, error())
            code, sentence = stopped(home, case.arguments, stop)
            changed = difference(before, looked_at(home))
            names, more = named(sentence, home)
            told.add(len(changed))
            true = names <= changed and len(names) + more == len(changed)
            if code in (0, 1):  # what could be done without, or was met where a file is forgotten: all is done
                true = len(changed) == case.writes - sentence.startswith(LEFT)
            if not true or code not in (0, 1, *codes):
                wrong.append((nth, repr(stop.error), code, sentence, sorted(changed)))
    assert not wrong, json.dumps(wrong[:12], indent=1) + f"\n{len(wrong)} of {runs}"
    assert {0, case.writes} <= told


# What is known, and what is not


def test_what_cannot_be_looked_at_is_told_as_such() -> None:
    def look() -> None:
        if looked:
            raise PermissionError
        looked.append(True)

    looked: list[bool] = []
    with ledger.opened() as written:
        ledger.note("plan.html", look, once=False)
        assert written.describe() == "perhaps written: plan.html; run it again to have it whole"
        assert not ledger.untouched()


def test_without_a_ledger_nothing_is_kept(tmp_path: Path) -> None:
    ledger.note_file(tmp_path / "plan.html")
    (tmp_path / "plan.html").touch()
    assert ledger.untouched()
    with ledger.opened() as written:
        assert written.describe() == "nothing was changed"


# A commit


def committing(home: Repository, monkeypatch: pytest.MonkeyPatch, end: Callable[[Answer], Answer]) -> None:
    """Prepare a commit of which git makes all, and then ends otherwise."""
    change = Git.run_as_user

    def changed(self: Git, *arguments: str, **how: Any) -> Answer:
        answer = change(self, *arguments, **how)
        return end(answer) if arguments[0] == "commit" else answer

    home.adopt()
    home.git("config", "user.name", "A. Coordinator")
    home.git("config", "user.email", "coordinator@anytown.example")
    monkeypatch.setattr(Git, "run_as_user", changed)


def test_a_commit_that_is_made_when_it_is_interrupted_is_told_and_whole(
    repository: Repositories, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: Answer) -> Answer:
        raise KeyboardInterrupt

    home = repository()
    committing(home, monkeypatch, interrupt)
    result = run("set", "1", "level=single-agency", "--commit", cwd=home.root)
    assert (result.code, home.git("rev-list", "--count", "HEAD")) == (130, "2")
    assert result.err == (
        f"dhrctl: interrupted; already written: {RECORD}; already made: a commit; "
        "look at that with git status and git log before you run it again\n"
    )
    assert home.git("status", "--porcelain") == ""


def test_a_commit_that_git_makes_and_cannot_end_is_told(
    repository: Repositories, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = repository()
    committing(home, monkeypatch, lambda _: (128, "", "unable to write new_index file"))
    result = run("set", "1", "level=single-agency", "--commit", cwd=home.root)
    assert (result.code, home.git("rev-list", "--count", "HEAD")) == (2, "2")
    assert "the commit was made, and git could not end it (unable to write new_index file)" in result.err
    assert "already made: a commit" in result.err
    assert "not committed" not in result.err


# The last words


def ended(arguments: tuple[str, ...], root: Path, **streams: Any) -> tuple[int, str]:
    """Run a command in a process of its own; return its exit code, and what it says beside its answer."""
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, **streams}
    command = [sys.executable, "-m", "dhrctl", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=root, env=environment, check=False, timeout=60, **streams)
    return done.returncode, (done.stderr or b"").decode()


@pytest.mark.parametrize("arguments", [("set", "1", "level=single-agency"), ("list",)])
def test_an_answer_that_cannot_be_written_says_what_is(anytown: Path, arguments: tuple[str, ...]) -> None:
    before = looked_at(anytown)
    with Path("/dev/full").open("wb") as full:
        code, err = ended(arguments, anytown, stdout=full)
    changed = difference(before, looked_at(anytown))
    sentence = "the answer could not be written (No space left on device); send it to another place"
    more = "; look at that with git status and git log before you run it again" if changed else ""
    told = f"; already written: {RECORD}" if changed else ""
    assert (code, err) == (4, f"dhrctl: {sentence}{told}{more}\n")
    assert changed == ({RECORD} if arguments[0] == "set" else set())


def test_what_is_written_is_not_given_back_to_be_written_twice(anytown: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "sh -c 'echo All were trained. >\"$0\"'")
    with Path("/dev/full").open("wb") as full:
        code, err = ended(("update", "1", "--editor", *DAY), anytown, stdout=full)
    assert (code, "already written: " in err, "to go on from" in err) == (4, True, False)


def test_a_conflict_is_one_also_where_nobody_reads_of_it(tmp_path: Path) -> None:
    for name, text in (("base", "a\n"), ("ours", "b\n"), ("theirs", "c\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    read, write = os.pipe()
    os.close(read)
    code, _ = ended(("merge-driver", "base", "ours", "theirs", "notes.txt"), tmp_path, stderr=write)
    os.close(write)
    assert (code, "<<<<<<<" in (tmp_path / "ours").read_text(encoding="utf-8")) == (1, True)


def test_what_the_system_refuses_is_no_bug(run: Run, anytown: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "templates/summary.md")

    monkeypatch.setattr(counts, "status", refuse)
    result = run("status", cwd=anytown)
    sentence = "the system refuses to go on (Permission denied: templates/summary.md); see to that, and try again"
    assert (result.code, result.err) == (4, f"dhrctl: {sentence}; nothing was changed\n")


def test_a_lock_that_cannot_be_given_back_takes_nothing_back(
    run: Run, anytown: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: object, *_: object, **__: object) -> None:
        release(self, force=True)
        raise PermissionError(errno.EPERM, "Operation not permitted")

    release: Any = filelock.FileLock.release
    monkeypatch.setattr(filelock.FileLock, "release", refuse)
    result = run("set", "1", "level=single-agency", cwd=anytown)
    assert (result.code, f"wrote {RECORD}" in result.out) == (0, True)
