"""The pages of reviews and of their sections."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dhrctl.model.records import Review, ReviewKind
from dhrctl.reports.counts import groups, headline
from dhrctl.reports.rows import Judged, given
from dhrctl.site.page import Links, Page, Part, Words
from dhrctl.site.pages import figures, paths
from dhrctl.site.pages.known import Known
from dhrctl.site.pages.lists import NUMBER, PLAN, facts, in_words, row, spread
from dhrctl.table import Table
from dhrctl.text.english import plural

TRAIL = (("Reviews", paths.REVIEWS),)


def reviews(known: Known) -> Iterator[Page]:
    """Yield the pages that list the reviews, then those of each review and of each of its sections."""
    asked = known.asked
    table = figures.linked(groups(asked, "review"), asked)
    lead = f"{plural(len(table.rows), 'review')} with recommendations. {headline(asked)}"
    empty = [review for review, judged in known.of_review.items() if not judged]
    none = Links(
        title="Without recommendations",
        rows=tuple([(known.asked.register.title(review), paths.of_review(review), "") for review in empty]),
    )
    page = Page(path=paths.REVIEWS, title="Reviews", lead=lead, parts=(none,) if empty else ())
    yield from spread(page, (replace(table, title="Recommendations by review"),))
    for review, judged in known.of_review.items():
        yield from _review(review, judged, known)


def _review(review: str, judged: tuple[Judged, ...], known: Known) -> Iterator[Page]:
    about = known.asked.register.reviews.get(review)
    sections = known.sections[review]
    page = Page(
        path=paths.of_review(review),
        title=known.asked.register.title(review),
        trail=TRAIL,
        lead=_headline(judged, known, whole=review not in known.withheld["review"]),
        parts=(
            *(_about(about, known) if about else ()),
            Links(title="Sections", rows=tuple([(heading, path, "") for heading, path in sections.items()])),
        ),
        after=(
            *figures.targets(judged, known.timelines, known.asked.day),
            *_promised(review, known),
            *((Words(title="Notes", sentences=about.notes),) if about and about.notes else ()),
        ),
    )
    tables = {heading: _table(heading, judged, known) for heading in sections}
    yield from spread(page, tables.values())
    for heading, path in sections.items():
        found = [each for each in judged if each.record.section == heading]
        section = Page(
            path=path,
            title=heading,
            trail=(*TRAIL, (page.title, page.path)),
            lead=_headline(found, known, whole=f"{review}: {heading}" not in known.withheld["section"]),
        )
        yield from spread(section, (replace(tables[heading], title="Recommendations"),))


def _headline(judged: Sequence[Judged], known: Known, *, whole: bool) -> str:
    return headline(known.only(judged), alone=True, whole=whole) if judged else "No recommendations."


def _promised(review: str, known: Known) -> Iterator[Table]:
    """Yield what a plan promises outside its recommendations, if anything."""
    every = known.commitments
    rows = tuple([row for row in every.rows if row["review"] == review])
    if rows:
        yield replace(every, columns=tuple([column for column in every.columns if column.key != "review"]), rows=rows)


def _about(review: Review, known: Known) -> Iterator[Part]:
    agency, source = review.partnership, review.source
    yield facts(
        {
            "Partnership": known.asked.register.label(agency),
            "Kind": review.kind if review.kind is ReviewKind.OTHER else review.kind.upper(),
            "Reference": review.reference,
            "Plan of": in_words(given(review.plan_date)),
            "Published": in_words(given(review.published)),
            "Source": ". ".join(part for part in (source.document, source.note) if part) if source else "",
        },
        {"Partnership": paths.of_agency(agency)} if agency in known.asked.register.agencies else {},
    )


def _table(heading: str, judged: Sequence[Judged], known: Known) -> Table:
    rows = [row(each, known.asked) for each in judged if each.record.section == heading]
    return Table(title=heading, columns=(NUMBER, *PLAN), rows=tuple(rows))
