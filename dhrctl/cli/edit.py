"""The commands that correct a record and hand over an agency's work: set and transfer."""

from typing import TYPE_CHECKING

import click

from dhrctl.cli import ask
from dhrctl.cli.change import How, carried_out, change_options, unexplained, wrong
from dhrctl.cli.options import judged_on
from dhrctl.cli.session import Session
from dhrctl.cli.streams import screen
from dhrctl.errors import DhrError, Exit

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from dhrctl.edits.changeset import Change
    from dhrctl.findings.finding import Finding
    from dhrctl.model.records import Agency


def _completing(_: click.Context, __: click.Parameter, begun: str) -> "list[CompletionItem]":
    """Complete the name of a field, and its words where they are a fixed list."""
    from click.shell_completion import CompletionItem

    from dhrctl.edits import set_field

    field, equals, word = begun.partition("=")
    if not equals:
        return [CompletionItem(f"{name}=") for name in set_field.fields() if name.startswith(field)]
    known = set_field.words_of(field) if field in set_field.fields() else ()
    return [CompletionItem(f"{field}={each}") for each in known if each.startswith(word)]


@click.command("set", short_help="Correct fields of a recommendation.")
@click.argument("identity", metavar="ID")
@click.argument("words", nargs=-1, required=True, metavar="FIELD=VALUE...", shell_complete=_completing)
@change_options
@click.pass_context
def set_(ctx: click.Context, how: How, identity: str, words: tuple[str, ...]) -> int:
    """Correct fields of a recommendation, as where a plan was copied wrongly.

    A list is given by commas, an entry of it by its number; an empty value takes a field out. What an
    agency reports is an update: see dhrctl update.

    \b
    Examples:
      dhrctl set dhr-3/5 target_date=2026-09 level=single-agency
      dhrctl set dhr-3/5 supporting_agencies=foundations,probation-service
      dhrctl set dhr-3/5 actions.1.status=complete review_date=
    """

    def make(session: Session) -> "Change":
        from dhrctl.edits.set_field import assigned
        from dhrctl.model import query

        register = session.reading.register
        record = query.recommendation(identity, register)
        return assigned(record, words, lambda word: query.agency(word, register), session.tree)

    return carried_out(ctx, make, how, refused_for=(wrong,), warned_of=(_to_explain,))


def _to_explain(change: "Change", before: Session, after: Session) -> "tuple[Finding, ...]":
    """Return what no update explains, and say how it would be explained."""
    found = unexplained(change, before, after)
    if found:
        ask.note("dhrctl: corrected all the same; to have it explained, report it with: dhrctl update")
    return found


@click.command(short_help="Hand over the work of an agency that ends.")
@click.argument("old", metavar="FROM")
@click.argument("new", metavar="TO")
@click.option("--on", required=True, metavar="DATE", help="The day from which FROM no longer exists, YYYY-MM-DD.")
@click.option("--note", default="", metavar="TEXT", help="How the work passes over; it is the reason of each update.")
@change_options
@click.pass_context
def transfer(ctx: click.Context, how: How, old: str, new: str, on: str, note: str) -> int:
    """Record that an agency ended, and who took over: its file, and each open recommendation that it leads.

    \b
    Example:
      dhrctl transfer tees-valley-ccg north-east-and-north-cumbria-icb --on 2022-07-01
    """
    since = judged_on(on, "--on")

    def parties(session: Session) -> "tuple[Agency, Agency]":
        return _agency(old, session), _agency(new, session)

    def make(session: Session) -> "Change":
        from dhrctl.edits.transfer import transferred

        register, tree = session.reading.register, session.tree
        return transferred(*parties(session), since, note, register, tree, session.day)

    def show(_: "Change", session: Session) -> str:
        from dhrctl.edits.transfer import led
        from dhrctl.render import formats
        from dhrctl.reports.handover import handover

        ending, following = parties(session)
        records = led(ending, session.reading.register)
        report = handover(ending, following, since, records, session.reading.register, session.day)
        return formats.FORMATS["table"](report, screen()).rstrip()

    return carried_out(ctx, make, how, show=show)


def _agency(word: str, session: Session) -> "Agency":
    """Return the agency that a word names; raise DhrError where its file cannot be read."""
    from dhrctl.model import query
    from dhrctl.model.paths import agency_path

    register = session.reading.register
    found = query.agency(word, register)
    if found not in register.agencies:
        message = f"{found} has no file that can be read; see {agency_path(found)}"
        raise DhrError(message, Exit.FINDINGS)
    return register.agencies[found]
