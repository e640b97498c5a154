"""The rules one by one: false alarms, what they say of themselves, adoption, waivers, and how many steps they take."""

import json
import pkgutil
import re
import shutil
from collections.abc import Iterator
from datetime import date
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import FEWER, ROOT
from hostile_texts import PIECES, grown
from hypothesis import given
from hypothesis import strategies as st
from rule_cases import CASES, cases, write_case
from steps import growth, lines, places

from dhrctl import checks
from dhrctl.checks import dates, registry, safety, source, status, words
from dhrctl.checks.check import Phrases
from dhrctl.files import schema
from dhrctl.files.yaml import reader
from dhrctl.findings import rules
from dhrctl.findings.finding import Rule
from dhrctl.model.paths import RecordKind
from dhrctl.model.records import Action, Milestone, Recommendation, Register, Responsible, Review, ReviewKind, Status

if TYPE_CHECKING:
    from conftest import Run, Write

DAY = "2024-06-30"
REVIEW = "register/reviews/anytown-dhr-1"
RECORD = f"{REVIEW}/recommendations/01.yaml"
HEAD = "recommendation: That training is reviewed.\nsection: Police\nlead_agencies:\n  - anytown-police\n"
EVERY = (*rules.FILE_RULES, *rules.YAML_RULES, *rules.SCHEMA_RULES, *registry.RULES)


@pytest.fixture(autouse=True)
def _no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DHRCTL_PROTECTED_NAMES", raising=False)


def checked(run: "Run", folder: Path, *arguments: str, day: str = DAY) -> list[dict[str, Any]]:
    result = run("check", "--json", "--as-of", day, *arguments, cwd=folder)
    assert result.err == ""
    findings: list[dict[str, Any]] = json.loads(result.out)["findings"]
    return findings


def by_rule(findings: list[dict[str, Any]], rule: str) -> list[dict[str, Any]]:
    return [finding for finding in findings if finding["rule"] == rule]


# False alarms on the two published plans


def test_of_all_forty_eight_recommendations_two_pairs_disagree(run: "Run") -> None:
    found = checked(run, ROOT, "--rule", "duplicates-disagree", day="2026-11-22")
    pairs = {(each["id"], *re.findall(r"^\S+/\S+", each["message"])) for each in found}
    assert pairs == {
        ("middlesbrough-dhr-3/03", "middlesbrough-dhr-3/09"),
        ("middlesbrough-dhr-3/04", "middlesbrough-dhr-3/10"),
    }


def test_no_file_of_this_register_holds_a_personal_identifier() -> None:
    files = {path.as_posix(): path.read_bytes() for path in (ROOT / "register").rglob("*") if path.is_file()}
    assert {Path(name).name for name in files} >= {"source.txt", "review.yaml", "01.yaml", "t3-12.yaml"}
    assert [str(finding) for finding in registry.scan_texts(files, ())] == []


# Identifiers; all the numbers and addresses are made up, or set aside for examples


def kinds(text: str) -> list[str]:
    return [re.sub(r"what looks like an? (.+) stands here.*", r"\1", match.problem) for match in matches(text)]


def matches(text: str) -> list[safety.Match]:
    return list(safety.personal_identifier.run(text))


@pytest.mark.parametrize(
    "text",
    [
        "943 476 5919",
        "9434765919",
        "943-476-5919",
        "Patient 999 000 0018.",
        "(999 000 0026)",
        "999 000 0220",  # eleven less nothing is written as 0
        "a\n999 000 0018\nb",
    ],
)
def test_an_nhs_number_is_known_by_its_check_digit(text: str) -> None:
    assert kinds(text) == ["NHS number"]


@pytest.mark.parametrize(
    "text",
    [
        "943 476 5918",
        "943 476 5910",
        "9434765191",
        "999 000 0010",
        "943 476 591",
        "943 476 59190",
        "1943 476 5919",
        "0.9434765919",
        "943.476.5919",
        "94 34 76 59 19",
        "2024-03-31",
        "1234567890",
    ],
)
def test_ten_digits_with_another_check_digit_or_shape_are_no_nhs_number(text: str) -> None:
    assert "NHS number" not in kinds(text)


def nhs_number(nine: str) -> str | None:
    """Return nine digits with their check digit, worked out another way; None where they have none."""
    total = sum((10 - place) * int(digit) for place, digit in enumerate(nine))
    fitting = [check for check in range(10) if (total + check) % 11 == 0]
    return f"{nine}{fitting[0]}" if fitting else None


def test_of_the_ten_digits_at_the_end_one_at_most_makes_an_nhs_number() -> None:
    without = 0
    for nine in (f"{number:09}" for number in range(999_000_000, 999_000_200)):
        right = nhs_number(nine)
        without += right is None
        found = [f"{nine}{last}" for last in range(10) if "NHS number" in kinds(f"{nine}{last}")]
        assert found == ([right] if right else [])
    assert without > 10


NOTHING: list[str] = []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("AB 12 34 56 C", ["National Insurance number"]),
        ("AB123456C", ["National Insurance number"]),
        ("No AB 123456 D.", ["National Insurance number"]),
        ("QQ 12 34 56 C", NOTHING),
        ("AO 12 34 56 C", NOTHING),
        ("AB 12 34 56 E", NOTHING),
        ("AB 12 34 5 C", NOTHING),
        ("AB 12 34 567 C", NOTHING),
        ("CAB 12 34 56 C", NOTHING),
        ("AB 12 34 56 Cases", NOTHING),
        ("at ZZ9 9ZZ.", ["postcode"]),
        ("Z9 9ZZ", ["postcode"]),
        ("ZZ99 9ZZ", ["postcode"]),
        ("Z9Z 9ZZ", ["postcode"]),
        ("ZZ9A 9ZZ", ["postcode"]),
        ("ZZ9 99Z", NOTHING),
        ("ZZ9 9CI", NOTHING),
        ("ZZZ9 9ZZ", NOTHING),
        ("ZZ9 9ZZZ", NOTHING),
        ("Table T1, row 4", NOTHING),
        ("DHR 4 Action Plan", NOTHING),
        ("P1 2nd part", NOTHING),
        ("01632 960000", ["telephone number"]),
        ("01632960000", ["telephone number"]),
        ("0191 498 0000", ["telephone number"]),
        ("020 7946 0000", ["telephone number"]),
        ("07700 900000", ["telephone number"]),
        ("+44 1632 960000", ["telephone number"]),
        ("+441632960000", ["telephone number"]),
        ("(01632) 960000", ["telephone number"]),
        ("01632-960000", ["telephone number"]),
        ("+44 (0)1632 960000", ["telephone number"]),
        ("999", NOTHING),
        ("01632 9600", NOTHING),
        ("1632 960000 1", NOTHING),
        ("2024-01-02 2024-03-04", NOTHING),
        ("01/02/2024 03/04/2024", NOTHING),
        ("0123456789012", NOTHING),
        ("coordinator@example.org", ["e-mail address"]),
        ("<mailto:a.b+c@anytown.example.org>", ["e-mail address"]),
        ("a@b", NOTHING),
        ("anytown @ example.org", NOTHING),
        ("@anytown", NOTHING),
        ("user@", NOTHING),
        ("born 1 May 1970", ["date of birth"]),
        ("born on 01/05/1970", ["date of birth"]),
        ("Date of birth: 1970-05-01", ["date of birth"]),
        ("DOB 1.5.70", ["date of birth"]),
        ("dob: 1st May 1970", ["date of birth"]),
        ("born in Anytown", NOTHING),
        ("born in 1970", NOTHING),
        ("newborn 1 May 1970", NOTHING),
        ("on 1 May 1970", NOTHING),
        ("the date of birth is not recorded", NOTHING),
        ("airborne 12/05/1970", NOTHING),
        ("", NOTHING),
        ("Nothing of the kind.", NOTHING),
    ],
)
def test_an_identifier_is_found_and_what_looks_a_little_like_one_is_not(text: str, found: list[str]) -> None:
    assert kinds(text) == found


@pytest.mark.parametrize(
    ("before", "identifier", "after"),
    [
        ("Ask ", "coordinator@example.org", ", please."),
        ("Call ", "01632 960000", " today."),
        ("No ", "943 476 5919", " is hers."),
        ("No ", "AB 12 34 56 C", ", his."),
        ("At ", "ZZ9 9ZZ", " then."),
        ("", "born 1 May 1970", " there."),
        ("At ", "zz9 9zz", " then."),
        ("At ", "ZZ99ZZ", " then."),
        ("No ", "ab123456c", ", his."),
        ("", "D.O.B. 01/02/1980", " there."),
        ("", "DOB - 01/02/1980", " there."),
        ("", "date of birth was 1 March 1980", " there."),
        ("Call ", "0044 1632 960000", " today."),
    ],
)
def test_an_identifier_is_told_with_its_place_and_length_and_never_its_text(
    before: str, identifier: str, after: str
) -> None:
    (match,) = matches(f"{before}{identifier}{after}")
    assert (match.start, match.end) == (len(before), len(before) + len(identifier))
    assert f"({len(identifier)} characters)" in match.problem
    assert identifier not in f"{match.problem} {match.fix}"


@pytest.mark.parametrize(("kind", "pattern"), [(kind, pattern) for kind, _, pattern in safety._IDENTIFIERS])
@FEWER
@given(st.data())
def test_the_quick_look_for_identifiers_overlooks_none(
    kind: str, pattern: re.Pattern[str], data: st.DataObject
) -> None:
    text = data.draw(st.from_regex(pattern))
    assert not pattern.search(text) or safety.may_hold_identifier(text), kind


@pytest.mark.parametrize(
    "text",
    [
        "Mr Ng",
        "DCI Li",
        "DCI O'Neill",
        "Mrs D\u2019Arcy",
        "DS SMITH",
        "ACC Brown",
        "PCSO Green",
        "Supt Smith",
        "DC J. Smith",
        "Mr. A Smith",
        "Councillor de Souza",
        "Dr Żak",
        "Dr. Example",
        "Lady Example",
    ],
)
def test_a_rank_or_title_with_a_surname_is_found(text: str) -> None:
    assert safety._RANK.search(f"Ask {text} for it.")


@pytest.mark.parametrize(
    "text", ["Dr Foster Centre", "Dr Surgery", "PC 1234", "DC and DI", "a Detective Superintendent"]
)
def test_a_rank_or_title_without_a_surname_is_not_found(text: str) -> None:
    assert not safety._RANK.search(f"Ask {text}, for it.")


def test_a_name_is_an_error_in_a_plan_that_is_published(run: "Run", anytown: Path, write: "Write") -> None:
    write({RECORD: f"{HEAD}status: in-progress\nresponsible:\n  - role: Head\n    name: A. N. Officer\n"})
    assert [each["severity"] for each in by_rule(checked(run, anytown), "named-person")] == ["warning"]
    path = anytown / REVIEW / "review.yaml"
    path.write_text(f'{path.read_text(encoding="utf-8")}published: "2024-06-30"\n', encoding="utf-8")
    assert [each["severity"] for each in by_rule(checked(run, anytown), "named-person")] == ["error"]
    assert [each["severity"] for each in by_rule(checked(run, anytown, day="2024-06-29"), "named-person")] == [
        "warning"
    ]


def test_names_in_the_short_texts_are_found(run: "Run", anytown: Path, write: "Write") -> None:
    more = (
        "responsible:\n  - role: DCI Example\nevidence:\n  - kind: audit\n    title: Audit\n    held_by: Dr Example\n"
        'waivers:\n  - rule: stale\n    reason: Agreed with Mr Example.\n    until: "2030-12-31"\n'
    )
    write({RECORD: f"{HEAD}status: in-progress\n{more}", **update("2024-06-01", "by: DS Example\n")})
    found = by_rule(checked(run, anytown), "named-person")
    assert len(found) == 4


@pytest.mark.parametrize(
    "text",
    ["SAF NORTH TYP", "<P>", "<h2>", "<a href='x'>", "<img src=x>", "a | b", "a |b", "a| b", "&#160;", "&rsquo;"],
)
def test_what_an_extraction_leaves_is_found(text: str) -> None:
    assert words._find_residue(f"Staff {text} are trained.")


@pytest.mark.parametrize("text", ["MARAC and DASH RIC", "5 < 10", "Anytown|Othertown", "A & B", "R&D; and more"])
def test_what_only_looks_like_it_is_not(text: str) -> None:
    assert not words._find_residue(f"Staff {text} are trained.")


def test_a_recommendation_that_points_to_itself_is_told(run: "Run", anytown: Path, write: "Write") -> None:
    write({RECORD: f"{HEAD}status: superseded\nsuperseded_by:\n  - anytown-dhr-1/01\n"})
    (found,) = by_rule(checked(run, anytown), "related-missing")
    assert "points to itself" in found["message"]


def test_a_target_of_a_closed_action_is_no_target_date(run: "Run", anytown: Path, write: "Write") -> None:
    action = 'actions:\n  - text: Review it.\n    status: complete\n    target_date: "2020-01"\n'
    write({RECORD: f"{HEAD}status: in-progress\n{action}"})
    assert len(by_rule(checked(run, anytown), "no-target-date")) == 1


PHRASES = [
    each for module in (dates, safety, source, status, words) for each in vars(module).values() if type(each) is Phrases
]


@pytest.mark.parametrize("phrases", PHRASES, ids=lambda phrases: phrases._exactly.pattern[:20])
@FEWER
@given(st.data())
def test_the_quick_look_for_phrases_overlooks_none(phrases: Phrases, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(phrases._exactly).filter(lambda each: phrases._cased or each.isascii()))
    exactly = phrases._exactly.search(text)
    found = phrases.search(text)
    assert (found and found.span()) == (exactly and exactly.span())
    assert phrases.findall(text) == phrases._exactly.findall(text)


def test_an_identifier_in_any_file_has_its_line_and_column() -> None:
    files = {
        RECORD: b"# Ask coordinator@example.org\n",
        "register/agencies/anytown-police.yaml": b"name: Anytown Police\nnotes:\n  - Call 01632 960000.\n",
    }
    found = [(each.path, each.line, each.column, each.id) for each in registry.scan_texts(files, ())]
    assert found == [
        (RECORD, 1, 7, "anytown-dhr-1/01"),
        ("register/agencies/anytown-police.yaml", 3, 10, ""),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Jane Example", ["Jane Example"]),
        ("JANE EXAMPLE", ["JANE EXAMPLE"]),
        ("jane_example", ["jane_example"]),
        ("Jane-Example", ["Jane-Example"]),
        ("Jane\n   Example", ["Jane\n   Example"]),
        ("(Jane Example)", ["Jane Example"]),
        ("Jane Example's", ["Jane Example"]),
        ("Straße", ["Straße"]),
        ("a+b", ["a+b"]),
        ("Jane\u2011Example", ["Jane\u2011Example"]),
        ("Jane \u2013 Example", ["Jane \u2013 Example"]),
        ("O'Neill\u2010Zoe\u0308", ["O'Neill\u2010Zoe\u0308"]),
        ("O\u2019Neill Zo\u00eb", ["O\u2019Neill Zo\u00eb"]),
        ("O\u02bcNEILL ZO\u00cb", ["O\u02bcNEILL ZO\u00cb"]),
        ("ONeill Zo\u00eb", NOTHING),
        ("JaneExample", NOTHING),
        ("Jane Examples", NOTHING),
        ("Marijane Example", NOTHING),
        ("Jane, for example", NOTHING),
        ("Jane", NOTHING),
        ("aab", NOTHING),
    ],
)
def test_a_protected_name_is_found_in_any_writing_and_no_other(text: str, found: list[str]) -> None:
    check = safety.protected_name(["Jane Example", "", "Straße", "a+b", "O\u2019Neill\u2013Zo\u00eb"])
    assert [text[match.start : match.end] for match in check.run(text)] == found
    for match in check.run(text):
        assert text not in match.problem + match.fix
        assert f"({match.end - match.start} characters)" in match.problem


def test_without_protected_names_nothing_is_one() -> None:
    assert list(safety.protected_name(["", "  "]).run("Jane Example")) == []


# Ranks and titles


def register_of(*records: Recommendation, adopted: date | None = None) -> Register:
    review = Review(
        id="anytown-dhr-1",
        path=f"{REVIEW}/review.yaml",
        title="Anytown DHR 1",
        kind=ReviewKind.DHR,
        partnership="anytown-police",
        sections=("Police",),
        adopted=adopted,
    )
    return Register(recommendations=records, reviews={review.id: review})


def record_of(number: int = 1, **fields: Any) -> Recommendation:
    given: dict[str, Any] = {
        "recommendation": "That training is reviewed.",
        "section": "Police",
        "lead_agencies": ("anytown-police",),
        "status": Status.IN_PROGRESS,
    }
    identity = f"anytown-dhr-1/{number:04}"
    path = f"{REVIEW}/recommendations/{number:04}.yaml"
    return Recommendation(id=identity, review="anytown-dhr-1", number=f"{number:04}", path=path, **(given | fields))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Review by DCI Example.", True),
        ("PC Example attends.", True),
        ("Dr Example", True),
        ("Dr. Example", True),
        ("Mrs Example-Smith", True),
        ("Councillor Example", True),
        ("Detective Inspector Example", True),
        ("asked _DCI Example_", True),
        ("the DCI reports", False),
        ("the Inspector reads it", False),
        ("DCI example", False),
        ("PC or DC", False),
        ("Lord of the manor", False),
        ("Misses Example", False),
        ("Inspector, Anytown Police", False),
        ("Ms Q", False),
        ("the drug Example", False),
    ],
)
def test_a_rank_or_title_with_a_surname_names_a_person(text: str, *, found: bool) -> None:
    register = register_of(record_of(actions=(Action(text=text),)))
    violations = list(safety.named_person.run(register, date(2024, 6, 30)))
    assert bool(violations) is found
    for violation in violations:
        assert "Example" not in violation.problem + violation.fix


# Plans that were adopted

OPEN = f"{HEAD}status: unknown\nas_stated:\n  Expected End Date: Ongoing\n"


@pytest.mark.parametrize(
    ("adopted", "severity"),
    [
        ("", "warning"),
        ('adopted: "2024-07-01"\n', "warning"),
        ('adopted: "2024-06-30"\n', "error"),
        ('adopted: "2020-01-01"\n', "error"),
    ],
)
def test_gaps_are_errors_from_the_day_on_which_the_plan_was_adopted(
    run: "Run", anytown: Path, write: "Write", *, adopted: str, severity: str
) -> None:
    review = (anytown / REVIEW / "review.yaml").read_text(encoding="utf-8")
    write({RECORD: OPEN})
    before = checked(run, anytown)
    write({f"{REVIEW}/review.yaml": review + adopted})
    gaps = {rule.name for rule in EVERY if rule.gap}
    found = checked(run, anytown)
    severities = {each["rule"]: each["severity"] for each in found if each["rule"] in gaps}
    assert severities == dict.fromkeys(
        ("no-target-date", "review-date-missing", "status-in-date-field", "status-unknown"), severity
    )
    others = [each for each in found if each["rule"] not in gaps]
    assert others == [each for each in before if each["rule"] not in gaps]
    assert others
    assert run("check", "--as-of", DAY, cwd=anytown).code == (1 if severity == "error" else 0)


def test_what_is_known_of_a_gap_in_closed_work_stays_a_note_in_an_adopted_plan(
    run: "Run", anytown: Path, write: "Write"
) -> None:
    review = (anytown / REVIEW / "review.yaml").read_text(encoding="utf-8")
    ccg = 'name: Anytown CCG\nkind: nhs-commissioner\nended: "2022-07-01"\n'
    write(
        {
            f"{REVIEW}/review.yaml": f'{review}adopted: "2020-01-01"\n',
            RECORD: HEAD.replace("anytown-police", "anytown-ccg") + 'status: complete\ncompletion_date: "2023-01"\n',
            "register/agencies/anytown-ccg.yaml": ccg,
        }
    )
    found = {each["rule"]: each["severity"] for each in checked(run, anytown)}
    assert found["no-target-date"] == "info"
    assert found["lead-ended"] == "warning"
    assert "error" not in found.values()


def test_the_rules_that_are_gaps_are_those_that_a_plan_leaves_open() -> None:
    assert {rule.name for rule in EVERY if rule.gap} == {
        "no-target-date",
        "complete-without-date",
        "commitment-untracked",
        "review-date-missing",
        "status-in-date-field",
        "status-unknown",
        "contradicts-its-source",
        "lead-ended",
        "collective-lead",
        "recommendation-missing",
        "not-accepted-without-reason",
        "superseded-without-successor",
        "target-differs-from-source",
        "implausible-date",
        "two-year-target",
    }
    assert {str(rule.severity) for rule in EVERY if rule.gap} == {"error"}


# Waivers


def waiver(rule: str, until: str = "2024-12-31") -> str:
    return f'waivers:\n  - rule: {rule}\n    reason: The partnership decides in autumn.\n    until: "{until}"\n'


@pytest.mark.parametrize(
    ("record", "until", "waived", "also"),
    [
        ("status: in-progress\n", "2024-12-31", [True], set()),
        ("status: in-progress\n", "2024-06-30", [True], set()),
        ("status: in-progress\n", "2024-06-29", [False], {"waiver-expired"}),
        ('status: in-progress\ntarget_date: "2024-09"\n', "2024-12-31", [], {"waiver-for-nothing"}),
        (
            'status: in-progress\ntarget_date: "2024-09"\n',
            "2024-06-29",
            [],
            {"waiver-expired", "waiver-for-nothing"},
        ),
    ],
)
def test_a_waiver_that_is_over_or_covers_nothing_is_a_finding(
    run: "Run", anytown: Path, write: "Write", *, record: str, until: str, waived: list[bool], also: set[str]
) -> None:
    write({RECORD: HEAD + record + waiver("no-target-date", until)})
    found = checked(run, anytown)
    assert [each["waived"] for each in by_rule(found, "no-target-date")] == waived
    assert {each["rule"] for each in found if each["rule"].startswith("waiver-")} == also


@pytest.mark.parametrize(
    "rule", ["waiver-expired", "waiver-for-nothing", "protected-name", "no-such-rule", "invalid-yaml"]
)
def test_a_rule_that_no_waiver_can_silence_is_refused(run: "Run", anytown: Path, write: "Write", rule: str) -> None:
    write({RECORD: f"{HEAD}status: in-progress\n{waiver(rule)}"})
    (found,) = by_rule(checked(run, anytown), "waiver-unknown-rule")
    assert found["severity"] == "error"
    assert f'"{rule}"' in found["message"]


@pytest.mark.parametrize("text", ["outcomes:\n  - Ask coordinator@example.org.\n", "# Call 01632 960000\n"])
def test_a_finding_in_a_files_text_is_waived_by_the_record_that_the_file_holds(
    run: "Run", anytown: Path, write: "Write", text: str
) -> None:
    bare = f"{HEAD}status: in-progress\n{text}"
    write({RECORD: bare + waiver("personal-identifier"), f"{REVIEW}/recommendations/02.yaml": bare})
    found = by_rule(checked(run, anytown), "personal-identifier")
    assert [(each["id"], each["waived"]) for each in found] == [
        ("anytown-dhr-1/01", True),
        ("anytown-dhr-1/02", False),
    ]


def test_a_waiver_for_an_identifier_that_is_not_there_covers_nothing(run: "Run", anytown: Path, write: "Write") -> None:
    write({RECORD: f"{HEAD}status: in-progress\n{waiver('personal-identifier')}"})
    (found,) = by_rule(checked(run, anytown), "waiver-for-nothing")
    assert '"personal-identifier"' in found["message"]


def test_a_protected_name_is_never_waived(
    run: "Run", anytown: Path, write: "Write", monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    write({RECORD: f"{HEAD}status: in-progress\noutcomes:\n  - Ask Jane Example.\n{waiver('protected-name')}"})
    names = tmp_path_factory.mktemp("outside") / "names.txt"
    names.write_text("Jane Example\n", encoding="utf-8")
    monkeypatch.setenv("DHRCTL_PROTECTED_NAMES", str(names))
    (found,) = by_rule(checked(run, anytown), "protected-name")
    assert (found["waived"], found["severity"]) == (False, "error")


# Updates that the record does not follow


def update(day: str, extra: str) -> dict[str, str]:
    text = f'date: "{day}"\nagency: anytown-police\ntext: Half of the staff are trained.\n{extra}'
    return {f"{REVIEW}/updates/01/{day}-anytown-police.yaml": text}


@pytest.mark.parametrize(
    ("record", "updates", "fields"),
    [
        ("status: in-progress\n", {"2024-02-01": "status: complete\n"}, ["status"]),
        ("status: complete\n", {"2024-02-01": "status: complete\n"}, []),
        ("status: in-progress\n", {"2024-02-01": "status: complete\n", "2024-03-01": "status: in-progress\n"}, []),
        ("status: complete\n", {"2024-02-01": "status: complete\n", "2024-03-01": "status: in-progress\n"}, ["status"]),
        ("status: complete\n", {"2024-02-01": "status: complete\n", "2024-03-01": ""}, []),
        ('status: unknown\ntarget_date: "2024-09"\n', {"2024-02-01": 'target_date: "2024-12"\n'}, ["target_date"]),
        ('status: unknown\ntarget_date: "2024-09"\n', {"2024-02-01": 'target_date: "2024-09"\n'}, []),
        ('status: unknown\ntarget_date: "2024-09-15"\n', {"2024-02-01": 'target_date: "2024-09"\n'}, []),
        ('status: unknown\ntarget_date: "2024-08-31"\n', {"2024-02-01": 'target_date: "2024-09"\n'}, ["target_date"]),
        ('status: unknown\ntarget_date: "2024-09"\n', {"2024-02-01": 'target_date: "2024-09-30"\n'}, ["target_date"]),
        ("status: unknown\n", {"2024-02-01": 'completion_date: "2024-01"\n'}, ["completion_date"]),
        ("status: unknown\n", {"2024-02-01": "assurance: declared\n"}, ["assurance"]),
        ("status: unknown\nassurance: declared\n", {"2024-02-01": "assurance: declared\n"}, []),
        ("status: unknown\n", {"2024-02-01": "lead_agencies:\n  - anytown-police\n"}, []),
        (
            "status: unknown\n",
            {"2024-02-01": 'status: complete\ncompletion_date: "2024-01"\n'},
            ["status", "completion_date"],
        ),
    ],
)
def test_what_the_newest_update_changes_must_stand_in_the_record(
    run: "Run", anytown: Path, write: "Write", *, record: str, updates: dict[str, str], fields: list[str]
) -> None:
    write({RECORD: HEAD + record})
    for day, extra in updates.items():
        write(update(day, extra))
    found = by_rule(checked(run, anytown), "update-not-applied")
    assert [re.findall(r"changes (\w+)", each["message"]) for each in found] == [[field] for field in fields]
    assert all(each["path"].endswith(f"{max(updates)}-anytown-police.yaml") for each in found)


@pytest.mark.parametrize(
    ("police", "council", "disagree"),
    [
        ("status: on-hold", "status: complete", True),
        ("status: on-hold", "status: on-hold", False),
        ('target_date: "2027-06"', 'target_date: "2027-06-30"', False),
        ('target_date: "2027-12-31"', 'target_date: "2027"', False),
        ('target_date: "2027-06"', 'target_date: "2027-06-15"', True),
        ('target_date: "2027-06"', 'target_date: "2027-07"', True),
        ('completion_date: "2024-01"', 'completion_date: "2024-01-31"', False),
        ("lead_agencies: [anytown-police]", "lead_agencies: [anytown-council]", True),
    ],
)
def test_dates_that_end_on_one_day_agree_however_precise_they_are(
    run: "Run", anytown: Path, write: "Write", *, police: str, council: str, disagree: bool
) -> None:
    write(update("2024-02-01", f"{police}\n"))
    for path, text in update("2024-02-01", f"{council}\n").items():
        write({path.replace("police", "council"): text.replace("police", "council", 1)})
    assert bool(by_rule(checked(run, anytown), "updates-disagree")) is disagree


# What the rules say


@pytest.mark.parametrize("case", cases("bad"))
def test_a_message_says_what_is_wrong_and_then_what_to_do(
    run: "Run", monkeypatch: pytest.MonkeyPatch, tmp_path: Path, case: str
) -> None:
    names = CASES / case / "names.txt"
    if names.exists():
        monkeypatch.setenv("DHRCTL_PROTECTED_NAMES", str(shutil.copy(names, tmp_path)))
    findings = checked(run, write_case(case, tmp_path / "case"))
    assert findings
    for finding in findings:
        problem, _, fix = finding["message"].rpartition("; ")
        assert problem
        assert re.match(r"[a-z]", fix), finding["message"]
        assert not fix.endswith((".", "!", ";", " ")), finding["message"]
        assert problem == problem.strip()
        assert not problem.endswith((".", ";", ","))
        assert not re.search(r"None|\bStatus\b|<[A-Z]|\bTrue\b|\bFalse\b|\(\)|\[\]|  ", finding["message"])


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.name)
def test_a_rule_says_what_it_means_and_why_with_two_examples(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", rule.name)
    for said in (rule.sentence, rule.why):
        assert said[0].isupper() or said[0] == '"'
        assert said.endswith(".")
        assert "\n" not in said
        assert len(said) > 10
    assert rule.bad.strip()
    assert rule.good.strip()
    assert rule.bad != rule.good


@pytest.mark.parametrize(
    "text",
    [
        "",
        "One sentence.",
        "One sentence.\n\nWhy.",
        "One sentence.\n\nWhy.\n\nBad:\n    status: complete",
        "One sentence.\n\nBad:\n    status: complete\n\nGood:\n    status: unknown",
    ],
)
def test_a_rule_without_one_of_its_parts_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="the rule a-rule lacks"):
        rules.rule("a-rule", text)


def shown(example: str) -> str:
    """Return an example with the characters that it can only name."""
    return re.sub(r"\[U\+([0-9A-F]{4})\]", lambda match: chr(int(match[1], 16)), example)


def is_yaml(example: str) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") for line in example.split("\n"))


@pytest.mark.parametrize(
    "rule", [rule for rule in (*rules.SCHEMA_RULES, *registry.RULES) if is_yaml(rule.bad)], ids=lambda rule: rule.name
)
def test_the_bad_example_of_a_rule_on_what_is_said_can_be_read(rule: Rule) -> None:
    assert isinstance(reader.parse(shown(rule.bad).encode()), dict)


@pytest.mark.parametrize("rule", [rule for rule in EVERY if is_yaml(rule.good)], ids=lambda rule: rule.name)
def test_every_good_example_can_be_read(rule: Rule) -> None:
    assert isinstance(reader.parse(rule.good.encode()), dict)


@pytest.mark.parametrize("rule", [rule for rule in rules.YAML_RULES if is_yaml(rule.bad)], ids=lambda rule: rule.name)
def test_the_bad_example_of_a_rule_on_how_a_file_is_written_is_refused_by_that_rule(rule: Rule) -> None:
    with pytest.raises(reader.FileRefused) as refused:
        reader.parse(shown(rule.bad).encode())
    assert refused.value.rule is rule


@pytest.mark.parametrize("rule", [rule for rule in rules.SCHEMA_RULES if is_yaml(rule.bad)], ids=lambda rule: rule.name)
def test_the_bad_example_of_a_rule_on_fields_breaks_that_rule_in_some_record_and_the_good_one_in_none(
    rule: Rule,
) -> None:
    for example, broken in ((rule.bad, True), (rule.good, False)):
        data = reader.parse(example.encode())
        wholes = (data, {"evidence": [data]})
        faults = [
            schema.faults(kind, whole) for kind in RecordKind if kind is not RecordKind.SOURCE for whole in wholes
        ]
        fewest = min(faults, key=lambda found: sum(fault.rule is rules.UNKNOWN_KEY for fault in found))
        assert (rule in {fault.rule for fault in fewest}) is broken


# The examples are findings, and are none

NEIGHBOURS = {
    "register/agencies/anytown-council.yaml": "name: Anytown Council\nkind: local-authority\n",
    "register/agencies/anytown-ccg.yaml": 'name: Anytown CCG\nkind: nhs-commissioner\nended: "2022-07-01"\n',
    "register/agencies/anytown-icb.yaml": "name: Anytown ICB\nkind: nhs-commissioner\n",
    "register/agencies/all-agencies.yaml": "name: All\nkind: group\n",
    "register/agencies/anytown-safeguarding-adults-board.yaml": "name: SAB\nkind: safeguarding-adults-board\n",
    "register/reviews/anytown-dhr-2/review.yaml": (
        "title: Anytown DHR 2\nkind: dhr\npartnership: anytown-police\nsections:\n  - Police\n"
    ),
    "register/reviews/anytown-dhr-2/recommendations/04.yaml": f"{HEAD}status: in-progress\n",
}
FIELDS = set(Recommendation.__dataclass_fields__)


def of_recommendation(example: str) -> bool:
    """Tell whether an example is fields of a recommendation, and of no other file."""
    if not is_yaml(example) or re.search(r"^# \S+\.yaml", example):
        return False
    return set(reader.parse(shown(example).encode())) <= FIELDS


EXAMPLES = [
    (rule, kind)
    for rule in (check.rule for check in registry.CHECKS)
    for kind in ("bad", "good")
    if of_recommendation(getattr(rule, kind))
]


@pytest.mark.parametrize(("rule", "kind"), EXAMPLES, ids=lambda part: part if isinstance(part, str) else part.name)
def test_the_bad_example_of_a_check_is_found_and_the_good_one_is_not(
    run: "Run", anytown: Path, write: "Write", *, rule: Rule, kind: str
) -> None:
    whole: dict[str, Any] = dict(reader.parse(f"{HEAD}status: in-progress\n".encode()))
    whole |= reader.parse(shown(getattr(rule, kind)).encode())
    write({**NEIGHBOURS, RECORD: json.dumps(whole, ensure_ascii=False)})
    found = [each for each in checked(run, anytown, day="2026-11-22") if each["id"] == "anytown-dhr-1/01"]
    assert {each["rule"] for each in found} <= {each.name for each in registry.RULES}
    assert bool(by_rule(found, rule.name)) is (kind == "bad")


def test_most_checks_have_examples_that_can_be_tried() -> None:
    assert len({rule.name for rule, kind in EXAMPLES if kind == "bad"}) > 30


# No rule takes longer than the text is long

LATEST = date(2024, 6, 30)


def everywhere(text: str) -> Register:
    """Return a register with a text in every place; two records, of which one is complete."""
    fields: dict[str, Any] = {
        "recommendation": text,
        "actions": (Action(text=text), Action(text=text)),
        "milestones": (Milestone(text=text),),
        "outcomes": (text,),
        "measures": (text,),
        "responsible": (Responsible(role=text),),
        "as_stated": {"Expected End Date": text},
    }
    return register_of(record_of(1, **fields), record_of(2, status=Status.COMPLETE, **fields))


COUNTING = pytest.mark.no_cover  # coverage would count beside it; the lines are covered by others


def patterns_in(value: object) -> Iterator[re.Pattern[str]]:
    """Yield the patterns of texts that a module, or a value of it, holds."""
    if isinstance(value, re.Pattern):
        yield from [value] if isinstance(value.pattern, str) else []
    elif isinstance(value, tuple | list):
        for each in value:
            yield from patterns_in(each)
    elif isinstance(value, Phrases):
        yield from (value._exactly, value._roughly)


@pytest.fixture(scope="module")
def patterns() -> frozenset[re.Pattern[str]]:
    """Return every pattern that the checks search with, that of protected names with them."""
    modules = [import_module(f"dhrctl.checks.{found.name}") for found in pkgutil.iter_modules(checks.__path__)]
    known = {pattern for module in modules for value in vars(module).values() for pattern in patterns_in(value)}
    assert len(known) > 20
    compiled: list[re.Pattern[str]] = []
    plain = re.compile

    def compiling(pattern: str, flags: int = 0) -> re.Pattern[str]:
        compiled.append(plain(pattern, flags))
        return compiled[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(re, "compile", compiling)
        list(registry.scan_texts({RECORD: b"x"}, ["Jane Example"]))
    assert compiled
    return frozenset({*known, *compiled})


@COUNTING
@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_no_pattern_looks_at_more_places_than_a_text_is_long(patterns: frozenset[re.Pattern[str]], piece: str) -> None:
    def looked_at(pattern: re.Pattern[str], size: int) -> int:
        return places(pattern, grown(piece, size))

    for pattern in patterns:
        assert growth(partial(looked_at, pattern), 75) < 3, pattern.pattern


@COUNTING
@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_a_text_rule_takes_no_more_steps_than_the_text_is_long(piece: str) -> None:
    def taken(size: int) -> int:
        content = grown(piece, size).encode()
        return lines(lambda: list(registry.scan_texts({RECORD: content}, ["Jane Example"])))

    assert growth(taken, 3_200) < 3


@COUNTING
@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_a_check_takes_no_more_steps_than_the_text_is_long(piece: str) -> None:
    def taken(size: int) -> int:
        register = everywhere(grown(piece, size))
        return lines(lambda: registry.findings(register, LATEST))

    assert growth(taken, 3_200) < 3


# Many records


def many(number: int, groups: int, words: str) -> Iterator[Recommendation]:
    for place in range(number):
        stands = Status.COMPLETE if place // groups % 2 else Status.IN_PROGRESS
        yield record_of(place, recommendation=words.format(place % groups), status=stands)


# Words that more than a few records share are a phrase of the house, and make no pairs.
ALIKE = "That agency{0} reviews{0} the risk{0} assessments{0} it{0} makes{0} and trains{0} staff{0} yearly{0}."


@pytest.mark.parametrize(("groups", "found"), [(1, 0), (250, 25_000), (2500, 2500), (5000, 0)])
def test_duplicates_among_five_thousand_records_are_found(groups: int, found: int) -> None:
    register = register_of(*many(5000, groups, ALIKE))
    assert len(list(status.duplicates_disagree.run(register, LATEST))) == found


@COUNTING
@pytest.mark.parametrize("alike", [1, 2, 20, 5000])
def test_duplicates_are_found_in_steps_that_grow_as_the_records_do(alike: int) -> None:
    def taken(size: int) -> int:
        register = register_of(*many(size, max(1, size // alike), ALIKE))
        return lines(lambda: list(status.duplicates_disagree.run(register, LATEST)))

    assert growth(taken, 100) < 3
