"""The one exception of the project, and the exit codes."""

from enum import IntEnum


class Exit(IntEnum):
    """What the process says of itself when it ends."""

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
