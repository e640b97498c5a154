"""Headings of a plan's columns, as plans print them: what a cell below one is about."""

import re
from enum import StrEnum
from functools import lru_cache

from dhrctl.text.alike import comparable_text


class Heading(StrEnum):
    """What the cells of a column are about."""

    TARGET = "target"  # by when
    COMPLETION = "completion"  # since when, often with what came of it
    STATUS = "status"  # how far, in words or colours
    ANSWER = "answer"  # complete, yes or no
    PROGRESS = "progress"  # an account of it
    OTHER = "other"


_PROMISED = (
    r"target|expected|planned|estimated|proposed|anticipated|agreed|forecast|due|revised|original|projected|intended"
)
_DONE = r"complete|completed|completion|closed|closure|achieved|implemented|done|finished|discharged|signed off|met"
_FORMS: tuple[tuple[Heading, re.Pattern[str]], ...] = (
    (
        Heading.OTHER,
        re.compile(r"\b(?:milestone|start|raised|review|reviewed|added|origin|meeting|publication|published)\b"),
    ),
    (
        Heading.ANSWER,
        re.compile(
            rf"(?:action|recommendation|is it|is this|fully|has this been|\s)*(?:{_DONE})(?: (?:y|n|yes|no|or|partial|partly))*"
        ),
    ),
    (
        Heading.STATUS,
        re.compile(
            r".*\b(?:status|b?rag|progress indicator|assessment of progress|percent|percentage)\b.*|complete %|% complete"
        ),
    ),
    (
        Heading.TARGET,
        re.compile(rf".*\b(?:{_PROMISED})\b.*\b(?:completion|complete|completed|implementation|closure)\b.*"),
    ),
    (
        Heading.COMPLETION,
        re.compile(
            rf".*\b(?:date|day|when|month) (?:of )?(?:it was |action )?(?:{_DONE})\b.*|(?:actual )?(?:{_DONE}) (?:date|on)\b.*"
            rf"|actual (?:{_DONE}|end)\b.*"
        ),
    ),
    (Heading.OTHER, re.compile(r".*\boutcome\b.*")),
    (
        Heading.TARGET,
        re.compile(
            r"date|when|.*\b(?:end|target|deadline|timescale|time scale|timeframe|time frame|timeline|due|by when|by what date|complete by"
            r"|completed by|to be completed|completion|implementation date|delivery date|expected date|planned date|proposed date|agreed date)\b.*"
        ),
    ),
    (Heading.PROGRESS, re.compile(r"(?:progress|(?:latest|current|last)? ?(?:update|position|progress))\b.*")),
)


@lru_cache(maxsize=1024)
def read_heading(heading: str) -> Heading:
    """Return what the cells below a printed heading are about."""
    words = re.sub(r"\([^()]{0,100}\)", " ", comparable_text(heading)[:200])
    words = re.sub(r"(?<![us ])s\b", "", " ".join(re.sub(r"[^\w%]+", " ", words).split()))
    return next((kind for kind, form in _FORMS if _fits(kind, form, words)), Heading.OTHER)


def _fits(kind: Heading, form: re.Pattern[str], words: str) -> bool:
    """Tell whether a heading has a form; a word of what a plan does not judge here is enough."""
    return bool(form.search(words) if kind is Heading.OTHER else form.fullmatch(words))
