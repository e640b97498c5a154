"""A page of the site, and the charts that it may hold, as values: what is shown, before anything is drawn."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from dhrctl.table import Row, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Stacked:
    """A bar for each label, of as many pieces as it has counts; `kinds` are the words of the pieces."""

    title: str
    about: str
    kinds: tuple[str, ...]
    bars: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """How many were open, overdue and undated at the end of each of some days."""

    title: str
    about: str
    days: tuple[date, ...]
    open: tuple[int, ...]
    overdue: tuple[int, ...]
    undated: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A target: the first and the last day that it can mean, and the day that it was moved from, if it was."""

    label: str
    first: date
    last: date
    moved_from: date | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """Targets along a line of time, which the day of the judgement crosses."""

    title: str
    about: str
    day: date
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The few numbers that a page begins with: label, count, and the path of the page that lists them."""

    rows: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Sentences under a heading; each is a paragraph."""

    sentences: tuple[str, ...]
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Pages to go to: label, path (empty where there is none), and what is there."""

    rows: tuple[tuple[str, str, str], ...]
    title: str = ""


PagePart: TypeAlias = "Table | Stacked | Steps | Targets | Figures | Words | Links"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: its path in the site, its title, what it is a part of, and its parts.

    A row of a table may name the page that its first cell leads to under the key `page`. `after` are parts that
    stand behind its tables, `above` is a line over the title, `lead` the sentence that the page is about, `tag` the
    standing of its recommendation. `trail` are the pages above it, `beside` those before and after it. `turns` are
    the pages that a long one goes on in, `turn` (from 1) its place among them. `prose` names the template of a page
    that is written by hand.
    """

    path: str
    title: str
    parts: tuple[PagePart, ...] = ()
    after: tuple[PagePart, ...] = ()
    above: str = ""
    lead: str = ""
    tag: str = ""
    trail: tuple[tuple[str, str], ...] = ()
    beside: tuple[tuple[str, str], ...] = ()
    turn: int = 1
    turns: tuple[str, ...] = ()
    prose: str = ""

    @property
    def begins(self) -> str:
        """Return the path of the first of the pages that it is one of."""
        return self.turns[0] if self.turns else self.path


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What every page says of itself, in words, and whether search engines may list it.

    `facts` are the settings that judgements rest on.
    """

    register: str
    day: str
    commit: str
    rule: str
    audience: str
    contact: str
    facts: Row
    listed: bool = False
