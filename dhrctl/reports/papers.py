"""Documents: a review's action plan as its table, and the summary that a panel begins with."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from dhrctl.model.audience import MADE_FOR
from dhrctl.model.dates import add_days
from dhrctl.model.history import Version
from dhrctl.model.records import Recommendation, Register, Review
from dhrctl.model.status import RAG_RULE, Timeliness
from dhrctl.reports import answers
from dhrctl.reports.answers import describe_undated, find_late, numbered_record
from dhrctl.reports.counts import JOINT, commitments_table, find_redacted_groups, groups, headline, small_numbers_note
from dhrctl.reports.history import history
from dhrctl.reports.rows import (
    ITEM,
    LEAD,
    NO_WORDING,
    RAG_STATUS,
    TARGET,
    WORDING,
    action_facts,
    add_facts,
    date_text,
    describe_rag,
    item,
    labels,
    lead,
    people,
    target,
)
from dhrctl.reports.view import Judged, View
from dhrctl.table import Column, MarkdownText, Report, Row, Stack, Table
from dhrctl.text.english import plain_words


def summary(view: View) -> tuple[Report, ...]:
    """Return the counts, what is overdue by agency, what has no date by review, and the reviews."""
    found = find_late(view)
    how_many = "" if view.is_small else f"{len(found):,} overdue. "
    report = Report(
        title=f"{view.register.settings.title}: summary",
        as_of=view.day,
        commit=view.commit,
        made_for=MADE_FOR[view.audience],
        opening=(*view.filter_notes, headline(view), f"{how_many}{describe_undated(view)}"),
        tables=(
            groups(view, "review"),
            *_overdue_by_agency(found, view),
            *_undated_tables(view),
            commitments_table(view),
        ),
        closing=(JOINT, RAG_RULE, *small_numbers_note(view)),
    )
    return (report,)


def _overdue_by_agency(found: list[Judged], view: View) -> Iterable[Table]:
    by_agency: dict[str, list[Judged]] = defaultdict(list)
    for judged in sorted(found, key=lambda judged: -(judged.progress.days_overdue or 0)):
        for agency in judged.progress.current_leads or judged.record.lead_agencies:
            by_agency[agency].append(judged)
    for agency, owed in sorted(by_agency.items(), key=lambda group: view.register.label(group[0])):
        yield Table(
            title=f"Overdue: {view.register.label(agency)}",
            columns=(
                Column(key="id", label="ID", whole=True),
                Column(key="days_overdue", label="Days overdue"),
                Column(key="target", label="Target date"),
                Column(key="wording", label="Recommendation"),
            ),
            rows=tuple([item(judged, view) for judged in owed]),
        )


def _undated_tables(view: View) -> Iterable[Table]:
    for review in _reviews(view):
        rows = [
            item(judged, view)
            for judged in view.judged
            if judged.record.review == review and judged.progress.timeliness is Timeliness.NO_TARGET_DATE
        ]
        if rows:
            yield Table(
                title=f"No target date: {view.register.title(review)}",
                columns=(
                    Column(key="id", label="ID", whole=True),
                    RAG_STATUS,
                    Column(key="lead", label="Lead"),
                    Column(key="wording", label="Recommendation"),
                ),
                rows=tuple(rows),
            )


def _reviews(view: View) -> list[str]:
    return list(dict.fromkeys(judged.record.review for judged in view.judged))


def action_plan(view: View) -> tuple[Report, ...]:
    """Return each review as the official table of its plan, by section in printed order."""
    hidden = find_redacted_groups(view, "review")
    plans = tuple([_plan(review, view, whole=review not in hidden) for review in _reviews(view)])
    if plans:
        return plans
    return (
        Report(
            title="Action plan",
            as_of=view.day,
            commit=view.commit,
            made_for=MADE_FOR[view.audience],
            opening=(*view.filter_notes, view.empty_sentence),
        ),
    )


def _plan(review: str, view: View, *, whole: bool) -> Report:
    known = view.register.reviews.get(review)
    of_review = replace(
        view,
        judged=tuple([judged for judged in view.judged if judged.record.review == review]),
        words=view.words or (f"review:{review}",),
    )
    return Report(
        title=view.register.title(review),
        as_of=view.day,
        commit=view.commit,
        made_for=MADE_FOR[view.audience],
        opening=(
            *view.filter_notes,
            *_review_sentences(known, view.register),
            headline(of_review, alone=True, whole=whole),
        ),
        tables=(*_sections(known, of_review), commitments_table(of_review), *_notes(known)),
        closing=(RAG_RULE,),
    )


def overdue(view: View) -> tuple[Report, ...]:
    """Return what is overdue, worst first, and what falls due soon."""
    soon = add_days(view.day, view.register.settings.due_soon_days)
    return (replace(answers.overdue(view, soon), made_for=MADE_FOR[view.audience]),)


def recommendation(view: View, versions: Sequence[Version]) -> tuple[Report, ...]:
    """Return one recommendation whole, with all that happened to it."""
    (judged,) = view.judged
    whole = answers.describe_recommendation(view)
    told = history(judged.record, versions, view)
    timeline = tuple([replace(table, name="", title=table.title or "Timeline") for table in told.tables])
    return (replace(whole, made_for=MADE_FOR[view.audience], tables=(*whole.tables, *timeline)),)


def every_field(view: View) -> tuple[Report, ...]:
    """Return every field and judgement of what matches, for a template of a register's own."""
    rows = tuple([answers.full_item(judged, view) for judged in view.judged])
    report = Report(
        title=view.register.settings.title,
        as_of=view.day,
        commit=view.commit,
        made_for=MADE_FOR[view.audience],
        opening=(*view.filter_notes, headline(view), describe_undated(view)),
        tables=(Table(name="items", columns=(*ITEM, RAG_STATUS, TARGET, LEAD, WORDING), rows=rows),),
        closing=(RAG_RULE,),
    )
    return (report,)


def _review_sentences(review: Review | None, register: Register) -> Iterable[str]:
    if review is None:
        return
    yield f"{register.label(review.partnership)}. Reference {review.reference or 'none'}."
    if review.source:
        yield f"Source: {review.source.document}."


def _notes(review: Review | None) -> Iterable[Table]:
    if review and review.notes:
        yield numbered_record(map(MarkdownText, review.notes), "Notes")


def _sections(review: Review | None, view: View) -> Iterable[Table]:
    printed = review.sections if review else ()
    headings = dict.fromkeys((*printed, *(judged.record.section for judged in view.judged)))
    for heading in headings:
        rows = [_row(judged, view) for judged in view.judged if judged.record.section == heading]
        if rows:
            yield Table(title=heading, columns=_PLAN, rows=tuple(rows))


_PLAN = tuple(
    Column(key=key, label=label, whole=key == "number", coloured=key == "standing")
    for key, label in (
        ("number", "No"),
        ("recommendation", "Recommendation"),
        ("scope", "Scope"),
        ("action", "Action to take"),
        ("lead", "Lead agency"),
        ("milestones", "Key milestones achieved"),
        ("target", "Target date"),
        ("outcome", "Date of completion and outcome"),
        ("standing", "Standing"),
    )
)


def _row(judged: Judged, view: View) -> Row:
    record, register = judged.record, view.register
    completed = date_text(record.completion_date)
    return {
        "number": record.number,
        "recommendation": record.recommendation or NO_WORDING,
        "scope": plain_words(record.scope),
        "action": Stack(tuple([add_facts(each.text, *action_facts(each, register)) for each in record.actions])),
        "lead": Stack(
            (lead(judged, register, view.day), *people(record, register), *_supporting_agencies(record, register))
        ),
        "milestones": Stack(tuple([add_facts(each.text, date_text(each.date) or "") for each in record.milestones])),
        "target": target(judged),
        "outcome": Stack(
            (
                *([f"Completed {completed}."] if completed else []),
                *map(MarkdownText, (*record.outcomes, *record.measures)),
            )
        ),
        "standing": describe_rag(judged),
    }


def _supporting_agencies(record: Recommendation, register: Register) -> tuple[str, ...]:
    named = labels(record.supporting_agencies, register)
    return (f"Supporting: {named}",) if named else ()
