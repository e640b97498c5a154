"""The site's pages as HTML, each whole in one file: no script, nothing from anywhere, every link relative."""

from collections.abc import Callable
from textwrap import shorten

from markupsafe import Markup

from dhrctl.render.documents import fill_page, style
from dhrctl.site import charts
from dhrctl.site.page import Imprint, Page, PagePart, Stacked, Steps, Targets
from dhrctl.table import Layout, Table

BRIEF = 280


def page(shown: Page, imprint: Imprint) -> str:
    """Write one page of the site."""
    template = f"site/{shown.prose or 'parts'}.html"
    return fill_page(
        template,
        page=shown,
        imprint=imprint,
        parts=[(_kind(part), part, _chart_markup(part, f"chart-{place}")) for place, part in enumerate(shown.parts, 1)],
        to=_link_maker(shown.path),
        brief=_shorten_text,
        head=_head,
        **style("site/site.css"),
    )


def _kind(part: PagePart) -> str:
    """Return the name of the macro that writes a part."""
    if isinstance(part, Table):
        return "facts" if part.layout is Layout.RECORD else "rows"
    return type(part).__name__.lower()


def _chart_markup(part: PagePart, name: str) -> Markup:
    """Return a chart as it is drawn; the charts escape what they are given. Nothing of any other part."""
    if isinstance(part, Stacked | Steps | Targets):
        return Markup(charts.draw_chart(part, name))  # noqa: S704
    return Markup()


def _link_maker(start: str) -> Callable[[str], str]:
    """Return the way from a page to others, which holds in any folder and from any disk."""
    up = "../" * start.count("/")
    return lambda path: up + path


def _head(table: Table) -> str:
    """Return the key of the column that says what each row is about."""
    keys = [column.key for column in table.for_people]
    return "id" if "id" in keys else keys[0]


def _shorten_text(text: str) -> str:
    return shorten(text, BRIEF, placeholder=" …") if len(text) > BRIEF else text
