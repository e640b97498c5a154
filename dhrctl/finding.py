"""A finding: what is wrong with the register, where, and by which rule."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule that the register is held to: its name, what breaking it means, and its sentence."""

    name: str
    severity: Severity
    sentence: str


Keys = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong.

    `keys` leads through the file's data to the value at fault (`on_key`: to its key), until the
    line and column (both from 1) are known; None is the file as a whole.
    """

    rule: Rule
    path: str
    message: str
    keys: Keys | None = None
    on_key: bool = False
    line: int = 1
    column: int = 1
    id: str = ""
    waived: bool = False

    def __str__(self) -> str:
        """Return `path:line:column: severity rule: message`, on one line."""
        place = f"{self.path}:{self.line}:{self.column}"
        return f"{place}: {self.rule.severity} {self.rule.name}: {' '.join(self.message.split())}"
