"""Cells as text: for people, for a spreadsheet, and so that it can do nothing to a terminal or a page."""

import re
from collections.abc import Mapping

from dhrctl.table import Bar, Cell, Stack
from dhrctl.text.invisible import HIDDEN


def format_cell(cell: Cell) -> str:
    """Return a cell as text for people: numbers grouped, lists joined, nothing as nothing."""
    if isinstance(cell, int) and not isinstance(cell, bool):
        return f"{cell:,}"
    if isinstance(cell, Bar):
        return f"{100 * cell.value / cell.of:.0f}%" if cell.of else "0%"
    return flatten_cell(cell)


def flatten_cell(cell: Cell) -> str:
    """Return a cell as text for a spreadsheet: lists joined by `; `, a person as `role, name, agency`."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, tuple):
        return "; ".join(
            ", ".join(_person_parts(part)) if isinstance(part, Mapping) else flatten_cell(part) for part in cell
        )
    if isinstance(cell, Mapping):
        return "; ".join(f"{key}: {flatten_cell(value)}" for key, value in cell.items() if value is not None)
    if isinstance(cell, Stack):
        return "\n".join(map(flatten_cell, cell.parts))
    return str(cell.value) if isinstance(cell, Bar) else str(cell)


def _person_parts(person: Mapping[str, Cell]) -> list[str]:
    return [flatten_cell(value) for value in person.values() if flatten_cell(value)]


def escape_hidden(text: str) -> str:
    """Return text that can do nothing to a terminal: hidden characters are named, as `<U+202E>`."""
    if text.isascii() and text.isprintable():  # most texts, and quick to see
        return text
    return HIDDEN.sub(lambda match: f"<U+{ord(match.group()):04X}>", text)


_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def escape_formula(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: a quotation mark is put before what might be one."""
    stripped = text.lstrip(" \u00a0")
    return f"'{text}" if stripped.startswith(_FORMULA) else text


_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*"
_NUMBER = re.compile(
    r"(?=.*[0-9])(?:"
    r"[0-9\s.,:/%()+\u00a3$\u20ac\u00a5-]+"  # 01, 1-2, 1/2, 1,000, 12:30, 50%
    r"|[0-9.,]+e[+-]?[0-9]+"
    rf"|[0-9]{{1,4}}[\s./-]*{_MONTH}(?:[\s.,/-]*[0-9]{{1,4}})?"
    rf"|{_MONTH}[\s.,/-]*[0-9]{{1,4}}(?:[\s.,/-]+[0-9]{{1,4}})?"
    r"|[0-9]{1,2}(?::[0-9]{2}){0,2}\s*[ap]m?"
    r")|true|false",
    re.IGNORECASE,
)


def escape_number(text: str) -> str:
    """Return text that no spreadsheet takes for a number, a date or a time: a quotation mark is put before it."""
    return f"'{text}" if _NUMBER.fullmatch(text.strip()) else text


_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~@!&$])")
_MARKDOWN_START = re.compile(r"^([-+=:]|[0-9]+(?=[.)]))", re.MULTILINE)


def escape_markdown(text: str) -> str:
    """Return text that Markdown shows as it is: nothing in it formats, links, pings or is taken for HTML."""
    return escape_markdown_part("\n".join(line.strip() for line in text.split("\n")))


def escape_markdown_part(text: str, *, begins: bool = True) -> str:
    """Return a part of a line of which the same holds, its spaces kept; `begins` where the line begins with it."""
    escaped = _PING.sub("\\1\u200b", _LINK.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", escape_hidden(text))))
    return _MARKDOWN_START.sub(_escape_start, escaped) if begins else escaped


def _escape_start(match: re.Match[str]) -> str:
    mark = match.group()
    return f"{mark}\\" if mark[0] in "0123456789" else f"\\{mark}"


_LINK = re.compile(r"\b(www(?=\.)|https?(?=:)|ftp(?=:)|mailto(?=:)|xmpp(?=:))([.:])", re.IGNORECASE)
_PING = re.compile(r"(\\[@#]|\bGH-)(?=\w)")
_COMMAND = re.compile(r"^([ \t]*:):", re.MULTILINE)


def escape_commands(text: str) -> str:
    """Return lines in which a CI runner sees no command of its own (`::error::`, `##[group]`)."""
    if "::" in text:
        text = _COMMAND.sub(r"\1 :", text)
    return text.replace("##[", "# #[")


def escape_markup_commands(text: str) -> str:
    """Return HTML or XML of which the same holds, and which says the same."""
    return _COMMAND.sub(r"\1&#58;", text).replace("##[", "#&#35;[")
