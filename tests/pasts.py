"""Registers with a past: small git repositories, built on the spot, with every day and person fixed."""

import os
import subprocess
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from conftest import ANYTOWN

RECORD = "register/reviews/anytown-dhr-1/recommendations/01.yaml"
SECOND = "register/reviews/anytown-dhr-1/recommendations/02.yaml"
UPDATE = "register/reviews/anytown-dhr-1/updates/01/2024-03-20-anytown-police.yaml"


@dataclass(frozen=True, slots=True)
class Past:
    """A folder that is a git repository."""

    root: Path

    def git(self, *arguments: str, day: str = "2024-01-01") -> str:
        """Run git as one person, at noon (UTC) of a day; return what it says."""
        when = day if "T" in day else f"{day}T12:00:00+00:00"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        environment |= {
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "A Coordinator",
            "GIT_AUTHOR_EMAIL": "coordinator@anytown.invalid",
            "GIT_COMMITTER_NAME": "A Coordinator",
            "GIT_COMMITTER_EMAIL": "coordinator@anytown.invalid",
            "GIT_AUTHOR_DATE": when,
            "GIT_COMMITTER_DATE": when,
        }
        asked = ("git", "-C", str(self.root), *arguments)
        return subprocess.run(asked, env=environment, check=True, capture_output=True, text=True).stdout.strip()

    def write(self, files: Mapping[str, str | None]) -> None:
        """Write files, by path and dedented; those that are None are removed."""
        for name, content in files.items():
            path = self.root / name
            if content is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(textwrap.dedent(content), encoding="utf-8", newline="\n")

    def edit(self, path: str, old: str, new: str) -> None:
        """Put a text in the place of another in a file, which must hold it."""
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8", newline="\n")

    def commit(self, day: str, message: str = "A change") -> str:
        """Commit everything as it is now; return the commit's name."""
        self.git("add", "--all", day=day)
        self.git("commit", "--quiet", "--allow-empty", "--message", message, day=day)
        return self.git("rev-parse", "HEAD")


def begun(root: Path, files: Mapping[str, str] = ANYTOWN, day: str = "2024-01-01") -> Past:
    """Make a repository of which the first commit brings in a register."""
    root.mkdir(parents=True, exist_ok=True)
    past = Past(root)
    past.git("init", "--quiet", "--initial-branch=main")
    past.write(files)
    past.commit(day, "Bring in the register")
    return past


def record(wording: str, target: str = "2024-03", status: str = "in-progress", lead: str = "anytown-police") -> str:
    """Return the file of a recommendation."""
    return (
        f"recommendation: {wording}\nsection: Police\nlead_agencies:\n  - {lead}\n"
        f'target_date: "{target}"\nstatus: {status}\n'
    )


def update(day: str, text: str, **fields: str) -> str:
    """Return the file of an update of the police."""
    more = "".join(f'{name}: "{value}"\n' for name, value in fields.items())
    return f'date: "{day}"\nagency: anytown-police\ntext: {text}\n{more}'
