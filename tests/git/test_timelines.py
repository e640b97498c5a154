"""The past of a register in real repositories: the versions of its recommendations, and their first targets."""

import hashlib
from datetime import date
from pathlib import Path

import pytest
from conftest import ANYTOWN, Run
from pasts import RECORD, SECOND, UPDATE, Past, begun, record, update

from dhrctl.git import timelines
from dhrctl.git.repository import Repo
from dhrctl.model.history import Version
from dhrctl.storage import disk

ONE, TWO = "anytown-dhr-1/01", "anytown-dhr-1/02"
THIRD = SECOND.replace("02", "03")


@pytest.fixture
def anytown_past(tmp_path: Path) -> Past:
    """Return a repository of which the first commit brings in a register."""
    return begun(tmp_path / "register-of-anytown")


def _told(versions: list[Version]) -> list[tuple[str, str]]:
    """Return the day of each version, and its number or what became of it."""
    return [
        (str(version.day), version.record.number if version.record else "removed" if version.readable else "unreadable")
        for version in versions
    ]


def _known(root: Path, path: str = RECORD) -> list[tuple[str, str]]:
    """Return the versions of one file, which must be the same asked alone and with all others."""
    repo = Repo(root)
    alone = timelines.timeline(repo, path)
    identity = next(key for key, versions in timelines.timelines(repo).items() if versions == alone)
    assert identity == path.removeprefix("register/reviews/").replace("/recommendations", "").removesuffix(".yaml")
    return _told(alone)


def test_a_file_has_a_version_for_each_commit_that_changed_it(anytown_past: Past) -> None:
    anytown_past.edit(RECORD, "2024-03", "2024-09")
    name = anytown_past.commit("2024-02-01")
    anytown_past.write({SECOND: record("That a protocol is written.")})
    anytown_past.commit("2024-02-02")
    first, second = timelines.timeline(Repo(anytown_past.root), RECORD)
    assert (first.record and str(first.record.target_date)) == "2024-03"
    assert (second.record and str(second.record.target_date)) == "2024-09"
    assert second.commit == name
    assert second.author == "A. Author <author@anytown.example>"
    assert _known(anytown_past.root) == [("2024-01-01", "01"), ("2024-02-01", "01")]


@pytest.mark.parametrize("edit", [("", ""), ("2024-03", "2024-09"), ("in-progress", "on-hold")])
def test_a_file_is_followed_under_a_new_name(anytown_past: Past, edit: tuple[str, str]) -> None:
    anytown_past.git("mv", RECORD, SECOND)
    anytown_past.edit(SECOND, *edit)
    anytown_past.commit("2024-02-01")
    assert _known(anytown_past.root, SECOND) == [("2024-01-01", "01"), ("2024-02-01", "02")]
    assert set(timelines.timelines(Repo(anytown_past.root))) == {TWO}


def test_a_file_with_another_wording_under_a_new_name_is_followed_where_most_of_it_stayed(anytown_past: Past) -> None:
    anytown_past.git("mv", RECORD, SECOND)
    anytown_past.edit(SECOND, "is reviewed", "is renewed")
    anytown_past.commit("2024-02-01")
    assert _known(anytown_past.root, SECOND) == [("2024-01-01", "01"), ("2024-02-01", "02")]


def test_a_file_that_takes_the_place_of_quite_another_has_no_part_in_its_past(anytown_past: Past) -> None:
    anytown_past.write({RECORD: None, SECOND: record("Another.", "2030", "on-hold").replace("Police", "Council")})
    anytown_past.commit("2024-02-01")
    assert _known(anytown_past.root, SECOND) == [("2024-02-01", "02")]


def test_a_file_is_followed_into_another_review(anytown_past: Past) -> None:
    elsewhere = SECOND.replace("dhr-1", "dhr-2")
    anytown_past.write({SECOND: record("That a protocol is written."), elsewhere: record("That it is read.")})
    anytown_past.commit("2024-01-02")
    moved = elsewhere.replace("02.yaml", "07.yaml")
    anytown_past.git("mv", RECORD, moved)
    anytown_past.edit(moved, "2024-03", "2024-09")
    anytown_past.commit("2024-02-01")
    anytown_past.edit(moved, "2024-09", "2025-03")
    last = anytown_past.commit("2024-03-01")
    expected = [("2024-01-01", "01"), ("2024-02-01", "07"), ("2024-03-01", "07")]
    assert _known(anytown_past.root, moved) == expected
    assert _told(timelines.timeline(Repo(anytown_past.root), moved, last)) == expected
    assert _told(timelines.timeline(Repo(anytown_past.root), elsewhere)) == [("2024-01-02", "02")]


def test_a_review_that_is_given_another_name_keeps_its_past(anytown_past: Past) -> None:
    folder = "register/reviews/anytown-dhr-"
    for old, new in (("1", "one"), ("one", "first")):
        anytown_past.git("mv", folder + old, folder + new)
        anytown_past.commit("2024-02-01")
    moved = RECORD.replace("dhr-1", "dhr-first")
    assert _known(anytown_past.root, moved) == [("2024-01-01", "01"), ("2024-02-01", "01"), ("2024-02-01", "01")]


def test_a_new_file_that_is_like_another_has_no_part_in_its_past(anytown_past: Past) -> None:
    text = (anytown_past.root / RECORD).read_text(encoding="utf-8")
    anytown_past.write({SECOND: text.replace("is reviewed", "is renewed")})
    anytown_past.edit(RECORD, "2024-03", "2024-09")
    anytown_past.commit("2024-02-01")
    assert _known(anytown_past.root, SECOND) == [("2024-02-01", "02")]
    anytown_past.edit(SECOND, "in-progress", "on-hold")
    anytown_past.commit("2024-03-01")
    assert _known(anytown_past.root, SECOND) == [("2024-02-01", "02"), ("2024-03-01", "02")]


def test_numbers_that_all_move_by_one_are_followed_together(anytown_past: Past) -> None:
    anytown_past.write({SECOND: record("That a protocol is written.")})
    anytown_past.commit("2024-01-02")
    anytown_past.git("mv", SECOND, THIRD)
    anytown_past.git("mv", RECORD, SECOND)
    anytown_past.commit("2024-02-01")
    assert _known(anytown_past.root, SECOND) == [("2024-01-01", "01"), ("2024-02-01", "02")]
    assert _known(anytown_past.root, THIRD) == [("2024-01-02", "02"), ("2024-02-01", "03")]
    assert set(timelines.timelines(Repo(anytown_past.root))) == {TWO, "anytown-dhr-1/03"}


def test_bytes_without_a_wording_are_followed_too(tmp_path: Path) -> None:
    bare = {RECORD: record("null")}
    anytown = begun(tmp_path / "anytown", {**ANYTOWN, **bare})
    anytown.git("mv", RECORD, SECOND)
    anytown.commit("2024-02-01")
    assert _known(anytown.root, SECOND) == [("2024-01-01", "01"), ("2024-02-01", "02")]


def test_two_files_with_the_bytes_of_one_that_went_share_no_past(tmp_path: Path) -> None:
    anytown = begun(tmp_path / "anytown", {**ANYTOWN, RECORD: record("null")})
    text = (anytown.root / RECORD).read_text(encoding="utf-8")
    anytown.write({RECORD: None, SECOND: text, THIRD: text})
    anytown.commit("2024-02-01")
    known = timelines.timelines(Repo(anytown.root))
    assert sorted(len(versions) for versions in known.values()) == [1, 2]


def test_a_file_that_takes_the_name_of_another_that_goes(anytown_past: Past) -> None:
    anytown_past.write({SECOND: record("That a protocol is written.")})
    anytown_past.commit("2024-01-02")
    anytown_past.git("mv", "--force", SECOND, RECORD)
    anytown_past.commit("2024-02-01")
    assert _known(anytown_past.root) == [("2024-01-02", "02"), ("2024-02-01", "01")]


def test_a_file_that_is_removed_and_put_back(anytown_past: Past) -> None:
    text = (anytown_past.root / RECORD).read_text(encoding="utf-8")
    anytown_past.write({RECORD: None})
    anytown_past.commit("2024-02-01")
    assert _known(anytown_past.root) == [("2024-01-01", "01"), ("2024-02-01", "removed")]
    anytown_past.write({RECORD: text})
    anytown_past.commit("2024-03-01")
    assert _known(anytown_past.root) == [("2024-01-01", "01"), ("2024-02-01", "removed"), ("2024-03-01", "01")]


@pytest.mark.parametrize("content", ["a: [\n", "", "- one\n", "recommendation: &a One.\n"])
def test_a_version_that_cannot_be_read_is_no_removal(anytown_past: Past, content: str) -> None:
    text = (anytown_past.root / RECORD).read_text(encoding="utf-8")
    anytown_past.write({RECORD: content})
    anytown_past.commit("2024-02-01")
    anytown_past.write({RECORD: text})
    anytown_past.commit("2024-03-01")
    assert _known(anytown_past.root) == [("2024-01-01", "01"), ("2024-02-01", "unreadable"), ("2024-03-01", "01")]


def test_a_link_in_the_place_of_a_file_is_not_read(anytown_past: Past) -> None:
    (anytown_past.root / RECORD).unlink()
    (anytown_past.root / RECORD).symlink_to("02.yaml")
    anytown_past.commit("2024-02-01")
    assert _known(anytown_past.root) == [("2024-01-01", "01"), ("2024-02-01", "unreadable")]


def test_a_submodule_in_the_place_of_a_file_is_not_looked_for(anytown_past: Past) -> None:
    (anytown_past.root / RECORD).unlink()
    anytown_past.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},{RECORD}")
    anytown_past.git("commit", "--quiet", "--message", "A submodule", day="2024-02-01")
    known = timelines.timelines(Repo(anytown_past.root))
    assert _told(known[ONE]) == [("2024-01-01", "01"), ("2024-02-01", "unreadable")]


def test_a_recommendation_that_was_another_kind_of_file_before_begins_where_it_is_one(anytown_past: Past) -> None:
    text = record("That training is reviewed by every officer who answers calls.")
    anytown_past.write({UPDATE: text})
    anytown_past.commit("2024-01-02")
    anytown_past.git("mv", UPDATE, SECOND)
    anytown_past.commit("2024-02-01")
    found = timelines.timeline(Repo(anytown_past.root), SECOND)
    assert [(str(version.day), bool(version.record)) for version in found] == [("2024-02-01", True)]
    assert _told(timelines.timelines(Repo(anytown_past.root))[TWO]) == [("2024-02-01", "02")]


def test_a_merge_counts_on_its_own_day(anytown_past: Past) -> None:
    anytown_past.git("switch", "--quiet", "--create", "branch")
    anytown_past.edit(RECORD, "2024-03", "2024-09")
    anytown_past.commit("2024-02-01")
    anytown_past.git("switch", "--quiet", "main")
    anytown_past.git("merge", "--quiet", "--no-ff", "--message", "Merge", "branch", day="2024-03-01")
    assert _known(anytown_past.root) == [("2024-01-01", "01"), ("2024-03-01", "01")]


def test_two_commits_on_one_day_are_two_versions_in_their_order(anytown_past: Past) -> None:
    for status in ("on-hold", "complete"):
        text = (anytown_past.root / RECORD).read_text(encoding="utf-8")
        anytown_past.write({RECORD: text.rpartition("status")[0] + f"status: {status}\n"})
        anytown_past.commit("2024-02-01")
    found = timelines.timeline(Repo(anytown_past.root), RECORD)
    assert [str(version.record.status) for version in found if version.record] == ["in-progress", "on-hold", "complete"]
    assert [str(version.day) for version in found] == ["2024-01-01", "2024-02-01", "2024-02-01"]


def test_a_day_behind_which_the_next_one_goes_back_counts_as_the_one_before_it(anytown_past: Past) -> None:
    anytown_past.edit(RECORD, "2024-03", "2024-09")
    anytown_past.commit("2024-03-01")
    anytown_past.edit(RECORD, "2024-09", "2025-03")
    anytown_past.commit("2024-02-01")
    assert _known(anytown_past.root) == [("2024-01-01", "01"), ("2024-01-01", "01"), ("2024-02-01", "01")]


def test_a_register_below_the_top_of_its_repository(tmp_path: Path) -> None:
    begun(tmp_path, {f"plans/{name}": content for name, content in ANYTOWN.items()})
    assert _known(tmp_path / "plans") == [("2024-01-01", "01")]


# With the files that are there, only of those that changed


def test_only_what_changed_is_read_where_the_files_are_known(anytown_past: Past) -> None:
    anytown_past.write({SECOND: record("That a protocol is written."), THIRD: record("That a leaflet is printed.")})
    anytown_past.commit("2024-01-02")
    anytown_past.edit(RECORD, "2024-03", "2024-09")
    anytown_past.commit("2024-02-01")
    anytown_past.edit(SECOND, "2024-03", "2024-09")
    files = disk.read_tree(anytown_past.root).contents
    assert set(timelines.timelines(Repo(anytown_past.root), files=files)) == {ONE, TWO}
    assert set(timelines.timelines(Repo(anytown_past.root), files={})) == {ONE}
    assert set(timelines.timelines(Repo(anytown_past.root))) == {ONE, TWO, "anytown-dhr-1/03"}


def test_files_are_told_apart_in_a_repository_of_longer_names_too(tmp_path: Path) -> None:
    root = tmp_path / "anytown"
    root.mkdir()
    Past(root).git("init", "--quiet", "--object-format=sha256", "--initial-branch=main")
    anytown = begun(root)
    assert timelines.timelines(Repo(root), files=disk.read_tree(root).contents) == {}
    anytown.edit(RECORD, "2024-03", "2024-09")
    assert set(timelines.timelines(Repo(root), files=disk.read_tree(root).contents)) == {ONE}


def test_the_name_of_bytes_is_the_one_that_git_gives_them(anytown_past: Past) -> None:
    content = (anytown_past.root / RECORD).read_bytes()
    named = hashlib.sha1(b"blob %d\0%b" % (len(content), content), usedforsecurity=False).hexdigest()
    assert anytown_past.git("hash-object", RECORD) == named


# An id of the past


def test_a_former_id_leads_to_what_became_of_it(anytown_past: Past) -> None:
    anytown_past.git("mv", RECORD, SECOND)
    anytown_past.commit("2024-02-01")
    anytown_past.write({SECOND: None})
    anytown_past.commit("2024-03-01")
    repo = Repo(anytown_past.root)
    told = [("2024-01-01", "01"), ("2024-02-01", "02"), ("2024-03-01", "removed")]
    assert _told(timelines.former_versions(repo, ONE)) == told
    assert _told(timelines.former_versions(repo, TWO)) == told
    assert timelines.former_versions(repo, "anytown-dhr-1/09") == []
    assert timelines.former_versions(repo, "../01") == []
    assert _told(timelines.former_versions(repo, "01")) == told
    assert _told(timelines.former_versions(repo, "dhr-1/2")) == told
    assert timelines.former_versions(repo, "0") == []


# First targets


def test_the_first_target_is_the_one_that_was_committed_first(anytown_past: Past) -> None:
    anytown_past.edit(RECORD, 'target_date: "2024-03"\n', "")
    anytown_past.commit("2024-01-05")
    anytown_past.edit(RECORD, "status", 'target_date: "2024-09"\nstatus')
    anytown_past.commit("2024-02-01")
    found = timelines.FirstTargets(lambda: Repo(anytown_past.root), {})
    assert {key: (str(day), str(target)) for key, (day, target) in found.items()} == {ONE: ("2024-01-01", "2024-03")}
    assert len(found) == 1
    assert timelines.first_targets({ONE: [Version(day=date(2024, 1, 1), commit="", author="", record=None)]}) == {}


def test_without_git_no_first_target_is_known(anytown: Path) -> None:
    assert dict(timelines.FirstTargets(lambda: Repo(anytown), {})) == {}


def _slipped(run: Run, root: Path, *arguments: str) -> bool:
    result = run("list", "is:slipped", "--json", *arguments, cwd=root)
    assert result.code == 0
    return ONE in result.out


@pytest.mark.parametrize(
    ("arguments", "slipped"),
    [
        (("--as-of", "2024-02-15"), True),
        (("--as-of", "2024-01-01"), True),
        (("--as-of", "2023-12-31"), False),
        (("--at", "2024-01-31"), False),
        (("--at", "2024-02-01"), True),
        (("--at", "HEAD~1"), False),
        (("--at", "2024-02-01", "--as-of", "2023-12-31"), False),
    ],
)
def test_slipped_takes_its_first_target_from_git(
    run: Run,
    anytown_past: Past,
    arguments: tuple[str, ...],
    slipped: bool,  # noqa: FBT001
) -> None:
    anytown_past.edit(RECORD, "2024-03", "2024-09")
    anytown_past.commit("2024-02-01")
    assert _slipped(run, anytown_past.root, *arguments) is slipped


def test_what_is_not_committed_yet_slips_too(run: Run, anytown_past: Past) -> None:
    assert not _slipped(run, anytown_past.root, "--as-of", "2024-02-01")
    anytown_past.edit(RECORD, "2024-03", "2024-09")
    assert _slipped(run, anytown_past.root, "--as-of", "2024-02-01")


@pytest.mark.parametrize(("first", "slipped"), [("2023-12-31", True), ("2024-12-31", False)])
def test_an_update_before_the_first_commit_goes_further_back(
    run: Run,
    tmp_path: Path,
    first: str,
    slipped: bool,  # noqa: FBT001
) -> None:
    given = {UPDATE: update("2024-01-15", "Told.", target_date=first)}
    anytown = begun(tmp_path / "anytown", {**ANYTOWN, **given}, day="2024-02-01")
    anytown.edit(RECORD, "2024-03", "2024-09")
    anytown.commit("2024-03-01")
    assert _slipped(run, anytown.root, "--as-of", "2024-03-02") is slipped


# What was written by the rules of another day


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("section: Police", "section: Police\npriority: high", "in-progress"),
        ("section: Police\n", "", "in-progress"),
        ("status: in-progress", "status: ongoing", "unknown"),
        ("status: in-progress\n", "", "unknown"),
        ('target_date: "2024-03"', 'target_date: "2024-02-31"', "in-progress"),
        ('target_date: "2024-03"', "actions:\n  - text: Write.\n    by: noon\n  - 7", "in-progress"),
    ],
)
def test_a_record_of_older_rules_is_shown_with_a_finding(
    run: Run, tmp_path: Path, old: str, new: str, shown: str
) -> None:
    anytown = begun(tmp_path / "anytown", {**ANYTOWN, RECORD: record("That training is reviewed.").replace(old, new)})
    anytown.write({RECORD: record("That training is reviewed.")})
    anytown.commit("2024-02-01")
    then = run("list", "--at", "2024-01-31", "--json", cwd=anytown.root)
    assert then.code == 1
    assert f'"status": "{shown}"' in then.out
    assert RECORD in then.err
    assert "what can be read of it is in the answer" in then.err
    assert run("list", "--at", "2024-02-01", "--json", cwd=anytown.root).code == 0
    anytown.write({RECORD: record("That training is reviewed.").replace(old, new)})
    now = run("list", "--json", cwd=anytown.root)
    assert now.code == 1
    assert '"count": 0' in now.out
    assert "1 file could not be read as a record; the answer is without it" in now.err


def test_an_old_version_by_other_rules_has_its_place_in_the_history(run: Run, tmp_path: Path) -> None:
    older = record("That training is reviewed.").replace("status: in-progress\n", "priority: high\n")
    anytown = begun(tmp_path / "anytown", {**ANYTOWN, RECORD: older})
    anytown.write({RECORD: record("That training is reviewed.")})
    anytown.commit("2024-02-01")
    told = run("history", ONE, "--as-of", "2024-03-01", cwd=anytown.root)
    assert "status unknown → in progress" in told.out
