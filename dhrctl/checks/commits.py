"""What must not be published, looked for in every commit of a change: git keeps what a later one takes out."""

import re
from bisect import bisect
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from dhrctl.checks import safety
from dhrctl.findings.finding import Finding, Rule, limited
from dhrctl.model import paths

LARGEST = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A file that a commit made or changed: its path, whether it is new, and the name of its bytes, if it has any."""

    path: str
    new: bool
    blob: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """A commit: its name, its message, what it made or changed, and the names of the bytes that stood there before."""

    name: str
    message: str
    additions: tuple[Addition, ...]
    former: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """Something that a text holds and must not: what it is by which rule, its words, which are never told, and where.

    `values` are what may be told of it, as in `Match`.
    """

    rule: Rule
    problem: str
    values: tuple[str, ...]
    words: str
    start: int = field(compare=False)


Secrets = frozenset[Held]


def secrets(content: bytes, names: safety.TextCheck) -> Secrets:
    """Return what a file's bytes hold that none may; where they are no text, only protected names are looked for."""
    text = _text(content)
    checks = (names,) if "\0" in text[:8000] else (*safety.TEXT_CHECKS, names)
    return _held(text, checks)


def _text(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        content = content.decode("utf-16", "replace").encode("utf-8", "replace")
    return safety.plain(content)


def _held(text: str, checks: Iterable[safety.TextCheck]) -> Secrets:
    return frozenset(
        Held(each.rule, match.problem, match.values, text[match.start : match.end], match.start)
        for each in checks
        for match in each.run(text)
    )


_TRAILER = re.compile(r"^([A-Z][A-Za-z-]*-by: [^<>\n]*)<[^<>\n]*>[ \t]*$", re.MULTILINE)
_FIX = "take it out and begin the branch anew: git keeps it otherwise"


def in_commits(
    commits: Iterable[Committed],
    held: Mapping[str, Secrets],
    waived: Mapping[str, Secrets],
    names: safety.TextCheck,
    fictitious: Collection[str] = (),
) -> Iterator[Finding]:
    """Yield what each commit adds that none may: in its message, in the names of its files, and in the files.

    `held` says what bytes hold, by their name; `waived` what is accepted in a file as it is now. What
    a commit found there, or only moved, is not added by it. An address in a trailer (`Signed-off-by:`)
    is git's own, as an author's is. Identifiers in files at or under a `fictitious` path are of nobody.
    """
    for commit in commits:
        short = commit.name[:8]
        found = [
            *(("message", f"in the message of commit {short}", "", each) for each in in_message(commit.message, names)),
            *(("name", f"in the name of a file of commit {short}", "", each) for each in _in_names(commit, names)),
            *(
                ("addition", f"in what commit {short} adds", addition.path, each)
                for addition, each in _in_files(commit, held, waived, fictitious)
            ),
        ]
        told = {
            (each.rule.name, _shown(path, names), f"{where}, {each.problem}", (part, short, *each.values))
            for part, where, path, each in found
        }
        rules = {each.rule.name: each.rule for _, _, _, each in found}
        for rule, path, problem, values in sorted(told):
            place = paths.place(path)
            yield Finding(
                rule=rules[rule],
                path=path,
                problem=problem,
                fix=_FIX,
                values=values,
                id=place.id if place else "",
            )


def in_message(message: str, names: safety.TextCheck) -> Secrets:
    """Return what a commit's message holds that none may."""
    return _held(_TRAILER.sub(r"\1", message), safety.TEXT_CHECKS) | _held(message, (names,))


def _in_names(commit: Committed, names: safety.TextCheck) -> Iterator[Held]:
    for addition in commit.additions:
        if addition.new:
            yield from _in_name(addition.path, names)


def in_staged(
    staged: Committed, contents: Mapping[str, bytes], names: safety.TextCheck, fictitious: Collection[str] = ()
) -> Iterator[Finding]:
    """Yield what is staged and may not be, in the names of files and in the files; `contents` are bytes by their name."""
    fix = "take it out before you commit"
    for secret in _in_names(staged, names):
        yield Finding(
            rule=secret.rule,
            path=paths.SETTINGS,
            problem=f"in the name of a file, {secret.problem}",
            fix=fix,
            values=("name", *secret.values),
        )
    held = {name: secrets(content, names) for name, content in contents.items()}
    for addition, found in groupby(_in_files(staged, held, {}, fictitious), itemgetter(0)):
        ends = [match.start() for match in re.finditer("\n", _text(contents[addition.blob]))]
        path = _shown(addition.path, names)
        yield from limited(
            Finding(
                rule=secret.rule,
                path=path,
                problem=secret.problem,
                fix=fix,
                values=secret.values,
                line=bisect(ends, secret.start) + 1,
            )
            for secret in sorted((secret for _, secret in found), key=lambda secret: secret.start)
        )


_CONTROL = re.compile(r"<U\+[0-9A-F]{4,6}>")


def _in_name(path: str, names: safety.TextCheck) -> Secrets:
    """Return what a path holds; a hyphen, an underscore or what cannot be printed counts as a space."""
    spaced = _CONTROL.sub(" ", path)
    checks = (*safety.TEXT_CHECKS, names)
    return _held(spaced, checks) | _held(re.sub("[_-]", " ", spaced), safety.TEXT_CHECKS)


def _in_files(
    commit: Committed, held: Mapping[str, Secrets], waived: Mapping[str, Secrets], fictitious: Collection[str]
) -> Iterator[tuple[Addition, Held]]:
    before = {(each.rule.name, each.words) for blob in commit.former for each in held.get(blob, ())}
    for addition in commit.additions:
        accepted = {(each.rule.name, each.words) for each in waived.get(addition.path, ())}
        of_nobody = paths.lies_in(addition.path, fictitious)
        for secret in held.get(addition.blob, ()):
            words = (secret.rule.name, secret.words)
            known = words in before or words in accepted
            if not known and (secret.rule is safety.PROTECTED_NAME or not of_nobody):
                yield addition, secret


def _shown(path: str, names: safety.TextCheck) -> str:
    """Return a path that may be printed; the settings' own where there is none, or it holds a secret itself."""
    return paths.SETTINGS if not path or _in_name(path, names) else path
