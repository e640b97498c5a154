"""How the register is changed: proposed, judged, written whole, committed where asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dhrctl.app.environment import Environment
from dhrctl.app.session import Session, open_session
from dhrctl.errors import DhrError, Exit, FieldRefused

if TYPE_CHECKING:
    from dhrctl.edits.changeset import Changeset
    from dhrctl.edits.validate import RegisterState
    from dhrctl.findings.finding import Finding
    from dhrctl.git.repository import Repo

Make = Callable[[Session], "Changeset"]
Judge = Callable[["Changeset", Session, Session], "tuple[Finding, ...]"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOptions:
    """What becomes of a change once it is written: committed, with which message, on which new branch."""

    commit: bool = False
    message: str = ""
    branch: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOutcome:
    """A change that was made: the commit that holds it, if one does, and what it leaves to be warned of."""

    change: "Changeset"
    commit: str = ""
    findings: "tuple[Finding, ...]" = ()


class ChangeRefused(DhrError):
    """A change that would leave the register wrong or unexplained: what is found in it. It was not written."""

    def __init__(self, findings: "Sequence[Finding]") -> None:
        """Keep what is found."""
        super().__init__("the register would be wrong, or the change unexplained; it was not written", Exit.FINDINGS)
        self.findings = tuple(findings)


class CommitFailed(DhrError):
    """A change that was written, and that git could not commit to the end."""

    def __init__(self, change: "Changeset", cause: DhrError) -> None:
        """Keep the change, and why it is not committed."""
        super().__init__(self.describe(str(cause)), cause.code)
        self.change = change
        self.cause = cause

    @staticmethod
    def describe(cause: str) -> str:
        """Return the sentence, with the cause as a front end says it."""
        return f"the files are written, and committing them failed: {cause}; the same command, run again, commits them as well"


def find_errors(change: "Changeset", before: Session, after: Session) -> "tuple[Finding, ...]":
    """Return the errors that a change would bring into the register."""
    from dhrctl.edits import validate

    names = before.environment.read_protected_names(before.root)
    return validate.new_errors(_register_state(before), _register_state(after), _paths(change), before.day, names)


def find_unexplained(change: "Changeset", before: Session, after: Session) -> "tuple[Finding, ...]":
    """Return what a pull request with a change would be refused for, as no update explains it."""
    from dhrctl.edits import validate

    return validate.unexplained_changes(_register_state(before), _register_state(after), _paths(change), before.day)


def judge_change(change: "Changeset", session: Session, judges: Sequence[Judge]) -> "tuple[Finding, ...]":
    """Return what judges find in a change of the register of a session."""
    if not judges:
        return ()
    after = _session_after(change, session)
    return tuple([finding for judge in judges for finding in judge(change, session, after)])


def refuse_faulty(change: "Changeset", session: Session, judges: Sequence[Judge]) -> None:
    """Raise ChangeRefused where judges find anything in a change."""
    findings = judge_change(change, session, judges)
    if findings:
        raise ChangeRefused(findings)


def make_change(  # noqa: PLR0913 - what, how, by whom, and what judges it
    environment: Environment,
    make: Make,
    options: ChangeOptions,
    *,
    first: "Changeset",
    confirmed: bool,
    judges: Sequence[Judge],
    warnings: Sequence[Judge] = (),
    doing: str,
    say: Callable[[str], None],
    request: str = "",
) -> ChangeOutcome:
    """Make a change under the register's lock: all of it or nothing; raise DhrError where it cannot be made.

    `first` is the change as it was worked out before the lock was held: where that was `confirmed`, another one
    is refused. What `judges` find refuses the change, what `warnings` find comes with the outcome. `doing` tells
    whoever has to wait what is done, and `say` is called where we wait ourselves. A `request` that is made again
    completes a commit that was refused, by `complete_commit`.
    """
    from dhrctl.storage import transaction

    root = environment.find_root()
    with transaction.lock_register(root, doing, say):
        session = open_session(environment, thorough=True)
        change = make(session)
        if confirmed and change != first:
            message = (
                "the register changed while you were asked; the change was not written; look at it, and run this again"
            )
            raise DhrError(message, Exit.ENVIRONMENT)
        refuse_faulty(change, session, judges)
        found = judge_change(change, session, warnings)
        message = _write_message(change, session, options)
        repo = _open_repo(root, change, options)  # under the lock: another may commit until then
        if repo and options.branch:
            repo.create_branch(options.branch)
        transaction.apply_edits(root, change.edits)
        commit = _commit(root, change, message, repo, request) if repo and options.commit else ""
    return ChangeOutcome(change=change, commit=commit, findings=found)


def complete_commit(
    environment: Environment, request: str, options: ChangeOptions, *, doing: str, say: Callable[[str], None]
) -> ChangeOutcome | None:
    """Make the commit that was refused when the same was requested before; None where there is none to be completed.

    Raise DhrError where it is refused again, or nothing can be committed.
    """
    from dhrctl.edits.changeset import Changeset
    from dhrctl.git.repository import Repo
    from dhrctl.storage import pending, transaction

    root = environment.find_root()
    if pending.read(root, request) is None:
        return None
    with transaction.lock_register(root, doing, say):
        found = pending.read(root, request)
        if found is None:
            return None
        repo, paths = Repo(root), [path for path, _ in found.files]
        if not repo.list_uncommitted(root, paths):
            pending.remove(root)
            return None
        repo.require_writable(written=paths, branch=bool(options.branch))
        if options.branch and not repo.is_on_branch(options.branch):  # it was made before the commit was refused
            repo.create_branch(options.branch)
        change = Changeset(title=found.title, effects=found.effects, edits=())
        if options.message:
            found = replace(found, message=_write_message(change, open_session(environment, slips=False), options))
        commit = _commit_paths(paths, found.message, repo, change)
        pending.remove(root)
    return ChangeOutcome(change=change, commit=commit)


def _open_repo(root: Path, change: "Changeset", options: ChangeOptions) -> "Repo | None":
    """Return the repository where the change is to be committed, if it can be; raise DhrError beforehand."""
    if not (options.commit or options.branch):
        return None
    from dhrctl.git.repository import Repo

    repo = Repo(root)
    repo.require_writable(_paths(change) if options.commit else (), branch=bool(options.branch))
    return repo


def _write_message(change: "Changeset", session: Session, options: ChangeOptions) -> str:
    """Return the message of the commit, in which nothing stands that must not be published; raise DhrError."""
    from dhrctl.checks.commits import scan_message
    from dhrctl.checks.safety import protected_name
    from dhrctl.git.errors import can_be_asked

    names = protected_name(session.environment.read_protected_names(session.root))
    if not can_be_asked(options.message):
        problem = "the message holds what is no text"
        raise FieldRefused(problem, "write another", field="message")
    if scan_message(options.message, names):
        problem = "the message holds what looks like a name or number of a person"
        raise FieldRefused(problem, "write another", field="message", code=Exit.FINDINGS)
    return options.message or (change.title if scan_message(change.message, names) else change.message)


def _commit(root: Path, change: "Changeset", message: str, repo: "Repo", request: str) -> str:
    """Commit the files that are written, as is noted until it is done; say that they are, where the commit fails."""
    from dhrctl.storage import pending

    files = pending.list_sums(change.edits)
    note = pending.PendingCommit(
        request=request, message=message, title=change.title, effects=change.effects, files=files
    )
    pending.write(root, note)
    commit = _commit_paths(_paths(change), message, repo, change)
    pending.remove(root)
    return commit


def _commit_paths(paths: Sequence[str], message: str, repo: "Repo", change: "Changeset") -> str:
    """Commit files that are written; say that they are, where that fails."""
    try:
        return repo.commit_files(paths, message)
    except DhrError as error:
        raise CommitFailed(change, error) from None


def _register_state(session: Session) -> "RegisterState":
    from dhrctl.edits.validate import RegisterState

    return RegisterState(tree=session.tree, reading=session.reading)


def _session_after(change: "Changeset", session: Session) -> Session:
    """Return the session as it will be when a change is made."""
    from dhrctl.edits.changeset import edit_tree
    from dhrctl.files import load

    tree = edit_tree(session.tree, change.edits)
    return replace(session, tree=tree, reading=load.read_register(tree, thorough=True))


def _paths(change: "Changeset") -> tuple[str, ...]:
    return tuple(edit.path for edit in change.edits)
