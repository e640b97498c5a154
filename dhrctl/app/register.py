"""A register for programs: read once, and asked as often as is wanted."""

import json
import os
import warnings
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from dhrctl.app.check import Verdict, judge_session, report_verdict
from dhrctl.app.environment import Environment
from dhrctl.app.session import Session, apply_query, describe_unread, list_unread, open_session
from dhrctl.errors import FieldRefused
from dhrctl.files import load
from dhrctl.model import dates
from dhrctl.model.records import Recommendation
from dhrctl.render import data
from dhrctl.reports.answers import list_recommendations
from dhrctl.reports.findings import ALL
from dhrctl.table import Report


@dataclass(frozen=True, slots=True)
class OpenRegister:
    """A register as it was read: its rows, its findings, and its records. What changes on the disk changes nothing."""

    _session: Session

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
        view = apply_query(self._session, query)
        for sentence in view.asides:
            _warn(sentence, stacklevel=3)
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


def read_register(path: str | os.PathLike[str], as_of: str | date | None, at: str | None) -> OpenRegister:
    """Read a register for a program; see dhrctl.open_register."""
    environment = Environment(
        folder=Path(path),
        today=datetime.now(tz=UTC).astimezone().date(),
        names=os.environ.get("DHRCTL_PROTECTED_NAMES"),
        tell=_warn,
    )
    session = open_session(environment, _read_day(as_of), at, whole=True)
    for sentence in describe_unread(session, list_unread(session)):
        _warn(sentence)
    return OpenRegister(session)


def _read_day(as_of: str | date | None) -> date | None:
    if isinstance(as_of, datetime):
        return as_of.date()
    if as_of is None or isinstance(as_of, date):
        return as_of
    try:
        return dates.day(str(as_of))
    except ValueError as error:
        raise FieldRefused(str(error), field="as_of") from None


def _warn(sentence: str, *, stacklevel: int = 4) -> None:
    warnings.warn(f"dhrctl: {sentence}", stacklevel=stacklevel)
