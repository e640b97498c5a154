"""A recommendation as a row: every field and judgement that programs get, and how people hear of it."""

from calendar import month_name
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from dhrctl.model import Recommendation, Register, Responsible, Status
from dhrctl.progress import Progress, Timeliness, judge
from dhrctl.table import Cell, Column, Row
from dhrctl.when import When


@dataclass(frozen=True, slots=True)
class Judged:
    """A recommendation, and what it amounts to on the day in question."""

    record: Recommendation
    progress: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a question is about: the register, the day, the commit, and the recommendations that match."""

    register: Register
    day: date
    commit: str | None
    judged: tuple[Judged, ...]


def asked(
    register: Register,
    day: date,
    test: Callable[[Recommendation, Progress], bool] = lambda *_: True,
    commit: str | None = None,
) -> Asked:
    """Judge every recommendation on a day, and keep those that pass a test."""
    every = (Judged(record, judge(record, register, day)) for record in register.recommendations)
    kept = tuple([judged for judged in every if test(judged.record, judged.progress)])
    return Asked(register=register, day=day, commit=commit, judged=kept)


ITEM = (
    Column(key="id", label="ID", whole=True),
    *(
        Column(key=key)
        for key in (
            "review",
            "number",
            "section",
            "recommendation",
            "scope",
            "level",
            "status",
            "assurance",
            "lead_agencies",
            "supporting_agencies",
            "current_leads",
            "responsible",
            "start_date",
            "target_date",
            "completion_date",
            "review_date",
            "timeliness",
            "rag",
            "flags",
            "days_overdue",
            "last_update",
            "path",
        )
    ),
)
STANDING = Column(key="standing", label="Standing", program=False, coloured=True)
TARGET = Column(key="target", label="Target", program=False, whole=True)
LEAD = Column(key="lead", label="Lead", program=False)
WORDING = Column(key="wording", label="Recommendation", program=False, brief=True)


def item(judged: Judged, register: Register) -> dict[str, Cell]:
    """Return one recommendation as a row, for programs and for people."""
    record, progress = judged.record, judged.progress
    return {
        "id": record.id,
        "review": record.review,
        "number": record.number,
        "section": record.section,
        "recommendation": record.recommendation or None,
        "scope": record.scope,
        "level": record.level,
        "status": record.status,
        "assurance": record.assurance,
        "lead_agencies": record.lead_agencies,
        "supporting_agencies": record.supporting_agencies,
        "current_leads": progress.current_leads,
        "responsible": tuple([_responsible(person) for person in record.responsible]),
        "start_date": given(record.start_date),
        "target_date": given(record.target_date),
        "completion_date": given(record.completion_date),
        "review_date": given(record.review_date),
        "timeliness": progress.timeliness,
        "rag": progress.rag,
        "flags": progress.flags,
        "days_overdue": progress.days_overdue,
        "last_update": progress.last_update.isoformat() if progress.last_update else None,
        "path": record.path,
        "standing": standing(judged),
        "target": target(judged),
        "lead": lead(judged, register),
        "wording": record.recommendation or NO_WORDING,
    }


NO_WORDING = "(the source gives no wording)"


def _responsible(person: Responsible) -> Row:
    return {"role": person.role or None, "name": person.name or None, "agency": person.agency or None}


def given(date_given: When | None) -> str | None:
    """Return a date as it was given."""
    return date_given.text if date_given else None


def words(word: str) -> str:
    """Return a word from a fixed list as people say it: `no target date` for `no-target-date`."""
    return word.replace("-", " ")


def standing(judged: Judged) -> str:
    """Return the colour and what it means, in words."""
    record, progress = judged.record, judged.progress
    if record.status is Status.COMPLETE:
        kept = progress.timeliness
        how = () if kept is Timeliness.NOT_KNOWN else (words(kept),)
        return f"{progress.rag}: {', '.join(('complete', *how))}"
    if not record.status.is_open:
        return f"{progress.rag}: {words(record.status)}"
    late = progress.days_overdue
    timely = words(progress.timeliness) if late is None else f"{plural(late, 'day')} overdue"
    status = "status unknown" if record.status is Status.UNKNOWN else words(record.status)
    return f"{progress.rag}: {', '.join((timely, status, *map(words, progress.flags)))}"


def target(judged: Judged) -> str:
    """Return the target date, and an open action's where that falls due earlier."""
    due, own = judged.progress.due, judged.record.target_date
    said = own.text if own else "none"
    if due is None or (own and own.last <= due):
        return said
    return f"{said}; an action by {due}"


def lead(judged: Judged, register: Register) -> str:
    """Return who leads on the day, and for whom, in names."""
    recorded, current = judged.record.lead_agencies, judged.progress.current_leads
    gone = [agency for agency in recorded if agency not in current]
    was = ", ".join(register.label(agency) for agency in gone)
    now = labels(current, register)
    if not gone:
        return now
    return f"{now} (was {was})" if now else f"{was} (ended)"


def labels(agencies: Iterable[str], register: Register) -> str:
    """Return agencies by the names that people know them by."""
    return ", ".join(register.label(agency) for agency in agencies)


def long_day(day: date) -> str:
    """Return a day as it is written in a sentence."""
    return f"{day.day} {month_name[day.month]} {day.year}"


def plural(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def counted(keys: Iterable[str], found: Iterable[str]) -> Mapping[str, int]:
    """Return how often each key was found, nought included."""
    counts = dict.fromkeys((str(key) for key in keys), 0)
    for key in found:
        counts[str(key)] += 1
    return counts
