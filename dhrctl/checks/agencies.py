"""Agencies that are unknown, have ended, or are too many to answer for anything."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from dhrctl.checks.check import CheckedRecord, Violation, check
from dhrctl.findings.finding import Keys, Severity
from dhrctl.model.paths import SLUG, agency_path
from dhrctl.model.records import Agency, Recommendation, Register, Status, Update
from dhrctl.model.status import succession
from dhrctl.text.alike import comparable_text
from dhrctl.text.suggest import suggestion


@check(Severity.ERROR)
def unknown_agency(register: Register, _: date) -> Iterator[Violation]:
    """Every agency that a record names has a file in agencies/.

    A name that nobody has written down once gets written in five ways, and no list of what an
    agency owes is whole.

    Bad:
        lead_agencies:
          - anytown-polce

    Good:
        lead_agencies:
          - anytown-police
    """
    for record, keys, agency in _named_agencies(register):
        if re.fullmatch(SLUG, agency) and agency_path(agency) not in register.paths:
            problem = f'there is no agency "{agency}"{suggestion(agency, register.agencies)}'
            yield Violation(
                record=record,
                keys=keys,
                problem=problem,
                fix=f"correct it, or add {agency_path(agency)}",
                values=(agency,),
            )


def _named_agencies(register: Register) -> Iterator[tuple[CheckedRecord, Keys, str]]:
    """Yield every agency that a record names, with the way to where it does."""
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
        yield from _agencies_of_recommendation(record)
        for update in record.updates:
            yield from _agencies_of_update(update)
    for update in register.orphans:
        yield from _agencies_of_update(update)


def _agencies_of_recommendation(record: Recommendation) -> Iterator[tuple[Recommendation, Keys, str]]:
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


@check(Severity.INFO)
def unused_agency(register: Register, _: date) -> Iterator[Violation]:
    """Every agency in agencies/ is named by some record.

    A file that nothing uses is often the second spelling of one that something does.

    Bad:
        # agencies/anytown-constabulary.yaml is named nowhere

    Good:
        # agencies/anytown-police.yaml is named as a lead, with the alias "Anytown Constabulary"
    """
    used = {agency for _, _, agency in _named_agencies(register)}
    for agency in register.agencies.values():
        if agency.id not in used:
            yield Violation(record=agency, problem="no record names this agency", fix="take the file out, or use it")


@check(Severity.ERROR, gap=True)
def lead_ended(register: Register, day: date) -> Iterator[Violation]:
    """A lead agency exists on the day of the check.

    Agencies are abolished and merged, and the work they led is owed by nobody until somebody says
    who took it over. Where the work is complete this is a warning: its monitoring may be nobody's. The
    flag of this name (is:lead-ended) is for open work alone.

    Bad:
        lead_agencies:
          - anytown-ccg  # ended 2022-07-01

    Good:
        lead_agencies:
          - anytown-icb
    """
    for record in register.recommendations:
        known = [register.agencies.get(lead) for lead in record.lead_agencies]
        ended = [agency for agency in known if agency and not agency.in_office(day)]
        if ended and len(ended) == len(known) and (record.status.is_open or record.status is Status.COMPLETE):
            names = ", ".join(f"{agency.name} ended on {agency.ended}" for agency in ended)
            heirs = [
                heir for heir in succession(record.lead_agencies, register, day) if heir not in record.lead_agencies
            ]
            to = f" (its successor is {', '.join(register.label(heir) for heir in heirs)})" if heirs else ""
            severity = None if record.status.is_open else Severity.WARNING
            fix = f"record who leads now{to}, in an update"
            yield Violation(
                record=record,
                keys=("lead_agencies",),
                problem=names,
                fix=fix,
                severity=severity,
                values=tuple(f"{agency.id} {agency.ended}" for agency in ended),
            )


@check(Severity.WARNING)
def no_single_lead(register: Register, _: date) -> Iterator[Violation]:
    """One agency leads a recommendation; the others support it.

    What several lead together, each may leave to the others. The flag of this name (is:no-single-lead)
    is for open work that several agencies lead; the finding is for closed work too, and for several roles.

    Bad:
        lead_agencies:
          - anytown-police
          - anytown-council

    Good:
        lead_agencies:
          - anytown-police
        supporting_agencies:
          - anytown-council
    """
    for record in register.recommendations:
        if len(record.lead_agencies) > 1:
            problem = f"{len(record.lead_agencies)} agencies lead this together"
            fix = "agree which one answers for it, and name the others under supporting_agencies"
            yield Violation(
                record=record, keys=("lead_agencies",), problem=problem, fix=fix, values=(len(record.lead_agencies),)
            )
        elif len(record.responsible) > 1:
            problem = f"{len(record.responsible)} roles answer for this together"
            yield Violation(
                record=record,
                keys=("responsible",),
                problem=problem,
                fix="agree which one answers for it",
                values=(len(record.responsible),),
            )


@check(Severity.ERROR, gap=True)
def collective_lead(register: Register, _: date) -> Iterator[Violation]:
    """A lead is one body that can be asked, not "All".

    Nobody can be asked what "All" or "Service Commissioners" have done.

    Bad:
        lead_agencies:
          - all-agencies

    Good:
        lead_agencies:
          - anytown-safeguarding-adults-board
    """
    for record in register.recommendations:
        for index, lead in enumerate(record.lead_agencies):
            agency = register.agencies.get(lead)
            if agency and agency.kind == "group":
                problem = f'"{agency.name}" is not one body that can be asked'
                fix = "name the agency that answers for this"
                yield Violation(record=record, keys=("lead_agencies", index), problem=problem, fix=fix, values=(lead,))


@check(Severity.WARNING)
def responsible_without_role(register: Register, _: date) -> Iterator[Violation]:
    """Whoever is responsible is named by role.

    People move on; the role stays, and can be published.

    Bad:
        responsible:
          - name: A. N. Officer

    Good:
        responsible:
          - role: Head of Safeguarding
    """
    for record in register.recommendations:
        for index, person in enumerate(record.responsible):
            if not person.role:
                problem = "a person is named here without a role"
                yield Violation(record=record, keys=("responsible", index), problem=problem, fix="add the role")


@check(Severity.WARNING)
def update_by_uninvolved_agency(register: Register, day: date) -> Iterator[Violation]:
    """An update comes from an agency that leads or supports the work, or took over from one that did.

    An update from elsewhere is often filed under the wrong number.

    Bad:
        # updates/01/2024-06-01-anytown-fire-service.yaml, where anytown-police leads 01

    Good:
        # updates/01/2024-06-01-anytown-police.yaml
    """
    for record in register.recommendations:
        if record.updates:
            involved = _involved_agencies(record, register, day)
            for update in record.updates:
                if update.agency not in involved:
                    problem = f"{register.label(update.agency)} neither leads nor supports {record.id}"
                    fix = "move the update to the number it belongs to, or add the agency"
                    yield Violation(record=update, keys=("agency",), problem=problem, fix=fix, values=(update.agency,))


def _involved_agencies(record: Recommendation, register: Register, day: date) -> frozenset[str]:
    """Return the agencies that have a part in a recommendation; members of a group, and the partnership, have one."""
    named = [*record.lead_agencies, *record.supporting_agencies]
    named += [action.lead_agency for action in record.actions if action.lead_agency]
    named += [person.agency for person in record.responsible if person.agency]
    for update in record.updates:
        named += update.lead_agencies
    review = register.reviews.get(record.review)
    named += [review.partnership] if review else []
    for agency in list(named):
        known = register.agencies.get(agency)
        named += known.members if known else ()
    return frozenset(succession(named, register, day))


@check(Severity.ERROR)
def successor_cycle(register: Register, _: date) -> Iterator[Violation]:
    """No agency is, by way of its successors, its own successor.

    Whoever follows such a chain to today's lead never arrives.

    Bad:
        # anytown-ccg is succeeded by anytown-icb, and that by anytown-ccg

    Good:
        # anytown-ccg is succeeded by anytown-icb
    """
    for agency in register.agencies.values():
        if agency.id in _heirs(agency, register):
            problem = f"the successors of {agency.name} lead back to itself"
            yield Violation(record=agency, keys=("successors",), problem=problem, fix="correct them")


def _heirs(agency: Agency, register: Register) -> set[str]:
    found: set[str] = set()
    waiting = [successor.agency for successor in agency.successors]
    while waiting:
        heir = waiting.pop()
        if heir not in found:
            found.add(heir)
            known = register.agencies.get(heir)
            waiting.extend(successor.agency for successor in known.successors) if known else None
    return found


@check(Severity.WARNING)
def alias_shared_by_two_agencies(register: Register, _: date) -> Iterator[Violation]:
    """A name or alias means one agency.

    Otherwise a list of what one of them owes holds what the other owes.

    Bad:
        # both anytown-adult-social-care and othertown-adult-social-care have the alias "ASC"

    Good:
        # only anytown-adult-social-care has the alias "ASC"
    """
    holders: dict[str, list[Agency]] = defaultdict(list)
    for agency in register.agencies.values():
        for name in {comparable_text(name) for name in (agency.name, agency.short_name, *agency.aliases) if name}:
            holders[name].append(agency)
    for name, agencies in sorted(holders.items()):
        for agency in agencies[1:]:
            problem = f'"{name}" is a name of {agencies[0].name} as well'
            yield Violation(
                record=agency, problem=problem, fix="leave it to one of them", values=(name, agencies[0].id)
            )


CHECKS = (
    unknown_agency,
    unused_agency,
    lead_ended,
    no_single_lead,
    collective_lead,
    responsible_without_role,
    update_by_uninvolved_agency,
    successor_cycle,
    alias_shared_by_two_agencies,
)
