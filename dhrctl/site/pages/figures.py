"""The charts of the site, each with its numbers in a table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from dhrctl.model.edtf import When
from dhrctl.model.history import Count, Slip, Version, slip
from dhrctl.model.records import Recommendation
from dhrctl.reports import small_numbers
from dhrctl.reports.counts import JOINT, groups
from dhrctl.reports.view import Judged, View
from dhrctl.site.page import PagePart, Stacked, Steps, Target, Targets
from dhrctl.site.pages import paths
from dhrctl.site.pages.lists import dates_in_words
from dhrctl.table import Column, Row, Table
from dhrctl.text.english import long_day, plural

MOST = 20
DRAWN = 40
_KINDS = {
    "overdue": "Overdue",
    "due-soon": "Due soon",
    "on-track": "On track",
    "no-target-date": "No target date",
    "complete": "Complete",
    "closed": "Closed for another reason",
}


def link_rows(table: Table, view: View) -> Table:
    """Return counts by review or agency of which each row leads to its page."""
    known = {**{key: paths.review_page(key) for key in _reviews(view)}, **_agencies(view)}
    rows = [{**row, "page": known.get(str(row["key"]))} for row in table.rows]
    return replace(table, rows=tuple(rows))


def _reviews(view: View) -> Sequence[str]:
    return tuple({**view.register.reviews, **{judged.record.review: None for judged in view.judged}})


def _agencies(view: View) -> Mapping[str, str]:
    return {key: paths.agency_page(key) for key in view.register.agencies}


def agency_chart(view: View, *, every: bool = False) -> tuple[()] | tuple[Stacked, Table]:
    """Draw how the recommendations of each agency stand, those with the most first; count these, or every agency's."""
    table = groups(view, "agency")
    if not table.rows:
        return ()
    first = sorted(table.rows, key=lambda row: -_number(row["total"]))[:MOST]
    bars = [(str(row["label"]), _pieces(row)) for row in first]
    hidden = any(pieces[-1] for _, pieces in bars)
    chart = Stacked(
        title="Where each agency stands",
        about=" ".join(_agency_sentences(len(table.rows), hidden=hidden)),
        kinds=(*_KINDS.values(), *([_WHOLE] if hidden else [])),
        bars=tuple(bars),
    )
    numbers = replace(table, title=f"{chart.title}: the numbers", rows=table.rows if every else tuple(first))
    return (chart, link_rows(numbers, view))


_WHOLE = "Not broken down"


def _agency_sentences(count: int, *, hidden: bool) -> Iterator[str]:
    yield f"A bar for each agency that leads now, of the recommendations that it leads. {JOINT}"
    if count > MOST:
        yield f"The {MOST} agencies with the most are drawn, of {count:,}; the page of agencies counts them all."
    if hidden:
        yield small_numbers.RULE


def _pieces(row: Row) -> tuple[int, ...]:
    """Return the counts of a group by kind, and last what is not broken down of it."""
    counts = tuple([_number(row[key]) for key in _KINDS])
    return (*counts, _number(row["total"]) - sum(counts))


def _number(cell: object) -> int:
    return cell if isinstance(cell, int) else 0


def burndown_chart(counts: Sequence[Count]) -> tuple[PagePart, ...]:
    """Draw how many were open, overdue and undated at the end of each period, and give the numbers."""
    if not counts:
        return ()
    last = counts[-1]
    chart = Steps(
        title="Open and overdue over time",
        about=(
            f"From the end of {long_day(counts[0].day)} to that of {long_day(last.day)}, when {last.open:,} were open: "
            f"{last.overdue:,} overdue, and {last.undated:,} without a target date. As committed by each day."
        ),
        days=tuple([count.day for count in counts]),
        open=tuple([count.open for count in counts]),
        overdue=tuple([count.overdue for count in counts]),
        undated=tuple([count.undated for count in counts]),
    )
    rows: list[Row] = [
        {
            "period": long_day(count.day),
            "open": count.open,
            "overdue": count.overdue,
            "undated": count.undated,
            "complete": count.complete,
        }
        for count in counts
    ]
    labels = {"period": "At the end of", "open": "Open", "overdue": "Overdue", "undated": "No target date"}
    columns = [Column(key=key, label=label) for key, label in {**labels, "complete": "Complete"}.items()]
    return (chart, Table(title=f"{chart.title}: the numbers", columns=tuple(columns), rows=tuple(rows)))


def target_chart(
    judged: Sequence[Judged], timelines: Mapping[str, Sequence[Version]], day: date, *, whole_ids: bool = False
) -> tuple[PagePart, ...]:
    """Draw the first target dates of recommendations, and how far each was moved; and give them in a table."""
    dated = [(each.record, target) for each in judged if (target := each.record.target_date)]
    dated.sort(key=lambda pair: (pair[1].last, pair[0].id))
    if not dated:
        return ()
    rows, drawn = [], []
    for record, target in dated[:DRAWN]:
        slipped = slip(record, timelines.get(record.id, ()), day)
        rows.append(_dates(record, slipped, whole_id=whole_ids))
        drawn.append(_target(record, target, slipped, whole_id=whole_ids))
    about = (_LEGEND, *_omission_sentences(len(judged) - len(dated), len(dated) - DRAWN))
    chart = Targets(title="Target dates", about=" ".join(about), day=day, targets=tuple(drawn))
    return (chart, Table(title=f"{chart.title}: the numbers", columns=_TARGETS, rows=tuple(rows)))


_LEGEND = (
    "A dot is a target of one day, a bar a target of a month, a year or longer; a hollow one is closed. An arrow leads "
    "from the target that was recorded first."
)
_TARGETS = (
    Column(key="id", label="ID", whole=True),
    Column(key="first", label="First target", whole=True),
    Column(key="target", label="Target now", whole=True),
    Column(key="redatings", label="Times moved"),
    Column(key="days", label="Days moved"),
)


def _omission_sentences(without: int, further: int) -> Iterator[str]:
    if without > 0:
        yield f"{plural(without, 'recommendation')} without a target date cannot be drawn."
    if further > 0:
        yield f"The first {DRAWN} are drawn; the other {further:,} are in the lists alone."


def _dates(record: Recommendation, slipped: Slip, *, whole_id: bool) -> Row:
    return {
        "id": record.id if whole_id else record.number,
        "first": dates_in_words(str(slipped.first)),
        "target": dates_in_words(str(record.target_date)),
        "redatings": slipped.redatings,
        "days": slipped.days,
        "page": paths.recommendation_page(record.id),
    }


def _target(record: Recommendation, target: When, slipped: Slip, *, whole_id: bool) -> Target:
    moved = slipped.first if slipped.first and slipped.first.last != target.last else None
    return Target(
        label=record.id if whole_id else f"{record.number}: {dates_in_words(str(target))}",
        first=target.first,
        last=target.last,
        moved_from=moved.last if moved else None,
        closed=not record.status.is_open,
    )
