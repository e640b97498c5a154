"""The commands that begin a new file, with every field's comment."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from dhrctl.cli.change import How, carried_out, change_options, wrong
from dhrctl.cli.options import judged_on
from dhrctl.cli.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dhrctl.edits.changeset import Change
    from dhrctl.model.records import Register


@click.group()
def new() -> None:
    """Begin a new file: every field with its comment, what is still to be filled in plainly marked.

    \b
    Examples:
      dhrctl new agency anytown-police --name "Anytown Police" --kind police
      dhrctl new recommendation anytown-dhr-1 --lead anytown-police
    """


@new.command()
@click.argument("identity", metavar="ID")
@click.option("--title", default="", metavar="TEXT")
@click.option("--kind", default="", metavar="WORD", help="dhr, dardr, susr or other.")
@click.option("--partnership", default="", metavar="AGENCY", help="The Community Safety Partnership.")
@click.option("--section", "sections", multiple=True, metavar="TEXT", help="A heading of the plan (may be repeated).")
@change_options
@click.pass_context
def review(
    ctx: click.Context, how: How, identity: str, title: str, kind: str, partnership: str, sections: tuple[str, ...]
) -> int:
    """Begin a review, whose id names its folder (anytown-dhr-1)."""

    def fields(register: "Register") -> "Mapping[str, Any]":
        return {
            "title": title,
            "kind": kind,
            "partnership": _agency(partnership, register),
            "sections": list(sections),
        }

    from dhrctl.model.paths import review_path

    return _begun(ctx, how, lambda _: review_path(identity), fields)


@new.command()
@click.argument("identity", metavar="ID")
@click.option("--name", default="", metavar="TEXT", help="The full official name.")
@click.option("--short-name", default="", metavar="TEXT", help="What people call it.")
@click.option(
    "--kind", default="", metavar="WORD", help="What sort of agency it is (police, csp, probation, other ...)."
)
@change_options
@click.pass_context
def agency(ctx: click.Context, how: How, identity: str, name: str, short_name: str, kind: str) -> int:
    """Begin an agency, whose id names its file (anytown-police)."""
    from dhrctl.model.paths import agency_path

    given = {"name": name, "short_name": short_name, "kind": kind}
    return _begun(ctx, how, lambda _: agency_path(identity), lambda _: given)


@new.command()
@click.argument("review", metavar="REVIEW")
@click.option("--number", default="", metavar="NUMBER", help="Its number (default: the next that is free).")
@click.option("--section", default="", metavar="TEXT", help="The heading of the plan that it stands under.")
@click.option("--lead", "leads", multiple=True, metavar="AGENCY", help="Who leads (may be repeated).")
@click.option("--text", default="", metavar="TEXT", help="The wording of the recommendation.")
@change_options
@click.pass_context
def recommendation(
    ctx: click.Context, how: How, review: str, number: str, section: str, leads: tuple[str, ...], text: str
) -> int:
    """Begin a recommendation, with the next number that is free in its review."""

    def path(session: Session) -> str:
        from dhrctl.edits import new_file
        from dhrctl.model import query
        from dhrctl.model.paths import recommendation_path

        register = session.reading.register
        of = query.review(review, register)
        own = new_file.free_number(number or new_file.next_number(of, section, register), of, register)
        return recommendation_path(f"{of}/{own}")

    def fields(register: "Register") -> "Mapping[str, Any]":
        from dhrctl.edits.changeset import filled
        from dhrctl.model import query

        known = register.reviews.get(query.review(review, register))
        only = known.sections[0] if known and len(known.sections) == 1 else ""
        return {
            "recommendation": filled(text),
            "section": section or only,
            "lead_agencies": [_agency(lead, register) for lead in leads],
            "status": "not-started",
        }

    return _begun(ctx, how, path, fields)


@new.command()
@click.argument("identity", metavar="ID")
@click.option("--agency", required=True, metavar="AGENCY", help="Who reports.")
@click.option("--on", metavar="DATE", help="The day of the report, YYYY-MM-DD (default: today).")
@change_options
@click.pass_context
def update(ctx: click.Context, how: How, identity: str, agency: str, on: str | None) -> int:
    """Begin an update as a file to be filled in; dhrctl update takes one in whole."""
    day = judged_on(on, "--on")

    def path(session: Session) -> str:
        from dhrctl.edits.update import free_path
        from dhrctl.model import query

        register = session.reading.register
        record = query.recommendation(identity, register)
        return free_path(record.id, day, query.agency(agency, register), session.tree)

    def fields(register: "Register") -> "Mapping[str, Any]":
        return {"date": day.isoformat(), "agency": _agency(agency, register)}

    return _begun(ctx, how, path, fields)


def _agency(word: str, register: "Register") -> str:
    from dhrctl.model import query

    return query.agency(word, register) if word else ""


def _begun(
    ctx: click.Context,
    how: How,
    path: Callable[[Session], str],
    fields: "Callable[[Register], Mapping[str, Any]]",
) -> int:
    """Write a new file, and say what is still to be filled in."""
    from dhrctl.edits import new_file

    def make(session: Session) -> "Change":
        return new_file.made(path(session), fields(session.reading.register), session.tree)

    return carried_out(ctx, make, how, refused_for=(), warned_of=(wrong,))
