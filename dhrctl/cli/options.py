"""Options that commands share, and what they come to: the environment, the day, how a field is given."""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dhrctl.errors import DhrError, FieldRefused, Reason

if TYPE_CHECKING:
    from dhrctl.app.environment import Environment

Command = TypeVar("Command", bound=Callable[..., Any])
FORMATS = ("table", "json", "jsonl", "csv", "md", "html")
AUDIENCES = ("public", "partners", "internal")
_NEGATED = "\0"
QUERY_HELP = """\b
    QUERY words must all hold. Put - before one to mean "not", commas for "or":
      status:complete,in-progress   agency:foundations   lead:   review:dhr-3
      section:foundations   scope:national   level:   rag:red
      is:open|closed|overdue|due-soon|on-track|no-target-date|in-time|late
      is:slipped|stale|review-due|lead-ended|no-single-lead|not-known
      target:<2022-01   target:2021..2022   completed:>=2021-06
      -agency:ccg   "risk assessment"   (any other word is looked for in the text)
"""


class QueryCommand(click.Command):
    """A command whose query words may begin with a hyphen (`-agency:ccg`), also as the first."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Mark the words that begin with one hyphen, so that click does not take them for options."""
        taking = {name for option in self.get_params(ctx) if _takes_value(option) for name in option.opts}
        end = args.index("--") if "--" in args else len(args)
        before = [None, *args]
        marked = [
            _NEGATED + word if _is_negated(word) and earlier not in taking else word
            for earlier, word in zip(before, args[:end], strict=False)
        ]
        rest = super().parse_args(ctx, marked + args[end:])
        ctx.params = {name: _unmark(value) for name, value in ctx.params.items()}
        return rest


def _takes_value(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Option) and not parameter.is_flag


def _is_negated(word: str) -> bool:
    """Tell a negated query word from an option: one hyphen, and more than one letter."""
    return word.startswith("-") and not word.startswith("--") and len(word) > 2


def _unmark(value: Any) -> Any:  # noqa: ANN401 - whatever click makes of the arguments
    if isinstance(value, tuple):
        return tuple(map(_unmark, value))
    return value.removeprefix(_NEGATED) if isinstance(value, str) else value


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


def find_environment(ctx: click.Context) -> "Environment":
    """Return where and when a command works: the folder that it was given, today, the file of protected names."""
    from dhrctl.app.environment import Environment
    from dhrctl.cli.streams import tell, wait_visibly

    return Environment(
        folder=Path(ctx.find_root().obj),
        today=today(),
        names=os.environ.get("DHRCTL_PROTECTED_NAMES"),
        tell=tell,
        waiting=wait_visibly,
    )


def today() -> date:
    """Return the day on which the command is run, where it is run."""
    return datetime.now(tz=UTC).astimezone().date()


def parse_day(text: str | None, field: str = "as_of") -> date | None:
    """Return the day that an option gives, if it does; raise FieldRefused."""
    from dhrctl.model import dates

    try:
        return None if text is None else dates.day(text)
    except ValueError as error:
        raise FieldRefused(str(error), field=field) from None


_OPTIONS: Mapping[str, str] = {
    "completion_date": "--completed",
    "date": "--on",
    "ended": "--on",
    "folder": "-C DIR",
    "message": "-m",
    "new": "TO",
    "old": "FROM",
    "target_date": "--target",
}
_FIXES: Mapping[tuple[str, Reason], str] = {
    ("agency", Reason.MISSING): "name it with --agency, such as --agency anytown-police",
    ("agency", Reason.TOO_MANY): "name it with --agency, or name a folder for all of them with --out",
    ("agency", Reason.UNCLEAR): "say who reports, with --agency",
    ("baseline", Reason.WRONG): "write one with: dhrctl check --write-baseline {value}",
    ("completion_date", Reason.MISSING): "add --completed DATE",
    ("reason", Reason.MISSING): "add --reason TEXT",
    ("since", Reason.MISSING): "say when that was with --since, such as --since 2026-01-31",
    ("text", Reason.MISSING): "add --text, or --editor",
}


def describe_error(error: DhrError) -> str:
    """Return what an error says, with the option that gives the field which it is about."""
    problem, fix = split_error(error)
    return f"{problem}; {fix}" if fix else problem


def split_error(error: DhrError) -> tuple[str, str]:
    """Return what an error says is wrong, and what to do, with the option that gives the field which it is about."""
    if not isinstance(error, FieldRefused):
        return error.problem, error.fix
    option = _name_option(error.field)
    problem, fix = error.name_fields(_name_option)
    if not fix:
        return f"{option}: {problem}", ""
    if error.names_fields:
        return problem, fix
    own = _FIXES.get((error.field, error.reason), "")
    return problem, own.format(value=error.value) if own else f"{fix} with {option}"


def _name_option(field: str) -> str:
    return _OPTIONS.get(field, f"--{field.replace('_', '-')}")
