"""What is staged, judged as the next commit would hold it."""

from datetime import date
from typing import TYPE_CHECKING

from dhrctl.app.check_commits import list_additions, list_former
from dhrctl.app.environment import Environment
from dhrctl.app.session import RepoFinder, Session
from dhrctl.errors import DhrError, Exit

if TYPE_CHECKING:
    from dhrctl.findings.finding import Finding
    from dhrctl.git.repository import StagingArea


def open_staged(environment: Environment, as_of: date | None) -> Session:
    """Read what is staged: the whole register as the commit would hold it, or nothing where it touches none of it."""
    from dhrctl.checks.commits import MAX_SCANNED_BYTES
    from dhrctl.files import load
    from dhrctl.files.tree import Tree
    from dhrctl.git.repository import Repo
    from dhrctl.model.paths import REGISTER, lies_in

    root = environment.find_root()
    repo = Repo(root)
    staged = repo.read_index(MAX_SCANNED_BYTES)
    touched = any(lies_in(change.path, (REGISTER,)) for change in staged.changes)
    tree = staged.tree if touched else Tree()
    found = load.read_register(tree, thorough=True)
    if touched and not found.files:
        message = "the commit would leave no file of the register; put them back with: git restore --staged register"
        raise DhrError(message, Exit.NOTHING)
    if not touched:
        environment.tell(_NOTHING)
    return Session(
        environment=environment,
        root=root,
        tree=tree,
        reading=found,
        day=as_of or environment.today,
        repo=RepoFinder(root, repo),
        staged=staged,
    )


_NOTHING = "nothing under register/ is staged; what is staged was searched for names and identifiers alone"


def list_staged_paths(session: Session) -> list[str]:
    """Return the paths of all that is staged."""
    return [change.path for change in session.staged.changes] if session.staged else []


def judge_staged(
    session: Session, staged: "StagingArea", names: tuple[str, ...], fictitious: tuple[str, ...]
) -> "tuple[Finding, ...]":
    """Return what is staged outside what `check` reads, and may not be; and in the name of any file."""
    from dhrctl.checks.commits import ScannedCommit, scan_staged
    from dhrctl.checks.safety import protected_name

    change = ScannedCommit(
        name="", message="", additions=list_additions(staged.changes), former=list_former(staged.changes)
    )
    outside = {each.blob for each in change.additions if each.path not in session.tree.contents}
    contents = {name: content for name, content in staged.contents.items() if name in outside.union(change.former)}
    return tuple(scan_staged(change, contents, protected_name(names), fictitious))
