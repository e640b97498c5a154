"""Abbreviations: which words of a text are some."""

import re
from collections.abc import Iterator

_WORD = re.compile(r"\b[A-Z][a-z]*[A-Z][A-Za-z]*\b")
_NAME = re.compile("(?:[A-Z][a-z]+){2,}")
_NUMERAL = re.compile("X{0,3}(?:IX|IV|V?I{0,3})")
_SHOUTED = re.compile(r"(?:\b[A-Z]{2,} ){3,}[A-Z]{2,}\b")

# Words that every reader knows, and plain words that are written large to stress them.
_COMMON = frozenset(
    {"am", "bc", "cctv", "cd", "covid", "cv", "dvd", "eu", "faq", "gb", "id", "it", "ok", "pdf", "phd", "pin", "pm"}
    | {"sms", "tv", "uk", "url", "us", "usa", "usb"}
    | {"all", "always", "and", "any", "both", "every", "must", "never", "no", "not", "only", "or"}
)


def used(text: str) -> Iterator[str]:
    """Yield the abbreviations of a text, each as one of it is called: MARAC for MARACs."""
    words = _WORD.findall(text)
    if len(words) > 3:  # so that most texts are gone through once
        words = _WORD.findall(_SHOUTED.sub(" ", text))
    for word in words:
        short = word[:-1] if word.endswith("s") and word[-2].isupper() else word
        if not (_NAME.fullmatch(short) or _NUMERAL.fullmatch(short) or short.casefold() in _COMMON):
            yield short
