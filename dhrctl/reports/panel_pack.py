"""What a panel has before it: what became of the plans since it met, and each open recommendation on a page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from dhrctl.model.audience import MADE_FOR
from dhrctl.model.diff import Event, EventKind, Snapshot
from dhrctl.model.history import Difference, find_explanation
from dhrctl.model.records import Recommendation
from dhrctl.model.status import RAG_RULE, Timeliness
from dhrctl.reports.answers import describe_recommendation, describe_undated
from dhrctl.reports.counts import headline
from dhrctl.reports.digest import find_reply_request
from dhrctl.reports.rows import NO_WORDING, describe_rag, lead
from dhrctl.reports.view import Judged, View
from dhrctl.table import Cell, Column, MarkdownText, Report, Row, Stack, Table
from dhrctl.text.english import long_day


def panel_pack(view: View, found: Sequence[Event], old: Snapshot, commit: str | None) -> tuple[Report, ...]:
    """Return what changed since a moment and what is asked for, by agency; then each open recommendation."""
    still = [judged for judged in view.judged if judged.record.status.is_open]
    first = _first_report(view, found, old, commit)
    sheets = [_sheet(judged, view) for judged in still]
    below = ("Each open recommendation has a page of its own, below.",) if sheets else ()
    return (replace(first, opening=(*first.opening, *below)), *sheets)


def _first_report(view: View, found: Sequence[Event], old: Snapshot, commit: str | None) -> Report:
    judged = {each.record.id: each for each in view.judged}
    about = [each for each in found if each.record.id in judged]
    table = partial(_table, view=view)

    def list_events(kind: EventKind) -> Iterator[tuple[Judged, Cell]]:
        return ((judged[each.record.id], _describe_event(each, view)) for each in about if each.kind is kind)

    return Report(
        title=f"{view.register.settings.title}: panel pack for {long_day(view.day)}",
        as_of=view.day,
        commit=view.commit,
        made_for=MADE_FOR[view.audience],
        opening=(
            *view.filter_notes,
            f"Since {long_day(old.day)} (commit {commit}).",
            f"{headline(view)} {describe_undated(view)}",
        ),
        tables=(
            table("Completed", list_events(EventKind.COMPLETED), empty="Nothing was completed."),
            table("Newly overdue", list_events(EventKind.NEWLY_OVERDUE), empty="Nothing became overdue."),
            table("Re-dated, and why", list_events(EventKind.REDATED), empty="No target date was changed."),
            table("Asked for", _reply_cells(view), empty="Nothing is asked of any agency."),
            table("No target date", _undated_cells(view), empty="Every open recommendation has a target date."),
        ),
        closing=(RAG_RULE,),
    )


def _table(title: str, found: Iterable[tuple[Judged, Cell]], view: View, empty: str) -> Table:
    rows: list[Row] = [
        {
            "lead": lead(judged, view.register, view.day),
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


def _describe_event(event: Event, view: View) -> Cell:
    """Say what became of a recommendation: when it was completed or due, or what moved its date."""
    record = event.record
    if event.kind is EventKind.REDATED:
        return Stack((event.detail, _date_reason(record, view)))
    if event.kind is EventKind.COMPLETED:
        return str(record.completion_date or "the date is not given")
    return event.detail


def _date_reason(record: Recommendation, view: View) -> str:
    """Return the reason of the update that gave a recommendation its target date."""
    target = Difference(field="target_date", old=None, new=record.target_date)
    update = find_explanation(target, record.updates, view.day)
    said = update.reason or update.text if update else ""
    return MarkdownText(said) if said else "No update says why."


def _reply_cells(view: View) -> Iterator[tuple[Judged, Cell]]:
    for judged in view.judged:
        ask = find_reply_request(judged) if judged.record.status.is_open else None
        if ask:
            yield judged, Stack((describe_rag(judged), ask.what))


def _undated_cells(view: View) -> Iterator[tuple[Judged, Cell]]:
    for judged in view.judged:
        if judged.progress.timeliness is Timeliness.NO_TARGET_DATE:
            yield judged, describe_rag(judged)


def _sheet(judged: Judged, view: View) -> Report:
    sheet = describe_recommendation(replace(view, judged=(judged,)))
    return replace(sheet, made_for=MADE_FOR[view.audience], closing=())
