"""A register's own templates: when they are used, what they may do, and what is said of a mistake in one."""

from __future__ import annotations

import re
import shutil
import threading
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT

from dhrctl.app.documents import MAKERS
from dhrctl.render import templates
from dhrctl.render.documents import _environment
from dhrctl.table import MarkdownText, Report, Stack

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run, Write

RECORD = "register/reviews/anytown-dhr-1/recommendations/01.yaml"
DAY = ("--as-of", "2024-02-01")


def rendered(run: Run, folder: Path, name: str, *options: str) -> tuple[int, str, str]:
    result = run("render", name, "--templates", "own", *DAY, *options, cwd=folder)
    return result.code, result.out, result.err


def test_templates_are_used_only_where_their_folder_is_named(write: Write, anytown: Path, run: Run) -> None:
    write({"templates/summary/summary.md": "Ours.\n", "own/summary/summary.md": "Ours.\n"})
    assert "# Anytown action register: summary" in run("render", "summary", cwd=anytown).out
    assert rendered(run, anytown, "summary") == (0, "Ours.\n", "")
    assert "<h1>Anytown action register: summary</h1>" in rendered(run, anytown, "summary", "--format", "html")[1]


def test_the_list_has_them_too_with_what_they_say_they_are_for(write: Write, anytown: Path, run: Run) -> None:
    write(
        {
            "own/letter/letter.md": "{# A letter to each\n lead. Given: reports. #}\n",
            "own/bare/bare.html": "<p>Nothing said.</p>\n",
            "own/summary/summary.md": "{#- Our own summary. -#}\n",
            "own/letter/other.md": "",
            "own/notes.txt": "",
        }
    )
    listed = run("render", "--templates", "own", cwd=anytown).out.splitlines()
    said = dict(re.split("  +", line, maxsplit=1) for line in listed)
    assert list(said) == [*MAKERS, "bare", "letter"]
    assert (said["letter"], said["summary"], said["bare"]) == ("A letter to each lead.", "Our own summary.", "")
    assert said["overdue"] == templates.purpose("overdue")


def test_a_template_of_a_new_name_is_given_every_field_of_what_matches(write: Write, anytown: Path, run: Run) -> None:
    write(
        {
            "own/letter/letter.md": """\
                {% for report in reports %}
                {{ report.title }}, {{ report.as_of | long_day }}: {{ report.closing | first | length > 50 }}
                {% for row in report.tables[0].rows %}
                - {{ row.id }}, {{ row.standing }}, {{ row.target_date }}, {{ row.actions | map(attribute="text") | join("+") }}: {{ row.wording }}
                {% endfor %}
                {% endfor %}
                """,
            RECORD: (anytown / RECORD).read_text(encoding="utf-8") + "actions:\n  - text: a*b\n  - text: c\n",
        }
    )
    assert rendered(run, anytown, "letter", "status:in-progress") == (
        0,
        "Anytown action register, 1 February 2024: True\n- anytown-dhr-1/01, amber: due later, in progress, stale, 2024-03, a\\*b+c: That training is reviewed.\n",
        "",
    )


def test_the_templates_that_come_with_dhrctl_ask_for_nothing_that_is_forbidden(
    write: Write, anytown: Path, run: Run
) -> None:
    shutil.copytree(ROOT / "templates", anytown / "own")
    for name in ("summary", "action-plan", "overdue"):
        for form in ("md", "html"):
            result = run("render", name, "--format", form, *DAY, cwd=anytown)
            assert rendered(run, anytown, name, "--format", form) == (0, result.out, "")
    about = ("--agency", "anytown-police", "--format", "html")
    assert rendered(run, anytown, "agency", *about)[1] == run("render", "agency", *about, *DAY, cwd=anytown).out
    assert rendered(run, anytown, "recommendation", "1", "--format", "html")[0] == 0
    write({"own/page.html": "{{ nothing }}"})
    assert rendered(run, anytown, "summary", "--format", "html")[2].startswith(
        "dhrctl: page.html, line 1: 'nothing' is"
    )


MISTAKES = {
    "{{ nothing }}": "letter/letter.md, line 2: 'nothing' is undefined",
    "{% if %}": "letter/letter.md, line 2: Expected an expression",
    "{% for a in reports %}": "letter/letter.md, line ",
    "{{ reports | nothing }}": "letter/letter.md, line 2: No filter named 'nothing'",
    "{{ reports[0].titel }}": "letter/letter.md, line 2: 'Report object' has no attribute 'titel'",
    "{{ reports[7] }}": "letter/letter.md, line 2: ",
    "{% include 'nothing.md' %}": 'letter/letter.md, line 2: there is no template "',
    "{% include 'other.md' %}": "other.md, line 3: 'gone' is undefined",
    "{% include '../../register/register.yaml' %}": 'letter/letter.md, line 2: there is no template "',
    "{% include '/etc/passwd' %}": 'letter/letter.md, line 2: there is no template "',
    "{% include 'latin.md' %}": "letter/letter.md, line 2: it is not UTF-8 text",
    "{% extends 'letter/letter.md' %}": "letter/letter.md, line 2: it calls itself without an end",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}": "letter/letter.md, line 2: it calls itself without an end",
    "{{ 1 / 0 }}": "letter/letter.md, line 2: division by zero",
    "{{ 'a' + 1 }}": "letter/letter.md, line 2: ",
    "{% for a in 5 %}{% endfor %}": "letter/letter.md, line 2: 'int' object is not iterable",
    "{{ 'a' | int * 'b' | sum }}": "letter/letter.md, line 2: ",
    "{{ reports[0].__class__ }}": "letter/letter.md, line 2: it uses something that no template may use",
    "{{ ''.__class__.__mro__ }}": "letter/letter.md, line 2: it uses something",
    "{{ reports | map(attribute='__class__') | join }}": "letter/letter.md, line 2: it uses something",
    "{{ 'x'.upper() }}": "letter/letter.md, line 2: it uses something",
    "{{ '{0.__class__}'.format(reports) }}": "letter/letter.md, line 2: it uses something",
    "{{ reports[0].facts.update({}) }}": "letter/letter.md, line 2: it uses something",
    "{{ self.__init__ }}": "letter/letter.md, line 2: it uses something",
    "{{ Layout('x') }}": "letter/letter.md, line 2: it uses something",
    "{{ 9 ** 9 ** 9 }}": "letter/letter.md, line 2: it uses something",
    "{{ 'x' * 1000000000 }}": "letter/letter.md, line 2: it uses something",
    "{{ '%1000000000d' % 1 }}": "letter/letter.md, line 2: it uses something",
    "{{ 1000000 * 1000000 }}": "letter/letter.md, line 2: it uses something",
    "{% for a in range(9) %}{% endfor %}": "letter/letter.md, line 2: 'range' is undefined",
    "{{ '<b>' | safe }}": "letter/letter.md, line 2: No filter named 'safe'",
    "{{ 'x' | center(1000000000) }}": "letter/letter.md, line 2: No filter named 'center'",
    "{% import 'os' as os %}": 'letter/letter.md, line 2: there is no template "',
    "{{ lipsum }}{{ cycler }}": "letter/letter.md, line 2: 'lipsum' is undefined",
}


@pytest.mark.parametrize("line", MISTAKES)
def test_a_mistake_names_the_template_and_the_line_in_one_sentence(
    line: str, write: Write, anytown: Path, run: Run
) -> None:
    write({"own/letter/letter.md": f"First.\n{line}\n", "own/other.md": "\n\n{{ gone }}\n", "own/latin.md": b"\xe9\n"})
    code, out, err = rendered(run, anytown, "letter")
    assert (code, out) == (2, "")
    (sentence,) = err.splitlines()
    assert sentence.startswith(f"dhrctl: {MISTAKES[line]}"), sentence
    assert sentence.endswith("; fix the template (docs/templates.md says how)")


def test_a_mistake_has_its_line_in_a_folder_beside_too(write: Write, anytown: Path, run: Run) -> None:
    write({"own/letter/letter.md": "First.\n{{ gone }}\n"})
    (anytown / "below").mkdir()
    result = run("render", "letter", "--templates", "../own", *DAY, cwd=anytown / "below")
    assert "letter/letter.md, line 2: 'gone' is undefined" in result.err


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("{{ 3 * 4 }}", "12"),
        ("{% macro m(a) %}{{ a }}{% endmacro %}{{ m('x') }}", "x"),
        ("{% for a in [[1, [2]]] recursive %}{{ a if a is a_number else loop(a) }}{% endfor %}", "12"),
        ("{{ ['b', 'a'] | sort | join(', ') }}", "a, b"),
        ("{{ 'a*b' }}{{ '*a*' | prose }}{{ '*a*' | cell }}", "a*b*a*\\*a\\*"),
        ("{{ 'a\n````\nb' | copied }}", "`````yaml\na\n````\nb\n`````"),
        ("{{ reports[0].commit | default('none', true) }}", "none"),
        ("{% autoescape false %}{{ '<b>@x' }}{% endautoescape %}", "\\<b\\>\\@\u200bx"),
    ],
)
def test_what_a_template_may_do(line: str, written: str, write: Write, anytown: Path, run: Run) -> None:
    write({"own/letter/letter.md": line})
    assert rendered(run, anytown, "letter") == (0, written, "")


def test_what_is_not_a_format_of_a_template_is_refused(write: Write, anytown: Path, run: Run) -> None:
    write({"own/letter/letter.md": "x"})
    code, _, err = rendered(run, anytown, "letter", "--format", "html")
    assert (code, err.startswith('dhrctl: letter/letter.html: there is no template "')) == (2, True)


def test_an_escape_cannot_be_turned_off_on_a_page(write: Write, anytown: Path, run: Run) -> None:
    write({"own/letter/letter.html": "{% autoescape false %}{{ '<script>' }}{% endautoescape %}{{ '<b>' ~ '<i>' }}"})
    assert rendered(run, anytown, "letter", "--format", "html")[1] == "&lt;script&gt;&lt;b&gt;&lt;i&gt;"


def test_a_template_that_does_not_end_is_stopped(
    write: Write, anytown: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(templates, "SECONDS", 0.2)
    nested = "".join(f"{{% for a{depth} in row.wording %}}" for depth in range(12))
    ends = "{% endfor %}" * 12
    write({"own/letter/letter.md": f"{{% set row = reports[0].tables[0].rows[0] %}}\n{nested}{ends}"})
    code, out, err = rendered(run, anytown, "letter")
    assert (code, out) == (2, "")
    assert "letter/letter.md, line 2: it does not end, and was stopped after 0.2 seconds" in err


def test_outside_the_main_thread_a_template_is_filled_in_all_the_same() -> None:
    done: list[str] = []

    def work() -> None:
        with templates._limit_time(0.1):
            done.append("done")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == ["done"]


# The page for those who write one

PAGE = (ROOT / "docs" / "templates.md").read_text(encoding="utf-8")


def test_the_worked_example_writes_what_the_page_says(write: Write, tmp_path: Path, run: Run) -> None:
    records = (ROOT / "docs" / "records.md").read_text(encoding="utf-8")
    example = dict(re.findall(r"(?s)`(our-papers/letter/letter\.md)`\n\n```jinja\n(.*?)```", PAGE))
    write({**example, **dict(re.findall(r"(?s)\n`(register/\S+)`\n\n```yaml\n(.*?)```", records))})
    for day, said in (("2027-02-01", _block("markdown")), ("2026-10-01", "Nothing is overdue.")):
        result = run("render", "letter", "--templates", "our-papers", "--as-of", day, cwd=tmp_path)
        assert (result.code, result.err) == (0, "")
        assert said.strip() in result.out


def _block(language: str) -> str:
    (block,) = re.findall(rf"(?s)```{language}\n(.*?)```", PAGE)
    return str(block)


def test_texts_below_each_other_are_paragraphs_to_a_template_of_a_register() -> None:
    stack = Stack(("*said*:", Stack((MarkdownText("*so*\n- a"), "(by 2026)"))))
    assert _environment("md").from_string("{{ it | prose }}").render(it=stack) == (
        "\\*said\\*:\n\n*so*\n\n- a\n\n(by 2026)"
    )


def test_every_filter_and_every_name_of_a_row_is_on_the_page() -> None:
    filters = set(_environment("md").filters) | set(_environment("html").filters)
    assert {name for name in filters if f"`{name}`" not in PAGE} == set()
    fields = {*Report.__dataclass_fields__} - {"facts", "appendix"}
    assert {name for name in fields if f"`{name}`" not in PAGE} == set()
