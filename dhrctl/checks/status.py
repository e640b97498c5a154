"""A status that its own record, source or twin contradicts, and one that nothing supports."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from difflib import SequenceMatcher

from dhrctl.checks.check import Phrases, Violation, check, texts
from dhrctl.findings.finding import Severity
from dhrctl.model.records import Assurance, Recommendation, Register, Status
from dhrctl.model.status import is_stale, last_update
from dhrctl.text.alike import comparable_text


@check(Severity.ERROR, gap=True)
def status_unknown(register: Register, _: date) -> Iterator[Violation]:
    """The status of a recommendation is known.

    "Unknown" is honest when a plan is taken over, and no answer afterwards.

    Bad:
        status: unknown

    Good:
        status: in-progress
    """
    for record in register.recommendations:
        if record.status is Status.UNKNOWN:
            problem, fix = "nothing says how far this has got", "ask the lead agency, and set the status"
            yield Violation(record=record, keys=("status",), problem=problem, fix=fix)


_CONTINUES = Phrases(
    "(?:on[-\u2010\u2011\u2013]?going|continuing|continuous|(?:is|are|remain|remains|still) on going)\\b"
)


@check(Severity.INFO)
def complete_but_continuing(register: Register, _: date) -> Iterator[Violation]:
    """What is complete does not go on; what goes on has a review date.

    Closing a recommendation and assuring that the change lasts are two things.

    Bad:
        status: complete
        outcomes:
          - Ongoing monitoring is in place.

    Good:
        status: complete
        assurance: verified
        review_date: "2025-06"
        outcomes:
          - Ongoing monitoring is in place.
    """
    for record in register.recommendations:
        if record.status is not Status.COMPLETE or record.review_date:
            continue
        for keys, text in texts(record):
            match = _CONTINUES.search(text)
            if match and keys[0] != "recommendation":
                problem = f'this is complete, and its text says "{match.group()}"'
                fix = "give a review_date for what continues"
                yield Violation(record=record, keys=keys, problem=problem, fix=fix, values=(match.group(),))
                break


@check(Severity.WARNING)
def complete_without_evidence(register: Register, _: date) -> Iterator[Violation]:
    """A complete recommendation names what shows that it was done.

    A panel that is told "complete" will ask how we know.

    Bad:
        status: complete

    Good:
        status: complete
        evidence:
          - kind: training-record
            title: Attendance at refresher training, Anytown Police
            date: "2024-11"
    """
    for record in register.recommendations:
        given = record.evidence or any(update.evidence for update in record.updates)
        if record.status is Status.COMPLETE and not given:
            problem, fix = "this is complete, and no evidence shows it", "add the evidence, or say where it is held"
            yield Violation(record=record, keys=("status",), problem=problem, fix=fix)


@check(Severity.ERROR)
def complete_but_actions_open(register: Register, _: date) -> Iterator[Violation]:
    """A complete recommendation has no open actions.

    Either the action is done as well, or the recommendation is not.

    Bad:
        status: complete
        actions:
          - text: Audit the training.
            status: in-progress

    Good:
        status: complete
        actions:
          - text: Audit the training.
            status: complete
    """
    for record in register.recommendations:
        if record.status is Status.COMPLETE:
            for index, action in enumerate(record.actions):
                if action.status and action.status.is_open:
                    problem = f"the recommendation is complete, and this action is {action.status}"
                    fix = "correct one of them"
                    yield Violation(
                        record=record,
                        keys=("actions", index, "status"),
                        problem=problem,
                        fix=fix,
                        values=(action.status,),
                    )


@check(Severity.WARNING)
def open_but_actions_complete(register: Register, _: date) -> Iterator[Violation]:
    """An open recommendation has something left to do.

    If every action is complete, the recommendation may be too; if not, an action is missing.

    Bad:
        status: in-progress
        actions:
          - text: Review the policy.
            status: complete

    Good:
        status: in-progress
        actions:
          - text: Review the policy.
            status: complete
          - text: Train staff in the new policy.
            status: in-progress
    """
    for record in register.recommendations:
        statuses = [action.status for action in record.actions]
        if record.status.is_open and statuses and all(status and not status.is_open for status in statuses):
            problem = f"every action is closed, and the status is {record.status}"
            yield Violation(
                record=record,
                keys=("status",),
                problem=problem,
                fix="complete it, or add the action that is left",
                values=(record.status,),
            )


_SHOWN = frozenset({Assurance.EVIDENCED, Assurance.VERIFIED, Assurance.EMBEDDED})


@check(Severity.ERROR)
def assurance_without_evidence(register: Register, _: date) -> Iterator[Violation]:
    """Assurance from "evidenced" upwards rests on evidence that is named.

    Assurance says how we know. Without the evidence it is a declaration.

    Bad:
        assurance: verified

    Good:
        assurance: verified
        evidence:
          - kind: audit
            title: Case file audit, Anytown Police
    """
    for record in register.recommendations:
        given = record.evidence or any(update.evidence for update in record.updates)
        if record.assurance in _SHOWN and not given:
            problem = f'the assurance is "{record.assurance}", and no evidence is named'
            fix = 'add the evidence, or set the assurance to "declared"'
            yield Violation(record=record, keys=("assurance",), problem=problem, fix=fix, values=(record.assurance,))


@check(Severity.ERROR, gap=True)
def superseded_without_successor(register: Register, _: date) -> Iterator[Violation]:
    """A superseded recommendation names what superseded it.

    Otherwise it has simply disappeared.

    Bad:
        status: superseded

    Good:
        status: superseded
        superseded_by:
          - anytown-dhr-2/04
    """
    for record in register.recommendations:
        if record.status is Status.SUPERSEDED and not record.superseded_by:
            problem = "this is superseded, and nothing says by what"
            yield Violation(
                record=record, keys=("status",), problem=problem, fix="name the recommendation in superseded_by"
            )


@check(Severity.ERROR, gap=True)
def not_accepted_without_reason(register: Register, _: date) -> Iterator[Violation]:
    """A recommendation that was not accepted, or was cancelled, says why in an update.

    Those who made the recommendation, and the family, are owed the reason.

    Bad:
        status: not-accepted

    Good:
        # updates/03/2024-06-01-anytown-police.yaml
        status: not-accepted
        reason: The service was closed before the plan was agreed.
    """
    refused = (Status.NOT_ACCEPTED, Status.CANCELLED)
    for record in register.recommendations:
        if record.status in refused and not any(update.reason for update in record.updates):
            problem = f'the status is "{record.status}", and no update says why'
            yield Violation(
                record=record,
                keys=("status",),
                problem=problem,
                fix="add an update with the reason",
                values=(record.status,),
            )


@check(Severity.WARNING)
def stale(register: Register, day: date) -> Iterator[Violation]:
    """Open work has had an update within its cycle.

    A plan that is not asked about is not done. The cycle is the review's update_cycle_months, or
    the register's. The flag of this name (is:stale) is for the same work.

    Bad:
        # the last update of open work is older than the cycle
        status: in-progress

    Good:
        # updates/01/2024-06-01-anytown-police.yaml
        date: "2024-06-01"
        agency: anytown-police
        text: Training has been given to half of the staff.
    """
    for record in register.recommendations:
        if record.status.is_open and is_stale(record, register, day):
            last = last_update(record, day)
            problem = f"the last update is of {last}" if last else "no update was ever given"
            yield Violation(
                record=record, problem=problem, fix="ask the lead agency for one", values=(last,) if last else ()
            )


_SAME = 0.55
_RUN = 5
_COMPARED = 200
_COMMON = 20


@check(Severity.WARNING)
def duplicates_disagree(register: Register, _: date) -> Iterator[Violation]:
    """Recommendations in nearly the same words have the same status.

    Two agencies were often given the same recommendation. Where one reports it complete and the
    other does not, one of them is asked too little. The first 200 words are compared, of records that
    share a run of words which at most 20 hold.

    Bad:
        # 03: That the risk assessment is improved.  status: complete
        # 09: That the risk assessment is improved and reviewed.  status: in-progress

    Good:
        # 03 and 09 are both in progress, or an update says what sets them apart
    """
    words = {
        record.id: re.findall(r"\w+", comparable_text(record.recommendation))[:_COMPARED]
        for record in register.recommendations
    }
    match, compared = SequenceMatcher[str](autojunk=False), None
    for record, other in _pairs_sharing_run(register.recommendations, words):
        if record.status is not other.status:
            if compared is not record:  # what is worked out about the second text serves for all that follow
                match.set_seq2(words[record.id])
                compared = record
            match.set_seq1(words[other.id])
            if match.quick_ratio() >= _SAME and match.ratio() >= _SAME:  # the first is never less, and far cheaper
                problem = f"{other.id} has nearly the same words, and is {other.status} where this is {record.status}"
                fix = "compare the two, and say in an update what sets them apart"
                yield Violation(
                    record=record,
                    keys=("recommendation",),
                    problem=problem,
                    fix=fix,
                    values=(other.id, other.status, record.status),
                )


def _pairs_sharing_run(
    records: tuple[Recommendation, ...], words: dict[str, list[str]]
) -> Iterator[tuple[Recommendation, Recommendation]]:
    """Yield pairs that share a run of words which few others hold, so that not all are compared with all."""
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, record in enumerate(records):
        listed = words[record.id]
        for run in set(zip(*(listed[start:] for start in range(_RUN)), strict=False)):
            holders[run].append(place)
    pairs = {
        (first, second)
        for places in holders.values()
        if 1 < len(places) <= _COMMON
        for index, first in enumerate(places)
        for second in places[index + 1 :]
    }
    for first, second in sorted(pairs):
        yield records[first], records[second]


CHECKS = (
    status_unknown,
    complete_but_continuing,
    complete_without_evidence,
    complete_but_actions_open,
    open_but_actions_complete,
    assurance_without_evidence,
    superseded_without_successor,
    not_accepted_without_reason,
    stale,
    duplicates_disagree,
)
