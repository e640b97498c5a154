"""A handover before it is made: which recommendations pass from one agency to another."""

from collections.abc import Iterable
from datetime import date

from dhrctl.model.records import Agency, Recommendation, Register
from dhrctl.reports.rows import NO_WORDING, labels
from dhrctl.table import Column, Report, Row, Table
from dhrctl.text.english import plain_words, plural


def handover(  # noqa: PLR0913, PLR0917 - who, to whom, when, what
    old: Agency, new: Agency, since: date, records: Iterable[Recommendation], register: Register, day: date
) -> Report:
    """Return what a transfer does, as a table of the recommendations."""
    rows = tuple([_row(record, old, new, register) for record in records])
    return Report(
        title=f"{old.name} ends on {since}, and {new.name} takes over",
        as_of=day,
        opening=(f"{plural(len(rows), 'open recommendation')} to hand over.",),
        tables=(Table(columns=_COLUMNS, rows=rows, name="items"),),
    )


_COLUMNS = (
    Column(key="id", label="ID", whole=True),
    Column(key="status", label="Status"),
    Column(key="leads", label="Lead from now on"),
    Column(key="wording", label="Recommendation", brief=True),
)


def _row(record: Recommendation, old: Agency, new: Agency, register: Register) -> Row:
    leads = dict.fromkeys(new.id if lead == old.id else lead for lead in record.lead_agencies)
    return {
        "id": record.id,
        "status": plain_words(record.status),
        "leads": labels(leads, register),
        "wording": record.recommendation or NO_WORDING,
    }
