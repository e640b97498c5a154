"""The pages of recommendations: each whole, with its updates and its timeline."""

from collections.abc import Iterator
from dataclasses import replace

from dhrctl.reports.answers import shown
from dhrctl.reports.history import history
from dhrctl.reports.rows import NO_WORDING, Judged, standing
from dhrctl.site.page import Links, Page, Part
from dhrctl.site.pages import paths
from dhrctl.site.pages.known import Known
from dhrctl.site.pages.lists import brief, in_words, spread
from dhrctl.site.pages.reviews import TRAIL
from dhrctl.table import Report, Row, Table


def told(judged: Judged, known: Known) -> Report:
    """Return the history of a recommendation."""
    return history(judged.record, known.timelines.get(judged.record.id, ()), known.asked)


def pages(judged: Judged, past: Report, known: Known, beside: tuple[tuple[str, str], ...]) -> Iterator[Page]:
    """Yield the page of a recommendation, and more where its updates are many; `beside` are those before and after it."""
    record = judged.record
    _, facts, *lists = shown(known.only((judged,))).tables
    updates = [_dated(table, "name") for table in lists if table.title == _UPDATES]
    page = Page(
        path=paths.of_recommendation(record.id),
        title=f"Recommendation {record.number}",
        above=known.asked.register.title(record.review),
        lead=record.recommendation or NO_WORDING,
        tag=standing(judged),
        trail=(*TRAIL, (known.asked.register.title(record.review), paths.of_review(record.review))),
        parts=(
            _linked(facts, judged, known),
            *_related(judged, known),
            *(_dated(table, "said") if table.title in _DATED else table for table in lists if table.title != _UPDATES),
        ),
        beside=beside,
    )
    yield from spread(page, (*updates, *_past(past)))


_UPDATES = "Updates"
_DATED = frozenset({"Actions to take", "Key milestones"})


def _past(past: Report) -> Iterator[Table]:
    """Yield the timeline of a recommendation and its time in each status."""
    events, stays = past.tables
    rows = tuple([{**row, "said": brief(row["said"])} for row in events.rows])
    yield _dated(replace(events, title="Timeline", rows=rows), "day", "said")
    yield _dated(stays, "since", "until")


def _dated(table: Table, *keys: str) -> Table:
    """Return a table with the dates of some columns in words."""
    rows = [{**row, **{key: in_words(row[key]) for key in keys}} for row in table.rows]
    return replace(table, rows=tuple(rows))


def _linked(facts: Table, judged: Judged, known: Known) -> Table:
    """Return the facts of a recommendation with the pages that they lead to, and without those told elsewhere."""
    record, leads = judged.record, judged.progress.current_leads
    to = {"Review": paths.of_review(record.review), "Section": known.sections[record.review][record.section]}
    if len(leads) == 1 and leads[0] in known.asked.register.agencies:
        to["Lead"] = paths.of_agency(leads[0])
    rows = [
        {**row, "page": to.get(str(row["name"])), "said": in_words(row["said"]) if _is_date(row) else row["said"]}
        for row in facts.rows
        if row["name"] not in _ELSEWHERE
    ]
    return replace(facts, rows=tuple(rows))


_ELSEWHERE = frozenset({"Standing", "Related", "Superseded by"})


def _is_date(row: Row) -> bool:
    return str(row["name"]).endswith(" date")


def _related(judged: Judged, known: Known) -> Iterator[Part]:
    """Yield the recommendations that one names, as links where they are in the register."""
    record = judged.record
    for title, ids in (("Superseded by", record.superseded_by), ("Related", record.related)):
        if ids:
            links = [(each, paths.of_recommendation(each) if each in known.ids else "", "") for each in ids]
            yield Links(title=title, rows=tuple(links))
