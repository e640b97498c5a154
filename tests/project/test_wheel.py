"""The wheel: built without a network, installed where nothing of the checkout is in reach, and put to work."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import RICH, ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

DAY = "2025-06-30"
SHIPPED = ("schema", "templates")


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment that holds the wheel, and a folder that holds a register and nothing else."""

    environment: Path
    folder: Path

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment in the folder."""
        return started([str(self.environment / "bin" / program), *arguments], self.folder)

    def python(self, code: str) -> str:
        """Return what a piece of Python prints in the environment."""
        result = self.run("python", "-c", code)
        assert result.returncode == 0, result.stderr
        return result.stdout.strip()


def started(command: Sequence[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    dropped = ("PYTHON", "PIP_", "DHRCTL", "COV_", "COVERAGE", "VIRTUAL_ENV")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds the wheel and the source distribution."""
    folder = tmp_path_factory.mktemp("dist")
    for target in ("wheel", "sdist"):
        result = started([sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)], ROOT)
        assert result.returncode == 0, result.stderr
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Return an environment with the wheel, the dependencies of this one, and none of its links to the checkout."""
    place = tmp_path_factory.mktemp("elsewhere")
    environment, folder = place / "venv", place / "work"
    result = started([sys.executable, "-m", "venv", "--without-pip", str(environment)], place)
    assert result.returncode == 0, result.stderr
    (wheel,) = built.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "--python", str(environment / "bin" / "python")]
    result = started([*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)], place)
    assert result.returncode == 0, result.stderr
    (packages,) = environment.glob("lib/python*/site-packages")
    # A path named in a .pth file is searched last, and the .pth files in it are not read: no editable install.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    shutil.copytree(RICH / "register", folder / "register")
    return Installed(environment, folder)


def names(archive: Path) -> list[str]:
    """Return the files of a wheel or a source distribution, by their paths in the project."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return wheel.namelist()
    with tarfile.open(archive) as source:
        return [name.partition("/")[2] for name in source.getnames()]


def files_of(folder: Path) -> set[str]:
    """Return the files under a folder of the checkout, by their paths in it."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("pattern", ["*.whl", "*.tar.gz"])
def test_what_is_built_holds_no_tests_and_no_register(built: Path, pattern: str) -> None:
    (archive,) = built.glob(pattern)
    found = names(archive)
    assert "dhrctl/__init__.py" in found
    assert [name for name in found if name.startswith(("tests", "register", "benchmarks", ".venv", "build"))] == []
    assert [name for name in found if "test_" in name or "conftest" in name or "__pycache__" in name] == []


@pytest.mark.parametrize("folder", SHIPPED)
def test_the_wheel_carries_every_schema_and_template(built: Path, folder: str) -> None:
    (archive,) = built.glob("*.whl")
    expected = {f"dhrctl/shipped/{folder}/{name}" for name in files_of(ROOT / folder)}
    assert expected
    assert {name for name in names(archive) if name.startswith(f"dhrctl/shipped/{folder}/")} == expected


def test_the_wheel_carries_the_tables_of_a_database(built: Path) -> None:
    for archive in built.iterdir():
        assert any(name.endswith("dhrctl/export/sqlite.sql") for name in names(archive))


def test_the_wheel_is_typed_and_carries_its_licence_and_its_command(built: Path) -> None:
    (archive,) = built.glob("*.whl")
    found = names(archive)
    assert "dhrctl/py.typed" in found
    assert [name for name in found if name.endswith("/licenses/LICENSE")]
    with zipfile.ZipFile(archive) as wheel:
        (points,) = [name for name in found if name.endswith(".dist-info/entry_points.txt")]
        assert "dhrctl = dhrctl.__main__:run" in wheel.read(points).decode()


def test_a_wheel_can_be_built_from_the_source_distribution(built: Path, tmp_path: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as source:
        for member in source:
            content = source.extractfile(member)
            if content:
                path = tmp_path / member.name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.read())
    (folder,) = tmp_path.iterdir()
    result = started([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)], folder)
    assert result.returncode == 0, result.stderr
    (again,) = tmp_path.glob("*.whl")
    (wheel,) = built.glob("*.whl")
    assert sorted(names(again)) == sorted(names(wheel))


def test_the_wheel_is_what_runs_and_not_the_checkout(installed: Installed) -> None:
    home = str(installed.environment.resolve())
    where = installed.python("import dhrctl, sys; print(dhrctl.__file__); print(*sys.path, sep='\\n')").splitlines()
    assert str(Path(where[0]).resolve()).startswith(home)
    assert str(ROOT) not in where


@pytest.mark.parametrize("folder", SHIPPED)
def test_schemas_and_templates_come_from_the_wheel(installed: Installed, folder: str) -> None:
    code = f"from dhrctl.model.paths import shipped_folder; print(shipped_folder({folder!r}).resolve())"
    home = Path(installed.python(code))
    assert home.is_relative_to(installed.environment.resolve())
    assert files_of(home) == files_of(ROOT / folder)


def test_the_wheel_checks_a_register_by_its_own_schemas(installed: Installed) -> None:
    result = installed.run("dhrctl", "check", "--severity", "error", "--as-of", DAY, "--json")
    assert (result.returncode, result.stderr) == (1, "")
    found = [(finding["rule"], finding["id"], finding["waived"]) for finding in json.loads(result.stdout)["findings"]]
    assert found == [
        ("named-person", "anytown-dhr-1/01", False),
        ("named-person", "anytown-dhr-1/01", False),
        ("assurance-without-evidence", "anytown-dhr-1/02", False),
        ("target-before-start", "anytown-dhr-1/12", True),
    ]
    agency = installed.folder / "register" / "agencies" / "anytown-icb.yaml"
    kept = agency.read_text(encoding="utf-8")
    try:
        agency.write_text(kept.replace("nhs-commissioner", "nhs-comissioner"), encoding="utf-8")
        result = installed.run("dhrctl", "check", "--as-of", DAY)
    finally:
        agency.write_text(kept, encoding="utf-8")
    assert result.returncode == 1
    assert "unknown-word" in result.stdout
    assert 'did you mean "nhs-commissioner"?' in result.stdout


def test_the_wheel_says_what_is_overdue(installed: Installed) -> None:
    result = installed.run("dhrctl", "overdue", "--as-of", DAY, "--json")
    assert (result.returncode, result.stderr) == (0, "")
    assert [(item["id"], item["days_overdue"]) for item in json.loads(result.stdout)["items"]] == [
        ("anytown-dhr-1/12", 639),
        ("anytown-dhr-1/01", 136),
        ("otherton-dardr-2/t1-10", 1),
    ]


@pytest.mark.parametrize(("name", "begins"), [("summary.html", "<!DOCTYPE html>"), ("summary.md", "# Anytown")])
def test_the_wheel_writes_papers_by_its_own_templates(installed: Installed, name: str, begins: str) -> None:
    result = installed.run("dhrctl", "render", "summary", "--as-of", DAY, "--out", name)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    paper = installed.folder / name
    assert paper.read_text(encoding="utf-8").lstrip().startswith(begins)
    paper.unlink()
    assert [path.name for path in installed.folder.iterdir()] == ["register"]


def test_the_wheel_runs_as_a_module_too_and_says_the_version_it_was_built_with(
    installed: Installed, built: Path
) -> None:
    (wheel,) = built.glob("*.whl")
    result = installed.run("python", "-m", "dhrctl", "--version")
    assert (result.returncode, result.stdout) == (0, f"dhrctl {wheel.name.split('-')[1]}\n")
