"""What every file says of itself: as of which day, at which commit, how it was judged, and for whom it was made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from dhrctl.model.audience import MADE_FOR, Audience
from dhrctl.model.query_notes import QueryNote
from dhrctl.model.records import Recommendation, Register
from dhrctl.model.status import RAG_RULE, Progress, judge_record
from dhrctl.reports import small_numbers


@dataclass(frozen=True, slots=True)
class Judged:
    """A recommendation, and what it amounts to on the day in question."""

    record: Recommendation
    progress: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What an answer is about: the register, the day, the commit, the query, what matches it, and for whom.

    `notes` are what is to be said of the query; without the `whole_past`, git lacks some of what was asked for.
    """

    register: Register
    day: date
    judged: tuple[Judged, ...]
    commit: str | None = None
    words: tuple[str, ...] = ()
    audience: Audience = Audience.INTERNAL
    notes: tuple[QueryNote, ...] = ()
    whole_past: bool = True

    @property
    def filter_notes(self) -> tuple[str, ...]:
        """Return the sentences that say what the answer is limited to, if it is, and what that may not mean."""
        limits = (f"Only: {' '.join(self.words)}",) if self.words else ()
        return (*limits, *(note.text for note in self.notes))

    @property
    def asides(self) -> tuple[str, ...]:
        """Return what is to be said beside an answer for programs, in which nothing can be seen of a mistaken word."""
        return tuple([note.text for note in self.notes if note.ambiguous])

    @property
    def is_small(self) -> bool:
        """Tell whether there are too few to be broken down for the public."""
        return self.audience is Audience.PUBLIC and 0 < len(self.judged) < small_numbers.FEWEST

    @property
    def empty_sentence(self) -> str:
        """Return the sentence for an answer in which nothing is left."""
        if self.words:
            return "No recommendation matches."
        where = "; add the first under register/reviews/" if self.audience is not Audience.PUBLIC else ""
        return f"There is no recommendation yet{where}."


def build_view(
    register: Register,
    day: date,
    test: Callable[[Recommendation, Progress], bool] = lambda *_: True,
    *,
    commit: str | None = None,
    words: tuple[str, ...] = (),
) -> View:
    """Judge every recommendation on a day, and keep those that pass a test."""
    every = (Judged(record, judge_record(record, register, day)) for record in register.recommendations)
    kept = tuple([judged for judged in every if test(judged.record, judged.progress)])
    return View(register=register, day=day, judged=kept, commit=commit, words=words)


UNCOMMITTED = "Read from files that are not all committed."


def imprint(view: View) -> Mapping[str, str]:
    """Return what every file says of itself, by key: for people in this order, and for programs."""
    return {
        "title": view.register.settings.title,
        "as_of": view.day.isoformat(),
        "commit": view.commit or "",
        "query": " ".join(view.words),
        "audience": view.audience,
        "made_for": MADE_FOR[view.audience],
        "rule": RAG_RULE,
    }


def imprint_sentences(view: View) -> tuple[str, ...]:
    """Return the same in sentences."""
    read = f"Read at commit {view.commit}." if view.commit else UNCOMMITTED
    only = (f"Only: {' '.join(view.words)}.",) if view.words else ()
    return (f"As of {view.day}.", read, *only, MADE_FOR[view.audience], RAG_RULE)
