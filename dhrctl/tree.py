"""The files of a register as they stood in one place at one time, before anything is made of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dhrctl.finding import Finding, Rule, Severity

SYMBOLIC_LINK = Rule(
    name="symbolic-link", severity=Severity.ERROR, sentence="A register holds files, not links to files elsewhere."
)
SPECIAL_FILE = Rule(
    name="special-file", severity=Severity.ERROR, sentence="A register holds ordinary files, not pipes or devices."
)
UNREADABLE_FILE = Rule(
    name="unreadable-file", severity=Severity.ERROR, sentence="Every file of a register may be read."
)
RULES = (SYMBOLIC_LINK, SPECIAL_FILE, UNREADABLE_FILE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The bytes of each file by its path, what was refused, and the commit (None: the work tree)."""

    contents: Mapping[str, bytes] = field(default_factory=dict)
    refused: tuple[Finding, ...] = ()
    commit: str | None = None
