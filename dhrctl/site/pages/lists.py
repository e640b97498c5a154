"""Long tables over several pages, and the rows that lead to other pages."""

import re
from calendar import month_name
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from textwrap import shorten

from dhrctl.reports.rows import LEAD, RAG_STATUS, TARGET, WORDING, item
from dhrctl.reports.view import Judged, View
from dhrctl.site.page import Page
from dhrctl.site.pages import paths
from dhrctl.table import Cell, Column, Layout, MarkdownText, Row, Stack, Table

ROOM = 200
_A_ROW = 1_000
_BRIEF = 300
ID = Column(key="id", label="ID", whole=True)
NUMBER = Column(key="number", label="No", whole=True)
PLAN = (WORDING, LEAD, TARGET, RAG_STATUS)


def row(judged: Judged, view: View) -> Row:
    """Return a recommendation as a row that leads to its page."""
    said = item(judged, view)
    return {**said, "target": dates_in_words(said["target"]), "page": paths.recommendation_page(judged.record.id)}


def dates_in_words(cell: Cell) -> Cell:
    """Return a cell with the dates of our own words as people write them: `30 April 2021` for `2021-04-30`."""
    if isinstance(cell, Stack):
        return Stack(
            tuple(
                [part if isinstance(part, MarkdownText | Stack) else _text_dates_in_words(part) for part in cell.parts]
            )
        )
    return _text_dates_in_words(cell) if type(cell) is str else cell


def _text_dates_in_words(text: str) -> str:
    return _DATES.sub(lambda match: " to ".join(map(_date, filter(None, match.groups()))), text)


_DATE = "[0-9]{4}(?:-[0-9]{2}){0,2}"
_DATES = re.compile(rf"(?<![\w/-])({_DATE})(?:/({_DATE}))?(?![\w/-])")


def _date(text: str) -> str:
    year, *rest = text.split("-")
    month, day = [*map(int, rest), 0, 0][:2]
    return " ".join((*([str(day)] if day else []), *([month_name[month]] if month else []), year))


def shorten_cell(cell: Cell) -> Cell:
    """Return what happened with the beginning of what was said of it; the whole stands among the updates."""
    if isinstance(cell, Stack):
        return Stack(tuple([_beginning(part) if isinstance(part, MarkdownText) else part for part in cell.parts]))
    return cell


def _beginning(text: MarkdownText) -> MarkdownText:
    return MarkdownText(shorten(text, _BRIEF, placeholder=" …")) if len(text) > _BRIEF else text


def facts(said: Mapping[str, Cell], to: Mapping[str, str]) -> Table:
    """Return what is known of one thing, by name, and the pages that some of it leads to."""
    return Table(
        layout=Layout.RECORD,
        columns=(Column(key="name", label="Field"), Column(key="said", label="Value")),
        rows=tuple([{"name": name, "said": text, "page": to.get(name)} for name, text in said.items() if text]),
    )


def spread_tables(page: Page, tables: Iterable[Table]) -> Iterator[Page]:
    """Yield a page with tables, and as many more as they need: some 200 rows to each, fewer where those are long.

    What the page holds before and after them stands on the first alone.
    """
    sheets = list(_sheets(tables)) or [[]]
    turns = tuple([paths.continuation_page(page.path, turn) for turn in range(1, len(sheets) + 1)])
    for turn, sheet in enumerate(sheets, 1):
        yield replace(
            page,
            path=turns[turn - 1],
            parts=(*page.parts, *sheet, *page.after) if turn == 1 else tuple(sheet),
            turn=turn,
            turns=turns if len(turns) > 1 else (),
        )


def _sheets(tables: Iterable[Table]) -> Iterator[list[Table]]:
    sheet: list[Table] = []
    room = ROOM
    for table in tables:
        rows: list[Row] = []
        for each in table.rows:
            length = _length(each, table)
            if length > room < ROOM:
                yield [*sheet, *([replace(table, rows=tuple(rows))] if rows else [])]
                sheet, rows, room = [], [], ROOM
            rows.append(each)
            room = max(room - length, 0)
        if rows or table.empty:
            sheet.append(replace(table, rows=tuple(rows)))
    if sheet:
        yield sheet


def _length(each: Row, table: Table) -> int:
    return 1 + sum(len(str(each[column.key])) for column in table.for_people if not column.brief) // _A_ROW
