"""What is said of a query beside its answer: what was looked for in vain, and what a word may have been meant for."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dhrctl.errors import DhrError
from dhrctl.model.query import (
    Query,
    QueryWord,
    compile_query,
    list_conditions,
    names_of_agency,
)
from dhrctl.model.records import Level, Recommendation, Register, Scope, Status
from dhrctl.model.status import Progress, Rag
from dhrctl.text.alike import comparable_text
from dhrctl.text.quotes import quote

Every = Sequence[tuple[Recommendation, Progress]]
_LONGEST_RUN = 8
_MOST = 4
_DASHES = re.compile("[\u2010-\u2015\u2212_]|\\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryNote:
    """A sentence about a query; `ambiguous` where it is about a word of the text that may be meant for another."""

    text: str
    ambiguous: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """Words that follow each other and are looked for in the text, and the query words that they may be meant for."""

    words: tuple[QueryWord, ...]
    meanings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """What a register names, as names are compared: its agencies, its sections, and its reviews by all their names."""

    agencies: frozenset[str]
    sections: tuple[str, ...]
    reviews: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Context:
    query: Query
    register: Register
    day: date
    every: Every
    counted: bool
    names: _Names

    def count(self, words: Sequence[QueryWord]) -> int:
        """Return how many recommendations pass some words together."""
        return sum(Query(tuple(words))(record, progress) for record, progress in self.every)


def explain_query(
    query: Query, register: Register, day: date, every: Every, *, counted: bool = True
) -> tuple[QueryNote, ...]:
    """Return what is to be said of a query, asked of every recommendation; with numbers where these may be `counted`."""
    if not query.words:
        return ()
    return tuple(_explain(_Context(query, register, day, every, counted, _list_names(register))))


def _list_names(register: Register) -> _Names:
    reviews = dict.fromkeys(record.review for record in register.recommendations)
    known = {review: register.reviews.get(review) for review in reviews}
    return _Names(
        agencies=frozenset(
            comparable_text(name) for agency in register.agencies.values() for name in names_of_agency(agency)
        ),
        sections=tuple(map(comparable_text, dict.fromkeys(record.section for record in register.recommendations))),
        reviews={
            review: frozenset(comparable_text(name) for name in (about.title, about.reference) if name)
            if about
            else frozenset()
            for review, about in known.items()
        },
    )


def _explain(context: _Context) -> Iterator[QueryNote]:
    runs = tuple(_find_runs(context))
    asked = {id(word) for run in runs for word in run.words}
    for run in runs:
        yield QueryNote(text=_describe_run(run, asked, context), ambiguous=True)
    for word in context.query.words:
        if word.phrase and id(word) not in asked and not _holding(word, context):
            yield QueryNote(text=_describe_missing(word))
    if not context.count(context.query.words):
        yield from _explain_nothing(context)


def _explain_nothing(context: _Context) -> Iterator[QueryNote]:
    """Say which words found nothing; where each finds something, that nothing is left of all together."""
    words = context.query.words
    vain = [word for word in words if not context.count([word])]
    for word in vain:
        if not word.phrase:
            yield QueryNote(text=f"No recommendation matches {_show(word)}.")
        elif word.negated:
            yield QueryNote(text=f'Every recommendation holds the text "{word.phrase}", so {_show(word)} leaves none.')
    if not vain:
        each = ", ".join(_add_count(_show(word), [word], context) for word in words)
        yield QueryNote(text=f"No recommendation matches all of these together: {each}.")


def _show(word: QueryWord) -> str:
    """Return a word as it would be typed."""
    if word.phrase:
        return f"{'-' if word.negated else ''}{quote(word.phrase)}"
    return word.typed


def _holding(word: QueryWord, context: _Context) -> int:
    """Return how many recommendations hold the text that a word stands for, negated or not."""
    found = context.count([word])
    return len(context.every) - found if word.negated else found


def _describe_missing(word: QueryWord) -> str:
    also = f", so {_show(word)} leaves nothing out" if word.negated else ""
    return f'No recommendation holds the text "{word.phrase}"{also}.'


def _describe_run(run: _Run, asked: set[int], context: _Context) -> str:
    """Say that words are looked for in the text, and what they may have been meant for."""
    others = [word for word in context.query.words if id(word) not in asked]
    meant = [
        _add_count(meaning, [*others, *compile_query([meaning], context.register, context.day).words], context)
        for meaning in run.meanings
    ]
    missing = [word for word in run.words if not _holding(word, context)]
    said = " ".join(map(_describe_missing, missing))
    if not said:
        phrases = [f'"{word.phrase}"' for word in run.words]
        last = f" and {phrases[-1]} are" if len(phrases) > 1 else " is"
        said = f"{', '.join(phrases[:-1]) or phrases[0]}{last} looked for in the text."
    return f"{said} Did you mean {' or '.join(meant)}?"


def _add_count(said: str, words: Sequence[QueryWord], context: _Context) -> str:
    return f"{said} ({context.count(words):,})" if context.counted else said


def _find_runs(context: _Context) -> Iterator[_Run]:
    """Yield the words that mean something else than text, the longest phrases first: `on hold`, or `on` and `hold`."""
    words, place = context.query.words, 0
    while place < len(words):
        run = next((run for run in _runs_from(place, context) if run.meanings), None)
        if run:
            yield run
        place += len(run.words) if run else 1


def _runs_from(place: int, context: _Context) -> Iterator[_Run]:
    words = context.query.words
    for end in range(min(len(words), place + _LONGEST_RUN), place, -1):
        run = words[place:end]
        if _may_mean(run, context):
            mark = "-" if run[0].negated else ""
            meanings = _find_meanings(" ".join(word.phrase for word in run), context)
            yield _Run(words=run, meanings=tuple([f"{mark}{meaning}" for meaning in meanings]))


def _may_mean(run: Sequence[QueryWord], context: _Context) -> bool:
    """Tell whether words may be meant for another: not where they are quoted and found, and only together where bare."""
    if len(run) == 1:
        (word,) = run
        return bool(word.phrase) and not (word.quoted and _holding(word, context))
    return all(word.phrase and not word.quoted and not word.negated for word in run)


def _find_meanings(phrase: str, context: _Context) -> tuple[str, ...]:
    """Return the query words that a phrase may be meant for, each of which can be understood."""
    found = dict.fromkeys((*_fixed_meanings(phrase), *_named_meanings(phrase, context.names)))
    return tuple([meaning for meaning in found if _is_understood(meaning, context)])[:_MOST]


def _is_understood(meaning: str, context: _Context) -> bool:
    try:
        compile_query([meaning], context.register, context.day)
    except DhrError:
        return False
    return True


_WORDS = {
    "is": list_conditions(),
    **{
        field: tuple(map(str, kinds))
        for field, kinds in (("status", Status), ("rag", Rag), ("scope", Scope), ("level", Level))
    },
}


def _fixed_meanings(phrase: str) -> Iterator[str]:
    """Yield the words of a fixed list that a phrase is, however its parts are joined."""
    wanted = _DASHES.sub("-", comparable_text(phrase))
    for field, words in _WORDS.items():
        if wanted in words:
            yield f"{field}:{wanted}"


def _named_meanings(phrase: str, names: _Names) -> Iterator[str]:
    """Yield the agencies, sections and reviews that a phrase names."""
    wanted, phrase = comparable_text(phrase), " ".join(phrase.split())
    if wanted in names.agencies:
        yield f"agency:{quote(phrase)}"
    if any(_begins(section, wanted) for section in names.sections):
        yield f"section:{quote(phrase)}"
    for review, known in names.reviews.items():
        part = re.search("[a-z]", wanted) and (f"{review}-".startswith(f"{wanted}-") or review.endswith(f"-{wanted}"))
        if part or wanted in known:
            yield f"review:{review}"


def _begins(text: str, wanted: str) -> bool:
    """Tell whether a text begins with a phrase, and not within a word."""
    return text.startswith(wanted) and not re.match(r"\w", text[len(wanted) :])
