"""How findings are told: to people, to programs, and to the services that check a change."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from conftest import ROOT, TESTS

from dhrctl.checks import registry
from dhrctl.findings import rules
from dhrctl.findings.finding import Finding
from dhrctl.render import ci, formats
from dhrctl.reports import findings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from conftest import Run, Write

DAY = ("--as-of", "2024-01-01")
RECS = "register/reviews/anytown-dhr-1/recommendations"
REC, TWO = f"{RECS}/01.yaml", f"{RECS}/02.yaml"
FORMATS = ("table", "json", "jsonl", "csv", "md", "html", "github", "gitlab", "sarif", "junit")
KNOWN = {rule.name: rule for rule in (*rules.FILE_RULES, *rules.YAML_RULES, *rules.SCHEMA_RULES, *registry.RULES)}
WHOLE = """\
recommendation: That training is reviewed.
section: Police
lead_agencies:
  - anytown-police
start_date: "2024-02-01"
target_date: "2024-03-31"
status: in-progress
milestones:
  - text: Policy drafted.
    date: "2024-02-15"
measures:
  - Every case file is audited.
scope: local
"""
UPDATE = 'date: "2023-12-01"\nagency: anytown-police\ntext: Begun.\n'


@pytest.fixture(autouse=True)
def _nowhere_in_particular(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ACTIONS", "STEP_SUMMARY", "SERVER_URL", "REPOSITORY", "SHA"):
        monkeypatch.delenv(f"GITHUB_{name}", raising=False)
    monkeypatch.delenv("DHRCTL_PROTECTED_NAMES", raising=False)


@pytest.fixture
def sound(anytown: Path, write: Write) -> Path:
    """Return a folder with a register in which check finds nothing at all."""
    folder = "register/reviews/anytown-dhr-1"
    review = (anytown / folder / "review.yaml").read_text(encoding="utf-8")
    dated = f'{review}plan_date: "2023-11"\n'
    return write(
        {REC: WHOLE, f"{folder}/review.yaml": dated, f"{folder}/updates/01/2023-12-01-anytown-police.yaml": UPDATE}
    )


@pytest.fixture
def faulty(sound: Path, write: Write) -> Path:
    """Return a folder with two errors, a warning, an information and a waived error."""
    wrong = WHOLE.replace("2024-02-01", "2025-02-01").replace("section: Police", "section: Polce")
    waived = wrong.replace("Polce", "Police") + (
        "waivers:\n  - rule: target-before-start\n    reason: As printed.\n    until: '2030-01-01'\n"
    )
    assert sound.exists()
    return write({REC: wrong, TWO: waived.replace("training", "all 9 policies").replace("measures", "outcomes")})


# Text


def test_nothing_wrong_is_one_line(sound: Path, run: Run) -> None:
    result = run("check", "--strict", *DAY, cwd=sound)
    assert (result.code, result.out, result.err) == (
        0,
        "5 files checked: 0 errors, 0 warnings, 0 notes, 0 waived.\n",
        "",
    )


def test_a_finding_has_place_severity_rule_sentence_source_caret_and_what_to_do(faulty: Path, run: Run) -> None:
    out = run("check", "--rule", "section-not-in-review", *DAY, cwd=faulty).out
    assert out == (
        f'{REC}:2:10: error section-not-in-review: the review has no section "Polce" (did you mean "Police"?)\n'
        "    2 | section: Polce\n"
        "      |          ^\n"
        "  Correct it, or add it to register/reviews/anytown-dhr-1/review.yaml.\n"
        "\n"
        "6 files checked, only for section-not-in-review: 1 error, 0 warnings, 0 notes, 0 waived.\n"
    )


def test_a_waived_finding_is_listed_as_such_and_counted_apart(faulty: Path, run: Run) -> None:
    result = run("check", TWO, "--rule", "target-before-start", *DAY, cwd=faulty)
    assert result.code == 0
    assert re.match(rf"{TWO}:6:14: error target-before-start: .* \(waived\)\n", result.out)
    counted = "1 file checked, only for target-before-start: 0 errors, 0 warnings, 0 notes, 1 waived."
    assert plain(result.out).endswith(counted)


def test_findings_stand_by_place(faulty: Path, run: Run) -> None:
    places = re.findall(r"^(register/\S+?):(\d+):(\d+): ", run("check", *DAY, cwd=faulty).out, re.MULTILINE)
    assert len(places) > 4
    assert places == sorted(places, key=lambda place: (place[0], int(place[1]), int(place[2])))


def wrong_word(before: str = "", after: str = "", end: str = "\n") -> bytes:
    return (
        WHOLE.replace("in-progress", f"begun{after}").replace("status:", f"{before}status:").replace("\n", end).encode()
    )


LINES: Mapping[str, tuple[bytes, str]] = {
    "plain": (wrong_word(), "begun"),
    "Windows line ends": (wrong_word(end="\r\n"), "begun"),
    "a byte order mark": (b"\xef\xbb\xbf" + wrong_word(), "begun"),
    "a byte order mark on the line itself": (
        b"\xef\xbb\xbf" + b"status: begun\n" + WHOLE.replace("status: in-progress\n", "").encode(),
        "begun",
    ),
    "a tab before it": (WHOLE.replace(" in-progress", "\tbegun").encode(), "begun"),
    "tabs before and after it": (WHOLE.replace(" in-progress", " \t begun\t# was\tbegun").encode(), "begun"),
    "accents before it": (WHOLE.replace("section: Police", '"sécßion": Police').encode(), "sécßion"),
    "a wide line": (WHOLE.replace("in-progress", f"begun{'x' * 300}").encode(), "begun"),
    "far to the right": (WHOLE.replace("status: in-progress", f"status:{' ' * 300}begun").encode(), "b"),
    "at the edge": (WHOLE.replace("status: in-progress", f"status:{' ' * 92}begun").encode(), "b"),
    "no line break at the end": (WHOLE.replace("status: in-progress\n", "").encode() + b"status: begun", "begun"),
}


@pytest.mark.parametrize(("content", "pointed"), LINES.values(), ids=LINES)
def test_the_caret_stands_under_the_character(
    content: bytes, pointed: str, sound: Path, write: Write, run: Run
) -> None:
    write({REC: content})
    out = run("check", "--severity", "error", *DAY, cwd=sound).out
    # The ignore: where nothing matches, the test fails by that.
    line, caret = re.search(r"^ +\d+ \| (.*)\n +\| ( *)\^$", out, re.MULTILINE).groups()  # type: ignore[union-attr]
    assert line[len(caret) :].strip('"').startswith(pointed)
    assert len(line) <= 120
    assert "\t" not in line


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"status: \xe2\x80\xae in-progress\n", "U+202E"),
        (b"status: \x1b[31mred\n", "U+001B"),
        (b"status: a\rb\n", "U+000D"),
    ],
    ids=["bidirectional", "escape", "carriage return"],
)
def test_an_excerpt_can_do_nothing_to_a_terminal(
    content: bytes, named: str, sound: Path, write: Write, run: Run
) -> None:
    write({REC: content})
    out = run("check", *DAY, cwd=sound).out
    assert named in out
    assert not re.search("[\x00-\x09\x0b-\x1f\u202a-\u202e]", out)


def test_a_finding_about_a_whole_file_shows_no_line(sound: Path, write: Write, run: Run) -> None:
    write({"register/notes.txt": "Hello.\n"})
    assert " | " not in run("check", *DAY, cwd=sound).out


# Fewer findings


def plain(text: str) -> str:
    return " ".join(text.split())


ONLY: Mapping[str, tuple[tuple[str, ...], str]] = {
    "nothing": ((), ""),
    "every severity": (("--severity", "info"), ""),
    "a path": ((REC,), ""),
    "a rule": (("--rule", "stale"), ", only for stale"),
    "rules": (("--rule", "stale", "--rule", "tag", "--rule", "stale"), ", only for stale or tag"),
    "errors": (("--severity", "error"), ", only for errors"),
    "warnings": (("--severity", "warning"), ", only for errors and warnings"),
    "a review": (("--review", "dhr-1"), ", only for the review anytown-dhr-1"),
    "an agency": (("--agency", "anytown-police"), ", only for the agency anytown-police"),
    "all of them": (
        ("--rule", "tag", "--severity", "error", "--review", "dhr-1", "--agency", "anytown-police"),
        ", only for tag; errors; the review anytown-dhr-1; the agency anytown-police",
    ),
}


@pytest.mark.parametrize(("arguments", "said"), ONLY.values(), ids=ONLY)
def test_the_count_says_of_what_it_is(arguments: tuple[str, ...], said: str, faulty: Path, run: Run) -> None:
    for more in ((), ("--quiet",), ("--format", "github"), ("--write-baseline", "known.json")):
        out = plain(run("check", *arguments, *more, *DAY, cwd=faulty).out)
        (found,) = re.findall(r"\d files? checked(.*?): \d+ errors?, \d+ warnings?, \d+ notes?, \d+ waived\.", out)
        assert found == said


def count(sentence: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"(\d+) (?:errors?|warnings?|notes?|waived)", sentence)))


def test_quiet_prints_the_count_alone(faulty: Path, run: Run) -> None:
    whole, quiet = run("check", *DAY, cwd=faulty), run("check", "--quiet", *DAY, cwd=faulty)
    assert quiet.code == whole.code == 1
    assert whole.out.endswith(f"\n\n{quiet.out}")
    assert quiet.out.count("\n") == 1
    assert count(quiet.out)[0] == 2


def test_quiet_is_quiet_in_github_actions_too(faulty: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert (
        run("check", "--quiet", *DAY, cwd=faulty).out
        == run("check", "--quiet", "--format", "table", *DAY, cwd=faulty).out
    )


def told(run: Run, folder: Path, *arguments: str) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = json.loads(run("check", "--json", *arguments, *DAY, cwd=folder).out)["findings"]
    return found


def test_rule_may_be_repeated(faulty: Path, run: Run) -> None:
    one = told(run, faulty, "--rule", "no-measure")
    both = told(run, faulty, "--rule", "no-measure", "--rule", "section-not-in-review")
    assert [each["rule"] for each in one] == ["no-measure"]
    assert sorted(each["rule"] for each in both) == ["no-measure", "section-not-in-review"]


def test_an_unknown_rule_is_refused_with_the_nearest(faulty: Path, run: Run) -> None:
    for more in ((), ("--rule", "no-measure")):
        result = run("check", *more, "--rule", "no-targt-date", *DAY, cwd=faulty)
        assert (result.code, result.out) == (2, "")
        assert 'there is no rule "no-targt-date" (did you mean "no-target-date"?)' in result.err


@pytest.mark.parametrize(
    ("severity", "kept"),
    [("error", {"error"}), ("warning", {"error", "warning"}), ("info", {"error", "warning", "info"})],
)
def test_severity_keeps_what_is_as_grave_or_graver(severity: str, kept: set[str], faulty: Path, run: Run) -> None:
    assert {each["severity"] for each in told(run, faulty, "--severity", severity)} == kept


@pytest.mark.parametrize("word", ["grave", "ERROR ", "note"])
def test_an_unknown_severity_is_refused(word: str, faulty: Path, run: Run) -> None:
    assert run("check", "--severity", word, cwd=faulty).code == 2


@pytest.fixture
def two_reviews(faulty: Path, write: Write) -> Path:
    """Return the faulty register with a second review, led by another agency."""
    again = WHOLE.replace("anytown-police", "anytown-clinic").replace("section: Police", "section: Health")
    assert faulty.exists()
    return write(
        {
            "register/agencies/anytown-clinic.yaml": "name: Anytown Clinic\nkind: other\n",
            "register/reviews/anytown-dhr-2/review.yaml": (
                "title: Anytown DHR 2\nkind: dhr\npartnership: anytown-police\nsections:\n  - Police\n"
            ),
            "register/reviews/anytown-dhr-2/recommendations/01.yaml": again,
        }
    )


@pytest.mark.parametrize("word", ["anytown-dhr-2", "dhr-2", "Anytown DHR 2"])
def test_review_keeps_the_findings_of_one_review(word: str, two_reviews: Path, run: Run) -> None:
    assert {each["path"].split("/")[2] for each in told(run, two_reviews, "--review", word)} == {"anytown-dhr-2"}


@pytest.mark.parametrize("word", ["anytown-clinic", "Anytown Clinic"])
def test_agency_keeps_the_findings_of_its_recommendations(word: str, two_reviews: Path, run: Run) -> None:
    assert {each["id"] for each in told(run, two_reviews, "--agency", word)} == {"anytown-dhr-2/01"}


@pytest.mark.parametrize(
    ("option", "word", "nearest"),
    [("--review", "anytown-dhr-3", "anytown-dhr-"), ("--agency", "anytown-clinc", "anytown-clinic")],
)
def test_an_unknown_review_or_agency_is_refused_with_the_nearest(
    option: str, word: str, nearest: str, two_reviews: Path, run: Run
) -> None:
    result = run("check", option, word, cwd=two_reviews)
    assert (result.code, result.out) == (2, "")
    assert f'did you mean "{nearest}' in result.err


def test_what_is_kept_decides_the_exit_code(faulty: Path, run: Run) -> None:
    assert run("check", "--rule", "no-measure", *DAY, cwd=faulty).code == 0
    assert run("check", "--rule", "section-not-in-review", *DAY, cwd=faulty).code == 1


@pytest.mark.parametrize("form", FORMATS)
def test_zero_files_exit_3(form: str, tmp_path: Path, run: Run) -> None:
    (tmp_path / "register" / "agencies").mkdir(parents=True)
    assert run("check", "--format", form, cwd=tmp_path).code == 3
    assert run("check", "--format", form, cwd=tmp_path).out == ""


def test_a_folder_without_files_exits_3(sound: Path, run: Run) -> None:
    (sound / "register" / "empty").mkdir()
    assert run("check", "register/empty", cwd=sound).code == 3


# JSON


def test_json_is_as_the_contract_says(faulty: Path, run: Run) -> None:
    result = run("check", "--json", *DAY, cwd=faulty)
    answer = json.loads(result.out)
    assert sorted(answer) == ["as_of", "commit", "counts", "files", "findings", "known", "schema"]
    assert (answer["schema"], answer["as_of"], answer["commit"], answer["files"]) == (1, "2024-01-01", None, 6)
    assert list(answer["counts"]) == ["error", "warning", "info", "waived"]
    shape = {"rule": str, "severity": str, "path": str, "line": int, "column": int, "message": str, "waived": bool}
    for each in answer["findings"]:
        assert list(each) == ["rule", "severity", "path", "line", "column", "message", "id", "waived"]
        assert all(type(each[key]) is kind for key, kind in shape.items())
        assert each["id"] is None or each["id"].startswith("anytown-dhr-1/")
    open_ones = [each["severity"] for each in answer["findings"] if not each["waived"]]
    waived = len(answer["findings"]) - len(open_ones)
    assert answer["counts"] == {
        **{name: open_ones.count(name) for name in ("error", "warning", "info")},
        "waived": waived,
    }
    assert waived == 1


def test_json_lines_and_csv_hold_the_same_findings(faulty: Path, run: Run) -> None:
    found = told(run, faulty)
    lines = run("check", "--format", "jsonl", *DAY, cwd=faulty).out.splitlines()
    assert [json.loads(line) for line in lines] == found
    table = list(csv.DictReader(io.StringIO(run("check", "--format", "csv", *DAY, cwd=faulty).out)))
    assert [(row["path"], int(row["line"]), row["message"]) for row in table] == [
        (each["path"], each["line"], each["message"]) for each in found
    ]


# GitHub


def many(number: int) -> dict[str, str]:
    return {f"{RECS}/{index:02}.yaml": WHOLE.replace("in-progress", "begun") for index in range(1, number + 1)}


@pytest.mark.parametrize("number", [1, 9, 10, 25])
def test_at_most_nine_annotations_of_a_level_and_one_that_says_how_many_more(
    number: int, sound: Path, write: Write, run: Run
) -> None:
    write(many(number))
    result = run("check", "--format", "github", "--severity", "error", *DAY, cwd=sound)
    said = [line for line in result.out.splitlines() if line.startswith("::error")]
    assert len([line for line in said if "file=" in line]) == min(number, 9)
    assert len(said) == min(number, 10)
    assert (f"::error::and {number - 9} more" in result.out) == (number > 9)
    assert result.code == 1


def test_annotations_have_level_place_and_message(faulty: Path, run: Run) -> None:
    out = run("check", "--format", "github", *DAY, cwd=faulty).out
    assert (
        f"::error file={REC},line=2,col=10,title=section-not-in-review::the review has no section "
        '"Polce" (did you mean "Police"?); correct it, or add it to register/reviews/anytown-dhr-1/review.yaml\n'
    ) in out
    assert "::notice file=" in out
    assert "(waived)" not in out
    assert out.count("title=target-before-start") == 1


@pytest.mark.parametrize(
    ("environment", "arguments", "chosen"),
    [
        ({"GITHUB_ACTIONS": "true"}, (), True),
        ({"GITHUB_ACTIONS": "false"}, (), False),
        ({"GITHUB_ACTIONS": ""}, (), False),
        ({}, (), False),
        ({"GITHUB_ACTIONS": "true"}, ("--format", "table"), False),
        ({"GITHUB_ACTIONS": "true"}, ("--json",), False),
        ({}, ("--format", "github"), True),
    ],
)
def test_the_github_format_is_chosen_by_itself_in_github_actions(
    environment: Mapping[str, str],
    arguments: tuple[str, ...],
    chosen: bool,  # noqa: FBT001 - a column of the table
    *,
    faulty: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert run("check", *arguments, *DAY, cwd=faulty).out.startswith("::error") == chosen


def summary(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    path = folder / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    run("check", "--format", "github", *DAY, cwd=folder)
    return path.read_text(encoding="utf-8")


SITE = {"GITHUB_SERVER_URL": "https://github.example", "GITHUB_REPOSITORY": "anytown/register", "GITHUB_SHA": "ab12"}


def test_the_job_summary_lists_everything_with_links_to_the_lines(
    sound: Path, write: Write, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(many(25))
    text = summary(run, sound, monkeypatch, **SITE)
    assert text.count("| error | unknown-word | ") == 25
    for index in range(1, 26):
        assert f"](https://github.example/anytown/register/blob/ab12/{RECS}/{index:02}.yaml#L7) |" in text
    assert {line.count(" | ") for line in text.splitlines() if line.startswith("| error")} == {3}


def test_without_a_repository_the_job_summary_has_no_links(
    faulty: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = summary(run, faulty, monkeypatch)
    assert "section-not-in-review" in text
    assert "](" not in text


def test_a_job_summary_stays_within_what_the_service_takes(
    faulty: Path, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    summary = tmp_path_factory.mktemp("summary") / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    monkeypatch.setattr(ci, "_ROOM", 400)
    run("check", "--format", "github", *DAY, cwd=faulty)
    text = summary.read_text(encoding="utf-8")
    assert text.endswith("There are more than a summary can hold; see them all with: dhrctl check\n")
    assert sum(len(line) + 1 for line in text.splitlines() if line.startswith("| ") and "---" not in line) < 500


def test_the_job_summary_is_added_to_what_is_there(faulty: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (faulty / "summary.md").write_text("before\n", encoding="utf-8")
    assert summary(run, faulty, monkeypatch).startswith("before\n## ")


def test_other_formats_write_no_job_summary(faulty: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(faulty / "summary.md"))
    for form in FORMATS:
        if form != "github":
            run("check", "--format", form, *DAY, cwd=faulty)
    assert not (faulty / "summary.md").exists()


def test_a_job_summary_that_cannot_be_written_exits_4(faulty: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(faulty / "nowhere" / "summary.md"))
    result = run("check", "--format", "github", *DAY, cwd=faulty)
    assert result.code == 4
    assert "GITHUB_STEP_SUMMARY" in result.err


NASTY = "50%, 100%25: a\u2028,b:c::error::x##[error]y"


def test_data_is_escaped_in_annotations(sound: Path, write: Write, run: Run) -> None:
    path = "register/a%,b:c\nd::error::e##[group]f.yaml"
    write({path: "x: 1\n", REC: WHOLE.replace("section: Police", 'section: "50%0A::error::x"')})
    out = run("check", "--format", "github", *DAY, cwd=sound).out
    assert "file=register/a%25%2Cb%3Ac<U+000A>d%3A%3Aerror%3A%3Ae# #[group]f.yaml,line=1,col=1," in out
    assert '"50%250A::error::x"' in out
    inert(out)


def inert(
    text: str, *, allowed: str = r"::(?:error|warning|notice)(?: file=[^:,]*,line=\d+,col=\d+,title=[a-z0-9-]+)?::"
) -> None:
    """Hold a text to containing no workflow command but our own annotations."""
    assert "##[" not in text
    for line in re.split(r"[\r\n]", text):
        if line.strip().startswith("::"):
            assert re.match(allowed, line), line


ATTACKS = ("::error::planted", "##[error]planted", "x\n::warning::planted\n   ::stop-commands::planted")


def attacked(attack: str) -> dict[str, str]:
    text = json.dumps(attack)
    return {
        REC: WHOLE.replace("That training is reviewed.", text).replace("Every case file is audited.", text)
        + f"as_stated:\n  {text}: {text}\nevidence:\n  - kind: audit\n    title: {text}\n",
        TWO: WHOLE.replace("section: Police", f"section: {text}").replace("in-progress", text),
        f"{RECS}/03.yaml": WHOLE.replace("section: Police", f"section: {text}") + f"{text}: 1\n",
        f"{RECS}/04.yaml": f"{attack}\nx: [\n",
        f"{RECS}/05.yaml": WHOLE.replace("section: Police", f"section: {text}"),
        "register/agencies/anytown-police.yaml": f"name: {text}\nkind: police\naliases:\n  - {text}\n",
        "register/register.yaml": f"schema_version: 1\ntitle: {text}\n",
        "register/reviews/anytown-dhr-1/review.yaml": (
            f"title: {text}\nkind: dhr\npartnership: anytown-police\nsections:\n  - Police\n  - {text}\n"
            f"commitments:\n  - text: {text}\n    status: unknown\nnotes:\n  - {text}\n"
        ),
        f"register/{attack.replace('/', '')}.yaml": "x: 1\n",
    }


COMMANDS = [
    ("status",),
    ("overdue",),
    *[("list", "--format", form) for form in FORMATS[:6]],
    *[("show", "01", "--format", form) for form in FORMATS[:6]],
    *[("check", "--format", form) for form in FORMATS],
    *[("render", name, "--format", form) for name in ("summary", "action-plan") for form in ("md", "html")],
    ("explain",),
    ("show", "9"),
    ("list", "section:nowhere"),
    ("check", "--review", "nowhere"),
    ("check", "--agency", "nowhere"),
    ("digest",),
    *[("export", form, "--out", "-") for form in ("csv", "json", "ics")],
    ("fmt", "--dry-run"),
    ("set", "01", "level=single-agency", "--dry-run"),
]


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_workflow_commands_in_data_can_do_nothing(
    command: tuple[str, ...],
    attack: str,
    stream: str,
    *,
    sound: Path,
    write: Write,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(sound / "summary.md"))
    write(attacked(attack))
    result = run(*command, cwd=sound)
    assert result.code in {0, 1, 2}
    if stream == "stderr":
        inert(result.err, allowed="(?!)")
    elif "github" in command:
        inert(result.out)
    else:
        inert(result.out, allowed="(?!)")


PINGS = (
    "@anytown/team",
    "#12",
    "GH-12",
    "[x](https://x.example)",
    "<img src=x>",
    "https://x.example",
    "| a |",
    "`x` @me",
)


@pytest.mark.parametrize("text", PINGS)
def test_markdown_in_data_can_do_nothing_in_the_job_summary(
    text: str, sound: Path, write: Write, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - needed here alone

    write(
        {
            REC: WHOLE.replace("section: Police", f"section: {json.dumps(text)}"),
            f"register/{text.replace('/', '')}.txt": "",
        }
    )
    whole = summary(run, sound, monkeypatch)
    page = MarkdownIt("gfm-like", {"linkify": False}).render(whole)
    assert not re.search(r"<(?:a|img|code|em|strong)\b", page)
    assert not re.search(r"(?<![\w\\])(?:[@#]\w|GH-\d)", page.replace("&#", ""))
    assert page.count("<td>") % 4 == 0
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 5 for line in whole.splitlines() if line.startswith("|"))


# GitLab


def gitlab(run: Run, folder: Path) -> list[Mapping[str, Any]]:
    issues: list[Mapping[str, Any]] = json.loads(run("check", "--format", "gitlab", *DAY, cwd=folder).out)
    return issues


def test_gitlab_reports_have_the_shape_of_code_quality(faulty: Path, run: Run) -> None:
    issues = gitlab(run, faulty)
    assert len(issues) == len([each for each in told(run, faulty) if not each["waived"]])
    for issue in issues:
        assert {"description", "check_name", "fingerprint", "severity", "location"} <= set(issue)
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert all(isinstance(issue[key], str) and issue[key] for key in ("description", "check_name", "fingerprint"))
        assert (faulty / issue["location"]["path"]).exists()
        assert not issue["location"]["path"].startswith(("./", "/"))
        assert issue["location"]["lines"]["begin"] >= 1
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)


def test_gitlab_reports_of_nothing_are_an_empty_list(sound: Path, run: Run) -> None:
    assert gitlab(run, sound) == []


def test_fingerprints_survive_moved_lines_and_reordered_keys(faulty: Path, write: Write, run: Run) -> None:
    before = {issue["fingerprint"]: issue["location"]["lines"]["begin"] for issue in gitlab(run, faulty)}
    lines = (faulty / REC).read_text(encoding="utf-8").splitlines(keepends=True)
    write({REC: "# moved\n\n" + "".join([*lines[4:], *lines[:4]])})
    after = {issue["fingerprint"]: issue["location"]["lines"]["begin"] for issue in gitlab(run, faulty)}
    assert set(before) == set(after)
    assert before != after


def test_fingerprints_of_findings_that_are_alike_differ(sound: Path, write: Write, run: Run) -> None:
    actions = "actions:\n" + "  - text: Train.\n    lead_agency: nobody\n" * 3
    write({REC: WHOLE + actions})
    marks = [each["fingerprint"] for each in gitlab(run, sound) if each["check_name"] == "unknown-agency"]
    assert len(marks) == len(set(marks)) == 3


def test_a_finding_without_advice_is_told_without_it() -> None:
    faulty, plain = (
        Finding(rule=rules.WRONG_TYPE, path="register/register.yaml", problem="text is expected here", fix=fix)
        for fix in ("write it in quotes", "")
    )
    told = formats.CHECK_FORMATS["table"](
        findings.report_findings([faulty, plain], 1, date(2024, 1, 1)), formats.Screen()
    )
    line = "register/register.yaml:1:1: error wrong-type: text is expected here"
    assert told.split("\n\n")[:2] == [f"{line}\n  Write it in quotes.", line]
    assert (faulty.message, plain.message) == ("text is expected here; write it in quotes", "text is expected here")


# SARIF


def sarif(run: Run, folder: Path) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(run("check", "--format", "sarif", *DAY, cwd=folder).out)
    return log


@pytest.mark.parametrize("nasty", [False, True])
def test_sarif_keeps_to_its_specification(
    nasty: bool,  # noqa: FBT001 - a row of the table
    faulty: Path,
    write: Write,
    run: Run,
) -> None:
    if nasty:
        write({"register/a b%é[1]#?\u202e:c.txt": "", REC: "a: [\n", TWO: b"\xff"})
    log = sarif(run, faulty)
    assert set(log) == {"$schema", "version", "runs"}
    assert log["version"] == "2.1.0"
    assert re.fullmatch(r"https://\S+sarif\S+2\.1\.0\S*\.json", log["$schema"])
    (whole,) = log["runs"]
    assert set(whole) == {"tool", "columnKind", "results"}
    assert whole["columnKind"] in {"utf16CodeUnits", "unicodeCodePoints"}
    described(whole["tool"])
    ids = [rule["id"] for rule in whole["tool"]["driver"]["rules"]]
    assert len(whole["results"]) >= 3
    for result in whole["results"]:
        told_result(result, ids)
    marks = [result["partialFingerprints"]["dhrctl/v2"] for result in whole["results"]]
    assert len(set(marks)) == len(marks)


def described(tool: Mapping[str, Any]) -> None:
    assert set(tool) == {"driver"}
    driver = tool["driver"]
    assert set(driver) <= {"name", "semanticVersion", "version", "informationUri", "rules"}
    assert driver["name"] == "dhrctl"
    assert re.fullmatch(r"\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?", driver["semanticVersion"])
    assert [rule["id"] for rule in driver["rules"]] == list(KNOWN)
    for rule in driver["rules"]:
        assert set(rule) == {"id", "shortDescription", "help", "defaultConfiguration"}
        assert set(rule["shortDescription"]) == {"text"}
        assert rule["shortDescription"]["text"] == KNOWN[rule["id"]].sentence
        assert KNOWN[rule["id"]].why in rule["help"]["text"]
        assert set(rule["help"]) <= {"text", "markdown"}
        assert rule["defaultConfiguration"]["level"] in {"none", "note", "warning", "error"}


def told_result(result: Mapping[str, Any], ids: list[str]) -> None:
    assert set(result) == {"ruleId", "ruleIndex", "level", "message", "partialFingerprints", "locations"}
    assert ids[result["ruleIndex"]] == result["ruleId"]
    assert result["level"] in {"note", "warning", "error"}
    assert set(result["message"]) == {"text"}
    assert result["message"]["text"]
    assert all(isinstance(mark, str) for mark in result["partialFingerprints"].values())
    (location,) = result["locations"]
    physical = location["physicalLocation"]
    assert set(location) == {"physicalLocation"}
    assert set(physical) == {"artifactLocation", "region"}
    uri = physical["artifactLocation"]["uri"]
    assert re.fullmatch(r"(?:[A-Za-z0-9._~!$&'()*+,;=@/-]|%[0-9A-F]{2})+", uri)
    assert unquote(uri).startswith("register/")
    assert set(physical["region"]) == {"startLine", "startColumn"}
    assert all(type(number) is int and number >= 1 for number in physical["region"].values())


PUBLISHED = json.loads((TESTS / "published" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("where", ["faulty", "sound", "here"])
def test_sarif_is_valid_by_its_published_schema(where: str, request: pytest.FixtureRequest, run: Run) -> None:
    folder = ROOT if where == "here" else request.getfixturevalue(where)
    judge = jsonschema.Draft7Validator(PUBLISHED)
    log = sarif(run, folder)
    assert [error.message for error in judge.iter_errors(log)] == []
    del log["runs"][0]["tool"]["driver"]["name"]
    assert not judge.is_valid(log)


def test_sarif_of_nothing_has_no_results(sound: Path, run: Run) -> None:
    assert sarif(run, sound)["runs"][0]["results"] == []


@pytest.mark.parametrize("name", ["register/a b%41#?&+c.txt", "register/\xe9\u4e00.txt"])
def test_a_sarif_uri_leads_to_the_file_itself(name: str, sound: Path, write: Write, run: Run) -> None:
    write({name: ""})
    (result,) = sarif(run, sound)["runs"][0]["results"]
    assert unquote(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]) == name


def test_a_sarif_uri_names_by_number_what_cannot_be_seen_in_a_file_name(sound: Path, write: Write, run: Run) -> None:
    write({"register/a\u200bb c.txt": ""})
    (result,) = sarif(run, sound)["runs"][0]["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote(uri) == "register/a<U+200B>b c.txt"


# JUnit


def junit(run: Run, folder: Path) -> ET.Element:
    suites = ET.fromstring(run("check", "--format", "junit", *DAY, cwd=folder).out)  # noqa: S314 - our own output
    assert suites.tag == "testsuites"
    (suite,) = suites
    assert suite.tag == "testsuite"
    assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))
    assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
    assert int(suite.attrib["errors"]) == len(suite.findall("testcase/error"))
    return suite


def test_junit_counts_errors_and_warnings_as_failures_with_their_severity(faulty: Path, run: Run) -> None:
    suite = junit(run, faulty)
    open_ones = [each["severity"] for each in told(run, faulty) if not each["waived"]]
    types = [failure.attrib["type"] for failure in suite.findall("testcase/failure")]
    assert sorted(types) == sorted(each for each in open_ones if each != "info")
    assert len(suite) == len(open_ones)


def test_junit_of_nothing_has_one_case_that_passes(sound: Path, run: Run) -> None:
    (case,) = junit(run, sound)
    assert (case.tag, len(case)) == ("testcase", 0)


@pytest.mark.parametrize("code", [0x1, 0x8, 0xB, 0x1B, 0x7F, 0x85, 0x2028, 0xFFFE, 0xFFFF, 0x10FFFF])
def test_no_character_can_break_junit(code: int, sound: Path, write: Write, run: Run) -> None:
    bad = chr(code)
    write({f'register/a{bad}<&">b]]>.txt': "", REC: WHOLE.replace("in-progress", f'"{bad}<&]]>"')})
    assert len(junit(run, sound)) >= 2


def test_a_file_name_that_is_not_utf8_breaks_no_format(sound: Path, run: Run) -> None:
    try:
        (sound / "register" / "a\udcff.txt").touch()
    except OSError:
        pytest.skip("this file system holds no such name")
    for form in FORMATS:
        result = run("check", "--format", form, *DAY, cwd=sound)
        assert (result.code, result.err) == (1, "")
