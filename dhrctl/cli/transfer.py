"""The command that hands over the work of an agency that ends: transfer."""

from typing import TYPE_CHECKING

import click

from dhrctl.cli.change import ChangeRequest, carry_out, change_options
from dhrctl.cli.options import parse_day, today
from dhrctl.cli.streams import find_screen

if TYPE_CHECKING:
    from dhrctl.app.session import Session
    from dhrctl.edits.changeset import Changeset


@click.command(short_help="Hand over the work of an agency that ends.")
@click.argument("old", metavar="FROM")
@click.argument("new", metavar="TO")
@click.option("--on", required=True, metavar="DATE", help="The day from which FROM no longer exists, YYYY-MM-DD.")
@click.option("--note", default="", metavar="TEXT", help="How the work passes over; it is the reason of each update.")
@change_options
@click.pass_context
def transfer(ctx: click.Context, how: ChangeRequest, old: str, new: str, on: str, note: str) -> int:
    """Record that an agency ended, and who took over: its file, and each open recommendation that it leads.

    \b
    Example:
      dhrctl transfer tees-valley-ccg north-east-and-north-cumbria-icb --on 2022-07-01
    """
    from dhrctl.app.transfer import TransferOptions, preview_transfer, transfer_work

    options = TransferOptions(old=old, new=new, since=parse_day(on, "ended") or today(), note=note)

    def show(_: "Changeset", session: "Session") -> str:
        from dhrctl.render import formats

        return formats.FORMATS["table"](preview_transfer(options, session), find_screen()).rstrip()

    return carry_out(ctx, lambda session: transfer_work(options, session), how, show=show)
