"""What an agency owes: what is overdue, falls due, has no date or no news, and the words to reply with."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from dhrctl.model.audience import MADE_FOR, Audience
from dhrctl.model.paths import updates_folder
from dhrctl.model.status import RAG_RULE, Flag, Timeliness
from dhrctl.reports import small_numbers as small
from dhrctl.reports.counts import GROUPINGS, JOINT, small_numbers_note
from dhrctl.reports.rows import RAG_STATUS, item
from dhrctl.reports.view import Judged, View
from dhrctl.table import Column, Layout, Report, Row, Table
from dhrctl.text.english import long_day, plural


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRequest:
    """A reply that is needed from an agency: on which recommendations, and what it is to say."""

    key: str
    label: str
    applies: Callable[[Judged], bool]
    what: str


REPLY_REQUESTS = (
    ReplyRequest(
        key="overdue",
        label="Overdue",
        applies=lambda judged: judged.progress.timeliness is Timeliness.OVERDUE,
        what="Say whether it is done, and since when. If it is not, say by when it will be, and why it is late.",
    ),
    ReplyRequest(
        key="due_soon",
        label="Falling due",
        applies=lambda judged: judged.progress.timeliness is Timeliness.DUE_SOON,
        what="Say whether it will be done in time. If it will not, say by when, and why.",
    ),
    ReplyRequest(
        key="no_target_date",
        label="No target date",
        applies=lambda judged: judged.progress.timeliness is Timeliness.NO_TARGET_DATE,
        what="Say by when it will be done. If the work goes on for good, say when it is looked at next.",
    ),
    ReplyRequest(
        key="stale",
        label="Due later, but no recent update",
        applies=lambda judged: Flag.STALE in judged.progress.flags,
        what="Say what has been done since the last update.",
    ),
)


def group_open_by_lead(view: View) -> dict[str, list[Judged]]:
    """Return what is open by the agency that leads it on the day, agencies in the order of their names."""
    found: dict[str, list[Judged]] = {}
    for judged in view.judged:
        if judged.record.status.is_open:
            for agency in GROUPINGS["agency"](judged):
                found.setdefault(agency, []).append(judged)
    return dict(sorted(found.items(), key=lambda each: view.register.label(each[0]).casefold()))


def find_reply_request(judged: Judged) -> ReplyRequest | None:
    """Return which reply a recommendation needs: the first of REPLY_REQUESTS that applies, if one does."""
    return next((ask for ask in REPLY_REQUESTS if ask.applies(judged)), None)


def agency_digest(name: str, view: View) -> Report:
    """Tell one agency what it owes, what else it leads, and how to reply."""
    owed = group_open_by_lead(view).get(name, [])
    due = [judged for judged in owed if find_reply_request(judged)]
    rest = [judged for judged in owed if not find_reply_request(judged)]
    return Report(
        title=f"{_name(name, view)}: what is owed on {long_day(view.day)}",
        as_of=view.day,
        commit=view.commit,
        made_for=MADE_FOR[view.audience],
        opening=(*view.filter_notes, *_opening(name, due, owed, view)),
        tables=(
            *(_request_table(ask, due, view) for ask in REPLY_REQUESTS),
            _rest(rest, view),
            *_replies(name, due, view),
        ),
        closing=(RAG_RULE,),
    )


def _name(agency: str, view: View) -> str:
    known = view.register.agencies.get(agency)
    return known.name if known else agency


def _need(count: int) -> str:
    return "needs" if count == 1 else "need"


def _opening(agency: str, due: list[Judged], owed: list[Judged], view: View) -> Iterator[str]:
    leads = f"{_name(agency, view)} leads {plural(len(owed), 'open recommendation')}"
    yield f"{leads}; {len(due):,} {_need(len(due))} a reply." if owed else f"{leads}."
    if due and not _can_reply(agency, view):
        yield "It can give no answer itself, so name a lead in office: it has ended, or has no file in register/agencies/."


def _can_reply(agency: str, view: View) -> bool:
    """Tell whether an agency is there to answer on the day."""
    known = view.register.agencies.get(agency)
    return known is not None and known.in_office(view.day)


_COLUMNS = (
    Column(key="id", label="ID", whole=True),
    RAG_STATUS,
    Column(key="target", label="Target date"),
    Column(key="last_update", label="Last update"),
    Column(key="wording", label="Recommendation"),
)


def _request_table(ask: ReplyRequest, due: list[Judged], view: View) -> Table:
    rows = [_row(judged, view) for judged in due if find_reply_request(judged) is ask]
    return Table(title=ask.label, note=ask.what, columns=_COLUMNS, rows=tuple(rows))


def _rest(rest: list[Judged], view: View) -> Table:
    rows = tuple([_row(judged, view) for judged in rest])
    return Table(title="Open, with nothing asked for now", columns=_COLUMNS, rows=rows)


def _row(judged: Judged, view: View) -> Row:
    last = judged.progress.last_update
    return {**item(judged, view), "last_update": last.isoformat() if last else "none"}


def _replies(agency: str, due: list[Judged], view: View) -> Iterator[Table]:
    if due and _can_reply(agency, view):
        yield Table(
            title="To reply",
            note=(
                "Copy each text, say in it what is so, and send it back. "
                "Take the mark # from a line that applies; the coordinator keeps each text as the file that it names."
            ),
            layout=Layout.COPY,
            columns=(Column(key="id", label="ID"), Column(key="said", label="Text")),
            rows=tuple([{"id": judged.record.id, "said": _reply(agency, judged, view)} for judged in due]),
        )


def _reply(agency: str, judged: Judged, view: View) -> str:
    """Return an update of a recommendation, ready to be filled in."""
    day, last = view.day.isoformat(), judged.progress.last_update
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


def list_agencies_due(view: View) -> tuple[str, ...]:
    """Return the ids of the agencies from which a reply is needed."""
    return tuple([agency for agency, owed in group_open_by_lead(view).items() if any(map(find_reply_request, owed))])


def overview(view: View) -> Report:
    """Report how many replies are needed from each agency."""
    found = {
        agency: [judged for judged in owed if find_reply_request(judged)]
        for agency, owed in group_open_by_lead(view).items()
    }
    sizes = {agency: len(about) for agency, about in found.items() if about}
    hidden = small.redacted_groups(sizes) if view.audience is Audience.PUBLIC else frozenset()
    rows = [
        {
            "agency": _name(name, view),
            "total": sizes[name],
            **{
                ask.key: "withheld" if name in hidden else sum(find_reply_request(each) is ask for each in found[name])
                for ask in REPLY_REQUESTS
            },
        }
        for name in sizes
    ]
    several = len({judged.record.id for judged in chain.from_iterable(found.values())})
    return Report(
        title=f"{view.register.settings.title}: what is owed on {long_day(view.day)}",
        as_of=view.day,
        commit=view.commit,
        made_for=MADE_FOR[view.audience],
        opening=(f"{plural(several, 'recommendation')} {_need(several)} a reply.",),
        tables=(
            Table(
                title="By agency",
                note="Each is counted in the first column that applies to it.",
                columns=(
                    Column(key="agency", label="Agency"),
                    Column(key="total", label="In all"),
                    *(Column(key=ask.key, label=ask.label) for ask in REPLY_REQUESTS),
                ),
                rows=tuple(rows),
                empty="Nothing is owed.",
            ),
        ),
        closing=(JOINT, RAG_RULE, *small_numbers_note(view)),
    )
