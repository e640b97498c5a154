"""A record that says another thing than its source, and a source that leaves open when."""

import re
from collections.abc import Iterator
from datetime import date

from dhrctl.checks.check import Phrases, Violation, check, quote_text, texts
from dhrctl.findings.finding import Keys, Severity
from dhrctl.model.edtf import When
from dhrctl.model.printed_dates import CellReading, Doubt, PrintedDate, StandIn, read_cell
from dhrctl.model.printed_headings import Heading, read_heading
from dhrctl.model.printed_status import PrintedStatus, Says, read_statuses, split_items
from dhrctl.model.records import Recommendation, Register, Status
from dhrctl.text.alike import plain_signs


def _cells(record: Recommendation, *headings: Heading) -> Iterator[tuple[str, Heading, str]]:
    """Yield the printed cells below some headings: heading as printed, what it is about, cell."""
    for column, cell in record.as_stated.items():
        heading = read_heading(column)
        if heading in headings:
            yield column, heading, cell


_OPEN = frozenset(status for status in Status if status.is_open)
_ENDED = frozenset({Status.SUPERSEDED, Status.NOT_ACCEPTED, Status.CANCELLED})
_AGREEING = {
    Says.COMPLETE: frozenset({Status.COMPLETE}),
    Says.CLOSED: _ENDED | {Status.COMPLETE},
    Says.IN_PROGRESS: frozenset({Status.IN_PROGRESS, Status.ON_HOLD, Status.UNKNOWN}),
    Says.NOT_STARTED: frozenset({Status.NOT_STARTED, Status.ON_HOLD, Status.UNKNOWN}),
    Says.NOT_COMPLETE: _OPEN,
    Says.ON_TRACK: _OPEN,
    Says.PROMISED: _OPEN,
    Says.ON_HOLD: frozenset({Status.ON_HOLD, Status.NOT_STARTED, Status.UNKNOWN}),
    Says.SUPERSEDED: _ENDED,
    Says.NOT_ACCEPTED: _ENDED,
    Says.CANCELLED: _ENDED,
}
_DONE = frozenset({Says.COMPLETE, Says.CLOSED})
_NOT_DONE = frozenset(says for says, agreeing in _AGREEING.items() if agreeing <= _OPEN)


@check(Severity.ERROR, gap=True)
def contradicts_its_source(register: Register, _: date) -> Iterator[Violation]:
    """The status agrees with what the source says, and the source with itself.

    A cell that says both "ongoing" and "completed" can be read either way by whoever it suits. The numbered
    parts of a cell are those of its actions. An update that gives the status settles it.

    Bad:
        status: in-progress
        as_stated:
          Expected End Date: Ongoing. External review now completed

    Good:
        status: complete
        as_stated:
          Expected End Date: Completed
    """
    judged = (Heading.TARGET, Heading.COMPLETION, Heading.STATUS, Heading.ANSWER, Heading.PROGRESS)
    for record in register.recommendations:
        if not record.as_stated or any(update.status for update in record.updates):
            continue
        for column, heading, cell in _cells(record, *judged):
            said = [read_statuses(item, heading) for item in split_items(cell)]
            for problem, values in _contradictions(record, cell, said):
                yield Violation(
                    record=record,
                    keys=("as_stated", column),
                    problem=problem,
                    fix="ask the lead agency which is right, and give an update that says so",
                    values=values,
                )


_Statuses = tuple[PrintedStatus, ...]


def _contradictions(record: Recommendation, cell: str, said: list[_Statuses]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what disagrees in a cell whose items say these statuses, with the data that it is about."""
    for statuses in said:
        done = next((each for each in statuses if each.says in _DONE), None)
        doing = next((each for each in statuses if each.says in _NOT_DONE), None)
        if done and doing:
            yield f'the source says both "{doing.text}" and "{done.text}"', (doing.text, done.text)
            return
    whole = _whole_status(said)
    if whole and record.status not in _AGREEING[whole.says]:
        yield f"the source says {quote_text(cell)}, and the status is {record.status}", (cell, record.status)
    elif len(said) == len(record.actions) > 1:
        for number, (statuses, action) in enumerate(zip(said, record.actions, strict=True), start=1):
            if statuses and action.status and action.status not in _AGREEING[statuses[0].says]:
                text = statuses[0].text
                problem = f'the source says "{text}" of action {number}, and its status is {action.status}'
                yield problem, (text, str(number), action.status)


def _whole_status(said: list[_Statuses]) -> PrintedStatus | None:
    """Return what the items of a cell say together: that all is done only where each of them says so."""
    first = [statuses[0] for statuses in said if statuses]
    if len(said) == 1 or not first:
        return first[0] if first else None
    not_done = [each for each in first if each.says in _NOT_DONE]
    if not_done:
        same = all(each.says is not_done[0].says for each in first) and len(first) == len(said)
        return not_done[0] if same else _NOT_ALL_DONE
    return first[0] if len(first) == len(said) else None


_NOT_ALL_DONE = PrintedStatus(start=0, end=0, text="", says=Says.NOT_COMPLETE)
_BEFORE_ANOTHER = re.compile(
    r"(?:review\w*|since|from|start\w*|beg[au]n|commenc\w*|published|dated|reported|report to|meeting|met|audit|(?<!be )completed?"
    r"|signed off|agreed)[^.;,\n]{0,20}$",
    re.IGNORECASE,
)


_AFTER_ANOTHER = re.compile(
    r"[ (-]{0,3}(?:for |annual |next |progress )?(?:review|meeting|start|onwards|on[ -]?going|to date)\b", re.IGNORECASE
)


def _is_promised(printed: PrintedDate, text: str) -> bool:
    """Tell whether a date in a target's cell is one by which something is to be done: nothing says otherwise."""
    return not (_BEFORE_ANOTHER.search(text, 0, printed.start) or _AFTER_ANOTHER.match(text, printed.end))


@check(Severity.ERROR, gap=True)
def status_in_date_field(register: Register, _: date) -> Iterator[Violation]:
    """The source gives a date where a date belongs, not a status.

    When "Completed" is written over the target date, nobody can tell any more whether the work
    was in time; over the completion date, nobody can tell when it was done.

    Bad:
        as_stated:
          Expected End Date: Completed

    Good:
        target_date: "2021-09"
        completion_date: "2021-11"
        as_stated:
          Expected End Date: September 2021
    """
    for record in register.recommendations:
        for column, heading, cell in _cells(record, Heading.TARGET, Heading.COMPLETION):
            items = split_items(cell)
            of_target = heading is Heading.TARGET
            if of_target and record.target_date is None and any(_lacks_target(record, items)):
                lost, field = "the date that was promised", "target_date"
                fix = "find the date first promised and add it as target_date"
            elif not of_target and record.completion_date is None and any(map(_lacks_completion, items)):
                lost, field = "the day of completion", "completion_date"
                fix = "find the day on which it was completed and add it as completion_date"
            else:
                continue
            problem = f'the source says {quote_text(cell)} under "{column}", so {lost} is lost'
            values = (cell,) if of_target else (cell, field)
            yield Violation(record=record, keys=("as_stated", column), problem=problem, fix=fix, values=values)


def _lacks_target(record: Recommendation, items: tuple[str, ...]) -> Iterator[bool]:
    """Yield of each item of a target's cell whether a status stands in it in place of a date."""
    of_actions = len(items) == len(record.actions) > 1
    for place, item in enumerate(items):
        statuses = read_statuses(item, Heading.TARGET)
        promised = [each for each in read_cell(item).dates if _is_promised(each, plain_signs(item))]
        done = any(each.says in _DONE for each in statuses)
        known = of_actions and record.actions[place].target_date is not None
        yield bool(statuses) and not known and (done or not promised)


def _lacks_completion(item: str) -> bool:
    """Tell whether an item of a completion date's cell says that it is complete, and not since when."""
    statuses = read_statuses(item, Heading.COMPLETION)
    return bool(statuses) and statuses[0].says in _DONE and not read_cell(item).dates


@check(Severity.ERROR, gap=True)
def target_differs_from_source(register: Register, _: date) -> Iterator[Violation]:
    """The target date is the one that the source prints, unless an update moved it.

    A slip in copying a date makes work overdue that is not, or on track that is late. A date may stand in the
    record more precisely. Dates are read day first: 03/04/2024 is 3 April.

    Bad:
        target_date: "2024-03-04"
        as_stated:
          Target date: 03/04/2024

    Good:
        target_date: "2024-04-03"
        as_stated:
          Target date: 03/04/2024
    """
    for record in register.recommendations:
        target = record.target_date
        if target is None or not record.as_stated or any(update.target_date for update in record.updates):
            continue
        printed = [
            (column, each)
            for column, _heading, cell in _cells(record, Heading.TARGET)
            for item in split_items(cell)
            for each in _promised_dates(item)
        ]
        if printed and not any(_agrees(target, each) for _, each in printed):
            column, first = printed[0]
            problem = f'the source prints "{first.text}" under "{column}", and the target date is {target}'
            fix = f'write "{first.when}"' if first.when else "correct it"
            yield Violation(
                record=record,
                keys=("target_date",),
                problem=problem,
                fix=f"{fix}, or give the update that moved it",
                values=(first.text, target),
            )


def _promised_dates(item: str) -> list[PrintedDate]:
    """Return the dates of an item by which something is to be done; none where it says that it is done."""
    if any(each.says in _DONE for each in read_statuses(item, Heading.TARGET)):
        return []
    reading = read_cell(item)
    promised = [each for each in reading.dates if _is_promised(each, plain_signs(item))]
    if reading.span and len(promised) == len(reading.dates):
        (start, end) = (reading.dates[0], reading.dates[-1])
        return [PrintedDate(start=start.start, end=end.end, text=item[start.start : end.end], meanings=(reading.span,))]
    return promised


def _agrees(target: When, printed: PrintedDate) -> bool:
    """Tell whether a target is what is printed; what the calendar does not have, and what may mean two, is left."""
    if printed.doubt in (Doubt.NO_SUCH_DAY, Doubt.NO_YEAR):
        return True
    meanings = printed.meanings[:1] if printed.doubt is Doubt.DAY_FIRST else printed.meanings
    return any(target.lies_in(when) or (when.lies_in(target) and when.last == target.last) for when in meanings)


_CONTINUING = re.compile(
    r"(?<!not )(?<!longer )(?<![a-z])(?:on[ -]?going|continuing|continuous)(?![a-z])", re.IGNORECASE
)


@check(Severity.ERROR, gap=True)
def review_date_missing(register: Register, _: date) -> Iterator[Violation]:
    """Continuing work, and work on hold, says when it will be looked at next.

    "Ongoing" is not a date. Work that never ends is done well or badly, and only a day on which
    somebody looks can tell.

    Bad:
        status: in-progress
        as_stated:
          Expected End Date: Ongoing

    Good:
        status: in-progress
        review_date: "2025-06"
        as_stated:
          Expected End Date: Ongoing
    """
    for record in register.recommendations:
        if not record.status.is_open or record.review_date:
            continue
        if record.status is Status.ON_HOLD:
            problem, fix = "this is on hold, and nothing says until when", "add a review_date"
            yield Violation(record=record, keys=("status",), problem=problem, fix=fix)
            continue
        for column, _heading, cell in _cells(record, Heading.TARGET, Heading.COMPLETION):
            if _CONTINUING.search(plain_signs(cell)) or _recurs(record, read_cell(cell)):
                problem = f"the source says {quote_text(cell)} where a date should stand, and nothing says when it is looked at next"
                yield Violation(
                    record=record, keys=("as_stated", column), problem=problem, fix="add a review_date", values=(cell,)
                )


def _recurs(record: Recommendation, reading: CellReading) -> bool:
    return reading.stand_in is StandIn.RECURRING and not reading.dates and record.target_date is None


_RELATIVE = Phrases(
    r"(?:imminent(?:ly)?|immediate (?:use|consideration|effect|action)"
    r"|recently(?! (?:bereaved|separated|divorced|widowed|arrived|qualified|appointed|released|discharged|moved|retired))"
    r"|end of (?:the )?(?:financial |calendar )?year(?![ ,]{1,2}(?:of )?[0-9]{2})|forthcoming|shortly"
    r"|in due course|as soon as (?:possible|practicable)|asap|in the near future|next (?:month|quarter|year))\b"
)


@check(Severity.WARNING)
def relative_date(register: Register, _: date) -> Iterator[Violation]:
    """A time is given as a date, not as "imminently" or "the end of the year".

    Words that meant a time on the day when they were written mean nothing a year later. What has its date
    beside it (a milestone, an action) may have any title.

    Bad:
        actions:
          - text: A coordinator will be in place imminently.

    Good:
        actions:
          - text: A coordinator will be in place.
            target_date: "2024-09"
    """
    for record in register.recommendations:
        seen = set()
        for keys, text in _undated_texts(record):
            match = _RELATIVE.search(text)
            words = match.group() if match else ""
            if not words and keys[0] == "as_stated" and read_cell(text).stand_in is StandIn.RELATIVE:
                words = " ".join(text.split())
            if words and words.casefold() not in seen:
                seen.add(words.casefold())
                yield Violation(
                    record=record,
                    keys=keys,
                    problem=f"{quote_text(words)} is not a date",
                    fix="say by when, as a target_date",
                    values=(words,),
                )


def _undated_texts(record: Recommendation) -> Iterator[tuple[Keys, str]]:
    """Yield the texts that have no date beside them, and the target's cells where neither they nor the record have one."""
    dated: set[Keys] = {
        ("milestones", index, "text") for index, milestone in enumerate(record.milestones) if milestone.date
    } | {
        ("actions", index, "text")
        for index, action in enumerate(record.actions)
        if action.target_date or action.completion_date
    }
    if record.target_date:
        dated.add(("recommendation",))
    for keys, text in texts(record):
        if keys not in dated:
            yield keys, text
    if record.target_date is None:
        for column, _heading, cell in _cells(record, Heading.TARGET):
            if not read_cell(cell).dates:
                yield ("as_stated", column), cell


CHECKS = (
    contradicts_its_source,
    target_differs_from_source,
    status_in_date_field,
    review_date_missing,
    relative_date,
)
