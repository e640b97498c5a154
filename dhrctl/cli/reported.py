"""What an agency reports, as the options and the answers of a person say it, and the update that it makes."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dhrctl.checks.transitions import stage
from dhrctl.cli.session import Session
from dhrctl.edits.update import evidence
from dhrctl.errors import DhrError
from dhrctl.files import schema
from dhrctl.model import dates, query
from dhrctl.model.dates import When
from dhrctl.model.paths import Kind
from dhrctl.model.records import Assurance, Recommendation, Status, Update
from dhrctl.model.status import current_leads


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the options say, as text; empty where they say nothing."""

    day: date
    agency: str
    by: str
    text: str
    status: str
    target: str
    reason: str
    completed: str
    evidence: tuple[str, ...]
    assurance: str
    leads: tuple[str, ...]

    @property
    def changes(self) -> bool:
        """Tell whether anything but words is given."""
        return bool(self.status or self.target or self.completed or self.evidence or self.assurance or self.leads)


def command(given: Given, ids: Sequence[str]) -> str:
    """Return the command that says of these recommendations what is given, for a shell."""
    said = {"agency": given.agency, "by": given.by, "text": given.text, "status": given.status, "target": given.target}
    said |= {"reason": given.reason, "completed": given.completed, "assurance": given.assurance, "on": str(given.day)}
    options = [(name, value) for name, value in said.items() if value]
    options += [("evidence", each) for each in given.evidence] + [("lead", each) for each in given.leads]
    return shlex.join(["dhrctl", "update", *ids, *(part for name, value in options for part in (f"--{name}", value))])


def refuse_incomplete(given: Given, records: Sequence[Recommendation]) -> None:
    """Refuse what cannot be an update, as the options say too little."""
    missing = ""
    if not given.text.strip():
        missing = "an update says what has happened; add --text, or --editor"
    elif given.status == "complete" and not given.completed:
        missing = "say when it was completed, as precisely as it is known; add --completed DATE"
    elif not given.reason and any(needs_reason(given, record) for record in records):
        missing = (
            "a later date, another lead, a step back and what will not be done need their reason; add --reason TEXT"
        )
    if missing:
        raise DhrError(missing)


_NOT_DONE = (Status.NOT_ACCEPTED, Status.CANCELLED)


def needs_reason(given: Given, record: Recommendation) -> bool:
    """Tell whether a change is of the kind that no pull request may make without its reason."""
    target, status = date_of(given.target, "--target"), given.status or record.status
    later = target and record.target_date and target.last > record.target_date.last
    back = stage(Status(status)) < stage(record.status) or (not record.status.is_open and status != record.status)
    redone = given.completed and record.completion_date and given.completed != str(record.completion_date)
    refused = given.status in _NOT_DONE and status != record.status
    return bool(later or back or redone or refused or given.leads)


def update_of(given: Given, record: Recommendation, session: Session) -> Update:
    """Return what is reported of one recommendation; raise DhrError where an answer cannot be read."""
    register = session.reading.register
    return Update(
        id=record.id,
        path="",
        date=given.day,
        agency=query.agency(given.agency or _lead(record, session), register),
        by=given.by,
        text=given.text,
        status=Status(given.status) if given.status and given.status != record.status else None,
        target_date=date_of(given.target, "--target"),
        completion_date=date_of(given.completed, "--completed"),
        assurance=Assurance(given.assurance) if given.assurance else None,
        lead_agencies=tuple(query.agency(lead, register) for lead in given.leads),
        reason=given.reason,
        evidence=tuple(evidence(each, evidence_kinds()) for each in given.evidence),
    )


def _lead(record: Recommendation, session: Session) -> str:
    """Return the one agency that leads on the day; raise DhrError where it is not one."""
    leads = leads_of(record, session)
    if len(leads) != 1:
        message = f"{record.id} has {len(leads) or 'no'} lead agencies in office; say who reports, with --agency"
        raise DhrError(message)
    return leads[0]


def leads_of(record: Recommendation, session: Session) -> tuple[str, ...]:
    """Return the agencies that lead on the day of the session."""
    return current_leads(record.lead_agencies, session.reading.register, session.day)


def date_of(text: str, option: str) -> When | None:
    """Return the date that an option gives, if it does; raise DhrError."""
    try:
        return dates.parse(text) if text else None
    except ValueError as error:
        message = f"{option}: {error}"
        raise DhrError(message) from None


def evidence_kinds() -> tuple[str, ...]:
    """Return the kinds of evidence."""
    shapes = schema.document(Kind.UPDATE)["properties"]["evidence"]["items"]
    return tuple(shapes["properties"]["kind"]["enum"])
