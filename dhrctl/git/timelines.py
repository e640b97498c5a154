"""The past of the register: what git holds, as the versions of its recommendations."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property, partial
from stat import S_IFREG, S_ISREG

from dhrctl.errors import DhrError
from dhrctl.files import load
from dhrctl.files.tree import is_parsed
from dhrctl.git import objects
from dhrctl.git.errors import LostObjectError
from dhrctl.git.moves import Moves, Records
from dhrctl.git.repository import CommitChanges, FileChange, Repo, keep_recommendations, list_changes
from dhrctl.model import paths, query
from dhrctl.model.edtf import When
from dhrctl.model.history import Version
from dhrctl.model.identity import compare_bytes, match_records


def timelines(repo: Repo, upto: str = "HEAD", files: Mapping[str, bytes] | None = None) -> dict[str, list[Version]]:
    """Return the versions of every recommendation, oldest first, by the id it has last.

    Its id is followed where a commit moves its file: the same wording under another name, or else much the
    same bytes. With the `files` that are there now, only of those that were changed since they came, which is
    far less to read; and by the ids that they have in these, also where a move is not committed.
    """
    steps = keep_recommendations(repo.read_history(upto, paths.REVIEWS))
    if files is None:
        return _build_timelines(repo, steps, once=upto != "HEAD")
    uncommitted = _list_uncommitted(steps, files)
    often = Counter(change.path for step in steps for change in step.changes)
    often.update(change.path for change in uncommitted)
    steps = [replace(step, changes=tuple(_changes_to_read(step, often))) for step in steps]
    found = _build_timelines(repo, steps, once=upto != "HEAD")
    return _move_uncommitted(repo, found, uncommitted, files)


def _changes_to_read(step: CommitChanges, often: Mapping[str, int]) -> Iterator[FileChange]:
    """Yield the changes of files that have several, or may be another's under a new name."""
    taken = step.moves or len({bool(change.before) for change in step.changes}) > 1
    for change in step.changes:
        if taken or often[change.path] > 1:
            yield change


def _list_uncommitted(steps: Iterable[CommitChanges], files: Mapping[str, bytes]) -> list[FileChange]:
    """Return the recommendations that are not as committed; what went only where others are new or changed.

    Bytes that are not committed have no name: their path stands for it.
    """
    newest = {change.path: change.after for step in steps for change in step.changes}
    committed = {path: name for path, name in newest.items() if name}
    found = [
        FileChange(path=path, before=committed.get(path, ""), after=path, mode=S_IFREG)
        for path, content in files.items()
        if paths.recommendation_id(path) and not (path in committed and objects.is_named(content, committed[path]))
    ]
    went = [
        FileChange(path=path, before=name, after="", mode=0) for path, name in committed.items() if path not in files
    ]
    return [*found, *went] if found else []


def _move_uncommitted(
    repo: Repo, found: Mapping[str, list[Version]], changes: Collection[FileChange], files: Mapping[str, bytes]
) -> dict[str, list[Version]]:
    """Return timelines by the ids that recommendations have now; one that is new in the place of another has none."""
    before = [(change.path, change.before) for change in changes if change.before]
    if not before or len(changes) < 2:
        return {**found}
    was = dict(zip([path for path, _ in before], repo.contents([name for _, name in before]), strict=True))
    now = {change.path: files[change.path] for change in changes if change.after}
    held = {name: was[path] for path, name in before} | now
    old, new = (
        dict(zip(side, load.decode_versions(versions, lambda some: [held[name] for name in some]), strict=True))
        for side, versions in ((was, before), (now, [(path, path) for path in now]))
    )
    moves = match_records(old, new, compare_bytes(was, now))
    ids = {paths.recommendation_id(path): paths.recommendation_id(former) for path, former in moves.items()}
    taken = {*ids.values(), *map(paths.recommendation_id, now)}
    return {key: past for key, past in found.items() if key not in taken} | {
        key: found[former] for key, former in ids.items()
    }


def timeline(repo: Repo, path: str, upto: str = "HEAD") -> list[Version]:
    """Return the versions of the recommendation in one file, oldest first, also under the names that it had before."""
    return _build_timelines(repo, _folder_history(repo, path, upto), once=True).get(paths.recommendation_id(path), [])


def _folder_history(repo: Repo, path: str, upto: str) -> list[CommitChanges]:
    """Return what happened in the folder of a recommendation, and in those that one may have come from into it."""
    home = paths.folder(path)
    if upto == "HEAD":  # for a revision, git was asked much already: it is asked once here, whatever that costs
        changing = repo.folder_commits(home)
        coming = [commit for commit, there in changing.items() if there]
        steps = keep_recommendations(repo.read_commits(coming, paths.REVIEWS, first=False))
        apart = (paths.folder(change.path) == home for step in steps for change in _changes_within(step, {home}))
        if all(apart) and not any(step.may_join_moves for step in steps):
            return keep_recommendations(repo.read_commits(changing, home))[::-1]
    every = keep_recommendations(repo.read_history(upto, paths.REVIEWS))
    folders = _folders(every, home)
    return [replace(step, changes=tuple(_changes_within(step, folders))) for step in every]


def _folders(steps: Sequence[CommitChanges], home: str) -> set[str]:
    """Return a folder, and those that a file may have been moved from into it, or into one of these."""
    found = {home}
    for step in reversed(steps):
        if _has_arrivals(step, found):
            found |= {paths.folder(each.path) for each in step.changes if each.before or each.former_path}
    return found


def _has_arrivals(step: CommitChanges, folders: Collection[str]) -> bool:
    """Tell whether a recommendation may have come into some folders: it may be known by its wording alone.

    It is new there; or it is in the place of another, where a commit moved some, made some, or joined such commits.
    """
    moves = step.moves or step.may_join_moves or not all(each.before for each in step.changes)
    return any(
        paths.folder(each.path) in folders and each.after and (moves or not each.before) for each in step.changes
    )


def _changes_within(step: CommitChanges, folders: Collection[str]) -> Iterator[FileChange]:
    whole = _has_arrivals(step, folders) and any(each.before for each in step.changes)
    for change in step.changes:
        if whole or paths.folder(change.path) in folders:
            yield change


def former_versions(repo: Repo, word: str, upto: str = "HEAD") -> list[Version]:
    """Return the versions of a recommendation that had an id once, oldest first; nothing where none had, or several."""
    steps = keep_recommendations(repo.read_history(upto, paths.REVIEWS))
    ids = dict.fromkeys(paths.recommendation_id(change.path) for step in steps for change in step.changes)
    found = query.match_ids(word, ids)
    if len(found) != 1:
        return []
    known = _build_timelines(repo, keep_recommendations(repo.read_history(upto, paths.REVIEWS)), once=True).values()
    return next(
        (versions for versions in known if any(each.record and each.record.id == found[0] for each in versions)), []
    )


def matching_commit(repo: Repo, files: Mapping[str, bytes]) -> str | None:
    """Return the commit that holds files as they are, where the newest does; of unparsed ones the names alone are compared."""
    listed, refused = repo.list_newest()
    same = not refused and listed.keys() == files.keys()
    still = same and all(objects.is_named(content, listed[path]) for path, content in files.items() if is_parsed(path))
    return repo.head if still else None


def _build_timelines(repo: Repo, steps: Sequence[CommitChanges], *, once: bool) -> dict[str, list[Version]]:
    """Return the versions by id; with `once`, git is asked for all of them, and not by each of two processes for its part.

    One that went as another took its place has an id that says until which commit it was there.
    """
    records = _records(repo, list_changes(steps), once=once)
    moves = Moves(records)
    found: dict[str, list[Version]] = {}
    ended: dict[str, list[Version]] = {}
    for step in steps:
        was = moves.of(step)
        moving = {path: found.pop(path, []) for path in was.values()}
        for change in step.changes:
            if change.path in was:
                if change.path in found:
                    key = f"{paths.recommendation_id(change.path)} until {step.commit.name}"
                    ended[key] = [*found[change.path], _removal(step)]
                found[change.path] = moving[was[change.path]]
            if change.after:
                found.setdefault(change.path, []).append(_version(step, change, records))
            elif change.path in found:
                found[change.path].append(_version(step, change, records))
    return {paths.recommendation_id(path): versions for path, versions in found.items()} | ended


def _records(repo: Repo, changes: Iterable[FileChange], *, once: bool) -> Records:
    """Read each version once: the recommendations by path and name of their bytes; a link or a submodule is none."""
    found = [
        (change.path, name)
        for change in changes
        for name in (change.before, change.after if S_ISREG(change.mode) else "")
        if name
    ]
    wanted = list(dict.fromkeys(found))
    contents = repo.contents
    if once:
        names = [name for _, name in wanted]
        contents = partial(map, dict(zip(names, repo.contents(names), strict=True)).__getitem__)
    return dict(zip(wanted, load.decode_versions(wanted, contents), strict=True))


def _version(step: CommitChanges, change: FileChange, records: Records) -> Version:
    record = records.get((change.path, change.after))
    return replace(_removal(step), record=record, readable=record is not None or not change.mode)


def _removal(step: CommitChanges) -> Version:
    return Version(day=step.commit.day, commit=step.commit.name, author=step.commit.author, record=None)


def first_day(timelines: Mapping[str, Iterable[Version]]) -> date:
    """Return the day of the first version of all; where there is none, a day that never comes."""
    return min((version.day for versions in timelines.values() for version in versions), default=date.max)


def first_targets(timelines: Mapping[str, Iterable[Version]]) -> dict[str, tuple[date, When]]:
    """Return the target date that was committed first for each recommendation that has had one, with its day."""
    first = {key: _first_target(versions) for key, versions in timelines.items()}
    return {key: target for key, target in first.items() if target}


class FirstTargets(Mapping[str, tuple[date, When]]):
    """The target dates that were committed first, with their days, by id; git is asked when the first is wanted.

    Where there is no git, or no history, nothing is known.
    """

    def __init__(self, repo: Callable[[], Repo], files: Mapping[str, bytes], upto: str = "HEAD") -> None:
        """Take the way to the repository, the files of the register, and the newest commit that counts."""
        self._repo = repo
        self._files = files
        self._upto = upto

    @cached_property
    def _targets(self) -> Mapping[str, tuple[date, When]]:
        try:
            found = timelines(self._repo(), self._upto, self._files)
        except LostObjectError:
            self._repo().note_loss()
            return {}
        except DhrError:
            return {}
        return first_targets(found)

    def __getitem__(self, key: str) -> tuple[date, When]:
        """Return the first target of a recommendation."""
        return self._targets[key]

    def __iter__(self) -> Iterator[str]:
        """Yield the ids of which something is known."""
        return iter(self._targets)

    def __len__(self) -> int:
        """Return of how many something is known."""
        return len(self._targets)


def _first_target(versions: Iterable[Version]) -> tuple[date, When] | None:
    dated = ((each.day, each.record.target_date) for each in versions if each.record)
    return next(((day, target) for day, target in dated if target), None)
