"""What changed in the register between two moments."""

from collections import Counter
from collections.abc import Sequence

from dhrctl.model.history import Happening, Kind, Moment
from dhrctl.model.records import Recommendation
from dhrctl.model.status import current_leads
from dhrctl.reports.rows import labels
from dhrctl.table import Column, Report, Row, Table
from dhrctl.text.english import long_day, plural

_ORDER = {
    Kind.COMPLETED: "Completed",
    Kind.NEWLY_OVERDUE: "Newly overdue",
    Kind.NEWLY_DUE: "Newly due",
    Kind.REDATED: "Re-dated",
    Kind.REOPENED: "Reopened",
    Kind.LEAD_CHANGED: "Lead changed",
    Kind.WORDING_CHANGED: "Wording changed",
    Kind.ADDED: "Added",
    Kind.REMOVED: "Removed",
    Kind.UPDATED: "Updates given",
}

_NOTHING = (
    "Nothing was completed, reopened, re-dated or reworded, and nothing fell due; "
    "there is no new lead, recommendation or update."
)


def diff(
    found: Sequence[Happening], old: Moment, new: Moment, by: str, commits: tuple[str | None, str | None]
) -> Report:
    """Tell what changed in the register between two moments: the counts first, then each by review or agency."""
    tally = Counter(happening.kind for happening in found)
    counts = {kind.value: tally[kind] for kind in Kind}
    rows = [_happened(happening, new, by) for happening in sorted(found, key=lambda each: _place(each, new, by))]
    columns = (
        Column(key="change"),
        Column(key="id", label="ID", whole=True),
        Column(key="days"),
        Column(key="group", label=by.capitalize(), program=False),
        Column(key="said", label="What changed", program=False),
    )
    counted: list[Row] = [{"label": label, "count": tally[kind]} for kind, label in _ORDER.items() if tally[kind]]
    return Report(
        title=f"What changed from {long_day(old.day)} to {long_day(new.day)}",
        as_of=new.day,
        commit=commits[1],
        opening=(f"Compared with commit {commits[0]}.",),
        tables=(
            Table(
                columns=(
                    Column(key="label", label="Change", program=False),
                    Column(key="count", label="Number", program=False),
                ),
                rows=tuple(counted),
                empty=_NOTHING,
            ),
            Table(name="items", columns=columns, rows=tuple(rows)),
        ),
        facts={"count": len(rows), "counts": counts, "from": {"day": old.day.isoformat(), "commit": commits[0]}},
    )


def _place(happening: Happening, new: Moment, by: str) -> tuple[str, int, str]:
    return _group(happening.record, new, by), list(_ORDER).index(happening.kind), happening.record.id


def _happened(happening: Happening, new: Moment, by: str) -> Row:
    days = f" ({plural(abs(happening.days), 'day')} {_direction(happening)})" if happening.days else ""
    said = f": {happening.said}" if happening.said else ""
    return {
        "change": happening.kind,
        "id": happening.record.id,
        "days": happening.days,
        "group": _group(happening.record, new, by),
        "said": f"{_ORDER[happening.kind].replace('Updates', 'Update')}{said}{days}",
    }


def _direction(happening: Happening) -> str:
    if happening.kind is not Kind.REDATED:
        return "ago"
    return "later" if happening.days and happening.days > 0 else "earlier"


def _group(record: Recommendation, moment: Moment, by: str) -> str:
    if by == "agency":
        leads = current_leads(record.lead_agencies, moment.register, moment.day)
        return labels(leads or record.lead_agencies, moment.register)
    return moment.register.title(record.review)
