"""What is said of a query: what was looked for in vain, and what a word may have been meant for."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from queries import DAY, FILES, found, full, register

import dhrctl
from dhrctl.model import query
from dhrctl.model.query_notes import explain_query
from dhrctl.model.records import Register
from dhrctl.reports import view

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Repositories, Result, Run, Write

    Ask = Callable[..., Result]


def notes(*words: str, of: Register | None = None, counted: bool = True) -> list[str]:
    known = of or register()
    every = [(each.record, each.progress) for each in view.build_view(known, DAY).judged]
    asked = query.compile_query(words, known, DAY)
    return [note.text for note in explain_query(asked, known, DAY, every, counted=counted)]


MISSING = 'No recommendation holds the text "{}".'
FOUND = '"{}" is looked for in the text.'


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), []),
        (("letters",), []),
        (("letters", "is:open"), []),
        (("status:complete",), []),
        (("-letters",), []),
        # Words of is:, as they are typed
        (("overdue",), [f"{MISSING} Did you mean is:overdue (1)?"]),
        (("Overdue",), [f"{MISSING} Did you mean is:overdue (1)?"]),
        (("due-soon",), [f"{MISSING} Did you mean is:due-soon (1)?"]),
        (("due soon",), [f"{MISSING} Did you mean is:due-soon (1)?"]),
        (("due_soon",), [f"{MISSING} Did you mean is:due-soon (1)?"]),
        (("due\u2011soon",), [f"{MISSING} Did you mean is:due-soon (1)?"]),
        (("on track",), [f"{MISSING} Did you mean is:on-track (1)?"]),
        (("open",), [f"{MISSING} Did you mean is:open (4)?"]),
        (("closed",), [f"{MISSING} Did you mean is:closed (4)?"]),
        (("stale",), [f"{MISSING} Did you mean is:stale (3)?"]),
        (("slipped",), [f"{MISSING} Did you mean is:slipped (1)?"]),
        (("late",), [f"{MISSING} Did you mean is:late (2)?"]),
        (("not-known",), [f"{MISSING} Did you mean is:not-known (0)?"]),
        # A status, a colour, a scope, a level
        (("complete",), [f"{MISSING} Did you mean status:complete (3)?"]),
        (("unknown",), [f"{MISSING} Did you mean status:unknown (0)?"]),
        (("on-hold",), [f"{MISSING} Did you mean status:on-hold (1)?"]),
        (("red",), [f"{FOUND} Did you mean rag:red (1)?"]),
        (("amber",), [f"{MISSING} Did you mean rag:amber (2)?"]),
        (("national",), [f"{MISSING} Did you mean scope:national (1)?"]),
        (("multi-agency",), [f"{MISSING} Did you mean level:multi-agency (1)?"]),
        # An agency by any of its names
        (("anytown-police",), [f"{MISSING} Did you mean agency:anytown-police (3)?"]),
        (("AnyPol",), [f"{MISSING} Did you mean agency:AnyPol (3)?"]),
        (("CCG",), [f"{MISSING} Did you mean agency:CCG (3)?"]),
        (("Anytown Constabulary",), [f'{MISSING} Did you mean agency:"Anytown Constabulary" (3)?']),
        # A section, by its beginning, and a review, by any of its names
        (("housing",), [f"{FOUND} Did you mean section:housing (6)?"]),
        (("table 1",), [f'{FOUND} Did you mean section:"table 1" (1)?']),
        (("tab",), []),
        (("newtown",), [f"{FOUND} Did you mean review:newtown-dardr-2 (2) or review:newtown-dhr-1 (2)?"]),
        (("dhr-1",), [f"{FOUND} Did you mean review:anytown-dhr-1 (4) or review:newtown-dhr-1 (2)?"]),
        (("Newtown DARDR 2",), [f"{MISSING} Did you mean review:newtown-dardr-2 (2)?"]),
        (("1",), []),
        (("dhr",), []),
        # With other words, and the other way round
        (("overdue", "review:anytown"), [f"{MISSING} Did you mean is:overdue (1)?"]),
        (("overdue", "review:newtown-dhr-1"), [f"{MISSING} Did you mean is:overdue (0)?"]),
        (("-red",), [f"{FOUND} Did you mean -rag:red (7)?"]),
        (
            ("-overdue",),
            ['No recommendation holds the text "{}", so -overdue leaves nothing out. Did you mean -is:overdue (7)?'],
        ),
        (("-trainng",), ['No recommendation holds the text "{}", so -trainng leaves nothing out.']),
        # Quoted, the text is meant
        (('"red"',), []),
        (('"overdue"',), [f"{MISSING} Did you mean is:overdue (1)?"]),
        (("\u201coverdue\u201d",), [f"{MISSING} Did you mean is:overdue (1)?"]),
    ],
)
def test_a_word_of_the_text_that_means_something_else_says_so(words: tuple[str, ...], expected: list[str]) -> None:
    typed = words[0].removeprefix("-").strip('"\u201c\u201d') if words else ""
    assert notes(*words) == [each.format(typed) for each in expected]


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        (("on", "hold"), "status:on-hold (1)"),
        (("no", "target", "date"), "is:no-target-date (1)"),
        (("Anytown", "Police"), 'agency:"Anytown Police" (3)'),
        (("is:open", "in", "progress"), "status:in-progress (2)"),
        (("letters", "on", "track"), "is:on-track (1)"),
    ],
)
def test_words_that_mean_something_together_say_so(words: tuple[str, ...], meaning: str) -> None:
    said = " ".join(notes(*words))
    assert f"Did you mean {meaning}?" in said
    assert said.count("Did you mean") == 1


def test_words_together_that_are_all_in_the_text_are_named_each() -> None:
    assert notes("table", "2") == ['"table" and "2" are looked for in the text. Did you mean section:"table 2" (1)?']


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("nowhere",), ['No recommendation holds the text "nowhere".']),
        (('"no such, phrase"',), ['No recommendation holds the text "no such, phrase".']),
        (("status:cancelled",), ["No recommendation matches status:cancelled."]),
        (("rag:green",), ["No recommendation matches rag:green."]),
        (("is:not-known",), ["No recommendation matches is:not-known."]),
        (("target:>2030",), ["No recommendation matches target:>2030."]),
        (("completed:<1999",), ["No recommendation matches completed:<1999."]),
        (("-is:open,closed",), ["No recommendation matches -is:open,closed."]),
        (("-t",), ['Every recommendation holds the text "t", so -t leaves none.']),
        (
            ("status:cancelled", "nowhere", "is:open"),
            ['No recommendation holds the text "nowhere".', "No recommendation matches status:cancelled."],
        ),
        (
            ("status:complete", "is:overdue", "-letters"),
            ["No recommendation matches all of these together: status:complete (3), is:overdue (1), -letters (6)."],
        ),
    ],
)
def test_nothing_is_found_in_silence(words: tuple[str, ...], expected: list[str]) -> None:
    assert notes(*words) == expected


def test_without_numbers_none_is_told() -> None:
    assert notes("overdue", counted=False) == ['No recommendation holds the text "overdue". Did you mean is:overdue?']
    assert notes("is:open", "is:closed", counted=False) == [
        "No recommendation matches all of these together: is:open, is:closed."
    ]


def test_what_is_not_understood_is_not_proposed() -> None:
    assert not any("review:dhr-1 " in note for note in notes("dhr-1"))
    (police,) = (agency for agency in register().agencies.values() if agency.short_name == "AnyPol")
    named = replace(register(), agencies={police.id: replace(police, name='The "old", police')})
    assert notes('The "old", police', of=named) == ['No recommendation holds the text "The "old", police".']


def test_a_name_with_odd_spaces_is_proposed_too() -> None:
    (police,) = (agency for agency in register().agencies.values() if agency.short_name == "AnyPol")
    spaced = replace(register(), agencies={police.id: replace(police, name="Two  Spaces")})
    assert notes("Two Spaces", of=spaced)[0].endswith('Did you mean agency:"Two Spaces" (3)?')


def test_a_phrase_is_proposed_with_single_spaces() -> None:
    assert notes("anytown  police")[0].endswith('Did you mean agency:"anytown police" (3)?')


def test_an_empty_register_says_what_was_looked_for() -> None:
    assert notes("nowhere", of=Register()) == ['No recommendation holds the text "nowhere".']


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (('agency:"Anytown Police"',), ("d1/01", "d1/10", "n1/02")),
        (("agency:\u201cAnytown Police\u201d",), ("d1/01", "d1/10", "n1/02")),
        (("agency:\u201cAnytown", "Police\u201d"), ("d1/01", "d1/10", "n1/02")),
        (("agency:'Anytown Police'",), ("d1/01", "d1/10", "n1/02")),
        (('lead:"Anytown Police",anytown-housing',), ("d1/01", "d1/10", "d1/11", "n1/01", "n1/02")),
        (('-agency:"Anytown Police"', "-agency:icb"), ("n1/01",)),
        (('section:"Table 1: Police"',), ("d1/01",)),
        (('review:"newtown-dhr-1"',), ("n1/01", "n1/02")),
        (('status:"complete"',), ("d1/02", "n1/02", "a2/a-2")),
        (('is:"overdue"',), ("d1/11",)),
        (('target:"2022-02-15"',), ("d1/11",)),
        (('completed:"2021..2022"',), ("d1/02", "a2/a-2")),
        (('"risk assessment"',), ("d1/01",)),
        (("\u201crisk assessment\u201d",), ("d1/01",)),
        (("\u2018risk assessment\u2019",), ("d1/01",)),
        (("\u201crisk", "assessment\u201d"), ("d1/01",)),
        (('-"risk assessment"', "is:open"), ("d1/10", "d1/11", "n1/01")),
        (('"assessment risk"',), ()),
        (('"status:complete"',), ()),
    ],
)
def test_quotation_marks_make_a_phrase(words: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert found(*words) == full(*expected)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ('"risk', "a quotation mark is opened and not closed; close it, or leave it out"),
        ('agency:"Anytown', "a quotation mark is opened and not closed; close it, or leave it out"),
        ('""', "there is nothing here to look for"),
        ('agency:""', "a word is missing after the colon"),
    ],
)
def test_a_mark_that_opens_nothing_is_refused(run: "Run", word: str, expected: str) -> None:
    result = run("list", "is:open", word)
    assert (result.code, result.out) == (2, "")
    assert result.err == f'dhrctl: word 2 of the query, "{word}": {expected}\n'


SAID = 'No recommendation holds the text "overdue". Did you mean is:overdue (1)?'
AS_OF = ("--as-of", DAY.isoformat())


@pytest.fixture
def ask(run: "Run", repository: "Repositories") -> "Ask":
    home = repository()
    home.copy("asked", lambda home: home.commit(FILES, "The register"))
    return lambda *arguments: run(*arguments, *AS_OF, cwd=home.root)


@pytest.mark.parametrize("command", ["list", "status", "overdue", "slippage"])
@pytest.mark.parametrize("form", ["table", "md", "html", "json", "jsonl", "csv"])
def test_every_answer_says_what_a_word_may_mean(ask: "Ask", command: str, form: str) -> None:
    result = ask(command, "overdue", "--format", form)
    where = result.err if form in {"json", "jsonl", "csv"} else result.out
    assert SAID in _plain(where)
    assert (SAID in result.err) == (form in {"json", "jsonl", "csv"})


def _plain(text: str) -> str:
    return " ".join(text.replace("&#34;", '"').replace("&quot;", '"').replace("\\", "").split())


@pytest.mark.parametrize("paper", ["summary", "action-plan", "overdue"])
@pytest.mark.parametrize("form", ["md", "html"])
def test_every_paper_says_what_a_word_may_mean(ask: "Ask", paper: str, form: str) -> None:
    assert SAID in _plain(ask("render", paper, "overdue", "--format", form).out)
    public = _plain(ask("render", paper, "overdue", "--format", form, "--audience", "public").out)
    assert SAID.replace(" (1)", "") in public


@pytest.mark.parametrize("form", ["xlsx", "docx", "csv", "json", "jsonl", "ics", "atom", "sqlite"])
@pytest.mark.parametrize(
    ("words", "said"), [(["overdue"], SAID), (["status:cancelled"], "No recommendation matches status:cancelled.")]
)
def test_every_export_says_on_standard_error_what_it_found_nothing_for(
    ask: "Ask", words: list[str], said: str, form: str, tmp_path: Path
) -> None:
    result = ask("export", form, *words, "--out", str(tmp_path / f"found.{form}"))
    assert result.code == 0
    assert f"dhrctl: {said}\n" in result.err


def test_a_program_is_told_nothing_of_a_field_that_finds_nothing(ask: "Ask") -> None:
    result = ask("list", "status:cancelled", "--json")
    assert (json.loads(result.out)["count"], result.err) == (0, "")


def test_what_a_change_is_asked_of_is_said_before_it(run: "Run", write: "Write") -> None:
    result = run("update", "--all", "overdue", "--text", "Done.", "--no-input", cwd=write(FILES))
    assert result.code == 2
    assert 'dhrctl: No recommendation holds the text "overdue". Did you mean is:overdue (' in result.err


def test_a_notebook_is_warned_of_what_a_word_may_mean(write: "Write") -> None:
    known = dhrctl.open_register(write(FILES), as_of=DAY)
    with pytest.warns(UserWarning, match=re.escape(f"dhrctl: {SAID}")) as told:
        assert known.rows("overdue") == []
    assert told[0].filename == __file__


@pytest.mark.parametrize("command", [("overdue",), ("render", "overdue"), ("render", "summary")])
def test_nothing_found_is_not_said_of_everything(ask: "Ask", command: tuple[str, ...]) -> None:
    said = _plain(ask(*command, "nowhere").out)
    assert "No recommendation that matches is open." in said
    assert "Nothing is overdue" not in said
