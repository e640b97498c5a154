"""Prove that the two published plans stand in the register whole and word for word.

The judges are the tables in tests/transcription, written by hand from the plans alone:
`.columns` names the columns, `.lines` places every cell of the source, `.items` says
where a cell falls into several items, `.facts` reads status, dates and leads, and
`.tallies` counts. None of the project's own code is used here, and words are compared
as they are: no case, dash or quote is softened.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, TESTS
from ruamel.yaml import YAML

REGISTER = ROOT / "register"
TABLES = TESTS / "transcription"

# The sums of the published texts: a copy in the register cannot drift.
PLANS = {
    "middlesbrough-dhr-3": ("8ebf1dace946192676354d018d7295fff1f2dccf921303602d67c1a06d1cc080"),
    "north-tyneside-dhr-4": ("dcaaba5ff257d2a51102f2fd9cab2a482b5377e131a7e7a9ec44d20dee6eab68"),
}

NOT_A_ROW = {"title", "columns", "heading", "garbled", "footer", "crest", "separator"}
NOT_A_COLUMN = {".", "pipe", "stray"}
FIELDS = {
    "Rec": "recommendation",
    "Act": "actions",
    "Mile": "milestones",
    "Out": "outcomes",
}
DATES = ("start_date", "target_date", "completion_date")
# What a record of either plan may say; `related` and `waivers` are the register's own.
KEYS = {"recommendation", "section", "level", "lead_agencies", "status", "actions"}
KEYS |= {"outcomes", "as_stated", "source", "related", "waivers"}
MIDDLESBROUGH_KEYS = {*DATES, "milestones", "responsible"}
FOOTER = (
    "On 26th June 2021 all of the privately run Community Rehabilitation Companies"
    " (formed in 2014) have been reunited into public ownership to form new Probation"
    " service. The Middlesbrough DHR Scrutiny Panel will seek assurance from Probation"
    " Service that the actions and monitoring were reassigned with new service"
    " arrangements."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Hold one line of a `.lines` table; the places of a heading are its words."""

    number: int
    kind: str
    places: tuple[str, ...]


# ---- the hand-made tables ------------------------------------------------------------


def rows(name: str) -> Iterator[list[str]]:
    """Yield the words of every line of a table that is neither blank nor a comment."""
    for line in (TABLES / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.split()


@cache
def placed(review: str) -> tuple[Line, ...]:
    """Read where every line of the source belongs."""
    return tuple(
        Line(number=int(number), kind=kind, places=tuple(places))
        for number, kind, *places in rows(f"{review}.lines.txt")
    )


@cache
def columns(review: str) -> dict[str, str]:
    """Map the short names of the columns to their headings, from left to right."""
    return {column: " ".join(words) for column, _, *words in rows(f"{review}.columns.txt")}


@cache
def facts(review: str) -> dict[str, tuple[Any, ...]]:
    """Map each recommendation to its status, three dates (or None) and leads."""
    found: dict[str, tuple[Any, ...]] = {}
    for name, status, *rest in rows(f"{review}.facts.txt"):
        dates = [None if date == "." else date for date in rest[:3]]
        found[name] = (status, *dates, rest[3:])
    return found


def tallies(review: str) -> dict[str, Counter[str]]:
    """Map what is counted to its values and how many there are of each."""
    found: dict[str, Counter[str]] = {}
    for what, count, *value in rows(f"{review}.tallies.txt"):
        found.setdefault(what, Counter())[" ".join(value)] = int(count)
    for column, count, *_ in rows(f"{review}.columns.txt"):
        found.setdefault("filled", Counter())[column] = int(count)
    return found


@cache
def openings(review: str) -> dict[tuple[str, str], list[tuple[str, list[str]]]]:
    """Map a recommendation's column to the mark and opening words of its items."""
    found: dict[tuple[str, str], list[tuple[str, list[str]]]] = {}
    for name, column, mark, *opening in rows(f"{review}.items.txt"):
        found.setdefault((name, column), []).append((mark, opening))
    return found


# ---- the source, cut up by the tables ------------------------------------------------


@cache
def source(review: str) -> dict[int, list[str]]:
    """Map the number of every line that is not blank to its cells."""
    path = REGISTER / "reviews" / review / "source.txt"
    lines = path.read_bytes().decode("utf-8").split("\n")
    return {number: line.split("\t") for number, line in enumerate(lines, 1) if line.strip()}


def printed(cell: str) -> list[str]:
    """Cut a cell of the source into its words, without HTML tags."""
    return re.sub(r"<[^>]*>", " ", cell).split()


def unbulleted(words: list[str]) -> list[str]:
    """Leave out the bullets that stand alone."""
    return [word for word in words if word not in {"•", "-"}]


def pieces(place: str, cell: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each column that a cell belongs to, with its words; all must be taken."""
    words = printed(cell)
    for part in place.split(","):
        count, _, column = part.rpartition("*")
        size = int(count or len(words))
        assert len(words) >= size, f"{place} claims more words than {cell!r} has"
        yield column, words[:size]
        words = words[size:]
    assert not words, f"{place} leaves {words} of {cell!r} unclaimed"


@cache
def claims(review: str) -> dict[tuple[str, str], list[str]]:
    """Map each recommendation and column to its printed words, from the top down."""
    found: dict[tuple[str, str], list[str]] = {}
    for line in placed(review):
        if line.kind in NOT_A_ROW:
            continue
        for place, cell in zip(line.places, source(review)[line.number], strict=True):
            for column, words in pieces(place, cell):
                found.setdefault((line.kind, column), []).extend(words)
    return found


def place_of(opening: list[str], words: list[str]) -> int:
    """Find the one place where the opening stands in the words."""
    size = len(opening)
    (place,) = (n for n in range(len(words)) if words[n : n + size] == opening)
    return place


def items(review: str, name: str, column: str) -> list[list[str]]:
    """Cut the printed words of a column into its items, without their marks."""
    words = claims(review).get((name, column), [])
    found = openings(review).get((name, column))
    if not found:
        return [words] if words else []
    starts = [place_of(opening, words) for _, opening in found]
    assert starts == sorted(starts), f"{name} {column}: openings out of order"
    assert starts[0] == 0, f"{name} {column}: words before the first opening"
    ends = [*starts[1:], None]
    return [
        " ".join(words[start:end]).removeprefix(mark).split()
        for (mark, _), start, end in zip(found, starts, ends, strict=True)
    ]


# ---- the register --------------------------------------------------------------------


@cache
def load(path: Path) -> dict[str, Any]:
    """Read one file of the register with a YAML reader that is not the project's."""
    if not path.is_file():
        pytest.fail(f"{path} is missing")
    found: dict[str, Any] = YAML(typ="safe", pure=True).load(path.read_bytes())
    return found


def record(review: str, name: str) -> dict[str, Any]:
    """Read one recommendation."""
    return load(REGISTER / "reviews" / review / "recommendations" / f"{name}.yaml")


def texts(found: dict[str, Any], column: str) -> list[str]:
    """Return the texts of the field that a column is normalised into."""
    value = found.get(FIELDS.get(column, ""))
    if isinstance(value, list):
        return [item if isinstance(item, str) else item["text"] for item in value]
    return [] if value is None else [value]


def difference(wanted: list[str], held: list[str]) -> str:
    """Show the first word that the source and the record do not share, or nothing."""
    if wanted == held:
        return ""
    longest = max(len(wanted), len(held))
    at = next(n for n in range(longest) if wanted[n : n + 1] != held[n : n + 1])

    def around(words: list[str]) -> str:
        here = f"[[{' '.join(words[at : at + 1])}]]"
        return " ".join([*words[max(at - 6, 0) : at], here, *words[at + 1 : at + 7]])

    return (
        f"word {at + 1} (of {len(wanted)} printed, {len(held)} held) is not the same:\n"
        f"  source: {around(wanted)}\n  record: {around(held)}"
    )


# ---- what is tested ------------------------------------------------------------------


def every_name(review: str) -> list[str]:
    """Return the recommendations of a plan in printed order."""
    return list(dict.fromkeys(x.kind for x in placed(review) if x.kind not in NOT_A_ROW))


def every(*wanted: str) -> list[Any]:
    """Return each recommendation with each of the wanted columns that its plan has."""
    return [
        pytest.param(review, name, column, id=f"{review}/{name}-{column}")
        for review in PLANS
        for name in every_name(review)
        for column in wanted
        if column in columns(review)
    ]


each_plan = pytest.mark.parametrize("review", PLANS)
each_record = pytest.mark.parametrize(
    ("review", "name"),
    [pytest.param(review, name, id=f"{review}/{name}") for review in PLANS for name in every_name(review)],
)
each_cell = pytest.mark.parametrize(
    ("review", "name", "column"),
    every("No", "Rec", "Start", "Act", "Lead", "Mile", "End", "Out"),
)
each_text = pytest.mark.parametrize(("review", "name", "column"), every(*FIELDS))


@each_plan
def test_source_is_the_published_text(review: str) -> None:
    """Hold the copy of the plan against the sum of the original."""
    data = (REGISTER / "reviews" / review / "source.txt").read_bytes()
    assert hashlib.sha256(data).hexdigest() == PLANS[review]


@each_plan
def test_every_line_is_placed_once(review: str) -> None:
    """Hold the table's line numbers against the lines that are not blank."""
    assert [line.number for line in placed(review)] == list(source(review))


@each_plan
def test_every_cell_is_claimed_once(review: str) -> None:
    """Hold the table's places against the cells: a dot for each blank, and no other."""
    for line in placed(review):
        if line.kind not in NOT_A_ROW:
            cells = source(review)[line.number]
            blank = [not cell.strip() for cell in cells]
            assert [place == "." for place in line.places] == blank, line
    assert {column for _, column in claims(review)} - NOT_A_COLUMN == {*columns(review)}
    claimed = sum(len(words) for words in claims(review).values())
    rest = [line.number for line in placed(review) if line.kind in NOT_A_ROW]
    unclaimed = sum(len(printed(" ".join(source(review)[n]))) for n in rest)
    text = " ".join(" ".join(cells) for cells in source(review).values())
    assert claimed + unclaimed == len(printed(text))


@each_plan
def test_nothing_of_substance_is_set_aside(review: str) -> None:
    """Hold each line that is no row against what its kind may print."""
    for line in placed(review):
        cells = [cell for cell in source(review)[line.number] if cell.strip()]
        words = " ".join(line.places)
        ok = {
            "title": cells == [words],
            "columns": cells == [*columns(review).values()],
            "heading": cells == [words],
            "garbled": cells == [words[:-1], words[-3:]],
            "footer": cells == [FOOTER],
            "crest": all(re.fullmatch(r"[A-Z ]+", cell) for cell in cells),
            "separator": all(re.fullmatch(r"-+", cell) for cell in cells),
        }
        assert ok.get(line.kind, True), f"line {line.number} is no {line.kind}: {cells}"


@each_plan
def test_what_a_row_sets_aside(review: str) -> None:
    """Allow one pipe, and one scrap whose words its own row's action holds as well."""
    found = claims(review)
    aside = {key: words for key, words in found.items() if key[1] in {"pipe", "stray"}}
    stray = ["ensure", "they", "are", "fit", "for"]
    if review == "middlesbrough-dhr-3":
        assert not aside
    else:
        assert aside == {("t1-08", "pipe"): ["|"], ("t3-08", "stray"): stray}
        assert " ".join(stray) in " ".join(found["t3-08", "Act"])


@each_cell
def test_column_is_held_word_for_word(review: str, name: str, column: str) -> None:
    """Hold a record's column, as stated or else as normalised, against the cells."""
    wanted = claims(review).get((name, column), [])
    found = record(review, name)
    heading = columns(review)[column]
    stated = found.get("as_stated", {})
    marks = {mark for mark, _ in openings(review).get((name, column), [])} - {"none"}
    if heading in stated or marks:
        held = stated.get(heading, "").split()
    else:
        held = unbulleted(" ".join(texts(found, column)).split())
        wanted = unbulleted(wanted)
    fault = difference(wanted, held)
    assert not fault, f"{review}/{name}, column {heading!r}: {fault}"


@each_text
def test_field_holds_the_cell_item_by_item(review: str, name: str, column: str) -> None:
    """Hold a normalised field against the cell, less its numbers and bullets."""
    wanted = [unbulleted(words) for words in items(review, name, column)]
    held = [unbulleted(text.split()) for text in texts(record(review, name), column)]
    where = f"{review}/{name}, field {FIELDS[column]!r}"
    for number, (words, text) in enumerate(zip(wanted, held, strict=False), 1):
        fault = difference(words, text)
        assert not fault, f"{where}, item {number}: {fault}"
    assert len(held) == len(wanted), f"{where}: {len(wanted)} items are printed: {held}"


@each_record
def test_as_stated_names_printed_columns(review: str, name: str) -> None:
    """Allow no column in a record's `as_stated` that its row does not fill."""
    filled = {heading for column, heading in columns(review).items() if claims(review).get((name, column))}
    assert set(record(review, name).get("as_stated", {})) <= filled


@each_record
def test_nothing_is_invented(review: str, name: str) -> None:
    """Allow no field that the plan is silent on, and no person it does not name."""
    found = record(review, name)
    more = MIDDLESBROUGH_KEYS if review == "middlesbrough-dhr-3" else set()
    assert set(found) <= KEYS | more
    for field in ("actions", "milestones"):
        assert all(set(item) == {"text"} for item in found.get(field, []))
    lead = " ".join(claims(review)[name, "Lead"])
    for person in found.get("responsible", []):
        assert person.get("role", "") in lead
        assert person.get("name", "") in lead


@each_record
def test_section_is_the_heading_above(review: str, name: str) -> None:
    """Hold a record's section against the last heading over its first line."""
    heading = ""
    for line in placed(review):
        if line.kind in {"heading", "garbled"}:
            heading = " ".join(line.places)
        if line.kind == name:
            break
    assert record(review, name)["section"] == heading


@each_plan
def test_sections_stand_in_printed_order(review: str) -> None:
    """Hold a review's sections against its headings."""
    headings = [x for x in placed(review) if x.kind in {"heading", "garbled"}]
    sections = load(REGISTER / "reviews" / review / "review.yaml")["sections"]
    assert sections == [" ".join(line.places) for line in headings]


@each_record
def test_source_names_the_row_and_its_lines(review: str, name: str) -> None:
    """Hold a record's source against the lines that the table claims for it."""
    lines = [line.number for line in placed(review) if line.kind == name]
    if (name, "No") in claims(review):
        row = f"No {' '.join(claims(review)[name, 'No'])}"
    else:
        table, number = name.removeprefix("t").split("-")
        row = f"Table {table}, row {int(number)}"
    assert record(review, name)["source"] == {"row": row, "lines": lines}


def test_the_promise_in_the_footer_is_a_commitment() -> None:
    """Hold what the plans promise outside their rows against their commitments."""
    promise = FOOTER[FOOTER.index("The Middlesbrough DHR Scrutiny Panel") :]
    for review, wanted in zip(PLANS, ([promise], []), strict=True):
        found = load(REGISTER / "reviews" / review / "review.yaml")
        held = [x["text"].split() for x in found.get("commitments", [])]
        assert [" ".join(words) for words in held] == wanted


def test_there_are_24_records_of_each_plan_and_no_more() -> None:
    """Hold the files of the register against the recommendations of the tables."""
    files = REGISTER.glob("reviews/*/recommendations/*")
    wanted = {f"{r}/recommendations/{n}.yaml" for r in PLANS for n in every_name(r)}
    assert {x.relative_to(REGISTER / "reviews").as_posix() for x in files} == wanted
    assert [len(every_name(review)) for review in PLANS] == [24, 24]


@each_record
def test_facts(review: str, name: str) -> None:
    """Hold status, dates and leads against the reading by hand."""
    found = record(review, name)
    held = (
        found["status"],
        *(found.get(date) for date in DATES),
        found["lead_agencies"],
    )
    assert held == facts(review)[name]


@each_plan
def test_the_tables_agree_with_the_tallies(review: str) -> None:
    """Hold lines, filled columns and statuses as read by hand against their counts."""
    tally = tallies(review)
    lines = placed(review)
    kinds = Counter(x.kind if x.kind in NOT_A_ROW else "row" for x in lines)
    assert kinds == tally["line"]
    filled = Counter(column for (_, column), words in claims(review).items() if words)
    assert {column: filled[column] for column in columns(review)} == tally["filled"]
    assert Counter(fact[0] for fact in facts(review).values()) == tally["status"]
    assert [*facts(review)] == every_name(review)


@each_plan
def test_the_register_agrees_with_the_tallies(review: str) -> None:
    """Hold the cells and people of the records against those counted in the plan."""
    found = [record(review, name) for name in every_name(review)]
    people = (person for x in found for person in x.get("responsible", []))
    names = Counter(person["name"] for person in people if "name" in person)
    stated = [x["as_stated"] for x in found]
    tally = tallies(review)
    assert names == tally.get("name", {})
    for what in tally.keys() & columns(review).keys():
        cells = [cells.get(columns(review)[what], "").split() for cells in stated]
        assert Counter(" ".join(words) for words in cells if words) == tallies(review)[what]


@pytest.mark.parametrize(
    ("held", "fault"),
    [
        ("one two three", ""),
        ("one Two three", "word 2 (of 3 printed, 3 held)"),
        ("one three", "word 2 (of 3 printed, 2 held)"),
        ("one two", "source: one two [[three]]"),
        ("one two three four", "record: one two three [[four]]"),
        ("two one three", "word 1 "),
        ("", "record: [[]]"),
    ],
)
def test_a_difference_is_seen(held: str, fault: str) -> None:
    """Show that the judge itself can find fault."""
    found = difference(["one", "two", "three"], held.split())
    assert fault in found
    assert bool(found) == bool(fault)
