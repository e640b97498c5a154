"""A wrong clock: one commit with a wrong day changes no other commit's day, and is named."""

import json
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pasts import RECORD, Past, begun

from dhrctl.git import timelines
from dhrctl.git.clock import settle_days
from dhrctl.git.repository import Repo

if TYPE_CHECKING:
    from conftest import Run

ID = "anytown-dhr-1/01"


def days(*numbers: int) -> list[date]:
    return [date(2024, 1, 1) + timedelta(days=number) for number in numbers]


@pytest.mark.parametrize(
    ("given", "settled"),
    [
        ((), ()),
        ((5,), (5,)),
        ((1, 2, 3), (1, 2, 3)),
        ((1, 1, 1), (1, 1, 1)),
        ((1, 900, 2, 3), (1, 1, 2, 3)),
        ((1, 2, -900, 3), (1, 2, 2, 3)),
        ((900, 1, 2), (1, 1, 2)),
        ((-900, 1, 2), (-900, 1, 2)),
        ((1, 2, -900), (1, 2, 2)),
        ((1, 2, 900), (1, 2, 900)),
        ((1, 900, 901, 2, 3, 4), (1, 1, 1, 2, 3, 4)),
        ((1, 900, 2, -900, 3), (1, 1, 2, 2, 3)),
        ((900, 901, 1, 2, 3), (1, 1, 1, 2, 3)),
        ((9, 5), (5, 5)),
        ((1, 9, 5), (1, 1, 5)),
    ],
)
def test_a_day_that_goes_back_counts_as_the_one_before_it(given: tuple[int, ...], settled: tuple[int, ...]) -> None:
    assert settle_days(days(*given)) == days(*settled)


@given(st.lists(st.integers(0, 12), max_size=9))
def test_the_longest_run_that_never_goes_back_is_kept(numbers: list[int]) -> None:
    settled = settle_days(days(*numbers))
    assert settled == sorted(settled)
    kept = sum(day == was for day, was in zip(settled, days(*numbers), strict=True))
    runs = (run for size in range(len(numbers) + 1) for run in combinations(numbers, size) if [*run] == sorted(run))
    assert kept >= max(map(len, runs))
    assert settle_days(settled) == settled


@given(st.lists(st.integers(0, 99), min_size=1, max_size=12), st.integers(-9999, 9999), st.data())
def test_one_wrong_clock_changes_no_other_day(numbers: list[int], wrong: int, data: st.DataObject) -> None:
    right = days(*sorted(set(numbers)))
    place = data.draw(st.integers(1, len(right)))
    given = [*right[:place], *days(wrong), *right[place:]]
    settled = settle_days(given)
    others = [[*given[:at], *given[at + 1 :]] for at in range(len(given)) if at != place]
    if not any(rest == sorted(rest) for rest in others):  # or nobody can tell whose clock was wrong
        assert [*settled[:place], *settled[place + 1 :]] == right


def tangled(root: Path, wrong: str) -> tuple[Past, str]:
    """Return a register of which one commit, in the middle, is made with a wrong clock."""
    past = begun(root)
    past.edit(RECORD, "2024-03", "2024-04")
    past.commit("2024-02-01")
    past.edit(RECORD, "2024-04", "2024-06")
    name = past.commit(wrong)
    past.write({"notes.txt": "Not of the register.\n"})
    past.commit("2024-02-20")
    past.edit(RECORD, "2024-06", "2024-09")
    past.commit("2024-03-01")
    return past, name


WRONG = pytest.mark.parametrize("wrong", ["2031-01-01", "1999-01-01"], ids=["late", "early"])


@WRONG
@pytest.mark.parametrize("where", ["/", "/middle"])
def test_the_days_of_versions_are_those_of_a_right_clock(tmp_path: Path, wrong: str, where: str) -> None:
    past, _ = tangled(tmp_path / where[1:], wrong)
    expected = ["2024-01-01", "2024-02-01", "2024-02-01", "2024-03-01"]
    assert [str(version.day) for version in timelines.timeline(Repo(past.root), RECORD)] == expected
    (versions,) = timelines.timelines(Repo(past.root)).values()
    assert [str(version.day) for version in versions] == expected
    repo = Repo(past.root)
    repo.prefetch_folder(RECORD.rpartition("/")[0])
    assert [str(version.day) for version in timelines.timeline(repo, RECORD)] == expected


@WRONG
@pytest.mark.parametrize("identity", [ID, "1"])
def test_history_tells_the_days_of_a_right_clock(tmp_path: Path, run: "Run", wrong: str, identity: str) -> None:
    past, _ = tangled(tmp_path, wrong)
    items = json.loads(run("history", identity, "--json", cwd=past.root).out)["items"]
    found = list(dict.fromkeys(item["day"] for item in items))
    assert found == ["2024-01-01", "2024-02-01", "2024-03-01"]


@WRONG
@pytest.mark.parametrize(
    "case",
    [
        ("2024-01-31", "2024-03", "2024-01-31"),
        ("2024-02-01", "2024-06", "2024-02-01"),
        ("2024-02-29", "2024-06", "2024-02-29"),
        ("2024-03-01", "2024-09", "2024-03-01"),
        ("HEAD~3", "2024-04", "2024-02-01"),
        ("HEAD~2", "2024-06", "2024-02-01"),
        ("HEAD~1", "2024-06", "2024-02-20"),
        ("HEAD", "2024-09", "2024-03-01"),
    ],
)
def test_a_register_is_read_and_judged_on_the_day_that_a_commit_counts_as(
    tmp_path: Path, run: "Run", wrong: str, case: tuple[str, str, str]
) -> None:
    at, *expected = case
    past, _ = tangled(tmp_path, wrong)
    answer = json.loads(run("list", "--at", at, "--json", cwd=past.root).out)
    assert [answer["items"][0]["target_date"], answer["as_of"]] == expected


@WRONG
@pytest.mark.parametrize(
    "case",
    [
        ("2024-02-01", "2024-03-01", "2024-06", "2024-09"),
        ("2024-01-01", "HEAD~2", "2024-03", "2024-06"),
        ("HEAD~2", "HEAD", "2024-06", "2024-09"),
        ("HEAD~3", "HEAD~2", "2024-04", "2024-06"),
    ],
)
def test_diff_takes_no_day_for_another(tmp_path: Path, run: "Run", wrong: str, case: tuple[str, str, str, str]) -> None:
    old, new, *targets = case
    past, _ = tangled(tmp_path, wrong)
    result = run("diff", old, new, cwd=past.root)
    assert (result.code, result.err) == (0, "")
    assert all(target in result.out for target in targets)


@WRONG
def test_the_commit_is_named(tmp_path: Path, run: "Run", wrong: str) -> None:
    past, name = tangled(tmp_path, wrong)
    said = {item["part"]: item for item in json.loads(run("doctor", "--json", cwd=past.root).out)["items"]}
    assert said["clock"]["state"] == "warning"
    assert f"{name[:8]} of {wrong} counts as one of 2024-02-01" in said["clock"]["found"]
    result = run("check", "--since", "HEAD~3", "--rule", "clock-went-back", "--json", cwd=past.root)
    (finding,) = json.loads(result.out)["findings"]
    assert (result.code, finding["severity"]) == (0, "warning")
    assert finding["message"].startswith(
        f"commit {name[:8]} says that it is of {wrong}, and counts as one of 2024-02-01; set the clock right"
    )
    later = run("check", "--since", "HEAD~1", "--rule", "clock-went-back", "--json", cwd=past.root)
    assert json.loads(later.out)["findings"] == []


def test_a_commit_of_a_branch_that_was_merged_is_named(tmp_path: Path, run: "Run") -> None:
    past = begun(tmp_path)
    past.git("switch", "--quiet", "--create", "side")
    names = []
    for day in ("2024-02-01", "2031-01-01", "2024-02-03"):
        past.write({"notes.txt": f"{day}\n"})
        names.append(past.commit(day))
    past.git("switch", "--quiet", "main")
    past.git("merge", "--quiet", "--no-ff", "--message", "Merge", "side", day="2024-03-01")
    result = run("check", "--since", "HEAD^", "--rule", "clock-went-back", "--json", cwd=past.root)
    assert [finding["message"].split()[1] for finding in json.loads(result.out)["findings"]] == [names[1][:8]]


def test_where_no_day_goes_back_nothing_is_named(tmp_path: Path, run: "Run") -> None:
    past = begun(tmp_path)
    said = {item["part"]: item for item in json.loads(run("doctor", "--json", cwd=past.root).out)["items"]}
    assert (said["clock"]["state"], said["clock"]["found"]) == ("ok", "no commit's day goes back")


def test_many_are_counted(tmp_path: Path, run: "Run") -> None:
    past = begun(tmp_path)
    for number in range(12):
        past.commit("2024-02-01" if number > 4 else f"203{9 - number}-01-01")
    said = {item["part"]: item for item in json.loads(run("doctor", "--json", cwd=past.root).out)["items"]}
    assert said["clock"]["found"].startswith("5 commits with a wrong day: ")
    assert said["clock"]["found"].endswith(", and 2 more")


def test_where_nothing_is_committed_no_clock_is_wrong(tmp_path: Path, run: "Run") -> None:
    Past(tmp_path).git("init", "--quiet")
    said = {item["part"]: item for item in json.loads(run("doctor", "--json", cwd=tmp_path).out)["items"]}
    assert said["clock"]["state"] == "ok"
    assert Repo(tmp_path).list_clock_slips() == ()
