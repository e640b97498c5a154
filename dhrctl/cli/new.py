"""The commands that begin a new file, with every field's comment."""

import click

from dhrctl.app.change import Make, find_errors
from dhrctl.cli.change import ChangeJudges, ChangeRequest, carry_out, change_options
from dhrctl.cli.options import parse_day, today


@click.group(short_help="Begin a new file, with every field explained.")
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
    ctx: click.Context,
    how: ChangeRequest,
    identity: str,
    title: str,
    kind: str,
    partnership: str,
    sections: tuple[str, ...],
) -> int:
    """Begin a review, whose id names its folder (anytown-dhr-1)."""
    from dhrctl.app.new_file import begin_review

    make = begin_review(identity, title=title, kind=kind, partnership=partnership, sections=sections)
    return _begin(ctx, how, make)


@new.command()
@click.argument("identity", metavar="ID")
@click.option("--name", default="", metavar="TEXT", help="The full official name.")
@click.option("--short-name", default="", metavar="TEXT", help="What people call it.")
@click.option(
    "--kind", default="", metavar="WORD", help="What sort of agency it is (police, csp, probation, other ...)."
)
@change_options
@click.pass_context
def agency(ctx: click.Context, how: ChangeRequest, identity: str, name: str, short_name: str, kind: str) -> int:
    """Begin an agency, whose id names its file (anytown-police)."""
    from dhrctl.app.new_file import begin_agency

    return _begin(ctx, how, begin_agency(identity, name=name, short_name=short_name, kind=kind))


@new.command(short_help="Begin a recommendation, with the next free number.")
@click.argument("review", metavar="REVIEW")
@click.option("--number", default="", metavar="NUMBER", help="Its number (default: the next that is free).")
@click.option("--section", default="", metavar="TEXT", help="The heading of the plan that it stands under.")
@click.option("--lead", "leads", multiple=True, metavar="AGENCY", help="Who leads (may be repeated).")
@click.option("--text", default="", metavar="TEXT", help="The wording of the recommendation.")
@change_options
@click.pass_context
def recommendation(
    ctx: click.Context, how: ChangeRequest, review: str, number: str, section: str, leads: tuple[str, ...], text: str
) -> int:
    """Begin a recommendation, with the next number that is free in its review."""
    from dhrctl.app.new_file import begin_recommendation

    return _begin(ctx, how, begin_recommendation(review, number=number, section=section, leads=leads, text=text))


@new.command(short_help="Begin an update as a file to be filled in.")
@click.argument("identity", metavar="ID")
@click.option("--agency", required=True, metavar="AGENCY", help="Who reports.")
@click.option("--on", metavar="DATE", help="The day of the report, YYYY-MM-DD (default: today).")
@change_options
@click.pass_context
def update(ctx: click.Context, how: ChangeRequest, identity: str, agency: str, on: str | None) -> int:
    """Begin an update as a file to be filled in; dhrctl update takes one in whole."""
    from dhrctl.app.new_file import begin_update

    return _begin(ctx, how, begin_update(identity, agency=agency, day=parse_day(on, "date") or today()))


def _begin(ctx: click.Context, how: ChangeRequest, make: Make) -> int:
    """Write a new file, and say what is still to be filled in."""
    return carry_out(ctx, make, how, held=ChangeJudges(refusing=(), warning=(find_errors,)))
