"""A change that is committed: what git says of it since a revision, judged."""

from itertools import chain
from typing import TYPE_CHECKING

from dhrctl.app.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dhrctl.checks.commits import Addition, ScannedCommit
    from dhrctl.findings.finding import Finding
    from dhrctl.git.repository import CommitChanges, FileChange


def judge_commits(
    session: Session, revision: str, names: tuple[str, ...], known: "Iterable[Finding]", fictitious: tuple[str, ...]
) -> "tuple[Finding, ...]":
    """Return what the change since a revision should not have done; `known` is what is found in the texts as they are."""
    from dhrctl.checks import commits, registry, safety, transitions
    from dhrctl.files import load
    from dhrctl.files.tree import Tree, is_parsed
    from dhrctl.git.moves import find_moves
    from dhrctl.git.repository import Repo

    repo = Repo(session.root)
    base = repo.base(revision)
    led, steps = repo.split_history(base)
    tree = next(step.commit.tree for step in led if step.commit.name == base)
    listed, _ = repo.list_tree(tree)
    paths = [path for path in listed if is_parsed(path)]
    used = _list_former_blobs(session, listed, led)
    committed = [_describe_commit(step) for step in steps]
    new = {step.commit.name for step in steps}
    blobs = list(dict.fromkeys(chain.from_iterable(map(_blobs, committed))))
    wanted = [*(listed[path] for path in paths), *(blob for _, blob in used), *blobs]
    contents = repo.contents(wanted, commits.MAX_SCANNED_BYTES)
    before = {**dict.fromkeys(listed, b""), **{path: next(contents) for path in paths}}
    earlier = _earlier((path, next(contents)) for path, _ in used)
    protected = safety.protected_name(names)
    versions = {listed[path]: before[path] for path in paths}
    recommended = {blob for step in steps for blob in _recommended(step)}
    held = {}
    for blob, content in zip(blobs, contents, strict=True):
        held[blob] = commits.find_secrets(content, protected)
        if blob in recommended:
            versions[blob] = content
    old = Tree(contents=before, commit=base)
    change = transitions.RegisterChange(
        before=load.read_register(old).register,
        after=session.register,
        day=session.day,
        earlier=earlier,
        clocks=tuple([each for each in repo.find_clock_slips((*led, *steps), steps) if each.name in new]),
        renames=find_moves(repo, old, session.tree, lambda some: [versions.get(name, b"") for name in some]),
    )
    waived = {
        finding.path: frozenset(
            secret
            for secret in commits.find_secrets(session.tree.contents[finding.path], protected)
            if secret.rule == finding.rule
        )
        for finding in known
        if finding.waived
    }
    return (
        *registry.check_transitions(change, session.reading.locate),
        *commits.scan_commits(committed, held, waived, protected, fictitious),
    )


def _list_former_blobs(
    session: Session, listed: "Iterable[str]", led: "Iterable[CommitChanges]"
) -> "list[tuple[str, str]]":
    """Return what the history held, until the change, under the numbers that the change gives: paths and names of bytes."""
    from dhrctl.model import identity
    from dhrctl.model.paths import RecordKind, place

    there = set(listed)
    new = {
        identity.plain_id(where.id)
        for path in session.tree.contents
        if path not in there and (where := place(path)) and where.kind is RecordKind.RECOMMENDATION
    }
    found: dict[tuple[str, str], None] = {}
    for step in led if new else ():
        for changed in step.changes:
            where = place(changed.path)
            if (
                where
                and where.kind is RecordKind.RECOMMENDATION
                and identity.plain_id(where.id) in new
                and changed.after
            ):
                found[changed.path, changed.after] = None
    return list(found)


def _recommended(step: "CommitChanges") -> "Iterable[str]":
    """Return the names of the bytes of recommendations that a commit changed, before and after."""
    from dhrctl.model.paths import recommendation_id

    changes = [change for change in step.changes if recommendation_id(change.path)]
    return (*(change.after for change in changes), *list_former(changes))


def _earlier(used: "Iterable[tuple[str, bytes]]") -> dict[str, frozenset[str]]:
    """Return the words by which files of the past are known, for each number."""
    from dhrctl.files import load
    from dhrctl.files.tree import Tree
    from dhrctl.model import identity

    earlier: dict[str, frozenset[str]] = {}
    for path, content in used:
        for record in load.read_register(Tree(contents={path: content})).register.recommendations:
            key = identity.plain_id(record.id)
            earlier[key] = earlier.get(key, frozenset()) | {identity.known_words(record)}
    return earlier


def _describe_commit(step: "CommitChanges") -> "ScannedCommit":
    from dhrctl.checks.commits import ScannedCommit

    return ScannedCommit(
        name=step.commit.name,
        message=step.commit.message,
        additions=list_additions(step.changes),
        former=list_former(step.changes),
    )


def list_additions(changes: "Iterable[FileChange]") -> "tuple[Addition, ...]":
    """Return what changes make or change."""
    from dhrctl.checks.commits import Addition

    return tuple(
        [
            Addition(path=change.path, new=not (change.before or change.others), blob=change.after)
            for change in changes
            if change.mode
        ]
    )


def list_former(changes: "Iterable[FileChange]") -> tuple[str, ...]:
    """Return the names of the bytes that stood where something was changed."""
    return tuple([name for change in changes for name in (change.before, *change.others) if name])


def _blobs(commit: "ScannedCommit") -> "Iterable[str]":
    return (*(addition.blob for addition in commit.additions if addition.blob), *commit.former)
