"""The commands that ask git: history, diff, slippage, burndown, on one register with a past."""

import csv
import io
import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import ANYTOWN
from git.cmd import Git
from pasts import RECORD, SECOND, UPDATE, Past, begun, record, update

from dhrctl.model.dates import day, period_ends

if TYPE_CHECKING:
    from conftest import Result, Run

ONE, TWO, MOVED, THREE = (f"anytown-dhr-1/{number}" for number in ("01", "02", "02a", "03"))
MOVED_PATH = SECOND.replace("02", "02a")
THIRD = SECOND.replace("02", "03")
HEALTH = {
    "register/agencies/anytown-ccg.yaml": (
        'name: Anytown CCG\nkind: health\nended: "2024-07-01"\n'
        'successors:\n  - agency: anytown-icb\n    from: "2024-07-01"\n'
    ),
    "register/agencies/anytown-icb.yaml": "name: Anytown ICB\nkind: health\n",
    THIRD: record("That practices are told whom to ring.", "2024-09", "not-started", "anytown-ccg"),
}
PROTOCOL = {SECOND: record("That a protocol is written.", "2024-06", "not-started")}


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Past:
    """Return a register that was begun in January 2024, and what became of it until November; it is not changed."""
    anytown = begun(tmp_path_factory.mktemp("past"), {**ANYTOWN, **PROTOCOL, **HEALTH})
    anytown.write({UPDATE: update("2024-03-20", "Told.", target_date="2024-09", reason="The trainer left.")})
    anytown.edit(RECORD, "2024-03", "2024-09")
    anytown.commit("2024-03-21")
    anytown.git("mv", SECOND, MOVED_PATH)
    anytown.commit("2024-04-02")
    anytown.edit(RECORD, "in-progress", "complete")
    anytown.edit(RECORD, "is reviewed", "is renewed")
    anytown.commit("2024-10-02")
    anytown.edit(RECORD, "complete", "in-progress")
    anytown.edit(RECORD, '"2024-09"', '"2025-03-31"')
    anytown.commit("2024-11-02")
    return anytown


@pytest.fixture
def own(past: Past, tmp_path: Path) -> Past:
    """Return a copy of that register, to be changed."""
    shutil.copytree(past.root, tmp_path / "own")
    return Past(tmp_path / "own")


def _json(result: "Result") -> Any:
    assert result.code == 0, result.err
    return json.loads(result.out)


# history


def test_history_tells_every_change_oldest_first(run: "Run", past: Past) -> None:
    found = _json(run("history", ONE, "--json", "--as-of", "2024-12-01", cwd=past.root))
    items = found["items"]
    assert [set(item) for item in items] == [{"day", "commit", "field", "from", "to", "update"}] * 6
    assert [(each["day"], each["field"], each["from"], each["to"]) for each in items] == [
        ("2024-01-01", None, None, ONE),
        ("2024-03-21", "target_date", "2024-03", "2024-09"),
        ("2024-10-02", "recommendation", "That training is reviewed.", "That training is renewed."),
        ("2024-10-02", "status", "in-progress", "complete"),
        ("2024-11-02", "status", "complete", "in-progress"),
        ("2024-11-02", "target_date", "2024-09", "2025-03-31"),
    ]
    assert [each["update"] for each in items] == [None, UPDATE, None, None, None, None]
    assert found["count"] == 6
    assert found["commit"] is None
    assert items[1]["commit"] == past.git("rev-parse", "HEAD~3")
    assert [(each["status"], each["since"], each["until"], each["days"]) for each in found["statuses"]] == [
        ("in-progress", "2024-01-01", "2024-10-02", 275),
        ("complete", "2024-10-02", "2024-11-02", 31),
        ("in-progress", "2024-11-02", "2024-12-01", 29),
    ]


def test_history_says_what_changed_in_words(run: "Run", past: Past) -> None:
    told = run("history", ONE, "--as-of", "2024-12-01", cwd=past.root).out
    assert "target date 2024-03 → 2024-09 (6 months later): The trainer left." in told
    assert "target date 2024-09 → 2025-03-31 (182 days later)" in told
    assert "status in progress → complete" in told
    assert "wording changed" in told
    assert "A. Author" not in told


ADDRESS = re.compile(r"author\W+anytown")


def test_history_says_the_reason_of_an_update_that_changed_no_field_of_its_own(run: "Run", own: Past) -> None:
    corrected = UPDATE.replace("2024-03-20", "2024-11-09")
    own.edit(RECORD, "is renewed", "is held")
    own.write({corrected: update("2024-11-09", "Corrected.", reason="The report was reprinted.")})
    own.commit("2024-11-10")
    told = run("history", ONE, "--as-of", "2024-12-01", cwd=own.root).out
    assert "update by Anytown Police: Corrected. Reason: The report was reprinted." in " ".join(told.split())


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv", "md", "html"])
def test_authors_are_named_only_where_they_are_asked_for(run: "Run", past: Past, form: str) -> None:
    plain = run("history", ONE, "--format", form, cwd=past.root)
    named = run("history", ONE, "--format", form, "--authors", cwd=past.root)
    assert plain.code == named.code == 0
    assert "A. Author" not in plain.out
    assert not ADDRESS.search(plain.out)
    assert "A. Author" in named.out
    assert ADDRESS.search(named.out)


@pytest.mark.parametrize("identity", [MOVED, TWO, "dhr-1/02a", "dhr-1/2"])
def test_history_follows_a_renumbered_recommendation_from_either_id(run: "Run", past: Past, identity: str) -> None:
    found = run("history", identity, "--as-of", "2024-12-01", cwd=past.root)
    assert found.code == 0
    assert found.out.startswith(f"{MOVED}: history until 1 December 2024\n")
    assert f"renumbered {TWO} → {MOVED}" in found.out


@pytest.mark.parametrize(
    ("arguments", "days"),
    [
        (("--as-of", "2023-12-31"), []),
        (("--as-of", "2024-03-20"), ["2024-01-01", "2024-03-20"]),
        (("--at", "2024-02-01"), ["2024-01-01"]),
        (("--at", "2024-03-31", "--as-of", "2024-01-15"), ["2024-01-01"]),
        (("--at", "HEAD~3"), ["2024-01-01", "2024-03-21"]),
    ],
)
def test_history_until_a_day_or_a_commit(run: "Run", past: Past, arguments: tuple[str, ...], days: list[str]) -> None:
    found = _json(run("history", ONE, "--json", *arguments, cwd=past.root))
    assert [each["day"] for each in found["items"]] == days
    assert bool(found["commit"]) == ("--at" in arguments)


def test_history_of_a_day_before_it_began(run: "Run", past: Past) -> None:
    assert "Nothing is known of it by that day." in run("history", ONE, "--as-of", "2023-12-31", cwd=past.root).out


def test_history_of_what_is_in_the_work_tree_alone(run: "Run", own: Past) -> None:
    own.write({SECOND.replace("02", "09"): record("That a leaflet is printed.")})
    own.edit(RECORD, "in-progress", "on-hold")
    assert "Nothing of it is committed yet." in run("history", "anytown-dhr-1/09", cwd=own.root).out
    assert "Not committed yet: status." in run("history", ONE, cwd=own.root).out
    assert "Not committed" not in run("history", ONE, "--at", "HEAD", cwd=own.root).out


def test_history_of_a_recommendation_that_was_removed_and_put_back(run: "Run", own: Past) -> None:
    text = (own.root / RECORD).read_text(encoding="utf-8")
    own.write({RECORD: None, UPDATE: None})
    own.commit("2024-11-10")
    gone = run("history", ONE, "--as-of", "2024-12-01", cwd=own.root)
    assert gone.code == 0
    assert run("history", "dhr-1/1", "--as-of", "2024-12-01", cwd=own.root).out == gone.out
    assert "removed" in gone.out
    assert "That training is renewed." in gone.out
    own.write({RECORD: text.replace("in-progress", "on-hold")})
    own.commit("2024-11-20")
    back = run("history", ONE, "--as-of", "2024-12-01", cwd=own.root).out
    assert back.index("removed") < back.index("put back") < back.index("status in progress → on hold")
    assert "2024-11-02  2024-11-10     8" in back


def test_history_says_where_a_version_cannot_be_read(run: "Run", own: Past) -> None:
    text = (own.root / RECORD).read_text(encoding="utf-8")
    own.write({RECORD: "a: ["})
    own.commit("2024-11-10")
    own.write({RECORD: text})
    own.commit("2024-11-20")
    told = run("history", ONE, "--as-of", "2024-12-01", cwd=own.root).out
    assert "left in a state that cannot be read" in told
    assert "removed" not in told
    assert "put back" not in told


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"2025-03-31"', '"2025-03-30"', "target date 2025-03-31 → 2025-03-30 (1 day earlier)"),
        ('"2025-03-31"', '"2025-03"', "target date 2025-03-31 → 2025-03\n"),
        ('target_date: "2025-03-31"\n', "", "target date 2025-03-31 → none\n"),
        ("section: Police", "section: Multi-agency work", "section Police → Multi-agency work\n"),
        ("  - anytown-police", "  - anytown-icb", "lead agencies Anytown Police → Anytown ICB\n"),
        ("section:", "supporting_agencies:\n  - anytown-icb\nsection:", "supporting agencies none → Anytown ICB\n"),
        ("section:", "superseded_by:\n  - anytown-dhr-1/03\nsection:", "superseded by none → anytown-dhr-1/03\n"),
        ("section:", "level: multi-agency\nsection:", "level none → multi agency\n"),
        ("section:", "assurance: declared\nsection:", "assurance none → declared\n"),
        ("section:", "as_stated:\n  No: '1'\nsection:", "as stated given\n"),
        ("section:", "actions:\n  - text: Write.\n  - text: Read.\nsection:", "actions: 2 added\n"),
        ("recommendation: That training is renewed.", "recommendation:", "wording taken out\n"),
    ],
)
def test_each_field_is_said_in_its_own_way(run: "Run", own: Past, old: str, new: str, said: str) -> None:
    own.edit(RECORD, old, new)
    own.commit("2024-11-10")
    assert said in run("history", ONE, "--as-of", "2024-12-01", cwd=own.root).out


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2024", "2026", "target date 2024 → 2026 (2 years later)"),
        ("2024/2025", "2024/2026", "target date 2024/2025 → 2024/2026 (365 days later)"),
        ("2024-09", "2024-08", "target date 2024-09 → 2024-08 (1 month earlier)"),
    ],
)
def test_dates_move_by_what_they_are_given_in(run: "Run", tmp_path: Path, old: str, new: str, said: str) -> None:
    own = begun(tmp_path / "own", {**ANYTOWN, RECORD: record("That training is reviewed.", old)})
    own.edit(RECORD, old, new)
    own.commit("2024-02-01")
    assert said in run("history", ONE, "--as-of", "2024-12-01", cwd=own.root).out


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (["One.", "Two."], ["One.", "Three."], "outcomes: 1 changed"),
        (["One.", "Two."], ["Two."], "outcomes: 1 taken out"),
        (["One.", "Two."], ["Three.", "Four.", "Five."], "outcomes: 2 changed, 1 added"),
        (["One.", "Two."], ["Two.", "One."], "outcomes: put in another order"),
    ],
)
def test_lists_are_counted(run: "Run", tmp_path: Path, old: list[str], new: list[str], said: str) -> None:
    text = record("That training is reviewed.")
    lists = [f"{text}outcomes:\n" + "".join(f"  - {each}\n" for each in outcomes) for outcomes in (old, new)]
    own = begun(tmp_path / "own", {**ANYTOWN, RECORD: lists[0]})
    own.write({RECORD: lists[1]})
    own.commit("2024-02-01")
    assert said in run("history", ONE, "--as-of", "2024-12-01", cwd=own.root).out


@pytest.mark.parametrize("command", ["history", "diff"])
def test_text_in_data_does_nothing_to_a_terminal_or_a_page(run: "Run", own: Past, command: str) -> None:
    own.edit(RECORD, "That training is renewed.", '"Do [bold]this\\e[31m now <b>loud</b>."')
    own.edit(RECORD, "section: Police", 'section: "<script>\\u202E::error::"')
    own.git("add", "--all")
    own.git("-c", "user.name=\x1b]0;x\x07<i>A</i>", "commit", "--quiet", "--message", "x", day="2024-11-10")
    asked = ("history", ONE, "--authors") if command == "history" else ("diff", "2024-11-09")
    for form in ("table", "csv", "md", "html", "json"):
        told = run(*asked, "--format", form, cwd=own.root).out
        assert not {"\x1b", "\x07", "\u202e"} & set(told)
        if form in {"html", "md"}:
            assert "<b>" not in told
            assert "<script>" not in told


@pytest.mark.parametrize("identity", ["anytown-dhr-1/09", "09", "../../etc", "anytown-dhr-1"])
def test_history_of_an_id_that_never_was_is_refused(run: "Run", past: Past, identity: str) -> None:
    found = run("history", identity, cwd=past.root)
    assert found.code == 2
    assert not found.out


def test_history_names_unreadable_files_when_it_refuses(run: "Run", own: Past) -> None:
    own.write({THIRD: "a: ["})
    found = run("history", "anytown-dhr-1/09", cwd=own.root)
    assert found.code == 2
    assert THIRD in found.err


# diff


def test_diff_counts_first_and_says_each(run: "Run", past: Past) -> None:
    found = run("diff", "2024-01-31", "2024-10-05", cwd=past.root)
    assert found.code == 0
    lines = found.out.split("\n")
    assert lines[0] == "What changed from 31 January 2024 to 5 October 2024"
    assert found.out.index("Newly overdue         2") < found.out.index(
        "Newly overdue: was due 2024-06-30 (97 days ago)"
    )
    for said in (
        "Completed: was in progress",
        "Re-dated: 2024-03 → 2024-09 (183 days later)",
        "Lead changed: Anytown CCG → Anytown ICB (handed over)",
        "Wording changed",
        "Update given: Anytown Police, 2024-03-20",
    ):
        assert said in found.out
    assert TWO + " " not in found.out
    commits = [past.git("rev-parse", name) for name in ("HEAD~4", "HEAD~1")]
    assert f"Compared with commit {commits[0]}." in found.out
    assert f"As committed in {commits[1]}." in found.out


def test_diff_for_programs(run: "Run", past: Past) -> None:
    found = _json(run("diff", "2024-01-31", "2024-10-05", "--json", cwd=past.root))
    assert found["items"] == [
        {"change": "completed", "id": ONE, "days": None},
        {"change": "newly-overdue", "id": MOVED, "days": 97},
        {"change": "newly-overdue", "id": THREE, "days": 5},
        {"change": "re-dated", "id": ONE, "days": 183},
        {"change": "lead-changed", "id": THREE, "days": None},
        {"change": "wording-changed", "id": ONE, "days": None},
        {"change": "updated", "id": ONE, "days": None},
    ]
    assert found["counts"] == {
        "added": 0,
        "removed": 0,
        "completed": 1,
        "reopened": 0,
        "newly-overdue": 2,
        "newly-due": 0,
        "re-dated": 1,
        "lead-changed": 1,
        "wording-changed": 1,
        "updated": 1,
    }
    assert found["count"] == 7
    assert found["from"] == {"day": "2024-01-31", "commit": past.git("rev-parse", "HEAD~4")}
    assert found["commit"] == past.git("rev-parse", "HEAD~1")
    rows = list(
        csv.DictReader(io.StringIO(run("diff", "2024-01-31", "2024-10-05", "--format", "csv", cwd=past.root).out))
    )
    assert [set(row) for row in rows] == [{"change", "id", "days"}] * 7
    assert rows[3] == {"change": "re-dated", "id": ONE, "days": "183"}


def test_diff_as_a_page(run: "Run", past: Past) -> None:
    page = run("diff", "2024-01-31", "2024-10-05", "--format", "md", cwd=past.root).out
    assert "| Newly overdue | 2 |" in page
    assert f"| {ONE} | Anytown DHR 1 | Re-dated: 2024-03 → 2024-09 (183 days later) |" in page


def test_diff_by_agency(run: "Run", past: Past) -> None:
    told = run("diff", "2024-01-31", "2024-10-05", "--by", "agency", cwd=past.root).out
    health = f"{THREE}   Anytown ICB     Newly overdue"
    assert health in told
    assert told.index(health) < told.index(f"{ONE}   Anytown Police  Completed")


def test_diff_by_agency_or_review_without_a_file(run: "Run", own: Past) -> None:
    own.edit("register/agencies/anytown-police.yaml", "kind: police", 'kind: police\nended: "2024-01-01"')
    assert f"{ONE}   Anytown Police  Removed" in _removed(run, own, "agency")
    assert f"{ONE}   anytown-dhr-1  Removed" in _removed(run, own, "review")


def _removed(run: "Run", own: Past, by: str) -> str:
    own.write({name: None for name in (RECORD, UPDATE) if (own.root / name).exists()})
    (own.root / "register/reviews/anytown-dhr-1/review.yaml").unlink(missing_ok=True)
    return run("diff", "2024-11-02", "--as-of", "2024-11-02", "--by", by, cwd=own.root).out


def test_diff_to_the_work_tree_sees_what_is_not_committed(run: "Run", own: Past) -> None:
    asked = ("diff", "HEAD", "--as-of", "2024-11-02", "--json")
    assert _json(run(*asked, cwd=own.root))["items"] == []
    own.edit(RECORD, "status: ", "scope: local\nstatus: ")
    assert "Nothing was completed, reopened, re-dated or reworded" in run(*asked[:-1], cwd=own.root).out
    own.git("mv", RECORD, SECOND)
    own.edit(SECOND, '"2025-03-31"', '"2025-03-01"')
    own.write({RECORD: record("That a leaflet is printed.", "2026-01"), THIRD: None, UPDATE: None})
    found = _json(run(*asked, cwd=own.root))
    assert found["commit"] is None
    assert [(each["change"], each["id"], each["days"]) for each in found["items"]] == [
        ("re-dated", TWO, -30),
        ("added", ONE, None),
        ("removed", THREE, None),
    ]
    assert "(30 days earlier)" in run(*asked[:-1], cwd=own.root).out


@pytest.mark.parametrize(
    ("days", "refused"),
    [
        (("2024-11-02", "2024-03-25"), True),
        (("HEAD", "2024-03-25"), True),
        (("2024-11-02", "--as-of", "2024-11-01"), True),
        (("2024-11-02", "--as-of", "2024-11-02"), False),
        (("2024-03-25", "2024-11-02"), False),
        (("HEAD", "HEAD~1"), False),
        (("2025-01-31", "HEAD"), False),
    ],
)
def test_diff_does_not_look_back_from_a_later_day(
    run: "Run", past: Past, *, days: tuple[str, ...], refused: bool
) -> None:
    found = run("diff", *days, cwd=past.root)
    assert (found.code == 2, "name the earlier day first" in found.err) == (refused, refused)


def test_diff_says_what_is_reopened_and_newly_due(run: "Run", past: Past) -> None:
    found = _json(run("diff", "HEAD~1", "2024-11-02", "--as-of", "2025-03-30", "--json", cwd=past.root))
    assert ("reopened", ONE) in [(each["change"], each["id"]) for each in found["items"]]
    assert ("newly-due", ONE) in [(each["change"], each["id"]) for each in found["items"]]


def test_diff_from_a_register_by_older_rules_says_so(run: "Run", tmp_path: Path) -> None:
    own = begun(tmp_path / "own", {**ANYTOWN, RECORD: record("That training is reviewed.") + "priority: high\n"})
    own.write({RECORD: record("That training is reviewed.", "2024-09")})
    own.commit("2024-02-01")
    found = run("diff", "2024-01-31", "2024-02-01", "--json", cwd=own.root)
    assert found.code == 1
    assert RECORD in found.err
    assert json.loads(found.out)["counts"]["re-dated"] == 1


# slippage


def test_slippage_for_programs(run: "Run", past: Past) -> None:
    found = _json(run("slippage", "--json", "--as-of", "2024-12-01", cwd=past.root))
    keys = ("id", "first_target", "target_date", "redatings", "slip_days", "days_since_update", "days_to_completion")
    assert [tuple(item) for item in found["items"]] == [keys] * 3
    assert [tuple(item.values()) for item in found["items"]] == [
        (ONE, "2024-03", "2025-03-31", 2, 365, 256, None),
        (MOVED, "2024-06", "2024-06", 0, 0, None, None),
        (THREE, "2024-09", "2024-09", 0, 0, None, None),
    ]
    police = next(group for group in found["by_agency"] if group["key"] == "anytown-police")
    assert (police["total"], police["redated"]) == (2, 1)
    assert (police["slip_days"], police["slip_days_of"]) == (182, 2)
    assert (police["days_since_update"], police["days_since_update_of"]) == (256, 1)
    assert (police["days_to_completion"], police["days_to_completion_of"]) == (None, 0)
    assert [group["key"] for group in found["by_review"]] == ["anytown-dhr-1"]


def test_slippage_for_people(run: "Run", past: Past) -> None:
    told = run("slippage", "--as-of", "2024-12-01", cwd=past.root).out
    assert "1 of 3 recommendations had another target date before." in told
    assert f"{ONE}  2024-03       2025-03-31         2   365           256" in told
    assert f"\n{MOVED}" not in told
    assert "182 (2)" in told
    assert "not known" in told


@pytest.mark.parametrize(
    ("arguments", "first", "redatings"),
    [
        (("--at", "2024-03-31"), "2024-03", 1),
        (("--at", "2024-01-31"), "2024-03", 0),
        (("--as-of", "2023-12-31"), "2025-03-31", 0),
        (("is:slipped", "--as-of", "2024-12-01"), "2024-03", 2),
    ],
)
def test_slippage_of_a_day_a_commit_or_a_query(
    run: "Run", past: Past, arguments: tuple[str, ...], first: str, redatings: int
) -> None:
    found = _json(run("slippage", "--json", *arguments, cwd=past.root))["items"]
    assert (found[0]["id"], found[0]["first_target"], found[0]["redatings"]) == (ONE, first, redatings)
    assert len(found) == (1 if "is:slipped" in arguments else 3)


def test_slippage_says_how_long_a_recommendation_took(run: "Run", tmp_path: Path) -> None:
    own = begun(tmp_path / "own")
    more = 'start_date: "2024-01"\ncompletion_date: "2024-02-10"\n'
    own.write({RECORD: record("That training is reviewed.", status="complete") + more})
    found = _json(run("slippage", "--json", "--as-of", "2024-12-01", cwd=own.root))
    assert found["items"][0]["days_to_completion"] == 10
    assert (found["by_review"][0]["days_to_completion"], found["by_review"][0]["days_to_completion_of"]) == (10, 1)


def test_slippage_sees_what_is_not_committed(run: "Run", own: Past) -> None:
    own.edit(THIRD, "2024-09", "2024-10")
    found = _json(run("slippage", "--json", "--as-of", "2024-12-01", cwd=own.root))["items"][2]
    assert (found["first_target"], found["redatings"], found["slip_days"]) == ("2024-09", 1, 31)


def test_slippage_in_medians_not_means_and_without_a_number_where_many_are_known(run: "Run", tmp_path: Path) -> None:
    files = {
        RECORD.replace("01", f"0{number}"): record(f"Wording {number}.")
        + f'start_date: "2024-01-01"\ncompletion_date: "2024-01-{days:02}"\n'
        for number, days in enumerate((3, 4, 5, 6, 31), 1)
    }
    own = begun(tmp_path / "own", {**ANYTOWN, **files})
    found = _json(run("slippage", "--json", "--as-of", "2024-12-01", cwd=own.root))["by_agency"][0]
    assert (found["days_to_completion"], found["days_to_completion_of"]) == (4, 5)
    told = run("slippage", "--as-of", "2024-12-01", cwd=own.root).out
    assert "Anytown Police      5         0  0             not known     4\n" in told


# burndown


def test_burndown_for_programs(run: "Run", past: Past) -> None:
    found = _json(run("burndown", "--by", "quarter", "--json", "--as-of", "2024-12-31", cwd=past.root))
    assert found["items"] == [
        {"as_of": "2024-03-31", "open": 3, "overdue": 0, "complete": 0, "undated": 0},
        {"as_of": "2024-06-30", "open": 3, "overdue": 0, "complete": 0, "undated": 0},
        {"as_of": "2024-09-30", "open": 3, "overdue": 1, "complete": 0, "undated": 0},
        {"as_of": "2024-12-31", "open": 3, "overdue": 2, "complete": 0, "undated": 0},
    ]
    assert found["count"] == 4
    table = run("burndown", "--format", "csv", "--since", "2024-10-01", "--as-of", "2024-11-29", cwd=past.root)
    assert table.out == "as_of,open,overdue,complete,undated\n2024-10-31,2,2,1,0\n"
    assert not table.err


def test_burndown_draws_bars(run: "Run", past: Past) -> None:
    told = run("burndown", "--since", "2024-10-01", "--as-of", "2024-12-31", cwd=past.root).out
    bars = [line.count("█") for line in told.split("\n") if line.startswith("2024")]
    assert bars == [16, 24, 24]


@pytest.mark.parametrize(
    ("arguments", "first", "last"),
    [
        (("--as-of", "2024-12-30"), "2024-01-31", "2024-11-30"),
        (("--as-of", "2024-12-31"), "2024-01-31", "2024-12-31"),
        (("--at", "2024-02-29"), "2024-01-31", "2024-02-29"),
        (("--at", "HEAD"), "2024-01-31", "2024-10-31"),
        (("--since", "2020-01-01", "--as-of", "2024-02-01"), "2024-01-31", "2024-01-31"),
        (("--since", "2024-02-29", "--as-of", "2024-03-01"), "2024-02-29", "2024-02-29"),
    ],
)
def test_burndown_has_whole_periods_alone(
    run: "Run", past: Past, arguments: tuple[str, ...], first: str, last: str
) -> None:
    days = [each["as_of"] for each in _json(run("burndown", "--json", *arguments, cwd=past.root))["items"]]
    assert (days[0], days[-1]) == (first, last)


def test_burndown_before_a_period_is_over(run: "Run", past: Past) -> None:
    found = run("burndown", "--as-of", "2024-01-30", cwd=past.root)
    assert (found.code, "No whole period ended in that time" in found.out) == (0, True)


def test_burndown_of_a_register_that_was_empty_at_first(run: "Run", tmp_path: Path) -> None:
    empty = {name: text for name, text in ANYTOWN.items() if "recommendations" not in name}
    own = begun(tmp_path / "own", empty)
    assert _json(run("burndown", "--json", "--as-of", "2024-03-31", cwd=own.root))["items"] == []
    own.write({RECORD: record("That training is reviewed.")})
    own.commit("2024-02-01")
    found = _json(run("burndown", "--json", "--as-of", "2024-03-31", cwd=own.root))["items"]
    assert [(each["as_of"], each["open"]) for each in found] == [("2024-02-29", 1), ("2024-03-31", 1)]
    assert _json(run("diff", "2024-01-31", "--as-of", "2024-02-01", "--json", cwd=own.root))["counts"]["added"] == 1


@pytest.mark.parametrize("since", ["2024", "yesterday", "2024-02-30"])
def test_burndown_refuses_what_is_no_day(run: "Run", past: Past, since: str) -> None:
    found = run("burndown", "--since", since, cwd=past.root)
    assert found.code == 2
    assert "--since" in found.err


@pytest.mark.parametrize(
    ("start", "end", "months", "ends"),
    [
        ("2024-11-15", "2025-01-31", 1, ["2024-11-30", "2024-12-31", "2025-01-31"]),
        ("2024-11-15", "2025-06-29", 3, ["2024-12-31", "2025-03-31"]),
        ("9999-12-01", "9999-12-31", 1, ["9999-12-31"]),
        ("2024-02-01", "2024-01-01", 1, []),
    ],
)
def test_the_ends_of_periods(start: str, end: str, months: int, ends: list[str]) -> None:
    assert [str(each) for each in period_ends(day(start), day(end), months)] == ends


# What git may lack

COMMANDS = (("history", ONE), ("diff", "HEAD"), ("slippage",), ("burndown",))


@pytest.mark.parametrize("command", COMMANDS)
def test_without_a_repository_they_are_refused(run: "Run", anytown: Path, command: tuple[str, ...]) -> None:
    found = run(*command, cwd=anytown)
    assert (found.code, found.out) == (4, "")
    assert "git init" in found.err


@pytest.mark.parametrize("command", COMMANDS)
def test_where_nothing_is_committed_they_are_refused(run: "Run", anytown: Path, command: tuple[str, ...]) -> None:
    Past(anytown).git("init", "--quiet", "--initial-branch=main")
    found = run(*command, cwd=anytown)
    assert found.code in {2, 4}
    assert not found.out
    assert "nothing is committed in this repository yet; commit the register first" in found.err


@pytest.mark.parametrize("command", [*COMMANDS, ("burndown", "--at", "HEAD")])
def test_a_shallow_clone_says_what_it_lacks(run: "Run", past: Past, tmp_path: Path, command: tuple[str, ...]) -> None:
    past.git("clone", "--quiet", "--depth=2", f"file://{past.root}", str(tmp_path / "shallow"))
    found = run(*command, cwd=tmp_path / "shallow")
    assert found.code == 0
    assert "this clone holds only the newest commits; fetch the rest with: git fetch --unshallow" in found.err


@pytest.mark.parametrize(
    ("command", "most"),
    [
        (("history", ONE), 6),
        (("history", TWO), 6),
        (("history", ONE, "--at", "HEAD~1"), 6),
        (("slippage", "--at", "HEAD~1"), 6),
        (("slippage", "is:slipped"), 3),
        (("burndown", "--at", "HEAD~1"), 4),
        (("diff", "HEAD~1"), 4),
        (("diff", "HEAD~2", "HEAD~1"), 6),
        (("list", "is:slipped", "--at", "HEAD~1"), 6),
    ],
)
def test_git_is_asked_few_questions(
    run: "Run", past: Past, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], most: int
) -> None:
    asked = []
    execute = Git.execute

    def counted(self: Git, *arguments: Any, **options: Any) -> Any:
        asked.append(arguments)
        return execute(self, *arguments, **options)

    monkeypatch.setattr(Git, "execute", counted)
    assert run(*command, cwd=past.root).code == 0
    assert len(asked) <= most
