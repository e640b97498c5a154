"""A register of the recommendations of domestic homicide reviews, kept as plain text in git.

From Python, `open_register` reads one: see docs/python.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os
    from datetime import date

    from dhrctl.app.register import OpenRegister
    from dhrctl.errors import DhrError

__version__ = "0.1.0"
__all__ = ["DhrError", "__version__", "open_register"]


def open_register(
    path: str | os.PathLike[str] = ".", as_of: str | date | None = None, at: str | None = None
) -> OpenRegister:
    """Read a register once, and return it to be asked.

    `path` is the folder that holds `register/`, or one below it. `as_of` is the day on which it is judged,
    `YYYY-MM-DD` or a date (default: today, or the day of `at`). `at` is the revision or day at whose end it is
    read from git (default: the files as they are). The file of protected names is the one that the environment
    variable DHRCTL_PROTECTED_NAMES names, as on the command line.

    Raise DhrError where there is no register, nothing of it can be read, or the day or revision is none. What
    can be read only in part is told as a Python warning.
    """
    from dhrctl.app.register import read_register  # noqa: PLC0415 - the package alone stays light

    return read_register(path, as_of, at)


def __getattr__(name: str) -> object:
    """Return DhrError, which is imported when it is asked for first."""
    if name != "DhrError":
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from dhrctl.errors import DhrError  # noqa: PLC0415 - the package alone stays light

    return DhrError
