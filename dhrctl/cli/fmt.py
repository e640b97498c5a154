"""The command that gives files the canonical form: fmt."""

from typing import TYPE_CHECKING

import click

from dhrctl.cli import prompts
from dhrctl.cli.change import ChangeJudges, ChangeRequest, carry_out, change_options
from dhrctl.cli.options import find_environment
from dhrctl.cli.streams import write_answer
from dhrctl.errors import Exit

if TYPE_CHECKING:
    from dhrctl.edits.reformat import ReformatResult


@click.command(short_help="Give files the canonical form.")
@click.option(
    "--check", is_flag=True, help="Only name the files that do not have it, and exit with 1 if there are any."
)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@change_options
@click.pass_context
def fmt(ctx: click.Context, how: ChangeRequest, paths: tuple[str, ...], *, check: bool) -> int:
    """Give every file of the register the canonical form, or the files and folders named.

    It is the order of keys, the quotes, long texts as blocks, and the indent. What a file says stays the
    same, and so do its comments. A file that cannot be formatted is named and left as it is.

    \b
    Examples:
      dhrctl fmt
      dhrctl fmt --check
      dhrctl fmt --dry-run register/reviews/middlesbrough-dhr-3
    """
    from dhrctl.app.reformat import reformat_files

    found = reformat_files(find_environment(ctx), paths)
    for fault in found.faults:
        prompts.note(fault)
    if found.change.edits and (how.dry_run or not check):
        carry_out(ctx, lambda _: found.change, how, held=ChangeJudges(refusing=()))
    else:
        write_answer(_describe(found))
    failed = found.faults or (check and found.change.edits)
    return Exit.FINDINGS if failed else Exit.FINE


def _describe(found: "ReformatResult") -> str:
    """Return which files do not have the form, and how many do."""
    from dhrctl.text.english import plural

    paths = [edit.path for edit in found.change.edits]
    formed = plural(found.files - len(paths) - len(found.faults), "file")
    others = f", {len(paths):,} without it; run: dhrctl fmt" if paths else "."
    return "".join(f"{line}\n" for line in (*paths, f"{formed} in the canonical form{others}"))
