"""The command that shows every change of one recommendation: history."""

import click

from dhrctl.app.history import open_history, tell_history
from dhrctl.cli.answer import answer, ask
from dhrctl.cli.options import at_option, day_option, find_environment, format_options, parse_day


@click.command(short_help="Show every change of one recommendation.")
@click.argument("identity", metavar="ID")
@click.option("--authors", is_flag=True, help="Name the authors of the commits, with their addresses.")
@day_option
@at_option
@format_options
@click.pass_context
def history(
    ctx: click.Context, identity: str, as_of: str | None, at: str | None, form: str, *, authors: bool, as_json: bool
) -> int:
    """Show every change of one recommendation, from git and its updates, oldest first.

    \b
    Examples:
      dhrctl history middlesbrough-dhr-3/05
      dhrctl history dhr-3/5 --json
    """
    session = open_history(find_environment(ctx), identity, parse_day(as_of), at)
    report = ask(session, lambda: tell_history(session, identity, authors=authors))
    return answer(report, form, session, as_json=as_json)
