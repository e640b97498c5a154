"""Quotation marks, straight or curly, around what is typed: what stands between them is one phrase."""

import re
from collections.abc import Iterator, Sequence

_DOUBLE = '"\u201c\u201d\u201e\u201f\u00ab\u00bb'
_SINGLE = "'\u2018\u2019\u201a\u201b"
_MARKS = {mark: kind for kind in (_DOUBLE, _SINGLE) for mark in kind}


def join_quoted(words: Sequence[str]) -> list[tuple[int, str]]:
    """Return words with their places from 1, those joined that a phrase in quotation marks runs over.

    A shell takes straight marks away itself, and cuts at the spaces between curly ones.
    """
    found, place = [], 0
    while place < len(words):
        end = next((end for end in range(place, len(words)) if not _is_open(" ".join(words[place : end + 1]))), place)
        found.append((place + 1, " ".join(words[place : end + 1])))
        place = end + 1
    return found


def _is_open(word: str) -> bool:
    """Tell whether a word has a value that begins with a quotation mark and is not closed."""
    return any(part[:1] in _MARKS and not _closing(part) for part in _values(word))


def is_unclosed(word: str) -> bool:
    """Tell whether a word has a double quotation mark that is opened and never closed; a single one is an apostrophe."""
    begun = [value for value in _values(word) if _MARKS.get(value[:1]) == _DOUBLE]
    return any(not any(mark in _DOUBLE for mark in value[1:]) for value in begun)


def _values(word: str) -> tuple[str, ...]:
    """Return the values behind a word's field, or the text that a word without a field is."""
    field, value = re.fullmatch(r"-?([A-Za-z_-]+:)?(.*)", word, re.DOTALL).groups()  # type: ignore[union-attr]  # it always matches
    return tuple(_parts(value)) if field else (value.strip(),)


def split_values(values: str) -> tuple[str, ...]:
    """Return what stands between commas, except those between quotation marks, without these."""
    return tuple([unquote(part) for part in _parts(values) if unquote(part)])


def _parts(values: str) -> Iterator[str]:
    """Yield what stands between commas, with its quotation marks."""
    rest = values.strip()
    while rest:
        closing = _closing(rest)
        cut = closing.end(1) if closing else len(rest.partition(",")[0])
        yield rest[:cut].strip()
        rest = rest[cut:].strip().removeprefix(",").strip()


def _closing(text: str) -> re.Match[str] | None:
    """Return where a quotation mark at the beginning is closed: before a comma, or at the end."""
    marks = _MARKS.get(text[:1], "")
    return re.match(rf"(.[^\n]*?[{marks}])\s*(?:,|$)", text) if marks else None


def is_quoted(text: str) -> bool:
    """Tell whether a text stands in quotation marks as a whole."""
    text = text.strip()
    marks = _MARKS.get(text[:1], "")
    return len(text) > 1 and bool(marks) and text[-1] in marks


def unquote(text: str) -> str:
    """Return a text without the quotation marks that it stands in, if it does."""
    return text.strip()[1:-1].strip() if is_quoted(text) else text.strip()


def quote(text: str) -> str:
    """Return a text in quotation marks where it is no single word."""
    return f'"{text}"' if re.search(r"[\s,]", text) else text
