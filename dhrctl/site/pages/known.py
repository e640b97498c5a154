"""What the site is made of."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from dhrctl.model.history import Count, Version
from dhrctl.reports.counts import commitments_table, withheld
from dhrctl.reports.rows import Asked, Judged
from dhrctl.site.pages import paths
from dhrctl.site.pages.lists import in_words
from dhrctl.table import Table

_SINGLE = 11


@dataclass(frozen=True, kw_only=True)
class Known:
    """The register as it may be seen, judged; the versions of its recommendations; the counts of past periods."""

    asked: Asked
    timelines: Mapping[str, Sequence[Version]] = field(default_factory=dict)
    counts: Sequence[Count] = ()

    def only(self, judged: Sequence[Judged]) -> Asked:
        """Return what is asked, of some of the recommendations."""
        return replace(self.asked, judged=tuple(judged))

    @property
    def size(self) -> int:
        """Return how many pages there will be, but for those that go on in others."""
        sections = sum(map(len, self.sections.values()))
        return len(self.asked.judged) + len(self.of_review) + sections + len(self.asked.register.agencies) + _SINGLE

    @cached_property
    def ids(self) -> frozenset[str]:
        """Return the ids of all recommendations."""
        return frozenset(judged.record.id for judged in self.asked.judged)

    @cached_property
    def of_review(self) -> Mapping[str, tuple[Judged, ...]]:
        """Return the recommendations of each review, those without any among them."""
        found: dict[str, list[Judged]] = {review: [] for review in self.asked.register.reviews}
        for judged in self.asked.judged:
            found.setdefault(judged.record.review, []).append(judged)
        return {review: tuple(each) for review, each in sorted(found.items())}

    @cached_property
    def sections(self) -> Mapping[str, Mapping[str, str]]:
        """Return the pages of the sections of each review, by heading."""
        reviews = self.asked.register.reviews
        return {
            review: paths.of_sections(review, reviews.get(review), (each.record.section for each in judged))
            for review, judged in self.of_review.items()
        }

    @cached_property
    def withheld(self) -> Mapping[str, frozenset[str]]:
        """Return the reviews, sections and agencies that are not broken down for the public."""
        return {by: withheld(self.asked, by) for by in ("review", "section", "agency")}

    @cached_property
    def commitments(self) -> Table:
        """Return what the plans promise outside their recommendations."""
        table = commitments_table(self.asked)
        return replace(table, rows=tuple([{**row, "target": in_words(row["target"])} for row in table.rows]))

    @cached_property
    def of_agency(self) -> Mapping[str, Mapping[str, tuple[Judged, ...]]]:
        """Return the recommendations of each agency: those that it `leads` now, `led` before, and `supports`."""
        found: dict[str, dict[str, list[Judged]]] = defaultdict(lambda: {"leads": [], "led": [], "supports": []})
        for judged in self.asked.judged:
            record, leads = judged.record, judged.progress.current_leads
            for agency in leads:
                found[agency]["leads"].append(judged)
            for agency in record.lead_agencies:
                if agency not in leads:
                    found[agency]["led"].append(judged)
            for agency in record.supporting_agencies:
                found[agency]["supports"].append(judged)
        return {agency: {role: tuple(each) for role, each in roles.items()} for agency, roles in found.items()}
