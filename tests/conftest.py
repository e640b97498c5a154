"""What tests share: registers written to a folder, and whole commands run."""

import os
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from dhrctl.cli import main

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden"


@dataclass(frozen=True, slots=True)
class Result:
    """What a command returned and wrote."""

    code: int
    out: str
    err: str


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

    def written(files: Mapping[str, str | bytes]) -> Path:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                path.write_text(textwrap.dedent(content), encoding="utf-8")
        return tmp_path

    return written


@pytest.fixture
def anytown(write: Write) -> Path:
    """Return a folder with a small register that nothing is wrong with."""
    return write(ANYTOWN)


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command in a folder (default: this repository) and returns what it did."""
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
