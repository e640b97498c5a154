"""The register as a workbook (XLSX): the plan, what is overdue, the agencies, and what the file says of itself."""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, TypeAlias

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dhrctl.model.edtf import When
from dhrctl.model.records import Status
from dhrctl.reports import answers, counts
from dhrctl.reports.rows import action_facts, date_text, describe_rag, labels, lead, people
from dhrctl.reports.view import Judged, View, imprint_sentences
from dhrctl.text.english import plain_words
from dhrctl.text.escape import escape_hidden

if TYPE_CHECKING:
    from dhrctl.table import Cell

_LONGEST = 32_767
_CUT = " … (cut: a cell holds no more)"
_COLOURS = {"red": "#f6c9c5", "amber": "#fbe3b5", "green": "#cfe8cf", "blue": "#cfdff2", "grey": "#e2e2e2"}
_FIRST_DAY = date(1900, 3, 1)  # Excel counts a 29 February 1900, and knows no day before that year

SheetValue: TypeAlias = "Cell | When | date"


@dataclass(frozen=True, slots=True, kw_only=True)
class _SheetColumn:
    """A column of a sheet: its heading, what it holds of a recommendation, and its width; one may be coloured."""

    label: str
    value: Callable[[Judged, View], SheetValue]
    width: int = 14
    coloured: bool = False


def xlsx(view: View) -> bytes:
    """Write the workbook; the same register and day give the same bytes."""
    out = io.BytesIO()
    workbook = Workbook(out, _OPTIONS)
    made = datetime.combine(view.day, time(), tzinfo=UTC).replace(tzinfo=None)
    title = view.register.settings.title
    about = {"title": title, "author": title, "comments": " ".join(imprint_sentences(view))}
    workbook.set_properties({"created": made, **{key: _text(said) for key, said in about.items()}})
    styles = _styles(workbook)
    late = sorted(answers.find_late(view), key=lambda judged: (-(judged.progress.days_overdue or 0), judged.record.id))
    _fill_recommendations(workbook.add_worksheet("Plan"), _PLAN, view.judged, view, styles)
    _fill_recommendations(workbook.add_worksheet("Overdue"), _OVERDUE, late, view, styles)
    _fill_agencies(workbook.add_worksheet("Agencies"), view, styles)
    _fill_about(workbook.add_worksheet("About"), view, styles)
    workbook.close()
    return out.getvalue()


_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def _styles(workbook: Workbook) -> dict[str, Format]:
    plain = {"valign": "top", "font_name": "Arial", "font_size": 10, "bottom": 1, "bottom_color": "#c8c8c8"}
    looks: dict[str, dict[str, object]] = {
        "text": {"text_wrap": True},
        "number": {"num_format": "#,##0", "align": "left"},
        "date": {"num_format": "yyyy-mm-dd", "align": "left"},
        "head": {"bold": True, "text_wrap": True, "bg_color": "#e6e6e6"},
        "alone": {"text_wrap": True, "bottom": 0},
        **{colour: {"text_wrap": True, "bg_color": fill} for colour, fill in _COLOURS.items()},
    }
    return {name: workbook.add_format({**plain, **look}) for name, look in looks.items()}


def _fill_recommendations(
    sheet: Worksheet, columns: Sequence[_SheetColumn], found: Sequence[Judged], view: View, styles: dict[str, Format]
) -> None:
    """Fill a sheet with a row for each recommendation, below a head that stays in sight and filters."""
    _write_head(sheet, [column.label for column in columns], [column.width for column in columns], len(found), styles)
    for row, judged in enumerate(found, 1):
        values = [column.value(judged, view) for column in columns]
        sheet.set_row(row, _height(zip(values, columns, strict=True)))
        for place, (value, column) in enumerate(zip(values, columns, strict=True)):
            _write_cell(sheet, (row, place), value, styles, coloured=column.coloured)
    status = [column.label for column in columns].index("Status")
    choice = {"validate": "list", "source": list(Status), "error_message": "Choose a status from the list."}
    sheet.data_validation(1, status, max(len(found), 1), status, choice)
    _set_up_print(sheet, view, 2 if len(columns) > _MANY else 1)


def _height(cells: Iterable[tuple[SheetValue, _SheetColumn]]) -> int:
    """Return the height of a row in points, as far as it can be told without its font; LibreOffice leaves it as it is."""
    lines = (
        sum(int(len(line) / column.width / _LETTERS) + 1 for line in value.split("\n"))
        for value, column in cells
        if isinstance(value, str)
    )
    return min(max(lines, default=1) * _LINE + 3, _HIGHEST)


_LINE, _HIGHEST, _MANY, _LETTERS = 13, 400, 12, 1.25


def _write_head(
    sheet: Worksheet, labels_: Sequence[str], widths: Sequence[int], rows: int, styles: dict[str, Format]
) -> None:
    for place, (label, width) in enumerate(zip(labels_, widths, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, label, styles["head"])
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(rows, 1), len(labels_) - 1)
    sheet.repeat_rows(0)


def _write_cell(
    sheet: Worksheet, at: tuple[int, int], value: SheetValue, styles: dict[str, Format], *, coloured: bool = False
) -> None:
    """Write a cell: a number or a whole day as such, everything else as text, which is never a formula."""
    if isinstance(value, When):
        value = value.first if value.first == value.last else value.text
    if isinstance(value, date) and value >= _FIRST_DAY:
        sheet.write_datetime(*at, datetime.combine(value, time()), styles["date"])
    elif isinstance(value, int) and not isinstance(value, bool):
        sheet.write_number(*at, value, styles["number"])
    elif value is None:
        sheet.write_blank(*at, None, styles["text"])
    else:
        text = _text(str(value))
        look = text.partition(":")[0] if coloured else "text"
        sheet.write_string(*at, text, styles[look])


def _text(text: str) -> str:
    """Return text as a cell can hold it: hidden characters named, and cut where it is too long."""
    counted = escape_hidden(text).encode("utf-16-le")  # as Excel counts
    if len(counted) <= 2 * _LONGEST:
        return escape_hidden(text)
    return counted[: 2 * (_LONGEST - len(_CUT))].decode("utf-16-le", "ignore") + _CUT


def _set_up_print(sheet: Worksheet, view: View, pages: int = 1) -> None:
    """Set a sheet to print on A4, or on as many A3 pages beside each other, each with the heads and the ids."""
    sheet.set_landscape()
    sheet.set_paper(_A4 if pages == 1 else _A3)
    sheet.set_margins(0.4, 0.4, 0.5, 0.6)
    sheet.repeat_columns(0)
    sheet.fit_to_pages(pages, 0)
    sheet.set_footer(f"&LAs of {view.day}&CMade for: {view.audience}&RPage &P of &N")


_A3, _A4 = 8, 9


def _fill_agencies(sheet: Worksheet, view: View, styles: dict[str, Format]) -> None:
    """Fill a sheet with a row for each agency that leads, and how many stand where."""
    table = counts.groups(view, "agency")
    columns = table.for_people
    _write_head(sheet, [column.label for column in columns], [34, *[11] * (len(columns) - 1)], len(table.rows), styles)
    for row, found in enumerate(table.rows, 1):
        for place, column in enumerate(columns):
            _write_cell(sheet, (row, place), found[column.key], styles)
    _set_up_print(sheet, view)


def _fill_about(sheet: Worksheet, view: View, styles: dict[str, Format]) -> None:
    """Fill a sheet with what the file says of itself."""
    sheet.set_column(0, 0, 100)
    dates = "A date that is not whole (2021-04) stands as text; it is due on its last day."
    counted = (counts.JOINT, *counts.small_numbers_note(view), dates)
    for row, sentence in enumerate((view.register.settings.title, *imprint_sentences(view), *counted)):
        sheet.write_string(row, 0, _text(sentence), styles["alone"])


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(text for text in texts if text)


def _actions(judged: Judged, view: View) -> str:
    return _lines(
        _text_with_facts(action.text, action_facts(action, view.register)) for action in judged.record.actions
    )


def _text_with_facts(text: str, facts: Iterable[str]) -> str:
    said = "; ".join(fact for fact in facts if fact)
    return f"{text} ({said})" if said else text


_ID = _SheetColumn(label="ID", value=lambda judged, _: judged.record.id, width=26)
_RECOMMENDATION = _SheetColumn(label="Recommendation", value=lambda judged, _: judged.record.recommendation, width=50)
_LEAD = _SheetColumn(label="Lead agency", value=lambda judged, view: lead(judged, view.register, view.day), width=24)
_STATUS = _SheetColumn(label="Status", value=lambda judged, _: judged.record.status.value)
_RAG_STATUS = _SheetColumn(label="Standing", value=lambda judged, _: describe_rag(judged), width=26, coloured=True)
_TARGET = _SheetColumn(label="Target date", value=lambda judged, _: judged.record.target_date)
_DUE = _SheetColumn(label="Due day", value=lambda judged, _: judged.progress.due)
_DAYS = _SheetColumn(label="Days overdue", value=lambda judged, _: judged.progress.days_overdue, width=10)
_UPDATED = _SheetColumn(label="Last update", value=lambda judged, _: judged.progress.last_update)

_PLAN = (
    _ID,
    _SheetColumn(label="Section", value=lambda judged, _: judged.record.section, width=24),
    _RECOMMENDATION,
    _SheetColumn(label="Scope", value=lambda judged, _: plain_words(judged.record.scope)),
    _SheetColumn(label="Actions", value=_actions, width=50),
    _LEAD,
    _SheetColumn(
        label="Supporting", value=lambda judged, view: labels(judged.record.supporting_agencies, view.register)
    ),
    _SheetColumn(
        label="Responsible", value=lambda judged, view: _lines(people(judged.record, view.register)), width=24
    ),
    _SheetColumn(
        label="Key milestones",
        value=lambda judged, _: _lines(
            _text_with_facts(each.text, (date_text(each.date) or "",)) for each in judged.record.milestones
        ),
        width=32,
    ),
    _STATUS,
    _RAG_STATUS,
    _SheetColumn(label="Start date", value=lambda judged, _: judged.record.start_date),
    _TARGET,
    _DUE,
    _DAYS,
    _SheetColumn(label="Completed", value=lambda judged, _: judged.record.completion_date),
    _SheetColumn(label="Review date", value=lambda judged, _: judged.record.review_date),
    _UPDATED,
    _SheetColumn(label="Assurance", value=lambda judged, _: judged.record.assurance.value),
    _SheetColumn(label="Outcomes", value=lambda judged, _: _lines(judged.record.outcomes), width=40),
    _SheetColumn(label="Measures", value=lambda judged, _: _lines(judged.record.measures), width=32),
    _SheetColumn(
        label="Evidence",
        value=lambda judged, _: _lines(
            _text_with_facts(each.title, (plain_words(each.kind), date_text(each.date) or "", each.held_by, each.url))
            for each in judged.record.evidence
        ),
        width=32,
    ),
)
_OVERDUE = (_ID, _RECOMMENDATION, _LEAD, _STATUS, _RAG_STATUS, _TARGET, _DUE, _DAYS, _UPDATED)
