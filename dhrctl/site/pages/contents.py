"""The site as values: every page there is, from the register as it may be seen and its past."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dhrctl.reports.view import Judged
from dhrctl.site.page import Page
from dhrctl.site.pages import agencies, changes, overview, paths, recommendations, reviews
from dhrctl.site.pages.content import SiteContent

if TYPE_CHECKING:
    from dhrctl.table import Row


def pages(known: SiteContent) -> Iterator[Page]:
    """Yield every page of the site, in an order that is always the same."""
    yield from overview.overview(known)
    yield from overview.overdue_pages(known)
    yield from overview.undated_pages(known)
    yield from reviews.reviews(known)
    yield from agencies.agencies(known)
    yield from _recommendations(known)
    yield Page(path=paths.JUDGEMENTS, title="How judgements are made", prose="judgements")
    yield Page(path=paths.ACCESSIBILITY, title="Accessibility statement", prose="accessibility")


def _recommendations(known: SiteContent) -> Iterator[Page]:
    """Yield the pages of all recommendations, and then what changed lately in them."""
    changed: list[Row] = []
    for judged in known.judged_by_review.values():
        for place, each in enumerate(judged):
            past = recommendations.recommendation_history(each, known)
            changed += changes.recent_events(each, past, known)
            yield from recommendations.recommendation_pages(each, past, known, _neighbours(judged, place))
    yield from changes.change_pages(changed, known)


def _neighbours(judged: tuple[Judged, ...], place: int) -> tuple[tuple[str, str], ...]:
    """Return the recommendations before and after one in its review."""
    before, after = judged[max(place - 1, 0) : place], judged[place + 1 : place + 2]
    return (
        *((f"Previous: {each.record.number}", paths.recommendation_page(each.record.id)) for each in before),
        *((f"Next: {each.record.number}", paths.recommendation_page(each.record.id)) for each in after),
    )


__all__ = ["SiteContent", "pages"]
