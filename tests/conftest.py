"""What tests share: registers written to a folder, and whole commands run."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import HealthCheck, settings

from dhrctl.cli import main

TESTS = Path(__file__).parent
ROOT = TESTS.parent
GOLDEN = TESTS / "golden"
RICH = TESTS / "registers" / "rich"

# How many examples a law is tried on; none is judged by the clock. The quick and the thorough ones are the same in every
# run, so that what is red is so for what was changed; searching takes others each time.
_LAW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("quick", _LAW, derandomize=True, max_examples=60)
settings.register_profile("thorough", _LAW, derandomize=True, max_examples=600)
settings.register_profile("searching", _LAW, max_examples=600)
settings.load_profile(os.environ.get("DHRCTL_LAWS", "quick"))
FEWER = settings(max_examples=settings().max_examples // 3)  # for laws of which each example takes long


@dataclass(frozen=True, slots=True)
class Result:
    """What a command returned and wrote."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Repository:
    """A git repository built on the spot: whoever commits and when is fixed, and nobody's configuration is read."""

    root: Path
    begun: Path | None = None  # where those lie that can be copied

    def git(
        self,
        *arguments: str,
        at: str = "2024-01-10T12:00:00Z",
        authored: str = "",
        stdin: bytes = b"",
        code: int = 0,
    ) -> str:
        """Run git in it, on a day, to end with an exit code; return what it says."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.root.parent),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            "GIT_AUTHOR_NAME": "A. Author",
            "GIT_AUTHOR_EMAIL": "author@anytown.example",
            "GIT_AUTHOR_DATE": authored or at,
            "GIT_COMMITTER_NAME": "C. Committer",
            "GIT_COMMITTER_EMAIL": "committer@anytown.example",
            "GIT_COMMITTER_DATE": at,
            "GIT_EDITOR": "true",
        }
        done = subprocess.run(
            ["git", *_SETTINGS, *arguments],
            cwd=self.root,
            env=environment,
            input=stdin,
            capture_output=True,
            check=False,
        )
        assert done.returncode == code, (arguments, done.stderr.decode(errors="replace"))
        return done.stdout.decode(errors="surrogateescape").strip("\n")

    def write(self, files: Mapping[str, str | bytes | None]) -> None:
        """Write files (None: take them away), as `write` does."""
        _write(self.root, files)

    def commit(
        self,
        files: Mapping[str, str | bytes | None],
        message: str,
        at: str = "2024-01-10T12:00:00Z",
        authored: str = "",
    ) -> str:
        """Write files and commit all that there is; return the commit's name."""
        self.write(files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message, at=at, authored=authored)
        return self.git("rev-parse", "HEAD")

    def adopt(self, at: str = "2024-01-10T12:00:00Z", under: str = "") -> str:
        """Commit the small register, in a folder; return the commit's name."""
        files = {f"{under}{path}": text for path, text in ANYTOWN.items()}
        if not self.begun or [path.name for path in self.root.iterdir()] != [".git"] or self._has_commits():
            return self.commit(files, "The register", at)
        self.copy(f"adopted {at} {under}", lambda home: home.commit(files, "The register", at))
        return self.git("rev-parse", "HEAD")

    def _has_commits(self) -> bool:
        return any((self.root / ".git/refs/heads").iterdir())

    def copy(self, name: str, build: Callable[["Repository"], object]) -> None:
        """Become a copy of the repository of a name, which is built where no test has needed it yet.

        git is begun a dozen times to build one, and once to copy one: it notes when each file was written.
        """
        assert self.begun
        kept = self.begun / re.sub(r"\W", "-", name)
        if not kept.exists():
            home = Repository(Path(tempfile.mkdtemp(dir=self.begun)) / "anytown", self.begun)
            shutil.copytree(self.begun / "empty", home.root)
            build(home)
            home.root.rename(kept)
        shutil.copytree(kept, self.root, symlinks=True, dirs_exist_ok=True)
        self.git("update-index", "-q", "--refresh")


_SETTINGS = tuple(
    part
    for setting in (
        "init.defaultBranch=main",
        "commit.gpgSign=false",
        "core.autocrlf=false",
        "gc.auto=0",
        "protocol.file.allow=always",
        "advice.detachedHead=false",
    )
    for part in ("-c", setting)
)
Repositories = Callable[..., Repository]
Run = Callable[..., Result]
Write = Callable[..., Path]
Golden = Callable[[str, str], None]

ANYTOWN: Mapping[str, str] = {
    "register/register.yaml": """\
        schema_version: 1
        title: Anytown action register
        """,
    "register/agencies/anytown-police.yaml": """\
        name: Anytown Police
        kind: police
        """,
    "register/reviews/anytown-dhr-1/review.yaml": """\
        title: Anytown DHR 1
        kind: dhr
        partnership: anytown-police
        sections:
          - Police
        """,
    "register/reviews/anytown-dhr-1/recommendations/01.yaml": """\
        recommendation: That training is reviewed.
        section: Police
        lead_agencies:
          - anytown-police
        target_date: "2024-03"
        status: in-progress
        """,
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that writes golden files anew, to be read in the diff."""
    parser.addoption("--rewrite-golden", action="store_true", help="write tests/golden anew from what is printed now")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Return a function that holds a text against the golden file of a name, or writes that file."""

    def held(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--rewrite-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        assert text == path.read_text(encoding="utf-8"), f"{name} has changed; see --rewrite-golden"

    return held


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes files (by path, dedented) into a folder, and returns the folder."""

    def written(files: Mapping[str, str | bytes | None]) -> Path:
        _write(tmp_path, files)
        return tmp_path

    return written


def _write(folder: Path, files: Mapping[str, str | bytes | None]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            path.unlink()
        elif isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(textwrap.dedent(content), encoding="utf-8")


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an empty repository, to which those are added that many tests begin with."""
    folder = tmp_path_factory.mktemp("repositories")
    (folder / "template").mkdir()
    empty = Repository(folder / "empty")
    empty.root.mkdir()
    empty.git("init", "--quiet", f"--template={folder / 'template'}")
    for name in ("hooks", "info"):
        (empty.root / ".git" / name).mkdir()
    return folder


@pytest.fixture
def repository(tmp_path: Path, begun: Path, monkeypatch: pytest.MonkeyPatch) -> Repositories:
    """Return a function that begins a repository of a name; dhrctl itself sees a home without settings too."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)

    def beginning(name: str = "anytown", *options: str) -> Repository:
        found = Repository(tmp_path / name, None if options else begun)
        if options:
            found.root.mkdir(parents=True)
            found.git("init", "--quiet", *options)
        else:
            shutil.copytree(begun / "empty", found.root)
        return found

    return beginning


@pytest.fixture
def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file that every git which is begun adds a line to."""
    real = shutil.which("git")
    folder = tmp_path / "counting"
    folder.mkdir()
    log = tmp_path / "begun"
    (folder / "git").write_text(f'#!/bin/sh\necho "$*" >>{log}\nexec {real} "$@"\n')
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return log


@pytest.fixture
def anytown(write: Write) -> Path:
    """Return a folder with a small register that nothing is wrong with."""
    return write(ANYTOWN)


@pytest.fixture(autouse=True)
def _nowhere_in_particular(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take out of the environment what dhrctl listens to."""
    for name in (
        "DHRCTL_ROOT",
        "NO_COLOR",
        "FORCE_COLOR",
        "COLUMNS",
        "GITHUB_ACTIONS",
        "GITHUB_STEP_SUMMARY",
        "DHRCTL_PROTECTED_NAMES",
    ):
        monkeypatch.delenv(name, raising=False)


@contextmanager
def guarded() -> Iterator[None]:
    """End what never ends by itself, so that the tests do; ten minutes are no judgement."""

    def ended(_: int, __: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, ended)
    signal.alarm(600)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture(autouse=True)
def _heeded_ctrl_c() -> Iterator[None]:
    """Let Ctrl-C interrupt, here and in what is begun here, also where whoever began the tests ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def rich(tmp_path: Path) -> Path:
    """Return a folder with a copy of the rich register, outside any repository."""
    shutil.copytree(RICH / "register", tmp_path / "register")
    return tmp_path


def without_style(page: str) -> str:
    """Leave the style and its sum out of a golden page; they are proved where the page's safety is."""
    page = re.sub(r"<style>.*?</style>", "<style>…</style>", page, flags=re.DOTALL)
    return re.sub(r"'sha256-[^']+'", "'sha256-…'", page)


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs a command in a folder (default: this repository) and returns what it did."""

    def ran(*arguments: str, cwd: Path = ROOT) -> Result:
        before = Path.cwd()
        os.chdir(cwd)
        try:
            code = main(list(arguments))
        finally:
            os.chdir(before)
        out, err = capfd.readouterr()
        return Result(int(code), out, err)

    return ran
