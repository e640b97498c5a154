"""What each document is made of: the questions that its template asks of the register and of its past."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dhrctl.app.answers import ask_at_commit
from dhrctl.app.environment import Environment
from dhrctl.app.fields import choose_word
from dhrctl.app.session import (
    Session,
    add_first_targets,
    open_session,
    read_versions,
    restrict_audience,
    restrict_versions,
)
from dhrctl.errors import DhrError, Field, FieldRefused, Reason

if TYPE_CHECKING:
    from dhrctl.git.repository import Repo
    from dhrctl.reports.view import View
    from dhrctl.table import Report

FORMATS = ("md", "html")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRequest:
    """What a document is made with: `agencies` are the ids of the one that was named, `since` is a revision or day."""

    session: Session
    query: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    since: str = ""


def write_document(template: str, suffix: str, request: DocumentRequest, own: Path | None) -> str:
    """Return a document as `md` or `html`, with a template of a folder of their `own` first; raise DhrError."""
    from dhrctl.render import formats

    choose_word(suffix, FORMATS, "format")
    if own is None:
        find_template(template, MAKERS)
    return formats.render_document(template, suffix, MAKERS.get(template, OWN)(request), own)


def list_templates(own: Path | None) -> dict[str, str]:
    """Return what each template is for, by its name, those of a folder of their `own` included."""
    from dhrctl.render import formats

    return formats.purposes(MAKERS, own)


def find_template(name: str, offered: Iterable[str]) -> str:
    """Return the name of a template; raise DhrError that names the nearest where there is none."""
    from dhrctl.text.suggest import suggestion

    known = tuple(offered)
    if name in known:
        return name
    message = f'there is no template "{name}"{suggestion(name, known)}; there are {", ".join(known)}'
    raise DhrError(message)


def refuse_looking_back(template: str) -> None:
    """Raise FieldRefused where a document does not say what has changed since a day."""
    if template != "panel-pack":
        problem = (f"{template} does not look back, so it takes no ", Field("since"))
        raise FieldRefused(problem, "leave it out, or render panel-pack", field="since")


def open_repo_for(environment: Environment, at: str | None, since: str) -> "Repo":
    """Return the repository with all that a document asks of it when it looks back."""
    from dhrctl.git.repository import Repo

    repo = Repo(environment.find_root(past=at is not None))
    repo.prepare_trees(*([at] if at else []), since, upto=at or "HEAD")
    return repo


def _ask(request: DocumentRequest, *more: str) -> "View":
    return ask_at_commit(request.session, *request.query, *more)


def _ask_of_agencies(request: DocumentRequest) -> "View":
    more = (f"agency:{','.join(request.agencies)}",) if request.agencies else ()
    return _ask(request, *more)


def _make_agency(request: DocumentRequest) -> "tuple[Report, ...]":
    from dhrctl.reports import digest

    if not request.agencies:
        problem = "this paper is about one agency"
        raise FieldRefused(problem, "name it", field="agency", reason=Reason.MISSING)
    about = _ask(request)
    return tuple([digest.agency_digest(agency, about) for agency in request.agencies])


def _make_panel_pack(request: DocumentRequest) -> "tuple[Report, ...]":
    from dhrctl.app.history import list_events, take_snapshot
    from dhrctl.reports import panel_pack

    session = request.session
    if not request.since:
        problem = "this paper begins with the last meeting"
        raise FieldRefused(problem, "say when that was", field="since", reason=Reason.MISSING)
    then = open_session(session.environment, None, request.since, slips=False, repo=session.repo())
    before = restrict_audience(then, session.audience)
    about = _ask_of_agencies(request)
    if before.day > about.day:
        after = (Field("since"), f" is {before.day}, after the day of the paper, {about.day}")
        raise FieldRefused(after, "name an earlier one, or a later day", field="since")
    return panel_pack.panel_pack(about, list_events(before, session), take_snapshot(before), before.tree.commit)


def _make_recommendation(request: DocumentRequest) -> "tuple[Report, ...]":
    from dhrctl.model import query
    from dhrctl.reports import papers

    if len(request.query) != 1:
        message = "this paper is about one recommendation; name it, such as: dhrctl render recommendation dhr-3/5"
        raise DhrError(message)
    session = request.session
    record = query.find_recommendation(request.query[0], session.register)
    known = {record.id: read_versions(session, record)}
    every = ask_at_commit(add_first_targets(session, known))
    about = replace(every, judged=tuple([judged for judged in every.judged if judged.record is record]))
    return papers.recommendation(about, restrict_versions(session, known)[record.id])


def _make_from(name: str) -> "Callable[[DocumentRequest], tuple[Report, ...]]":
    """Return what makes a document of the report of a name, about the recommendations that were asked for."""

    def make(request: DocumentRequest) -> "tuple[Report, ...]":
        from dhrctl.reports import papers

        made: tuple[Report, ...] = getattr(papers, name)(_ask_of_agencies(request))
        return made

    return make


MAKERS: "Mapping[str, Callable[[DocumentRequest], tuple[Report, ...]]]" = {
    "action-plan": _make_from("action_plan"),
    "summary": _make_from("summary"),
    "panel-pack": _make_panel_pack,
    "agency": _make_agency,
    "overdue": _make_from("overdue"),
    "recommendation": _make_recommendation,
}
OWN = _make_from("every_field")
