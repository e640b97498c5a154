"""The site as people meet it: in Chromium, with the keyboard, on a narrow screen, enlarged, and on paper."""

import json
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import sites
from conftest import TESTS

HERE = TESTS / "browser"
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
with suppress(ImportError):
    from playwright.sync_api import Page, Request, sync_playwright
if "sync_playwright" not in globals():
    pytest.skip("playwright is not installed, so no page is looked at; make .venv/tested", allow_module_level=True)
if not CHROMIUM:
    pytest.skip("no Chromium is here, so no page is looked at; apt-get install chromium", allow_module_level=True)

needs_npm = pytest.mark.skipif(
    not AXE.is_file(), reason="axe-core and html-validate are not here; make tests/browser/node_modules"
)
needs_poppler = pytest.mark.skipif(
    not shutil.which("pdftotext"), reason="no pdftotext is here; apt-get install poppler-utils"
)
PAPERS = {f"paper: {name}": f"papers/{name}.html" for name in sites.PAPERS}
PATHS = {**sites.KINDS, **PAPERS}
KINDS = pytest.mark.parametrize("kind", sites.KINDS)
NARROW = ("overview", "review", "long recommendation", "data")
Open = Callable[..., "Page"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    past = sites.register(folder / "register-of-anytown")
    out = folder / "served" / "a sub-folder" / "site"
    out.parent.mkdir(parents=True)
    assert sites.build(past.root, out) == 0
    (out / "papers").mkdir()
    assert sites.write_papers(past.root, out / "papers") == 0
    return out


@pytest.fixture(scope="module")
def tab() -> "Iterator[Page]":
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser.new_page()
        browser.close()


@pytest.fixture
def opened(tab: "Page", site: Path) -> Iterator[Open]:
    """Return a function that opens a page of the site; in the end, nothing was said to the console or asked elsewhere."""
    said: list[str] = []
    base = site.as_uri()

    def asked(request: "Request") -> None:
        if not request.url.startswith(base):
            said.append(request.url)

    def page(kind: str, width: int = 1280) -> "Page":
        tab.set_viewport_size({"width": width, "height": 900})
        tab.goto(f"{base}/{PATHS[kind]}")
        return tab

    listeners: Mapping[Any, Callable[..., None]] = {
        "console": lambda message: said.append(message.text),
        "pageerror": lambda error: said.append(str(error)),
        "request": asked,
    }
    for event, listener in listeners.items():
        tab.on(event, listener)
    yield page
    for event, listener in listeners.items():
        tab.remove_listener(event, listener)
    assert said == []


@needs_npm
@pytest.mark.parametrize(("kind", "width"), [*((kind, 1280) for kind in PATHS), *((kind, 320) for kind in NARROW)])
def test_axe_finds_nothing(opened: Open, kind: str, width: int) -> None:
    page = opened(kind, width)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert len(found["passes"]) > 10
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []


@needs_npm
def test_the_pages_are_html_as_the_standard_has_it(site: Path) -> None:
    pages = [str(site / path) for path in PATHS.values()]
    node = HERE / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
    command = ["node", str(node), "--config", str(HERE / ".htmlvalidate.json"), "--formatter", "json", *pages]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = [(each["filePath"], message["message"]) for each in json.loads(done.stdout) for message in each["messages"]]
    assert (done.returncode, found) == (0, [])


FOCUS = """() => {
  const on = document.activeElement, style = getComputedStyle(on), box = on.getBoundingClientRect();
  const seen = box.width > 1 && box.height > 1 && box.top >= 0 && box.bottom <= innerHeight + 1 && box.left >= 0;
  return {name: on.innerText, href: on.getAttribute('href'), outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2, seen};
}"""


@KINDS
def test_the_keyboard_reaches_every_link_in_order_and_shows_where_it_is(opened: Open, kind: str) -> None:
    page = opened(kind)
    links = page.eval_on_selector_all("a", "links => links.map(link => link.getAttribute('href'))")
    reached = []
    for _ in links:
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        assert focus["outlined"], focus
        assert focus["seen"], focus
        reached.append(focus["href"])
    assert reached == links


def test_the_first_link_leads_past_the_navigation(opened: Open) -> None:
    page = opened("overview")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["name"] == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


ENLARGED = "document.documentElement.style.fontSize = '200%'"
USUAL = "document.documentElement.style.fontSize = ''"
SPACED = """for (const each of document.querySelectorAll('*')) Object.assign(each.style,
  {lineHeight: '1.5', letterSpacing: '0.12em', wordSpacing: '0.16em'})"""


OVERLAPPING = """() => [...document.querySelectorAll('th, td, dt, dd, pre')]
  .filter(each => each.clientWidth > 1 && each.scrollWidth > each.clientWidth + 1).map(each => each.innerText)"""


@pytest.mark.parametrize("kind", PATHS)
def test_nothing_scrolls_sideways_where_it_is_narrow_or_enlarged(opened: Open, kind: str) -> None:
    page = opened(kind)
    for width, change in ((320, ""), (640, ""), (1280, ENLARGED), (320, f"{USUAL}; {SPACED}")):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(change)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, change


@pytest.mark.parametrize("kind", PATHS)
def test_no_cell_runs_into_the_next(opened: Open, kind: str) -> None:
    assert opened(kind).evaluate(OVERLAPPING) == []


@pytest.mark.parametrize("kind", ["overview", "review"])
def test_a_chart_names_and_describes_itself(opened: Open, kind: str) -> None:
    charts = opened(kind).locator("svg[role=img]")
    assert charts.count() >= 1
    for place in range(charts.count()):
        chart = charts.nth(place)
        named = chart.get_attribute("aria-labelledby") or ""
        title, desc = [chart.locator(f"[id='{each}']").text_content() for each in named.split()]
        assert title
        assert desc
        assert desc.endswith("The numbers are in the table that follows.")
        captions = chart.locator("xpath=following::table[1]/caption")
        assert captions.first.inner_text() == f"{title}: the numbers"


@needs_poppler
@pytest.mark.parametrize(
    ("kind", "head"),
    [
        ("overview", "At the end of"),
        ("recommendation", ""),
        ("paper: action-plan", "Action to take"),
        ("paper: panel-pack", ""),
    ],
)
def test_paper_has_numbered_pages_of_a4_with_repeated_heads(opened: Open, tmp_path: Path, kind: str, head: str) -> None:
    file = tmp_path / "paper.pdf"
    opened(kind).pdf(path=file, prefer_css_page_size=True)
    about = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=True).stdout
    text = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout
    sheets = text.split("\f")[:-1]
    assert "(A4)" in about
    assert len(sheets) > 1
    for place, sheet in enumerate(sheets, 1):
        assert f"Page {place} of {len(sheets)}" in sheet
    if head:
        assert sum(head in sheet for sheet in sheets) > 1
    assert "Skip to the content" not in text


class Recorder(SimpleHTTPRequestHandler):
    """A server of files that says nothing, and remembers what it was asked for."""

    asked: "list[str]" = []  # noqa: RUF012 - one list, on purpose

    def log_message(self, *_: object) -> None:
        self.asked.append(self.path)


@pytest.fixture
def served(site: Path) -> Iterator[str]:
    Recorder.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Recorder, directory=str(site.parents[1])))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_reader_finds_the_way_in_a_sub_folder_of_a_server(tab: "Page", served: str) -> None:
    base = f"{served}/a%20sub-folder/site"
    tab.goto(f"{base}/index.html")
    for link in ("Reviews", "Anytown DHR 1 Action Plan", "01", "Police", "02", "Overview", "Overdue", "Data"):
        tab.get_by_role("link", name=link, exact=True).first.click()
    assert tab.url == f"{base}/data.html"
    assert tab.get_by_role("heading", level=1).inner_text() == "Data"
    assert all(path.startswith("/a%20sub-folder/site/") and path.endswith(".html") for path in Recorder.asked)
