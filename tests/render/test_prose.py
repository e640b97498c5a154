"""Simple Markdown in texts: what is read, what is not, and that nothing else gets through."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import nh3
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from dhrctl.files import load
from dhrctl.render import prose
from dhrctl.storage import disk
from dhrctl.text.invisible import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Run, Write

REL = 'rel="noopener noreferrer nofollow"'
OTHERS = MarkdownIt("gfm-like", {"linkify": False, "html": True})


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", "<p></p>"),
        ("Plain.", "<p>Plain.</p>"),
        ("One.\n\nTwo.", "<p>One.</p>\n<p>Two.</p>"),
        ("*one* and **two**", "<p><em>one</em> and <strong>two</strong></p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("so:\n• a\n• b", "<p>so:</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("so\n2. b", "<p>so<br>\n2. b</p>"),
        ("[a](https://b.example/c?d=e&f)", f'<p><a href="https://b.example/c?d=e&amp;f" {REL}>a</a></p>'),
        ("[a](HTTPS://b.example)", f'<p><a href="HTTPS://b.example" {REL}>a</a></p>'),
        ("[_a_ 5*3](https://b.example)", f'<p><a href="https://b.example" {REL}>_a_ 5*3</a></p>'),
        ('[a](https://b.example "c")', f'<p><a href="https://b.example" {REL}>a</a></p>'),
        ("![a](https://b.example/c.png)", f'<p>!<a href="https://b.example/c.png" {REL}>a</a></p>'),
    ],
)
def test_what_is_simple_is_read(text: str, html: str) -> None:
    assert prose.html(text) == html


@pytest.mark.parametrize(
    "text",
    [
        *("file_name_2", "_all_ of __init__", "5 * 3 = 15", "5*3 and 2*4", "a*b*c", "**bold**text", "** a **"),
        *("C:\\*\\_x", "\\\\server\\share", "&copy; &#60; &amp;", "`code`", "~~gone~~", "# heading", "> said", "---"),
        *("| a | b |", "[ref]: https://a.example", "[1]", "[a][b]", "[a] (https://a.example)", "<https://a.example>"),
        *(
            "https://a.example",
            "www.a.example",
            "a@b.example",
            "<b>bold</b>",
            "<!-- x -->",
            "$x$",
            "@team #1",
            "-5",
            "1.5",
        ),
    ],
)
def test_anything_else_is_shown_character_by_character(text: str) -> None:
    assert unescape(prose.html(text)) == f"<p>{text}</p>"
    assert OTHERS.renderInline(prose.markdown(text)).replace("\u200b", "") == OTHERS.renderInline(escaped(text))


def escaped(text: str) -> str:
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


ATTACKS = [
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](&#x6A;avascript&colon;alert(1))",
    "[a](java\tscript:alert(1))",
    "[a](java%0ascript:alert(1))",
    "[a](<javascript:alert(1)>)",
    "[a]( javascript:alert(1) )",
    "[a](\u0001javascript:alert(1))",
    "[a](\uff4aavascript:alert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](vbscript:x)",
    "[a](file:///etc/passwd)",
    "[a](mailto:a@b.example)",
    "[a](http://b.example)",
    "[a](//b.example)",
    "[a](/b)",
    "[a](#b)",
    "[a](b.html)",
    "[a](https:b.example)",
    "[a](https:///b.example)",
    "[a](https://)",
    "[a](https://gov.example@evil.example)",
    "[a](https://gov.example\\@evil.example)",
    "[a](https://evil.example/\u202egpj.exe)",
    "[a](https://evil.example/'onmouseover='alert(1))",
    '[a](https://evil.example/"onmouseover="alert(1))',
    "[a](https://evil.example/><script>alert(1)</script>)",
    '[<img src=x onerror="alert(1)">](https://b.example)',
    "[a [b](https://b.example)](https://c.example)",
    "[![x](javascript:alert(1))](https://b.example)",
    "![x](javascript:alert(1))",
    '[a](https://b.example "</a><script>alert(1)</script>")',
    "[a]: javascript:alert(1)\n\n[a]",
    "<javascript:alert(1)>",
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<svg/onload=alert(1)>",
    "<math><mi//xlink:href='data:x,<script>'>",
    "<a href='javascript:alert(1)'>a</a>",
    "<div>\n\n*a*\n\n</div>",
    "<!-- -->\n\n<style>*{color:red}</style>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "*<b*>x</b>",
    "**a<img src=x onerror=alert(1)>**",
    "- <script>\n- </script>",
    "1. [a](javascript:alert(1))\n2. b",
    "<pre><code></code></pre>",
    "```html\n<script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "\x1b]8;;https://evil.example\x1b\\a",
    "{{ 7*7 }} {% raw %}",
    "\\<script\\>",
]


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", {"data": data}))

    def handle_decl(self, decl: str) -> None:
        self.handle_comment(decl)

    def handle_pi(self, data: str) -> None:
        self.handle_comment(data)

    def unknown_decl(self, data: str) -> None:
        self.handle_comment(data)


def elements(html: str) -> list[tuple[str, dict[str, str | None]]]:
    parsed = Elements()
    parsed.feed(html)
    parsed.close()
    return parsed.found


def hold(html: str) -> None:
    """Hold HTML to what is allowed."""
    for tag, attributes in elements(html):
        assert tag in {"p", "br", "ul", "ol", "li", "em", "strong", "a"}, tag
        assert set(attributes) <= {"a": {"href", "rel"}, "ol": {"start"}}.get(tag, set())
        if tag == "a":
            assert re.match(r"https://[^/?#@\\]+(?:[/?#]|$)", attributes["href"] or "", re.IGNORECASE)
            assert attributes["rel"] == "noopener noreferrer nofollow"
    assert not HIDDEN.search(html.replace("\n", "").replace("\u200b", ""))


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_becomes_more_than_a_link_to_https(attack: str) -> None:
    html = prose.html(attack)
    hold(html)
    links = [attributes["href"] for tag, attributes in elements(html) if tag == "a"]
    assert all(not link or "script:" not in link for link in links)
    for written in (prose.markdown(attack), f"| a |\n| --- |\n| {prose.cell(attack)} |\n"):
        hold(as_others_read_it(written))
        assert not re.search(r"(?<!\\)[@#]\w", re.sub(r"\]\(<[^>]*>\)", "", written))


def as_others_read_it(markdown: str) -> str:
    """Return what another reader of Markdown makes of it, our own table taken off."""
    html = OTHERS.render(markdown)
    assert "<script" not in html
    html = re.sub(r"</?(?:table|thead|tbody|tr|th|td)>", "", html)
    return nh3.clean(html, link_rel="noopener noreferrer nofollow", strip_comments=False) if "<a " in html else html


texts = st.text(
    st.sampled_from("ab1 \n*_-•.)([]!<>&\\`#|@~:/\"'=+\u202e\u00e9") | st.characters(codec="utf-8"), max_size=60
)
linked = st.lists(
    texts | st.sampled_from(["[x](https://a.example)", "](https://b.example/_*)", "- ", "\n\n", "**"]), max_size=5
)


@given(linked.map("".join))
def test_no_text_gets_more_through_and_no_word_is_lost(text: str) -> None:
    html = prose.html(text)
    hold(html)
    assert words(re.sub("<[^>]*>", " ", html)) <= words(text)


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{2,}", unescape(text)))


@given(linked.map("".join))
def test_what_is_written_as_markdown_means_the_same_to_others(text: str) -> None:
    assert shape(OTHERS.render(prose.markdown(text))) == shape(prose.html(text))


def shape(html: str) -> list[str]:
    """Return the inline elements and the letters of HTML, in order; an element in its like is left out."""
    text = re.sub(r"</?(?:p|ul|ol|li|br)\b[^>]*>", "", html)
    marks = re.sub(r"<(/?(?:em|strong|a))\b[^>]*>", "\x00\\1\x00", text)
    found, open_ = [], dict.fromkeys(("em", "strong", "a"), 0)
    for part in re.findall("\x00([^\x00]*)\x00|([a-z0-9])", unescape(marks)):
        name = part[0].removeprefix("/")
        depth = open_.get(name, 0)
        open_[name] = depth + (-1 if part[0].startswith("/") else 1)
        if not name or max(depth, open_[name]) == 1:
            found.append(part[0] or part[1])
    return found


@pytest.mark.parametrize(
    ("text", "markdown", "cell"),
    [
        ("One.\n\nTwo.", "One.\n\nTwo.", "One.<br><br>Two."),
        ("so:\n- *a*\n- b", "so:\n\n- *a*\n- b", "so:<br>- *a*<br>- b"),
        ("- a\n  - b\n\n    c", "- a\n  - b\n\n    c", "- a<br>- b<br><br>c"),
        ("- - - - a", "- - - - a", "- - - - a"),
        ("3. a\n10) b", "3. a\n10) b", "3. a<br>10) b"),
        ("a\n2. b", "a\\\n2\\. b", "a<br>2\\. b"),
        ("[a|b](https://c.example/|d)", "[a\\|b](<https://c.example/%7Cd>)", "[a\\|b](<https://c.example/%7Cd>)"),
        ("@team #1", "\\@\u200bteam \\#\u200b1", "\\@\u200bteam \\#\u200b1"),
        ("-", "\\-", "\\-"),
        ("*", "\\*", "\\*"),
        ("", "", ""),
    ],
)
def test_markdown_is_written_for_a_page_and_for_a_cell(text: str, markdown: str, cell: str) -> None:
    assert prose.markdown(text) == markdown
    assert prose.cell(text) == cell


def every_text() -> Iterator[str]:
    for record in load.read_register(disk.read_tree(ROOT)).register.recommendations:
        yield from (*record.outcomes, *record.measures, *(action.text for action in record.actions))
        yield from (milestone.text for milestone in record.milestones)


def test_no_text_of_the_two_plans_is_changed_but_for_the_marks_of_its_lists() -> None:
    found = list(every_text())
    assert len(found) > 100
    for text in found:
        shown = unescape(re.sub("<[^>]*>", " ", prose.html(text)))
        plain = re.sub(r"(?m)^\s*(?:[-*•+]|[0-9]+[.)]) ", " ", text)
        assert re.sub(r"(?m)^\s*[0-9]+[.)] ", " ", shown).split() == plain.split()


def test_the_wording_is_shown_as_it_was_printed(write: Write, anytown: Path, run: Run) -> None:
    path = "register/reviews/anytown-dhr-1/recommendations/01.yaml"
    text = (
        (anytown / path)
        .read_text(encoding="utf-8")
        .replace("That training is", '"*That* [training](https://a.example) is')
    )
    write({path: text.replace("reviewed.", 'reviewed."\nas_stated:\n  Lead: "*AP*"\nmilestones:\n  - text: "*Begun*"')})
    html = run("render", "recommendation", "1", "--format", "html", cwd=anytown).out
    for said in ("*That* [training](https://a.example) is reviewed.", "<dd>*AP*</dd>", "<em>Begun</em>"):
        assert said in html


@pytest.mark.parametrize(
    "text", ["[" * 10_000 + "](", "*a " * 3_300, "](" * 5_000, "[a](https://b.example" * 450, "- " * 5_000]
)
def test_no_text_takes_long(text: str) -> None:
    assert prose.html(text)
