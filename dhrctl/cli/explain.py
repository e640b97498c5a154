"""The command that explains the rules: explain."""

import click

from dhrctl.cli.options import format_options, today
from dhrctl.cli.streams import find_screen, write_answer
from dhrctl.errors import Exit


@click.command(short_help="Explain a rule: what it means, why, what to do.")
@click.argument("rule", required=False)
@format_options
def explain(rule: str | None, form: str, *, as_json: bool) -> int:
    """Explain a rule: what it means, why, and how to fix or waive it; without a name, list the rules.

    \b
    Examples:
      dhrctl explain
      dhrctl explain no-target-date
    """
    from dhrctl.app.check import explain_rule, list_rules
    from dhrctl.render import formats
    from dhrctl.reports import findings

    report = findings.report_rules(list_rules(), today()) if rule is None else explain_rule(rule, today())
    write_answer(formats.FORMATS["json" if as_json else form](report, find_screen()))
    return Exit.FINE
