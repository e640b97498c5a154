"""A register with a past to measure with: one commit that brings it in, then commits that change a few records each.

The same count, commits and seed give the same commits, byte by byte.
As a program: `python benchmarks/history.py FOLDER COUNT COMMITS` makes a repository in a new folder.
"""

import argparse
import random
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import registers

START = 1_600_000_000  # 13 September 2020, in seconds since 1970
BETWEEN = 86_400
MOST = 5
_TARGET = re.compile(r'^target_date: "([0-9]{4})(.*)"$', re.MULTILINE)
_STATUS = re.compile("^status: (not-started|in-progress)$", re.MULTILINE)


def write(folder: Path, count: int, commits: int, seed: int = registers.SEED) -> None:
    """Make a repository with a register of so many recommendations, and so many commits after the first."""
    folder.mkdir(parents=True)
    _git(folder, "init", "--quiet", "--initial-branch=main")
    stream = b"".join(_stream(count, commits, seed))
    _git(folder, "fast-import", "--quiet", given=stream)
    _git(folder, "repack", "-a", "-d", "--quiet")
    _git(folder, "reset", "--hard", "--quiet")


def _git(folder: Path, *arguments: str, given: bytes | None = None) -> None:
    subprocess.run(("git", "-C", str(folder), *arguments), input=given, check=True)


def _stream(count: int, commits: int, seed: int) -> Iterator[bytes]:
    """Yield what `git fast-import` reads."""
    files = dict(registers.register(count, seed))
    yield from _commit(0, "Bring in the register", files)
    chance = random.Random(seed)  # noqa: S311 - repeatable changes, no secret
    changing = [path for path in files if "/recommendations/" in path]
    for number in range(1, commits + 1):
        changed = {}
        for path in chance.sample(changing, chance.randint(1, MOST)):
            changed[path] = files[path] = _changed(files[path])
        yield from _commit(number, f"Change {len(changed)} recommendations", changed)


def _changed(text: str) -> str:
    """Return a recommendation that begins, or whose target moves by a year."""
    if "status: not-started\n" in text:
        return _STATUS.sub("status: in-progress", text, count=1)
    return _TARGET.sub(lambda match: f'target_date: "{int(match[1]) + 1}{match[2]}"', text)


def _commit(number: int, message: str, files: dict[str, str]) -> Iterator[bytes]:
    who = f"A Coordinator <coordinator@anytown.invalid> {START + number * BETWEEN} +0000"
    yield f"commit refs/heads/main\ncommitter {who}\ndata {len(message)}\n{message}\n".encode()
    for path, text in files.items():
        content = text.encode()
        yield f"M 100644 inline {path}\ndata {len(content)}\n".encode() + content + b"\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make a repository with an invented register that has a past.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("commits", type=int)
    given = parser.parse_args()
    write(given.folder, given.count, given.commits)
