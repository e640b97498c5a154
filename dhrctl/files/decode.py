"""Plain data to values: what every file of the register means, or the first thing that cannot be read.

Stricter than the schema nowhere but in the calendar (31 February) and in intervals that end
before they start; what the schema accepts is otherwise always readable.
"""

import re
from collections.abc import Callable, Container, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from dhrctl.findings.finding import Keys, sentence
from dhrctl.model import dates, records
from dhrctl.model.paths import Place

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
Decoder = Callable[[Any], Any]


class Unreadable(Exception):  # noqa: N818 - the reader's answer, not a fault of the program
    """Data that has no meaning: the way to it, what is wrong there, and what to do, if that can be said.

    `missing` is the name of the key that is missing there, `values` the data at fault as text, if there are any.
    """

    def __init__(
        self, keys: Keys, problem: str, fix: str = "", *, missing: str = "", values: tuple[str, ...] = ()
    ) -> None:
        """Keep them."""
        super().__init__(sentence(problem, fix))
        self.keys = keys
        self.problem = problem
        self.fix = fix
        self.missing = missing
        self.values = values

    def under(self, key: str | int) -> "Unreadable":
        """Return the same with one more step before the way."""
        return Unreadable((key, *self.keys), self.problem, self.fix, missing=self.missing, values=self.values)


def settings(data: Any) -> records.Settings:
    """Read register.yaml; raise Unreadable."""
    return records.Settings(**_fields(data, _SETTINGS, ("schema_version", "title")))


def agency(data: Any, place: Place) -> records.Agency:
    """Read an agency; raise Unreadable."""
    return records.Agency(id=place.agency, path=place.path, **_fields(data, _AGENCY, ("name", "kind")))


def review(data: Any, place: Place) -> records.Review:
    """Read a review; raise Unreadable."""
    fields = _fields(data, _REVIEW, ("title", "kind", "partnership", "sections"))
    return records.Review(id=place.review, path=place.path, **fields)


def recommendation(data: Any, place: Place) -> records.Recommendation:
    """Read a recommendation, without its updates; raise Unreadable."""
    fields = _fields(data, _RECOMMENDATION, ("recommendation", "section", "lead_agencies", "status"))
    return records.Recommendation(id=place.id, review=place.review, number=place.number, path=place.path, **fields)


def update(data: Any, place: Place) -> records.Update:
    """Read an update; raise Unreadable."""
    return records.Update(id=place.id, path=place.path, **_fields(data, _UPDATE, ("date", "agency", "text")))


_STAND_INS: Mapping[str, Any] = {
    "recommendation": None,
    "section": "(none given)",
    "lead_agencies": ["none-given"],
    "status": "unknown",
    "text": "(none given)",
    "title": "(none given)",
    "name": "(none given)",
    "kind": "other",
    "partnership": "none-given",
    "sections": ["(none given)"],
    "schema_version": 1,
}


def leniently(decoder: Callable[[Any], T], data: Any) -> T | None:
    """Return what can be read of a record that was written by the rules of another day.

    What has no meaning today is left out, and what is missing stands in as not given; None where not
    even a stand-in serves, or where too much has no meaning.
    """
    for _ in range(_MOST_FAULTS):
        try:
            return decoder(data)
        except Unreadable as error:
            if error.keys:
                data = _without(data, error.keys)
            elif error.missing in _STAND_INS:
                data = {**data, error.missing: _STAND_INS[error.missing]}
            else:
                return None
    return None


_MOST_FAULTS = 200


def _without(data: Any, keys: Keys) -> Any:
    """Return data without the part that keys lead to."""
    first, *rest = keys
    if isinstance(data, list):
        items = list(enumerate(data))
        return [
            _without(item, tuple(rest)) if index == first else item for index, item in items if rest or index != first
        ]
    return {
        key: _without(value, tuple(rest)) if key == first else value
        for key, value in data.items()
        if rest or key != first
    }


_DATES = frozenset(
    {
        "start_date",
        "target_date",
        "completion_date",
        "review_date",
        "plan_date",
        "adopted",
        "published",
        "date",
        "ended",
        "from",
        "until",
    }
)


def impossible_dates(data: Any, keys: Keys = ()) -> Iterator[Unreadable]:
    """Yield every date in a file's data that the calendar does not have, which no schema can tell."""
    parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in parts:
        here = (*keys, key)
        if key in _DATES and isinstance(value, str):
            try:
                dates.parse(value)
            except dates.NoDate as error:
                yield Unreadable(here, error.problem, error.fix, values=(value,))
        else:
            yield from impossible_dates(value, here)


_LIST_ITEM = re.compile(r"[-*•] |[0-9]{1,3}[.)] ")
_BROKEN = re.compile(rf"\n[^\S\n]*(?:\n|{_LIST_ITEM.pattern})")
_BETWEEN = re.compile(r"\n[ \t]*\n\s*")


def running(text: str) -> str:
    """Return a text without the line breaks that only its file needs.

    A line break counts as a space; an empty line begins a paragraph; a list item has its own line.
    """
    whole = text.strip()
    if not _BROKEN.search(whole):  # as most are
        return " ".join([line.strip() for line in whole.split("\n")])
    paragraphs = []
    for paragraph in _BETWEEN.split(whole):
        lines: list[str] = []
        for line in paragraph.split("\n"):
            if lines and not _LIST_ITEM.match(line.lstrip()):
                lines[-1] = f"{lines[-1]} {line.strip()}"
            else:
                lines.append(line.strip())
        paragraphs.append("\n".join(lines))
    return "\n\n".join(paragraphs)


def _fields(data: Any, decoders: Mapping[str, Decoder], required: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise Unreadable((), "keys and values are expected here", "write key: value")
    for name in required:
        if name not in data:
            raise Unreadable((), f'the key "{name}" is missing', missing=name)
    fields = {}
    for name, value in data.items():
        decoder = decoders.get(name)
        if decoder is None:
            raise Unreadable((name,), f'the key "{name}" is unknown')
        try:
            fields[name] = decoder(value)
        except Unreadable as error:
            raise error.under(name) from None
    return fields


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Unreadable((), "text is expected here")
    return running(value) if "\n" in value else value


def _text_or_nothing(value: Any) -> str:
    return "" if value is None else _text(value)


def _whole_number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unreadable((), "a whole number is expected here")
    return value


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unreadable((), "true or false is expected here")
    return value


def _number_in(numbers: Container[int]) -> Decoder:
    def decode(value: Any) -> int:
        number = _whole_number(value)
        if number not in numbers:
            raise Unreadable((), f"{number} is outside the limits of this setting", "see docs/records.md")
        return number

    return decode


def _when(value: Any) -> dates.When:
    try:
        return dates.parse(_text(value))
    except dates.NoDate as error:
        raise Unreadable((), error.problem, error.fix, values=(value,)) from None


def _day(value: Any) -> date:
    try:
        return dates.day(_text(value))
    except dates.NoDate as error:
        raise Unreadable((), error.problem, error.fix, values=(value,)) from None


def _word(words: type[E]) -> Callable[[Any], E]:
    known = {word.value: word for word in words}

    def decode(value: Any) -> E:
        word = known.get(value) if isinstance(value, str) else None
        if word is None:
            raise Unreadable((), f"one of {', '.join(known)} is expected here")
        return word

    return decode


def _many(decoder: Callable[[Any], T]) -> Callable[[Any], tuple[T, ...]]:
    def decode(value: Any) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise Unreadable((), "a list is expected here")
        items: list[T] = []
        try:
            items.extend(map(decoder, value))
        except Unreadable as error:
            raise error.under(len(items)) from None
        return tuple(items)

    return decode


def _some(decoder: Callable[[Any], T]) -> Callable[[Any], tuple[T, ...]]:
    many = _many(decoder)

    def decode(value: Any) -> tuple[T, ...]:
        if value == []:
            raise Unreadable((), "at least one is expected here")
        return many(value)

    return decode


def _record(made: Callable[..., T], decoders: Mapping[str, Decoder], *required: str) -> Callable[[Any], T]:
    def decode(value: Any) -> T:
        return made(**_fields(value, decoders, required))

    return decode


def _cells(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise Unreadable((), "printed columns and their cells are expected here")
    return _fields(value, dict.fromkeys(value, _text), ())


def _successor(value: Any) -> records.Successor:
    fields = _fields(value, {"agency": _text, "from": _day, "note": _text}, ("agency", "from"))
    return records.Successor(since=fields.pop("from"), **fields)


_texts = _many(_text)
_cycle = _number_in((1, 3, 6, 12))
_status = _word(records.Status)
_assurance = _word(records.Assurance)
_evidence = _many(
    _record(
        records.Evidence,
        {"kind": _text, "title": _text, "date": _when, "held_by": _text, "url": _text},
        "kind",
        "title",
    )
)

_SETTINGS: Mapping[str, Decoder] = {
    "schema_version": _number_in((1,)),
    "title": _text,
    "due_soon_days": _number_in(range(367)),
    "update_cycle_months": _cycle,
    "abbreviations": _many(_record(records.Abbreviation, {"short": _text, "meaning": _text}, "short", "meaning")),
}
_AGENCY: Mapping[str, Decoder] = {
    "name": _text,
    "short_name": _text,
    "kind": _text,
    "aliases": _texts,
    "ended": _day,
    "successors": _many(_successor),
    "members": _texts,
    "notes": _texts,
}
_COMMITMENT: Mapping[str, Decoder] = {
    "text": _text,
    "lead_agency": _text,
    "target_date": _when,
    "status": _status,
}
_REVIEW: Mapping[str, Decoder] = {
    "title": _text,
    "kind": _word(records.ReviewKind),
    "reference": _text,
    "partnership": _text,
    "pseudonyms": _texts,
    "plan_date": _when,
    "adopted": _day,
    "published": _when,
    "sections": _some(_text),
    "source": _record(records.ReviewSource, {"document": _text, "note": _text}, "document"),
    "commitments": _many(_record(records.Commitment, _COMMITMENT, "text", "status")),
    "notes": _texts,
    "update_cycle_months": _cycle,
}
_RESPONSIBLE: Mapping[str, Decoder] = {"role": _text, "name": _text, "agency": _text}
_ACTION: Mapping[str, Decoder] = {
    "text": _text,
    "lead_agency": _text,
    "target_date": _when,
    "status": _status,
    "completion_date": _when,
}
_RECOMMENDATION: Mapping[str, Decoder] = {
    "recommendation": _text_or_nothing,
    "section": _text,
    "scope": _word(records.Scope),
    "level": _word(records.Level),
    "lead_agencies": _some(_text),
    "supporting_agencies": _texts,
    "responsible": _many(_record(records.Responsible, _RESPONSIBLE)),
    "start_date": _when,
    "target_date": _when,
    "completion_date": _when,
    "review_date": _when,
    "status": _status,
    "assurance": _assurance,
    "actions": _many(_record(records.Action, _ACTION, "text")),
    "milestones": _many(_record(records.Milestone, {"text": _text, "date": _when}, "text")),
    "outcomes": _texts,
    "measures": _texts,
    "evidence": _evidence,
    "related": _texts,
    "superseded_by": _texts,
    "as_stated": _cells,
    "source": _record(records.Source, {"row": _text, "lines": _many(_whole_number)}),
    "waivers": _many(
        _record(records.Waiver, {"rule": _text, "reason": _text, "until": _day}, "rule", "reason", "until")
    ),
}
_UPDATE: Mapping[str, Decoder] = {
    "date": _day,
    "agency": _text,
    "by": _text,
    "text": _text,
    "status": _status,
    "target_date": _when,
    "completion_date": _when,
    "assurance": _assurance,
    "lead_agencies": _texts,
    "reason": _text,
    "evidence": _evidence,
    "publishable": _yes_or_no,
}
