"""The journal of a change of several files: all that is needed to complete or to undo it."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dhrctl.errors import DhrError
from dhrctl.files.tree import Edit
from dhrctl.storage import atomic, state_dir

_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """An edit, and the mode that its file has (None: there is no file yet)."""

    edit: Edit
    mode: int | None


def write(root: Path, steps: tuple[JournalEntry, ...]) -> None:
    """Write the journal, and flush it."""
    listed = [{**asdict(step.edit), "mode": step.mode} for step in steps]
    atomic.write_file(state_dir.journal_path(root), json.dumps({f"version {_VERSION}": listed}, default=_text).encode())


def read(root: Path) -> tuple[JournalEntry, ...]:
    """Return the steps of an unfinished change, of which there are none most often; raise DhrError where it is damaged."""
    try:
        said = json.loads(state_dir.journal_path(root).read_bytes())
        return tuple([_parse_entry(each) for each in said[f"version {_VERSION}"]])
    except FileNotFoundError:
        return ()
    except (ValueError, KeyError, TypeError, AttributeError):
        message = (
            f"the journal of an unfinished change, {state_dir.journal_path(root)}, cannot be read; "
            f"look through the files with git status and git diff, and when they are right delete it"
        )
        raise DhrError(message) from None


def remove(root: Path) -> None:
    """Take the journal away, where there is one: the change is made, or undone."""
    with suppress(FileNotFoundError):
        state_dir.journal_path(root).unlink()
        with suppress(OSError):  # should it come back after a power cut, it changes nothing
            atomic.flush_folder(state_dir.journal_path(root).parent)


def _text(content: bytes) -> str:
    """Return bytes as text, one character to a byte, so that a person can still read most of it."""
    return content.decode("latin-1")


def _parse_entry(said: Any) -> JournalEntry:  # noqa: ANN401 - parsed text comes in here
    before, after = (None if said[key] is None else said[key].encode("latin-1") for key in ("before", "after"))
    return JournalEntry(edit=Edit(path=said["path"], before=before, after=after), mode=said["mode"])
