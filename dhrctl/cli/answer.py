"""Answers on their way out: to stdout the answer alone, to stderr what is said beside it."""

import os
import sys
from typing import TYPE_CHECKING

import click

from dhrctl.cli.options import protected_names
from dhrctl.errors import DhrError, Exit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dhrctl.cli.session import Session
    from dhrctl.finding import Finding
    from dhrctl.render import Screen
    from dhrctl.table import Report

_WITHOUT_COMMIT = ("jsonl", "csv", "github", "gitlab", "sarif", "junit")


def answer(report: "Report", form: str, session: "Session", *, as_json: bool = False) -> Exit:
    """Write an answer to stdout, and to stderr what could not be read; return the exit code."""
    told(report, form, as_json=as_json)
    return unread(session)


def told(report: "Report", form: str, *, as_json: bool = False) -> Exit:
    """Write an answer to stdout, and which commit was read to stderr where the format has no room for it."""
    from dhrctl import render

    form = "json" if as_json else form
    written(render.FORMATS[form](report, screen()))
    name_commit(report.commit, form)
    return Exit.FINE


def name_commit(commit: str | None, form: str) -> None:
    """Say on stderr which commit was read, where the format has no room for it."""
    if commit and form in _WITHOUT_COMMIT:
        aside(f"read at commit {commit}")


def aside(sentence: str) -> None:
    """Say a sentence on stderr, beside the answer."""
    from dhrctl.render.say import inert, visible

    click.echo(inert(visible(f"dhrctl: {sentence}")), err=True)


def written(text: str) -> None:
    """Write the answer, and nothing else, to stdout."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        message = f"the answer could not be written ({error.strerror}); send it to another place"
        raise DhrError(message, Exit.ENVIRONMENT) from None


def unread(session: "Session") -> Exit:
    """Name on stderr each file that gives no record, as the answer is without it."""
    if not session.reading.findings:
        return Exit.FINE
    from dhrctl.layout import SETTINGS
    from dhrctl.render.say import inert, visible
    from dhrctl.reports.rows import plural
    from dhrctl.reports.verdict import in_order

    wrong = in_order(_masked(session))
    for finding in wrong:
        click.echo(inert(visible(str(finding))), err=True)
    paths = {finding.path for finding in wrong}
    if SETTINGS in paths:
        aside("judged by the usual settings, as register.yaml cannot be read")
    them = "it" if len(paths) == 1 else "them"
    said = f"{plural(len(paths), 'file')} could not be read as a record; the answer is without {them}"
    if session.tree.commit:
        are = "is not as a record is" if len(paths) == 1 else "are not as records are"
        said = f"{plural(len(paths), 'file')} {are} today; what can be read of {them} is in the answer"
    aside(said)
    return Exit.FINDINGS


def _masked(session: "Session") -> "Sequence[Finding]":
    """Return what is wrong with the files, without anything that no file may hold."""
    from dhrctl import checks

    findings = session.reading.findings
    names = protected_names(session.root)
    contents = {finding.path: session.tree.contents.get(finding.path, b"") for finding in findings}
    secret = frozenset(finding.path for finding in checks.in_texts(contents, names))
    return tuple(checks.masked(findings, names, secret))


def screen() -> "Screen":
    """Return what stdout is."""
    from dhrctl.render import Screen

    terminal = sys.stdout.isatty()
    colour = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Screen(terminal=terminal, width=_width(), colour=colour)


def _width() -> int:
    """Return the width of the terminal, or what COLUMNS says, or 80 (without `shutil`, which is slow to import)."""
    said = os.environ.get("COLUMNS", "")
    try:
        return (int(said) if said.isdecimal() else 0) or os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except (OSError, ValueError):
        return 80
