"""Target and review dates as an iCalendar file (RFC 5545)."""

from collections.abc import Iterable, Iterator
from datetime import date

from dhrctl.model.edtf import When
from dhrctl.reports.rows import NO_WORDING, describe_rag, lead
from dhrctl.reports.view import Judged, View, imprint, imprint_sentences
from dhrctl.text.escape import escape_hidden

_FIRST_SEQUENCE = date(2000, 1, 1)


def ics(view: View) -> str:
    """Write the target and review date of each open recommendation as an all-day event.

    An event keeps its UID, and its SEQUENCE grows by the day that it is judged on: a calendar that
    reads a later file moves the event in place, and the same register and day give the same bytes.
    """
    said = imprint(view)
    head = (
        ("VERSION", "2.0"),
        ("PRODID", "-//dhrctl//dhrctl//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
        ("X-WR-CALNAME", _text(said["title"])),
        ("X-WR-CALDESC", _text(" ".join(imprint_sentences(view)))),
    )
    events = (event for judged in view.judged if judged.record.status.is_open for event in _events(judged, view))
    lines = [("BEGIN", "VCALENDAR"), *head, *(line for event in events for line in event), ("END", "VCALENDAR")]
    return "".join(f"{_fold_line(f'{name}:{value}')}\r\n" for name, value in lines)


def _events(judged: Judged, view: View) -> Iterator[Iterable[tuple[str, str]]]:
    record = judged.record
    if record.target_date:
        yield _event("target", "Due", record.target_date, judged, view)
    if record.review_date:
        yield _event("review", "To be reviewed", record.review_date, judged, view)


def _event(key: str, what: str, given: When, judged: Judged, view: View) -> Iterable[tuple[str, str]]:
    record = judged.record
    leads = lead(judged, view.register, view.day)
    rough = f"The {key} date is {given}; this is its last day." if given.first != given.last else ""
    about = (
        record.recommendation or NO_WORDING,
        f"Lead: {leads}. Standing: {describe_rag(judged)}.",
        rough,
        *imprint_sentences(view),
    )
    return (
        ("BEGIN", "VEVENT"),
        ("UID", f"{record.id.replace('/', '.')}.{key}@dhrctl"),
        ("DTSTAMP", f"{_day(view.day)}T000000Z"),
        ("SEQUENCE", str(max((view.day - _FIRST_SEQUENCE).days, 0))),
        ("DTSTART;VALUE=DATE", _day(given.last)),
        ("SUMMARY", _text(f"{what}: {record.id} ({leads})")),
        ("DESCRIPTION", _text("\n\n".join(part for part in about if part))),
        ("TRANSP", "TRANSPARENT"),
        ("END", "VEVENT"),
    )


def _day(day: date) -> str:
    return day.isoformat().replace("-", "")


def _text(text: str) -> str:
    """Return text as a value: hidden characters named, and nothing in it that ends a line or a value."""
    escaped = escape_hidden(text).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\n", "\\n")


def _fold_line(line: str) -> str:
    """Return a line broken after at most 75 bytes, within no character."""
    if len(line.encode()) <= _LONGEST:
        return line
    parts, part, size = [], "", 0
    for character in line:
        width = len(character.encode())
        if size + width > _LONGEST:
            parts.append(part)
            part, size = "", 1
        part, size = part + character, size + width
    return "\r\n ".join([*parts, part])


_LONGEST = 75
