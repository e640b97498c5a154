"""Answers about the register as it is: one recommendation whole, and the agencies that a name stands for."""

from dataclasses import replace
from typing import TYPE_CHECKING

from dhrctl.app.session import Session, add_first_targets, apply_query, read_versions
from dhrctl.errors import DhrError

if TYPE_CHECKING:
    from dhrctl.model.records import Recommendation
    from dhrctl.reports.view import View
    from dhrctl.table import Report


def show_recommendation(session: Session, record: "Recommendation") -> "Report":
    """Return one recommendation whole, with its updates; of git, its own history alone is asked for."""
    from dhrctl.reports import answers
    from dhrctl.reports.view import build_view

    session = add_first_targets(session, {record.id: read_versions(session, record)})
    found = build_view(session.register, session.day, lambda each, _: each is record, commit=session.tree.commit)
    return answers.describe_recommendation(found)


def find_agencies(name: str, session: Session) -> tuple[str, ...]:
    """Return the ids of the agencies in office that a name stands for: those that took over from one that ended."""
    from dhrctl.model import query
    from dhrctl.model.status import current_leads

    found = sorted(query.match_agencies(name, session.register))
    return current_leads(found, session.register, session.day) or tuple(found)


def ask_at_commit(session: Session, *words: str) -> "View":
    """Return what a query asks about, at the commit that was read, also where the files are still as committed."""
    from dhrctl.git import timelines

    about = apply_query(session, words)
    if about.commit:
        return about
    try:
        commit = timelines.matching_commit(session.repo(), session.tree.contents)
    except DhrError:  # no git, or nothing committed: the files alone are there
        return about
    return replace(about, commit=commit)
