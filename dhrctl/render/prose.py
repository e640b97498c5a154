"""Texts that may hold simple Markdown: paragraphs, lists, emphasis with `*`, links to https, and nothing else."""

import re
from collections.abc import Iterator
from functools import cache
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

from dhrctl.text.escape import escape_hidden, escape_markdown_part

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_MARKS = re.compile(r"[*\n]|\]\(|^\s*(?:[-+•]|[0-9]{1,9}[.)])(?:\s|$)")
_BULLET = re.compile(r"^(\s*)•(?= )", re.MULTILINE)
_BARE = re.compile(r"^(\s*(?:[-+*]|[0-9]{1,9}[.)]))[ \t]*$", re.MULTILINE)
_HTTPS = re.compile(r"https://[^\s/?#@\\]+(?:[/?#]|$)", re.IGNORECASE)


def html(text: str) -> str:
    """Return a text as HTML: its Markdown as elements, anything else as the characters that it is."""
    if not _MARKS.search(text):  # most texts, and quickly written
        return f"<p>{escape(escape_hidden(text))}</p>"
    import nh3  # noqa: PLC0415 - needed where a text of a document holds Markdown

    return nh3.clean(
        _reader().render(_prepare_text(text)),
        tags={"p", "br", "ul", "ol", "li", "em", "strong", "a"},
        attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
        url_schemes={"https"},
        link_rel="noopener noreferrer nofollow",
    ).strip()


def markdown(text: str) -> str:
    """Return a text as Markdown that means the same to every reader of Markdown, and no more."""
    blocks = pairwise([(False, ""), *_blocks(text, "\\\n")])
    parts = (("\n" if item and after else "\n\n") + said for (item, _), (after, said) in blocks)
    return "".join(parts).removeprefix("\n\n")


def cell(text: str) -> str:
    """Return a text as Markdown for a cell of a table, on one line."""
    parts = ("<br>" * (1 if item else 2) + said.strip() for item, said in _blocks(text, "<br>"))
    return "".join(parts).removeprefix("<br>").removeprefix("<br>")


def _prepare_text(text: str) -> str:
    """Return a text for the reader: bullets as it knows them, and a mark of a list with nothing behind it as text."""
    return _BARE.sub("\\1\u00a0", _BULLET.sub(r"\1-", escape_hidden(text)))


def _blocks(text: str, line_break: str) -> Iterator[tuple[bool, str]]:
    """Yield each paragraph and each item of a list as Markdown, indented and marked, and whether it is an item."""
    marks: list[str] = []  # of the items that are open, the outermost first
    written = 0  # how many of them are
    for token in _reader().parse(_prepare_text(text)):
        if token.type == "list_item_open":
            marks.append(f"{token.info}{token.markup} " if token.info else "- ")
        elif token.type == "list_item_close":
            marks.pop()
            written = min(written, len(marks))
        elif token.type == "inline":
            indent = " " * sum(map(len, marks[:written]))
            own = "".join(marks[written:])
            said = "".join(_inline_parts(token, line_break))
            yield bool(own), f"{indent}{own}{said}".replace("\n", f"\n{indent}{' ' * len(own)}")
            written = len(marks)


_EMPHASIS = {"em": "*", "strong": "**"}


def _inline_parts(token: "Token", line_break: str) -> Iterator[str]:
    """Yield what stands in a paragraph, everything that is no mark of ours escaped; emphasis in its like adds nothing."""
    link = ""
    begins = True
    depth = dict.fromkeys(_EMPHASIS, 0)
    for part in token.children or ():
        if part.type == "text":
            yield escape_markdown_part(part.content, begins=begins)
        elif part.type == "link_open":
            link = str(part.attrs["href"])
            yield "["
        elif part.type == "link_close":
            yield f"](<{link}>)"
        elif part.tag in _EMPHASIS:
            outermost = max(depth[part.tag], depth[part.tag] + part.nesting) == 1
            depth[part.tag] += part.nesting
            yield _EMPHASIS[part.tag] if outermost else ""
        else:
            yield line_break
        begins = part.type.endswith("break")


@cache
def _reader() -> "MarkdownIt":
    """Return a reader of the part of Markdown that is read here."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - needed where a text of a document holds Markdown

    reader = MarkdownIt("zero", {"breaks": True}).enable(["list", "newline", "emphasis", "link"])
    reader.inline.ruler.before("emphasis", "literal", _read_literal)
    reader.validateLink = lambda url: bool(_HTTPS.match(url))  # type: ignore[method-assign]  # its own way to restrict links
    return reader


def _read_literal(state: "StateInline", silent: bool) -> bool:  # noqa: FBT001 - the library's own shape
    """Take as itself an underscore, as names of files hold them, and an asterisk inside a word or a sum."""
    start, mark = state.pos, state.src[state.pos]
    if mark not in "_*":
        return False
    end = start + len(state.src[start:]) - len(state.src[start:].lstrip(mark))
    within = state.src[max(start - 1, 0)].isalnum() and state.src[end : end + 1].isalnum()
    if mark == "*" and not within:
        return False
    if not silent:
        state.pending += state.src[start:end]
    state.pos = end
    return True
