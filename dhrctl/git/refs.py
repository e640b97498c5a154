"""Where HEAD and branches stand, read from git's own files: looked at before every commit, a process each would be too many.

A repository that keeps its refs in another way (`reftable`) has no such files, and git is asked.
"""

import os
from pathlib import Path

from dhrctl.git.process import Git

_SYMBOLIC = b"ref: "


def read_branch(git: Git, folder: Path, name: str) -> bytes:
    """Return what is known of a branch: nothing where there is none, its commit, and whether HEAD is at it."""
    if _is_elsewhere(folder):
        return git.run("for-each-ref", "--format=%(objectname)%(HEAD)", f"refs/heads/{name}")[1]
    ref = os.fsencode(f"refs/heads/{name}")
    at = _read(folder / "HEAD") == _SYMBOLIC + ref
    return _read_ref(folder, ref) + b"*" * at


def is_at_branch(git: Git, folder: Path, name: str) -> bool:
    """Tell whether HEAD is at a branch."""
    return read_branch(git, folder, name).strip().endswith(b"*")


def read_newest(git: Git, folder: Path) -> bytes:
    """Return the name of the commit that HEAD is at, or nothing where nothing is committed."""
    if _is_elsewhere(folder):
        return git.run("rev-parse", "--quiet", "--verify", "HEAD")[1].strip()
    head = _read(folder / "HEAD")
    return _read_ref(folder, head.removeprefix(_SYMBOLIC)) if head.startswith(_SYMBOLIC) else head


def shared_folder(folder: Path) -> Path:
    """Return the git folder that all work trees of a repository share."""
    pointer = folder / "commondir"
    return folder / os.fsdecode(pointer.read_bytes()).rstrip("\n") if pointer.exists() else folder


def _is_elsewhere(folder: Path) -> bool:
    return (shared_folder(folder) / "reftable").exists()


def _read_ref(folder: Path, name: bytes) -> bytes:
    """Return the commit of a ref: from its file, or from the list of those that git has packed."""
    shared = shared_folder(folder)
    own = _read(shared / os.fsdecode(name))
    if own:
        return own
    entries = (line.partition(b" ") for line in _read(shared / "packed-refs").splitlines())
    return next((commit for commit, _, ref in entries if ref == name), b"")


def _read(path: Path) -> bytes:
    """Return what a file holds, without the line break at its end; nothing where there is none."""
    return path.read_bytes().rstrip(b"\n") if path.is_file() else b""
