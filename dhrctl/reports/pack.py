"""What a panel has before it: what became of the plans since it met, and each open recommendation on a page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from dhrctl.model.audience import MADE_FOR
from dhrctl.model.diff import Event, EventKind, Snapshot
from dhrctl.model.history import Difference, find_explanation
from dhrctl.model.records import Recommendation
from dhrctl.model.status import RAG_RULE, Timeliness
from dhrctl.reports.answers import shown, undated
from dhrctl.reports.counts import headline
from dhrctl.reports.owed import asks
from dhrctl.reports.rows import NO_WORDING, Asked, Judged, lead, standing
from dhrctl.table import Cell, Column, Marked, Report, Row, Stack, Table
from dhrctl.text.english import long_day


def panel_pack(asked: Asked, found: Sequence[Event], old: Snapshot, commit: str | None) -> tuple[Report, ...]:
    """Return what changed since a moment and what is asked for, by agency; then each open recommendation."""
    still = [judged for judged in asked.judged if judged.record.status.is_open]
    first = _changed(asked, found, old, commit)
    sheets = [_sheet(judged, asked) for judged in still]
    below = ("Each open recommendation has a page of its own, below.",) if sheets else ()
    return (replace(first, opening=(*first.opening, *below)), *sheets)


def _changed(asked: Asked, found: Sequence[Event], old: Snapshot, commit: str | None) -> Report:
    judged = {each.record.id: each for each in asked.judged}
    about = [each for each in found if each.record.id in judged]
    table = partial(_table, asked=asked)

    def of(kind: EventKind) -> Iterator[tuple[Judged, Cell]]:
        return ((judged[each.record.id], _said(each, asked)) for each in about if each.kind is kind)

    return Report(
        title=f"{asked.register.settings.title}: panel pack for {long_day(asked.day)}",
        as_of=asked.day,
        commit=asked.commit,
        made_for=MADE_FOR[asked.audience],
        opening=(
            *asked.only,
            f"Since {long_day(old.day)} (commit {commit}).",
            f"{headline(asked)} {undated(asked)}",
        ),
        tables=(
            table("Completed", of(EventKind.COMPLETED), empty="Nothing was completed."),
            table("Newly overdue", of(EventKind.NEWLY_OVERDUE), empty="Nothing became overdue."),
            table("Re-dated, and why", of(EventKind.REDATED), empty="No target date was changed."),
            table("Asked for", _asked_for(asked), empty="Nothing is asked of any agency."),
            table("No target date", _undated(asked), empty="Every open recommendation has a target date."),
        ),
        closing=(RAG_RULE,),
    )


def _table(title: str, found: Iterable[tuple[Judged, Cell]], asked: Asked, empty: str) -> Table:
    rows: list[Row] = [
        {
            "lead": lead(judged, asked.register, asked.day),
            "id": judged.record.id,
            "said": said,
            "wording": judged.record.recommendation or NO_WORDING,
        }
        for judged, said in found
    ]
    return Table(
        title=title,
        columns=(
            Column(key="lead", label="Agency"),
            Column(key="id", label="ID", whole=True),
            Column(key="said", label=title),
            Column(key="wording", label="Recommendation"),
        ),
        rows=tuple(sorted(rows, key=lambda row: str(row["lead"]).casefold())),
        empty=empty,
    )


def _said(event: Event, asked: Asked) -> Cell:
    """Say what became of a recommendation: when it was completed or due, or what moved its date."""
    record = event.record
    if event.kind is EventKind.REDATED:
        return Stack((event.detail, _why(record, asked)))
    if event.kind is EventKind.COMPLETED:
        return str(record.completion_date or "the date is not given")
    return event.detail


def _why(record: Recommendation, asked: Asked) -> str:
    """Return the reason of the update that gave a recommendation its target date."""
    target = Difference(field="target_date", old=None, new=record.target_date)
    update = find_explanation(target, record.updates, asked.day)
    said = update.reason or update.text if update else ""
    return Marked(said) if said else "No update says why."


def _asked_for(asked: Asked) -> Iterator[tuple[Judged, Cell]]:
    for judged in asked.judged:
        ask = asks(judged) if judged.record.status.is_open else None
        if ask:
            yield judged, Stack((standing(judged), ask.what))


def _undated(asked: Asked) -> Iterator[tuple[Judged, Cell]]:
    for judged in asked.judged:
        if judged.progress.timeliness is Timeliness.NO_TARGET_DATE:
            yield judged, standing(judged)


def _sheet(judged: Judged, asked: Asked) -> Report:
    sheet = shown(replace(asked, judged=(judged,)))
    return replace(sheet, made_for=MADE_FOR[asked.audience], closing=())
