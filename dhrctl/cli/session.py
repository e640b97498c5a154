"""One reading of a register for one command: from the disk or as committed, as its audience may see it."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dhrctl.cli.options import NEGATED, judged_on, protected_names, root
from dhrctl.cli.streams import aside, waiting
from dhrctl.errors import DhrError, Exit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dhrctl.files.load import Reading
    from dhrctl.files.tree import Tree
    from dhrctl.findings.finding import Finding
    from dhrctl.git.repository import Repo as Repository
    from dhrctl.git.repository import Staged
    from dhrctl.model.history import Version
    from dhrctl.model.records import Recommendation, Register
    from dhrctl.reports.rows import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One reading of a register for one command."""

    root: Path
    tree: "Tree"
    reading: "Reading"
    day: date
    repo: "Callable[[], Repository]"
    staged: "Staged | None" = None
    audience: str = "internal"


@waiting("reading the register")
def opened(
    ctx: click.Context,
    as_of: str | None,
    at: str | None = None,
    *,
    thorough: bool = False,
    identity: str = "",
    slips: bool = True,
    repo: "Repository | None" = None,
) -> Session:
    """Find and read the register, from the disk or as committed; raise DhrError where there is none or nothing in it.

    With the whole id of a recommendation that is on the disk, nothing of the other reviews is read. Without
    `slips`, git is not asked for first target dates. A `repo` that is open already is not looked for again.
    """
    from dhrctl.files import load

    day = judged_on(as_of)
    folder = root(ctx, past=at is not None)
    found_repo = _once(folder, repo)
    if at is None:
        tree = _on_disk(folder, identity, whole=thorough)
    else:
        from dhrctl.git.repository import named_day

        commit = found_repo().commit(at)
        tree = found_repo().tree(commit, whole=thorough)
        day = day if as_of else named_day(at) or commit.day
    found = load.read(tree, thorough=thorough)
    if not found.files:
        message = f"there is no file in {folder / 'register'}; add register/register.yaml and a review"
        if at is not None:
            message = f"nothing of the register was committed at {at}; name a later day or revision"
        raise DhrError(message, Exit.NOTHING)
    if slips and not thorough:
        from dhrctl.git.timelines import FirstTargets

        register = replace(found.register, first_targets=FirstTargets(found_repo, tree.contents, tree.commit or "HEAD"))
        found = replace(found, register=register)
    return Session(root=folder, tree=tree, reading=found, day=day, repo=found_repo)


def _on_disk(folder: Path, identity: str, *, whole: bool) -> "Tree":
    """Read the files as they are; with the id of a recommendation that is there, only its own review's."""
    from dhrctl.model import paths
    from dhrctl.storage import disk

    _warn_unfinished(folder)
    place = paths.place(paths.recommendation_path(identity))
    return disk.read(folder, whole=whole, review=place.review if place and (folder / place.path).exists() else "")


def _once(folder: Path, repo: "Repository | None") -> "Callable[[], Repository]":
    """Return the way to a folder's repository: it is looked for when it is wanted first, unless it is open already."""

    @cache
    def found() -> "Repository":
        from dhrctl.git.repository import Repo

        return repo or Repo(folder)

    return found


def with_register(session: Session, register: "Register") -> Session:
    """Return a session of another register."""
    return replace(session, reading=replace(session.reading, register=register))


def seen_by(session: Session, audience: str) -> Session:
    """Return a session of what an audience may see."""
    from dhrctl.app.redact import narrowed
    from dhrctl.model.audience import Audience

    register = narrowed(session.reading.register, Audience(audience), _kept_from(audience, session))
    return replace(with_register(session, register), audience=audience)


def versions_of(record: "Recommendation", session: Session) -> "list[Version]":
    """Return the versions of a recommendation; none where there is no git."""
    from dhrctl.git import timelines

    try:
        return timelines.timeline(session.repo(), record.path, session.tree.commit or "HEAD")
    except DhrError:
        return []


@waiting("reading the history")
def read_timelines(
    repo: "Repository", upto: str | None, files: "Mapping[str, bytes] | None" = None
) -> "dict[str, list[Version]]":
    """Return the versions of every recommendation until a commit, or all, as `past` does."""
    from dhrctl.git import timelines

    return timelines.timelines(repo, upto or "HEAD", files)


def versions_seen(session: Session, timelines: "Mapping[str, Sequence[Version]]") -> "dict[str, list[Version]]":
    """Return what the audience of a session may see of the versions of recommendations."""
    from dhrctl.app.redact import narrowed_versions
    from dhrctl.model.audience import Audience

    return narrowed_versions(timelines, Audience(session.audience), _kept_from(session.audience, session))


def _kept_from(audience: str, session: Session) -> tuple[str, ...]:
    return protected_names(session.root) if audience == "public" else ()


def _warn_unfinished(folder: Path) -> None:
    """Say on stderr that a change of the register broke off."""
    from dhrctl.storage import state_dir

    unfinished = state_dir.unfinished(folder)
    if unfinished:
        aside(unfinished)


@waiting("working it out")
def asked(session: Session, query: tuple[str, ...]) -> "Asked":
    """Return what a query asks about; where it is refused, say first what could not be read."""
    from dhrctl.app.redact import withholding
    from dhrctl.model import query as select
    from dhrctl.model.audience import Audience
    from dhrctl.reports import rows

    words = tuple(word.removeprefix(NEGATED) for word in query)
    register = session.reading.register
    try:
        test = select.matching(words, register, session.day)
    except DhrError:
        unread(session)
        raise
    if session.audience == Audience.PUBLIC:
        words = tuple(map(withholding(protected_names(session.root)), words))
    found = rows.asked(register, session.day, test, commit=session.tree.commit, words=words)
    return replace(found, audience=Audience(session.audience))


def unread(session: Session) -> Exit:
    """Name on stderr each file that gives no record, as the answer is without it."""
    if not session.reading.findings:
        return Exit.FINE
    from dhrctl.model.paths import SETTINGS
    from dhrctl.reports.findings import in_order
    from dhrctl.text.english import plural
    from dhrctl.text.escape import inert, visible

    wrong = in_order(_masked(session))
    for finding in wrong:
        click.echo(inert(visible(str(finding))), err=True)
    paths = {finding.path for finding in wrong}
    if SETTINGS in paths:
        aside("judged by the usual settings, as register.yaml cannot be read")
    them = "it" if len(paths) == 1 else "them"
    said = f"{plural(len(paths), 'file')} could not be read as a record; the answer is without {them}"
    if session.tree.commit:
        are = "is not as a record is" if len(paths) == 1 else "are not as records are"
        said = f"{plural(len(paths), 'file')} {are} today; what can be read of {them} is in the answer"
    aside(said)
    return Exit.FINDINGS


def _masked(session: Session) -> "Sequence[Finding]":
    """Return what is wrong with the files, without anything that no file may hold."""
    from dhrctl.checks import registry

    findings = session.reading.findings
    names = protected_names(session.root)
    contents = {finding.path: session.tree.contents.get(finding.path, b"") for finding in findings}
    secret = frozenset(finding.path for finding in registry.in_texts(contents, names))
    return tuple(registry.masked(findings, names, secret))
