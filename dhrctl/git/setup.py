"""What git is set up with, and giving it the merge driver for the register's files."""

import shlex
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from dhrctl.errors import DhrError, Exit
from dhrctl.git.clock import ClockSlip
from dhrctl.git.process import Git
from dhrctl.git.refs import shared_folder
from dhrctl.git.repository import Repo
from dhrctl.model.paths import SETTINGS
from dhrctl.storage import atomic, ledger

_MERGE = "dhrctl"
_DRIVER = f"merge.{_MERGE}.driver"
_ATTRIBUTES = f"**/register/**/*.yaml merge={_MERGE}\n".encode("ascii")


@dataclass(frozen=True, slots=True, kw_only=True)
class CloneSetup:
    """How a clone is set up.

    It is shallow or not; which commits on HEAD's own line have a wrong day (None: that was not asked); who commits in it (empty: nobody is named); the command of the merge driver; whether
    the register's files have that; and the file that gives files attributes in this clone alone.
    """

    shallow: bool
    clocks: tuple[ClockSlip, ...] | None
    identity: str
    driver: str
    attributes: bool
    own_attributes: Path

    @property
    def merges(self) -> bool:
        """Tell whether git merges the register's files with this dhrctl."""
        return self.attributes and self.driver == driver()


def version(root: Path) -> str:
    """Return git's version; raise DhrError where there is no git."""
    return _answer(Git(root), "version").removeprefix("git version ")


def read_setup(root: Path, *, history: bool = True) -> CloneSetup:
    """Return how the clone that a folder lies in is set up, and what its history says; raise DhrError where there is none."""
    repo, git = Repo(root), Git(root)
    code, committer, _ = git.run_as_user("var", "GIT_COMMITTER_IDENT")
    return CloneSetup(
        shallow=repo.shallow,
        clocks=repo.list_clock_slips() if history else None,
        identity="" if code else committer.rsplit(" ", 2)[0],
        driver=_answer(git, "config", "--get", _DRIVER),
        attributes=_answer(git, "check-attr", "-z", "merge", SETTINGS).split("\0")[2:3] == [_MERGE],
        own_attributes=shared_folder(repo.folder) / "info" / "attributes",
    )


def driver() -> str:
    """Return the command that merges with this dhrctl, wherever git runs it; a folder `dhrctl` there is not looked into."""
    return f"{shlex.quote(sys.executable).replace('%', '%%')} -P -m dhrctl merge-driver %O %A %B %P"


def install_driver(root: Path, found: CloneSetup) -> CloneSetup:
    """Have git merge the register's files with this dhrctl, in this clone alone; return how it is then; raise DhrError."""
    with suppress(OSError):  # git says why
        ledger.note_file(found.own_attributes.parent.parent / "config")
    code, _, complaint = Git(root).run_as_user("config", "--local", _DRIVER, driver())
    if code:
        problem, fix = f"git's settings cannot be written ({' '.join(complaint.split())})", "fix that, and try again"
        raise DhrError(problem, Exit.ENVIRONMENT, fix=fix)
    if not found.attributes:
        path = found.own_attributes
        try:
            path.parent.mkdir(exist_ok=True)
            before = path.read_bytes() if path.exists() else b""
            ledger.note_file(path)
            atomic.write_file(path, before + b"\n" * (before[-1:] not in (b"", b"\n")) + _ATTRIBUTES)
        except OSError as error:
            problem, fix = f"{path} cannot be written ({error.strerror})", "fix that, and try again"
            raise DhrError(problem, Exit.ENVIRONMENT, fix=fix) from None
    return replace(found, driver=driver(), attributes=True)


def _answer(git: Git, *arguments: str) -> str:
    _, out, _ = git.run(*arguments)
    return out.decode("utf-8", "surrogateescape").strip("\n")
