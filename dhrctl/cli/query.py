"""The commands that answer questions: status, overdue, list, show."""

import re
from dataclasses import replace
from datetime import date

import click

from dhrctl.cli.answer import answer
from dhrctl.cli.options import QueryCommand, at_option, day_option, format_options, query_argument
from dhrctl.cli.session import asked, opened, unread, versions_of
from dhrctl.errors import DhrError, Exit

_BY = ("review", "agency", "section", "status")
_QUERY_HELP = """\b
    QUERY words must all hold. Put - before one to mean "not", commas for "or":
      status:complete,in-progress   agency:foundations   lead:   review:dhr-3
      section:foundations   scope:national   level:   rag:red
      is:open|closed|overdue|due-soon|on-track|no-target-date|in-time|late
      is:slipped|stale|review-due|lead-ended|no-single-lead|not-known
      target:<2022-01   target:2021..2022   completed:>=2021-06
      -agency:ccg   "risk assessment"   (any other word is looked for in the text)
"""


@click.command(cls=QueryCommand, epilog=_QUERY_HELP)
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

    session = opened(ctx, as_of, at)
    return answer(counts.status(asked(session, query), by), form, session, as_json=as_json)


@click.command(cls=QueryCommand, epilog=_QUERY_HELP, short_help="List what is overdue, worst first.")
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
    from dhrctl.reports import answers

    for_programs = as_json or form in ("json", "jsonl", "csv")  # the others show no flags
    session = opened(ctx, as_of, at, slips=for_programs)
    last_day = _horizon(within, session.day)
    report = answers.overdue(asked(session, query), last_day)
    code = answer(report, form, session, as_json=as_json)
    return Exit.FINDINGS if fail and report.facts["count"] else code


def _horizon(within: str | None, day: date) -> date | None:
    if within is None:
        return None
    from dhrctl.model.dates import add_days, add_months

    match = re.fullmatch("([0-9]+)([dwm])", within)
    if match is None:
        message = f'--within: "{within}" is not a span; write it as 30d, 6w or 3m'
        raise DhrError(message)
    if len(match[1]) > len("9999"):
        message = f"--within: {within[:20]} is too long a span; write a number of at most 9999"
        raise DhrError(message)
    count, unit = int(match[1]), match[2]
    return add_months(day, count) if unit == "m" else add_days(day, count if unit == "d" else 7 * count)


@click.command("list", cls=QueryCommand, epilog=_QUERY_HELP)
@day_option
@at_option
@format_options
@query_argument
@click.pass_context
def listed(
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

    session = opened(ctx, as_of, at)
    return answer(answers.listed(asked(session, query)), form, session, as_json=as_json)


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
    from dhrctl.git import timelines
    from dhrctl.model import query
    from dhrctl.reports import answers, rows

    session = opened(ctx, as_of, at, slips=False)
    register = session.reading.register
    try:
        record = query.recommendation(identity, register)
    except DhrError:
        unread(session)
        raise
    known = {record.id: versions_of(record, session)}
    register = replace(register, first_targets=timelines.first_targets(known))
    found = rows.asked(register, session.day, lambda each, _: each is record, commit=session.tree.commit)
    return answer(answers.shown(found), form, session, as_json=as_json)
