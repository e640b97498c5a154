"""The command that writes the register as a file that other programs open: export."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dhrctl.app.session import open_session
from dhrctl.cli.answer import ask, tell_unread
from dhrctl.cli.options import (
    QueryCommand,
    at_option,
    audience_option,
    day_option,
    find_environment,
    parse_day,
    query_argument,
)
from dhrctl.cli.streams import write_answer
from dhrctl.errors import DhrError

if TYPE_CHECKING:
    from dhrctl.export.formats import Format


@click.command(cls=QueryCommand, short_help="Write a file that other programs open.")
@click.option("--out", "out", metavar="FILE", help="Where to write it; - is stdout, for a format that is text.")
@day_option
@at_option
@audience_option
@click.argument("form", metavar="[FORMAT]", required=False)
@query_argument
@click.pass_context
def export(
    ctx: click.Context,
    form: str | None,
    query: tuple[str, ...],
    out: str | None,
    as_of: str | None,
    at: str | None,
    audience: str,
) -> int:
    """Write the register as a file that other programs open; without a format, list the formats.

    \b
    Examples:
      dhrctl export xlsx --out plan.xlsx
      dhrctl export ics agency:anytown-police --out police.ics
      dhrctl export sqlite --audience public --out register.db
    """
    from dhrctl.app.export import export_register, find_format
    from dhrctl.export.formats import FILES
    from dhrctl.storage import disk

    if form is None:
        for name, known in FILES.items():
            click.echo(f"{name:<8}  {known.what}")
        return 0
    chosen = find_format(form)
    where = _find_place(form, chosen, out)
    session = open_session(find_environment(ctx), parse_day(as_of), at, slips=not chosen.past)
    content = ask(session, lambda: export_register(session, chosen, query, audience))
    if where:
        disk.write_output(where, content, session.root)
    else:
        from dhrctl.text.escape import escape_commands

        write_answer(escape_commands(content.decode()))
    return tell_unread(session)


def _find_place(form: str, chosen: "Format", out: str | None) -> Path | None:
    """Return where a file is to be put, or None for stdout; raise DhrError where none is named, or none can be used."""
    if out is None:
        message = f"say where to write it: --out FILE.{form}{', or --out - for standard output' if chosen.text else ''}"
        raise DhrError(message)
    if out == "-" and not chosen.text:
        message = f"{form} is not text, so it is not written to standard output; name a file: --out FILE.{form}"
        raise DhrError(message)
    return None if out == "-" else Path(out)
