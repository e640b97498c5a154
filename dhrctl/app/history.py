"""Questions to the past: one recommendation's history, two moments compared, slippage, burndown."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from dhrctl.app.environment import Environment
from dhrctl.app.fields import choose_word
from dhrctl.app.session import (
    Session,
    add_first_targets,
    apply_query,
    open_session,
    read_timelines,
)
from dhrctl.errors import DhrError, Field, FieldRefused

if TYPE_CHECKING:
    from dhrctl.model.diff import Event, Snapshot
    from dhrctl.model.history import Version
    from dhrctl.model.records import Recommendation
    from dhrctl.table import Report

PERIODS = {"month": 1, "quarter": 3}  # in months
GROUPS = ("review", "agency")


def open_history(environment: Environment, identity: str, as_of: date | None, at: str | None) -> Session:
    """Open a session to ask for the history of one recommendation: git looks while the register is read."""
    from dhrctl.git.repository import Repo
    from dhrctl.model import paths

    root = environment.find_root(past=at is not None)
    path = paths.recommendation_path(identity)
    repo = Repo(root)
    if at is None and paths.recommendation_id(path) and (root / path).is_file():
        repo.prefetch_folder(paths.folder(path))
    return open_session(environment, as_of, at, identity=identity, slips=False, repo=repo)


def tell_history(session: Session, identity: str, *, authors: bool = False) -> "Report":
    """Return every change of one recommendation; raise DhrError where none has, or had, the id."""
    from dhrctl.reports import history
    from dhrctl.reports.view import View

    record, versions = _timeline(session, identity)
    about = View(register=session.register, day=session.day, judged=(), commit=session.tree.commit)
    return history.history(record, versions, about, authors=authors)


def _timeline(session: Session, identity: str) -> "tuple[Recommendation, list[Version]]":
    """Return a recommendation and its versions, also by an id that it had once; raise DhrError where none had it."""
    from dhrctl.git import timelines
    from dhrctl.model import query

    repo, upto = session.repo(), session.tree.commit or "HEAD"
    with session.environment.waiting("reading the history"):
        try:
            record = query.find_recommendation(identity, session.register)
        except DhrError:
            versions = timelines.former_versions(repo, identity, upto)
            if not versions:
                raise
            last = next(version.record for version in reversed(versions) if version.record)
            there = (record for record in session.register.recommendations if record.id == last.id)
            return next(there, last), versions
        return record, timelines.timeline(repo, record.path, upto)


def open_session_pair(
    environment: Environment, old: str, new: str | None, as_of: date | None
) -> tuple[Session, Session]:
    """Open a session at each of two revisions or days, the second at the files as they are where none is named.

    Raise DhrError where the second is before the first.
    """
    from dhrctl.git.repository import Repo, named_day

    repo = Repo(environment.find_root(past=new is not None))
    repo.prepare_trees(old, *([new] if new else []))
    before = open_session(environment, None, old, slips=False, repo=repo)
    after = open_session(environment, as_of, new, slips=False, repo=repo)
    if before.day > after.day and named_day(new or old):
        problem = (Field("old"), f" is of {before.day}, and ", Field("new"), f" of {after.day}")
        raise FieldRefused(problem, ("name the earlier day first",), field="old")
    return before, after


def compare_sessions(before: Session, after: Session, by: str) -> "Report":
    """Return what changed between two sessions, grouped by `review` or `agency`; raise FieldRefused for another word."""
    from dhrctl.reports import diff

    choose_word(by, GROUPS, "by")
    commits = (before.tree.commit, after.tree.commit)
    return diff.diff(list_events(before, after), take_snapshot(before), take_snapshot(after), by, commits)


def list_events(before: Session, after: Session) -> "list[Event]":
    """Return everything that became of each recommendation between two sessions; git says what was moved."""
    from dhrctl.git.moves import find_moves
    from dhrctl.model.diff import compare_snapshots

    moves = find_moves(after.repo(), before.tree, after.tree)
    return list(compare_snapshots(take_snapshot(before), take_snapshot(after), moves))


def take_snapshot(session: Session) -> "Snapshot":
    """Return the register of a session, with the day on which it is looked at."""
    from dhrctl.model.diff import Snapshot

    return Snapshot(register=session.register, day=session.day)


def measure_slippage(session: Session, words: tuple[str, ...]) -> "Report":
    """Return how far the target dates of what matches moved from the first that was recorded."""
    from dhrctl.model import history
    from dhrctl.reports import slippage

    known = read_timelines(session.environment, session.repo(), session.tree.commit, session.tree.contents)
    session = add_first_targets(session, known)
    slips = {
        record.id: history.slip(record, known.get(record.id, ()), session.day)
        for record in session.register.recommendations
    }
    return slippage.slippage(slips, apply_query(session, words))


def count_over_time(
    environment: Environment, by: str, since: date | None, as_of: date | None, at: str | None
) -> "Report":
    """Return how many were open, overdue, complete and undated at the end of each whole `month` or `quarter`.

    Raise FieldRefused where the period is another.
    """
    from dhrctl.git import timelines
    from dhrctl.git.repository import Repo, named_day
    from dhrctl.model import dates, history
    from dhrctl.reports import slippage

    months = PERIODS[choose_word(by, PERIODS, "by")]
    repo = Repo(environment.find_root(past=True))
    commit = repo.commit(at) if at else None
    day = as_of or ((at and named_day(at)) or commit.day if commit else environment.today)
    upto = commit.name if commit else None
    known = read_timelines(environment, repo, upto)
    if repo.gap:
        environment.tell(repo.gap)
    first = timelines.first_day(known)
    ends = list(dates.period_ends(max(since or first, first), day, months))
    report = slippage.burndown(history.counts(known.values(), ends), day, upto)
    return replace(report, facts={**report.facts, "history": "partial"}) if repo.gap else report
