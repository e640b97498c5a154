"""One reading of a register for one request: from the disk or as committed, as its audience may see it."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from dhrctl.app.environment import Environment
from dhrctl.app.fields import read_word
from dhrctl.errors import DhrError, Exit
from dhrctl.model.audience import Audience

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dhrctl.files.load import Reading
    from dhrctl.files.tree import Tree
    from dhrctl.findings.finding import Finding
    from dhrctl.git.repository import Repo, StagingArea
    from dhrctl.model.history import Version
    from dhrctl.model.records import Recommendation, Register
    from dhrctl.reports.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One reading of a register for one request."""

    environment: Environment
    root: Path
    tree: "Tree"
    reading: "Reading"
    day: date
    repo: "Callable[[], Repo]"
    staged: "StagingArea | None" = None
    audience: Audience = Audience.INTERNAL

    @property
    def register(self) -> "Register":
        """Return what could be read."""
        return self.reading.register


def open_session(  # noqa: PLR0913 - what is read, as of when, how much of it
    environment: Environment,
    as_of: date | None = None,
    at: str | None = None,
    *,
    thorough: bool = False,
    whole: bool = False,
    identity: str = "",
    slips: bool = True,
    repo: "Repo | None" = None,
) -> Session:
    """Find and read the register, from the disk or as committed; raise DhrError where there is none or nothing in it.

    Where it is `thorough`, everything is held to the schemas; `whole` reads the bytes of what is never parsed, too.
    With the whole id of a recommendation that is on the disk, nothing of the other reviews is read. Without
    `slips`, git is not asked for first target dates. A `repo` that is open already is not looked for again.
    """
    from dhrctl.files import load

    with environment.waiting("reading the register"):
        root = environment.find_root(past=at is not None)
        found_repo = _repo_opener(root, repo)
        day = as_of or environment.today
        if at is None:
            tree = _read_disk(environment, root, identity, whole=whole or thorough)
        else:
            from dhrctl.git.repository import named_day

            commit = found_repo().commit(at)
            tree = found_repo().tree(commit, whole=whole or thorough)
            day = as_of or named_day(at) or commit.day
        reading = load.read_register(tree, thorough=thorough)
        if not reading.files:
            message = f"there is no file in {root / 'register'}; add register/register.yaml and a review"
            if at is not None:
                message = f"nothing of the register was committed at {at}; name a later day or revision"
            raise DhrError(message, Exit.NOTHING)
        if slips and not thorough:
            from dhrctl.git.timelines import FirstTargets

            first = FirstTargets(found_repo, tree.contents, tree.commit or "HEAD")
            reading = replace(reading, register=replace(reading.register, first_targets=first))
        return Session(environment=environment, root=root, tree=tree, reading=reading, day=day, repo=found_repo)


def _read_disk(environment: Environment, root: Path, identity: str, *, whole: bool) -> "Tree":
    """Read the files as they are; with the id of a recommendation that is there, only its own review's."""
    from dhrctl.model import paths
    from dhrctl.storage import disk, state_dir

    unfinished = state_dir.unfinished_change(root)
    if unfinished:
        environment.tell(unfinished)
    place = paths.place(paths.recommendation_path(identity))
    return disk.read_tree(root, whole=whole, review=place.review if place and (root / place.path).exists() else "")


def _repo_opener(root: Path, repo: "Repo | None") -> "Callable[[], Repo]":
    """Return the way to a folder's repository: it is looked for when it is wanted first, unless it is open already."""

    @cache
    def find() -> "Repo":
        from dhrctl.git.repository import Repo

        return repo or Repo(root)

    return find


def replace_register(session: Session, register: "Register") -> Session:
    """Return a session of another register."""
    return replace(session, reading=replace(session.reading, register=register))


def add_first_targets(session: Session, known: "Mapping[str, Sequence[Version]]") -> Session:
    """Return a session whose register knows the first target date of each recommendation of which versions are known."""
    from dhrctl.git import timelines

    return replace_register(session, replace(session.register, first_targets=timelines.first_targets(known)))


def restrict_audience(session: Session, audience: str) -> Session:
    """Return a session of what an audience may see; raise FieldRefused where there is none of that name."""
    from dhrctl.app.redact import redact_register

    seeing = read_word(Audience, audience, "audience")
    register = redact_register(session.register, seeing, _names_to_redact(seeing, session))
    return replace(replace_register(session, register), audience=seeing)


def restrict_versions(session: Session, timelines: "Mapping[str, Sequence[Version]]") -> "dict[str, list[Version]]":
    """Return what the audience of a session may see of the versions of recommendations."""
    from dhrctl.app.redact import redact_versions

    return redact_versions(timelines, session.audience, _names_to_redact(session.audience, session))


def _names_to_redact(audience: Audience, session: Session) -> tuple[str, ...]:
    return session.environment.read_protected_names(session.root) if audience is Audience.PUBLIC else ()


def read_versions(session: Session, record: "Recommendation") -> "list[Version]":
    """Return the versions of a recommendation; none where there is no git."""
    from dhrctl.git import timelines

    try:
        return timelines.timeline(session.repo(), record.path, session.tree.commit or "HEAD")
    except DhrError:
        return []


def read_timelines(
    environment: Environment, repo: "Repo", upto: str | None, files: "Mapping[str, bytes] | None" = None
) -> "dict[str, list[Version]]":
    """Return the versions of every recommendation until a commit, or all, as `git.timelines` does."""
    from dhrctl.git import timelines

    with environment.waiting("reading the history"):
        return timelines.timelines(repo, upto or "HEAD", files)


def warn_of_missing_history(environment: Environment, repo: "Repo") -> None:
    """Tell where a clone does not reach back to the beginning."""
    if repo.shallow:
        environment.tell("this clone holds only the newest commits; fetch the rest with: git fetch --unshallow")


def apply_query(session: Session, words: tuple[str, ...]) -> "View":
    """Return what a query asks about; raise DhrError where it cannot be understood."""
    from dhrctl.app.redact import make_redactor
    from dhrctl.model import query
    from dhrctl.reports.view import build_view

    with session.environment.waiting("working it out"):
        test = query.compile_query(words, session.register, session.day)
        if session.audience is Audience.PUBLIC:
            names = session.environment.read_protected_names(session.root)
            words = tuple(map(make_redactor(names), words))
        found = build_view(session.register, session.day, test, commit=session.tree.commit, words=words)
        return replace(found, audience=session.audience)


def list_unread(session: Session) -> "tuple[Finding, ...]":
    """Return what is wrong with each file that gives no record, without anything that no file may hold."""
    from dhrctl.checks import registry
    from dhrctl.reports.findings import sort_findings

    findings = session.reading.findings
    if not findings:
        return ()
    names = session.environment.read_protected_names(session.root)
    contents = {finding.path: session.tree.contents.get(finding.path, b"") for finding in findings}
    secret = frozenset(finding.path for finding in registry.scan_texts(contents, names))
    return tuple(sort_findings(registry.mask_findings(findings, names, secret)))


def describe_unread(session: Session, unread: "Sequence[Finding]") -> list[str]:
    """Return what an answer lacks, in sentences, because of the files that give no record."""
    from dhrctl.model.paths import SETTINGS
    from dhrctl.text.english import plural

    files = {finding.path for finding in unread}
    if not files:
        return []
    notes = ["judged by the usual settings, as register.yaml cannot be read"] if SETTINGS in files else []
    them = "it" if len(files) == 1 else "them"
    if session.tree.commit:
        are = "is not as a record is" if len(files) == 1 else "are not as records are"
        return [*notes, f"{plural(len(files), 'file')} {are} today; what can be read of {them} is in the answer"]
    return [*notes, f"{plural(len(files), 'file')} could not be read as a record; the answer is without {them}"]
