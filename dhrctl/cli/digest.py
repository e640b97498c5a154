"""The command that reminds agencies of what they owe: digest."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dhrctl.cli.options import at_option, audience_option, day_option
from dhrctl.cli.papers import put, suffix_of
from dhrctl.cli.session import opened, seen_by, unread
from dhrctl.cli.streams import aside
from dhrctl.errors import DhrError

if TYPE_CHECKING:
    from dhrctl.reports.rows import Asked
    from dhrctl.table import Report

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
    from dhrctl.cli.material import named_agencies, whole
    from dhrctl.reports import owed

    session = seen_by(opened(ctx, as_of, at), audience)
    about = whole(session)
    agencies = owed.due(about) if agency is None else named_agencies(agency, session)
    into = Path(out) if out and Path(out).is_dir() else None
    suffix = form or suffix_of(None if into else out, FORMATS)
    if limit and (into or suffix != "md"):
        message = "--limit is for one Markdown text; leave it out, or write one with --format md"
        raise DhrError(message)
    if into:
        for name in _written(agencies, about):
            put(_paper((owed.agency(name, about),), suffix), str(into / f"{name}.{suffix}"), session)
        return unread(session)
    first = (owed.overview(about),) if agency is None else ()
    reports = (*first, *(owed.agency(name, about) for name in agencies))
    if suffix == "eml" and len(reports) != 1:
        message = "an e-mail is for one agency; name it with --agency, or name a folder for all of them with --out"
        raise DhrError(message)
    text = _within([_paper((report,), suffix) for report in reports], limit) if limit else _paper(reports, suffix)
    put(text, out, session)
    return unread(session)


def _written(agencies: Sequence[str], about: "Asked") -> list[str]:
    """Return the agencies that a file can be named for; say on stderr which have none."""
    known = [agency for agency in agencies if agency in about.register.agencies]
    for agency in agencies:
        if agency not in known:
            aside(f"nothing is written for {agency!r}, which has no file in register/agencies/")
    return known


def _paper(reports: "tuple[Report, ...]", suffix: str) -> str:
    from dhrctl.render import formats

    if suffix != "eml":
        return formats.paper("agency", suffix, reports)
    text, html = (formats.paper("agency", each, reports) for each in ("txt", "html"))
    return formats.eml(reports[0].title, text, html, reports[0].as_of)


def _within(parts: Sequence[str], limit: int) -> str:
    """Join as many parts as fit into so many characters, and say how many do not."""
    from dhrctl.text.english import plural

    for count in range(len(parts), 0, -1):
        left = len(parts) - count
        rest = (
            f"Not all fits here: {plural(left, 'more agency', 'more agencies')}. See them all with: dhrctl digest\n"
            if left
            else ""
        )
        text = "".join((*parts[:count], rest))
        if len(text) <= limit:
            return text
    return "Nothing fits here. See it all with: dhrctl digest\n"[:limit]
