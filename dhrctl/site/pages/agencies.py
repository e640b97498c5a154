"""The pages of agencies: what each leads now, led before, and supports."""

from collections.abc import Iterator
from datetime import date

from dhrctl.model.records import Agency
from dhrctl.reports.counts import headline
from dhrctl.reports.rows import RAG_STATUS, TARGET, WORDING, labels
from dhrctl.reports.view import Judged
from dhrctl.site.page import Page, PagePart, Words
from dhrctl.site.pages import figures, paths
from dhrctl.site.pages.content import SiteContent
from dhrctl.site.pages.lists import ID, facts, row, spread_tables
from dhrctl.table import Column, Table
from dhrctl.text.english import long_day, plain_words


def agencies(known: SiteContent) -> Iterator[Page]:
    """Yield the pages that list the agencies, then those of each."""
    drawn = figures.agency_chart(known.view, every=True)
    page = Page(
        path=paths.AGENCIES,
        title="Agencies",
        lead="A recommendation counts for the agency that leads it now: where its lead has ended, for the successor.",
        parts=drawn[:1],
    )
    yield from spread_tables(page, (*drawn[1:], _other_agencies(known)))
    for agency in known.view.register.agencies.values():
        yield from _agency(agency, known)


def _other_agencies(known: SiteContent) -> Table:
    register, day = known.view.register, known.view.day
    rows = [
        {
            "label": agency.label,
            "kind": plain_words(agency.kind),
            "ended": long_day(agency.ended) if agency.ended and not agency.in_office(day) else "no",
            "page": paths.agency_page(agency.id),
        }
        for agency in register.agencies.values()
        if not known.judged_by_agency.get(agency.id, {}).get("leads")
    ]
    columns = (
        Column(key="label", label="Agency"),
        Column(key="kind", label="Kind"),
        Column(key="ended", label="Ended"),
    )
    return Table(title="Agencies that lead nothing now", columns=columns, rows=tuple(rows))


_ROLES = {
    "leads": ("Leads", (TARGET, RAG_STATUS)),
    "led": ("Led before", (Column(key="lead", label="Lead now"), RAG_STATUS)),
    "supports": ("Supports", (Column(key="lead", label="Lead"), TARGET, RAG_STATUS)),
}


def _agency(agency: Agency, known: SiteContent) -> Iterator[Page]:
    found = known.judged_by_agency.get(agency.id, {})
    leads = found.get("leads", ())
    page = Page(
        path=paths.agency_page(agency.id),
        title=agency.name,
        trail=(("Agencies", paths.AGENCIES),),
        lead=f"Leads {headline(known.view_of(leads), whole=agency.id not in known.redacted_groups['agency'])}"
        if leads
        else "Leads no recommendation now.",
        parts=tuple(_agency_facts(agency, known)),
        after=figures.target_chart(leads, known.timelines, known.view.day, whole_ids=True),
    )
    yield from spread_tables(page, [_table(role, found[role], known) for role in _ROLES if found.get(role)])


def _agency_facts(agency: Agency, known: SiteContent) -> Iterator[PagePart]:
    register = known.view.register
    heirs = [f"{register.label(each.agency)} from {long_day(each.since)}" for each in agency.successors]
    yield facts(
        {
            "Kind": plain_words(agency.kind),
            "Also known as": ", ".join(dict.fromkeys((*filter(None, (agency.short_name,)), *agency.aliases))),
            "Ended": long_day(agency.ended) if agency.ended else "",
            "Taken over by": "; ".join(heirs),
            "Members": labels(agency.members, register),
        },
        {"Taken over by": paths.agency_page(agency.successors[0].agency)} if len(heirs) == 1 else {},
    )
    if agency.notes:
        yield Words(title="Notes", sentences=agency.notes)


def _table(role: str, judged: tuple[Judged, ...], known: SiteContent) -> Table:
    title, columns = _ROLES[role]
    worst = sorted(judged, key=lambda each: (not each.record.status.is_open, each.progress.due or date.max))
    rows = [row(each, known.view) for each in worst]
    return Table(title=f"{title}: {len(rows):,}", columns=(ID, WORDING, *columns), rows=tuple(rows))
