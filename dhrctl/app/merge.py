"""One file of a register from three: by its fields where it is a record, else as git merges lines."""

from pathlib import Path

from dhrctl.errors import DhrError, Exit
from dhrctl.git import merge_file
from dhrctl.merge.record import MergeOutcome, Versions, merge_record
from dhrctl.model.paths import REGISTER, RecordKind, place
from dhrctl.storage import atomic, ledger


def merge_files(base: Path, ours: Path, theirs: Path, path: str) -> MergeOutcome:
    """Merge three versions of the file at a path into the second; raise DhrError where that cannot be written."""
    content, clean = merge_file.merge_lines(base, ours, theirs)
    outcome = _settle(path, (base, ours, theirs), MergeOutcome(content=content, clean=clean))
    try:
        ledger.note_file(ours)
        atomic.write_file(ours, outcome.content)
    except OSError as error:
        message = f"{path} cannot be written ({error.strerror}); merge it by hand"
        raise DhrError(message, Exit.ENVIRONMENT) from None
    return outcome


def _settle(path: str, files: tuple[Path, Path, Path], plain: MergeOutcome) -> MergeOutcome:
    kind = _find_kind(path)
    if kind is None:
        return plain
    base, ours, theirs = (file.read_bytes() for file in files)
    return merge_record(kind, Versions(base=base, ours=ours, theirs=theirs), plain)


def _find_kind(path: str) -> RecordKind | None:
    """Return what record a path is of, wherever in the repository the register lies."""
    parts = path.split("/")
    places = (place("/".join(parts[at:])) for at, part in enumerate(parts) if part == REGISTER)
    return next((found.kind for found in places if found and found.kind is not RecordKind.SOURCE), None)
