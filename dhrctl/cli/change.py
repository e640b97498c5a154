"""How every command that changes the register does it: it shows, judges, confirms, makes and reports the change."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dhrctl.app.change import (
    ChangeOptions,
    ChangeRefused,
    CommitFailed,
    Judge,
    Make,
    complete_commit,
    find_errors,
    find_unexplained,
    judge_change,
    make_change,
    refuse_faulty,
)
from dhrctl.app.session import Session, open_session
from dhrctl.cli import prompts
from dhrctl.cli.options import describe_error, find_environment
from dhrctl.cli.streams import write_answer
from dhrctl.errors import DhrError, Exit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dhrctl.app.environment import Environment
    from dhrctl.edits.changeset import Changeset
    from dhrctl.findings.finding import Finding

ChangeCommand = TypeVar("ChangeCommand", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRequest:
    """How a change is made: only shown, or without asking; and what becomes of it."""

    dry_run: bool = False
    no_input: bool = False
    options: ChangeOptions


def change_options(command: ChangeCommand) -> ChangeCommand:
    """Add the options of every command that changes the register, as one value `how`."""

    def call(**options: Any) -> int:  # noqa: ANN401 - what click passes
        how = ChangeRequest(
            dry_run=options.pop("dry_run"),
            no_input=options.pop("no_input"),
            options=ChangeOptions(
                commit=options.pop("commit"),
                message=(options.pop("message") or "").strip(),
                branch=options.pop("branch") or "",
            ),
        )
        if how.options.message and not how.options.commit:
            message = "-m is the message of a commit; add --commit"
            raise DhrError(message)
        code: int = command(how=how, **options)
        return code

    call.__name__, call.__doc__ = command.__name__, command.__doc__
    call.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined]  # where click keeps options
    for option in reversed(_OPTIONS):
        call = option(call)
    return call  # type: ignore[return-value]  # a command still, with other parameters


_OPTIONS = (
    click.option("--dry-run", is_flag=True, help="Print what would change as a diff, and write nothing."),
    click.option("--commit", is_flag=True, help="Commit the files that are written, and no others."),
    click.option("-m", "--message", metavar="TEXT", help="The message of that commit."),
    click.option("--branch", metavar="NAME", help="Make a branch from the current commit, and use it."),
    click.option("--no-input", is_flag=True, help="Never ask; what would be asked for confirmation is confirmed."),
)

_OWN = ("dry_run", "commit", "message", "branch", "no_input")


def _note(findings: "Iterable[Finding]") -> None:
    for finding in findings:
        prompts.note(str(finding))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeJudges:
    """Who judges a change: what `refusing` judges find refuses it, what `warning` ones find is reported after it."""

    refusing: tuple[Judge, ...] = (find_errors, find_unexplained)
    warning: tuple[Judge, ...] = ()


def carry_out(
    ctx: click.Context,
    make: Make,
    how: ChangeRequest,
    *,
    session: Session | None = None,
    show: Callable[["Changeset", Session], str] | None = None,
    held: ChangeJudges | None = None,
    warn: "Callable[[Iterable[Finding]], None]" = _note,
    request: str = "",
) -> Exit:
    """Make a change: all of it or nothing. With `show`, it is shown and must be confirmed.

    A `session` that is open already is not opened again, until the lock is held. A `request` says what is asked
    for, where the arguments do not: the same one completes a commit that was refused.
    """
    held = held or ChangeJudges()
    environment = find_environment(ctx)
    request = request or str(sorted(_list_arguments(ctx)))
    if _complete_commit(environment, how, request, ctx.command_path):
        return Exit.FINE
    session = session or open_session(environment, thorough=how.dry_run or show is not None, slips=False)
    first = make(session)
    if not first.edits:
        write_answer("Nothing changes: the register says so already.\n")
        return Exit.FINE
    if how.dry_run:
        return _try(first, session, held)
    try:
        if show is not None:
            prompts.note(show(first, session))
            refuse_faulty(first, session, held.refusing)
            _confirm(how)
        outcome = make_change(
            environment,
            make,
            how.options,
            first=first,
            confirmed=show is not None and not how.no_input,
            judges=held.refusing,
            warnings=held.warning,
            doing=ctx.command_path,
            say=prompts.note,
            request=f"{ctx.command_path} {request}",
        )
    except ChangeRefused as refused:
        _note(refused.findings)
        message = "the change was not written; fix the findings above, and run this again"
        raise DhrError(message, refused.code) from None
    except CommitFailed as failed:
        _tell(failed.change, how, "")
        raise DhrError(failed.describe(describe_error(failed.cause)), failed.code) from None
    warn(outcome.findings)
    _tell(outcome.change, how, outcome.commit)
    return Exit.FINE


def _list_arguments(ctx: click.Context) -> "Iterator[str]":
    """Yield what a command is given, but for what becomes of the change."""
    return (f"{name}={value!r}" for name, value in ctx.params.items() if name not in _OWN)


def complete_earlier(ctx: click.Context, how: ChangeRequest, request: str) -> bool:
    """Make the commit that was refused when the same was requested before; tell whether there was one."""
    return _complete_commit(find_environment(ctx), how, request, ctx.command_path)


def _complete_commit(environment: "Environment", how: ChangeRequest, request: str, doing: str) -> bool:
    """Make the commit that was refused when the same command was run before; tell whether there was one."""
    if how.dry_run or not how.options.commit:
        return False
    try:
        outcome = complete_commit(environment, f"{doing} {request}", how.options, doing=doing, say=prompts.note)
    except CommitFailed as failed:
        _tell(failed.change, how, "")
        raise
    if outcome:
        prompts.note("dhrctl: the files were written before, and are committed now")
        _tell(outcome.change, how, outcome.commit)
    return outcome is not None


def _confirm(how: ChangeRequest) -> None:
    if how.no_input:
        return
    if not prompts.can_ask(no_input=False):
        message = "this must be confirmed, and nobody can be asked here; add --no-input to confirm it"
        raise DhrError(message)
    if not prompts.ask_agreement("Write this?"):
        message = "nothing was written, as you did not say yes"
        raise DhrError(message)


def _try(change: "Changeset", session: Session, held: ChangeJudges) -> Exit:
    """Print a change as a diff, and say what it would be refused for."""
    from dhrctl.edits.changeset import patch
    from dhrctl.text.escape import escape_commands

    write_answer(escape_commands(patch(change)))
    findings = judge_change(change, session, held.refusing)
    _note(findings)
    return Exit.FINDINGS if findings else Exit.FINE


def _tell(change: "Changeset", how: ChangeRequest, commit: str) -> None:
    from dhrctl.text.escape import escape_hidden

    branch = how.options.branch
    lines = [*change.effects, *(f"wrote {edit.path}" for edit in change.edits)]
    if commit:
        lines.append(f"committed as {commit[:12]}{f' on the branch {branch}' if branch else ''}")
    write_answer("".join(f"{escape_hidden(line)}\n" for line in lines))
