"""Reports as Markdown and as self-contained HTML pages, made from templates."""

from base64 import b64encode
from calendar import month_name
from functools import cache
from hashlib import sha256

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dhrctl.layout import shipped
from dhrctl.render.say import inert_markup, markdown, say, visible
from dhrctl.table import Bar, Layout, Report


def page(template: str, suffix: str, reports: tuple[Report, ...]) -> str:
    """Write reports with a template, as `md` or `html`."""
    written = _environment(suffix).get_template(f"{template}/{template}.{suffix}").render(reports=reports)
    return inert_markup(written) if suffix == "html" else written


@cache
def _environment(suffix: str) -> Environment:
    """Return the templates' surroundings, in which a value can format, link or run nothing."""
    environment = Environment(
        loader=FileSystemLoader(shipped("templates")),
        autoescape=suffix == "html",  # noqa: S701 - Markdown has its own escaping, in finalize
        finalize=_finalize_html if suffix == "html" else _finalize_markdown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    style = (shipped("templates") / "page.css").read_text(encoding="utf-8")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    environment.globals |= {"style": Markup(style), "style_hash": digest, "Layout": Layout}  # noqa: S704 - our own file
    environment.tests |= {"a_bar": lambda cell: isinstance(cell, Bar), "a_number": lambda cell: type(cell) is int}
    environment.filters |= {"say": say, "cell": _markdown_cell, "share": _share, "long_day": _long_day}
    return environment


def _finalize_html(value: object) -> object:
    return value if isinstance(value, Markup | int) else visible(str(value))


def _finalize_markdown(value: object) -> object:
    return value if isinstance(value, Markup | int) else markdown(str(value))


def _markdown_cell(text: str) -> Markup:
    """Return text as it may stand in a cell of a Markdown table."""
    lines = [markdown(line.strip()) for line in text.strip().split("\n")]
    return Markup("<br>".join(lines))  # noqa: S704 - escaped line by line


def _share(bar: Bar, width: int) -> int:
    return round(width * bar.value / bar.of) if bar.of else 0


def _long_day(report: Report) -> str:
    return f"{report.as_of.day} {month_name[report.as_of.month]} {report.as_of.year}"
