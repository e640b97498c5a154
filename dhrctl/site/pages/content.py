"""What the pages of a site are made from: the register as it may be seen, judged, with its past."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from dhrctl.model.history import Count, Version
from dhrctl.reports.counts import commitments_table, find_redacted_groups
from dhrctl.reports.view import Judged, View
from dhrctl.site.pages import paths
from dhrctl.site.pages.lists import dates_in_words
from dhrctl.table import Table

_SINGLE = 11


@dataclass(frozen=True, kw_only=True)
class SiteContent:
    """The register as it may be seen, judged; the versions of its recommendations; the counts of past periods."""

    view: View
    timelines: Mapping[str, Sequence[Version]] = field(default_factory=dict)
    counts: Sequence[Count] = ()

    def view_of(self, judged: Sequence[Judged]) -> View:
        """Return the view of some of the recommendations."""
        return replace(self.view, judged=tuple(judged))

    @property
    def size(self) -> int:
        """Return how many pages there will be, but for those that go on in others."""
        sections = sum(map(len, self.sections.values()))
        return (
            len(self.view.judged) + len(self.judged_by_review) + sections + len(self.view.register.agencies) + _SINGLE
        )

    @cached_property
    def ids(self) -> frozenset[str]:
        """Return the ids of all recommendations."""
        return frozenset(judged.record.id for judged in self.view.judged)

    @cached_property
    def judged_by_review(self) -> Mapping[str, tuple[Judged, ...]]:
        """Return the recommendations of each review, those without any among them."""
        found: dict[str, list[Judged]] = {review: [] for review in self.view.register.reviews}
        for judged in self.view.judged:
            found.setdefault(judged.record.review, []).append(judged)
        return {review: tuple(each) for review, each in sorted(found.items())}

    @cached_property
    def sections(self) -> Mapping[str, Mapping[str, str]]:
        """Return the pages of the sections of each review, by heading."""
        reviews = self.view.register.reviews
        return {
            review: paths.section_pages(review, reviews.get(review), (each.record.section for each in judged))
            for review, judged in self.judged_by_review.items()
        }

    @cached_property
    def redacted_groups(self) -> Mapping[str, frozenset[str]]:
        """Return the reviews, sections and agencies that are not broken down for the public."""
        return {by: find_redacted_groups(self.view, by) for by in ("review", "section", "agency")}

    @cached_property
    def commitments(self) -> Table:
        """Return what the plans promise outside their recommendations."""
        table = commitments_table(self.view)
        return replace(table, rows=tuple([{**row, "target": dates_in_words(row["target"])} for row in table.rows]))

    @cached_property
    def judged_by_agency(self) -> Mapping[str, Mapping[str, tuple[Judged, ...]]]:
        """Return the recommendations of each agency: those that it `leads` now, `led` before, and `supports`."""
        found: dict[str, dict[str, list[Judged]]] = defaultdict(lambda: {"leads": [], "led": [], "supports": []})
        for judged in self.view.judged:
            record, leads = judged.record, judged.progress.current_leads
            for agency in leads:
                found[agency]["leads"].append(judged)
            for agency in record.lead_agencies:
                if agency not in leads:
                    found[agency]["led"].append(judged)
            for agency in record.supporting_agencies:
                found[agency]["supports"].append(judged)
        return {agency: {role: tuple(each) for role, each in roles.items()} for agency, roles in found.items()}
