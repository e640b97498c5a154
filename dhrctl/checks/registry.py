"""The checks: what makes a record impossible to trust or to follow up.

Each is a generator over the register and a day; its name is the rule's, its docstring the rule
in a sentence, the reason and two examples. None of them writes.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from dhrctl.checks import agencies, dates, safety, source, status, structure, transitions, words
from dhrctl.checks.check import Check, CheckedRecord, Violation, check
from dhrctl.files.parallel import divide_work
from dhrctl.findings.finding import Finding, Keys, Rule, Severity, limited
from dhrctl.model import paths
from dhrctl.model.records import Recommendation, Register, Review, Update, Waiver
from dhrctl.text.suggest import suggestion


@check(Severity.ERROR)
def waiver_unknown_rule(register: Register, _: date) -> Iterator[Violation]:
    """A waiver names a rule that exists.

    A waiver of a mistyped rule silences nothing, and everybody believes it does.

    Bad:
        waivers:
          - rule: no-traget-date
            reason: The partnership agrees the dates at its next meeting.
            until: "2030-12-31"

    Good:
        waivers:
          - rule: no-target-date
            reason: The partnership agrees the dates at its next meeting.
            until: "2030-12-31"
    """
    names = [rule.name for rule in WAIVABLE]
    for record in register.recommendations:
        for index, waiver in enumerate(record.waivers):
            if waiver.rule not in names:
                problem = f'there is no rule "{waiver.rule}" that a waiver can silence{suggestion(waiver.rule, names)}'
                yield Violation(
                    record=record,
                    keys=("waivers", index, "rule"),
                    problem=problem,
                    fix="correct it, or take the waiver out",
                    values=(waiver.rule,),
                )


@check(Severity.WARNING)
def waiver_for_nothing(register: Register, day: date) -> Iterator[Violation]:
    """A waiver covers a finding that is there.

    A waiver that is left behind when its cause is fixed will hide the next mistake.

    Bad:
        target_date: "2025-03"
        waivers:
          - rule: no-target-date
            reason: The partnership agrees the dates at its next meeting.
            until: "2030-12-31"

    Good:
        target_date: "2025-03"
    """
    named = {waiver.rule for record in register.recommendations for waiver in record.waivers}
    judging = [each for each in _RECORD_CHECKS if each.rule.name in named]
    found = {(finding.id, finding.rule.name) for finding in _run_checks(register, day, judging)}
    judged = {each.rule.name for each in judging}
    for record in register.recommendations:
        for index, waiver in enumerate(record.waivers):
            if waiver.rule in judged and (record.id, waiver.rule) not in found:
                yield _useless_waiver(record, index, waiver)


def _useless_waiver(record: Recommendation, index: int, waiver: Waiver) -> Violation:
    problem = f'the waiver of "{waiver.rule}" covers nothing'
    return Violation(
        record=record, keys=("waivers", index, "rule"), problem=problem, fix="take it out", values=(waiver.rule,)
    )


_RECORD_CHECKS: tuple[Check, ...] = (
    *structure.CHECKS,
    *dates.CHECKS,
    *source.CHECKS,
    *status.CHECKS,
    *agencies.CHECKS,
    *words.CHECKS,
    *safety.CHECKS,
)
CHECKS: tuple[Check, ...] = (*_RECORD_CHECKS, waiver_unknown_rule, waiver_for_nothing)
RULES: tuple[Rule, ...] = (
    *(each.rule for each in CHECKS),
    *(each.rule for each in safety.TEXT_CHECKS),
    safety.PROTECTED_NAME,
    *transitions.RULES,
)
WAIVABLE: tuple[Rule, ...] = tuple(
    rule for rule in RULES if not rule.name.startswith(("waiver-", "protected-")) and rule not in transitions.RULES
)


Locator = Callable[[str, Keys | None], tuple[int, int]]


def findings(register: Register, day: date, where: Locator = lambda *_: (1, 1)) -> tuple[Finding, ...]:
    """Return what every check finds on a day, waived or not; `where` gives the line and column in a file."""

    def list_findings(run: Iterable[Check]) -> list[tuple[Any, ...]]:
        # Plain data, as that alone goes through the pipe between two processes (files/parallel).
        return [
            (
                each.rule.name,
                str(each.severity),
                each.path,
                each.problem,
                each.fix,
                each.values,
                each.keys,
                *where(each.path, each.keys),
                each.id,
            )
            for each in limited(_run_checks(register, day, run))
        ]

    by_name = {each.rule.name: each.rule for each in CHECKS}
    turns = (*CHECKS[::2], *CHECKS[1::2])  # the slow ones are next to each other
    found = (
        Finding(
            rule=by_name[name],
            other_severity=Severity(severity),
            path=path,
            problem=problem,
            fix=fix,
            values=values,
            keys=keys,
            line=line,
            column=column,
            id=identity,
        )
        for name, severity, path, problem, fix, values, keys, line, column, identity in divide_work(
            list_findings, turns, len(register.recommendations)
        )
    )
    return mark_waived(found, register, day)


def scan_texts(contents: Mapping[str, bytes], names: Iterable[str]) -> Iterator[Finding]:
    """Yield what must not be published: in a file's name, and in its text, comments and YAML escapes included."""
    text_checks = (*safety.TEXT_CHECKS, safety.protected_name(names))
    for path, content in contents.items():
        for match in text_checks[-1].run(path):
            yield Finding(
                rule=text_checks[-1].rule,
                path=path,
                problem=f"in the file's name, {match.problem}",
                fix=match.fix,
                values=("name", *match.values),
            )
        text = safety.unescape_text(content)
        matches = [(each.rule, match) for each in text_checks for match in each.run(text)]
        if matches:
            yield from limited(_locate_matches(matches, path, text))


def check_texts(
    contents: Mapping[str, bytes], names: Iterable[str], register: Register, day: date, where: Locator
) -> tuple[Finding, ...]:
    """Return what texts hold that must not be published, waived or not, and the waivers of that which cover nothing."""
    found = tuple(scan_texts(contents, names))
    there = {(finding.id, finding.rule.name) for finding in found}
    rules = {each.rule.name for each in safety.TEXT_CHECKS}
    useless = []
    for record in register.recommendations:
        for index, waiver in enumerate(record.waivers):
            if waiver.rule in rules and (record.id, waiver.rule) not in there:
                finding = _finding(waiver_for_nothing.rule, _useless_waiver(record, index, waiver), register, day)
                line, column = where(finding.path, finding.keys)
                useless.append(replace(finding, line=line, column=column))
    return (*mark_waived(found, register, day), *useless)


def _locate_matches(matches: Iterable[tuple[Rule, safety.Match]], path: str, text: str) -> Iterator[Finding]:
    """Yield findings with line and column, the beginnings of lines being looked for once."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    place = paths.place(path)
    for rule, match in matches:
        line = bisect_right(starts, match.start)
        yield Finding(
            rule=rule,
            path=path,
            problem=match.problem,
            fix=match.fix,
            values=match.values,
            line=line,
            column=match.start - starts[line - 1] + 1,
            id=place.id if place else "",
        )


_CUT = re.compile('"[^"]{0,100}…"')
_WORD = re.compile(r"[^\W_]+")
_HIDDEN = "[hidden]"


def mask_findings(findings: Iterable[Finding], names: Iterable[str], secret: frozenset[str]) -> Iterator[Finding]:
    """Yield findings that tell nothing which no file may hold; `secret` files hold some of it.

    It stands neither in what is printed nor in what a fingerprint is made of, from which it could be
    guessed. Of a secret file, no part of a protected name does.
    """
    names = tuple(names)
    text_checks = (*safety.TEXT_CHECKS, safety.protected_name(names))
    parts = {part.casefold() for name in names for part in _WORD.findall(name)}

    def mask_text(text: str, checks: Iterable[safety.TextCheck]) -> str:
        for each in checks:
            for match in reversed(list(each.run(text))):
                text = f"{text[: match.start]}{_HIDDEN}{text[match.end :]}"
        return text

    @cache
    def hashable(value: str, *, of_secret: bool) -> str:
        text = mask_text(value, text_checks)
        if of_secret:
            text = _WORD.sub(lambda word: _HIDDEN if word.group().casefold() in parts else word.group(), text)
        return text

    for finding in findings:
        of_secret = finding.path in secret
        problem, fix = (_CUT.sub('"…"', text) if of_secret else text for text in (finding.problem, finding.fix))
        path, identity = (mask_text(text, text_checks[-1:]) for text in (finding.path, finding.id))
        keys = finding.keys and tuple(
            [hashable(key, of_secret=of_secret) if isinstance(key, str) else key for key in finding.keys]
        )
        yield replace(
            finding,
            problem=mask_text(problem, text_checks),
            fix=mask_text(fix, text_checks),
            values=tuple([hashable(value, of_secret=of_secret) for value in finding.values]),
            keys=keys,
            path=path,
            id=identity,
        )


def check_transitions(change: transitions.RegisterChange, where: Locator = lambda *_: (1, 1)) -> tuple[Finding, ...]:
    """Return what was changed and should not have been; nothing of it can be waived."""
    found = (
        _finding(each.rule, violation, change.after, change.day)
        for each in transitions.CHECKS
        for violation in each.run(change)
    )
    placed = ((finding, *where(finding.path, finding.keys)) for finding in found)
    return tuple([replace(finding, line=line, column=column) for finding, line, column in placed])


def mark_waived(found: Iterable[Finding], register: Register, day: date) -> tuple[Finding, ...]:
    """Return findings, those marked that a waiver covers on a day."""
    waived = {
        (record.id, waiver.rule)
        for record in register.recommendations
        for waiver in record.waivers
        if waiver.until >= day
    }
    waivable = {rule.name for rule in WAIVABLE}
    return tuple(
        [
            replace(finding, waived=True)
            if (finding.id, finding.rule.name) in waived and finding.rule.name in waivable
            else finding
            for finding in found
        ]
    )


def _run_checks(register: Register, day: date, run: Iterable[Check]) -> Iterator[Finding]:
    for each in run:
        for violation in each.run(register, day):
            yield _finding(each.rule, violation, register, day)


def _finding(rule: Rule, violation: Violation, register: Register, day: date) -> Finding:
    record = violation.record
    severity = violation.severity or rule.severity
    if rule.gap and severity is Severity.ERROR and not _is_adopted(record, register, day):
        severity = Severity.WARNING
    return Finding(
        rule=rule,
        other_severity=severity,
        path=record.path if record else paths.SETTINGS,
        problem=violation.problem,
        fix=violation.fix,
        values=tuple(map(str, violation.values)),
        keys=violation.keys,
        id=record.id if isinstance(record, Recommendation | Update) else "",
    )


def _is_adopted(record: CheckedRecord | None, register: Register, day: date) -> bool:
    """Tell whether the plan that a record belongs to was adopted by a day."""
    if isinstance(record, Recommendation | Update):
        review = register.reviews.get(record.id.split("/")[0])
    else:
        review = record if isinstance(record, Review) else None
    return review is not None and review.is_adopted(day)
