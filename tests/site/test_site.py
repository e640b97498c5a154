"""The site as files: which pages there are, what they say, where they lead, and that they are always the same."""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath

import pytest
import sites
from conftest import ANYTOWN, RICH, Run, Write
from pasts import RECORD, UPDATE, Past, begun, record, update

from dhrctl.errors import DhrError
from dhrctl.export.formats import FILES, Format
from dhrctl.files import load
from dhrctl.reports import view
from dhrctl.site import build, html
from dhrctl.site.output import MANIFEST
from dhrctl.site.page import Figures, Page, Stacked
from dhrctl.site.pages import figures, paths
from dhrctl.site.pages.contents import SiteContent, pages
from dhrctl.site.pages.lists import dates_in_words
from dhrctl.storage import disk
from dhrctl.table import Cell, MarkdownText, Stack, Table

EVIL = "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1)) \" ' ${{x}}"
LIMIT = 2_000_000


class Read(HTMLParser):
    """A page as a reader's program takes it: its elements with their attributes, its text, its ids and links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.lasttag != "style":
            self.text += data

    @property
    def links(self) -> Iterator[str]:
        yield from (about["href"] or "" for tag, about in self.elements if tag == "a")


def read(out: Path) -> dict[str, Read]:
    return {path.relative_to(out).as_posix(): Read(path.read_text(encoding="utf-8")) for path in out.rglob("*.html")}


def content(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Past:
    return sites.register(tmp_path_factory.mktemp("register") / "register-of-anytown")


@pytest.fixture(scope="module")
def out(past: Past) -> Path:
    assert sites.build(past.root, past.root.parent / "site") == 0
    return past.root.parent / "site"


@pytest.fixture(scope="module")
def found(out: Path) -> dict[str, Read]:
    return read(out)


def made(run: Run, root: Path, *options: str, day: str = sites.DAY, code: int = 0) -> dict[str, Read]:
    """Write the site of a register; return its pages."""
    result = run("-C", str(root), "site", "--out", str(root / "pages"), "--as-of", day, *options)
    assert result.code == code, result.err
    return read(root / "pages")


# Which pages there are, and where they lead


def test_there_is_a_page_for_everything(found: dict[str, Read]) -> None:
    register = load.read_register(disk.read_tree(RICH)).register
    wanted = {
        *sites.KINDS.values(),
        *(paths.recommendation_page(each.id) for each in register.recommendations),
        *map(paths.review_page, register.reviews),
        *map(paths.agency_page, register.agencies),
        *(f"sections/anytown-dhr-1/{name}.html" for name in ("partnership", "police", "health")),
        "sections/otherton-dardr-2/table-1-systems.html",
    }
    assert wanted == set(found)


def test_every_link_leads_to_a_file_of_the_site(out: Path, found: dict[str, Read]) -> None:
    there = set(content(out)) - {MANIFEST}
    reached = set()
    for path, page in found.items():
        for link in page.links:
            if link.startswith("#"):
                assert link == "#main"
                continue
            parts: list[str] = []
            for part in (PurePosixPath(path).parent / link).parts:
                parts = parts[:-1] if part == ".." else [*parts, part]
            reached.add("/".join(parts))
    assert reached == there


def test_no_page_runs_asks_or_styles_anything_but_by_the_sum_of_its_style(found: dict[str, Read]) -> None:
    for page in found.values():
        (policy,) = [about["content"] or "" for _, about in page.elements if "http-equiv" in about]
        allowed = r"default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'"
        assert re.fullmatch(allowed, policy)
        for tag, about in page.elements:
            assert tag not in {"script", "img", "iframe", "link", "form", "object", "base"}
            assert not [name for name in about if name.startswith("on") or name in {"style", "src"}]
        ids = Counter(about["id"] for _, about in page.elements if "id" in about)
        assert set(ids.values()) == {1}


def test_every_page_says_as_of_when_at_which_commit_how_and_for_whom(past: Past, found: dict[str, Read]) -> None:
    for page in found.values():
        said = " ".join(page.text.split())
        assert f"As of 30 June 2025; read at commit {past.git('rev-parse', 'HEAD')}." in said
        assert "RAG: complete is blue" in said
        assert "not for publication" in said


def test_a_colour_is_always_a_word_too(found: dict[str, Read]) -> None:
    review = " ".join(found["reviews/anytown-dhr-1.html"].text.split())
    assert "Red 136 days overdue, in progress, slipped, stale" in review
    assert "Blue complete, late" in review
    assert "Grey not accepted" in review


# The same again


def test_two_runs_give_the_same_bytes_and_the_second_writes_nothing(past: Past, out: Path, run: Run) -> None:
    before = content(out)
    again = run("-C", str(past.root), "site", "--out", str(out), "--as-of", sites.DAY)
    assert (
        again.err == f"dhrctl: 0 files written, {len(before) - 1} as they were, 0 removed; open {out / 'index.html'}\n"
    )
    assert again.out == ""
    other = past.root.parent / "other"
    assert sites.build(past.root, other) == 0
    assert content(other) == before


def test_a_change_of_one_recommendation_leaves_the_pages_of_others(run: Run, tmp_path: Path) -> None:
    past = begun(
        tmp_path / "register-of-anytown", {**ANYTOWN, RECORD.replace("01", "02"): record("That more is done.")}
    )
    made(run, past.root)
    before = content(past.root / "pages")
    past.edit(RECORD, "in-progress", "on-hold")
    made(run, past.root)
    changed = {path for path, text in content(past.root / "pages").items() if before[path] != text}
    assert paths.recommendation_page("anytown-dhr-1/01") in changed
    assert "read from files that are not all committed" in (past.root / "pages/index.html").read_text()
    past.edit(RECORD, "on-hold", "in-progress")
    made(run, past.root)
    assert content(past.root / "pages") == before


# What the pages say


def test_a_recommendation_has_its_timeline_from_git_and_its_updates(found: dict[str, Read]) -> None:
    said = " ".join(found["recommendations/anytown-dhr-1/01.html"].text.split())
    assert "10 March 2025" in said
    assert "target date June 2024 → March 2025 (9 months later)" in said
    assert "update by Anytown Council: Nothing has reached us yet." in said
    assert "Time in each status" in said
    assert "March 2025; an action by 14 February 2025" in said
    assert "Next: 02" in said
    assert "Previous" not in said


def test_what_changed_lately_is_told_newest_first(found: dict[str, Read]) -> None:
    said = " ".join(found["changes.html"].text.split())
    assert "What changed from 31 December 2024 to 30 June 2025, the newest first." in said
    _, _, listed = said.partition("Changes Day")
    places = [listed.index(day) for day in ("30 June 2025", "10 June 2025", "10 May 2025", "15 February 2025")]
    assert places == sorted(places)
    assert "fell overdue: it was due on 29 June 2025" in said


def test_what_was_added_at_once_is_told_at_once(run: Run, tmp_path: Path) -> None:
    more = {RECORD.replace("01", f"{number:02}"): record("That more is done.") for number in range(2, 6)}
    second = {
        path.replace("anytown-dhr-1", "anytown-dhr-2"): text for path, text in ANYTOWN.items() if "/reviews/" in path
    }
    past = begun(tmp_path / "register-of-anytown", {**ANYTOWN, **more, **second}, "2024-01-02")
    said = " ".join(made(run, past.root, day="2024-02-01")["changes.html"].text.split())
    assert "anytown-dhr-1 5 recommendations added: Anytown DHR 1" in said
    assert "anytown-dhr-2/01 added" in said


def test_links_between_recommendations_lead_there_if_they_are_there(run: Run, tmp_path: Path) -> None:
    related = "related:\n  - anytown-dhr-1/02\n  - anytown-dhr-9/99\nsuperseded_by:\n  - anytown-dhr-1/02\n"
    text = record("That training is reviewed.", status="superseded") + related
    past = begun(tmp_path / "r", {**ANYTOWN, RECORD: text, RECORD.replace("01", "02"): record("That more is done.")})
    page = made(run, past.root)["recommendations/anytown-dhr-1/01.html"]
    assert [link for link in page.links if link.endswith("anytown-dhr-1/02.html")]
    assert "anytown-dhr-9/99" in page.text
    assert not [link for link in page.links if "99" in link]


# Who may see what


def test_the_public_is_told_of_days_and_not_of_commits(past: Past, tmp_path: Path) -> None:
    out = tmp_path / "public"
    assert sites.build(past.root, out, "--audience", "public") == 0
    page = read(out)["recommendations/anytown-dhr-1/01.html"]
    assert "Made for the public." in page.text
    assert "What changed" in page.text
    assert "Commit" not in page.text
    assert not [about for _, about in page.elements if about.get("name") == "robots"]
    assert "Nothing has reached us yet." not in page.text


@pytest.mark.parametrize(("audience", "told"), [("public", False), ("partners", True)])
def test_a_change_of_what_the_public_may_not_see_is_not_told_it(
    run: Run, tmp_path: Path, audience: str, *, told: bool
) -> None:
    past = begun(tmp_path / "register-of-anytown")
    past.write({RECORD: record("That training is reviewed.") + 'as_stated:\n  No: "1"\n'})
    past.commit("2024-02-01")
    page = made(run, past.root, "--audience", audience)["recommendations/anytown-dhr-1/01.html"]
    assert ("as stated given" in page.text) is told


def test_pages_that_are_not_for_the_public_ask_not_to_be_listed(found: dict[str, Read]) -> None:
    for page in found.values():
        assert [about["content"] for _, about in page.elements if about.get("name") == "robots"] == ["noindex"]


def test_few_are_not_broken_down_for_the_public(run: Run, tmp_path: Path) -> None:
    past = begun(tmp_path / "register-of-anytown")
    said = " ".join(made(run, past.root, "--audience", "public")["index.html"].text.split())
    assert "1 recommendation in 1 review. In total" in said
    assert not re.search("[0-9] (open|overdue|complete)", said)
    assert "Open and overdue over time" not in said
    assert "Groups of fewer than five are not broken down" in said


# Registers of other kinds


def test_without_git_the_pages_hold_no_history_and_say_so(run: Run, anytown: Path) -> None:
    result = run("-C", str(anytown), "site", "--out", str(anytown / "pages"))
    assert result.code == 0
    assert "dhrctl: the pages hold no history: " in result.err
    page = read(anytown / "pages")["index.html"]
    assert "read from files that are not all committed" in page.text
    assert "Open and overdue over time" not in page.text


def test_a_register_without_recommendations_has_its_pages(run: Run, write: Write) -> None:
    root = write({path: text for path, text in ANYTOWN.items() if path != RECORD})
    found = made(run, root)
    assert "No recommendations." in found["reviews/anytown-dhr-1.html"].text
    assert "Nothing is overdue." in found["overdue.html"].text
    assert "Without recommendations" in found["reviews.html"].text
    assert "Nothing changed from" in found["changes.html"].text


def test_what_the_register_does_not_hold_is_named_and_not_linked(run: Run, write: Write) -> None:
    text = record("That training is reviewed.", lead="nobody-known")
    root = write({path: said for path, said in {**ANYTOWN, RECORD: text}.items() if not path.endswith("review.yaml")})
    found = made(run, root)
    assert "nobody-known" in found["agencies.html"].text
    assert "agencies/nobody-known.html" not in found
    assert "anytown-dhr-1" in found["reviews/anytown-dhr-1.html"].text


def test_a_file_that_cannot_be_read_is_told_of_and_the_rest_is_there(run: Run, write: Write) -> None:
    root = write({**ANYTOWN, RECORD: "recommendation: [\n"})
    assert "index.html" in made(run, root, code=1)


def test_the_site_as_at_a_day_is_that_of_its_commit(past: Past, run: Run, tmp_path: Path) -> None:
    result = run("-C", str(past.root), "site", "--out", str(tmp_path / "then"), "--at", "2024-01-31")
    assert result.code == 0
    page = read(tmp_path / "then")["index.html"]
    assert "As of 31 January 2024" in page.text
    assert past.git("rev-list", "--max-parents=0", "HEAD") in page.text


def test_a_long_past_is_drawn_by_quarters(run: Run, tmp_path: Path) -> None:
    past = begun(tmp_path / "register-of-anytown", day="2020-02-01")
    said = " ".join(made(run, past.root, day="2025-06-30")["index.html"].text.split())
    assert "31 March 2020" in said
    assert "30 April 2020" not in said


def test_attack_strings_stay_text_on_every_page(run: Run, write: Write) -> None:
    evil = json.dumps(EVIL, ensure_ascii=False)
    text = (
        f"recommendation: {evil}\nsection: {evil}\nlead_agencies:\n  - anytown-police\nstatus: in-progress\n"
        f'target_date: "2024-03"\nactions:\n  - text: {evil}\noutcomes:\n  - {evil}\nas_stated:\n  {evil}: {evil}\n'
        f"evidence:\n  - kind: audit\n    title: {evil}\n"
    )
    files = {
        "register/register.yaml": f"schema_version: 1\ntitle: {evil}\n",
        "register/agencies/anytown-police.yaml": f"name: {evil}\nkind: police\naliases:\n  - {evil}\nnotes:\n  - {evil}\n",
        "register/reviews/anytown-dhr-1/review.yaml": (
            f"title: {evil}\nkind: dhr\npartnership: anytown-police\nsections:\n  - {evil}\nnotes:\n  - {evil}\n"
            f"commitments:\n  - text: {evil}\n    status: unknown\n"
        ),
        RECORD: text,
        UPDATE: update("2024-03-20", evil, reason="x"),
    }
    found = made(run, write(files), "--audience", "internal")
    for path, page in found.items():
        assert "<script>alert(1)</script>" in page.text, path
        tags = {tag for tag, _ in page.elements}
        assert not tags & {"script", "img"}
        assert not [link for link in page.links if ":" in link]


@pytest.mark.parametrize(
    ("headings", "files"),
    [
        (("Police", "Health"), ("police", "health")),
        (("Table 1: Systems", "Table 1 / Systems"), ("table-1-systems", "table-1-systems.2")),
        (("…", "é"), ("section", "section.2")),
        (("A" * 80,), ("a" * 60,)),
    ],
)
def test_sections_have_names_of_their_own(headings: tuple[str, ...], files: tuple[str, ...]) -> None:
    found = paths.section_pages("a-dhr-1", None, headings)
    assert found == {heading: f"sections/a-dhr-1/{name}.html" for heading, name in zip(headings, files, strict=True)}


# Long tables


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> SiteContent:
    """Return a register of one review with 451 recommendations of many agencies, all of them with long texts."""
    root = tmp_path_factory.mktemp("long")
    words = '"' + "A 'long' recommendation & more. " * 300 + '"'
    files = {path: text for path, text in ANYTOWN.items() if path != RECORD}
    for number in range(1, 452):
        lead = f"agency-{number % 30}"
        files[RECORD.replace("/01", f"/{number:03}")] = (
            f"recommendation: {words}\nsection: Police\nlead_agencies:\n  - {lead}\nstatus: unknown\n"
        )
        files[f"register/agencies/{lead}.yaml"] = f"name: Agency {number % 30}\nkind: police\n"
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    register = load.read_register(disk.read_tree(root)).register
    return SiteContent(view=view.build_view(register, date(2025, 6, 30)))


@pytest.fixture(scope="module")
def long_pages(long: SiteContent) -> Mapping[str, Page]:
    return {page.path: page for page in pages(long)}


def test_a_long_table_goes_on_over_pages_that_lead_to_each_other(
    long: SiteContent, long_pages: Mapping[str, Page]
) -> None:
    names = ["no-target-date.html", "no-target-date.2.html", "no-target-date.3.html"]
    assert [page.path for page in long_pages.values() if page.begins == names[0]] == names
    rows_of = [sum(len(part.rows) for part in long_pages[name].parts if isinstance(part, Table)) for name in names]
    assert rows_of == [200, 200, 51]
    page = Read(html.page(long_pages[names[1]], build.site_imprint(long)))
    assert [link for link in page.links if link.startswith("no-target")] == [names[0], names[0], *names, names[2]]
    assert "page 2 of 3" in page.text


def test_no_page_is_too_large(long: SiteContent, long_pages: Mapping[str, Page]) -> None:
    largest = max(
        (page for page in long_pages.values() if page.begins == "no-target-date.html"), key=lambda page: len(str(page))
    )
    assert 50_000 < len(html.page(largest, build.site_imprint(long)).encode()) < LIMIT


def test_the_agencies_with_the_most_are_drawn_and_all_are_counted(long: SiteContent) -> None:
    chart, table = figures.agency_chart(long.view) or (None, None)
    assert isinstance(chart, Stacked)
    assert table
    assert len(chart.bars) == figures.MOST
    assert len(table.rows) == figures.MOST
    assert "The 20 agencies with the most are drawn, of 30;" in chart.about
    assert len((figures.agency_chart(long.view, every=True) or (None, table))[1].rows) == 30


def test_the_overview_of_many_names_how_many_there_are(long_pages: Mapping[str, Page]) -> None:
    (known,) = [part for part in long_pages["index.html"].parts if isinstance(part, Figures)]
    assert known.rows[0][:2] == ("In total", 451)


def test_many_overdue_are_listed_on_their_own_page(run: Run, write: Write) -> None:
    more = {RECORD.replace("01", f"{number:02}"): record("That more is done.") for number in range(2, 13)}
    found = made(run, write({**ANYTOWN, **more}))
    said = " ".join(found["index.html"].text.split())
    assert "Longest overdue: 10 of 12" in said
    assert "All 12 that are overdue" in said


def test_of_many_target_dates_the_first_are_drawn_and_all_are_told(run: Run, write: Write) -> None:
    more = {RECORD.replace("01", f"{number:02}"): record("That more is done.") for number in range(2, 44)}
    page = made(run, write({**ANYTOWN, **more}))["reviews/anytown-dhr-1.html"]
    assert "The first 40 are drawn; the other 3 are in the lists alone." in page.text
    assert "43: March 2024" not in page.text


def test_many_reviews_are_listed_on_their_own_page(run: Run, write: Write) -> None:
    more = {
        path.replace("anytown-dhr-1", f"anytown-dhr-{number}"): text
        for number in range(2, 14)
        for path, text in ANYTOWN.items()
        if "/reviews/" in path
    }
    found = made(run, write({**ANYTOWN, **more}))
    assert "All 13 reviews" in found["index.html"].text
    assert "Ask Anytown Police." in found["accessibility.html"].text


# Data


def test_the_data_are_what_export_writes(past: Past, out: Path, run: Run, tmp_path: Path) -> None:
    for name in ("recommendations.csv", "recommendations.json", "dates.ics", "changes.atom", "plan.xlsx"):
        form = name.rpartition(".")[2]
        file = tmp_path / name
        assert (
            run("-C", str(past.root), "export", form, "--out", str(file), "--at", "HEAD", "--as-of", sites.DAY).code
            == 0
        )
        assert (out / "data" / name).read_bytes() == file.read_bytes(), name


def test_without_the_office_extra_there_is_no_workbook(
    run: Run, anytown: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> bytes:
        message = "install it"
        raise DhrError(message)

    monkeypatch.setitem(FILES, "xlsx", Format(what="", write=missing))
    found = made(run, anytown)
    assert "Workbook" not in found["data.html"].text
    assert not (anytown / "pages" / "data" / "plan.xlsx").exists()


# The command itself


def test_progress_is_shown_on_a_terminal_alone(run: Run, anytown: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Pages" not in run("-C", str(anytown), "site", "--out", str(anytown / "pages")).err
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert "Pages" in run("-C", str(anytown), "site", "--out", str(anytown / "again")).err


def test_a_shallow_clone_is_told_of(past: Past, run: Run, tmp_path: Path) -> None:
    past.git("clone", "--quiet", "--depth", "1", past.root.as_uri(), str(tmp_path / "shallow"))
    result = run("-C", str(tmp_path / "shallow"), "site", "--out", str(tmp_path / "pages"))
    assert "git fetch --unshallow" in result.err


@pytest.mark.parametrize("arguments", [(), ("--out",), ("--out", "pages", "--audience", "everybody")])
def test_a_mistake_in_the_options_is_refused(run: Run, anytown: Path, arguments: tuple[str, ...]) -> None:
    assert run("site", *arguments, cwd=anytown).code == 2
    assert not (anytown / "pages").exists()


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("2021-04-30", "30 April 2021"),
        ("2021-04", "April 2021"),
        ("2021", "2021"),
        ("2019/2020", "2019 to 2020"),
        ("2019-04/2020-03-31", "April 2019 to 31 March 2020"),
        ("target date 2022-03 → 2022-09 (6 months later)", "target date March 2022 → September 2022 (6 months later)"),
        ("renumbered a-2021-04/01 → b/2021-04", "renumbered a-2021-04/01 → b/2021-04"),
        (MarkdownText("On 2021-04-30 it was done."), MarkdownText("On 2021-04-30 it was done.")),
        (Stack(("(by 2021-04)", MarkdownText("2021-04"))), Stack(("(by April 2021)", MarkdownText("2021-04")))),
        (7, 7),
        (None, None),
    ],
)
def test_dates_of_our_own_words_are_said_as_people_write_them(cell: Cell, said: Cell) -> None:
    assert dates_in_words(cell) == said
