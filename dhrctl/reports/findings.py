"""What is wrong with a register: findings as an answer, and the rules behind them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from dhrctl.findings.finding import Finding, Rule, Severity
from dhrctl.table import Column, Layout, Report, Row, Table
from dhrctl.text.english import plural


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingFilter:
    """Which findings are asked for: by rule, by how much they matter, by review, and by agency; `ids` are the agency's."""

    rules: tuple[str, ...] = ()
    severity: Severity = Severity.INFO
    review: str = ""
    agency: str = ""
    ids: frozenset[str] = frozenset()

    def matches(self, finding: Finding) -> bool:
        """Tell whether a finding is asked for."""
        return (
            (not self.rules or finding.rule.name in self.rules)
            and _GRAVE.index(finding.severity) <= _GRAVE.index(self.severity)
            and (not self.review or f"/reviews/{self.review}/" in finding.path)
            and (not self.agency or finding.id in self.ids)
        )

    def __str__(self) -> str:
        """Return what a count of findings must say of itself; nothing where all are asked for."""
        parts = [
            " or ".join(self.rules),
            {Severity.ERROR: "errors", Severity.WARNING: "errors and warnings"}.get(self.severity, ""),
            self.review and f"the review {self.review}",
            self.agency and f"the agency {self.agency}",
        ]
        told = "; ".join(part for part in parts if part)
        return told and f", only for {told}"


_GRAVE = tuple(Severity)
ALL = FindingFilter()


def report_findings(
    findings: Iterable[Finding],
    files: int,
    day: date,
    *,
    excerpt: Callable[[Finding], str] = lambda _: "",
    rules: Iterable[Rule] = (),
    known: int | None = None,
    only: FindingFilter = ALL,
    commit: str | None = None,
    marked: bool = True,
) -> Report:
    """List findings by place, and count them; a waived one counts as nothing else.

    `excerpt` gives the lines of source that a finding is about; `known` is how many findings a
    baseline leaves out. `marked` says whether the format needs their fingerprints, which take time.
    """
    ordered = sort_findings(findings)
    counts = count_findings(ordered)
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
                rows=tuple([_row(finding, excerpt(finding), marked=marked) for finding in ordered]),
            ),
        ),
        facts={"files": files, "counts": counts, "known": known},
        closing=(summarise_counts(files, counts, known, only),),
        appendix=Table(columns=_RULE, rows=tuple([_rule_row(rule) for rule in rules])),
    )


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings by place."""
    return sorted(findings, key=lambda finding: (finding.path, finding.line, finding.column, finding.rule.name))


def count_findings(findings: Iterable[Finding]) -> dict[str, int]:
    """Count findings by severity, and those that are waived apart."""
    counts = {severity.value: 0 for severity in Severity} | {"waived": 0}
    for finding in findings:
        counts["waived" if finding.waived else finding.severity] += 1
    return counts


def summarise_counts(files: int, counts: Mapping[str, int], known: int | None = None, only: FindingFilter = ALL) -> str:
    """Say the counts in one sentence."""
    parts = [
        plural(counts[Severity.ERROR], "error"),
        plural(counts[Severity.WARNING], "warning"),
        plural(counts[Severity.INFO], "note"),
        f"{counts['waived']:,} waived",
    ]
    if known is not None:
        parts.append(f"{known:,} known from the baseline")
    return f"{plural(files, 'file')} checked{only}: {', '.join(parts)}."


def _row(finding: Finding, excerpt: str, *, marked: bool) -> Row:
    return {
        "rule": finding.rule.name,
        "severity": finding.severity,
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "message": _on_a_line(finding.message),
        "id": finding.id or None,
        "waived": finding.waived,
        "problem": _on_a_line(finding.problem),
        "fix": _on_a_line(finding.fix),
        "excerpt": excerpt,
        "fingerprint": finding.fingerprint if marked else None,
    }


def _on_a_line(text: str) -> str:
    return " ".join(text.split())


_RULE = (
    Column(key="rule", label="Rule", whole=True),
    Column(key="severity"),
    Column(key="matters", label="Severity", program=False),
    Column(key="sentence", label="Meaning"),
    Column(key="why"),
    Column(key="bad"),
    Column(key="good"),
    Column(key="gap"),
)


def _rule_row(rule: Rule) -> Row:
    return {
        "rule": rule.name,
        "severity": rule.severity,
        "matters": f"{rule.severity} (gap)" if rule.gap else str(rule.severity),
        "sentence": rule.sentence,
        "why": rule.why,
        "bad": rule.bad,
        "good": rule.good,
        "gap": rule.gap,
    }


def report_rules(rules: Iterable[Rule], day: date) -> Report:
    """List the rules, each with its sentence."""
    rows = tuple([_rule_row(rule) for rule in rules])
    table = Table(name="items", columns=_RULE, rows=rows)
    return Report(
        title="The rules of dhrctl check", as_of=day, tables=(table,), facts={"count": len(rows)}, closing=(GAPS,)
    )


GAPS = (
    "A rule marked as a gap is an error once the plan was adopted (adopted in review.yaml), and a warning until then."
)


def report_rule(rule: Rule, day: date, *, waivable: bool) -> Report:
    """Explain one rule: what it means, why, a bad and a good example, and how to waive it."""
    row = _rule_row(rule)
    severity = f"{rule.severity}, and a warning until the plan is adopted" if rule.gap else str(rule.severity)
    if waivable:
        waive = f'waivers:\n  - rule: {rule.name}\n    reason: (why it is accepted for now)\n    until: "(the last day, YYYY-MM-DD)"'
    else:
        waive = "This rule cannot be waived."
    facts = (("Severity", severity), ("Why", rule.why), ("Bad", rule.bad), ("Good", rule.good), ("To waive", waive))
    return Report(
        title=rule.name,
        as_of=day,
        opening=(rule.sentence,),
        tables=(
            Table(
                name="items", columns=tuple([Column(key=column.key) for column in _RULE if column.program]), rows=(row,)
            ),
            Table(
                layout=Layout.RECORD,
                columns=(
                    Column(key="name", label="Field", program=False),
                    Column(key="said", label="Value", program=False),
                ),
                rows=tuple([{"name": name, "said": said} for name, said in facts]),
            ),
        ),
        facts={"count": 1},
    )
