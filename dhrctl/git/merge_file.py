"""Merging the lines of a file, as git does it by itself."""

from pathlib import Path

from dhrctl.errors import DhrError, Exit
from dhrctl.git.process import Git

_MOST_CONFLICTS = 127


def merge_lines(base: Path, ours: Path, theirs: Path) -> tuple[bytes, bool]:
    """Return what git makes of three files, and whether it is without a conflict; raise DhrError where it has no answer."""
    names = ("-L", "ours", "-L", "base", "-L", "theirs")
    files = [str(path.absolute()) for path in (ours, base, theirs)]
    code, out, complaint = Git(Path.cwd()).run("merge-file", "--stdout", *names, "--", *files)
    if not 0 <= code <= _MOST_CONFLICTS:
        message = f"git cannot merge this file ({' '.join(complaint.split())}); merge it by hand"
        raise DhrError(message, Exit.ENVIRONMENT)
    return out, code == 0
