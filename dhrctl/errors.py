"""The one exception of the project, and the exit codes."""

import copyreg
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Exit(IntEnum):
    """How the process ended, for whoever started it."""

    FINE = 0
    FINDINGS = 1
    REFUSED = 2
    NOTHING = 3
    ENVIRONMENT = 4
    BUG = 70
    INTERRUPTED = 130


class DhrError(Exception):
    """A request that cannot be done: one sentence that ends in what to do.

    `problem` says what is wrong and `fix` what to do; where nobody needs them apart, `problem` is the sentence.
    """

    def __init__(self, problem: str, code: Exit = Exit.REFUSED, *, fix: str = "") -> None:
        """Keep the parts of the sentence and the exit code."""
        super().__init__(f"{problem}; {fix}" if fix else problem)
        self.problem = problem
        self.fix = fix
        self.code = code

    def __reduce__(self) -> tuple[object, ...]:
        """Say how it is copied, also to another process: by what it holds, whatever a subclass begins with."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]  # as pickle itself


class DhrWarning(UserWarning):
    """What a program that reads a register should know, and which is no error."""


class Reason(StrEnum):
    """Why a field is refused, for a front end that says what to do in words of its own."""

    WRONG = "wrong"
    MISSING = "missing"
    UNCLEAR = "unclear"
    TOO_MANY = "too-many"


@dataclass(frozen=True, slots=True)
class Field:
    """A field in a sentence, which each front end names in its own way; no text can be mistaken for one."""

    name: str


Words = str | tuple[str | Field, ...]


class FieldRefused(DhrError):
    """A request of which one field is missing or cannot be taken.

    `field` is its name, `reason` why, in a word, and `value` what was given, where a front end says more of it.
    What is wrong and what to do is said without saying how a front end asks for the field: a command line adds
    its option, a form stands beside the field. A sentence that names a field comes in parts, with a Field in them.
    """

    def __init__(  # noqa: PLR0913 - the parts of the sentence, and what front ends go by
        self,
        problem: Words,
        fix: Words = "",
        *,
        field: str,
        reason: Reason = Reason.WRONG,
        value: str = "",
        code: Exit = Exit.REFUSED,
    ) -> None:
        """Keep the parts of the sentence and the exit code."""
        self.field = field
        self.reason = reason
        self.value = value
        self._words = (problem, fix)
        wrong, advice = self.name_fields('"{}"'.format)
        super().__init__(wrong if advice else f"{field}: {wrong}", code, fix=advice)

    @property
    def names_fields(self) -> bool:
        """Tell whether the sentence names a field."""
        return any(isinstance(part, Field) for words in self._words if isinstance(words, tuple) for part in words)

    def name_fields(self, name: Callable[[str], str]) -> tuple[str, str]:
        """Return what is wrong and what to do, with each field named as a front end does."""
        problem, fix = (_join_words(words, name) for words in self._words)
        return problem, fix


def _join_words(words: Words, name: Callable[[str], str]) -> str:
    parts = (words,) if isinstance(words, str) else words
    return "".join([name(part.name) if isinstance(part, Field) else part for part in parts])
