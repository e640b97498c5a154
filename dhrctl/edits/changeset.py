"""A change: edits of files that belong together, and what they do in words."""

import difflib
import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from dhrctl.errors import DhrError
from dhrctl.files import schema
from dhrctl.files.tree import Edit, Tree
from dhrctl.files.yaml import editor
from dhrctl.model import paths
from dhrctl.model.paths import RecordKind
from dhrctl.text.invisible import HIDDEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Changeset:
    """Edits that happen together or not at all: what they are in one line, and a line for each thing they do."""

    title: str
    effects: tuple[str, ...]
    edits: tuple[Edit, ...]

    @property
    def message(self) -> str:
        """Return the message of a commit that holds the change."""
        if len(self.effects) == 1 and self.effects[0].startswith(self.title):
            return self.effects[0]
        return "\n\n".join((self.title, "\n".join(f"- {line}" for line in self.effects)))


def read_data(tree: Tree, path: str) -> dict[str, Any]:
    """Return the data of a file that was read as a record; raise DhrError where it cannot be read."""
    data: Any = editor.read_data(tree.contents[path], path)
    return dict(data)


def build_edit(tree: Tree, path: str, data: dict[str, Any]) -> Edit:
    """Return the edit that makes a file hold data, and leaves its other lines alone."""
    shape = schema.read_schema(record_kind(path))
    before = tree.contents.get(path)
    if before is None:
        return Edit(path=path, before=None, after=editor.compose_file(data, shape, schema_line(tree, path)))
    return Edit(path=path, before=before, after=editor.replace_data(before, data, shape, path))


def record_kind(path: str) -> RecordKind:
    """Return what a path of the layout holds; raise DhrError for any other."""
    place = paths.place(path)
    if place is None:
        message = f"{path} is no name for a file of the register; use lower-case letters, digits and single hyphens"
        raise DhrError(message)
    return place.kind


_SCHEMA = re.compile(rb"# yaml-language-server: \$schema=(?:\.\./)(\S*)register\.schema\.json")


def schema_line(tree: Tree, path: str) -> str:
    """Return the line that tells editors the schema of a file, where register.yaml has such a line."""
    found = _SCHEMA.match(tree.contents.get(paths.SETTINGS, b"").removeprefix(b"\xef\xbb\xbf"))
    if not found:
        return ""
    up = "../" * path.count("/")
    return f"# yaml-language-server: $schema={up}{found.group(1).decode()}{record_kind(path)}.schema.json"


def edit_tree(tree: Tree, edits: Iterable[Edit]) -> Tree:
    """Return the files as they are after edits."""
    contents = dict(tree.contents)
    for edit in edits:
        if edit.after is None:
            contents.pop(edit.path, None)
        else:
            contents[edit.path] = edit.after
    return replace(tree, contents=dict(sorted(contents.items())))


_WIDTH = 84
_LIST = re.compile(r"(?:[-*+•]|[0-9]+[.)])(?: |$)")


def wrap_text(text: str) -> str:
    """Return a text as the register holds it: invisible characters removed, and long lines wrapped.

    The meaning stays: no wrapped line begins a list.
    """
    lines = (HIDDEN.sub("", line).rstrip() for line in text.strip().splitlines())
    return "\n".join(part for line in lines for part in _break_line(line)).strip("\n")


def _break_line(line: str) -> Iterator[str]:
    kept = ""
    for part in textwrap.wrap(line, _WIDTH, expand_tabs=False, break_long_words=False, break_on_hyphens=False) or [""]:
        if kept and _LIST.match(part):
            kept = f"{kept} {part}"
            continue
        if kept:
            yield kept
        kept = part
    yield kept


def patch(change: Changeset) -> str:
    """Return a change as a unified diff."""
    return "".join(line for edit in change.edits for line in _patch(edit))


def _patch(edit: Edit) -> Iterator[str]:
    before, after = ((content or b"").decode().splitlines(keepends=True) for content in (edit.before, edit.after))
    old = f"a/{edit.path}" if edit.before is not None else "/dev/null"
    new = f"b/{edit.path}" if edit.after is not None else "/dev/null"
    for line in difflib.unified_diff(before, after, old, new):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
