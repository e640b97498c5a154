"""The canonical form of files: which do not have it, and the change that gives it to them."""

from typing import TYPE_CHECKING

from dhrctl.app.check import choose_paths
from dhrctl.app.environment import Environment
from dhrctl.errors import DhrError, Exit

if TYPE_CHECKING:
    from dhrctl.edits.reformat import ReformatResult


def reformat_files(environment: Environment, paths: tuple[str, ...]) -> "ReformatResult":
    """Return what gives the canonical form to files and folders, or to all; raise DhrError where there is no record."""
    from dhrctl.edits.reformat import build_reformat
    from dhrctl.storage import disk

    root = environment.find_root()
    found = build_reformat(disk.read_tree(root), choose_paths(paths, root))
    if not found.files:
        message = "there is no record of the register there; name a file or folder under register/"
        raise DhrError(message, Exit.NOTHING)
    return found
