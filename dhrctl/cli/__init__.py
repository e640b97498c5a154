"""The command line: arguments in, text and an exit code out."""

from dhrctl.cli.app import main

__all__ = ["main"]
