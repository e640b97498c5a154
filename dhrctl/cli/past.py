"""The commands that ask git: history, diff, slippage, burndown."""

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from dhrctl.cli.answer import answer, told
from dhrctl.cli.options import QueryCommand, at_option, day_option, format_options, judged_on, query_argument, root
from dhrctl.cli.session import Session, asked, opened, read_timelines, unread, with_register
from dhrctl.cli.streams import aside, waiting
from dhrctl.errors import DhrError

if TYPE_CHECKING:
    from dhrctl.git.repository import Repo
    from dhrctl.model.diff import Snapshot
    from dhrctl.model.history import Version
    from dhrctl.model.records import Recommendation

_SHALLOW = "this clone holds only the newest commits; fetch the rest with: git fetch --unshallow"


@click.command()
@click.argument("identity", metavar="ID")
@click.option("--authors", is_flag=True, help="Name the authors of the commits, with their addresses.")
@day_option
@at_option
@format_options
@click.pass_context
def history(
    ctx: click.Context, identity: str, as_of: str | None, at: str | None, form: str, *, authors: bool, as_json: bool
) -> int:
    """Show every change of one recommendation, from git and its updates, oldest first.

    \b
    Examples:
      dhrctl history middlesbrough-dhr-3/05
      dhrctl history dhr-3/5 --json
    """
    from dhrctl.git.repository import Repo
    from dhrctl.model import paths

    folder = root(ctx, past=at is not None)
    path = paths.recommendation_path(identity)
    repo = Repo(folder)
    if at is None and paths.recommendation_id(path) and (folder / path).is_file():
        repo.ask(paths.folder(path))  # git looks while the rest is imported and the register is read
    from dhrctl.reports import history as reports
    from dhrctl.reports import rows

    session = opened(ctx, as_of, at, identity=identity, slips=False, repo=repo)
    record, versions = _timeline(session, identity)
    about = rows.Asked(register=session.reading.register, day=session.day, judged=(), commit=session.tree.commit)
    return answer(reports.history(record, versions, about, authors=authors), form, session, as_json=as_json)


def _timeline(session: Session, identity: str) -> "tuple[Recommendation, list[Version]]":
    """Return a recommendation and its versions, also by an id that it had once; raise DhrError where none had it."""
    from dhrctl.git import timelines
    from dhrctl.model import query

    repo, upto = _repo(session), session.tree.commit or "HEAD"
    try:
        record = query.recommendation(identity, session.reading.register)
    except DhrError:
        with waiting("reading the history"):
            versions = timelines.former(repo, identity, upto)
        if not versions:
            unread(session)
            raise
        last = next(version.record for version in reversed(versions) if version.record)
        there = (record for record in session.reading.register.recommendations if record.id == last.id)
        return next(there, last), versions
    with waiting("reading the history"):
        return record, timelines.timeline(repo, record.path, upto)


@click.command(short_help="Show what changed between two revisions or days.")
@click.argument("old", metavar="FROM")
@click.argument("new", metavar="[TO]", required=False)
@click.option(
    "--by", type=click.Choice(("review", "agency")), default="review", help="What to group by (default: review)."
)
@day_option
@format_options
@click.pass_context
def diff(ctx: click.Context, old: str, new: str | None, by: str, as_of: str | None, form: str, *, as_json: bool) -> int:
    """Show what changed between two revisions or days; without TO, until the files as they are now.

    \b
    Examples:
      dhrctl diff 2026-01-31
      dhrctl diff 2026-01-31 2026-04-30 --by agency
      dhrctl diff main --format md
    """
    from dhrctl.git.moves import find_moves
    from dhrctl.git.repository import Repo, named_day
    from dhrctl.model.diff import compare_snapshots
    from dhrctl.reports import diff

    repo = Repo(root(ctx, past=new is not None))
    warn(repo)
    repo.prepare(old, *([new] if new else []))
    before = opened(ctx, None, old, slips=False, repo=repo)
    after = opened(ctx, as_of, new, slips=False, repo=repo)
    then, now = _moment(before), _moment(after)
    if then.day > now.day and named_day(new or old):
        message = f"FROM is of {then.day}, and TO of {now.day}; name the earlier day first"
        raise DhrError(message)
    found = list(compare_snapshots(then, now, find_moves(repo, before.tree, after.tree)))
    report = diff.diff(found, then, now, by, (before.tree.commit, after.tree.commit))
    code = unread(before)
    return max(answer(report, form, after, as_json=as_json), code)


def _moment(session: Session) -> "Snapshot":
    from dhrctl.model.diff import Snapshot

    return Snapshot(register=session.reading.register, day=session.day)


@click.command(cls=QueryCommand, short_help="Show how far target dates moved.")
@day_option
@at_option
@format_options
@query_argument
@click.pass_context
def slippage(
    ctx: click.Context, query: tuple[str, ...], as_of: str | None, at: str | None, form: str, *, as_json: bool
) -> int:
    """Show how far target dates moved from the first that was recorded, by recommendation, agency and review.

    \b
    Examples:
      dhrctl slippage
      dhrctl slippage review:dhr-3 --format csv
    """
    from dhrctl.git import timelines
    from dhrctl.model import history
    from dhrctl.reports import slippage as reports

    session = opened(ctx, as_of, at, slips=False)
    known = read_timelines(_repo(session), session.tree.commit, session.tree.contents)
    register = replace(session.reading.register, first_targets=timelines.first_targets(known))
    session = with_register(session, register)
    slips = {
        record.id: history.slip(record, known.get(record.id, ()), session.day) for record in register.recommendations
    }
    return answer(reports.slippage(slips, asked(session, query)), form, session, as_json=as_json)


@click.command(short_help="Show how many were open, overdue, complete and undated over time.")
@click.option(
    "--by", type=click.Choice(("month", "quarter")), default="month", help="How long a period is (default: month)."
)
@click.option("--since", metavar="DATE", help="From that day on, YYYY-MM-DD (default: the first commit).")
@day_option
@at_option
@format_options
@click.pass_context
def burndown(
    ctx: click.Context, by: str, since: str | None, as_of: str | None, at: str | None, form: str, *, as_json: bool
) -> int:
    """Show how many recommendations were open, overdue, complete and undated at the end of each whole period.

    \b
    Examples:
      dhrctl burndown
      dhrctl burndown --by quarter --since 2024-01-01 --format csv
    """
    from dhrctl.git import timelines
    from dhrctl.git.repository import Repo, named_day
    from dhrctl.model import dates, history
    from dhrctl.reports import slippage as reports

    repo = Repo(root(ctx, past=True))
    commit = repo.commit(at) if at else None
    day = judged_on(as_of) if as_of or not (at and commit) else named_day(at) or commit.day
    upto = commit.name if commit else None
    known = read_timelines(repo, upto)
    warn(repo)
    first = timelines.first_day(known)
    try:
        start = dates.day(since) if since else first
    except ValueError as error:
        message = f"--since: {error}"
        raise DhrError(message) from None
    ends = list(dates.period_ends(max(start, first), day, 1 if by == "month" else 3))
    report = reports.burndown(history.counts(known.values(), ends), day, upto)
    return told(report, form, as_json=as_json)


def _repo(session: Session) -> "Repo":
    repo = session.repo()
    warn(repo)
    return repo


def warn(repo: "Repo") -> None:
    """Say on stderr where a clone does not reach back to the beginning."""
    if repo.shallow:
        aside(_SHALLOW)
