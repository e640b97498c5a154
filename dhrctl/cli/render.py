"""The command that makes documents from templates: render."""

from pathlib import Path

import click

from dhrctl.app.answers import find_agencies
from dhrctl.app.session import open_session, restrict_audience
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
from dhrctl.cli.output import find_suffix, write_document


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
    from dhrctl.app import documents
    from dhrctl.model.query import find_review

    own = Path(templates) if templates else None
    offered = documents.list_templates(own)
    if template is None:
        width = max(map(len, offered))
        for name, what in offered.items():
            click.echo(f"{name:<{width}}  {what}")
        return 0
    template = documents.find_template(template, offered)
    if since:
        documents.refuse_looking_back(template)
    suffix = form or find_suffix(out, ("md", "html"))
    day, environment = parse_day(as_of), find_environment(ctx)
    repo = documents.open_repo_for(environment, at, since) if since else None
    session = restrict_audience(open_session(environment, day, at, repo=repo), audience)
    if review:
        query = (*query, f"review:{find_review(review, session.register)}")
    agencies = () if agency is None else find_agencies(agency, session)
    request = documents.DocumentRequest(session=session, query=query, agencies=agencies, since=since or "")
    write_document(ask(session, lambda: documents.write_document(template, suffix, request, own)), out, session)
    return tell_unread(session)
