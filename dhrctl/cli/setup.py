"""How each part of the set-up is: the program, git, the register, and what commands have left."""

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from importlib.util import find_spec
from pathlib import Path

from dhrctl import __version__
from dhrctl.errors import DhrError
from dhrctl.files import load
from dhrctl.git import setup
from dhrctl.model.paths import SETTINGS
from dhrctl.reports.setup import Line, State, faulty
from dhrctl.storage import atomic, disk, lock, state_dir
from dhrctl.text.english import plural

_PACKAGES = (
    "click",
    "filelock",
    "GitPython",
    "Jinja2",
    "jsonschema",
    "markdown-it-py",
    "MarkupSafe",
    "nh3",
    "rich",
    "ruamel.yaml",
)
_OFFICE = ("python-docx", "XlsxWriter")
_OLDEST_GIT = (2, 31)
_FIX = "run: dhrctl doctor --fix"


@dataclass(frozen=True, slots=True, kw_only=True)
class Git:
    """What git says of itself and of a clone: its version, and how that is set up; or why neither is known."""

    version: str | DhrError
    clone: setup.Setup | DhrError


def asked_git(start: Path) -> Git:
    """Ask git about the clone of a register at a folder or above it, or about the folder where there is none."""
    try:
        folder = disk.find(start)
    except DhrError:
        folder = start if start.is_dir() else Path()
    try:
        version = setup.version(folder)
    except DhrError as error:
        return Git(version=error, clone=error)
    try:
        return Git(version=version, clone=setup.asked(folder))
    except DhrError as error:
        return Git(version=version, clone=error)


def lines(start: Path, git: Git) -> Iterator[Line]:
    """Yield how each part is, for a register at a folder or above it, whether there is one or not."""
    yield from _program()
    yield from _office()
    yield from _git(git)
    try:
        root = disk.find(start)
    except DhrError as error:
        yield faulty("register", State.ERROR, error)
        return
    for part in (_register, _names, _left):
        yield from part(root)


def _program() -> Iterator[Line]:
    python = ".".join(map(str, sys.version_info[:3]))
    yield Line(part="program", found=f"dhrctl {__version__}, Python {python}")
    found, missing = _versions(_PACKAGES)
    if missing:
        yield Line(part="packages", state=State.ERROR, found=f"without {missing}", advice="install dhrctl anew")
    else:
        yield Line(part="packages", found=found)
    if find_spec("_ruamel_yaml") is None:
        advice = "install ruamel.yaml.clib"
        yield Line(part="YAML parser", state=State.WARNING, found="the slow one, in Python", advice=advice)
    else:
        yield Line(part="YAML parser", found="the fast one, in C")


def _versions(packages: Iterable[str]) -> tuple[str, str]:
    """Return which packages there are, with their versions, and which there are not."""
    found, missing = [], []
    for name in packages:
        try:
            found.append(f"{name} {version_of(name)}")
        except PackageNotFoundError:
            missing.append(name)
    return ", ".join(found), ", ".join(missing)


def _office() -> Iterator[Line]:
    found, missing = _versions(_OFFICE)
    if missing:
        advice = 'for papers in Word and Excel, install them with: pip install "dhrctl[office]"'
        yield Line(part="office papers", state=State.WARNING, found=f"without {missing}", advice=advice)
    else:
        yield Line(part="office papers", found=found)


def _git(git: Git) -> Iterator[Line]:
    if isinstance(git.version, DhrError):
        yield faulty("git", State.ERROR, git.version)
        return
    numbers = tuple(int(part) for part in git.version.split(".")[:2] if part.isdecimal())
    if numbers < _OLDEST_GIT:
        oldest = ".".join(map(str, _OLDEST_GIT))
        yield Line(part="git", state=State.WARNING, found=git.version, advice=f"install git {oldest} or later")
    else:
        yield Line(part="git", found=git.version)
    if isinstance(git.clone, DhrError):
        yield faulty("repository", State.WARNING, git.clone)
    else:
        yield from _clone(git.clone)


def _clone(found: setup.Setup) -> Iterator[Line]:
    if found.shallow:
        advice = "fetch the rest with: git fetch --unshallow"
        yield Line(part="repository", state=State.WARNING, found="only the newest commits", advice=advice)
    else:
        yield Line(part="repository", found="with all its commits")
    if found.identity:
        yield Line(part="identity", found=found.identity)
    else:
        advice = "to commit, run: git config user.name NAME, and git config user.email ADDRESS"
        yield Line(part="identity", state=State.WARNING, found="git does not know who you are", advice=advice)
    if found.merges:
        yield Line(part="merge driver", found="git merges records field by field")
    else:
        other = "that of another dhrctl" if found.driver else "git merges records line by line"
        yield Line(part="merge driver", state=State.WARNING, found=other, advice=_FIX)


def _register(root: Path) -> Iterator[Line]:
    found = load.read(disk.read(root))
    wrong = {finding.path for finding in found.findings}
    if not found.files:
        advice = f"add {SETTINGS} and a review"
        yield Line(part="register", state=State.ERROR, found=f"no file in {root / 'register'}", advice=advice)
        return
    files = plural(found.files, "file")
    if wrong:
        said = f"{len(wrong):,} of {files} not as they should be"
        yield Line(part="register", state=State.ERROR, found=said, advice="see: dhrctl check")
    else:
        yield Line(part="register", found=f"{files} in {root / 'register'}")
    if SETTINGS in wrong or SETTINGS not in found.paths:
        said = f"{SETTINGS} does not say"
        yield Line(part="schema version", state=State.ERROR, found=said, advice="see: dhrctl check")
    else:
        yield Line(part="schema version", found=str(found.register.settings.schema_version))


def _names(root: Path) -> Iterator[Line]:
    path = os.environ.get("DHRCTL_PROTECTED_NAMES")
    try:
        names = disk.protected_names(path, root)
    except DhrError as error:
        yield faulty("protected names", State.ERROR, error)
        return
    if names:
        yield Line(part="protected names", found=plural(len(names), "name"))
    else:
        said = "the file has none" if path else "DHRCTL_PROTECTED_NAMES is not set"
        advice = "set it to a file outside the repository that has one name to a line, and check will look for them"
        yield Line(part="protected names", state=State.WARNING, found=said, advice=advice)


def _left(root: Path) -> Iterator[Line]:
    """Yield what commands that change the register have left, or hold now."""
    holder = lock.holder(root)
    if holder:
        yield Line(part="lock", state=State.WARNING, found=f"held by {holder}", advice="wait until it ends")
    else:
        yield Line(part="lock", found="free")
    if state_dir.unfinished(root):
        state, advice = (State.WARNING, "wait until it ends") if holder else (State.ERROR, _FIX)
        yield Line(part="changes", state=state, found="one of several files is unfinished", advice=advice)
    else:
        yield Line(part="changes", found="none is unfinished")
    left = len(atomic.left_over(root))
    if left and not holder:
        found = f"{plural(left, 'temporary file')} left over"
        yield Line(part="temporary files", state=State.WARNING, found=found, advice=_FIX)
    else:
        yield Line(part="temporary files", found="none left over")
