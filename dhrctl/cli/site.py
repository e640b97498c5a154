"""The command that writes the static site."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dhrctl.cli.options import at_option, audience_option, day_option
from dhrctl.cli.past import warn
from dhrctl.cli.session import Session, opened, read_timelines, seen_by, unread, versions_seen, with_register
from dhrctl.cli.streams import aside
from dhrctl.errors import DhrError

if TYPE_CHECKING:
    from dhrctl.git.repository import Repo
    from dhrctl.site.page import Imprint
    from dhrctl.site.pages.contents import Known

_MONTHS = 24


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
    from dhrctl.site import build as pages
    from dhrctl.site import output

    session = opened(ctx, as_of, at, slips=False)
    known, imprint = _known(session, audience)
    files = pages.files(known, imprint)
    shown = sys.stderr is not None and sys.stderr.isatty()
    bar = click.progressbar(files, length=known.size, label="Pages", file=sys.stderr, hidden=not shown)
    with _cleared(), bar as counted:
        made = output.fill(Path(out), counted, session.root)
    said = f"{made.written:,} files written, {made.kept:,} as they were, {made.removed:,} removed"
    aside(f"{said}; open {Path(out) / 'index.html'}")
    return unread(session)


@contextmanager
def _cleared() -> Iterator[None]:
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


def _known(session: Session, audience: str) -> "tuple[Known, Imprint]":
    """Return what an audience may see of the register and its past, and what every page says of itself."""
    from dhrctl.cli import material
    from dhrctl.git import timelines
    from dhrctl.model import dates, history
    from dhrctl.site import build as pages
    from dhrctl.site.pages.contents import Known

    repo = _repo(session)
    versions = read_timelines(repo, session.tree.commit) if repo else {}
    register = replace(session.reading.register, first_targets=timelines.first_targets(versions))
    session = with_register(session, register)
    first = timelines.first_day(versions)
    ends = list(dates.period_ends(first, session.day, 1))
    if len(ends) > _MONTHS:
        ends = list(dates.period_ends(first, session.day, 3))
    seen = seen_by(session, audience)
    known = Known(
        asked=material.whole(seen),
        timelines=versions_seen(seen, versions),
        counts=tuple(history.counts(versions.values(), ends)),
    )
    return known, pages.imprint(known)


def _repo(session: Session) -> "Repo | None":
    """Return the repository of the register; where there is none, say on stderr what the pages lack."""
    try:
        repo = session.repo()
        repo.head or repo.commit("HEAD")  # which says why there is none
    except DhrError as error:
        aside(f"the pages hold no history: {error}")
        return None
    warn(repo)
    return repo
