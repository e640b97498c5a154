"""The command that says what is wrong with the set-up, and mends what is safe to mend."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dhrctl.cli.answer import told
from dhrctl.cli.options import format_options, judged_on
from dhrctl.cli.streams import aside
from dhrctl.errors import DhrError, Exit

if TYPE_CHECKING:
    from dhrctl.cli.setup import Git


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
    git = setup.asked_git(start)
    if fix:
        git = _mend(start, git)
    lines = tuple(setup.lines(start, git))
    told(report(lines, judged_on(None)), form, as_json=as_json)
    return Exit.FINDINGS if any(line.state is State.ERROR for line in lines) else Exit.FINE


def _mend(start: Path, git: "Git") -> "Git":
    """Finish what is unfinished, take away what is left over, and install the merge driver; say so on stderr.

    Return what git says then.
    """
    from dhrctl.git import setup
    from dhrctl.storage import atomic, disk, transaction
    from dhrctl.text.english import plural

    try:
        root = disk.find(start)
    except DhrError:  # which the answer says
        return git
    left = len(atomic.left_over(root))
    with transaction.locked(root, "dhrctl doctor --fix", aside):
        atomic.sweep(root, age=0)
    if left:
        aside(f"took {plural(left, 'temporary file')} away")
    if isinstance(git.clone, DhrError) or git.clone.merges:
        return git
    clone = setup.install(root, git.clone)
    aside("git merges records field by field from now on, in this clone")
    return replace(git, clone=clone)
