"""What a check is: a rule, and a generator of the places where it is broken."""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from dhrctl.findings.finding import Keys, Rule, Severity
from dhrctl.findings.rules import rule
from dhrctl.model.records import Agency, Recommendation, Register, Review, Update

CheckedRecord = Agency | Review | Recommendation | Update


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A place where a rule is broken: what is wrong there, and what to do.

    `severity` is given where it differs from the rule's. Without a record, the place is register.yaml.
    `values` are the data that the problem is about, by which it is known again (see `Finding`).
    """

    record: CheckedRecord | None
    problem: str
    fix: str
    keys: Keys | None = None
    severity: Severity | None = None
    values: tuple[object, ...] = ()


CheckFunction = Callable[[Register, date], Iterator[Violation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A rule, and the generator of the places where it is broken."""

    rule: Rule
    run: CheckFunction


def check(severity: Severity, *, gap: bool = False) -> Callable[[CheckFunction], Check]:
    """Make a check of a generator: its name names the rule, its docstring explains it.

    The docstring is the rule in a sentence, then why, then a bad and a good example. A `gap` is
    something that a plan leaves open: an error in a plan that was adopted, a warning until then.
    """

    def make_check(run: CheckFunction) -> Check:
        name = run.__name__.replace("_", "-")
        return Check(rule=rule(name, inspect.getdoc(run) or "", severity, gap=gap), run=run)

    return make_check


class Phrases:
    """A pattern of whole words, which matches capitals too unless `cased`.

    Most texts have no match. They are ruled out by the same pattern without the word boundary
    before it, on the text in lower case, for which the regex engine needs a fraction of the time.
    An underscore is no part of a word: it may be emphasis.
    """

    def __init__(self, pattern: str, *, cased: bool = False) -> None:
        """Take a pattern in lower case, unless `cased`, without the word boundary before it."""
        self._exactly = re.compile(rf"(?<![^\W_]){pattern}", 0 if cased else re.IGNORECASE)
        self._roughly = re.compile(pattern)
        self._cased = cased

    def _may_match(self, text: str) -> bool:
        return self._roughly.search(text if self._cased else text.lower()) is not None

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first match in a text."""
        return self._exactly.search(text) if self._may_match(text) else None

    def findall(self, text: str) -> list[str]:
        """Return every match in a text."""
        return self._exactly.findall(text) if self._may_match(text) else []


def texts(record: Recommendation) -> Iterator[tuple[Keys, str]]:
    """Yield the texts that say what is to be done and what comes of it, with the way to each."""
    yield ("recommendation",), record.recommendation
    for index, action in enumerate(record.actions):
        yield ("actions", index, "text"), action.text
    for index, milestone in enumerate(record.milestones):
        yield ("milestones", index, "text"), milestone.text
    for index, outcome in enumerate(record.outcomes):
        yield ("outcomes", index), outcome
    for index, measure in enumerate(record.measures):
        yield ("measures", index), measure


def every_text(register: Register) -> Iterator[tuple[CheckedRecord, Keys, str]]:
    """Yield every text of the register that a person wrote, with its record and the way to it."""
    for agency in register.agencies.values():
        yield agency, ("name",), agency.name
        for index, note in enumerate(agency.notes):
            yield agency, ("notes", index), note
    for review in register.reviews.values():
        yield from _review_texts(review)
    for record in register.recommendations:
        for keys, text in texts(record):
            yield record, keys, text
        for column, cell in record.as_stated.items():
            yield record, ("as_stated", column), cell
        for index, evidence in enumerate(record.evidence):
            yield record, ("evidence", index, "title"), evidence.title
        for update in record.updates:
            yield from _update_texts(update)
    for update in register.orphans:
        yield from _update_texts(update)


def _review_texts(review: Review) -> Iterator[tuple[CheckedRecord, Keys, str]]:
    yield review, ("title",), review.title
    for index, commitment in enumerate(review.commitments):
        yield review, ("commitments", index, "text"), commitment.text
    for index, note in enumerate(review.notes):
        yield review, ("notes", index), note


def _update_texts(update: Update) -> Iterator[tuple[CheckedRecord, Keys, str]]:
    yield update, ("text",), update.text
    if update.reason:
        yield update, ("reason",), update.reason
    for index, evidence in enumerate(update.evidence):
        yield update, ("evidence", index, "title"), evidence.title


def quote_text(text: str, limit: int = 60) -> str:
    """Return a text in quotation marks, cut to a limit."""
    flat = " ".join(text.split())
    return f'"{flat[:limit].rstrip()}…"' if len(flat) > limit else f'"{flat}"'
