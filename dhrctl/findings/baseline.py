"""A baseline: the findings that were known on a day, so that only new ones fail."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from dhrctl.errors import FieldRefused
from dhrctl.findings.finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """How often each fingerprint is known, and how the file's version makes the fingerprint of a finding."""

    counts: Counter[str]
    fingerprint: Callable[[Finding], str]


def _of_sentence(finding: Finding) -> str:
    """Return the fingerprint of version 1, which was made of what the sentence says up to its last semicolon."""
    way = "/".join(key for key in finding.keys or () if isinstance(key, str))
    said = finding.message.rpartition("; ")[0] or finding.message
    return sha256(f"{finding.rule.name}\n{finding.path}\n{way}\n{said}".encode()).hexdigest()[:32]


def _of_values(finding: Finding) -> str:
    return finding.fingerprint


_VERSION = 2
_FINGERPRINTS: Mapping[object, Callable[[Finding], str]] = {1: _of_sentence, _VERSION: _of_values}


def format_baseline(findings: Iterable[Finding]) -> str:
    """Return the file that keeps findings: each fingerprint, how often, and what it stands for."""
    counts: Counter[str] = Counter()
    titles: dict[str, str] = {}
    for finding in findings:
        if not finding.waived:
            counts[finding.fingerprint] += 1
            titles[finding.fingerprint] = f"{finding.path}: {finding.rule.name}"
    known = [
        {"fingerprint": mark, "count": counts[mark], "finding": titles[mark]}
        for mark in sorted(counts, key=lambda mark: (titles[mark], mark))
    ]
    return json.dumps({"baseline": _VERSION, "findings": known}, ensure_ascii=False, indent=1) + "\n"


def read(content: str, name: str) -> Baseline:
    """Return what a file of any version knows; raise FieldRefused where it is no baseline."""
    try:
        data = json.loads(content)
        return Baseline(
            counts=Counter({str(known["fingerprint"]): int(known["count"]) for known in data["findings"]}),
            fingerprint=_FINGERPRINTS[data["baseline"]],
        )
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        problem = f"{name} is no baseline of dhrctl"
        raise FieldRefused(problem, "write one of what is found now", field="baseline", value=name) from None


def drop_known_findings(findings: Iterable[Finding], known: Baseline) -> tuple[list[Finding], int]:
    """Return the findings that a baseline does not hold (and all that are waived), and how many it does."""
    left = known.counts.copy()
    fresh = []
    dropped = 0
    for finding in findings:
        mark = known.fingerprint(finding)
        if not finding.waived and left[mark] > 0:
            left[mark] -= 1
            dropped += 1
        else:
            fresh.append(finding)
    return fresh, dropped
