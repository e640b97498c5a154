"""The command that judges the register itself: check."""

import os
from pathlib import Path

import click

from dhrctl.cli.options import day_option, format_options, opened, screen, written
from dhrctl.errors import DhrError, Exit


@click.command(short_help="Say everything that is wrong with the register.")
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
@click.option("--quiet", is_flag=True, help="Only the count.")
@day_option
@format_options
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.pass_context
def check(
    ctx: click.Context,
    paths: tuple[str, ...],
    as_of: str | None,
    form: str,
    *,
    strict: bool,
    quiet: bool,
    as_json: bool,
) -> int:
    """Say everything that is wrong with the register, or with the files and folders named.

    \b
    Examples:
      dhrctl check
      dhrctl check register/reviews/middlesbrough-dhr-3
      dhrctl check --format json
    """
    from dhrctl import checks, reading, render, store
    from dhrctl.reports import verdict

    within = _chosen(paths, store.find(Path(ctx.find_root().obj)))
    session = opened(ctx, as_of, thorough=True)
    judged = reading.located(checks.findings(session.reading.register, session.day), session.tree)
    found = [finding for finding in (*session.reading.findings, *judged) if _lies_in(finding.path, within)]
    files = sum(_lies_in(path, within) for path in session.reading.paths)
    if not files:
        message = "there is no file of the register there; name a file or folder under register/"
        raise DhrError(message, Exit.NOTHING)
    report = verdict.checked(found, files, session.day, session.tree.commit)
    if quiet and form == "table" and not as_json:
        written(f"{report.closing[0]}\n")
    else:
        written(render.FORMATS["json" if as_json else form](report, screen()))
    wrong = ("error", "warning") if strict else ("error",)
    failed = any(finding.rule.severity in wrong and not finding.waived for finding in found)
    return Exit.FINDINGS if failed else Exit.FINE


def _chosen(paths: tuple[str, ...], root: Path) -> tuple[str, ...]:
    """Return the paths that were named (from this folder, or from the register's) as the register's own are."""
    chosen = []
    for path in paths:
        found = next((full for full in (Path(path).absolute(), root / path) if os.path.lexists(full)), None)
        if found is None:
            message = f"there is no {path}; name a file or folder under register/"
            raise DhrError(message)
        plain = Path(os.path.normpath(found))
        full = plain.parent.resolve() / plain.name
        if not full.is_relative_to(root.resolve()):
            message = f"{path} does not belong to the register in {root}; name a file or folder under register/"
            raise DhrError(message)
        chosen.append(full.relative_to(root.resolve()).as_posix())
    return tuple(chosen)


def _lies_in(path: str, within: tuple[str, ...]) -> bool:
    return not within or any(folder in (".", path) or path.startswith(f"{folder}/") for folder in within)
