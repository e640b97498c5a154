"""Hold the documentation and the repository's files to the program."""

import json
import pkgutil
import re
import runpy
import shlex
import shutil
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from conftest import ANYTOWN, ROOT, Repositories

import dhrctl
from dhrctl import errors
from dhrctl.checks.check import Check
from dhrctl.checks.safety import TextCheck
from dhrctl.checks.transitions import Transition
from dhrctl.cli.app import COMMANDS as COMMAND_NAMES
from dhrctl.cli.app import program
from dhrctl.cli.options import FORMATS
from dhrctl.findings.finding import Rule
from dhrctl.model import dates, diff, query, records, status
from dhrctl.render import formats

SCRIPT = runpy.run_path(str(ROOT / "tests" / "rewrite_docs.py"))
PAGES = sorted(path for folder in (ROOT, ROOT / "docs", ROOT / ".github") for path in folder.glob("*.md"))
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in PAGES}
README, CONTRIBUTING, CHANGELOG = (TEXTS[name] for name in ("README", "CONTRIBUTING", "CHANGELOG"))
RECORDS, COMMANDS, JUDGEMENTS, DECISIONS, RULES = (
    TEXTS[name] for name in ("records", "commands", "judgements", "decisions", "rules")
)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

Run = Callable[..., Any]
Row = Mapping[str, str]


def tables(text: str) -> Iterator[list[Row]]:
    """Yield every Markdown table of a text as rows by column, marks of code taken off."""
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        head, _, *rows = [[cell.strip().strip("`") for cell in line.split("|")[1:-1]] for line in block.splitlines()]
        yield [dict(zip(head, row, strict=True)) for row in rows]


def rows(text: str, *head: str) -> list[Row]:
    """Return the rows of all tables with these columns."""
    return [row for table in tables(text) for row in table if tuple(row) == head]


def section(text: str, heading: str) -> str:
    """Return what stands under a heading, up to the next one of its level or above."""
    level = heading.split(" ", maxsplit=1)[0]
    _, found, rest = text.partition(f"\n{heading}\n")
    assert found, heading
    return re.split(rf"^#{{1,{len(level)}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def files(text: str) -> dict[str, str]:
    """Return the example files of a page: a path of the register alone on a line, and the block below it."""
    found = re.findall(r"^ *`(register/\S+)`\n\n( *)```yaml\n(.*?)```", text, re.MULTILINE | re.DOTALL)
    return {path: re.sub(f"^{indent}", "", content, flags=re.MULTILINE) for path, indent, content in found}


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """Return a folder with the register that the examples of docs/records.md make."""
    return put(files(RECORDS), tmp_path)


def put(contents: Mapping[str, str], folder: Path) -> Path:
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


# What is generated


@pytest.mark.parametrize("path", SCRIPT["PAGES"], ids=lambda path: path.name)
def test_generated_parts_are_as_the_program_is_now(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    assert page == SCRIPT["rewritten"](page), "run `make docs`"


def test_every_part_stands_in_one_page() -> None:
    found = [name for path in SCRIPT["PAGES"] for name in SCRIPT["names"](path.read_text(encoding="utf-8"))]
    assert sorted(found) == sorted(SCRIPT["PARTS"])


def test_readme_shows_a_real_screen_of_a_terminal_of_80_columns() -> None:
    printed = SCRIPT["screen"]("overdue", "--as-of", "2026-11-22")
    assert f"$ dhrctl overdue --as-of 2026-11-22\n{printed.rstrip()}\n" in README
    assert max(map(len, printed.splitlines())) <= 80
    assert "\x1b" not in printed


# What must be said


@pytest.mark.parametrize("name", COMMAND_NAMES)
def test_every_command_and_option_is_documented(name: str) -> None:
    assert name in [row["Command"] for row in rows(COMMANDS, "Command", "What it does")]
    about = section(COMMANDS, f"### dhrctl {name}")
    for parameter in SCRIPT["commands"]()[name].params:
        if parameter.param_type_name == "option":
            assert all(re.search(rf"{option}\b", about) for option in parameter.opts), parameter.opts


def test_every_option_of_the_program_is_documented() -> None:
    options = " ".join(row["Option"] for row in rows(COMMANDS, "Option", "Meaning"))
    assert all(option in options for parameter in program.params for option in parameter.opts)


def every_rule() -> Iterator[Rule]:
    for found in pkgutil.walk_packages(dhrctl.__path__, "dhrctl."):
        if not found.name.endswith("__main__"):
            for value in vars(import_module(found.name)).values():
                if isinstance(value, Rule | Check | TextCheck | Transition):
                    yield value if isinstance(value, Rule) else value.rule


def test_every_rule_is_documented_once() -> None:
    documented = [re.sub(r"^\[`(.*)`\].*", r"\1", row["Rule"]) for row in rows(RULES, "Rule", "Severity", "Sentence")]
    explained = re.findall(r"^### ([a-z0-9-]+)$", RULES.partition("\n## Each rule\n")[2], re.MULTILINE)
    known = sorted({rule.name for rule in every_rule()})
    assert sorted(documented) == known
    assert sorted(explained) == known


@pytest.mark.parametrize("field", query._FIELDS)
def test_every_field_of_a_query_is_documented(field: str) -> None:
    words = [row["Word"] for row in rows(COMMANDS, "Word", "Finds recommendations")]
    assert any(word.startswith(f"{field}:") for word in words)


@pytest.mark.parametrize("word", query._CONDITIONS)
def test_every_condition_of_a_query_is_documented(word: str) -> None:
    (sentence,) = re.findall(r"^- After `is:` stand.*$", COMMANDS, re.MULTILINE)
    assert f"`{word}`" in sentence


@pytest.mark.parametrize("word", [row["Word"] for row in rows(COMMANDS, "Word", "Finds recommendations")])
def test_every_query_that_is_shown_is_understood(word: str, run: Run) -> None:
    for part in re.findall(r'[^\s,"]+|"[^"]+"', word.replace("`", "")):
        assert run("list", part.strip('"')).code == 0


def test_every_format_is_documented() -> None:
    documented = [row["Format"] for row in rows(COMMANDS, "Format", "For")]
    assert tuple(documented) == tuple(formats.CHECK_FORMATS)
    assert tuple(documented)[: len(FORMATS)] == FORMATS == tuple(formats.FORMATS)


def test_every_exit_code_is_documented() -> None:
    documented = [int(row["Code"]) for row in rows(COMMANDS, "Code", "Meaning")]
    assert documented == [code.value for code in errors.Exit]


def test_every_word_of_a_judgement_is_documented() -> None:
    said = [*rows(JUDGEMENTS, "Recommendation", "Timeliness", "When"), *rows(JUDGEMENTS, "Flag", "When")]
    words = [row.get("Timeliness", row.get("Flag")) for row in said]
    assert words == [*status.Timeliness, *status.Flag]
    assert {row["Colour"] for row in rows(JUDGEMENTS, "Colour", "When")} == set(status.Rag)


@pytest.mark.parametrize("extra", ["", "office", "test"])
def test_every_dependency_has_its_reasons(extra: str) -> None:
    project = PROJECT["project"]
    named = project["optional-dependencies"][extra] if extra else project["dependencies"]
    headings = " ".join(re.findall(r"^### (.*)$", DECISIONS, re.MULTILINE))
    assert {re.split("[<>=]", each)[0] for each in named} - {"dhrctl[office]"} <= set(re.split(", | and | ", headings))


def test_the_house_is_the_contract_of_the_layers() -> None:
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    (contract,) = [each for each in contracts if each.get("containers") == ["dhrctl"]]
    (picture,) = re.findall(r"```text\n(.*?)```", CONTRIBUTING, re.DOTALL)
    assert [re.split("  +", line)[0] for line in picture.splitlines()] == contract["layers"]


def test_every_make_command_that_is_named_exists() -> None:
    named = re.findall(r"\bmake ([a-z]+)\b(?=`| +#)", README + CONTRIBUTING)
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert {"run", "test", "docs"} <= set(named) <= set(targets)


def test_the_files_that_run_on_the_oldest_dependencies_exist() -> None:
    (named,) = re.findall(r"^REACHING := (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    for name in named.split():
        assert len(list((ROOT / "tests").rglob(f"test_{name}.py"))) == 1, name


def test_the_changelog_knows_this_version() -> None:
    assert f"\n## {dhrctl.__version__} " in CHANGELOG


# JSON


def keys(heading: str) -> list[str]:
    return [row["Key"] for row in rows(section(COMMANDS, heading), "Key", "Value")]


def test_the_keys_of_every_answer_are_documented(run: Run) -> None:
    answers = {
        name: json.loads(run(*name.split(), "--json").out) for name in ("status", "list", "check", "show dhr-3/5")
    }
    common = keys("### Keys of every answer")
    said = {
        "list": ["count", "items"],
        "show dhr-3/5": ["count", "items"],
        "status": ["total", "groups", "commitments"],
        "check": ["files", "counts", "known", "findings"],
    }
    assert {name: sorted(answer) for name, answer in answers.items()} == {
        name: sorted([*common, *further]) for name, further in said.items()
    }
    assert list(answers["list"]["items"][0]) == keys("### Keys of list and overdue")
    assert list(answers["show dhr-3/5"]["items"][0]) == [
        *keys("### Keys of list and overdue"),
        *keys("### Further keys of show"),
    ]
    group, commitment = answers["status"]["groups"][0], answers["status"]["commitments"][0]
    assert [*group, *commitment] == keys("### Keys of status")
    assert list(answers["check"]["findings"][0]) == keys("### Keys of check")


PAST = {
    "history anytown-dhr-1/01 --authors": (["count", "items", "statuses"], ["items", "statuses"]),
    "diff HEAD~1": (["count", "counts", "from", "items"], ["items"]),
    "slippage": (["count", "items", "by_agency", "by_review"], ["items", "by_agency"]),
    "burndown": (["count", "items"], ["items"]),
}


@pytest.mark.parametrize("command", PAST)
def test_the_keys_of_the_past_are_documented(command: str, repository: Repositories, run: Run) -> None:
    home = repository()
    home.adopt()
    path = "register/reviews/anytown-dhr-1/recommendations/01.yaml"
    home.commit({path: ANYTOWN[path].replace("2024-03", "2024-06")}, "Later", "2024-02-10T12:00:00Z")
    answer = json.loads(run(*command.split(), "--json", cwd=home.root).out)
    further, parts = PAST[command]
    assert sorted(answer) == sorted([*keys("### Keys of every answer"), *further])
    heading = f"### Keys of {command.split(maxsplit=1)[0]}"
    assert [key for part in parts for key in answer[part][0]] == keys(heading)
    assert all(f"`{name}`" in section(COMMANDS, heading) for name in further)


def test_every_kind_of_change_is_documented() -> None:
    said = {row["Key"]: re.findall("`([a-z-]+)`", row["Value"]) for row in _raw("### Keys of diff")}
    assert sorted(said["change"]) == sorted(diff.EventKind)


def test_the_keys_inside_the_parts_of_a_record_are_documented(example: Path, run: Run) -> None:
    (item,) = json.loads(run("show", "1", "--json", cwd=example).out)["items"]
    said = {row["Key"]: re.findall("`([a-z_]+)`", row["Value"]) for row in _raw("### Further keys of show")}
    for key in ("actions", "updates"):
        assert list(item[key][0]) == said[key]
    assert said["evidence"] == [*records.Evidence.__dataclass_fields__]
    assert said["milestones"] == [*records.Milestone.__dataclass_fields__]
    assert said["waivers"] == [*records.Waiver.__dataclass_fields__]


def _raw(heading: str) -> Iterable[Row]:
    for key, value in re.findall(r"^\| `([a-z_]+)` \| (.*) \|$", section(COMMANDS, heading), re.MULTILINE):
        yield {"Key": key, "Value": value}


# Links and places


def slugs(page: str) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def inner_links(path: Path) -> list[str]:
    links = re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8"))
    return [link for link in links if not link.startswith("https://")]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    for link in inner_links(path):
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.exists(), link
        assert not anchor or anchor in slugs(target.read_text(encoding="utf-8")), link


def test_the_pages_lead_to_each_other() -> None:
    leading = [path.name for path in PAGES if inner_links(path)]
    assert {"README.md", "CONTRIBUTING.md", "records.md", "commands.md"} <= set(leading)
    assert [link for path in PAGES for link in inner_links(path) if "#" in link]


def test_every_place_that_the_readme_names_exists() -> None:
    places = re.findall(r"^\| \[(.*?)\]\((.*?)\)", section(README, "## Where everything lies"), re.MULTILINE)
    assert places
    for said, link in places:
        assert said == link
        assert (ROOT / link).exists(), link


# Examples


def test_the_example_records_make_a_register_without_errors(example: Path, run: Run) -> None:
    result = run("check", cwd=example)
    assert (result.code, result.err) == (0, "")
    assert f"{len(files(RECORDS))} files checked: 0 errors" in result.out


def test_the_update_in_the_readme_fits_the_register(example: Path, run: Run) -> None:
    (added,) = files(README)
    put(files(README), example)
    path = example / "register/reviews/anytown-dhr-1/recommendations/01.yaml"
    path.write_text(re.sub("(?m)^status:.*", _changed(), path.read_text(encoding="utf-8")), encoding="utf-8")
    assert run("check", cwd=example).code == 0
    (item,) = json.loads(run("show", "1", "--json", cwd=example).out)["items"]
    assert item["updates"][-1]["path"] == added
    assert (item["rag"], item["timeliness"]) == ("blue", "in-time")


def _changed() -> str:
    """Return the two lines that the coordinator changes."""
    (lines,) = re.findall("here, the status to `(.*)`, and a line more, `(.*)`", README)
    return "\n".join(lines)


def test_the_finding_in_the_readme_is_real(example: Path, run: Run) -> None:
    (block,) = re.findall(r"^   ```text\n(   register/\S+: error .*?)   ```$", README, re.MULTILINE | re.DOTALL)
    said = re.sub("^   ", "", block, flags=re.MULTILINE)
    name, value = said.split(":")[0], said.split('"')[1]
    path = example / name
    path.write_text(re.sub("(?m)^target_date:.*", f"target_date: {value}", path.read_text(encoding="utf-8")), "utf-8")
    result = run("check", "--severity", "error", cwd=example)
    assert result.code == 1
    assert result.out.startswith(f"{said}\n")


@pytest.mark.parametrize("row", rows(JUDGEMENTS, "Target date", "Due day", "Overdue from"), ids=str)
def test_due_days_are_as_the_examples_say(row: Row) -> None:
    record = recommendation(target_date=dates.parse(row["Target date"]))
    due, first = dates.day(row["Due day"]), dates.day(row["Overdue from"])
    assert status.due_day(record) == due
    assert status.timeliness(record, due, 30) is status.Timeliness.DUE_SOON
    assert status.timeliness(record, first, 30) is status.Timeliness.OVERDUE


@pytest.mark.parametrize("row", rows(JUDGEMENTS, "Target", "Completed", "Timeliness"), ids=str)
def test_completions_are_judged_as_the_examples_say(row: Row) -> None:
    target, completed = (None if row[name] == "none" else dates.parse(row[name]) for name in ("Target", "Completed"))
    record = recommendation(target_date=target, completion_date=completed, status=records.Status.COMPLETE)
    assert status.timeliness(record, dates.day("2026-11-22"), 30) == row["Timeliness"]


def recommendation(**fields: Any) -> records.Recommendation:
    given = {"status": records.Status.IN_PROGRESS, **fields}
    return records.Recommendation(
        id="a/1", review="a", number="1", path="", recommendation="", section="", lead_agencies=("a",), **given
    )


JUDGED = rows(JUDGEMENTS, "Recommendation", "On", "Timeliness", "Days overdue", "Flags", "RAG")
LED = rows(JUDGEMENTS, "Recommendation", "Lead", "On", "Current leads")


@pytest.fixture
def folder(example: Path) -> Callable[[str], Path]:
    """Return a function that says in which folder a recommendation of the examples lies."""
    put(files(JUDGEMENTS), example)
    return lambda identity: example if identity.startswith("anytown") else ROOT


@pytest.mark.parametrize("row", JUDGED, ids=lambda row: f"{row['Recommendation']} on {row['On']}")
def test_judgements_are_as_the_examples_say(row: Row, folder: Callable[[str], Path], run: Run) -> None:
    identity = row["Recommendation"]
    result = run("show", identity, "--as-of", row["On"], "--json", cwd=folder(identity))
    (item,) = json.loads(result.out)["items"]
    assert item["timeliness"] == row["Timeliness"]
    assert str(item["days_overdue"] or "") == row["Days overdue"]
    assert ", ".join(item["flags"]) == row["Flags"]
    assert item["rag"] == row["RAG"]


@pytest.mark.parametrize("row", LED, ids=lambda row: f"{row['Recommendation']} on {row['On']}")
def test_leads_are_followed_as_the_examples_say(row: Row, folder: Callable[[str], Path], run: Run) -> None:
    identity = row["Recommendation"]
    result = run("show", identity, "--as-of", row["On"], "--json", cwd=folder(identity))
    (item,) = json.loads(result.out)["items"]
    assert item["lead_agencies"] == [row["Lead"]]
    assert item["current_leads"] == [row["Current leads"]]


def test_every_command_in_the_readme_runs(tmp_path: Path, run: Run) -> None:
    here = tmp_path / "copy"
    shutil.copytree(ROOT / "register", here / "register")
    commands = re.findall(
        r"^\$ dhrctl(.*?)(?:  +#.*)?$", section(README, "## Five minutes at a terminal"), re.MULTILINE
    )
    assert len(commands) > 4
    for command in commands:
        assert run(*shlex.split(command), cwd=here).code == 0, command
    assert (here / "summary.html").exists()
