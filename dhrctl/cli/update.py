"""The command that takes an update in: who reports what of which recommendations."""

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from dhrctl.app.session import Session, apply_query, open_session
from dhrctl.cli import prompts
from dhrctl.cli.answer import ask
from dhrctl.cli.change import ChangeRequest, carry_out, change_options, complete_earlier
from dhrctl.cli.options import find_environment, parse_day, today
from dhrctl.cli.streams import tell, write_note
from dhrctl.errors import DhrError, Exit
from dhrctl.model.records import Assurance, Recommendation, Status
from dhrctl.storage import ledger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dhrctl.app.update import UpdateOptions
    from dhrctl.edits.changeset import Changeset

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
@click.option(
    "--target", "target_date", default="", metavar="DATE", help="The new target date; a later one needs --reason."
)
@click.option("--reason", default="", metavar="TEXT", help="Why the date, the status or the lead changes.")
@click.option("--completed", "completion_date", default="", metavar="DATE", help="When it was completed.")
@click.option("--evidence", multiple=True, metavar="KIND:TITLE[:URL]", help="What shows it (may be repeated).")
@click.option("--assurance", type=click.Choice(_ASSURANCES), metavar="WORD", help=_HOW_WELL)
@click.option(
    "--lead", "lead_agencies", multiple=True, metavar="AGENCY", help="Who leads from now on (may be repeated)."
)
@click.option("--repeat", is_flag=True, help="Add it, though the same agency said the same on that day.")
@click.option("--on", metavar="DATE", help="The day of the report, YYYY-MM-DD (default: today).")
@change_options
@click.pass_context
def update(
    ctx: click.Context,
    /,
    how: ChangeRequest,
    ids: tuple[str, ...],
    query: str | None,
    on: str | None,
    *,
    editor: bool,
    **said: Any,  # noqa: ANN401 - the other options, as UpdateOptions holds them
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
    from dhrctl.app.update import UpdateOptions, make_updates, refuse_incomplete
    from dhrctl.cli.questions import ask_update

    given: dict[str, Any] = {name: "" if value is None else value for name, value in said.items()}
    options = UpdateOptions(day=parse_day(on, "date") or today(), **given)
    if editor:
        options = replace(options, text=_edit(options.text))
    if complete_earlier(ctx, how, _describe_request(ids, query, options)):
        return Exit.FINE
    session = open_session(find_environment(ctx))
    records = _choose(ids, query, session)
    asking = prompts.can_ask(no_input=how.no_input) and not how.dry_run
    if asking:
        prompts.note(NO_NAMES)
        options = ask_update(options, records, session)
    refuse_incomplete(options, records)
    make = make_updates(options, [record.id for record in records])
    request = _describe_request(ids, query, options)
    try:
        if asking or len(records) > 1:
            return carry_out(ctx, make, how, show=_show, request=request)
        return carry_out(ctx, make, how, session=None if how.dry_run else session, request=request)
    except DhrError:
        if (asking or editor) and ledger.untouched():  # what is written is not to be given twice
            _give_back(options, records, session)
        raise


def _describe_request(ids: tuple[str, ...], query: str | None, options: "UpdateOptions") -> str:
    return f"{ids} {query!r} {write_command(options, [])}"


def _choose(ids: tuple[str, ...], words: str | None, session: Session) -> "Sequence[Recommendation]":
    """Return the recommendations that are named, or that a query finds."""
    from dhrctl.model import query

    if bool(ids) == (words is not None):
        message = "name the recommendations by their ids, or all that match with --all QUERY"
        raise DhrError(message)
    if words is None:
        found = [query.find_recommendation(word, session.register) for word in ids]
        return tuple({record.id: record for record in found}.values())
    parts = _split(words)
    view = ask(session, lambda: apply_query(session, parts))
    for note in view.notes:
        tell(note.text)
    matching = tuple(judged.record for judged in view.judged)
    if not matching:
        message = f'no recommendation matches "{words}"; see them all with: dhrctl list'
        raise DhrError(message)
    return matching


def _split(words: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(words))
    except ValueError:
        message = f"a quotation mark is not closed in the query {words}; close it, or take it out"
        raise DhrError(message) from None


def _edit(text: str) -> str:
    """Return a text as it leaves the person's editor."""
    try:
        written = click.edit(f"{text}\n\n# What has happened? {NO_NAMES}\n# Lines that begin with # are left out.\n")
    except (click.ClickException, UnicodeDecodeError) as error:
        message = f"the editor gave no text ({error}); have VISUAL name one that does, or use --text"
        raise DhrError(message, Exit.ENVIRONMENT) from None
    lines = [line for line in (written or "").split("\n") if not line.startswith("#")]
    return "\n".join(lines).strip()


def _give_back(options: "UpdateOptions", records: "Sequence[Recommendation]", session: Session) -> None:
    """Say what a person has typed as the command to go on from, unless nothing of it may be shown."""
    from dhrctl.checks.commits import scan_message
    from dhrctl.checks.safety import protected_name
    from dhrctl.text.escape import escape_hidden

    again = write_command(options, [record.id for record in records])
    if not scan_message(again, protected_name(session.environment.read_protected_names(session.root))):
        prompts.note("What you answered, as a command to go on from:")
        write_note(escape_hidden(again))  # on one line, however long: it is to be pasted


def write_command(given: "UpdateOptions", ids: "Sequence[str]") -> str:
    """Return the command that says of these recommendations what is given, for a shell."""
    said = {
        "agency": given.agency,
        "by": given.by,
        "text": given.text,
        "status": given.status,
        "target": given.target_date,
        "reason": given.reason,
        "completed": given.completion_date,
        "assurance": given.assurance,
        "on": str(given.day),
    }
    options = [(name, value) for name, value in said.items() if value]
    repeated = ("--repeat",) if given.repeat else ()
    options += [("evidence", each) for each in given.evidence] + [("lead", each) for each in given.lead_agencies]
    return shlex.join(
        ["dhrctl", "update", *ids, *(part for name, value in options for part in (f"--{name}", value)), *repeated]
    )


def _show(change: "Changeset", _: Session) -> str:
    return "\n".join(change.effects)
