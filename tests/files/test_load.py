"""Reading: every file gives a record or a finding, one hides no other, and their order does not matter."""

import json
import random
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from dhrctl.files import load
from dhrctl.files.load import Reading
from dhrctl.files.tree import Tree
from dhrctl.findings.finding import Finding
from dhrctl.findings.rules import CONFLICT_MARKER, SYMBOLIC_LINK
from dhrctl.model import paths
from dhrctl.model.paths import RecordKind
from dhrctl.model.records import Recommendation, Register
from dhrctl.storage import disk

if TYPE_CHECKING:
    from conftest import Run

REVIEW = "register/reviews/anytown-dhr-1"
OTHER = "register/reviews/anytown-dhr-2"


def record(number: int) -> bytes:
    return f"""\
# yaml-language-server: $schema=../../../../schema/recommendation.schema.json
recommendation: Number {number}.
section: Police
lead_agencies:
  - anytown-police
target_date: "2024-03"
status: in-progress
""".encode()


UPDATE = b'date: "2024-05-01"\nagency: anytown-police\ntext: Reviewed.\n'
FILES: Mapping[str, bytes] = {
    "register/register.yaml": b"schema_version: 1\ntitle: Anytown\ndue_soon_days: 60\n",
    "register/agencies/anytown-police.yaml": b"name: Anytown Police\nkind: police\n",
    "register/agencies/anytown-csp.yaml": b"name: Anytown CSP\nkind: csp\n",
    f"{REVIEW}/review.yaml": b"title: DHR 1\nkind: dhr\npartnership: anytown-csp\nsections:\n  - Police\n",
    f"{REVIEW}/source.txt": b"",
    f"{REVIEW}/recommendations/01.yaml": record(1),
    f"{REVIEW}/recommendations/02.yaml": record(2),
    f"{REVIEW}/recommendations/10.yaml": record(10),
    f"{REVIEW}/updates/01/2024-05-01-anytown-police.yaml": UPDATE,
    f"{REVIEW}/updates/01/2024-05-01-anytown-police-2.yaml": UPDATE.replace(b"Reviewed", b"And again"),
    f"{REVIEW}/updates/01/2023-01-01-anytown-police.yaml": UPDATE.replace(b"2024-05", b"2023-01"),
    f"{REVIEW}/updates/99/2024-05-01-anytown-police.yaml": UPDATE,
    f"{OTHER}/review.yaml": b"title: DHR 2\nkind: dhr\npartnership: anytown-csp\nsections:\n  - Police\n",
    f"{OTHER}/recommendations/t1-01.yaml": record(3),
}
PARSED = [path for path in FILES if not path.endswith(".txt")]


def read(files: Mapping[str, bytes], *, thorough: bool = False) -> Reading:
    return load.read_register(Tree(contents=files), thorough=thorough)


def held(register: Register) -> dict[str, object]:
    """Return every record of a register by its path; a recommendation without its updates."""
    records: dict[str, object] = {agency.path: agency for agency in register.agencies.values()}
    records |= {review.path: review for review in register.reviews.values()}
    records |= {each.path: replace(each, updates=()) for each in register.recommendations}
    records |= {update.path: update for each in register.recommendations for update in each.updates}
    records |= {update.path: update for update in register.orphans}
    return records


def test_a_right_register_is_read_whole() -> None:
    found = read(FILES, thorough=True)
    assert found.findings == ()
    assert sorted(held(found.register)) == sorted(set(PARSED) - {"register/register.yaml"})
    assert (found.register.settings.title, found.register.settings.due_soon_days) == ("Anytown", 60)
    assert sorted(found.paths) == sorted(FILES)
    assert sorted(read(FILES).paths) == sorted(PARSED)
    assert found.files == len(FILES)
    assert found.register.paths == set(FILES)


def test_recommendations_stand_in_the_order_of_their_reviews_and_numbers() -> None:
    ids = [each.id for each in read(FILES).register.recommendations]
    assert ids == ["anytown-dhr-1/01", "anytown-dhr-1/02", "anytown-dhr-1/10", "anytown-dhr-2/t1-01"]


def test_updates_stand_with_their_recommendation_oldest_first_and_the_rest_apart() -> None:
    register = read(FILES).register
    first, second = register.recommendations[:2]
    assert [update.path.rpartition("/")[2] for update in first.updates] == [
        "2023-01-01-anytown-police.yaml",
        "2024-05-01-anytown-police.yaml",
        "2024-05-01-anytown-police-2.yaml",
    ]
    assert second.updates == ()
    assert [update.id for update in register.orphans] == ["anytown-dhr-1/99"]


def test_a_register_without_its_settings_is_read_by_the_usual_ones() -> None:
    found = read({path: content for path, content in FILES.items() if path != "register/register.yaml"})
    assert found.findings == ()
    assert (found.register.settings.due_soon_days, found.register.settings.update_cycle_months) == (30, 3)


def test_nothing_is_read_of_nothing() -> None:
    found = read({})
    assert (found.files, found.findings, found.register.recommendations) == (0, (), ())


# One bad file hides no other


@pytest.mark.parametrize("thorough", [False, True])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"a: [",
        b"- a\n",
        b"a: 1\na: 2\n",
        b"<<<<<<< HEAD\n",
        b"x" * 300_000,
        b"zzz: 1\n",
        b"text\n",
        b"{}\n",
    ],
    ids=lambda content: repr(content[:20]),
)
@pytest.mark.parametrize("path", PARSED)
def test_a_file_that_cannot_be_read_is_a_finding_and_hides_no_other(
    path: str, content: bytes, *, thorough: bool
) -> None:
    found = read({**FILES, path: content}, thorough=thorough)
    whole = held(read(FILES).register)
    whole.pop(path, None)
    assert held(found.register) == whole
    assert found.findings
    assert {finding.path for finding in found.findings} == {path}
    place = paths.place(path)
    assert place
    assert {finding.id for finding in found.findings} == {place.id}
    assert found.files == len(FILES if thorough else PARSED)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", None),
        (b"The plan.\n", None),
        (b"\xef\xbb\xbfThe plan.\r\n", None),
        (b"Page 1\n\x0cPage 2\n", None),
        (b"%<<<<<<< \xc3\xa9\ta: [\n", None),
        (b"The plan\xff\n", "1:9: error not-utf8: the file is not UTF-8 text from here on; "),
        ("The\nplan\u200bs\n".encode(), "2:5: error hidden-character: there is a hidden character here, U+200B; "),
        (b"x" * 300_000, "1:1: error too-large: the file is larger than 256 KB; "),
    ],
)
def test_the_text_of_a_source_is_looked_at_in_a_thorough_reading_alone(content: bytes, said: str | None) -> None:
    path = f"{REVIEW}/source.txt"
    assert read({**FILES, path: content}).findings == ()
    found = read({**FILES, path: content}, thorough=True)
    assert [str(finding).startswith(f"{path}:{said}") for finding in found.findings] == [True] * bool(said)
    assert held(found.register) == held(read(FILES).register)


@st.composite
def mangled(draw: st.DrawFn, content: bytes) -> bytes:
    """Return a file with a few bytes of it changed, cut out or doubled."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 12)))
        between = draw(
            st.binary(max_size=4)
            | st.sampled_from(
                ["\n", "  ", "\t", ": ", "- ", '"', "'", "#", "é", "\u202e", "[", "{", "&a", "*a", "!a", "|"]
            ).map(str.encode)
            | st.just(content[start:end] * 2)
        )
        content = content[:start] + between + content[end:]
    return content


@given(st.data(), st.booleans())
def test_a_mangled_file_gives_a_record_or_a_finding_and_hides_no_other(data: st.DataObject, thorough: bool) -> None:  # noqa: FBT001 - hypothesis passes it by place
    path = data.draw(st.sampled_from(PARSED))
    found = read({**FILES, path: data.draw(mangled(FILES[path]))}, thorough=thorough)
    whole, now = held(read(FILES).register), held(found.register)
    whole.pop(path, None)
    mine = now.pop(path, None)
    assert now == whole
    assert {finding.path for finding in found.findings} <= {path}
    if path != "register/register.yaml":
        assert mine is not None or found.findings
    assert all(finding.line >= 1 and finding.column >= 1 for finding in found.findings)


@given(
    st.dictionaries(
        st.sampled_from([*PARSED, "register/x", "register/agencies/X.yaml"]),
        st.binary(max_size=40) | st.just(b"schema_version: 1\ntitle: Anytown\n"),
    )
)
def test_every_file_gives_a_record_or_a_finding(files: dict[str, bytes]) -> None:
    found = read(files)
    told = {finding.path for finding in found.findings} | set(held(found.register))
    if found.register.settings.title != "Action register":
        told.add("register/register.yaml")
    assert told == set(files)
    assert sorted(found.paths) == sorted(files)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_files_does_not_matter(seed: int) -> None:
    files = list({**FILES, "register/agencies/bad.yaml": b"[", "register/x": b""}.items())
    random.Random(seed).shuffle(files)  # noqa: S311 - any order will do
    found, expected = read(dict(files), thorough=True), read(dict(sorted(files)), thorough=True)
    assert found.register == expected.register
    assert list(found.register.agencies) == list(expected.register.agencies)
    assert set(found.findings) == set(expected.findings)


def test_bytes_are_read_alike_from_wherever_they_come(tmp_path: Path) -> None:
    for path, content in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    assert load.read_register(disk.read_tree(tmp_path)).register == read(FILES).register
    assert load.read_register(Tree(contents=FILES, commit="1a2b3c")).register == read(FILES).register


def test_the_whole_register_of_this_repository_is_read_without_a_finding() -> None:
    found = load.read_register(disk.read_tree(ROOT), thorough=True)
    assert found.findings == ()
    assert len(found.register.recommendations) == 48


# What is told


@pytest.mark.parametrize("thorough", [False, True])
def test_every_impossible_date_is_told_and_not_only_the_first(*, thorough: bool) -> None:
    path = f"{REVIEW}/recommendations/01.yaml"
    content = (
        record(1)
        + b"""\
start_date: "2021-02-29"
actions:
  - text: a
    target_date: "2021-04-31"
  - text: b
    completion_date: "0000"
milestones:
  - text: c
    date: "2022/2021"
"""
    )
    found = read({path: content}, thorough=thorough)
    assert found.register.recommendations == ()
    assert sorted((finding.line, finding.column, finding.rule.name) for finding in found.findings) == [
        (8, 13, "bad-date"),
        (11, 18, "bad-date"),
        (13, 22, "bad-date"),
        (16, 11, "bad-date"),
    ]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (b'zzz: 1\nstart_date: "2021-02-29"\n', ["8 unknown-key", "9 bad-date"]),
        (b'start_date: "2021-02-29"\nzzz: 1\n', ["8 bad-date", "9 unknown-key"]),
        (b'scope: zzz\nstart_date: "2021-02-29"\n', ["8 unknown-word", "9 bad-date"]),
        (b"start_date: soon\nreview_date: later\nscope: x\n", ["8 bad-date", "9 bad-date", "10 unknown-word"]),
    ],
)
def test_what_the_schema_refuses_does_not_hide_what_the_calendar_does(more: bytes, expected: list[str]) -> None:
    path = f"{REVIEW}/recommendations/01.yaml"
    found = sorted(read({path: record(1) + more}, thorough=True).findings, key=lambda finding: finding.line)
    assert [f"{finding.line} {finding.rule.name}" for finding in found] == expected


@pytest.mark.parametrize(
    "more", [b"outcomes:\n  - " + b"x" * 10_001 + b"\n", b"related: [not an id]\n", b"outcomes: [' ']\n"]
)
def test_a_record_that_only_breaks_a_limit_can_be_read_and_is_told_by_the_check(more: bytes) -> None:
    path = f"{REVIEW}/recommendations/01.yaml"
    quick, thorough = read({path: record(1) + more}), read({path: record(1) + more}, thorough=True)
    assert (len(quick.register.recommendations), quick.findings) == (1, ())
    assert (len(thorough.register.recommendations), len(thorough.findings)) == (1, 1)


def findings(*paths: str) -> list[Finding]:
    return list(read(dict.fromkeys(paths, b"")).findings)


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("register/agencies/anytown.yml", ".yaml"),
        ("register/agencies/Any Town.yaml", "lower-case letters, digits and single hyphens"),
        ("register/anytown.yaml", "lower-case letters, digits and single hyphens"),
        (f"{REVIEW}/updates/01/anytown.yaml", "updates/<number>/<YYYY-MM-DD>-<agency>.yaml"),
        (f"{REVIEW}/plan.docx", "move it out of register/"),
        (f"{REVIEW}/updates/01/minutes.pdf", "move it out of register/"),
        ("register/.DS_Store", "move it out of register/"),
        ("register/any\x1b[31mtown\n.yaml", "lower-case letters, digits and single hyphens"),
    ],
)
def test_a_file_outside_the_layout_is_told_what_to_do(path: str, hint: str) -> None:
    (finding,) = findings(path)
    assert (finding.rule.name, finding.path, finding.line, finding.column) == ("outside-layout", path, 1, 1)
    assert hint in finding.message


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"1 Train\n<<<<<<< HEAD\n2 Audit\n=======\n2 Print\n>>>>>>> theirs\n", 2),
        (b"<<<<<<< ours\r\n1 Train\r\n||||||| 1a2b3c4\r\n=======\r\n>>>>>>> theirs\r\n", 1),
        (b"1 Train\n=======\n2 Print\n>>>>>>> theirs\n", 4),
        (b"1 Train\n>>>>>>>", 2),
    ],
)
def test_a_conflict_left_in_a_sources_text_is_told(text: bytes, line: int) -> None:
    path = f"{REVIEW}/source.txt"
    (finding,) = load.read_register(Tree(contents={**FILES, path: text})).findings
    assert (finding.rule, finding.path, finding.line) == (CONFLICT_MARKER, path, line)


@pytest.mark.parametrize("text", [b"", b"1 Train\n=======\n<<<<<<<< <<<<<<<\n >>>>>>> 2\n", b"\xff\n\0"])
def test_what_only_looks_like_a_conflict_in_a_sources_text_is_left_alone(text: bytes) -> None:
    assert load.read_register(Tree(contents={**FILES, f"{REVIEW}/source.txt": text})).findings == ()


def test_names_that_differ_only_in_case_are_told_of_each_other() -> None:
    found = findings("register/agencies/a.yaml", "register/agencies/A.yaml")
    (told,) = [finding for finding in found if finding.rule.name == "same-but-for-case"]
    assert {told.path, *[word for word in told.message.split() if word.startswith("register/")]} == {
        "register/agencies/a.yaml",
        "register/agencies/A.yaml",
    }


def test_names_of_a_file_and_of_a_refused_link_that_differ_only_in_case_are_both_told() -> None:
    link = Finding(
        rule=SYMBOLIC_LINK, path="register/agencies/A.yaml", problem="a link", fix="put the file itself here"
    )
    found = load.read_register(Tree(contents={"register/agencies/a.yaml": b"name: A\nkind: other\n"}, refused=(link,)))
    assert found.findings[0] == link
    assert found.files == 2


def test_what_was_refused_on_the_disk_is_told_and_counted() -> None:
    link = Finding(
        rule=SYMBOLIC_LINK, path="register/agencies/link.yaml", problem="a link", fix="put the file itself here"
    )
    found = load.read_register(Tree(contents=FILES, refused=(link,)))
    assert found.findings == (link,)
    assert sorted(found.paths) == sorted([*PARSED, link.path])


def test_findings_are_given_the_places_that_their_keys_lead_to() -> None:
    path = f"{REVIEW}/recommendations/01.yaml"
    where = load.read_register(Tree(contents=FILES), thorough=True).locate
    assert [where(path, keys) for keys in (("lead_agencies", 0), (), None)] == [(5, 5), (2, 1), (1, 1)]
    assert where("register/no.yaml", ("status",)) == (1, 1)


def test_a_record_knows_its_place() -> None:
    register = read(FILES).register
    first = register.recommendations[0]
    assert isinstance(first, Recommendation)
    assert (first.id, first.review, first.number) == ("anytown-dhr-1/01", "anytown-dhr-1", "01")
    assert paths.place(first.path) == paths.Place(
        kind=RecordKind.RECOMMENDATION, path=first.path, review="anytown-dhr-1", number="01"
    )
    assert first.updates[0].date == date(2023, 1, 1)


# Whole commands


@pytest.fixture
def broken(tmp_path: Path) -> tuple[Path, str]:
    """Return a copy of this repository's register with one broken file, and its path."""
    shutil.copytree(ROOT / "register", tmp_path / "register")
    path = "register/reviews/middlesbrough-dhr-3/recommendations/07.yaml"
    content = (tmp_path / path).read_text(encoding="utf-8")
    (tmp_path / path).write_text(f"{content}status: complete\n", encoding="utf-8")
    return tmp_path, f"{path}:{content.count(chr(10)) + 1}:1"


def test_a_broken_file_exits_1_and_names_its_line_and_the_other_47_still_show(
    run: "Run", broken: tuple[Path, str]
) -> None:
    root, place = broken
    listed = run("list", "--as-of", "2026-11-22", "--json", cwd=root)
    assert listed.code == 1
    assert json.loads(listed.out)["count"] == 47
    assert f"{place}: error duplicate-key: " in listed.err
    checked = run("check", "--as-of", "2026-11-22", cwd=root)
    assert checked.code == 1
    assert f"{place}: error duplicate-key: " in " ".join(checked.out.split())


@pytest.mark.parametrize("command", ["status", "overdue", "list", "show"])
def test_every_reading_command_answers_with_the_rest_and_exits_1(
    run: "Run", broken: tuple[Path, str], command: str
) -> None:
    root, place = broken
    words = ("middlesbrough-dhr-3/05",) if command == "show" else ()
    result = run(command, *words, "--as-of", "2026-11-22", cwd=root)
    assert result.code == 1
    assert f"{place}: error duplicate-key: " in result.err
    assert result.out


@pytest.mark.parametrize(
    ("printed", "written", "same"),
    [
        ("Women\u2019s Aid \u2013 Caf\u00e9", "Women's Aid - Cafe\u0301", True),
        ("Cafe\u0301", "Caf\u00e9", True),
        ("Adult Social Care", "Adult\u00a0Social Care", True),
        ("Police", "police", False),
        ("Police", "Polcie", False),
    ],
)
def test_a_section_is_the_heading_of_its_review_that_looks_the_same(printed: str, written: str, *, same: bool) -> None:
    path = f"{REVIEW}/recommendations/01.yaml"
    files = {
        f"{REVIEW}/review.yaml": FILES[f"{REVIEW}/review.yaml"].replace(b"- Police", f'- "{printed}"'.encode()),
        path: FILES[path].replace(b"section: Police", f'section: "{written}"'.encode()),
    }
    (found,) = read(files).register.recommendations
    assert found.section == (printed if same else written)
    (alone,) = read({path: files[path]}).register.recommendations
    assert alone.section == written
