"""Papers: a review's action plan as its table, and the summary that a panel begins with."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from dhrctl.model.audience import MADE_FOR
from dhrctl.model.dates import add_days
from dhrctl.model.history import Version
from dhrctl.model.records import Recommendation, Register, Review
from dhrctl.model.status import RAG_RULE, Timeliness
from dhrctl.reports import answers
from dhrctl.reports.answers import late, numbered_record, undated
from dhrctl.reports.counts import JOINT, commitments_table, groups, headline, small_numbers, withheld
from dhrctl.reports.history import history
from dhrctl.reports.rows import (
    ITEM,
    LEAD,
    NO_WORDING,
    STANDING,
    TARGET,
    WORDING,
    Asked,
    Judged,
    action_facts,
    given,
    item,
    labels,
    lead,
    people,
    standing,
    target,
    with_facts,
)
from dhrctl.table import Column, Marked, Report, Row, Stack, Table
from dhrctl.text.english import plain_words


def summary(asked: Asked) -> tuple[Report, ...]:
    """Return the counts, what is overdue by agency, what has no date by review, and the reviews."""
    found = late(asked)
    how_many = "" if asked.few else f"{len(found):,} overdue. "
    report = Report(
        title=f"{asked.register.settings.title}: summary",
        as_of=asked.day,
        commit=asked.commit,
        made_for=MADE_FOR[asked.audience],
        opening=(*asked.only, headline(asked), f"{how_many}{undated(asked)}"),
        tables=(groups(asked, "review"), *_overdue_by_agency(found, asked), *_no_date(asked), commitments_table(asked)),
        closing=(JOINT, RAG_RULE, *small_numbers(asked)),
    )
    return (report,)


def _overdue_by_agency(found: list[Judged], asked: Asked) -> Iterable[Table]:
    by_agency: dict[str, list[Judged]] = defaultdict(list)
    for judged in sorted(found, key=lambda judged: -(judged.progress.days_overdue or 0)):
        for agency in judged.progress.current_leads or judged.record.lead_agencies:
            by_agency[agency].append(judged)
    for agency, owed in sorted(by_agency.items(), key=lambda group: asked.register.label(group[0])):
        yield Table(
            title=f"Overdue: {asked.register.label(agency)}",
            columns=(
                Column(key="id", label="ID", whole=True),
                Column(key="days_overdue", label="Days overdue"),
                Column(key="target", label="Target date"),
                Column(key="wording", label="Recommendation"),
            ),
            rows=tuple([item(judged, asked) for judged in owed]),
        )


def _no_date(asked: Asked) -> Iterable[Table]:
    for review in _reviews(asked):
        rows = [
            item(judged, asked)
            for judged in asked.judged
            if judged.record.review == review and judged.progress.timeliness is Timeliness.NO_TARGET_DATE
        ]
        if rows:
            yield Table(
                title=f"No target date: {asked.register.title(review)}",
                columns=(
                    Column(key="id", label="ID", whole=True),
                    STANDING,
                    Column(key="lead", label="Lead"),
                    Column(key="wording", label="Recommendation"),
                ),
                rows=tuple(rows),
            )


def _reviews(asked: Asked) -> list[str]:
    return list(dict.fromkeys(judged.record.review for judged in asked.judged))


def action_plan(asked: Asked) -> tuple[Report, ...]:
    """Return each review as the official table of its plan, by section in printed order."""
    hidden = withheld(asked, "review")
    plans = tuple([_plan(review, asked, whole=review not in hidden) for review in _reviews(asked)])
    if plans:
        return plans
    return (
        Report(
            title="Action plan",
            as_of=asked.day,
            commit=asked.commit,
            made_for=MADE_FOR[asked.audience],
            opening=(*asked.only, asked.nothing),
        ),
    )


def _plan(review: str, asked: Asked, *, whole: bool) -> Report:
    known = asked.register.reviews.get(review)
    of_review = replace(
        asked,
        judged=tuple([judged for judged in asked.judged if judged.record.review == review]),
        words=asked.words or (f"review:{review}",),
    )
    return Report(
        title=asked.register.title(review),
        as_of=asked.day,
        commit=asked.commit,
        made_for=MADE_FOR[asked.audience],
        opening=(*asked.only, *_about(known, asked.register), headline(of_review, alone=True, whole=whole)),
        tables=(*_sections(known, of_review), commitments_table(of_review), *_notes(known)),
        closing=(RAG_RULE,),
    )


def overdue(asked: Asked) -> tuple[Report, ...]:
    """Return what is overdue, worst first, and what falls due soon."""
    soon = add_days(asked.day, asked.register.settings.due_soon_days)
    return (replace(answers.overdue(asked, soon), made_for=MADE_FOR[asked.audience]),)


def recommendation(asked: Asked, versions: Sequence[Version]) -> tuple[Report, ...]:
    """Return one recommendation whole, with all that happened to it."""
    (judged,) = asked.judged
    whole = answers.shown(asked)
    told = history(judged.record, versions, asked)
    timeline = tuple([replace(table, name="", title=table.title or "Timeline") for table in told.tables])
    return (replace(whole, made_for=MADE_FOR[asked.audience], tables=(*whole.tables, *timeline)),)


def whole(asked: Asked) -> tuple[Report, ...]:
    """Return every field and judgement of what matches, for a template of a register's own."""
    rows = tuple([answers.whole(judged, asked) for judged in asked.judged])
    report = Report(
        title=asked.register.settings.title,
        as_of=asked.day,
        commit=asked.commit,
        made_for=MADE_FOR[asked.audience],
        opening=(*asked.only, headline(asked), undated(asked)),
        tables=(Table(name="items", columns=(*ITEM, STANDING, TARGET, LEAD, WORDING), rows=rows),),
        closing=(RAG_RULE,),
    )
    return (report,)


def _about(review: Review | None, register: Register) -> Iterable[str]:
    if review is None:
        return
    yield f"{register.label(review.partnership)}. Reference {review.reference or 'none'}."
    if review.source:
        yield f"Source: {review.source.document}."


def _notes(review: Review | None) -> Iterable[Table]:
    if review and review.notes:
        yield numbered_record(map(Marked, review.notes), "Notes")


def _sections(review: Review | None, asked: Asked) -> Iterable[Table]:
    printed = review.sections if review else ()
    headings = dict.fromkeys((*printed, *(judged.record.section for judged in asked.judged)))
    for heading in headings:
        rows = [_row(judged, asked) for judged in asked.judged if judged.record.section == heading]
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


def _row(judged: Judged, asked: Asked) -> Row:
    record, register = judged.record, asked.register
    completed = given(record.completion_date)
    return {
        "number": record.number,
        "recommendation": record.recommendation or NO_WORDING,
        "scope": plain_words(record.scope),
        "action": Stack(tuple([with_facts(each.text, *action_facts(each, register)) for each in record.actions])),
        "lead": Stack((lead(judged, register, asked.day), *people(record, register), *_supporting(record, register))),
        "milestones": Stack(tuple([with_facts(each.text, given(each.date) or "") for each in record.milestones])),
        "target": target(judged),
        "outcome": Stack(
            (*([f"Completed {completed}."] if completed else []), *map(Marked, (*record.outcomes, *record.measures)))
        ),
        "standing": standing(judged),
    }


def _supporting(record: Recommendation, register: Register) -> tuple[str, ...]:
    named = labels(record.supporting_agencies, register)
    return (f"Supporting: {named}",) if named else ()
