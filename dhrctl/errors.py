"""The one exception of the project, and the exit codes."""

import copyreg
from enum import Enum, IntEnum, StrEnum


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


class Reason(StrEnum):
    """Why a field is refused, for a front end that says what to do in words of its own."""

    WRONG = "wrong"
    MISSING = "missing"
    UNCLEAR = "unclear"
    TOO_MANY = "too-many"


class Given(Enum):
    """What stands in a sentence for the field that it is about."""

    FIELD = "field"


Words = str | tuple[str | Given, ...]


class FieldRefused(DhrError):
    """A request of which one field is missing or cannot be taken.

    `field` is its name and `reason` why, in a word. What is wrong and what to do is said without saying how a
    front end asks for the field: a command line adds its option, a form stands beside the field. Where a
    sentence names the field, it comes in parts, with Given.FIELD among them, which no text can be mistaken for.
    """

    def __init__(
        self,
        problem: Words,
        fix: Words = "",
        *,
        field: str,
        reason: Reason = Reason.WRONG,
        code: Exit = Exit.REFUSED,
    ) -> None:
        """Keep the parts of the sentence and the exit code."""
        self.field = field
        self.reason = reason
        self._words = (problem, fix)
        wrong, advice = self.name_field(f'"{field}"')
        super().__init__(wrong if advice else f"{field}: {wrong}", code, fix=advice)

    @property
    def names_field(self) -> bool:
        """Tell whether the sentence names the field."""
        return any(Given.FIELD in words for words in self._words if isinstance(words, tuple))

    def name_field(self, name: str) -> tuple[str, str]:
        """Return what is wrong and what to do, with the field named as a front end does."""
        problem, fix = (_join_words(words, name) for words in self._words)
        return problem, fix


def _join_words(words: Words, name: str) -> str:
    parts = (words,) if isinstance(words, str) else words
    return "".join([name if isinstance(part, Given) else part for part in parts])
