"""What a change would leave wrong, found before it is made."""

from collections.abc import Iterable
from datetime import date

from dhrctl import checks, reading
from dhrctl.checks import transitions
from dhrctl.edits.change import Change, applied
from dhrctl.finding import Finding, Severity
from dhrctl.tree import Tree


def wrong(change: Change, tree: Tree, day: date, names: Iterable[str]) -> tuple[Finding, ...]:
    """Return the errors that the register would have with a change and has not without; `names` are protected."""
    names = tuple(names)
    after = _errors(applied(tree, change.edits), change, day, names)
    before = {_alike(finding) for finding in _errors(tree, change, day, names)} if after else set()
    return tuple([finding for finding in after if _alike(finding) not in before])


def _errors(tree: Tree, change: Change, day: date, names: tuple[str, ...]) -> list[Finding]:
    paths = {edit.path for edit in change.edits}
    read = reading.read(tree, thorough=True)
    touched = {path: content for path, content in tree.contents.items() if path in paths}
    texts = checks.of_texts(touched, names, read.register, day, read.where)
    found = (*read.findings, *checks.findings(read.register, day, read.where), *texts)
    secret = frozenset(finding.path for finding in texts if finding.keys is None)
    errors = [finding for finding in found if finding.severity is Severity.ERROR and not finding.waived]
    return list(checks.masked(errors, names, secret))


def _alike(finding: Finding) -> tuple[str, str, str]:
    return finding.rule.name, finding.path, finding.wrong


def unexplained(change: Change, tree: Tree, day: date) -> tuple[Finding, ...]:
    """Return what a pull request with the change would be refused for, as it is not explained by an update."""
    before = reading.read(tree).register
    after = reading.read(applied(tree, change.edits), thorough=True)
    moved = transitions.Change(before=before, after=after.register, day=day, earlier={})
    paths = {edit.path for edit in change.edits}
    return tuple([finding for finding in checks.of_change(moved, after.where) if finding.path in paths])
