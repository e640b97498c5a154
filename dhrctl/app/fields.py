"""A field of a request that takes one of some words: read, or refused with the nearest."""

from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar

from dhrctl.errors import FieldRefused

Word = TypeVar("Word", bound=StrEnum)


def read_word(kind: type[Word], given: str, field: str) -> Word:
    """Return the word of a fixed list that a field gives; raise FieldRefused that names the nearest."""
    return kind(choose_word(given, map(str, kind), field))


def choose_word(given: str, known: Iterable[str], field: str) -> str:
    """Return what a field gives, where it is one of the known words; raise FieldRefused that names the nearest."""
    from dhrctl.text.suggest import suggestion

    words = tuple(known)
    if given not in words:
        problem = f'"{given}" is not one of the words for it{suggestion(given, words)}'
        raise FieldRefused(problem, f"use one of {', '.join(words)}", field=field)
    return given
