"""The recommendations themselves: what is overdue, what matches, and one whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from dhrctl.model.edtf import When
from dhrctl.model.records import Evidence, Recommendation, Register, Update
from dhrctl.model.status import RAG_RULE, Timeliness
from dhrctl.reports import small_numbers
from dhrctl.reports.rows import (
    ITEM,
    LEAD,
    NO_WORDING,
    RAG_STATUS,
    TARGET,
    WORDING,
    action_facts,
    add_facts,
    describe_rag,
    item,
    labels,
    lead,
    people,
    target,
)
from dhrctl.reports.view import Judged, View
from dhrctl.table import Cell, Column, Layout, MarkdownText, Report, Row, Stack, Table
from dhrctl.text.english import long_day, plain_words, plural


def list_recommendations(view: View) -> Report:
    """List the recommendations that match, in the order of their ids."""
    return Report(
        title=f"{plural(len(view.judged), 'recommendation')} on {long_day(view.day)}",
        as_of=view.day,
        commit=view.commit,
        opening=view.filter_notes,
        asides=view.asides,
        tables=(
            Table(
                name="items",
                columns=(*ITEM, RAG_STATUS, LEAD, WORDING),
                rows=tuple([item(judged, view) for judged in view.judged]),
                empty=view.empty_sentence,
            ),
        ),
        facts={"count": len(view.judged)},
        closing=(RAG_RULE,),
    )


def overdue(view: View, within: date | None = None) -> Report:
    """List what is overdue, worst first; with `within`, then what falls due by the end of that day."""
    found = sorted(find_late(view, within), key=lambda judged: (judged.progress.due or date.max, judged.record.id))
    red = sum(judged.progress.timeliness is Timeliness.OVERDUE for judged in found)
    soon = f", {len(found) - red:,} falling due by {long_day(within)}" if within else ""
    rows: list[Row] = [{**item(judged, view), "days": _days(judged, view.day, within)} for judged in found]
    return Report(
        title=f"{red:,} overdue on {long_day(view.day)}{soon}",
        as_of=view.day,
        commit=view.commit,
        opening=view.filter_notes,
        asides=view.asides,
        tables=(
            Table(
                name="items",
                columns=(
                    *ITEM,
                    Column(key="days", label="Days" if not within else "Due", program=False, whole=True),
                    TARGET,
                    LEAD,
                    WORDING,
                ),
                rows=tuple(rows),
                empty=f"Nothing{_matching(view)} is overdue{' or falls due' if within else ''}.",
            ),
        ),
        facts={"count": len(found)},
        closing=(f"{describe_undated(view)}{_list_command(view)}", RAG_RULE),
    )


def find_late(view: View, within: date | None = None) -> list[Judged]:
    """Return what is overdue, and what is open and falls due by the end of a day."""
    return [
        judged
        for judged in view.judged
        if judged.progress.timeliness is Timeliness.OVERDUE
        or (within and judged.record.status.is_open and judged.progress.due and judged.progress.due <= within)
    ]


def _days(judged: Judged, day: date, within: date | None) -> Cell:
    """Return the days overdue; with `within`, where days of both kinds stand together, in words."""
    days = judged.progress.days_overdue
    if days is not None:
        return f"{plural(days, 'day')} overdue" if within else days
    left = (judged.progress.due - day).days if judged.progress.due else 0
    return f"in {plural(left, 'day')}" if left else "today"


def describe_undated(view: View) -> str:
    """Say how many can never be overdue for want of a date; for the public, where they are few, only the rule."""
    if view.is_small:
        return small_numbers.RULE
    still = [judged for judged in view.judged if judged.record.status.is_open]
    without = _count_undated(view)
    if not still:
        return f"No recommendation{_matching(view)} is open."
    if not without:
        return f"{'The' if len(still) == 1 else 'All'} {plural(len(still), 'open recommendation')} {_has_or_have(still)} a target date."
    them = "it" if without == 1 else "they"
    verb = "has" if without == 1 else "have"
    return f"{without:,} of the {plural(len(still), 'open recommendation')} {verb} no target date, so {them} can never be overdue."


def _matching(view: View) -> str:
    """Return the words that keep a sentence to what was asked about, where that is not everything."""
    return " that matches" if view.words else ""


def _count_undated(view: View) -> int:
    return sum(judged.progress.timeliness is Timeliness.NO_TARGET_DATE for judged in view.judged)


def _list_command(view: View) -> str:
    """Return the command that lists what has no target date, where that is said of any."""
    return " List: dhrctl list is:no-target-date" if _count_undated(view) and not view.is_small else ""


def _has_or_have(found: Sequence[Judged]) -> str:
    return "has" if len(found) == 1 else "have"


def describe_recommendation(view: View) -> Report:
    """Show one recommendation whole, with its updates."""
    (judged,) = view.judged
    record = judged.record
    columns = tuple([Column(key=key) for key in (*_IN_ITEM, *_FURTHER)])
    programs = Table(name="items", columns=columns, rows=(full_item(judged, view),))
    return Report(
        title=record.id,
        as_of=view.day,
        commit=view.commit,
        opening=(record.recommendation or NO_WORDING,),
        tables=(programs, _facts(judged, view), *_parts(record, view.register)),
        facts={"count": 1},
        closing=(f"Judged on {long_day(view.day)}. {RAG_RULE}",),
    )


_IN_ITEM = tuple(column.key for column in ITEM)
_FURTHER = tuple(field.name for field in fields(Recommendation) if field.name not in _IN_ITEM)


def full_item(judged: Judged, view: View) -> dict[str, Cell]:
    """Return one recommendation as a row, with every further field of its record and its updates."""
    return {**item(judged, view), **{name: plain_cell(getattr(judged.record, name)) for name in _FURTHER}}


def plain_cell(value: Any) -> Cell:  # noqa: ANN401 - any value of the model
    """Return a value of the model as plain cells, with its fields in their order and empty text as nothing."""
    if isinstance(value, tuple):
        return tuple([plain_cell(part) for part in value])
    if isinstance(value, Mapping):
        return dict(value) or None
    if isinstance(value, When):
        return value.text
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "__dataclass_fields__"):
        kept = [field.name for field in fields(value) if not (isinstance(value, Update) and field.name == "id")]
        return {name: plain_cell(getattr(value, name)) for name in kept}
    return None if value == "" or value is False else value


def _facts(judged: Judged, view: View) -> Table:
    record, progress, register = judged.record, judged.progress, view.register
    facts: tuple[tuple[str, str | None], ...] = (
        ("Review", register.title(record.review)),
        ("Section", record.section),
        ("Standing", describe_rag(judged)),
        ("Lead", lead(judged, register, view.day)),
        ("Supporting", labels(record.supporting_agencies, register)),
        ("Responsible", "; ".join(people(record, register))),
        ("Start date", _date_or_empty(record.start_date)),
        ("Target date", target(judged)),
        ("Completion date", _date_or_empty(record.completion_date)),
        ("Review date", _date_or_empty(record.review_date)),
        ("Scope", plain_words(record.scope)),
        ("Level", record.level or ""),
        ("Assurance", plain_words(record.assurance)),
        ("Last update", long_day(progress.last_update) if progress.last_update else "none"),
        ("Related", ", ".join(record.related)),
        ("Superseded by", ", ".join(record.superseded_by)),
        ("Waived", "; ".join(f"{waiver.rule} until {waiver.until}: {waiver.reason}" for waiver in record.waivers)),
        ("Source", _source(record)),
        ("File", record.path),
    )
    return _record([(name, said) for name, said in facts if said])


def _date_or_empty(given: When | None) -> str:
    return given.text if given else ""


def _source(record: Recommendation) -> str:
    if record.source is None:
        return ""
    lines = ", ".join(str(line) for line in record.source.lines)
    noun = "line" if len(record.source.lines) == 1 else "lines"
    return ", ".join(part for part in (record.source.row, f"{noun} {lines}" if lines else "") if part)


def numbered_record(texts: Iterable[Cell], title: str) -> Table:
    """Return texts as a record in which each has its number."""
    return _record([(str(place), text) for place, text in enumerate(texts, 1)], title)


def _record(pairs: Iterable[tuple[str, Cell]], title: str = "") -> Table:
    return Table(
        title=title,
        layout=Layout.RECORD,
        columns=(
            Column(key="name", label="Field", program=False, whole=True),
            Column(key="said", label="Value", program=False),
        ),
        rows=tuple([{"name": name, "said": said} for name, said in pairs]),
    )


def _parts(record: Recommendation, register: Register) -> tuple[Table, ...]:
    """Return the lists of a record, each as a numbered table, and those that are empty left out."""
    numbered: dict[str, list[Cell]] = {
        "Actions to take": [add_facts(action.text, *action_facts(action, register)) for action in record.actions],
        "Key milestones": [
            add_facts(milestone.text, _date_or_empty(milestone.date)) for milestone in record.milestones
        ],
        "Outcomes": [MarkdownText(outcome) for outcome in record.outcomes],
        "Measures": [MarkdownText(measure) for measure in record.measures],
        "Evidence": ["; ".join(part for part in _evidence(evidence) if part) for evidence in record.evidence],
    }
    tables = [numbered_record(rows, title) for title, rows in numbered.items()]
    tables.append(
        _record([(update.date.isoformat(), _update(update, register)) for update in record.updates], "Updates")
    )
    tables.append(_record(record.as_stated.items(), "As the source states it"))
    return tuple([table for table in tables if table.rows])


def _evidence(evidence: Evidence) -> tuple[str, ...]:
    held = f"held by {evidence.held_by}" if evidence.held_by else ""
    return (evidence.title, plain_words(evidence.kind), _date_or_empty(evidence.date), held, evidence.url)


def _update(update: Update, register: Register) -> Cell:
    changes = {
        "status": plain_words(update.status) if update.status else "",
        "target date": _date_or_empty(update.target_date),
        "completion date": _date_or_empty(update.completion_date),
        "assurance": plain_words(update.assurance) if update.assurance else "",
        "lead": labels(update.lead_agencies, register),
    }
    changed = "; ".join(f"{name}: {said}" for name, said in changes.items() if said)
    shown_evidence = "; ".join(", ".join(part for part in _evidence(each) if part) for each in update.evidence)
    who = ", ".join(part for part in (register.label(update.agency), update.by) if part)
    reason = MarkdownText(f"Reason: {update.reason}") if update.reason else ""
    parts = (f"{who}:" if update.text else who, MarkdownText(update.text), changed, reason, shown_evidence)
    return Stack(tuple([part for part in parts if part]))
