"""Living with an old plan: findings that a baseline knows are held back, and new ones fail."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from conftest import TESTS

from dhrctl.checks import registry, safety
from dhrctl.files import schema, schema_messages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from conftest import Result, Run, Write

    from dhrctl.checks.check import Check, Violation
    from dhrctl.files.schema_messages import Failure, Fault

REC = "register/reviews/anytown-dhr-1/recommendations/01.yaml"
TWO = "register/reviews/anytown-dhr-1/recommendations/02.yaml"
DAY = "2024-01-01"
LED = "recommendation: That it is done.\nlead_agencies: [anytown-police]\nstatus: in-progress\n"
WRONG = """\
recommendation: That training is reviewed.
section: Nowhere
lead_agencies:
  - anytown-police
start_date: "2024-05"
target_date: "2024-03"
status: in-progress
actions:
  - text: Agree who trains.
    target_date: "2023-01"
    lead_agency: nobody
    status: in-progress
"""


@pytest.fixture
def faulty(anytown: Path, write: Write) -> Path:
    """Return a folder with a register that errors and warnings are found in."""
    assert anytown.exists()
    return write({REC: WRONG})


def check(run: Run, folder: Path, *arguments: str) -> Result:
    return run("check", *arguments, "--as-of", DAY, cwd=folder)


def known(result: Result) -> int:
    (said,) = re.findall(r"(\d+) known from the baseline\.", " ".join(result.out.split()))
    return int(said)


def errors(result: Result) -> list[str]:
    return [each["rule"] for each in json.loads(result.out)["findings"] if each["severity"] == "error"]


def test_a_baseline_is_written_and_holds_everything_back(faulty: Path, run: Run) -> None:
    before = check(run, faulty)
    written = check(run, faulty, "--write-baseline", "known.json")
    after = check(run, faulty, "--baseline", "known.json")
    assert (before.code, written.code, after.code) == (1, 0, 0)
    total = len(json.loads(check(run, faulty, "--json").out)["findings"])
    assert total > 5
    assert "files checked: " in written.out
    assert "known.json" in written.out
    said = f"4 files checked: 0 errors, 0 warnings, 0 notes, 0 waived, {total} known from the baseline."
    assert " ".join(after.out.split()) == said


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv", "md", "html", "github", "gitlab", "sarif", "junit"])
def test_every_format_says_how_many_findings_are_known(form: str, faulty: Path, run: Run) -> None:
    total = len(json.loads(check(run, faulty, "--json").out)["findings"])
    check(run, faulty, "--write-baseline", "known.json")
    result = check(run, faulty, "--baseline", "known.json", "--format", form)
    told = {
        "json": f'"known": {total}',
        "sarif": f'"known": {total}',
        "junit": f'<property name="known" value="{total}" />',
    }
    on_stderr = form in {"jsonl", "csv", "gitlab"}
    assert result.err == (f"dhrctl: {total} known from the baseline\n" if on_stderr else "")
    assert on_stderr or told.get(form, f"{total} known from the baseline.") in " ".join(result.out.split())
    assert not re.search(r'known from|"known": \d|name="known"', check(run, faulty, "--format", form).out)


def test_without_a_baseline_nothing_is_said_of_one(faulty: Path, run: Run) -> None:
    assert "baseline" not in check(run, faulty).out


def test_strict_fails_for_new_warnings_and_not_for_known_ones(faulty: Path, write: Write, run: Run) -> None:
    check(run, faulty, "--write-baseline", "known.json")
    assert check(run, faulty, "--strict", "--baseline", "known.json").code == 0
    write({TWO: WRONG.replace("Nowhere", "Police").replace("2024-05", "2024-02").replace("nobody", "anytown-police")})
    assert check(run, faulty, "--baseline", "known.json").code == 0
    assert check(run, faulty, "--strict", "--baseline", "known.json").code == 1


def test_a_new_finding_fails_and_alone_is_listed(faulty: Path, write: Write, run: Run) -> None:
    held = len(json.loads(check(run, faulty, "--json").out)["findings"])
    check(run, faulty, "--write-baseline", "known.json")
    write({REC: WRONG + "completion_date: 2024\n"})
    result = check(run, faulty, "--baseline", "known.json", "--severity", "error")
    assert result.code == 1
    assert result.out.count(": error ") == 1
    assert ": error wrong-type: " in result.out
    assert known(check(run, faulty, "--baseline", "known.json")) <= held


MOVED: Mapping[str, str] = {
    "comments above": f"# one\n# two\n\n{WRONG}",
    "keys in another order": (
        "status: in-progress\nactions:\n  - lead_agency: nobody\n    status: in-progress\n    target_date: '2023-01'\n    text: Agree who trains.\n"
        "target_date: '2024-03'\nstart_date: '2024-05'\nlead_agencies: [anytown-police]\nsection: Nowhere\n"
        "recommendation: That training is reviewed.\n"
    ),
    "Windows line ends and a byte order mark": "\ufeff" + WRONG.replace("\n", "\r\n"),
    "another entry before the one at fault": WRONG.replace(
        "actions:\n", "actions:\n  - text: Agree when.\n    status: in-progress\n    target_date: '2025-01-01'\n"
    ),
}


@pytest.mark.parametrize("content", MOVED.values(), ids=MOVED)
def test_known_findings_stay_known_when_lines_move(content: str, faulty: Path, write: Write, run: Run) -> None:
    check(run, faulty, "--write-baseline", "known.json")
    write({REC: content.encode()})
    result = check(run, faulty, "--baseline", "known.json", "--json")
    assert (errors(result), result.code) == ([], 0)


CHANGED: Mapping[str, tuple[str, str, str]] = {
    "another wrong section": ("section: Nowhere", "section: Elsewhere", "section-not-in-review"),
    "another wrong agency": ("lead_agency: nobody", "lead_agency: somebody", "unknown-agency"),
    "another wrong date": ('start_date: "2024-05"', 'start_date: "2024-06"', "target-before-start"),
}


@pytest.mark.parametrize(("old", "new", "rule"), CHANGED.values(), ids=CHANGED)
def test_a_finding_that_says_something_else_is_new(
    old: str, new: str, rule: str, *, faulty: Path, write: Write, run: Run
) -> None:
    check(run, faulty, "--write-baseline", "known.json")
    assert old in WRONG
    write({REC: WRONG.replace(old, new)})
    result = check(run, faulty, "--baseline", "known.json", "--json")
    assert (errors(result), result.code) == ([rule], 1)


AT_FAULT: Mapping[str, tuple[str, str, str]] = {
    "another unknown word": ("status: Dune\n", "status: Don\n", "unknown-word"),
    "another word for a number": ("section: 7\n", "section: true\n", "wrong-type"),
    "text where nothing stood": ("section:\n", "section: 7\n", "wrong-type"),
    "another unknown key": ("sektion: Police\n", "secktion: Police\n", "unknown-key"),
    "another missing key": (
        "section: Police\nstatus: unknown\n",
        "lead_agencies: [anytown-police]\nstatus: unknown\n",
        "missing-key",
    ),
    "another date": ("start_date: Easter\n", "start_date: Whitsun\n", "bad-date"),
    "another day that never was": ("start_date: 2024-02-30\n", "start_date: 2024-02-31\n", "bad-date"),
    "another entry twice": ("related: [a/1, a/1]\n", "related: [a/2, a/2]\n", "repeated"),
    "another length": (f"section: {'x' * 250}\n", f"section: {'x' * 251}\n", "too-long"),
    "another fault of the YAML": ("section: 'Police\n", "section: Police: staff\n", "invalid-yaml"),
    "another key twice": ("section: A\nsection: B\n", "status: A\nstatus: B\n", "duplicate-key"),
    "another hidden character": ("section: Pol\u200bice\n", "section: Pol\u200cice\n", "hidden-character"),
    "a merge key, where an alias was": ("section: *police\n", "<<: Police\n", "anchor-or-alias"),
    "no key, where a number was one": ("7: Police\n", ": Police\n", "key-not-text"),
    "open, where it was closed": (
        f"{LED.replace('in-progress', 'complete')}section: Police\ncompletion_date: '2023'\n",
        f"{LED}section: Police\n",
        "no-target-date",
    ),
    "another identifier": ("# Call 0191 498 0000.\n", "# Ask head@anytown.example.\n", "personal-identifier"),
}


@pytest.mark.parametrize(("before", "after", "rule"), AT_FAULT.values(), ids=AT_FAULT)
def test_another_value_at_fault_is_a_new_finding(
    before: str, after: str, rule: str, *, anytown: Path, write: Write, run: Run
) -> None:
    write({REC: before})
    check(run, anytown, "--rule", rule, "--write-baseline", "known.json")
    assert known(check(run, anytown, "--rule", rule, "--baseline", "known.json")) > 0
    write({REC: after})
    found = json.loads(check(run, anytown, "--rule", rule, "--baseline", "known.json", "--json").out)["findings"]
    assert [each["rule"] for each in found] == [rule]


LED_BY_TWO = WRONG.replace("lead_agency: nobody", "lead_agency: nobody\n  - text: Train.\n    lead_agency: anyone")


@pytest.mark.parametrize("fixed", ["nobody", "anyone"])
def test_of_two_findings_of_a_rule_in_a_file_one_that_is_fixed_leaves_the_other_known(
    fixed: str, anytown: Path, write: Write, run: Run
) -> None:
    write({REC: LED_BY_TWO})
    check(run, anytown, "--rule", "unknown-agency", "--write-baseline", "known.json")
    assert known(check(run, anytown, "--rule", "unknown-agency", "--baseline", "known.json")) == 2
    write({REC: LED_BY_TWO.replace(fixed, "anytown-police")})
    result = check(run, anytown, "--rule", "unknown-agency", "--baseline", "known.json")
    assert (result.code, known(result)) == (0, 1)


def test_the_same_value_at_another_key_of_the_file_is_new(faulty: Path, write: Write, run: Run) -> None:
    check(run, faulty, "--write-baseline", "known.json")
    write(
        {
            REC: WRONG.replace("lead_agency: nobody", "lead_agency: anytown-police")
            + "supporting_agencies:\n  - nobody\n"
        }
    )
    result = check(run, faulty, "--baseline", "known.json", "--json")
    assert (errors(result), result.code) == (["unknown-agency"], 1)


def reworded(each: Check) -> Check:
    """Return a check that finds the same, and says it otherwise."""

    def run(*arguments: object) -> Iterator[Violation]:
        for violation in each.run(*arguments):  # type: ignore[arg-type]
            yield replace(violation, problem="this is said otherwise", fix="as is this")

    return replace(each, run=run)


def test_a_sentence_that_is_reworded_leaves_everything_known(
    anytown: Path, write: Write, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    write({REC: WRONG, TWO: f"# Call 0191 498 0000.\n{WRONG}sektion: Police\n"})
    check(run, anytown, "--write-baseline", "known.json")
    before = check(run, anytown, "--baseline", "known.json")
    marks = fingerprints(run, anytown)

    def told(failure: Failure) -> Fault:
        return replace(usual(failure), problem="this is said otherwise", fix="as is this")

    usual = schema_messages.describe_failure
    monkeypatch.setattr(schema, "describe_failure", told)
    monkeypatch.setattr(registry, "CHECKS", tuple(map(reworded, registry.CHECKS)))
    monkeypatch.setattr(safety, "TEXT_CHECKS", tuple(map(reworded, safety.TEXT_CHECKS)))  # type: ignore[arg-type]
    said = {each["message"] for each in json.loads(check(run, anytown, "--json").out)["findings"]}
    assert said == {"this is said otherwise; as is this"}
    assert check(run, anytown, "--baseline", "known.json").out == before.out
    assert fingerprints(run, anytown) == marks


def fingerprints(run: Run, folder: Path) -> list[str]:
    """Return the fingerprints that GitLab is told, which are those that SARIF is told as well."""
    marks = [each["fingerprint"] for each in json.loads(check(run, folder, "--format", "gitlab").out)]
    (of_sarif,) = json.loads(check(run, folder, "--format", "sarif").out)["runs"]
    assert [each["partialFingerprints"] for each in of_sarif["results"]] == [{"dhrctl/v2": mark} for mark in marks]
    return marks


def test_the_same_finding_in_another_file_is_new(faulty: Path, write: Write, run: Run) -> None:
    check(run, faulty, "--write-baseline", "known.json")
    write({TWO: WRONG})
    result = check(run, faulty, "--baseline", "known.json", "--json")
    assert result.code == 1
    assert {each["path"] for each in json.loads(result.out)["findings"] if each["severity"] == "error"} == {TWO}


def test_a_second_finding_that_is_the_same_is_new(faulty: Path, write: Write, run: Run) -> None:
    check(run, faulty, "--write-baseline", "known.json")
    write({REC: f"{WRONG}  - text: Agree how.\n    target_date: '2023-01'\n    lead_agency: nobody\n"})
    result = check(run, faulty, "--baseline", "known.json", "--json")
    assert (errors(result), result.code) == (["unknown-agency"], 1)


def test_a_finding_that_was_fixed_leaves_nothing_behind(faulty: Path, write: Write, run: Run) -> None:
    check(run, faulty, "--write-baseline", "known.json")
    write({REC: WRONG.replace("nobody", "anytown-police").replace("2024-05", "2024-02").replace("Nowhere", "Police")})
    assert check(run, faulty, "--baseline", "known.json").code == 0


def test_waived_findings_are_not_written_and_are_still_counted(anytown: Path, write: Write, run: Run) -> None:
    waivers = "waivers:\n  - rule: target-before-start\n    reason: As printed.\n    until: '2024-06-30'\n"
    write({REC: WRONG.replace("nobody", "anytown-police").replace("Nowhere", "Police") + waivers})
    assert "1 waived. Written" in check(run, anytown, "--write-baseline", "known.json").out
    assert "target-before-start" not in (anytown / "known.json").read_text(encoding="utf-8")
    assert ", 1 waived, " in check(run, anytown, "--baseline", "known.json").out
    late = run("check", "--baseline", "known.json", "--as-of", "2024-07-01", "--json", cwd=anytown)
    assert late.code == 1
    assert "target-before-start" in errors(late)


def test_a_baseline_of_nothing_holds_nothing(anytown: Path, faulty: Path, run: Run) -> None:
    check(run, anytown, "--rule", "tag", "--write-baseline", "known.json")
    result = check(run, faulty, "--baseline", "known.json")
    assert (result.code, known(result)) == (1, 0)


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "github", "gitlab", "sarif", "junit"])
def test_no_format_lists_what_is_known(form: str, faulty: Path, run: Run) -> None:
    assert "unknown-agency" in check(run, faulty, "--severity", "error", "--format", form).out
    check(run, faulty, "--write-baseline", "known.json")
    found = check(run, faulty, "--baseline", "known.json", "--format", form)
    said = json.dumps(json.loads(found.out)["runs"][0]["results"]) if form == "sarif" else found.out
    assert (found.code, "unknown-agency" in said) == (0, False)


def test_what_is_known_of_this_register_stays_known_as_days_pass(run: Run, tmp_path: Path) -> None:
    known_ones = str(tmp_path / "known.json")
    assert run("check", "--as-of", "2024-01-31", "--write-baseline", known_ones).code == 0
    assert run("check", "--strict", "--as-of", "2025-07-01", "--baseline", known_ones).code == 0


# What must not be published

SECRETS: Mapping[str, tuple[str, str, str]] = {
    "a name in a comment": ("Ann Other", "Bob Under", f"{LED}section: Police\n# {{}}\n"),
    "a name where a word belongs": ("Ann Other", "Bob Under", f"{LED}scope: {{}}\n"),
    "a name as a key": ("Ann Other", "Bob Under", f"{LED}{{}}: Police\n"),
    "a name as a heading": ("Ann Other", "Bob Under", f"{LED}section: Police\nas_stated:\n  End for {{}}: Completed\n"),
    "a name beside a word at fault": (
        "Ann Other",
        "Bob Under",
        f"{LED}section: Police\nas_stated:\n  End: Ongoing, {{}}\n",
    ),
    "a name as a section": ("Ann Other", "Bob Under", f"{LED}section: {{}}\n"),
    "a part of a name": ("MARY ANN JOAN OTHER", "LISA EVE RUTH UNDER", f"{LED}section: Police\noutcomes: ['{{}}']\n"),
    "a surname in capitals": ("Ann O'THER", "Bob U'NDER", f'{LED}section: Police\noutcomes: ["{{}} agreed."]\n'),
    "a number": ("943 476 5919", "401 023 2137", f"{LED}section: Call {{}} first\n"),
    "an address": ("ann@other.example", "bob@under.example", f"{LED}section: '{{}}'\n"),
    "who is responsible": ("Ann Other", "Bob Under", f"{LED}section: Police\nresponsible:\n  - name: {{}}\n"),
    "an officer": ("DS Other", "DS Under", f"{LED}section: Police\noutcomes: ['{{}} is asked.']\n"),
}


@pytest.mark.parametrize(("one", "other", "text"), SECRETS.values(), ids=SECRETS)
def test_a_baseline_is_the_same_whatever_it_is_that_must_not_be_published(
    one: str, other: str, text: str, *, anytown: Path, write: Write, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = anytown.parent / "names.txt"
    outside.write_text(f"{one}\n{other}\n" if one[0].isupper() else "", encoding="utf-8")
    monkeypatch.setenv("DHRCTL_PROTECTED_NAMES", str(outside))
    written = []
    for secret in (one, other):
        write({REC: text.format(secret)})
        check(run, anytown, "--write-baseline", "known.json")
        written.append((anytown / "known.json").read_text(encoding="utf-8"))
    assert written[0] == written[1]
    assert f"{REC}: p" in written[0]


# The file

VERSION_1 = TESTS / "golden" / "baseline-1.json"


def test_a_baseline_of_version_1_holds_back_what_it_did(
    anytown: Path, write: Write, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file was written by the program as it was before version 2, from these files."""
    outside = anytown.parent / "names.txt"
    outside.write_text("Ann Other\n", encoding="utf-8")
    monkeypatch.setenv("DHRCTL_PROTECTED_NAMES", str(outside))
    folder = REC.removesuffix("01.yaml")
    write(
        {
            REC: WRONG,
            TWO: f"{WRONG.replace('Nowhere', 'The unit of Ann Other; and others')}# Call 0191 498 0000.\n",
            f"{folder}03.yaml": f"{LED}section: Police\nscope: Dune\nstart_date: Easter\nsektion: Police\n",
            f"{folder}04.yaml": "section: 'Police\n",
            f"{folder}05.yml": "",
        }
    )
    total = sum(each["count"] for each in json.loads(VERSION_1.read_text(encoding="utf-8"))["findings"])
    result = check(run, anytown, "--strict", "--baseline", str(VERSION_1))
    assert (result.code, known(result)) == (0, total)
    write({REC: WRONG.replace("Nowhere", "Elsewhere")})
    assert errors(check(run, anytown, "--baseline", str(VERSION_1), "--json")) == ["section-not-in-review"]


def test_a_baseline_is_put_in_its_place_whole(faulty: Path, run: Run) -> None:
    place, other = faulty / "known.json", faulty / "old.json"
    place.write_text("old\n", encoding="utf-8")
    place.chmod(0o640)
    other.hardlink_to(place)
    assert check(run, faulty, "--write-baseline", "known.json").code == 0
    assert other.read_text(encoding="utf-8") == "old\n"
    assert json.loads(place.read_text(encoding="utf-8"))["baseline"] == 2
    assert place.stat().st_mode & 0o777 == 0o640
    assert not [path for path in faulty.iterdir() if path.name.startswith(".dhrctl-tmp-")]


def test_a_baseline_is_the_same_however_often_it_is_written(faulty: Path, run: Run) -> None:
    texts = []
    for _ in range(2):
        check(run, faulty, "--write-baseline", "known.json")
        texts.append((faulty / "known.json").read_text(encoding="utf-8"))
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    "place", ["register/known.json", "register/reviews/known.json", "register/../register/known.json", REC]
)
def test_no_baseline_is_written_into_the_register(place: str, faulty: Path, run: Run) -> None:
    before = {path: path.read_bytes() for path in faulty.rglob("*") if path.is_file()}
    result = check(run, faulty, "--write-baseline", place)
    assert (result.code, result.out) == (2, "")
    assert "--write-baseline" in result.err
    assert "--out" not in result.err
    assert {path: path.read_bytes() for path in faulty.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("place", ["nowhere/known.json", "."])
def test_a_place_that_cannot_be_written_is_refused_before_anything_is_said(place: str, faulty: Path, run: Run) -> None:
    result = check(run, faulty, "--write-baseline", place)
    assert (result.code, result.out) == (2, "")
    assert "--out" not in result.err


NO_BASELINES: Mapping[str, bytes | None] = {
    "missing": None,
    "empty": b"",
    "not JSON": b"known",
    "cut off": b'{"baseline": 1, "findings": [',
    "not UTF-8": b"\xff\xfe\x00",
    "a list": b"[]",
    "a number": b"1",
    "null": b"null",
    "of another version": b'{"baseline": 3, "findings": []}',
    "of a version that is a list": b'{"baseline": [], "findings": []}',
    "without a version": b'{"findings": []}',
    "without findings": b'{"baseline": 1}',
    "findings that are no list": b'{"baseline": 1, "findings": 7}',
    "findings that are text": b'{"baseline": 1, "findings": ["x"]}',
    "a finding without a count": b'{"baseline": 1, "findings": [{"fingerprint": "x"}]}',
    "a count that is no number": b'{"baseline": 1, "findings": [{"fingerprint": "x", "count": "many"}]}',
    "a count without end": b'{"baseline": 1, "findings": [{"fingerprint": "x", "count": Infinity}]}',
    "a count that is a list": b'{"baseline": 1, "findings": [{"fingerprint": "x", "count": []}]}',
    "nested without end": b"[" * 100_000,
}


@pytest.mark.parametrize("content", NO_BASELINES.values(), ids=NO_BASELINES)
def test_what_is_no_baseline_is_refused(content: bytes | None, faulty: Path, run: Run) -> None:
    if content is not None:
        (faulty / "known.json").write_bytes(content)
    result = check(run, faulty, "--baseline", "known.json")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("dhrctl: known.json ")
    assert result.err.count("\n") == 1


@pytest.mark.parametrize("name", [".", "", "register"])
def test_a_name_that_leads_to_no_file_is_refused(name: str, faulty: Path, run: Run) -> None:
    assert check(run, faulty, "--baseline", name).code == 2


def test_no_baseline_is_written_to_no_name(faulty: Path, run: Run) -> None:
    assert check(run, faulty, "--write-baseline", "").code == 2


@pytest.mark.parametrize(
    "path", ["nowhere", "register/nowhere", "register/reviews/anytown-dhr-1/recommendations/1.yaml", "/", ".."]
)
def test_a_path_that_is_not_there_is_refused(path: str, faulty: Path, run: Run) -> None:
    for more in ((), ("--write-baseline", "known.json")):
        result = check(run, faulty, path, *more)
        assert (result.code, result.out) == (2, "")
        assert path in result.err
    assert not (faulty / "known.json").exists()
