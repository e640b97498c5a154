"""The command that lists the recommendations that match a query: list."""

import click

from dhrctl.app.session import apply_query, open_session
from dhrctl.cli.answer import answer, ask
from dhrctl.cli.options import (
    QUERY_HELP,
    QueryCommand,
    at_option,
    day_option,
    find_environment,
    format_options,
    parse_day,
    query_argument,
)


@click.command("list", cls=QueryCommand, epilog=QUERY_HELP, short_help="List the recommendations that match a query.")
@day_option
@at_option
@format_options
@query_argument
@click.pass_context
def list_(
    ctx: click.Context, query: tuple[str, ...], as_of: str | None, at: str | None, form: str, *, as_json: bool
) -> int:
    """List the recommendations that match a query; without one, all.

    \b
    Examples:
      dhrctl list agency:probation-service
      dhrctl list is:no-target-date -status:complete
      dhrctl list "risk assessment" --format csv
    """
    from dhrctl.reports import answers

    session = open_session(find_environment(ctx), parse_day(as_of), at)
    found = ask(session, lambda: apply_query(session, query))
    return answer(answers.list_recommendations(found), form, session, as_json=as_json)
