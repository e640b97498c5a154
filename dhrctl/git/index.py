"""What is staged: the register as the next commit would hold it, and every file of it that is not as committed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dhrctl.errors import DhrError
from dhrctl.files.tree import Tree
from dhrctl.git import log, objects, trees
from dhrctl.git.errors import complaint_error
from dhrctl.git.log import RAW, FileChange
from dhrctl.git.process import Git
from dhrctl.model.paths import MAX_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class StagingArea:
    """The register as staged, what is staged anywhere in the repository, and the bytes of that by their names."""

    tree: Tree
    changes: tuple[FileChange, ...]
    contents: Mapping[str, bytes]


def read_index(git: Git, prefix: str, tree: str, index: Path | None, largest: int) -> StagingArea:
    """Read an index (None: the usual one) over a commit's tree (empty: there is none); raise DhrError for conflicts in it."""
    changes = _changes(git, prefix, index)
    held = trees.list_tree(git, prefix, tree) if tree else ()
    names, refused = trees.separate_refused(trees.apply_changes(held, changes))
    blobs = [blob for change in changes for blob in (change.before, change.after) if blob]
    wanted = list(dict.fromkeys((*names.values(), *blobs)))
    contents = dict(zip(wanted, objects.contents(git, wanted, largest), strict=True))
    files = {path: contents[name][: MAX_BYTES + 1] for path, name in sorted(names.items())}
    return StagingArea(tree=Tree(contents=files, refused=refused), changes=changes, contents=contents)


_CONFLICT = re.compile(rb"(?:^|\0):[^\0]* U\0")


def _changes(git: Git, prefix: str, index: Path | None) -> tuple[FileChange, ...]:
    code, out, complaint = git.run("diff", "--cached", *RAW, "-z", "--", index=index)
    if code:
        raise complaint_error(complaint)
    if _CONFLICT.search(out):
        message = "there are files with conflicts here; settle them, and add them with: git add"
        raise DhrError(message)
    return log.parse_changes(out, prefix)
