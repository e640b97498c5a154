"""Files that other programs open: each is opened by something else, and holds data as text and nothing more."""

import csv
import io
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import docx
import feedparser
import openpyxl
import pytest
from conftest import ROOT
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from dhrctl.export import ics
from dhrctl.export.formats import FILES
from dhrctl.files import load
from dhrctl.model import dates, records
from dhrctl.model.audience import Audience
from dhrctl.model.edtf import When
from dhrctl.model.history import Version
from dhrctl.model.records import Register
from dhrctl.model.status import RAG_RULE, Flag, Rag, Timeliness
from dhrctl.reports import rows, view
from dhrctl.reports.view import View
from dhrctl.storage import disk
from dhrctl.text.escape import escape_hidden, escape_number
from dhrctl.text.invisible import HIDDEN

RICH = ROOT / "tests" / "registers" / "rich"
DAY = date(2025, 6, 30)
Run = Callable[..., Any]


def register_of(folder: Path) -> Register:
    return load.read_register(disk.read_tree(folder)).register


def asked(register: Register, day: date = DAY, **changes: Any) -> View:
    return replace(view.build_view(register, day), audience=Audience.PARTNERS, **changes)


@pytest.fixture(scope="module")
def rich() -> View:
    return asked(register_of(RICH))


def made(form: str, about: View, timelines: Mapping[str, Any] | None = None) -> bytes:
    return FILES[form].write(about, timelines or {})


# The command


def test_without_a_format_the_formats_are_listed(run: Run) -> None:
    assert [line.split()[0] for line in run("export").out.splitlines()] == list(FILES)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("xls", "--out", "x.xlsx"), 2, 'no format "xls"; did you mean "xlsx"|there is no format "xls"'),
        (("xlsx",), 2, r"say where to write it: --out FILE\.xlsx$"),
        (("csv",), 2, r"say where to write it: --out FILE\.csv, or --out - for standard output$"),
        (("docx", "--out", "-"), 2, r"docx is not text, .*; name a file: --out FILE\.docx$"),
        (("csv", "--out", "register/x.csv"), 2, "inside register/"),
        (("csv", "--out", "nowhere/x.csv"), 2, "there is no folder nowhere"),
        (("csv", "--out", "-", "zzz:1"), 2, "zzz"),
        (("csv", "--out", "-", "--audience", "everyone"), 2, "everyone"),
    ],
)
def test_what_cannot_be_done_is_refused(
    arguments: tuple[str, ...], code: int, said: str, run: Run, anytown: Path
) -> None:
    result = run("export", *arguments, cwd=anytown)
    assert result.code == code
    assert result.out == ""
    assert re.search(said, result.err.splitlines()[-1].partition("; see:")[0]), result.err


@pytest.mark.parametrize(("form", "library"), [("xlsx", "xlsxwriter"), ("docx", "docx")])
def test_without_the_office_extra_a_sentence_says_how_to_install_it(
    form: str, library: str, run: Run, anytown: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == library]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("dhrctl.export.xlsx", "dhrctl.export.docx"):
        monkeypatch.delitem(sys.modules, name, raising=False)
        monkeypatch.delattr(sys.modules["dhrctl.export"], name.rpartition(".")[2], raising=False)
    monkeypatch.setitem(sys.modules, library, None)
    result = run("export", form, "--out", "x", cwd=anytown)
    assert (result.code, result.out) == (4, "")
    assert "pip install 'dhrctl[office]'" in result.err
    assert not (anytown / "x").exists()


@pytest.mark.parametrize("form", FILES)
def test_every_format_is_written_whole_and_narrowed_by_a_query(form: str, run: Run, anytown: Path) -> None:
    result = run("export", form, "--out", f"all.{form}", "--as-of", "2024-01-10", cwd=anytown)
    assert (result.code, result.out) == (0, "")
    assert ("git knows nothing" in result.err) is (form == "atom")
    assert run("export", form, "--out", f"none.{form}", "is:closed", cwd=anytown).code == 0
    assert (anytown / f"all.{form}").read_bytes() != (anytown / f"none.{form}").read_bytes()
    assert sorted(path.name for path in anytown.iterdir()) == [f"all.{form}", f"none.{form}", "register"]


@pytest.mark.parametrize("form", [form for form, found in FILES.items() if found.text])
def test_text_goes_to_standard_output_as_to_a_file(form: str, run: Run, anytown: Path) -> None:
    arguments = ("export", form, "--as-of", "2024-01-10")
    run(*arguments, "--out", "x", cwd=anytown)
    written = (anytown / "x").read_bytes().decode()
    assert run(*arguments, "--out", "-", cwd=anytown).out == written


@pytest.mark.parametrize("form", FILES)
def test_the_same_register_and_day_give_the_same_bytes(form: str, rich: View, monkeypatch: pytest.MonkeyPatch) -> None:
    first = made(form, rich)
    later = time.time() + 100_000
    monkeypatch.setattr(time, "time", lambda: later)
    assert made(form, rich) == first


@pytest.mark.parametrize("form", [form for form in FILES if form not in {"csv", "jsonl"}])
@pytest.mark.parametrize(("commit", "said"), [("0" * 40, "0" * 40), (None, "")])
def test_every_file_says_of_when_it_is_and_how_it_was_judged(form: str, commit: str | None, said: str) -> None:
    content = made(form, asked(register_of(RICH), commit=commit))
    faces = [content]
    if zipfile.is_zipfile(io.BytesIO(content)):
        archive = zipfile.ZipFile(io.BytesIO(content))
        faces = [archive.read(name) for name in archive.namelist()]
    text = re.sub("\r\n ", "", "\n".join(face.decode("utf-8", "replace") for face in faces)).replace("\\", "")
    assert "2025-06-30" in text
    assert said in text
    assert "not for publication" in text
    assert RAG_RULE[:40] in text


def test_an_export_of_what_is_committed_says_at_which_commit(run: Run, repository: Callable[..., Any]) -> None:
    held = repository()
    held.adopt()
    assert json.loads(run("export", "json", "--out", "-", cwd=held.root).out)["commit"] == held.git("rev-parse", "HEAD")


def test_rows_say_of_when_they_are_and_for_whom(rich: View) -> None:
    lines = list(csv.DictReader(io.StringIO(made("csv", rich).decode())))
    objects = [json.loads(line) for line in made("jsonl", rich).decode().splitlines()]
    assert len(lines) == len(objects) == len(rich.judged)
    assert {(each["as_of"], each["commit"], each["audience"]) for each in lines} == {("2025-06-30", "", "partners")}
    assert {(each["as_of"], each["commit"], each["audience"]) for each in objects} == {("2025-06-30", None, "partners")}


def test_json_is_the_list_with_what_it_says_of_itself(run: Run) -> None:
    listed = json.loads(run("list", "--json", "--as-of", "2025-06-30", cwd=RICH).out)
    exported = json.loads(run("export", "json", "--out", "-", "--as-of", "2025-06-30", cwd=RICH).out)
    assert {key: exported[key] for key in listed} == {**listed, "commit": exported["commit"]}
    assert set(exported) - set(listed) == {"title", "query", "audience", "made_for", "rule"}


@pytest.mark.parametrize(("more", "told"), [("", True), ("# Not committed.\n", False)], ids=["committed", "changed"])
def test_a_file_of_what_is_committed_names_the_commit(
    run: Run, repository: Callable[..., Any], more: str, *, told: bool
) -> None:
    held = repository()
    held.adopt()
    record = held.root / "register/reviews/anytown-dhr-1/recommendations/01.yaml"
    record.write_text(record.read_text(encoding="utf-8") + more, encoding="utf-8")
    exported = json.loads(run("export", "json", "--out", "-", cwd=held.root).out)
    assert exported["commit"] == (held.git("rev-parse", "HEAD").strip() if told else None)


# Workbooks, opened by openpyxl


@pytest.fixture(scope="module")
def workbook(rich: View) -> Any:
    return openpyxl.load_workbook(io.BytesIO(made("xlsx", rich)))


def by_head(sheet: Any, row: int) -> dict[str, Any]:
    return {head.value: cell for head, cell in zip(sheet[1], sheet[row], strict=True)}


def test_a_workbook_has_the_plan_what_is_overdue_and_the_agencies(workbook: Any, rich: View) -> None:
    assert workbook.properties.created.date() == rich.day
    assert workbook.sheetnames == ["Plan", "Overdue", "Agencies", "About"]
    ids = [cell.value for cell in workbook["Plan"]["A"][1:]]
    assert ids == [judged.record.id for judged in rich.judged]
    late = [judged for judged in rich.judged if judged.progress.timeliness is Timeliness.OVERDUE]
    days = [by_head(workbook["Overdue"], row)["Days overdue"].value for row in range(2, len(late) + 2)]
    assert days == sorted((judged.progress.days_overdue or 0 for judged in late), reverse=True)
    for name in workbook.sheetnames[:3]:
        sheet = workbook[name]
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.print_title_rows == "$1:$1"


def test_a_status_is_chosen_from_the_list(workbook: Any) -> None:
    (rule,) = workbook["Plan"].data_validations.dataValidation
    assert rule.formula1 == f'"{",".join(records.Status)}"'
    column = by_head(workbook["Plan"], 2)["Status"].column_letter
    assert str(rule.sqref) == f"{column}2:{column}{workbook['Plan'].max_row}"


def test_whole_dates_are_dates_and_others_are_text(workbook: Any) -> None:
    cells = {row[0].value: by_head(workbook["Plan"], row[0].row) for row in workbook["Plan"].iter_rows(min_row=2)}
    whole, rough = cells["anytown-dhr-1/11"]["Target date"], cells["anytown-dhr-1/01"]["Target date"]
    assert (whole.is_date, whole.value.date()) == (True, date(2025, 10, 31))
    assert (rough.data_type, rough.value) == ("s", "2025-03")
    assert cells["anytown-dhr-1/01"]["Due day"].value.date() == date(2025, 2, 14)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1899-12-31", "1899-12-31"), ("1900-02-28", "1900-02-28"), ("1900-03-01", date(1900, 3, 1)), ("9999", "9999")],
)
def test_a_day_that_a_workbook_counts_otherwise_is_text(text: str, expected: Any, rich: View) -> None:
    (judged, *_) = rich.judged
    record = replace(judged.record, start_date=dates.parse(text))
    about = replace(rich, judged=(replace(judged, record=record),))
    sheet = openpyxl.load_workbook(io.BytesIO(made("xlsx", about)))["Plan"]
    value = by_head(sheet, 2)["Start date"].value
    assert (value.date() if isinstance(expected, date) else value) == expected


@pytest.mark.parametrize("letter", ["x", "\U0001f600"])
def test_a_text_that_is_too_long_for_a_cell_is_cut_and_says_so(letter: str, rich: View) -> None:
    (judged, *_) = rich.judged
    record = replace(judged.record, outcomes=(letter * 10_000,) * 4)
    sheet = openpyxl.load_workbook(io.BytesIO(made("xlsx", replace(rich, judged=(replace(judged, record=record),)))))[
        "Plan"
    ]
    text = by_head(sheet, 2)["Outcomes"].value
    assert len(text.encode("utf-16-le")) // 2 in {32_766, 32_767}
    assert text.endswith("(cut: a cell holds no more)")


def test_a_workbook_of_nothing_is_one(rich: View) -> None:
    found = openpyxl.load_workbook(io.BytesIO(made("xlsx", replace(rich, judged=()))))
    assert [found[name].max_row for name in found.sheetnames[:3]] == [1, 1, 1]


# Documents, opened by python-docx


def test_a_document_is_the_official_table_of_each_plan(rich: View) -> None:
    document = docx.Document(io.BytesIO(made("docx", rich)))
    section = document.sections[0]
    assert (section.page_width or 0) > (section.page_height or 0)
    assert document.core_properties.title == "Anytown action register"
    assert document.core_properties.language == "en-GB"
    languages = {each.get(qn("w:val")) for each in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}
    heads = [[cell.text for cell in table.rows[0].cells] for table in document.tables]
    assert heads[0][:8] == [
        "No",
        "Recommendation",
        "Scope",
        "Action to take",
        "Lead agency",
        "Key milestones achieved",
        "Target date",
        "Date of completion and outcome",
    ]
    for table in document.tables:
        assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
    titles = [each.text for each in document.paragraphs if each.style and each.style.name == "Heading 1"]
    assert titles == ["Anytown DHR 1 Action Plan", "Otherton DARDR 2: plan for “A & B”"]
    said = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert all(
        judged.record.recommendation.split("\n")[0] in said for judged in rich.judged if judged.record.recommendation
    )


def test_every_table_of_a_document_is_as_wide_as_its_page(rich: View) -> None:
    document = docx.Document(io.BytesIO(made("docx", rich)))
    for table in document.tables:
        widths = [int(each.get(qn("w:w"))) for each in table._tbl.tblGrid.iter(qn("w:gridCol"))]
        assert 14_900 < sum(widths) <= 15_137
        assert min(widths) > 400


def test_a_document_of_nothing_is_one(rich: View) -> None:
    document = docx.Document(io.BytesIO(made("docx", replace(rich, judged=(), words=("is:x",)))))
    assert "No recommendation matches." in [each.text for each in document.paragraphs]


# Calendars, opened by icalendar


def events(content: bytes) -> dict[str, Any]:
    found = list(Calendar.from_ical(content).walk("VEVENT"))
    assert len({str(each["UID"]) for each in found}) == len(found)
    return {str(each["UID"]): each for each in found}


def test_a_calendar_holds_the_dates_of_open_recommendations(rich: View) -> None:
    found = events(made("ics", rich))
    still = [judged.record for judged in rich.judged if judged.record.status.is_open]
    wanted = {
        f"{record.id.replace('/', '.')}.target@dhrctl": record.target_date for record in still if record.target_date
    }
    wanted |= {
        f"{record.id.replace('/', '.')}.review@dhrctl": record.review_date for record in still if record.review_date
    }
    assert {uid: event["DTSTART"].dt for uid, event in found.items()} == {uid: at.last for uid, at in wanted.items()}
    for uid, event in found.items():
        assert ("this is its last day" in event["DESCRIPTION"]) is (wanted[uid].first != wanted[uid].last)
        assert "DTEND" not in event  # of one day, also on the last of the calendar
        assert "not for publication" in event["DESCRIPTION"]


def test_an_event_is_updated_in_place(rich: View) -> None:
    first, later = events(made("ics", rich)), events(made("ics", replace(rich, day=DAY + timedelta(days=1))))
    assert set(first) == set(later)
    assert {int(later[uid]["SEQUENCE"]) - int(first[uid]["SEQUENCE"]) for uid in first} == {1}
    assert {str(event["DTSTAMP"].dt) for event in first.values()} == {"2025-06-30 00:00:00+00:00"}


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1999, 12, 31), date.max])
def test_any_day_can_be_written(day: date, rich: View) -> None:
    (judged, *_) = rich.judged
    record = replace(judged.record, target_date=When(day, day, day.isoformat()))
    content = made("ics", replace(rich, day=day, judged=(replace(judged, record=record),)))
    assert all(int(event["SEQUENCE"]) >= 0 for event in events(content).values())
    assert f"DTSTART;VALUE=DATE:{day.isoformat().replace('-', '')}".encode() in content


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a; b, c: d", "a\\; b\\, c: d"),
        ("a\\n", "a\\\\n"),
        ("one\ntwo", "one\\ntwo"),
        ("a\rb\x00", "a<U+000D>b<U+0000>"),
    ],
)
def test_a_value_ends_neither_its_line_nor_itself(text: str, expected: str) -> None:
    assert ics._text(text) == expected


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=300))
def test_a_line_is_folded_after_at_most_75_bytes_and_reads_as_before(line: str) -> None:
    folded = ics._fold_line(line)
    assert all(len(part.encode()) <= 75 for part in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == line


# Feeds, opened by feedparser


def version(record: records.Recommendation, day: date, **changes: Any) -> Version:
    return Version(day=day, commit=f"{day:%Y%m%d}", author="A. Author", record=replace(record, **changes))


def test_a_feed_tells_what_changed_newest_first(rich: View) -> None:
    record = next(judged.record for judged in rich.judged if judged.record.status is records.Status.IN_PROGRESS)
    versions = [
        version(record, date(2024, 1, 1), status=records.Status.NOT_STARTED),
        version(record, date(2024, 5, 1), status=records.Status.IN_PROGRESS),
    ]
    content = made("atom", rich, {record.id: versions})
    feed = feedparser.parse(content)
    assert (feed.bozo, feed.version) == (False, "atom10")
    assert feed.feed.title == "Anytown action register: what changed"
    days = [entry.updated for entry in feed.entries]
    assert days == sorted(days, reverse=True)
    assert feed.feed.updated == days[0]
    titles = {entry.title: entry for entry in feed.entries}
    (changed,) = [entry for title, entry in titles.items() if "status not started → in progress" in title]
    assert changed.content[0].value.endswith(record.recommendation.split("\n")[-1])
    assert titles[f"{record.id}: added"].updated == "2024-01-01T00:00:00Z"
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    assert b"A. Author" not in content


def test_an_entry_keeps_its_id(rich: View) -> None:
    first = feedparser.parse(made("atom", rich))
    later = feedparser.parse(made("atom", replace(rich, day=date(2026, 1, 1))))
    assert first.feed.id == later.feed.id
    assert {entry.id for entry in first.entries} <= {entry.id for entry in later.entries}


def test_a_feed_of_nothing_is_one(rich: View) -> None:
    feed = feedparser.parse(made("atom", replace(rich, judged=())))
    assert (feed.bozo, feed.entries, feed.feed.updated) == (False, [], "2025-06-30T00:00:00Z")


def test_a_feed_tells_what_git_knows(run: Run, repository: Callable[..., Any]) -> None:
    held = repository()
    held.adopt()
    path = "register/reviews/anytown-dhr-1/recommendations/01.yaml"
    text = (held.root / path).read_text(encoding="utf-8").replace("2024-03", "2024-09")
    held.commit({path: text}, "CANARY", "2024-02-10T12:00:00Z")
    result = run("export", "atom", "--out", "-", cwd=held.root)
    assert (result.code, result.err) == (0, "")
    titles = [entry.title for entry in feedparser.parse(result.out).entries]
    assert titles == ["anytown-dhr-1/01: target date 2024-03 → 2024-09 (6 months later)", "anytown-dhr-1/01: added"]
    then = run("export", "atom", "--out", "-", "--at", "2024-01-31", cwd=held.root)
    assert [entry.title for entry in feedparser.parse(then.out).entries] == ["anytown-dhr-1/01: added"]


# Databases, opened by sqlite3


def opened(content: bytes) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(content)
    return connection


@pytest.fixture(scope="module")
def held(rich: View) -> Any:
    connection = opened(made("sqlite", rich))
    yield connection
    connection.close()


def one(held: sqlite3.Connection, query: str) -> Any:
    return held.execute(query).fetchone()


def test_a_database_is_whole_and_every_reference_leads_somewhere(held: sqlite3.Connection, rich: View) -> None:
    assert one(held, "PRAGMA integrity_check") == ("ok",)
    assert held.execute("PRAGMA foreign_key_check").fetchall() == []
    assert one(held, "SELECT count(*) FROM recommendations") == (len(rich.judged),)
    assert one(held, "SELECT count(*) FROM updates") == (sum(len(each.record.updates) for each in rich.judged),)
    keys = [row[2] for row in held.execute("PRAGMA foreign_key_list (recommendation_lead_agencies)")]
    assert sorted(keys) == ["agencies", "recommendations"]


@pytest.mark.parametrize("word", [*Timeliness, *Flag, *(f"rag-{rag}" for rag in Rag)])
def test_there_is_a_view_for_each_judgement(word: str, held: sqlite3.Connection, rich: View) -> None:
    found = [row[0] for row in held.execute(f"SELECT id FROM {word.replace('-', '_')} ORDER BY id")]  # noqa: S608
    wanted = [
        judged.record.id
        for judged in rich.judged
        if word in (judged.progress.timeliness, f"rag-{judged.progress.rag}", *judged.progress.flags)
    ]
    assert found == sorted(wanted)


def test_every_text_is_found_by_the_index(held: sqlite3.Connection) -> None:
    search = "SELECT r.id FROM recommendations_fts f JOIN recommendations r ON r.rowid = f.rowid WHERE recommendations_fts MATCH ?"
    for word, identity in (("assessment", "01"), ("checklist", "01"), ("supervisors", "01"), ("trial", "01")):
        assert (f"anytown-dhr-1/{identity}",) in held.execute(search, (word,)).fetchall(), word
    assert held.execute(search, ("zzz",)).fetchall() == []


def test_every_field_of_every_record_has_a_column(held: sqlite3.Connection) -> None:
    columns = {
        table: {row[1] for row in held.execute(f"PRAGMA table_info ({table})")}
        for (table,) in held.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    }
    other = {
        "recommendations": {"responsible", "updates", "source"},
        "updates": {"id", "by"},
        "reviews": {"source"},
        "judgements": {"due"},
        "agency_successors": set(),
    }
    of = {
        "agencies": records.Agency,
        "agency_successors": records.Successor,
        "reviews": records.Review,
        "review_commitments": records.Commitment,
        "recommendations": records.Recommendation,
        "recommendation_responsible": records.Responsible,
        "recommendation_actions": records.Action,
        "recommendation_milestones": records.Milestone,
        "recommendation_evidence": records.Evidence,
        "recommendation_waivers": records.Waiver,
        "updates": records.Update,
        "update_evidence": records.Evidence,
        "abbreviations": records.Abbreviation,
    }
    owners = {"agencies": "agency", "reviews": "review", "recommendations": "recommendation", "updates": "update"}
    for table, record in of.items():
        for field in fields(record):
            lists = f"{owners.get(table)}_{field.name}"
            known = field.name in columns[table] | other.get(table, set()) or lists in columns
            assert known, f"{table} has no place for {field.name}"


def test_what_has_no_file_stands_there_by_its_id(rich: View) -> None:
    bare = replace(rich, register=replace(rich.register, agencies={}, reviews={}))
    held = opened(made("sqlite", bare))
    assert held.execute("PRAGMA foreign_key_check").fetchall() == []
    assert one(held, "SELECT title FROM reviews WHERE id = 'anytown-dhr-1'") == ("anytown-dhr-1",)
    assert one(held, "SELECT name FROM agencies WHERE id = 'anytown-police'") == ("anytown-police",)
    held.close()


def test_a_query_narrows_the_reviews_of_a_database(rich: View) -> None:
    some = replace(rich, words=("review:x",), judged=rich.judged[:1])
    held = opened(made("sqlite", some))
    assert held.execute("SELECT id FROM reviews").fetchall() == [("anytown-dhr-1",)]
    assert one(held, "SELECT said FROM about WHERE key = 'query'") == ("review:x",)
    held.close()


# Attacks: whatever stands in a text is text everywhere

ATTACKS = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1,2)",
    "\t=1+1",
    '=HYPERLINK("https://evil.example","x")',
    "{=1+1}",
    "<script>alert(1)</script>",
    "]]><![CDATA[<b>",
    "<w:p/></w:t></w:tc>",
    "&lt;&#60;&amp;",
    "_x003D_1+1",
    "https://evil.example/x",
    "'); DROP TABLE recommendations;--",
    "one\r\nBEGIN:VEVENT\r\nUID:evil\r\nEND:VEVENT",
    "one\nATTENDEE:mailto:a@evil.example",
    "a;b,c:d\\n\\;e",
    "\x00\x07\x1b[31m\x7f\x85",
    "a\ud800b",
    "\u202eright to left\u2066",
    "\u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u05e2\u05d1\u05e8\u05d9\u05ea",
    "\ufffe\uffff",
    "\U0001f600 e\u0301",
    "&L&P&A",
    "x" * 40_000,
    "",
    " ",
)


def attacked(value: Any, attack: str) -> Any:
    """Return a value of the model with an attack in place of every text in it, ids and paths left alone."""
    if type(value) is str:
        return attack if value else value
    if isinstance(value, tuple):
        return tuple([attacked(part, attack) for part in value])
    if isinstance(value, Mapping):
        return dict.fromkeys([attack] * len(value), attack)
    if hasattr(value, "__dataclass_fields__") and not isinstance(value, When):
        kept = {"id", "path", "review", "agency", "lead_agency", "lead_agencies", "supporting_agencies", "partnership"}
        names = [field.name for field in fields(value) if field.name not in kept]
        return replace(value, **{name: attacked(getattr(value, name), attack) for name in names})
    return value


@pytest.fixture(scope="module")
def hostile(rich: View) -> View:
    """Return a register with a recommendation for each attack, and attacks in its title and its other records."""
    first = next(judged.record for judged in rich.judged if judged.record.updates and judged.record.responsible)
    records = []
    for place, attack in enumerate(ATTACKS):
        identity = {"id": f"anytown-dhr-1/a{place}", "number": f"a{place}", "path": f"p{place}"}
        updates = tuple([replace(each, path=f"{each.path}-{place}") for each in first.updates])
        records.append(replace(attacked(replace(first, updates=updates), attack), **identity))
    attack = ATTACKS[14]
    register = replace(
        rich.register,
        settings=attacked(rich.register.settings, attack),
        agencies={key: attacked(each, attack) for key, each in rich.register.agencies.items()},
        reviews={key: attacked(each, attack) for key, each in rich.register.reviews.items()},
        recommendations=tuple(records),
    )
    return asked(register, words=(attack,))


def shown(attack: str) -> str:
    return escape_hidden(attack)


def test_attacks_are_text_in_a_workbook(hostile: View) -> None:
    book = openpyxl.load_workbook(io.BytesIO(made("xlsx", hostile)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert [cell.coordinate for cell in cells if cell.hyperlink] == []
    found = [by_head(book["Plan"], row + 2)["Recommendation"].value or "" for row in range(len(ATTACKS))]
    for attack, text in zip(ATTACKS, found, strict=True):
        assert text == shown(attack).replace("\r\n", "\n") or (text.endswith("no more)") and len(attack) > 32_767), (
            attack
        )


def test_attacks_are_text_in_a_document(hostile: View) -> None:
    document = docx.Document(io.BytesIO(made("docx", hostile)))
    said = {row.cells[0].text: row.cells[1].text for table in document.tables for row in table.rows}
    for place, attack in enumerate(ATTACKS):
        assert re.sub(r"\s+", " ", said[f"a{place}"]) == re.sub(r"\s+", " ", shown(attack) or rows.NO_WORDING)
    names = {element.tag for element in document.element.body.iter()}
    assert not [name for name in names if "hyperlink" in name or "object" in name]


def test_attacks_are_text_in_a_calendar(hostile: View) -> None:
    content = made("ics", hostile)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert not HIDDEN.search(content.replace(b"\r\n", b"").decode())
    found = events(content)
    assert set(found) == {
        f"anytown-dhr-1.a{place}.{key}@dhrctl" for place in range(len(ATTACKS)) for key in ("target", "review")
    }
    for place, attack in enumerate(ATTACKS):
        event = found[f"anytown-dhr-1.a{place}.target@dhrctl"]
        assert str(event["DESCRIPTION"]).startswith(shown(attack) or rows.NO_WORDING), attack
        assert "ATTENDEE" not in event


def test_attacks_are_text_in_a_feed(hostile: View) -> None:
    content = made("atom", hostile)
    feed = feedparser.parse(content, sanitize_html=False)
    assert feed.bozo is False
    assert {key for entry in feed.entries for key in entry} <= {
        *("id", "guidislink", "link", "title", "title_detail", "updated", "updated_parsed"),
        *("tags", "content", "summary"),
    }
    assert all(entry.content[0].type == "text/plain" for entry in feed.entries)
    assert len(feed.entries) == len(ATTACKS) * 3


def test_attacks_are_text_in_a_database(hostile: View) -> None:
    held = opened(made("sqlite", hostile))
    for place, attack in enumerate(ATTACKS):
        (found,) = held.execute(
            "SELECT recommendation FROM recommendations WHERE number = ?", (f"a{place}",)
        ).fetchone()
        assert (found or "") == shown(attack), attack
    assert one(held, "SELECT count(*) FROM recommendations") == (len(ATTACKS),)
    held.close()


def test_attacks_are_text_in_csv_and_json(hostile: View) -> None:
    csv.field_size_limit(10_000_000)
    lines = list(csv.DictReader(io.StringIO(made("csv", hostile).decode(), newline="")))
    objects = [json.loads(line) for line in made("jsonl", hostile).decode().splitlines()]
    assert len(lines) == len(objects) == len(ATTACKS)
    assert not [line["id"] for line in lines if line["recommendation"].lstrip().startswith(("=", "+", "-", "@"))]
    assert [each["recommendation"] or "" for each in objects] == list(ATTACKS)


# Spreadsheets open CSV

# Numbers, and what a spreadsheet makes of them where nothing is done about it.
CHANGED = (
    *("01", "001", "1", "10", "00", "1-2", "12-05", "1-2-3", "05-2021", "2021-04-05", "3e5", "1e10", "007e2"),
    *("1-mar", "mar-1", "may-21", "21-may", "dec-31", "sept-2", "march1", "1-jan-2021", "jan-02-03", "9pm", "true"),
)
KEPT = ("t1-01", "a-1", "1-a", "r1", "e5", "1e", "mar", "march-on", "1-marches-on", "rec-1-2", "x01")


@pytest.mark.parametrize("text", CHANGED)
def test_what_a_spreadsheet_would_change_has_a_mark_before_it(text: str) -> None:
    assert escape_number(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    ["1/2", "2021/22", "1,000", "1.5", "12:30", "50%", "(5)", "\u00a35", "1 1/2", " 01 ", "5 May", "12 May 2020"],
)
def test_a_text_that_no_number_of_a_plan_can_be_is_kept_too(text: str) -> None:
    assert escape_number(text) == f"'{text}"


@pytest.mark.parametrize("text", [*KEPT, "", "a 1", "Table 1: Police", "1. Training is held.", "2021: a year", "'-5"])
def test_a_text_that_stays_text_is_left_alone(text: str) -> None:
    assert escape_number(text) == text


def numbered(numbers: Iterable[str], target: str) -> View:
    """Return a register of recommendations with such numbers, each due then."""
    one = next(record for record in register_of(RICH).recommendations if record.target_date)
    records = tuple(
        [
            replace(one, id=f"3/{number}", review="3", number=number, target_date=dates.parse(target))
            for number in numbers
        ]
    )
    return asked(replace(register_of(RICH), recommendations=records))


@pytest.mark.parametrize(
    ("target", "written"),
    [("2021-04-30", "2021-04-30"), ("2021-04", "'2021-04"), ("2021", "2021"), ("2019/2020", "2019/2020")],
)
def test_a_month_stays_a_month_and_a_day_a_day(target: str, written: str) -> None:
    content = made("csv", numbered(["01"], target)).decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(content))
    assert (line["target_date"], line["number"], line["id"]) == (written, "'01", "'3/01")
    assert line["as_of"] == "2025-06-30"


def test_a_commit_that_looks_like_a_number_stays_its_name() -> None:
    about = replace(numbered(["a"], "2021"), commit="1" * 38 + "e9")
    (line,) = csv.DictReader(io.StringIO(made("csv", about).decode("utf-8-sig")))
    assert line["commit"] == "'" + "1" * 38 + "e9"


def test_only_what_a_spreadsheet_opens_begins_with_a_byte_order_mark(rich: View, run: Run) -> None:
    assert made("csv", rich).startswith(b"\xef\xbb\xbfid,")
    listed = run("list", "--format", "csv", "--as-of", "2025-06-30", cwd=RICH).out
    assert listed.startswith("id,")
    assert "\n'" not in listed
    assert ",01," in listed


# LibreOffice opens them too

SOFFICE = shutil.which("soffice")
# Comma, quotation mark, UTF-8, from the first line on, and with numbers and dates found wherever one may be.
GREEDY = "--infilter=CSV:44,34,76,1,,2057,false,true,false"


@pytest.mark.skipif(not SOFFICE, reason="LibreOffice is not installed")
@pytest.mark.parametrize("how", [(), (GREEDY,)], ids=["as it is", "looking for dates"])
def test_numbers_survive_libreoffice(how: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_bytes(made("csv", numbered((*CHANGED, *KEPT), "2021-04")))
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    arguments = (str(SOFFICE), home, "--headless", *how, "--convert-to", "xlsx", "--outdir", str(tmp_path))
    subprocess.run([*arguments, str(tmp_path / "plan.csv")], check=True, capture_output=True)
    head, *rows = openpyxl.load_workbook(tmp_path / "plan.xlsx").active.iter_rows(values_only=True)
    number, target = head.index("number"), head.index("target_date")
    assert [str(row[number]).removeprefix("'") for row in rows] == [*CHANGED, *KEPT]
    assert {(type(row[number]), row[target]) for row in rows} == {(str, "'2021-04")}


@pytest.mark.skipif(not SOFFICE or not shutil.which("pdftotext"), reason="LibreOffice or poppler is not installed")
def test_libreoffice_opens_what_is_written(rich: View, hostile: View, tmp_path: Path) -> None:
    short = tuple(
        [judged for judged in hostile.judged if len(judged.record.recommendation) < 1000]
    )  # else it takes minutes
    for name, about in (("rich", rich), ("hostile", replace(hostile, judged=short))):
        for form in ("xlsx", "docx"):
            (tmp_path / f"{name}-{form}.{form}").write_bytes(made(form, about))
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    arguments = [str(SOFFICE), home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    files = sorted(str(path) for path in tmp_path.glob("*-*.*"))
    subprocess.run([*arguments, *files], check=True, capture_output=True)
    said = {path.stem: _text(path) for path in tmp_path.glob("*.pdf")}
    assert sorted(said) == ["hostile-docx", "hostile-xlsx", "rich-docx", "rich-xlsx"]
    for name in ("rich-docx", "rich-xlsx"):
        assert "Sample ten assessments a month" in re.sub(r"\s+", " ", said[name])
        assert "not for publication" in re.sub(r"\s+", " ", said[name])
    pages = [page for page in said["hostile-docx"].split("\f") if page.strip()]
    assert len(pages) > 3
    assert all("Lead agency" in " ".join(page.split()) for page in pages[1:-1]), "the head is repeated on every page"
    assert "=1+1" in said["hostile-xlsx"]


def _text(path: Path) -> str:
    done = subprocess.run(["pdftotext", str(path), "-"], check=True, capture_output=True)
    return done.stdout.decode()
