"""What is wrong with a register: findings as an answer."""

from collections.abc import Iterable
from datetime import date

from dhrctl.finding import Finding, Severity
from dhrctl.reports.rows import plural
from dhrctl.table import Column, Layout, Report, Row, Table


def checked(findings: Iterable[Finding], files: int, day: date, commit: str | None = None) -> Report:
    """List findings by place, and count them; a waived one counts as nothing else."""
    ordered = in_order(findings)
    counts = {severity.value: 0 for severity in Severity} | {"waived": 0}
    for finding in ordered:
        counts["waived" if finding.waived else finding.rule.severity] += 1
    return Report(
        title="Check of the register",
        as_of=day,
        commit=commit,
        tables=(
            Table(
                name="findings",
                layout=Layout.FINDINGS,
                columns=(
                    Column(key="rule", label="Rule"),
                    Column(key="severity", label="Severity"),
                    Column(key="path", label="File"),
                    Column(key="line", label="Line"),
                    Column(key="column", label="Column"),
                    Column(key="message", label="Message"),
                    Column(key="id"),
                    Column(key="waived", label="Waived"),
                ),
                rows=tuple([_row(finding) for finding in ordered]),
            ),
        ),
        facts={"files": files, "counts": counts},
        closing=(summed(files, counts),),
    )


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings by place."""
    return sorted(findings, key=lambda finding: (finding.path, finding.line, finding.column, finding.rule.name))


def summed(files: int, counts: dict[str, int]) -> str:
    """Say the counts in one sentence."""
    parts = (
        plural(counts[Severity.ERROR], "error"),
        plural(counts[Severity.WARNING], "warning"),
        plural(counts[Severity.INFO], "note"),
        f"{counts['waived']} waived",
    )
    return f"{plural(files, 'file')} checked: {', '.join(parts)}."


def _row(finding: Finding) -> Row:
    return {
        "rule": finding.rule.name,
        "severity": finding.rule.severity,
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "message": finding.message,
        "id": finding.id or None,
        "waived": finding.waived,
    }
