"""What `check --staged` asks git, and makes of it."""

from pathlib import Path
from typing import TYPE_CHECKING

from dhrctl.cli.options import judged_on
from dhrctl.cli.session import Session
from dhrctl.cli.since import additions, former
from dhrctl.cli.streams import aside
from dhrctl.errors import DhrError, Exit

if TYPE_CHECKING:
    from dhrctl.findings.finding import Finding
    from dhrctl.git.repository import Staged


def opened(root: Path, as_of: str | None) -> Session:
    """Read what is staged: the whole register as the commit would hold it, or nothing where it touches none of it."""
    from dhrctl.checks.commits import LARGEST
    from dhrctl.files import load
    from dhrctl.files.tree import Tree
    from dhrctl.git.repository import Repo
    from dhrctl.model.paths import REGISTER, lies_in

    day = judged_on(as_of)
    repo = Repo(root)
    staged = repo.staged(LARGEST)
    touched = any(lies_in(change.path, (REGISTER,)) for change in staged.changes)
    tree = staged.tree if touched else Tree()
    found = load.read(tree, thorough=True)
    if touched and not found.files:
        message = "the commit would leave no file of the register; put them back with: git restore --staged register"
        raise DhrError(message, Exit.NOTHING)
    if not touched:
        aside(_NOTHING)
    return Session(root=root, tree=tree, reading=found, day=day, repo=lambda: repo, staged=staged)


def paths(session: Session) -> list[str]:
    """Return the paths of all that is staged."""
    return [change.path for change in session.staged.changes] if session.staged else []


_NOTHING = "nothing under register/ is staged; what is staged was searched for names and identifiers alone"


def judged(
    session: Session, staged: "Staged", names: tuple[str, ...], fictitious: tuple[str, ...]
) -> "tuple[Finding, ...]":
    """Return what is staged outside what `check` reads, and may not be; and in the name of any file."""
    from dhrctl.checks.commits import Committed, in_staged
    from dhrctl.checks.safety import protected_name

    change = Committed(name="", message="", additions=additions(staged.changes), former=former(staged.changes))
    outside = {each.blob for each in change.additions if each.path not in session.tree.contents}
    contents = {name: content for name, content in staged.contents.items() if name in outside.union(change.former)}
    return tuple(in_staged(change, contents, protected_name(names), fictitious))
