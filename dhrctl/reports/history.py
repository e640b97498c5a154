"""What happened to one recommendation, and how long it stood in each status."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from dhrctl.model.audience import Audience
from dhrctl.model.edtf import When
from dhrctl.model.history import Difference, StatusPeriod, Version, differences, find_explanation, list_status_periods
from dhrctl.model.records import Recommendation, Register, Update
from dhrctl.reports.answers import plain_cell
from dhrctl.reports.rows import NO_WORDING, labels
from dhrctl.reports.view import Judged, View
from dhrctl.table import Cell, Column, MarkdownText, Report, Row, Stack, Table
from dhrctl.text.english import long_day, plain_words, plural

if TYPE_CHECKING:
    from datetime import date


def history(record: Recommendation, versions: Sequence[Version], view: View, *, authors: bool = False) -> Report:
    """Report every change of one recommendation, oldest first, and how long it stood in each status.

    The public sees of git the days alone.
    """
    day = view.day
    rows = _events(record, [version for version in versions if version.day <= day], view)
    hidden = {"short"} if view.audience is Audience.PUBLIC else set()
    who = (Column(key="author", label="Author"),) if authors else ()
    columns = (*[column for column in _COLUMNS if column.key not in hidden], *who)
    return Report(
        title=f"{record.id}: history until {long_day(day)}",
        as_of=day,
        commit=view.commit,
        opening=(record.recommendation or NO_WORDING,),
        tables=(
            Table(name="items", columns=columns, rows=tuple(rows), empty="Nothing is known of it by that day."),
            _status_periods(list_status_periods(versions, day)),
        ),
        facts={"count": len(rows)},
        closing=_describe_uncommitted(record, versions),
    )


_COLUMNS = (
    Column(key="day", label="Day", whole=True),
    Column(key="commit"),
    Column(key="short", label="Commit", program=False, whole=True),
    Column(key="field"),
    Column(key="from"),
    Column(key="to"),
    Column(key="update"),
    Column(key="said", label="What changed", program=False),
)


def _describe_uncommitted(record: Recommendation, versions: Sequence[Version]) -> tuple[str, ...]:
    """Say what of the file is not as it was committed last."""
    if not versions:
        return ("Nothing of it is committed yet.",)
    last = versions[-1].record
    names = [_field_label(difference) for difference in differences(last, record)] if last else []
    return (f"Not committed yet: {', '.join(names)}.",) if names else ()


def _events(record: Recommendation, versions: Sequence[Version], view: View) -> list[Row]:
    rows: list[tuple[date, Row]] = []
    told: set[str] = set()
    earlier: Recommendation | None = None
    for place, version in enumerate(versions):
        rows += [(version.day, row) for row in _lifecycle_rows(version, earlier, versions[:place])]
        for difference in differences(earlier, version.record) if earlier and version.record else ():
            update = find_explanation(difference, record.updates, version.day, versions[:place])
            told |= {update.path} if update else set()
            rows.append((version.day, _change_row(version, difference, update, view.register)))
        earlier = version.record or earlier
    rows += [
        (update.date, _update_row(update, view.register))
        for update in record.updates
        if update.path not in told and update.date <= view.day
    ]
    return [row for _, row in sorted(rows, key=itemgetter(0))]


def _lifecycle_rows(version: Version, earlier: Recommendation | None, before: Sequence[Version]) -> Iterator[Row]:
    """Yield what a commit did to a recommendation as a whole: it came, went, came back, or has another id."""
    now = version.record
    if not version.readable:
        yield _row(version, said="left in a state that cannot be read")
    elif now is None:
        yield _row(version, said="removed", old=earlier.id if earlier else None)
    elif earlier is None:
        yield _row(version, said="added", new=now.id)
    else:
        if before[-1].readable and before[-1].record is None:
            yield _row(version, said="put back", new=now.id)
        if earlier.id != now.id:
            yield _row(version, said=f"renumbered {earlier.id} → {now.id}", old=earlier.id, new=now.id)


def _row(version: Version, *, said: Cell, old: Cell = None, new: Cell = None) -> Row:
    return {
        "day": version.day.isoformat(),
        "commit": version.commit,
        "short": version.commit[:12],
        "field": None,
        "from": old,
        "to": new,
        "update": None,
        "said": said,
        "author": version.author,
    }


def _change_row(version: Version, difference: Difference, update: Update | None, register: Register) -> Row:
    said = _describe_change(difference, register)
    row = _row(
        version,
        said=_add_texts(said, update.reason or update.text) if update else said,
        old=plain_cell(difference.old),
        new=plain_cell(difference.new),
    )
    return {**row, "field": difference.field, "update": update.path if update else None}


def _add_texts(what: str, *texts: str) -> Cell:
    """Return what happened, and what was said of it where that may be seen."""
    said = [MarkdownText(text) for text in texts if text]
    return Stack((f"{what}:", *said)) if said else what


def _update_row(update: Update, register: Register) -> Row:
    return {
        "day": update.date.isoformat(),
        "commit": None,
        "short": None,
        "field": None,
        "from": None,
        "to": None,
        "update": update.path,
        "said": _add_texts(
            f"update by {register.label(update.agency)}",
            update.text,
            f"Reason: {update.reason}" if update.reason else "",
        ),
        "author": None,
    }


def _describe_change(difference: Difference, register: Register) -> str:
    """Say a change of a field: `target date 2022-03 → 2022-09 (6 months later)`."""
    name, old, new = _field_label(difference), difference.old, difference.new
    if difference.field in _LONG:
        return f"{name} {'changed' if old and new else 'given' if new else 'taken out'}"
    if isinstance(new, tuple) and difference.field not in _IDS:
        return f"{name}: {_describe_list_change(old, new)}"
    return f"{name} {_describe_value(old, register)} → {_describe_value(new, register)}{_describe_move(old, new)}"


_LONG = frozenset({"recommendation", "as_stated", "source"})
_IDS = frozenset({"lead_agencies", "supporting_agencies", "related", "superseded_by"})


def _describe_value(value: Any, register: Register) -> str:  # noqa: ANN401 - a field of any kind
    if isinstance(value, tuple):
        value = labels(value, register)
    return plain_words(value) if isinstance(value, StrEnum) else str(value or "none")


def _field_label(difference: Difference) -> str:
    """Return what people call a field."""
    return "wording" if difference.field == "recommendation" else difference.field.replace("_", " ")


def _describe_list_change(old: Sequence[object], new: Sequence[object]) -> str:
    """Say what became of a list: how many came, went, or are other than they were."""
    came, went = len([each for each in new if each not in old]), len([each for each in old if each not in new])
    both = min(came, went)
    parts = ((both, "changed"), (came - both, "added"), (went - both, "taken out"))
    return ", ".join(f"{count} {what}" for count, what in parts if count) or "put in another order"


def _describe_move(old: Any, new: Any) -> str:  # noqa: ANN401 - a field of any kind
    """Say by how much a date moved: in years or months where both are whole ones, in days otherwise."""
    if not isinstance(old, When) or not isinstance(new, When):
        return ""
    if len(old.text) == len(new.text) == len("YYYY"):
        by = new.last.year - old.last.year
        span = plural(abs(by), "year")
    elif len(old.text) == len(new.text) == len("YYYY-MM"):
        by = (new.last.year - old.last.year) * 12 + new.last.month - old.last.month
        span = plural(abs(by), "month")
    else:
        by = (new.last - old.last).days
        span = plural(abs(by), "day")
    return f" ({span} {'later' if by > 0 else 'earlier'})" if by else ""


def _status_periods(found: Iterable[StatusPeriod]) -> Table:
    rows: list[Row] = [
        {
            "status": stay.status,
            "said": plain_words(stay.status),
            "since": stay.since.isoformat(),
            "until": stay.until.isoformat(),
            "days": stay.days,
        }
        for stay in found
    ]
    columns = (
        Column(key="status"),
        Column(key="said", label="Status", program=False),
        Column(key="since", label="Since", whole=True),
        Column(key="until", label="Until", whole=True),
        Column(key="days", label="Days"),
    )
    return Table(name="statuses", title="Time in each status", columns=columns, rows=tuple(rows))


def news(view: View, timelines: Mapping[str, Sequence[Version]], most: int) -> tuple[Row, ...]:
    """Return the newest changes of the recommendations in view, as rows of their histories with the `id` of each."""
    found = [row for judged in view.judged for row in _history_rows(judged, timelines, view)]
    return tuple(sorted(found, key=lambda row: str(row["day"]), reverse=True)[:most])


def _history_rows(judged: Judged, timelines: Mapping[str, Sequence[Version]], view: View) -> list[Row]:
    record = judged.record
    told = history(record, timelines.get(record.id, ()), view).tables[0].rows
    about = {"id": record.id, "review": record.review, "wording": record.recommendation or NO_WORDING}
    return [{**row, **about} for row in told]
