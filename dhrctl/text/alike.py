"""What people take for the same text: one way to compare names, headings, ids and queries."""

import unicodedata

DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"
SINGLE_QUOTES = "\u2018\u2019\u201a\u201b\u2032\u00b4\u02bc\uff07"
DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02"
_PLAIN = (
    dict.fromkeys(map(ord, DASHES), "-")
    | dict.fromkeys(map(ord, SINGLE_QUOTES), "'")
    | dict.fromkeys(map(ord, DOUBLE_QUOTES), '"')
    | dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f"), " ")
)


def plain_signs(text: str) -> str:
    """Return a text of the same length, its dashes, quotation marks and odd spaces as a keyboard has them."""
    return text if text.isascii() else text.translate(_PLAIN)


def printed_alike(text: str) -> str:
    """Return what two texts have in common that look the same in print.

    The number of spaces, the form of an accented letter (NFC or NFD), and which dash or quotation mark was typed
    make no difference; capitals do.
    """
    return " ".join((text if text.isascii() else plain_signs(unicodedata.normalize("NFC", text))).split())


def comparable_text(text: str) -> str:
    """Return what two texts have in common that people take for one: as they look in print, but for capitals."""
    folded = printed_alike(text).casefold()
    return folded if folded.isascii() else printed_alike(folded)
