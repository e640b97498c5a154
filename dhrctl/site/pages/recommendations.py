"""The pages of recommendations: each whole, with its updates and its timeline."""

from collections.abc import Iterator
from dataclasses import replace

from dhrctl.reports.answers import describe_recommendation
from dhrctl.reports.history import history
from dhrctl.reports.rows import NO_WORDING, describe_rag
from dhrctl.reports.view import Judged
from dhrctl.site.page import Links, Page, PagePart
from dhrctl.site.pages import paths
from dhrctl.site.pages.content import SiteContent
from dhrctl.site.pages.lists import dates_in_words, shorten_cell, spread_tables
from dhrctl.site.pages.reviews import TRAIL
from dhrctl.table import Report, Row, Table


def recommendation_history(judged: Judged, known: SiteContent) -> Report:
    """Return the history of a recommendation."""
    return history(judged.record, known.timelines.get(judged.record.id, ()), known.view)


def recommendation_pages(
    judged: Judged, past: Report, known: SiteContent, beside: tuple[tuple[str, str], ...]
) -> Iterator[Page]:
    """Yield the page of a recommendation, and more where its updates are many; `beside` are those before and after it."""
    record = judged.record
    _, facts, *lists = describe_recommendation(known.view_of((judged,))).tables
    updates = [_put_dates_in_words(table, "name") for table in lists if table.title == _UPDATES]
    page = Page(
        path=paths.recommendation_page(record.id),
        title=f"Recommendation {record.number}",
        above=known.view.register.title(record.review),
        lead=record.recommendation or NO_WORDING,
        tag=describe_rag(judged),
        trail=(*TRAIL, (known.view.register.title(record.review), paths.review_page(record.review))),
        parts=(
            _link_facts(facts, judged, known),
            *_related_links(judged, known),
            *(
                _put_dates_in_words(table, "said") if table.title in _DATED else table
                for table in lists
                if table.title != _UPDATES
            ),
        ),
        beside=beside,
    )
    yield from spread_tables(page, (*updates, *_timeline_tables(past)))


_UPDATES = "Updates"
_DATED = frozenset({"Actions to take", "Key milestones"})


def _timeline_tables(past: Report) -> Iterator[Table]:
    """Yield the timeline of a recommendation and its time in each status."""
    events, stays = past.tables
    rows = tuple([{**row, "said": shorten_cell(row["said"])} for row in events.rows])
    yield _put_dates_in_words(replace(events, title="Timeline", rows=rows), "day", "said")
    yield _put_dates_in_words(stays, "since", "until")


def _put_dates_in_words(table: Table, *keys: str) -> Table:
    """Return a table with the dates of some columns in words."""
    rows = [{**row, **{key: dates_in_words(row[key]) for key in keys}} for row in table.rows]
    return replace(table, rows=tuple(rows))


def _link_facts(facts: Table, judged: Judged, known: SiteContent) -> Table:
    """Return the facts of a recommendation with the pages that they lead to, and without those shown elsewhere."""
    record, leads = judged.record, judged.progress.current_leads
    to = {"Review": paths.review_page(record.review), "Section": known.sections[record.review][record.section]}
    if len(leads) == 1 and leads[0] in known.view.register.agencies:
        to["Lead"] = paths.agency_page(leads[0])
    rows = [
        {**row, "page": to.get(str(row["name"])), "said": dates_in_words(row["said"]) if _is_date(row) else row["said"]}
        for row in facts.rows
        if row["name"] not in _ELSEWHERE
    ]
    return replace(facts, rows=tuple(rows))


_ELSEWHERE = frozenset({"Standing", "Related", "Superseded by"})


def _is_date(row: Row) -> bool:
    return str(row["name"]).endswith(" date")


def _related_links(judged: Judged, known: SiteContent) -> Iterator[PagePart]:
    """Yield the recommendations that one names, as links where they are in the register."""
    record = judged.record
    for title, ids in (("Superseded by", record.superseded_by), ("Related", record.related)):
        if ids:
            links = [(each, paths.recommendation_page(each) if each in known.ids else "", "") for each in ids]
            yield Links(title=title, rows=tuple(links))
