"""The command that says what is wrong with the set-up, and mends what is safe to mend."""

import os
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from importlib.util import find_spec
from pathlib import Path

import click

from dhrctl import __version__, store, writer
from dhrctl.cli.options import format_options, judged_on, told
from dhrctl.errors import DhrError, Exit
from dhrctl.layout import SETTINGS
from dhrctl.repo import Repo, setup
from dhrctl.reports import setup as reports
from dhrctl.reports.rows import plural
from dhrctl.reports.setup import Line, State, faulty

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


@click.command(short_help="Say what is wrong with the set-up.")
@click.option("--fix", is_flag=True, help="Mend what is safe to mend, and say what was done.")
@format_options
@click.pass_context
def doctor(ctx: click.Context, form: str, *, fix: bool, as_json: bool) -> int:
    """Say what is wrong with the set-up: the program, git, the register, and what earlier commands left.

    With --fix, finish an unfinished change, take left-over files away, and have git merge the register's
    files with dhrctl.

    \b
    Examples:
      dhrctl doctor
      dhrctl doctor --fix
    """
    start = Path(ctx.find_root().obj)
    lines = [*_program(), *_office()]
    try:
        root = store.find(start)
    except DhrError as error:
        lines += [*_git(start if start.is_dir() else Path()), faulty("register", State.ERROR, error)]
    else:
        if fix:
            _mend(root)
        lines += [*_git(root), *_register(root), *_names(root), *_left(root)]
    told(reports.report(lines, judged_on(None)), form, as_json=as_json)
    return Exit.FINDINGS if any(line.state is State.ERROR for line in lines) else Exit.FINE


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


def _git(folder: Path) -> Iterator[Line]:
    try:
        version = setup.version(folder)
    except DhrError as error:
        yield faulty("git", State.ERROR, error)
        return
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdecimal())
    if numbers < _OLDEST_GIT:
        oldest = ".".join(map(str, _OLDEST_GIT))
        yield Line(part="git", state=State.WARNING, found=version, advice=f"install git {oldest} or later")
    else:
        yield Line(part="git", found=version)
    yield from _repository(folder)


def _repository(folder: Path) -> Iterator[Line]:
    try:
        shallow = Repo(folder).shallow
        found = setup.asked(folder)
    except DhrError as error:
        yield faulty("repository", State.WARNING, error)
        return
    if shallow:
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
    from dhrctl import reading

    found = reading.read(store.read(root))
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
        names = store.protected_names(path, root)
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
    holder = writer.holder(root)
    if holder:
        yield Line(part="lock", state=State.WARNING, found=f"held by {holder}", advice="wait until it ends")
    else:
        yield Line(part="lock", found="free")
    if writer.unfinished(root):
        state, advice = (State.WARNING, "wait until it ends") if holder else (State.ERROR, _FIX)
        yield Line(part="changes", state=state, found="one of several files is unfinished", advice=advice)
    else:
        yield Line(part="changes", found="none is unfinished")
    left = len(writer.left_over(root))
    if left and not holder:
        found = f"{plural(left, 'temporary file')} left over"
        yield Line(part="temporary files", state=State.WARNING, found=found, advice=_FIX)
    else:
        yield Line(part="temporary files", found="none left over")


def _mend(root: Path) -> None:
    """Finish what is unfinished, take away what is left over, and install the merge driver; say so on stderr."""
    left = len(writer.left_over(root))
    with writer.locked(root, "dhrctl doctor --fix", _say):
        writer.sweep(root, age=0)
    if left:
        _say(f"took {plural(left, 'temporary file')} away")
    try:
        Repo(root)
    except DhrError:  # which the answer says
        return
    if not setup.asked(root).merges:
        setup.install(root)
        _say("git merges records field by field from now on, in this clone")


def _say(sentence: str) -> None:
    from dhrctl.render.say import inert, visible

    click.echo(inert(f"dhrctl: {visible(sentence)}"), err=True)
