"""The one exception of the project, and the exit codes."""

from enum import IntEnum


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
    """A request that cannot be done: one sentence that ends in what to do."""

    def __init__(self, message: str, code: Exit = Exit.REFUSED) -> None:
        """Keep the sentence and the exit code."""
        super().__init__(message)
        self.code = code


class FieldRefused(DhrError):
    """A request of which one field is missing or cannot be taken.

    `field` is its name, `problem` says what is wrong, and `fix` what to do, without saying how a front end asks for
    it: a command line adds its option, a form stands beside the field. GIVEN in them stands for the field.
    """

    GIVEN = "{given}"

    def __init__(self, problem: str, fix: str = "", *, field: str, code: Exit = Exit.REFUSED) -> None:
        """Keep the parts of the sentence and the exit code."""
        sentence = f"{problem}; {fix}" if fix else f"{field}: {problem}"
        super().__init__(sentence.replace(self.GIVEN, f'"{field}"'), code)
        self.field = field
        self.problem = problem
        self.fix = fix
