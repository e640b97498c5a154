"""Reports as Markdown, as self-contained HTML pages and as plain text, made from templates."""

import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup, escape

from dhrctl.model.paths import shipped_folder
from dhrctl.render import prose, templates
from dhrctl.table import Bar, Cell, Layout, MarkdownText, Report, Stack
from dhrctl.text.english import long_day
from dhrctl.text.escape import escape_commands, escape_hidden, escape_markdown, escape_markup_commands, format_cell


def fill_document(template: str, suffix: str, reports: tuple[Report, ...], own: Path | None = None) -> str:
    """Write reports with a template, as `md`, `html` or `txt`; with a folder, with the template in there."""
    own = own and own.resolve()
    written = templates.fill_template(
        _environment(suffix, own), f"{template}/{template}.{suffix}", own, {"reports": reports}
    )
    return escape_markup_commands(written) if suffix == "html" else written


def fill_page(template: str, **values: object) -> str:
    """Fill one of our own HTML templates."""
    return escape_markup_commands(_environment("html").get_template(template).render(values))


@cache
def style(path: str) -> Mapping[str, str]:
    """Return a style of our own as pages hold it: `style`, and `style_hash`, the sum by which alone a page may use it."""
    text = (shipped_folder("templates") / path).read_text(encoding="utf-8")
    digest = b64encode(sha256(text.encode()).digest()).decode()
    return {"style": Markup(text), "style_hash": digest}  # noqa: S704 - our own file


@cache
def _environment(suffix: str, own: Path | None = None) -> Environment:
    """Return the templates' surroundings, in which a value can format, link or run nothing."""
    environment = templates.template_environment(own)
    environment.finalize = {"html": _html, "md": _markdown, "txt": _text}[suffix]
    environment.globals |= {**style("page.css"), "Layout": Layout}
    environment.tests |= {"a_bar": _is_bar, "a_number": _is_number, "prose": _is_prose}
    environment.filters |= {
        "say": format_cell,
        "cell": _markdown_cell,
        "colour": _colour,
        "copied": _fence_text,
        "prose": _html_prose if suffix == "html" else _markdown_prose,
        "share": _share,
        "long_day": long_day,
    }
    return environment


def _is_bar(cell: Cell) -> bool:
    return isinstance(cell, Bar)


def _is_number(cell: Cell) -> bool:
    return type(cell) is int


def _is_prose(cell: Cell) -> bool:
    return isinstance(cell, MarkdownText | Stack)


# The ignores below: each of these escapes, or has escaped, all that is not its own.


def _html(value: object) -> object:
    return value if isinstance(value, Markup | int) else escape(escape_hidden(str(value)))


def _markdown(value: object) -> object:
    return value if isinstance(value, Markup | int) else Markup(escape_markdown(str(value)))  # noqa: S704


def _text(value: object) -> object:
    return value if isinstance(value, Markup | int) else Markup(escape_commands(escape_hidden(str(value))))  # noqa: S704


def _html_prose(cell: Cell) -> Markup:
    """Return a text with its simple Markdown as elements; of a stack, that of the texts that may hold some."""
    if isinstance(cell, Stack):
        return Markup("\n").join(
            _html_prose(part) if isinstance(part, MarkdownText | Stack) else _plain_paragraph(part)
            for part in cell.parts
        )
    return Markup(prose.html(format_cell(cell)))  # noqa: S704


def _plain_paragraph(text: str) -> Markup:
    return Markup('<p class="plain">{}</p>').format(escape_hidden(text))


def _markdown_prose(cell: Cell) -> Markup:
    """Return a text with its simple Markdown, and nothing else that Markdown would read."""
    if isinstance(cell, Stack):
        return Markup("\n\n").join(
            _markdown_prose(part) if isinstance(part, MarkdownText | Stack) else Markup(escape_markdown(part))  # noqa: S704
            for part in cell.parts
        )
    return Markup(prose.markdown(format_cell(cell)))  # noqa: S704


def _markdown_cell(cell: Cell) -> Markup:
    """Return a cell as it may stand in a table of Markdown, on one line."""
    if isinstance(cell, Stack):
        apart = any(isinstance(part, Stack) for part in cell.parts)
        return Markup("<br><br>" if apart else "<br>").join(map(_markdown_cell, cell.parts))  # noqa: S704
    if isinstance(cell, MarkdownText):
        return Markup(prose.cell(cell))  # noqa: S704
    lines = [escape_markdown(line.strip()) for line in format_cell(cell).strip().split("\n")]
    return Markup("<br>".join(lines))  # noqa: S704


_TICKS = re.compile("`+")


def _fence_text(text: str) -> Markup:
    """Return text in a fence of Markdown that nothing in it can close."""
    fence = "`" * max(3, 1 + max(map(len, _TICKS.findall(text)), default=0))
    return Markup(f"{fence}yaml\n{escape_commands(escape_hidden(text)).rstrip()}\n{fence}")  # noqa: S704


def _colour(cell: Cell) -> str:
    return format_cell(cell).partition(":")[0]


def _share(bar: Bar, width: int) -> int:
    return round(width * bar.value / bar.of) if bar.of else 0
