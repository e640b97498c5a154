"""The command that reminds agencies of what they owe: digest."""

from pathlib import Path

import click

from dhrctl.app.session import open_session, restrict_audience
from dhrctl.cli.answer import tell_unread
from dhrctl.cli.options import at_option, audience_option, day_option, find_environment, parse_day
from dhrctl.cli.output import find_suffix, write_document
from dhrctl.errors import DhrError

FORMATS = ("md", "html", "eml")


@click.command(short_help="Say what each agency owes, with the words to reply with.")
@click.option("--agency", metavar="AGENCY", help="Only for this agency, or for those that took over from it.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="How to write it (default: by FILE, or md).")
@click.option("--out", "out", metavar="FILE|DIR", help="Where to write it; into a folder, one file for each agency.")
@click.option(
    "--limit", type=click.IntRange(min=1), metavar="N", help="Leave out agencies beyond so many characters (md)."
)
@day_option
@at_option
@audience_option
@click.pass_context
def digest(
    ctx: click.Context,
    agency: str | None,
    form: str | None,
    out: str | None,
    limit: int | None,
    as_of: str | None,
    at: str | None,
    audience: str,
) -> int:
    """Say what each agency owes: what is overdue, falls due, has no date or no recent update, and how to reply.

    \b
    Examples:
      dhrctl digest
      dhrctl digest --agency foundations --out foundations.eml
      dhrctl digest --format html --audience public
    """
    from dhrctl.app.digest import write_digest, write_digests

    session = restrict_audience(open_session(find_environment(ctx), parse_day(as_of), at), audience)
    into = Path(out) if out and Path(out).is_dir() else None
    suffix = form or find_suffix(None if into else out, FORMATS)
    if limit and (into or suffix != "md"):
        message = "--limit is for one Markdown text; leave it out, or write one with --format md"
        raise DhrError(message)
    if into:
        for name, text in write_digests(session, agency, suffix).items():
            write_document(text, str(into / f"{name}.{suffix}"), session)
    else:
        write_document(write_digest(session, agency, suffix, limit), out, session)
    return tell_unread(session)
