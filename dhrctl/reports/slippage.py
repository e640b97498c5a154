"""How far target dates moved, and what stood where over time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from statistics import median

from dhrctl.model.history import Count, Slip
from dhrctl.model.records import Recommendation
from dhrctl.model.status import current_leads, last_update
from dhrctl.reports.view import View
from dhrctl.table import Bar, Cell, Column, Report, Row, Table
from dhrctl.text.english import long_day, plural

SMALL = 5
_EXPLAINED = (
    "Days: how far the target that holds lies behind the first that was recorded, in git or in an update. "
    "Since update: days since the newest one. Done in: days from the start date to the completion date, where "
    "both are known. Medians are of known values; a number in brackets says of how many, where they are fewer "
    f"than {SMALL}."
)


def slippage(slips: Mapping[str, Slip], view: View) -> Report:
    """Report how far targets moved, by recommendation, and by agency and review in medians."""
    register, day = view.register, view.day
    records = [judged.record for judged in view.judged]
    rows = tuple([_slip_row(record, slips[record.id], day) for record in records])
    by_agency: dict[str, list[Recommendation]] = defaultdict(list)
    by_review: dict[str, list[Recommendation]] = defaultdict(list)
    for record in records:
        for agency in current_leads(record.lead_agencies, register, day) or record.lead_agencies:
            by_agency[agency].append(record)
        by_review[record.review].append(record)
    moved = [row for row in rows if row["redatings"]]
    return Report(
        title=f"How far target dates moved, until {long_day(day)}",
        as_of=day,
        commit=view.commit,
        asides=view.asides,
        opening=(
            *view.filter_notes,
            f"{len(moved):,} of {plural(len(records), 'recommendation')} had another target date before.",
        ),
        tables=(
            Table(name="items", columns=tuple([Column(key=column.key) for column in _MOVED]), rows=rows),
            Table(title="Target dates that moved", columns=_MOVED, rows=tuple(moved)),
            _medians("agency", by_agency, slips, view),
            _medians("review", by_review, slips, view),
        ),
        facts={"count": len(rows)},
        closing=(_EXPLAINED,),
    )


_MOVED = (
    Column(key="id", label="ID", whole=True),
    Column(key="first_target", label="First target", whole=True),
    Column(key="target_date", label="Target", whole=True),
    Column(key="redatings", label="Re-dated"),
    Column(key="slip_days", label="Days"),
    Column(key="days_since_update", label="Since update"),
    Column(key="days_to_completion", label="Done in"),
)


def _slip_row(record: Recommendation, slip: Slip, day: date) -> Row:
    return {
        "id": record.id,
        "first_target": slip.first.text if slip.first else None,
        "target_date": slip.now.text if slip.now else None,
        "redatings": slip.redatings,
        **_figures(record, slip, day),
    }


def _figures(record: Recommendation, slip: Slip, day: date) -> dict[str, int | None]:
    """Return how far a target moved, how long ago the last update was, and how long the work took, each in days."""
    last = last_update(record, day)
    return {
        "slip_days": slip.days,
        "days_since_update": (day - last).days if last else None,
        "days_to_completion": _days_to_completion(record),
    }


def _medians(by: str, groups: Mapping[str, Sequence[Recommendation]], slips: Mapping[str, Slip], view: View) -> Table:
    rows: list[Row] = []
    for key, records in sorted(groups.items()):
        each = [_figures(record, slips[record.id], view.day) for record in records]
        row: dict[str, Cell] = {
            "key": key,
            "label": view.register.label(key) if by == "agency" else key,
            "total": len(records),
            "redated": sum(slips[record.id].redatings > 0 for record in records),
        }
        for figure in each[0]:
            values = [days for figures in each if (days := figures[figure]) is not None]
            row[figure] = round(median(values)) if values else None
            row[f"{figure}_of"] = len(values)
            row[f"{figure}_said"] = _median(values)
        rows.append(row)
    columns = (
        Column(key="key"),
        Column(key="label", label=by.capitalize()),
        Column(key="total", label="Total"),
        Column(key="redated", label="Re-dated"),
        *(
            column
            for figure, said in (
                ("slip_days", "Days slipped"),
                ("days_since_update", "Since update"),
                ("days_to_completion", "Done in"),
            )
            for column in (
                Column(key=figure),
                Column(key=f"{figure}_of"),
                Column(key=f"{figure}_said", label=said, program=False),
            )
        ),
    )
    return Table(name=f"by_{by}", title=f"By {by}, in medians", columns=columns, rows=tuple(rows))


def _median(values: Sequence[int]) -> str:
    if not values:
        return "not known"
    return f"{round(median(values)):,}{f' ({len(values)})' if len(values) < SMALL else ''}"


def _days_to_completion(record: Recommendation) -> int | None:
    """Return the days from the start date to the completion date, each at its last."""
    start, done = record.start_date, record.completion_date
    return (done.last - start.last).days if start and done else None


def burndown(found: Sequence[Count], day: date, commit: str | None) -> Report:
    """Report how many were open, overdue, complete and undated at the end of each period."""
    most = max((count.open + count.complete for count in found), default=0)
    rows: list[Row] = [
        {
            "as_of": count.day.isoformat(),
            "open": count.open,
            "overdue": count.overdue,
            "complete": count.complete,
            "undated": count.undated,
            "chart": Bar(count.open, most),
        }
        for count in found
    ]
    return Report(
        title=f"Open, overdue, complete and undated, until {long_day(day)}",
        as_of=day,
        commit=commit,
        tables=(
            Table(
                name="items",
                columns=(
                    Column(key="as_of", label="As of", whole=True),
                    Column(key="open", label="Open"),
                    Column(key="overdue", label="Overdue"),
                    Column(key="complete", label="Complete"),
                    Column(key="undated", label="Undated"),
                    Column(key="chart", label="Open", program=False),
                ),
                rows=tuple(rows),
                empty="No whole period ended in that time; begin earlier, or end later.",
            ),
        ),
        facts={"count": len(rows)},
        closing=("Counted from what was committed by the end of each day.",),
    )
