"""Reports for programs: JSON, JSON lines and CSV."""

import csv as csv_module
import io
import json as json_module
import re
from collections.abc import Iterable, Mapping
from typing import Any

from dhrctl.table import Bar, Cell, Report, Row, Table
from dhrctl.text.escape import escape_commands, escape_formula, escape_hidden, escape_number, flatten_cell
from dhrctl.text.invisible import HIDDEN

SCHEMA = 1


def json(report: Report) -> str:
    """Write the whole answer as one JSON object."""
    envelope: dict[str, Any] = {"schema": SCHEMA, "as_of": report.as_of.isoformat(), "commit": report.commit}
    envelope |= {key: json_value(value) for key, value in report.facts.items()}
    for table in report.tables:
        if table.name:
            envelope[table.name] = list(_rows(table))
    return _escape_hidden(json_module.dumps(envelope, ensure_ascii=False, indent=2)) + "\n"


def jsonl(report: Report) -> str:
    """Write the rows of the answer alone, one JSON object to a line."""
    lines = [json_module.dumps(row, ensure_ascii=False, separators=(", ", ": ")) for row in _rows(_answer(report))]
    return "".join(f"{_escape_hidden(line)}\n" for line in lines)


def _escape_hidden(text: str) -> str:
    """Return JSON in which hidden characters (of a file name, say) are escaped, which changes no value."""
    escaped = HIDDEN.sub(lambda match: json_module.dumps(match.group())[1:-1], text)
    return escaped.replace("##[", "#\\u0023[")


def csv(report: Report, *, for_spreadsheet: bool = False) -> str:
    """Write the rows of the answer as CSV, with the keys as its head and counts in columns of their own.

    A spreadsheet that opens it sees UTF-8, by the mark at its beginning, and no number or date in what is text.
    """
    table = _answer(report)
    columns = tuple(_csv_columns(table))
    out = io.StringIO()
    writer = csv_module.writer(out, lineterminator="\n")
    writer.writerow([head for head, _, _ in columns])
    for row in table.rows:
        cells = [(key, _cell(row, key, part)) for _, key, part in columns]
        writer.writerow([_keep_text(key, row[key], cell) if for_spreadsheet else cell for key, cell in cells])
    return _BYTE_ORDER_MARK * for_spreadsheet + escape_commands(out.getvalue())


_BYTE_ORDER_MARK = "\ufeff"


def _keep_text(key: str, value: Cell, cell: str) -> str:
    """Return a cell that stays what it is in a spreadsheet: a whole day and a year may be read as such, a month not."""
    if not isinstance(value, str) or (_is_dated(key) and not _MONTH.fullmatch(cell)):
        return cell
    return escape_number(cell)


def _is_dated(key: str) -> bool:
    return key.endswith("_date") or key in {"as_of", "last_update"}


_MONTH = re.compile("[0-9]{4}-[0-9]{2}")


def json_value(cell: Cell) -> Any:  # noqa: ANN401 - what JSON holds
    """Return a cell as JSON holds it."""
    if isinstance(cell, tuple):
        return [json_value(part) for part in cell]
    if isinstance(cell, Mapping):
        return {key: json_value(value) for key, value in cell.items()}
    return cell.value if isinstance(cell, Bar) else cell


def _rows(table: Table) -> Iterable[Mapping[str, Any]]:
    columns = table.for_programs
    for row in table.rows:
        yield {column.key: json_value(row[column.key]) for column in columns}


def _answer(report: Report) -> Table:
    return next(table for table in report.tables if table.name)


def _csv_columns(table: Table) -> Iterable[tuple[str, str, str | None]]:
    """Yield head, key and part of each CSV column: counts by word have one column for each word."""
    for column in table.for_programs:
        if column.parts:
            yield from ((f"{column.key}.{part}", column.key, part) for part in column.parts)
        else:
            yield column.key, column.key, None


def _cell(row: Row, key: str, part: str | None) -> str:
    cell = row[key]
    if part is not None and isinstance(cell, Mapping):
        return flatten_cell(cell[part])
    if isinstance(cell, int):
        return flatten_cell(cell)
    return escape_formula(escape_hidden(flatten_cell(cell)))
