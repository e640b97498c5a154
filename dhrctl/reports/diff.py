"""What changed in the register between two moments."""

from collections import Counter
from collections.abc import Sequence

from dhrctl.model.diff import Event, EventKind, Snapshot
from dhrctl.model.records import Recommendation
from dhrctl.model.status import current_leads
from dhrctl.reports.rows import labels
from dhrctl.table import Column, Report, Row, Table
from dhrctl.text.english import long_day, plural

_ORDER = {
    EventKind.COMPLETED: "Completed",
    EventKind.NEWLY_OVERDUE: "Newly overdue",
    EventKind.NEWLY_DUE: "Newly due",
    EventKind.REDATED: "Re-dated",
    EventKind.REOPENED: "Reopened",
    EventKind.LEAD_CHANGED: "Lead changed",
    EventKind.WORDING_CHANGED: "Wording changed",
    EventKind.ADDED: "Added",
    EventKind.REMOVED: "Removed",
    EventKind.UPDATED: "Updates given",
}

_NOTHING = (
    "Nothing was completed, reopened, re-dated or reworded, and nothing fell due; "
    "there is no new lead, recommendation or update."
)


def diff(
    found: Sequence[Event], old: Snapshot, new: Snapshot, by: str, commits: tuple[str | None, str | None]
) -> Report:
    """Report what changed in the register between two moments: the counts first, then each by review or agency."""
    tally = Counter(event.kind for event in found)
    counts = {kind.value: tally[kind] for kind in EventKind}
    rows = [_row(event, new, by) for event in sorted(found, key=lambda each: _place(each, new, by))]
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


def _place(event: Event, new: Snapshot, by: str) -> tuple[str, int, str]:
    return _group(event.record, new, by), list(_ORDER).index(event.kind), event.record.id


def _row(event: Event, new: Snapshot, by: str) -> Row:
    days = f" ({plural(abs(event.days), 'day')} {_direction(event)})" if event.days else ""
    said = f": {event.detail}" if event.detail else ""
    return {
        "change": event.kind,
        "id": event.record.id,
        "days": event.days,
        "group": _group(event.record, new, by),
        "said": f"{_ORDER[event.kind].replace('Updates', 'Update')}{said}{days}",
    }


def _direction(event: Event) -> str:
    if event.kind is not EventKind.REDATED:
        return "ago"
    return "later" if event.days and event.days > 0 else "earlier"


def _group(record: Recommendation, snapshot: Snapshot, by: str) -> str:
    if by == "agency":
        leads = current_leads(record.lead_agencies, snapshot.register, snapshot.day)
        return labels(leads or record.lead_agencies, snapshot.register)
    return snapshot.register.title(record.review)
