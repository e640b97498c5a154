"""The command that corrects fields of a recommendation: set."""

from typing import TYPE_CHECKING

import click

from dhrctl.app.change import find_errors, find_unexplained
from dhrctl.cli import prompts
from dhrctl.cli.change import ChangeJudges, ChangeRequest, carry_out, change_options

if TYPE_CHECKING:
    from collections.abc import Iterable

    from click.shell_completion import CompletionItem

    from dhrctl.findings.finding import Finding


def _complete(_: click.Context, __: click.Parameter, begun: str) -> "list[CompletionItem]":
    """Complete the name of a field, and its words where they are a fixed list."""
    from click.shell_completion import CompletionItem

    from dhrctl.edits import set_field

    field, equals, word = begun.partition("=")
    if not equals:
        return [CompletionItem(f"{name}=") for name in set_field.fields() if name.startswith(field)]
    known = set_field.allowed_words(field) if field in set_field.fields() else ()
    return [CompletionItem(f"{field}={each}") for each in known if each.startswith(word)]


@click.command("set", short_help="Correct fields of a recommendation.")
@click.argument("identity", metavar="ID")
@click.argument("words", nargs=-1, required=True, metavar="FIELD=VALUE...", shell_complete=_complete)
@change_options
@click.pass_context
def set_(ctx: click.Context, how: ChangeRequest, identity: str, words: tuple[str, ...]) -> int:
    """Correct fields of a recommendation, as where a plan was copied wrongly.

    A list is given by commas, an entry of it by its number; an empty value takes a field out. What an
    agency reports is an update: see dhrctl update.

    \b
    Examples:
      dhrctl set dhr-3/5 target_date=2026-09 level=single-agency
      dhrctl set dhr-3/5 supporting_agencies=foundations,probation-service
      dhrctl set dhr-3/5 actions.1.status=complete review_date=
    """
    from dhrctl.app.set_field import correct_fields

    held = ChangeJudges(refusing=(find_errors,), warning=(find_unexplained,))
    return carry_out(ctx, correct_fields(identity, words), how, held=held, warn=_warn)


def _warn(findings: "Iterable[Finding]") -> None:
    """Say what no update explains, and how it would be explained."""
    found = list(findings)
    if found:
        prompts.note("dhrctl: corrected all the same; to have it explained, report it with: dhrctl update")
    for finding in found:
        prompts.note(str(finding))
