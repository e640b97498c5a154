"""The questions that an update asks at a terminal, for what the options leave out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from textwrap import shorten

from dhrctl.app.session import Session
from dhrctl.app.update import UpdateOptions, list_evidence_kinds, list_leads, needs_reason
from dhrctl.cli import prompts
from dhrctl.edits.update import parse_evidence
from dhrctl.model import dates, query
from dhrctl.model.records import Recommendation, Status
from dhrctl.reports.rows import NO_WORDING, labels
from dhrctl.text.english import plain_words
from dhrctl.text.suggest import suggestion

_STATUSES = tuple(map(str, Status))


def ask_update(given: UpdateOptions, records: Sequence[Recommendation], session: Session) -> UpdateOptions:
    """Return what the options and the person say: what is missing is asked for."""
    for record in records:
        prompts.note(_introduce(record, session))
    given = replace(given, agency=given.agency or _ask_agency(records, session))
    given = replace(
        given, text=given.text or prompts.ask_until("What has happened?", _require("Say what has happened."))
    )
    if len(records) == 1 and not given.changes_fields:
        given = replace(given, status=_ask_status(records[0]))
        if given.status in ("", "in-progress", "not-started", "on-hold") and records[0].status.is_open:
            given = replace(given, target_date=_ask_target(records[0]))
    if given.status == "complete":
        given = _ask_completion(given, records)
    if not given.reason and any(needs_reason(given, record) for record in records):
        given = replace(given, reason=prompts.ask_until("Why?", _require("A change of this kind needs its reason.")))
    return given


def _introduce(record: Recommendation, session: Session) -> str:
    """Return a recommendation in a line or two: what it is, whose, and where it stands."""
    wording = shorten(record.recommendation or NO_WORDING, 76, placeholder="…")
    target = f"target date {record.target_date}" if record.target_date else "no target date"
    standing = f"{labels(record.lead_agencies, session.register)}, {plain_words(record.status)}, {target}"
    return f"{record.id} ({standing})\n  {wording}"


def _ask_agency(records: Sequence[Recommendation], session: Session) -> str:
    register = session.register
    leads = {lead for record in records for lead in list_leads(record, session)}
    default = next(iter(leads)) if len(leads) == 1 else ""
    known = sorted(agency.id for agency in register.agencies.values() if agency.in_office(session.day))
    named = _require("Name the agency that reports; Tab completes it.")
    return prompts.ask_until(
        "Which agency reports?", lambda word: query.find_agency(named(word), register), default=default, known=known
    )


def _require(sentence: str) -> Callable[[str], str]:
    def read(answer: str) -> str:
        if not answer:
            raise ValueError(sentence)
        return answer

    return read


def _ask_status(record: Recommendation) -> str:
    prompts.note(f"Status: {', '.join(_STATUSES)}.")

    def read(answer: str) -> str:
        if answer == Status.SUPERSEDED and not record.superseded_by:
            message = f"Nothing says by what; leave it for now, and first run: dhrctl set {record.id} superseded_by=ID"
            raise ValueError(message)
        return _choose_from(_STATUSES)(answer)

    found = prompts.ask_until("Which status now?", read, default=str(record.status), known=_STATUSES)
    return "" if found == record.status else found


def _choose_from(words: Sequence[str]) -> Callable[[str], str]:
    def read(answer: str) -> str:
        if answer not in words:
            message = f'"{answer}" is not one of them{suggestion(answer, words)}'
            raise ValueError(message)
        return answer

    return read


def _ask_target(record: Recommendation) -> str:
    """Return the new target date, or nothing where it stays (or stays missing)."""
    was = str(record.target_date or "")
    question = "Target date?" if was else "Target date? (Enter if none is agreed)"
    found = prompts.ask_until(question, _read_date, default=was)
    return "" if found == was else found


def _read_date(answer: str) -> str:
    return dates.parse(answer).text if answer else ""


def _ask_completion(given: UpdateOptions, records: Sequence[Recommendation]) -> UpdateOptions:
    """Ask since when something is complete, and what shows it where nothing does yet."""
    completed = given.completion_date or prompts.ask_until("Completed when?", _read_needed_date, default=str(given.day))
    bare = any(not (record.outcomes or record.evidence) for record in records)
    if given.evidence or not bare:
        return replace(given, completion_date=completed)
    kinds = list_evidence_kinds()
    prompts.note(f"What shows it? Write kind:title. Kinds: {', '.join(kinds)}.")

    def read(answer: str) -> str:
        parse_evidence(answer, kinds)
        return answer

    shown = prompts.ask_until("Evidence:", read, known=[f"{kind}:" for kind in kinds])
    return replace(given, completion_date=completed, evidence=(shown,))


def _read_needed_date(answer: str) -> str:
    return _read_date(_require("Write a date, for example 2026-04.")(answer))
