"""An answer: a report of tables, of columns and plain cells, that every format is written from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Bar:
    """A number, to be drawn as a bar: its share of `of`."""

    value: int
    of: int


class MarkdownText(str):
    """A text that may hold simple Markdown; where that is not read, it is shown as it stands."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Stack:
    """Texts that stand one below another, those of a stack in it closer together."""

    parts: "tuple[str | Stack, ...]"


Cell: TypeAlias = "bool | int | str | Bar | Stack | tuple[Cell, ...] | Mapping[str, Cell] | None"
Row: TypeAlias = Mapping[str, Cell]


class Layout(Enum):
    """How a table is laid out for people: COPY holds texts that are copied as they stand."""

    ROWS = auto()
    RECORD = auto()
    COPY = auto()
    FINDINGS = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its key in each row, its label for people, and whom it is for.

    Without a label it is for programs alone; with `program` false for people alone. A `whole`
    cell is never cut or broken; a `brief` one may be cut where room is short; a `coloured` one begins
    with the word of its colour. `parts` are the keys of a column of counts by word.
    """

    key: str
    label: str = ""
    program: bool = True
    whole: bool = False
    brief: bool = False
    coloured: bool = False
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Columns and rows; `name` is the table's key for programs, empty where it is for people alone.

    A `note` is a sentence under the title.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    name: str = ""
    title: str = ""
    note: str = ""
    layout: Layout = Layout.ROWS
    empty: str = ""

    @property
    def for_people(self) -> tuple[Column, ...]:
        """Return the columns that people see."""
        return tuple(column for column in self.columns if column.label)

    @property
    def for_programs(self) -> tuple[Column, ...]:
        """Return the columns that programs see."""
        return tuple(column for column in self.columns if column.program)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The answer to one question, as of a day.

    `facts` are further keys of the JSON envelope. `opening` and `closing` are sentences for
    people, before and after the tables. `commit` is the full name of the commit that was read.
    `made_for` says for whom it was made, where something may have been left out for them.
    `appendix` is what only some formats carry (the rules behind the findings). `asides` are sentences
    for whoever has a program read it.
    """

    title: str
    as_of: date
    tables: tuple[Table, ...] = ()
    commit: str | None = None
    made_for: str = ""
    facts: Row = field(default_factory=dict)
    opening: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    appendix: Table | None = None
    asides: tuple[str, ...] = ()
