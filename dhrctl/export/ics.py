"""Target and review dates as an iCalendar file (RFC 5545)."""

from collections.abc import Iterable, Iterator
from datetime import date

from dhrctl.model.dates import When
from dhrctl.reports.rows import NO_WORDING, Asked, Judged, lead, standing
from dhrctl.reports.view import imprint, sentences
from dhrctl.text.escape import visible

_FIRST_SEQUENCE = date(2000, 1, 1)


def ics(asked: Asked) -> str:
    """Write the target and review date of each open recommendation as an all-day event.

    An event keeps its UID, and its SEQUENCE grows by the day that it is judged on: a calendar that
    reads a later file moves the event in place, and the same register and day give the same bytes.
    """
    said = imprint(asked)
    head = (
        ("VERSION", "2.0"),
        ("PRODID", "-//dhrctl//dhrctl//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
        ("X-WR-CALNAME", _text(said["title"])),
        ("X-WR-CALDESC", _text(" ".join(sentences(asked)))),
    )
    events = (event for judged in asked.judged if judged.record.status.is_open for event in _events(judged, asked))
    lines = [("BEGIN", "VCALENDAR"), *head, *(line for event in events for line in event), ("END", "VCALENDAR")]
    return "".join(f"{_folded(f'{name}:{value}')}\r\n" for name, value in lines)


def _events(judged: Judged, asked: Asked) -> Iterator[Iterable[tuple[str, str]]]:
    record = judged.record
    if record.target_date:
        yield _event("target", "Due", record.target_date, judged, asked)
    if record.review_date:
        yield _event("review", "To be reviewed", record.review_date, judged, asked)


def _event(key: str, what: str, given: When, judged: Judged, asked: Asked) -> Iterable[tuple[str, str]]:
    record = judged.record
    leads = lead(judged, asked.register, asked.day)
    rough = f"The {key} date is {given}; this is its last day." if given.first != given.last else ""
    about = (
        record.recommendation or NO_WORDING,
        f"Lead: {leads}. Standing: {standing(judged)}.",
        rough,
        *sentences(asked),
    )
    return (
        ("BEGIN", "VEVENT"),
        ("UID", f"{record.id.replace('/', '.')}.{key}@dhrctl"),
        ("DTSTAMP", f"{_day(asked.day)}T000000Z"),
        ("SEQUENCE", str(max((asked.day - _FIRST_SEQUENCE).days, 0))),
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
    escaped = visible(text).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\n", "\\n")


def _folded(line: str) -> str:
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
