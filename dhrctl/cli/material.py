"""What each paper is made of: the questions that its template asks of the register and of its past."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from dhrctl.cli.options import NEGATED
from dhrctl.cli.session import Session, asked, opened, seen_by, versions_of, versions_seen, with_register
from dhrctl.errors import DhrError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dhrctl.reports.rows import Asked
    from dhrctl.table import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a paper was asked for with; `agencies` are the ids of the one that was named."""

    ctx: click.Context
    session: Session
    query: tuple[str, ...]
    agencies: tuple[str, ...] = ()
    since: str = ""


def named_agencies(name: str, session: Session) -> tuple[str, ...]:
    """Return the ids of the agencies in office that a name stands for: those that took over from one that ended."""
    from dhrctl.model import query
    from dhrctl.model.status import current_leads

    register = session.reading.register
    found = sorted(query.agencies(name, register))
    return current_leads(found, register, session.day) or tuple(found)


def at_commit(about: "Asked", session: Session) -> "Asked":
    """Return what is asked with the commit that was read, also where the files are still as they were committed."""
    from dhrctl.git import timelines

    if about.commit:
        return about
    try:
        commit = timelines.committed(session.repo(), session.tree.contents)
    except DhrError:  # no git, or nothing committed: the files alone are there
        return about
    return replace(about, commit=commit)


def whole(session: Session, *query: str) -> "Asked":
    """Return what a query asks of the register, at its commit."""
    return at_commit(asked(session, query), session)


def _asked(wanted: Wanted, *more: str) -> "Asked":
    return whole(wanted.session, *wanted.query, *more)


def _of_agencies(wanted: Wanted) -> "Asked":
    more = (f"agency:{','.join(wanted.agencies)}",) if wanted.agencies else ()
    return _asked(wanted, *more)


def _agency(wanted: Wanted) -> "tuple[Report, ...]":
    from dhrctl.reports import owed

    if not wanted.agencies:
        message = "this paper is about one agency; name it with --agency, such as --agency anytown-police"
        raise DhrError(message)
    about = _asked(wanted)
    return tuple([owed.agency(agency, about) for agency in wanted.agencies])


def _panel_pack(wanted: Wanted) -> "tuple[Report, ...]":
    from dhrctl.git.moves import find_moves
    from dhrctl.model.diff import Snapshot, compare_snapshots
    from dhrctl.reports import pack

    if not wanted.since:
        message = "this paper begins with the last meeting; say when that was with --since, such as --since 2026-01-31"
        raise DhrError(message)
    repo = wanted.session.repo()
    before = seen_by(opened(wanted.ctx, None, wanted.since, slips=False, repo=repo), wanted.session.audience)
    about = _of_agencies(wanted)
    if before.day > about.day:
        message = (
            f"--since is {before.day}, after the day of the paper, {about.day}; name an earlier one, or a later day"
        )
        raise DhrError(message)
    old = Snapshot(register=before.reading.register, day=before.day)
    new = Snapshot(register=about.register, day=about.day)
    found = list(compare_snapshots(old, new, find_moves(repo, before.tree, wanted.session.tree)))
    return pack.panel_pack(about, found, old, before.tree.commit)


def _recommendation(wanted: Wanted) -> "tuple[Report, ...]":
    from dhrctl.git import timelines
    from dhrctl.model import query
    from dhrctl.reports import papers

    if len(wanted.query) != 1:
        message = "this paper is about one recommendation; name it, such as: dhrctl render recommendation dhr-3/5"
        raise DhrError(message)
    session, register = wanted.session, wanted.session.reading.register
    record = query.recommendation(wanted.query[0].removeprefix(NEGATED), register)
    known = {record.id: versions_of(record, session)}
    every = whole(with_register(session, replace(register, first_targets=timelines.first_targets(known))))
    about = replace(every, judged=tuple([judged for judged in every.judged if judged.record is record]))
    return papers.recommendation(about, versions_seen(session, known)[record.id])


def _plain(name: str) -> "Callable[[Wanted], tuple[Report, ...]]":
    def make(wanted: Wanted) -> "tuple[Report, ...]":
        from dhrctl.reports import papers

        made: tuple[Report, ...] = getattr(papers, name)(_of_agencies(wanted))
        return made

    return make


MADE: "Mapping[str, Callable[[Wanted], tuple[Report, ...]]]" = {
    "action-plan": _plain("action_plan"),
    "summary": _plain("summary"),
    "panel-pack": _panel_pack,
    "agency": _agency,
    "overdue": _plain("overdue"),
    "recommendation": _recommendation,
}
OWN = _plain("whole")
