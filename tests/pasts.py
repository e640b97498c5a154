"""Registers with a past: small git repositories, built on the spot, with every day and person fixed."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from conftest import ANYTOWN, Repository

RECORD = "register/reviews/anytown-dhr-1/recommendations/01.yaml"
SECOND = "register/reviews/anytown-dhr-1/recommendations/02.yaml"
UPDATE = "register/reviews/anytown-dhr-1/updates/01/2024-03-20-anytown-police.yaml"


@dataclass(frozen=True, slots=True)
class Past:
    """A folder that is a git repository, in which everything happens at noon (UTC) of a day."""

    root: Path

    def git(self, *arguments: str, day: str = "2024-01-01") -> str:
        """Run git on a day; return what it says."""
        return Repository(self.root).git(*arguments, at=day if "T" in day else f"{day}T12:00:00Z")

    def write(self, files: Mapping[str, str | None]) -> None:
        """Write files, by path and dedented; those that are None are removed."""
        Repository(self.root).write(files)

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
