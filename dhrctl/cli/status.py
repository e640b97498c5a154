"""The command that counts: status."""

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

_BY = ("review", "agency", "section", "status")


@click.command(cls=QueryCommand, epilog=QUERY_HELP)
@click.option("--by", type=click.Choice(_BY), default="review", help="What to count by (default: review).")
@day_option
@at_option
@format_options
@query_argument
@click.pass_context
def status(
    ctx: click.Context,
    query: tuple[str, ...] = (),
    by: str = "review",
    as_of: str | None = None,
    at: str | None = None,
    form: str = "table",
    as_json: bool = False,  # noqa: FBT001, FBT002 - click passes a flag
) -> int:
    """Count recommendations by status, timeliness and RAG.

    \b
    Examples:
      dhrctl status --by agency
      dhrctl status review:dhr-3 --json
    """
    from dhrctl.reports import counts

    session = open_session(find_environment(ctx), parse_day(as_of), at)
    found = ask(session, lambda: apply_query(session, query))
    return answer(counts.status(found, by), form, session, as_json=as_json)
