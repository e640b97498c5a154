"""Clones that lack something: shallow, partial and sparse ones say what, and how to have it, and never answer wrongly."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pasts import RECORD, Past, begun, record

from dhrctl.app.session import RepoFinder

if TYPE_CHECKING:
    from conftest import Run

UNSHALLOW = "git fetch --unshallow"
REFETCH = "git fetch --refetch --no-filter"
WHOLE = "git sparse-checkout disable"
OTHER = "register/reviews/newtown-dhr-2/recommendations/01.yaml"
REVIEW = "title: Newtown DHR 2\nkind: dhr\npartnership: anytown-police\nsections:\n  - Police\n"


@pytest.fixture
def past(tmp_path: Path) -> Past:
    """Return a register of two reviews, of which one recommendation was re-dated twice."""
    made = begun(tmp_path / "whole")
    made.write(
        {OTHER: record("That leaflets are printed."), f"{OTHER.rpartition('/recommendations')[0]}/review.yaml": REVIEW}
    )
    made.commit("2024-02-01")
    for old, new in (("2024-03", "2024-06"), ("2024-06", "2024-09")):
        made.edit(RECORD, old, new)
        made.commit(f"{old}-15")
    made.git("config", "uploadpack.allowFilter", "true")
    made.git("config", "uploadpack.allowAnySHA1InWant", "true")
    return made


def cloned(past: Past, *options: str) -> Path:
    past.git("clone", "--quiet", *options, past.root.as_uri(), "../clone")
    return past.root.parent / "clone"


FLAGS = (("list",), ("list", "is:slipped"), ("status",), ("overdue",), ("show", "anytown-dhr-1/01"))
PAST = (("history", "anytown-dhr-1/01"), ("history", "dhr-1/1"), ("slippage",), ("burndown", "--as-of", "2024-12-01"))
DIFF = (("diff", "HEAD~1"), ("diff", "HEAD~1", "HEAD"))
PAPERS = (
    ("render", "summary"),
    ("render", "recommendation", "anytown-dhr-1/01"),
    ("digest",),
    *(("export", form, "--out", "-") for form in ("csv", "json", "ics", "atom")),
)


@pytest.mark.parametrize("command", [*FLAGS, *PAST], ids=" ".join)
def test_a_shallow_clone_says_once_what_it_lacks_and_in_json(past: Past, run: "Run", command: tuple[str, ...]) -> None:
    clone = cloned(past, "--depth=2")
    result = run(*command, "--json", cwd=clone)
    assert result.code == 0
    assert result.err.count(UNSHALLOW) == 1
    assert json.loads(result.out)["history"] == "partial"
    plain = run(*command, "--format", "md", cwd=clone)
    assert plain.err.count(UNSHALLOW) == (0 if command == ("overdue",) else 1)  # which shows no flags to people
    past.git("-C", str(clone), "fetch", "--quiet", "--unshallow")
    mended = run(*command, "--json", cwd=clone)
    assert (mended.code, mended.err) == (0, "")
    assert "history" not in json.loads(mended.out)
    assert mended.out == run(*command, "--json", cwd=past.root).out


@pytest.mark.parametrize("command", [*PAPERS, ("site", "--out", "../pages")], ids=" ".join)
def test_papers_and_files_of_a_shallow_clone_say_so_on_standard_error(
    past: Past, run: "Run", command: tuple[str, ...]
) -> None:
    result = run(*command, cwd=cloned(past, "--depth=2"))
    assert (result.code, result.err.count(UNSHALLOW)) == (0, 1)
    if "json" in command:
        assert json.loads(result.out)["history"] == "partial"
    assert UNSHALLOW not in run(*command, cwd=past.root).err


def test_what_asks_for_no_past_says_nothing_of_it(past: Past, run: "Run") -> None:
    clone = cloned(past, "--depth=1")
    for command in (("check",), ("explain", "stale"), ("doctor",)):
        assert UNSHALLOW not in run(*command, cwd=clone).err


@pytest.mark.parametrize("filtering", ["blob:none", "tree:0"])
@pytest.mark.parametrize("command", FLAGS, ids=" ".join)
def test_a_clone_without_old_objects_says_so_and_answers_with_the_rest(
    past: Past, run: "Run", command: tuple[str, ...], filtering: str
) -> None:
    clone = cloned(past, f"--filter={filtering}")
    result = run(*command, "--json", cwd=clone)
    assert result.code == 0
    assert result.err.count(REFETCH) == 1
    assert json.loads(result.out)["history"] == "partial"
    past.git("-C", str(clone), "fetch", "--quiet", "--refetch", "--no-filter")
    mended = run(*command, "--json", cwd=clone)
    assert (mended.code, mended.err, mended.out) == (0, "", run(*command, "--json", cwd=past.root).out)


@pytest.mark.parametrize("filtering", ["blob:none", "tree:0"])
@pytest.mark.parametrize("command", [*PAST, *DIFF], ids=" ".join)
def test_a_question_to_a_past_that_is_not_there_is_refused(
    past: Past, run: "Run", command: tuple[str, ...], filtering: str
) -> None:
    clone = cloned(past, f"--filter={filtering}")
    result = run(*command, cwd=clone)
    assert (result.code, result.out) == (4, "")
    assert result.err.count(REFETCH) == 1
    past.git("-C", str(clone), "fetch", "--quiet", "--refetch", "--no-filter")
    assert run(*command, cwd=clone).code == 0


@pytest.mark.parametrize("filtering", ["blob:none", "tree:0"])
@pytest.mark.parametrize("command", PAPERS, ids=" ".join)
def test_papers_and_files_of_a_partial_clone_say_so(
    past: Past, run: "Run", command: tuple[str, ...], filtering: str
) -> None:
    result = run(*command, cwd=cloned(past, f"--filter={filtering}"))
    assert (result.code, result.err.count(REFETCH)) == (0, 1)


@pytest.mark.parametrize("command", [*FLAGS, *PAST, *DIFF], ids=" ".join)
def test_a_filter_that_left_nothing_out_is_no_matter(past: Past, run: "Run", command: tuple[str, ...]) -> None:
    clone = cloned(past, "--filter=blob:limit=1m")
    result = run(*command, "--json", cwd=clone)
    assert (result.code, result.err, result.out) == (0, "", run(*command, "--json", cwd=past.root).out)


SPARSE = (
    *FLAGS[:4],
    ("diff", "HEAD~1"),
    ("check",),
    ("check", "--since", "HEAD~1"),
    ("slippage",),
    ("render", "summary"),
    ("export", "csv", "--out", "-"),
    ("digest",),
    ("set", "anytown-dhr-1/1", "level=single-agency"),
)


@pytest.mark.parametrize("command", SPARSE, ids=" ".join)
@pytest.mark.parametrize("cone", ["--cone", "--no-cone"])
def test_what_a_sparse_checkout_left_out_was_not_taken_away(
    past: Past, run: "Run", command: tuple[str, ...], cone: str
) -> None:
    settings = ("register/register.yaml",) if cone == "--no-cone" else ()
    past.git("sparse-checkout", "set", cone, "register/agencies", "register/reviews/anytown-dhr-1", *settings)
    assert not (past.root / OTHER).exists()
    result = run(*command, cwd=past.root)
    assert (result.code, result.out) == (4, "")
    assert OTHER in result.err
    assert result.err.count(WHOLE) == 1
    past.git("sparse-checkout", "disable")
    assert WHOLE not in run(*command, cwd=past.root).err


@pytest.mark.parametrize(
    "command",
    [("list", "--at", "HEAD"), ("diff", "HEAD~1", "HEAD"), ("history", "anytown-dhr-1/01"), ("doctor",)],
    ids=" ".join,
)
def test_what_is_read_from_git_or_of_one_review_alone_is_answered(
    past: Past, run: "Run", command: tuple[str, ...]
) -> None:
    whole = run(*command, cwd=past.root)
    past.git("sparse-checkout", "set", "register/agencies", "register/reviews/anytown-dhr-1")
    result = run(*command, cwd=past.root)
    assert (result.code, result.err) == (0, "")
    assert command == ("doctor",) or result.out == whole.out


def test_a_file_that_was_taken_away_by_hand_is_taken_away(past: Past, run: "Run") -> None:
    past.git("sparse-checkout", "set", "register")
    (past.root / OTHER).unlink()
    result = run("diff", "HEAD", "--json", cwd=past.root)
    assert (result.code, result.err) == (0, "")
    assert json.loads(result.out)["counts"]["removed"] == 1


def test_many_that_were_left_out_are_counted(past: Past, run: "Run") -> None:
    past.write(
        {OTHER.replace("01.yaml", f"{number:02}.yaml"): record(f"That {number} is done.") for number in range(2, 9)}
    )
    past.commit("2024-10-01")
    past.git("sparse-checkout", "set", "register/agencies", "register/reviews/anytown-dhr-1")
    assert "left 9 files of the register out" in run("list", cwd=past.root).err
    assert " and 6 more)" in run("list", cwd=past.root).err


def test_a_linked_worktree_has_a_checkout_of_its_own(past: Past, run: "Run") -> None:
    past.git("worktree", "add", "--quiet", "../linked")
    linked = past.root.parent / "linked"
    past.git("-C", str(linked), "sparse-checkout", "set", "register/agencies", "register/reviews/anytown-dhr-1")
    assert run("list", cwd=linked).code == 4
    assert run("list", cwd=past.root).code == 0


def test_a_repository_is_looked_for_once(past: Past) -> None:
    find = RepoFinder(past.root)
    assert find.found is None
    assert find() is find() is find.found


def test_a_git_that_cannot_say_what_was_left_out_is_told_of(anytown: Path, run: "Run") -> None:
    sparse = anytown / ".git/info/sparse-checkout"
    sparse.parent.mkdir(parents=True)
    sparse.write_text("/*\n", encoding="utf-8")
    result = run("list", cwd=anytown)
    assert (result.code, result.out) == (4, "")
    assert "the register is not in a git repository" in result.err
