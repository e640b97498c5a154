"""The command line: arguments in, text and an exit code out, in one module for each command.

It may import `app` and what lies below it, and is imported by nothing.
"""

from dhrctl.cli.app import main

__all__ = ["main"]
