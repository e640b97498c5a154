"""A register of the recommendations of domestic homicide reviews, kept as plain text in git.

From Python, `open_register` reads one: see docs/python.md.
"""

import os
from datetime import date
from typing import TYPE_CHECKING

import dhrctl  # noqa: TC001 - by which the annotation below finds what is imported when it is asked for

if TYPE_CHECKING:
    from dhrctl.app.register import OpenRegister
    from dhrctl.errors import DhrError, DhrWarning
    from dhrctl.model.records import Recommendation

__version__ = "0.1.0"
__all__ = ["DhrError", "DhrWarning", "OpenRegister", "Recommendation", "__version__", "open_register"]
_HOMES = {
    "DhrError": "dhrctl.errors",
    "DhrWarning": "dhrctl.errors",
    "OpenRegister": "dhrctl.app.register",
    "Recommendation": "dhrctl.model.records",
}


def open_register(
    path: str | os.PathLike[str] = ".", as_of: str | date | None = None, at: str | date | None = None
) -> "dhrctl.OpenRegister":
    """Read a register once, with what git says of its target dates, and return it to be asked.

    `path` is the folder that holds `register/`, or one below it. `as_of` is the day on which it is judged,
    `YYYY-MM-DD` or a date (default: today, or the day of `at`). `at` is the revision, or the day (also as a
    date) at whose end it is read from git (default: the files as they are). The file of protected names is the
    one that the environment variable DHRCTL_PROTECTED_NAMES names, as on the command line.

    Raise DhrError where there is no register, nothing of it can be read, or the day or revision is none. What
    can be read only in part, and a clone that holds only the newest commits, is told as a DhrWarning.
    """
    from dhrctl.app.register import read_register  # noqa: PLC0415 - the package alone stays light

    return read_register(path, as_of, at)


def __getattr__(name: str) -> object:
    """Return what is imported when it is asked for first."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module  # noqa: PLC0415 - the package alone stays light

    found: object = getattr(import_module(_HOMES[name]), name)
    return found


def __dir__() -> list[str]:
    """Return every name, those included that are imported when they are asked for."""
    return sorted({*globals(), *_HOMES})
