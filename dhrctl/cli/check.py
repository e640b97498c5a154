"""The commands that judge the register itself: check and explain."""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dhrctl.cli.answer import name_commit
from dhrctl.cli.options import at_option, day_option, format_options, judged_on, protected_names, root
from dhrctl.cli.session import Session, opened
from dhrctl.cli.streams import aside, screen, waiting, written
from dhrctl.errors import DhrError, Exit

if TYPE_CHECKING:
    from datetime import date

    from dhrctl.findings.finding import Finding, Rule
    from dhrctl.reports.findings import Only
    from dhrctl.table import Report

_FORMATS = ("table", "json", "jsonl", "csv", "md", "html", "github", "gitlab", "sarif", "junit")
_SEVERITIES = ("error", "warning", "info")
_WITHOUT_KNOWN = ("jsonl", "csv", "gitlab")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one `check` is asked for: its arguments."""

    paths: tuple[str, ...]
    rules: tuple[str, ...]
    severity: str
    review: str | None
    agency: str | None
    baseline: str | None
    write_baseline: str | None
    form: str | None
    since: str | None
    as_of: str | None
    at: str | None
    staged: bool
    fictitious: tuple[str, ...]
    strict: bool
    quiet: bool
    as_json: bool

    @property
    def format(self) -> str:
        """Return the format to write in."""
        return "json" if self.as_json else self.form or _usual_format()


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
def check(ctx: click.Context, /, **arguments: Any) -> int:  # noqa: ANN401 - the options above
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
    asked = Asked(**arguments)
    return _answered(ctx, asked)


def _answered(ctx: click.Context, asked: Asked) -> int:
    from dhrctl.cli import staged as staging
    from dhrctl.findings import baseline as baselines
    from dhrctl.model.paths import is_chosen
    from dhrctl.storage import disk

    _refuse_two({"--since": asked.since is not None, "--at": asked.at is not None, "--staged": asked.staged})
    known = baselines.read(disk.text(Path(asked.baseline)), asked.baseline) if asked.baseline is not None else None
    folder = root(ctx, past=asked.at is not None)
    session = staging.opened(folder, asked.as_of) if asked.staged else opened(ctx, asked.as_of, asked.at, thorough=True)
    within = chosen(asked.paths, folder, session.tree.contents)
    every, secret = _findings(session, asked.since, _fictitious(asked.fictitious))
    files = sum(is_chosen(path, within) for path in session.reading.paths or staging.paths(session))
    if not files and not asked.staged:
        message = "there is no file of the register there; name a file or folder under register/"
        raise DhrError(message, Exit.NOTHING)
    only = _only(asked, session)
    found = [finding for finding in every if is_chosen(finding.path, within) and only.holds(finding)]
    if asked.write_baseline is not None:
        return _kept(found, files, only, session, asked.write_baseline)
    found, held = baselines.new(found, known) if known is not None else (found, None)
    _told(_report(found, files, session, only, held, asked, secret), asked)
    name_commit(session.tree.commit, "csv" if asked.quiet else asked.format)
    return _code(found, strict=asked.strict)


def _kept(found: "list[Finding]", files: int, only: "Only", session: Session, name: str) -> int:
    """Write a baseline, and say so."""
    from dhrctl.findings import baseline as baselines
    from dhrctl.reports import findings
    from dhrctl.storage import disk

    disk.write(Path(name), baselines.text(found), session.root, option="--write-baseline")
    _said(f"{findings.summed(files, findings.counted(found), only=only)} Written to {name}.")
    return Exit.FINE


def _code(found: "list[Finding]", *, strict: bool) -> Exit:
    wrong = ("error", "warning") if strict else ("error",)
    failed = any(finding.severity in wrong and not finding.waived for finding in found)
    return Exit.FINDINGS if failed else Exit.FINE


def _refuse_two(named: Mapping[str, bool]) -> None:
    """Raise DhrError where more than one of the options is there that say which files are judged."""
    first, *others = [name for name, there in named.items() if there] or [""]
    if others:
        message = f"{first} and {others[0]} judge different files; leave one of them out"
        raise DhrError(message)


def _fictitious(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Return paths as those of the repository are written; raise DhrError where one reaches into the register."""
    from dhrctl.model.paths import REGISTER, lies_in

    plain = tuple(os.path.normpath(path).replace(os.sep, "/") for path in paths)
    if any(lies_in(path, (REGISTER,)) or lies_in(REGISTER, (path,)) for path in plain):
        message = "--fictitious names a place in register/, where every identifier counts; name one outside it"
        raise DhrError(message)
    return plain


@waiting("checking")
def _findings(
    session: Session, since: str | None, fictitious: tuple[str, ...]
) -> "tuple[tuple[Finding, ...], frozenset[str]]":
    """Return everything that is wrong, and the files of which nothing may be printed."""
    from dhrctl.checks import registry
    from dhrctl.cli import staged as staging

    reading, register = session.reading, session.reading.register
    names = protected_names(session.root)
    texts = registry.of_texts(session.tree.contents, names, register, session.day, reading.where)
    others = (*reading.findings, *registry.findings(register, session.day, reading.where)) if reading.files else ()
    secret = frozenset(finding.path for finding in texts if finding.keys is None)
    if since is not None:
        from dhrctl.cli.since import judged

        others = (*others, *judged(session, since, names, texts, fictitious))
    if session.staged is not None:
        others = (*others, *staging.judged(session, session.staged, names, fictitious))
    if names or secret:
        others = tuple(registry.masked(others, names, secret))
        texts = tuple(registry.masked(texts, names, secret))
    return (*others, *texts), secret


def _only(asked: Asked, session: Session) -> "Only":
    """Return which findings the options ask for; raise DhrError where there is no such rule, review or agency."""
    from dhrctl.findings.finding import Severity
    from dhrctl.model import query
    from dhrctl.reports.findings import Only

    register = session.reading.register
    return Only(
        rules=tuple(dict.fromkeys(_rule(name).name for name in asked.rules)),
        severity=Severity(asked.severity),
        review=query.review(asked.review, register) if asked.review else "",
        agency=asked.agency or "",
        ids=query.ids_of_agency(asked.agency, register, session.day) if asked.agency else frozenset(),
    )


def _report(
    found: "list[Finding]",
    files: int,
    session: Session,
    only: "Only",
    held: int | None,
    asked: Asked,
    secret: frozenset[str],
) -> "Report":
    """Return the verdict, with the lines of source where people read it, and from files that are not secret."""
    from dhrctl.files import load
    from dhrctl.reports import findings

    shown = asked.format == "table" and not asked.quiet
    return findings.checked(
        found,
        files,
        session.day,
        excerpt=lambda finding: load.excerpt(finding, session.tree) if shown and finding.path not in secret else "",
        rules=_rules(),
        known=held,
        only=only,
        commit=session.tree.commit,
        marked=asked.format in ("gitlab", "sarif"),
    )


def _usual_format() -> str:
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "table"


def _told(report: "Report", asked: Asked) -> None:
    """Write the verdict; in GitHub Actions as annotations, with the whole list in the job summary."""
    from dhrctl.render import formats
    from dhrctl.storage import disk

    form = asked.format
    if asked.quiet and form in ("table", _usual_format()):
        _said(report.closing[0])
        return
    written(formats.CHECK_FORMATS[form](report, screen()))
    if report.facts["known"] is not None and form in _WITHOUT_KNOWN:
        aside(f"{report.facts['known']} known from the baseline")
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if form == "github" and summary:
        disk.append(Path(summary), formats.job_summary(report, os.environ))


def _said(sentence: str) -> None:
    """Write a sentence, which may hold what was typed, as the whole answer."""
    from dhrctl.text.escape import inert, visible

    written(f"{inert(visible(sentence))}\n")


def _rules() -> "tuple[Rule, ...]":
    from dhrctl.checks import registry
    from dhrctl.findings import rules

    return (*rules.FILES, *rules.YAML, *rules.SCHEMA, *registry.RULES)


def _rule(name: str) -> "Rule":
    """Return the rule with a name; raise DhrError with the nearest."""
    from dhrctl.text.suggest import did_you_mean

    known = {rule.name: rule for rule in _rules()}
    if name not in known:
        message = f'there is no rule "{name}"{did_you_mean(name, known)}; see them all with: dhrctl explain'
        raise DhrError(message)
    return known[name]


@click.command()
@click.argument("rule", required=False)
@format_options
@click.pass_context
def explain(ctx: click.Context, rule: str | None, form: str, *, as_json: bool) -> int:  # noqa: ARG001 - click's own shape
    """Explain a rule: what it means, why, and how to mend or waive it; without a name, list the rules.

    \b
    Examples:
      dhrctl explain
      dhrctl explain no-target-date
    """
    from dhrctl.checks import registry
    from dhrctl.render import formats
    from dhrctl.reports import findings

    day: date = judged_on(None)
    if rule is None:
        report = findings.rules_listed(_rules(), day)
    else:
        found = _rule(rule)
        report = findings.explained(found, day, waivable=found in registry.WAIVABLE)
    written(formats.FORMATS["json" if as_json else form](report, screen()))
    return Exit.FINE


def chosen(paths: tuple[str, ...], folder: Path, known: Collection[str] = ()) -> tuple[str, ...]:
    """Return the paths that were named (from this folder, or from the register's) as the register's own are.

    Those that are `known` need not be on the disk.
    """
    chosen = []
    for path in paths:
        found = next((full for full in (Path(path).absolute(), folder / path) if _is_there(full, folder, known)), None)
        if found is None:
            message = f"there is no {path}; name a file or folder under register/"
            raise DhrError(message)
        place = _place(found, folder)
        if not place:
            message = f"{path} does not belong to the register in {folder}; name a file or folder under register/"
            raise DhrError(message)
        chosen.append(place)
    return tuple(chosen)


def _is_there(full: Path, folder: Path, known: Collection[str]) -> bool:
    """Tell whether a path is on the disk, or among those that were read, which may be of another day."""
    from dhrctl.model.paths import lies_in

    return os.path.lexists(full) or any(lies_in(path, (_place(full, folder),)) for path in known)


def _place(full: Path, root: Path) -> str:
    """Return a path as the register's own are; nothing for one outside its folder."""
    plain = Path(os.path.normpath(full))
    resolved = plain.parent.resolve() / plain.name
    return resolved.relative_to(root.resolve()).as_posix() if resolved.is_relative_to(root.resolve()) else ""
