"""The numbers that recommendations of a review ever had, as far as git tells."""

from pathlib import Path

from dhrctl.errors import DhrError
from dhrctl.git.errors import REFETCH, UNSHALLOW
from dhrctl.git.process import Git
from dhrctl.model.paths import REVIEWS, RecordKind, place

_COMMIT = "\x01"
_CUT = "grafted"  # how git decorates the oldest commit of a shallow clone


def list_former_numbers(root: Path, review: str) -> tuple[frozenset[str], str]:
    """Return every number that a recommendation of a review had in the history, and what git cannot tell, as a sentence.

    Nothing is known where there is no git or no history. It is one question, whatever is committed beside.
    """
    asked = ("log", "-z", "--format=%x01%D", "--decorate=full", "--name-only", "--no-renames", "--full-history")
    try:
        code, out, complaint = Git(root).run(*asked, "--relative", "HEAD", "--", f"{REVIEWS}/{review}")
    except DhrError:
        return frozenset(), ""
    if code:
        lost = "promisor" in complaint or "not allowed" in complaint or "Could not read" in complaint
        return frozenset(), f"git lacks what numbers were used before; fetch it with: {REFETCH}" if lost else ""
    tokens = out.decode("utf-8", "surrogateescape").replace("\n", "\0").split("\0")
    places = map(place, (token for token in tokens if not token.startswith(_COMMIT)))
    numbers = frozenset(each.number for each in places if each and each.kind is RecordKind.RECOMMENDATION)
    cut = any(_CUT in token.removeprefix(_COMMIT).split(", ") for token in tokens if token.startswith(_COMMIT))
    return (
        numbers,
        f"this clone holds only the newest commits, so a number may have been used before; {UNSHALLOW}" if cut else "",
    )
