"""The cases of the rules: a folder each, which holds only what differs from the register in `base`."""

import shutil
from pathlib import Path

CASES = Path(__file__).parent / "cases" / "checks"
BASE = CASES / "base"
OWN = ("names.txt", "expected.txt", "without.txt")  # what is told of a case, and is not of its register


def cases(kind: str) -> list[str]:
    """Return the cases that are good, or bad, each as `rule/case`."""
    return sorted(path.relative_to(CASES).as_posix() for path in CASES.glob(f"*/{kind}*") if path.is_dir())


def write_case(case: str, folder: Path) -> Path:
    """Write the register of a case into a folder: the base without what `without.txt` lists, and its own files."""
    shutil.copytree(BASE, folder)
    without = CASES / case / "without.txt"
    for name in without.read_text(encoding="utf-8").split() if without.exists() else ():
        (folder / name).unlink()
    shutil.copytree(CASES / case, folder, ignore=shutil.ignore_patterns(*OWN), dirs_exist_ok=True)
    return folder
