"""The checks: every rule by its cases, waivers, and what `check` looks at and answers."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rule_cases import BASE, CASES, cases, write_case

from dhrctl.checks import registry, transitions
from dhrctl.findings import rules
from dhrctl.model.records import Register

if TYPE_CHECKING:
    from conftest import Golden, Run, Write

DAY = "2024-06-30"
REVIEW = "register/reviews/anytown-dhr-1"
RECORD = f"{REVIEW}/recommendations/01.yaml"


CaseChecked = Callable[..., tuple[int, str]]

RULES = [rule.name for rule in registry.RULES if rule not in transitions.RULES]
GOOD, BAD = cases("good"), cases("bad")


@pytest.fixture
def case_checked(run: "Run", monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> "CaseChecked":
    """Return a function that checks a case on the day of the cases, and returns the exit code and the output."""

    def checking(case: str, *arguments: str) -> tuple[int, str]:
        folder = tmp_path / "case"
        if not folder.exists():
            write_case(case, folder)
        names = CASES / case / "names.txt"
        if names.exists():
            monkeypatch.setenv("DHRCTL_PROTECTED_NAMES", str(shutil.copy(names, tmp_path)))
        result = run("check", "--as-of", DAY, *arguments, cwd=folder)
        assert result.err == ""
        return result.code, result.out

    return checking


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_good_case_and_a_bad_one(rule: str) -> None:
    assert [case for case in GOOD if case.startswith(f"{rule}/")]
    assert [case for case in BAD if case.startswith(f"{rule}/")]


def test_every_case_belongs_to_a_rule_and_is_good_or_bad() -> None:
    every = sorted(path.relative_to(CASES).as_posix() for path in CASES.glob("*/*") if path.parent != BASE)
    assert every == sorted((*GOOD, *BAD))
    assert {str(Path(case).parent) for case in every} == set(RULES)


@pytest.mark.parametrize("case", BAD)
def test_a_bad_case_is_told_as_it_stands_beside_it(case_checked: "CaseChecked", golden: "Golden", case: str) -> None:
    rule = str(Path(case).parent)
    code, out = case_checked(case, "--rule", rule)
    golden(f"../cases/checks/{case}/expected.txt", out)
    _, text = case_checked(case, "--json")
    every = json.loads(text)["findings"]
    own = [finding for finding in every if finding["rule"] == rule]
    assert own
    assert not any(finding["waived"] for finding in own)
    assert code == int(any(finding["severity"] == "error" for finding in own))
    assert {finding["rule"] for finding in every} <= set(RULES)


@pytest.mark.parametrize("case", GOOD)
def test_a_good_case_can_be_read_and_earns_no_finding_of_its_rule(case_checked: "CaseChecked", case: str) -> None:
    answer = json.loads(case_checked(case, "--json")[1])
    findings = answer["findings"]
    assert answer["files"] > 0
    assert [each for each in findings if each["rule"] == str(Path(case).parent) and not each["waived"]] == []
    assert {finding["rule"] for finding in findings} <= set(RULES)


def test_rules_have_one_name_and_one_sentence_each() -> None:
    every = (*registry.RULES, *rules.FILE_RULES, *rules.YAML_RULES, *rules.SCHEMA_RULES)
    assert len({rule.name for rule in every}) == len(every)
    assert len({rule.sentence for rule in every}) == len(every)


def test_every_check_is_a_rule_and_every_rule_but_those_on_waivers_and_protected_names_can_be_waived() -> None:
    assert {check.rule for check in registry.CHECKS} < set(registry.RULES)
    assert set(RULES) - {rule.name for rule in registry.WAIVABLE} == {
        "waiver-expired",
        "waiver-for-nothing",
        "waiver-unknown-rule",
        "protected-name",
    }


def test_a_check_changes_nothing_that_it_is_given() -> None:
    known = Register()
    before = repr(known)
    first = registry.findings(known, date(2024, 6, 30))
    assert registry.findings(known, date(2024, 6, 30)) == first
    assert repr(known) == before


# This repository


def test_this_register_is_green_and_its_plans_gaps_are_warnings(run: "Run") -> None:
    for arguments, code in (([], 0), (["--strict"], 1)):
        result = run("check", "--json", "--as-of", "2026-11-22", *arguments)
        assert (result.code, result.err) == (code, "")
        answer = json.loads(result.out)
        assert answer["counts"]["error"] == 0
        assert answer["counts"]["warning"] > 100
        assert answer["counts"]["waived"] == 1
        assert {each["rule"] for each in answer["findings"] if each["waived"]} == {"target-before-start"}


# What cannot be read is one finding, and no more

BROKEN = "title: [\n"


@pytest.mark.parametrize(
    "path",
    [
        "register/register.yaml",
        "register/agencies/anytown-police.yaml",
        f"{REVIEW}/review.yaml",
        f"{REVIEW}/recommendations/01.yaml",
        f"{REVIEW}/updates/01/2024-02-01-anytown-police.yaml",
    ],
)
def test_a_file_that_cannot_be_read_is_the_only_error(run: "Run", anytown: Path, write: "Write", path: str) -> None:
    second = (anytown / RECORD).read_text(encoding="utf-8") + "related:\n  - anytown-dhr-1/01\n"
    write(
        {
            f"{REVIEW}/recommendations/02.yaml": second,
            f"{REVIEW}/updates/01/2024-02-01-anytown-police.yaml": (
                'date: "2024-02-01"\nagency: anytown-police\ntext: Work goes on.\n'
            ),
        }
    )
    assert run("check", "--as-of", DAY, cwd=anytown).code == 0
    write({path: BROKEN})
    result = run("check", "--as-of", DAY, "--severity", "error", "--json", cwd=anytown)
    assert result.code == 1
    answer = json.loads(result.out)
    assert [(finding["path"], finding["rule"]) for finding in answer["findings"]] == [(path, "invalid-yaml")]
    assert answer["files"] == 6


# Order


def test_findings_stand_in_the_order_of_their_places(run: "Run", anytown: Path, write: "Write") -> None:
    actions = "".join(f"  - text: Do it.\n    lead_agency: anytown-body-{place}\n" for place in range(12))
    record = (anytown / RECORD).read_text(encoding="utf-8").replace("section: Police", "section: Politics")
    write({RECORD: f"{record}actions:\n{actions}", f"{REVIEW}/notes.txt": "", "register/agencies/a.yaml": BROKEN})
    arguments = ("--as-of", DAY, "--severity", "error", "--json")
    findings = json.loads(run("check", *arguments, cwd=anytown).out)["findings"]
    places = [(finding["path"], finding["line"], finding["column"]) for finding in findings]
    assert places == sorted(places)
    assert len(places) == 15
    assert {place[0] for place in places} == {"register/agencies/a.yaml", f"{REVIEW}/notes.txt", RECORD}


# Many


@pytest.mark.parametrize(
    ("many", "told", "left"),
    [
        (1, 1, ""),
        (200, 200, ""),
        (201, 200, "there is 1 more of these in this file; fix those that are listed first"),
        (5_000, 200, "there are 4,800 more of these in this file; fix those that are listed first"),
    ],
)
@pytest.mark.parametrize(
    ("entry", "field", "rule", "severity"),
    [
        ("  - role: Head of training\n    agency: nobody\n", "responsible", "unknown-agency", "error"),
        ("  - role: Head of training\n    name: Placeholder\n", "responsible", "named-person", "warning"),
        ("  - Ask head@anytown.example.\n", "outcomes", "personal-identifier", "error"),
    ],
)
def test_of_a_rule_that_a_file_breaks_often_two_hundred_are_told_and_the_rest_are_counted(
    run: "Run",
    anytown: Path,
    write: "Write",
    *,
    many: int,
    told: int,
    left: str,
    entry: str,
    field: str,
    rule: str,
    severity: str,
) -> None:
    record = (anytown / RECORD).read_text(encoding="utf-8")
    write(
        {RECORD: f"{record}{field}:\n{entry * many}", f"{REVIEW}/recommendations/02.yaml": f"{record}{field}:\n{entry}"}
    )
    answer = json.loads(run("check", "--as-of", DAY, "--rule", rule, "--json", cwd=anytown).out)
    messages = [each["message"] for each in answer["findings"] if each["path"] == RECORD]
    assert [message for message in messages if "more of these" in message] == [left] * bool(left)
    assert len(messages) == told + bool(left)
    assert len(answer["findings"]) == len(messages) + 1
    assert {each["severity"] for each in answer["findings"]} == {severity}


def test_what_a_waiver_covers_it_covers_however_many_there_are(run: "Run", anytown: Path, write: "Write") -> None:
    record = (anytown / RECORD).read_text(encoding="utf-8")
    entries = "  - Ask head@anytown.example.\n" * 201
    waiver = "waivers:\n  - rule: personal-identifier\n    reason: It is published.\n    until: '2030-01-01'\n"
    write({RECORD: f"{record}outcomes:\n{entries}{waiver}"})
    answer = json.loads(run("check", "--as-of", DAY, "--rule", "personal-identifier", "--json", cwd=anytown).out)
    assert answer["counts"] == {"error": 0, "warning": 0, "info": 0, "waived": 201}


# Waivers

WAIVED = """\
recommendation: That training is reviewed.
section: Police
lead_agencies:
  - anytown-police
start_date: "2021-04"
target_date: "2021-03"
status: in-progress
waivers:
  - rule: target-before-start
    reason: The plan prints it so.
    until: "2024-06-30"
"""


def checked(run: "Run", folder: Path, *arguments: str, day: str = DAY) -> tuple[int, dict[str, Any]]:
    result = run("check", "--json", "--as-of", day, "--severity", "error", *arguments, cwd=folder)
    assert result.err == ""
    answer: dict[str, Any] = json.loads(result.out)
    assert answer["schema"] == 1
    assert (answer["as_of"], answer["commit"]) == (day, None)
    return result.code, answer


def test_a_waived_finding_is_listed_and_counted_under_waived_and_nowhere_else(
    run: "Run", anytown: Path, write: "Write"
) -> None:
    write({RECORD: WAIVED})
    for arguments in ([], ["--strict"]):
        code, answer = checked(run, anytown, *arguments)
        assert code == 0
        assert answer["counts"] == {"error": 0, "warning": 0, "info": 0, "waived": 1}
        (finding,) = answer["findings"]
        assert (finding["rule"], finding["severity"], finding["waived"]) == ("target-before-start", "error", True)
        assert (finding["path"], finding["line"], finding["column"]) == (RECORD, 6, 14)
        assert finding["id"] == "anytown-dhr-1/01"
    text = run("check", "--as-of", DAY, "--severity", "error", cwd=anytown).out
    assert "(waived)\n" in text
    assert text.endswith("4 files checked, only for errors: 0 errors, 0 warnings, 0 notes, 1 waived.\n")


@pytest.mark.parametrize(
    ("day", "rules", "counts"),
    [
        ("2021-04-01", ["target-before-start"], (0, 1)),
        ("2024-06-30", ["target-before-start"], (0, 1)),
        ("2024-07-01", ["target-before-start", "waiver-expired"], (2, 0)),
    ],
)
def test_a_waiver_holds_until_the_end_of_its_day(
    run: "Run", anytown: Path, write: "Write", *, day: str, rules: list[str], counts: tuple[int, int]
) -> None:
    write({RECORD: WAIVED})
    code, answer = checked(run, anytown, day=day)
    assert code == (1 if counts[0] else 0)
    assert [finding["rule"] for finding in answer["findings"]] == rules
    assert (answer["counts"]["error"], answer["counts"]["waived"]) == counts


@pytest.mark.parametrize(
    ("old", "new", "errors", "waived"),
    [
        ("rule: target-before-start", "rule: completed-before-start", {"target-before-start"}, set()),
        ("rule: target-before-start", "rule: unknown-agency", {"target-before-start"}, set()),
        (
            "rule: target-before-start",
            "rule: target-befor-start",
            {"target-before-start", "waiver-unknown-rule"},
            set(),
        ),
        ('target_date: "2021-03"', 'target_date: "2021-05"', set(), set()),
        ("section: Police", "section: Politics", {"section-not-in-review"}, {"target-before-start"}),
    ],
)
def test_a_waiver_silences_its_own_rule_alone(
    run: "Run", anytown: Path, write: "Write", *, old: str, new: str, errors: set[str], waived: set[str]
) -> None:
    write({RECORD: WAIVED.replace(old, new)})
    code, answer = checked(run, anytown)
    found = {flag: {each["rule"] for each in answer["findings"] if each["waived"] is flag} for flag in (False, True)}
    assert found == {False: errors, True: waived}
    assert answer["counts"] == {"error": len(errors), "warning": 0, "info": 0, "waived": len(waived)}
    assert code == (1 if errors else 0)


def test_a_waiver_silences_nothing_on_another_record(run: "Run", anytown: Path, write: "Write") -> None:
    bare = WAIVED.partition("waivers:")[0]
    write({RECORD: WAIVED, f"{REVIEW}/recommendations/02.yaml": bare})
    code, answer = checked(run, anytown)
    assert code == 1
    assert [(finding["id"], finding["waived"]) for finding in answer["findings"]] == [
        ("anytown-dhr-1/01", True),
        ("anytown-dhr-1/02", False),
    ]


def test_the_expired_waiver_beside_a_new_one_is_still_a_finding(run: "Run", anytown: Path, write: "Write") -> None:
    again = '  - rule: target-before-start\n    reason: Until then.\n    until: "2025-01-01"\n'
    write({RECORD: WAIVED + again})
    code, answer = checked(run, anytown, day="2024-12-31")
    assert code == 1
    assert {finding["rule"]: finding["waived"] for finding in answer["findings"]} == {
        "target-before-start": True,
        "waiver-expired": False,
    }


# Paths


@pytest.fixture
def wrong_twice(anytown: Path, write: "Write") -> Path:
    """A register with an error in an agency and one in a recommendation."""
    record = (anytown / RECORD).read_text(encoding="utf-8").replace("section: Police", "section: Politics")
    agency = "name: Anytown CCG\nkind: nhs-commissioner\nmembers:\n  - anytown-panel\n"
    return write({RECORD: record, "register/agencies/anytown-ccg.yaml": agency, "README.md": "Not of the register.\n"})


AGENCY, SECTION = "unknown-agency", "section-not-in-review"


@pytest.mark.parametrize(
    ("where", "paths", "rules", "files"),
    [
        (".", [], [AGENCY, SECTION], 5),
        (".", ["."], [AGENCY, SECTION], 5),
        (".", ["register"], [AGENCY, SECTION], 5),
        (".", ["register/"], [AGENCY, SECTION], 5),
        (".", ["register/agencies"], [AGENCY], 2),
        (".", ["./register/agencies/"], [AGENCY], 2),
        (".", ["register/agencies/anytown-ccg.yaml"], [AGENCY], 1),
        (".", ["register/agencies/anytown-police.yaml"], [], 1),
        (".", ["register/register.yaml"], [], 1),
        (".", ["register/reviews"], [SECTION], 2),
        (".", [RECORD], [SECTION], 1),
        (".", [RECORD, "register/agencies"], [AGENCY, SECTION], 3),
        (".", [RECORD, RECORD, "register"], [AGENCY, SECTION], 5),
        (".", [RECORD, "README.md"], [SECTION], 1),
        ("register/reviews", ["anytown-dhr-1"], [SECTION], 2),
        ("register/reviews", ["../agencies"], [AGENCY], 2),
        ("register/reviews/anytown-dhr-1", ["."], [SECTION], 2),
        ("register/reviews", [".."], [AGENCY, SECTION], 5),
        ("register/agencies", ["../.."], [AGENCY, SECTION], 5),
        (".", ["register/reviews/.."], [AGENCY, SECTION], 5),
        ("register/reviews", [], [AGENCY, SECTION], 5),
    ],
)
def test_check_looks_at_the_files_and_folders_it_is_given(
    run: "Run", wrong_twice: Path, *, where: str, paths: list[str], rules: list[str], files: int
) -> None:
    for given in (paths, [str(wrong_twice / where / path) for path in paths]):
        code, answer = checked(run, wrong_twice / where, *given)
        assert [finding["rule"] for finding in answer["findings"]] == rules
        assert answer["files"] == files
        assert answer["counts"]["error"] == len(rules)
        assert code == (1 if rules else 0)


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("The plan.\n", []),
        ("Ask head@anytown.example.\n", ["personal-identifier"]),
        ("A\u202eplan.\n", ["hidden-character"]),
    ],
)
def test_the_text_of_a_source_is_checked_and_counted(
    run: "Run", anytown: Path, write: "Write", text: str, rules: list[str]
) -> None:
    source = f"{REVIEW}/source.txt"
    write({source: text})
    for paths, files in (([source], 1), ([REVIEW], 3), ([], 5)):
        code, answer = checked(run, anytown, *paths)
        assert (code, answer["files"]) == (1 if rules else 0, files)
        assert [(each["path"], each["rule"]) for each in answer["findings"]] == [(source, rule) for rule in rules]


def test_a_link_in_the_place_of_a_source_is_checked_too(run: "Run", anytown: Path) -> None:
    source = f"{REVIEW}/source.txt"
    (anytown / source).symlink_to(anytown / RECORD)
    code, answer = checked(run, anytown, source)
    assert (code, answer["files"], [each["rule"] for each in answer["findings"]]) == (1, 1, ["symbolic-link"])


def test_a_folder_is_not_taken_for_another_that_begins_alike(run: "Run", wrong_twice: Path, write: "Write") -> None:
    review = (wrong_twice / REVIEW / "review.yaml").read_text(encoding="utf-8")
    write({"register/reviews/anytown-dhr-12/review.yaml": review})
    _, answer = checked(run, wrong_twice, "register/reviews/anytown-dhr-1")
    assert answer["files"] == 2


@pytest.mark.parametrize(
    ("paths", "code", "said"),
    [
        (["register/nowhere"], 2, "register/nowhere"),
        ([RECORD, "register/agencies/nobody.yaml"], 2, "register/agencies/nobody.yaml"),
        (["/"], 2, "does not belong to the register"),
        ([".."], 2, "does not belong to the register"),
        (["README.md"], 3, "no file of the register"),
        (["empty"], 3, "no file of the register"),
    ],
)
def test_a_path_with_nothing_to_check_is_never_green(
    run: "Run", anytown: Path, write: "Write", *, paths: list[str], code: int, said: str
) -> None:
    write({"README.md": "Not of the register.\n"})
    (anytown / "empty").mkdir()
    result = run("check", *paths, cwd=anytown)
    assert (result.code, result.out) == (code, "")
    assert said in result.err


@pytest.mark.parametrize("target", ["broken.txt", "register/agencies/anytown-police.yaml", "nowhere", "/"])
def test_check_finds_a_link_that_it_is_given_and_does_not_follow_it(
    run: "Run", anytown: Path, write: "Write", target: str
) -> None:
    write({"broken.txt": BROKEN})
    name = "register/agencies/anytown-link.yaml"
    (anytown / name).symlink_to(anytown / target)
    result = run("check", name, "--json", cwd=anytown)
    assert (result.code, result.err) == (1, "")
    findings = json.loads(result.out)["findings"]
    assert [(finding["path"], finding["rule"]) for finding in findings] == [(name, "symbolic-link")]


# --strict and --quiet

CLEAN = """\
recommendation: That training is reviewed.
section: Police
scope: local
lead_agencies:
  - anytown-police
start_date: "2024-01-08"
target_date: "2024-09-30"
status: in-progress
milestones:
  - text: Content of the training compared with the guidance.
    date: "2024-05"
measures:
  - Every file shows a risk assessment, in a quarterly audit.
"""
NEWS = f"{REVIEW}/updates/01/2024-06-01-anytown-police.yaml"
NOTE = ('start_date: "2024-01-08"\n', "")
WARNING = ('    date: "2024-05"\n', "")
ERROR = ("section: Police", "section: Politics")


@pytest.mark.parametrize(
    ("changes", "counted", "code", "strict"),
    [
        ([], "0 errors, 0 warnings, 0 notes, 0 waived", 0, 0),
        ([NOTE], "0 errors, 0 warnings, 1 note, 0 waived", 0, 0),
        ([WARNING], "0 errors, 1 warning, 0 notes, 0 waived", 0, 1),
        ([WARNING, NOTE], "0 errors, 1 warning, 1 note, 0 waived", 0, 1),
        ([ERROR], "1 error, 0 warnings, 0 notes, 0 waived", 1, 1),
        ([ERROR, WARNING, NOTE], "1 error, 1 warning, 1 note, 0 waived", 1, 1),
    ],
)
def test_errors_fail_and_with_strict_warnings_do_too(
    run: "Run",
    anytown: Path,
    write: "Write",
    *,
    changes: list[tuple[str, str]],
    counted: str,
    code: int,
    strict: int,
) -> None:
    review = (anytown / REVIEW / "review.yaml").read_text(encoding="utf-8")
    write({f"{REVIEW}/review.yaml": f'{review}plan_date: "2024-04"\n'})
    record = CLEAN
    for old, new in changes:
        assert old in record
        record = record.replace(old, new)
    write({RECORD: record, NEWS: 'date: "2024-06-01"\nagency: anytown-police\ntext: Half of the files are read.\n'})
    summed = f"5 files checked: {counted}.\n"
    for arguments, expected in (([], code), (["--strict"], strict)):
        loud = run("check", "--as-of", DAY, *arguments, cwd=anytown)
        assert (loud.code, loud.err) == (expected, "")
        assert loud.out.endswith(summed)
        assert (loud.out == summed) == (not changes)
        quiet = run("check", "--as-of", DAY, "--quiet", *arguments, cwd=anytown)
        assert (quiet.code, quiet.out, quiet.err) == (expected, summed, "")


def test_quiet_changes_nothing_that_a_program_reads(run: "Run", wrong_twice: Path) -> None:
    for form in ("json", "jsonl", "csv", "md", "html"):
        loud, quiet = (
            run("check", "--as-of", DAY, "--format", form, *more, cwd=wrong_twice) for more in ([], ["--quiet"])
        )
        assert loud == quiet
        assert loud.code == 1
