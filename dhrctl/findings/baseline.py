"""A baseline: the findings that were known on a day, so that only new ones fail."""

import json
from collections import Counter
from collections.abc import Iterable

from dhrctl.errors import DhrError
from dhrctl.findings.finding import Finding

_VERSION = 1


def text(findings: Iterable[Finding]) -> str:
    """Return the file that keeps findings: each fingerprint, how often, and what it stands for."""
    counts: Counter[str] = Counter()
    said: dict[str, str] = {}
    for finding in findings:
        if not finding.waived:
            counts[finding.fingerprint] += 1
            said[finding.fingerprint] = f"{finding.path}: {finding.rule.name}"
    known = [
        {"fingerprint": mark, "count": counts[mark], "finding": said[mark]}
        for mark in sorted(counts, key=lambda mark: (said[mark], mark))
    ]
    return json.dumps({"baseline": _VERSION, "findings": known}, ensure_ascii=False, indent=1) + "\n"


def read(content: str, name: str) -> Counter[str]:
    """Return how often each fingerprint is known; raise DhrError where the file is no baseline."""
    try:
        data = json.loads(content)
        if data["baseline"] == _VERSION:
            return Counter({str(known["fingerprint"]): int(known["count"]) for known in data["findings"]})
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        pass
    message = f"{name} is no baseline of dhrctl; write one with: dhrctl check --write-baseline {name}"
    raise DhrError(message)


def new(findings: Iterable[Finding], known: Counter[str]) -> tuple[list[Finding], int]:
    """Return the findings that a baseline does not hold (and all that are waived), and how many it does."""
    left = known.copy()
    fresh = []
    held = 0
    for finding in findings:
        if not finding.waived and left[finding.fingerprint] > 0:
            left[finding.fingerprint] -= 1
            held += 1
        else:
            fresh.append(finding)
    return fresh, held
