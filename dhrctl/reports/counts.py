"""How many stand where: the status of a register, whole and in groups."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from dhrctl.model.audience import Audience
from dhrctl.model.paths import natural_key
from dhrctl.model.records import Commitment, Register, Review, Status
from dhrctl.model.status import RAG_RULE, Rag, Timeliness
from dhrctl.reports import small_numbers as small
from dhrctl.reports.rows import count_by_key, date_text, labels
from dhrctl.reports.view import Judged, View
from dhrctl.table import Bar, Cell, Column, MarkdownText, Report, Row, Table
from dhrctl.text.english import long_day, plain_words, plural

Grouping = Callable[[Judged], Iterable[str]]

GROUPINGS: Mapping[str, Grouping] = {
    "review": lambda judged: (judged.record.review,),
    "agency": lambda judged: judged.progress.current_leads or judged.record.lead_agencies,
    "section": lambda judged: (f"{judged.record.review}: {judged.record.section}",),
    "status": lambda judged: (judged.record.status,),
}


def status(view: View, by: str = "review") -> Report:
    """Count recommendations by status, timeliness and RAG: all, and by one of GROUPINGS."""
    commitments = commitments_table(view)
    tables = (
        _bars("RAG", "rag", view),
        _bars("Timeliness", "timeliness", view),
        _bars("Status", "status", view),
    )
    return Report(
        title=f"{view.register.settings.title}: status on {long_day(view.day)}",
        as_of=view.day,
        commit=view.commit,
        opening=(*view.filter_notes, headline(view)),
        asides=view.asides,
        tables=(groups(view, by), *tables, commitments),
        facts={"total": _counts(view.judged)},
        closing=((JOINT, RAG_RULE) if by == "agency" else (RAG_RULE,)),
    )


def headline(view: View, *, alone: bool = False, whole: bool = True) -> str:
    """Say in one sentence how many there are, and how many are open unless the `whole` is not to be broken down.

    Of one review `alone` it does not say in how many.
    """
    found = view.judged
    reviews = len({judged.record.review for judged in found})
    counts = plural(len(found), "recommendation") + ("" if alone else f" in {plural(reviews, 'review')}")
    if view.is_small or not whole:
        return f"{counts}."
    still = sum(judged.record.status.is_open for judged in found)
    done = sum(judged.record.status is Status.COMPLETE for judged in found)
    other = len(found) - still - done
    closed = f", {other:,} closed for another reason" if other else ""
    return f"{counts}: {still:,} open, {done:,} complete{closed}."


def groups(view: View, by: str) -> Table:
    """Count recommendations in the groups of one of GROUPINGS."""
    grouped, hidden = _split_into_groups(view, by), find_redacted_groups(view, by)
    rows = [
        {**_group(key, found, by, view.register), **(_NOT_BROKEN_DOWN if key in hidden else {})}
        for key, found in sorted(grouped.items(), key=_group_order(by, view.register))
    ]
    return Table(
        name="groups",
        title=f"By {by}",
        empty=view.empty_sentence,
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


def small_numbers_note(view: View) -> tuple[str, ...]:
    """Return the sentence on small groups, where they are not broken down."""
    return (small.RULE,) if view.audience is Audience.PUBLIC else ()


def _split_into_groups(view: View, by: str) -> Mapping[str, list[Judged]]:
    grouped: dict[str, list[Judged]] = defaultdict(list)
    for judged in view.judged:
        for key in GROUPINGS[by](judged):
            grouped[key].append(judged)
    return grouped


def find_redacted_groups(view: View, by: str) -> frozenset[str]:
    """Return the groups of one of GROUPINGS that are not broken down; sections are parts of their reviews."""
    if view.audience is not Audience.PUBLIC:
        return frozenset()
    grouped = _split_into_groups(view, by)
    sizes = {key: len(found) for key, found in grouped.items()}
    if by == "section":
        return small.redacted_subgroups({key: found[0].record.review for key, found in grouped.items()}, sizes)
    return small.redacted_groups(sizes)


_NOT_BROKEN_DOWN: Row = {
    **dict.fromkeys(("by_status", "by_timeliness", "by_rag")),
    **dict.fromkeys((*Timeliness, "complete"), "withheld"),
}


def _group_order(by: str, register: Register) -> Callable[[tuple[str, list[Judged]]], tuple[object, ...]]:
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
    return lambda group: natural_key(group[0])


def _group(key: str, found: list[Judged], by: str, register: Register) -> Row:
    counts = _counts(found)
    label = key
    if by == "review":
        label = register.title(key)
    elif by == "agency":
        label = register.label(key)
    elif by == "status":
        label = plain_words(key)
    timely = count_by_key(Timeliness, (judged.progress.timeliness for judged in found))
    complete = sum(judged.record.status is Status.COMPLETE for judged in found)
    return {"key": key, "label": label, **counts, **timely, "complete": complete}


def _counts(found: Iterable[Judged]) -> dict[str, Cell]:
    found = tuple(found)
    return {
        "total": len(found),
        "by_status": count_by_key(Status, (judged.record.status for judged in found)),
        "by_timeliness": count_by_key(Timeliness, (judged.progress.timeliness for judged in found)),
        "by_rag": count_by_key(Rag, (judged.progress.rag for judged in found)),
    }


_MEANING = {
    Rag.RED: "overdue",
    Rag.AMBER: "due soon, slipped, stale or on hold",
    Rag.GREEN: "due later, and neither slipped, stale nor on hold",
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


def _bars(title: str, key: str, view: View) -> Table:
    found = view.judged
    kinds: Mapping[str, tuple[Iterable[str], Iterable[str]]] = {
        "rag": ((Rag.RED, Rag.AMBER, Rag.GREEN, Rag.GREY, Rag.BLUE), (each.progress.rag for each in found)),
        "timeliness": (Timeliness, (each.progress.timeliness for each in found)),
        "status": (Status, (each.record.status for each in found)),
    }
    counts = count_by_key(*kinds[key])
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


def commitments_table(view: View) -> Table:
    """List what the plans promise outside their recommendations; never counted among them.

    Of a query, only its `review:` words say anything of commitments; any other leaves them out.
    """
    reviews = {judged.record.review for judged in view.judged}
    about = [review for review in view.register.reviews.values() if review.id in reviews or not view.words]
    if not all(word.startswith("review:") for word in view.words):
        about = []
    rows = [_commitment(commitment, review, view) for review in about for commitment in review.commitments]
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


def _commitment(commitment: Commitment, review: Review, view: View) -> Row:
    target = commitment.target_date
    late = commitment.status.is_open and target is not None and target.last < view.day
    return {
        "review": review.id,
        "text": MarkdownText(commitment.text),
        "lead_agency": commitment.lead_agency or None,
        "lead": labels([commitment.lead_agency] if commitment.lead_agency else [], view.register),
        "target_date": date_text(target),
        "target": date_text(target) or "none",
        "status": commitment.status,
        "said": f"{plain_words(commitment.status)}, overdue" if late else plain_words(commitment.status),
    }
