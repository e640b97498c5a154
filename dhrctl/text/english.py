"""Counts, days and words as a sentence has them."""

from calendar import month_name
from datetime import date


def plural(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def long_day(day: date) -> str:
    """Return a day as it is written in a sentence."""
    return f"{day.day} {month_name[day.month]} {day.year}"


def plain_words(word: str) -> str:
    """Return a word from a fixed list as people say it: `no target date` for `no-target-date`."""
    return word.replace("-", " ")
