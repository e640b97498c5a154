"""The past of the register: what git holds, as the versions of its recommendations."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path

from dhrctl import layout, reading
from dhrctl.changes import Version
from dhrctl.errors import DhrError
from dhrctl.model import Recommendation
from dhrctl.repo import Change, Repo, Step
from dhrctl.when import When


def timelines(repo: Repo, upto: str = "HEAD", *, moving: bool = False) -> dict[str, list[Version]]:
    """Return the versions of every recommendation, oldest first, by the id it has last.

    Its id is followed where a commit moves its file: the same bytes, or the same wording, under another
    name. With `moving`, only of those that a later commit changed, which is far less to read.
    """
    steps = [_of_recommendations(step) for step in repo.steps(upto, layout.REVIEWS)]
    if moving:
        often = Counter(change.path for step in steps for change in step.changes)
        steps = [replace(step, changes=tuple(_moving(step.changes, often))) for step in steps]
    return _timelines(repo, steps)


def _of_recommendations(step: Step) -> Step:
    return replace(step, changes=tuple([change for change in step.changes if layout.recommendation_id(change.path)]))


def _moving(changes: Collection[Change], often: Mapping[str, int]) -> Iterator[Change]:
    """Yield the changes of files that have several, or that may be another's file under a new name."""
    taken = any(not change.after for change in changes)
    return (change for change in changes if taken or often[change.path] > 1)


def timeline(repo: Repo, path: str, upto: str = "HEAD") -> list[Version]:
    """Return the versions of the recommendation in one file, oldest first, also under the names that it had before."""
    found = _timelines(repo, repo.following(path, upto))
    return next(iter(found.values()), [])


def _timelines(repo: Repo, steps: Collection[Step]) -> dict[str, list[Version]]:
    records = _records(repo, (change for step in steps for change in step.changes))
    found: dict[str, list[Version]] = {}
    for step in steps:
        gone = {change.path: change for change in step.changes if not change.after}
        for change in step.changes:
            if change.after:
                known = found.setdefault(change.path, [])
                moved = change.was or (_moved(change, gone, records) if not change.before else "")
                if moved in found and moved != change.path:
                    known[:0] = found.pop(moved)
                    gone.pop(moved, None)
                known.append(_version(step, records[change.path, change.after]))
        for path in gone:
            if path in found:
                found[path].append(_version(step, None))
    return {layout.recommendation_id(path): versions for path, versions in found.items()}


def _records(repo: Repo, changes: Iterable[Change]) -> Mapping[tuple[str, str], Recommendation | None]:
    """Read each version once: the recommendations by path and name of their bytes."""
    wanted = list(dict.fromkeys((change.path, change.after) for change in changes if change.after))
    names = list(dict.fromkeys(name for _, name in wanted))
    contents = dict(zip(names, repo.contents(names), strict=True))
    return dict(zip(wanted, reading.versions((path, contents[name]) for path, name in wanted), strict=True))


def _moved(change: Change, gone: Mapping[str, Change], records: Mapping[tuple[str, str], Recommendation | None]) -> str:
    """Return the path that a new file had before the commit, if it only moved."""
    now = records[change.path, change.after]
    for path, other in gone.items():
        was = records.get((path, other.before))
        same_words = was and now and now.recommendation and was.recommendation == now.recommendation
        if other.before == change.after or same_words:
            return path
    return ""


def _version(step: Step, record: Recommendation | None) -> Version:
    return Version(day=step.commit.day, commit=step.commit.name, author=step.commit.author, record=record)


def first_targets(timelines: Mapping[str, Iterable[Version]]) -> dict[str, tuple[date, When]]:
    """Return the target date that was committed first for each recommendation that has had one, with its day."""
    first = {key: _first_target(versions) for key, versions in timelines.items()}
    return {key: target for key, target in first.items() if target}


class FirstTargets(Mapping[str, tuple[date, When]]):
    """The target dates that were committed first, with their days, by id; git is asked when the first is wanted.

    Where there is no git, or no history, nothing is known.
    """

    def __init__(self, root: Path, upto: str = "HEAD", repo: Repo | None = None) -> None:
        """Take the folder of the register, the newest commit that counts, and the repository if it was found already."""
        self._root = root
        self._repo = repo
        self._upto = upto

    @cached_property
    def _known(self) -> Mapping[str, tuple[date, When]]:
        try:
            found = timelines(self._repo or Repo(self._root), self._upto, moving=True)
        except DhrError:
            return {}
        return first_targets(found)

    def __getitem__(self, key: str) -> tuple[date, When]:
        """Return the first target of a recommendation."""
        return self._known[key]

    def __iter__(self) -> Iterator[str]:
        """Yield the ids of which something is known."""
        return iter(self._known)

    def __len__(self) -> int:
        """Return of how many something is known."""
        return len(self._known)


def _first_target(versions: Iterable[Version]) -> tuple[date, When] | None:
    dated = ((each.day, each.record.target_date) for each in versions if each.record)
    return next(((day, target) for day, target in dated if target), None)
