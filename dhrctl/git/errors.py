"""What git refuses, and what it is not asked for, in our own words."""

import os
import re

from dhrctl.errors import DhrError, Exit
from dhrctl.files.tree import printable_name

UNSHALLOW = "fetch the rest with: git fetch --unshallow"
REFETCH = "git fetch --refetch --no-filter"  # a partial clone would leave out again what its filter says
_LIST = "; write a day as YYYY-MM-DD, or list what there is with: git log --oneline"
_REVISION = re.compile(r"[^\s~^:?*\[\\@{}\x00-\x1f-][^\s~^:?*\[\\{}\x00-\x1f]*(?:~[0-9]*|\^[0-9]*)*")
_COMPLAINTS = (
    (
        "not a git repository",
        "the register is not in a git repository, so it has no history",
        "begin one with: git init",
    ),
    (
        "dubious ownership",
        "git does not trust this repository, as another user owns it",
        "ask them, or see safe.directory in: git help config",
    ),
    ("does not have any commits", "nothing is committed in this repository yet", "commit the register first"),
    ("Not a valid object name HEAD", "nothing is committed in this repository yet", "commit the register first"),
    ("bad revision 'HEAD'", "nothing is committed in this repository yet", "commit the register first"),
    ("cannot use bare repository", "this is a bare repository, without files", "go to a clone that has them"),
    ("must be run in a work tree", "this is a bare repository, without files", "go to a clone that has them"),
)


class LostObjectError(DhrError):
    """git lacks something that it should hold: it was lost, or a partial clone never fetched it."""


_LOST = ("promisor remote", "missing blob object", "unable to read tree", "Could not read ", "not allowed")


def complaint_error(complaint: str) -> DhrError:
    """Say what git complains of in our own words."""
    for said, problem, fix in _COMPLAINTS:
        if said in complaint:
            return DhrError(problem, Exit.ENVIRONMENT, fix=fix)
    if any(said in complaint for said in _LOST):
        return lost_object_error("some of what was committed")
    last = " ".join(complaint.split())[-200:] or "it broke off"
    return DhrError(f"git could not answer ({last})", Exit.ENVIRONMENT, fix="see what it says to: git fsck")


def lost_object_error(name: str) -> DhrError:
    """Say that git lacks something that it should hold."""
    problem = f"git has lost {name}, which the register's history needs"
    return LostObjectError(problem, Exit.ENVIRONMENT, fix=f"fetch it all again with: {REFETCH}")


def can_be_asked(text: str) -> bool:
    """Tell whether a text can be given to another program at all."""
    try:
        return b"\0" not in os.fsencode(text)
    except UnicodeEncodeError:
        return False


def plain_revision(revision: str) -> str:
    """Return a revision as a commit's own, where it is a plain name; raise DhrError for any other expression."""
    if not _REVISION.fullmatch(revision) or ".." in revision or not can_be_asked(revision):
        message = (
            f'"{printable_name(revision)}" is no revision that can be used; name a branch, a tag or a commit, '
            "with ~2 or ^ behind it, or a day as YYYY-MM-DD"
        )
        raise DhrError(message)
    return revision if revision == "HEAD" else f"{revision}^0"


def unknown_revision_error(revision: str, complaint: str, *, shallow: bool) -> DhrError:
    """Say why a revision could not be found."""
    if f"bad revision '{revision}^0'" not in complaint and f"object name {revision}^0" not in complaint:
        return complaint_error(complaint)
    more = f" in this clone, which holds only the newest commits; {UNSHALLOW}" if shallow else _LIST
    return DhrError(f'there is no revision "{revision}"{more}')
