"""What each agency owes, as one text or as one for each agency."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dhrctl.app.answers import ask_at_commit, find_agencies
from dhrctl.app.fields import choose_word
from dhrctl.app.session import Session
from dhrctl.errors import FieldRefused, Reason

if TYPE_CHECKING:
    from dhrctl.reports.view import View
    from dhrctl.table import Report

FORMATS = ("md", "html", "eml")


def write_digest(session: Session, agency: str | None, suffix: str, limit: int | None) -> str:
    """Return what every agency owes, or the one that is named, as `md`, `html` or `eml`; raise FieldRefused.

    With a limit, in characters, agencies that do not fit are left out, and the text says so.
    """
    from dhrctl.reports import digest

    about = ask_at_commit(session)
    first = (digest.overview(about),) if agency is None else ()
    reports = (*first, *(digest.agency_digest(name, about) for name in _list_agencies(session, agency, about)))
    if suffix == "eml" and len(reports) != 1:
        problem = "an e-mail is for one agency"
        raise FieldRefused(problem, "name it, or write one for each of them", field="agency", reason=Reason.TOO_MANY)
    return _fit([_render((report,), suffix) for report in reports], limit) if limit else _render(reports, suffix)


def write_digests(session: Session, agency: str | None, suffix: str) -> dict[str, str]:
    """Return what each agency owes, by its id; tell of those that a file cannot be named for."""
    from dhrctl.reports import digest

    about = ask_at_commit(session)
    found = {}
    for name in _list_agencies(session, agency, about):
        if name in about.register.agencies:
            found[name] = _render((digest.agency_digest(name, about),), suffix)
        else:
            session.environment.tell(f"nothing is written for {name!r}, which has no file in register/agencies/")
    return found


def _list_agencies(session: Session, agency: str | None, about: "View") -> Sequence[str]:
    from dhrctl.reports import digest

    return digest.list_agencies_due(about) if agency is None else find_agencies(agency, session)


def _render(reports: "tuple[Report, ...]", suffix: str) -> str:
    from dhrctl.render import formats

    choose_word(suffix, FORMATS, "format")
    if suffix != "eml":
        return formats.render_document("agency", suffix, reports)
    text, html = (formats.render_document("agency", each, reports) for each in ("txt", "html"))
    return formats.eml(reports[0].title, text, html, reports[0].as_of)


def _fit(parts: Sequence[str], limit: int) -> str:
    """Join as many parts as fit into so many characters, and say how many do not."""
    from dhrctl.text.english import plural

    for count in range(len(parts), 0, -1):
        left = len(parts) - count
        rest = (
            f"Not all fits here: {plural(left, 'more agency', 'more agencies')}. See them all with: dhrctl digest\n"
            if left
            else ""
        )
        text = "".join((*parts[:count], rest))
        if len(text) <= limit:
            return text
    return "Nothing fits here. See it all with: dhrctl digest\n"[:limit]
