"""Attacks in every text of the register: what is hidden is refused by its number, the rest does nothing anywhere.

The law for every format: a register that holds an attack is written exactly as its twin, which
holds a plain word in the attack's place; only the word differs. So nothing in data can add an
element, a link, a colour or a line, and nothing is lost.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from base64 import b64encode
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from conftest import ROOT
from markdown_it import MarkdownIt

from dhrctl.checks import registry
from dhrctl.files import load
from dhrctl.files.tree import Tree
from dhrctl.model import query
from dhrctl.model.paths import RecordKind
from dhrctl.render import formats
from dhrctl.render.formats import Screen
from dhrctl.reports import answers, counts, digest, findings, papers, view
from dhrctl.table import Bar, Column, Layout, Report, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from conftest import Run, Write

pytestmark = pytest.mark.no_cover  # slow enough without; the lines are covered by others

DAY = date(2025, 6, 30)

# What may stand in a text, and must do nothing.

ATTACKS = (
    "[/x]",
    "[bold red]loud[/bold red]",
    "[link=https://evil.example]here[/link]",
    ":warning: :smile:",
    "red: not a colour",
    "error: not a finding",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "]]><!-- --><![CDATA[",
    "</style></title></td></table><h1>",
    "&lt;b&gt; &#60;i&#62; &amp;",
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}{# gone #}",
    "{% endraw %}${7*7}<%= 7*7 %>",
    "%s %(x)s {0} {x!r}",
    "[text](https://evil.example)",
    "![alt](https://evil.example/x.png)",
    "<https://evil.example>",
    "[ref]: https://evil.example",
    "see HTTPS://evil.example, www.evil.example or mailto:a@evil.example",
    "[^1] [ref][]",
    "@team #1 @org/team",
    "# heading",
    "> quotation",
    "- item",
    "* item",
    "+ item",
    "1. item",
    "1) item",
    "| a | b |",
    "`code` ``more`` ```fence",
    "~~~ fence",
    "**strong** _emphasis_ ~~gone~~",
    "$x^2$ \\(y\\) \\[z\\]",
    "\\* \\\\ \\",
    "---",
    "===",
    "    indented like code",
    "\tled by a tab",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://evil.example","x")',
    "+1",
    "-1",
    "@SUM(1+1)",
    "\t=1+1",
    "  =1+1",
    "'=1+1",
    "::error::false alarm",
    "##[error]false alarm",
    '", "x": "y',
    'a,"b";c',
    "null",
    "first\n\n::error::second",
    "first\n\n# second",
    "first\n\n- second\n- third | x",
    "first\n\n    indented like code",
    "first\n\n\t=1+1",
    "first\n\n<script>alert(1)</script>",
    "first\n\n[ref]: https://evil.example",
    "first\n\n```\nfence",
    "first\n\n---",
    "first\n\nsetext\n- ---",
)

# Of these, simple Markdown is read where a text may hold some; tests/render/test_prose.py says what becomes of them.
READ = {
    "[text](https://evil.example)",
    "![alt](https://evil.example/x.png)",
    "- item",
    "* item",
    "+ item",
    "1. item",
    "1) item",
    "**strong** _emphasis_ ~~gone~~",
}
UNREAD = [attack for attack in ATTACKS if attack not in READ]

HIDDEN = {
    "escape": "\x1b",
    "nul": "\x00",
    "bell": "\x07",
    "backspace": "\x08",
    "vertical tab": "\x0b",
    "form feed": "\x0c",
    "shift out": "\x0e",
    "delete": "\x7f",
    "C1 next line": "\x85",
    "C1 device control string": "\x90",
    "C1 control sequence introducer": "\x9b",
    "C1 string terminator": "\x9c",
    "C1 operating system command": "\x9d",
    "soft hyphen": "\xad",
    "Arabic letter mark": "\u061c",
    "Mongolian vowel separator": "\u180e",
    "zero-width space": "\u200b",
    "zero-width non-joiner": "\u200c",
    "zero-width joiner": "\u200d",
    "left-to-right mark": "\u200e",
    "right-to-left mark": "\u200f",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "left-to-right embedding": "\u202a",
    "pop directional formatting": "\u202c",
    "right-to-left override": "\u202e",
    "word joiner": "\u2060",
    "left-to-right isolate": "\u2066",
    "right-to-left isolate": "\u2067",
    "pop directional isolate": "\u2069",
    "byte order mark": "\ufeff",
    "interlinear annotation": "\ufff9",
    "language tag": "\U000e0001",
    "tag letter": "\U000e0041",
}
SEQUENCES = {
    "ANSI colour": "\x1b[31mred\x1b[0m",
    "ANSI clear screen": "\x1b[2J\x1b[H",
    "OSC title": "\x1b]0;owned\x07",
    "OSC link": "\x1b]8;;https://evil.example\x1b\\text\x1b]8;;\x1b\\",
    "OSC clipboard": "\x1b]52;c;ZXZpbA==\x07",
    "C1 colour": "\x9b31mred",
    "C1 title": "\x9d0;owned\x9c",
    "bidi override": "safe \u202eelif\u202c",
    "zero-width inside a word": "pay\u200bload",
    "carriage return": "shown\rhidden",
}
RAW = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\U000e0000-\U000e007f]"
)

# A register with a text in every place where its schemas allow one.

RECORDS: Mapping[str, Any] = {
    "register/register.yaml": {
        "schema_version": 1,
        "title": "…",
        "abbreviations": [{"short": "…", "meaning": "…"}],
    },
    "register/agencies/anytown-police.yaml": {
        "name": "…",
        "short_name": "…",
        "kind": "police",
        "aliases": ["…", "…"],
        "notes": ["…"],
    },
    "register/agencies/anytown-ccg.yaml": {
        "name": "…",
        "kind": "nhs-commissioner",
        "ended": "2022-07-01",
        "successors": [{"agency": "anytown-police", "from": "2022-07-01", "note": "…"}],
    },
    "register/agencies/all.yaml": {"name": "…", "kind": "group", "members": ["anytown-police"]},
    "register/reviews/anytown-dhr-1/review.yaml": {
        "title": "…",
        "kind": "dhr",
        "reference": "…",
        "partnership": "all",
        "pseudonyms": ["…", "…"],
        "sections": ["…", "…"],
        "source": {"document": "…", "note": "…"},
        "commitments": [{"text": "…", "lead_agency": "all", "status": "unknown"}, {"text": "…", "status": "unknown"}],
        "notes": ["…", "…"],
    },
    "register/reviews/anytown-dhr-1/recommendations/01.yaml": {
        "recommendation": "…",
        "section": "…",
        "lead_agencies": ["anytown-ccg", "all"],
        "supporting_agencies": ["anytown-police"],
        "responsible": [{"role": "…", "name": "…", "agency": "all"}, {"role": "…"}, {"name": "…"}],
        "target_date": "2024",
        "status": "in-progress",
        "actions": [{"text": "…", "lead_agency": "all"}, {"text": "…"}],
        "milestones": [{"text": "…", "date": "2024"}, {"text": "…"}],
        "outcomes": ["…", "…"],
        "measures": ["…"],
        "evidence": [{"kind": "audit", "title": "…", "held_by": "…", "url": "https://anytown.example/"}],
        "as_stated": {"…": "…"},
        "source": {"row": "…", "lines": [1, 2]},
        "waivers": [{"rule": "target-before-start", "reason": "…", "until": "2030-01-01"}],
    },
    "register/reviews/anytown-dhr-1/recommendations/02.yaml": {
        "recommendation": "…",
        "section": "…",
        "lead_agencies": ["all"],
        "status": "unknown",
    },
    "register/reviews/anytown-dhr-1/updates/01/2025-01-02-all.yaml": {
        "date": "2025-01-02",
        "agency": "all",
        "by": "…",
        "text": "…",
        "reason": "…",
        "evidence": [{"kind": "audit", "title": "…", "held_by": "…", "url": "https://anytown.example/"}],
    },
}
Way = tuple[str | int, ...]


def texts_of(value: Any, way: Way = ()) -> Iterator[Way]:
    """Yield the way to every text that an attack can stand in; a key is a way that ends in `key`."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key == "…":
                yield (*way, "key")
            yield from texts_of(part, (*way, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from texts_of(part, (*way, index))
    elif value == "…":
        yield way


PLACES = tuple((path, way) for path, record in RECORDS.items() for way in texts_of(record))


def filled(value: Any, text: str, numbers: Iterator[int]) -> Any:
    """Put a text and a number of its own into every place."""
    if isinstance(value, dict):
        return {
            (f"{text} {next(numbers)}" if key == "…" else key): filled(part, text, numbers)
            for key, part in value.items()
        }
    if isinstance(value, list):
        return [filled(part, text, numbers) for part in value]
    return f"{text} {next(numbers)}" if value == "…" else value


def counted() -> Iterator[int]:
    yield from range(101, 1000)


def written(text: str) -> Tree:
    """Return the files of a register with a text in every place."""
    numbers = counted()
    records = {path: filled(record, text, numbers) for path, record in RECORDS.items()}
    sections = records["register/reviews/anytown-dhr-1/review.yaml"]["sections"]
    for number, section in zip(("01", "02"), sections, strict=True):
        records[f"register/reviews/anytown-dhr-1/recommendations/{number}.yaml"]["section"] = section
    return Tree(contents={path: json.dumps(record, ensure_ascii=False).encode() for path, record in records.items()})


def schema_texts(kind: RecordKind) -> set[str]:
    """Return the names of a schema's fields that hold any text, wherever they stand."""
    document = json.loads((ROOT / "schema" / f"{kind}.schema.json").read_text(encoding="utf-8"))
    found: set[str] = set()

    def walk(name: str, part: Any) -> None:
        if not isinstance(part, dict):
            return
        if part.get("$ref") in ("#/$defs/text", "#/$defs/name") or part.get("pattern") == "[^ \\t\\r\\n]":
            found.add(name)
        for key, inner in part.get("properties", {}).items():
            walk(key, inner)
        for key in ("items", "additionalProperties"):
            walk(name, part.get(key))

    walk("", document)
    return found


KINDS = {
    RecordKind.REGISTER: ("register/register.yaml",),
    RecordKind.AGENCY: tuple(path for path in RECORDS if "/agencies/" in path),
    RecordKind.REVIEW: ("register/reviews/anytown-dhr-1/review.yaml",),
    RecordKind.RECOMMENDATION: tuple(path for path in RECORDS if "/recommendations/" in path),
    RecordKind.UPDATE: tuple(path for path in RECORDS if "/updates/" in path),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_text_field_of_every_schema_is_attacked(kind: RecordKind) -> None:
    attacked = {
        next(str(key) for key in reversed(way) if isinstance(key, str) and key not in ("key", "…"))
        for path, way in PLACES
        if path in KINDS[kind]
    }
    assert attacked == schema_texts(kind)


# What is hidden is refused, and named by its number


def with_text(path: str, way: Way, text: str) -> dict[str, Any]:
    """Return the record of a path, plain but for one place."""
    record: dict[str, Any] = deepcopy(RECORDS[path])
    numbers = iter(range(1, 1000))
    *before, last = way
    at: Any = record
    for key in before:
        at = at[key]
    if last == "key":
        at[text] = at.pop("…")
    else:
        at[last] = text
    plain: dict[str, Any] = filled(record, "Plain", numbers)
    return plain


def as_it_is(record: Any) -> bytes:
    """Write hidden characters raw, as an editor would that does not show them."""
    unescaped = re.sub(
        r"\\u00([01][0-9a-f])", lambda match: chr(int(match[1], 16)), json.dumps(record, ensure_ascii=False)
    )
    return unescaped.replace("\\b", "\b").replace("\\f", "\f").replace("\\r", "\r").encode()


def as_escaped(record: Any) -> bytes:
    """Write hidden characters as YAML lets one write them in quotes."""
    return RAW.sub(lambda match: f"\\U{ord(match[0]):08X}", json.dumps(record, ensure_ascii=False)).encode()


def number_of(character: str) -> str:
    return f"U+{ord(character):04X}"


@pytest.mark.parametrize("write_as", [as_it_is, as_escaped])
@pytest.mark.parametrize("character", HIDDEN.values(), ids=HIDDEN)
def test_a_hidden_character_is_a_finding_that_names_it_in_every_text_field(character: str, write_as: Any) -> None:
    for path, way in PLACES:
        content = write_as(with_text(path, way, f"seen{character}unseen"))
        found = load.read_register(Tree(contents={path: content})).findings
        assert [(finding.rule.name, finding.path) for finding in found] == [("hidden-character", path)], (path, way)
        assert number_of(character) in found[0].message, (path, way, found[0].message)
        assert not RAW.search(str(found[0]))


@pytest.mark.parametrize("sequence", SEQUENCES.values(), ids=SEQUENCES)
@pytest.mark.parametrize("write_as", [as_it_is, as_escaped])
def test_a_control_sequence_reaches_no_stream_of_any_command(
    run: Run, write: Write, sequence: str, write_as: Any
) -> None:
    files: dict[str, str | bytes] = {
        path: as_it_is(filled(record, "Plain", counted())) for path, record in RECORDS.items()
    }
    place = ("register/reviews/anytown-dhr-1/recommendations/02.yaml", ("recommendation",))
    files[place[0]] = write_as(with_text(*place, sequence))
    files["register/agencies/anytown-ccg.yaml"] = write_as(
        with_text("register/agencies/anytown-ccg.yaml", ("successors", 0, "note"), sequence)
    )
    folder = write(files)
    for command in (("check",), ("list",), ("show", "1/01"), ("overdue", "--json"), ("status",), ("render", "summary")):
        result = run(*command, cwd=folder)
        assert result.code == 1
        assert "U+" in result.out + result.err
        assert not RAW.search(result.out)
        assert not RAW.search(result.err)


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv", "md", "html"])
def test_findings_in_every_format_name_what_is_hidden_and_never_print_it(run: Run, write: Write, form: str) -> None:
    files: dict[str, str | bytes] = {
        f"register/agencies/agency-{number}.yaml": f"name: seen{character}unseen\nkind: other\n".encode()
        for number, character in enumerate(HIDDEN.values())
    }
    result = run("check", "--format", form, cwd=write(files))
    assert result.code == 1
    assert not RAW.search(result.out + result.err)
    for character in HIDDEN.values():
        assert number_of(character) in result.out


@pytest.mark.parametrize("form", formats.FORMATS)
@pytest.mark.parametrize("hidden", [*HIDDEN.values(), *SEQUENCES.values()], ids=[*HIDDEN, *SEQUENCES])
def test_no_writer_prints_what_is_hidden_even_if_it_comes_in_some_other_way(hidden: str, form: str) -> None:
    row: Row = {"key": hidden, "said": hidden, "name": hidden, "path": hidden, "waived": False, "line": 1, "column": 1}
    columns = (*(Column(key=key, label=key.capitalize()) for key in ("key", "said", "name", "path")),)
    rows_of = Table(name="items", title=hidden, columns=columns, rows=(row,), empty="none")
    record = Table(title=hidden, layout=Layout.RECORD, columns=columns, rows=(row,))
    report = Report(title=hidden, as_of=DAY, tables=(rows_of, record), opening=(hidden,), closing=(hidden,))
    for screen in (Screen(), Screen(terminal=True), Screen(terminal=True, colour=True)):
        out = formats.FORMATS[form](report, screen)
        out = re.sub("\x1b\\[[0-9;]*m", "", out) if screen.colour else out
        assert not RAW.search(out)


# What is not hidden is written, and does nothing


@dataclass(frozen=True, slots=True)
class Pair:
    """A text with an attack's lines, and its twin with a plain word in the place of each."""

    attack: str
    twin: str
    lines: tuple[str, ...]

    def attacked(self, twin_text: str) -> str:
        """Return what the twin's output must be for the attack."""
        for number, line in enumerate(self.lines):
            twin_text = twin_text.replace(f"qplain{number}q", line)
        return twin_text


def paired(attack: str) -> Pair:
    lines, twin = [], []
    for line in attack.split("\n"):
        if line.strip():
            listed = re.match(r"\s*- ", line) if "\n" in attack else None
            mark = listed[0] if listed else ""
            lines.append(line.removeprefix(mark))
            twin.append(f"{mark}qplain{len(lines) - 1}q")
        else:
            twin.append(line)
    return Pair(attack, "\n".join(twin), tuple(lines))


ANSWERS = ("status", "status-by-agency", "status-by-section", "overdue", "list", "show", "check")
PAPERS = ("action-plan", "summary", "agency", "recommendation")


@cache
def reports(text: str) -> Mapping[str, tuple[Report, ...]]:
    """Return every answer of a register with a text in every place."""
    tree = written(text)
    found = load.read_register(tree, thorough=True)
    assert found.findings == (), text
    asked = view.build_view(found.register, DAY)
    one = query.find_recommendation("01", found.register)
    # All but the rules that find marks in texts, or the same words in two: they tell an attack from its twin, as they
    # are meant to. Without columns, which lie elsewhere in a longer text.
    telling = {"extraction-residue", "duplicates-disagree"}
    judged = [each for each in registry.findings(found.register, DAY) if each.rule.name not in telling]
    assert any("qplain" in each.message for each in judged) or "qplain" not in text
    return {
        "status": (counts.status(asked),),
        "status-by-agency": (counts.status(asked, "agency"),),
        "status-by-section": (counts.status(asked, "section"),),
        "overdue": (answers.overdue(asked),),
        "list": (answers.list_recommendations(asked),),
        "show": (answers.describe_recommendation(view.build_view(found.register, DAY, lambda each, _: each is one)),),
        "check": (findings.report_findings(judged, len(tree.contents), DAY),),
        "action-plan": papers.action_plan(asked),
        "summary": papers.summary(asked),
        "agency": tuple([digest.agency_digest(agency, asked) for agency in digest.list_agencies_due(asked)]),
        "recommendation": papers.recommendation(view.build_view(found.register, DAY, lambda each, _: each is one), ()),
    }


@cache
def page(name: str, text: str, form: str) -> str:
    """Return an answer or a paper, as Markdown or HTML."""
    return formats.render_document(name if name in PAPERS else "report", form, reports(text)[name])


@cache
def data(name: str, text: str, form: str, screen: Screen | None = None) -> str:
    (report,) = reports(text)[name]
    return formats.FORMATS[form](report, screen or Screen())


def on_one_line(text: str) -> str:
    return " ".join(text.split())


def rearmed(text: str) -> str:
    """Return text on one line, without the space that breaks a command to a log."""
    return re.sub(r": (?=:)", ":", on_one_line(text)).replace("# #[", "##[")


def test_the_register_of_attacks_says_its_texts_at_all() -> None:
    shown = data("show", "qplain", "json")
    assert shown.count("qplain") > 20
    for name in PAPERS:
        assert page(name, "qplain", "html").count("qplain") > 5


@pytest.mark.parametrize("attack", ATTACKS)
def test_json_and_json_lines_hold_an_attack_as_the_text_it_is(attack: str) -> None:
    pair = paired(attack)

    def replaced(value: Any) -> Any:
        if isinstance(value, dict):
            return {pair.attacked(key): replaced(part) for key, part in value.items()}
        if isinstance(value, list):
            return [replaced(part) for part in value]
        return pair.attacked(value) if isinstance(value, str) else value

    def loose(value: Any) -> Any:
        """A text of several lines may lose the spaces that lead them; a message is on one line."""
        if isinstance(value, dict) and "findings" in value:
            return value | {"findings": [loose(each) for each in value["findings"]]}
        if isinstance(value, dict) and "message" in value:
            return value | {"message": on_one_line(value["message"])}
        return re.sub(r"(?<=\\n)( |\\t)+", "", json.dumps(value)) if "\n" in attack else value

    for name in ANSWERS:
        assert loose(json.loads(data(name, attack, "json"))) == loose(
            replaced(json.loads(data(name, pair.twin, "json")))
        )
        lines, twins = (data(name, text, "jsonl").splitlines() for text in (attack, pair.twin))
        assert [loose(json.loads(line)) for line in lines] == [loose(replaced(json.loads(line))) for line in twins]


@pytest.mark.parametrize("attack", ATTACKS)
def test_csv_holds_an_attack_as_text_that_no_spreadsheet_works_out(attack: str) -> None:
    pair = paired(attack)
    for name in ANSWERS:
        table, twins = (
            list(csv.reader(io.StringIO(data(name, text, "csv"), newline=""), strict=True))
            for text in (attack, pair.twin)
        )
        assert [len(row) for row in table] == [len(row) for row in twins]
        for row, twin in zip(table, twins, strict=True):
            for cell, plain in zip(row, twin, strict=True):
                assert not re.match("[ \t\r\n\xa0]*[-=+@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]", cell), (name, cell)
                meant = pair.attacked(plain)
                assert rearmed(cell) in (rearmed(meant), rearmed(f"'{meant}")), name


class Skeleton(HTMLParser):
    """The elements and attributes of a page, in order, and the text between them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.marks: list[Any] = []
        self.texts: list[str] = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.marks.append((tag, attrs))
        self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self.marks.append(tag)
        self.texts.append("")

    def handle_data(self, data: str) -> None:
        self.texts[-1] += data

    def handle_comment(self, data: str) -> None:
        self.marks.append(("comment", data))

    def handle_decl(self, decl: str) -> None:
        self.marks.append(("declaration", decl))

    def handle_pi(self, data: str) -> None:
        self.marks.append(("instruction", data))

    def unknown_decl(self, data: str) -> None:
        self.marks.append(("unknown", data))


@cache
def skeleton(html: str) -> Skeleton:
    parsed = Skeleton()
    parsed.feed(html)
    parsed.close()
    return parsed


@pytest.mark.parametrize("attack", UNREAD)
def test_no_element_or_attribute_of_a_page_comes_from_data(attack: str) -> None:
    pair = paired(attack)
    for name in (*ANSWERS, *PAPERS):
        found, twin = (skeleton(page(name, text, "html")) for text in (attack, pair.twin))
        assert found.marks == twin.marks, name
        assert [on_one_line(text) for text in found.texts] == [on_one_line(pair.attacked(text)) for text in twin.texts]


PAGES = (*ANSWERS, *PAPERS)
ELEMENTS = {
    *("html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "footer", "dl", "dt", "dd"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "span", "svg", "rect"),
    *("ul", "li", "pre"),  # of the list in the examples' texts
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_one_file_without_script_link_or_outside_request(name: str) -> None:
    html = page(name, "qplain", "html")
    elements = {mark[0] for mark in skeleton(html).marks if isinstance(mark, tuple)} - {"declaration"}
    attributes = {
        key
        for mark in skeleton(html).marks
        if isinstance(mark, tuple) and mark[0] != "declaration"
        for key, _ in mark[1]
    }
    assert elements <= ELEMENTS
    assert not [key for key in attributes if key.startswith("on")]
    assert attributes.isdisjoint(
        {"src", "href", "style", "srcset", "action", "formaction", "background", "ping", "data"}
    )
    assert "http://" not in html.replace("http://www.w3.org", "")
    (style,) = re.findall("<style>(.*?)</style>", html, flags=re.DOTALL)
    assert not re.search(r"url\(|@import|expression\(|\\", style)


@pytest.mark.parametrize("name", PAGES)
def test_the_policy_of_a_page_allows_its_own_style_and_nothing_else(name: str) -> None:
    html = page(name, "qplain", "html")
    metas = [dict(mark[1]) for mark in skeleton(html).marks if isinstance(mark, tuple) and mark[0] == "meta"]
    (policy,) = [meta["content"] for meta in metas if meta.get("http-equiv") == "Content-Security-Policy"]
    said = {words[0]: words[1:] for words in (part.split() for part in policy.split(";")) if words}
    assert said["default-src"] == ["'none'"]
    styles = re.findall("<style>(.*?)</style>", html, flags=re.DOTALL)
    assert said["style-src"] == [f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" for style in styles]
    assert len(styles) == 1
    assert not [words for words in said.values() if "unsafe" in " ".join(words) or "*" in " ".join(words)]
    assert html.index("Content-Security-Policy") < html.index("<style>")
    assert html.index("charset") < 1024


MARKDOWN = MarkdownIt("gfm-like", {"linkify": False, "html": True})


@cache
def tokens(text: str) -> tuple[list[str], list[str]]:
    """Return what Markdown makes of a text: its blocks and inline marks, and the texts in them."""
    marks: list[str] = []
    texts: list[str] = []
    for token in MARKDOWN.parse(text):
        marks.append(f"{token.type} {token.tag}")
        if token.type != "inline":
            assert token.content == "" or token.type in ("code_block", "fence", "html_block")
            continue
        said = ""
        for child in token.children or ():
            if child.type in ("text", "text_special", "softbreak"):
                said += child.content or " "
            else:
                marks.append(f"{child.type} {child.content} {child.attrs}")
                said += " "
        texts.append(said)
    return marks, texts


def unpinged(text: str) -> str:
    """Return text without what the writer puts behind a sign that would ping somebody."""
    return re.sub("(?<=[@#])\u200b", "", text)


@pytest.mark.parametrize("attack", UNREAD)
def test_markdown_makes_nothing_of_data_but_text(attack: str) -> None:
    pair = paired(attack)
    for name in (*ANSWERS, *PAPERS):
        (marks, texts), (twin_marks, twin_texts) = (tokens(page(name, text, "md")) for text in (attack, pair.twin))
        assert marks == twin_marks, name
        said = [on_one_line(unpinged(text)) for text in texts]
        assert said == [on_one_line(pair.attacked(text)) for text in twin_texts], name


def test_a_paper_in_markdown_has_no_mark_of_its_own_but_headings_tables_and_breaks() -> None:
    for name in (*ANSWERS, *PAPERS):
        marks, _ = tokens(page(name, "qplain", "md"))
        kinds = {mark.split()[0].removesuffix("_open").removesuffix("_close") for mark in marks}
        assert kinds <= {
            "heading",
            "paragraph",
            "inline",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "html_inline",
        } | {"fence"}
        assert {mark for mark in marks if mark.startswith("html")} <= {"html_inline <br> {}"}


@pytest.mark.parametrize("attack", ["@team #1 @org/team", "@SUM(1+1)"])
def test_markdown_pings_nobody_and_points_to_no_issue(attack: str) -> None:
    for name in (*ANSWERS, *PAPERS):
        _, texts = tokens(page(name, attack, "md"))  # a ping is looked for in what is made of Markdown, not in its text
        assert not re.search(r"[@#]\w", " ".join(texts))


@pytest.mark.parametrize("attack", [attack for attack in UNREAD if "://" in attack])
def test_markdown_leaves_no_bare_address_that_is_made_a_link(attack: str) -> None:
    for name in (*ANSWERS, *PAPERS):
        assert not re.search(r"(?i)https?://|www\.|mailto:", page(name, attack, "md"))


COLOUR = re.compile("\x1b\\[[0-9;]*m")
SCREENS = {"pipe": Screen(width=600), "terminal": Screen(terminal=True, width=600, colour=True)}


def as_meant(text: str) -> str:
    """Return shown text on one line, without rules and without what may disarm a command to a log."""
    text = COLOUR.sub("", text).replace("─", "").replace("<U+003A>", ":").replace("# #[", "##[")
    return on_one_line(re.sub(r": (?=:)", ":", re.sub(r"[\\'\"“]+(?=::)", "", text)))


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
@pytest.mark.parametrize("attack", ATTACKS)
def test_a_terminal_shows_an_attack_as_text_without_colour_or_link_of_its_own(attack: str, screen: Screen) -> None:
    pair = paired(attack)
    for name in ANSWERS:
        shown, twin = (data(name, text, "table", screen) for text in (attack, pair.twin))
        assert COLOUR.findall(shown) == COLOUR.findall(twin), name
        assert not RAW.search(COLOUR.sub("", shown))
        assert as_meant(shown) == as_meant(pair.attacked(twin)), name


@pytest.mark.parametrize("attack", [*ATTACKS, "Unbroken" * 20, "https://anytown.example/" + "a" * 100])
def test_an_attack_widens_no_line_of_a_terminal_and_cuts_no_id(attack: str) -> None:
    for name in ANSWERS:
        shown = COLOUR.sub("", data(name, attack, "table", Screen(terminal=True, colour=True)))
        assert not RAW.search(shown)
        if name == "check":  # a finding is told on its one line, for editors to follow, however long
            places(shown)
            continue
        assert [line for line in shown.splitlines() if len(line) > 80] == [], name
        if name in ("overdue", "list", "show"):
            assert "anytown-dhr-1/01" in shown


@pytest.mark.parametrize("form", ["table", "md", "csv", "html"])
@pytest.mark.parametrize("attack", [attack for attack in ATTACKS if "::" in attack or "##[" in attack])
def test_no_line_of_text_is_a_command_to_the_machine_that_logs_it(attack: str, form: str) -> None:
    for name in ANSWERS:
        lines = (page(name, attack, form) if form in ("md", "html") else data(name, attack, form)).splitlines()
        assert [line for line in lines if line.lstrip().startswith("::") or "##[" in line] == [], name


# Data that a finding quotes, and names of files


WRONG = {
    "a word": ("status", "{}"),
    "a date": ("target_date", "{}"),
    "an agency": ("lead_agencies", ["{}"]),
    "an id": ("related", ["{}"]),
    "a heading": ("section", "{}"),
    "an unknown key": ("{}", "x"),
    "a rule": ("waivers", [{"rule": "{}", "reason": "x", "until": "2030-01-01"}]),
    "a link": ("evidence", [{"kind": "audit", "title": "x", "url": "{}"}]),
    "a kind": ("scope", "{}"),
}


def filled_in(value: Any, text: str) -> Any:
    if isinstance(value, list):
        return [filled_in(part, text) for part in value]
    if isinstance(value, dict):
        return {key: filled_in(part, text) for key, part in value.items()}
    return value.replace("{}", text)


def faulty(attack: str) -> dict[str, str | bytes]:
    """Return a register in which a record quotes an attack in each field that a finding is about."""
    plain = {path: filled(record, "Plain", counted()) for path, record in RECORDS.items()}
    good = {"recommendation": "x", "section": "Plain 1", "lead_agencies": ["all"], "status": "unknown"}
    files: dict[str, str | bytes] = {path: as_escaped(record) for path, record in plain.items() if "dhr-1" not in path}
    review = plain["register/reviews/anytown-dhr-1/review.yaml"] | {"sections": ["Plain 1"]}
    files["register/reviews/anytown-dhr-1/review.yaml"] = as_escaped(review)
    for number, (key, value) in enumerate(WRONG.values(), start=1):
        record = good | {filled_in(key, attack): filled_in(value, attack)}
        files[f"register/reviews/anytown-dhr-1/recommendations/{number:02}.yaml"] = as_escaped(record)
    return files


def places(out: str) -> list[str]:
    """Return the first line of every finding, each being of its own lines alone, and as many as are counted."""
    *told, count = out.split("\n\n")
    assert re.fullmatch(r"[0-9]+ files checked: [^\n]*\.\n", count)
    assert len(told) == sum(
        int(number) for number in re.findall(r"([0-9]+) (?:errors?|warnings?|notes?|waived)", count)
    )
    for each in told:
        place, *source, fix = each.split("\n")
        assert re.match(r"register/.+:[0-9]+:[0-9]+: (error|warning|info) [a-z0-9-]+: ", place), place
        assert not source or re.fullmatch(r" *[0-9]+ \| .*\n +\| +\^", "\n".join(source)), source
        assert re.match(r"  \S.*\.$", fix), fix
    return [each.partition("\n")[0] for each in told]


@pytest.mark.parametrize("attack", [*ATTACKS, "x\n::error::false alarm", "x\n\n::error::false alarm"])
def test_a_finding_quotes_an_attack_on_its_one_line(run: Run, write: Write, attack: str) -> None:
    folder = write(faulty(attack))
    result = run("check", cwd=folder)
    assert (result.code, result.err) == (1, "")
    lines = places(result.out)
    assert [line for line in lines if not re.match(r"register/[a-z0-9/-]+\.yaml:[0-9]+:[0-9]+: [a-z]+ ", line)] == []
    assert sum(": error " in line for line in lines) >= len(WRONG)
    assert result.out.endswith(" 0 waived.\n")
    listed = run("list", "--json", cwd=folder)
    assert json.loads(listed.out)["count"] >= 0
    for line in listed.err.splitlines():
        assert re.match(r"dhrctl: |register/[a-z0-9/-]+\.yaml:[0-9]+:[0-9]+: error [a-z-]+: ", line), line


@pytest.mark.parametrize("attack", ["[/x]", "<b>bold</b>", "x\n::error::false alarm", "@team #1", "=1+1", "`a|b`"])
def test_a_finding_that_quotes_an_attack_is_harmless_in_every_format(run: Run, write: Write, attack: str) -> None:
    folder = write(faulty(attack))
    envelope = json.loads(run("check", "--json", cwd=folder).out)
    assert sum(envelope["counts"].values()) == len(envelope["findings"])
    assert envelope["counts"]["error"] >= len(WRONG)
    html = run("check", "--format", "html", cwd=folder).out
    assert {mark[0] for mark in skeleton(html).marks if isinstance(mark, tuple)} - {"declaration"} <= ELEMENTS
    marks, _ = tokens(run("check", "--format", "md", cwd=folder).out)
    assert {mark for mark in marks if mark.startswith(("link", "image", "html", "code", "strong", "em"))} <= {
        "html_inline <br> {}"
    }
    cells = csv.reader(io.StringIO(run("check", "--format", "csv", cwd=folder).out, newline=""), strict=True)
    assert not [cell for row in cells for cell in row if cell.startswith(("=", "+", "-", "@"))]


NAMES = {
    "escape": "a\x1b[31mb.yaml",
    "title": "a\x1b]0;owned\x07b.yaml",
    "C1": "a\x9bb.yaml",
    "bidi": "a\u202eb.yaml",
    "zero-width": "a\u200bb.yaml",
    "carriage return": "a\rb.yaml",
    "tab": "a\tb.yaml",
    "line break": "a\n::error::b.yaml",
    "markup": "[bold]a[x].yaml",
    "element": "<img src=x onerror=alert(1)>.yaml",
    "Markdown": "![a](b)`c`@team#1.yaml",
    "no UTF-8": os.fsdecode(b"a\xff\xfeb.yaml"),
    "blank": " .yaml",
}


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv", "md", "html"])
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_the_name_of_a_file_can_do_nothing_to_the_output_of_check(
    run: Run, anytown: Path, name: str, form: str
) -> None:
    (anytown / "register" / "agencies" / name).write_text("name: x\nkind: other\n", encoding="utf-8")
    (anytown / "register" / "agencies" / f"link-{name}").symlink_to("anytown-police.yaml")
    result = run("check", "--format", form, cwd=anytown)
    assert result.code == 1
    assert "outside-layout" in result.out
    assert "symbolic-link" in result.out
    assert not RAW.search(unpinged(result.out) if form == "md" else result.out)
    assert not [line for line in result.out.splitlines() if line.lstrip().startswith("::") and form in ("table", "md")]
    if form == "table":
        grave = [line.split(": error ")[1].split(":")[0] for line in places(result.out) if ": error " in line]
        assert sorted(grave) == ["outside-layout", "symbolic-link"]
    if form == "html":
        assert {mark[0] for mark in skeleton(result.out).marks if isinstance(mark, tuple)} - {"declaration"} <= ELEMENTS
    if form == "md":
        assert not [
            mark for mark in tokens(result.out)[0] if mark.startswith(("link", "image", "code", "em", "strong"))
        ]


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_the_name_of_a_file_can_do_nothing_to_what_other_commands_note(run: Run, anytown: Path, name: str) -> None:
    (anytown / "register" / "agencies" / name).write_text("name: x\nkind: other\n", encoding="utf-8")
    result = run("list", "--json", cwd=anytown)
    assert json.loads(result.out)["count"] == 1
    noted, said = result.err.splitlines()
    assert noted.startswith("register/agencies/")
    assert "outside-layout" in noted
    assert said.startswith("dhrctl: 1 file could not be read")
    assert not RAW.search(result.err)


@pytest.mark.parametrize("word", ["\x1b[31mred", "\u202ereversed", "a\x9bb", "[/x]"])
@pytest.mark.parametrize(
    "command",
    [
        ("show",),
        ("list",),
        ("render",),
        ("list", "status:{}"),
        ("list", "agency:{}"),
        ("check",),
        ("status", "--as-of"),
    ],
)
def test_what_was_typed_is_said_back_without_doing_anything(
    run: Run, anytown: Path, command: tuple[str, ...], word: str
) -> None:
    arguments = [part.replace("{}", word) for part in command] if "{}" in command[-1] else [*command, word]
    result = run(*arguments, cwd=anytown)
    assert not RAW.search(result.out + result.err)
    assert not [line for line in (result.out + result.err).splitlines() if line.lstrip().startswith("::")]
    assert result.code in (0, 2)


def test_a_bar_is_a_number_and_no_markup() -> None:
    columns = (Column(key="bar", label="Share"),)
    report = Report(title="x", as_of=DAY, tables=(Table(name="items", columns=columns, rows=({"bar": Bar(1, 3)},)),))
    assert json.loads(formats.FORMATS["json"](report, Screen()))["items"] == [{"bar": 1}]
