"""Changes made in processes of their own, for the tests that kill them or let several work at once.

Run as `python tests/writing.py MODE FOLDER`; prints what came of it as JSON. It forks, which a process
with threads (a test's) must not.
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

from dhrctl.files.tree import Edit
from dhrctl.storage import atomic, journal, state_dir, transaction

POLICE = "register/agencies/anytown-police.yaml"
COUNCIL = "register/agencies/anytown-council.yaml"
RECORD = "register/reviews/anytown-dhr-1/recommendations/01.yaml"
UPDATE = "register/reviews/anytown-dhr-1/updates/01/2024-02-01-anytown-police.yaml"
OLD: Mapping[str, bytes | None] = {POLICE: b"old\n", COUNCIL: b"old\n", RECORD: b"old\n", UPDATE: None}
NEW: Mapping[str, bytes | None] = {POLICE: b"new\n", COUNCIL: None, RECORD: b"newer\n" * 99, UPDATE: b"new\n"}


def edits(before: Mapping[str, bytes | None], after: Mapping[str, bytes | None]) -> tuple[Edit, ...]:
    """Return the edits that make one state of the files of the other."""
    return tuple(Edit(path=path, before=before[path], after=after[path]) for path in before)


def put(root: Path, files: Mapping[str, bytes | None]) -> None:
    """Put the files into a state."""
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            (root / path).unlink(missing_ok=True)
        else:
            (root / path).write_bytes(content)


def state(root: Path) -> str:
    """Return which state everything under `register/` is in: old, new, or neither."""
    found = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.glob("register/**/*.*")}
    for name, files in (("old", OLD), ("new", NEW)):
        if found == {path: content for path, content in files.items() if content is not None}:
            return name
    return f"neither: {found}"


def silent(_: str) -> None:
    """Say nothing."""


def change(root: Path, before: Mapping[str, bytes | None] = OLD, after: Mapping[str, bytes | None] = NEW) -> None:
    """Make one change of several files."""
    with transaction.lock_register(root, "dhrctl update", silent):
        transaction.apply_edits(root, edits(before, after))


def fix(root: Path) -> None:
    """Do what the next command does, and a sweep that does not wait an hour."""
    with transaction.lock_register(root, "dhrctl doctor --fix", silent):
        atomic.remove_temporary(root, age=0)


def break_off(root: Path, moved: int) -> None:
    """Leave a change as it is when its process ends after some of its files have been renamed."""
    put(root, OLD)
    state_dir.make_state_folder(root)
    steps = tuple(journal.JournalEntry(edit=edit, mode=None) for edit in edits(OLD, NEW))
    journal.write(root, steps)
    put(root, dict(list(NEW.items())[:moved]))
    (root / POLICE).with_name(".dhrctl-tmp-1-left").write_bytes(b"half")


def killed(work: Callable[[], None], step: int = 0, after: float = 0.0) -> bool:
    """Kill work of a child before its n-th step on the disk, or after a time; tell whether it was killed."""
    child = os.fork()
    if not child:
        if step:
            sys.setprofile(_counting(step))
        work()
        os._exit(0)
    if after:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or status == 0, status
    return os.WIFSIGNALED(status)


STEPS = {"open", "write", "flush", "fsync", "flock", "chmod", "replace", "unlink", "mkdir", "rmdir", "close"}


def _counting(step: int) -> Callable[[FrameType, str, Any], None]:
    """Return what Python tells of every call of the system, and what kills before the n-th that is a step."""
    left = [step]

    def called(_: FrameType, event: str, function: Any) -> None:
        if event == "c_call" and function.__name__ in STEPS:
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)

    return called


def at_every_step(root: Path, prepare: Callable[[], None], work: Callable[[], None]) -> dict[str, int]:
    """Kill work before every one of its steps in turn; count the states that follow once it is finished."""
    found: dict[str, int] = {}
    step = 1
    prepare()
    while killed(work, step=step):
        fix(root)
        now = state(root)
        found[now] = found.get(now, 0) + 1
        prepare()
        step += 1
    return found


def changing(root: Path) -> dict[str, int]:
    """Kill a change of several files at every step."""
    return at_every_step(root, lambda: put(root, OLD), lambda: change(root))


def finishing(root: Path) -> dict[str, int]:
    """Kill at every step the command that finishes a change which broke off."""
    return at_every_step(root, lambda: break_off(root, moved=2), lambda: fix(root))


def at_random(root: Path) -> dict[str, int]:
    """Kill a process that changes the files to and fro, 100 times; count the states that follow."""
    put(root, OLD)
    found: dict[str, int] = {}

    def to_and_fro() -> None:
        while True:
            now, then = (OLD, NEW) if state(root) == "old" else (NEW, OLD)
            change(root, now, then)

    for _ in range(100):
        assert killed(to_and_fro, after=random.uniform(0.001, 0.03))  # noqa: S311 - no secret
        fix(root)
        now = state(root)
        found[now] = found.get(now, 0) + 1
    return found


def counting(root: Path) -> dict[str, int]:
    """Add one to a number in a file, 60 times, and add a file each time."""
    for turn in range(60):
        with transaction.lock_register(root, "dhrctl update", silent, patience=600):
            before = (root / RECORD).read_bytes()
            added = UPDATE.replace(".yaml", f"-{os.getpid()}{turn:02}.yaml")
            new = (
                Edit(path=RECORD, before=before, after=b"%d" % (int(before) + 1)),
                Edit(path=added, before=None, after=b""),
            )
            transaction.apply_edits(root, new)
    return {}


if __name__ == "__main__":
    modes = {each.__name__: each for each in (changing, finishing, at_random, counting)}
    sys.stdout.write(json.dumps(modes[sys.argv[1]](Path(sys.argv[2]))))
