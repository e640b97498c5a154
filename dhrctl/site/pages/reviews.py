"""The pages of reviews and of their sections."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dhrctl.model.records import Review, ReviewKind
from dhrctl.reports.counts import groups, headline
from dhrctl.reports.rows import date_text
from dhrctl.reports.view import Judged
from dhrctl.site.page import Links, Page, PagePart, Words
from dhrctl.site.pages import figures, paths
from dhrctl.site.pages.content import SiteContent
from dhrctl.site.pages.lists import NUMBER, PLAN, dates_in_words, facts, row, spread_tables
from dhrctl.table import Table
from dhrctl.text.english import plural

TRAIL = (("Reviews", paths.REVIEWS),)


def reviews(known: SiteContent) -> Iterator[Page]:
    """Yield the pages that list the reviews, then those of each review and of each of its sections."""
    view = known.view
    table = figures.link_rows(groups(view, "review"), view)
    lead = f"{plural(len(table.rows), 'review')} with recommendations. {headline(view)}"
    empty = [review for review, judged in known.judged_by_review.items() if not judged]
    none = Links(
        title="Without recommendations",
        rows=tuple([(known.view.register.title(review), paths.review_page(review), "") for review in empty]),
    )
    page = Page(path=paths.REVIEWS, title="Reviews", lead=lead, parts=(none,) if empty else ())
    yield from spread_tables(page, (replace(table, title="Recommendations by review"),))
    for review, judged in known.judged_by_review.items():
        yield from _review(review, judged, known)


def _review(review: str, judged: tuple[Judged, ...], known: SiteContent) -> Iterator[Page]:
    about = known.view.register.reviews.get(review)
    sections = known.sections[review]
    page = Page(
        path=paths.review_page(review),
        title=known.view.register.title(review),
        trail=TRAIL,
        lead=_headline(judged, known, whole=review not in known.redacted_groups["review"]),
        parts=(
            *(_review_facts(about, known) if about else ()),
            Links(title="Sections", rows=tuple([(heading, path, "") for heading, path in sections.items()])),
        ),
        after=(
            *figures.target_chart(judged, known.timelines, known.view.day),
            *_commitment_tables(review, known),
            *((Words(title="Notes", sentences=about.notes),) if about and about.notes else ()),
        ),
    )
    tables = {heading: _table(heading, judged, known) for heading in sections}
    yield from spread_tables(page, tables.values())
    for heading, path in sections.items():
        found = [each for each in judged if each.record.section == heading]
        section = Page(
            path=path,
            title=heading,
            trail=(*TRAIL, (page.title, page.path)),
            lead=_headline(found, known, whole=f"{review}: {heading}" not in known.redacted_groups["section"]),
        )
        yield from spread_tables(section, (replace(tables[heading], title="Recommendations"),))


def _headline(judged: Sequence[Judged], known: SiteContent, *, whole: bool) -> str:
    return headline(known.view_of(judged), alone=True, whole=whole) if judged else "No recommendations."


def _commitment_tables(review: str, known: SiteContent) -> Iterator[Table]:
    """Yield what a plan promises outside its recommendations, if anything."""
    every = known.commitments
    rows = tuple([row for row in every.rows if row["review"] == review])
    if rows:
        yield replace(every, columns=tuple([column for column in every.columns if column.key != "review"]), rows=rows)


def _review_facts(review: Review, known: SiteContent) -> Iterator[PagePart]:
    agency, source = review.partnership, review.source
    yield facts(
        {
            "Partnership": known.view.register.label(agency),
            "Kind": review.kind if review.kind is ReviewKind.OTHER else review.kind.upper(),
            "Reference": review.reference,
            "Plan of": dates_in_words(date_text(review.plan_date)),
            "Published": dates_in_words(date_text(review.published)),
            "Source": ". ".join(part for part in (source.document, source.note) if part) if source else "",
        },
        {"Partnership": paths.agency_page(agency)} if agency in known.view.register.agencies else {},
    )


def _table(heading: str, judged: Sequence[Judged], known: SiteContent) -> Table:
    rows = [row(each, known.view) for each in judged if each.record.section == heading]
    return Table(title=heading, columns=(NUMBER, *PLAN), rows=tuple(rows))
