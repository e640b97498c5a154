"""Run dhrctl as `python -m dhrctl`."""

import sys

from dhrctl.cli import main

if __name__ == "__main__":  # pragma: no branch - it is only ever run
    sys.exit(main(sys.argv[1:]))
