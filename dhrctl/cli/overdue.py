"""The command that lists what is overdue, worst first: overdue."""

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
from dhrctl.errors import Exit, FieldRefused


@click.command(cls=QueryCommand, epilog=QUERY_HELP, short_help="List what is overdue, worst first.")
@click.option("--within", metavar="30d", help="Also what falls due within so many days (d), weeks (w) or months (m).")
@click.option("--fail", is_flag=True, help="Exit with 1 if anything is found.")
@day_option
@at_option
@format_options
@query_argument
@click.pass_context
def overdue(
    ctx: click.Context,
    query: tuple[str, ...],
    within: str | None,
    as_of: str | None,
    at: str | None,
    form: str,
    *,
    fail: bool,
    as_json: bool,
) -> int:
    """List what is overdue, worst first: whose it is, and for how many days.

    \b
    Examples:
      dhrctl overdue
      dhrctl overdue --within 30d agency:foundations
      dhrctl overdue --as-of 2022-02-01 --format csv
    """
    from dhrctl.model import dates
    from dhrctl.model.query import needs_first_targets
    from dhrctl.reports import answers

    for_programs = as_json or form in ("json", "jsonl", "csv")  # the others show no flags
    slips = for_programs or needs_first_targets(query)
    session = open_session(find_environment(ctx), parse_day(as_of), at, slips=slips)
    try:
        last_day = dates.end_of_span(within, session.day) if within is not None else None
    except ValueError as error:
        raise FieldRefused(str(error), field="within") from None
    report = answers.overdue(ask(session, lambda: apply_query(session, query)), last_day)
    code = answer(report, form, session, as_json=as_json)
    return Exit.FINDINGS if fail and report.facts["count"] else code
