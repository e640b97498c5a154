"""The command that makes papers from templates: render."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dhrctl.cli.options import NEGATED, QueryCommand, at_option, audience_option, day_option, query_argument, root
from dhrctl.cli.session import Session, opened, seen_by, unread
from dhrctl.cli.streams import written
from dhrctl.errors import DhrError

if TYPE_CHECKING:
    from dhrctl.git.repository import Repo


@click.command(cls=QueryCommand, short_help="Write a paper from a template.")
@click.option("--out", "out", metavar="FILE", help="Where to write it (default: stdout); .html or .md says the format.")
@click.option("--format", "form", type=click.Choice(("md", "html")), help="Markdown or HTML (default: by FILE, or md).")
@click.option("--review", metavar="REVIEW", help="Only this review: the same as the word review:REVIEW.")
@click.option(
    "--agency", metavar="AGENCY", help="Only what this agency leads or supports; for agency, whose paper it is."
)
@click.option("--since", metavar="REV|DATE", help="For panel-pack: when the panel met last.")
@click.option("--templates", metavar="DIR", help="Look for templates in this folder first; they are not trusted.")
@day_option
@at_option
@audience_option
@click.argument("template", required=False)
@query_argument
@click.pass_context
def render(
    ctx: click.Context,
    template: str | None,
    query: tuple[str, ...],
    out: str | None,
    form: str | None,
    review: str | None,
    agency: str | None,
    since: str | None,
    templates: str | None,
    as_of: str | None,
    at: str | None,
    audience: str,
) -> int:
    """Write a paper from a template, as Markdown or as one HTML page; without a name, list the templates.

    \b
    Examples:
      dhrctl render summary
      dhrctl render action-plan review:dhr-3 --out plan.html
      dhrctl render agency --agency foundations
      dhrctl render recommendation dhr-3/5
      dhrctl render summary --audience public

    For a panel that met on 31 January 2026: dhrctl render panel-pack --since 2026-01-31
    """
    from dhrctl.cli.material import MADE, OWN, Wanted, named_agencies
    from dhrctl.model import query as select
    from dhrctl.render import formats as writers

    own = Path(templates) if templates else None
    offered = writers.purposes(MADE, own)
    if template is None:
        _list(offered)
        return 0
    template = _known(template.removeprefix(NEGATED), offered)
    if since and template != "panel-pack":
        message = f"{template} does not look back, so it takes no --since; leave it out, or render panel-pack"
        raise DhrError(message)
    suffix = form or suffix_of(out, ("md", "html"))
    repo = _prepared(ctx, at, since) if since else None
    session = seen_by(opened(ctx, as_of, at, repo=repo), audience)
    if review:
        query = (*query, f"review:{select.review(review, session.reading.register)}")
    agencies = () if agency is None else named_agencies(agency, session)
    wanted = Wanted(ctx=ctx, session=session, query=query, agencies=agencies, since=since or "")
    text = writers.paper(template, suffix, MADE.get(template, OWN)(wanted), own)
    put(text, out, session)
    return unread(session)


def _prepared(ctx: click.Context, at: str | None, since: str) -> "Repo":
    """Return the repository with all that a paper asks of it when it looks back."""
    from dhrctl.git.repository import Repo

    repo = Repo(root(ctx, past=at is not None))
    repo.prepare(*([at] if at else []), since, upto=at or "HEAD")
    return repo


def _list(offered: Mapping[str, str]) -> None:
    width = max(map(len, offered))
    for name, what in offered.items():
        click.echo(f"{name:<{width}}  {what}")


def _known(template: str, offered: Mapping[str, str]) -> str:
    """Return the name of a template; raise DhrError that names the nearest where there is none."""
    from dhrctl.text.suggest import did_you_mean

    if template in offered:
        return template
    known = ", ".join(offered)
    message = f'there is no template "{template}"{did_you_mean(template, offered)}; there are {known}'
    raise DhrError(message)


def suffix_of(out: str | None, known: tuple[str, ...]) -> str:
    """Return the format that a file's name says, the first where there is no file."""
    if out is None or out == "-":
        return known[0]
    name = Path(out).suffix.lower()
    suffix = {".htm": "html", ".markdown": "md"}.get(name, name.removeprefix("."))
    if suffix not in known:
        ends = " or ".join(f".{each}" for each in known)
        message = f"the name {out} does not say the format; end it in {ends}, or add --format"
        raise DhrError(message)
    return suffix


def put(text: str, out: str | None, session: Session) -> None:
    """Write a paper to a file, or to stdout where none is named."""
    from dhrctl.storage import disk

    if out and out != "-":
        disk.write(Path(out), text, session.root)
    else:
        written(text)
