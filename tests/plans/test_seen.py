"""What must be seen of the two published plans, through the whole command line."""

import hashlib
import json
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import ROOT

if TYPE_CHECKING:
    from conftest import Result, Run, Write

TODAY = "2026-11-22"
MIDDLESBROUGH, NORTH_TYNESIDE = "middlesbrough-dhr-3", "north-tyneside-dhr-4"
BROKEN = f"register/reviews/{MIDDLESBROUGH}/recommendations/05.yaml"


def answer(result: "Result") -> dict[str, Any]:
    assert (result.code, result.err) == (0, "")
    found: dict[str, Any] = json.loads(result.out)
    return found


def numbers(found: dict[str, Any]) -> list[str]:
    assert found["count"] == len(found["items"])
    return [item["number"] for item in found["items"]]


@pytest.mark.parametrize(
    ("day", "overdue", "due_soon", "on_track"),
    [
        ("2020-11-30", {}, ["05"], ["01", "02", "22"]),
        ("2020-12-01", {"05": 1}, [], ["01", "02", "22"]),
        ("2021-04-01", {"05": 122, "02": 1}, [], ["01", "22"]),
        ("2022-01-31", {"05": 427, "02": 306}, ["22"], ["01"]),
        ("2022-02-01", {"05": 428, "02": 307, "22": 1}, [], ["01"]),
        ("2026-11-22", {"05": 2183, "02": 2062, "22": 1756, "01": 1697}, [], []),
    ],
)
def test_on_each_day_the_same_four_are_overdue_due_soon_or_on_track(
    run: "Run", day: str, overdue: dict[str, int], due_soon: list[str], on_track: list[str]
) -> None:
    late = answer(run("overdue", "--as-of", day, "--json"))
    assert late["as_of"] == day
    assert numbers(late) == list(overdue)
    assert {item["number"]: item["days_overdue"] for item in late["items"]} == overdue
    assert {item["review"] for item in late["items"]} <= {MIDDLESBROUGH}
    assert {item["rag"] for item in late["items"]} <= {"red"}
    expected = {"overdue": sorted(overdue), "due-soon": due_soon, "on-track": on_track}
    for timeliness, which in expected.items():
        listed = answer(run("list", f"is:{timeliness}", "--as-of", day, "--json"))
        assert numbers(listed) == which
        assert {(item["review"], item["timeliness"]) for item in listed["items"]} <= {(MIDDLESBROUGH, timeliness)}
    counts = answer(run("status", "--as-of", day, "--json"))["total"]["by_timeliness"]
    assert counts == {
        **{timeliness: len(which) for timeliness, which in expected.items()},
        "no-target-date": 30,
        "in-time": 0,
        "late": 0,
        "not-known": 14,
        "closed": 0,
    }


def test_an_honest_reading_of_the_two_plans(run: "Run") -> None:
    status = answer(run("status", "--as-of", TODAY, "--json"))
    assert status["total"] == {
        "total": 48,
        "by_status": {
            "not-started": 0,
            "in-progress": 6,
            "on-hold": 0,
            "complete": 14,
            "superseded": 0,
            "not-accepted": 0,
            "cancelled": 0,
            "unknown": 28,
        },
        "by_timeliness": {
            "overdue": 4,
            "due-soon": 0,
            "on-track": 0,
            "no-target-date": 30,
            "in-time": 0,
            "late": 0,
            "not-known": 14,
            "closed": 0,
        },
        "by_rag": {"blue": 14, "red": 4, "amber": 0, "green": 0, "grey": 30},
    }
    groups = {group["key"]: group for group in status["groups"]}
    assert {key: group["total"] for key, group in groups.items()} == {MIDDLESBROUGH: 24, NORTH_TYNESIDE: 24}
    middlesbrough, north_tyneside = groups[MIDDLESBROUGH], groups[NORTH_TYNESIDE]
    assert middlesbrough["by_timeliness"]["no-target-date"] == 6
    assert north_tyneside["by_timeliness"]["no-target-date"] == 24
    assert middlesbrough["by_rag"] == {"blue": 14, "red": 4, "amber": 0, "green": 0, "grey": 6}
    assert north_tyneside["by_status"]["unknown"] == 24


def test_the_list_agrees_with_the_status(run: "Run") -> None:
    items = answer(run("list", "--as-of", TODAY, "--json"))["items"]
    assert Counter(item["rag"] for item in items) == {"blue": 14, "red": 4, "grey": 30}
    of = {
        rag: [item["number"] for item in items if item["rag"] == rag and item["review"] == MIDDLESBROUGH]
        for rag in ("blue", "red", "grey")
    }
    assert of == {
        "blue": ["03", "04", "11", *[str(number) for number in range(13, 22)], "23", "24"],
        "red": ["01", "02", "05", "22"],
        "grey": ["06", "07", "08", "09", "10", "12"],
    }


@pytest.mark.parametrize("by", ["review", "agency", "section", "status"])
def test_every_grouping_counts_the_same_total(run: "Run", by: str) -> None:
    status = answer(run("status", "--by", by, "--as-of", TODAY, "--json"))
    assert status["total"]["total"] == 48
    counted = sum(group["total"] for group in status["groups"])
    assert counted >= 48 if by == "agency" else counted == 48
    for group in (status["total"], *status["groups"]):
        for key in ("by_status", "by_timeliness", "by_rag"):
            assert sum(group[key].values()) == group["total"]


def test_dhrctl_alone_is_its_status(run: "Run") -> None:
    alone, named = run(), run("status")
    assert (alone.code, alone.err) == (named.code, named.err) == (0, "")
    title, _, rest = alone.out.partition("\n")
    assert title.startswith("Domestic homicide review action register: status on ")
    assert rest == named.out.partition("\n")[2]


def test_overdue_says_for_people_what_it_says_for_programs(run: "Run") -> None:
    result = run("overdue", "--as-of", TODAY)
    assert (result.code, result.err) == (0, "")
    lines = [line for line in result.out.splitlines() if line.startswith(MIDDLESBROUGH)]
    assert [line.split()[:3] for line in lines] == [
        [f"{MIDDLESBROUGH}/05", "2,183", "2020-11"],
        [f"{MIDDLESBROUGH}/02", "2,062", "2021-03"],
        [f"{MIDDLESBROUGH}/22", "1,756", "2022-01"],
        [f"{MIDDLESBROUGH}/01", "1,697", "2022-03"],
    ]
    assert "Foundations" in lines[0]
    assert "30 of the 34 open recommendations have no target date" in result.out


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        (["--as-of", TODAY], 0, ["05", "02", "22", "01"]),
        (["--as-of", TODAY, "--fail"], 1, ["05", "02", "22", "01"]),
        (["--as-of", "2020-11-30"], 0, []),
        (["--as-of", "2020-11-30", "--fail"], 0, []),
        (["--as-of", "2020-12-01", "--fail"], 1, ["05"]),
        (["--as-of", "2020-11-30", "--within", "0d"], 0, ["05"]),
        (["--as-of", "2020-11-30", "--within", "0d", "--fail"], 1, ["05"]),
        (["--as-of", "2020-11-29", "--within", "0d", "--fail"], 0, []),
        (["--as-of", "2020-11-29", "--within", "1d", "--fail"], 1, ["05"]),
        (["--as-of", "2020-11-16", "--within", "2w"], 0, ["05"]),
        (["--as-of", "2020-11-15", "--within", "2w"], 0, []),
        (["--as-of", "2020-10-31", "--within", "1m"], 0, ["05"]),
        (["--as-of", "2020-10-30", "--within", "1m"], 0, ["05"]),
        (["--as-of", "2020-10-29", "--within", "1m"], 0, []),
        (["--as-of", "2022-01-01", "--within", "30d"], 0, ["05", "02", "22"]),
        (["--as-of", "2022-01-01", "--within", "29d"], 0, ["05", "02"]),
        (["--as-of", "2022-01-01", "--within", "3m", "-agency:foundations"], 0, ["02", "22", "01"]),
        (["--as-of", TODAY, "--fail", "agency:foundations"], 1, ["05"]),
        (["--as-of", TODAY, "--fail", "agency:recovery-connections"], 0, []),
    ],
)
def test_overdue_fails_only_when_asked_to_and_something_is_found(
    run: "Run", arguments: list[str], code: int, expected: list[str]
) -> None:
    result = run("overdue", "--json", *arguments)
    assert (result.code, result.err) == (code, "")
    assert numbers(json.loads(result.out)) == expected


@pytest.mark.parametrize(
    "arguments",
    [
        ["overdue", "--within", "soon"],
        ["overdue", "--within", "30"],
        ["overdue", "--within", "-30d"],
        ["list", "--as-of", "2021-02-30"],
        ["list", "--as-of", "2021-02"],
        ["list", "--as-of", "yesterday"],
        ["list", "--as-of", ""],
        ["check", "--as-of", "2021"],
    ],
)
def test_a_day_or_a_span_that_cannot_be_is_refused(run: "Run", arguments: list[str]) -> None:
    result = run(*arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("dhrctl: ")
    assert result.err.count("\n") == 1


@pytest.mark.parametrize("within", ["1d", "1w", "1m", "9999m"])
def test_a_span_beyond_the_calendar_is_answered_or_refused(run: "Run", within: str) -> None:
    result = run("overdue", "--as-of", "9999-12-31", "--within", within, "--json")
    assert result.code in (0, 2)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("command", ["status", "overdue", "list"])
def test_the_first_and_the_last_day_can_be_judged_on(run: "Run", command: str, day: str) -> None:
    assert answer(run(command, "--as-of", day, "--json"))["as_of"] == day


def test_check_is_green_and_counts_what_is_waived(run: "Run") -> None:
    check = answer(run("check", "--as-of", TODAY, "--json"))
    told = Counter("waived" if finding["waived"] else finding["severity"] for finding in check["findings"])
    assert check["counts"] == {"error": 0, "warning": told["warning"], "info": told["info"], "waived": 1}
    assert told["warning"] > 0
    assert told.total() == sum(check["counts"].values())
    assert check["files"] == sum(path.is_file() for path in (ROOT / "register").rglob("*"))
    (finding,) = [finding for finding in check["findings"] if finding["waived"]]
    assert (finding["rule"], finding["id"]) == ("target-before-start", f"{MIDDLESBROUGH}/02")
    assert run("check", "--as-of", TODAY, "--strict").code == 1
    assert run("check", "--as-of", TODAY, "--strict", "--rule", "target-before-start").code == 0


def test_check_is_red_once_the_waiver_has_run_out(run: "Run") -> None:
    assert run("check", "--as-of", "2027-12-31").code == 0
    result = run("check", "--severity", "error", "--as-of", "2028-01-01", "--json")
    assert result.code == 1
    check = json.loads(result.out)
    assert check["counts"] == {"error": 2, "warning": 0, "info": 0, "waived": 0}
    assert [(finding["rule"], finding["id"]) for finding in check["findings"]] == [
        ("target-before-start", f"{MIDDLESBROUGH}/02"),
        ("waiver-expired", f"{MIDDLESBROUGH}/02"),
    ]


def test_the_probation_service_has_13_and_14_which_dtv_crc_led(run: "Run") -> None:
    found = answer(run("list", "agency:probation-service", "--as-of", TODAY, "--json"))
    assert numbers(found) == ["13", "14"]
    for item in found["items"]:
        assert (item["lead_agencies"], item["current_leads"]) == (["dtv-crc"], ["probation-service"])


@pytest.mark.parametrize(
    ("day", "lead"),
    [
        ("2020-03-31", "st-ccg"),
        ("2020-04-01", "tees-valley-ccg"),
        ("2022-06-30", "tees-valley-ccg"),
        ("2022-07-01", "north-east-and-north-cumbria-icb"),
    ],
)
def test_the_lead_of_21_is_followed_to_who_is_in_office(run: "Run", day: str, lead: str) -> None:
    (item,) = answer(run("show", "dhr-3/21", "--as-of", day, "--json"))["items"]
    assert (item["lead_agencies"], item["current_leads"]) == (["st-ccg"], [lead])


# Nothing there

COMMANDS: tuple[list[str], ...] = (
    [],
    ["status"],
    ["overdue"],
    ["overdue", "--fail"],
    ["list"],
    ["list", "is:open"],
    ["show", "1"],
    ["check"],
    ["check", "--quiet"],
    ["render", "summary"],
    ["render", "action-plan"],
)


@pytest.mark.parametrize("arguments", COMMANDS)
def test_an_empty_folder_exits_3(run: "Run", tmp_path: Path, arguments: list[str]) -> None:
    for _ in ("no register", "an empty register"):
        result = run(*arguments, cwd=tmp_path)
        assert (result.code, result.out) == (3, "")
        assert result.err.startswith("dhrctl: there is no ")
        assert result.err.count("\n") == 1
        (tmp_path / "register" / "reviews").mkdir(parents=True, exist_ok=True)


# One file that cannot be read


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A folder with the register of this repository."""
    shutil.copytree(ROOT / "register", tmp_path / "register")
    return tmp_path


WORDS = (ROOT / BROKEN).read_text(encoding="utf-8")
LINES = WORDS.count("\n")
STATUS = WORDS[: WORDS.index("\nstatus:")].count("\n") + 2


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (WORDS + "section: Twice\n", f"{LINES + 1}:1: error duplicate-key"),
        (WORDS + "  unfitting: indent\n", f"{LINES + 1}:3: error unknown-key"),
        (WORDS + " unfitting: indent\n", f"{LINES + 1}:2: error invalid-yaml"),
        (WORDS + "not a key\n", f"{LINES + 1}:1: error invalid-yaml"),
        (WORDS.replace("status: unknown", "status: nearly"), f"{STATUS}:9: error unknown-word"),
        (WORDS.replace("status: unknown", "stauts: unknown"), f"{STATUS}:1: error unknown-key"),
        (WORDS + "<<<<<<< HEAD\n", f"{LINES + 1}:1: error conflict-marker"),
        (WORDS.encode() + b"notes: \xff\n", f"{LINES + 1}:8: error not-utf8"),
        (WORDS.replace('"2020-11"', '"2020-13"'), "error bad-date"),
        ("", "1:1: error empty-file"),
        (b"\x00" * 300_000, "1:1: error too-large"),
    ],
)
def test_a_broken_file_is_named_with_its_line_and_the_other_47_still_show(
    run: "Run", copied: Path, write: "Write", content: str | bytes, place: str
) -> None:
    write({BROKEN: content})
    listed = run("list", "--as-of", TODAY, "--json", cwd=copied)
    assert listed.code == 1
    assert any(line.startswith(f"{BROKEN}:") and f"{place}: " in line for line in listed.err.splitlines())
    assert all(line.startswith((f"{BROKEN}:", "dhrctl: 1 file ")) for line in listed.err.splitlines())
    found = json.loads(listed.out)
    assert len(numbers(found)) == 47
    assert f"{MIDDLESBROUGH}/05" not in {item["id"] for item in found["items"]}
    check = run("check", "--as-of", TODAY, cwd=copied)
    assert (check.code, check.err) == (1, "")
    assert any(line.startswith(f"{BROKEN}:") and f"{place}: " in line for line in check.out.splitlines())
    assert "target-before-start" in check.out


@pytest.mark.parametrize(
    ("arguments", "seen"),
    [
        ([], "47 recommendations"),
        (["status"], "47 recommendations"),
        (["overdue"], f"{MIDDLESBROUGH}/22"),
        (["overdue", "--fail"], f"{MIDDLESBROUGH}/22"),
        (["list"], f"{NORTH_TYNESIDE}/t3-12"),
        (["list", "is:overdue"], f"{MIDDLESBROUGH}/01"),
        (["show", "dhr-3/6"], f"{MIDDLESBROUGH}/06"),
        (["render", "summary"], "overdue"),
        (["render", "action-plan", "--format", "html"], "<html"),
    ],
)
def test_every_reading_command_answers_with_the_rest_and_exits_1(
    run: "Run", copied: Path, write: "Write", arguments: list[str], seen: str
) -> None:
    write({BROKEN: WORDS + "not a key\n"})
    result = run(*arguments, *(["--as-of", TODAY] if arguments else []), cwd=copied)
    assert result.code == 1
    assert seen in result.out
    assert f"{BROKEN}:{LINES + 1}:1: error invalid-yaml: " in result.err


@pytest.mark.parametrize("word", [f"{MIDDLESBROUGH}/05", "dhr-3/5", "5"])
def test_a_broken_record_is_named_when_it_is_asked_for(run: "Run", copied: Path, write: "Write", word: str) -> None:
    write({BROKEN: WORDS + "not a key\n"})
    result = run("show", word, "--as-of", TODAY, cwd=copied)
    assert (result.code, result.out) == (1, "")
    assert f"{MIDDLESBROUGH}/05 cannot be read" in result.err


def test_two_broken_files_are_both_named(run: "Run", copied: Path, write: "Write") -> None:
    agency = "register/agencies/sntb.yaml"
    write({BROKEN: "{", agency: "["})
    result = run("status", "--as-of", TODAY, "--json", cwd=copied)
    assert result.code == 1
    assert [line.split(":")[0] for line in result.err.splitlines()] == [agency, BROKEN, "dhrctl"]
    assert json.loads(result.out)["total"]["total"] == 47
    check = json.loads(run("check", "--severity", "error", "--as-of", TODAY, "--json", cwd=copied).out)
    assert [finding["path"] for finding in check["findings"] if not finding["waived"]] == [agency, BROKEN]


# Reading never writes

READING = (
    *COMMANDS,
    *[[command, "--format", form] for command in ("status", "overdue", "list", "check") for form in ("json", "csv")],
    *[["list", "--format", form] for form in ("jsonl", "md", "html")],
    ["show", "dhr-3/5", "--json"],
    ["status", "--by", "agency"],
    ["overdue", "--within", "30d", "-agency:ccg"],
    ["check", "--strict", "register/reviews"],
    ["render"],
    ["render", "summary", "--format", "html"],
    ["--version"],
    ["list", "stauts:open"],
    ["show", "nobody/1"],
    ["check", "register/nowhere"],
    ["render", "nothing"],
    ["lsit"],
    ["render", "summary", "--out", "register/summary.md"],
    ["render", "summary", "--out", "register/register.yaml"],
)


def state(folder: Path) -> dict[str, tuple[str, int, int]]:
    return {
        path.relative_to(folder).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
            path.stat().st_mtime_ns,
            path.stat().st_mode,
        )
        for path in (folder, *folder.rglob("*"))
    }


def test_no_reading_command_changes_a_file_or_leaves_one(run: "Run", copied: Path, write: "Write") -> None:
    for content in (WORDS, WORDS + "not a key\n"):
        write({BROKEN: content})
        before = state(copied)
        for arguments in READING:
            run(*arguments, cwd=copied)
            assert state(copied) == before, arguments


def test_a_paper_is_written_beside_the_register_and_changes_nothing_in_it(run: "Run", copied: Path) -> None:
    before = state(copied / "register")
    for name in ("plan.md", "plan.html"):
        assert run("render", "action-plan", "--out", name, cwd=copied).code == 0
        assert (copied / name).stat().st_size > 0
    assert state(copied / "register") == before
    assert sorted(path.name for path in copied.iterdir()) == ["plan.html", "plan.md", "register"]
