"""Run dhrctl as `python -m dhrctl`."""

import sys

from dhrctl.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
