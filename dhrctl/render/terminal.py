"""Reports for people at a terminal, and the same as plain lines for a pipe."""

import io
import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from dhrctl.table import Bar, Column, Layout, Report, Row, Table
from dhrctl.text.escape import escape_commands, escape_hidden, format_cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What the answer is shown on: whether a person looks at it, its width in characters, and colour."""

    terminal: bool = False
    width: int = 80
    colour: bool = False


MANY_ROWS = 200
_BRIEF = 72
_BAR = 24
_COLOURS = {
    "red": "red",
    "amber": "yellow",
    "green": "green",
    "blue": "blue",
    "grey": "bright_black",
    "error": "bold red",
    "warning": "yellow",
    "info": "cyan",
}


def table(report: Report, screen: Screen) -> str:
    """Write a report as text: with rich on a terminal, as aligned lines in a pipe or where it is long."""
    blocks = [_wrap_sentence(report.title, screen)] if not _is_verdict(report) else []
    blocks += [_wrap_sentence(sentence, screen) for sentence in report.opening]
    blocks += [f"As committed in {report.commit}."] if report.commit else []
    for each in report.tables:
        if not each.for_people or not (each.rows or each.empty):
            continue
        blocks.append(_table(each, screen))
    whole = _is_verdict(report) and not screen.terminal  # the count is one line of a log
    blocks += [_safe_line(sentence) if whole else _wrap_sentence(sentence, screen) for sentence in report.closing]
    return escape_commands("\n\n".join(block.rstrip("\n") for block in blocks if block) + "\n")


def _make_safe(text: str) -> str:
    """Return text that can do nothing to a terminal or a runner's log, before it is laid out."""
    return escape_commands(escape_hidden(text))


def _is_verdict(report: Report) -> bool:
    return any(each.layout is Layout.FINDINGS for each in report.tables)


def _wrap_sentence(sentence: str, screen: Screen) -> str:
    lines = _make_safe(sentence).split("\n")
    return "\n".join(textwrap.fill(line, screen.width, break_on_hyphens=False) for line in lines)


def _table(each: Table, screen: Screen) -> str:
    title = f"{_make_safe(each.title)}\n" if each.title else ""
    if not each.rows:
        return title + each.empty
    if each.layout is Layout.FINDINGS:
        return _findings(each, screen)
    if each.layout is Layout.RECORD:
        return title + _record(each, screen)
    if screen.terminal and _is_too_wide(each, screen):
        return title + _blocks(each, screen)
    if screen.terminal and len(each.rows) <= MANY_ROWS:
        return title + _rich_table(each, screen)
    return title + _align_columns(each)


def _findings(each: Table, screen: Screen) -> str:
    """Write findings by file: place, severity, rule and what is wrong; the lines of source; what to do."""
    blocks = []
    for row in each.rows:
        path, rule, problem, fix = (_safe_line(format_cell(row[key])) for key in ("path", "rule", "problem", "fix"))
        waived = " (waived)" if row["waived"] else ""
        severity = _colour_word(format_cell(row["severity"]), screen)
        lines = [f"{path}:{row['line']}:{row['column']}: {severity} {rule}: {problem}{waived}"]
        lines += [_make_safe(line) for line in format_cell(row["excerpt"]).split("\n") if line]
        lines += [f"  {fix[:1].upper()}{fix[1:]}."] if fix else []
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


@lru_cache
def _safe_line(text: str) -> str:
    """Return text on one line, and harmless; findings repeat their paths, rules and advice."""
    return _make_safe(flat_line(text))


def _colour_word(word: str, screen: Screen) -> str:
    codes = {"error": "1;31", "warning": "33", "info": "36"}
    return f"\x1b[{codes[word]}m{word}\x1b[0m" if screen.colour and word in codes else word


def flat_line(text: str) -> str:
    """Return text on one line."""
    return " ".join(text.split())


def _record(each: Table, screen: Screen) -> str:
    """Write names and values, the values beside the names and broken to the width."""
    widest = max(len(_make_safe(format_cell(row["name"]))) for row in each.rows)
    indent = min(widest, 24) + 2
    lines = []
    for row in each.rows:
        name, said = _make_safe(flat_line(format_cell(row["name"]))), _make_safe(format_cell(row["said"]))
        if len(name) + 2 > indent:
            lines += [_embolden(part, screen) for part in textwrap.wrap(name, screen.width)]
            name = ""
        width = max(screen.width - indent, 20)
        broken = [
            part for line in said.split("\n") for part in textwrap.wrap(line, width, break_on_hyphens=False) or [""]
        ]
        lines.append(f"{_embolden(name, screen)}{'':<{indent - len(name)}}{broken[0]}")
        lines += [f"{'':<{indent}}{part}" for part in broken[1:]]
    return "\n".join(line.rstrip() for line in lines)


def _embolden(text: str, screen: Screen) -> str:
    return f"\x1b[1m{text}\x1b[0m" if screen.colour and text else text


def _cell_line(column: Column, row: Row) -> str:
    cell = row[column.key]
    if isinstance(cell, Bar):
        filled = round(_BAR * cell.value / cell.of) if cell.of else 0
        return "█" * (max(filled, 1) if cell.value else 0)
    text = _make_safe(flat_line(format_cell(cell)))
    return textwrap.shorten(text, _BRIEF, placeholder="…") if column.brief else text


def _is_number(column: Column, rows: Iterable[Row]) -> bool:
    return all(isinstance(row[column.key], int) for row in rows)


def _align_columns(each: Table) -> str:
    """Write one line to a row, the columns aligned, nothing broken."""
    columns = each.for_people
    cells = [[column.label for column in columns]]
    cells += [[_cell_line(column, row) for column in columns] for row in each.rows]
    widths = [max(len(line[place]) for line in cells) for place in range(len(columns))]
    right = [_is_number(column, each.rows) for column in columns]
    lines = []
    for line in cells:
        parts = [
            text.rjust(width) if to_right else text.ljust(width)
            for text, width, to_right in zip(line, widths, right, strict=True)
        ]
        lines.append("  ".join(parts).rstrip())
    return "\n".join(lines)


_ROOM = 12


def _is_too_wide(each: Table, screen: Screen) -> bool:
    """Tell whether a table would cut an id or a number, or leave its texts too little room."""
    columns = each.for_people
    needed = 0
    for column in columns:
        shown = [len(_cell_line(column, row)) for row in each.rows]
        fixed = column.whole or _is_number(column, each.rows)
        needed += max((*shown, 6)) if fixed else min(max((*shown, len(column.label))), _ROOM)
    return needed + 2 * len(columns) > screen.width + 2


def _blocks(each: Table, screen: Screen) -> str:
    """Write each row as a block of its own, for a screen that is too narrow for columns."""
    blocks = []
    for row in each.rows:
        pairs = [{"name": column.label, "said": _cell_line(column, row)} for column in each.for_people]
        blocks.append(_record(replace(each, rows=tuple(pairs)), screen))
    return "\n\n".join(blocks)


def _rich_table(each: Table, screen: Screen) -> str:
    from rich import box  # noqa: PLC0415 - slow to import, and needed on a terminal alone
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table as RichTable  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    shown = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    for column in each.for_people:
        number = _is_number(column, each.rows)
        shown.add_column(
            Text(column.label.replace(" ", "\n") if number else column.label),
            justify="right" if number else "left",
            no_wrap=column.whole or number,
            overflow="fold",
        )
    for row in each.rows:
        said = [_cell_line(column, row) for column in each.for_people]
        styles = [_style(text) if column.coloured else "" for text, column in zip(said, each.for_people, strict=True)]
        shown.add_row(*[Text(text, style=style) for text, style in zip(said, styles, strict=True)])
    out = io.StringIO()
    console = Console(
        file=out,
        width=screen.width,
        force_terminal=screen.colour,
        color_system="standard" if screen.colour else None,
        no_color=not screen.colour,
        highlight=False,
        legacy_windows=False,
    )
    console.print(shown)
    return _TRAILING.sub(r"\1", out.getvalue())


_TRAILING = re.compile(r" +((?:\x1b\[[0-9;]*m| )*)$", re.MULTILINE)


def _style(text: str) -> str:
    return _COLOURS.get(text.split(":", maxsplit=1)[0], "")
