"""The files of the register in one tree of git's: which there are, and which are refused."""

from collections.abc import Iterable
from typing import NamedTuple

from dhrctl.finding import Finding
from dhrctl.layout import REGISTER
from dhrctl.repo.log import Change
from dhrctl.repo.refusals import complained
from dhrctl.repo.run import Git
from dhrctl.tree import printable, refusal


class Entry(NamedTuple):
    """A file in a tree: its path from the folder of the register, its mode as in `stat`, and the name of its bytes."""

    path: str
    mode: int
    blob: str


def entries(git: Git, prefix: str, commit: str, *, unborn: bool = False) -> list[Entry]:
    """Return what a commit holds of the register; `unborn`, nothing where there is no commit yet."""
    asked = ("ls-tree", "-r", "-z", "--full-tree", commit, "--", f"{prefix}{REGISTER}")
    code, out, complaint = git.run(*asked)
    if code and unborn and f"Not a valid object name {commit}" in complaint:
        return []
    if code:
        raise complained(complaint)
    return [_entry(entry, prefix) for entry in out.split(b"\0")[:-1]]


def _entry(entry: bytes, prefix: str) -> Entry:
    about, _, raw = entry.partition(b"\t")
    mode, _, blob = about.decode("ascii").split(" ")
    path = printable(raw.decode("utf-8", "surrogateescape").removeprefix(prefix))
    return Entry(path=path, mode=int(mode, 8), blob=blob)


def with_changes(listed: Iterable[Entry], changes: Iterable[Change]) -> list[Entry]:
    """Return the entries of a tree as changes leave them."""
    changed = {change.path: change for change in changes if change.path.partition("/")[0] == REGISTER}
    kept = [entry for entry in listed if entry.path not in changed]
    return kept + [Entry(path=each.path, mode=each.mode, blob=each.after) for each in changed.values() if each.mode]


def sorted_out(listed: Iterable[Entry]) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """Return the name of each file's bytes by its path, and what is refused."""
    names: dict[str, str] = {}
    refused = []
    for entry in listed:
        path = entry.path
        while path in names:  # two names that are not text can be written alike
            path += "'"
        finding = refusal(path, entry.mode)
        if finding:
            refused.append(finding)
        else:
            names[path] = entry.blob
    return names, tuple(refused)
