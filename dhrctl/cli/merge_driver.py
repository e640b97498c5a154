"""The command that git runs to merge one file of a register: merge-driver."""

from pathlib import Path

import click

from dhrctl.cli.streams import tell
from dhrctl.errors import Exit


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
    from dhrctl.app.merge import merge_files

    found = merge_files(base, ours, theirs, path)
    if found.clean:
        return Exit.FINE
    about = (
        f"both sides decided on {' and '.join(found.fields)}" if found.fields else "both sides changed the same lines"
    )
    tell(f"{path}: {about}; keep the right lines, and delete the marks around them")
    return Exit.FINDINGS
