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

MAX_SCANNED_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A file that a commit made or changed: its path, whether it is new, and the name of its bytes, if it has any."""

    path: str
    new: bool
    blob: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedCommit:
    """A commit: its name, its message, what it made or changed, and the names of the bytes that stood there before."""

    name: str
    message: str
    additions: tuple[Addition, ...]
    former: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Secret:
    """Something that a text holds and must not: what it is by which rule, its words, which are never told, and where.

    `values` are what may be told of it, as in `Match`.
    """

    rule: Rule
    problem: str
    values: tuple[str, ...]
    words: str
    start: int = field(compare=False)


Secrets = frozenset[Secret]


def find_secrets(content: bytes, names: safety.TextCheck) -> Secrets:
    """Return what a file's bytes hold that must not be published; where they are no text, only protected names."""
    text = _text(content)
    checks = (names,) if "\0" in text[:8000] else (*safety.TEXT_CHECKS, names)
    return _match_secrets(text, checks)


def _text(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        content = content.decode("utf-16", "replace").encode("utf-8", "replace")
    return safety.unescape_text(content)


def _match_secrets(text: str, checks: Iterable[safety.TextCheck]) -> Secrets:
    return frozenset(
        Secret(each.rule, match.problem, match.values, text[match.start : match.end], match.start)
        for each in checks
        for match in each.run(text)
    )


_TRAILER = re.compile(r"^([A-Z][A-Za-z-]*-by: [^<>\n]*)<[^<>\n]*>[ \t]*$", re.MULTILINE)
_FIX = "take it out and begin the branch anew: git keeps it otherwise"


def scan_commits(
    commits: Iterable[ScannedCommit],
    held: Mapping[str, Secrets],
    waived: Mapping[str, Secrets],
    names: safety.TextCheck,
    fictitious: Collection[str] = (),
) -> Iterator[Finding]:
    """Yield what each commit adds that must not be published: in its message, in the names of its files, and in the files.

    `held` says what bytes hold, by their name; `waived` what is accepted in a file as it is now. What
    a commit found there, or only moved, is not added by it. An address in a trailer (`Signed-off-by:`)
    is git's own, as an author's is. Identifiers in files at or under a `fictitious` path are of nobody.
    """
    for commit in commits:
        short = commit.name[:8]
        found = [
            *(
                ("message", f"in the message of commit {short}", "", each)
                for each in scan_message(commit.message, names)
            ),
            *(("name", f"in the name of a file of commit {short}", "", each) for each in _scan_names(commit, names)),
            *(
                ("addition", f"in what commit {short} adds", addition.path, each)
                for addition, each in _scan_files(commit, held, waived, fictitious)
            ),
        ]
        told = {
            (each.rule.name, _printable_path(path, names), f"{where}, {each.problem}", (part, short, *each.values))
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


def scan_message(message: str, names: safety.TextCheck) -> Secrets:
    """Return what a commit's message holds that must not be published."""
    return _match_secrets(_TRAILER.sub(r"\1", message), safety.TEXT_CHECKS) | _match_secrets(message, (names,))


def _scan_names(commit: ScannedCommit, names: safety.TextCheck) -> Iterator[Secret]:
    for addition in commit.additions:
        if addition.new:
            yield from _scan_name(addition.path, names)


def scan_staged(
    staged: ScannedCommit, contents: Mapping[str, bytes], names: safety.TextCheck, fictitious: Collection[str] = ()
) -> Iterator[Finding]:
    """Yield what is staged and may not be, in the names of files and in the files; `contents` are bytes by their name."""
    fix = "take it out before you commit"
    for secret in _scan_names(staged, names):
        yield Finding(
            rule=secret.rule,
            path=paths.SETTINGS,
            problem=f"in the name of a file, {secret.problem}",
            fix=fix,
            values=("name", *secret.values),
        )
    held = {name: find_secrets(content, names) for name, content in contents.items()}
    for addition, found in groupby(_scan_files(staged, held, {}, fictitious), itemgetter(0)):
        ends = [match.start() for match in re.finditer("\n", _text(contents[addition.blob]))]
        path = _printable_path(addition.path, names)
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


def _scan_name(path: str, names: safety.TextCheck) -> Secrets:
    """Return what a path holds; a hyphen, an underscore or what cannot be printed counts as a space."""
    spaced = _CONTROL.sub(" ", path)
    checks = (*safety.TEXT_CHECKS, names)
    return _match_secrets(spaced, checks) | _match_secrets(re.sub("[_-]", " ", spaced), safety.TEXT_CHECKS)


def _scan_files(
    commit: ScannedCommit, held: Mapping[str, Secrets], waived: Mapping[str, Secrets], fictitious: Collection[str]
) -> Iterator[tuple[Addition, Secret]]:
    before = {(each.rule.name, each.words) for blob in commit.former for each in held.get(blob, ())}
    for addition in commit.additions:
        accepted = {(each.rule.name, each.words) for each in waived.get(addition.path, ())}
        of_nobody = paths.lies_in(addition.path, fictitious)
        for secret in held.get(addition.blob, ()):
            words = (secret.rule.name, secret.words)
            known = words in before or words in accepted
            if not known and (secret.rule is safety.PROTECTED_NAME or not of_nobody):
                yield addition, secret


def _printable_path(path: str, names: safety.TextCheck) -> str:
    """Return a path that may be printed; the settings' own where there is none, or it holds a secret itself."""
    return paths.SETTINGS if not path or _scan_name(path, names) else path
