"""The command that shows one recommendation whole: show."""

import click

from dhrctl.app.answers import show_recommendation
from dhrctl.app.session import open_session
from dhrctl.cli.answer import answer, ask
from dhrctl.cli.options import at_option, day_option, find_environment, format_options, parse_day


@click.command()
@click.argument("identity", metavar="ID")
@day_option
@at_option
@format_options
@click.pass_context
def show(ctx: click.Context, identity: str, as_of: str | None, at: str | None, form: str, *, as_json: bool) -> int:
    """Show one recommendation whole, with its updates.

    Any part of an ID serves that can mean only one recommendation.

    \b
    Examples:
      dhrctl show middlesbrough-dhr-3/05
      dhrctl show dhr-3/5
    """
    from dhrctl.model import query

    session = open_session(find_environment(ctx), parse_day(as_of), at, slips=False)
    record = ask(session, lambda: query.find_recommendation(identity, session.register))
    return answer(show_recommendation(session, record), form, session, as_json=as_json)
