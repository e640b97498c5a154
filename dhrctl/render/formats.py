"""Writing: a report to text, in every format there is. Each is imported when it is asked for."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path

from dhrctl.render.terminal import Screen, table
from dhrctl.table import Report

Writer = Callable[[Report, Screen], str]


def json(report: Report, _: Screen) -> str:
    """Write the whole answer as one JSON object."""
    from dhrctl.render import data

    return data.json(report)


def jsonl(report: Report, _: Screen) -> str:
    """Write the rows of the answer alone, one JSON object to a line."""
    from dhrctl.render import data

    return data.jsonl(report)


def csv(report: Report, _: Screen) -> str:
    """Write the rows of the answer as CSV."""
    from dhrctl.render import data

    return data.csv(report)


def render_document(template: str, suffix: str, reports: tuple[Report, ...], own: Path | None = None) -> str:
    """Write reports with a template, as `md`, `html` or `txt`; where a folder is named, with the one in there first."""
    from dhrctl.render import documents

    return documents.fill_document(template, suffix, reports, own)


def eml(subject: str, text: str, html: str, day: date) -> str:
    """Write an e-mail without a recipient."""
    from dhrctl.render import mail

    return mail.eml(subject, text, html, day)


def purposes(names: Iterable[str], own: Path | None) -> dict[str, str]:
    """Return what templates are for, by name: those that come with dhrctl, and those in a folder of a register's own."""
    from dhrctl.render import templates

    return {name: templates.purpose(name) for name in names} | (templates.list_own_templates(own) if own else {})


FORMATS: Mapping[str, Writer] = {
    "table": table,
    "json": json,
    "jsonl": jsonl,
    "csv": csv,
    "md": lambda report, _: render_document("report", "md", (report,)),
    "html": lambda report, _: render_document("report", "html", (report,)),
}


def _ci_writer(form: str) -> Callable[[Report, Screen], str]:
    def write(report: Report, _: Screen) -> str:
        from dhrctl.render import ci

        text: str = getattr(ci, form)(report)
        return text

    return write


def job_summary(report: Report, environment: Mapping[str, str]) -> str:
    """Write findings as GitHub shows them beside a run: a Markdown table with links to the lines."""
    from dhrctl.render import ci

    return ci.job_summary(report, environment)


CHECK_FORMATS: Mapping[str, Callable[[Report, Screen], str]] = {
    **FORMATS,
    "github": _ci_writer("github"),
    "gitlab": _ci_writer("gitlab"),
    "sarif": _ci_writer("sarif"),
    "junit": _ci_writer("junit"),
}
__all__ = ["CHECK_FORMATS", "FORMATS", "Screen", "Writer", "eml", "job_summary", "purposes", "render_document"]
