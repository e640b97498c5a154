"""How every command that changes the register does it: shown, judged, written whole, committed where asked."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dhrctl.cli import ask
from dhrctl.cli.options import protected_names
from dhrctl.cli.session import Session, opened
from dhrctl.cli.streams import written
from dhrctl.errors import DhrError, Exit

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from dhrctl.edits.changeset import Change
    from dhrctl.edits.validate import State
    from dhrctl.findings.finding import Finding
    from dhrctl.git.repository import Repo

Command = TypeVar("Command", bound=Callable[..., Any])
Make = Callable[[Session], "Change"]
Judge = Callable[["Change", Session, Session], "tuple[Finding, ...]"]


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How a change is made: only shown, committed, on a new branch, without asking."""

    dry_run: bool = False
    commit: bool = False
    message: str = ""
    branch: str = ""
    no_input: bool = False


def change_options(command: Command) -> Command:
    """Add the options of every command that changes the register, as one value `how`."""

    def taking(**options: Any) -> int:  # noqa: ANN401 - what click passes
        how = How(
            dry_run=options.pop("dry_run"),
            commit=options.pop("commit"),
            message=(options.pop("message") or "").strip(),
            branch=options.pop("branch") or "",
            no_input=options.pop("no_input"),
        )
        if how.message and not how.commit:
            message = "-m is the message of a commit; add --commit"
            raise DhrError(message)
        code: int = command(how=how, **options)
        return code

    taking.__name__, taking.__doc__ = command.__name__, command.__doc__
    taking.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined]  # where click keeps options
    for option in reversed(_OPTIONS):
        taking = option(taking)
    return taking  # type: ignore[return-value]  # a command still, with other parameters


_OPTIONS = (
    click.option("--dry-run", is_flag=True, help="Print what would change as a diff, and write nothing."),
    click.option("--commit", is_flag=True, help="Commit the files that are written, and no others."),
    click.option("-m", "--message", metavar="TEXT", help="The message of that commit."),
    click.option("--branch", metavar="NAME", help="Make a branch from the current commit, and use it."),
    click.option("--no-input", is_flag=True, help="Never ask; what would be asked for confirmation is confirmed."),
)


def carried_out(
    ctx: click.Context,
    make: Make,
    how: How,
    *,
    session: Session | None = None,
    show: Callable[["Change", Session], str] | None = None,
    refused_for: "tuple[Judge, ...] | None" = None,
    warned_of: "tuple[Judge, ...]" = (),
) -> Exit:
    """Make a change: all of it or nothing. With `show`, it is shown and must be confirmed.

    A `session` that is open already is not opened again, until the lock is held. The change is refused for what it would leave wrong or unexplained, unless only some of that is named.
    """
    session = session or opened(ctx, None, thorough=how.dry_run or show is not None, slips=False)
    first = make(session)
    if not first.edits:
        written("Nothing changes: the register says so already.\n")
        return Exit.FINE
    refused_for = (wrong, unexplained) if refused_for is None else refused_for
    if how.dry_run:
        return _tried(first, session, refused_for)
    if show is not None:
        ask.note(show(first, session))
        _refuse(first, session, refused_for)
        _confirm(how)
    repo = _repo(session, first, how)
    with _alone(session, ctx):
        session = opened(ctx, None, thorough=True)
        change = make(session)
        if show is not None and change != first:
            message = "the register changed while you were asked; nothing was written; look at it, and run this again"
            raise DhrError(message, Exit.ENVIRONMENT)
        _refuse(change, session, refused_for)
        commit = _made(change, session, replace(how, message=_message(change, session, how)), repo)
    _found(change, session, warned_of)
    _tell(change, how, commit)
    return Exit.FINE


def wrong(change: "Change", before: Session, after: Session) -> "tuple[Finding, ...]":
    """Return the errors that a change would bring into the register."""
    from dhrctl.edits import validate

    names = protected_names(before.root)
    return validate.wrong(_state(before), _state(after), _paths(change), before.day, names)


def unexplained(change: "Change", before: Session, after: Session) -> "tuple[Finding, ...]":
    """Return what a pull request with a change would be refused for, as no update explains it."""
    from dhrctl.edits import validate

    return validate.unexplained(_state(before), _state(after), _paths(change), before.day)


def _state(session: Session) -> "State":
    from dhrctl.edits.validate import State

    return State(tree=session.tree, reading=session.reading)


def _after(change: "Change", session: Session) -> Session:
    """Return the session as it will be when a change is made."""
    from dhrctl.edits.changeset import applied
    from dhrctl.files import load

    tree = applied(session.tree, change.edits)
    return replace(session, tree=tree, reading=load.read(tree, thorough=True))


def _message(change: "Change", session: Session, how: How) -> str:
    """Return the message of the commit, in which nothing stands that must not be published; raise DhrError."""
    from dhrctl.checks.commits import in_message
    from dhrctl.checks.safety import protected_name

    names = protected_name(protected_names(session.root))
    if in_message(how.message, names):
        message = "the message holds what looks like a name or number of a person; write another with -m"
        raise DhrError(message, Exit.FINDINGS)
    return how.message or (change.title if in_message(change.message, names) else change.message)


def _confirm(how: How) -> None:
    if how.no_input:
        return
    if not ask.possible(no_input=False):
        message = "this must be confirmed, and nobody can be asked here; add --no-input to confirm it"
        raise DhrError(message)
    if not ask.agreed("Write this?"):
        message = "nothing was written, as you did not say yes"
        raise DhrError(message)


def _repo(session: Session, change: "Change", how: How) -> "Repo | None":
    """Return the repository where the change is to be committed, if it can be; raise DhrError beforehand."""
    if not (how.commit or how.branch):
        return None
    from dhrctl.git.repository import Repo

    repo = Repo(session.root)
    repo.writable(_paths(change) if how.commit else (), branch=bool(how.branch))
    return repo


def _paths(change: "Change") -> tuple[str, ...]:
    return tuple(edit.path for edit in change.edits)


def _alone(session: Session, ctx: click.Context) -> "AbstractContextManager[None]":
    """Hold the register's lock."""
    from dhrctl.storage import transaction

    return transaction.locked(session.root, ctx.command_path, ask.note)


def _made(change: "Change", session: Session, how: How, repo: "Repo | None") -> str:
    """Write the files, and commit them where that is asked; return the commit's name."""
    from dhrctl.storage import transaction

    if repo and how.branch:
        repo.branch(how.branch)
    transaction.apply(session.root, change.edits)
    return _committed(change, how, repo) if repo and how.commit else ""


def _committed(change: "Change", how: How, repo: "Repo") -> str:
    """Commit the files that are written; say that they are, where the commit fails."""
    try:
        return repo.save(_paths(change), how.message)
    except DhrError as error:
        _tell(change, how, "")
        message = f"the files are written, and not committed: {error}"
        raise DhrError(message, error.code) from None
    except KeyboardInterrupt:
        message = "interrupted: the files are written, and not committed; commit them, or put them back"
        raise DhrError(message, Exit.INTERRUPTED) from None


def _tried(change: "Change", session: Session, judges: "tuple[Judge, ...]") -> Exit:
    """Print a change as a diff, and say what it would be refused for."""
    from dhrctl.edits.changeset import patch
    from dhrctl.text.escape import inert

    written(inert(patch(change)))
    return Exit.FINDINGS if _found(change, session, judges) else Exit.FINE


def _refuse(change: "Change", session: Session, judges: "tuple[Judge, ...]") -> None:
    if _found(change, session, judges):
        message = "nothing was written; mend what is said above, and run this again"
        raise DhrError(message, Exit.FINDINGS)


def _found(change: "Change", session: Session, judges: "tuple[Judge, ...]") -> bool:
    """Say on stderr what judges find in a change; return whether they find anything."""
    if not judges:
        return False
    after = _after(change, session)
    found = [finding for judge in judges for finding in judge(change, session, after)]
    for finding in found:
        ask.note(str(finding))
    return bool(found)


def _tell(change: "Change", how: How, commit: str) -> None:
    from dhrctl.text.escape import visible

    lines = [*change.said, *(f"wrote {edit.path}" for edit in change.edits)]
    if commit:
        lines.append(f"committed as {commit[:12]}{f' on the branch {how.branch}' if how.branch else ''}")
    written("".join(f"{visible(line)}\n" for line in lines))
