"""Where dhrctl keeps its own notes on a register: its lock, who holds that, and the journal of a change."""

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


def made(root: Path) -> Path:
    """Return the folder of the notes, which is made where there is none."""
    found = folder(root)
    found.mkdir(parents=True, exist_ok=True)
    if found.name == ".dhrctl":
        (found / ".gitignore").write_text("*\n", encoding="utf-8")
    return found
