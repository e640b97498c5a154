"""The command that shows how far target dates moved: slippage."""

import click

from dhrctl.app.history import measure_slippage
from dhrctl.app.session import open_session
from dhrctl.cli.answer import answer, ask
from dhrctl.cli.options import (
    QueryCommand,
    at_option,
    day_option,
    find_environment,
    format_options,
    parse_day,
    query_argument,
)


@click.command(cls=QueryCommand, short_help="Show how far target dates moved.")
@day_option
@at_option
@format_options
@query_argument
@click.pass_context
def slippage(
    ctx: click.Context, query: tuple[str, ...], as_of: str | None, at: str | None, form: str, *, as_json: bool
) -> int:
    """Show how far target dates moved from the first that was recorded, by recommendation, agency and review.

    \b
    Examples:
      dhrctl slippage
      dhrctl slippage review:dhr-3 --format csv
    """
    session = open_session(find_environment(ctx), parse_day(as_of), at, slips=False)
    report = ask(session, lambda: measure_slippage(session, query))
    return answer(report, form, session, as_json=as_json)
