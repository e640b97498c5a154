"""The nearest right word, for whoever mistyped one."""

from collections.abc import Iterable

from dhrctl.text.alike import comparable_text


def nearest_word(word: str, words: Iterable[str]) -> str:
    """Return the known word that a mistyped one most resembles, or nothing."""
    from difflib import get_close_matches  # noqa: PLC0415 - slow to import, and needed for mistakes alone

    known = {comparable_text(candidate): candidate for candidate in words}
    matches = get_close_matches(comparable_text(word)[:100], known, n=1, cutoff=0.6)
    return known[matches[0]] if matches else ""


def suggestion(word: str, words: Iterable[str]) -> str:
    """Return ` (did you mean "…"?)` with the nearest word, or nothing."""
    found = nearest_word(word, words)
    return f' (did you mean "{found}"?)' if found else ""
