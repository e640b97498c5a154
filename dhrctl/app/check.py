"""Everything that is wrong with a register, with a change of it, or with what is staged."""

import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from dhrctl.app.check_staged import judge_staged, list_staged_paths, open_staged
from dhrctl.app.environment import Environment
from dhrctl.app.fields import read_word
from dhrctl.app.session import Session, open_session
from dhrctl.errors import DhrError, Exit, Field, FieldRefused

if TYPE_CHECKING:
    from dhrctl.findings.baseline import Baseline
    from dhrctl.findings.finding import Finding, Rule
    from dhrctl.reports.findings import FindingFilter
    from dhrctl.table import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """What is checked, and which findings are wanted: of which files, rules, severity, review and agency.

    One of `since`, `at` and `staged` at most says which state of the files is judged. Identifiers in the
    `fictitious` places, outside the register, are of nobody.
    """

    paths: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    severity: str = "info"
    review: str | None = None
    agency: str | None = None
    since: str | None = None
    at: str | None = None
    staged: bool = False
    fictitious: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was found that was asked for, in how many files; nothing of the `secret` ones may be printed.

    `known` is how many findings a baseline held back, where there is one.
    """

    session: Session
    findings: "tuple[Finding, ...]"
    files: int
    only: "FindingFilter"
    secret: frozenset[str]
    known: int | None = None

    @property
    def commit(self) -> str | None:
        """Return the commit that was read, if one was."""
        return self.session.tree.commit


def check_register(
    environment: Environment, options: CheckOptions, as_of: date | None, known: "Baseline | None" = None
) -> Verdict:
    """Judge a register; findings that a baseline knows are left out. Raise DhrError where it cannot be judged."""
    from dhrctl.findings import baseline
    from dhrctl.model.paths import is_chosen

    refuse_two_states(options)
    root = environment.find_root(past=options.at is not None)
    if options.staged:
        session = open_staged(environment, as_of)
    else:
        session = open_session(environment, as_of, options.at, thorough=True)
    within = choose_paths(options.paths, root, session.tree.contents)
    every, secret = judge_session(session, options.since, _place_fictitious(options.fictitious))
    files = sum(is_chosen(path, within) for path in session.reading.paths or list_staged_paths(session))
    if not files and not options.staged:
        message = "there is no file of the register there; name a file or folder under register/"
        raise DhrError(message, Exit.NOTHING)
    only = _choose_findings(options, session)
    found = [finding for finding in every if is_chosen(finding.path, within) and only.matches(finding)]
    held = None
    if known is not None:
        found, held = baseline.drop_known_findings(found, known)
    return Verdict(session=session, findings=tuple(found), files=files, only=only, secret=secret, known=held)


def refuse_two_states(options: CheckOptions) -> None:
    """Raise FieldRefused where more than one of the fields is given that say which state of the files is judged."""
    given = {"since": options.since is not None, "at": options.at is not None, "staged": options.staged}
    first, *others = [name for name, there in given.items() if there] or [""]
    if others:
        problem = (Field(first), " and ", Field(others[0]), " judge different files")
        raise FieldRefused(problem, "leave one of them out", field=others[0])


def judge_session(
    session: Session, since: str | None = None, fictitious: tuple[str, ...] = ()
) -> "tuple[tuple[Finding, ...], frozenset[str]]":
    """Return everything that is wrong with what a thorough session read, and the files of which nothing may be printed.

    With `since`, also what the commits since that revision should not have done.
    """
    from dhrctl.checks import registry

    with session.environment.waiting("checking"):
        reading, register = session.reading, session.register
        names = session.environment.read_protected_names(session.root)
        texts = registry.check_texts(session.tree.contents, names, register, session.day, reading.locate)
        others = (*reading.findings, *registry.findings(register, session.day, reading.locate)) if reading.files else ()
        secret = frozenset(finding.path for finding in texts if finding.keys is None)
        if since is not None:
            from dhrctl.app.check_commits import judge_commits

            others = (*others, *judge_commits(session, since, names, texts, fictitious))
        if session.staged is not None:
            others = (*others, *judge_staged(session, session.staged, names, fictitious))
        if names or secret:
            others = tuple(registry.mask_findings(others, names, secret))
            texts = tuple(registry.mask_findings(texts, names, secret))
        return (*others, *texts), secret


def read_baseline(name: str) -> "Baseline":
    """Return the findings that a file knows; raise DhrError where it is none of a baseline."""
    from dhrctl.findings import baseline
    from dhrctl.storage import disk

    return baseline.read(disk.read_text_file(Path(name)), name)


def write_baseline(verdict: Verdict, name: str) -> str:
    """Write the findings of a verdict to a file, and return the sentence that sums them up; raise DhrError."""
    from dhrctl.findings import baseline
    from dhrctl.reports import findings
    from dhrctl.storage import disk

    disk.write_output(
        Path(name), baseline.format_baseline(verdict.findings), verdict.session.root, field="write_baseline"
    )
    return findings.summarise_counts(verdict.files, findings.count_findings(verdict.findings), only=verdict.only)


def report_verdict(verdict: Verdict, *, excerpts: bool, marked: bool) -> "Report":
    """Return a verdict as an answer: with `excerpts`, the lines of source; `marked`, the fingerprints."""
    from dhrctl.files import load
    from dhrctl.reports import findings

    session = verdict.session

    def excerpt(finding: "Finding") -> str:
        shown = excerpts and finding.path not in verdict.secret
        return load.excerpt(finding, session.tree) if shown else ""

    return findings.report_findings(
        verdict.findings,
        verdict.files,
        session.day,
        excerpt=excerpt,
        rules=list_rules(),
        known=verdict.known,
        only=verdict.only,
        commit=verdict.commit,
        marked=marked,
    )


def list_rules() -> "tuple[Rule, ...]":
    """Return every rule that a register is checked against, in the order in which they are explained."""
    from dhrctl.checks import registry
    from dhrctl.findings import rules

    return (*rules.FILE_RULES, *rules.YAML_RULES, *rules.SCHEMA_RULES, *registry.RULES)


def find_rule(name: str) -> "Rule":
    """Return the rule with a name; raise DhrError with the nearest."""
    from dhrctl.text.suggest import suggestion

    known = {rule.name: rule for rule in list_rules()}
    if name not in known:
        message = f'there is no rule "{name}"{suggestion(name, known)}; see them all with: dhrctl explain'
        raise DhrError(message)
    return known[name]


def explain_rule(name: str, day: date) -> "Report":
    """Return what a rule means, why, and how to keep or waive it; raise DhrError where there is none of that name."""
    from dhrctl.checks import registry
    from dhrctl.reports import findings

    found = find_rule(name)
    return findings.report_rule(found, day, waivable=found in registry.WAIVABLE)


def choose_paths(paths: tuple[str, ...], root: Path, known: Collection[str] = ()) -> tuple[str, ...]:
    """Return the paths that were named (from this folder, or from the register's) as the register's own are.

    Those that are `known` need not be on the disk. Raise DhrError where one is not the register's.
    """
    chosen = []
    for path in paths:
        found = next((full for full in (Path(path).absolute(), root / path) if _is_there(full, root, known)), None)
        if found is None:
            message = f"there is no {path}; name a file or folder under register/"
            raise DhrError(message)
        place = _place(found, root)
        if not place:
            message = f"{path} does not belong to the register in {root}; name a file or folder under register/"
            raise DhrError(message)
        chosen.append(place)
    return tuple(chosen)


def _is_there(full: Path, root: Path, known: Collection[str]) -> bool:
    """Tell whether a path is on the disk, or among those that were read, which may be of another day."""
    from dhrctl.model.paths import lies_in

    return os.path.lexists(full) or any(lies_in(path, (_place(full, root),)) for path in known)


def _place(full: Path, root: Path) -> str:
    """Return a path as the register's own are; nothing for one outside its folder."""
    plain = Path(os.path.normpath(full))
    try:
        resolved = plain.parent.resolve() / plain.name
    except ValueError:  # no path has such a name
        return ""
    return resolved.relative_to(root.resolve()).as_posix() if resolved.is_relative_to(root.resolve()) else ""


def _place_fictitious(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Return paths as those of the repository are written; raise FieldRefused where one reaches into the register."""
    from dhrctl.model.paths import REGISTER, lies_in

    plain = tuple(os.path.normpath(path).replace(os.sep, "/") for path in paths)
    if any(lies_in(path, (REGISTER,)) or lies_in(REGISTER, (path,)) for path in plain):
        problem = (Field("fictitious"), " names a place in register/, where every identifier counts")
        raise FieldRefused(problem, "name one outside it", field="fictitious")
    return plain


def _choose_findings(options: CheckOptions, session: Session) -> "FindingFilter":
    """Return which findings are wanted; raise DhrError where there is no such rule, review or agency."""
    from dhrctl.findings.finding import Severity
    from dhrctl.model import query
    from dhrctl.reports.findings import FindingFilter

    register, agency = session.register, options.agency
    return FindingFilter(
        rules=tuple(dict.fromkeys(find_rule(name).name for name in options.rules)),
        severity=read_word(Severity, options.severity, "severity"),
        review=query.find_review(options.review, register) if options.review else "",
        agency=agency or "",
        ids=query.ids_of_agency(agency, register, session.day) if agency else frozenset(),
    )
