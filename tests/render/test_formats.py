"""The answers as text: golden files for every format, and the contract that programs rely on, key by key."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from conftest import RICH, without_style
from ruamel.yaml import YAML

from dhrctl.files import load
from dhrctl.render import formats
from dhrctl.render.formats import Screen
from dhrctl.reports import answers, counts, view
from dhrctl.storage import disk

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Golden, Result, Run

    from dhrctl.table import Report

DAY = "2025-06-30"
SUFFIXES = {"table": "txt", "json": "json", "jsonl": "jsonl", "csv": "csv", "md": "md", "html": "html"}

ANSWERS: dict[str, tuple[str, ...]] = {
    "status": ("status", "--as-of", DAY),
    "status-by-agency": ("status", "--by", "agency", "--as-of", DAY),
    "overdue": ("overdue", "--as-of", DAY),
    "overdue-within-3m": ("overdue", "--within", "3m", "--as-of", DAY),
    "list": ("list", "--as-of", DAY),
    "list-of-none": ("list", "--as-of", DAY, "no such words"),
    "show-much": ("show", "anytown-dhr-1/01", "--as-of", DAY),
    "show-little": ("show", "otherton-dardr-2/t1-02", "--as-of", DAY),
    "check": ("check", "--as-of", DAY),
    "check-later": ("check", "--as-of", "2026-01-01"),
}
ENVELOPE = ["schema", "as_of", "commit", "count", "items"]
ITEM = [
    *("id", "review", "number", "section", "recommendation", "scope", "level", "status", "assurance"),
    *("lead_agencies", "supporting_agencies", "current_leads", "responsible"),
    *("start_date", "target_date", "completion_date", "review_date"),
    *("timeliness", "rag", "flags", "days_overdue", "last_update", "path"),
]
FURTHER = {
    *("actions", "milestones", "outcomes", "measures", "evidence", "related", "superseded_by"),
    *("as_stated", "source", "waivers", "updates"),
}
LISTS = ("lead_agencies", "supporting_agencies", "current_leads", "responsible", "flags")
STATUSES = ["not-started", "in-progress", "on-hold", "complete", "superseded", "not-accepted", "cancelled", "unknown"]
TIMELINESS = ["overdue", "due-soon", "on-track", "no-target-date", "in-time", "late", "not-known", "closed"]
RAG = {"blue", "red", "amber", "green", "grey"}


def answered(run: Run, *arguments: str, code: int = 0) -> Result:
    result = run(*arguments, cwd=RICH)
    assert (result.code, result.err) == (code, "")
    return result


def answer(run: Run, *arguments: str) -> Any:
    return json.loads(answered(run, *arguments, "--as-of", DAY, "--json").out)


@pytest.mark.parametrize("form", SUFFIXES)
@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_written_as_its_golden_file(run: Run, golden: Golden, name: str, form: str) -> None:
    code = 1 if name.startswith("check") else 0
    out = answered(run, *ANSWERS[name], "--format", form, code=code).out
    golden(f"{name}.{SUFFIXES[form]}", without_style(out))


@pytest.fixture(scope="module")
def asked() -> view.View:
    register = load.read_register(disk.read_tree(RICH)).register
    return view.build_view(register, date.fromisoformat(DAY))


@pytest.mark.parametrize("name", ["status", "overdue", "list"])
def test_a_terminal_gets_tables_as_their_golden_files(asked: view.View, golden: Golden, name: str) -> None:
    reports: dict[str, Report] = {
        "status": counts.status(asked),
        "overdue": answers.overdue(asked),
        "list": answers.list_recommendations(asked),
    }
    shown = formats.FORMATS["table"](reports[name], Screen(terminal=True, width=80))
    assert max(map(len, shown.splitlines())) <= 80
    golden(f"{name}.terminal.txt", shown)


# What programs rely on


@pytest.mark.parametrize("command", [("list",), ("overdue",), ("show", "anytown-dhr-1/01")])
def test_the_envelope_has_its_keys_and_counts_its_items(run: Run, command: tuple[str, ...]) -> None:
    envelope = answer(run, *command)
    assert list(envelope) == ENVELOPE
    assert envelope["schema"] == 1
    assert envelope["as_of"] == DAY
    assert envelope["commit"] is None
    assert envelope["count"] == len(envelope["items"]) > 0


@pytest.mark.parametrize("command", [("list",), ("overdue",), ("overdue", "--within", "9w")])
def test_an_item_has_its_keys_in_order_and_nothing_else(run: Run, command: tuple[str, ...]) -> None:
    for item in answer(run, *command)["items"]:
        assert list(item) == ITEM


def test_an_item_says_what_its_file_says_and_what_is_judged_of_it(run: Run) -> None:
    (item,) = answer(run, "list", "checked by a supervisor")["items"]
    assert item == {
        "id": "anytown-dhr-1/01",
        "review": "anytown-dhr-1",
        "number": "01",
        "section": "Police",
        "recommendation": "That every risk assessment is checked by a supervisor, so that:\n\n"
        "- nothing is missed;\n- the reason for a grade is written down.",
        "scope": "local",
        "level": "single-agency",
        "status": "in-progress",
        "assurance": "evidenced",
        "lead_agencies": ["anytown-police"],
        "supporting_agencies": ["anytown-council", "anytown-ccg"],
        "current_leads": ["anytown-police"],
        "responsible": [
            {"role": "Head of Safeguarding", "name": "A. N. Officer", "agency": "anytown-police"},
            {"role": "Team leaders", "name": None, "agency": None},
            {"role": None, "name": "A. N. Other", "agency": "anytown-council"},
        ],
        "start_date": "2023-10",
        "target_date": "2025-03",
        "completion_date": None,
        "review_date": "2026",
        "timeliness": "overdue",
        "rag": "red",
        "flags": ["slipped", "stale"],
        "days_overdue": 136,
        "last_update": "2024-06-20",
        "path": "register/reviews/anytown-dhr-1/recommendations/01.yaml",
    }


@pytest.mark.parametrize(
    ("identity", "leads"),
    [
        ("anytown-dhr-1/05", ["anytown-icb"]),
        ("anytown-dhr-1/07", ["anytown-probation"]),
        ("anytown-dhr-1/08", ["all-agencies", "anytown-csp"]),
        ("otherton-dardr-2/t1-10", []),
    ],
)
def test_current_leads_are_ids_of_those_in_office(run: Run, identity: str, leads: list[str]) -> None:
    (item,) = answer(run, "show", identity)["items"]
    assert item["current_leads"] == leads


def test_what_is_absent_is_null_or_an_empty_list(run: Run) -> None:
    (item,) = answer(run, "show", "otherton-dardr-2/t1-10")["items"]
    given = {
        *("id", "review", "number", "section", "recommendation", "scope", "status", "assurance", "lead_agencies"),
        *("responsible", "target_date", "timeliness", "rag", "flags", "days_overdue", "path"),
    }
    absent = {key: value for key, value in item.items() if key not in given}
    lists = {*LISTS, *FURTHER} - {"as_stated", "source"}
    assert {key for key, value in absent.items() if value == []} >= lists & set(absent)
    assert {key: value for key, value in absent.items() if value not in (None, [])} == {}
    assert item["responsible"] == [{"role": "- night manager", "name": None, "agency": None}]


def test_a_recommendation_without_wording_is_null(run: Run) -> None:
    (item,) = answer(run, "show", "otherton-dardr-2/t1-02")["items"]
    assert item["recommendation"] is None


def test_show_has_every_further_field_and_the_updates(run: Run) -> None:
    (item,) = answer(run, "show", "anytown-dhr-1/01")["items"]
    assert list(item)[: len(ITEM)] == ITEM
    assert set(item) == {*ITEM, *FURTHER}
    assert item["actions"][:2] == [
        {
            "text": "Write the checklist.",
            "lead_agency": "anytown-police",
            "target_date": "2024-01",
            "status": "complete",
            "completion_date": "2024-01-20",
        },
        {
            "text": "Sample ten assessments a month, for a year.",
            "lead_agency": None,
            "target_date": "2025-02-14",
            "status": None,
            "completion_date": None,
        },
    ]
    assert item["milestones"] == [
        {"text": "Checklist agreed.", "date": "2024-01"},
        {"text": "First sample taken.", "date": None},
    ]
    assert item["evidence"][1] == {
        "kind": "minutes-or-signoff",
        "title": "Minutes of the board",
        "date": None,
        "held_by": None,
        "url": None,
    }
    assert item["related"] == ["anytown-dhr-1/02", "otherton-dardr-2/t1-01"]
    assert list(item["as_stated"].items()) == [
        ("Lead", "Head of Safeguarding (A. N. Officer) / team leaders"),
        ("End date", "Mar 2025"),
    ]
    assert item["source"] == {"row": "No 1", "lines": [7, 8, 12]}


def test_show_gives_each_update_whole_and_the_oldest_first(run: Run) -> None:
    (item,) = answer(run, "show", "anytown-dhr-1/01")["items"]
    assert [update["date"] for update in item["updates"]] == ["2023-12-15", "2024-06-20", "2024-06-20"]
    by_agency = {(update["date"], update["agency"]): update for update in item["updates"]}
    full = by_agency["2024-06-20", "anytown-police"]
    given = {
        "date": "2024-06-20",
        "agency": "anytown-police",
        "by": None,
        "text": "The trial took longer than planned.\n\n- Two teams are left.",
        "status": None,
        "target_date": "2025-03",
        "completion_date": None,
        "assurance": "evidenced",
        "lead_agencies": ["anytown-police"],
        "reason": "Two teams joined late.",
        "evidence": [
            {
                "kind": "internal-review",
                "title": "Review of the trial",
                "date": "2024-06",
                "held_by": "Anytown Police",
                "url": None,
            }
        ],
    }
    assert {key: full[key] for key in given} == given


def test_show_gives_waivers_and_what_supersedes(run: Run) -> None:
    (waived,) = answer(run, "show", "anytown-dhr-1/12")["items"]
    assert waived["waivers"] == [
        {
            "rule": "target-before-start",
            "reason": "The plan says so; the partnership will ask the council.",
            "until": "2025-12-31",
        }
    ]
    (superseded,) = answer(run, "show", "anytown-dhr-1/06")["items"]
    assert superseded["superseded_by"] == ["otherton-dardr-2/t1-01"]


@pytest.mark.parametrize("by", ["review", "agency", "section", "status"])
def test_status_has_its_keys_and_every_word_is_counted(run: Run, by: str) -> None:
    envelope = answer(run, "status", "--by", by)
    assert {"schema", "as_of", "commit", "groups", "total"} <= set(envelope)
    assert (envelope["schema"], envelope["as_of"], envelope["commit"]) == (1, DAY, None)
    for group in envelope["groups"]:
        assert list(group) == ["key", "label", "total", "by_status", "by_timeliness", "by_rag"]
    assert list(envelope["total"]) == ["total", "by_status", "by_timeliness", "by_rag"]
    for counted in (*envelope["groups"], envelope["total"]):
        assert list(counted["by_status"]) == STATUSES
        assert list(counted["by_timeliness"]) == TIMELINESS
        assert set(counted["by_rag"]) == RAG
        for part in ("by_status", "by_timeliness", "by_rag"):
            assert sum(counted[part].values()) == counted["total"]


def test_status_counts_the_register_as_counted_by_hand(run: Run) -> None:
    envelope = answer(run, "status")
    assert envelope["total"] == {
        "total": 15,
        "by_status": dict(zip(STATUSES, (1, 5, 1, 3, 1, 1, 1, 2), strict=True)),
        "by_timeliness": dict(zip(TIMELINESS, (3, 1, 3, 2, 1, 1, 1, 3), strict=True)),
        "by_rag": {"blue": 3, "red": 3, "amber": 2, "green": 2, "grey": 5},
    }
    assert [(group["key"], group["label"], group["total"]) for group in envelope["groups"]] == [
        ("anytown-dhr-1", "Anytown DHR 1 Action Plan", 12),
        ("otherton-dardr-2", "Otherton DARDR 2: plan for “A & B”", 3),
    ]


def test_a_joint_lead_counts_under_each_agency_and_once_in_the_total(run: Run) -> None:
    envelope = answer(run, "status", "--by", "agency")
    totals = {group["key"]: group["total"] for group in envelope["groups"]}
    assert totals["all-agencies"] == 1
    assert totals["anytown-csp"] == 3
    assert sum(totals.values()) == envelope["total"]["total"] + 1


def test_commitments_are_told_beside_the_counts_and_never_in_them(run: Run) -> None:
    envelope = answer(run, "status")
    assert [commitment["status"] for commitment in envelope["commitments"]] == ["in-progress", "unknown"]
    assert envelope["total"]["total"] == len(answer(run, "list")["items"])


@pytest.mark.parametrize(
    ("day", "code", "found"),
    [
        ("2025-12-31", 0, [("target-before-start", 7, 14, True)]),
        ("2026-01-01", 1, [("target-before-start", 7, 14, False), ("waiver-expired", 12, 12, False)]),
    ],
)
def test_check_has_its_keys_and_counts_a_waived_finding_nowhere_else(
    run: Run, day: str, code: int, found: list[tuple[str, int, int, bool]]
) -> None:
    rules = ("--rule", "target-before-start", "--rule", "waiver-expired")
    envelope = json.loads(answered(run, "check", *rules, "--as-of", day, "--json", code=code).out)
    assert set(envelope) == {"schema", "as_of", "commit", "files", "findings", "counts", "known"}
    assert envelope["files"] == sum(path.is_file() for path in (RICH / "register").rglob("*"))
    waived = sum(finding[3] for finding in found)
    assert envelope["counts"] == {"error": len(found) - waived, "warning": 0, "info": 0, "waived": waived}
    for finding in envelope["findings"]:
        assert list(finding) == ["rule", "severity", "path", "line", "column", "message", "id", "waived"]
        assert finding["severity"] == "error"
        assert finding["path"] == "register/reviews/anytown-dhr-1/recommendations/12.yaml"
        assert finding["id"] == "anytown-dhr-1/12"
    told = [(each["rule"], each["line"], each["column"], each["waived"]) for each in envelope["findings"]]
    assert told == found


def test_a_finding_about_no_recommendation_has_no_id(run: Run, tmp_path: Path) -> None:
    shutil.copytree(RICH / "register", tmp_path / "register")
    (tmp_path / "register" / "agencies" / "anytown-icb.yaml").write_text("name: Anytown ICB\n", encoding="utf-8")
    result = run("check", "--rule", "missing-key", "--json", "--as-of", DAY, cwd=tmp_path)
    (finding,) = json.loads(result.out)["findings"]
    assert (result.code, finding["rule"], finding["id"]) == (1, "missing-key", None)


@pytest.mark.parametrize("name", ["list", "list-of-none", "overdue", "show-much", "check-later", "status"])
def test_json_lines_are_the_bare_items(run: Run, name: str) -> None:
    envelope = json.loads(run(*ANSWERS[name], "--json", cwd=RICH).out)
    lines = run(*ANSWERS[name], "--format", "jsonl", cwd=RICH).out.splitlines()
    items = next(envelope[key] for key in ("items", "findings", "groups") if key in envelope)
    assert [json.loads(line) for line in lines] == items
    assert [list(json.loads(line)) for line in lines] == [list(item) for item in items]


# CSV


def cells(run: Run, *arguments: str) -> list[dict[str, str]]:
    out = answered(run, *arguments, "--as-of", DAY, "--format", "csv").out
    return list(csv.DictReader(io.StringIO(out, newline="")))


def test_csv_has_the_items_keys_as_its_header_also_where_nothing_matches(run: Run) -> None:
    out = answered(run, "list", "--as-of", DAY, "--format", "csv").out
    assert out.startswith(",".join(ITEM) + "\n")
    assert answered(run, "list", "--as-of", DAY, "--format", "csv", "no such words").out == ",".join(ITEM) + "\n"


def test_csv_joins_lists_and_says_people_as_far_as_they_are_known(run: Run) -> None:
    row = next(row for row in cells(run, "list") if row["id"] == "anytown-dhr-1/01")
    assert row["responsible"] == (
        "Head of Safeguarding, A. N. Officer, anytown-police; Team leaders; A. N. Other, anytown-council"
    )
    assert row["supporting_agencies"] == "anytown-council; anytown-ccg"
    assert row["flags"] == "slipped; stale"
    assert (row["days_overdue"], row["completion_date"]) == ("136", "")


def test_csv_has_every_item_that_json_has_with_its_texts_whole(run: Run) -> None:
    items = answer(run, "list")["items"]
    for item, row in zip(items, cells(run, "list"), strict=True):
        for key in ITEM:
            if key not in LISTS:
                value = item[key]
                assert row[key] == ("" if value is None else str(value))


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+441234", "'+441234"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("  =1+1", "'  =1+1"),
        ("\t=1+1", "'\t=1+1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("1 = 1", "1 = 1"),
        ("a-b", "a-b"),
        ("'quoted'", "'quoted'"),
        ("5 % = little", "5 % = little"),
    ],
)
def test_a_csv_cell_that_a_spreadsheet_would_work_out_is_made_harmless(
    run: Run, tmp_path: Path, text: str, cell: str
) -> None:
    shutil.copytree(RICH / "register", tmp_path / "register")
    record = tmp_path / "register/reviews/otherton-dardr-2/recommendations/t1-10.yaml"
    written = record.read_text(encoding="utf-8")
    record.write_text(
        written.replace("That calls at night are answered.", json.dumps(text)).replace('"- night manager"', "Manager"),
        encoding="utf-8",
    )
    out = run("list", "--format", "csv", "--as-of", DAY, "review:otherton-dardr-2", cwd=tmp_path).out
    row = list(csv.DictReader(io.StringIO(out, newline="")))[2]
    assert (row["recommendation"], row["responsible"]) == (cell, "Manager")


def test_a_joined_csv_cell_is_made_harmless_too(run: Run) -> None:
    row = next(row for row in cells(run, "list") if row["id"] == "otherton-dardr-2/t1-10")
    assert row["responsible"] == "'- night manager"


# For people


def words_of(value: Any) -> list[str]:
    """Return every text in a record's data, without line breaks."""
    if isinstance(value, dict):
        return [word for part in value.values() for word in words_of(part)]
    if isinstance(value, list):
        return [word for part in value for word in words_of(part)]
    return [" ".join(str(value).split())]


def flattened(text: str) -> str:
    """Return shown text without the signs of its format, for a search."""
    text = re.sub(r"<li>", " - ", text.replace("\\", ""))
    text = re.sub(r"<br>|\||</?(?:ul|li|p)>", " ", text)
    return " ".join(text.split())


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_show_says_every_value_of_the_record_and_its_updates_to_people(run: Run, form: str) -> None:
    review = RICH / "register/reviews/anytown-dhr-1"
    names = {
        "anytown-police": "AP",
        "anytown-council": "Anytown Council",
        "anytown-ccg": "Anytown CCG",
    }
    files = [review / "recommendations/01.yaml", *sorted((review / "updates/01").iterdir())]
    said = flattened(answered(run, "show", "anytown-dhr-1/01", "--as-of", DAY, "--format", form).out)
    unsaid = {
        word
        for file in files
        for word in words_of(YAML(typ="safe").load(file))
        if names.get(word, word) not in said and word.replace("-", " ") not in said
    }
    assert unsaid == set()


def test_show_says_of_each_action_whether_it_is_done_and_when(run: Run) -> None:
    out = answered(run, "show", "anytown-dhr-1/01", "--as-of", DAY).out
    (line,) = re.findall(r"Write the checklist\.\n +(.*)", out)
    assert "complete" in line
    assert "2024-01-20" in line


@pytest.mark.parametrize("command", [("show", "anytown-dhr-1/07"), ("render", "action-plan", "is:due-soon")])
def test_the_target_that_was_promised_is_said_also_where_an_action_falls_due_earlier(
    run: Run, command: tuple[str, ...]
) -> None:
    assert "2025-12" in answered(run, *command, "--as-of", DAY).out.partition("Promised outside")[0]


def test_the_action_plan_of_each_review_has_its_sections_in_their_printed_order(run: Run) -> None:
    out = answered(run, "render", "action-plan", "--as-of", DAY).out
    headings = re.findall(r"^##? (.+)$", out, flags=re.MULTILINE)
    assert [heading for heading in headings if not heading.startswith(("Promised", "Notes"))] == [
        *("Anytown DHR 1 Action Plan", "Partnership", "Police", "Health"),
        *("Otherton DARDR 2: plan for “A \\& B”", "Table 1: Systems"),
    ]


@pytest.mark.parametrize(
    ("command", "counted"),
    [
        (("status",), ["15 recommendations"]),
        (("render", "summary"), ["15 recommendations"]),
        (("render", "action-plan"), ["12 recommendations", "3 recommendations"]),
    ],
    ids=" ".join,
)
def test_what_is_promised_outside_the_recommendations_stands_beside_them(
    run: Run, command: tuple[str, ...], counted: list[str]
) -> None:
    out = answered(run, *command, "--as-of", DAY).out
    assert "The panel will ask the Probation Service how the work was handed over." in out
    assert re.findall("[0-9]+ recommendations", out) == counted


@pytest.mark.parametrize("form", ["table", "md", "html"])
@pytest.mark.parametrize("command", ["list", "overdue", "status"])
def test_the_rule_for_rag_stands_with_every_report(run: Run, command: str, form: str) -> None:
    out = answered(run, command, "--as-of", DAY, "--format", form).out
    assert "overdue is red" in " ".join(out.split())
