"""What a change would leave wrong, found before it is made."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dhrctl.checks import registry, transitions
from dhrctl.files.load import Reading
from dhrctl.files.tree import Tree
from dhrctl.findings.finding import Finding, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterState:
    """The register at one side of a change: its files, and what was read of them, thoroughly."""

    tree: Tree
    reading: Reading


def new_errors(
    before: RegisterState, after: RegisterState, paths: Iterable[str], day: date, names: Iterable[str]
) -> tuple[Finding, ...]:
    """Return the errors that the register has after a change of some paths and had not before; `names` are protected."""
    paths, names = tuple(paths), tuple(names)
    found = _errors(after, paths, day, names)
    known = {_comparison_key(finding) for finding in _errors(before, paths, day, names)} if found else set()
    return tuple([finding for finding in found if _comparison_key(finding) not in known])


def _errors(state: RegisterState, paths: tuple[str, ...], day: date, names: tuple[str, ...]) -> list[Finding]:
    read = state.reading
    touched = {path: state.tree.contents[path] for path in paths if path in state.tree.contents}
    texts = registry.check_texts(touched, names, read.register, day, read.locate)
    found = (*read.findings, *registry.findings(read.register, day, read.locate), *texts)
    secret = frozenset(finding.path for finding in texts if finding.keys is None)
    errors = [finding for finding in found if finding.severity is Severity.ERROR and not finding.waived]
    return list(registry.mask_findings(errors, names, secret))


def _comparison_key(finding: Finding) -> tuple[str, str, str]:
    return finding.rule.name, finding.path, finding.problem


def unexplained_changes(
    before: RegisterState, after: RegisterState, paths: Iterable[str], day: date
) -> tuple[Finding, ...]:
    """Return what a pull request with the change would be refused for, as it is not explained by an update."""
    moved = transitions.RegisterChange(
        before=before.reading.register, after=after.reading.register, day=day, earlier={}
    )
    touched = frozenset(paths)
    return tuple(
        [finding for finding in registry.check_transitions(moved, after.reading.locate) if finding.path in touched]
    )
