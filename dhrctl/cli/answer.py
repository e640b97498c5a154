"""An answer on its way out: in its format, with what could not be read."""

from typing import TYPE_CHECKING

from dhrctl.cli.session import Session, unread
from dhrctl.cli.streams import aside, screen, written
from dhrctl.errors import Exit

if TYPE_CHECKING:
    from dhrctl.table import Report

_WITHOUT_COMMIT = ("jsonl", "csv", "github", "gitlab", "sarif", "junit")


def answer(report: "Report", form: str, session: Session, *, as_json: bool = False) -> Exit:
    """Write an answer to stdout, and to stderr what could not be read; return the exit code."""
    told(report, form, as_json=as_json)
    return unread(session)


def told(report: "Report", form: str, *, as_json: bool = False) -> Exit:
    """Write an answer to stdout, and which commit was read to stderr where the format has no room for it."""
    from dhrctl.render import formats

    form = "json" if as_json else form
    written(formats.FORMATS[form](report, screen()))
    name_commit(report.commit, form)
    return Exit.FINE


def name_commit(commit: str | None, form: str) -> None:
    """Say on stderr which commit was read, where the format has no room for it."""
    if commit and form in _WITHOUT_COMMIT:
        aside(f"read at commit {commit}")
