"""Writing: a report to text, in every format there is."""

from collections.abc import Callable, Mapping

from dhrctl.render import data, papers, terminal
from dhrctl.render.terminal import Screen
from dhrctl.table import Report

FORMATS: Mapping[str, Callable[[Report, Screen], str]] = {
    "table": terminal.table,
    "json": lambda report, _: data.json(report),
    "jsonl": lambda report, _: data.jsonl(report),
    "csv": lambda report, _: data.csv(report),
    "md": lambda report, _: papers.page("report", "md", (report,)),
    "html": lambda report, _: papers.page("report", "html", (report,)),
}

__all__ = ["FORMATS", "Screen", "papers"]
