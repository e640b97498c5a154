"""New files: a review, an agency, a recommendation or an update, with every field's comment."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from dhrctl.app.change import Make
from dhrctl.app.session import Session

if TYPE_CHECKING:
    from dhrctl.edits.changeset import Changeset
    from dhrctl.model.records import Register

FieldMaker = Callable[["Register"], Mapping[str, Any]]


def begin_review(identity: str, *, title: str, kind: str, partnership: str, sections: tuple[str, ...]) -> Make:
    """Return what begins a review, whose id names its folder."""
    from dhrctl.model.paths import review_path

    def fields(register: "Register") -> Mapping[str, Any]:
        return {
            "title": title,
            "kind": kind,
            "partnership": _agency(partnership, register),
            "sections": list(sections),
        }

    return _begin(lambda _: review_path(identity), fields)


def begin_agency(identity: str, *, name: str, short_name: str, kind: str) -> Make:
    """Return what begins an agency, whose id names its file."""
    from dhrctl.model.paths import agency_path

    given = {"name": name, "short_name": short_name, "kind": kind}
    return _begin(lambda _: agency_path(identity), lambda _: given)


def begin_recommendation(review: str, *, number: str, section: str, leads: tuple[str, ...], text: str) -> Make:
    """Return what begins a recommendation, with the next number that its review never had unless one is given.

    What git cannot tell of that is told.
    """
    used: dict[str, frozenset[str]] = {}

    def list_used(of: str, session: Session) -> frozenset[str]:
        """Return the numbers of the past; git is asked once, whether the change is proposed or made."""
        from dhrctl.git.numbers import list_former_numbers

        if of not in used:
            used[of], gap = list_former_numbers(session.root, of)
            if gap:
                session.environment.tell(gap)
        return used[of]

    def path(session: Session) -> str:
        from dhrctl.edits import new_file
        from dhrctl.model import query
        from dhrctl.model.paths import recommendation_path

        register = session.register
        of = query.find_review(review, register)
        former = list_used(of, session)
        offered = number or new_file.next_number(of, section, register, former)
        own = new_file.free_number(offered, of, register, former)
        return recommendation_path(f"{of}/{own}")

    def fields(register: "Register") -> Mapping[str, Any]:
        from dhrctl.edits.changeset import wrap_text
        from dhrctl.model import query

        known = register.reviews.get(query.find_review(review, register))
        only = known.sections[0] if known and len(known.sections) == 1 else ""
        return {
            "recommendation": wrap_text(text),
            "section": known.heading(section) if known and section else section or only,
            "lead_agencies": [_agency(lead, register) for lead in leads],
            "status": "not-started",
        }

    return _begin(path, fields)


def begin_update(identity: str, *, agency: str, day: date) -> Make:
    """Return what begins the update of an agency of a day."""

    def path(session: Session) -> str:
        from dhrctl.edits.update import free_path
        from dhrctl.model import query

        record = query.find_recommendation(identity, session.register)
        return free_path(record.id, day, query.find_agency(agency, session.register), session.tree)

    def fields(register: "Register") -> Mapping[str, Any]:
        return {"date": day.isoformat(), "agency": _agency(agency, register)}

    return _begin(path, fields)


def _agency(word: str, register: "Register") -> str:
    from dhrctl.model import query

    return query.find_agency(word, register) if word else ""


def _begin(path: Callable[[Session], str], fields: FieldMaker) -> Make:
    def make(session: Session) -> "Changeset":
        from dhrctl.edits import new_file

        return new_file.build_new_file(path(session), fields(session.register), session.tree)

    return make
