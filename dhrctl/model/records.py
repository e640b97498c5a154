"""The register as values: what its files say, and nothing that is worked out from them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeVar

from dhrctl.model.edtf import When
from dhrctl.text.alike import printed_alike


@dataclass(frozen=True, slots=True, kw_only=True)
class InFile:
    """How a file gives a field, as far as the field's name, type and default do not tell.

    `key` is its name in the file, where that is another. What stands `elsewhere` is known from the path
    or from other files. What is `required` must be given although it has a default. An empty text may be
    written as null, a list may need at least one entry, and a number may have to be one of some `numbers`.
    """

    key: str = ""
    elsewhere: bool = False
    required: bool = False
    may_be_null: bool = False
    at_least_one: bool = False
    numbers: Collection[int] = ()


_T = TypeVar("_T")
Elsewhere = Annotated[_T, InFile(elsewhere=True)]
_CYCLES = (1, 3, 6, 12)


class Status(StrEnum):
    """Where a recommendation or an action stands, as the file says."""

    NOT_STARTED = "not-started"
    IN_PROGRESS = "in-progress"
    ON_HOLD = "on-hold"
    COMPLETE = "complete"
    SUPERSEDED = "superseded"
    NOT_ACCEPTED = "not-accepted"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"

    @property
    def is_open(self) -> bool:
        """Tell whether work is still to be done, as far as is known."""
        return self in _OPEN


_OPEN = frozenset({Status.NOT_STARTED, Status.IN_PROGRESS, Status.ON_HOLD, Status.UNKNOWN})


class Scope(StrEnum):
    """Whose authority a recommendation needs."""

    LOCAL = "local"
    REGIONAL = "regional"
    NATIONAL = "national"
    UNSPECIFIED = "unspecified"


class Level(StrEnum):
    """To whom a recommendation is addressed."""

    SINGLE_AGENCY = "single-agency"
    MULTI_AGENCY = "multi-agency"
    STRATEGIC_PARTNERSHIP = "strategic-partnership"


class Assurance(StrEnum):
    """How far it has been shown that what is reported was done."""

    NONE = "none"
    DECLARED = "declared"
    EVIDENCED = "evidenced"
    VERIFIED = "verified"
    EMBEDDED = "embedded"


class ReviewKind(StrEnum):
    """What a review is by law."""

    DHR = "dhr"
    DARDR = "dardr"
    SUSR = "susr"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Successor:
    """An agency that took over from another, from a day on."""

    agency: str
    since: Annotated[date, InFile(key="from")]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """A body that leads or supports work."""

    id: Elsewhere[str]
    path: Elsewhere[str]
    name: str
    kind: str
    short_name: str = ""
    aliases: tuple[str, ...] = ()
    ended: date | None = None
    successors: tuple[Successor, ...] = ()
    members: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Return the shortest name that people know it by."""
        return self.short_name or self.name

    def in_office(self, day: date) -> bool:
        """Tell whether it exists on a day."""
        return self.ended is None or day < self.ended


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSource:
    """The document that a review's recommendations were taken from."""

    document: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """What a plan promises outside its recommendations."""

    text: str
    status: Status
    lead_agency: str = ""
    target_date: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A review and its plan."""

    id: Elsewhere[str]
    path: Elsewhere[str]
    title: str
    kind: ReviewKind
    partnership: str
    sections: Annotated[tuple[str, ...], InFile(at_least_one=True)]
    reference: str = ""
    pseudonyms: tuple[str, ...] = ()
    plan_date: When | None = None
    adopted: date | None = None
    published: When | None = None
    source: ReviewSource | None = None
    commitments: tuple[Commitment, ...] = ()
    notes: tuple[str, ...] = ()
    update_cycle_months: Annotated[int | None, InFile(numbers=_CYCLES)] = None

    def heading(self, section: str) -> str:
        """Return a section as this review prints it; as it is given where it has none that looks the same."""
        if section in self.sections:
            return section
        wanted = printed_alike(section)
        return next((heading for heading in self.sections if printed_alike(heading) == wanted), section)

    def is_adopted(self, day: date) -> bool:
        """Tell whether the plan was adopted by a day."""
        return self.adopted is not None and self.adopted <= day


@dataclass(frozen=True, slots=True, kw_only=True)
class Responsible:
    """Who answers for the work inside an agency: a role, a name, or both."""

    role: str = ""
    name: str = ""
    agency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing to be done."""

    text: str
    lead_agency: str = ""
    target_date: When | None = None
    status: Status | None = None
    completion_date: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """One step on the way."""

    text: str
    date: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What shows that something was done."""

    kind: str
    title: str
    date: When | None = None
    held_by: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a recommendation stands in its review's document: the row in words, the lines from 1."""

    row: str = ""
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A finding that is known and accepted until the end of a day."""

    rule: str
    reason: str
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What an agency said of a recommendation on a day, and what that changed.

    `id` is the recommendation's.
    """

    id: Elsewhere[str]
    path: Elsewhere[str]
    date: date
    agency: str
    text: str
    by: str = ""
    status: Status | None = None
    target_date: When | None = None
    completion_date: When | None = None
    assurance: Assurance | None = None
    lead_agencies: tuple[str, ...] = ()
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()
    publishable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """One recommendation, with its updates, oldest first. An empty wording is one the source left out."""

    id: Elsewhere[str]
    review: Elsewhere[str]
    number: Elsewhere[str]
    path: Elsewhere[str]
    recommendation: Annotated[str, InFile(may_be_null=True)]
    section: str
    lead_agencies: Annotated[tuple[str, ...], InFile(at_least_one=True)]
    status: Status
    scope: Scope = Scope.UNSPECIFIED
    level: Level | None = None
    supporting_agencies: tuple[str, ...] = ()
    responsible: tuple[Responsible, ...] = ()
    start_date: When | None = None
    target_date: When | None = None
    completion_date: When | None = None
    review_date: When | None = None
    assurance: Assurance = Assurance.NONE
    actions: tuple[Action, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    outcomes: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    related: tuple[str, ...] = ()
    superseded_by: tuple[str, ...] = ()
    as_stated: Mapping[str, str] = field(default_factory=dict)
    source: Source | None = None
    waivers: tuple[Waiver, ...] = ()
    updates: Elsewhere[tuple[Update, ...]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Abbreviation:
    """A short form that is used in the plans, and what it means."""

    short: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the register says of itself."""

    schema_version: Annotated[int, InFile(required=True, numbers=(1,))] = 1
    title: Annotated[str, InFile(required=True)] = "Action register"
    due_soon_days: Annotated[int, InFile(numbers=range(367))] = 30
    update_cycle_months: Annotated[int, InFile(numbers=_CYCLES)] = 3
    abbreviations: tuple[Abbreviation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Everything that could be read, in the order of ids; agencies and reviews by id.

    `paths` are all the files there are, read or not; `orphans` are the updates that belong to no
    recommendation that could be read. `first_targets` are the target dates that were committed first,
    with their days, by id.
    """

    settings: Settings = field(default_factory=Settings)
    agencies: Mapping[str, Agency] = field(default_factory=dict)
    reviews: Mapping[str, Review] = field(default_factory=dict)
    recommendations: tuple[Recommendation, ...] = ()
    orphans: tuple[Update, ...] = ()
    paths: frozenset[str] = frozenset()
    first_targets: Mapping[str, tuple[date, When]] = field(default_factory=dict)

    def label(self, agency: str) -> str:
        """Return the name that people know an agency by; its id where it has no file."""
        known = self.agencies.get(agency)
        return known.label if known else agency

    def title(self, review: str) -> str:
        """Return the title of a review; its id where it has no file."""
        known = self.reviews.get(review)
        return known.title if known else review
