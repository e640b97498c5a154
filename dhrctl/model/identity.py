"""Who is who: which recommendation of an earlier moment each one of a later moment is, under whatever id.

The wording decides first, as that was published; then what git followed; then the place. Every command that
compares two moments, or the two sides of a commit, asks here, so that they never disagree.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from dhrctl.model.paths import natural_key, recommendation_id, strip_zeros
from dhrctl.model.records import Recommendation, Register
from dhrctl.text.alike import comparable_text

Records = Mapping[str, Recommendation | None]
NO_RENAMES: Mapping[str, str] = MappingProxyType({})


def records_by_path(register: Register) -> dict[str, Recommendation | None]:
    """Return the recommendation in each file that is to hold one; None where it cannot be read."""
    files: dict[str, Recommendation | None] = {path: None for path in register.paths if recommendation_id(path)}
    return files | {record.path: record for record in register.recommendations}


def normal_wording(record: Recommendation) -> str:
    """Return the wording of a recommendation on one line, in small letters."""
    return comparable_text(record.recommendation)


def plain_id(identity: str) -> str:
    """Return an id without leading zeros in its number: `05` and `5` are one number."""
    review, _, number = identity.partition("/")
    return f"{review}/{strip_zeros(number)}"


def match_records(old: Records, new: Records, renames: Mapping[str, str] = NO_RENAMES) -> dict[str, str]:
    """Return the path that each recommendation had before, by the path it has now; what is not in it is new.

    Both sides are by path. `renames` has, of files that git or a comparison of their bytes found again under another
    path, the path before by the path now.

    The same wording is the same recommendation; one without wording is known by its actions. Of several with one
    wording, the one in the same place is it; then the one that `renames` names; then the one with the same number;
    then one of the same review, under its new name if it has one; then the first. What is left is the same where
    `renames` says so, and then where it is in the same place: it was reworded, or cannot be read.
    """
    places = dict(zip(new, new, strict=True))
    left = _Left(old=_words(old), new=_words(new))
    left.pair_paths(places, worded=True)
    if not (left.old and left.new):
        return left.found
    left.sort()
    left.pair_paths(renames, worded=True)
    left.pair_alike(lambda _: "", lambda _: "", alone=True)
    heirs = _heirs(left.found)

    def _heir(path: str) -> str:
        return heirs.get(_review(path), _review(path))

    left.pair_alike(lambda path: (_heir(path), _number(path)), lambda path: (_review(path), _number(path)))
    left.pair_alike(_number, _number)
    left.pair_alike(_heir, _review)
    left.pair_alike(lambda _: "", lambda _: "")
    left.pair_paths(renames)
    left.pair_paths(places)
    return left.found


def _words(records: Records) -> dict[str, str]:
    """Return the words by which each recommendation is known again; nothing where it has none."""
    return {path: known_words(record) if record else "" for path, record in records.items()}


def known_words(record: Recommendation) -> str:
    """Return the words by which a recommendation is known again: its wording, or else its actions."""
    return normal_wording(record) or comparable_text("\n".join(action.text for action in record.actions))


def _review(path: str) -> str:
    return recommendation_id(path).partition("/")[0]


def _number(path: str) -> str:
    return strip_zeros(recommendation_id(path).partition("/")[2])


def _heirs(found: Mapping[str, str]) -> dict[str, str]:
    """Return the review in which most of each earlier review are now: its folder may have another name."""
    moves = Counter((_review(old), _review(new)) for new, old in found.items())
    return {old: new for (old, new), _ in reversed(moves.most_common())}


@dataclass(slots=True, kw_only=True)
class _Left:
    """The words of what is not paired yet, on both sides by path, and the path before of what is, by its path now."""

    old: dict[str, str]
    new: dict[str, str]
    found: dict[str, str] = field(default_factory=dict)

    def sort(self) -> None:
        """Put both sides in the order in which a person reads their ids."""
        self.old, self.new = (
            {path: side[path] for path in sorted(side, key=natural_key)} for side in (self.old, self.new)
        )

    def pair_paths(self, before: Mapping[str, str], *, worded: bool = False) -> None:
        """Pair paths with those that they had before; with `worded`, only where the words are the same."""
        for new, old in before.items():
            if new in self.new and old in self.old and (not worded or self.new[new] == self.old[old] != ""):
                self._pair(new, old)

    def pair_alike(
        self, trait_before: Callable[[str], Hashable], trait: Callable[[str], Hashable], *, alone: bool = False
    ) -> None:
        """Pair paths of the same words and trait, in their order; with `alone`, only where there is one on each side."""
        groups: dict[tuple[str, Hashable], tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
        for path, words in self.old.items():
            groups[words, trait_before(path)][0].append(path)
        for path, words in self.new.items():
            groups[words, trait(path)][1].append(path)
        for (words, _), (before, now) in groups.items():
            if words and (not alone or len(before) == len(now) == 1):
                for old, new in zip(before, now, strict=False):
                    self._pair(new, old)

    def _pair(self, new: str, old: str) -> None:
        del self.new[new], self.old[old]
        self.found[new] = old


def may_have_moved(old: Mapping[str, object], new: Mapping[str, object]) -> bool:
    """Tell whether any file may be another's under a new path: `old` and `new` are bytes by path, or names for them.

    Where the same paths are on both sides, two at least have changed places, and are not as they were.
    """
    return old.keys() != new.keys() or sum(content != old[path] for path, content in new.items()) > 1


_ALIKE = 60
_MOST = 10_000


def compare_bytes(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> dict[str, str]:
    """Return the path before of each file that went and came again under another path, by its path now.

    The same bytes are the same file, and then what is most alike, in at least 60 % of its bytes by the line: as git
    does it, which sees only what is staged. Where there are too many to compare, only the same bytes are.
    """
    held: dict[bytes, list[str]] = defaultdict(list)
    for path in sorted((path for path in old if path not in new), key=natural_key):
        held[old[path]].append(path)
    found: dict[str, str] = {}
    come = sorted((path for path in new if path not in old), key=natural_key)
    for path in come:
        same = held.get(new[path])
        if same:
            found[path] = min(same, key=lambda each: _number(each) != _number(path))
            same.remove(found[path])
    gone = [path for paths in held.values() for path in paths]
    come = [path for path in come if path not in found]
    if len(gone) * len(come) <= _MOST:
        found |= _most_alike({path: old[path] for path in gone}, {path: new[path] for path in come})
    return found


def _most_alike(gone: Mapping[str, bytes], come: Mapping[str, bytes]) -> dict[str, str]:
    lines = {path: Counter(content.splitlines(keepends=True)) for path, content in (*gone.items(), *come.items())}
    alike = [
        (-share, natural_key(new), new, old)
        for new in come
        for old in gone
        if (share := _share(lines[old], lines[new], max(len(gone[old]), len(come[new])))) >= _ALIKE
    ]
    found: dict[str, str] = {}
    for _, _, new, old in sorted(alike):
        if new not in found and old not in found.values():
            found[new] = old
    return found


def _share(old: Counter[bytes], new: Counter[bytes], size: int) -> float:
    """Return how many per cent of the larger one's bytes are in lines that both have."""
    return 100 * sum(len(line) * count for line, count in (old & new).items()) / max(size, 1)
