"""The pages about the whole register: the overview, what is overdue, and what has no target date."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dhrctl.model.audience import Audience
from dhrctl.model.history import Count
from dhrctl.model.records import Status
from dhrctl.model.status import Timeliness
from dhrctl.reports import small_numbers
from dhrctl.reports.answers import describe_undated, find_late, overdue
from dhrctl.reports.counts import groups, headline
from dhrctl.reports.rows import LEAD, RAG_STATUS, TARGET, WORDING
from dhrctl.site.page import Figures, Links, Page, PagePart, Words
from dhrctl.site.pages import figures, paths
from dhrctl.site.pages.content import SiteContent
from dhrctl.site.pages.lists import ID, dates_in_words, row, spread_tables
from dhrctl.table import Column, Table
from dhrctl.text.english import long_day, plural

_WORST = 10
_LISTED = 12
_DAYS = Column(key="days", label="Days overdue")


def overview(known: SiteContent) -> Iterator[Page]:
    """Yield the first page: how many stand where, the worst, each agency and review, and how it came to be."""
    view = known.view
    page = Page(
        path=paths.OVERVIEW,
        title=view.register.settings.title,
        lead=headline(view) if view.is_small else f"{headline(view)} {describe_undated(view)}",
        parts=(
            _figures(known),
            *_worst_overdue(known),
            *figures.agency_chart(view),
            *(() if view.is_small else figures.burndown_chart(_publishable_counts(known))),
            *_reviews(known),
        ),
    )
    yield from spread_tables(page, (_commitments(known),))


def _commitments(known: SiteContent) -> Table:
    rows = [{**each, "page": paths.review_page(str(each["review"]))} for each in known.commitments.rows]
    return replace(known.commitments, rows=tuple(rows))


def _publishable_counts(known: SiteContent) -> Sequence[Count]:
    """Return the counts of past periods, for the public without those of too few to be broken down."""
    public = known.view.audience is Audience.PUBLIC
    return [count for count in known.counts if not public or count.open + count.complete >= small_numbers.FEWEST]


def _figures(known: SiteContent) -> Figures:
    judged = known.view.judged
    if known.view.is_small:
        return Figures(rows=(("In total", len(judged), paths.REVIEWS),))
    still = [each for each in judged if each.record.status.is_open]
    without = sum(each.progress.timeliness is Timeliness.NO_TARGET_DATE for each in still)
    done = sum(each.record.status is Status.COMPLETE for each in judged)
    return Figures(
        rows=(
            ("In total", len(judged), paths.REVIEWS),
            ("Open", len(still), ""),
            ("Overdue", len(find_late(known.view)), paths.OVERDUE),
            ("No target date", without, paths.UNDATED),
            ("Complete", done, ""),
        )
    )


def _worst_overdue(known: SiteContent) -> Iterator[PagePart]:
    table = _overdue_table(known)
    if not table.rows:
        yield Words(title="Overdue", sentences=(table.empty,))
        return
    left = len(table.rows) - _WORST
    title = "Overdue" if left <= 0 else f"Longest overdue: {_WORST} of {len(table.rows):,}"
    yield replace(table, title=title, rows=table.rows[:_WORST])
    if left > 0:
        yield Links(rows=((f"All {len(table.rows):,} that are overdue", paths.OVERDUE, ""),))


def _overdue_table(known: SiteContent) -> Table:
    (table,) = overdue(known.view).tables
    rows = [
        {**each, "target": dates_in_words(each["target"]), "page": paths.recommendation_page(str(each["id"]))}
        for each in table.rows
    ]
    return replace(table, columns=(ID, WORDING, LEAD, TARGET, _DAYS), rows=tuple(rows))


def _reviews(known: SiteContent) -> Iterator[PagePart]:
    found = len(known.judged_by_review)
    if found <= _LISTED:
        yield figures.link_rows(groups(known.view, "review"), known.view)
    else:
        yield Links(title="Reviews", rows=((f"All {found:,} reviews", paths.REVIEWS, ""),))


def overdue_pages(known: SiteContent) -> Iterator[Page]:
    """Yield the pages of everything that is overdue, worst first."""
    table = _overdue_table(known)
    page = Page(
        path=paths.OVERDUE,
        title="Overdue",
        lead=f"{plural(len(table.rows), 'recommendation')} overdue on {long_day(known.view.day)}, the longest first. {describe_undated(known.view)}",
    )
    yield from spread_tables(page, (table,))


def undated_pages(known: SiteContent) -> Iterator[Page]:
    """Yield the pages of everything that is open and has no target date, by review."""
    page = Page(path=paths.UNDATED, title="No target date", lead=describe_undated(known.view))
    yield from spread_tables(page, _undated_tables(known))


def _undated_tables(known: SiteContent) -> Iterator[Table]:
    for review, judged in known.judged_by_review.items():
        rows = [row(each, known.view) for each in judged if each.progress.timeliness is Timeliness.NO_TARGET_DATE]
        yield Table(title=known.view.register.title(review), columns=(ID, WORDING, LEAD, RAG_STATUS), rows=tuple(rows))
