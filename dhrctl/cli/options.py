"""Options that commands share, and what they come to: where the register is, the day, the format."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dhrctl.errors import DhrError, Exit

if TYPE_CHECKING:
    from dhrctl.changes import Version
    from dhrctl.finding import Finding
    from dhrctl.model import Register
    from dhrctl.reading import Reading
    from dhrctl.render import Screen
    from dhrctl.repo import Repo as Repository
    from dhrctl.repo import Staged
    from dhrctl.reports.rows import Asked
    from dhrctl.table import Report
    from dhrctl.tree import Tree

Command = TypeVar("Command", bound=Callable[..., Any])
_WITHOUT_COMMIT = ("jsonl", "csv", "github", "gitlab", "sarif", "junit")
FORMATS = ("table", "json", "jsonl", "csv", "md", "html")
AUDIENCES = ("public", "partners", "internal")


NEGATED = "\0"


class QueryCommand(click.Command):
    """A command whose query words may begin with a hyphen (`-agency:ccg`), also as the first."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Mark the words that begin with one hyphen, so that click does not take them for options."""
        taking = {name for option in self.get_params(ctx) if _takes_value(option) for name in option.opts}
        end = args.index("--") if "--" in args else len(args)
        before = [None, *args]
        marked = [
            NEGATED + word if _is_negated(word) and earlier not in taking else word
            for earlier, word in zip(before, args[:end], strict=False)
        ]
        return super().parse_args(ctx, marked + args[end:])


def _takes_value(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Option) and not parameter.is_flag


def _is_negated(word: str) -> bool:
    """Tell a negated query word from an option: one hyphen, and more than one letter."""
    return word.startswith("-") and not word.startswith("--") and len(word) > 2


def day_option(command: Command) -> Command:
    """Add `--as-of`."""
    option = click.option("--as-of", metavar="DATE", help="Judge on that day, YYYY-MM-DD (default: today).")
    return option(command)


def at_option(command: Command) -> Command:
    """Add `--at`."""
    option = click.option(
        "--at", metavar="REV|DATE", help="Read the register as committed then, and judge it on that day."
    )
    return option(command)


def audience_option(command: Command) -> Command:
    """Add `--audience`."""
    return click.option(
        "--audience",
        type=click.Choice(AUDIENCES),
        default="partners",
        metavar="WHO",
        help="For whom it is made: public, partners or internal (default: partners).",
    )(command)


def format_options(command: Command) -> Command:
    """Add `--format` and `--json`."""
    command = click.option("--json", "as_json", is_flag=True, help="The same as --format json.")(command)
    return click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        default="table",
        help="How to write the answer (default: table).",
    )(command)


def query_argument(command: Command) -> Command:
    """Add the words of a query."""
    return click.argument("query", nargs=-1, metavar="[QUERY]...")(command)


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


def root(ctx: click.Context, *, past: bool = False) -> Path:
    """Return the folder that holds `register/`; of the `past`, also a repository's that holds none now; raise DhrError."""
    from dhrctl import store

    start = Path(ctx.find_root().obj)
    try:
        return store.find(start)
    except DhrError:
        if past and (start / ".git").exists():
            return start.absolute()
        raise


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
    from dhrctl import layout, reading, store

    day = judged_on(as_of)
    folder = root(ctx, past=at is not None)
    found_repo = _once(folder, repo)
    if at is None:
        _warn_unfinished(folder)
        alone = (
            layout.place(layout.recommendation_path(identity))
            and (folder / layout.recommendation_path(identity)).exists()
        )
        tree = store.read(folder, whole=thorough, review=identity.partition("/")[0] if alone else "")
    else:
        from dhrctl.repo import named_day

        commit = found_repo().commit(at)
        tree = found_repo().tree(commit, whole=thorough)
        day = day if as_of else named_day(at) or commit.day
    found = reading.read(tree, thorough=thorough)
    if not found.files:
        message = f"there is no file in {folder / 'register'}; add register/register.yaml and a review"
        if at is not None:
            message = f"nothing of the register was committed at {at}; name a later day or revision"
        raise DhrError(message, Exit.NOTHING)
    if slips and not thorough:
        from dhrctl.past import FirstTargets

        register = replace(found.register, first_targets=FirstTargets(found_repo, tree.contents, tree.commit or "HEAD"))
        found = replace(found, register=register)
    return Session(root=folder, tree=tree, reading=found, day=day, repo=found_repo)


def _once(folder: Path, repo: "Repository | None") -> "Callable[[], Repository]":
    """Return the way to a folder's repository: it is looked for when it is wanted first, unless it is open already."""

    @cache
    def found() -> "Repository":
        from dhrctl.repo import Repo

        return repo or Repo(folder)

    return found


def with_register(session: Session, register: "Register") -> Session:
    """Return a session of another register."""
    return replace(session, reading=replace(session.reading, register=register))


def seen_by(session: Session, audience: str) -> Session:
    """Return a session of what an audience may see."""
    from dhrctl.audience import Audience, narrowed

    register = narrowed(session.reading.register, Audience(audience), _kept_from(audience, session))
    return replace(with_register(session, register), audience=audience)


def versions_seen(session: Session, timelines: "Mapping[str, Sequence[Version]]") -> "dict[str, list[Version]]":
    """Return what the audience of a session may see of the versions of recommendations."""
    from dhrctl.audience import Audience, narrowed_versions

    return narrowed_versions(timelines, Audience(session.audience), _kept_from(session.audience, session))


def _kept_from(audience: str, session: Session) -> tuple[str, ...]:
    return protected_names(session.root) if audience == "public" else ()


def _warn_unfinished(folder: Path) -> None:
    """Say on stderr that a change of the register broke off."""
    from dhrctl import notes

    unfinished = notes.unfinished(folder)
    if unfinished:
        aside(unfinished)


def judged_on(as_of: str | None, option: str = "--as-of") -> date:
    """Return the day that an option names, or today."""
    from dhrctl import when

    if as_of is None:
        return datetime.now(tz=UTC).astimezone().date()
    try:
        return when.day(as_of)
    except ValueError as error:
        message = f"{option}: {error}"
        raise DhrError(message) from None


def asked(session: Session, query: tuple[str, ...]) -> "Asked":
    """Return what a query asks about; where it is refused, say first what could not be read."""
    from dhrctl import select
    from dhrctl.audience import Audience, withholding
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


def answer(report: "Report", form: str, session: Session, *, as_json: bool = False) -> Exit:
    """Write an answer to stdout, and to stderr what could not be read; return the exit code."""
    told(report, form, as_json=as_json)
    return unread(session)


def told(report: "Report", form: str, *, as_json: bool = False) -> Exit:
    """Write an answer to stdout, and which commit was read to stderr where the format has no room for it."""
    from dhrctl import render

    form = "json" if as_json else form
    written(render.FORMATS[form](report, screen()))
    name_commit(report.commit, form)
    return Exit.FINE


def name_commit(commit: str | None, form: str) -> None:
    """Say on stderr which commit was read, where the format has no room for it."""
    if commit and form in _WITHOUT_COMMIT:
        aside(f"read at commit {commit}")


def aside(sentence: str) -> None:
    """Say a sentence on stderr, beside the answer."""
    from dhrctl.render.say import inert, visible

    click.echo(inert(visible(f"dhrctl: {sentence}")), err=True)


def written(text: str) -> None:
    """Write the answer, and nothing else, to stdout."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        message = f"the answer could not be written ({error.strerror}); send it to another place"
        raise DhrError(message, Exit.ENVIRONMENT) from None


def unread(session: Session) -> Exit:
    """Name on stderr each file that gives no record, as the answer is without it."""
    if not session.reading.findings:
        return Exit.FINE
    from dhrctl.layout import SETTINGS
    from dhrctl.render.say import inert, visible
    from dhrctl.reports.rows import plural
    from dhrctl.reports.verdict import in_order

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
    from dhrctl import checks

    findings = session.reading.findings
    names = protected_names(session.root)
    contents = {finding.path: session.tree.contents.get(finding.path, b"") for finding in findings}
    secret = frozenset(finding.path for finding in checks.in_texts(contents, names))
    return tuple(checks.masked(findings, names, secret))


def protected_names(root: Path) -> tuple[str, ...]:
    """Return the names that must stand nowhere; raise DhrError where their file cannot be read."""
    from dhrctl import store

    return store.protected_names(os.environ.get("DHRCTL_PROTECTED_NAMES"), root)


def screen() -> "Screen":
    """Return what stdout is."""
    from dhrctl.render import Screen

    terminal = sys.stdout.isatty()
    colour = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Screen(terminal=terminal, width=_width(), colour=colour)


def _width() -> int:
    """Return the width of the terminal, or what COLUMNS says, or 80 (without `shutil`, which is slow to import)."""
    said = os.environ.get("COLUMNS", "")
    try:
        return (int(said) if said.isdecimal() else 0) or os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except (OSError, ValueError):
        return 80
