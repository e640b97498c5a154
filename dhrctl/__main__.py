"""Run dhrctl as a process of its own: `dhrctl`, or `python -m dhrctl`."""

import gc
import signal
import sys
from contextlib import suppress


def run() -> int:
    """Run the program on the arguments of the process, which ends with it; return its exit code.

    What a command imports and reads lives until it ends. To look for garbage in that would be an eighth of a
    large check, and a tenth of a short command when the interpreter does it once more at the end.
    """
    gc.disable()
    with suppress(AttributeError):  # Windows has no such signal
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # or how git ended is lost, where whoever began this ignores it
    from dhrctl.cli import main  # noqa: PLC0415 - imported without looking for garbage

    code = main(sys.argv[1:])
    gc.freeze()
    return code


if __name__ == "__main__":  # pragma: no branch - it is only ever run
    sys.exit(run())
