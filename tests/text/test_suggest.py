"""The nearest right word: what a coordinator most likely meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhrctl.text.suggest import nearest_word, suggestion

FIELDS = ("status", "agency", "lead", "review", "section", "scope", "level", "rag", "is", "target", "completed")
AGENCIES = ("anytown-police", "anytown-housing", "anytown-icb", "Newtown Council")

words = st.text(st.characters(categories=("Ll", "Lu", "Nd", "Pd")), min_size=1, max_size=40)
lists_of_words = st.lists(words, max_size=8, unique_by=str.casefold)


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("stauts", FIELDS, "status"),
        ("agancy", FIELDS, "agency"),
        ("complete", FIELDS, "completed"),
        ("STATUS", FIELDS, "status"),
        ("anytown-polise", AGENCIES, "anytown-police"),
        ("anytown_icb", AGENCIES, "anytown-icb"),
        ("newtown council", AGENCIES, "Newtown Council"),
        ("Newton Council", AGENCIES, "Newtown Council"),
        ("zebra", FIELDS, ""),
        ("", FIELDS, ""),
        ("status", (), ""),
        ("", (), ""),
        ("x" * 100_000, FIELDS, ""),
    ],
)
def test_a_mistyped_word_is_answered_with_the_nearest_or_with_nothing(
    word: str, known: tuple[str, ...], expected: str
) -> None:
    assert nearest_word(word, known) == expected


@pytest.mark.parametrize("field", FIELDS)
def test_a_word_that_lost_one_letter_is_still_recognised(field: str) -> None:
    for lost in range(len(field)):
        assert nearest_word(field[:lost] + field[lost + 1 :], FIELDS) == field


@pytest.mark.parametrize("field", [field for field in FIELDS if len(field) > 3])
def test_a_word_with_two_letters_swapped_is_still_recognised(field: str) -> None:
    for place in range(len(field) - 1):
        swapped = field[:place] + field[place + 1] + field[place] + field[place + 2 :]
        assert nearest_word(swapped, FIELDS) == field


@pytest.mark.parametrize(
    ("word", "expected"),
    [("stauts", ' (did you mean "status"?)'), ("Status", ' (did you mean "status"?)'), ("zebra", ""), ("", "")],
)
def test_the_question_names_the_nearest_word_or_is_not_asked(word: str, expected: str) -> None:
    assert suggestion(word, FIELDS) == expected


@given(word=words, known=lists_of_words)
def test_the_answer_is_a_known_word_or_nothing(word: str, known: list[str]) -> None:
    assert nearest_word(word, known) in (*known, "")


@given(known=lists_of_words.filter(bool), data=st.data())
def test_a_known_word_is_its_own_nearest_in_capitals_too(known: list[str], data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(known))
    assert nearest_word(word, known) == word
    assert nearest_word(word.casefold(), known) == word


@given(word=words, known=lists_of_words)
def test_the_order_of_the_known_words_does_not_matter(word: str, known: list[str]) -> None:
    assert nearest_word(word, known) == nearest_word(word, reversed(known))
