"""How long the questions to the past take, as whole processes, beside git itself on the same commits.

It prints medians and ratios and judges nothing: its exit code is 0. See README.md beside it.
"""

import argparse
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import history
from speed import WORK, Bound, Command, interleaved, told

from dhrctl.model import paths

DHRCTL = str(Path(sys.executable).with_name("dhrctl"))
COUNT, COMMITS = 10_000, 2_000


def measured(count: int, commits: int, runs: int) -> Iterator[str]:
    """Measure on an invented register with a past."""
    folder, checkout = WORK / f"past-{count}", WORK / f"past-{count}-middle"
    for old in (folder, checkout):
        shutil.rmtree(old, ignore_errors=True)
    history.write(folder, count, commits)
    middle = f"main~{commits // 2}"
    _git(folder, "worktree", "add", "--quiet", "--detach", str(checkout.absolute()), middle)
    yield f"{count:,} recommendations, {commits:,} commits after the first"
    yield from _as_at(folder, checkout, middle, runs)
    yield from _every_version(folder, runs)
    yield from _one(folder, runs)


def _as_at(folder: Path, checkout: Path, middle: str, runs: int) -> Iterator[str]:
    """Yield the time of `overdue` as at a commit beside that on a checkout of it."""
    day = ("--as-of", "2024-01-31")
    here = Command(name="overdue on a checkout", folder=checkout, processes=((DHRCTL, "overdue", *day),))
    there = Command(name="overdue --at", folder=folder, processes=((DHRCTL, "overdue", "--at", middle, *day),))
    yield from told(interleaved((here, there), runs), (Bound(command=there.name, against=here.name, at_most=1.5),))


def _every_version(folder: Path, runs: int) -> Iterator[str]:
    """Yield the time of reading every version of every record beside git's own for the same bytes."""
    log = (
        "git",
        "log",
        "--first-parent",
        "--raw",
        "-z",
        "--no-abbrev",
        "--no-renames",
        "main",
        "--",
        "register/reviews",
    )
    names = {
        change.split()[3]
        for line in _git(folder, *log[1:]).split("\0")
        for change in [line.strip("\n")]
        if change.startswith(":")
    }
    listed = folder / ".git" / "names"
    listed.write_text("".join(f"{name}\n" for name in sorted(names - {"0" * 40})), encoding="ascii")
    bytes_alone = ("sh", "-c", f"git cat-file --batch --buffer <{listed.absolute()}")
    peer = Command(name="git log --raw, cat-file", folder=folder, processes=(log, bytes_alone))
    mine = Command(name="burndown", folder=folder, processes=((DHRCTL, "burndown"),))
    some = Command(name="slippage", folder=folder, processes=((DHRCTL, "slippage"),))
    bounds = (Bound(command=mine.name, against=peer.name, at_most=5), Bound(command=some.name, against=peer.name))
    yield from told(interleaved((peer, mine, some), runs), bounds)


def _one(folder: Path, runs: int) -> Iterator[str]:
    """Yield the time of the history of one record beside git's own."""
    often = _git(folder, "log", "-400", "--format=", "--name-only", "main").split()
    path = max(sorted(set(often)), key=often.count)
    peer = Command(
        name="git log --follow -p", folder=folder, processes=(("git", "log", "--follow", "-p", "main", "--", path),)
    )
    mine = Command(name="history ID", folder=folder, processes=((DHRCTL, "history", paths.recommendation_id(path)),))
    yield from told(interleaved((peer, mine), runs * 3), (Bound(command=mine.name, against=peer.name, at_most=2),))


def _git(folder: Path, *arguments: str) -> str:
    asked = ("git", "-C", str(folder), *arguments)
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description="Measure how long the questions to the past take.")
    parser.add_argument("--quick", action="store_true", help="1,000 recommendations and 200 commits, 3 runs")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="how often to run each command (default: 5)")
    asked = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    count, commits, runs = (1_000, 200, 3) if asked.quick else (COUNT, COMMITS, max(asked.runs, 1))
    for line in measured(count, commits, runs):
        print(line, flush=True)


if __name__ == "__main__":
    main()
