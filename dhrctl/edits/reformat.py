"""The canonical form: the files that do not have it yet, and the edits that give it to them."""

from dataclasses import dataclass

from dhrctl.edits.changeset import Change, kind
from dhrctl.errors import DhrError
from dhrctl.files import schema
from dhrctl.files.tree import Edit, Tree, parsed
from dhrctl.files.yaml import editor
from dhrctl.model import paths as layout
from dhrctl.text.english import plural


@dataclass(frozen=True, slots=True, kw_only=True)
class Formed:
    """How many files were looked at, the change that brings all into the canonical form, and what stands against it."""

    files: int
    change: Change
    faults: tuple[str, ...]


def formed(tree: Tree, within: tuple[str, ...]) -> Formed:
    """Return what becomes of the records that lie in some files and folders (none: everywhere)."""
    paths = [path for path in tree.contents if parsed(path) and layout.is_chosen(path, within)]
    refused = [finding for finding in tree.refused if layout.is_chosen(finding.path, within)]
    edits, faults = [], [str(finding) for finding in refused]
    for path in paths:
        try:
            edit = _edit(path, tree.contents[path])
        except DhrError as error:
            faults.append(str(error))
        else:
            edits += [edit] if edit.after != edit.before else []
    change = Change(
        title=f"canonical form of {plural(len(edits), 'file')}",
        said=tuple(f"canonical form of {_named(edit.path)}" for edit in edits),
        edits=tuple(edits),
    )
    return Formed(files=len(paths) + len(refused), change=change, faults=tuple(faults))


def _edit(path: str, content: bytes) -> Edit:
    shape = schema.document(kind(path))
    return Edit(path=path, before=content, after=editor.canonical(content, shape, path))


def _named(path: str) -> str:
    """Return the id of a recommendation, or the path of any other file."""
    return layout.recommendation_id(path) or path
