"""How far the work is, as plans print it: a cell's words to the statuses that they say, negations understood."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from dhrctl.model.printed_dates import find_dates
from dhrctl.model.printed_headings import Heading
from dhrctl.text.alike import plain_signs


class Says(StrEnum):
    """What words say of how far the work is."""

    COMPLETE = "complete"
    CLOSED = "closed"  # complete most likely, and closed at any rate
    IN_PROGRESS = "in-progress"
    NOT_STARTED = "not-started"
    NOT_COMPLETE = "not-complete"  # and nothing more
    ON_TRACK = "on-track"  # begun or not
    PROMISED = "promised"  # "to be completed": of a target's cell, the words before a date
    ON_HOLD = "on-hold"
    SUPERSEDED = "superseded"
    NOT_ACCEPTED = "not-accepted"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedStatus:
    """A status as it stands in a text, from `start` to `end`, and what it says."""

    start: int
    end: int
    text: str
    says: Says


_DONE = r"(?:completed?|achieved|implemented)"
_ENDED = r"(?:delivered|finished|actioned|done|met|fulfilled|embedded)"
_CLOSED = r"(?:closed|resolved|discharged|signed off)"
_PASSED = rf"(?:{_DONE}|{_ENDED}|{_CLOSED})"
_SLIGHTLY = r"(?:(?:yet|fully|been|be|being|quite|entirely|completely|wholly|currently|formally|totally|all|both|have|has|as yet|to be|to have been) )"
_NOT = r"(?:not|never|cannot|(?:is|was|has|have|had|are|were|wo|ca|did|does|do)n'?t)"
_PARTLY = (
    r"(?:part(?:ly|ially|ial)?|mostly|nearly|almost|substantially|largely|mainly|virtually|broadly|half|some|in part)"
)
_BEGUN = r"(?:started|begun|commenced)"
_BEGIN = r"(?:start|begin|commence)"
_UNDER_WAY = r"(?:on[ -]?going|in[ -]progress|work in progress|wip|under[ -]?way|progressing|continuing|continues)"
_ON_TRACK = r"on (?:track|target|course|schedule)"
# The first that fits a place is taken, so that a negation goes before what it denies; None says nothing of the work.
_ANYWHERE: tuple[tuple[Says | None, str], ...] = (
    (None, rf"(?:when|whether|once|if|after|unless|upon|following)(?: [a-z]+){{0,4}} {_PASSED}"),
    (Says.IN_PROGRESS, rf"{_DONE},? (?:in part|partly|partially)"),
    (
        Says.NOT_STARTED,
        rf"(?:{_NOT} {_SLIGHTLY}{{0,3}}(?:{_BEGUN}|{_BEGIN})|(?:yet |due |still |planned )?to (?:be {_BEGUN}|{_BEGIN})|unstarted|to do|no progress)",
    ),
    (Says.NOT_ACCEPTED, rf"(?:{_NOT} {_SLIGHTLY}{{0,2}}(?:accepted|agreed)|rejected|declined)"),
    (
        Says.CANCELLED,
        r"(?:cancell?ed|withdrawn|abandoned|no longer (?:required|needed|relevant|applicable|being pursued))",
    ),
    (Says.SUPERSEDED, r"(?:superseded|replaced by|merged (?:with|into))"),
    (
        Says.NOT_COMPLETE,
        rf"(?:{_NOT}[ -]{_SLIGHTLY}{{0,3}}(?:{_PASSED}|{_UNDER_WAY}|{_ON_TRACK})|no longer (?:{_UNDER_WAY}|{_ON_TRACK}))",
    ),
    (Says.NOT_COMPLETE, rf"(?:no|none|nothing|neither)(?: of)?(?: [a-z]+){{0,3}} {_SLIGHTLY}{{0,2}}{_DONE}"),
    (
        Says.PROMISED,
        (
            rf"(?:(?:yet|still|due|expected|planned|scheduled|likely|aim|aims|remains?|needs?|hope[sd]?|on course) )?(?:to|will|shall|should|must"
            rf"|would|could|can|may|might) (?:(?:be|have been|fully|then|also|now) ){{0,3}}{_PASSED}"
        ),
    ),
    (
        Says.NOT_COMPLETE,
        rf"(?:awaiting|pending|until|awaits|subject to|due for|for|towards)(?: [a-z]+){{0,3}} (?:completion|{_DONE})",
    ),
    (Says.PROMISED, r"complete (?:by|before|for|within|no later)|completion (?:due|expected|by)"),
    (Says.NOT_COMPLETE, r"(?:in|un[ -]?|non[ -]?)completed?|(?:un|non)[ -]?(?:achieved|implemented)"),
    (Says.IN_PROGRESS, rf"(?:{_PARTLY}[ -]{_SLIGHTLY}{{0,2}}{_PASSED}|being {_PASSED}|partially|partly)"),
    (Says.NOT_STARTED, rf"(?<![0-9.])0 ?%(?: {_DONE})?"),
    (Says.COMPLETE, rf"(?<![0-9.])100 ?%(?: {_DONE})"),
    (Says.IN_PROGRESS, rf"(?<![0-9.])[0-9]{{1,2}}(?:\.[0-9]{{1,2}})? ?% {_DONE}"),
    (None, rf"{_DONE} ?\?|complete (?:an?|the|all|this|these|our|each|every|any)\b|{_DONE} or {_PASSED}"),
    (Says.ON_HOLD, r"(?:on[ -]hold|paused|deferred|stalled|postponed)"),
    (Says.ON_TRACK, _ON_TRACK),
    (Says.IN_PROGRESS, rf"(?:{_UNDER_WAY}|{_BEGUN})"),
    (Says.COMPLETE, _DONE),
)
# What says a status only where nothing else is said: in a sentence, a group has met and a file is closed.
_BY_ITSELF: tuple[tuple[Says | None, str], ...] = (
    (Says.COMPLETE, rf"{_ENDED}|in place|100 ?%"),
    (Says.CLOSED, _CLOSED),
    (Says.IN_PROGRESS, r"live|active|partial(?:ly)?|part|[0-9]{1,2} ?%"),
    (Says.NOT_STARTED, r"planned|not yet"),
    (Says.NOT_COMPLETE, r"outstanding|overdue|delayed|slipped|late|open|pending|due|at risk|behind schedule|off track"),
    (Says.ON_HOLD, r"suspended|hold"),
)


def _compiled(forms: tuple[tuple[Says | None, str], ...]) -> re.Pattern[str]:
    named = "|".join(f"(?P<f{place}>{pattern})" for place, (_, pattern) in enumerate(forms))
    return re.compile(rf"(?<![a-z])(?:{named})(?![a-z])", re.IGNORECASE)


_STATUS = _compiled(_ANYWHERE)
_WORDS_ALONE = _compiled(_BY_ITSELF)
_FILLER = re.compile(
    r"(?:\W|\b(?:actions?|recommendations?|rec|work|this|these|all|both|has|have|been|is|are|was|were|now|fully|it|in|on|by|as|of|at"
    r"|since|from|end|early|mid|late|the|status|b?rag|green|amber|red|blue|grey|purple|black|yes|date|and|update|still|currently|to"
    r"|so far|items?|already|overall|tasks?|rated|marked|confirmed|subject|y|phase|remains|[0-9]{1,2})\b)*",
    re.IGNORECASE,
)
_LONGEST = 10_000


@lru_cache(maxsize=4096)
def find_statuses(text: str) -> tuple[PrintedStatus, ...]:
    """Return every status that a text says, in order, such as "Not yet completed" and "On going"."""
    return tuple(_find(_STATUS, _ANYWHERE, plain_signs(" ".join(text[:_LONGEST].split()))))


def _find(pattern: re.Pattern[str], forms: tuple[tuple[Says | None, str], ...], text: str) -> Iterator[PrintedStatus]:
    for match in pattern.finditer(text):
        says = forms[int((match.lastgroup or "")[1:])][0]
        if says:
            yield PrintedStatus(start=match.start(), end=match.end(), text=match.group(), says=says)


_ITEM = re.compile(
    r"(?:(?<=\s)|(?<![\w./-]))\(?(?P<mark>[0-9]{1,2}|[a-h]|i{1,3}|iv|v|vi{1,3})[.):](?![0-9])\s*", re.IGNORECASE
)
_BULLET = re.compile(r"(?:^|\n)[ \t]*[\u2022\u25cf\u25aa\u25e6\uf0b7*-][ \t]+")
_SEQUENCES = (
    [str(number) for number in range(1, 100)],
    list("abcdefgh"),
    ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii"],
)


@lru_cache(maxsize=4096)
def split_items(cell: str) -> tuple[str, ...]:
    """Return the items of a numbered or bulleted cell, such as "1. On going 2. 31 March 2020"; else the cell alone."""
    marks = list(_ITEM.finditer(cell[:_LONGEST]))
    for sequence in _SEQUENCES:
        wanted, chosen = iter(sequence), []
        mark = next(wanted)
        for match in marks:
            if match["mark"].lower() == mark:
                chosen.append(match)
                mark = next(wanted, "")
        if len(chosen) > 1 and _FILLER.fullmatch(cell, 0, chosen[0].start()):
            ends = [*(match.start() for match in chosen[1:]), len(cell)]
            return tuple([cell[match.end() : end].strip() for match, end in zip(chosen, ends, strict=True)])
    bullets = [part.strip() for part in _BULLET.split(cell) if part.strip()]
    return tuple(bullets) if len(bullets) > 1 and _BULLET.match(cell) else (cell,)


_SEGMENTS = re.compile(r"[.;:,\n()\[\]/]|(?<!\w)-|-(?!\w)")
_ANSWER = re.compile(
    r"(?P<yes>yes|y(?!/n)|\u2713|\u2714|\u2611)|(?P<no>no|n(?!/a)|\u2717|\u2718|\u2610)|(?P<partly>part(?:ly|ial|ially)?)",
    re.IGNORECASE,
)
_ANSWERED = re.compile(rf"(?:(?:action )?{_PASSED} ?[?:=-]+ ?)?(?:{_ANSWER.pattern})(?= ?(?:$|[^\w ]))", re.IGNORECASE)


@lru_cache(maxsize=4096)
def read_statuses(item: str, heading: Heading) -> tuple[PrintedStatus, ...]:
    """Return what an item of a cell says of the work, by what its column is about.

    Below a target date every status counts, as none belongs there. Elsewhere an account may follow, in which
    this was completed and that goes on: what counts is what the item begins with, or says by itself.
    """
    if heading is Heading.OTHER:
        return ()
    text = plain_signs(" ".join(item[:_LONGEST].split()))
    masked = _mask_dates(text)
    if answer := _read_answer(masked, heading):
        return (answer,)
    alone = list(_statuses_alone(masked))
    said = tuple([each for each in alone if each])
    if heading is Heading.TARGET:
        found = find_statuses(text) or said
        return tuple([each for each in found if each.says is not Says.PROMISED or masked == text])
    if heading is Heading.PROGRESS:
        return said if all(alone) else ()
    if heading is Heading.COMPLETION:
        said = said[:1] if alone[:1] == list(said[:1]) else ()
    return said or tuple(_first_if_it_begins(masked))


def _mask_dates(text: str) -> str:
    """Return a text of the same length in which no word or sign of a date is left."""
    ends = [0]
    parts = []
    for printed in find_dates(text):
        parts += [text[ends[-1] : printed.start], "\0" * (printed.end - printed.start)]
        ends.append(printed.end)
    return "".join((*parts, text[ends[-1] :]))


def _read_answer(masked: str, heading: Heading) -> PrintedStatus | None:
    """Return what a yes or no says: to the heading's own question, or to one before it ("Completed: No")."""
    match = _ANSWERED.match(masked)
    if match is None or (heading is not Heading.ANSWER and match.group().isalpha()) or "\0" in match.group():
        return None
    says = Says.COMPLETE if match["yes"] else Says.NOT_COMPLETE if match["no"] else Says.IN_PROGRESS
    return PrintedStatus(start=match.start(), end=match.end(), text=match.group(), says=says)


def _statuses_alone(masked: str) -> Iterator[PrintedStatus | None]:
    """Yield of each part of a text the status that it says by itself, or None; a part without words says nothing."""
    for part in _SEGMENTS.split(masked):
        found = [*_find(_STATUS, _ANYWHERE, part), *_find(_WORDS_ALONE, _BY_ITSELF, part)]
        alone = next((each for each in found if _stands_alone(each, part)), None)
        if alone or not _FILLER.fullmatch(part):
            yield alone


def _stands_alone(found: PrintedStatus, part: str) -> bool:
    return bool(_FILLER.fullmatch(part, 0, found.start) and _FILLER.fullmatch(part, found.end))


def _first_if_it_begins(masked: str) -> Iterator[PrintedStatus]:
    """Yield the status that a text begins with, whatever follows."""
    found = next(_find(_STATUS, _ANYWHERE, masked), None)
    if found and _FILLER.fullmatch(masked, 0, found.start):
        yield found
