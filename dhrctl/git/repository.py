"""git: the register as it was committed, and every change of its files. Nothing else talks to git.

It is asked a few large questions, whatever the size of the register. What it answers is data: names
in a tree are never used as paths, and nothing that a repository configures is run, unless its user
has dhrctl commit for them (`writing`).
"""

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain
from pathlib import Path

from dhrctl.errors import DhrError, Exit
from dhrctl.files.tree import Tree, is_parsed
from dhrctl.findings.finding import Finding
from dhrctl.git import commit as writing
from dhrctl.git import index as staged
from dhrctl.git import log, objects
from dhrctl.git import trees as listing
from dhrctl.git.clock import ClockSlip, settle_days
from dhrctl.git.errors import (
    REFETCH,
    UNSHALLOW,
    complaint_error,
    lost_object_error,
    plain_revision,
    unknown_revision_error,
)
from dhrctl.git.index import StagingArea
from dhrctl.git.log import (
    LOG,
    LOG_FROM,
    RAW,
    Commit,
    CommitChanges,
    FileChange,
    add_forks,
    first_parents,
    keep_recommendations,
    list_changes,
)
from dhrctl.git.process import Answer, Git
from dhrctl.git.refs import is_at_branch
from dhrctl.model import dates
from dhrctl.model.identity import may_have_moved
from dhrctl.model.paths import MAX_BYTES, REGISTER, REVIEWS, recommendation_id

__all__ = [
    "Commit",
    "CommitChanges",
    "FileChange",
    "Repo",
    "StagingArea",
    "keep_recommendations",
    "list_changes",
    "named_day",
]

_CHANGES = (*RAW, "--find-renames=60%", "-l1000", "--diff-merges=first-parent")
_EVERY = ("--topo-order", "--full-history", "--sparse")  # branches too, and what changed nothing: by parents one finds
TreeListing = tuple[dict[str, str], tuple[Finding, ...]]
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def named_day(wanted: str) -> date | None:
    """Return the day that a word names, or None where it names a revision; raise DhrError where there is no such day."""
    if not _DAY.fullmatch(wanted):
        return None
    try:
        return dates.day(wanted)
    except ValueError as error:
        raise DhrError(str(error)) from None


class Repo:
    """The git repository that a register's folder lies in."""

    def __init__(self, root: Path) -> None:
        """Find it; raise DhrError where git or the repository is missing, or not to be trusted."""
        self._git = Git(root)
        asked = ("--show-prefix", "--is-inside-work-tree", "--absolute-git-dir", "--is-shallow-repository")
        lines = self._git.lines("rev-parse", *asked, "--revs-only", "HEAD", "HEAD^{tree}")
        told = [place for place, line in enumerate(lines) if line in {"true", "false"}]
        end, last = told[0], told[-1]  # a folder's name may have such a line, too
        if lines[end] == "false":
            problem = f"{root} is not in the work tree of a git repository"
            raise DhrError(problem, Exit.ENVIRONMENT, fix="clone it with its files")
        self._prefix = "\n".join(lines[:end])
        self._folder = Path("\n".join(lines[end + 1 : last]))
        self._shallow = lines[last] == "true"
        self._head, self._tree = [*lines[last + 1 :], "", ""][:2]  # nothing where nothing is committed
        self._commits: dict[str, Commit] = {}
        self._line: list[Commit] = []
        self._asked_past = self._lacking = False
        self._days: dict[str, date] = {}  # what the days on HEAD's own line count as, where that was asked for
        self._steps: dict[tuple[str, str], list[CommitChanges]] = {}
        self._sides: dict[tuple[str, str], tuple[list[CommitChanges], list[CommitChanges]]] = {}
        self._listings: dict[str, TreeListing] = {}
        self._trees: dict[str, Tree] = {}
        self._contents: dict[str, bytes] = {}
        self._asked: dict[str, Callable[[], Answer]] = {}
        self._as_committed: set[str] = set()

    # What was committed when

    def commit(self, wanted: str) -> Commit:
        """Return the commit that a revision names, or the last by the end of a day; raise DhrError."""
        if wanted in self._commits:
            return self._commits[wanted]
        day = named_day(wanted)
        return self._commit_by_day(day) if day else self._commit_by_name(wanted)

    def _commit_by_name(self, revision: str) -> Commit:
        name = plain_revision(revision)
        starts = (name, *([self._head] if self._head else []))  # HEAD's own line says whether a day goes back
        code, out, complaint = self._git.run(
            *LOG_FROM, "--first-parent", "--no-patch", "--end-of-options", *starts, "--"
        )
        if code:
            raise unknown_revision_error(revision, complaint, shallow=self._shallow)
        steps = [(start[1:], step.commit) for start, step in log.read_sided_history(out, self._prefix)]
        commits = {commit.name: commit for _, commit in steps}
        self._settle_line(self._head, commits)
        found = next(commit for start, commit in steps if start == name)
        return self._settle_line(found.name, commits)[0]

    def _settle_line(self, newest: str, commits: Mapping[str, Commit]) -> list[Commit]:
        """Return a commit and the first parents behind it, newest first, each of the day that it counts as."""
        line = self._settle(_first_line(newest, commits)[::-1])
        if newest == self._head:
            self._line = line[::-1]
        return line[::-1]

    def _settle(self, line: Sequence[Commit]) -> list[Commit]:
        """Return the commits of a line, oldest first, each of the day that it counts as; along HEAD's own line if it is on it."""
        days = dict(zip([commit.name for commit in line], settle_days([commit.day for commit in line]), strict=True))
        if line and line[-1].name == self._head:
            self._days = days
        return [replace(commit, day=self._days.get(commit.name, days[commit.name])) for commit in line]

    def _commit_by_day(self, day: date) -> Commit:
        self._asked_past = True
        if not self._line:
            asked = ("--first-parent", "--no-patch", "--end-of-options", "HEAD", "--")
            self._line = self._settle([step.commit for step in self._parse_log(*LOG, *asked)][::-1])[::-1]
        found = next((commit for commit in self._line if commit.day <= day), None)
        if found is None:
            oldest = self._line[-1].day
            message = f"nothing was committed by {day}: the first commit is of {oldest}; name a later day"
            if self._shallow:
                message = f"this clone begins with {oldest}, and {day} lies before that; {UNSHALLOW}"
            raise DhrError(message)
        return found

    def _look_up(self, wanted: Sequence[str]) -> dict[str, Commit]:
        """Return the commits that revisions or days stand for: of two revisions, or one and days, in one question."""
        self._asked_past = True
        names = [plain_revision(each) for each in wanted if not named_day(each)]
        starts = [*["HEAD"][: len(wanted) - len(names)], *names]
        code, out = 1, b""
        if len(starts) == 2 and self._head:
            code, out, _ = self._git.run(*LOG_FROM, "--first-parent", "--no-patch", "--end-of-options", *starts, "--")
        if code:
            return {each: self.commit(each) for each in wanted}
        steps = [(start[1:], step.commit) for start, step in log.read_sided_history(out, self._prefix)]
        commits = {commit.name: commit for _, commit in steps}
        self._settle_line(self._head, commits)
        reached = dict(reversed(steps))  # the first that a revision led to is its own
        lines = [self._settle_line(commit.name, commits) for commit in reached.values()]
        settled = {commit.name: commit for line in lines for commit in line[:1]}
        settled |= {commit.name: commit for line in lines for commit in line[1:]}  # what is built on it says more
        reached = {start: settled[commit.name] for start, commit in reached.items()}
        first = reached[starts[0]]  # where another led to nothing, it is of the same commit
        return {
            each: self._commit_by_day(day) if (day := named_day(each)) else reached.get(plain_revision(each), first)
            for each in wanted
        }

    @property
    def head(self) -> str:
        """Return the full name of the newest commit; nothing where nothing is committed."""
        return self._head

    @property
    def shallow(self) -> bool:
        """Tell whether the clone holds only the newest commits."""
        return self._shallow

    @property
    def gap(self) -> str:
        """Return the sentence on what this clone lacks of the past that was asked for; nothing where it lacks nothing."""
        if self._lacking:
            return f"this clone lacks some of what was committed, and what is said of the past is without it; fetch it with: {REFETCH}"
        return f"this clone holds only the newest commits; {UNSHALLOW}" if self._shallow and self._asked_past else ""

    def note_loss(self) -> None:
        """Note that something which was asked for is not there."""
        self._lacking = True

    @property
    def folder(self) -> Path:
        """Return the folder that git keeps this work tree's own files in."""
        return self._folder

    def base(self, revision: str) -> str:
        """Return the full name of the commit where HEAD and a revision (or a day) part; raise DhrError."""
        day = named_day(revision)
        if day:
            return self._commit_by_day(day).name  # on HEAD's own line
        code, out, complaint = self._git.run("merge-base", "--end-of-options", plain_revision(revision), "HEAD")
        if code == 1:
            more = UNSHALLOW if self._shallow else "name another"
            message = f'"{revision}" and HEAD have no commit in common; {more}'
            raise DhrError(message)
        if code:
            raise unknown_revision_error(revision, complaint, shallow=self._shallow)
        return out.decode("ascii").strip()

    def read_history(self, upto: str = "HEAD", path: str = REGISTER) -> list[CommitChanges]:
        """Return every commit on the register's own line that changed a file at or under a path, oldest first.

        git tells the others too (`--sparse`): along all of them it is seen whose clock was wrong.
        """
        self._asked_past = True
        which = (self._head if upto == "HEAD" and self._head else upto, path)
        if which not in self._steps:
            asked = (*LOG, *_CHANGES, *_EVERY, "--end-of-options", which[0], "--", path)
            found = add_forks(self._parse_log(*asked))
            steps = list(first_parents(found, next(iter(found), "")))[::-1]
            commits = self._settle([step.commit for step in steps])
            self._steps[which] = [
                replace(step, commit=commit) for step, commit in zip(steps, commits, strict=True) if step.changes
            ]
        return self._steps[which]

    def list_clock_slips(self) -> tuple[ClockSlip, ...]:
        """Return the commits on HEAD's own line whose day goes back or runs ahead, the oldest first."""
        if not self._head:
            return ()
        line = list(self._parse_log(*LOG, "--first-parent", "--no-patch", "--end-of-options", "HEAD", "--"))
        return self.find_clock_slips(line, [])

    def find_clock_slips(self, steps: Iterable[CommitChanges], new: Iterable[CommitChanges]) -> tuple[ClockSlip, ...]:
        """Return the commits whose day goes back or runs ahead along HEAD's own line, or one that a new commit merged.

        `steps` are all the commits that there are to these lines.
        """
        known = {step.commit.name: step.commit for step in steps}
        merged = [parent for step in new for parent in step.commit.parents[1:]]
        found: dict[str, ClockSlip] = {}
        for newest in (self._head, *merged):
            line = _first_line(newest, known)[::-1]
            for commit, day in zip(line, settle_days([each.day for each in line]), strict=True):
                if commit.day != day:
                    found.setdefault(commit.name, ClockSlip(name=commit.name, day=commit.day, counted=day))
        return tuple(found.values())

    def prefetch_folder(self, folder: str) -> None:
        """Have git begin to look for what `folder_commits` will return for a folder of the layout.

        It is asked for the tree of that folder in each commit, which takes half the time of comparing them.
        """
        line = ("log", f"--format=%H:./{folder} %H%n%H %ct", "--first-parent", "HEAD", "--")
        trees = ("cat-file", "--batch-check=%(objectname) %(rest)", "--buffer")
        self._asked[folder] = self._git.run_piped(line, trees)

    def folder_commits(self, folder: str) -> dict[str, bool]:
        """Return the commits on the register's own line that changed a folder, newest first.

        Each with whether something may have come into the folder: not where that is no longer there.
        """
        self._asked_past = True
        asked = self._asked.pop(folder, None)
        if asked:
            days, found = log.folder_commits(_require_answer(*asked()))
        else:
            line = (
                "log",
                f"--format={log.MARK}%H %ct",
                "--first-parent",
                "--sparse",
                *RAW,
                "--diff-merges=first-parent",
            )
            days, changing = log.changing_commits(self._git.lines(*line, "HEAD", "--", folder))
            found = dict.fromkeys(changing, True)
        self._days = dict(zip(reversed(days), settle_days([*reversed(days.values())]), strict=True))
        return found

    def read_commits(
        self, commits: Collection[str], path: str = REGISTER, *, first: bool = True
    ) -> list[CommitChanges]:
        """Return some commits with what they changed at or under a path; without `first`, none that has no parent."""
        if not commits:
            return []  # git would take HEAD
        asked = (*LOG, *_CHANGES, "--no-walk=unsorted", f"--min-parents={int(not first)}", "--stdin", "--", path)
        steps = self._parse_log(*asked, stdin="".join(f"{commit}\n" for commit in commits).encode("ascii"))
        return [
            replace(step, commit=replace(step.commit, day=self._days.get(step.commit.name, step.commit.day)))
            for step in steps
        ]

    def sides(self, old: str, new: str) -> tuple[list[CommitChanges], list[CommitChanges]]:
        """Return what became of recommendations on each of two commits' own lines since both parted, oldest first."""
        if old == new:
            return [], []
        self._asked_past = True
        if (old, new) not in self._sides:
            asked = (*LOG, *_CHANGES, *_EVERY, "--end-of-options", f"{old}...{new}", "--", REVIEWS)
            commits = add_forks(self._parse_log(*asked))
            left, right = (keep_recommendations(first_parents(commits, name))[::-1] for name in (old, new))
            self._sides[old, new], self._sides[new, old] = (left, right), (right, left)
        return self._sides[old, new]

    def split_history(self, base: str) -> tuple[list[CommitChanges], list[CommitChanges]]:
        """Return every commit that a base has, and every further one of HEAD, oldest first, whatever they changed.

        Of a merge, only what none of its parents has; raise DhrError where the clone lacks some of them.
        """
        if self._shallow:
            message = f"this clone holds only the newest commits, so a change cannot be judged in it; {UNSHALLOW}"
            raise DhrError(message, Exit.ENVIRONMENT)
        asked = (*LOG, *RAW, "--diff-merges=combined", "--topo-order", "--end-of-options", "HEAD", "--")
        steps = list(self._parse_log(*asked))[::-1]
        parents = {step.commit.name: step.commit.parents for step in steps}
        led: set[str] = set()
        waiting = [base]
        while waiting:
            name = waiting.pop()
            if name not in led:
                led.add(name)
                waiting += parents[name]
        known = [step for step in steps if step.commit.name in led]
        return known, [step for step in steps if step.commit.name not in led]

    # What was in it

    def tree(self, commit: Commit, *, whole: bool = False) -> Tree:
        """Return the register as committed, as `disk.read_tree` returns it from the disk."""
        if commit.name not in self._trees:
            self._read_trees([commit], whole=whole)
        return self._trees[commit.name]

    def prepare_trees(self, *wanted: str, upto: str = "") -> None:
        """Look up several revisions or days, and read all their files at once, for `commit` and `tree` to return.

        With `upto`, HEAD or one of them, every version of a recommendation until then is read too, for `contents`.
        """
        self._commits = self._look_up(wanted)
        line = self._commits[upto].name if upto in self._commits else upto
        steps = self.read_history(line, REVIEWS) if upto else ()
        changes = [change for change in list_changes(steps) if recommendation_id(change.path)]
        versions = [name for change in changes for name in (change.before, change.after) if name]
        self._read_trees(self._commits.values(), whole=False, more=versions)

    def _read_trees(self, commits: Iterable[Commit], *, whole: bool, more: Collection[str] = ()) -> None:
        commits = dict.fromkeys(commits)
        listed = self._list_trees([commit.tree for commit in commits], at_once=bool(more))
        more = [*more, *self._list_moved([*commits], [names for names, _ in listed.values()])]
        wanted = dict.fromkeys(
            name for names, _ in listed.values() for path, name in names.items() if whole or is_parsed(path)
        )
        wanted |= dict.fromkeys(more)
        self._contents |= zip(wanted, self.contents(wanted), strict=True)
        for commit in commits:
            names, refused = listed[commit.tree]
            files = {path: self._contents[names[path]] if whole or is_parsed(path) else b"" for path in sorted(names)}
            self._trees[commit.name] = Tree(contents=files, refused=refused, commit=commit.name)

    def _list_trees(self, trees: Collection[str], *, at_once: bool) -> dict[str, TreeListing]:
        if at_once:  # git is asked for their history as well, which is no less where a tree has no end
            held = listing.list_trees(self._git, self._prefix, [*trees, *([self._tree] if self._tree else [])])
            self._listings |= {tree: listing.separate_refused(each) for tree, each in held.items()}
        return {tree: self.list_tree(tree) for tree in trees}

    def _list_moved(self, commits: Sequence[Commit], listed: Sequence[Mapping[str, str]]) -> Iterator[str]:
        """Yield the names of what stood between two commits, where recommendations may have moved."""
        if len(listed) < 2 or not may_have_moved(*map(_recommendations, listed)):
            return
        steps = chain.from_iterable(self.sides(commits[0].name, commits[1].name))
        for change in list_changes(step for step in steps if step.moves):
            yield from filter(None, (change.before, change.after))

    def list_tree(self, tree: str) -> TreeListing:
        """Return the name of each file's bytes in the register of a commit's tree, and what was refused."""
        if tree not in self._listings:
            self._listings[tree] = listing.separate_refused(listing.list_tree(self._git, self._prefix, tree))
        return self._listings[tree]

    def list_newest(self) -> TreeListing:
        """Return what `list_tree` does of the newest commit's tree; nothing where nothing is committed."""
        tree = self._newest_tree()
        return self.list_tree(tree) if tree else ({}, ())

    def list_uncommitted(self, root: Path, paths: Iterable[str]) -> list[str]:
        """Return those of some paths that are in the folder other than the newest commit holds them, or are not there."""
        listed, _ = self.list_newest()
        files = {path: (root / path).read_bytes() if (root / path).is_file() else None for path in paths}
        return [path for path, content in files.items() if not objects.is_same(content, listed.get(path))]

    def _newest_tree(self) -> str:
        """Return the name of the newest commit's tree, nothing where nothing is committed; raise DhrError where it is lost."""
        if self._head and not self._tree:
            raise lost_object_error(self._head)
        return self._tree

    def read_index(self, largest: int = MAX_BYTES) -> StagingArea:
        """Return the register as it stands in the index, and all that is staged; raise DhrError.

        In a hook, that is the index which the commit is made of. Bytes are cut behind the largest size.
        """
        index = os.environ.get("GIT_INDEX_FILE")
        at = Path(index).absolute() if index else None
        return staged.read_index(self._git, self._prefix, self._newest_tree(), at, largest)

    def contents(self, names: Iterable[str], largest: int = MAX_BYTES) -> Iterator[bytes]:
        """Yield the bytes that names stand for, in order, each cut behind the largest size that is read."""
        wanted = list(names)
        known = self._contents if largest == MAX_BYTES else {}
        others = objects.contents(self._git, [name for name in wanted if name not in known], largest)
        for name in wanted:
            yield known[name] if name in known else next(others)

    def _parse_log(self, *arguments: str, stdin: bytes = b"") -> Iterator[CommitChanges]:
        return log.read_history(_require_answer(*self._git.run(*arguments, stdin=stdin)), self._prefix)

    # Adding to it

    def require_writable(self, paths: Iterable[str] = (), *, written: Iterable[str] = (), branch: bool = False) -> None:
        """Raise DhrError where nothing can be committed now, or where one of the paths is not as it was committed.

        Those that are `written` are so already. With `branch`, one is going to be made, so HEAD need not be at one.
        """
        wanted = {self._prefix + path for path in paths}
        writing.require_writable(self._git, self._folder, sorted(wanted), branch=branch)
        self._as_committed |= wanted | {self._prefix + path for path in written}

    def is_on_branch(self, name: str) -> bool:
        """Tell whether HEAD is at a branch."""
        return is_at_branch(self._git, self._folder, name)

    def create_branch(self, name: str) -> None:
        """Make a branch from the current commit and use it, whatever is staged or changed; raise DhrError."""
        writing.create_branch(self._git, self._folder, name)

    def commit_files(self, paths: Iterable[str], message: str) -> str:
        """Commit exactly these paths, new, changed or gone, on the current branch; return the commit's full name.

        All else that is staged or changed stays so. Raise DhrError where the commit is refused, by a hook say,
        or where a path was staged before: nothing is committed then, and what was staged is as it was.
        """
        wanted = list(paths)
        if unasked := {self._prefix + path for path in wanted} - self._as_committed:
            writing.refuse_staged(self._git, sorted(unasked))
        return writing.commit_files(self._git, self._folder, wanted, message)


def _first_line(newest: str, commits: Mapping[str, Commit]) -> list[Commit]:
    """Return a commit and the first parents behind it, newest first, as far as they are known."""
    line = []
    name = newest
    while name in commits:
        line.append(commits[name])
        name = next(iter(commits[name].parents), "")
    return line


def _recommendations(names: Mapping[str, str]) -> dict[str, str]:
    return {path: name for path, name in names.items() if recommendation_id(path)}


def _require_answer(code: int, out: bytes, complaint: str) -> bytes:
    """Return what git says; raise DhrError where it failed."""
    if code:
        raise complaint_error(complaint)
    return out
