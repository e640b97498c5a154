"""What an agency owes: what is overdue, falls due, has no date or no news, and the words to reply with."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from dhrctl.model.audience import MADE_FOR, Audience
from dhrctl.model.paths import updates_folder
from dhrctl.model.status import RAG_RULE, Flag, Timeliness
from dhrctl.reports import small_numbers as small
from dhrctl.reports.counts import BY, JOINT, small_numbers
from dhrctl.reports.rows import STANDING, Asked, Judged, item
from dhrctl.table import Column, Layout, Report, Row, Table
from dhrctl.text.english import long_day, plural


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Something that is asked of an agency: of which recommendations, and what it is to say."""

    key: str
    label: str
    of: Callable[[Judged], bool]
    what: str


ASKS = (
    Ask(
        key="overdue",
        label="Overdue",
        of=lambda judged: judged.progress.timeliness is Timeliness.OVERDUE,
        what="Say whether it is done, and since when. If it is not, say by when it will be, and why it is late.",
    ),
    Ask(
        key="due_soon",
        label="Falling due",
        of=lambda judged: judged.progress.timeliness is Timeliness.DUE_SOON,
        what="Say whether it will be done in time. If it will not, say by when, and why.",
    ),
    Ask(
        key="no_target_date",
        label="No target date",
        of=lambda judged: judged.progress.timeliness is Timeliness.NO_TARGET_DATE,
        what="Say by when it will be done. If the work goes on for good, say when it is looked at next.",
    ),
    Ask(
        key="stale",
        label="On track, but no recent update",
        of=lambda judged: Flag.STALE in judged.progress.flags,
        what="Say what has been done since the last update.",
    ),
)


def owing(asked: Asked) -> dict[str, list[Judged]]:
    """Return what is open by the agency that leads it on the day, agencies in the order of their names."""
    found: dict[str, list[Judged]] = {}
    for judged in asked.judged:
        if judged.record.status.is_open:
            for agency in BY["agency"](judged):
                found.setdefault(agency, []).append(judged)
    return dict(sorted(found.items(), key=lambda each: asked.register.label(each[0]).casefold()))


def asks(judged: Judged) -> Ask | None:
    """Return what is asked of a recommendation: the first of ASKS that applies, if one does."""
    return next((ask for ask in ASKS if ask.of(judged)), None)


def agency(name: str, asked: Asked) -> Report:
    """Tell one agency what it owes, what else it leads, and how to reply."""
    owed = owing(asked).get(name, [])
    due = [judged for judged in owed if asks(judged)]
    rest = [judged for judged in owed if not asks(judged)]
    return Report(
        title=f"{_name(name, asked)}: what is owed on {long_day(asked.day)}",
        as_of=asked.day,
        commit=asked.commit,
        made_for=MADE_FOR[asked.audience],
        opening=(*asked.only, *_opening(name, due, owed, asked)),
        tables=(*(_asked(ask, due, asked) for ask in ASKS), _rest(rest, asked), *_replies(name, due, asked)),
        closing=(RAG_RULE,),
    )


def _name(agency: str, asked: Asked) -> str:
    known = asked.register.agencies.get(agency)
    return known.name if known else agency


def _opening(agency: str, due: list[Judged], owed: list[Judged], asked: Asked) -> Iterator[str]:
    leads = f"{_name(agency, asked)} leads {plural(len(owed), 'open recommendation')}"
    yield f"{leads}; an answer is asked for on {len(due):,}." if owed else f"{leads}."
    if due and not _answers(agency, asked):
        yield "It can give no answer itself, so name a lead in office: it has ended, or has no file in register/agencies/."


def _answers(agency: str, asked: Asked) -> bool:
    """Tell whether an agency is there to answer on the day."""
    known = asked.register.agencies.get(agency)
    return known is not None and known.in_office(asked.day)


_COLUMNS = (
    Column(key="id", label="ID", whole=True),
    STANDING,
    Column(key="target", label="Target date"),
    Column(key="last_update", label="Last update"),
    Column(key="wording", label="Recommendation"),
)


def _asked(ask: Ask, due: list[Judged], asked: Asked) -> Table:
    rows = [_row(judged, asked) for judged in due if asks(judged) is ask]
    return Table(title=ask.label, note=ask.what, columns=_COLUMNS, rows=tuple(rows))


def _rest(rest: list[Judged], asked: Asked) -> Table:
    rows = tuple([_row(judged, asked) for judged in rest])
    return Table(title="Open, with nothing asked for now", columns=_COLUMNS, rows=rows)


def _row(judged: Judged, asked: Asked) -> Row:
    last = judged.progress.last_update
    return {**item(judged, asked), "last_update": last.isoformat() if last else "none"}


def _replies(agency: str, due: list[Judged], asked: Asked) -> Iterator[Table]:
    if due and _answers(agency, asked):
        yield Table(
            title="To reply",
            note=(
                "Copy each text, say in it what is so, and send it back. "
                "Take the mark # from a line that applies; the coordinator keeps each text as the file that it names."
            ),
            layout=Layout.COPY,
            columns=(Column(key="id", label="ID"), Column(key="said", label="Text")),
            rows=tuple([{"id": judged.record.id, "said": _reply(agency, judged, asked)} for judged in due]),
        )


def _reply(agency: str, judged: Judged, asked: Asked) -> str:
    """Return an update of a recommendation, ready to be filled in."""
    day, last = asked.day.isoformat(), judged.progress.last_update
    since = f" since {long_day(last)}" if last else ""
    return (
        f"# {judged.record.id}\n"
        f"# {updates_folder(judged.record.id)}/{day}-{agency}.yaml\n"
        f'date: "{day}"\n'
        f"agency: {agency}\n"
        "by: Your role\n"
        f"text: What has been done{since}.\n"
        "# If it is done:\n"
        "# status: complete\n"
        f'# completion_date: "{day[:7]}"\n'
        "# If it needs a date, or another:\n"
        f'# target_date: "{day[:7]}"\n'
        "# reason: Why that date.\n"
    )


def due(asked: Asked) -> tuple[str, ...]:
    """Return the ids of the agencies of which something is asked."""
    return tuple([agency for agency, owed in owing(asked).items() if any(map(asks, owed))])


def overview(asked: Asked) -> Report:
    """Tell how much is asked of each agency."""
    found = {agency: [judged for judged in owed if asks(judged)] for agency, owed in owing(asked).items()}
    sizes = {agency: len(about) for agency, about in found.items() if about}
    hidden = small.withheld(sizes) if asked.audience is Audience.PUBLIC else frozenset()
    rows = [
        {
            "agency": _name(name, asked),
            "total": sizes[name],
            **{
                ask.key: "withheld" if name in hidden else sum(asks(each) is ask for each in found[name])
                for ask in ASKS
            },
        }
        for name in sizes
    ]
    several = len({judged.record.id for judged in chain.from_iterable(found.values())})
    return Report(
        title=f"{asked.register.settings.title}: what is owed on {long_day(asked.day)}",
        as_of=asked.day,
        commit=asked.commit,
        made_for=MADE_FOR[asked.audience],
        opening=(f"An answer is asked for on {plural(several, 'recommendation')}.",),
        tables=(
            Table(
                title="By agency",
                note="Each is counted in the first column that applies to it.",
                columns=(
                    Column(key="agency", label="Agency"),
                    Column(key="total", label="In all"),
                    *(Column(key=ask.key, label=ask.label) for ask in ASKS),
                ),
                rows=tuple(rows),
                empty="Nothing is owed.",
            ),
        ),
        closing=(JOINT, RAG_RULE, *small_numbers(asked)),
    )
