"""Quotation marks in what is typed: what is one phrase, and what is only a mark or an apostrophe."""

import pytest

from dhrctl.text.quotes import is_quoted, is_unclosed, join_quoted, quote, split_values, unquote


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), []),
        (("risk",), ["risk"]),
        (("risk", "assessment"), ["risk", "assessment"]),
        (("\u201crisk", "assessment\u201d"), ["\u201crisk assessment\u201d"]),
        (("-\u201crisk", "assessment\u201d", "is:open"), ["-\u201crisk assessment\u201d", "is:open"]),
        (("is:open", "agency:\u201cAnytown", "Police\u201d"), ["is:open", "agency:\u201cAnytown Police\u201d"]),
        (("agency:ccg,\u201cAnytown", "Police\u201d,icb", "x"), ["agency:ccg,\u201cAnytown Police\u201d,icb", "x"]),
        (("section:\u201cTable", "1:", "Police\u201d"), ["section:\u201cTable 1: Police\u201d"]),
        (('"risk', 'assessment"'), ['"risk assessment"']),
        (("'risk", "assessment'"), ["'risk assessment'"]),
        (("\u2018the", "victim\u2019s", "voice\u2019"), ["\u2018the victim\u2019s voice\u2019"]),
        (("\u00abrisk", "assessment\u00bb"), ["\u00abrisk assessment\u00bb"]),
        (('"risk', "assessment"), ['"risk', "assessment"]),
        (("'tis", "women's"), ["'tis", "women's"]),
        (("the", "women's", "refuge'"), ["the", "women's", "refuge'"]),
        (('"a"', '"b"'), ['"a"', '"b"']),
        (("risk, \u201cx",), ["risk, \u201cx"]),
    ],
)
def test_a_phrase_in_quotation_marks_is_one_word(words: tuple[str, ...], expected: list[str]) -> None:
    assert [word for _, word in join_quoted(words)] == expected


def test_each_word_keeps_the_place_where_it_begins() -> None:
    assert join_quoted(("a", "\u201cb", "c\u201d", "d")) == [(1, "a"), (2, "\u201cb c\u201d"), (4, "d")]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("", ()),
        (" , ,", ()),
        ("a", ("a",)),
        ("a, b", ("a", "b")),
        ('"a, b",c', ("a, b", "c")),
        ('c , "a, b" ', ("c", "a, b")),
        ('""', ()),
        ("\u201ca\u201d,\u2018b\u2019", ("a", "b")),
        ("women's aid", ("women's aid",)),
        ("'women's aid'", ("women's aid",)),
        ('"a" b', ('"a" b',)),
        ('"a', ('"a',)),
        ("'", ("'",)),
    ],
)
def test_a_comma_between_quotation_marks_parts_nothing(values: str, expected: tuple[str, ...]) -> None:
    assert split_values(values) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ('"risk', True),
        ('agency:"x', True),
        ("agency:a,\u201cx", True),
        ('-"x', True),
        ('"', True),
        ('"risk" x', False),
        ("'tis", False),
        ('5"', False),
        ("risk", False),
        ("", False),
        ('risk, "x', False),
    ],
)
def test_a_double_mark_that_is_never_closed_is_seen(word: str, expected: bool) -> None:  # noqa: FBT001 - a column of the table
    assert is_unclosed(word) is expected


@pytest.mark.parametrize(
    ("text", "inside", "quoted"),
    [
        ('"a b"', "a b", True),
        ("\u201ca b\u201d", "a b", True),
        ("\u201ea b\u201c", "a b", True),
        ("\u2018a\u2019", "a", True),
        (' " a " ', "a", True),
        ('"a', '"a', False),
        ("\u201ca\u2019", "\u201ca\u2019", False),
        ('"', '"', False),
        ("women\u2019s", "women\u2019s", False),
    ],
)
def test_what_stands_in_quotation_marks_stands_alone(text: str, inside: str, quoted: bool) -> None:  # noqa: FBT001 - a column of the table
    assert (unquote(text), is_quoted(text)) == (inside, quoted)


@pytest.mark.parametrize(("text", "expected"), [("a", "a"), ("a b", '"a b"'), ("a,b", '"a,b"'), ("a-b", "a-b")])
def test_what_is_no_single_word_is_put_in_quotation_marks(text: str, expected: str) -> None:
    assert quote(text) == expected
