"""The register as a file that another program opens."""

from dataclasses import replace
from typing import TYPE_CHECKING

from dhrctl.app.answers import ask_at_commit
from dhrctl.app.session import Session, add_first_targets, read_timelines, restrict_audience, restrict_versions
from dhrctl.errors import DhrError

if TYPE_CHECKING:
    from dhrctl.export.formats import Format, Timelines


def find_format(name: str) -> "Format":
    """Return the format of a name; raise DhrError that names the nearest where there is none."""
    from dhrctl.export.formats import FILES
    from dhrctl.text.suggest import suggestion

    if name not in FILES:
        message = f'there is no format "{name}"{suggestion(name, FILES)}; there are {", ".join(FILES)}'
        raise DhrError(message)
    return FILES[name]


def export_register(session: Session, chosen: "Format", words: tuple[str, ...], audience: str) -> bytes:
    """Return what an audience may see of the recommendations that a query finds, in a format; tell what is to be said."""
    session, versions = _read_past(session) if chosen.past else (session, {})
    session = restrict_audience(session, audience)
    view = ask_at_commit(session, *words)
    view = replace(view, whole_past=not session.history_gap)
    for note in view.notes:
        session.environment.tell(note.text)
    return chosen.write(view, restrict_versions(session, versions))


def _read_past(session: Session) -> "tuple[Session, Timelines]":
    """Return what git holds, and the register with its first targets; nothing where there is no git or no history."""
    from dhrctl.git.errors import LostObjectError

    try:
        known = read_timelines(session.environment, session.repo(), session.tree.commit)
    except LostObjectError:
        session.repo().note_loss()
        return session, {}
    except DhrError:
        session.environment.tell("git knows nothing of this register here; what changed is told from its updates alone")
        return session, {}
    return add_first_targets(session, known), known
