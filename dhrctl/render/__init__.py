"""Writing: a report to text, in every format there is. Each is imported when it is asked for."""

from collections.abc import Callable, Mapping

from dhrctl.render.terminal import Screen, table
from dhrctl.table import Report

Writer = Callable[[Report, Screen], str]


def json(report: Report, _: Screen) -> str:
    """Write the whole answer as one JSON object."""
    from dhrctl.render import data  # noqa: PLC0415

    return data.json(report)


def jsonl(report: Report, _: Screen) -> str:
    """Write the rows of the answer alone, one JSON object to a line."""
    from dhrctl.render import data  # noqa: PLC0415

    return data.jsonl(report)


def csv(report: Report, _: Screen) -> str:
    """Write the rows of the answer as CSV."""
    from dhrctl.render import data  # noqa: PLC0415

    return data.csv(report)


def paper(template: str, suffix: str, reports: tuple[Report, ...]) -> str:
    """Write reports with one of PAPERS (or `report`), as `md` or `html`."""
    from dhrctl.render import papers  # noqa: PLC0415

    return papers.page(template, suffix, reports)


FORMATS: Mapping[str, Writer] = {
    "table": table,
    "json": json,
    "jsonl": jsonl,
    "csv": csv,
    "md": lambda report, _: paper("report", "md", (report,)),
    "html": lambda report, _: paper("report", "html", (report,)),
}
PAPERS: Mapping[str, str] = {
    "action-plan": "each review as the official table of its action plan, by section",
    "summary": "counts, what is overdue by agency, and what has no target date",
}

__all__ = ["FORMATS", "PAPERS", "Screen", "Writer", "paper"]
