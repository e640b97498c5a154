"""The command that says what is wrong with the set-up, and fixes what is safe to fix."""

import click

from dhrctl.cli.answer import write_report
from dhrctl.cli.options import find_environment, format_options, split_error
from dhrctl.errors import Exit


@click.command(short_help="Say what is wrong with the set-up.")
@click.option("--fix", is_flag=True, help="Fix what is safe to fix, and say what was done.")
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
    from dhrctl.app.doctor import ask_git, fix_setup, inspect_setup
    from dhrctl.reports.setup import PartState, report_setup

    environment = find_environment(ctx)
    git = ask_git(environment, history=not fix)
    if fix:
        git = fix_setup(environment, git, "dhrctl doctor --fix")
    lines = tuple(inspect_setup(environment, git, split_error))
    write_report(report_setup(lines, environment.today), form, as_json=as_json)
    return Exit.FINDINGS if any(line.state is PartState.ERROR for line in lines) else Exit.FINE
