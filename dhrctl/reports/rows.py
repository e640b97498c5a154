"""A recommendation as a row: every field and judgement that programs get, and how people hear of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from dhrctl.model.edtf import When
from dhrctl.model.records import Action, Recommendation, Register, Responsible, Status
from dhrctl.model.status import Timeliness, current_leads
from dhrctl.reports.view import Judged, View
from dhrctl.table import Cell, Column, MarkdownText, Row, Stack
from dhrctl.text.english import plain_words, plural

NO_WORDING = "(the source gives no wording)"
RAG_STATUS = Column(key="standing", label="Standing", program=False, coloured=True)
TARGET = Column(key="target", label="Target", program=False)
LEAD = Column(key="lead", label="Lead", program=False)
WORDING = Column(key="wording", label="Recommendation", program=False, brief=True)

_CELLS: Mapping[Column, Callable[[Judged, View], Cell]] = {
    Column(key="id", label="ID", whole=True): lambda judged, _: judged.record.id,
    Column(key="review"): lambda judged, _: judged.record.review,
    Column(key="number"): lambda judged, _: judged.record.number,
    Column(key="section"): lambda judged, _: judged.record.section,
    Column(key="recommendation"): lambda judged, _: judged.record.recommendation or None,
    Column(key="scope"): lambda judged, _: judged.record.scope,
    Column(key="level"): lambda judged, _: judged.record.level,
    Column(key="status"): lambda judged, _: judged.record.status,
    Column(key="assurance"): lambda judged, _: judged.record.assurance,
    Column(key="lead_agencies"): lambda judged, _: judged.record.lead_agencies,
    Column(key="supporting_agencies"): lambda judged, _: judged.record.supporting_agencies,
    Column(key="current_leads"): lambda judged, _: judged.progress.current_leads,
    Column(key="responsible"): lambda judged, _: tuple([_person_row(each) for each in judged.record.responsible]),
    Column(key="start_date"): lambda judged, _: date_text(judged.record.start_date),
    Column(key="target_date"): lambda judged, _: date_text(judged.record.target_date),
    Column(key="completion_date"): lambda judged, _: date_text(judged.record.completion_date),
    Column(key="review_date"): lambda judged, _: date_text(judged.record.review_date),
    Column(key="timeliness"): lambda judged, _: judged.progress.timeliness,
    Column(key="rag"): lambda judged, _: judged.progress.rag,
    Column(key="flags"): lambda judged, _: judged.progress.flags,
    Column(key="days_overdue"): lambda judged, _: judged.progress.days_overdue,
    Column(key="last_update"): lambda judged, _: _iso_day(judged.progress.last_update),
    Column(key="path"): lambda judged, _: judged.record.path,
    RAG_STATUS: lambda judged, _: describe_rag(judged),
    TARGET: lambda judged, _: target(judged),
    LEAD: lambda judged, view: lead(judged, view.register, view.day),
    WORDING: lambda judged, _: judged.record.recommendation or NO_WORDING,
}
ITEM = tuple(column for column in _CELLS if column.program)


def item(judged: Judged, view: View) -> dict[str, Cell]:
    """Return one recommendation as a row, for programs and for people."""
    return {column.key: cell(judged, view) for column, cell in _CELLS.items()}


def _iso_day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _person_row(person: Responsible) -> Row:
    return {"role": person.role or None, "name": person.name or None, "agency": person.agency or None}


def date_text(date_given: When | None) -> str | None:
    """Return a date as it was given."""
    return date_given.text if date_given else None


def describe_rag(judged: Judged) -> str:
    """Return the colour and what it means, in words."""
    record, progress = judged.record, judged.progress
    if record.status is Status.COMPLETE:
        kept = progress.timeliness
        how = () if kept is Timeliness.NOT_KNOWN else (plain_words(kept),)
        return f"{progress.rag}: {', '.join(('complete', *how))}"
    if not record.status.is_open:
        return f"{progress.rag}: {plain_words(record.status)}"
    late = progress.days_overdue
    timely = _TIMELY.get(progress.timeliness) or plain_words(progress.timeliness)
    timely = timely if late is None else f"{plural(late, 'day')} overdue"
    status = "status unknown" if record.status is Status.UNKNOWN else plain_words(record.status)
    return f"{progress.rag}: {', '.join((timely, status, *map(plain_words, progress.flags)))}"


# Beside a colour, "on track" would be taken for one: amber work may have a due day that is further off, too.
_TIMELY = {Timeliness.ON_TRACK: "due later"}


def target(judged: Judged) -> str:
    """Return the target date, and an open action's where that falls due earlier."""
    due, own = judged.progress.due, judged.record.target_date
    said = own.text if own else "none"
    if due is None or (own and own.last <= due):
        return said
    return f"{said}; an action by {due}"


def lead(judged: Judged, register: Register, day: date) -> str:
    """Return who leads on the day, in names: a lead that has ended by its successors, `B (was A)`."""
    said = []
    for agency in judged.record.lead_agencies:
        now = current_leads((agency,), register, day)
        if now == (agency,):
            said.append(register.label(agency))
        else:
            heirs = labels(now, register)
            said.append(f"{heirs} (was {register.label(agency)})" if heirs else f"{register.label(agency)} (ended)")
    return ", ".join(dict.fromkeys(said))


def people(record: Recommendation, register: Register) -> Iterator[str]:
    """Yield each person responsible as `role, name, agency`, as far as they are known."""
    for person in record.responsible:
        agency = labels([person.agency], register) if person.agency else ""
        yield ", ".join(part for part in (person.role, person.name, agency) if part)


def action_facts(action: Action, register: Register) -> tuple[str, ...]:
    """Return what is known of an action besides its text: who leads it, by when, how far it has got."""
    facts = (
        labels([action.lead_agency], register) if action.lead_agency else "",
        f"by {action.target_date}" if action.target_date else "",
        plain_words(action.status) if action.status else "",
        f"completed {action.completion_date}" if action.completion_date else "",
    )
    return tuple([fact for fact in facts if fact])


def add_facts(text: str, *facts: str) -> MarkdownText | Stack:
    """Return a text that may hold simple Markdown, with facts below it where there are any."""
    said = "; ".join(fact for fact in facts if fact)
    return Stack((MarkdownText(text), f"({said})")) if said else MarkdownText(text)


def labels(agencies: Iterable[str], register: Register) -> str:
    """Return agencies by the names that people know them by."""
    return ", ".join(register.label(agency) for agency in agencies)


def count_by_key(keys: Iterable[str], found: Iterable[str]) -> Mapping[str, int]:
    """Return how often each key was found, nought included."""
    counts = dict.fromkeys((str(key) for key in keys), 0)
    for key in found:
        counts[str(key)] += 1
    return counts
