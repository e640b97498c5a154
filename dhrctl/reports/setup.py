"""What is wrong with the set-up, as an answer."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum

from dhrctl.reports.rows import count_by_key
from dhrctl.table import Column, Report, Table
from dhrctl.text.english import plural


class PartState(StrEnum):
    """How a part of the set-up is."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupPart:
    """A part of the set-up, how it is, what was found, and what to do about it."""

    part: str
    state: PartState = PartState.OK
    found: str
    advice: str = ""


_COLUMNS = (
    Column(key="state", label="State", whole=True, coloured=True),
    Column(key="part", label="Part", whole=True),
    Column(key="found", label="Found"),
    Column(key="advice", label="What to do"),
)


def report_setup(lines: Iterable[SetupPart], day: date) -> Report:
    """Report how each part of the set-up is, and how many are not as they should be."""
    rows = tuple([asdict(line) for line in lines])
    counts = count_by_key(PartState, (row["state"] for row in rows))
    return Report(
        title="The set-up of dhrctl",
        as_of=day,
        tables=(Table(name="items", columns=_COLUMNS, rows=rows),),
        facts={"count": len(rows), "counts": counts},
        closing=(f"{plural(counts['error'], 'error')}, {plural(counts['warning'], 'warning')}.",),
    )
