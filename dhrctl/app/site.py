"""The register as a static site: what an audience may see of it and of its past, as files."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dhrctl.app.answers import ask_at_commit
from dhrctl.app.session import (
    Session,
    add_first_targets,
    read_timelines,
    restrict_audience,
    restrict_versions,
)
from dhrctl.errors import DhrError

if TYPE_CHECKING:
    from dhrctl.git.repository import Repo
    from dhrctl.site.pages.content import SiteContent

_MONTHS = 24


@dataclass(frozen=True, slots=True)
class SiteFiles:
    """The files of a site, made one after another, and about how many there are."""

    files: Iterator[tuple[str, bytes]]
    size: int


def build_site(session: Session, audience: str) -> SiteFiles:
    """Return the path and the bytes of every file of the site for an audience."""
    from dhrctl.site import build

    known = _gather(session, audience)
    return SiteFiles(files=build.site_files(known, build.site_imprint(known)), size=known.size)


def _gather(session: Session, audience: str) -> "SiteContent":
    """Return what an audience may see of the register and its past."""
    from dhrctl.git import timelines
    from dhrctl.model import dates, history
    from dhrctl.site.pages.content import SiteContent

    repo = _open_repo(session)
    versions = read_timelines(session.environment, repo, session.tree.commit) if repo else {}
    session = add_first_targets(session, versions)
    first = timelines.first_day(versions)
    ends = list(dates.period_ends(first, session.day, 1))
    if len(ends) > _MONTHS:
        ends = list(dates.period_ends(first, session.day, 3))
    seen = restrict_audience(session, audience)
    return SiteContent(
        view=ask_at_commit(seen),
        timelines=restrict_versions(seen, versions),
        counts=tuple(history.counts(versions.values(), ends)),
    )


def _open_repo(session: Session) -> "Repo | None":
    """Return the repository of the register; where there is none, tell what the pages lack."""
    try:
        repo = session.repo()
        repo.head or repo.commit("HEAD")  # which says why there is none
    except DhrError as error:
        session.environment.tell(f"the pages hold no history: {error}")
        return None
    return repo
