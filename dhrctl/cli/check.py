"""The command that judges the register itself: check."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dhrctl.app.check import CheckOptions
from dhrctl.cli.answer import name_commit
from dhrctl.cli.options import at_option, day_option, find_environment, parse_day
from dhrctl.cli.streams import find_screen, tell, write_answer
from dhrctl.errors import Exit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dhrctl.findings.finding import Finding
    from dhrctl.table import Report

_FORMATS = ("table", "json", "jsonl", "csv", "md", "html", "github", "gitlab", "sarif", "junit")
_SEVERITIES = ("error", "warning", "info")
_WITHOUT_KNOWN = ("jsonl", "csv", "gitlab")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Output:
    """How a verdict is written: `form` as asked for, as JSON, or the count alone."""

    form: str | None
    as_json: bool
    quiet: bool

    @property
    def format(self) -> str:
        """Return the format to write in."""
        return "json" if self.as_json else self.form or _find_usual_format()


@click.command(short_help="Say everything that is wrong with the register.")
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
@click.option("--quiet", is_flag=True, help="Only the count.")
@click.option("--rule", "rules", multiple=True, metavar="RULE", help="Only findings of this rule (may be repeated).")
@click.option(
    "--severity", type=click.Choice(_SEVERITIES), default="info", help="Only findings as grave as this, or graver."
)
@click.option("--review", metavar="REVIEW", help="Only findings of this review.")
@click.option("--agency", metavar="AGENCY", help="Only findings of recommendations that this agency leads or supports.")
@click.option("--baseline", metavar="FILE", help="Hold back the findings that FILE knows; fail for new ones.")
@click.option("--write-baseline", metavar="FILE", help="Write the findings to FILE, and exit with 0.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--format", "form", type=click.Choice(_FORMATS), help="How to write the answer (default: table).")
@click.option("--since", metavar="REV", help="Judge the change itself too: every commit since HEAD and REV parted.")
@click.option("--staged", is_flag=True, help="Check what is staged, as the next commit would hold it.")
@click.option(
    "--fictitious",
    multiple=True,
    metavar="PATH",
    help="Identifiers there, outside register/, are of nobody (may be repeated).",
)
@day_option
@at_option
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.pass_context
def check(
    ctx: click.Context,
    /,
    *,
    as_of: str | None,
    baseline: str | None,
    write_baseline: str | None,
    form: str | None,
    as_json: bool,
    quiet: bool,
    strict: bool,
    **chosen: Any,  # noqa: ANN401 - the other options, as CheckOptions holds them
) -> int:
    """Say everything that is wrong with the register, or with the files and folders named.

    With --since, say as well what was changed and should not have been (--since origin/main).
    With --staged, it is a hook that stops a commit: also of names and identifiers in any other file.

    In GitHub Actions the format is github, unless another is named.

    \b
    Examples:
      dhrctl check
      dhrctl check register/reviews/middlesbrough-dhr-3
      dhrctl check --rule no-target-date --review dhr-3
      dhrctl check --format json
    """
    from dhrctl.app import check as app

    options = CheckOptions(**chosen)
    app.refuse_two_states(options)
    day = parse_day(as_of)
    known = app.read_baseline(baseline) if baseline is not None else None
    if write_baseline is not None:
        verdict = app.check_register(find_environment(ctx), options, day)
        _write_sentence(f"{app.write_baseline(verdict, write_baseline)} Written to {write_baseline}.")
        return Exit.FINE
    verdict = app.check_register(find_environment(ctx), options, day, known)
    output = _Output(form=form, as_json=as_json, quiet=quiet)
    excerpts, marked = output.format == "table" and not quiet, output.format in ("gitlab", "sarif")
    _write(app.report_verdict(verdict, excerpts=excerpts, marked=marked), output)
    name_commit(verdict.commit, "csv" if quiet else output.format)
    return _find_code(verdict.findings, strict=strict)


def _find_code(findings: "Iterable[Finding]", *, strict: bool) -> Exit:
    grave = ("error", "warning") if strict else ("error",)
    failed = any(finding.severity in grave and not finding.waived for finding in findings)
    return Exit.FINDINGS if failed else Exit.FINE


def _find_usual_format() -> str:
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "table"


def _write(report: "Report", output: _Output) -> None:
    """Write the verdict; in GitHub Actions as annotations, with the whole list in the job summary."""
    from dhrctl.render import formats
    from dhrctl.storage import disk

    form = output.format
    if output.quiet and form in ("table", _find_usual_format()):
        _write_sentence(report.closing[0])
        return
    write_answer(formats.CHECK_FORMATS[form](report, find_screen()))
    if report.facts["known"] is not None and form in _WITHOUT_KNOWN:
        tell(f"{report.facts['known']} known from the baseline")
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if form == "github" and summary:
        disk.append_text(Path(summary), formats.job_summary(report, os.environ))


def _write_sentence(sentence: str) -> None:
    """Write a sentence, which may hold what was typed, as the whole answer."""
    from dhrctl.text.escape import escape_commands, escape_hidden

    write_answer(f"{escape_commands(escape_hidden(sentence))}\n")
