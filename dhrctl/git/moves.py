"""Where each recommendation was before: by what the commits between two moments moved, and by what is not committed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from stat import S_ISREG

from dhrctl.files import load
from dhrctl.files.tree import Tree
from dhrctl.git.repository import CommitChanges, FileChange, Repo, list_changes
from dhrctl.model.identity import compare_bytes, match_records, may_have_moved
from dhrctl.model.paths import recommendation_id
from dhrctl.model.records import Recommendation

Records = Mapping[tuple[str, str], Recommendation | None]
Contents = Callable[[Iterable[str]], Iterable[bytes]]


def find_moves(repo: Repo, old: Tree, new: Tree, contents: Contents | None = None) -> dict[str, str]:
    """Return the path in a committed tree of each file that has another in a later one, as `match_records` takes them.

    git is asked only where files went, came or changed places; for bytes by their names, `contents` is in its place.
    """
    then, now = _recommendations(old), _recommendations(new)
    if not may_have_moved(then, now):
        return {}
    back, on = repo.sides(old.commit or repo.head, new.commit or repo.head)
    at_head = _newest_contents(then, back, on) if new.commit is None else {}
    gone = {path: content for path, content in at_head.items() if path not in now}
    changes = list_changes(step for step in (*back, *on) if step.moves)
    names = dict.fromkeys(name for name in gone.values() if isinstance(name, str))
    names |= dict.fromkeys(name for change in changes for name in _names(change))
    known = dict(zip(names, (contents or repo.contents)(names), strict=True))
    moves = Moves(_read_versions(changes, known))
    moved = _join_moves(moves.trace(back), moves.trace(on))
    if new.commit is None:
        come = {path: content for path, content in now.items() if path not in at_head}
        went = {path: known[content] if isinstance(content, str) else content for path, content in gone.items()}
        for path, was in compare_bytes(went, come).items():
            moved[path] = moved.pop(was, was)
    return moved


def _recommendations(tree: Tree) -> dict[str, bytes]:
    return {path: content for path, content in tree.contents.items() if recommendation_id(path)}


def _read_versions(changes: Iterable[FileChange], known: Mapping[str, bytes]) -> Records:
    """Read the recommendations that changes found and left, each once, by path and name of their bytes."""
    found = list(dict.fromkeys((change.path, name) for change in changes for name in _names(change)))
    return dict(zip(found, load.decode_versions(found, lambda some: [known[name] for name in some]), strict=True))


def _names(change: FileChange) -> list[str]:
    """Return the names of the bytes before and after a change; a link or a submodule has none that are read."""
    return [name for name in (change.before, change.after if S_ISREG(change.mode) else "") if name]


class Moves:
    """What commits moved, each worked out once: a merge needs what the commits moved that it joins."""

    def __init__(self, records: Records) -> None:
        """Take the recommendations that the commits found and left."""
        self._records = records
        self._known: dict[str, dict[str, str]] = {}

    def of(self, step: CommitChanges) -> dict[str, str]:
        """Return the paths whose recommendation had another path before a commit: the old by the new."""
        name = step.commit.name
        if name not in self._known:
            self._known[name] = self._find(step)
        return self._known[name]

    def _find(self, step: CommitChanges) -> dict[str, str]:
        records, changes = self._records, step.changes
        before = {change.path: records.get((change.path, change.before)) for change in changes if change.before}
        after = {change.path: records.get((change.path, change.after)) for change in changes if change.after}
        renames = {change.path: change.former_path for change in changes if change.former_path}
        for fork in step.forks:
            renames |= _join_moves(self.trace(fork.ours), self.trace(fork.theirs))
        was = match_records(before, after, renames)
        return {path: old for path, old in was.items() if path != old}

    def trace(self, steps: Iterable[CommitChanges]) -> dict[str, str]:
        """Return the path before some steps of each file that has another after them."""
        found: dict[str, str] = {}
        for step in steps:
            moves = self.of(step) if step.moves else {}
            moved = {path: found.get(was, was) for path, was in moves.items()}
            found = {path: was for path, was in found.items() if path not in moves.values()} | moved
        return found


def _join_moves(back: Mapping[str, str], on: Mapping[str, str]) -> dict[str, str]:
    """Return the path on one side by that on the other, of what moved on either since both parted."""
    there = {parted: path for path, parted in back.items()}
    still = {path: path for path in there if path not in on and path not in on.values()}
    return {path: there.get(parted, parted) for path, parted in {**still, **on}.items()}


def _newest_contents(
    then: Mapping[str, bytes], back: Sequence[CommitChanges], on: Sequence[CommitChanges]
) -> dict[str, bytes | str]:
    """Return what the newest commit holds: the bytes that an earlier one held, or the name of others."""
    held: dict[str, bytes | str] = dict(then)
    held |= {change.path: change.before for step in reversed(back) for change in step.changes}
    held |= {change.path: change.after for step in on for change in step.changes}
    return {path: content for path, content in held.items() if content}
