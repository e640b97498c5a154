"""The commands that judge the register itself: check and explain."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dhrctl.cli.options import (
    Session,
    at_option,
    day_option,
    format_options,
    judged_on,
    name_commit,
    opened,
    root,
    screen,
    written,
)
from dhrctl.errors import DhrError, Exit

if TYPE_CHECKING:
    from datetime import date

    from dhrctl.finding import Finding, Rule
    from dhrctl.table import Report

_FORMATS = ("table", "json", "jsonl", "csv", "md", "html", "github", "gitlab", "sarif", "junit")
_SEVERITIES = ("error", "warning", "info")


@click.command(short_help="Say everything that is wrong with the register.")
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
@click.option("--quiet", is_flag=True, help="Only the count.")
@click.option("--rule", "rules", multiple=True, metavar="RULE", help="Only findings of this rule (may be repeated).")
@click.option("--severity", type=click.Choice(_SEVERITIES), help="Only findings as grave as this, or graver.")
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
    paths: tuple[str, ...],
    rules: tuple[str, ...],
    severity: str | None,
    review: str | None,
    agency: str | None,
    baseline: str | None,
    write_baseline: str | None,
    form: str | None,
    since: str | None,
    as_of: str | None,
    at: str | None,
    fictitious: tuple[str, ...],
    *,
    staged: bool,
    strict: bool,
    quiet: bool,
    as_json: bool,
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
    from dhrctl import baseline as baselines
    from dhrctl import store
    from dhrctl.cli import staged as staging
    from dhrctl.reports import verdict

    _refuse_two({"--since": since is not None, "--at": at is not None, "--staged": staged})
    known = baselines.read(store.text(Path(baseline)), baseline) if baseline is not None else None
    session = staging.opened(root(ctx), as_of) if staged else opened(ctx, as_of, at, thorough=True)
    within = _chosen(paths, session)
    every, secret = _findings(session, since, _fictitious(fictitious))
    found = [finding for finding in every if _lies_in(finding.path, within)]
    files = sum(_lies_in(path, within) for path in session.reading.paths or staging.paths(session))
    if not files and not staged:
        message = "there is no file of the register there; name a file or folder under register/"
        raise DhrError(message, Exit.NOTHING)
    found = list(_narrowed(found, session, rules=rules, severity=severity, review=review, agency=agency))
    if write_baseline is not None:
        store.write(Path(write_baseline), baselines.text(found), session.root, option="--write-baseline")
        written(f"{verdict.summed(files, verdict.counted(found))} Written to {write_baseline}.\n")
        return Exit.FINE
    held = None
    if known is not None:
        found, held = baselines.new(found, known)
    form = "json" if as_json else form or _usual_format()
    report = _report(found, files, session, held, form, None if quiet or form != "table" else secret)
    _told(report, form, quiet=quiet)
    name_commit(session.tree.commit, "csv" if quiet else form)
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
    from dhrctl.layout import REGISTER, lies_in

    plain = tuple(os.path.normpath(path).replace(os.sep, "/") for path in paths)
    if any(lies_in(path, (REGISTER,)) or lies_in(REGISTER, (path,)) for path in plain):
        message = "--fictitious names a place in register/, where every identifier counts; name one outside it"
        raise DhrError(message)
    return plain


def _findings(
    session: Session, since: str | None, fictitious: tuple[str, ...]
) -> "tuple[tuple[Finding, ...], frozenset[str]]":
    """Return everything that is wrong, and the files of which nothing may be printed."""
    from dhrctl import checks, store
    from dhrctl.cli import staged as staging

    reading, register = session.reading, session.reading.register
    names = store.protected_names(os.environ.get("DHRCTL_PROTECTED_NAMES"), session.root)
    texts = checks.of_texts(session.tree.contents, names, register, session.day, reading.where)
    others = (*reading.findings, *checks.findings(register, session.day, reading.where)) if reading.files else ()
    secret = frozenset(finding.path for finding in texts if finding.keys is None)
    if since is not None:
        from dhrctl.cli.since import judged

        others = (*others, *judged(session, since, names, texts, fictitious))
    if session.staged is not None:
        others = (*others, *staging.judged(session, session.staged, names, fictitious))
    if names or secret:
        others = tuple(checks.masked(others, names, secret))
        texts = tuple(checks.masked(texts, names, secret))
    return (*others, *texts), secret


def _narrowed(
    found: "Iterable[Finding]",
    session: Session,
    *,
    rules: Sequence[str],
    severity: str | None,
    review: str | None,
    agency: str | None,
) -> "Iterable[Finding]":
    """Keep the findings that the options ask for."""
    from dhrctl import select

    register = session.reading.register
    names = {_rule(name).name for name in rules}
    grave = _SEVERITIES[: _SEVERITIES.index(severity) + 1] if severity else _SEVERITIES
    only = select.review(review, register) if review else None
    ids = select.ids_of_agency(agency, register, session.day) if agency else None
    for finding in found:
        of_review = only is None or f"/reviews/{only}/" in finding.path
        of_agency = ids is None or finding.id in ids
        if (not names or finding.rule.name in names) and finding.severity in grave and of_review and of_agency:
            yield finding


def _report(
    found: "Iterable[Finding]",
    files: int,
    session: Session,
    held: int | None,
    form: str,
    secret: frozenset[str] | None,
) -> "Report":
    """Return the verdict, with the lines of source from files that are not secret; None is for no lines at all."""
    from dhrctl import reading
    from dhrctl.reports import verdict

    return verdict.checked(
        found,
        files,
        session.day,
        excerpt=lambda finding: (
            "" if secret is None or finding.path in secret else reading.excerpt(finding, session.tree)
        ),
        rules=_rules(),
        known=held,
        commit=session.tree.commit,
        marked=form in ("gitlab", "sarif"),
    )


def _usual_format() -> str:
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "table"


def _told(report: "Report", form: str, *, quiet: bool) -> None:
    """Write the verdict; in GitHub Actions as annotations, with the whole list in the job summary."""
    from dhrctl import render, store

    if quiet and form in ("table", _usual_format()):
        written(f"{report.closing[0]}\n")
        return
    written(render.CHECK_FORMATS[form](report, screen()))
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if form == "github" and summary:
        store.append(Path(summary), render.job_summary(report, os.environ))


def _rules() -> "tuple[Rule, ...]":
    from dhrctl import checks, rules

    return (*rules.FILES, *rules.YAML, *rules.SCHEMA, *checks.RULES)


def _rule(name: str) -> "Rule":
    """Return the rule with a name; raise DhrError with the nearest."""
    from dhrctl.nearest import did_you_mean

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
    from dhrctl import checks, render
    from dhrctl.reports import verdict

    day: date = judged_on(None)
    if rule is None:
        report = verdict.rules_listed(_rules(), day)
    else:
        found = _rule(rule)
        report = verdict.explained(found, day, waivable=found in checks.WAIVABLE)
    written(render.FORMATS["json" if as_json else form](report, screen()))
    return Exit.FINE


def _chosen(paths: tuple[str, ...], session: Session) -> tuple[str, ...]:
    """Return the paths that were named (from this folder, or from the register's) as the register's own are."""
    chosen = []
    for path in paths:
        found = next((full for full in (Path(path).absolute(), session.root / path) if _is_there(full, session)), None)
        if found is None:
            message = f"there is no {path}; name a file or folder under register/"
            raise DhrError(message)
        place = _place(found, session.root)
        if not place:
            message = f"{path} does not belong to the register in {session.root}; name a file or folder under register/"
            raise DhrError(message)
        chosen.append(place)
    return tuple(chosen)


def _is_there(full: Path, session: Session) -> bool:
    """Tell whether a path is on the disk, or in what was read, which may be of another day."""
    return os.path.lexists(full) or any(_lies_in(path, (_place(full, session.root),)) for path in session.reading.paths)


def _place(full: Path, root: Path) -> str:
    """Return a path as the register's own are; nothing for one outside its folder."""
    plain = Path(os.path.normpath(full))
    resolved = plain.parent.resolve() / plain.name
    return resolved.relative_to(root.resolve()).as_posix() if resolved.is_relative_to(root.resolve()) else ""


def _lies_in(path: str, within: tuple[str, ...]) -> bool:
    from dhrctl.layout import lies_in

    return not within or lies_in(path, within)
