"""The site as files: every page and every file of data, from a register as it may be seen and its past."""

from collections.abc import Iterator

from dhrctl import render
from dhrctl.audience import MADE_FOR, Audience
from dhrctl.page import Imprint, Links, Page
from dhrctl.progress import RAG_RULE
from dhrctl.render import Screen, site
from dhrctl.reports import answers
from dhrctl.reports.rows import long_day
from dhrctl.reports.site import Known, pages, paths

_DATA = {
    "csv": ("Spreadsheet (CSV)", "every recommendation with its judgements, a row each"),
    "json": ("JSON", "the same for programs"),
}


def files(known: Known, imprint: Imprint) -> Iterator[tuple[str, bytes]]:
    """Yield the path and the bytes of every file."""
    for page in pages(known):
        yield page.path, site.page(page, imprint).encode()
    report = answers.listed(known.asked)
    links = []
    for form, (label, about) in _DATA.items():
        path = f"data/recommendations.{form}"
        links.append((label, path, about))
        yield path, render.FORMATS[form](report, Screen()).encode()
    page = Page(path=paths.DATA, title="Data", lead=_LEAD, parts=(Links(rows=tuple(links)),))
    yield page.path, site.page(page, imprint).encode()


def imprint(known: Known) -> Imprint:
    """Return what every page says of itself."""
    register, audience = known.asked.register, known.asked.audience
    keepers = dict.fromkeys(register.label(review.partnership) for review in register.reviews.values())
    commit = known.asked.commit
    few = 0 < len(keepers) <= _FEW
    return Imprint(
        register=register.settings.title,
        day=long_day(known.asked.day),
        commit=f"read at commit {commit}" if commit else "read from files that are not all committed",
        rule=RAG_RULE,
        audience=MADE_FOR[audience],
        contact=f"Ask {' or '.join(keepers)}." if few else "Ask the partnership whose review the page is about.",
        facts={
            "due_soon_days": register.settings.due_soon_days,
            "update_cycle_months": register.settings.update_cycle_months,
        },
        listed=audience is Audience.PUBLIC,
    )


_FEW = 3
_LEAD = "The recommendations of these pages as files, as of the same day and for the same readers."
