"""The canonical form: the files that do not have it yet, and the edits that give it to them."""

from dataclasses import dataclass

from dhrctl.edits.changeset import Changeset, record_kind
from dhrctl.errors import DhrError
from dhrctl.files import schema
from dhrctl.files.tree import Edit, Tree, is_parsed
from dhrctl.files.yaml import editor
from dhrctl.model import paths as layout
from dhrctl.text.english import plural


@dataclass(frozen=True, slots=True, kw_only=True)
class ReformatResult:
    """How many files were looked at, the change that brings all into the canonical form, and the errors."""

    files: int
    change: Changeset
    faults: tuple[str, ...]


def build_reformat(tree: Tree, within: tuple[str, ...]) -> ReformatResult:
    """Return what becomes of the records that lie in some files and folders (none: everywhere)."""
    paths = [path for path in tree.contents if is_parsed(path) and layout.is_chosen(path, within)]
    refused = [finding for finding in tree.refused if layout.is_chosen(finding.path, within)]
    edits, faults = [], [str(finding) for finding in refused]
    for path in paths:
        try:
            edit = _edit(path, tree.contents[path])
        except DhrError as error:
            faults.append(str(error))
        else:
            edits += [edit] if edit.after != edit.before else []
    change = Changeset(
        title=f"canonical form of {plural(len(edits), 'file')}",
        effects=tuple(f"canonical form of {_display_name(edit.path)}" for edit in edits),
        edits=tuple(edits),
    )
    return ReformatResult(files=len(paths) + len(refused), change=change, faults=tuple(faults))


def _edit(path: str, content: bytes) -> Edit:
    shape = schema.read_schema(record_kind(path))
    return Edit(path=path, before=content, after=editor.canonical_form(content, shape, path))


def _display_name(path: str) -> str:
    """Return the id of a recommendation, or the path of any other file."""
    return layout.recommendation_id(path) or path
