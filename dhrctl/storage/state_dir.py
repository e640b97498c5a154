"""dhrctl's own notes on a register: where they lie, and whether one says that a change is unfinished."""

import os
from pathlib import Path

_LINK = "gitdir: "


def folder(root: Path) -> Path:
    """Return the folder of the notes: in the git folder, so that nothing of it is ever committed.

    Without git it is `.dhrctl/` beside `register/`, where all who share that folder meet.
    """
    here = root.resolve()
    for place in (here, *here.parents):
        found = _git_folder(place / ".git")
        if found:
            return found / "dhrctl" / here.relative_to(place)
    return here / ".dhrctl"


def _git_folder(named: Path) -> Path | None:
    """Return the git folder by the name of `.git`, which in a worktree or submodule is a file that says where."""
    try:
        if (named / "HEAD").exists():
            return named
        said = named.read_text(encoding="utf-8", errors="surrogateescape")
        found = named.parent / said.removeprefix(_LINK).strip("\n")
        return found if said.startswith(_LINK) and (found / "HEAD").exists() else None
    except OSError:
        return None


def make_state_folder(root: Path) -> Path:
    """Return the folder of the notes, which is made where there is none."""
    found = folder(root)
    found.mkdir(parents=True, exist_ok=True)
    if found.name == ".dhrctl":
        (found / ".gitignore").write_text("*\n", encoding="utf-8")
    return found


def journal_path(root: Path) -> Path:
    """Return where the journal of a change lies while that is made."""
    return folder(root) / "register.journal"


def unfinished_change(root: Path) -> str:
    """Say that a change of the register is unfinished; nothing where none is."""
    if not os.access(journal_path(root), os.F_OK):
        return ""
    return (
        "a change of several files is unfinished, so the answer may hold half of it; "
        "if nobody is making it at this moment, run: dhrctl doctor --fix"
    )
