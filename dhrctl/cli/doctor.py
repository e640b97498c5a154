"""The command that says what is wrong with the set-up, and mends what is safe to mend."""

from pathlib import Path

import click

from dhrctl.cli.options import aside, format_options, judged_on, told
from dhrctl.errors import DhrError, Exit


@click.command(short_help="Say what is wrong with the set-up.")
@click.option("--fix", is_flag=True, help="Mend what is safe to mend, and say what was done.")
@format_options
@click.pass_context
def doctor(ctx: click.Context, form: str, *, fix: bool, as_json: bool) -> int:
    """Say what is wrong with the set-up: the program, git, the register, and what earlier commands left.

    With --fix, finish an unfinished change, take left-over files away, and have git merge the register's
    files with dhrctl.

    \b
    Examples:
      dhrctl doctor
      dhrctl doctor --fix
    """
    from dhrctl.cli import setup
    from dhrctl.reports.setup import State, report

    start = Path(ctx.find_root().obj)
    if fix:
        _mend(start)
    lines = tuple(setup.lines(start))
    told(report(lines, judged_on(None)), form, as_json=as_json)
    return Exit.FINDINGS if any(line.state is State.ERROR for line in lines) else Exit.FINE


def _mend(start: Path) -> None:
    """Finish what is unfinished, take away what is left over, and install the merge driver; say so on stderr."""
    from dhrctl import store, writer
    from dhrctl.reports.rows import plural

    try:
        root = store.find(start)
    except DhrError:  # which the answer says
        return
    left = len(writer.left_over(root))
    with writer.locked(root, "dhrctl doctor --fix", aside):
        writer.sweep(root, age=0)
    if left:
        aside(f"took {plural(left, 'temporary file')} away")
    _install(root)


def _install(root: Path) -> None:
    """Install the merge driver, where there is a repository for it."""
    from dhrctl.repo import Repo, setup

    try:
        Repo(root)
    except DhrError:  # which the answer says
        return
    if not setup.asked(root).merges:
        setup.install(root)
        aside("git merges records field by field from now on, in this clone")
