"""A register for programs: read once, and asked as often as is wanted."""

import json
import os
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from dhrctl.app.check import Verdict, judge_session, report_verdict
from dhrctl.app.environment import Environment
from dhrctl.app.session import (
    Session,
    apply_query,
    describe_unread,
    list_unread,
    open_session,
    replace_register,
)
from dhrctl.errors import DhrError, DhrWarning, FieldRefused
from dhrctl.files import load
from dhrctl.model import dates
from dhrctl.model.records import Recommendation
from dhrctl.render import data
from dhrctl.reports.answers import list_recommendations
from dhrctl.reports.findings import ALL
from dhrctl.table import Report
from dhrctl.text.english import plural


@dataclass(frozen=True, slots=True)
class FrozenTexts(Mapping[str, str]):
    """Texts by their headings, which nobody can change."""

    _texts: dict[str, str]

    def __getitem__(self, key: str) -> str:
        """Return the text of a heading."""
        return self._texts[key]

    def __iter__(self) -> Iterator[str]:
        """Yield the headings in their order."""
        return iter(self._texts)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._texts)

    def __repr__(self) -> str:
        """Return them as a dict is shown."""
        return repr(self._texts)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class OpenRegister:
    """A register as it was read: its rows, its findings, and its records. What changes on the disk changes nothing."""

    _session: Session

    def __repr__(self) -> str:
        """Return where it is, how much there is and the day, and nothing that it holds."""
        count = plural(len(self.recommendations), "recommendation")
        return f"<register {self._session.root}, {count}, as of {self.day}>"

    @property
    def day(self) -> date:
        """Return the day on which everything is judged."""
        return self._session.day

    @property
    def commit(self) -> str | None:
        """Return the full name of the commit that was read; None for the files as they are."""
        return self._session.tree.commit

    @property
    def recommendations(self) -> tuple[Recommendation, ...]:
        """Return every recommendation as a typed record with its updates, in the order of ids."""
        return self._session.register.recommendations

    def rows(self, *query: str) -> list[dict[str, Any]]:
        """Return the recommendations that match every query word, as the items of `dhrctl list --json`.

        Each item has the keys that docs/commands.md lists: texts, lists of texts, whole numbers (`days_overdue`,
        in days), and None for what is absent. Dates are texts, as precise as they were given. Without a word,
        all are returned. Warn of a word that is looked for in the text and may be meant for another. Raise
        DhrError where a word cannot be understood.
        """
        for word in query:
            if not isinstance(word, str):
                problem = f"each query word is a text, and not of the type {type(word).__name__}"
                raise DhrError(problem, fix='give them one by one: rows("is:open", "agency:anytown-police")')
        view = apply_query(self._session, query)
        for sentence in view.asides:
            warnings.warn(f"dhrctl: {sentence}", DhrWarning, stacklevel=2)
        return _read_items(list_recommendations(view), "items")

    def findings(self) -> list[dict[str, Any]]:
        """Return everything that is wrong, waived or not, as the findings of `dhrctl check --json`.

        Each has `rule`, `severity` (error, warning or info), `path`, `line` and `column` (both from 1), `message`,
        `id` (of the recommendation, or empty) and `waived`. Raise DhrError where the file of protected names
        cannot be read.
        """
        session = replace(self._session, reading=load.read_register(self._session.tree, thorough=True))
        found, secret = judge_session(session)
        files = session.reading.files
        verdict = Verdict(session=session, findings=found, files=files, only=ALL, secret=secret)
        return _read_items(report_verdict(verdict, excerpts=False, marked=False), "findings")


def _read_items(report: Report, name: str) -> list[dict[str, Any]]:
    """Return the rows of an answer as programs get them."""
    items: list[dict[str, Any]] = json.loads(data.json(report))[name]
    return items


def read_register(path: str | os.PathLike[str], as_of: str | date | None, at: str | date | None) -> OpenRegister:
    """Read a register for a program; see dhrctl.open_register."""
    notes: list[str] = []
    environment = Environment(
        folder=_read_path(path),
        today=datetime.now(tz=UTC).astimezone().date(),
        names=os.environ.get("DHRCTL_PROTECTED_NAMES"),
        tell=notes.append,
    )
    day = _read_text(as_of, "as_of")
    try:
        judged = None if day is None else dates.day(day)
    except ValueError as error:
        raise FieldRefused(str(error), field="as_of") from None
    session = _settle(open_session(environment, judged, _read_text(at, "at"), whole=True))
    for sentence in (*notes, *describe_unread(session, list_unread(session))):
        warnings.warn(f"dhrctl: {sentence}", DhrWarning, stacklevel=3)
    return OpenRegister(session)


def _settle(session: Session) -> Session:
    """Return a session that asks git nothing more, and of which nothing can be changed."""
    register = session.register
    records = [replace(each, as_stated=FrozenTexts(dict(each.as_stated))) for each in register.recommendations]
    first = dict(register.first_targets)
    if session.history_gap:
        session.environment.tell(session.history_gap)
    return replace_register(session, replace(register, recommendations=tuple(records), first_targets=first))


def _read_path(path: object) -> Path:
    if not isinstance(path, (str, os.PathLike)):
        problem = f"it is a folder's name or path, and not of the type {type(path).__name__}"
        raise FieldRefused(problem, field="path")
    return Path(path)


def _read_text(given: object, field: str) -> str | None:
    """Return a day or revision as text; raise FieldRefused for what is neither a text nor a date."""
    if given is None or isinstance(given, str):
        return given
    if isinstance(given, datetime):
        return given.date().isoformat()
    if isinstance(given, date):
        return given.isoformat()
    problem = f"it is a text or a date, and not of the type {type(given).__name__}"
    raise FieldRefused(problem, field=field)
