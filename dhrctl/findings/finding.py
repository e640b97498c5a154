"""A finding: what is wrong with the register, where, and by which rule."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from json import dumps


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule that the register is held to: its name, how much it matters, and its sentence.

    `why` is the practice behind it, `bad` and `good` are examples. A `gap` is something that a
    plan leaves open: an error only once the plan was adopted, a warning until then.
    """

    name: str
    severity: Severity
    sentence: str
    why: str
    bad: str
    good: str
    gap: bool = False


Keys = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, and what to do about it (`fix`).

    `keys` leads through the file's data to the value at fault (`on_key`: to its key), until the
    line and column (both from 1) are known; None is the file as a whole. `values` are the data that
    the problem is about, as text: with rule, path and keys, that by which a finding is known again.
    What must not be published is never among them.
    """

    rule: Rule
    path: str
    problem: str
    fix: str
    values: tuple[str, ...] = ()
    keys: Keys | None = None
    on_key: bool = False
    line: int = 1
    column: int = 1
    id: str = ""
    waived: bool = False
    other_severity: Severity | None = None

    @property
    def severity(self) -> Severity:
        """Return how much it matters: what its rule says, unless the case is another."""
        return self.other_severity or self.rule.severity

    @property
    def message(self) -> str:
        """Return the sentence for people: what is wrong; what to do."""
        return sentence(self.problem, self.fix)

    @property
    def fingerprint(self) -> str:
        """Return what stays the same when lines move, keys are put in another order, or a sentence is reworded.

        The place in a list is left out, so that an entry may be put before another. Findings that are
        alike are told apart by counting them.
        """
        way = [key for key in self.keys or () if isinstance(key, str)]
        known_by = dumps([self.rule.name, self.path, way, self.values])
        return sha256(known_by.encode()).hexdigest()[:32]

    def __str__(self) -> str:
        """Return `path:line:column: severity rule: sentence`."""
        return (
            f"{self.path}:{self.line}:{self.column}: {self.severity} {self.rule.name}: {' '.join(self.message.split())}"
        )


def sentence(problem: str, fix: str) -> str:
    """Return what is wrong and what to do about it as one sentence, which ends in the fix where there is one."""
    return f"{problem}; {fix}" if fix else problem


MOST = 200  # as many as the longest lists of texts and names may hold


def limited(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings, of each kind in a file MOST at most, and then how many more of the kind there are."""
    counts: Counter[tuple[str, str, Severity]] = Counter()
    left: dict[tuple[str, str, Severity], Finding] = {}
    for finding in findings:
        kind = (finding.path, finding.rule.name, finding.severity)
        counts[kind] += 1
        if counts[kind] <= MOST:
            yield finding
        else:
            left[kind] = finding
    for kind, finding in left.items():
        more = counts[kind] - MOST
        yield replace(
            finding,
            problem=f"there {'is' if more == 1 else 'are'} {more:,} more of these in this file",
            fix="fix those that are listed first",
            values=("more", str(more)),
            keys=None,
            on_key=False,
            line=1,
            column=1,
        )
