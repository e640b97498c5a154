"""Where things lie: the paths of a register, what they mean, and the ids taken from them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

REGISTER = "register"
REVIEWS = f"{REGISTER}/reviews"
SETTINGS = f"{REGISTER}/register.yaml"
TEMPORARY_PREFIX = ".dhrctl-tmp-"
MAX_BYTES = 256 * 1024
SLUG = "[a-z0-9]+(?:-[a-z0-9]+)*"


RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
)
"""Names that Windows keeps for devices, whatever ending a file has: nobody there can take such a file out of git."""


class RecordKind(StrEnum):
    """What a file of the register holds."""

    REGISTER = "register"
    AGENCY = "agency"
    REVIEW = "review"
    RECOMMENDATION = "recommendation"
    UPDATE = "update"
    SOURCE = "source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A path of the layout, and what its parts say."""

    kind: RecordKind
    path: str
    review: str = ""
    number: str = ""
    agency: str = ""
    day: str = ""

    @property
    def id(self) -> str:
        """Return the id of the recommendation that the file is about, if it is about one."""
        return f"{self.review}/{self.number}" if self.number else ""


_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_REVIEW = rf"register/reviews/(?P<review>{SLUG})"
_LAYOUT = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (RecordKind.RECOMMENDATION, rf"{_REVIEW}/recommendations/(?P<number>{SLUG})\.yaml"),
        (
            RecordKind.UPDATE,
            rf"{_REVIEW}/updates/(?P<number>{SLUG})/(?P<day>{_DAY})-(?P<agency>{SLUG})\.yaml",
        ),
        (RecordKind.REVIEW, rf"{_REVIEW}/review\.yaml"),
        (RecordKind.SOURCE, rf"{_REVIEW}/source\.txt"),
        (RecordKind.AGENCY, rf"register/agencies/(?P<agency>{SLUG})\.yaml"),
        (RecordKind.REGISTER, r"register/register\.yaml"),
    )
)
_LONGEST_NAME = 80


@cache
def place(path: str) -> Place | None:
    """Return what a path means, or None where it is outside the layout."""
    for kind, pattern in _LAYOUT:
        match = pattern.fullmatch(path)
        if match:
            parts = match.groupdict()
            if any(len(part) > _LONGEST_NAME for part in parts.values()):
                return None
            return Place(kind=kind, path=path, **parts)
    return None


def recommendation_id(path: str) -> str:
    """Return the id of the recommendation that a path holds; nothing for any other path."""
    found = place(path)
    return found.id if found and found.kind is RecordKind.RECOMMENDATION else ""


def recommendation_path(identity: str) -> str:
    """Return the path of the file that holds the recommendation with an id."""
    review, _, number = identity.partition("/")
    return f"{REVIEWS}/{review}/recommendations/{number}.yaml"


def updates_folder(identity: str) -> str:
    """Return the folder of the updates of the recommendation with an id."""
    review, _, number = identity.partition("/")
    return f"{REVIEWS}/{review}/updates/{number}"


def review_path(review: str) -> str:
    """Return the path of a review's own file."""
    return f"{REVIEWS}/{review}/review.yaml"


def agency_path(agency: str) -> str:
    """Return the path of an agency's file."""
    return f"{REGISTER}/agencies/{agency}.yaml"


def names_agency(name: str, agency: str) -> bool:
    """Tell whether the end of an update's file name, `<agency>` or `<agency>-<n>`, names the agency."""
    return name == agency or bool(re.fullmatch(rf"{re.escape(agency)}-[0-9]+", name))


def reserved_name(path: str) -> str:
    """Return the first part of a path that is a reserved name, without its ending; nothing where none is."""
    names = (part.partition(".")[0] for part in path.split("/"))
    return next((name for name in names if name.lower() in RESERVED), "")


def folder(path: str) -> str:
    """Return the folder that a path lies in."""
    return path.rpartition("/")[0]


def lies_in(path: str, folders: Iterable[str]) -> bool:
    """Tell whether a path is one of some paths, or lies under one; `.` is above all."""
    return any(folder in (".", path) or path.startswith(f"{folder}/") for folder in folders)


def is_chosen(path: str, chosen: tuple[str, ...]) -> bool:
    """Tell whether a path is one of those chosen, or lies under one; where none is chosen, every path is."""
    return not chosen or lies_in(path, chosen)


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key in which `2` comes before `10`, and `05` equals no other but `05`."""
    parts = re.findall("[0-9]+|[^0-9]+", text)
    return tuple((0, int(part), part) if part[0] in "0123456789" else (1, 0, part) for part in parts)


def strip_zeros(number: str) -> str:
    """Return a number without leading zeros: `t1-1` for `t1-01`."""
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", number)


def find_case_clashes(paths: Iterable[str]) -> list[tuple[str, str]]:
    """Return the pairs of paths that some file systems take for one."""
    seen: dict[str, str] = {}
    pairs = []
    for path in sorted(paths):
        first = seen.setdefault(path.casefold(), path)
        if first != path:
            pairs.append((first, path))
    return pairs


def shipped_folder(folder: str) -> Path:
    """Return a folder that comes with the program: beside it in the checkout, inside it in the wheel."""
    here = Path(__file__).parent.parent
    inside = here / "shipped" / folder
    return inside if inside.is_dir() else here.parent / folder
