"""doctor: what is wrong with the set-up is said, what is safe is fixed, and nothing else is touched."""

import json
import os
import re
import stat
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import writing
from conftest import ANYTOWN, ROOT

from dhrctl.app import doctor as setup
from dhrctl.errors import Exit
from dhrctl.model.paths import SETTINGS
from dhrctl.storage import state_dir

if TYPE_CHECKING:
    from conftest import Repositories, Repository, Result, Run

UNSAID = "register/register.yaml does not say"
FIX = "run: dhrctl doctor --fix"
RECORD = "register/reviews/anytown-dhr-1/recommendations/01.yaml"


@pytest.fixture
def home(repository: "Repositories", monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> "Repository":
    """Return a repository with a sound register and all that one may wish for but the merge driver."""
    found = repository()
    found.adopt()
    found.git("config", "user.name", "A. Coordinator")
    found.git("config", "user.email", "coordinator@anytown.example")
    (tmp_path / "names.txt").write_text("Nobody Knows\n\nSomebody Else\n")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    return found


@pytest.fixture
def names(run: "Run", monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Name the file of protected names, which `run` takes away."""
    del run
    monkeypatch.setenv("DHRCTL_PROTECTED_NAMES", str(tmp_path / "names.txt"))


def lines(result: "Result") -> dict[str, tuple[str, str, str]]:
    """Return each part of an answer in JSON: state, what was found, what to do."""
    items = json.loads(result.out)["items"]
    return {item["part"]: (item["state"], item["found"], item["advice"]) for item in items}


def faulty(result: "Result") -> dict[str, str]:
    return {part: state for part, (state, _, _) in lines(result).items() if state != "ok"}


def snapshot(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in root.rglob("*") if stat.S_ISREG(path.lstat().st_mode)}


@pytest.mark.usefixtures("names")
def test_a_good_set_up_is_all_ok(home: "Repository", run: "Run") -> None:
    assert faulty(run("doctor", "--json", cwd=home.root)) == {"merge driver": "warning"}
    fixed = run("doctor", "--fix", "--json", cwd=home.root)
    assert (fixed.code, faulty(fixed)) == (Exit.FINE, {})
    assert fixed.err == "dhrctl: git merges records field by field from now on, in this clone\n"
    again = run("doctor", "--fix", "--json", cwd=home.root)
    assert (again.out, again.err) == (fixed.out, "")
    said = lines(again)
    assert said["register"][1] == f"4 files in {home.root / 'register'}"
    assert said["identity"][1] == "A. Coordinator <coordinator@anytown.example>"
    assert said["protected names"][1] == "2 names"
    assert home.git("status", "--porcelain") == ""


def test_without_fix_nothing_is_written(home: "Repository", run: "Run") -> None:
    writing.put(home.root, {RECORD: b"old\n"})
    state_dir.make_state_folder(home.root)
    state_dir.journal_path(home.root).write_text("{")
    (home.root / "register/.dhrctl-tmp-1").write_text("")
    before = snapshot(home.root)
    assert run("doctor", cwd=home.root).code == Exit.FINDINGS
    assert snapshot(home.root) == before


def test_the_answer_for_people_says_what_to_do(home: "Repository", run: "Run") -> None:
    result = run("doctor", cwd=home.root)
    assert result.out.startswith("The set-up of dhrctl\n\nState ")
    assert "warning  merge driver     git merges records line by line" in result.out
    assert result.out.endswith("\n\n0 errors, 2 warnings.\n")


def test_every_part_and_key_is_documented(home: "Repository", run: "Run") -> None:
    page = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    answer = json.loads(run("doctor", "--json", cwd=home.root).out)
    parts = re.findall(r"^\| `([^`]+)` \|", page.partition("\n## Set-up\n")[2].partition("\n## ")[0], re.MULTILINE)
    keys = re.findall(
        r"^\| `([^`]+)` \|", page.partition("\n### Keys of doctor\n")[2].partition("\n## ")[0], re.MULTILINE
    )
    assert [item["part"] for item in answer["items"]] == parts
    assert list(answer["items"][0]) == keys


# The program


def test_the_packages_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = [line.partition(">")[0] for line in project["dependencies"]]
    assert (*setup._PACKAGES, "ruamel.yaml.clib") == tuple(needed)
    office = [line.partition(">")[0] for line in project["optional-dependencies"]["office"]]
    assert tuple(office) == setup._OFFICE


def test_what_is_not_installed_is_said(home: "Repository", run: "Run", monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(setup, "version_of", nothing)
    monkeypatch.setattr(setup, "find_spec", lambda _: None)
    result = run("doctor", "--json", cwd=home.root)
    assert result.code == Exit.FINDINGS
    said = lines(result)
    assert said["packages"] == ("error", f"without {', '.join(setup._PACKAGES)}", "install dhrctl anew")
    assert said["YAML parser"] == ("warning", "the slow one, in Python", "install ruamel.yaml.clib")
    assert said["office papers"][:2] == ("warning", "without python-docx, XlsxWriter")
    assert said["office papers"][2].endswith('pip install "dhrctl[office]"')


# git


def test_no_git_is_an_error(anytown: Path, run: "Run", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(anytown))
    for options in ((), ("--fix",)):
        result = run("doctor", "--json", *options, cwd=anytown)
        assert (result.code, lines(result)["git"][0]) == (Exit.FINDINGS, "error")
        assert lines(result)["git"][2] == "install git"


@pytest.mark.parametrize(
    ("version", "state"),
    [("2.30.9", "warning"), ("2.31.0", "ok"), ("2.31.rc1", "ok"), ("3.0", "ok"), ("1.9", "warning")],
)
def test_an_old_git_is_a_warning(
    home: "Repository", run: "Run", monkeypatch: pytest.MonkeyPatch, version: str, state: str
) -> None:
    monkeypatch.setattr("dhrctl.git.setup.version", lambda _: version)
    advice = "install git 2.31 or later" if state == "warning" else ""
    assert lines(run("doctor", "--json", cwd=home.root))["git"] == (state, version, advice)


def test_no_repository_is_a_warning_and_stays_one(anytown: Path, run: "Run") -> None:
    for options in ((), ("--fix",)):
        result = run("doctor", "--json", *options, cwd=anytown)
        assert (result.code, result.err) == (Exit.FINE, "")
        state, found, advice = lines(result)["repository"]
        assert (state, advice) == ("warning", "begin one with: git init")
        assert found == "the register is not in a git repository, so it has no history"


def test_a_shallow_clone_is_a_warning(home: "Repository", run: "Run") -> None:
    home.commit({RECORD: ANYTOWN[RECORD].replace("reviewed", "held")}, "Another")
    home.git("clone", "--quiet", "--depth=1", f"file://{home.root}", "../shallow")
    said = lines(run("doctor", "--json", cwd=home.root.parent / "shallow"))
    assert said["repository"] == ("warning", "only the newest commits", "fetch the rest with: git fetch --unshallow")


def test_an_identity_that_git_would_guess_is_none(home: "Repository", run: "Run") -> None:
    home.git("config", "--unset", "user.email")
    state, found, advice = lines(run("doctor", "--json", cwd=home.root))["identity"]
    assert (state, found) == ("warning", "git does not know who you are")
    assert "git config user.email" in advice


# The merge driver


@pytest.mark.parametrize("before", [b"", b"*.txt text\n", b"*.txt text"])
def test_the_merge_driver_is_added_to_what_is_there_once(home: "Repository", run: "Run", before: bytes) -> None:
    path = home.root / ".git/info/attributes"
    path.write_bytes(before)
    for _ in range(2):
        run("doctor", "--fix", cwd=home.root)
        ended = before + b"\n" if before and not before.endswith(b"\n") else before
        assert path.read_bytes() == ended + b"**/register/**/*.yaml merge=dhrctl\n"


def test_attributes_that_are_committed_serve_as_well(home: "Repository", run: "Run") -> None:
    home.write({".gitattributes": "register/** merge=dhrctl\n"})
    run("doctor", "--fix", cwd=home.root)
    assert not (home.root / ".git/info/attributes").exists()
    assert "merge driver" not in faulty(run("doctor", "--json", cwd=home.root))


def test_the_driver_of_another_dhrctl_is_replaced(home: "Repository", run: "Run") -> None:
    run("doctor", "--fix", cwd=home.root)
    home.git("config", "merge.dhrctl.driver", "elsewhere/dhrctl merge-driver %O %A %B %P")
    assert lines(run("doctor", "--json", cwd=home.root))["merge driver"] == ("warning", "that of another dhrctl", FIX)
    run("doctor", "--fix", cwd=home.root)
    assert "merge driver" not in faulty(run("doctor", "--json", cwd=home.root))


@pytest.mark.parametrize("at", ["../worktree", "plans/north"])
def test_a_register_anywhere_in_a_repository_has_the_driver(home: "Repository", run: "Run", at: str) -> None:
    home.adopt(under="plans/north/")
    home.git("worktree", "add", "--quiet", "../worktree")
    run("doctor", "--fix", cwd=home.root / at)
    for path in ("register/register.yaml", f"plans/north/{RECORD}"):
        assert home.git("check-attr", "merge", path) == f"{path}: merge: dhrctl"
    assert home.git("check-attr", "merge", "schema/x.yaml").endswith("unspecified")


@pytest.mark.skipif(sys.platform != "linux", reason="a folder's name is text elsewhere")
def test_a_work_tree_may_lead_to_a_name_that_is_no_text(home: "Repository", run: "Run") -> None:
    home.git("worktree", "add", "--quiet", "../worktree")
    home.root.rename(os.fsdecode(os.fsencode(home.root) + b"\xe9"))
    git = os.fsencode(home.root) + b"\xe9/.git"
    (home.root.parent / "worktree/.git").write_bytes(b"gitdir: " + git + b"/worktrees/worktree\n")
    Path(os.fsdecode(git), "worktrees/worktree/commondir").write_bytes(git + b"\n")
    run("doctor", "--fix", cwd=home.root.parent / "worktree")
    assert b"merge=dhrctl" in Path(os.fsdecode(git), "info/attributes").read_bytes()


def test_git_runs_the_driver_wherever_python_lies(
    home: "Repository", run: "Run", monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    python = tmp_path / "100%A of it's" / "python"
    python.parent.mkdir()
    python.write_text('#!/bin/sh\nprintf "%s|" "$1" "$2" "$3" "$4" "$8" >"$0.said"\necho "merged: yes" >"$6"\n')
    python.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(python))
    run("doctor", "--fix", cwd=home.root)
    home.git("checkout", "--quiet", "-b", "theirs")
    home.commit({RECORD: ANYTOWN[RECORD].replace("reviewed", "held")}, "Theirs")
    home.git("checkout", "--quiet", "main")
    home.commit({RECORD: ANYTOWN[RECORD].replace("reviewed", "given")}, "Ours")
    home.git("merge", "--quiet", "theirs")
    assert python.with_name("python.said").read_text() == f"-P|-m|dhrctl|merge-driver|{RECORD}|"
    assert (home.root / RECORD).read_text() == "merged: yes\n"


def test_settings_that_cannot_be_written_are_told(home: "Repository", run: "Run") -> None:
    (home.root / ".git/config.lock").touch()
    result = run("doctor", "--fix", cwd=home.root)
    assert (result.code, result.out) == (Exit.ENVIRONMENT, "")
    assert "git's settings cannot be written (" in result.err
    assert result.err.endswith("; fix that, and try again\n")


def test_attributes_that_cannot_be_written_are_told(home: "Repository", run: "Run") -> None:
    path = home.root / ".git/info/attributes"
    path.mkdir(parents=True)
    result = run("doctor", "--fix", cwd=home.root)
    written = f"already written: {home.root / '.git/config'}; run it again to have it whole"
    told = f" cannot be written (Is a directory); fix that, and try again; {written}\n"
    assert (result.code, result.err.partition(str(path))[2]) == (Exit.ENVIRONMENT, told)


# The register


@pytest.mark.parametrize("where", ["empty", "nowhere"])
@pytest.mark.parametrize("options", [(), ("--fix",)])
def test_no_register_is_an_error_among_the_others(
    tmp_path: Path, run: "Run", where: str, options: tuple[str, ...]
) -> None:
    (tmp_path / "empty").mkdir()
    result = run("-C", str(tmp_path / where), "doctor", "--json", *options, cwd=tmp_path)
    assert result.code == Exit.FINDINGS
    said = lines(result)
    assert said["register"][0] == "error"
    assert said["register"][1].startswith("there is no ")
    assert "git" in said
    assert "lock" not in said


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        (RECORD, "status: [", ("1 of 4 files not as they should be", "1")),
        (SETTINGS, "title: [", ("1 of 4 files not as they should be", UNSAID)),
        (SETTINGS, "schema_version: 2\ntitle: A\n", ("1 of 4 files not as they should be", UNSAID)),
        (SETTINGS, None, ("3 files in ", UNSAID)),
    ],
)
def test_files_that_cannot_be_read_are_an_error(
    anytown: Path, run: "Run", path: str, text: str | None, said: tuple[str, str]
) -> None:
    writing.put(anytown, {path: text if text is None else text.encode()})
    result = run("doctor", "--json", cwd=anytown)
    assert result.code == Exit.FINDINGS
    assert lines(result)["register"][1].startswith(said[0])
    assert lines(result)["schema version"][1] == said[1]


def test_an_empty_register_is_an_error(tmp_path: Path, run: "Run") -> None:
    (tmp_path / "register").mkdir()
    result = run("doctor", "--json", cwd=tmp_path)
    assert result.code == Exit.FINDINGS
    assert lines(result)["register"] == (
        "error",
        f"no file in {tmp_path / 'register'}",
        "add register/register.yaml and a review",
    )


# Protected names


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"A Name\n", ("ok", "1 name")),
        (b"\n \n", ("warning", "the file has none")),
        (None, ("error", "the file that DHRCTL_PROTECTED_NAMES names cannot be read")),
    ],
)
def test_protected_names_are_counted_and_never_shown(
    home: "Repository", run: "Run", content: bytes | None, expected: tuple[str, str]
) -> None:
    writing.put(home.root.parent, {"names.txt": content})
    result = run("doctor", "--json", cwd=home.root)
    assert lines(result)["protected names"][:2] == expected
    assert "A Name" not in result.out + result.err


def test_protected_names_may_be_none_and_never_lie_inside(
    anytown: Path, run: "Run", monkeypatch: pytest.MonkeyPatch
) -> None:
    state, found, advice = lines(run("doctor", "--json", cwd=anytown))["protected names"]
    assert (state, found) == ("warning", "DHRCTL_PROTECTED_NAMES is not set")
    assert "outside the repository" in advice
    monkeypatch.setenv("DHRCTL_PROTECTED_NAMES", str(anytown / "register/register.yaml"))
    result = run("doctor", "--json", cwd=anytown)
    assert (result.code, lines(result)["protected names"][2]) == (Exit.FINDINGS, "keep it outside")


# What commands have left


def test_what_was_left_is_said_and_mended(anytown: Path, run: "Run") -> None:
    state_dir.make_state_folder(anytown)
    before = (anytown / RECORD).read_bytes()
    step = {"path": RECORD, "before": before.decode(), "after": "status: [\n", "mode": None}
    agency = {**step, "path": "register/agencies/anytown-council.yaml", "before": None, "after": "name: Council\n"}
    state_dir.journal_path(anytown).write_text(json.dumps({"version 1": [step, agency]}))
    (anytown / "register/agencies/.dhrctl-tmp-1-left").write_text("half")
    result = run("doctor", "--json", cwd=anytown)
    assert result.code == Exit.FINDINGS
    assert lines(result)["changes"] == ("error", "one of several files is unfinished", FIX)
    assert lines(result)["temporary files"] == ("warning", "1 temporary file left over", FIX)
    fixed = run("doctor", "--fix", "--json", cwd=anytown)
    assert fixed.err == "dhrctl: completed an unfinished change of 2 files\ndhrctl: took 1 temporary file away\n"
    assert lines(fixed)["changes"][0] == lines(fixed)["temporary files"][0] == "ok"
    assert (anytown / RECORD).read_text() == "status: [\n"


def test_what_was_changed_by_hand_since_is_not_mended(anytown: Path, run: "Run") -> None:
    writing.break_off(anytown, 2)
    writing.put(anytown, {writing.RECORD: b"by hand\n"})
    before = snapshot(anytown / "register")
    result = run("doctor", "--fix", cwd=anytown)
    assert (result.code, result.out) == (Exit.REFUSED, "")
    assert "was changed by hand while a change was unfinished" in result.err
    assert snapshot(anytown / "register") == before


def test_a_command_at_work_is_named_and_left_alone(anytown: Path, run: "Run") -> None:
    code = (
        "import sys; from pathlib import Path; from dhrctl.storage import state_dir, transaction\n"
        "with transaction.lock_register(root := Path(sys.argv[1]), 'dhrctl \\x1b[31mtransfer', print):\n"
        "    state_dir.journal_path(root).write_text(''); print('held', flush=True); sys.stdin.read(); state_dir.journal_path(root).unlink()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(anytown)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        (anytown / "register/.dhrctl-tmp-1").write_text("being written")
        result = run("doctor", cwd=anytown)
        said = lines(run("doctor", "--json", cwd=anytown))
        process.communicate("")
    assert result.code == Exit.FINE
    assert "\x1b" not in result.out
    assert 'held by "dhrctl <U+001B>[31mtransfer" (user ' in result.out
    assert said["lock"][0] == "warning"
    assert said["lock"][2] == "wait until it ends"
    assert said["changes"] == ("warning", "one of several files is unfinished", "wait until it ends")
    assert said["temporary files"][0] == "ok"


def test_a_semicolon_in_a_name_divides_nothing(tmp_path: Path, run: "Run") -> None:
    folder = tmp_path / "one; two"
    folder.mkdir()
    items = json.loads(run("doctor", "--json", cwd=folder).out)["items"]
    (register,) = (item for item in items if item["part"] == "register")
    assert register["found"] == f"there is no register/ in {folder} or above it"
    assert register["advice"] == "go to a folder that holds one, or name it with -C DIR"
