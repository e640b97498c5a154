"""What an agency reports, as a person gives it field by field, and the update that it makes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dhrctl.app.change import Make
from dhrctl.app.fields import read_word
from dhrctl.app.session import Session
from dhrctl.checks.transitions import stage
from dhrctl.edits.changeset import Changeset
from dhrctl.edits.update import build_updates, parse_evidence
from dhrctl.errors import FieldRefused, Reason
from dhrctl.files import schema
from dhrctl.model import dates, query
from dhrctl.model.date_hints import explain_text
from dhrctl.model.edtf import When, has_form
from dhrctl.model.paths import RecordKind
from dhrctl.model.records import Assurance, Recommendation, Status, Update
from dhrctl.model.status import current_leads


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateOptions:
    """What is reported, as text; empty where nothing is said. `evidence` is `kind:title` or `kind:title:url`.

    What the agency said on that day already is refused, unless it is to `repeat` it.
    """

    day: date
    agency: str = ""
    by: str = ""
    text: str = ""
    status: str = ""
    target_date: str = ""
    reason: str = ""
    completion_date: str = ""
    evidence: tuple[str, ...] = ()
    assurance: str = ""
    lead_agencies: tuple[str, ...] = ()
    repeat: bool = False

    @property
    def changes_fields(self) -> bool:
        """Tell whether anything but words is given."""
        given = (self.status, self.target_date, self.completion_date, self.evidence, self.assurance, self.lead_agencies)
        return any(given)


def refuse_incomplete(options: UpdateOptions, records: Sequence[Recommendation]) -> None:
    """Raise FieldRefused where too little is given for an update."""
    if not options.text.strip():
        problem = "an update says what has happened"
        raise FieldRefused(problem, "write it", field="text", reason=Reason.MISSING)
    if options.status == Status.COMPLETE and not options.completion_date:
        problem = "say when it was completed, as precisely as it is known"
        raise FieldRefused(problem, "give the date", field="completion_date", reason=Reason.MISSING)
    if not options.reason and any(needs_reason(options, record) for record in records):
        problem = "a later date, another lead, a step back and what will not be done need their reason"
        raise FieldRefused(problem, "give it", field="reason", reason=Reason.MISSING)


_NOT_DONE = (Status.NOT_ACCEPTED, Status.CANCELLED)


def needs_reason(options: UpdateOptions, record: Recommendation) -> bool:
    """Tell whether a change is of the kind that no pull request may make without its reason."""
    target, status = _parse_date(options, "target_date"), options.status or record.status
    later = target and record.target_date and target.last > record.target_date.last
    back = stage(read_word(Status, status, "status")) < stage(record.status) or (
        not record.status.is_open and status != record.status
    )
    completed = options.completion_date
    redone = completed and record.completion_date and completed != str(record.completion_date)
    refused = options.status in _NOT_DONE and status != record.status
    return bool(later or back or redone or refused or options.lead_agencies)


def build_update(options: UpdateOptions, record: Recommendation, session: Session) -> Update:
    """Return what is reported of one recommendation; raise DhrError where an answer cannot be read."""
    register = session.register
    return Update(
        id=record.id,
        path="",
        date=options.day,
        agency=query.find_agency(options.agency or _only_lead(record, session), register),
        by=options.by,
        text=options.text,
        status=read_word(Status, options.status, "status") if options.status not in ("", record.status) else None,
        target_date=_parse_date(options, "target_date"),
        completion_date=_parse_date(options, "completion_date"),
        assurance=read_word(Assurance, options.assurance, "assurance") if options.assurance else None,
        lead_agencies=tuple(query.find_agency(lead, register) for lead in options.lead_agencies),
        reason=options.reason,
        evidence=tuple(parse_evidence(each, list_evidence_kinds()) for each in options.evidence),
    )


def make_updates(options: UpdateOptions, ids: Sequence[str]) -> Make:
    """Return what adds the same update to recommendations, and applies what it says; those that are gone are left out."""

    def make(session: Session) -> Changeset:
        now = {record.id: record for record in session.register.recommendations}
        return build_updates(
            [build_update(options, now[each], session) for each in ids if each in now],
            now,
            session.tree,
            repeat=options.repeat,
        )

    return make


def _only_lead(record: Recommendation, session: Session) -> str:
    """Return the one agency that leads on the day; raise FieldRefused where it is not one."""
    leads = list_leads(record, session)
    if len(leads) != 1:
        problem = f"{record.id} has {len(leads) or 'no'} lead agencies in office"
        raise FieldRefused(problem, "say who reports", field="agency", reason=Reason.UNCLEAR)
    return leads[0]


def list_leads(record: Recommendation, session: Session) -> tuple[str, ...]:
    """Return the agencies that lead on the day of the session."""
    return current_leads(record.lead_agencies, session.register, session.day)


def _parse_date(options: UpdateOptions, field: str) -> When | None:
    """Return the date that a field gives, if it does; raise FieldRefused."""
    text: str = getattr(options, field)
    try:
        return dates.parse(text) if text else None
    except ValueError as error:
        hint = explain_text(text, field)
        message = str(error) if has_form(text) else f"{hint.problem}; {hint.fix}"
        raise FieldRefused(message, field=field) from None


def list_evidence_kinds() -> tuple[str, ...]:
    """Return the kinds of evidence."""
    shapes = schema.read_schema(RecordKind.UPDATE)["properties"]["evidence"]["items"]
    return tuple(shapes["properties"]["kind"]["enum"])
