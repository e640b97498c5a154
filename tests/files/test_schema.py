"""The schemas: their form, an independent judge, our words for what they refuse, and that all else can be read."""

import copy
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest
from conftest import FEWER, ROOT, TESTS
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from dhrctl.files import load
from dhrctl.files import schema as judged_by
from dhrctl.files.tree import Tree
from dhrctl.findings import rules
from dhrctl.findings.finding import Finding
from dhrctl.model.paths import RecordKind, place

if TYPE_CHECKING:
    from conftest import Golden

CASES = TESTS / "cases" / "schema"
GOOD = sorted(CASES.glob("*/good*.yaml"))
BAD = sorted(CASES.glob("*/bad*.yaml"))
REGISTER = sorted(ROOT.glob("register/**/*.yaml"))
KINDS = ("register", "agency", "review", "recommendation", "update")
FIRST_LINE = "# yaml-language-server: $schema="
PATHS = {
    "register": "register/register.yaml",
    "agency": "register/agencies/anytown-police.yaml",
    "review": "register/reviews/anytown-dhr-1/review.yaml",
    "recommendation": "register/reviews/anytown-dhr-1/recommendations/01.yaml",
    "update": "register/reviews/anytown-dhr-1/updates/01/2024-05-01-anytown-police.yaml",
}


def name_of(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


@cache
def schema(kind: str) -> Any:
    return json.loads((ROOT / "schema" / f"{kind}.schema.json").read_text(encoding="utf-8"))


def resolved(kind: str, node: Mapping[str, Any]) -> dict[str, Any]:
    """Return a part of a schema with its own reference written out."""
    if "$ref" not in node:
        return dict(node)
    name = node["$ref"].removeprefix("#/$defs/")
    return {**schema(kind)["$defs"][name], **{key: value for key, value in node.items() if key != "$ref"}}


def parts(node: Any, way: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every part of a schema that describes values, and the way to it."""
    yield way, node
    for group in ("properties", "$defs"):
        for name, below in node.get(group, {}).items():
            yield from parts(below, f"{way}/{group}/{name}")
    for name in ("items", "propertyNames", "additionalProperties"):
        if isinstance(node.get(name), dict):
            yield from parts(node[name], f"{way}/{name}")


PARTS = [(kind, way, part) for kind in KINDS for way, part in parts(schema(kind))]
PROPERTIES = [(kind, way, part) for kind, way, part in PARTS if way.split("/")[-2:-1] == ["properties"]]


def named(rows: Iterable[tuple[str, str, Any]]) -> list[str]:
    return [f"{kind}{way}" for kind, way, _ in rows]


# Form


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_says_what_it_is(kind: str) -> None:
    whole = schema(kind)
    assert whole["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert whole["type"] == "object"
    assert whole["title"]
    assert len(whole["description"].split()) > 5
    Draft202012Validator.check_schema(whole)


def test_there_is_one_schema_for_each_kind_of_file() -> None:
    assert {path.name for path in (ROOT / "schema").iterdir()} == {f"{kind}.schema.json" for kind in KINDS}
    assert {kind.value for kind in RecordKind} - {"source"} == set(KINDS)


@pytest.mark.parametrize(("kind", "way", "part"), PROPERTIES, ids=named(PROPERTIES))
def test_every_property_has_a_title_a_description_and_examples_that_are_right(
    kind: str, way: str, part: dict[str, Any]
) -> None:
    assert 2 <= len(part["title"]) <= 60, way
    assert part["title"][0].isupper()
    assert len(part["description"].split()) >= 5
    assert part["description"].endswith(".")
    technical = r"\b(regex|string|array|boolean|integer|enum|JSON|pattern|kebab|snake|object|ISO|EDTF)\b"
    assert re.search(technical, f"{part['title']} {part['description']}", re.IGNORECASE) is None
    assert part["examples"]
    validator = Draft202012Validator({"$defs": schema(kind)["$defs"], **part})
    assert [error.message for example in part["examples"] for error in validator.iter_errors(example)] == []


@pytest.mark.parametrize(("kind", "way", "part"), PARTS, ids=named(PARTS))
def test_everything_has_a_limit(kind: str, way: str, part: dict[str, Any]) -> None:
    whole = resolved(kind, part)
    types = whole.get("type", [])
    types = {types} if isinstance(types, str) else set(types)
    assert types or "propertyNames" in way
    listed = "enum" in whole or "const" in whole
    if "string" in types or "propertyNames" in way:
        assert listed or 0 < whole["maxLength"] <= 10_000
        assert listed or whole["minLength"] == 1
    if "array" in types:
        assert 0 < whole["maxItems"] <= 1000
    if "integer" in types:
        assert listed or whole["minimum"] <= whole["maximum"]
    if "object" in types:
        if isinstance(whole.get("additionalProperties"), dict):
            assert 0 < whole["maxProperties"] <= 100
            assert whole["propertyNames"]["maxLength"] <= 200
        else:
            assert whole["additionalProperties"] is False
            assert whole["properties"]


PATTERNS = sorted({part["pattern"] for _, _, part in PARTS if "pattern" in part})
WITHIN = re.compile(
    r"""
    (?: \^ | \$ | \(\?:  | \(\?!\\n\) | \) | \|      # anchors, groups, no trailing line end
      | \[ \^? (?: \\[trn] | [^\]\\] )+ \]           # a class of characters that are named
      | \{ [0-9]+ (?:,[0-9]+)? \} | \?               # a bounded count
      | [-/:a-z0-9] )*                               # itself
    """,
    re.VERBOSE,
)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_uses_classes_and_bounded_counts_and_lets_no_trailing_line_end_through(pattern: str) -> None:
    assert WITHIN.fullmatch(pattern)
    if pattern == "[^ \\t\\r\\n]":
        return  # that a text is not blank: nothing is said of its ends
    assert pattern.startswith("^")
    assert pattern.endswith("$(?!\\n)")
    examples = [
        example
        for kind, _, part in PARTS
        if resolved(kind, part).get("pattern") == pattern
        for example in part.get("examples", [])
    ]
    for example in filter(None, examples):
        assert re.search(pattern, example)
        assert re.search(pattern, f"{example}\n") is None
        assert re.search(pattern, f"\n{example}") is None
        assert re.search(pattern, f" {example}") is None


@pytest.mark.parametrize("unbounded", ["a*", "a+", "a{2,}", r"\d", r"\w", ".", "[a-z]+", r"\bx"])
def test_the_judge_of_patterns_refuses_what_has_no_bound(unbounded: str) -> None:
    assert WITHIN.fullmatch(f"^{unbounded}$(?!\\n)") is None


FIELDS = (
    "scope level supporting_agencies responsible start_date target_date completion_date review_date assurance actions "
    "milestones outcomes measures evidence related superseded_by as_stated source waivers"
)
# The contract, by hand from its section on records: what is required, and what else there may be.
CONTRACT: dict[str, dict[str, tuple[str, str]]] = {
    "register": {
        "": ("schema_version title", "due_soon_days update_cycle_months abbreviations"),
        "abbreviations": ("short meaning", ""),
    },
    "agency": {
        "": ("name kind", "short_name aliases ended successors members notes"),
        "successors": ("agency from", "note"),
    },
    "review": {
        "": (
            "title kind partnership sections",
            "reference pseudonyms plan_date adopted published source commitments notes update_cycle_months",
        ),
        "source": ("document", "note"),
        "commitments": ("text status", "lead_agency target_date"),
    },
    "recommendation": {
        "": (
            "recommendation section lead_agencies status",
            FIELDS,
        ),
        "responsible": ("", "role name agency"),
        "actions": ("text", "lead_agency target_date status completion_date"),
        "milestones": ("text", "date"),
        "evidence": ("kind title", "date held_by url"),
        "source": ("", "row lines"),
        "waivers": ("rule reason until", ""),
    },
    "update": {
        "": (
            "date agency text",
            "by status target_date completion_date assurance lead_agencies reason evidence publishable",
        ),
        "evidence": ("kind title", "date held_by url"),
    },
}


@pytest.mark.parametrize(
    ("kind", "group"), [(kind, group) for kind, groups in CONTRACT.items() for group in groups], ids=str
)
def test_the_keys_are_those_of_the_contract(kind: str, group: str) -> None:
    required, optional = (set(names.split()) for names in CONTRACT[kind][group])
    part = schema(kind)["properties"][group] if group else schema(kind)
    part = part.get("items", part)
    assert set(part["properties"]) == required | optional
    assert set(part.get("required", [])) == required


def test_every_group_of_keys_stands_in_the_contract() -> None:
    for kind in KINDS:
        groups = {way.split("/")[2] if way else "" for _, way, part in PARTS if _ == kind and part.get("properties")}
        assert groups == set(CONTRACT[kind])


STATUSES = "not-started in-progress on-hold complete superseded not-accepted cancelled unknown"
ASSURANCE = "none declared evidenced verified embedded"
EVIDENCE = (
    "policy-or-procedure training-record audit supervision-record inspection-or-regulator external-review "
    "internal-review performance-data case-study minutes-or-signoff system-change incident-log guidance-or-toolkit "
    "communication-campaign event-or-briefing correspondence assurance-statement annual-report recruitment-or-post "
    "commissioning other"
)
AGENCIES = (
    "police pcc local-authority csp safeguarding-adults-board safeguarding-children-partnership "
    "domestic-abuse-partnership probation nhs-commissioner nhs-trust gp-practice local-health-board nhs-england "
    "substance-misuse-service specialist-da-service voluntary-sector housing-provider education ambulance fire "
    "coroner central-government commissioner-regulator group other"
)


@pytest.mark.parametrize(
    ("kind", "way", "words"),
    [
        ("recommendation", "status", STATUSES),
        ("recommendation", "actions/status", STATUSES),
        ("review", "commitments/status", STATUSES),
        ("update", "status", STATUSES),
        ("recommendation", "assurance", ASSURANCE),
        ("update", "assurance", ASSURANCE),
        ("recommendation", "scope", "local regional national unspecified"),
        ("recommendation", "level", "single-agency multi-agency strategic-partnership"),
        ("recommendation", "evidence/kind", EVIDENCE),
        ("update", "evidence/kind", EVIDENCE),
        ("review", "kind", "dhr dardr susr other"),
        ("agency", "kind", AGENCIES),
    ],
)
def test_the_words_are_those_of_the_contract(kind: str, way: str, words: str) -> None:
    part = schema(kind)
    for name in way.split("/"):
        part = part.get("items", part)["properties"][name]
    assert resolved(kind, part)["enum"] == words.split()


@pytest.mark.parametrize(
    ("kind", "way", "limit"),
    [
        ("register", "title", 200),
        ("agency", "name", 200),
        ("review", "title", 200),
        ("recommendation", "section", 200),
        ("recommendation", "recommendation", 10_000),
        ("update", "text", 10_000),
    ],
)
def test_titles_and_names_have_200_characters_and_texts_10000(kind: str, way: str, limit: int) -> None:
    assert resolved(kind, schema(kind)["properties"][way])["maxLength"] == limit


# Editors


def kind_of(path: Path) -> str:
    found = place(path.relative_to(ROOT).as_posix())
    assert found
    return found.kind.value


@pytest.mark.parametrize("path", REGISTER, ids=lambda path: path.stem)
def test_every_file_of_the_register_begins_with_its_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    target = path.parent / first.removeprefix(FIRST_LINE)
    assert first.startswith(FIRST_LINE)
    assert target.resolve() == ROOT / "schema" / f"{kind_of(path)}.schema.json"
    assert target.is_file()
    assert "\\" not in first


def test_the_editor_is_told_the_schema_of_every_file() -> None:
    assert len(REGISTER) > 60
    maps = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))["yaml.schemas"]
    files = {path.relative_to(ROOT).as_posix(): kind_of(path) for path in REGISTER}
    files |= {path: kind for kind, path in PATHS.items()}
    for file, kind in files.items():
        assert [
            (ROOT / target).resolve() for target, glob in maps.items() if PurePosixPath(f"/{file}").match(f"/{glob}")
        ] == [ROOT / "schema" / f"{kind}.schema.json"]
    wanted = json.loads((ROOT / ".vscode" / "extensions.json").read_text(encoding="utf-8"))
    assert wanted == {"recommendations": ["redhat.vscode-yaml"]}


# Cases


def case_kind(path: Path) -> str:
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    return first.removeprefix(f"{FIRST_LINE}../../../../schema/").removesuffix(".schema.json")


def found_in(kind: str, content: bytes) -> list[Finding]:
    tree = Tree(contents={PATHS[kind]: content})
    found = load.read_register(tree, thorough=True).findings
    return sorted(found, key=lambda finding: (finding.line, finding.column, finding.message))


def test_every_rule_of_the_schemas_has_good_cases_and_bad_ones_and_every_case_its_rule() -> None:
    names = {rule.name for rule in rules.SCHEMA_RULES}
    assert {path.parent.name for path in GOOD} == names
    assert {path.parent.name for path in BAD} == names
    assert set(CASES.rglob("*.yaml")) == {*GOOD, *BAD}
    assert set(CASES.rglob("*.txt")) == {path.with_suffix(".txt") for path in BAD}
    assert {case_kind(path) for path in BAD} == set(KINDS)


@pytest.mark.parametrize("case", GOOD, ids=name_of)
def test_a_good_case_has_no_finding(case: Path) -> None:
    assert found_in(case_kind(case), case.read_bytes()) == []


@pytest.mark.parametrize("case", BAD, ids=name_of)
def test_a_bad_case_is_told_at_its_place_in_our_words(case: Path, golden: "Golden") -> None:
    found = found_in(case_kind(case), case.read_bytes())
    assert case.parent.name in {finding.rule.name for finding in found}
    assert {str(finding.rule.severity) for finding in found} == {"error"}
    told = [f"{each.line}:{each.column} {each.rule.name}: {each.message}\n" for each in found]
    golden(f"../cases/schema/{case.parent.name}/{case.stem}.txt", "".join(told))


@pytest.mark.parametrize("content", [b"- a\n", b"\n  Anytown\n", b"# comment\n- b: c\n", b"---\n- a\n"])
def test_a_file_that_is_no_record_at_all_is_told_where_its_data_begins(content: bytes) -> None:
    content = f"{FIRST_LINE}x\n".encode() + content
    lines = content.decode().split("\n")
    line, column = next(
        (number, len(line) - len(line.lstrip()) + 1)
        for number, line in enumerate(lines, 1)
        if line.strip() and line[0] != "#" and line != "---"
    )
    (finding,) = found_in("recommendation", content)
    assert (finding.rule.name, finding.line, finding.column) == ("wrong-type", line, column)


# Whole records, and every way to break one, made from the schemas' own examples


def whole(kind: str, node: Mapping[str, Any]) -> Any:
    """Return a value that fills in everything that a part of a schema describes."""
    part = resolved(kind, node)
    if part.get("type") == "array" and resolved(kind, part["items"]).get("type") == "object":
        return [whole(kind, part["items"])]
    if "properties" in part:
        return {name: whole(kind, below) for name, below in part["properties"].items()}
    return copy.deepcopy(part["examples"][0])


WHOLE: dict[str, Any] = {kind: whole(kind, schema(kind)) for kind in KINDS}
Way = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that is right but for one thing, where that is, and the rules that may refuse it."""

    kind: str
    what: str
    way: Way
    data: Any
    rules: tuple[str, ...]

    def __str__(self) -> str:
        """Return its name."""
        return "-".join([self.kind, *map(str, self.way), self.what])


def breaks(part: Mapping[str, Any], value: Any) -> Iterator[tuple[str, Any, tuple[str, ...]]]:
    """Yield wrong values in place of a right one, and the rules that may refuse each."""
    types = part["type"] if isinstance(part["type"], list) else [part["type"]]
    wrong = {"string": "text", "integer": 5, "array": ["x"], "object": {"x": "y"}, "boolean": True, "null": None}
    for name, other in wrong.items():
        if name not in types:
            yield f"is-{name}", other, ("wrong-type", "unknown-word")
    if "enum" in part:
        yield "other-word", "zzz" if types == ["string"] else 999, ("unknown-word",)
    if "maximum" in part:
        yield "too-large", part["maximum"] + 1, ("out-of-range",)
        yield "too-small", part["minimum"] - 1, ("out-of-range",)
    breakers = {"string": _broken_text, "array": _broken_list, "object": _broken_group}
    for name in types:
        if name in breakers:
            yield from breakers[name](part, value)


def _broken_text(part: Mapping[str, Any], value: Any) -> Iterator[tuple[str, Any, tuple[str, ...]]]:
    form = ("bad-date", "bad-id", "bad-url")
    if "maxLength" in part:
        yield "too-long", "9" * (part["maxLength"] + 1), ("too-long", *form)
        yield "empty", "", ("blank-text",)
        yield "blank", " \t\n", ("blank-text", *form)
    if part.get("pattern", "").startswith("^"):
        for name, near in (("line-end", f"{value}\n"), ("space", f" {value}"), ("twice", f"{value} {value}")):
            yield name, near, form


def _broken_list(part: Mapping[str, Any], value: Any) -> Iterator[tuple[str, Any, tuple[str, ...]]]:
    yield "too-many", value * (part["maxItems"] // len(value) + 1), ("too-many",)
    if part.get("minItems"):
        yield "too-few", [], ("too-few",)
    if part.get("uniqueItems"):
        yield "repeated", [*value, value[0]], ("repeated",)


def _broken_group(part: Mapping[str, Any], value: Any) -> Iterator[tuple[str, Any, tuple[str, ...]]]:
    if "properties" not in part:
        yield "too-many", {f"c{index}": "a" for index in range(part["maxProperties"] + 1)}, ("too-many",)
        yield "long-name", {"c" * 201: "a"}, ("too-long",)
        yield "blank-name", {" ": "a"}, ("too-long",)
        yield "number", {"No": 5}, ("wrong-type",)
        return
    yield "one-more", {**value, "zzz": "a"}, ("unknown-key",)
    for name in part.get("required", []):
        yield f"no-{name}", {key: below for key, below in value.items() if key != name}, ("missing-key",)


def replaced(data: Any, way: Way, value: Any) -> Any:
    if not way:
        return value
    made = copy.copy(data)
    made[way[0]] = replaced(data[way[0]], way[1:], value)
    return made


def broken(kind: str, node: Mapping[str, Any], value: Any, way: Way = ()) -> Iterator[Broken]:
    """Yield a whole record broken in every way at a place and below it."""
    part = resolved(kind, node)
    for what, wrong, fitting in breaks(part, value):
        yield Broken(kind, what, way, replaced(WHOLE[kind], way, wrong), fitting)
    for name, below in part.get("properties", {}).items():
        yield from broken(kind, below, value[name], (*way, name))
    if "items" in part:
        yield from broken(kind, part["items"], value[0], (*way, 0))


BROKEN = [each for kind in KINDS for each in broken(kind, schema(kind), WHOLE[kind])]


def test_every_property_and_every_limit_is_broken_somewhere() -> None:
    assert len(BROKEN) > 500
    assert {each.way[-1] for each in BROKEN if each.way} >= {way.split("/")[-1] for _, way, _ in PROPERTIES}
    assert {rule for each in BROKEN for rule in each.rules} == {
        rule.name for rule in rules.SCHEMA_RULES if rule is not rules.TOO_MANY_FAULTS
    }


@pytest.mark.parametrize(
    ("data", "told", "left"),
    [
        ({f"key{n}": n for n in range(198)}, 200, None),
        ({f"key{n}": n for n in range(199)}, 200, "1 more fault is in this file"),
        ({f"key{n}": n for n in range(200)}, 200, "2 more faults are in this file"),
        ({f"key{n}": n for n in range(20_000)}, 200, "19,802 more faults are in this file"),
        ({"name": "A", "kind": "police", "aliases": ["a"] * 50}, 49, None),
        ({"name": "A", "kind": "police", "aliases": ["a"] * 50_000}, 1, None),
        ({"name": "A", "kind": "police", "aliases": [""] * 50}, 50, None),
        ({"name": "A", "kind": "police", "aliases": [""] * 50_000}, 1, None),
    ],
)
def test_of_many_faults_two_hundred_are_told_and_the_rest_are_counted(data: Any, told: int, left: str | None) -> None:
    found = judged_by.faults(RecordKind.AGENCY, data)
    assert [fault.rule is rules.TOO_MANY_FAULTS for fault in found] == [False] * told + [True] * bool(left)
    assert left is None or found[-1].message.startswith(left)


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_that_fills_in_everything_is_right(kind: str) -> None:
    assert judged_by.faults(RecordKind(kind), WHOLE[kind]) == ()
    assert found_in(kind, dumped(WHOLE[kind])) == []


@pytest.mark.parametrize("each", BROKEN, ids=str)
def test_what_breaks_a_record_is_told_there_by_a_fitting_rule(each: Broken) -> None:
    found = [
        fault for fault in judged_by.faults(RecordKind(each.kind), each.data) if fault.keys[: len(each.way)] == each.way
    ]
    assert found
    assert {fault.rule.name for fault in found} & set(each.rules)
    assert all(fault.keys[: len(each.way)] == each.way for fault in judged_by.faults(RecordKind(each.kind), each.data))


# Words

THEIRS = (
    "is not of type",
    "is not one of",
    "does not match",
    "too long",
    "too short",
    "required property",
    "dditional properties",
    "unexpected",
    "unique",
    "not valid under",
    "non-empty",
    "was expected",
    "expected at most",
    "maximum",
    "minimum",
    "too many properties",
    "does not have enough",
    "schema ",
    "None",
    "True",
    "False",
    "{'",
    "['",
    "\\n",
    "[0-9]",
    "(?",
)


@pytest.mark.parametrize("kind", KINDS)
def test_no_message_holds_the_validators_own_words(kind: str) -> None:
    validator = Draft202012Validator(schema(kind))
    for each in (each for each in BROKEN if each.kind == kind):
        theirs = {error.message for error in validator.iter_errors(each.data)}
        assert theirs
        for fault in judged_by.faults(RecordKind(kind), each.data):
            assert not [words for words in THEIRS if words in fault.message]
            assert fault.message not in theirs
            assert 20 < len(fault.message) < 800
            assert fault.message.isprintable()


# An independent judge


def dumped(data: Any) -> bytes:
    writer = YAML(typ="safe")
    writer.default_flow_style = False
    stream = io.BytesIO()
    writer.dump(data, stream)
    return stream.getvalue()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which files the independent judge refuses, and which it cannot read."""

    refused: frozenset[str]
    unread: frozenset[str]


def started(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "check_jsonschema", "--output-format", "json", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)


def ended(process: subprocess.Popen[str]) -> Verdict:
    out, err = process.communicate()
    assert process.returncode in {0, 1}, err
    answer = json.loads(out)
    verdict = Verdict(
        refused=frozenset(error["filename"] for error in answer.get("errors", [])),
        unread=frozenset(error["filename"] for error in answer.get("parse_errors", [])),
    )
    assert (process.returncode == 0) == (not verdict.refused and not verdict.unread)
    return verdict


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Verdict:
    """Have check-jsonschema judge the register, the cases, and every broken record, each by its schema."""
    folder = tmp_path_factory.mktemp("broken")
    files: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for path in REGISTER:
        files[kind_of(path)].append(str(path))
    for path in (*GOOD, *BAD):
        files[case_kind(path)].append(str(path))
    for each in BROKEN:
        path = folder / f"{each}.yaml"
        path.write_bytes(dumped(each.data))
        files[each.kind].append(str(path))
    running = [started("--schemafile", f"schema/{kind}.schema.json", *names) for kind, names in files.items()]
    verdicts = [ended(process) for process in running]
    return Verdict(
        refused=frozenset(
            Path(name).stem if folder.name in name else name for each in verdicts for name in each.refused
        ),
        unread=frozenset(name for each in verdicts for name in each.unread),
    )


def test_the_judge_accepts_the_schemas() -> None:
    assert ended(started("--check-metaschema", *(f"schema/{kind}.schema.json" for kind in KINDS))) == Verdict(
        frozenset(), frozenset()
    )


def test_the_judge_and_dhrctl_accept_every_file_of_the_register(judge: Verdict) -> None:
    assert [path for path in REGISTER if str(path) in judge.refused | judge.unread] == []
    assert [path for path in REGISTER if found_in(kind_of(path), path.read_bytes())] == []


def test_the_judge_can_read_every_file(judge: Verdict) -> None:
    assert judge.unread == frozenset()


@pytest.mark.parametrize("case", [*GOOD, *BAD], ids=name_of)
def test_the_judge_agrees_on_every_case_but_for_the_calendar(judge: Verdict, case: Path) -> None:
    refused = bool(found_in(case_kind(case), case.read_bytes()))
    assert refused == case.name.startswith("bad")
    assert (str(case) in judge.refused) == (refused and not case.name.startswith("bad-calendar"))


def test_the_judge_refuses_every_broken_record(judge: Verdict) -> None:
    assert [str(each) for each in BROKEN if str(each) not in judge.refused] == []


# The law: what a schema accepts can be read, except for the calendar

VISIBLE = st.characters(
    exclude_categories=("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"),
    exclude_characters="\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0",  # fillers, which are as good as hidden
    max_codepoint=0xDFFFF,
)


def drawn(kind: str, node: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Return a strategy for what a part of a schema accepts. It knows no keyword but those the schemas use."""
    part = resolved(kind, node)
    known = {"type", "properties", "required", "additionalProperties", "anyOf", "items", "minItems", "maxItems"}
    known |= {"enum", "const", "minimum", "maximum", "minLength", "maxLength", "pattern", "maxProperties"}
    known |= {"propertyNames", "uniqueItems", "title", "description", "examples", "default", "$schema", "$id", "$defs"}
    known |= {"x-audience", "x-audience-if-publishable", "x-public-precision"}
    assert set(part) <= known
    if "enum" in part:
        return st.sampled_from(part["enum"])
    if "const" in part:
        return st.just(part["const"])
    makers = {
        "string": _string,
        "integer": _integer,
        "boolean": lambda *_: st.booleans(),
        "array": _array,
        "object": _object,
    }
    types = part["type"] if isinstance(part["type"], list) else [part["type"]]
    return st.one_of([st.none() if name == "null" else makers[name](kind, part) for name in types])


def _string(_: str, part: Mapping[str, Any]) -> st.SearchStrategy[str]:
    longest = part["maxLength"]
    if part["pattern"].startswith("^"):
        short = re.sub(r",[0-9]{2,4}\}", ",3}", part["pattern"])
        texts = st.from_regex(short, alphabet=st.characters(max_codepoint=0x24F)).filter(str.isprintable)
        return texts.filter(lambda text: len(text) <= longest and re.search(part["pattern"], text) is not None)
    text = st.text(VISIBLE | st.sampled_from("\n -*:#'\"1."), min_size=1, max_size=min(longest, 30))
    return text.filter(lambda text: re.search(part["pattern"], text) is not None)


def _integer(_: str, part: Mapping[str, Any]) -> st.SearchStrategy[int]:
    return st.integers(part["minimum"], part["maximum"])


def _array(kind: str, part: Mapping[str, Any]) -> st.SearchStrategy[list[Any]]:
    unique = repr if part.get("uniqueItems") else None
    return st.lists(drawn(kind, part["items"]), min_size=part.get("minItems", 0), max_size=3, unique_by=unique)


def _object(kind: str, part: Mapping[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    if "properties" not in part:
        names = st.text(VISIBLE, min_size=1, max_size=20).filter(lambda text: text.strip() != "")
        return st.dictionaries(names, drawn(kind, part["additionalProperties"]), max_size=3)
    fields = {name: drawn(kind, below) for name, below in part["properties"].items()}
    required = part.get("required", [])
    made = st.fixed_dictionaries(
        {name: fields[name] for name in required},
        optional={name: field for name, field in fields.items() if name not in required},
    )
    one_of = [choice["required"] for choice in part.get("anyOf", [])]
    if not one_of:
        return made
    return made.filter(lambda data: any(set(names) <= set(data) for names in one_of))


RECORDS = {kind: drawn(kind, schema(kind)) for kind in KINDS}


def dates(kind: str, node: Mapping[str, Any], data: Any) -> Iterator[str]:
    """Yield every date that a record holds."""
    if node.get("$ref") in {"#/$defs/date", "#/$defs/day"}:
        yield data
    part = resolved(kind, node)
    if isinstance(data, dict):
        for name, value in data.items():
            yield from dates(kind, part.get("properties", {}).get(name, {}), value)
    elif isinstance(data, list):
        for value in data:
            yield from dates(kind, part.get("items", {}), value)


def in_calendar(text: str) -> bool:
    """Tell whether a date that has the right form exists, and whether an interval ends when or after it starts."""
    start, _, end = text.partition("/")
    for each in filter(None, (start, end)):
        try:
            date.fromisoformat((each + "-01-01")[:10])
        except ValueError:
            return False
    return not end or (end + "-12-31")[:10] >= (start + "-01-01")[:10]


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_schema_accepts_can_be_read_except_for_the_calendar(kind: str) -> None:
    @FEWER
    @given(RECORDS[kind])
    def law(data: Any) -> None:
        assert judged_by.faults(RecordKind(kind), data) == ()
        impossible = [text for text in dates(kind, schema(kind), data) if not in_calendar(text)]
        found = found_in(kind, dumped(data))
        assert bool(impossible) == bool(found)
        assert {finding.rule.name for finding in found} <= {"bad-date"}
        for finding in found:
            assert any(part in finding.message for text in impossible for part in text.split("/"))

    law()


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_schema_refuses_is_read_alike_by_every_command_and_never_as_the_wrong_type(kind: str) -> None:
    for each in (each for each in BROKEN if each.kind == kind):
        tree = Tree(contents={PATHS[kind]: dumped(each.data)})
        quick = load.read_register(tree)
        thorough = load.read_register(tree, thorough=True)
        assert quick.register == thorough.register, str(each)
        assert set(quick.findings) <= set(thorough.findings), str(each)
        assert quick.findings or not each.what.startswith("is-"), str(each)
