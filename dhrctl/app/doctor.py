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
from dhrctl.reports.setup import PartState, SetupPart
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
_FEW = 3
Describe = Callable[[DhrError], tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class GitAnswers:
    """What git says of itself and of a clone: its version, and how that is set up; or why neither is known."""

    version: str | DhrError
    clone: setup.CloneSetup | DhrError


def ask_git(environment: Environment, *, history: bool = True) -> GitAnswers:
    """Ask git about the clone of a register at a folder or above it, or about the folder where there is none.

    Without `history`, it is not asked for what was committed.
    """
    try:
        folder = environment.find_root()
    except DhrError:
        folder = environment.folder if environment.folder.is_dir() else Path()
    try:
        version = setup.version(folder)
    except DhrError as error:
        return GitAnswers(version=error, clone=error)
    try:
        return GitAnswers(version=version, clone=setup.read_setup(folder, history=history))
    except DhrError as error:
        return GitAnswers(version=version, clone=error)


def inspect_setup(environment: Environment, git: GitAnswers, describe: Describe) -> Iterator[SetupPart]:
    """Yield how each part is, for a register at a folder or above it, whether there is one or not.

    `describe` is how the front end says what an error says: what is wrong, and what to do.
    """
    yield from _inspect_program()
    yield from _inspect_office()
    yield from _inspect_git(git, describe)
    try:
        root = environment.find_root()
    except DhrError as error:
        yield _faulty_part("register", PartState.ERROR, describe(error))
        return
    yield from _inspect_register(root)
    yield _inspect_names(environment, root, describe)
    yield from _inspect_left_over(root)


def _faulty_part(part: str, state: PartState, said: tuple[str, str]) -> SetupPart:
    """Return a line that says what an error says."""
    found, advice = said
    return SetupPart(part=part, state=state, found=found, advice=advice)


def fix_setup(environment: Environment, git: GitAnswers, doing: str) -> GitAnswers:
    """Finish what is unfinished, take away what is left over, and install the merge driver; tell what was done.

    `doing` is what others who wait are told. Return what git says then.
    """
    try:
        root = environment.find_root()
    except DhrError:  # which the answer says
        return git
    found = len(atomic.find_temporary(root))
    with transaction.lock_register(root, doing, environment.tell):
        atomic.remove_temporary(root, age=0)
    left = len(atomic.find_temporary(root))
    if found > left:
        environment.tell(f"took {plural(found - left, 'temporary file')} away")
    if not (isinstance(git.clone, DhrError) or git.clone.merges):
        git = replace(git, clone=setup.install_driver(root, git.clone))
        environment.tell("git merges records field by field from now on, in this clone")
    if left:
        environment.tell(f"{plural(left, 'temporary file')} could not be taken away; see that you may write there")
    return git


def _inspect_program() -> Iterator[SetupPart]:
    python = ".".join(map(str, sys.version_info[:3]))
    yield SetupPart(part="program", found=f"dhrctl {__version__}, Python {python}")
    found, missing = _versions(_PACKAGES)
    if missing:
        yield SetupPart(
            part="packages", state=PartState.ERROR, found=f"without {missing}", advice="install dhrctl anew"
        )
    else:
        yield SetupPart(part="packages", found=found)
    if find_spec("_ruamel_yaml") is None:
        advice = "install ruamel.yaml.clib"
        yield SetupPart(part="YAML parser", state=PartState.WARNING, found="the slow one, in Python", advice=advice)
    else:
        yield SetupPart(part="YAML parser", found="the fast one, in C")


def _versions(packages: Iterable[str]) -> tuple[str, str]:
    """Return which packages there are, with their versions, and which there are not."""
    found, missing = [], []
    for name in packages:
        try:
            found.append(f"{name} {version_of(name)}")
        except PackageNotFoundError:
            missing.append(name)
    return ", ".join(found), ", ".join(missing)


def _inspect_office() -> Iterator[SetupPart]:
    found, missing = _versions(_OFFICE)
    if missing:
        advice = 'for papers in Word and Excel, install them with: pip install "dhrctl[office]"'
        yield SetupPart(part="office papers", state=PartState.WARNING, found=f"without {missing}", advice=advice)
    else:
        yield SetupPart(part="office papers", found=found)


def _inspect_git(git: GitAnswers, describe: Describe) -> Iterator[SetupPart]:
    if isinstance(git.version, DhrError):
        yield _faulty_part("git", PartState.ERROR, describe(git.version))
        return
    numbers = tuple(int(part) for part in git.version.split(".")[:2] if part.isdecimal())
    if numbers < _OLDEST_GIT:
        oldest = ".".join(map(str, _OLDEST_GIT))
        yield SetupPart(part="git", state=PartState.WARNING, found=git.version, advice=f"install git {oldest} or later")
    else:
        yield SetupPart(part="git", found=git.version)
    if isinstance(git.clone, DhrError):
        yield _faulty_part("repository", PartState.WARNING, describe(git.clone))
    else:
        yield from _inspect_clone(git.clone)


def _inspect_clone(found: setup.CloneSetup) -> Iterator[SetupPart]:
    if found.shallow:
        advice = "fetch the rest with: git fetch --unshallow"
        yield SetupPart(part="repository", state=PartState.WARNING, found="only the newest commits", advice=advice)
    else:
        yield SetupPart(part="repository", found="with all its commits")
    if found.clocks:
        slips = [f"{each.name[:8]} of {each.day} counts as one of {each.counted}" for each in found.clocks[:_FEW]]
        more = f", and {len(found.clocks) - _FEW:,} more" if len(found.clocks) > _FEW else ""
        said = f"{plural(len(found.clocks), 'commit')} with a wrong day: {', '.join(slips)}{more}"
        advice = "set the clock right where that was committed; see: dhrctl explain clock-went-back"
        yield SetupPart(part="clock", state=PartState.WARNING, found=said, advice=advice)
    elif found.clocks is not None:
        yield SetupPart(part="clock", found="no commit's day goes back")
    if found.identity:
        yield SetupPart(part="identity", found=found.identity)
    else:
        advice = "to commit, run: git config user.name NAME, and git config user.email ADDRESS"
        yield SetupPart(part="identity", state=PartState.WARNING, found="git does not know who you are", advice=advice)
    if found.merges:
        yield SetupPart(part="merge driver", found="git merges records field by field")
    else:
        other = "that of another dhrctl" if found.driver else "git merges records line by line"
        yield SetupPart(part="merge driver", state=PartState.WARNING, found=other, advice=_FIX)


def _inspect_register(root: Path) -> Iterator[SetupPart]:
    found = load.read_register(disk.read_tree(root))
    wrong = {finding.path for finding in found.findings}
    if not found.files:
        advice = f"add {SETTINGS} and a review"
        yield SetupPart(part="register", state=PartState.ERROR, found=f"no file in {root / 'register'}", advice=advice)
        return
    files = plural(found.files, "file")
    if wrong:
        said = f"{len(wrong):,} of {files} not as they should be"
        yield SetupPart(part="register", state=PartState.ERROR, found=said, advice="see: dhrctl check")
    else:
        yield SetupPart(part="register", found=f"{files} in {root / 'register'}")
    if SETTINGS in wrong or SETTINGS not in found.paths:
        said = f"{SETTINGS} does not say"
        yield SetupPart(part="schema version", state=PartState.ERROR, found=said, advice="see: dhrctl check")
    else:
        yield SetupPart(part="schema version", found=str(found.register.settings.schema_version))


def _inspect_names(environment: Environment, root: Path, describe: Describe) -> SetupPart:
    try:
        names = environment.read_protected_names(root)
    except DhrError as error:
        return _faulty_part("protected names", PartState.ERROR, describe(error))
    if names:
        return SetupPart(part="protected names", found=plural(len(names), "name"))
    said = "the file has none" if environment.names else "DHRCTL_PROTECTED_NAMES is not set"
    advice = "set it to a file outside the repository that has one name to a line, and check will look for them"
    return SetupPart(part="protected names", state=PartState.WARNING, found=said, advice=advice)


def _inspect_left_over(root: Path) -> Iterator[SetupPart]:
    """Yield what commands that change the register have left, or hold now."""
    holder = lock.holder(root)
    if holder:
        yield SetupPart(part="lock", state=PartState.WARNING, found=f"held by {holder}", advice="wait until it ends")
    else:
        yield SetupPart(part="lock", found="free")
    if state_dir.unfinished_change(root):
        state, advice = (PartState.WARNING, "wait until it ends") if holder else (PartState.ERROR, _FIX)
        yield SetupPart(part="changes", state=state, found="one of several files is unfinished", advice=advice)
    else:
        yield SetupPart(part="changes", found="none is unfinished")
    left = len(atomic.find_temporary(root))
    if left and not holder:
        found = f"{plural(left, 'temporary file')} left over"
        yield SetupPart(part="temporary files", state=PartState.WARNING, found=found, advice=_FIX)
    else:
        yield SetupPart(part="temporary files", found="none left over")
