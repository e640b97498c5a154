"""The command that writes the register as a file that other programs open: export."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dhrctl.cli.options import NEGATED, QueryCommand, at_option, audience_option, day_option, query_argument
from dhrctl.cli.session import Session, opened, read_timelines, seen_by, unread, versions_seen, with_register
from dhrctl.cli.streams import aside, written
from dhrctl.errors import DhrError

if TYPE_CHECKING:
    from dhrctl.export.formats import Format, Timelines


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
    from dhrctl.cli.material import whole
    from dhrctl.export.formats import FILES
    from dhrctl.storage import disk

    if form is None:
        for name, known in FILES.items():
            click.echo(f"{name:<8}  {known.what}")
        return 0
    form = form.removeprefix(NEGATED)
    chosen = _format(form)
    where = _place(form, chosen, out)
    session = opened(ctx, as_of, at, slips=not chosen.past)
    session, versions = _with_past(session) if chosen.past else (session, {})
    session = seen_by(session, audience)
    content = chosen.write(whole(session, *query), versions_seen(session, versions))
    if where:
        disk.write(where, content, session.root)
    else:
        from dhrctl.text.escape import inert

        written(inert(content.decode()))
    return unread(session)


def _format(form: str) -> "Format":
    from dhrctl.export.formats import FILES
    from dhrctl.text.suggest import did_you_mean

    if form not in FILES:
        message = f'there is no format "{form}"{did_you_mean(form, FILES)}; there are {", ".join(FILES)}'
        raise DhrError(message)
    return FILES[form]


def _place(form: str, chosen: "Format", out: str | None) -> Path | None:
    """Return where a file is to be put, or None for stdout; raise DhrError where it is not said, or cannot be."""
    if out is None:
        message = f"say where to write it: --out FILE.{form}{', or --out - for standard output' if chosen.text else ''}"
        raise DhrError(message)
    if out == "-" and not chosen.text:
        message = f"{form} is not text, so it is not written to standard output; name a file: --out FILE.{form}"
        raise DhrError(message)
    return None if out == "-" else Path(out)


def _with_past(session: Session) -> "tuple[Session, Timelines]":
    """Return what git holds, and the register with its first targets; nothing where there is no git or no history."""
    from dhrctl.git import timelines

    try:
        known = read_timelines(session.repo(), session.tree.commit)
    except DhrError:
        aside("git knows nothing of this register here; what changed is told from its updates alone")
        return session, {}
    register = replace(session.reading.register, first_targets=timelines.first_targets(known))
    return with_register(session, register), known
