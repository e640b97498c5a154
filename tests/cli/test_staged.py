"""What is staged is checked before it is committed, by a command and by a hook of git."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT
from steps import growth, lines

from dhrctl.errors import Exit
from dhrctl.files.yaml import reader
from dhrctl.findings.finding import MOST
from dhrctl.git.repository import Repo

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Repositories, Repository, Result, Run

ONE = "register/reviews/anytown-dhr-1/recommendations/01.yaml"
GOOD = """\
recommendation: That training is reviewed.
section: Police
lead_agencies:
  - anytown-police
target_date: "2024-03"
status: in-progress
"""
BAD = GOOD.replace("in-progress", "under-way")
NAME = "Placeholder Nameless"
PHONE = "0191/496/0311".replace("/", " ")
NOTE = "dhrctl: nothing under register/ is staged; what is staged was searched for names and identifiers alone\n"


@pytest.fixture
def home(repository: Repositories, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Return a repository with the small register, and a list of protected names beside it."""
    names = tmp_path / "names.txt"
    names.write_text(f"{NAME}\n")
    monkeypatch.setenv("DHRCTL_PROTECTED_NAMES", str(names))
    found = repository()
    found.adopt()
    return found


@pytest.fixture
def check(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that checks what is staged."""

    def checked(*arguments: str, cwd: Path) -> Result:
        monkeypatch.setenv("DHRCTL_PROTECTED_NAMES", str(tmp_path / "names.txt"))
        return run("check", "--staged", "--severity", "error", *arguments, cwd=cwd)

    return checked


def rules(result: Result) -> list[tuple[str, str, int]]:
    assert NAME not in result.out + result.err
    assert PHONE not in result.out + result.err
    return [(each["rule"], each["path"], each["line"]) for each in json.loads(result.out)["findings"]]


# The register as staged


@pytest.mark.parametrize(
    ("staged", "now", "rule"),
    [(GOOD, BAD, []), (BAD, GOOD, ["unknown-word"]), (BAD, BAD, ["unknown-word"]), (GOOD, GOOD, [])],
)
def test_what_is_staged_is_judged_and_not_what_lies_there(
    home: Repository, check: Run, staged: str, now: str, rule: list[str]
) -> None:
    home.write({ONE: f"# staged\n{staged}"})
    home.git("add", ".")
    home.write({ONE: now})
    result = check("--json", cwd=home.root)
    assert [found for found, _, _ in rules(result)] == rule
    assert result.code == (Exit.FINDINGS if rule else Exit.FINE)
    assert result.err == ""


def test_what_is_taken_away_counts(home: Repository, check: Run) -> None:
    home.git("rm", "--quiet", "--cached", "register/agencies/anytown-police.yaml")
    result = check("--json", cwd=home.root)
    assert {rule for rule, _, _ in rules(result)} == {"unknown-agency"}
    assert result.code == Exit.FINDINGS


def test_a_register_that_would_be_gone_is_refused(home: Repository, check: Run) -> None:
    home.git("rm", "--quiet", "--cached", "-r", "register")
    result = check(cwd=home.root)
    assert (result.code, result.out) == (Exit.NOTHING, "")
    assert result.err.endswith("put them back with: git restore --staged register\n")


def test_links_and_submodules_that_are_staged_are_findings(home: Repository, check: Run) -> None:
    (home.root / "register/link.yaml").symlink_to("/etc/passwd")
    home.git("add", ".")
    home.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},register/inner")
    assert {rule for rule, _, _ in rules(check("--json", cwd=home.root))} == {"symbolic-link", "special-file"}


def test_a_file_that_is_only_intended_is_not_staged(home: Repository, check: Run) -> None:
    home.write({ONE.replace("01", "02"): BAD})
    home.git("add", "--intent-to-add", ".")
    result = check(cwd=home.root)
    assert (result.code, result.err) == (Exit.FINE, NOTE)


def test_the_first_commit_is_checked_too(repository: Repositories, home: Repository, check: Run) -> None:
    assert home
    new = repository("new")
    result = check(cwd=home.root.parent / "new")
    assert result.code == Exit.NOTHING
    new.write({"register/register.yaml": "schema_version: 1\ntitle: Anytown\n", ONE: BAD})
    assert check(cwd=new.root).err == NOTE
    new.git("add", ".")
    result = check("--json", cwd=new.root)
    assert "unknown-word" in {rule for rule, _, _ in rules(result)}
    assert result.code == Exit.FINDINGS


def test_conflicts_are_to_be_settled_first(home: Repository, check: Run) -> None:
    home.git("checkout", "--quiet", "-b", "side")
    home.commit({ONE: BAD}, "There")
    home.git("checkout", "--quiet", "main")
    home.commit({ONE: GOOD + "scope: local\n"}, "Here")
    with pytest.raises(AssertionError):
        home.git("merge", "side")
    result = check(cwd=home.root)
    assert result.code == Exit.REFUSED
    assert result.err == "dhrctl: there are files with conflicts here; settle them, and add them with: git add\n"


def test_a_spoilt_index_is_told(home: Repository, check: Run) -> None:
    (home.root / ".git/index").write_bytes(b"spoilt")
    assert check(cwd=home.root).code == Exit.ENVIRONMENT


# Everything else that is staged


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"notes.txt": "Nothing.\n"}, []),
        ({"notes.txt": f"One\nAsk {NAME}\n"}, [("protected-name", "notes.txt", 2)]),
        ({"notes.txt": f"\n\nCall {PHONE}\n"}, [("personal-identifier", "notes.txt", 3)]),
        ({"notes.txt": f"Call {PHONE}".encode("utf-16")}, [("personal-identifier", "notes.txt", 1)]),
        ({"known.txt": f"More\nCall {PHONE}\n"}, []),
        ({"known.txt": None, "moved.txt": f"Call {PHONE}\n"}, []),
        ({"known.txt": f"Call {PHONE}\nand {NAME}\n"}, [("protected-name", "known.txt", 2)]),
        ({"Placeholder_nameless.txt": ""}, [("protected-name", "register/register.yaml", 1)]),
        ({"tests/notes.txt": f"Call {PHONE}, {NAME}\n"}, [("protected-name", "tests/notes.txt", 1)]),
        ({"testsuite.txt": f"Call {PHONE}\n"}, [("personal-identifier", "testsuite.txt", 1)]),
        ({"a.bin": b"\0" + PHONE.encode()}, []),
    ],
)
@pytest.mark.parametrize("touched", [False, True])
def test_other_files_are_searched_for_what_they_add(
    home: Repository,
    check: Run,
    files: dict[str, str | bytes | None],
    expected: list[tuple[str, str, int]],
    *,
    touched: bool,
) -> None:
    home.commit({"known.txt": f"Call {PHONE}\n"}, "Known")
    home.write({**files, **({ONE: f"# touched\n{GOOD}"} if touched else {})})
    home.git("add", ".")
    home.write({name: "otherwise\n" for name, content in files.items() if content is not None})
    result = check("--json", "--fictitious", "tests/", "--fictitious", "./other", cwd=home.root)
    assert rules(result) == expected
    assert result.code == (Exit.FINDINGS if expected else Exit.FINE)
    assert result.err == ("" if touched else NOTE)
    assert rules(check("--json", "--rule", "protected-name", cwd=home.root)) == [
        each for each in expected if each[0] == "protected-name"
    ]


def addresses(home: Repository, many: int) -> None:
    """Stage as many new addresses as are known."""
    old, new = ([f"{word}-{number}@anytown.example\n" for number in range(many)] for word in ("old", "new"))
    home.commit({"addresses.csv": "".join(old)}, "Known")
    home.write({"addresses.csv": "".join([*old, *new])})
    home.git("add", ".")


def test_a_list_of_many_addresses_is_searched_in_steps_that_grow_as_it_does(home: Repository, check: Run) -> None:
    def taken(many: int) -> int:
        addresses(home, many)
        return lines(lambda: check("--json", cwd=home.root))

    assert growth(taken, 300) < 3


def test_a_list_of_many_addresses_is_not_told_at_length(home: Repository, check: Run) -> None:
    addresses(home, 30_000)
    result = check("--json", cwd=home.root)
    found = [line for _, _, line in rules(result)]
    assert found == [1, *range(30_001, 30_001 + MOST)]
    assert "there are 29,800 more of these in this file" in result.out


def test_a_name_and_an_identifier_in_the_register_are_told_once(home: Repository, check: Run) -> None:
    home.write({ONE: f"# {NAME}, {PHONE}\n{GOOD}"})
    home.git("add", ".")
    assert [rule for rule, _, _ in rules(check("--json", cwd=home.root))] == ["protected-name", "personal-identifier"]


def test_where_nothing_is_staged_nothing_is_wrong(home: Repository, check: Run) -> None:
    home.write({ONE: BAD})
    result = check(cwd=home.root)
    assert (result.code, result.err) == (Exit.FINE, NOTE)
    assert result.out.strip() == "0 files checked, only for errors: 0 errors, 0 warnings, 0 notes, 0 waived."


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--since", "HEAD"], "--since and --staged judge different files; leave one of them out"),
        (["--at", "HEAD"], "--at and --staged judge different files; leave one of them out"),
        (["--fictitious", "register"], "--fictitious names a place in register/, where every identifier counts"),
        (["--fictitious", "./register/reviews/"], "--fictitious names a place in register/"),
        (["--fictitious", "."], "--fictitious names a place in register/"),
    ],
)
def test_what_does_not_go_together_is_refused(home: Repository, check: Run, arguments: list[str], words: str) -> None:
    result = check(*arguments, cwd=home.root)
    assert result.code == Exit.REFUSED
    assert words in result.err


# Hooks


def hooked(home: Repository, command: str) -> None:
    """Put a hook in place that runs dhrctl as it is here."""
    hook = home.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(
        f"#!/bin/sh\nexport PYTHONPATH={ROOT}\n{command.replace('dhrctl', f'{sys.executable} -m dhrctl', 1)}\n"
    )
    hook.chmod(hook.stat().st_mode | stat.S_IXUSR)


def committed(home: Repository, *arguments: str) -> tuple[int, str]:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    who = ("-c", "user.name=A", "-c", "user.email=a@anytown.example")
    done = subprocess.run(
        ["git", *who, "commit", "--quiet", "-m", "x", *arguments],
        cwd=home.root,
        env=environment,
        capture_output=True,
        check=False,
    )
    return done.returncode, done.stderr.decode()


HOOK = "exec dhrctl check --staged --severity error --as-of 2024-01-10"


def test_a_commit_is_stopped_by_what_it_would_hold(home: Repository) -> None:
    hooked(home, HOOK)
    home.write({ONE: BAD, "notes.txt": f"{NAME}\n"})
    home.git("add", ONE)
    code, said = committed(home)
    assert (code, "error unknown-word" in said, NAME in said) == (1, True, False)
    home.write({ONE: f"# fixed\n{GOOD}"})
    assert committed(home)[0] == 1, "what is staged is as it was"
    assert committed(home, ONE)[0] == 0, "the index of this commit alone holds what is fixed"
    assert home.git("status", "--porcelain") == "?? notes.txt"
    home.git("add", "notes.txt")
    code, said = committed(home)
    assert (code, "notes.txt" in said, NAME in said) == (1, True, False)


def test_a_commit_of_one_file_is_not_held_up_by_another(home: Repository) -> None:
    hooked(home, HOOK)
    home.write({ONE: BAD, "notes.txt": "Nothing.\n"})
    home.git("add", ".")
    assert committed(home, "notes.txt")[0] == 0
    assert committed(home)[0] == 1


def test_a_hook_in_another_worktree_checks_that(home: Repository) -> None:
    hooked(home, HOOK)
    home.git("worktree", "add", "--quiet", "-b", "side", "../side")
    side = type(home)(home.root.parent / "side")
    side.write({ONE: BAD})
    assert committed(side, "--all")[0] == 1
    home.write({ONE: f"# good\n{GOOD}"})
    assert committed(home, "--all")[0] == 0


def test_what_dhrctl_commits_is_checked_by_the_hook_too(home: Repository) -> None:
    hooked(home, HOOK)
    home.git("config", "user.name", "A")
    home.git("config", "user.email", "a@anytown.example")
    home.write({ONE: f"# good\n{GOOD}", "notes.txt": f"{NAME}\n"})
    home.git("add", "notes.txt")
    assert Repo(home.root).commit_files([ONE], "x") == home.git("rev-parse", "HEAD")


def test_the_hooks_are_documented_and_name_commands_that_exist() -> None:
    hooks = reader.parse((ROOT / ".pre-commit-hooks.yaml").read_bytes())
    page = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    assert [hook["id"] for hook in hooks] == re.findall(r"^\| `(dhrctl-[a-z]+)` \|", page, re.MULTILINE)
    assert [hook["id"] for hook in hooks] == re.findall(r"- id: (dhrctl-[a-z]+)$", page, re.MULTILINE)
    assert all(hook["language"] == "python" and hook["pass_filenames"] is False for hook in hooks)
    for hook in hooks:
        assert hook["entry"].split()[:2] in (["dhrctl", "check"], ["dhrctl", "fmt"])


@pytest.mark.parametrize("hook", ["dhrctl-check", "dhrctl-names"])
def test_a_hook_of_the_list_stops_a_name(home: Repository, hook: str) -> None:
    hooks = reader.parse((ROOT / ".pre-commit-hooks.yaml").read_bytes())
    (entry,) = [each["entry"] for each in hooks if each["id"] == hook]
    hooked(home, entry)
    home.write({"notes.txt": "Nothing.\n"})
    home.git("add", ".")
    assert committed(home)[0] == 0
    home.write({"notes.txt": f"{NAME}\n"})
    home.git("add", ".")
    assert committed(home)[0] == 1
