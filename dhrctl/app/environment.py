"""What a front end says of where it works: the folder, the day, the names to look for, and how it speaks."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dhrctl.errors import DhrError
from dhrctl.storage import disk


def _keep_silent(_: str) -> None:
    """Tell nothing."""


def _wait_silently(_: str) -> AbstractContextManager[None]:
    """Show nothing while something takes long."""
    return nullcontext()


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Where and when a front end works.

    `folder` lies in the register's, or is it; `names` is the file of protected names, if there is one. `tell`
    is given each sentence that stands beside an answer, and `waiting` is held while what it names takes long.
    """

    folder: Path
    today: date
    names: str | None = None
    tell: Callable[[str], None] = _keep_silent
    waiting: Callable[[str], AbstractContextManager[None]] = _wait_silently

    def find_root(self, *, past: bool = False) -> Path:
        """Return the folder that holds `register/`; of the `past`, also a repository's that holds none now.

        Raise DhrError where there is none.
        """
        try:
            return disk.find_register(self.folder)
        except DhrError:
            if past and os.path.exists(self.folder / ".git"):  # noqa: PTH110 - which no name stops, however long
                return self.folder.absolute()
            raise

    def read_protected_names(self, root: Path) -> tuple[str, ...]:
        """Return the names that must stand nowhere; raise DhrError where their file cannot be read."""
        return disk.protected_names(self.names, root)
