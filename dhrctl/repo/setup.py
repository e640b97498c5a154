"""What git is set up with, and giving it the merge driver for the register's files."""

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from dhrctl import writer
from dhrctl.errors import DhrError, Exit
from dhrctl.layout import SETTINGS
from dhrctl.repo.run import Git

_DRIVER = "dhrctl"
_ATTRIBUTES = b"**/register/**/*.yaml merge=dhrctl\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Who commits here (empty: nobody is named), the command of the merge driver, and whether the register has it."""

    identity: str
    driver: str
    attributes: bool

    @property
    def merges(self) -> bool:
        """Tell whether git merges the register's files with this dhrctl."""
        return self.attributes and self.driver == driver()


def version(root: Path) -> str:
    """Return git's version; raise DhrError where there is no git."""
    return _answer(Git(root), "version").removeprefix("git version ")


def asked(root: Path) -> Setup:
    """Return what the repository of a folder is set up with."""
    git = Git(root)
    code, committer, _ = git.change("var", "GIT_COMMITTER_IDENT")
    return Setup(
        identity="" if code else committer.rsplit(" ", 2)[0],
        driver=_answer(git, "config", "--get", f"merge.{_DRIVER}.driver"),
        attributes=_answer(git, "check-attr", "-z", "merge", SETTINGS).split("\0")[2:3] == [_DRIVER],
    )


def driver() -> str:
    """Return the command that merges with this dhrctl, wherever git runs it; a folder `dhrctl` there is not looked into."""
    return f"{shlex.quote(sys.executable).replace('%', '%%')} -P -m dhrctl merge-driver %O %A %B %P"


def install(root: Path) -> None:
    """Have git merge the register's files with this dhrctl, in this clone alone; raise DhrError."""
    git = Git(root)
    for name, value in (("name", "the records of dhrctl, field by field"), ("driver", driver())):
        code, _, complaint = git.change("config", "--local", f"merge.{_DRIVER}.{name}", value)
        if code:
            message = f"git's settings cannot be written ({' '.join(complaint.split())}); mend that, and try again"
            raise DhrError(message, Exit.ENVIRONMENT)
    if not asked(root).attributes:
        path = root / _answer(git, "rev-parse", "--git-path", "info/attributes")
        try:
            path.parent.mkdir(exist_ok=True)
            before = path.read_bytes() if path.exists() else b""
            writer.put(path, before + b"\n" * (before[-1:] not in (b"", b"\n")) + _ATTRIBUTES)
        except OSError as error:
            message = f"{path} cannot be written ({error.strerror}); mend that, and try again"
            raise DhrError(message, Exit.ENVIRONMENT) from None


def _answer(git: Git, *arguments: str) -> str:
    _, out, _ = git.run(*arguments)
    return out.decode("utf-8", "surrogateescape").strip("\n")
