"""How many stand where: the status of a register, whole and in groups."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from dhrctl.model.audience import Audience
from dhrctl.model.paths import natural
from dhrctl.model.records import Commitment, Register, Review, Status
from dhrctl.model.status import RAG_RULE, Rag, Timeliness
from dhrctl.reports import small_numbers as small
from dhrctl.reports.rows import Asked, Judged, counted, given, labels
from dhrctl.table import Bar, Cell, Column, Marked, Report, Row, Table
from dhrctl.text.english import long_day, plain_words, plural

Grouping = Callable[[Judged], Iterable[str]]

BY: Mapping[str, Grouping] = {
    "review": lambda judged: (judged.record.review,),
    "agency": lambda judged: judged.progress.current_leads or judged.record.lead_agencies,
    "section": lambda judged: (f"{judged.record.review}: {judged.record.section}",),
    "status": lambda judged: (judged.record.status,),
}


def status(asked: Asked, by: str = "review") -> Report:
    """Count recommendations by status, timeliness and RAG: all, and by one of BY."""
    commitments = commitments_table(asked)
    tables = (
        _bars("RAG", "rag", asked),
        _bars("Timeliness", "timeliness", asked),
        _bars("Status", "status", asked),
    )
    return Report(
        title=f"{asked.register.settings.title}: status on {long_day(asked.day)}",
        as_of=asked.day,
        commit=asked.commit,
        opening=(*asked.only, headline(asked)),
        tables=(groups(asked, by), *tables, commitments),
        facts={"total": _counts(asked.judged)},
        closing=((JOINT, RAG_RULE) if by == "agency" else (RAG_RULE,)),
    )


def headline(asked: Asked, *, alone: bool = False, whole: bool = True) -> str:
    """Say in one sentence how many there are, and how many are open unless not the `whole` is to be told.

    Of one review `alone` it does not say in how many.
    """
    found = asked.judged
    reviews = len({judged.record.review for judged in found})
    counts = plural(len(found), "recommendation") + ("" if alone else f" in {plural(reviews, 'review')}")
    if asked.few or not whole:
        return f"{counts}."
    still = sum(judged.record.status.is_open for judged in found)
    done = sum(judged.record.status is Status.COMPLETE for judged in found)
    other = len(found) - still - done
    closed = f", {other:,} closed for another reason" if other else ""
    return f"{counts}: {still:,} open, {done:,} complete{closed}."


def groups(asked: Asked, by: str) -> Table:
    """Count recommendations in the groups of one of BY."""
    grouped, hidden = _grouped(asked, by), withheld(asked, by)
    rows = [
        {**_group(key, found, by, asked.register), **(_NOT_BROKEN_DOWN if key in hidden else {})}
        for key, found in sorted(grouped.items(), key=_in_order(by, asked.register))
    ]
    return Table(
        name="groups",
        title=f"By {by}",
        empty=asked.nothing,
        columns=(
            Column(key="key"),
            Column(key="label", label=by.capitalize()),
            Column(key="total", label="Total"),
            Column(key="by_status", parts=tuple(Status)),
            Column(key="by_timeliness", parts=tuple(Timeliness)),
            Column(key="by_rag", parts=tuple(Rag)),
            *(
                Column(key=key, label=label, program=False)
                for key, label in (
                    ("overdue", "Overdue"),
                    ("due-soon", "Due soon"),
                    ("on-track", "On track"),
                    ("no-target-date", "No date"),
                    ("complete", "Complete"),
                    ("closed", "Other"),
                )
            ),
        ),
        rows=tuple(rows),
    )


def small_numbers(asked: Asked) -> tuple[str, ...]:
    """Return the sentence on small groups, where they are not broken down."""
    return (small.RULE,) if asked.audience is Audience.PUBLIC else ()


def _grouped(asked: Asked, by: str) -> Mapping[str, list[Judged]]:
    grouped: dict[str, list[Judged]] = defaultdict(list)
    for judged in asked.judged:
        for key in BY[by](judged):
            grouped[key].append(judged)
    return grouped


def withheld(asked: Asked, by: str) -> frozenset[str]:
    """Return the groups of one of BY that are not broken down; sections are parts of their reviews."""
    if asked.audience is not Audience.PUBLIC:
        return frozenset()
    grouped = _grouped(asked, by)
    sizes = {key: len(found) for key, found in grouped.items()}
    if by == "section":
        return small.withheld_within({key: found[0].record.review for key, found in grouped.items()}, sizes)
    return small.withheld(sizes)


_NOT_BROKEN_DOWN: Row = {
    **dict.fromkeys(("by_status", "by_timeliness", "by_rag")),
    **dict.fromkeys((*Timeliness, "complete"), "withheld"),
}


def _in_order(by: str, register: Register) -> Callable[[tuple[str, list[Judged]]], tuple[object, ...]]:
    """Return the order of groups: statuses as listed, sections as printed, agencies by name, reviews by id."""
    if by == "status":
        order = list(Status)
        return lambda group: (order.index(Status(group[0])),)
    if by == "section":
        printed = {
            f"{review.id}: {section}": place
            for review in register.reviews.values()
            for place, section in enumerate(review.sections)
        }
        return lambda group: (group[1][0].record.review, printed.get(group[0], len(printed)))
    if by == "agency":
        return lambda group: (register.label(group[0]).casefold(),)
    return lambda group: natural(group[0])


def _group(key: str, found: list[Judged], by: str, register: Register) -> Row:
    counts = _counts(found)
    label = key
    if by == "review":
        label = register.title(key)
    elif by == "agency":
        label = register.label(key)
    elif by == "status":
        label = plain_words(key)
    timely = counted(Timeliness, (judged.progress.timeliness for judged in found))
    complete = sum(judged.record.status is Status.COMPLETE for judged in found)
    return {"key": key, "label": label, **counts, **timely, "complete": complete}


def _counts(found: Iterable[Judged]) -> dict[str, Cell]:
    found = tuple(found)
    return {
        "total": len(found),
        "by_status": counted(Status, (judged.record.status for judged in found)),
        "by_timeliness": counted(Timeliness, (judged.progress.timeliness for judged in found)),
        "by_rag": counted(Rag, (judged.progress.rag for judged in found)),
    }


_MEANING = {
    Rag.RED: "overdue",
    Rag.AMBER: "due soon, slipped, stale or on hold",
    Rag.GREEN: "on track",
    Rag.GREY: "open without a target date, or closed for another reason",
    Rag.BLUE: "complete",
    Timeliness.OVERDUE: "the due day has passed",
    Timeliness.DUE_SOON: "the due day is near",
    Timeliness.ON_TRACK: "the due day is further off",
    Timeliness.NO_TARGET_DATE: "open, and can never be overdue",
    Timeliness.IN_TIME: "completed by its target date",
    Timeliness.LATE: "completed after its target date",
    Timeliness.NOT_KNOWN: "complete; its dates do not tell",
    Timeliness.CLOSED: "closed for another reason",
}


def _bars(title: str, key: str, asked: Asked) -> Table:
    found = asked.judged
    kinds: Mapping[str, tuple[Iterable[str], Iterable[str]]] = {
        "rag": ((Rag.RED, Rag.AMBER, Rag.GREEN, Rag.GREY, Rag.BLUE), (each.progress.rag for each in found)),
        "timeliness": (Timeliness, (each.progress.timeliness for each in found)),
        "status": (Status, (each.record.status for each in found)),
    }
    counts = counted(*kinds[key])
    rows: list[Row] = [  # the ignore: a word of an enumeration is looked up by its text
        {"word": plain_words(word), "means": _MEANING.get(word, ""), "count": count, "bar": Bar(count, len(found))}  # type: ignore[call-overload]
        for word, count in counts.items()
        if count or word in _ALWAYS
    ]
    means = (Column(key="means", label="Meaning", program=False),) if key != "status" else ()
    return Table(
        title=f"By {title if title == 'RAG' else title.lower()}",
        columns=(
            Column(key="word", label=title, program=False, whole=True, coloured=key == "rag"),
            *means,
            Column(key="count", label="Number", program=False),
            Column(key="bar", label="Share", program=False),
        ),
        rows=tuple(rows),
    )


_ALWAYS = frozenset(
    {*Rag, Timeliness.OVERDUE, Timeliness.DUE_SOON, Timeliness.ON_TRACK, Timeliness.NO_TARGET_DATE},
)


JOINT = "A recommendation with several lead agencies is counted under each, and once in the total."


def commitments_table(asked: Asked) -> Table:
    """List what the plans promise outside their recommendations; never counted among them.

    Of a query, only its `review:` words say anything of commitments; any other leaves them out.
    """
    reviews = {judged.record.review for judged in asked.judged}
    about = [review for review in asked.register.reviews.values() if review.id in reviews or not asked.words]
    if not all(word.startswith("review:") for word in asked.words):
        about = []
    rows = [_commitment(commitment, review, asked) for review in about for commitment in review.commitments]
    return Table(
        name="commitments",
        title="Promised outside the recommendations, and not counted among them",
        columns=(
            Column(key="review", label="Review", whole=True),
            Column(key="text", label="Commitment"),
            Column(key="lead_agency"),
            Column(key="lead", label="Lead", program=False),
            Column(key="target_date"),
            Column(key="target", label="Target", program=False),
            Column(key="status"),
            Column(key="said", label="Status", program=False),
        ),
        rows=tuple(rows),
    )


def _commitment(commitment: Commitment, review: Review, asked: Asked) -> Row:
    target = commitment.target_date
    late = commitment.status.is_open and target is not None and target.last < asked.day
    return {
        "review": review.id,
        "text": Marked(commitment.text),
        "lead_agency": commitment.lead_agency or None,
        "lead": labels([commitment.lead_agency] if commitment.lead_agency else [], asked.register),
        "target_date": given(target),
        "target": given(target) or "none",
        "status": commitment.status,
        "said": f"{plain_words(commitment.status)}, overdue" if late else plain_words(commitment.status),
    }
