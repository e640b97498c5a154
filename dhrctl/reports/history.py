"""What happened to one recommendation, and how long it stood in each status."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from dhrctl.changes import Difference, Stay, Version, differences, explaining, stays
from dhrctl.model import Recommendation, Register, Update
from dhrctl.reports.answers import cells
from dhrctl.reports.rows import NO_WORDING, Asked, labels, long_day, plural, words
from dhrctl.table import Cell, Column, Layout, Report, Row, Table
from dhrctl.when import When

if TYPE_CHECKING:
    from datetime import date


def history(record: Recommendation, versions: Sequence[Version], asked: Asked, *, authors: bool = False) -> Report:
    """Tell every change of one recommendation, oldest first, and how long it stood in each status."""
    day = asked.day
    rows = _events(record, [version for version in versions if version.day <= day], asked)
    columns = tuple([Column(key=key) for key in ("day", "commit", "field", "from", "to", "update")])
    told = [{"name": row["day"], "said": _told(row, authors=authors)} for row in rows]
    return Report(
        title=f"{record.id}: history until {long_day(day)}",
        as_of=day,
        commit=asked.commit,
        opening=(record.recommendation or NO_WORDING,),
        tables=(
            Table(name="items", columns=columns, rows=tuple(rows)),
            Table(layout=Layout.RECORD, columns=_TOLD, rows=tuple(told), empty="Nothing of it is committed yet."),
            _stays(stays(versions, day)),
        ),
        facts={"count": len(rows)},
    )


_TOLD = (
    Column(key="name", label="Day", program=False, whole=True),
    Column(key="said", label="What changed", program=False),
)


def _told(row: Row, *, authors: bool) -> str:
    """Return a change in words, with its commit, and its author where that was asked for."""
    commit = f"commit {str(row['commit'])[:12]}" if row["commit"] else ""
    who = f"by {row['author']}" if authors and row["author"] else ""
    return "; ".join(part for part in (str(row["said"]), commit, who) if part)


def _events(record: Recommendation, versions: Sequence[Version], asked: Asked) -> list[Row]:
    rows: list[tuple[date, Row]] = []
    told: set[str] = set()
    earlier: Recommendation | None = None
    for place, version in enumerate(versions):
        now = version.record
        if now is None:
            rows.append((version.day, _row(version, said="taken away", old=earlier.id if earlier else None)))
        elif earlier is None:
            rows.append((version.day, _row(version, said="added" if not place else "put back", new=now.id)))
        else:
            if earlier.id != now.id:
                said = f"renumbered {earlier.id} → {now.id}"
                rows.append((version.day, _row(version, said=said, old=earlier.id, new=now.id)))
            for difference in differences(earlier, now):
                update = explaining(difference, record.updates, version.day)
                told |= {update.path} if update else set()
                rows.append((version.day, _changed(version, difference, update, asked.register)))
        earlier = now or earlier
    rows += [
        (update.date, _given(update, asked.register))
        for update in record.updates
        if update.path not in told and update.date <= asked.day
    ]
    return [row for _, row in sorted(rows, key=lambda each: each[0])]


def _row(version: Version, *, said: str, old: Cell = None, new: Cell = None) -> Row:
    return {
        "day": version.day.isoformat(),
        "commit": version.commit,
        "field": None,
        "from": old,
        "to": new,
        "update": None,
        "said": said,
        "author": version.author,
    }


def _changed(version: Version, difference: Difference, update: Update | None, register: Register) -> Row:
    reason = f" ({update.reason or update.text})" if update else ""
    row = _row(
        version,
        said=f"{_in_words(difference, register)}{reason}",
        old=cells(difference.old),
        new=cells(difference.new),
    )
    return {**row, "field": difference.field, "update": update.path if update else None}


def _given(update: Update, register: Register) -> Row:
    return {
        "day": update.date.isoformat(),
        "commit": None,
        "field": None,
        "from": None,
        "to": None,
        "update": update.path,
        "said": f"update by {register.label(update.agency)}: {update.text}",
        "author": None,
    }


def _in_words(difference: Difference, register: Register) -> str:
    """Say a change of a field: `target date 2022-03 → 2022-09 (6 months later)`."""
    name, old, new = words(difference.field.replace("_", "-")), difference.old, difference.new
    if isinstance(old or new, When):
        return f"{name} {old or 'none'} → {new or 'none'}{_later(old, new)}"
    if difference.field.endswith("agencies"):
        return f"{name} {labels(old, register) or 'none'} → {labels(new, register) or 'none'}"
    if isinstance(old or new, str) and "recommendation" not in name:
        return f"{name} {words(str(old)) or 'none'} → {words(str(new)) or 'none'}"
    if isinstance(old, tuple) and isinstance(new, tuple):
        return f"{name}: {_listed(old, new)}"
    return f"{name} reworded" if old and new else f"{name} given" if new else f"{name} taken out"


def _listed(old: Sequence[object], new: Sequence[object]) -> str:
    """Say what became of a list: how many came, went, or are other than they were."""
    came, went = len([each for each in new if each not in old]), len([each for each in old if each not in new])
    both = min(came, went)
    parts = ((both, "changed"), (came - both, "added"), (went - both, "taken out"))
    return ", ".join(f"{count} {what}" for count, what in parts if count) or "put in another order"


def _later(old: When | None, new: When | None) -> str:
    """Say by how much a date moved: in months where both are whole months or more, in days otherwise."""
    if not old or not new:
        return ""
    if len(old.text) == len(new.text) == len("YYYY-MM"):
        by = (new.last.year - old.last.year) * 12 + new.last.month - old.last.month
        span = plural(abs(by), "month")
    else:
        by = (new.last - old.last).days
        span = plural(abs(by), "day")
    return f" ({span} {'later' if by > 0 else 'earlier'})" if by else ""


def _stays(found: Iterable[Stay]) -> Table:
    rows: list[Row] = [
        {
            "status": stay.status,
            "since": stay.since.isoformat(),
            "until": stay.until.isoformat(),
            "days": stay.days,
        }
        for stay in found
    ]
    columns = (
        Column(key="status", label="Status"),
        Column(key="since", label="Since", whole=True),
        Column(key="until", label="Until", whole=True),
        Column(key="days", label="Days"),
    )
    return Table(name="statuses", title="Time in each status", columns=columns, rows=tuple(rows))
