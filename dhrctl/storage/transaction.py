"""A change of several files: made whole, or undone; and finished by the next command where it broke off.

Each file's new content is first written beside it and flushed, so that a full disk is met while nothing
is changed yet. Then the journal is written, the files are renamed into place, and the journal goes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from dhrctl.errors import DhrError
from dhrctl.files.tree import Edit
from dhrctl.storage import atomic, journal, ledger, lock, state_dir
from dhrctl.storage.interruption import uninterrupted
from dhrctl.storage.journal import JournalEntry


@contextmanager
def lock_register(
    root: Path, doing: str, say: Callable[[str], None], *, patience: float = lock.PATIENCE
) -> Iterator[None]:
    """Hold the register's lock while it is read, changed and written; first finish what another left unfinished.

    `doing` is the command, for whoever has to wait; `say` is called once if we wait ourselves. After
    `patience` seconds, raise DhrError with the holder.
    """
    with lock.hold_lock(root, doing, say, patience):
        finished = finish_change(root)
        if finished:
            say(finished)
        atomic.remove_temporary(root)
        yield


def apply_edits(root: Path, edits: Iterable[Edit]) -> None:
    """Make every edit, or none; raise DhrError where a file is not as it was read, or cannot be written.

    The lock must be held.
    """
    if not lock.is_held(root):
        message = "the register is to be changed without its lock"
        raise RuntimeError(message)
    wanted = [edit for edit in edits if edit.before != edit.after]
    with _refusals(root):
        for edit in wanted:
            _require_unchanged(root, edit)
            _note(root, edit.path)
        steps = tuple([JournalEntry(edit=edit, mode=atomic.file_mode(root / edit.path)) for edit in wanted])
        _carry_out(root, steps, steps)


def finish_change(root: Path) -> str:
    """Complete an unfinished change, or undo it where the system refuses; say what was done. The lock must be held."""
    with _refusals(root):
        steps = journal.read(root)
        if not steps:
            return ""
        contents = [atomic.read_content(root, step.edit.path) for step in steps]
        for step, content in zip(steps, contents, strict=True):
            if content not in (step.edit.before, step.edit.after):
                raise _edited_error(root, step, steps)
            _note(root, step.edit.path)
        remaining = [step for step, content in zip(steps, contents, strict=True) if content != step.edit.after]
        _carry_out(root, steps, tuple(remaining))
        atomic.remove_temporary(root, {(root / step.edit.path).parent for step in steps}, age=0)
        return f"completed an unfinished change of {len(steps)} files"


@contextmanager
def _refusals(root: Path) -> Iterator[None]:
    """Report what the system refuses, before anything is changed or when all is undone."""
    try:
        yield
    except OSError as error:
        raise atomic.write_error(error, root) from None


def _note(root: Path, path: str) -> None:
    ledger.note(path, partial(atomic.read_content, root, path))


def _require_unchanged(root: Path, edit: Edit) -> None:
    if atomic.read_content(root, edit.path) != edit.before:
        message = (
            f"{edit.path} was changed by someone else meanwhile; the change was not made; look at it, and try again"
        )
        raise DhrError(message)


def _edited_error(root: Path, step: JournalEntry, steps: tuple[JournalEntry, ...]) -> DhrError:
    paths = ", ".join(each.edit.path for each in steps)
    message = (
        f"{step.edit.path} was changed by hand while a change was unfinished; "
        f"look through {paths}, and when they are as they should be delete {state_dir.journal_path(root)}"
    )
    return DhrError(message)


def _carry_out(root: Path, steps: tuple[JournalEntry, ...], remaining: tuple[JournalEntry, ...]) -> None:
    """Take the remaining steps of a change; where one fails undo all of them, and raise what it failed with."""
    staged: dict[str, Path] = {}
    try:
        try:
            for step in remaining:
                if step.edit.after is not None:
                    target = root / step.edit.path
                    atomic.make_folders(target.parent)
                    staged[step.edit.path] = atomic.write_temporary(target, step.edit.after, step.mode)
        except (OSError, DhrError):
            with uninterrupted():
                _undo_change(root, steps)  # which an earlier command may have begun
            raise
        with uninterrupted():
            _move_files(root, steps, remaining, staged)
    finally:
        with suppress(OSError):
            for temporary in staged.values():
                temporary.unlink(missing_ok=True)
            atomic.prune_folders(root, [step.edit.path for step in steps])


def _move_files(
    root: Path, steps: tuple[JournalEntry, ...], remaining: tuple[JournalEntry, ...], staged: Mapping[str, Path]
) -> None:
    try:
        if len(steps) > 1:
            journal.write(root, steps)
        for step in remaining:
            _require_unchanged(root, step.edit)
            if step.edit.after is None:
                (root / step.edit.path).unlink()
            else:
                staged[step.edit.path].replace(root / step.edit.path)
        _flush_folders(root, remaining)
        journal.remove(root)
    except BaseException:  # also a bug, which leaves nothing half made
        _undo_change(root, steps)
        raise


def _undo_change(root: Path, steps: tuple[JournalEntry, ...]) -> None:
    """Put back what a change has done so far; raise DhrError where that is refused too."""
    try:
        done = [step for step in steps if atomic.read_content(root, step.edit.path) == step.edit.after]
        for step in done:
            if step.edit.before is None:
                (root / step.edit.path).unlink()
            else:
                atomic.make_folders((root / step.edit.path).parent)
                atomic.write_file(root / step.edit.path, step.edit.before, step.mode)
        _flush_folders(root, done)
        journal.remove(root)
    except OSError as error:
        become = "a change is half made, and dhrctl doctor --fix will finish it"
        if not state_dir.unfinished_change(root):
            become = "what was changed could not be put back"
        raise atomic.write_error(error, root, become) from None


def _flush_folders(root: Path, steps: Iterable[JournalEntry]) -> None:
    for folder in {(root / step.edit.path).parent for step in steps}:
        atomic.flush_folder(folder)
