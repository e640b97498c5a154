"""The command that gives files the canonical form: fmt."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dhrctl.cli import ask
from dhrctl.cli.change import How, carried_out, change_options
from dhrctl.cli.check import chosen
from dhrctl.cli.streams import written
from dhrctl.errors import DhrError, Exit

if TYPE_CHECKING:
    from dhrctl.edits.reformat import Formed


@click.command(short_help="Give files the canonical form.")
@click.option(
    "--check", is_flag=True, help="Only name the files that do not have it, and exit with 1 if there are any."
)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@change_options
@click.pass_context
def fmt(ctx: click.Context, how: How, paths: tuple[str, ...], *, check: bool) -> int:
    """Give every file of the register the canonical form, or the files and folders named.

    It is the order of keys, the quotes, long texts as blocks, and the indent. What a file says stays the
    same, and so do its comments. A file that cannot be formatted is named and left as it is.

    \b
    Examples:
      dhrctl fmt
      dhrctl fmt --check
      dhrctl fmt --dry-run register/reviews/middlesbrough-dhr-3
    """
    from dhrctl.edits.reformat import formed
    from dhrctl.storage import disk

    root = disk.find(Path(ctx.find_root().obj))
    found = formed(disk.read(root), chosen(paths, root))
    if not found.files:
        message = "there is no record of the register there; name a file or folder under register/"
        raise DhrError(message, Exit.NOTHING)
    for fault in found.faults:
        ask.note(fault)
    if found.change.edits and (how.dry_run or not check):
        carried_out(ctx, lambda _: found.change, how, refused_for=())
    else:
        written(_told(found))
    failed = found.faults or (check and found.change.edits)
    return Exit.FINDINGS if failed else Exit.FINE


def _told(found: "Formed") -> str:
    """Return which files do not have the form, and how many do."""
    from dhrctl.text.english import plural

    paths = [edit.path for edit in found.change.edits]
    formed = plural(found.files - len(paths) - len(found.faults), "file")
    others = f", {len(paths):,} without it; run: dhrctl fmt" if paths else "."
    return "".join(f"{line}\n" for line in (*paths, f"{formed} in the canonical form{others}"))
