"""Queries and ids as people type them: what they find, and how a mistake is refused."""

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from queries import ALL, DAY, FILES, REVIEWS, found, full, register

from dhrctl.errors import DhrError
from dhrctl.model import query
from dhrctl.model.records import Agency, Recommendation, Register, Status
from dhrctl.model.status import judge_record

if TYPE_CHECKING:
    from conftest import Result, Run, Write

TODAY = "2026-11-22"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), ALL),
        (("status:in-progress",), ("d1/01", "n1/01")),
        (("status:not-started",), ("d1/10",)),
        (("status:unknown",), ()),
        (("status:complete,superseded",), ("d1/02", "n1/02", "a2/a-1", "a2/a-2")),
        (("status:complete, superseded",), ("d1/02", "n1/02", "a2/a-1", "a2/a-2")),
        (("status:complete", "status:superseded"), ()),
        (("-status:complete",), ("d1/01", "d1/10", "d1/11", "n1/01", "a2/a-1")),
        (("-status:complete,superseded",), ("d1/01", "d1/10", "d1/11", "n1/01")),
        (("-status:complete", "-status:superseded"), ("d1/01", "d1/10", "d1/11", "n1/01")),
        (("status:complete", "-status:complete"), ()),
        (("review:anytown-dhr-1",), ("d1/01", "d1/02", "d1/10", "d1/11")),
        (("review:anytown",), ("d1/01", "d1/02", "d1/10", "d1/11")),
        (("review:dardr-2",), ("a2/a-1", "a2/a-2")),
        (("review:anytown,dardr-2", "status:complete"), ("d1/02", "a2/a-2")),
        (("-review:anytown", "-review:dardr-2"), ("n1/01", "n1/02")),
        (("section:Table 1: Police",), ("d1/01",)),
        (("section:table",), ("d1/01", "d1/02")),
        (("section:table 2,HOUSING", "review:anytown"), ("d1/02", "d1/10", "d1/11")),
        (("-section:housing",), ("d1/01", "d1/02")),
        (("scope:local",), ("d1/01",)),
        (("scope:national,regional",), ("d1/02", "n1/01")),
        (("scope:unspecified",), ("d1/10", "d1/11", "n1/02", "a2/a-1", "a2/a-2")),
        (("level:single-agency",), ("d1/01",)),
        (("level:multi-agency,strategic-partnership",), ("d1/10", "n1/01")),
        (("-level:single-agency,multi-agency,strategic-partnership", "is:open"), ("d1/11",)),
        (("rag:red",), ("d1/11",)),
        (("rag:amber",), ("d1/01", "n1/01")),
        (("rag:blue",), ("d1/02", "n1/02", "a2/a-2")),
        (("rag:grey",), ("d1/10", "a2/a-1")),
        (("rag:green",), ()),
        (("rag:grey", "is:open"), ("d1/10",)),
        (("is:open",), ("d1/01", "d1/10", "d1/11", "n1/01")),
        (("is:closed",), ("d1/02", "n1/02", "a2/a-1", "a2/a-2")),
        (("is:open,closed",), ALL),
        (("is:overdue",), ("d1/11",)),
        (("is:due-soon",), ("d1/01",)),
        (("is:on-track",), ("n1/01",)),
        (("is:no-target-date",), ("d1/10",)),
        (("is:overdue,no-target-date",), ("d1/10", "d1/11")),
        (("-is:overdue", "is:open"), ("d1/01", "d1/10", "n1/01")),
        (("is:stale",), ("d1/01", "d1/10", "d1/11")),
        (("is:slipped",), ("n1/01",)),
        (("is:review-due",), ("n1/01",)),
        (("is:on-track", "is:slipped", "status:in-progress", "review:newtown-dhr-1"), ("n1/01",)),
        (("is:in-time",), ("d1/02",)),
        (("is:late",), ("n1/02", "a2/a-2")),
        (("is:not-known",), ()),
    ],
)
def test_a_query_word_finds_what_it_names(words: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert found(*words) == full(*expected)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("agency:anytown-police",), ("d1/01", "d1/10", "n1/02")),
        (("agency:AnyPol",), ("d1/01", "d1/10", "n1/02")),
        (("agency:anypol",), ("d1/01", "d1/10", "n1/02")),
        (("agency:Anytown Constabulary",), ("d1/01", "d1/10", "n1/02")),
        (("lead:anytown-police",), ("d1/01", "n1/02")),
        (("lead:AnyPol",), ("d1/01", "n1/02")),
        (("agency:anytown-police", "-lead:anytown-police"), ("d1/10",)),
        (("lead:anytown-police,anytown-housing",), ("d1/01", "d1/10", "d1/11", "n1/01", "n1/02")),
        (("lead:anytown-housing", "lead:anytown-ccg"), ("d1/11",)),
        (("agency:anytown-ccg",), ("d1/02", "d1/11", "a2/a-2")),
        (("agency:CCG",), ("d1/02", "d1/11", "a2/a-2")),
        (("lead:ccg",), ("d1/02", "d1/11")),
        (("agency:anytown-icb",), ("d1/02", "d1/11", "a2/a-1", "a2/a-2")),
        (("lead:icb",), ("d1/02", "d1/11", "a2/a-1", "a2/a-2")),
        (("-agency:icb", "is:closed"), ("n1/02",)),
        (("-agency:anytown-police", "-agency:icb"), ("n1/01",)),
    ],
)
def test_an_agency_is_found_by_every_name_as_lead_or_support_and_as_successor(
    words: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert found(*words) == full(*expected)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2022, 6, 30), ("a2/a-1", "a2/a-2")),
        (date(2022, 7, 1), ("d1/02", "d1/11", "a2/a-1", "a2/a-2")),
    ],
)
def test_a_successor_is_found_from_the_day_it_takes_over(on: date, expected: tuple[str, ...]) -> None:
    assert found("agency:anytown-icb", day=on) == full(*expected)


# The targets: 01 2024-06 · 02 2021-06-30 · 11 2022-02-15 · n1/01 2025 · n1/02 2021/2022 · a-1 2022-01-01/2022-02-15
# · a-2 2021-05. Completed: 02 2021-06 · n1/02 2023 · a-2 2021-06-15.
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("target:2021",), ("d1/02", "a2/a-2")),
        (("target:2021-06",), ("d1/02",)),
        (("target:2021-06-30",), ("d1/02",)),
        (("target:2021-06-29",), ()),
        (("target:2024-06-30",), ()),
        (("target:2024-06",), ("d1/01",)),
        (("target:2021/2022",), ("d1/02", "d1/11", "n1/02", "a2/a-1", "a2/a-2")),
        (("target:<2022-01",), ("d1/02", "a2/a-2")),
        (("target:<2022-02",), ("d1/02", "a2/a-2")),
        (("target:<2022-02-16",), ("d1/02", "d1/11", "a2/a-1", "a2/a-2")),
        (("target:<2022-02-15",), ("d1/02", "a2/a-2")),
        (("target:<=2022-02-15",), ("d1/02", "d1/11", "a2/a-1", "a2/a-2")),
        (("target:<=2022-02",), ("d1/02", "d1/11", "a2/a-1", "a2/a-2")),
        (("target:<2024-06",), ("d1/02", "d1/11", "n1/02", "a2/a-1", "a2/a-2")),
        (("target:<2024-06-30",), ("d1/02", "d1/11", "n1/02", "a2/a-1", "a2/a-2")),
        (("target:<2024-07-01",), ("d1/01", "d1/02", "d1/11", "n1/02", "a2/a-1", "a2/a-2")),
        (("target:<=2024-06-30",), ("d1/01", "d1/02", "d1/11", "n1/02", "a2/a-1", "a2/a-2")),
        (("target:<=2024",), ("d1/01", "d1/02", "d1/11", "n1/02", "a2/a-1", "a2/a-2")),
        (("target:>2022",), ("d1/01", "n1/01")),
        (("target:>2022-02-14",), ("d1/01", "d1/11", "n1/01")),
        (("target:>2022-02-15",), ("d1/01", "n1/01")),
        (("target:>2022-02",), ("d1/01", "n1/01")),
        (("target:>=2022-02-15",), ("d1/01", "d1/11", "n1/01")),
        (("target:>=2022",), ("d1/01", "d1/11", "n1/01", "a2/a-1")),
        (("target:>=2025-01-01",), ("n1/01",)),
        (("target:>2024-12-31",), ("n1/01",)),
        (("target:>2025-01-01",), ()),
        (("target:2021..2022",), ("d1/02", "d1/11", "n1/02", "a2/a-1", "a2/a-2")),
        (("target:2021-06..2022-01",), ("d1/02",)),
        (("target:2022-02..2022-02",), ("d1/11",)),
        (("target:2022-01-01..2022-02-15",), ("d1/11", "a2/a-1")),
        (("target:2022-01-02..2022-02-15",), ("d1/11",)),
        (("target:2024..",), ("d1/01", "n1/01")),
        (("target:..2021",), ("d1/02", "a2/a-2")),
        (("-target:2021..2025",), ("d1/10",)),
        (("-target:>2022", "is:open"), ("d1/10", "d1/11")),
        (("target:>=2022", "target:<2023"), ("d1/11", "a2/a-1")),
        (("completed:2021-06",), ("d1/02", "a2/a-2")),
        (("completed:2021-06-15",), ("a2/a-2",)),
        (("completed:>=2021-06",), ("d1/02", "n1/02", "a2/a-2")),
        (("completed:>2021-06",), ("n1/02",)),
        (("completed:>=2021-06-02",), ("n1/02", "a2/a-2")),
        (("completed:<2021-06-30",), ("a2/a-2",)),
        (("completed:<2021-07",), ("d1/02", "a2/a-2")),
        (("completed:<=2023-12",), ("d1/02", "n1/02", "a2/a-2")),
        (("completed:<=2023-11",), ("d1/02", "a2/a-2")),
        (("completed:2021..2022",), ("d1/02", "a2/a-2")),
        (("-completed:2021", "is:closed"), ("n1/02", "a2/a-1")),
    ],
)
def test_a_date_passes_if_it_does_so_on_every_day_it_can_mean(
    words: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert found(*words) == full(*expected)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("risk assessment",), ("d1/01",)),
        (("RISK   Assessment",), ("d1/01",)),
        (("risk", "assessment"), ("d1/01",)),
        (("assessment risk",), ()),
        (("protocol",), ("d1/10", "d1/11")),
        (("-protocol", "section:housing", "review:anytown"), ()),
        (("-protocol", "is:open"), ("d1/01", "n1/01")),
        (("-risk assessment", "is:open"), ("d1/10", "d1/11", "n1/01")),
        (("Ongoing",), ("d1/10",)),
        (("letters",), ("d1/02", "n1/01")),
        (("archive",), ("n1/01",)),
        (("Table 1: Police",), ("d1/01",)),
        (("nowhere to be found",), ()),
        (("10:30",), ()),
        (("https://example.org",), ()),
    ],
)
def test_any_other_word_is_looked_for_in_the_text(words: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert found(*words) == full(*expected)


QUERY_WORDS = (
    "status:complete",
    "status:in-progress,on-hold",
    "agency:ccg",
    "lead:anytown-housing",
    "review:anytown",
    "rag:red",
    "is:open",
    "is:stale",
    "target:<2023",
    "completed:2021",
    "housing",
)
query_words = st.sampled_from([*QUERY_WORDS, *(f"-{word}" for word in QUERY_WORDS)])


@given(words=st.lists(query_words, max_size=4))
def test_words_are_joined_by_and_in_any_order(words: list[str]) -> None:
    expected = set.intersection(found(), *[found(word) for word in words])
    assert found(*words) == found(*reversed(words)) == expected


@given(word=st.sampled_from(QUERY_WORDS))
def test_a_hyphen_finds_exactly_the_rest(word: str) -> None:
    assert found(word) | found(f"-{word}") == found()
    assert not found(word) & found(f"-{word}")


# Both plans, through the command line


def numbers(result: "Result") -> list[str]:
    assert (result.code, result.err) == (0, "")
    answer = json.loads(result.out)
    assert answer["count"] == len(answer["items"])
    return [item["number"] for item in answer["items"]]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["agency:probation-service"], ["13", "14"]),
        (["agency:Probation Service"], ["13", "14"]),
        (["agency:new probation service"], ["13", "14"]),
        (["agency:dtv-crc"], ["13", "14"]),
        (["lead:DTV CRC"], ["13", "14"]),
        (["agency:ccg"], ["21"]),
        (["agency:tees-valley-ccg"], ["21"]),
        (["agency:north-east-and-north-cumbria-icb"], ["21"]),
        (["agency:foundations"], ["05"]),
        (["agency:MRT"], ["03", "04"]),
        (["section:foundations"], ["05"]),
        (["level:single-agency"], ["t2-01"]),
        (["is:overdue"], ["01", "02", "05", "22"]),
        (["rag:red", "-agency:foundations"], ["01", "02", "22"]),
        (["-status:unknown", "is:open"], ["06", "07", "08", "09", "10", "12"]),
        (["target:<2022-01"], ["02", "05"]),
        (["target:2021..2022"], ["01", "02", "22"]),
        (["completed:>=2021-06"], ["23", "24"]),
        (["completed:2019"], ["03", "13", "14"]),
        (["completed:2019..2020"], ["03", "04", "13", "14"]),
        (["is:on-track"], []),
        (["scope:national"], []),
    ],
)
def test_the_two_plans_are_found_by_query(run: "Run", words: list[str], expected: list[str]) -> None:
    assert numbers(run("list", "--as-of", TODAY, "--json", *words)) == expected
    assert numbers(run("list", *words, "--as-of", TODAY, "--json")) == expected


def test_the_probation_service_is_not_found_before_it_took_over(run: "Run") -> None:
    assert numbers(run("list", "agency:probation-service", "--as-of", "2021-06-25", "--json")) == []
    assert numbers(run("list", "agency:probation-service", "--as-of", "2021-06-26", "--json")) == ["13", "14"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["list", "-agency:ccg"], 47),
        (["list", "-agency:CCG", "-agency:dtv-crc"], 45),
        (["list", "is:closed", "-agency:ccg"], 13),
        (["list", "-agency:ccg", "is:closed"], 13),
        (["overdue", "-lead:foundations"], 3),
        (["overdue", "--within", "30d", "-lead:foundations"], 3),
        (["overdue", "-lead:foundations", "--within", "30d"], 3),
        (["list", "-is:open", "-status:complete"], 0),
        (["list", "-risk assessment", "risk assessment"], 0),
    ],
)
def test_a_word_that_begins_with_a_hyphen_needs_no_escape(run: "Run", arguments: list[str], expected: int) -> None:
    assert len(numbers(run(*arguments, "--as-of", TODAY, "--json"))) == expected
    assert len(numbers(run(arguments[0], "--json", "--as-of", TODAY, *arguments[1:]))) == expected


def test_what_follows_two_hyphens_is_a_query_too(run: "Run") -> None:
    assert len(numbers(run("list", "--as-of", TODAY, "--json", "is:closed", "--", "-agency:ccg"))) == 13


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        (["overdue", "--within", "-30d"], '"-30d"'),
        (["list", "--as-of", "-5"], '"-5"'),
        (["list", "--format", "-json"], "'-json'"),
        (["status", "--by", "-review"], "'-review'"),
        (["render", "-summary"], '"-summary"'),
    ],
)
def test_the_value_of_an_option_that_begins_with_a_hyphen_is_told_as_it_was_typed(
    run: "Run", arguments: list[str], value: str
) -> None:
    result = run(*arguments)
    assert (result.code, result.out) == (2, "")
    assert value in result.err


def test_a_paper_can_have_a_name_that_begins_with_a_hyphen(run: "Run", write: "Write") -> None:
    root = write(FILES)
    assert run("render", "summary", "--out", "-summary.md", cwd=root).code == 0
    assert (root / "-summary.md").stat().st_size > 0


def test_status_takes_a_query_that_begins_with_a_hyphen(run: "Run") -> None:
    result = run("status", "-agency:ccg", "--as-of", TODAY, "--json")
    assert (result.code, json.loads(result.out)["total"]["total"]) == (0, 47)


def test_a_hyphened_option_stays_an_option(run: "Run") -> None:
    assert run("list", "-h").out.startswith("Usage: dhrctl list")


# Mistakes


@pytest.mark.parametrize(
    ("words", "place", "nearest"),
    [
        (["stauts:complete"], 1, '"status"'),
        (["is:open", "stauts:complete"], 2, '"status"'),
        (["is:open", "risk assessment", "agancy:ccg"], 3, '"agency"'),
        (["status:compleet"], 1, '"complete"'),
        (["status:complete,in-progres"], 1, '"in-progress"'),
        (["status:Complete"], 1, '"complete"'),
        (["is:overdu"], 1, '"overdue"'),
        (["is:no-target"], 1, '"no-target-date"'),
        (["rag:gren"], 1, '"green"'),
        (["scope:natoinal"], 1, '"national"'),
        (["level:multiagency"], 1, '"multi-agency"'),
        (["review:middlesborough-dhr-3"], 1, '"middlesbrough-dhr-3"'),
        (["agency:fondations"], 1, '"foundations"'),
        (["agency:foundations,probation-servce"], 1, '"probation-service"'),
        (["lead:cleveland-polise"], 1, '"cleveland-police"'),
        (["section:Fuondations"], 1, '"Foundations"'),
        (["is:open", "-stauts:complete"], 2, '"status"'),
        (["-stauts:complete", "is:open"], 1, '"status"'),
        (["-is:open", "-is:overdu"], 2, '"overdue"'),
        (["is:open", "-agency:ccg", "rga:red"], 3, '"rag"'),
        (["bogus:1"], 1, "status, agency, lead, review, section, scope, level, rag, is, target, completed"),
        (["rag:purple"], 1, "blue, red, amber, green, grey"),
        (["status:"], 1, "after the colon"),
        (["is:open", "agency:"], 2, "after the colon"),
        (["target:"], 1, "2021-04"),
        (["target:<"], 1, "2021-04"),
        (["target:2021-13"], 1, "calendar"),
        (["target:2021-02-30"], 1, "calendar"),
        (["target:<2021-2"], 1, "2021-02"),
        (["target:=2021"], 1, "2021-04"),
        (["target:soon"], 1, "2021-04"),
        (["completed:>=June 2021"], 1, "2021-06"),
        (["completed:2021..soon"], 1, "2021-04"),
        (["completed:2022/2021"], 1, "ends before it starts"),
        (["target:2022..2021"], 1, "before"),
        (["target:2021-06..2021-05-31"], 1, "before"),
        ([""], 1, "nothing"),
        (["is:open", "-"], 2, "nothing"),
    ],
)
def test_a_mistake_is_refused_with_its_place_and_the_nearest_right_word(
    run: "Run", words: list[str], place: int, nearest: str
) -> None:
    result = run("list", "--as-of", TODAY, "--json", *words)
    assert (result.code, result.out) == (2, "")
    assert f'word {place} of the query, "{words[place - 1]}"' in result.err
    assert nearest in result.err
    assert result.err.startswith("dhrctl: ")
    assert result.err.count("\n") == 1


@pytest.mark.parametrize("word", ["Status:complete", "IS:overdue", "Agency:foundations"])
def test_a_field_in_capitals_is_the_same_field(run: "Run", word: str) -> None:
    result = run("list", word, "--as-of", TODAY, "--json")
    name, _, value = word.partition(":")
    assert result.code == 0
    assert result.out == run("list", f"{name.lower()}:{value}", "--as-of", TODAY, "--json").out


@pytest.mark.parametrize("command", [["status"], ["overdue"], ["list"], ["render", "summary"]])
def test_every_command_with_a_query_refuses_a_mistake(run: "Run", command: list[str]) -> None:
    result = run(*command, "agency:fondations")
    assert (result.code, result.out) == (2, "")
    assert 'word 1 of the query, "agency:fondations"' in result.err


def test_an_option_that_does_not_exist_is_no_query_word(run: "Run") -> None:
    result = run("list", "--agency:ccg")
    assert (result.code, result.out) == (2, "")


def test_the_folder_behind_the_command_is_not_taken_for_a_query(run: "Run") -> None:
    result = run("list", "-C", "register")
    assert (result.code, result.out) == (2, "")
    assert "-C DIR before the command" in result.err


@pytest.mark.parametrize(
    ("word", "candidates"),
    [("review:newtown", ["newtown-dhr-1", "newtown-dardr-2"]), ("review:dhr-1", ["anytown-dhr-1", "newtown-dhr-1"])],
)
def test_a_review_that_can_mean_several_is_refused_with_the_candidates(word: str, candidates: list[str]) -> None:
    with pytest.raises(DhrError) as refused:
        found(word)
    assert all(candidate in str(refused.value) for candidate in candidates)


def test_an_empty_register_has_nothing_to_suggest() -> None:
    for word in ("agency:anytown-police", "review:anytown-dhr-1", "section:police"):
        with pytest.raises(DhrError, match=f'word 1 of the query, "{word}": '):
            query.compile_query([word], Register(), DAY)
    with pytest.raises(DhrError, match='there is no recommendation "1/1"'):
        query.find_recommendation("1/1", Register())


# Ids


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("middlesbrough-dhr-3/05", "middlesbrough-dhr-3/05"),
        ("middlesbrough-dhr-3/5", "middlesbrough-dhr-3/05"),
        ("dhr-3/05", "middlesbrough-dhr-3/05"),
        ("dhr-3/5", "middlesbrough-dhr-3/05"),
        ("3/5", "middlesbrough-dhr-3/05"),
        ("middlesbrough/5", "middlesbrough-dhr-3/05"),
        ("m/005", "middlesbrough-dhr-3/05"),
        ("5", "middlesbrough-dhr-3/05"),
        (" dhr-3/5 ", "middlesbrough-dhr-3/05"),
        ("dhr-3/1", "middlesbrough-dhr-3/01"),
        ("1", "middlesbrough-dhr-3/01"),
        ("dhr-3/2", "middlesbrough-dhr-3/02"),
        ("dhr-3/20", "middlesbrough-dhr-3/20"),
        ("dhr-3/010", "middlesbrough-dhr-3/10"),
        ("north-tyneside-dhr-4/t1-01", "north-tyneside-dhr-4/t1-01"),
        ("dhr-4/t1-1", "north-tyneside-dhr-4/t1-01"),
        ("t1-1", "north-tyneside-dhr-4/t1-01"),
        ("t1-11", "north-tyneside-dhr-4/t1-11"),
        ("north/t2", "north-tyneside-dhr-4/t2-01"),
        ("t2", "north-tyneside-dhr-4/t2-01"),
        ("dhr-4/12", "north-tyneside-dhr-4/t3-12"),
        ("4/3-09", "north-tyneside-dhr-4/t3-09"),
    ],
)
def test_an_id_is_found_by_any_ending_or_beginning_of_its_parts(run: "Run", word: str, expected: str) -> None:
    result = run("show", word, "--json")
    assert (result.code, result.err) == (0, "")
    assert [item["id"] for item in json.loads(result.out)["items"]] == [expected]


@pytest.mark.parametrize(
    ("word", "candidates", "others"),
    [
        ("dhr-4/t3", [f"north-tyneside-dhr-4/t3-{number:02}" for number in range(1, 13)], ["/t1-", "/t2-"]),
        ("dhr-4/01", [f"north-tyneside-dhr-4/t{table}-01" for table in (1, 2, 3)], ["/t1-02", "middlesbrough"]),
        ("t1-0", [f"north-tyneside-dhr-4/t1-{number:02}" for number in range(1, 10)], ["/t1-10", "middlesbrough"]),
        ("dhr-3/0", [f"middlesbrough-dhr-3/{number:02}" for number in range(1, 10)], ["/11", "north"]),
    ],
)
def test_an_ambiguous_id_is_refused_with_the_candidates(
    run: "Run", word: str, candidates: list[str], others: list[str]
) -> None:
    result = run("show", word)
    assert (result.code, result.out) == (2, "")
    assert all(candidate in result.err for candidate in candidates)
    assert not any(other in result.err for other in others)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("middlesborough-dhr-3/05", "middlesbrough-dhr-3/05"),
        ("north-tynside-dhr-4/t3-12", "north-tyneside-dhr-4/t3-12"),
        ("nowhere/99", ""),
        ("99", ""),
        ("/", ""),
        ("", ""),
        ("dhr-3/", ""),
        ("dhr-3/5/1", ""),
        ("iddlesbroug/5", ""),
    ],
)
def test_an_unknown_id_is_refused_with_the_nearest(run: "Run", word: str, expected: str) -> None:
    result = run("show", word)
    assert (result.code, result.out) == (2, "")
    assert f'there is no recommendation "{word}"' in result.err
    assert expected in result.err


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("a-1", "newtown-dardr-2/a-1"),
        ("dardr-2/1", "newtown-dardr-2/a-1"),
        ("newtown-dhr-1/1", "newtown-dhr-1/01"),
        ("a/10", "anytown-dhr-1/10"),
        ("anytown/1", "anytown-dhr-1/01"),
        ("11", "anytown-dhr-1/11"),
    ],
)
def test_an_id_needs_no_more_than_tells_it_from_the_others(word: str, expected: str) -> None:
    assert query.find_recommendation(word, register()).id == expected


@pytest.mark.parametrize(
    ("word", "candidates"),
    [
        ("1", ["anytown-dhr-1/01", "newtown-dhr-1/01"]),
        ("dhr-1/02", ["anytown-dhr-1/02", "newtown-dhr-1/02"]),
        ("dardr-2/a", ["newtown-dardr-2/a-1", "newtown-dardr-2/a-2"]),
    ],
)
def test_the_same_number_in_several_reviews_is_refused_with_the_candidates(word: str, candidates: list[str]) -> None:
    with pytest.raises(DhrError) as refused:
        query.find_recommendation(word, register())
    named = str(refused.value).removeprefix(f'"{word}" can mean ').removesuffix("; write more of the id")
    assert named.split(", ") == candidates


def test_every_recommendation_is_found_by_its_own_id() -> None:
    for record in register().recommendations:
        assert query.find_recommendation(record.id, register()) is record


# What cannot be read


def test_a_review_file_that_cannot_be_read_does_not_hide_its_recommendations(run: "Run", write: "Write") -> None:
    root = write({**FILES, f"{REVIEWS}/anytown-dhr-1/review.yaml": "title: [\n"})
    for arguments in (["show", "anytown-dhr-1/01"], ["show", "anytown/10"], ["list", "review:anytown-dhr-1"]):
        result = run(*arguments, "--json", cwd=root)
        assert result.code == 1
        assert f"{REVIEWS}/anytown-dhr-1/review.yaml:2:1: error invalid-yaml" in result.err
        assert {item["review"] for item in json.loads(result.out)["items"]} == {"anytown-dhr-1"}


def test_an_agency_file_that_cannot_be_read_does_not_hide_its_recommendations(run: "Run", write: "Write") -> None:
    root = write({**FILES, "register/agencies/anytown-housing.yaml": "name: [\n"})
    result = run("list", "agency:anytown-housing", "--json", cwd=root)
    assert result.code == 1
    assert "register/agencies/anytown-housing.yaml:2:1: error invalid-yaml" in result.err
    assert [item["number"] for item in json.loads(result.out)["items"]] == ["10", "11", "01"]


def test_a_query_reads_the_register_above_the_current_folder(run: "Run", write: "Write") -> None:
    root = write(FILES)
    result = run("list", "agency:AnyPol", "--as-of", "2024-06-30", "--json", cwd=root / REVIEWS)
    assert numbers(result) == ["01", "10", "02"]


# What people take for the same text


def test_queries_ids_and_names_compare_alike_whatever_was_typed() -> None:
    agency = Agency(
        id="womens-aid",
        path="register/agencies/womens-aid.yaml",
        name="Women\u2019s Aid \u2013 Caf\u00e9",
        kind="other",
    )
    record = Recommendation(
        id="anytown-dhr-1/01",
        review="anytown-dhr-1",
        number="01",
        path="register/reviews/anytown-dhr-1/recommendations/01.yaml",
        recommendation="That \u201cThe Caf\u00e9\u201d is told \u2014 and the Women\u2019s Aid.",
        section="Women\u2019s Aid \u2013 Caf\u00e9",
        lead_agencies=("womens-aid",),
        status=Status.IN_PROGRESS,
    )
    register = Register(agencies={agency.id: agency}, recommendations=(record,))
    day = date(2024, 6, 30)
    found = judge_record(record, register, day)
    for word in (
        "agency:Women's Aid - Cafe\u0301",
        "lead:WOMEN\u02bcS  AID \u2014 CAF\u00c9",
        "section:Women's Aid - Cafe\u0301",
        'That "The Cafe\u0301" is told - and',
        "women's aid",
        "review:anytown\u2013dhr\u20111",
        "status:in\u2013progress",
        "is:no\u2011target\u2013date",
        "\u2013status:complete",
    ):
        assert query.compile_query([word], register, day)(record, found), word
    assert not query.compile_query(["\u2212agency:womens\u2010aid"], register, day)(record, found)
    assert query.find_recommendation("ANYTOWN\u2013DHR\u20131/1", register) is record
    assert query.find_agency("Women\u00b4s Aid - Caf\u00e9", register) == "womens-aid"
