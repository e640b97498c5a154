"""Records that point to nothing, or stand where they do not belong."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from dhrctl.checks.check import CheckedRecord, Violation, check
from dhrctl.findings.finding import Severity
from dhrctl.model import paths
from dhrctl.model.edtf import When
from dhrctl.model.records import Action, Commitment, Evidence, Recommendation, Register, Status, Update
from dhrctl.text.suggest import nearest_word, suggestion


@check(Severity.ERROR)
def register_file_missing(register: Register, _: date) -> Iterator[Violation]:
    """A register says its title and settings in register.yaml.

    Without it, when something is due soon or stale is anybody's guess.

    Bad:
        # register/ has agencies/ and reviews/ alone

    Good:
        # register/register.yaml
        schema_version: 1
        title: Anytown action register
    """
    if paths.SETTINGS not in register.paths:
        yield Violation(record=None, problem="the file is missing", fix="add it with a schema_version and a title")


@check(Severity.ERROR)
def review_file_missing(register: Register, _: date) -> Iterator[Violation]:
    """A recommendation stands in the folder of a review that has a review.yaml.

    A recommendation without its review cannot be traced to whoever made it.

    Bad:
        # reviews/anytown-dhr-1/ has recommendations/ alone

    Good:
        # reviews/anytown-dhr-1/review.yaml
        title: Anytown DHR 1
    """
    seen = set()
    for record in register.recommendations:
        if paths.review_path(record.review) not in register.paths and record.review not in seen:
            seen.add(record.review)
            problem = f"the review {record.review} has no review.yaml"
            yield Violation(record=record, problem=problem, fix=f"add {paths.review_path(record.review)}")


@check(Severity.ERROR)
def section_not_in_review(register: Register, _: date) -> Iterator[Violation]:
    """A recommendation stands under a heading that its review lists.

    The documents print a plan by its headings. What stands under another is easily overlooked.

    Bad:
        section: Polcie

    Good:
        section: Police
    """
    for record in register.recommendations:
        review = register.reviews.get(record.review)
        if review and record.section not in review.sections:
            problem = f'the review has no section "{record.section}"{suggestion(record.section, review.sections)}'
            yield Violation(
                record=record,
                keys=("section",),
                problem=problem,
                fix=f"correct it, or add it to {review.path}",
                values=(record.section,),
            )


@check(Severity.ERROR)
def related_missing(register: Register, _: date) -> Iterator[Violation]:
    """Every recommendation that a record points to exists.

    A pointer to nothing is how a recommendation disappears.

    Bad:
        superseded_by:
          - anytown-dhr-2/40

    Good:
        superseded_by:
          - anytown-dhr-2/04
    """
    of_review: dict[str, list[str]] = defaultdict(list)
    for record in register.recommendations:
        of_review[record.review].append(record.id)
    for record in register.recommendations:
        for field, ids in (("related", record.related), ("superseded_by", record.superseded_by)):
            for index, other in enumerate(ids):
                if other == record.id:
                    problem = "this recommendation points to itself"
                    yield Violation(
                        record=record,
                        keys=(field, index),
                        problem=problem,
                        fix="name the other, or take it out",
                        values=(other,),
                    )
                elif paths.recommendation_path(other) not in register.paths:
                    hint = suggestion(other, _nearby_ids(other, of_review))
                    problem = f'there is no recommendation "{other}"{hint}'
                    yield Violation(
                        record=record,
                        keys=(field, index),
                        problem=problem,
                        fix="correct it, or take it out",
                        values=(other,),
                    )


def _nearby_ids(identity: str, of_review: Mapping[str, list[str]]) -> Iterable[str]:
    """Return the ids that a mistaken one is compared with: of its review only, so that many mistakes stay cheap."""
    return of_review.get(nearest_word(identity.partition("/")[0], of_review), ())


@check(Severity.ERROR)
def duplicate_number(register: Register, _: date) -> Iterator[Violation]:
    """A number is used once in its review; leading zeros do not count.

    People say "recommendation 5". It must mean one.

    Bad:
        # recommendations/5.yaml and recommendations/05.yaml

    Good:
        # recommendations/05.yaml
    """
    seen: dict[tuple[str, str], Recommendation] = {}
    for record in register.recommendations:
        first = seen.setdefault((record.review, paths.strip_zeros(record.number)), record)
        if first is not record:
            yield Violation(
                record=record,
                problem=f"{first.id} has the same number",
                fix="give this the next free number",
                values=(first.id,),
            )


@check(Severity.ERROR)
def reserved_name(register: Register, _: date) -> Iterator[Violation]:
    """No file or folder has a name that Windows keeps for a device.

    These are con, prn, aux, nul, com1 to com9 and lpt1 to lpt9. A repository that holds one cannot be checked
    out on Windows at all.

    Bad:
        # agencies/con.yaml

    Good:
        # agencies/conwy-council.yaml
    """
    updates = [update for record in register.recommendations for update in record.updates]
    every: Iterable[CheckedRecord] = (*register.agencies.values(), *register.reviews.values())
    for record in (*every, *register.recommendations, *updates, *register.orphans):
        name = paths.reserved_name(record.path)
        if name:
            problem = f'Windows keeps the name "{name}" for a device'
            yield Violation(record=record, problem=problem, fix="give it another id", values=(name,))


@check(Severity.ERROR)
def orphan_update(register: Register, _: date) -> Iterator[Violation]:
    """An update belongs to a recommendation that exists.

    What an agency reported must not be lost because it was filed under a wrong number.

    Bad:
        # updates/50/2024-06-01-anytown-police.yaml, and no recommendations/50.yaml

    Good:
        # updates/05/2024-06-01-anytown-police.yaml, and recommendations/05.yaml
    """
    for update in register.orphans:
        path = paths.recommendation_path(update.id)
        if path not in register.paths:
            yield Violation(
                record=update, problem=f"there is no {path}", fix="move the update to the number it belongs to"
            )


@check(Severity.ERROR)
def update_path_mismatch(register: Register, _: date) -> Iterator[Violation]:
    """An update's file name says the day and the agency that the update says.

    The name is what keeps two agencies' updates apart, and what people see in a pull request.

    Bad:
        # updates/05/2024-06-01-anytown-police.yaml
        date: "2024-06-11"

    Good:
        # updates/05/2024-06-11-anytown-police.yaml
        date: "2024-06-11"
    """
    every = [*register.orphans, *(update for record in register.recommendations for update in record.updates)]
    for update in every:
        place = paths.place(update.path)
        if place and place.day != update.date.isoformat():
            problem = f"the file name says {place.day}, and the update says {update.date}"
            yield Violation(
                record=update, keys=("date",), problem=problem, fix="correct one of them", values=(update.date,)
            )
        if place and not paths.names_agency(place.agency, update.agency):
            problem = f'the file name says "{place.agency}", and the update says "{update.agency}"'
            yield Violation(
                record=update, keys=("agency",), problem=problem, fix="correct one of them", values=(update.agency,)
            )


@check(Severity.ERROR)
def update_not_applied(register: Register, _: date) -> Iterator[Violation]:
    """What the newest update changes stands in the recommendation as well.

    The recommendation's file holds what holds today; every answer is worked out from it. A status
    that stands in an update alone is seen by nobody. A date may stand there more precisely.

    Bad:
        # updates/05/2024-06-01-anytown-police.yaml has status: complete
        # recommendations/05.yaml has status: in-progress

    Good:
        # both have status: complete
    """
    for record in register.recommendations:
        for field in _UPDATED_FIELDS:
            newest = next((update for update in reversed(record.updates) if _decides_field(update, field)), None)
            given = newest and getattr(newest, field)
            if newest and given and not _has_value(given, getattr(record, field)):
                problem = f"this update changes {field}, and {record.path} does not say so"
                yield Violation(record=newest, keys=(field,), problem=problem, fix="write it there as well")


_UPDATED_FIELDS = ("status", "target_date", "completion_date", "assurance", "lead_agencies")


def _has_value(given: Any, own: Any) -> bool:  # noqa: ANN401 - the values of any field
    """Tell whether a record has the value that an update gave: a date at least as precisely."""
    return bool(given == own or (isinstance(own, When) and own.lies_in(given)))


def _decides_field(update: Update, field: str) -> bool:
    """Tell whether an update gives a field, or reopens or ends the work, which takes its completion date away."""
    ended = field == "completion_date" and update.status and update.status is not Status.COMPLETE
    return bool(ended or getattr(update, field))


@check(Severity.ERROR)
def updates_disagree(register: Register, _: date) -> Iterator[Violation]:
    """Two agencies' updates of one day do not give a field two values.

    Each update is a file of its own, so the two come together without a conflict. The newest update
    is what holds, and here neither is the newer one. Dates that end on the same day agree.

    Bad:
        # updates/05/2024-06-01-anytown-council.yaml has status: complete
        # updates/05/2024-06-01-anytown-police.yaml has status: on-hold

    Good:
        # updates/05/2024-06-02-anytown-police.yaml says that both have agreed on status: on-hold
    """
    for record in register.recommendations:
        for field in _UPDATED_FIELDS:
            given = [update for update in record.updates if getattr(update, field)]
            last = {
                update.agency: _comparable_value(getattr(update, field))
                for update in given
                if update.date == given[-1].date
            }
            if len(set(last.values())) > 1:
                value = last[given[-1].agency]
                others = " and ".join(agency for agency, other in last.items() if other != value)
                problem = f"the update that {others} gave on the same day has another {field}"
                fix = "ask which holds, and leave the field out of the other, or say it in an update of a later day"
                yield Violation(record=given[-1], keys=(field,), problem=problem, fix=fix, values=(others,))


def _comparable_value(value: Any) -> Any:  # noqa: ANN401 - the value of any field
    """Return what a value comes to: of a date, the day on which it ends."""
    return value.last if isinstance(value, When) else value


@check(Severity.ERROR)
def redated_when_closed(register: Register, _: date) -> Iterator[Violation]:
    """What is closed gets no new target date from that day on.

    One agency reported the work done, and another a later date for it, without knowing of each
    other. Taken together they make a completion look in time that was late, or hide that the work goes on.

    Bad:
        # updates/05/2024-06-01-anytown-police.yaml has status: complete
        # updates/05/2024-06-03-anytown-council.yaml has target_date: "2024-09"

    Good:
        # updates/05/2024-06-01-anytown-police.yaml has status: complete
        # updates/05/2024-05-20-anytown-council.yaml has target_date: "2024-09"
    """
    for record in register.recommendations:
        closing = next((update for update in reversed(record.updates) if update.status), None)
        if closing is None or closing.status is None or closing.status.is_open:
            continue
        before = record.updates[: record.updates.index(closing) + 1]
        known = {update.target_date for update in before if update.date < closing.date or update is closing}
        for update in record.updates:
            unaware = update.date >= closing.date and not (update in before and update.agency == closing.agency)
            if unaware and update.target_date and update.target_date not in known:
                problem = f"this gives a new target date, and the work was {closing.status} on {closing.date}"
                fix = "ask which holds, and leave the date out, or reopen the work in an update of a later day"
                yield Violation(
                    record=update,
                    keys=("target_date",),
                    problem=problem,
                    fix=fix,
                    values=(closing.status, closing.date),
                )


@check(Severity.ERROR)
def entry_twice(register: Register, _: date) -> Iterator[Violation]:
    """Nothing is listed twice in a record.

    Two people who add the same thing in two places of a list do not conflict. What stands twice is
    counted twice, and done once.

    Bad:
        actions:
          - text: Train the staff.
          - text: Audit the training.
          - text: Train the staff.
            status: complete

    Good:
        actions:
          - text: Train the staff.
            status: complete
          - text: Audit the training.
    """
    updates = [update for record in register.recommendations for update in record.updates]
    every: Iterable[CheckedRecord] = (
        *register.agencies.values(),
        *register.reviews.values(),
        *register.recommendations,
    )
    for record in (*every, *updates):
        for field in _LISTS:
            items = getattr(record, field, ())
            if len(items) < 2:  # most of them, and quicker than comparing
                continue
            seen: set[object] = set()
            for index, name in enumerate(map(_entry_identity, items)):
                if name in seen:
                    problem = f'this stands in "{field}" twice'
                    fix = "keep one, or have their words say what sets them apart"
                    yield Violation(record=record, keys=(field, index), problem=problem, fix=fix)
                seen.add(name)


_LISTS = (
    "actions",
    "milestones",
    "outcomes",
    "measures",
    "evidence",
    "responsible",
    "commitments",
    "notes",
    "successors",
)


def _entry_identity(item: object) -> object:
    """Return what tells an entry of a list from the others."""
    if isinstance(item, Action | Commitment):
        return item.text, item.lead_agency
    return (item.kind, item.title, item.date) if isinstance(item, Evidence) else item


@check(Severity.ERROR)
def waiver_expired(register: Register, day: date) -> Iterator[Violation]:
    """A waiver holds until the end of its last day, and no longer.

    What was accepted for a time is not accepted for ever.

    Bad:
        waivers:
          - rule: no-target-date
            reason: The partnership agrees the dates at its next meeting.
            until: "2020-12-31"

    Good:
        target_date: "2021-06"
    """
    for record in register.recommendations:
        for index, waiver in enumerate(record.waivers):
            if waiver.until < day:
                problem = f'the waiver of "{waiver.rule}" ended on {waiver.until}'
                fix = "fix what it covers, or renew it"
                yield Violation(
                    record=record,
                    keys=("waivers", index, "until"),
                    problem=problem,
                    fix=fix,
                    values=(waiver.rule, waiver.until),
                )


CHECKS = (
    register_file_missing,
    review_file_missing,
    section_not_in_review,
    related_missing,
    duplicate_number,
    reserved_name,
    orphan_update,
    update_path_mismatch,
    update_not_applied,
    updates_disagree,
    redated_when_closed,
    entry_twice,
    waiver_expired,
)
