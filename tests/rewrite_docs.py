"""Rewrite the generated parts of README.md and docs/ in place: `make docs`.

A part stands between `<!-- generated: NAME -->` and `<!-- end of NAME -->`. Each comes from the
program itself: its schemas, its commands, its rules, and what it prints on a terminal of 80 columns.
"""

import fcntl
import json
import os
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from dhrctl.checks import registry, transitions
from dhrctl.cli.app import COMMANDS, program
from dhrctl.files import schema
from dhrctl.findings import rules as of_files
from dhrctl.findings.finding import Rule
from dhrctl.model.paths import RecordKind
from dhrctl.render.templates import FILTERS

ROOT = Path(__file__).resolve().parents[1]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
_PART = re.compile(r"(<!-- generated: ([a-z ]+) -->\n).*?(<!-- end of \2 -->)", re.DOTALL)


def rewritten(page: str) -> str:
    """Return the text of a page with every generated part as it should be now."""
    return _PART.sub(lambda part: f"{part[1]}\n{PARTS[part[2]]()}\n{part[3]}", page)


def names(page: str) -> list[str]:
    """Return the names of the generated parts of a page."""
    return [part[2] for part in _PART.finditer(page)]


def screen(*arguments: str) -> str:
    """Return what a command prints on a terminal of 80 columns without colour."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "DHRCTL_ROOT"}}
    environment |= {"NO_COLOR": "1", "TERM": "dumb", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "dhrctl", *arguments]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=theirs, cwd=ROOT, env=environment):
        os.close(theirs)
        printed = b"".join(_until_closed(ours))
    os.close(ours)
    return printed.decode().replace("\r\n", "\n")


def _until_closed(terminal: int) -> Iterator[bytes]:
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # how Linux says that nobody holds the other end any more
            return
        if not piece:
            return
        yield piece


def _block(*arguments: str) -> str:
    return f"```console\n$ {' '.join(('dhrctl', *arguments))}\n{screen(*arguments).rstrip()}\n```\n"


def commands() -> Mapping[str, click.Command]:
    """Return every command by its name."""
    context = click.Context(program)
    return {name: command for name in COMMANDS if (command := program.get_command(context, name))}


def _commands() -> str:
    rows = [(f"`{name}`", _first_paragraph(command.help or "")) for name, command in commands().items()]
    return _table(("Command", "What it does"), rows)


def _help() -> str:
    return "\n".join(f"### dhrctl {name}\n\n{_block(name, '--help')}" for name in COMMANDS)


def _first_paragraph(text: str) -> str:
    return " ".join(text.split("\n\n", maxsplit=1)[0].split())


def rules() -> Mapping[str, tuple[Rule, ...]]:
    """Return every rule there is, by what it is about."""
    return {
        "The files and their places": of_files.FILE_RULES,
        "The text of a file": of_files.YAML_RULES,
        "The fields of a record": of_files.SCHEMA_RULES,
        "What the records say": tuple(rule for rule in registry.RULES if rule not in transitions.RULES),
        "What a change does": transitions.RULES,
    }


def _rules() -> str:
    groups = []
    for about, group in rules().items():
        rows = [(f"[`{rule.name}`](#{rule.name})", _severity(rule), rule.sentence) for rule in group]
        groups.append(f"### {about}\n\n{_table(('Rule', 'Severity', 'Sentence'), rows)}")
    return "\n".join(groups)


def _severity(rule: Rule) -> str:
    return f"{rule.severity} (gap)" if rule.gap else str(rule.severity)


def _explained() -> str:
    return "\n".join(_of_rule(rule) for group in rules().values() for rule in group)


def _of_rule(rule: Rule) -> str:
    """Write one rule: its sentence, how much it matters, why, two examples, and how to waive it."""
    gap = " A gap: a warning until the plan is adopted." if rule.gap else ""
    waive = "Can be waived." if rule in registry.WAIVABLE else "Cannot be waived."
    examples = f"Bad:\n\n```yaml\n{rule.bad}\n```\n\nGood:\n\n```yaml\n{rule.good}\n```\n"
    return f"### {rule.name}\n\n{rule.sentence}\n\nSeverity: {rule.severity}.{gap} {waive}\n\n{rule.why}\n\n{examples}"


def _fields(kind: RecordKind) -> str:
    document = schema.read_schema(kind)
    rows = list(_rows(_written_out(document, document["$defs"]), ""))
    return _table(("Field", "Value", "Meaning", "Example", "Seen by"), rows)


def _written_out(shape: Any, shapes: Mapping[str, Any]) -> Any:
    """Return a schema with each reference replaced by what it refers to, and its name kept as `is`."""
    if isinstance(shape, list):
        return [_written_out(part, shapes) for part in shape]
    if not isinstance(shape, dict):
        return shape
    written = {key: _written_out(part, shapes) for key, part in shape.items() if key not in {"$ref", "$defs"}}
    if "$ref" not in shape:
        return written
    name = shape["$ref"].removeprefix("#/$defs/")
    return {**shapes[name], "is": name, **written}


def _rows(shape: Any, prefix: str) -> Iterator[tuple[str, ...]]:
    for name, field in shape["properties"].items():
        required = " *" if name in shape.get("required", ()) else ""
        yield (
            f"`{prefix}{name}`{required}",
            _value(field),
            _meaning(field["description"]),
            _example(field),
            _seen_by(field),
        )
        inner = field.get("items", field)
        if "properties" in inner:
            yield from _rows(inner, f"{prefix}{name}.")


def _seen_by(field: Any) -> str:
    """Say who may see a field."""
    wider = field.get("x-audience-if-publishable")
    months = " (by the month)" if "x-public-precision" in field else ""
    return f"{field['x-audience']}{f'; {wider} if publishable' if wider else ''}{months}"


_REFERENCES = {
    "date": "date",
    "day": "day",
    "agency_id": "agency id",
    "recommendation_id": "recommendation id",
    "rule_name": "name of a rule",
    "url": "web address",
}


def _value(field: Any) -> str:
    """Say what a field holds."""
    default = f"; if left out, `{field['default']}`" if "default" in field else ""
    return f"{_kind(field)}{default}"


def _kind(field: Any) -> str:
    if field.get("is") in _REFERENCES:
        return _REFERENCES[field["is"]]
    if "const" in field or "enum" in field:
        return _one_of([f"`{word}`" for word in field.get("enum", [field.get("const")])])
    return _KINDS[field["type"] if isinstance(field["type"], str) else "string"](field)


def _one_of(words: Sequence[str]) -> str:
    return " or ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def _text(field: Any) -> str:
    empty = " or `null`" if "null" in field["type"] else ""
    return f"text of at most {field['maxLength']:,} characters{empty}"


def _list(field: Any) -> str:
    return f"list of {field.get('minItems', 0)} to {field['maxItems']:,}: {_kind(field['items'])}"


def _group(field: Any) -> str:
    return "fields below" if "properties" in field else f"at most {field['maxProperties']} headings, each with text"


_KINDS: Mapping[str, Callable[[Any], str]] = {
    "string": _text,
    "array": _list,
    "object": _group,
    "boolean": lambda _: "`true` or `false`",
    "integer": lambda field: f"whole number from {field['minimum']:,} to {field['maximum']:,}",
}
_ABOUT_DATES = re.compile(r" Write (?:it|the full date) in double quotes[,:].*$")


def _meaning(description: str) -> str:
    """Return a description without what the page says of every date."""
    return _ABOUT_DATES.sub("", description)


def _example(field: Any) -> str:
    example = field["examples"][0]
    if isinstance(example, dict) or (isinstance(example, list) and isinstance(example[0], dict)):
        return ""
    quoted = field.get("is") in {"date", "day"}
    return f"`{example if isinstance(example, str) and not quoted else json.dumps(example, ensure_ascii=False)}`"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _filters() -> str:
    return f"Of [Jinja](https://jinja.palletsprojects.com/): {', '.join(f'`{name}`' for name in FILTERS)}.\n"


PARTS: Mapping[str, Callable[[], str]] = {
    "overdue": lambda: _block("overdue", "--as-of", "2026-11-22"),
    "commands": _commands,
    "help": _help,
    "rules": _rules,
    "rules explained": _explained,
    "filters": _filters,
    "fields of register": lambda: _fields(RecordKind.REGISTER),
    "fields of agency": lambda: _fields(RecordKind.AGENCY),
    "fields of review": lambda: _fields(RecordKind.REVIEW),
    "fields of recommendation": lambda: _fields(RecordKind.RECOMMENDATION),
    "fields of update": lambda: _fields(RecordKind.UPDATE),
}


def main() -> None:
    """Rewrite every page."""
    for path in PAGES:
        path.write_text(rewritten(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
