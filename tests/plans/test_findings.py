"""The findings that the two published plans earn, row by row, and which rule makes each."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT

if TYPE_CHECKING:
    from conftest import Golden, Run

DAY = "2026-11-22"
REVIEWS = ROOT / "register" / "reviews"

M = frozenset(f"{number:02}" for number in range(1, 25))
NT = frozenset(
    {f"t1-{number:02}" for number in range(1, 12)} | {"t2-01"} | {f"t3-{number:02}" for number in range(1, 13)}
)
PLANS = {"middlesbrough-dhr-3": M, "north-tyneside-dhr-4": NT}


def rows(text: str) -> frozenset[str]:
    """Read `01 03-05 t1-02 NT` as rows: numbers are unique over both plans."""
    read: set[str] = set()
    for word in text.split():
        first, dash, last = word.partition("-")
        if word in ("M", "NT"):
            read |= M if word == "M" else NT
        elif dash and first.isdigit():
            read |= {f"{number:02}" for number in range(int(first), int(last) + 1)}
        else:
            read.add(word)
    return frozenset(read)


NO_TARGET = "03 04 06-21 23 24 NT"
DATE_CELL = "03 04 06-21 23 24"
NAMED = "01 02 05 11-14 22-24"
NOT_ACTION = "08 19 20"
ONGOING = "06-10 12"
UNEXPLAINED = "02-14 20 t1-01 t1-02 t1-05 t1-08 t1-11"


@dataclass(frozen=True, kw_only=True)
class Named:
    """A finding named by hand: its rows, what each rule finds in the plans, and what needs a reason.

    `missed` are rows of it that no rule finds, `more` are rows that the rules find beyond it;
    either needs a reason, and so does a finding that no rule makes.
    """

    number: int
    name: str
    rows: str
    found: dict[str, str] = field(default_factory=dict)
    missed: str = ""
    more: str = ""
    why: str = ""


TABLE = (
    Named(number=1, name="end-before-start", rows="02", found={"target-before-start": "02"}),
    Named(
        number=2,
        name="no-target-date",
        rows="03 04 06-12 15-21 NT",
        found={"no-target-date": NO_TARGET},
        more="13 14 23 24",
        why="Where a completion was printed in place of the target, there is no target date either.",
    ),
    Named(number=3, name="no-start-date", rows="03-22 NT", found={"no-start-date": "03-22 NT"}),
    Named(number=4, name="status-in-date-field", rows=DATE_CELL, found={"status-in-date-field": DATE_CELL}),
    Named(
        number=5,
        name="completed-without-date",
        rows="03 04 11 15-21",
        found={"complete-without-date": "11 15-21", "completion-imprecise": "03 04"},
    ),
    Named(
        number=6,
        name="ambiguous-year",
        rows="04",
        found={"completion-imprecise": "03 04"},
        more="03",
        why="A whole year is as imprecise as two.",
    ),
    Named(
        number=7,
        name="target-overwritten-by-completion",
        rows="13 14 23 24",
        found={"status-in-date-field": DATE_CELL},
        more="03 04 06-12 15-21",
        why="A status without a date in that cell has replaced the target as well.",
    ),
    Named(
        number=8,
        name="partial-date",
        rows="01 02 05 13 14 22-24 t3-11",
        found={"partial-target": "01 02 05 22"},
        missed="13 14 23 24 t3-11",
        why="A completion in a month can be held against its target, and is no finding. The month of t3-11 stands in "
        "running text, where it promises nothing.",
    ),
    Named(
        number=9,
        name="mixed-date-format",
        rows="01 02 05 13 14 22-24",
        missed="01 02 05 13 14 22-24",
        why="Every date is written in one form when it is taken over; bad-date refuses any other. The printed words stand "
        "in as_stated.",
    ),
    Named(
        number=10,
        name="relative-date",
        rows="12 t1-01 t1-07 t3-05",
        found={"relative-date": "12 t1-01 t1-07 t3-05"},
    ),
    Named(
        number=11,
        name="passed-target-no-outcome",
        rows="01 02 05 22",
        missed="01 02 05 22",
        why="A date that has passed is no fault of the record, and fixing the record would hide it. dhrctl overdue lists "
        "these four, and dhrctl status counts them.",
    ),
    Named(
        number=12,
        name="milestone-date-missing",
        rows="01-14 20-24",
        found={"no-milestones": "M NT"},
        more="15-19 NT",
        why="The others have no milestones at all (34).",
    ),
    Named(number=13, name="ongoing-not-a-date", rows=ONGOING, found={"review-date-missing": ONGOING}),
    Named(
        number=14,
        name="status-vocabulary",
        rows="03 04 11 13 14 19-21 23 24",
        missed="03 04 11 13 14 19-21 23 24",
        why="A status is one word of a fixed list when it is taken over; unknown-word refuses any other. The printed words "
        "stand in as_stated.",
    ),
    Named(number=15, name="status-contradiction", rows="12", found={"contradicts-its-source": "12"}),
    Named(number=16, name="status-unknown", rows="01 02 05 22 NT", found={"status-unknown": "01 02 05 22 NT"}),
    Named(
        number=17,
        name="status-in-outcome",
        rows="03 04 11 13 14 23 24",
        missed="03 04 11 13 14 23 24",
        why="The status and its date have fields of their own, and were taken over into them. The outcome keeps its words; "
        "the official table puts completion and outcome into one column.",
    ),
    Named(number=18, name="complete-but-continuing", rows="13-15", found={"complete-but-continuing": "13-15"}),
    Named(
        number=19,
        name="complete-without-evidence",
        rows="03 04 11 13-21 23 24",
        found={"complete-without-evidence": "03 04 11 13-21 23 24"},
    ),
    Named(
        number=20,
        name="partial-completion",
        rows="24",
        missed="24",
        why="That an outcome does not mention an action shows only to whoever understands both. The row is pointed out as "
        "two actions under one status (37).",
    ),
    Named(
        number=21,
        name="complete-but-text-says-otherwise",
        rows="19 20",
        found={"not-an-action": NOT_ACTION},
        more="08",
        why="What is found is the action that states how things are; that the audit of 19 is missing shows only to a "
        "reader. 08 holds a wish (35).",
    ),
    Named(
        number=22,
        name="multiple-leads",
        rows="02 06-10 13-20 t1-02 t1-03 t1-04 t1-06 t1-09 t3-03",
        found={"no-single-lead": "02 06-10 13-20 t1-02 t1-03 t1-04 t1-06 t1-09 t3-03"},
    ),
    Named(
        number=23,
        name="non-specific-lead",
        rows="08 10 t1-04 t1-05 t1-08 t1-10 t1-11 t3-08",
        found={"collective-lead": "08 10 t1-04 t1-05 t1-08 t1-10 t1-11 t3-08"},
    ),
    Named(
        number=24,
        name="lead-without-agency",
        rows="05-20",
        found={"responsible-without-role": "02 05"},
        missed="06-20",
        more="02",
        why="lead_agencies is required, and was taken from the heading where the cell names only roles. Left to find is a "
        "person without a role, in 02 as well.",
    ),
    Named(number=25, name="named-individual", rows=NAMED, found={"named-person": NAMED}),
    Named(
        number=26,
        name="narrative-in-lead",
        rows="06",
        missed="06",
        why="Only the roles were taken over into responsible, and an account has no place there. The whole cell stands in "
        "as_stated, and a note of the review says so.",
    ),
    Named(
        number=27,
        name="lead-on-continuation-row",
        rows="02",
        missed="02",
        why="A record has no continuation rows. Both leads stand in it, and no-single-lead finds them (22).",
    ),
    Named(
        number=28,
        name="unknown-agency / alias",
        rows="t1-02 t1-03 t1-04 t1-06 t1-07 t1-09 t3-03 09 10 12",
        missed="t1-02 t1-03 t1-04 t1-06 t1-07 t1-09 t3-03 09 10 12",
        why="The spellings of the lead cells are aliases of one agency each, and unknown-agency refuses any other id. Which "
        "of two spellings in a running text is the right one, no program knows.",
    ),
    Named(
        number=29,
        name="dissolved-agency",
        rows="08-10 13 14 21",
        found={"lead-ended": "13 14 21"},
        missed="08-10",
        why='Those rows name the "NPS" in their text alone; it leads nothing. undefined-abbreviation asks there what it '
        "means (43).",
    ),
    Named(
        number=30,
        name="lead-differs-from-section/recommendation",
        rows="01 t1-01 t3-03",
        missed="01 t1-01 t3-03",
        why="A section is a heading, not an agency, and a sentence may name many bodies. Which of them is to act shows only "
        "to a reader.",
    ),
    Named(
        number=31,
        name="untracked-action-in-note",
        rows="middlesbrough-dhr-3",
        found={"commitment-untracked": "middlesbrough-dhr-3"},
    ),
    Named(
        number=32,
        name="dependency-outside-lead-control",
        rows="08 10 t1-11 t3-09",
        missed="08 10 t1-11 t3-09",
        why="What a lead can decide by itself is not written in a plan.",
    ),
    Named(
        number=33,
        name="missing-recommendation-text",
        rows="t2-01",
        found={"recommendation-missing": "t2-01"},
    ),
    Named(
        number=34,
        name="empty-milestones",
        rows="15-19 NT",
        found={"no-milestones": "M NT"},
        more="01-14 20-24",
        why="The others have milestones, and none with a date (12).",
    ),
    Named(
        number=35,
        name="not-an-action",
        rows="08 11 20",
        found={"not-an-action": NOT_ACTION},
        missed="11",
        more="19",
        why="11 describes what is done now, in the words of any action. 19 states that policies are in place (21).",
    ),
    Named(
        number=36,
        name="vague-verb",
        rows="17 20 21 t1-03 t1-04 t1-08 t1-09 t1-10 t1-11 t3-08",
        found={"vague-verb": "06 17 20 21 t1-03 t1-04 t1-05 t1-07 t1-08 t1-09 t1-10 t1-11 t3-08"},
        more="06 t1-05 t1-07",
        why="They ask to consider something as well.",
    ),
    Named(
        number=37,
        name="multi-part-action",
        rows="22 24 t1-02 t1-03 t1-04 t1-06 t1-07 t1-08 t1-10 t3-11 t3-12",
        found={
            "multi-part-action": "14 22 24 t1-02 t1-03 t1-04 t1-06 t1-07 t1-08 t1-10 t3-02 t3-05 t3-11 t3-12",
        },
        more="14 t3-02 t3-05",
        why="14 has four actions under one status; the others ask for two things in one action.",
    ),
    Named(
        number=38,
        name="near-duplicate-recommendation",
        rows="03 04 09 10 t1-02 t1-05 t1-06 t1-08 t1-10 t3-03 t3-08",
        found={"duplicates-disagree": "03 04"},
        missed="09 10 t1-02 t1-05 t1-06 t1-08 t1-10 t3-03 t3-08",
        why="A finding stands at the first of a pair, and names the other (09, 10). The other rows share some words and "
        "have the same status, so nothing disagrees.",
    ),
    Named(
        number=39,
        name="duplicate-outcome-text",
        rows="12 t3-07 t3-10",
        missed="12 t3-07 t3-10",
        why="Two recommendations may aim at the same outcome. Whether one was copied by mistake shows only to a reader.",
    ),
    Named(
        number=40,
        name="outcome-mismatch",
        rows="10 t3-04",
        missed="10 t3-04",
        why="Whether an outcome answers its recommendation shows only to whoever understands both.",
    ),
    Named(
        number=41,
        name="recurring-action-without-schedule",
        rows="06 09 13 t3-11",
        found={"review-date-missing": ONGOING, "complete-but-continuing": "13-15"},
        missed="t3-11",
        more="07 08 10 12 14 15",
        why="A record's schedule is its review_date, which is asked for wherever work goes on. t3-11 does not say that it "
        "goes on; that an annual review has no day shows only to a reader.",
    ),
    Named(number=42, name="scope-missing", rows="M NT", found={"scope-missing": "M NT"}),
    Named(
        number=43,
        name="undefined-pathway/acronym",
        rows=UNEXPLAINED,
        found={"undefined-abbreviation": UNEXPLAINED},
        why='That "the pathway" of 08 is explained nowhere shows only to a reader. MRT, SNTB, NTSAB and DAPB are names of '
        "agencies.",
    ),
    Named(
        number=44,
        name="html-residue",
        rows="09 13 14",
        missed="09 13 14",
        why="The tags were not taken over. They stand in source.txt, which is kept as it was, and extraction-residue finds "
        "any that come into a record.",
    ),
    Named(
        number=45,
        name="column-count",
        rows="t3-12",
        missed="t3-12",
        why="A record has no columns. The row stands in its fields, as a note of the review says; source.txt has it as "
        "printed.",
    ),
    Named(
        number=46,
        name="row-outside-table",
        rows="t1-08 t3-01",
        missed="t1-08 t3-01",
        why="A record has no table. The rows stand whole, as notes of the review say; source.txt has them as printed.",
    ),
    Named(
        number=47,
        name="page-furniture",
        rows="middlesbrough-dhr-3 north-tyneside-dhr-4",
        missed="middlesbrough-dhr-3 north-tyneside-dhr-4",
        why="Footers, crest letters and rows of dashes were not taken over. They stand in source.txt, and notes of the "
        "reviews say so.",
    ),
    Named(
        number=48,
        name="orphan-heading",
        rows="21",
        missed="21",
        why="A record carries its heading, so none can be cut off. A note of the review says so, and source.txt has it as "
        "printed.",
    ),
    Named(
        number=49,
        name="truncated-text",
        rows="09 13 t3-08",
        missed="09 13 t3-08",
        why="That a sentence lacks its end shows only to a reader. Notes of the reviews say where; what was printed twice "
        "stands once in the record and twice in source.txt.",
    ),
    Named(
        number=50,
        name="inconsistent-numbering",
        rows="03-10",
        missed="03-10",
        why="A record's number is its file's name, in one form. The printed number stands in as_stated.",
    ),
    Named(
        number=51,
        name="personal-or-case-detail",
        rows="01 13 14",
        found={"named-person": NAMED},
        more="02 05 11 12 22-24",
        why='Staff are found wherever they are named (25). That "Kathie" is a name, and that a heading points to two '
        "people, no program knows; a name on the list of protected names is found by protected-name.",
    ),
    Named(
        number=52,
        name="typos",
        rows="07 09 23 t1-02 t1-08 t3-01",
        missed="07 09 23 t1-02 t1-08 t3-01",
        why="The words of a source are kept as they were printed, and are not to be fixed.",
    ),
    Named(
        number=53,
        name="no-review-metadata",
        rows="middlesbrough-dhr-3 north-tyneside-dhr-4",
        found={"review-undated": "middlesbrough-dhr-3 north-tyneside-dhr-4"},
    ),
)


@pytest.fixture
def findings(run: "Run") -> list[dict[str, str]]:
    """Everything that check finds in this repository, waived or not."""
    result = run("check", "--json", "--as-of", DAY)
    assert result.code == 0
    found: list[dict[str, str]] = json.loads(result.out)["findings"]
    return found


def row_of(finding: dict[str, str]) -> str:
    return finding["id"].split("/")[1] if finding["id"] else finding["path"].split("/")[2]


def test_the_table_holds_all_fifty_three_findings_on_rows_that_exist() -> None:
    assert [named.number for named in TABLE] == list(range(1, 54))
    assert len({named.name for named in TABLE}) == 53
    for named in TABLE:
        assert rows(named.rows)
        for part in (named.rows, named.missed, named.more, *named.found.values()):
            assert rows(part) <= M | NT | PLANS.keys(), named.name


def test_a_row_that_is_missed_or_found_beyond_the_finding_has_a_reason() -> None:
    for named in TABLE:
        found = frozenset[str]().union(*(rows(text) for text in named.found.values()))
        assert rows(named.missed) == rows(named.rows) - found, named.name
        assert rows(named.more) == found - rows(named.rows), named.name
        assert named.why or not (named.missed or named.more), named.name


@pytest.mark.parametrize("named", TABLE, ids=lambda named: f"{named.number}-{named.name}")
def test_each_finding_of_the_plans_is_made_on_the_rows_it_names(findings: list[dict[str, str]], named: Named) -> None:
    made: dict[str, set[str]] = defaultdict(set)
    for finding in findings:
        made[finding["rule"]].add(row_of(finding))
    assert {rule: made[rule] for rule in named.found} == {rule: set(rows(text)) for rule, text in named.found.items()}


def test_every_rule_that_finds_something_in_the_plans_stands_in_the_table(findings: list[dict[str, str]]) -> None:
    beside = {
        "no-measure",  # the plans print outcomes and measures in one column
        "stale",  # nothing was reported since the plans were taken over
        "unused-agency",  # agencies that the plans' notes name, not their rows
    }
    made = {finding["rule"] for finding in findings}
    named = {rule for row in TABLE for rule in row.found}
    assert made - named <= beside


@pytest.mark.parametrize(
    ("rule", "row", "said"),
    [
        ("duplicates-disagree", "03", "middlesbrough-dhr-3/09"),
        ("duplicates-disagree", "04", "middlesbrough-dhr-3/10"),
        ("undefined-abbreviation", "02", "MEAM"),
        ("undefined-abbreviation", "04", "SUP, RAP"),
        ("undefined-abbreviation", "06", "KLOE"),
        ("undefined-abbreviation", "08", "NPS"),
        ("undefined-abbreviation", "09", "CGL"),
        ("undefined-abbreviation", "10", "CRiIS"),
        ("undefined-abbreviation", "12", "MATAAC"),
        ("undefined-abbreviation", "12", "MATAC,"),
        ("undefined-abbreviation", "13", "OMS"),
        ("undefined-abbreviation", "13", "MIS"),
        ("undefined-abbreviation", "t1-08", "RIC"),
        ("undefined-abbreviation", "t1-11", "ISVA"),
        ("contradicts-its-source", "12", '"Ongoing" and "completed"'),
        ("lead-ended", "13", "2021-06-26"),
        ("lead-ended", "21", "ST CCG"),
        ("lead-ended", "21", "its successor is"),
        ("completion-imprecise", "04", "2019/2020"),
        ("not-an-action", "08", "would be beneficial"),
        ("not-an-action", "20", "Awareness is present"),
        ("target-before-start", "02", "2021-03 lies before the start date 2021-04"),
    ],
)
def test_a_finding_names_what_is_wrong_in_its_row(
    findings: list[dict[str, str]], *, rule: str, row: str, said: str
) -> None:
    assert any(said in finding["message"] for finding in findings if (finding["rule"], row_of(finding)) == (rule, row))


@pytest.mark.parametrize("agency", ["MRT", "SNTB", "NTSAB", "DAPB", "NTDAP", "ASC", "AII"])
def test_an_agency_is_no_unexplained_abbreviation(findings: list[dict[str, str]], agency: str) -> None:
    told = [finding["message"] for finding in findings if finding["rule"] == "undefined-abbreviation"]
    assert told
    assert not [
        message for message in told if agency in message.partition(" not explained")[0].replace(",", "").split()
    ]


def test_the_targets_that_have_passed_are_listed_by_overdue(run: "Run") -> None:
    items = json.loads(run("overdue", "--json", "--as-of", DAY).out)["items"]
    passed = next(named for named in TABLE if named.name == "passed-target-no-outcome")
    assert {item["number"] for item in items} == rows(passed.rows)


# What was not taken over stands in the source


@pytest.mark.parametrize(
    ("number", "review", "text", "times"),
    [
        (44, "middlesbrough-dhr-3", "<p>", 15),
        (44, "middlesbrough-dhr-3", "<ul", 2),
        (45, "north-tyneside-dhr-4", "\n\tSNTB will ensure that lessons identified", 1),
        (46, "north-tyneside-dhr-4", "undertake | All an audit", 1),
        (47, "middlesbrough-dhr-3", "On 26th June 2021", 13),
        (47, "north-tyneside-dhr-4", "SAF NORTH TYPE", 1),
        (48, "middlesbrough-dhr-3", "\nST CCG\t", 1),
        (49, "north-tyneside-dhr-4", "ensure they are fit for", 2),
        (50, "middlesbrough-dhr-3", "\n3.\t", 1),
    ],
)
def test_what_the_register_does_not_hold_stands_in_the_source_text(
    number: int, review: str, text: str, times: int
) -> None:
    source = (REVIEWS / review / "source.txt").read_text(encoding="utf-8")
    assert source.count(text) == times
    named = TABLE[number - 1]
    assert (named.number, bool(named.missed)) == (number, True)


# The page


def printed(text: str) -> str:
    """Write rows for people: `01 to 24`."""
    whole = {"M": "01 to 24", "NT": "t1-01 to t3-12"}
    words = (whole.get(word, f"{word[:2]} to {word[3:]}" if word[:2].isdigit() else word) for word in text.split())
    return ", ".join(word.removesuffix(" to ") for word in words)


TITLE = """\
# What the two plans earn

A careful reader of the two published action plans noted 53 kinds of findings. This table says which rule of \
`dhrctl check` makes each (`dhrctl explain RULE` says more), or why no program can. The rows are those of \
`middlesbrough-dhr-3` (01 to 24) and `north-tyneside-dhr-4` (t1-01 to t3-12).

A test holds this table against the register, row by row.

| No | Finding | Rows | Rule | Not found | Found besides | Why |
| --- | --- | --- | --- | --- | --- | --- |
"""


def page() -> str:
    lines = []
    for named in TABLE:
        made = ", ".join(f"`{rule}`" for rule in named.found) or "none"
        cells = (str(named.number), named.name, printed(named.rows), made, printed(named.missed), printed(named.more))
        lines.append(f"| {' | '.join((*cells, named.why))} |\n")
    return TITLE + "".join(lines)


def test_the_page_of_findings_is_current(golden: "Golden") -> None:
    golden("../../docs/findings.md", page())
