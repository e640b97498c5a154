"""The command that counts over time: burndown."""

import click

from dhrctl.app.history import PERIODS, count_over_time
from dhrctl.cli.answer import write_report
from dhrctl.cli.options import at_option, day_option, find_environment, format_options, parse_day


@click.command(short_help="Show how many were open, overdue, complete over time.")
@click.option("--by", type=click.Choice(tuple(PERIODS)), default="month", help="How long a period is (default: month).")
@click.option("--since", metavar="DATE", help="From that day on, YYYY-MM-DD (default: the first commit).")
@day_option
@at_option
@format_options
@click.pass_context
def burndown(
    ctx: click.Context, by: str, since: str | None, as_of: str | None, at: str | None, form: str, *, as_json: bool
) -> int:
    """Show how many recommendations were open, overdue, complete and undated at the end of each whole period.

    \b
    Examples:
      dhrctl burndown
      dhrctl burndown --by quarter --since 2024-01-01 --format csv
    """
    start = parse_day(since, "since")
    report = count_over_time(find_environment(ctx), by, start, parse_day(as_of), at)
    return write_report(report, form, as_json=as_json)
