"""What `git log` and `git diff` answer, as values."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import pairwise, takewhile, zip_longest

from dhrctl.files.tree import printable_name
from dhrctl.model.paths import recommendation_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit: its full name and its tree's, its parents, its committer's day (UTC), who wrote it, and its message."""

    name: str
    tree: str
    parents: tuple[str, ...]
    day: date
    author: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """A file that a commit changed: its path from the folder of the register, and its bytes' names before and after.

    A name is empty where there were no bytes; a `mode` is as in `stat`, 0 where there is no file. `former_path` is
    the path of one that went in the same commit and held much the same, where that was asked for. `others`
    are the names in the further parents of a merge that made the file other than all.
    """

    path: str
    before: str
    after: str
    mode: int
    former_path: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitChanges:
    """A commit with what it changed under `register/`, against its first parent; `forks` are those that it joins."""

    commit: Commit
    changes: tuple[FileChange, ...]
    forks: tuple["Fork", ...] = field(default=(), compare=False, repr=False)

    @property
    def moves(self) -> bool:
        """Tell whether it may have moved a file: one went, or one has the bytes that another had, or a fork moved some."""
        if self.forks:
            return True
        changed = [change for change in self.changes if change.before != change.after]
        before = {change.before for change in changed if change.before}
        return any(not change.after or change.after in before for change in changed)

    @property
    def may_join_moves(self) -> bool:
        """Tell whether it is a merge in which a file may be another's of before, by what the lines did that it joins."""
        sides = ([each.before for each in self.changes], [each.after for each in self.changes])
        return len(self.commit.parents) > 1 < len(self.changes) and all(map(any, sides))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """The two lines that a merge joins, since they parted: of each the commits that moved files, oldest first."""

    ours: tuple[CommitChanges, ...]
    theirs: tuple[CommitChanges, ...]


def first_parents(commits: Mapping[str, CommitChanges], newest: str) -> Iterator[CommitChanges]:
    """Yield a commit and the first parents behind it, newest first, as far as they are known by name."""
    while newest in commits:
        yield commits[newest]
        newest = next(iter(commits[newest].commit.parents), "")


def add_forks(steps: Iterable[CommitChanges]) -> dict[str, CommitChanges]:
    """Return commits by name, each merge that may have moved recommendations with the forks of its other parents.

    `steps` has all of them, each before its parents. What moved on a branch in several commits, one of which
    rewords it, is not seen in the merge alone.
    """
    known = {step.commit.name: step for step in steps}
    if all(len(step.commit.parents) < 2 for step in known.values()):
        return known
    kept = {step.commit.name: step for step in keep_recommendations(known.values())}
    moving = {name for name, step in kept.items() if step.moves}
    for name in reversed(kept) if moving else ():
        parents = kept[name].commit.parents
        if kept[name].may_join_moves:
            found = [_find_fork(kept, moving, parents[0], other) for other in parents[1:]]
            forks = tuple(fork for fork in found if fork.ours or fork.theirs)
            known[name], kept[name] = (replace(each[name], forks=forks) for each in (known, kept))
            moving |= {name} if forks else set()
    return known


def _find_fork(commits: Mapping[str, CommitChanges], moving: Collection[str], ours: str, theirs: str) -> Fork:
    """Return what moved on two commits' own lines since these parted."""
    lines: tuple[dict[str, None], dict[str, None]] = ({}, {})
    parted = ""
    for steps in zip_longest(first_parents(commits, ours), first_parents(commits, theirs)):
        names = [step.commit.name if step else "" for step in steps]
        for line, name in zip(lines, names, strict=True):
            line[name] = None
        parted = next((name for name in names if name and name in lines[0] and name in lines[1]), "")
        if parted:
            break
    moved = [
        tuple(commits[name] for name in takewhile(lambda name: name != parted, line) if name in moving)[::-1]
        for line in lines
    ]
    return Fork(ours=moved[0], theirs=moved[1])


def list_changes(steps: Iterable[CommitChanges]) -> list[FileChange]:
    """Return what commits changed, and then what those did that moved files on the lines that they join."""
    waiting = list(steps)
    found = [change for step in waiting for change in step.changes]
    joined: dict[str, CommitChanges] = {}
    while waiting:
        for fork in waiting.pop().forks:
            new = [step for step in (*fork.ours, *fork.theirs) if step.commit.name not in joined]
            joined |= {step.commit.name: step for step in new}
            waiting += new
    return [*found, *(change for step in joined.values() for change in step.changes)]


def keep_recommendations(steps: Iterable[CommitChanges]) -> list[CommitChanges]:
    """Return steps with the changes of recommendations alone, each of one file: what a rename took away went first."""
    return [replace(step, changes=tuple(_split_replacements(step.changes))) for step in steps]


def _split_replacements(changes: Iterable[FileChange]) -> Iterator[FileChange]:
    for change in changes:
        moved = recommendation_id(change.former_path)
        if moved:
            yield FileChange(path=change.former_path, before=change.before, after="", mode=0)
        if recommendation_id(change.path):
            yield (
                replace(change, before="", former_path=change.former_path if moved else "")
                if change.former_path
                else change
            )


LOG = (
    "log",
    "-z",
    "--no-color",
    "--no-decorate",
    "--no-notes",
    "--no-show-signature",
    "--format=%H%x00%T%x00%P%x00%ct%x00%an <%ae>%x00%B",
)
FROM = "%m%S"  # the side of `A...B` that a commit is of, and the revision that was asked for and led to it
LOG_FROM = (*LOG[:-1], LOG[-1].replace("%H", f"{FROM}%x00%H"))
RAW = (
    "--raw",
    "--no-abbrev",
    "--no-renames",
    "--no-relative",
    "--ignore-submodules=none",
    "--no-ext-diff",
    "--no-textconv",
)
_FIELDS = 6


def read_history(out: bytes, prefix: str) -> Iterator[CommitChanges]:
    """Read what `LOG` prints, as it goes: the fields of a commit, then its changes, all ended by NUL."""
    return (step for _, step in _read_entries(out, prefix, 0))


def read_sided_history(out: bytes, prefix: str) -> Iterator[tuple[str, CommitChanges]]:
    """Read what `LOG_FROM` prints; yield each commit after its `FROM`."""
    return _read_entries(out, prefix, 1)


def _read_entries(out: bytes, prefix: str, before: int) -> Iterator[tuple[str, CommitChanges]]:
    tokens = out.decode("utf-8", "surrogateescape").split("\0")
    at = 0
    while at + before + _FIELDS <= len(tokens):
        start = "".join(tokens[at : at + before]).strip("\n")
        at += before
        name, tree, parents, seconds, author, message = tokens[at : at + _FIELDS]
        at += _FIELDS
        at += tokens[at : at + 1] == [""]  # stands before what a merge changed
        found, at = _take_changes(tokens, at, prefix)
        yield (
            start,
            CommitChanges(
                commit=Commit(
                    name=name.strip("\n"),
                    tree=tree,
                    parents=tuple(parents.split()),
                    day=_commit_day(seconds),
                    author=author,
                    message=message,
                ),
                changes=found,
            ),
        )


def folder_commits(out: bytes) -> tuple[dict[str, date], dict[str, bool]]:
    """Return the day of each commit, newest first; and of those that left a folder other than before, whether they have it.

    `out` has two lines for each commit, newest first: the names of the folder's tree and of the commit, or what was
    asked for (the commit, a colon and the folder) and that there is no such thing, or that its tree is lost; then
    the commit's name and its seconds.
    """
    lines = out.decode("ascii").splitlines()
    told = [line.split(" ") for line in lines[::2]]
    days = {name: _commit_day(seconds) for name, seconds in (line.split(" ") for line in lines[1::2])}
    known = [("", name.partition(":")[0]) if ":" in name else (name, rest) for name, rest in told]
    changed = {commit: bool(tree) for (tree, commit), (before, _) in pairwise([*known, ("", "")]) if tree != before}
    return days, changed


MARK = "commit "


def changing_commits(lines: Iterable[str]) -> tuple[dict[str, date], list[str]]:
    """Return the day of each commit, newest first, and the names of those that changed something.

    The lines are a commit's name and seconds behind `MARK`, then what `RAW` prints of it.
    """
    days: dict[str, date] = {}
    changing: dict[str, None] = {}
    name = ""
    for line in lines:
        if line.startswith(MARK):
            name, seconds = line.removeprefix(MARK).split(" ")
            days[name] = _commit_day(seconds)
        elif line:
            changing[name] = None
    return days, list(changing)


def parse_comparisons(out: bytes, prefix: str) -> Iterator[tuple[str, tuple[FileChange, ...]]]:
    """Read what `RAW` prints of several comparisons, each after a line with the names of two trees; yield the second."""
    tokens = out.decode("utf-8", "surrogateescape").split("\0")
    at = 0
    while tokens[at]:
        line, _, tokens[at] = tokens[at].partition("\n")
        found, at = _take_changes(tokens, at, prefix)
        yield line.split(" ")[1], found


def parse_changes(out: bytes, prefix: str) -> tuple[FileChange, ...]:
    """Read what `RAW` prints of one comparison."""
    return _take_changes(out.decode("utf-8", "surrogateescape").split("\0"), 0, prefix)[0]


def _take_changes(tokens: Sequence[str], at: int, prefix: str) -> tuple[tuple[FileChange, ...], int]:
    """Read changes from a position on; return them, and the position after them."""
    found = []
    while at < len(tokens) and tokens[at].lstrip("\n").startswith(":"):
        about = tokens[at].lstrip("\n")
        paths = tokens[at + 1 : at + (3 if about.split(" ")[-1][0] == "R" else 2)]
        found.append(_parse_change(about, [printable_name(path.removeprefix(prefix)) for path in paths]))
        at += 1 + len(paths)
    return tuple(found), at


_SUBMODULE = "160000"


def _parse_change(about: str, paths: Sequence[str]) -> FileChange:
    """Read a line of `--raw`: a colon for each parent, all modes, all names of bytes, and what happened."""
    colons = about.count(":")
    parts = about.lstrip(":").split(" ")
    modes, names = parts[: colons + 1], parts[colons + 1 : 2 * colons + 2]
    first, *others, after = (
        "" if mode == _SUBMODULE or not name.strip("0") else name for mode, name in zip(modes, names, strict=True)
    )
    return FileChange(
        path=paths[-1],
        before=first,
        after=after,
        mode=int(modes[-1], 8),
        former_path=paths[0] if len(paths) > 1 else "",
        others=tuple(filter(None, others)),
    )


def _commit_day(seconds: str) -> date:
    """Return the day of a commit; where the calendar has none, its last, so that none comes after."""
    try:
        return datetime.fromtimestamp(int(seconds), tz=UTC).date()
    except (ValueError, OverflowError, OSError):
        return date.max
