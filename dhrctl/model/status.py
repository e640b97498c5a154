"""Judgements: what a record amounts to on a day. Pure functions; nothing here is ever stored."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from operator import itemgetter

from dhrctl.model.dates import add_months
from dhrctl.model.edtf import When
from dhrctl.model.records import Recommendation, Register, Status


class Timeliness(StrEnum):
    """How a recommendation stands to its dates."""

    OVERDUE = "overdue"
    DUE_SOON = "due-soon"
    ON_TRACK = "on-track"
    NO_TARGET_DATE = "no-target-date"
    IN_TIME = "in-time"
    LATE = "late"
    NOT_KNOWN = "not-known"
    CLOSED = "closed"


class Flag(StrEnum):
    """What should be looked at in an open recommendation."""

    SLIPPED = "slipped"
    STALE = "stale"
    REVIEW_DUE = "review-due"
    LEAD_ENDED = "lead-ended"
    NO_SINGLE_LEAD = "no-single-lead"


class Rag(StrEnum):
    """The colour of a recommendation."""

    BLUE = "blue"
    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    GREY = "grey"


RAG_RULE = (
    "RAG: complete is blue; closed for another reason is grey; overdue is red; open without a target date is "
    "grey; due soon, slipped, stale or on hold is amber; anything else is green."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Everything that is judged of one recommendation on one day. `due` is the due day."""

    timeliness: Timeliness
    flags: tuple[Flag, ...]
    rag: Rag
    current_leads: tuple[str, ...]
    due: date | None
    days_overdue: int | None
    last_update: date | None


def judge_record(record: Recommendation, register: Register, day: date) -> Progress:
    """Judge a recommendation on a day."""
    due = due_day(record)
    timely = timeliness(record, day, register.settings.due_soon_days)
    leads = current_leads(record.lead_agencies, register, day)
    raised = flags(record, register, day) if record.status.is_open else ()
    return Progress(
        timeliness=timely,
        flags=raised,
        rag=rag(record.status, timely, raised),
        current_leads=leads,
        due=due,
        days_overdue=(day - due).days if due and timely is Timeliness.OVERDUE else None,
        last_update=last_update(record, day),
    )


def due_day(record: Recommendation) -> date | None:
    """Return the earliest last day among the target date and the target dates of open actions."""
    still = [action.target_date for action in record.actions if (action.status or record.status).is_open]
    return min((target.last for target in (record.target_date, *still) if target), default=None)


def timeliness(record: Recommendation, day: date, due_soon_days: int) -> Timeliness:
    """Return how a recommendation stands to its dates on a day."""
    if record.status is Status.COMPLETE:
        return _judge_completion(record.completion_date, record.target_date)
    if not record.status.is_open:
        return Timeliness.CLOSED
    due = due_day(record)
    if due is None:
        return Timeliness.NO_TARGET_DATE
    if due < day:
        return Timeliness.OVERDUE
    return Timeliness.DUE_SOON if (due - day).days <= due_soon_days else Timeliness.ON_TRACK


def _judge_completion(completed: When | None, target: When | None) -> Timeliness:
    """Compare a completion with its target; where their precision leaves it open, it is not known."""
    if completed and target and completed.last <= target.last:
        return Timeliness.IN_TIME
    if completed and target and completed.first > target.last:
        return Timeliness.LATE
    return Timeliness.NOT_KNOWN


def flags(record: Recommendation, register: Register, day: date) -> tuple[Flag, ...]:
    """Return what should be looked at in an open recommendation on a day."""
    return tuple(_find_flags(record, register, day))


def _find_flags(record: Recommendation, register: Register, day: date) -> Iterator[Flag]:
    first = first_target(record, register, day) if record.target_date else None
    if first and record.target_date and record.target_date.last > first.last:
        yield Flag.SLIPPED
    if is_stale(record, register, day):
        yield Flag.STALE
    if record.review_date and record.review_date.last < day:
        yield Flag.REVIEW_DUE
    known = [register.agencies[lead] for lead in record.lead_agencies if lead in register.agencies]
    if len(known) == len(record.lead_agencies) and not any(agency.in_office(day) for agency in known):
        yield Flag.LEAD_ENDED
    if len(record.lead_agencies) > 1:
        yield Flag.NO_SINGLE_LEAD


def first_target(record: Recommendation, register: Register, day: date) -> When | None:
    """Return the target date that was recorded first by a day, in git or in an update."""
    given = [(update.date, update.target_date) for update in record.updates if update.target_date]
    committed = register.first_targets.get(record.id)
    recorded = [*((committed,) if committed else ()), *given]
    return min((each for each in recorded if each[0] <= day), key=itemgetter(0), default=(day, None))[1]


def last_update(record: Recommendation, day: date) -> date | None:
    """Return the day of the newest update that was given by a day."""
    return max((update.date for update in record.updates if update.date <= day), default=None)


def is_stale(record: Recommendation, register: Register, day: date) -> bool:
    """Tell whether no update was given within the cycle of the review, or none ever."""
    last = last_update(record, day)
    review = register.reviews.get(record.review)
    months = (review and review.update_cycle_months) or register.settings.update_cycle_months
    return last is None or add_months(last, months) < day


def rag(status: Status, timely: Timeliness, raised: tuple[Flag, ...]) -> Rag:
    """Return the colour: the first line of RAG_RULE that holds."""
    if status is Status.COMPLETE:
        return Rag.BLUE
    if not status.is_open:
        return Rag.GREY
    if timely is Timeliness.OVERDUE:
        return Rag.RED
    if timely is Timeliness.NO_TARGET_DATE:
        return Rag.GREY
    late = timely is Timeliness.DUE_SOON or status is Status.ON_HOLD
    return Rag.AMBER if late or Flag.SLIPPED in raised or Flag.STALE in raised else Rag.GREEN


def current_leads(leads: Iterable[str], register: Register, day: date) -> tuple[str, ...]:
    """Return the leads in office on a day: one that has ended is followed to its successors."""
    chain = succession(leads, register, day)
    return tuple(
        agency for agency in chain if agency not in register.agencies or register.agencies[agency].in_office(day)
    )


def succession(agencies: Iterable[str], register: Register, day: date) -> tuple[str, ...]:
    """Return agencies and everyone who took over from them by a day, each once, in that order."""
    found: dict[str, None] = {}
    waiting = list(agencies)
    while waiting:
        agency = waiting.pop(0)
        if agency in found:
            continue
        found[agency] = None
        known = register.agencies.get(agency)
        if known and not known.in_office(day):
            waiting.extend(successor.agency for successor in known.successors if successor.since <= day)
    return tuple(found)
