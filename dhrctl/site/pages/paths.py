"""The names of the site's pages: made from ids alone, so that a link to one lasts."""

import re
from collections.abc import Iterable

from dhrctl.model.records import Review

OVERVIEW = "index.html"
OVERDUE = "overdue.html"
UNDATED = "no-target-date.html"
CHANGES = "changes.html"
REVIEWS = "reviews.html"
AGENCIES = "agencies.html"
JUDGEMENTS = "judgements.html"
ACCESSIBILITY = "accessibility.html"
DATA = "data.html"
_LONGEST = 60


def review_page(review: str) -> str:
    """Return the page of a review."""
    return f"reviews/{review}.html"


def recommendation_page(identity: str) -> str:
    """Return the page of a recommendation."""
    return f"recommendations/{identity}.html"


def agency_page(agency: str) -> str:
    """Return the page of an agency."""
    return f"agencies/{agency}.html"


def section_pages(review: str, known: Review | None, used: Iterable[str]) -> dict[str, str]:
    """Return the pages of a review's sections by heading: as printed, then those that are only used."""
    pages: dict[str, str] = {}
    for heading in dict.fromkeys((*(known.sections if known else ()), *used)):
        slug = re.sub("[^a-z0-9]+", "-", heading.lower()).strip("-")[:_LONGEST].strip("-") or "section"
        path = f"sections/{review}/{slug}.html"
        pages[heading] = path if path not in pages.values() else continuation_page(path, len(pages) + 1)
    return pages


def continuation_page(path: str, turn: int) -> str:
    """Return the name of a page's continuation; a dot is in no id, so that it is no other page's name."""
    return path if turn == 1 else path.removesuffix(".html") + f".{turn}.html"
