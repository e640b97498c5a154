"""Options that commands share, and what they come to: where the register is, the day, the names to look for."""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from dhrctl.errors import DhrError

Command = TypeVar("Command", bound=Callable[..., Any])
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


def root(ctx: click.Context, *, past: bool = False) -> Path:
    """Return the folder that holds `register/`; of the `past`, also a repository's that holds none now; raise DhrError."""
    from dhrctl.storage import disk

    start = Path(ctx.find_root().obj)
    try:
        return disk.find(start)
    except DhrError:
        if past and (start / ".git").exists():
            return start.absolute()
        raise


def judged_on(as_of: str | None, option: str = "--as-of") -> date:
    """Return the day that an option names, or today."""
    from dhrctl.model import dates

    if as_of is None:
        return datetime.now(tz=UTC).astimezone().date()
    try:
        return dates.day(as_of)
    except ValueError as error:
        message = f"{option}: {error}"
        raise DhrError(message) from None


def protected_names(root: Path) -> tuple[str, ...]:
    """Return the names that must stand nowhere; raise DhrError where their file cannot be read."""
    from dhrctl.storage import disk

    return disk.protected_names(os.environ.get("DHRCTL_PROTECTED_NAMES"), root)
