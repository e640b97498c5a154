"""Where a finished document goes: to a file, or to stdout."""

from pathlib import Path

from dhrctl.app.session import Session
from dhrctl.cli.streams import write_answer
from dhrctl.errors import DhrError


def find_suffix(out: str | None, known: tuple[str, ...]) -> str:
    """Return the format that a file's name says, the first where there is no file."""
    if out is None or out == "-":
        return known[0]
    name = Path(out).suffix.lower()
    suffix = {".htm": "html", ".markdown": "md"}.get(name, name.removeprefix("."))
    if suffix not in known:
        ends = " or ".join(f".{each}" for each in known)
        message = f"the name {out} does not say the format; end it in {ends}, or add --format"
        raise DhrError(message)
    return suffix


def write_document(text: str, out: str | None, session: Session) -> None:
    """Write a document to a file, or to stdout where none is named."""
    from dhrctl.storage import disk

    if out and out != "-":
        disk.write_output(Path(out), text, session.root)
    else:
        write_answer(text)
