"""The command that makes papers and pages from templates: render."""

from pathlib import Path

import click

from dhrctl.cli.options import (
    NEGATED,
    QueryCommand,
    asked,
    at_option,
    audience_option,
    day_option,
    opened,
    query_argument,
    seen_by,
    unread,
    written,
)
from dhrctl.errors import DhrError


@click.command(cls=QueryCommand, short_help="Write a paper from a template.")
@click.option("--out", "out", metavar="FILE", help="Where to write it (default: stdout); .html or .md says the format.")
@click.option("--format", "form", type=click.Choice(("md", "html")), help="Markdown or HTML (default: by FILE, or md).")
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
    as_of: str | None,
    at: str | None,
    audience: str,
) -> int:
    """Write a paper from a template, as Markdown or as one HTML page; without a name, list the templates.

    \b
    Examples:
      dhrctl render summary
      dhrctl render action-plan review:dhr-3 --out plan.html
      dhrctl render summary --audience public
    """
    from dhrctl import store
    from dhrctl.nearest import did_you_mean
    from dhrctl.render import PAPERS, paper
    from dhrctl.reports import papers as reports

    if template is None:
        for name, what in PAPERS.items():
            click.echo(f"{name:<12}  {what}")
        return 0
    template = template.removeprefix(NEGATED)
    if template not in PAPERS:
        known = ", ".join(PAPERS)
        message = f'there is no template "{template}"{did_you_mean(template, PAPERS)}; there are {known}'
        raise DhrError(message)
    session = seen_by(opened(ctx, as_of, at), audience)
    make = {"action-plan": reports.action_plan, "summary": reports.summary}[template]
    suffix = form or _suffix(out)
    text = paper(template, suffix, make(asked(session, query)))
    if out and out != "-":
        store.write(Path(out), text, session.root)
    else:
        written(text)
    return unread(session)


_SUFFIXES = {".html": "html", ".htm": "html", ".md": "md", ".markdown": "md"}


def _suffix(out: str | None) -> str:
    """Return the format that a file's name says."""
    if out is None or out == "-":
        return "md"
    suffix = _SUFFIXES.get(Path(out).suffix.lower())
    if suffix is None:
        message = f"the name {out} does not say the format; end it in .html or .md, or add --format"
        raise DhrError(message)
    return suffix
