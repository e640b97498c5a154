"""One reading of a register for one request: from the disk or as committed, as its audience may see it."""

from dataclasses import dataclass, replace
from datetime import date
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


class RepoFinder:
    """The way to a folder's repository: it is looked for when it is wanted first, unless it is open already."""

    def __init__(self, root: Path, found: "Repo | None" = None) -> None:
        """Take the folder, and the repository where it is open."""
        self._root = root
        self.found = found

    def __call__(self) -> "Repo":
        """Return the repository; raise DhrError where there is none."""
        if self.found is None:
            from dhrctl.git.repository import Repo

            self.found = Repo(self._root)
        return self.found


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One reading of a register for one request."""

    environment: Environment
    root: Path
    tree: "Tree"
    reading: "Reading"
    day: date
    repo: RepoFinder
    staged: "StagingArea | None" = None
    audience: Audience = Audience.INTERNAL

    @property
    def register(self) -> "Register":
        """Return what could be read."""
        return self.reading.register

    @property
    def history_gap(self) -> str:
        """Return the sentence on what git lacks of the past that was asked for; nothing where it lacks nothing."""
        return self.repo.found.gap if self.repo.found else ""


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
        found_repo = RepoFinder(root, repo)
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
    """Read the files as they are; with the id of a recommendation that is there, only its own review's.

    Raise DhrError where a sparse checkout left any of them out.
    """
    from dhrctl.git.sparse import list_left_out
    from dhrctl.model import paths
    from dhrctl.storage import disk, state_dir

    unfinished = state_dir.unfinished_change(root)
    if unfinished:
        environment.tell(unfinished)
    place = paths.place(paths.recommendation_path(identity))
    review = place.review if place and (root / place.path).exists() else ""
    left_out = [path for path in list_left_out(root) if _is_wanted(path, review, whole=whole)]
    if left_out:
        raise _left_out_error(left_out)
    return disk.read_tree(root, whole=whole, review=review)


def _is_wanted(path: str, review: str, *, whole: bool) -> bool:
    """Tell whether a file would be read, were it there."""
    from dhrctl.files.tree import is_parsed
    from dhrctl.model import paths

    place = paths.place(path)
    of_another = bool(review and place and place.review and place.review != review)
    return (whole or is_parsed(path)) and not of_another


_FEW = 3


def _left_out_error(left_out: "Sequence[str]") -> DhrError:
    from dhrctl.text.english import plural

    more = f" and {len(left_out) - _FEW:,} more" if len(left_out) > _FEW else ""
    message = (
        f"a sparse checkout left {plural(len(left_out), 'file')} of the register out, and the answer would be wrong "
        f"without {'it' if len(left_out) == 1 else 'them'} ({', '.join(left_out[:_FEW])}{more}); "
        "have them with: git sparse-checkout disable"
    )
    return DhrError(message, Exit.ENVIRONMENT)


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
    from dhrctl.git.errors import LostObjectError

    try:
        return timelines.timeline(session.repo(), record.path, session.tree.commit or "HEAD")
    except LostObjectError:
        session.repo().note_loss()
        return []
    except DhrError:
        return []


def read_timelines(
    environment: Environment, repo: "Repo", upto: str | None, files: "Mapping[str, bytes] | None" = None
) -> "dict[str, list[Version]]":
    """Return the versions of every recommendation until a commit, or all, as `git.timelines` does."""
    from dhrctl.git import timelines

    with environment.waiting("reading the history"):
        return timelines.timelines(repo, upto or "HEAD", files)


def apply_query(session: Session, words: tuple[str, ...]) -> "View":
    """Return what a query asks about, with what is to be said of it; raise DhrError where it cannot be understood."""
    from dhrctl.model import query
    from dhrctl.model.query_notes import explain_query
    from dhrctl.reports.view import build_view

    with session.environment.waiting("working it out"):
        asked = query.compile_query(words, session.register, session.day)
        public = session.audience is Audience.PUBLIC
        every = build_view(session.register, session.day, commit=session.tree.commit)
        pairs = [(judged.record, judged.progress) for judged in every.judged]
        notes = explain_query(asked, session.register, session.day, pairs, counted=not public)
        typed = tuple(word.typed for word in asked.words)
        if public:
            redact = _make_redactor(session)
            typed = tuple(map(redact, typed))
            notes = tuple([replace(note, text=redact(note.text)) for note in notes])
        kept = tuple([judged for judged in every.judged if asked(judged.record, judged.progress)])
        return replace(every, judged=kept, words=typed, audience=session.audience, notes=notes)


def _make_redactor(session: Session) -> "Callable[[str], str]":
    from dhrctl.app.redact import make_redactor

    return make_redactor(session.environment.read_protected_names(session.root))


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
