"""The register as a workbook (XLSX): the plan, what is overdue, the agencies, and what the file says of itself."""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, TypeAlias

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dhrctl.model.dates import When
from dhrctl.model.records import Status
from dhrctl.reports import answers, counts
from dhrctl.reports.rows import Asked, Judged, action_facts, given, labels, lead, people, standing
from dhrctl.reports.view import sentences
from dhrctl.text.english import plain_words
from dhrctl.text.escape import visible

if TYPE_CHECKING:
    from dhrctl.table import Cell

_LONGEST = 32_767
_CUT = " … (cut: a cell holds no more)"
_COLOURS = {"red": "#f6c9c5", "amber": "#fbe3b5", "green": "#cfe8cf", "blue": "#cfdff2", "grey": "#e2e2e2"}
_FIRST_DAY = date(1900, 3, 1)  # Excel counts a 29 February 1900, and knows no day before that year

Held: TypeAlias = "Cell | When | date"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """A column of a sheet: its heading, what it holds of a recommendation, and its width; one may be coloured."""

    label: str
    value: Callable[[Judged, Asked], Held]
    width: int = 14
    coloured: bool = False


def xlsx(asked: Asked) -> bytes:
    """Write the workbook; the same register and day give the same bytes."""
    out = io.BytesIO()
    workbook = Workbook(out, _OPTIONS)
    made = datetime.combine(asked.day, time(), tzinfo=UTC).replace(tzinfo=None)
    title = asked.register.settings.title
    about = {"title": title, "author": title, "comments": " ".join(sentences(asked))}
    workbook.set_properties({"created": made, **{key: _text(said) for key, said in about.items()}})
    styles = _styles(workbook)
    late = sorted(answers.late(asked), key=lambda judged: (-(judged.progress.days_overdue or 0), judged.record.id))
    _recommendations(workbook.add_worksheet("Plan"), _PLAN, asked.judged, asked, styles)
    _recommendations(workbook.add_worksheet("Overdue"), _OVERDUE, late, asked, styles)
    _agencies(workbook.add_worksheet("Agencies"), asked, styles)
    _about(workbook.add_worksheet("About"), asked, styles)
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


def _recommendations(
    sheet: Worksheet, columns: Sequence[_Column], found: Sequence[Judged], asked: Asked, styles: dict[str, Format]
) -> None:
    """Fill a sheet with a row for each recommendation, below a head that stays in sight and filters."""
    _head(sheet, [column.label for column in columns], [column.width for column in columns], len(found), styles)
    for row, judged in enumerate(found, 1):
        values = [column.value(judged, asked) for column in columns]
        sheet.set_row(row, _height(zip(values, columns, strict=True)))
        for place, (value, column) in enumerate(zip(values, columns, strict=True)):
            _write(sheet, (row, place), value, styles, coloured=column.coloured)
    status = [column.label for column in columns].index("Status")
    choice = {"validate": "list", "source": list(Status), "error_message": "Choose a status from the list."}
    sheet.data_validation(1, status, max(len(found), 1), status, choice)
    _for_print(sheet, asked, 2 if len(columns) > _MANY else 1)


def _height(cells: Iterable[tuple[Held, _Column]]) -> int:
    """Return the height of a row in points, as far as it can be told without its font; LibreOffice leaves it as it is."""
    lines = (
        sum(int(len(line) / column.width / _LETTERS) + 1 for line in value.split("\n"))
        for value, column in cells
        if isinstance(value, str)
    )
    return min(max(lines, default=1) * _LINE + 3, _HIGHEST)


_LINE, _HIGHEST, _MANY, _LETTERS = 13, 400, 12, 1.25


def _head(
    sheet: Worksheet, labels_: Sequence[str], widths: Sequence[int], rows: int, styles: dict[str, Format]
) -> None:
    for place, (label, width) in enumerate(zip(labels_, widths, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, label, styles["head"])
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(rows, 1), len(labels_) - 1)
    sheet.repeat_rows(0)


def _write(
    sheet: Worksheet, at: tuple[int, int], value: Held, styles: dict[str, Format], *, coloured: bool = False
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
    counted = visible(text).encode("utf-16-le")  # as Excel counts
    if len(counted) <= 2 * _LONGEST:
        return visible(text)
    return counted[: 2 * (_LONGEST - len(_CUT))].decode("utf-16-le", "ignore") + _CUT


def _for_print(sheet: Worksheet, asked: Asked, pages: int = 1) -> None:
    """Set a sheet to print on A4, or on as many A3 pages beside each other, each with the heads and the ids."""
    sheet.set_landscape()
    sheet.set_paper(_A4 if pages == 1 else _A3)
    sheet.set_margins(0.4, 0.4, 0.5, 0.6)
    sheet.repeat_columns(0)
    sheet.fit_to_pages(pages, 0)
    sheet.set_footer(f"&LAs of {asked.day}&CMade for: {asked.audience}&RPage &P of &N")


_A3, _A4 = 8, 9


def _agencies(sheet: Worksheet, asked: Asked, styles: dict[str, Format]) -> None:
    """Fill a sheet with a row for each agency that leads, and how many stand where."""
    table = counts.groups(asked, "agency")
    columns = table.for_people
    _head(sheet, [column.label for column in columns], [34, *[11] * (len(columns) - 1)], len(table.rows), styles)
    for row, found in enumerate(table.rows, 1):
        for place, column in enumerate(columns):
            _write(sheet, (row, place), found[column.key], styles)
    _for_print(sheet, asked)


def _about(sheet: Worksheet, asked: Asked, styles: dict[str, Format]) -> None:
    """Fill a sheet with what the file says of itself."""
    sheet.set_column(0, 0, 100)
    dates = "A date that is not whole (2021-04) stands as text; it is due on its last day."
    counted = (counts.JOINT, *counts.small_numbers(asked), dates)
    for row, sentence in enumerate((asked.register.settings.title, *sentences(asked), *counted)):
        sheet.write_string(row, 0, _text(sentence), styles["alone"])


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(text for text in texts if text)


def _actions(judged: Judged, asked: Asked) -> str:
    return _lines(_with(action.text, action_facts(action, asked.register)) for action in judged.record.actions)


def _with(text: str, facts: Iterable[str]) -> str:
    said = "; ".join(fact for fact in facts if fact)
    return f"{text} ({said})" if said else text


_ID = _Column(label="ID", value=lambda judged, _: judged.record.id, width=26)
_RECOMMENDATION = _Column(label="Recommendation", value=lambda judged, _: judged.record.recommendation, width=50)
_LEAD = _Column(label="Lead agency", value=lambda judged, asked: lead(judged, asked.register, asked.day), width=24)
_STATUS = _Column(label="Status", value=lambda judged, _: judged.record.status.value)
_STANDING = _Column(label="Standing", value=lambda judged, _: standing(judged), width=26, coloured=True)
_TARGET = _Column(label="Target date", value=lambda judged, _: judged.record.target_date)
_DUE = _Column(label="Due day", value=lambda judged, _: judged.progress.due)
_DAYS = _Column(label="Days overdue", value=lambda judged, _: judged.progress.days_overdue, width=10)
_UPDATED = _Column(label="Last update", value=lambda judged, _: judged.progress.last_update)

_PLAN = (
    _ID,
    _Column(label="Section", value=lambda judged, _: judged.record.section, width=24),
    _RECOMMENDATION,
    _Column(label="Scope", value=lambda judged, _: plain_words(judged.record.scope)),
    _Column(label="Actions", value=_actions, width=50),
    _LEAD,
    _Column(label="Supporting", value=lambda judged, asked: labels(judged.record.supporting_agencies, asked.register)),
    _Column(label="Responsible", value=lambda judged, asked: _lines(people(judged.record, asked.register)), width=24),
    _Column(
        label="Key milestones",
        value=lambda judged, _: _lines(
            _with(each.text, (given(each.date) or "",)) for each in judged.record.milestones
        ),
        width=32,
    ),
    _STATUS,
    _STANDING,
    _Column(label="Start date", value=lambda judged, _: judged.record.start_date),
    _TARGET,
    _DUE,
    _DAYS,
    _Column(label="Completed", value=lambda judged, _: judged.record.completion_date),
    _Column(label="Review date", value=lambda judged, _: judged.record.review_date),
    _UPDATED,
    _Column(label="Assurance", value=lambda judged, _: judged.record.assurance.value),
    _Column(label="Outcomes", value=lambda judged, _: _lines(judged.record.outcomes), width=40),
    _Column(label="Measures", value=lambda judged, _: _lines(judged.record.measures), width=32),
    _Column(
        label="Evidence",
        value=lambda judged, _: _lines(
            _with(each.title, (plain_words(each.kind), given(each.date) or "", each.held_by, each.url))
            for each in judged.record.evidence
        ),
        width=32,
    ),
)
_OVERDUE = (_ID, _RECOMMENDATION, _LEAD, _STATUS, _STANDING, _TARGET, _DUE, _DAYS, _UPDATED)
