"""The end of an agency: who takes over, and what passes to them."""

from dataclasses import dataclass
from datetime import date

from dhrctl.app.session import Session
from dhrctl.edits.changeset import Changeset
from dhrctl.edits.transfer import build_transfer, led_recommendations
from dhrctl.errors import DhrError, Exit
from dhrctl.model import query
from dhrctl.model.paths import agency_path
from dhrctl.model.records import Agency
from dhrctl.reports.handover import handover
from dhrctl.table import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferOptions:
    """Which agency ends, which takes over, from which day on, and how, in words."""

    old: str
    new: str
    since: date
    note: str = ""


def transfer_work(options: TransferOptions, session: Session) -> Changeset:
    """Return the change by which the work of one agency passes to another; raise DhrError where it cannot."""
    old, new = _find_parties(options, session)
    return build_transfer(old, new, options.since, options.note, session.register, session.tree, session.day)


def preview_transfer(options: TransferOptions, session: Session) -> Report:
    """Return the recommendations that pass from one agency to another."""
    old, new = _find_parties(options, session)
    return handover(old, new, options.since, led_recommendations(old, session.register), session.register, session.day)


def _find_parties(options: TransferOptions, session: Session) -> tuple[Agency, Agency]:
    return _find_agency(options.old, session), _find_agency(options.new, session)


def _find_agency(word: str, session: Session) -> Agency:
    """Return the agency that a word names; raise DhrError where its file cannot be read."""
    found = query.find_agency(word, session.register)
    if found not in session.register.agencies:
        message = f"{found} has no file that can be read; see {agency_path(found)}"
        raise DhrError(message, Exit.FINDINGS)
    return session.register.agencies[found]
