"""The command that git runs to merge one file of a register: merge-driver."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dhrctl.cli.streams import aside
from dhrctl.errors import DhrError, Exit

if TYPE_CHECKING:
    from dhrctl.merge.record import Outcome
    from dhrctl.model.paths import Kind


@click.command("merge-driver", short_help="Merge one file by its fields, for git.")
@click.argument("base", metavar="%O", type=click.Path(path_type=Path))
@click.argument("ours", metavar="%A", type=click.Path(path_type=Path))
@click.argument("theirs", metavar="%B", type=click.Path(path_type=Path))
@click.argument("path", metavar="%P")
def merge_driver(base: Path, ours: Path, theirs: Path, path: str) -> int:
    """Merge one file of a register by its fields, into the second file named. git runs this, not you.

    Exits with 1 where both sides decided on the same field, and leaves a conflict inside that field alone.

    \b
    Example, as git's configuration has it:
      git config merge.dhrctl.driver "dhrctl merge-driver %O %A %B %P"
    """
    from dhrctl.git import merge_file
    from dhrctl.storage import atomic

    content, clean = merge_file.merged(base, ours, theirs)
    found = _settled(path, (base, ours, theirs), content, clean=clean)
    try:
        atomic.put(ours, found.content)
    except OSError as error:
        message = f"{path} cannot be written ({error.strerror}); merge it by hand"
        raise DhrError(message, Exit.ENVIRONMENT) from None
    if not found.clean:
        _tell(path, found.fields)
    return Exit.FINE if found.clean else Exit.FINDINGS


def _settled(path: str, files: tuple[Path, Path, Path], content: bytes, *, clean: bool) -> "Outcome":
    from dhrctl.merge.record import Outcome, Versions, settled

    plain = Outcome(content=content, clean=clean)
    kind = _kind(path)
    if kind is None:
        return plain
    base, ours, theirs = (file.read_bytes() for file in files)
    return settled(kind, Versions(base=base, ours=ours, theirs=theirs), plain)


def _kind(path: str) -> "Kind | None":
    """Return what record a path is of, wherever in the repository the register lies."""
    from dhrctl.model.paths import REGISTER, Kind, place

    parts = path.split("/")
    places = (place("/".join(parts[at:])) for at, part in enumerate(parts) if part == REGISTER)
    return next((found.kind for found in places if found and found.kind is not Kind.SOURCE), None)


def _tell(path: str, fields: tuple[str, ...]) -> None:
    about = f"both sides decided on {' and '.join(fields)}" if fields else "both sides changed the same lines"
    aside(f"{path}: {about}; keep the right lines, and delete the marks around them")
