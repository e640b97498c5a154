"""Dates that contradict each other, and dates that are missing."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from dhrctl.checks.check import CheckedRecord, Violation, check
from dhrctl.findings.finding import Keys, Severity
from dhrctl.model.dates import add_months
from dhrctl.model.edtf import When
from dhrctl.model.records import Register, Status, Update
from dhrctl.model.status import due_day


@check(Severity.ERROR)
def target_before_start(register: Register, _: date) -> Iterator[Violation]:
    """A target date does not lie wholly before the start date.

    A plan that ends before it begins holds a slip of the pen, often of the year, and nobody knows
    which of the two dates to follow. Councils have minuted such slips in their own trackers.

    Bad:
        start_date: "2024-04"
        target_date: "2024-03"

    Good:
        start_date: "2024-04"
        target_date: "2025-03"
    """
    for record in register.recommendations:
        target, start = record.target_date, record.start_date
        if target and start and target.last < start.first:
            problem = f"the target date {target} lies before the start date {start}"
            yield Violation(
                record=record, keys=("target_date",), problem=problem, fix="correct one of them", values=(target, start)
            )


@check(Severity.ERROR)
def completed_before_start(register: Register, _: date) -> Iterator[Violation]:
    """A completion date does not lie wholly before the start date.

    Work cannot be complete before it has begun; one of the two dates is wrong.

    Bad:
        start_date: "2024-04"
        status: complete
        completion_date: "2023-11"

    Good:
        start_date: "2024-04"
        status: complete
        completion_date: "2024-11"
    """
    for record in register.recommendations:
        done, start = record.completion_date, record.start_date
        if done and start and done.last < start.first:
            problem = f"the completion date {done} lies before the start date {start}"
            yield Violation(
                record=record,
                keys=("completion_date",),
                problem=problem,
                fix="correct one of them",
                values=(done, start),
            )


@check(Severity.ERROR)
def completed_in_future(register: Register, day: date) -> Iterator[Violation]:
    """A completion date does not lie after the day of the check.

    A completion is a fact. A date that is still to come is a target, and belongs there.

    Bad:
        status: complete
        completion_date: "2099-01"

    Good:
        status: in-progress
        target_date: "2099-01"
    """
    for record in register.recommendations:
        if record.completion_date and record.completion_date.first > day:
            problem = f"the completion date {record.completion_date} is still to come"
            fix = "correct it, or give it as the target_date"
            yield Violation(
                record=record, keys=("completion_date",), problem=problem, fix=fix, values=(record.completion_date,)
            )


@check(Severity.ERROR)
def update_in_future(register: Register, day: date) -> Iterator[Violation]:
    """An update is not dated after the day of the check.

    An update says what has happened. One from a day to come makes what is stale look fresh.

    Bad:
        # updates/05/2099-06-01-anytown-police.yaml
        date: "2099-06-01"

    Good:
        # updates/05/2024-06-01-anytown-police.yaml
        date: "2024-06-01"
    """
    every = [*register.orphans, *(update for record in register.recommendations for update in record.updates)]
    for update in every:
        if update.date > day:
            problem = f"the date of this update, {update.date}, is still to come"
            fix = "give the day on which it was written, here and in the file's name"
            yield Violation(record=update, keys=("date",), problem=problem, fix=fix, values=(update.date,))


@check(Severity.ERROR, gap=True)
def no_target_date(register: Register, _: date) -> Iterator[Violation]:
    """Open work has a target date.

    Without a target date nothing can ever be overdue, so nobody is ever asked. Reviews are
    meant to say within what timescales lessons will be acted on.

    Bad:
        status: in-progress

    Good:
        status: in-progress
        target_date: "2025-03"
    """
    for record in register.recommendations:
        if record.target_date is None and not record.status.is_open:
            problem = "there is no target date to hold the completion against"
            fix = "add the target_date if it is known"
            yield Violation(
                record=record, keys=("status",), problem=problem, fix=fix, severity=Severity.INFO, values=("closed",)
            )
        elif record.status.is_open and due_day(record) is None:
            problem = "this open recommendation has no target date, so it can never be overdue"
            fix = "agree one with the lead agency and add it as target_date"
            yield Violation(record=record, keys=("status",), problem=problem, fix=fix)


@check(Severity.INFO)
def no_start_date(register: Register, _: date) -> Iterator[Violation]:
    """A recommendation has a start date.

    A start date shows how long the work was meant to take, and whether it has begun.

    Bad:
        target_date: "2025-03"

    Good:
        start_date: "2024-04"
        target_date: "2025-03"
    """
    for record in register.recommendations:
        if record.start_date is None:
            yield Violation(record=record, problem="there is no start date", fix="add the start_date if it is known")


@check(Severity.ERROR, gap=True)
def complete_without_date(register: Register, _: date) -> Iterator[Violation]:
    """A complete recommendation says when it was completed.

    "Complete" without a date cannot be checked against its target, nor against the evidence.

    Bad:
        status: complete

    Good:
        status: complete
        completion_date: "2024-11"
    """
    for record in register.recommendations:
        if record.status is Status.COMPLETE and record.completion_date is None:
            problem, fix = "this is complete, and nothing says since when", "add the completion_date"
            yield Violation(record=record, keys=("status",), problem=problem, fix=fix)


@check(Severity.WARNING)
def completion_imprecise(register: Register, _: date) -> Iterator[Violation]:
    """A completion date is a month or a day.

    A year, or a span of years, does not show whether the work was done in time.

    Bad:
        completion_date: "2019/2020"

    Good:
        completion_date: "2020-02"
    """
    for record in register.recommendations:
        done = record.completion_date
        if done and (done.last - done.first).days > 31:
            problem = f"the completion date {done} may mean any of {(done.last - done.first).days + 1} days"
            yield Violation(
                record=record,
                keys=("completion_date",),
                problem=problem,
                fix="give the month or the day if it is known",
                values=(done,),
            )


@check(Severity.ERROR)
def completion_without_complete(register: Register, _: date) -> Iterator[Violation]:
    """A completion date stands only where the status is complete.

    A record that is both completed on a day and still open will be counted wrongly whichever way
    it is read.

    Bad:
        status: in-progress
        completion_date: "2024-11"

    Good:
        status: complete
        completion_date: "2024-11"
    """
    for record in register.recommendations:
        if record.completion_date and record.status is not Status.COMPLETE:
            problem = f"there is a completion date, and the status is {record.status}"
            fix = "set the status to complete, or take the completion_date out"
            yield Violation(record=record, keys=("completion_date",), problem=problem, fix=fix, values=(record.status,))


@check(Severity.INFO)
def partial_target(register: Register, _: date) -> Iterator[Violation]:
    """A target date is a whole day.

    A month counts as its last day. That is fair, but a day is plainer to everyone.

    Bad:
        target_date: "2025-03"

    Good:
        target_date: "2025-03-31"
    """
    for record in register.recommendations:
        target = record.target_date
        if target and target.first != target.last:
            problem = f"the target date {target} counts as {target.last}"
            yield Violation(
                record=record,
                keys=("target_date",),
                problem=problem,
                fix="give the day if one was agreed",
                values=(target,),
            )


@check(Severity.ERROR, gap=True)
def two_year_target(register: Register, _: date) -> Iterator[Violation]:
    """A target date is not a span of whole years.

    "2024/2025" most often means a financial year, and counts until the last day of 2025, nine months too
    late. A financial year is written with its months.

    Bad:
        target_date: "2024/2025"

    Good:
        target_date: "2024-04/2025-03"
    """
    for record, keys, target in _every_date(register):
        years = _YEARS.fullmatch(target.text) if keys[-1] == "target_date" and isinstance(target, When) else None
        if years and years[1] != years[2]:
            first, last = years.groups()
            problem = f"the target date {target} counts until the last day of {last}"
            yearly = int(last) == int(first) + 1
            meant = f'write "{first}-04/{last}-03" if the financial year is meant, and' if yearly else "write"
            fix = f"{meant} the month or the day by which it is to be done{' otherwise' if yearly else ''}"
            yield Violation(record=record, keys=keys, problem=problem, fix=fix, values=(target,))


_YEARS = re.compile("([0-9]{4})/([0-9]{4})")


_FIRST_YEAR = 1990
_YEARS_AHEAD = 20


@check(Severity.ERROR, gap=True)
def implausible_date(register: Register, day: date) -> Iterator[Violation]:
    """A date lies between 1990 and 20 years after the day of the check.

    Work of the year 0202 is overdue for ever, and work of 2204 never. Both are slips of the pen, and both spoil
    every count that they are in.

    Bad:
        target_date: "2204-03"

    Good:
        target_date: "2024-03"
    """
    latest = add_months(day, 12 * _YEARS_AHEAD)
    for record, keys, when in _every_date(register):
        first, last = (when.first, when.last) if isinstance(when, When) else (when, when)
        if first.year < _FIRST_YEAR or last > latest:
            where = "lies before 1990" if first.year < _FIRST_YEAR else f"lies more than {_YEARS_AHEAD} years ahead"
            problem, fix = f"the date {when} {where}", "correct the year"
            yield Violation(record=record, keys=keys, problem=problem, fix=fix, values=(when,))


def _every_date(register: Register) -> Iterator[tuple[CheckedRecord, Keys, When | date]]:
    """Yield every date of the register, with its record and the way to it."""
    for agency in register.agencies.values():
        yield from _dates_of(agency, ("ended",))
        yield from _dates_in(agency, "successors", agency.successors, ("since",))
    for review in register.reviews.values():
        yield from _dates_of(review, ("plan_date", "adopted", "published"))
        yield from _dates_in(review, "commitments", review.commitments, ("target_date",))
    for record in register.recommendations:
        yield from _dates_of(record, ("start_date", "target_date", "completion_date", "review_date"))
        yield from _dates_in(record, "actions", record.actions, ("target_date", "completion_date"))
        yield from _dates_in(record, "milestones", record.milestones, ("date",))
        yield from _dates_in(record, "evidence", record.evidence, ("date",))
        yield from _dates_in(record, "waivers", record.waivers, ("until",))
        for update in record.updates:
            yield from _dates_of_update(update)
    for update in register.orphans:
        yield from _dates_of_update(update)


def _dates_of_update(update: Update) -> Iterator[tuple[CheckedRecord, Keys, When | date]]:
    yield from _dates_of(update, ("date", "target_date", "completion_date"))
    yield from _dates_in(update, "evidence", update.evidence, ("date",))


def _dates_of(record: CheckedRecord, fields: tuple[str, ...]) -> Iterator[tuple[CheckedRecord, Keys, When | date]]:
    for field in fields:
        when = getattr(record, field)
        if when:
            yield record, (field,), when


def _dates_in(
    record: CheckedRecord, field: str, entries: Iterable[object], fields: tuple[str, ...]
) -> Iterator[tuple[CheckedRecord, Keys, When | date]]:
    for index, entry in enumerate(entries):
        for name in fields:
            when = getattr(entry, name)
            if when:
                yield record, (field, index, _KEYS.get(name, name)), when


_KEYS = {"since": "from"}


@check(Severity.WARNING)
def review_undated(register: Register, _: date) -> Iterator[Violation]:
    """A review says as at what day its plan stands, or when it was published.

    Without a day, "Completed" may be news or history, and two versions of a plan cannot be told apart.

    Bad:
        title: Anytown DHR 1

    Good:
        title: Anytown DHR 1
        plan_date: "2024-04"
    """
    for review in register.reviews.values():
        if review.plan_date is None and review.published is None:
            problem, fix = "nothing says as at what day this plan stands", "add the plan_date, or published"
            yield Violation(record=review, problem=problem, fix=fix)


@check(Severity.ERROR, gap=True)
def commitment_untracked(register: Register, _: date) -> Iterator[Violation]:
    """What a plan promises outside its recommendations has a date and a known status.

    A promise in a footnote is the first to be forgotten.

    Bad:
        commitments:
          - text: The panel will seek assurance.
            status: unknown

    Good:
        commitments:
          - text: The panel will seek assurance.
            target_date: "2025-03"
            status: in-progress
    """
    for review in register.reviews.values():
        for index, commitment in enumerate(review.commitments):
            unknown = commitment.status is Status.UNKNOWN
            if unknown or (commitment.status.is_open and commitment.target_date is None):
                problem = "nothing says how far this promise has got" if unknown else "this promise has no target date"
                fix = "ask its lead, and set the status" if unknown else "agree one with its lead, and add it"
                yield Violation(
                    record=review,
                    keys=("commitments", index),
                    problem=problem,
                    fix=fix,
                    values=("unknown",) if unknown else (),
                )


CHECKS = (
    review_undated,
    commitment_untracked,
    target_before_start,
    completed_before_start,
    completed_in_future,
    update_in_future,
    no_target_date,
    no_start_date,
    complete_without_date,
    completion_imprecise,
    completion_without_complete,
    partial_target,
    two_year_target,
    implausible_date,
)
