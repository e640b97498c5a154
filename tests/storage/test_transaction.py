"""Changing the register: all of a change or nothing of it, one writer at a time, whatever happens meanwhile."""

import errno
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import writing
from conftest import TESTS
from writing import COUNCIL, NEW, OLD, POLICE, RECORD, UPDATE, edits, put, silent, state

from dhrctl.errors import DhrError, Exit
from dhrctl.files.tree import Edit
from dhrctl.storage import atomic, lock, state_dir, transaction
from dhrctl.storage import disk as store

if TYPE_CHECKING:
    from conftest import Repositories, Run

SCRIPT = TESTS / "writing.py"
LEFT = "register/agencies/.dhrctl-tmp-1-left"


_MEMORY = Path("/dev/shm")  # noqa: S108 - where a busy disk does not hold up what is flushed


@pytest.fixture
def root() -> Iterator[Path]:
    """Return a folder with a register in its old state."""
    with tempfile.TemporaryDirectory(dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None) as folder:
        put(Path(folder), OLD)
        yield Path(folder)


def apply(root: Path, *wanted: Edit) -> None:
    with transaction.lock_register(root, "dhrctl update", silent):
        transaction.apply_edits(root, wanted)


def left_over(root: Path) -> list[str]:
    """Return what a change should not leave behind: temporary files and the journal."""
    return [path.name for path in root.rglob("*") if path.name.startswith(".dhrctl-tmp-") or "journal" in path.name]


def refused(root: Path, *wanted: Edit) -> DhrError:
    """Return why a change is refused, and hold the register to be as it was."""
    with pytest.raises(DhrError) as caught:
        apply(root, *wanted)
    assert (state(root), left_over(root)) == ("old", [])
    return caught.value


# One change


def test_a_change_of_several_files_is_made(root: Path) -> None:
    apply(root, *edits(OLD, NEW))
    assert (state(root), left_over(root)) == ("new", [])
    apply(root, *edits(NEW, OLD))
    assert (state(root), left_over(root)) == ("old", [])
    assert not (root / UPDATE).parent.exists()
    assert (root / UPDATE).parents[2].exists()


@pytest.mark.parametrize(
    ("path", "after"), [(RECORD, b"newer\n"), (UPDATE, b"new\n"), (COUNCIL, None), (RECORD, OLD[RECORD])]
)
def test_a_change_of_one_file_is_made(root: Path, path: str, after: bytes | None) -> None:
    apply(root, Edit(path=path, before=OLD[path], after=after))
    assert atomic.read_content(root, path) == after
    assert left_over(root) == []


def test_a_register_that_is_not_there_yet_is_made(tmp_path: Path) -> None:
    apply(tmp_path, Edit(path="register/register.yaml", before=None, after=b"title: Anytown\n"))
    assert (tmp_path / "register/register.yaml").read_bytes() == b"title: Anytown\n"


def test_what_is_as_it_is_to_be_is_not_written(root: Path) -> None:
    before = (root / RECORD).stat()
    apply(root, Edit(path=RECORD, before=b"old\n", after=b"old\n"), *edits({POLICE: b"old\n"}, NEW))
    assert (root / RECORD).stat().st_ino == before.st_ino
    assert (root / POLICE).read_bytes() == NEW[POLICE]


def test_rights_are_kept_and_new_files_have_the_usual_ones(root: Path) -> None:
    (root / RECORD).chmod(0o604)
    previous = os.umask(0o027)
    try:
        apply(root, *edits(OLD, NEW))
    finally:
        os.umask(previous)
    assert stat.S_IMODE((root / RECORD).stat().st_mode) == 0o604
    assert stat.S_IMODE((root / UPDATE).stat().st_mode) == 0o640


def test_each_step_is_flushed_before_the_next_relies_on_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[tuple[str, str]] = []

    def noting(name: str) -> Callable[..., None]:
        real: Callable[..., None] = getattr(os, name)

        def call(*arguments: Any) -> None:
            where = f"/proc/self/fd/{arguments[0]}" if name == "fsync" else arguments[-1]
            path = os.path.realpath(where) if name == "fsync" else str(where)
            steps.append((name, re.sub("tmp-.*", "tmp", path.removeprefix(f"{root}/"))))
            real(*arguments)

        return call

    if not Path("/proc/self/fd").exists():
        pytest.skip("this system does not say which file is flushed")
    shutil.rmtree((root / UPDATE).parents[1])
    with transaction.lock_register(root, "dhrctl update", silent):
        for name in ("fsync", "replace", "unlink"):
            monkeypatch.setattr(os, name, noting(name))
        transaction.apply_edits(root, edits(OLD, NEW))
        monkeypatch.undo()
    folders = {Path(path).parent.as_posix() for path in OLD}
    first = steps.index(("replace", ".dhrctl/register.journal"))
    last = steps.index(("unlink", ".dhrctl/register.journal"))
    staged = [step for step in steps[:first] if step[1].endswith("tmp")]
    assert staged == [("fsync", f"{Path(path).parent.as_posix()}/.dhrctl-tmp") for path in OLD if NEW[path]] + [
        ("fsync", ".dhrctl/.dhrctl-tmp")
    ]
    assert {("fsync", folder.as_posix()) for folder in Path(UPDATE).parents[1:3]} <= set(steps[:first])
    assert steps[first + 1] == ("fsync", ".dhrctl")
    moves = [("unlink" if content is None else "replace", path) for path, content in NEW.items()]
    assert steps[first + 2 : first + 6] == moves
    assert set(steps[first + 6 : last]) == {("fsync", folder) for folder in folders}
    assert steps[last + 1] == ("fsync", ".dhrctl")


# Refused, and nothing touched


@pytest.mark.parametrize(
    ("path", "now"),
    [(RECORD, b"old\nand more\n"), (RECORD, None), (RECORD, b""), (COUNCIL, b"new\n"), (UPDATE, b"new\n")],
)
def test_a_file_that_was_changed_since_it_was_read_is_refused(root: Path, path: str, now: bytes | None) -> None:
    put(root, {path: now})
    with pytest.raises(DhrError, match=f"{path} was changed by someone else meanwhile; .*look at it, and try again"):
        apply(root, *edits(OLD, NEW))
    assert atomic.read_content(root, path) == now
    put(root, {path: OLD[path]})
    assert (state(root), left_over(root)) == ("old", [])


def test_a_file_that_is_changed_while_others_are_put_in_place_is_refused(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = atomic.write_temporary

    def edited(target: Path, content: bytes, mode: int | None = None) -> Path:
        if target == root / UPDATE:
            (root / RECORD).write_bytes(b"by hand\n")
        return write(target, content, mode)

    monkeypatch.setattr(atomic, "write_temporary", edited)
    with pytest.raises(DhrError, match="was changed by someone else"):
        apply(root, *edits(OLD, NEW))
    assert (root / RECORD).read_bytes() == b"by hand\n"
    put(root, {RECORD: OLD[RECORD]})
    assert (state(root), left_over(root)) == ("old", [])


@pytest.mark.parametrize(
    "path",
    [
        "elsewhere.yaml",
        "/etc/register.yaml",
        "register/../register.yaml",
        "register/agencies/../../other.yaml",
        "register/agencies/./a.yaml",
        "register//register.yaml",
        "register/agencies",
        "register/notes.txt",
        "",
    ],
)
def test_a_path_outside_the_layout_is_never_written(root: Path, path: str) -> None:
    error = refused(root, *edits(OLD, NEW), Edit(path=path, before=None, after=b"new\n"))
    assert "is no path of a register" in str(error)


@pytest.mark.parametrize("way", ["file", "dangling", "folder", "pipe", "folder by its name", "register"])
def test_links_and_special_files_are_never_written(tmp_path: Path, way: str) -> None:
    outside = tmp_path / "outside"
    root = tmp_path / "root"
    put(outside, OLD)
    (root / "register/agencies").mkdir(parents=True)
    path = root / POLICE
    if way == "file":
        path.symlink_to(outside / POLICE)
    elif way == "dangling":
        path.symlink_to(outside / "nowhere.yaml")
    elif way == "folder":
        path.parent.rmdir()
        path.parent.symlink_to(outside / "register/agencies")
    elif way == "pipe":
        os.mkfifo(path)
    elif way == "folder by its name":
        path.mkdir()
    else:
        path.parent.rmdir()
        path.parent.parent.rmdir()
        path.parent.parent.symlink_to(outside / "register")
    for before in (None, b"old\n"):
        with pytest.raises(DhrError, match="is a link or no ordinary file"):
            apply(root, Edit(path=POLICE, before=before, after=b"new\n"))
    assert state(outside) == "old"
    assert not (outside / "nowhere.yaml").exists()


def test_without_the_lock_nothing_is_written(root: Path) -> None:
    with pytest.raises(RuntimeError):
        transaction.apply_edits(root, edits(OLD, NEW))
    assert state(root) == "old"


# The system refuses

CALLS = ("open", "fsync", "replace", "unlink", "mkdir", "chmod", "write")


class Refusing:
    """A system that refuses the n-th call of a kind, or from then on all, inside register/ or in the notes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Keep what puts the system right again."""
        self._patch = monkeypatch
        self.refused = 0

    def begin(self, name: str, nth: int, *, ever: bool, number: int = errno.EIO) -> None:
        """Refuse from now on."""
        real: Callable[..., Any] = getattr(os, name)
        count = 0

        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal count
            count += 1
            if count == nth or (ever and count > nth):
                self.refused += 1
                raise OSError(number, os.strerror(number))
            return real(*arguments, **options)

        self._patch.setattr(os, name, call)

    def end(self) -> None:
        """Refuse nothing more."""
        self._patch.undo()


@pytest.mark.parametrize("ever", [False, True], ids=["once", "ever after"])
@pytest.mark.parametrize("name", CALLS)
def test_whatever_the_system_refuses_the_register_is_old_or_new(
    root: Path, monkeypatch: pytest.MonkeyPatch, name: str, *, ever: bool
) -> None:
    told = set()
    for nth in range(1, 30):
        put(root, OLD)
        system = Refusing(monkeypatch)
        with transaction.lock_register(root, "dhrctl update", silent):
            system.begin(name, nth, ever=ever)
            try:
                transaction.apply_edits(root, edits(OLD, NEW))
            except DhrError as error:
                told.add((error.code, str(error).rsplit("; ")[-2]))
                made = False
            else:
                made = True
            finally:
                system.end()
        if state_dir.unfinished_change(root):
            assert not made
            with transaction.lock_register(root, "dhrctl doctor --fix", silent):
                assert state(root) == "new"
        else:
            assert state(root) == ("new" if made else "old")
        atomic.remove_temporary(root, age=0)
        assert left_over(root) == []
        put(root, OLD)
        if not system.refused:
            break
    else:
        pytest.fail("more calls than were looked for")
    half = {(Exit.ENVIRONMENT, "a change is half made, and dhrctl doctor --fix will finish it")} if ever else set()
    assert told <= {(Exit.ENVIRONMENT, "the change was not made")} | half


def test_what_cannot_be_put_back_is_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root, OLD)
    system = Refusing(monkeypatch)
    with transaction.lock_register(root, "dhrctl update", silent):
        system.begin("fsync", 2, ever=True)
        with pytest.raises(
            DhrError, match=r"\(Input/output error\); what was changed could not be put back; "
        ) as caught:
            transaction.apply_edits(root, (Edit(path=POLICE, before=b"old\n", after=b"new\n"),))
        system.end()
    assert caught.value.code == Exit.ENVIRONMENT
    assert (root / POLICE).read_bytes() == b"new\n"


Mount = Callable[..., None]


@pytest.fixture
def mount() -> Iterator[Mount]:
    """Return a function that mounts something on a folder; skip where that is not allowed."""
    mounted: list[str] = []

    def done(folder: Path, *how: str) -> None:
        result = subprocess.run(["mount", *how, str(folder)], capture_output=True, text=True, check=False)
        if result.returncode:
            pytest.skip(f"mounting is not allowed here: {result.stderr.strip()}")
        mounted.append(str(folder))

    yield done
    for folder in reversed(mounted):
        subprocess.run(["umount", folder], check=False, capture_output=True)


def test_a_full_disk_is_met_before_anything_is_changed(tmp_path: Path, mount: Mount) -> None:
    mount(tmp_path, "-t", "tmpfs", "-o", "size=256k", "none")
    put(tmp_path, OLD)
    large = {RECORD: b"n" * 9000, POLICE: b"n" * 9000, UPDATE: b"n" * 9000, COUNCIL: None}
    fill, made = tmp_path / "fill", 0
    told: set[tuple[Exit, str]] = set()
    for pages in range(30):
        fill.write_bytes(b"")
        with suppress(OSError), fill.open("wb", buffering=0) as file:
            while True:
                file.write(b"f" * 4096)
        os.truncate(fill, fill.stat().st_size - 4096 * pages)
        if made:
            apply(tmp_path, *edits(OLD, large))
            apply(tmp_path, *edits(large, OLD))
            continue
        try:
            apply(tmp_path, *edits(OLD, large))
        except DhrError as error:
            told.add((error.code, str(error).partition(" cannot be written ")[2]))
            fill.write_bytes(b"")
            assert (state(tmp_path), left_over(tmp_path)) == ("old", [])
        else:
            made = pages
            apply(tmp_path, *edits(large, OLD))
    assert 9 < made < 29
    assert told == {
        (
            Exit.ENVIRONMENT,
            "(No space left on device); the change was not made; make room on the disk, and try again",
        )
    }


@pytest.mark.parametrize("part", ["", "register", "register/reviews/anytown-dhr-1/recommendations"])
def test_a_file_system_that_is_read_only_is_told(root: Path, mount: Mount, part: str) -> None:
    folder = root / part
    mount(folder, "--bind", str(folder))
    mount(folder, "-o", "remount,bind,ro")
    error = refused(root, *edits(OLD, NEW))
    assert error.code == Exit.ENVIRONMENT
    assert str(error).endswith(
        "(Read-only file system); the change was not made; use a copy of the register that is not read-only, and try again"
    )


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """Return a folder of a user who may not write everywhere; where that is root, act as another."""
    nobody = 65534
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        put(root, OLD)
        if os.geteuid() != 0:
            yield root
            return
        for path in (root, *root.rglob("*")):
            os.chown(path, nobody, nobody)
        os.seteuid(nobody)
        try:
            yield root
        finally:
            os.seteuid(0)


@pytest.mark.parametrize("part", ["register/agencies", "register/reviews/anytown-dhr-1/recommendations", ""])
def test_a_folder_that_may_not_be_written_to_is_told(unprivileged: Path, part: str) -> None:
    (unprivileged / part).chmod(0o500)
    try:
        error = refused(unprivileged, *edits(OLD, NEW))
    finally:
        (unprivileged / part).chmod(0o700)
    assert error.code == Exit.ENVIRONMENT
    assert "(Permission denied); the change was not made; see that you may write there" in str(error)


def test_a_file_that_may_not_be_read_is_told(unprivileged: Path) -> None:
    (unprivileged / RECORD).chmod(0)
    with pytest.raises(DhrError, match=r"cannot be written \(Permission denied\)") as caught:
        apply(unprivileged, *edits(OLD, NEW))
    assert caught.value.code == Exit.ENVIRONMENT


def test_a_lock_of_another_user_is_told(unprivileged: Path) -> None:
    apply(unprivileged)
    (state_dir.folder(unprivileged) / "register.lock").chmod(0)
    error = refused(unprivileged, *edits(OLD, NEW))
    assert error.code == Exit.ENVIRONMENT
    (state_dir.folder(unprivileged) / "register.holder").write_text("somebody")
    assert lock.holder(unprivileged) == "somebody"


def test_a_file_system_that_cannot_flush_a_folder_is_written_to(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def flush(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", flush)
    apply(root, *edits(OLD, NEW))
    monkeypatch.setattr(atomic, "_FOLDER", 0)
    apply(root, *edits(NEW, OLD))
    assert state(root) == "old"


# Ctrl-C


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_ctrl_c_before_the_first_file_is_in_place_touches_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    real, count = os.fsync, 0

    def flush(descriptor: int) -> None:
        nonlocal count
        count += 1
        if count == nth:
            signal.raise_signal(signal.SIGINT)
        real(descriptor)

    with transaction.lock_register(root, "dhrctl update", silent):
        monkeypatch.setattr(os, "fsync", flush)
        with pytest.raises(KeyboardInterrupt):
            transaction.apply_edits(root, edits(OLD, NEW))
    assert (state(root), left_over(root)) == ("old", [])


def test_ctrl_c_while_files_are_put_in_place_ends_nothing_half_way(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.replace

    def replace(*paths: Any) -> None:
        signal.raise_signal(signal.SIGINT)
        real(*paths)

    monkeypatch.setattr(os, "replace", replace)
    apply(root, *edits(OLD, NEW))
    assert (state(root), left_over(root)) == ("new", [])
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_a_thread_may_write_too(root: Path) -> None:
    thread = threading.Thread(target=apply, args=(root, *edits(OLD, NEW)))
    thread.start()
    thread.join()
    assert state(root) == "new"


# Killed


def ran(mode: str, root: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, str(SCRIPT), mode, str(root)], stdout=subprocess.PIPE, text=True)


def answered(process: subprocess.Popen[str]) -> dict[str, int]:
    out, _ = process.communicate()
    assert process.returncode == 0
    answer: dict[str, int] = json.loads(out)
    return answer


def test_a_change_that_is_killed_at_any_step_is_old_or_new_once_it_is_finished(root: Path) -> None:
    found = answered(ran("changing", root))
    assert set(found) == {"old", "new"}
    assert min(found.values()) > 20
    assert left_over(root) == []


def test_finishing_that_is_killed_at_any_step_is_finished_by_the_next(root: Path) -> None:
    found = answered(ran("finishing", root))
    assert set(found) == {"new"}
    assert found["new"] > 40
    assert left_over(root) == []


def test_changes_that_are_killed_at_random_are_old_or_new(root: Path) -> None:
    found = answered(ran("at_random", root))
    assert found.pop("old", 0) + found.pop("new", 0) == 100
    assert (found, left_over(root)) == ({}, [])


def test_no_change_is_lost_where_three_processes_make_sixty_each(root: Path) -> None:
    put(root, {RECORD: b"0"})
    for process in [ran("counting", root) for _ in range(3)]:
        assert answered(process) == {}
    assert (root / RECORD).read_bytes() == b"180"
    assert len(list((root / UPDATE).parent.iterdir())) == 180
    assert left_over(root) == []


# Finishing


@pytest.mark.parametrize("moved", range(len(OLD) + 1))
def test_the_next_change_completes_what_was_left(root: Path, moved: int) -> None:
    writing.break_off(root, moved)
    said: list[str] = []
    with transaction.lock_register(root, "dhrctl set", said.append):
        assert (state(root), left_over(root)) == ("new", [])
    assert said == ["completed an unfinished change of 4 files"]
    assert state_dir.unfinished_change(root) == ""


def test_what_cannot_be_completed_is_undone(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writing.break_off(root, 2)
    real = atomic.write_temporary

    def full(target: Path, content: bytes, mode: int | None = None) -> Path:
        if content == NEW[UPDATE]:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(target, content, mode)

    monkeypatch.setattr(atomic, "write_temporary", full)
    with pytest.raises(DhrError, match="No space left on device"):
        apply(root)
    assert not state_dir.unfinished_change(root)
    atomic.remove_temporary(root, age=0)
    assert (state(root), left_over(root)) == ("old", [])


@pytest.mark.parametrize(("path", "now"), [(RECORD, b"by hand\n"), (RECORD, None), (COUNCIL, b""), (UPDATE, b"mine\n")])
def test_what_was_changed_by_hand_since_is_not_written_over(root: Path, path: str, now: bytes | None) -> None:
    writing.break_off(root, 2)
    put(root, {path: now})
    with pytest.raises(
        DhrError, match=f"{path} was changed by hand while .* delete {state_dir.journal_path(root)}$"
    ) as caught:
        apply(root)
    assert caught.value.code == Exit.REFUSED
    assert all(name in str(caught.value) for name in OLD)
    assert atomic.read_content(root, path) == now
    state_dir.journal_path(root).unlink()
    apply(root, Edit(path=path, before=now, after=b"next\n"))
    assert atomic.read_content(root, path) == b"next\n"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"steps": 1}',
        '{"steps": [{"path": "a"}]}',
        '{"steps": [{"path": 1, "before": 2}]}',
        "\xff",
    ],
)
def test_a_damaged_journal_is_told(root: Path, content: str) -> None:
    state_dir.make_state_folder(root)
    state_dir.journal_path(root).write_text(content, encoding="latin-1")
    with pytest.raises(DhrError, match=r"cannot be read; look through .* delete it"):
        apply(root, *edits(OLD, NEW))
    assert state(root) == "old"


def test_a_journal_changes_nothing_outside_the_register(root: Path) -> None:
    (root / "secret").write_bytes(b"old\n")
    state_dir.make_state_folder(root)
    step = {"path": "register/../secret", "before": "old\n", "after": "new\n", "mode": None}
    state_dir.journal_path(root).write_text(json.dumps({"version 1": [step]}))
    with pytest.raises(DhrError, match="is no path of a register"):
        apply(root)
    assert (root / "secret").read_bytes() == b"old\n"


# Temporary files


def test_left_over_temporary_files_are_no_part_of_the_register(anytown: Path, run: "Run") -> None:
    before = store.read_tree(anytown).contents
    (anytown / LEFT).write_text("half: [")
    (anytown / "register/agencies/.dhrctl-tmp").write_text("another's")
    assert set(store.read_tree(anytown).contents) - set(before) == {"register/agencies/.dhrctl-tmp"}
    (anytown / "register/agencies/.dhrctl-tmp").unlink()
    result = run("check", "--severity", "error", cwd=anytown)
    assert (result.code, result.err) == (0, "")
    (anytown / "register/agencies/.dhrctl-tmp-link").symlink_to(LEFT)
    assert run("check", cwd=anytown).code == 1


@pytest.mark.parametrize(("age", "gone"), [(0, False), (3000, False), (4000, True), (10**7, True)])
def test_the_next_change_sweeps_what_is_older_than_an_hour(root: Path, age: int, *, gone: bool) -> None:
    left = [root / LEFT, state_dir.make_state_folder(root) / ".dhrctl-tmp-2-left"]
    for path in left:
        path.write_text("half")
        os.utime(path, (time.time() - age,) * 2)
    apply(root)
    assert [path.exists() for path in left] == [not gone, not gone]
    assert state(root).startswith("old" if gone else "neither")


def test_what_is_no_file_is_not_swept(root: Path) -> None:
    (root / LEFT).mkdir()
    assert atomic.remove_temporary(root, age=0) == 0
    assert (root / LEFT).is_dir()


# The lock


def test_the_lock_is_free_again_after_a_change_a_refusal_and_a_death(root: Path) -> None:
    apply(root)
    with pytest.raises(KeyError), transaction.lock_register(root, "dhrctl update", silent):
        raise KeyError
    held_elsewhere(root, "os.kill(os.getpid(), 9)").communicate()
    assert lock.holder(root) == ""
    said: list[str] = []
    with transaction.lock_register(root, "dhrctl update", said.append, patience=0):
        assert said == []


def held_elsewhere(root: Path, then: str) -> subprocess.Popen[str]:
    """Start a process that holds the lock, does something and ends; return it when it has the lock."""
    code = (
        "import os, sys, time; from pathlib import Path; from dhrctl.storage import transaction\n"
        f"with transaction.lock_register(Path({str(root)!r}), 'dhrctl transfer', print): print('held', flush=True); {then}"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_lock_that_is_held_is_waited_for_and_then_given_up(root: Path) -> None:
    process = held_elsewhere(root, "sys.stdin.read()")
    said: list[str] = []
    who = rf'"dhrctl transfer" \(user \S+, process {process.pid}, since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d\)'
    with (
        pytest.raises(DhrError, match=f"still being changed by {who}; nothing was changed; try again") as caught,
        transaction.lock_register(root, "dhrctl update", said.append, patience=0.1),
    ):
        pytest.fail("two hold one lock")
    assert caught.value.code == Exit.ENVIRONMENT
    assert len(said) == 1
    assert lock.holder(root) in said[0]
    assert f"process {process.pid}" in said[0]
    process.communicate("go on")
    assert lock.holder(root) == ""


def test_whoever_waits_goes_on_when_the_holder_ends(root: Path) -> None:
    process = held_elsewhere(root, "sys.stdin.readline()")
    said: list[str] = []

    def released(sentence: str) -> None:
        said.append(sentence)
        assert process.stdin is not None
        process.stdin.write("go on\n")
        process.stdin.flush()

    with transaction.lock_register(root, "dhrctl update", released, patience=600):
        assert len(said) == 1
    process.communicate()


def test_ctrl_c_ends_a_wait_and_touches_nothing(root: Path) -> None:
    process = held_elsewhere(root, "sys.stdin.read()")
    with pytest.raises(KeyboardInterrupt), transaction.lock_register(root, "dhrctl update", lambda _: interrupt()):
        pytest.fail("two hold one lock")
    assert lock.holder(root)
    process.communicate("go on")
    assert (state(root), left_over(root)) == ("old", [])


def interrupt() -> None:
    threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()


def test_a_holder_that_left_no_name_is_waited_for_all_the_same(root: Path) -> None:
    process = held_elsewhere(root, "sys.stdin.read()")
    for note in ("gone", "empty", "no text"):
        path = state_dir.folder(root) / "register.holder"
        path.unlink() if note == "gone" else path.write_bytes(b"" if note == "empty" else b"\xff")
        said: list[str] = []
        with pytest.raises(DhrError), transaction.lock_register(root, "dhrctl update", said.append, patience=0):
            pass
        assert said == ["waiting for another command, which is changing the register"]
    process.communicate("go on")


def test_a_note_whose_writer_died_names_nobody(root: Path) -> None:
    (state_dir.make_state_folder(root) / "register.holder").write_text("somebody")
    assert lock.holder(root) == ""


def test_a_user_without_a_name_may_write(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError

    monkeypatch.setattr("getpass.getuser", nobody)
    with transaction.lock_register(root, "dhrctl update", silent):
        assert "user unknown" in (state_dir.folder(root) / "register.holder").read_text()


def test_a_lock_that_cannot_be_signed_is_given_back(root: Path) -> None:
    (state_dir.make_state_folder(root) / "register.holder").mkdir()
    with pytest.raises(DhrError, match="cannot be written") as caught:
        apply(root)
    assert caught.value.code == Exit.ENVIRONMENT
    (state_dir.folder(root) / "register.holder").rmdir()
    apply(root)


# Where the notes lie


def test_the_notes_lie_in_the_git_folder(repository: "Repositories", tmp_path: Path) -> None:
    anytown = repository()
    anytown.adopt()
    anytown.adopt(under="plans/north/")
    assert state_dir.folder(anytown.root) == anytown.root / ".git/dhrctl"
    assert state_dir.folder(anytown.root / "plans/north") == anytown.root / ".git/dhrctl/plans/north"
    anytown.git("worktree", "add", "--quiet", "../worktree")
    assert state_dir.folder(tmp_path / "worktree") == anytown.root / ".git/worktrees/worktree/dhrctl"
    whole = repository("whole")
    whole.git("submodule", "--quiet", "add", str(anytown.root), "part")
    assert state_dir.folder(whole.root / "part").resolve() == whole.root / ".git/modules/part/dhrctl"
    apply(whole.root / "part", Edit(path="register/agencies/x.yaml", before=None, after=b""))
    assert whole.git("-C", "part", "status", "--porcelain") == "?? register/agencies/x.yaml"


@pytest.mark.parametrize(
    "made", ["nothing", "empty folder", "other file", "dangling file", "file that leads elsewhere"]
)
def test_without_git_the_notes_lie_beside_the_register_and_are_never_committed(tmp_path: Path, made: str) -> None:
    put(tmp_path, OLD)
    if made == "empty folder":
        (tmp_path / ".git").mkdir()
    elif made != "nothing":
        said = {"dangling file": "gitdir: nowhere\n", "file that leads elsewhere": "gitdir: register\n"}
        (tmp_path / ".git").write_text(said.get(made, "notes\n"))
    apply(tmp_path, *edits(OLD, NEW))
    assert state_dir.folder(tmp_path) == tmp_path / ".dhrctl"
    assert (tmp_path / ".dhrctl/.gitignore").read_text() == "*\n"


# What a reading command says


@pytest.mark.parametrize("command", [(), ("check",), ("list", "is:open"), ("show", "1"), ("render", "summary")])
def test_a_reading_command_says_that_a_change_is_unfinished_and_writes_nothing(
    anytown: Path, run: "Run", command: tuple[str, ...]
) -> None:
    plain = run(*command, cwd=anytown)
    state_dir.make_state_folder(anytown)
    state_dir.journal_path(anytown).write_text("{")
    result = run(*command, cwd=anytown)
    assert (result.code, result.out) == (plain.code, plain.out)
    assert result.err == plain.err + (
        "dhrctl: a change of several files is unfinished, so the answer may hold half of it; "
        "if nobody is making it at this moment, run: dhrctl doctor --fix\n"
    )
    assert state_dir.journal_path(anytown).read_text() == "{"
