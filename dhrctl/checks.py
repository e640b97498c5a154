"""The checks: what makes a record impossible to trust or to follow up.

Each is a generator over the register and a day; its name is the rule's, its docstring the rule
in a sentence. None of them writes.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from dhrctl import layout
from dhrctl.finding import Finding, Keys, Rule, Severity
from dhrctl.model import Agency, Recommendation, Register, Review, Update
from dhrctl.nearest import did_you_mean, nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place where a rule is broken, and the sentence for it."""

    record: Agency | Review | Recommendation | Update | None
    keys: Keys | None = None
    message: str


Run = Callable[[Register, date], Iterator[Spot]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A rule, and the generator of the places where it is broken."""

    rule: Rule
    run: Run


def _check(severity: Severity) -> Callable[[Run], Check]:
    def made(run: Run) -> Check:
        name = run.__name__.replace("_", "-")
        return Check(rule=Rule(name=name, severity=severity, sentence=(run.__doc__ or "").strip()), run=run)

    return made


@_check(Severity.ERROR)
def register_file_missing(register: Register, _: date) -> Iterator[Spot]:
    """A register says its title and settings in register.yaml."""
    if layout.SETTINGS not in register.paths:
        yield Spot(record=None, message="the file is missing; add it with a schema_version and a title")


@_check(Severity.ERROR)
def review_file_missing(register: Register, _: date) -> Iterator[Spot]:
    """A recommendation stands in the folder of a review that has a review.yaml."""
    seen = set()
    for record in register.recommendations:
        path = layout.review_path(record.review)
        if path not in register.paths and path not in seen:
            seen.add(path)
            yield Spot(record=record, message=f"the review {record.review} has no review.yaml; add {path}")


@_check(Severity.ERROR)
def unknown_agency(register: Register, _: date) -> Iterator[Spot]:
    """Every agency that a record names has a file in agencies/."""
    for record, keys, agency in _agencies_named(register):
        if re.fullmatch(layout.SLUG, agency) and layout.agency_path(agency) not in register.paths:
            hint = did_you_mean(agency, register.agencies)
            message = f'there is no agency "{agency}"{hint}; correct it, or add {layout.agency_path(agency)}'
            yield Spot(record=record, keys=keys, message=message)


def _agencies_named(register: Register) -> Iterator[tuple[Agency | Review | Recommendation | Update, Keys, str]]:
    for agency in register.agencies.values():
        for index, successor in enumerate(agency.successors):
            yield agency, ("successors", index, "agency"), successor.agency
        for index, member in enumerate(agency.members):
            yield agency, ("members", index), member
    for review in register.reviews.values():
        yield review, ("partnership",), review.partnership
        for index, commitment in enumerate(review.commitments):
            if commitment.lead_agency:
                yield review, ("commitments", index, "lead_agency"), commitment.lead_agency
    for record in register.recommendations:
        yield from _agencies_of(record)
        for update in record.updates:
            yield from _agencies_of_update(update)
    for update in register.orphans:
        yield from _agencies_of_update(update)


def _agencies_of(record: Recommendation) -> Iterator[tuple[Recommendation, Keys, str]]:
    for index, agency in enumerate(record.lead_agencies):
        yield record, ("lead_agencies", index), agency
    for index, agency in enumerate(record.supporting_agencies):
        yield record, ("supporting_agencies", index), agency
    for index, person in enumerate(record.responsible):
        if person.agency:
            yield record, ("responsible", index, "agency"), person.agency
    for index, action in enumerate(record.actions):
        if action.lead_agency:
            yield record, ("actions", index, "lead_agency"), action.lead_agency


def _agencies_of_update(update: Update) -> Iterator[tuple[Update, Keys, str]]:
    yield update, ("agency",), update.agency
    for index, agency in enumerate(update.lead_agencies):
        yield update, ("lead_agencies", index), agency


@_check(Severity.ERROR)
def section_not_in_review(register: Register, _: date) -> Iterator[Spot]:
    """A recommendation stands under a heading that its review lists."""
    for record in register.recommendations:
        review = register.reviews.get(record.review)
        if review and record.section not in review.sections:
            hint = did_you_mean(record.section, review.sections)
            message = f'the review has no section "{record.section}"{hint}; correct it, or add it to {review.path}'
            yield Spot(record=record, keys=("section",), message=message)


@_check(Severity.ERROR)
def related_missing(register: Register, _: date) -> Iterator[Spot]:
    """Every recommendation that a record points to exists."""
    of_review: dict[str, list[str]] = defaultdict(list)
    for record in register.recommendations:
        of_review[record.review].append(record.id)
    for record in register.recommendations:
        for field in ("related", "superseded_by"):
            ids: tuple[str, ...] = getattr(record, field)
            for index, other in enumerate(ids):
                if layout.recommendation_path(other) not in register.paths:
                    hint = did_you_mean(other, _near(other, of_review))
                    message = f'there is no recommendation "{other}"{hint}; correct it, or take it out'
                    yield Spot(record=record, keys=(field, index), message=message)


def _near(identity: str, of_review: Mapping[str, list[str]]) -> Iterable[str]:
    """Return the ids that a mistaken one is compared with: of its review only, so that many mistakes stay cheap."""
    review = nearest(identity.partition("/")[0], of_review)
    return of_review.get(review, ())


@_check(Severity.ERROR)
def orphan_update(register: Register, _: date) -> Iterator[Spot]:
    """An update belongs to a recommendation that exists."""
    for update in register.orphans:
        path = layout.recommendation_path(update.id)
        if path not in register.paths:
            yield Spot(record=update, message=f"there is no {path}; move the update to the number it belongs to")


@_check(Severity.ERROR)
def update_path_mismatch(register: Register, _: date) -> Iterator[Spot]:
    """An update's file name says the day and the agency that the update says."""
    every = [*register.orphans, *(update for record in register.recommendations for update in record.updates)]
    for update in every:
        place = layout.place(update.path)
        if place and place.day != update.date.isoformat():
            message = f"the file name says {place.day} and the update says {update.date}; correct one of them"
            yield Spot(record=update, keys=("date",), message=message)
        if place and not layout.names_agency(place.agency, update.agency):
            message = f'the file name says "{place.agency}" and the update says "{update.agency}"; correct one of them'
            yield Spot(record=update, keys=("agency",), message=message)


@_check(Severity.ERROR)
def target_before_start(register: Register, _: date) -> Iterator[Spot]:
    """A target date does not lie wholly before the start date."""
    for record in register.recommendations:
        if record.target_date and record.start_date and record.target_date.last < record.start_date.first:
            message = (
                f"the target date {record.target_date} lies before the start date {record.start_date}; correct one"
            )
            yield Spot(record=record, keys=("target_date",), message=message)


@_check(Severity.ERROR)
def completed_before_start(register: Register, _: date) -> Iterator[Spot]:
    """A completion date does not lie wholly before the start date."""
    for record in register.recommendations:
        done, start = record.completion_date, record.start_date
        if done and start and done.last < start.first:
            message = f"the completion date {done} lies before the start date {start}; correct one of them"
            yield Spot(record=record, keys=("completion_date",), message=message)


@_check(Severity.ERROR)
def waiver_unknown_rule(register: Register, _: date) -> Iterator[Spot]:
    """A waiver names a rule that exists."""
    names = [check.rule.name for check in CHECKS]
    for record in register.recommendations:
        for index, waiver in enumerate(record.waivers):
            if waiver.rule not in names:
                hint = did_you_mean(waiver.rule, names)
                message = f'there is no rule "{waiver.rule}" that a waiver can silence{hint}; correct it, or take the waiver out'
                yield Spot(record=record, keys=("waivers", index, "rule"), message=message)


@_check(Severity.ERROR)
def waiver_expired(register: Register, day: date) -> Iterator[Spot]:
    """A waiver holds until the end of its last day, and no longer."""
    for record in register.recommendations:
        for index, waiver in enumerate(record.waivers):
            if waiver.until < day:
                message = f'the waiver of "{waiver.rule}" ended on {waiver.until}; mend what it covers, or renew it'
                yield Spot(record=record, keys=("waivers", index, "until"), message=message)


CHECKS = (
    register_file_missing,
    review_file_missing,
    unknown_agency,
    section_not_in_review,
    related_missing,
    orphan_update,
    update_path_mismatch,
    target_before_start,
    completed_before_start,
    waiver_unknown_rule,
    waiver_expired,
)


def findings(register: Register, day: date) -> tuple[Finding, ...]:
    """Return what every check finds on a day, waived or not, not yet with lines and columns."""
    waived = {
        (record.id, waiver.rule)
        for record in register.recommendations
        for waiver in record.waivers
        if waiver.until >= day
    }
    found = []
    for check in CHECKS:
        for spot in check.run(register, day):
            finding = _finding(check.rule, spot)
            found.append(replace(finding, waived=(finding.id, check.rule.name) in waived))
    return tuple(found)


def _finding(rule: Rule, spot: Spot) -> Finding:
    record = spot.record
    return Finding(
        rule=rule,
        path=record.path if record else layout.SETTINGS,
        message=spot.message,
        keys=spot.keys,
        id=record.id if isinstance(record, Recommendation | Update) else "",
    )
