"""What was written for a commit that is not made yet: enough for the same command to complete it."""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from dhrctl.files.tree import Edit
from dhrctl.storage import atomic, state_dir

_VERSION = 1
_NAME = "register.uncommitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingCommit:
    """What a request wrote: its words, the message of the commit, what it did, and a sum of each file (None: none is there)."""

    request: str
    message: str
    title: str
    effects: tuple[str, ...]
    files: tuple[tuple[str, str | None], ...]


def list_sums(edits: Iterable[Edit]) -> tuple[tuple[str, str | None], ...]:
    """Return the paths of edits with a sum of what they leave there."""
    return tuple([(edit.path, _sum(edit.after)) for edit in edits])


def _sum(content: bytes | None) -> str | None:
    return None if content is None else sha256(content).hexdigest()


def write(root: Path, pending: PendingCommit) -> None:
    """Note what is written and about to be committed. The lock must be held."""
    said = {
        "request": sha256(pending.request.encode()).hexdigest(),  # its words may be of a person
        "message": pending.message,
        "title": pending.title,
        "effects": pending.effects,
        "files": pending.files,
    }
    atomic.write_file(_path(root), json.dumps({f"version {_VERSION}": said}).encode())


def read(root: Path, request: str) -> PendingCommit | None:
    """Return what the same request wrote, and nothing has changed since; None where there is no such thing."""
    try:
        said = json.loads(_path(root).read_bytes())[f"version {_VERSION}"]
        files = tuple([(str(path), total) for path, total in said["files"]])
        found = PendingCommit(
            request=request,
            message=str(said["message"]),
            title=str(said["title"]),
            effects=tuple(map(str, said["effects"])),
            files=files,
        )
        same = said["request"] == sha256(request.encode()).hexdigest()
    except (OSError, ValueError, KeyError, TypeError):  # of an earlier version, or damaged: nothing is lost by that
        return None
    return found if same and all(_sum(atomic.read_content(root, path)) == total for path, total in files) else None


def remove(root: Path) -> None:
    """Take the note away, where there is one: the commit is made."""
    with suppress(OSError):
        _path(root).unlink(missing_ok=True)


def _path(root: Path) -> Path:
    return state_dir.folder(root) / _NAME
