"""`--at`: every command that reads can read what was committed, says which commit that was, and writes nothing."""

from __future__ import annotations

import json
import os
import shutil
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from conftest import FEWER, ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dhrctl.cli.app import COMMANDS
from dhrctl.cli.check import _FORMATS as CHECK_FORMATS
from dhrctl.cli.options import FORMATS
from dhrctl.errors import Exit
from dhrctl.git.repository import Repo
from dhrctl.storage import disk as store

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from conftest import Repositories, Repository, Run

ONE = "register/reviews/anytown-dhr-1/recommendations/01.yaml"
TWO = ONE.replace("01.yaml", "02.yaml")
FINISHED = """\
    recommendation: That training is reviewed.
    section: Police
    lead_agencies:
      - anytown-police
    target_date: "2024-03"
    status: complete
    completion_date: "2024-02"
    """
OPEN = FINISHED.replace("complete\n", "in-progress\n").replace('    completion_date: "2024-02"\n', "")
READING: Mapping[str, tuple[str, ...]] = {
    "status": FORMATS,
    "overdue": FORMATS,
    "list": FORMATS,
    "show": FORMATS,
    "check": CHECK_FORMATS,
    "render": ("md", "html"),
    "digest": ("md", "html"),
}
MORE = {"show": ("dhr-1/1",), "render": ("summary",)}
CASES = [
    *((name, (*MORE.get(name, ()), "--format", form)) for name, formats in READING.items() for form in formats),
    ("overdue", ("--json",)),
    ("check", ("--json",)),
    ("check", ("--quiet",)),
    ("check", ("--quiet", "--format", "json")),
    ("render", ("action-plan",)),
    ("render", ("action-plan", "--format", "html")),
    ("render", ("overdue",)),
    ("render", ("agency", "--agency", "anytown-police", "--format", "html")),
    ("render", ("recommendation", "1")),
    ("render", ("panel-pack", "--since", "HEAD~1")),
    ("digest", ("--agency", "anytown-police", "--format", "eml")),
]


@pytest.fixture
def dated(repository: Repositories) -> Repository:
    """Return a repository in which a recommendation was open in January, complete in March, and is edited now."""
    home = repository()
    home.copy("dated", finished_in_march)
    return home


def finished_in_march(home: Repository) -> None:
    home.adopt("2024-01-10T12:00:00Z")
    home.commit({ONE: FINISHED}, "Done", "2024-03-10T12:00:00Z")
    home.write({ONE: OPEN.replace("2024-03", "2023-01"), TWO: OPEN, "register/stray.txt": "not committed"})


def test_every_command_that_reads_the_register_has_the_option() -> None:
    elsewhere = {"history", "diff", "slippage", "burndown", "export", "site"}  # tested each in a file of its own
    others = {"explain", "doctor", "merge-driver", "update", "new", "set", "transfer", "fmt"}
    assert set(READING) == set(COMMANDS) - elsewhere - others


@pytest.mark.parametrize(
    ("name", "arguments"), CASES, ids=lambda part: part if isinstance(part, str) else " ".join(part)
)
@pytest.mark.parametrize("at", ["HEAD~1", "2024-01-31"])
def test_the_answer_names_its_commit(
    dated: Repository, run: Run, name: str, arguments: tuple[str, ...], at: str
) -> None:
    commit = dated.git("rev-parse", "HEAD~1")
    form = arguments[-1].removeprefix("--")
    result = run(name, *arguments, "--at", at, cwd=dated.root)
    assert result.code == Exit.FINE, result.err
    if form == "json":
        assert json.loads(result.out)["commit"] == commit
    elif name in {"render", "digest"} or form in {"table", "md", "html"}:
        assert f"commit {commit}" in result.out or f"committed in {commit}" in result.out
        assert result.err == ""
    else:
        assert result.err == f"dhrctl: read at commit {commit}\n"
    assert "stray.txt" not in result.out
    assert "anytown-dhr-1/02" not in result.out


@pytest.mark.parametrize(
    ("name", "arguments"), CASES, ids=lambda part: part if isinstance(part, str) else " ".join(part)
)
def test_without_the_option_no_commit_is_named(
    dated: Repository, run: Run, name: str, arguments: tuple[str, ...]
) -> None:
    result = run(name, *arguments, cwd=dated.root)
    assert dated.git("rev-parse", "HEAD") not in result.out + result.err
    assert "read at commit" not in result.err


# Which day


@pytest.mark.parametrize(
    ("options", "day", "overdue"),
    [
        (("--at", "HEAD~1"), "2024-01-10", 0),
        (("--at", "2024-01-31"), "2024-01-31", 0),
        (("--at", "2024-03-09"), "2024-03-09", 0),
        (("--at", "HEAD~1", "--as-of", "2024-04-01"), "2024-04-01", 1),
        (("--at", "2024-01-31", "--as-of", "2024-04-01"), "2024-04-01", 1),
        (("--at", "2024-04-01"), "2024-04-01", 0),
        (("--at", "HEAD"), "2024-03-10", 0),
        (("--as-of", "2024-04-01"), "2024-04-01", 2),
    ],
)
def test_the_day_is_the_one_that_was_asked_for_else_the_commits(
    dated: Repository, run: Run, options: tuple[str, ...], day: str, overdue: int
) -> None:
    answer = json.loads(run("overdue", "--json", *options, cwd=dated.root).out)
    assert (answer["as_of"], answer["count"]) == (day, overdue)


def test_the_status_was_another_then(dated: Repository, run: Run) -> None:
    def status(*options: str) -> list[tuple[str, str]]:
        items = json.loads(run("list", "--json", *options, cwd=dated.root).out)["items"]
        return [(item["number"], item["status"]) for item in items]

    assert status("--at", "2024-02-01") == [("01", "in-progress")]
    assert status("--at", "HEAD") == [("01", "complete")]
    assert status() == [("01", "in-progress"), ("02", "in-progress")]


# What is read


def committed(home: Repository) -> Repository:
    home.commit({}, "All of it", "2026-11-01T12:00:00Z")
    return home


@pytest.mark.parametrize("command", ["status", "overdue", "list", "check"])
def test_a_clean_work_tree_is_its_head(repository: Repositories, run: Run, command: str) -> None:
    home = repository()
    shutil.copytree(ROOT / "register", home.root / "register")
    committed(home)
    options = ("--json", "--as-of", "2026-11-22")
    disk = json.loads(run(command, *options, cwd=home.root).out)
    told = json.loads(run(command, *options, "--at", "HEAD", cwd=home.root).out)
    assert disk.pop("commit") is None
    assert told.pop("commit") == home.git("rev-parse", "HEAD")
    assert told == disk
    assert len(run(command, *options, cwd=home.root).out) > 500


NAMES = st.sampled_from(
    [
        "register/register.yaml",
        "register/agencies/anytown-police.yaml",
        ONE,
        TWO,
        "register/reviews/anytown-dhr-1/source.txt",
        "register/reviews/anytown-dhr-1/updates/01/2024-01-02-anytown-police.yaml",
        "register/a b",
        "register/ü",
        "register/new\nline",
        "register/-x",
        "register/.hidden/deep/er",
    ]
)


@settings(FEWER, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.dictionaries(NAMES, st.binary(max_size=200), min_size=1), whole=st.booleans())
def test_any_files_are_read_from_git_as_from_the_disk(
    repository: Repositories, files: dict[str, bytes], *, whole: bool
) -> None:
    home = repository(f"law-{os.urandom(6).hex()}")
    home.commit(files, "Any files")
    found = Repo(home.root)
    tree = found.tree(found.commit("HEAD"), whole=whole)
    disk = store.read_tree(home.root, whole=whole)
    assert list(tree.contents.items()) == list(disk.contents.items())
    assert (tree.refused, disk.commit) == (disk.refused, None)


def test_a_record_of_an_older_shape_is_shown_with_a_finding(repository: Repositories, run: Run) -> None:
    home = repository()
    home.adopt("2024-01-10T12:00:00Z")
    home.commit({ONE: dedent(OPEN) + "old_field: x\n", TWO: OPEN}, "Older", "2024-01-11T12:00:00Z")
    home.commit({ONE: OPEN}, "Fixed", "2024-01-12T12:00:00Z")
    result = run("list", "--json", "--at", "HEAD~1", cwd=home.root)
    assert result.code == Exit.FINDINGS
    assert [item["number"] for item in json.loads(result.out)["items"]] == ["01", "02"]
    assert result.err.startswith(f'{ONE}:7:1: error unknown-key: the key "old_field" is not known')
    them = "1 file is not as a record is today; what can be read of it is in the answer"
    assert result.err.endswith(f"\ndhrctl: {them}\n")


OLDER = [
    ({"old_field: x": None}, {}),
    ({"status: in-progress": "status: begun"}, {"status": "unknown"}),
    ({'target_date: "2024-03"': "target_date: soon"}, {"target_date": None}),
    ({'target_date: "2024-03"': 'target_date: "2024-13"'}, {"target_date": None}),
    ({"status: in-progress": "progress: none"}, {"status": "unknown"}),
    ({"section: Police\n": ""}, {"section": "(none given)"}),
    ({"lead_agencies:": "leads:"}, {"lead_agencies": ["none-given"]}),
    ({"  - anytown-police": "  - 1"}, {"lead_agencies": ["none-given"]}),
    ({"recommendation: That training is reviewed.": "text: x"}, {"recommendation": None}),
    ({"status: in-progress": "status: in-progress\nactions:\n  - {text: a, who: x}\n  - {word: b}"}, {}),
    ({"status: in-progress": "status: in-progress\noutcomes: none"}, {"outcomes": []}),
]


@pytest.mark.parametrize(("changes", "shown"), OLDER)
@pytest.mark.parametrize("name", ["show", "status", "overdue", "render"])
def test_what_can_be_read_of_an_older_record_is_shown(
    repository: Repositories, run: Run, changes: Mapping[str, str | None], shown: Mapping[str, object], name: str
) -> None:
    home = repository()
    home.adopt("2024-01-10T12:00:00Z")
    text = dedent(OPEN)
    for old, new in changes.items():
        text = text.replace(old, new) if new is not None else f"{text}{old}\n"
    home.commit({ONE: text}, "Older", "2024-01-11T12:00:00Z")
    assert run("list", cwd=home.root).out.count("anytown-dhr-1/01") == 0
    form = () if name == "render" else ("--json",)
    result = run(name, *MORE.get(name, ()), *form, "--at", "HEAD", cwd=home.root)
    assert result.code == Exit.FINDINGS
    assert result.err.startswith(f"{ONE}:")
    if name == "show":
        (item,) = json.loads(result.out)["items"]
        assert item["id"] == "anytown-dhr-1/01"
        assert {key: item.get(key) for key in shown} == shown
    assert run("check", "--at", "HEAD", cwd=home.root).code == Exit.FINDINGS


@pytest.mark.parametrize("text", ["- a list", "just text", "{"])
def test_what_is_no_record_at_all_gives_none(repository: Repositories, run: Run, text: str) -> None:
    home = repository()
    home.adopt("2024-01-10T12:00:00Z")
    update = "register/reviews/anytown-dhr-1/updates/01/2024-01-02-anytown-police.yaml"
    home.commit({ONE: text, update: "text: x"}, "Older", "2024-01-11T12:00:00Z")
    result = run("list", "--json", "--at", "HEAD", cwd=home.root)
    assert result.code == Exit.FINDINGS
    assert json.loads(result.out)["items"] == []
    assert f"{update}:1:1: error" in result.err


def test_a_day_without_a_register_is_told(repository: Repositories, run: Run) -> None:
    home = repository()
    home.commit({"notes.txt": "x"}, "Before", "2024-01-01T12:00:00Z")
    home.adopt("2024-01-10T12:00:00Z")
    result = run("list", "--at", "2024-01-05", cwd=home.root)
    assert result.code == Exit.NOTHING
    assert result.err == "dhrctl: nothing of the register was committed at 2024-01-05; name a later day or revision\n"


def test_files_that_are_never_parsed_are_read_where_they_are_judged(repository: Repositories, run: Run) -> None:
    home = repository()
    home.adopt()
    source = "register/reviews/anytown-dhr-1/source.txt"
    home.commit({source: "call 07700 900123 or a.person@anytown.example\n"}, "A source")
    home.write({source: "nothing\n"})
    assert run("check", "--at", "HEAD", cwd=home.root).out.count(f"{source}:1:") == 2
    assert source not in run("check", cwd=home.root).out


def test_a_file_that_was_there_only_then_is_checked(repository: Repositories, run: Run) -> None:
    home = repository()
    home.adopt()
    home.commit({TWO: OPEN.replace("in-progress", "under-way")}, "A second")
    home.commit({TWO: None}, "Gone")
    result = run("check", TWO, "--at", "HEAD~1", cwd=home.root)
    assert (result.code, "unknown-word" in result.out, "1 file checked" in result.out) == (Exit.FINDINGS, True, True)
    folder = ONE.removeprefix("register/").rpartition("/")[0]
    assert "2 files checked" in run("check", folder, "--at", "HEAD~1", cwd=home.root / "register").out
    for arguments in ((TWO,), (TWO, "--at", "HEAD"), ("../x.yaml", "--at", "HEAD"), (".x", "--at", "HEAD")):
        result = run("check", *arguments, cwd=home.root)
        assert result.code == Exit.REFUSED
        assert f"there is no {arguments[0]}; name a file or folder under register/" in result.err


@pytest.mark.parametrize(
    "command",
    [
        ("list", "--at", "HEAD~1"),
        ("check", "--at", "HEAD~1"),
        ("history", "anytown-dhr-1/01", "--at", "HEAD~1"),
        ("slippage", "--at", "HEAD~1"),
        ("burndown", "--as-of", "2024-06-30"),
        ("diff", "HEAD~1", "HEAD~1"),
        ("render", "summary", "--at", "HEAD~1"),
    ],
)
def test_the_past_is_there_where_the_folder_is_gone(
    repository: Repositories, run: Run, command: tuple[str, ...]
) -> None:
    home = repository()
    home.adopt()
    home.git("rm", "--quiet", "-r", "register")
    home.commit({"notes.txt": "x"}, "Without it")
    result = run(*command, cwd=home.root)
    assert (result.code, result.err) == (Exit.FINE, "")
    (home.root / "below").mkdir()
    assert run(*command, cwd=home.root / "below").code == Exit.NOTHING
    result = run("list", cwd=home.root)
    assert result.code == Exit.NOTHING
    assert "there is no register/" in result.err
    assert "nothing of the register was committed at HEAD" in run("list", "--at", "HEAD", cwd=home.root).err


# What is written: nothing


def listing(folder: Path) -> list[tuple[str, int, int, int]]:
    found = []
    for path in sorted([folder, *folder.rglob("*")]):
        about = path.lstat()
        found.append((str(path), about.st_mtime_ns, about.st_size, about.st_mode))
    return found


@pytest.mark.parametrize("name", READING)
def test_nothing_is_written(dated: Repository, run: Run, name: str) -> None:
    for path in dated.root.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))  # so that git's index is out of date, and could be written anew
    before = listing(dated.root)
    for at in ("HEAD", "2024-01-31"):
        run(name, *MORE.get(name, ()), "--at", at, cwd=dated.root)
    assert listing(dated.root) == before


def test_a_listing_shows_what_git_would_write(dated: Repository) -> None:
    for path in dated.root.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    before = listing(dated.root)
    dated.git("status")
    assert listing(dated.root) != before
