"""Who may see what: the marks of the schemas, what is left of a register, and a canary in every field."""

import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from dhrctl.app.documents import MAKERS
from dhrctl.app.redact import REDACTED, may_see, redact_register, redact_versions
from dhrctl.checks.safety import remove_names
from dhrctl.cli import options
from dhrctl.errors import DhrError
from dhrctl.export.formats import FILES
from dhrctl.files import load, schema
from dhrctl.model import dates
from dhrctl.model.audience import Audience
from dhrctl.model.history import Count, Version
from dhrctl.model.paths import RecordKind
from dhrctl.model.records import Register, Responsible, Status
from dhrctl.model.status import judge_record
from dhrctl.reports import counts, history, papers, small_numbers, view
from dhrctl.site.output import MANIFEST
from dhrctl.site.pages import overview
from dhrctl.site.pages.contents import SiteContent
from dhrctl.storage import disk
from dhrctl.table import Report, Table

RICH = ROOT / "tests" / "registers" / "rich"
KINDS = (RecordKind.REGISTER, RecordKind.AGENCY, RecordKind.REVIEW, RecordKind.RECOMMENDATION, RecordKind.UPDATE)
Run = Callable[..., Any]
Write = Callable[..., Path]


def properties(shape: Mapping[str, Any], way: str = "", within: str = "public") -> Iterator[tuple[str, Any, str]]:
    """Yield every property of a schema, the way to it, and the audience of what it stands in."""
    for name, part in shape.get("properties", {}).items():
        yield f"{way}{name}", part, within
        yield from properties(part.get("items", part), f"{way}{name}.", part.get("x-audience", within))


PROPERTIES = [(kind, *found) for kind in KINDS for found in properties(schema.read_schema(kind))]
IDS = [f"{kind}.{way}" for kind, way, _, _ in PROPERTIES]


# The marks


@pytest.mark.parametrize(("kind", "way", "part", "within"), PROPERTIES, ids=IDS)
def test_every_property_is_marked_with_who_may_see_it(kind: RecordKind, way: str, part: Any, within: str) -> None:
    assert Audience(part["x-audience"])
    assert list(Audience).index(part["x-audience"]) >= list(Audience).index(Audience(within)), "wider than its group"
    if "x-audience-if-publishable" in part:
        assert kind is RecordKind.UPDATE
        assert may_see(part, Audience(part["x-audience-if-publishable"]), publishable=True), way
    assert part.get("x-public-precision", "month") == "month"
    assert "x-public-precision" not in part or part["$ref"] == "#/$defs/date"


def test_what_the_issue_keeps_from_the_public_is_marked_so() -> None:
    hidden = {f"{kind}.{way}" for kind, way, part, _ in PROPERTIES if part["x-audience"] != "public"}
    assert {
        "recommendation.responsible.name",
        "recommendation.as_stated",
        "recommendation.waivers",
        "update.text",
        "update.reason",
        "update.by",
        "review.pseudonyms",
    } <= hidden


def test_the_audiences_of_the_command_line_are_those_of_the_schemas() -> None:
    assert tuple(Audience) == options.AUDIENCES


@pytest.mark.parametrize(
    ("mark", "audience", "publishable", "expected"),
    [
        ({"x-audience": "public"}, Audience.PUBLIC, False, True),
        ({"x-audience": "partners"}, Audience.PUBLIC, False, False),
        ({"x-audience": "partners"}, Audience.PUBLIC, True, False),
        ({"x-audience": "partners"}, Audience.PARTNERS, False, True),
        ({"x-audience": "internal"}, Audience.PARTNERS, True, False),
        ({"x-audience": "internal"}, Audience.INTERNAL, False, True),
        ({"x-audience": "partners", "x-audience-if-publishable": "public"}, Audience.PUBLIC, True, True),
        ({"x-audience": "partners", "x-audience-if-publishable": "public"}, Audience.PUBLIC, False, False),
    ],
)
def test_a_mark_says_who_may_see_a_field(
    mark: Mapping[str, str], audience: Audience, *, publishable: bool, expected: bool
) -> None:
    assert may_see(mark, audience, publishable=publishable) is expected


# A register with a canary in every field that the public may not see


class Planted:
    """Fills records from their schemas, and keeps what it planted where the public may not look, by its place."""

    def __init__(self, *, publishable: bool = False) -> None:
        """Begin with nothing planted."""
        self.canaries: dict[str, str] = {}
        self.publishable = publishable

    def record(self, kind: RecordKind) -> dict[str, Any]:
        """Return a record of a kind with every field."""
        document = schema.read_schema(kind)
        made: dict[str, Any] = self._filled(document, document["$defs"], kind.value, hidden=False)
        return made

    def _filled(self, shape: Mapping[str, Any], shapes: Mapping[str, Any], way: str, *, hidden: bool) -> Any:
        part = {**shapes.get(shape.get("$ref", "").removeprefix("#/$defs/"), {}), **shape}
        if "x-audience" in part:
            hidden = not may_see(part, Audience.PUBLIC, publishable=self.publishable)
        if "properties" in part:
            below = part["properties"].items()
            return {name: self._filled(each, shapes, f"{way}.{name}", hidden=hidden) for name, each in below}
        if part["type"] == "array" and ("properties" in part["items"] or hidden):
            return [self._filled(part["items"], shapes, way, hidden=hidden)]
        if hidden and part["type"] == "object":
            return {self._plant(way, {"type": "string"}): self._plant(f"{way} cell", {"type": "string"})}
        if hidden and "enum" not in part:
            return self._plant(way, part)
        if part.get("x-public-precision"):
            self.canaries[f"{way} day"] = "2093-05-17"
            return "2093-05-17"
        return part["examples"][0] if "examples" in part else part["enum"][0]

    def _plant(self, way: str, part: Mapping[str, Any]) -> str:
        """Return a canary in the first form that a field takes."""
        number = len(self.canaries) + (100 if self.publishable else 200)
        takes = Draft202012Validator({key: part[key] for key in ("type", "pattern") if key in part}).is_valid
        forms = (
            f"CANARY{number}",
            f"canary{number}",
            f"2093-01-{number % 28 + 1:02}",
            f"https://canary{number}.example",
        )
        self.canaries[way] = next(form for form in forms if takes(form))
        return self.canaries[way]


RECORDS = "register/reviews/anytown-dhr-1/recommendations"
UPDATES = "register/reviews/anytown-dhr-1/updates/01"


def planted(**changes: Any) -> tuple[dict[str, str], dict[str, str]]:
    """Return the files of a register with a canary in every hidden field, and the canaries by their place."""
    every, open_ = Planted(), Planted(publishable=True)
    review = every.record(RecordKind.REVIEW)
    record = {**every.record(RecordKind.RECOMMENDATION), "section": review["sections"][0], **changes}
    update = {**every.record(RecordKind.UPDATE), "agency": "anytown-police", "date": "2026-01-10", "publishable": False}
    shown = {
        **open_.record(RecordKind.UPDATE),
        "agency": "anytown-police",
        "date": "2026-02-10",
        "text": "Shown to all.",
    }
    data = {
        "register/register.yaml": every.record(RecordKind.REGISTER),
        "register/agencies/anytown-police.yaml": every.record(RecordKind.AGENCY),
        "register/reviews/anytown-dhr-1/review.yaml": review,
        f"{RECORDS}/01.yaml": record,
        f"{RECORDS}/02.yaml": {**record, "responsible": [{"name": every.canaries["recommendation.responsible.name"]}]},
        f"{UPDATES}/2026-01-10-anytown-police.yaml": update,
        f"{UPDATES}/2026-02-10-anytown-police.yaml": shown,
    }
    return {path: json.dumps(each) for path, each in data.items()}, {
        **every.canaries,
        **{f"{way} (publishable)": canary for way, canary in open_.canaries.items()},
    }


def register_of(folder: Path) -> Register:
    found = load.read_register(disk.read_tree(folder), thorough=True)
    assert found.findings == ()
    return found.register


def test_a_canary_is_planted_in_every_hidden_field_and_each_is_another(write: Write) -> None:
    files, canaries = planted()
    register_of(write(files))
    hidden = {f"{kind}.{way}" for kind, way, part, _ in PROPERTIES if not may_see(part, Audience.PUBLIC)}
    leaves = {way for way in hidden if not any(other.startswith(f"{way}.") for other in hidden)}
    words = {way for way in leaves if way != "update.evidence.kind"}
    assert words <= set(canaries)
    assert all(any(canary in text for text in files.values()) for canary in canaries.values())


@pytest.mark.parametrize(
    ("audience", "kept"), [(Audience.PUBLIC, 0), (Audience.PARTNERS, 1), (Audience.INTERNAL, 2)], ids=str
)
def test_a_narrowed_register_holds_what_its_audience_may_see(audience: Audience, kept: int, write: Write) -> None:
    files, canaries = planted()
    register = register_of(write(files))
    seen = re.sub(r"datetime\.date\((\d+), (\d+), (\d+)\)", _iso, repr(redact_register(register, audience)))
    marks = {f"{kind}.{way}": part["x-audience"] for kind, way, part, _ in PROPERTIES}
    for way, canary in canaries.items():
        mark = marks[re.sub(r" .*$", "", way)]
        months = way.endswith(" day") or " day " in way
        visible = list(Audience).index(Audience(mark)) <= kept and not (months and audience is Audience.PUBLIC)
        assert (canary in seen) is visible, way
    assert "Shown to all." in seen
    assert json.loads(files[f"{RECORDS}/01.yaml"])["recommendation"] in seen


def _iso(match: re.Match[str]) -> str:
    return date(*map(int, match.groups())).isoformat()


def test_nothing_is_taken_from_those_who_keep_the_register(write: Write) -> None:
    register = register_of(write(planted()[0]))
    assert redact_register(register, Audience.INTERNAL) == register


def test_where_only_a_name_stands_the_entry_goes(write: Write) -> None:
    register = redact_register(register_of(write(planted()[0])), Audience.PUBLIC)
    first, second = register.recommendations
    assert first.responsible == (Responsible(role="Head of Safeguarding", agency="anytown-police"),)
    assert second.responsible == ()


def test_evidence_is_dated_by_the_month_for_the_public_alone(write: Write) -> None:
    register = register_of(write(planted()[0]))
    for audience, text in ((Audience.PUBLIC, "2093-05"), (Audience.PARTNERS, "2093-05-17")):
        (evidence,) = redact_register(register, audience).recommendations[0].evidence
        assert evidence.date == dates.parse(text)


@pytest.mark.parametrize(
    ("given_", "expected"),
    [("2021", "2021"), ("2021-04", "2021-04"), ("2021-04-30", "2021-04"), ("2021-04-30/2021-05-02", "2021-04/2021-05")],
)
def test_a_date_is_told_by_the_month(given_: str, expected: str) -> None:
    assert dates.coarsen_to_month(dates.parse(given_)) == dates.parse(expected)


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("folder", [ROOT, RICH], ids=["register", "rich"])
def test_judgements_are_the_same_for_every_audience(audience: Audience, folder: Path) -> None:
    register = load.read_register(disk.read_tree(folder)).register
    seen = redact_register(register, audience, ["staff", "risk"])
    for day in (date(2021, 1, 1) + timedelta(days=97 * step) for step in range(24)):
        whole = [judge_record(record, register, day) for record in register.recommendations]
        assert [judge_record(record, seen, day) for record in seen.recommendations] == whole


@pytest.mark.parametrize(("audience", "author"), [(Audience.PUBLIC, ""), (Audience.PARTNERS, "A. Author")])
def test_versions_are_narrowed_as_the_register_is(audience: Audience, author: str, write: Write) -> None:
    register = register_of(write(planted()[0]))
    first, second = register.recommendations
    at = Version(day=date(2026, 1, 1), commit="c", author="A. Author", record=first)
    timelines = {first.id: [at, replace(at, record=None)], second.id: [replace(at, record=second)]}
    found = redact_versions(timelines, audience, [NAME])
    seen = redact_register(register, audience, [NAME]).recommendations
    records = [replace(record, updates=first.updates and record.updates) for record in seen]
    assert [version.record for version in found[first.id]] == [records[0], None]
    assert [version.record for version in found[second.id]] == [records[1]]
    assert {version.author for versions in found.values() for version in versions} == {author}


@pytest.mark.parametrize("audience", list(Audience))
def test_a_history_tells_what_its_audience_may_see(audience: Audience, write: Write) -> None:
    files, canaries = planted()
    register = redact_register(register_of(write(files)), audience)
    asked = view.View(register=register, day=date(2026, 11, 22), judged=(), audience=audience)
    earlier = replace(register.recommendations[0], status=Status.NOT_STARTED)
    at = Version(day=date(2026, 1, 20), commit="c", author="", record=earlier)
    versions = [at, replace(at, day=date(2026, 2, 20), record=register.recommendations[0])]
    said = [row["said"] for row in history.history(register.recommendations[0], versions, asked).tables[0].rows]
    assert any(canaries["update.text"] in str(each) for each in said) is (audience is not Audience.PUBLIC)
    assert not any(str(each).rstrip().endswith(":") for each in said)
    assert any("training provider could not begin" in str(each) for each in said)


# Names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A review by DCI Other was made.", "A review by DCI (name withheld) was made."),
        ("DI A. N. Other and Dr Jane O'Officer agreed.", "DI (name withheld) and Dr (name withheld) agreed."),
        ("_DCI Other_ and __Dr Jane Other__ agreed.", "_DCI (name withheld)_ and __Dr (name withheld)__ agreed."),
        ("The Head of Safeguarding reports to the board.", "The Head of Safeguarding reports to the board."),
        ("Inspector training is reviewed.", "Inspector training is reviewed."),
    ],
)
def test_a_name_after_a_rank_or_title_is_withheld(text: str, expected: str) -> None:
    assert remove_names(text) == expected


NAME = "Zebedee Quill"


@pytest.mark.parametrize("field", ["recommendation", "section", "outcomes"])
def test_a_text_that_holds_a_protected_name_is_withheld_from_the_public(field: str, write: Write) -> None:
    text: Any = f"As zebedee quill said, {field}."
    register = register_of(write(planted(**{field: [text] if field == "outcomes" else text})[0]))
    value = getattr(redact_register(register, Audience.PUBLIC, [NAME]).recommendations[0], field)
    assert value == ((REDACTED,) if field == "outcomes" else REDACTED)
    assert getattr(redact_register(register, Audience.PUBLIC, ["Dougal"]).recommendations[0], field) == (
        (text,) if field == "outcomes" else text
    )
    assert getattr(redact_register(register, Audience.PARTNERS, [NAME]).recommendations[0], field) != value


def test_nothing_is_made_for_the_public_where_a_file_is_named_by_a_protected_name(write: Write) -> None:
    agency = {"register/agencies/zebedee-quill.yaml": "name: x\nkind: other\n"}
    register = load.read_register(disk.read_tree(write({**planted()[0], **agency}))).register
    with pytest.raises(DhrError) as caught:
        redact_register(register, Audience.PUBLIC, [NAME])
    assert "name of a file" in str(caught.value)
    assert "zebedee" not in str(caught.value).lower()
    assert redact_register(register, Audience.PARTNERS, [NAME]).recommendations


# Small numbers

SIZES = st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(1, 12), max_size=8)


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ({}, ""),
        ({"a": 5, "b": 9}, ""),
        ({"a": 4}, "a"),
        ({"a": 4, "b": 9}, "a b"),
        ({"a": 4, "b": 9, "c": 6}, "a c"),
        ({"a": 2, "b": 3, "c": 6}, "a b"),
        ({"a": 1, "b": 1, "c": 6, "d": 7}, "a b c"),
        ({"a": 1, "b": 1, "c": 1}, "a b c"),
    ],
)
def test_small_groups_are_not_broken_down(sizes: Mapping[str, int], expected: str) -> None:
    assert small_numbers.redacted_groups(sizes) == set(expected.split())


@given(SIZES)
def test_no_small_group_follows_from_the_total_and_the_others(sizes: Mapping[str, int]) -> None:
    hidden = small_numbers.redacted_groups(sizes)
    assert {group for group, size in sizes.items() if size < small_numbers.FEWEST} <= hidden
    together = sum(sizes[group] for group in hidden)
    assert not hidden or hidden == set(sizes) or (len(hidden) > 1 and together >= small_numbers.FEWEST)
    told = [size for group, size in sizes.items() if group not in hidden]
    assert max((sizes[group] for group in hidden), default=0) <= min(told, default=12)


@given(SIZES, SIZES)
def test_no_small_part_follows_from_its_whole(one: Mapping[str, int], other: Mapping[str, int]) -> None:
    sizes = {f"{parent}{part}": size for parent, parts in (("A", one), ("B", other)) for part, size in parts.items()}
    hidden = small_numbers.redacted_subgroups({part: part[0] for part in sizes}, sizes)
    wholes = {name: sum(parts.values()) for name, parts in (("A", one), ("B", other)) if parts}
    for whole in wholes:
        parts = {part for part in sizes if part[0] == whole}
        if whole in small_numbers.redacted_groups(wholes):
            assert parts <= hidden
        assert parts & hidden == parts or len(parts & hidden) != 1
        assert {part for part in parts if sizes[part] < small_numbers.FEWEST} <= hidden


def _asked(count: int, audience: Audience) -> view.View:
    register = load.read_register(disk.read_tree(RICH)).register
    found = view.build_view(register, date(2025, 6, 30))
    return replace(found, judged=found.judged[:count], audience=audience)


@pytest.mark.parametrize("by", ["review", "agency", "section", "status"])
def test_the_public_gets_no_breakdown_of_a_small_group(by: str) -> None:
    table = counts.groups(_asked(15, Audience.PUBLIC), by)
    whole = counts.groups(_asked(15, Audience.PARTNERS), by)
    broken_down = [row for row in table.rows if row["by_rag"] is not None]
    assert [row["total"] for row in table.rows] == [row["total"] for row in whole.rows]
    assert all(isinstance(row["total"], int) and row["total"] >= small_numbers.FEWEST for row in broken_down)
    assert len(broken_down) < len(whole.rows)
    assert all(row["by_rag"] is not None for row in whole.rows)
    assert [row for row in whole.rows if row in table.rows] == broken_down
    for row in table.rows:
        if row["by_rag"] is None:
            assert (row["by_status"], row["by_timeliness"], row["overdue"], row["complete"]) == (
                None,
                None,
                "withheld",
                "withheld",
            )


@pytest.mark.parametrize(
    ("count", "audience", "expected"),
    [
        (4, Audience.PUBLIC, "4 recommendations in 1 review."),
        (4, Audience.PARTNERS, "4 recommendations in 1 review: "),
        (5, Audience.PUBLIC, "5 recommendations in 1 review: "),
    ],
)
def test_few_are_counted_for_the_public_and_not_told_apart(count: int, audience: Audience, expected: str) -> None:
    assert counts.headline(_asked(count, audience)).startswith(expected)


@pytest.mark.parametrize(
    ("audience", "told"), [(Audience.PUBLIC, False), (Audience.PARTNERS, True)], ids=["public", "partners"]
)
@pytest.mark.parametrize("make", [papers.summary, papers.overdue, papers.every_field], ids=lambda make: make.__name__)
def test_no_sentence_of_a_paper_breaks_down_a_few_for_the_public(
    make: Callable[[view.View], tuple[Report, ...]], audience: Audience, *, told: bool
) -> None:
    (paper,) = make(_asked(4, audience))
    said = " ".join((*paper.opening, *paper.closing))
    assert bool(re.search("[0-9] (of the )?[0-9]* ?(open|overdue|complete)", said)) is told
    assert (small_numbers.RULE in said) is not told


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("reviews/anytown-dhr-1.html", "12 recommendations."),
        ("sections/anytown-dhr-1/partnership.html", "6 recommendations."),
        ("agencies/anytown-police.html", "Leads 4 recommendations in 1 review."),
        ("index.html", "15 recommendations in 2 reviews: 9 open, 3 complete, 3 closed for another reason."),
    ],
)
def test_a_sentence_tells_no_more_than_the_table_does(page: str, said: str, run: Run, tmp_path: Path) -> None:
    shutil.copytree(RICH, tmp_path / "rich")
    run("site", "--out", tmp_path / "site", "--audience", "public", "--as-of", "2025-06-30", cwd=tmp_path / "rich")
    assert said in (tmp_path / "site" / page).read_text(encoding="utf-8")


@pytest.mark.parametrize(("audience", "days"), [(Audience.PUBLIC, [2]), (Audience.PARTNERS, [1, 2])])
def test_the_public_hears_of_no_day_on_which_there_were_few(audience: Audience, days: list[int]) -> None:
    past = [Count(day=date(2025, 6, day), open=day * 2, overdue=0, complete=day, undated=0) for day in (1, 2)]
    (page, *_) = overview.overview(SiteContent(view=_asked(15, audience), counts=past))
    tables = [part for part in page.parts if isinstance(part, Table) and part.title.startswith("Open and overdue")]
    assert [[row["period"] for row in table.rows] for table in tables] == [[f"{day} June 2025" for day in days]]


def test_a_plan_says_no_more_of_a_review_than_the_summary() -> None:
    plans = papers.action_plan(_asked(15, Audience.PUBLIC))
    assert [report.opening[-1] for report in plans] == ["12 recommendations.", "3 recommendations."]


# Every public artefact. A new one is a new line here.

ABOUT = {"agency": ("--agency", "anytown-police"), "recommendation": ("1",), "panel-pack": ("--since", "HEAD~1")}
ARTEFACTS: Mapping[str, tuple[str, ...]] = {
    **{
        f"{paper}.{form}": ("render", paper, *ABOUT.get(paper, ()), "--format", form)
        for paper in MAKERS
        for form in ("md", "html")
    },
    **{f"digest.{form}": ("digest", "--format", form) for form in ("md", "html")},
    "digest.eml": ("digest", "--format", "eml", "--agency", "anytown-police"),
    **{f"register.{form}": ("export", form) for form in FILES},
    "site": ("site",),
}


def made(run: Run, folder: Path, audience: str = "public") -> dict[str, bytes]:
    """Make every artefact of a register for an audience; return the bytes of every file, by name."""
    target = folder.parent / f"{folder.name}-made-for-{audience}"
    target.mkdir()
    past = (folder / ".git").exists()
    for name, arguments in ARTEFACTS.items():
        if "--since" in arguments and not past:
            continue
        command = (*arguments, "--audience", audience, "--as-of", "2026-11-22", "--out", str(target / name))
        done = run(*command, cwd=folder)
        assert done.code == 0, (command, done.err)
    return {
        path.relative_to(target).as_posix(): path.read_bytes() for path in sorted(target.rglob("*")) if path.is_file()
    }


def faces(content: bytes) -> Iterator[str]:
    """Yield everything that a file says: as it is, its folded lines joined, and each member of an archive."""
    text = content.decode("utf-8", "replace")
    yield text
    yield re.sub("=?\r?\n[ \t]*", "", text)
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name
                yield from faces(archive.read(name))


def told(content: bytes, word: str) -> bool:
    return any(word.casefold() in face.casefold() for face in faces(content))


AUTHORS = ("A. Author", "author@anytown.example", "C. Committer", "committer@anytown.example")


def test_no_artefact_for_the_public_holds_what_it_may_not_see(run: Run, repository: Callable[..., Any]) -> None:
    files, canaries = planted()
    held = repository()
    earlier, _ = planted(status="not-started", target_date="2092-04-16")
    held.commit({path: text.replace("CANARY", "CANARY0") for path, text in earlier.items()}, "The register")
    held.commit(files, "CANARY99 is why this was changed")
    canaries["earlier version"] = "CANARY0"
    found = made(run, held.root)
    assert len(found) >= len(ARTEFACTS)
    for name, content in found.items():
        for way, canary in {
            **canaries,
            "commit message": "CANARY99",
            **dict(zip(AUTHORS, AUTHORS, strict=True)),
        }.items():
            assert not told(content, canary), f"{name} tells {way} ({canary})"


def test_the_same_canaries_are_found_where_they_may_be(run: Run, write: Write) -> None:
    files, canaries = planted()
    found = made(run, write(files), "partners")
    for name in ("action-plan.md", "register.xlsx", "register.docx", "register.json", "register.sqlite"):
        assert told(found[name], canaries["recommendation.responsible.name"]), name


def test_no_artefact_for_the_public_holds_a_protected_name(
    run: Run, write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    names = tmp_path_factory.mktemp("outside") / "names.txt"
    names.write_text(f"{NAME}\n", encoding="utf-8")
    monkeypatch.setenv("DHRCTL_PROTECTED_NAMES", str(names))
    files, _ = planted()
    named = {path: re.sub(r'"(?=[A-Z][a-z]+ [a-z])', f'"{NAME} said: ', text) for path, text in files.items()}
    assert sum(text.count(NAME) for text in named.values()) > 10
    folder = write(named)
    asked_for = run("export", "ics", "--audience", "public", "--out", "-", NAME, cwd=folder).out.encode()
    for name, content in {**made(run, folder), "asked for": asked_for}.items():
        assert not told(content, NAME), name
        assert not told(content, "Zebedee"), name


@pytest.mark.parametrize(("audience", "told_of"), [("public", False), ("partners", True)])
def test_the_past_is_told_as_far_as_the_present_is(
    audience: str,
    *,
    told_of: bool,
    run: Run,
    repository: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    (tmp_path / "names.txt").write_text(f"{NAME}\n", encoding="utf-8")
    monkeypatch.setenv("DHRCTL_PROTECTED_NAMES", str(tmp_path / "names.txt"))
    held = repository()
    held.commit(planted(section=f"As {NAME} said", as_stated={"Lead": "x"})[0], "First")
    held.commit(planted(as_stated={"Lead": "y"})[0], "Then", "2024-02-10T12:00:00Z")
    content = made(run, held.root, audience)["register.atom"]
    assert told(content, NAME) is told_of
    assert told(content, "as stated changed") is told_of
    assert told(content, "section")


@pytest.mark.parametrize(
    ("audience", "said"),
    [("public", "Made for the public."), ("partners", "not for publication"), ("internal", "not to be passed on")],
)
def test_every_paper_says_for_whom_it_was_made(audience: str, said: str, run: Run, write: Write) -> None:
    for name, content in made(run, write(planted()[0]), audience).items():
        if name != _LIST:
            assert told(content, audience if name in _ROWS else said), name


_ROWS = ("register.csv", "register.jsonl", "site/data/recommendations.csv")
_LIST = f"site/{MANIFEST}"
