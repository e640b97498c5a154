"""The command that shows what changed between two revisions or days: diff."""

import click

from dhrctl.app.history import GROUPS, compare_sessions, open_session_pair
from dhrctl.cli.answer import answer, tell_unread
from dhrctl.cli.options import day_option, find_environment, format_options, parse_day


@click.command(short_help="Show what changed between two revisions or days.")
@click.argument("old", metavar="FROM")
@click.argument("new", metavar="[TO]", required=False)
@click.option("--by", type=click.Choice(GROUPS), default="review", help="What to group by (default: review).")
@day_option
@format_options
@click.pass_context
def diff(ctx: click.Context, old: str, new: str | None, by: str, as_of: str | None, form: str, *, as_json: bool) -> int:
    """Show what changed between two revisions or days; without TO, until the files as they are now.

    \b
    Examples:
      dhrctl diff 2026-01-31
      dhrctl diff 2026-01-31 2026-04-30 --by agency
      dhrctl diff main --format md
    """
    before, after = open_session_pair(find_environment(ctx), old, new, parse_day(as_of))
    report = compare_sessions(before, after, by)
    code = tell_unread(before, of_past=False)
    return max(answer(report, form, after, as_json=as_json), code)
