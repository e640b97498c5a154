"""The command that takes an update in: who reports what of which recommendations."""

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from dhrctl.cli import ask
from dhrctl.cli.change import How, carried_out, change_options
from dhrctl.cli.options import judged_on, protected_names
from dhrctl.cli.session import Session, asked, opened
from dhrctl.errors import DhrError, Exit
from dhrctl.model.records import Assurance, Recommendation, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dhrctl.cli.reported import Given
    from dhrctl.edits.changeset import Change

NO_NAMES = "Name roles, not people: nothing about the family or staff may be recognised."
_STATUSES = tuple(map(str, Status))
_ASSURANCES = tuple(map(str, Assurance))
_HOW_WELL = "How well it is known that it was done."


@click.command(short_help="Take in what an agency reports, and apply it.")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--all", "query", metavar="QUERY", help="Every recommendation that matches, as for list.")
@click.option("--agency", default="", metavar="AGENCY", help="Who reports (default: the one agency that leads).")
@click.option("--by", default="", metavar="ROLE", help="The role of who reports.")
@click.option("--text", default="", metavar="TEXT", help="What has happened.")
@click.option("--editor", is_flag=True, help="Write the text in your editor.")
@click.option("--status", type=click.Choice(_STATUSES), metavar="STATUS", help="The new status.")
@click.option("--target", default="", metavar="DATE", help="The new target date; a later one needs --reason.")
@click.option("--reason", default="", metavar="TEXT", help="Why the date, the status or the lead changes.")
@click.option("--completed", default="", metavar="DATE", help="When it was completed.")
@click.option("--evidence", multiple=True, metavar="KIND:TITLE[:URL]", help="What shows it (may be repeated).")
@click.option("--assurance", type=click.Choice(_ASSURANCES), metavar="WORD", help=_HOW_WELL)
@click.option("--lead", "leads", multiple=True, metavar="AGENCY", help="Who leads from now on (may be repeated).")
@click.option("--on", metavar="DATE", help="The day of the report, YYYY-MM-DD (default: today).")
@change_options
@click.pass_context
def update(
    ctx: click.Context,
    /,
    how: How,
    ids: tuple[str, ...],
    query: str | None,
    on: str | None,
    *,
    editor: bool,
    **said: Any,  # noqa: ANN401 - the other options, as Given holds them
) -> int:
    """Take in what an agency reports of recommendations: add the update, and apply what it says.

    On a terminal, what is missing is asked for.

    \b
    Examples:
      dhrctl update dhr-3/5 --agency foundations --text "Training was held."
      dhrctl update dhr-3/5 --status complete --completed 2026-10 \\
        --evidence "audit:Training records" --text "All staff were trained."
      dhrctl update --all "agency:foundations is:stale"
    """
    from dhrctl.cli.questions import answered
    from dhrctl.cli.reported import Given, refuse_incomplete, update_of
    from dhrctl.edits.update import updated

    texts: dict[str, Any] = {name: "" if value is None else value for name, value in said.items()}
    given = Given(day=judged_on(on, "--on"), **texts)
    if editor:
        given = replace(given, text=_edited(given.text))
    session = opened(ctx, None)
    records = _chosen(ids, query, session)
    asking = ask.possible(no_input=how.no_input) and not how.dry_run
    if asking:
        ask.note(NO_NAMES)
        given = answered(given, records, session)
    refuse_incomplete(given, records)

    def make(session: Session) -> "Change":
        now = {record.id: record for record in session.reading.register.recommendations}
        updates = [update_of(given, now[record.id], session) for record in records if record.id in now]
        return updated(updates, now, session.tree)

    try:
        if asking or len(records) > 1:
            return carried_out(ctx, make, how, show=_shown)
        return carried_out(ctx, make, how, session=None if how.dry_run else session)
    except DhrError:
        if asking or editor:
            _give_back(given, records, session)
        raise


def _chosen(ids: tuple[str, ...], query: str | None, session: Session) -> "Sequence[Recommendation]":
    """Return the recommendations that are named, or that a query finds."""
    from dhrctl.model import query as select

    if bool(ids) == (query is not None):
        message = "name the recommendations by their ids, or all that match with --all QUERY"
        raise DhrError(message)
    if query is None:
        found = [select.recommendation(word, session.reading.register) for word in ids]
        return tuple({record.id: record for record in found}.values())
    matching = tuple(judged.record for judged in asked(session, _words(query)).judged)
    if not matching:
        message = f'no recommendation matches "{query}"; see them all with: dhrctl list'
        raise DhrError(message)
    return matching


def _words(query: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(query))
    except ValueError:
        message = f"a quotation mark is not closed in the query {query}; close it, or take it out"
        raise DhrError(message) from None


def _edited(text: str) -> str:
    """Return a text as it leaves the person's editor."""
    try:
        written = click.edit(f"{text}\n\n# What has happened? {NO_NAMES}\n# Lines that begin with # are left out.\n")
    except (click.ClickException, UnicodeDecodeError) as error:
        message = f"the editor gave no text ({error}); have VISUAL name one that does, or use --text"
        raise DhrError(message, Exit.ENVIRONMENT) from None
    lines = [line for line in (written or "").split("\n") if not line.startswith("#")]
    return "\n".join(lines).strip()


def _give_back(given: "Given", records: "Sequence[Recommendation]", session: Session) -> None:
    """Say what a person has typed as the command to go on from, unless nothing of it may be shown."""
    from dhrctl.checks.commits import in_message
    from dhrctl.checks.safety import protected_name
    from dhrctl.cli.reported import command
    from dhrctl.text.escape import visible

    again = command(given, [record.id for record in records])
    if not in_message(again, protected_name(protected_names(session.root))):
        ask.note("What you answered, as a command to go on from:")
        click.echo(visible(again), err=True)  # on one line, however long: it is to be pasted


def _shown(change: "Change", _: Session) -> str:
    return "\n".join(change.said)
