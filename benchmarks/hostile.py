"""How long texts and files that are made to take long do take, in seconds of the processor, of two sizes each.

It prints, and judges nothing: that the steps grow no faster than the size is for the tests to hold. Twice the size
should take about twice as long; what takes four times as long is worth a look.
"""

import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from hostile_texts import LARGE, LARGEST, PIECES, grown

from dhrctl.checks import registry
from dhrctl.files import load
from dhrctl.files.tree import Tree

RECORD = "register/reviews/anytown-dhr-1/recommendations/01.yaml"


def seconds(work: Callable[[], object]) -> float:
    """Return the shortest of three runs."""
    taken = []
    for _ in range(3):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def searched(files: Mapping[str, bytes]) -> list[object]:
    """Search files for identifiers and a protected name."""
    return list(registry.scan_texts(files, ["Jane Example"]))


def told(name: str, half: float, whole: float) -> str:
    """Return the line of a text or a file."""
    return f"{name:<32} {half:8.3f} {whole:8.3f}   x{whole / max(half, 1e-9):.1f}"


def main() -> None:
    """Measure each piece as a text of 100 and 200 KB, and each file at half the largest size and at the largest."""
    print(f"{'text, searched for identifiers':<32} {'100 KB':>8} {'200 KB':>8}")
    for name, piece in PIECES.items():
        contents = [{RECORD: grown(piece, size).encode()} for size in (100_000, 200_000)]
        half, whole = (seconds(partial(searched, each)) for each in contents)
        print(told(name, half, whole))
    print(f"\n{'file, read and checked':<32} {'128 KB':>8} {'256 KB':>8}")
    for name, made in LARGE.items():
        trees = [Tree(contents={RECORD: made(size)}) for size in (LARGEST // 2, LARGEST)]
        half, whole = (seconds(partial(load.read_register, each, thorough=True)) for each in trees)
        print(told(name, half, whole))


if __name__ == "__main__":
    main()
