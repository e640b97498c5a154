"""Writing: a report to text, in every format there is."""

from collections.abc import Callable, Mapping

from dhrctl.render import data, terminal
from dhrctl.render.terminal import Screen
from dhrctl.table import Report


def paper(template: str, suffix: str, reports: tuple[Report, ...]) -> str:
    """Write reports with one of PAPERS (or `report`), as `md` or `html`."""
    from dhrctl.render import papers  # noqa: PLC0415 - templates are slow to import, and most answers need none

    return papers.page(template, suffix, reports)


FORMATS: Mapping[str, Callable[[Report, Screen], str]] = {
    "table": terminal.table,
    "json": lambda report, _: data.json(report),
    "jsonl": lambda report, _: data.jsonl(report),
    "csv": lambda report, _: data.csv(report),
    "md": lambda report, _: paper("report", "md", (report,)),
    "html": lambda report, _: paper("report", "html", (report,)),
}


def _for_ci(form: str) -> Callable[[Report, Screen], str]:
    def write(report: Report, _: Screen) -> str:
        from dhrctl.render import ci  # noqa: PLC0415 - needed where a service checks a change

        text: str = getattr(ci, form)(report)
        return text

    return write


def job_summary(report: Report, environment: Mapping[str, str]) -> str:
    """Write findings as GitHub shows them beside a run: a Markdown table with links to the lines."""
    from dhrctl.render import ci  # noqa: PLC0415 - needed where a service checks a change

    return ci.job_summary(report, environment)


CHECK_FORMATS: Mapping[str, Callable[[Report, Screen], str]] = {
    **FORMATS,
    "github": _for_ci("github"),
    "gitlab": _for_ci("gitlab"),
    "sarif": _for_ci("sarif"),
    "junit": _for_ci("junit"),
}
PAPERS: Mapping[str, str] = {
    "action-plan": "each review as the official table of its action plan, by section",
    "summary": "counts, what is overdue by agency, and what has no target date",
}

__all__ = ["CHECK_FORMATS", "FORMATS", "PAPERS", "Screen", "job_summary", "paper"]
