"""The pages about the whole register: the overview, what is overdue, and what has no target date."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dhrctl.model.audience import Audience
from dhrctl.model.history import Count
from dhrctl.model.records import Status
from dhrctl.model.status import Timeliness
from dhrctl.reports import small_numbers
from dhrctl.reports.answers import late, overdue, undated
from dhrctl.reports.counts import groups, headline
from dhrctl.reports.rows import LEAD, STANDING, TARGET, WORDING
from dhrctl.site.page import Figures, Links, Page, Part, Words
from dhrctl.site.pages import figures, paths
from dhrctl.site.pages.known import Known
from dhrctl.site.pages.lists import ID, in_words, row, spread
from dhrctl.table import Column, Table
from dhrctl.text.english import long_day, plural

_WORST = 10
_LISTED = 12
_DAYS = Column(key="days", label="Days overdue")


def overview(known: Known) -> Iterator[Page]:
    """Yield the first page: how many stand where, the worst, each agency and review, and how it came to be."""
    asked = known.asked
    page = Page(
        path=paths.OVERVIEW,
        title=asked.register.settings.title,
        lead=headline(asked) if asked.few else f"{headline(asked)} {undated(asked)}",
        parts=(
            _figures(known),
            *_worst(known),
            *figures.by_agency(asked),
            *(() if asked.few else figures.burndown(_told(known))),
            *_reviews(known),
        ),
    )
    yield from spread(page, (_promised(known),))


def _promised(known: Known) -> Table:
    rows = [{**each, "page": paths.of_review(str(each["review"]))} for each in known.commitments.rows]
    return replace(known.commitments, rows=tuple(rows))


def _told(known: Known) -> Sequence[Count]:
    """Return the counts of past periods, for the public without those of too few to be broken down."""
    public = known.asked.audience is Audience.PUBLIC
    return [count for count in known.counts if not public or count.open + count.complete >= small_numbers.FEWEST]


def _figures(known: Known) -> Figures:
    judged = known.asked.judged
    if known.asked.few:
        return Figures(rows=(("In total", len(judged), paths.REVIEWS),))
    still = [each for each in judged if each.record.status.is_open]
    without = sum(each.progress.timeliness is Timeliness.NO_TARGET_DATE for each in still)
    done = sum(each.record.status is Status.COMPLETE for each in judged)
    return Figures(
        rows=(
            ("In total", len(judged), paths.REVIEWS),
            ("Open", len(still), ""),
            ("Overdue", len(late(known.asked)), paths.OVERDUE),
            ("No target date", without, paths.UNDATED),
            ("Complete", done, ""),
        )
    )


def _worst(known: Known) -> Iterator[Part]:
    table = _overdue(known)
    if not table.rows:
        yield Words(title="Overdue", sentences=(table.empty,))
        return
    left = len(table.rows) - _WORST
    title = "Overdue" if left <= 0 else f"Longest overdue: {_WORST} of {len(table.rows):,}"
    yield replace(table, title=title, rows=table.rows[:_WORST])
    if left > 0:
        yield Links(rows=((f"All {len(table.rows):,} that are overdue", paths.OVERDUE, ""),))


def _overdue(known: Known) -> Table:
    (table,) = overdue(known.asked).tables
    rows = [
        {**each, "target": in_words(each["target"]), "page": paths.of_recommendation(str(each["id"]))}
        for each in table.rows
    ]
    return replace(table, columns=(ID, WORDING, LEAD, TARGET, _DAYS), rows=tuple(rows))


def _reviews(known: Known) -> Iterator[Part]:
    found = len(known.of_review)
    if found <= _LISTED:
        yield figures.linked(groups(known.asked, "review"), known.asked)
    else:
        yield Links(title="Reviews", rows=((f"All {found:,} reviews", paths.REVIEWS, ""),))


def overdue_pages(known: Known) -> Iterator[Page]:
    """Yield the pages of everything that is overdue, worst first."""
    table = _overdue(known)
    page = Page(
        path=paths.OVERDUE,
        title="Overdue",
        lead=f"{plural(len(table.rows), 'recommendation')} overdue on {long_day(known.asked.day)}, the longest first. {undated(known.asked)}",
    )
    yield from spread(page, (table,))


def undated_pages(known: Known) -> Iterator[Page]:
    """Yield the pages of everything that is open and has no target date, by review."""
    page = Page(path=paths.UNDATED, title="No target date", lead=undated(known.asked))
    yield from spread(page, _undated(known))


def _undated(known: Known) -> Iterator[Table]:
    for review, judged in known.of_review.items():
        rows = [row(each, known.asked) for each in judged if each.progress.timeliness is Timeliness.NO_TARGET_DATE]
        yield Table(title=known.asked.register.title(review), columns=(ID, WORDING, LEAD, STANDING), rows=tuple(rows))
