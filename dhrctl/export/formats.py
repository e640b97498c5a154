"""Files that other programs open: every format of `dhrctl export`. Each is imported when it is asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dhrctl.errors import DhrError, Exit
from dhrctl.render import data
from dhrctl.reports.answers import list_recommendations
from dhrctl.reports.view import View, imprint
from dhrctl.table import Column, Report

if TYPE_CHECKING:
    from dhrctl.model.history import Version

Timelines = Mapping[str, Sequence["Version"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format: what it is for, and its writer; whether it is text, and whether it needs the history."""

    what: str
    write: Callable[[View, Timelines], bytes]
    text: bool = True
    past: bool = False


def csv(view: View, _: Timelines) -> bytes:
    """Write a row for each recommendation as CSV for spreadsheets, each with the day, the commit and the audience."""
    return data.csv(_dated_report(view), for_spreadsheet=True).encode()


def json(view: View, _: Timelines) -> bytes:
    """Write one JSON object."""
    report = list_recommendations(view)
    said = {key: value or None for key, value in imprint(view).items() if key not in {"as_of", "commit"}}
    past = {} if view.whole_past else {"history": "partial"}
    return data.json(replace(report, facts={**said, **report.facts, **past})).encode()


def jsonl(view: View, _: Timelines) -> bytes:
    """Write a JSON object for each recommendation on a line, each with the day, the commit and the audience."""
    return data.jsonl(_dated_report(view)).encode()


def _dated_report(view: View) -> Report:
    """Return the list of recommendations, of which each row says as of when and for whom it is."""
    report = list_recommendations(view)
    said = {key: imprint(view)[key] or None for key in ("as_of", "commit", "audience")}
    (table,) = report.tables
    columns = (*table.columns, *[Column(key=key) for key in said])
    return replace(
        report, tables=(replace(table, columns=columns, rows=tuple([{**row, **said} for row in table.rows])),)
    )


def ics(view: View, _: Timelines) -> bytes:
    """Write target and review dates as a calendar."""
    from dhrctl.export import ics

    return ics.ics(view).encode()


def atom(view: View, timelines: Timelines) -> bytes:
    """Write what changed as a feed."""
    from dhrctl.export import atom

    return atom.atom(view, timelines).encode()


def sqlite(view: View, _: Timelines) -> bytes:
    """Write everything as a database."""
    from dhrctl.export import sqlite

    return sqlite.sqlite(view)


def xlsx(view: View, _: Timelines) -> bytes:
    """Write a workbook; raise DhrError where what writes it is not installed."""
    try:
        from dhrctl.export import xlsx
    except ImportError:
        raise DhrError(_NOT_INSTALLED, Exit.ENVIRONMENT) from None
    return xlsx.xlsx(view)


def docx(view: View, _: Timelines) -> bytes:
    """Write a document; raise DhrError where what writes it is not installed."""
    try:
        from dhrctl.export import docx
    except ImportError:
        raise DhrError(_NOT_INSTALLED, Exit.ENVIRONMENT) from None
    return docx.docx(view)


_NOT_INSTALLED = "what writes xlsx and docx is not installed here; install it with: pip install 'dhrctl[office]'"
FILES: Mapping[str, Format] = {
    "xlsx": Format(
        what="a workbook for Excel or LibreOffice: the plan, what is overdue, the agencies", write=xlsx, text=False
    ),
    "docx": Format(what="a document for Word or LibreOffice: the official table of each plan", write=docx, text=False),
    "csv": Format(what="a row for each recommendation, to be opened in a spreadsheet", write=csv),
    "json": Format(what="one object, as list --format json", write=json),
    "jsonl": Format(what="an object on a line for each recommendation", write=jsonl),
    "ics": Format(what="a calendar of the target and review dates of open recommendations", write=ics),
    "atom": Format(what="a feed of what changed", write=atom, past=True),
    "sqlite": Format(
        what="a database of every record, with a full-text index and a view for each judgement",
        write=sqlite,
        text=False,
    ),
}
