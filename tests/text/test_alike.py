"""What counts as the same text, whatever was typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhrctl.text.alike import comparable_text, plain_signs

ALIKE = [
    ("Café", "Cafe\u0301"),
    ("CAFÉ", "cafe\u0301"),
    ("Women\u2019s Aid", "Women's Aid"),
    ("Women\u02bcs Aid", "Women's Aid"),
    ("\u201cAll\u201d agencies", '"All" agencies'),
    ("Anytown\u2013Othertown", "Anytown-Othertown"),
    ("Anytown \u2014 Police", "Anytown - Police"),
    ("dhr\u2010\u2011\u22121", "dhr---1"),
    ("Adult\u00a0Social  Care\n", " adult social care"),
    ("Stra\u00dfe", "STRASSE"),
    ("\u1fb3", "\u0391\u0345"),
]
DIFFERENT = [("Cafe", "Café"), ("Women's", "Womens"), ("Any-town", "Anytown"), ("Part 1", "Part 2"), ("a b", "ab")]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_what_people_take_for_one_text_compares_alike(one: str, other: str) -> None:
    assert comparable_text(one) == comparable_text(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_people_tell_apart_stays_apart(one: str, other: str) -> None:
    assert comparable_text(one) != comparable_text(other)


@given(st.text())
def test_forms_spaces_and_comparing_twice_make_no_difference(text: str) -> None:
    found = comparable_text(text)
    assert comparable_text(found) == found
    assert {comparable_text(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")} == {found}
    assert comparable_text(f"  {text}\n") == found


@given(st.text())
def test_plain_signs_keep_every_place(text: str) -> None:
    assert len(plain_signs(text)) == len(text)
