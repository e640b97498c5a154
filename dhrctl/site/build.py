"""The site as files: every page and every file of data, from a register as it may be seen and its past."""

from collections.abc import Iterator
from contextlib import suppress

from dhrctl.errors import DhrError
from dhrctl.export.formats import FILES
from dhrctl.model.audience import MADE_FOR, Audience
from dhrctl.model.status import RAG_RULE
from dhrctl.reports.counts import small_numbers_note
from dhrctl.site import html
from dhrctl.site.page import Imprint, Links, Page
from dhrctl.site.pages import paths
from dhrctl.site.pages.contents import SiteContent, pages
from dhrctl.text.english import long_day

_DATA = {
    "xlsx": ("plan", "Workbook (XLSX)", "the plan, what is overdue, and the agencies"),
    "csv": ("recommendations", "Table (CSV)", "a row for each recommendation"),
    "json": ("recommendations", "JSON", "the same for programs"),
    "ics": ("dates", "Calendar (iCalendar)", "the target and review dates of what is open"),
    "atom": ("changes", "Feed (Atom)", "what changed"),
}


def site_files(known: SiteContent, imprint: Imprint) -> Iterator[tuple[str, bytes]]:
    """Yield the path and the bytes of every file."""
    for page in pages(known):
        yield page.path, html.page(page, imprint).encode()
    links = []
    for form, (name, label, about) in _DATA.items():
        path = f"data/{name}.{form}"
        with suppress(DhrError):  # a workbook is left out where what writes it is not installed
            content = FILES[form].write(known.view, known.timelines)
            links.append((label, path, about))
            yield path, content
    page = Page(path=paths.DATA, title="Data", lead=_LEAD, parts=(Links(rows=tuple(links)),))
    yield page.path, html.page(page, imprint).encode()


def site_imprint(known: SiteContent) -> Imprint:
    """Return what every page says of itself."""
    register, audience = known.view.register, known.view.audience
    keepers = dict.fromkeys(register.label(review.partnership) for review in register.reviews.values())
    commit = known.view.commit
    few = 0 < len(keepers) <= _FEW
    return Imprint(
        register=register.settings.title,
        day=long_day(known.view.day),
        commit=f"read at commit {commit}" if commit else "read from files that are not all committed",
        rule=" ".join((RAG_RULE, *small_numbers_note(known.view))),
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
