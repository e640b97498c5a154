"""The command that gives files the canonical form: what it names, what it writes, and what it leaves alone."""

from pathlib import Path

import pytest
from conftest import Repositories, Run, Write

RECORD = "register/reviews/anytown-dhr-1/recommendations/01.yaml"
REVIEW = "register/reviews/anytown-dhr-1/review.yaml"
FORMED = """\
recommendation: That training is reviewed.
section: Police
lead_agencies:
  - anytown-police
target_date: "2024-03"  # agreed
status: in-progress
"""
MANGLED = """\
status: 'in-progress'
target_date: 2024-03 # agreed
section: Police
lead_agencies: [anytown-police]
recommendation: That training is
  reviewed.
"""
UNREADABLE = "title: [Anytown\n"


@pytest.fixture
def mangled(anytown: Path, write: Write) -> Path:
    """Return the small register with one file that does not have the canonical form."""
    write({RECORD: MANGLED})
    return anytown


def test_check_names_each_file_without_the_form_and_writes_nothing(mangled: Path, run: Run) -> None:
    result = run("fmt", "--check", cwd=mangled)
    assert (result.code, result.err) == (1, "")
    assert result.out == f"{RECORD}\n3 files in the canonical form, 1 without it; run: dhrctl fmt\n"
    assert (mangled / RECORD).read_text(encoding="utf-8") == MANGLED


def test_a_file_is_written_once_and_its_commands_say_so(mangled: Path, run: Run) -> None:
    result = run("fmt", cwd=mangled)
    assert (result.code, result.err) == (0, "")
    assert result.out == f"canonical form of anytown-dhr-1/01\nwrote {RECORD}\n"
    assert (mangled / RECORD).read_text(encoding="utf-8") == FORMED
    for arguments in (["fmt"], ["fmt", "--check"], ["fmt", "--dry-run"]):
        again = run(*arguments, cwd=mangled)
        assert (again.code, again.out, again.err) == (0, "4 files in the canonical form.\n", "")


@pytest.mark.parametrize(("further", "code"), [([], 0), (["--check"], 1), (["--commit"], 0)])
def test_dry_run_prints_the_diff_and_wins(mangled: Path, run: Run, further: list[str], code: int) -> None:
    result = run("fmt", "--dry-run", *further, cwd=mangled)
    assert (result.code, result.err) == (code, "")
    assert result.out.startswith(f"--- a/{RECORD}\n+++ b/{RECORD}\n")
    assert '+target_date: "2024-03"  # agreed\n' in result.out
    assert (mangled / RECORD).read_text(encoding="utf-8") == MANGLED


def test_what_cannot_be_formatted_is_told_and_the_others_go_on(mangled: Path, run: Run, write: Write) -> None:
    write({REVIEW: UNREADABLE})
    (mangled / "register/agencies/b.yaml").symlink_to(mangled / RECORD)
    told = [
        "register/agencies/b.yaml:1:1: error symbolic-link: this is a link to another place; put the file itself here",
        f"{REVIEW}:1:8: a bracket [ or {{ was opened and is not closed properly; put the text in quotes if it is not a list",
    ]
    checked = run("fmt", "--check", cwd=mangled)
    assert checked.code == 1
    assert checked.err.splitlines() == told
    assert checked.out == f"{RECORD}\n2 files in the canonical form, 1 without it; run: dhrctl fmt\n"
    result = run("fmt", cwd=mangled)
    assert result.code == 1
    assert result.err.splitlines() == told
    assert (mangled / RECORD).read_text(encoding="utf-8") == FORMED
    assert (mangled / REVIEW).read_text(encoding="utf-8") == UNREADABLE
    assert run("fmt", cwd=mangled).code == 1


@pytest.mark.parametrize(
    ("paths", "code"),
    [
        (["register/agencies"], 0),
        ([RECORD], 1),
        ([str(Path(RECORD).parent)], 1),
        (["register/agencies", RECORD], 1),
        (["."], 1),
    ],
)
def test_only_the_files_and_folders_named_are_looked_at(mangled: Path, run: Run, paths: list[str], code: int) -> None:
    assert run("fmt", "--check", *paths, cwd=mangled).code == code


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("register/notes.txt", (3, "there is no record of the register there; name a file or folder under register/")),
        ("register/nothing", (2, "there is no register/nothing; name a file or folder under register/")),
    ],
)
def test_where_there_is_no_record_nothing_is_green(
    anytown: Path, run: Run, write: Write, path: str, told: tuple[int, str]
) -> None:
    write({"register/notes.txt": "a\n"})
    result = run("fmt", "--check", path, cwd=anytown)
    assert (result.code, result.out, result.err) == (told[0], "", f"dhrctl: {told[1]}\n")


def test_it_commits_the_files_it_wrote(repository: Repositories, run: Run) -> None:
    home = repository()
    home.adopt()
    home.commit({RECORD: MANGLED}, "By hand")
    home.git("config", "user.name", "A. Author")
    home.git("config", "user.email", "author@anytown.example")
    assert run("fmt", "--commit", cwd=home.root).code == 0
    message = home.git("log", "-1", "--format=%B").strip()
    assert message == "canonical form of 1 file\n\n- canonical form of anytown-dhr-1/01"
    assert home.git("status", "--porcelain") == ""


def test_this_register_has_the_canonical_form(run: Run) -> None:
    result = run("fmt", "--check")
    assert (result.code, result.out) == (0, "71 files in the canonical form.\n")
