"""An answer on its way out: asked for, in its format, with what could not be read."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from dhrctl.app.session import Session, describe_unread, list_unread
from dhrctl.cli.streams import find_screen, tell, write_answer, write_note
from dhrctl.errors import DhrError, Exit

if TYPE_CHECKING:
    from dhrctl.table import Report

T = TypeVar("T")
_FOR_PROGRAMS = ("json", "jsonl", "csv")
_WITHOUT_COMMIT = ("jsonl", "csv", "github", "gitlab", "sarif", "junit")


def answer(report: "Report", form: str, session: Session, *, as_json: bool = False) -> Exit:
    """Write an answer to stdout, and to stderr what could not be read; return the exit code."""
    if session.history_gap:
        report = replace(report, facts={**report.facts, "history": "partial"})
    write_report(report, form, as_json=as_json)
    return tell_unread(session)


def write_report(report: "Report", form: str, *, as_json: bool = False) -> Exit:
    """Write an answer to stdout, and to stderr which commit was read and what it says beside, where there is no room."""
    from dhrctl.render import formats

    form = "json" if as_json else form
    write_answer(formats.FORMATS[form](report, find_screen()))
    name_commit(report.commit, form)
    for sentence in report.asides if form in _FOR_PROGRAMS else ():
        tell(sentence)
    return Exit.FINE


def name_commit(commit: str | None, form: str) -> None:
    """Say on stderr which commit was read, where the format has no room for it."""
    if commit and form in _WITHOUT_COMMIT:
        tell(f"read at commit {commit}")


def ask(session: Session, question: Callable[[], T]) -> T:
    """Return what a question about a register is answered with; where it is refused, say first what was not read."""
    try:
        return question()
    except DhrError:
        tell_unread(session)
        raise


def tell_unread(session: Session, *, of_past: bool = True) -> Exit:
    """Name on stderr each file that gives no record, as the answer is without it, and what git lacks `of_past`."""
    gap = session.history_gap
    if gap and of_past:
        tell(gap)
    unread = list_unread(session)
    if not unread:
        return Exit.FINE
    from dhrctl.text.escape import escape_commands, escape_hidden

    for finding in unread:
        write_note(escape_commands(escape_hidden(str(finding))))
    for sentence in describe_unread(session, unread):
        tell(sentence)
    return Exit.FINDINGS
