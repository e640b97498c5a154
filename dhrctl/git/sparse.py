"""What a sparse checkout left out: files that the index has, and that are not there, which nobody took away."""

import os
from pathlib import Path

from dhrctl.files.tree import printable_name
from dhrctl.git.errors import complaint_error
from dhrctl.git.process import Git
from dhrctl.model.paths import REGISTER

_LEFT_OUT = "S "


def list_left_out(root: Path) -> tuple[str, ...]:
    """Return the paths under `register/` that a sparse checkout left out; git is asked only where there is one."""
    folder = _git_folder(root)
    if folder is None or not (folder / "info" / "sparse-checkout").exists():
        return ()
    code, out, complaint = Git(root).run("ls-files", "-t", "-z", "--", REGISTER)
    if code:
        raise complaint_error(complaint)
    entries = out.decode("utf-8", "surrogateescape").split("\0")
    paths = [entry.removeprefix(_LEFT_OUT) for entry in entries if entry.startswith(_LEFT_OUT)]
    return tuple([printable_name(path) for path in paths if not os.path.lexists(root / path)])


def _git_folder(root: Path) -> Path | None:
    """Return the folder in which git keeps what belongs to a work tree, without asking git; None where there is none."""
    for folder in (root, *root.parents):
        found = folder / ".git"
        if found.is_dir():
            return found
        if found.is_file():
            pointer = found.read_text(encoding="utf-8", errors="surrogateescape").removeprefix("gitdir:").strip()
            return folder / pointer
    return None
