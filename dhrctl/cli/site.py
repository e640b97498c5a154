"""The command that writes the static site."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from dhrctl.app.session import open_session
from dhrctl.cli.answer import tell_unread
from dhrctl.cli.options import at_option, audience_option, day_option, find_environment, parse_day
from dhrctl.cli.streams import tell


@click.command(short_help="Write the register as a static site.")
@click.option(
    "--out", "out", metavar="DIR", required=True, help="The folder to write into: empty, or with a site of dhrctl."
)
@day_option
@at_option
@audience_option
@click.pass_context
def site(ctx: click.Context, out: str, as_of: str | None, at: str | None, audience: str) -> int:
    """Write the register as a static site, with a page for each review, recommendation, agency and section.

    It needs no server and no network: open index.html. Only pages that changed are written again.

    \b
    Examples:
      dhrctl site --out public --audience public
      dhrctl site --out site --as-of 2026-01-31
    """
    from dhrctl.app.site import build_site
    from dhrctl.site import output

    session = open_session(find_environment(ctx), parse_day(as_of), at, slips=False)
    made = build_site(session, audience)
    shown = sys.stderr is not None and sys.stderr.isatty()
    bar = click.progressbar(made.files, length=made.size, label="Pages", file=sys.stderr, hidden=not shown)
    with _clear_garbage(), bar as counted:
        filled = output.fill_folder(Path(out), counted, session.root)
    said = f"{filled.written:,} files written, {filled.kept:,} as they were, {filled.removed:,} removed"
    tell(f"{said}; open {Path(out) / 'index.html'}")
    return tell_unread(session)


@contextmanager
def _clear_garbage() -> Iterator[None]:
    """Clear away what each page leaves behind, which would add up; what was read is not looked at for it."""
    collecting = gc.isenabled()
    gc.freeze()
    gc.enable()
    try:
        yield
    finally:
        gc.unfreeze()
        if not collecting:
            gc.disable()
