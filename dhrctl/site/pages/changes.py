"""The page of what changed lately: in the last cycle of updates."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from dhrctl.model.dates import add_months
from dhrctl.reports.view import Judged
from dhrctl.site.page import Page
from dhrctl.site.pages import paths
from dhrctl.site.pages.content import SiteContent
from dhrctl.site.pages.lists import ID, dates_in_words, shorten_cell, spread_tables
from dhrctl.table import Column, Report, Row, Table
from dhrctl.text.english import long_day

_MANY = 3
_COLUMNS = (Column(key="day", label="Day"), ID, Column(key="said", label="What changed"))


def first_recent_day(known: SiteContent) -> date:
    """Return the day from which on a change is of late."""
    return add_months(known.view.day, -known.view.register.settings.update_cycle_months)


def recent_events(judged: Judged, past: Report, known: SiteContent) -> Iterator[Row]:
    """Yield what happened to a recommendation of late, as rows that lead to its page."""
    start = first_recent_day(known)
    about = {
        "id": judged.record.id,
        "review": judged.record.review,
        "page": paths.recommendation_page(judged.record.id),
    }
    for event in past.tables[0].rows:
        if str(event["day"]) > start.isoformat():
            yield {**about, "day": event["day"], "said": event["said"]}
    due = judged.progress.due
    if judged.progress.days_overdue and due and due >= start:
        yield {**about, "day": (due + timedelta(days=1)).isoformat(), "said": f"fell overdue: it was due on {due}"}


def change_pages(found: Iterable[Row], known: SiteContent) -> Iterator[Page]:
    """Yield the pages of what changed lately, newest first."""
    rows = sorted(_merge_additions(found, known), key=_recency_key)
    span = f"from {long_day(first_recent_day(known) + timedelta(days=1))} to {long_day(known.view.day)}"
    page = Page(
        path=paths.CHANGES,
        title="What changed lately",
        lead=f"What changed {span}, the newest first." if rows else f"Nothing changed {span}.",
    )
    said = [
        {**row, "day": dates_in_words(row["day"]), "said": shorten_cell(dates_in_words(row["said"]))} for row in rows
    ]
    yield from spread_tables(page, (Table(title="Changes", columns=_COLUMNS, rows=tuple(said)),))


def _recency_key(row: Row) -> tuple[int, str]:
    return -date.fromisoformat(str(row["day"])).toordinal(), str(row["id"])


def _merge_additions(rows: Iterable[Row], known: SiteContent) -> Iterator[Row]:
    """Yield what happened; where many of a review were added on one day, in one row."""
    added: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row["said"] == "added":
            added[str(row["day"]), str(row["review"])].append(row)
        else:
            yield row
    for (day, review), found in added.items():
        if len(found) > _MANY:
            said = f"{len(found):,} recommendations added: {known.view.register.title(review)}"
            yield {"id": review, "day": day, "said": said, "page": paths.review_page(review)}
        else:
            yield from found
