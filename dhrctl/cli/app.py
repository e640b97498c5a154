"""The program itself: its commands, and the one place where errors become words and exit codes."""

import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from dhrctl import __version__
from dhrctl.errors import DhrError, Exit
from dhrctl.storage import ledger
from dhrctl.storage.interruption import uninterrupted

COMMANDS = (
    "status",
    "overdue",
    "list",
    "show",
    "check",
    "explain",
    "history",
    "diff",
    "slippage",
    "burndown",
    "render",
    "digest",
    "export",
    "site",
    "update",
    "new",
    "set",
    "transfer",
    "fmt",
    "doctor",
    "merge-driver",
)


class Program(click.Group):
    """The group of commands: each is imported when it is asked for, and the nearest named where none is."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own shape
        """Return the commands in the order of their use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's own shape
        """Return a command by its name."""
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        module = import_module(f"dhrctl.cli.{name}")
        command: click.Command = getattr(module, name, None) or getattr(module, f"{name}_")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the first argument names; raise click.UsageError with the nearest."""
        if args and args[0] not in COMMANDS:
            from dhrctl.text.suggest import suggestion

            known = ", ".join(COMMANDS)
            message = f'there is no command "{args[0]}"{suggestion(args[0], COMMANDS)}; the commands are {known}'
            raise click.UsageError(message, ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=Program,
    invoke_without_command=True,
    subcommand_metavar="[COMMAND] [ARGS]...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
@click.option(
    "-C", "folder", metavar="DIR", help="The folder that holds register/, or one below it (default: this one)."
)
@click.version_option(__version__, prog_name="dhrctl", message="%(prog)s %(version)s")
@click.pass_context
def program(ctx: click.Context, folder: str | None) -> int:
    """Keep the recommendations of domestic homicide reviews: what is overdue, whose it is, and how we know.

    Without a command, dhrctl shows the status of the register.

    \b
    Examples:
      dhrctl overdue
      dhrctl list agency:probation-service is:open
      dhrctl show dhr-3/5
      dhrctl check
    """
    ctx.obj = folder or os.environ.get("DHRCTL_ROOT") or "."
    if ctx.invoked_subcommand is not None:
        return Exit.FINE
    from dhrctl.cli.status import status

    code: int = ctx.invoke(status)
    return code


def main(argv: Sequence[str]) -> int:
    """Run the program and return its exit code; raise nothing."""
    _prepare_streams()
    with ledger.opened() as written:
        try:
            with program.make_context("dhrctl", list(argv)) as ctx:
                code = int(program.invoke(ctx))
            _flush()
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the one place where what ends a command is told
            with uninterrupted():
                return _tell_end(error, written)
    return code


def _tell_end(error: Exception | KeyboardInterrupt, written: ledger.Ledger) -> int:  # noqa: PLR0911 - one return to each way of ending
    """Say what a command ended with, and what it has written where that is not said yet; return the exit code."""
    match error:
        case click.exceptions.Exit():
            return error.exit_code
        case click.UsageError():
            return _tell_usage_error(error)
        case DhrError():
            from dhrctl.cli.options import describe_error

            sentence = describe_error(error)
            return _tell_error(sentence if written.untouched else f"{sentence}; {written.describe()}", error.code)
        case KeyboardInterrupt():
            return _tell_error(f"interrupted; {written.describe()}", Exit.INTERRUPTED)
        case BrokenPipeError():
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return Exit.FINE
        case OSError() if error.errno in _REFUSED:
            where = f": {error.filename}" if error.filename else ""
            sentence = f"the system refuses to go on ({error.strerror}{where}); see to that, and try again"
            return _tell_error(f"{sentence}; {written.describe()}", Exit.ENVIRONMENT)
        case _:
            return _tell_error(_describe_bug(error, written), Exit.BUG)


# What is no bug, wherever the system says it.
_REFUSED = frozenset(
    (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EMFILE, errno.ENFILE)
)


def _flush() -> None:
    """Have the answer written to its end; raise DhrError where it cannot be."""
    from dhrctl.cli.streams import write_answer

    write_answer("")


def _prepare_streams() -> None:
    """Let no character stop the answer: in a file or a pipe it is UTF-8, on a terminal what that can show."""
    for name in ("stdout", "stderr"):
        stream: Any = getattr(sys, name)
        if stream is None:  # closed by whoever started the program
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - open to the end
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=stream.encoding if stream.isatty() else "utf-8", errors="backslashreplace")


def _tell_error(message: str, code: Exit) -> int:
    from dhrctl.cli.streams import write_note
    from dhrctl.text.escape import escape_commands, escape_hidden

    write_note(escape_commands(f"dhrctl: {' '.join(escape_hidden(message).split())}"))
    return code


def _tell_usage_error(error: click.UsageError) -> int:
    """Report a mistake in the arguments, and how to see what is right."""
    name = error.ctx.command_path if error.ctx else "dhrctl"
    message = error.format_message().strip().rstrip(".")
    if isinstance(error, click.NoSuchOption) and error.option_name == "-C":
        message = "put -C DIR before the command"
    message = message[:1].lower() + message[1:]
    return _tell_error(f"{message}; see: {name} --help", Exit.REFUSED)


def _describe_bug(error: Exception, written: ledger.Ledger) -> str:
    """Say where a bug is, in one line that can be reported, and what was written before it was met."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f" at {os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace else ""  # noqa: PTH119
    kind = f"{type(error).__name__}: {error}{where}"
    return f"this is a bug in dhrctl ({kind}); {written.describe()}; please report this line"
