"""How each part of the set-up is: the program, git, the register, and what commands have left."""

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from importlib.util import find_spec
from pathlib import Path

from dhrctl import __version__
from dhrctl.app.environment import Environment
from dhrctl.errors import DhrError
from dhrctl.files import load
from dhrctl.git import setup
from dhrctl.model.paths import SETTINGS
from dhrctl.reports.setup import Line, State, faulty
from dhrctl.storage import atomic, disk, lock, state_dir, transaction
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


def ask_git(environment: Environment) -> Git:
    """Ask git about the clone of a register at a folder or above it, or about the folder where there is none."""
    try:
        folder = environment.find_root()
    except DhrError:
        folder = environment.folder if environment.folder.is_dir() else Path()
    try:
        version = setup.version(folder)
    except DhrError as error:
        return Git(version=error, clone=error)
    try:
        return Git(version=version, clone=setup.asked(folder))
    except DhrError as error:
        return Git(version=version, clone=error)


def inspect_setup(environment: Environment, git: Git, describe: Callable[[DhrError], str] = str) -> Iterator[Line]:
    """Yield how each part is, for a register at a folder or above it, whether there is one or not.

    `describe` is how the front end says an error.
    """
    yield from _inspect_program()
    yield from _inspect_office()
    yield from _inspect_git(git, describe)
    try:
        root = environment.find_root()
    except DhrError as error:
        yield faulty("register", State.ERROR, describe(error))
        return
    yield from _inspect_register(root)
    yield _inspect_names(environment, root, describe)
    yield from _inspect_left_over(root)


def fix_setup(environment: Environment, git: Git, doing: str) -> Git:
    """Finish what is unfinished, take away what is left over, and install the merge driver; tell what was done.

    `doing` is what others who wait are told. Return what git says then.
    """
    try:
        root = environment.find_root()
    except DhrError:  # which the answer says
        return git
    left = len(atomic.left_over(root))
    with transaction.locked(root, doing, environment.tell):
        atomic.sweep(root, age=0)
    if left:
        environment.tell(f"took {plural(left, 'temporary file')} away")
    if isinstance(git.clone, DhrError) or git.clone.merges:
        return git
    clone = setup.install(root, git.clone)
    environment.tell("git merges records field by field from now on, in this clone")
    return replace(git, clone=clone)


def _inspect_program() -> Iterator[Line]:
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


def _inspect_office() -> Iterator[Line]:
    found, missing = _versions(_OFFICE)
    if missing:
        advice = 'for papers in Word and Excel, install them with: pip install "dhrctl[office]"'
        yield Line(part="office papers", state=State.WARNING, found=f"without {missing}", advice=advice)
    else:
        yield Line(part="office papers", found=found)


def _inspect_git(git: Git, describe: Callable[[DhrError], str]) -> Iterator[Line]:
    if isinstance(git.version, DhrError):
        yield faulty("git", State.ERROR, describe(git.version))
        return
    numbers = tuple(int(part) for part in git.version.split(".")[:2] if part.isdecimal())
    if numbers < _OLDEST_GIT:
        oldest = ".".join(map(str, _OLDEST_GIT))
        yield Line(part="git", state=State.WARNING, found=git.version, advice=f"install git {oldest} or later")
    else:
        yield Line(part="git", found=git.version)
    if isinstance(git.clone, DhrError):
        yield faulty("repository", State.WARNING, describe(git.clone))
    else:
        yield from _inspect_clone(git.clone)


def _inspect_clone(found: setup.Setup) -> Iterator[Line]:
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


def _inspect_register(root: Path) -> Iterator[Line]:
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


def _inspect_names(environment: Environment, root: Path, describe: Callable[[DhrError], str]) -> Line:
    try:
        names = environment.read_protected_names(root)
    except DhrError as error:
        return faulty("protected names", State.ERROR, describe(error))
    if names:
        return Line(part="protected names", found=plural(len(names), "name"))
    said = "the file has none" if environment.names else "DHRCTL_PROTECTED_NAMES is not set"
    advice = "set it to a file outside the repository that has one name to a line, and check will look for them"
    return Line(part="protected names", state=State.WARNING, found=said, advice=advice)


def _inspect_left_over(root: Path) -> Iterator[Line]:
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
