"""Plain data to values: what every file of the register means, or the first thing that cannot be read.

Each record is read as its fields are declared in the model: by their names, types and defaults, and by
what InFile says of them.

Stricter than the schema nowhere but in the calendar (31 February) and in intervals that end
before they start; what the schema accepts is otherwise always readable.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from dhrctl.findings.finding import Keys, sentence
from dhrctl.model import dates
from dhrctl.model import records as model
from dhrctl.model.edtf import NoDate, When
from dhrctl.model.paths import Place
from dhrctl.model.records import InFile

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
Decoder = Callable[[Any], Any]


class UnreadableData(Exception):
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

    def prepend_key(self, key: str | int) -> "UnreadableData":
        """Return the same with one more step before the way."""
        return UnreadableData((key, *self.keys), self.problem, self.fix, missing=self.missing, values=self.values)


def settings(data: Any) -> model.Settings:
    """Read register.yaml; raise UnreadableData."""
    return model.Settings(**_decode_values(data, _shape(model.Settings)))


def agency(data: Any, place: Place) -> model.Agency:
    """Read an agency; raise UnreadableData."""
    return model.Agency(id=place.agency, path=place.path, **_decode_values(data, _shape(model.Agency)))


def review(data: Any, place: Place) -> model.Review:
    """Read a review; raise UnreadableData."""
    return model.Review(id=place.review, path=place.path, **_decode_values(data, _shape(model.Review)))


def recommendation(data: Any, place: Place) -> model.Recommendation:
    """Read a recommendation, without its updates; raise UnreadableData."""
    values = _decode_values(data, _shape(model.Recommendation))
    return model.Recommendation(id=place.id, review=place.review, number=place.number, path=place.path, **values)


def update(data: Any, place: Place) -> model.Update:
    """Read an update; raise UnreadableData."""
    return model.Update(id=place.id, path=place.path, **_decode_values(data, _shape(model.Update)))


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


def salvage_record(decoder: Callable[[Any], T], data: Any) -> T | None:
    """Return what can be read of a record that was written by the rules of another day.

    What has no meaning today is left out, and what is missing stands in as not given; None where not
    even a stand-in serves, or where too much has no meaning.
    """
    for _ in range(_MOST_FAULTS):
        try:
            return decoder(data)
        except UnreadableData as error:
            if error.keys:
                data = _remove_part(data, error.keys)
            elif error.missing in _STAND_INS:
                data = {**data, error.missing: _STAND_INS[error.missing]}
            else:
                return None
    return None


_MOST_FAULTS = 200


def _remove_part(data: Any, keys: Keys) -> Any:
    """Return data without the part that keys lead to."""
    first, *rest = keys
    if isinstance(data, list):
        items = list(enumerate(data))
        return [
            _remove_part(item, tuple(rest)) if index == first else item
            for index, item in items
            if rest or index != first
        ]
    return {
        key: _remove_part(value, tuple(rest)) if key == first else value
        for key, value in data.items()
        if rest or key != first
    }


def impossible_dates(data: Any, keys: Keys = ()) -> Iterator[UnreadableData]:
    """Yield every date in a file's data that the calendar does not have, which no schema can tell."""
    parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in parts:
        here = (*keys, key)
        if key in _date_keys() and isinstance(value, str):
            try:
                dates.parse(value)
            except NoDate as error:
                yield UnreadableData(here, error.problem, error.fix, values=(value,))
        else:
            yield from impossible_dates(value, here)


@cache
def _date_keys() -> frozenset[str]:
    """Return the keys of all dates, in whichever record they stand."""
    records = (model.Settings, model.Agency, model.Review, model.Recommendation, model.Update)
    return frozenset(key for record in records for key in _find_date_keys(record))


def _find_date_keys(hint: Any, key: str = "") -> Iterator[str]:
    """Yield the keys of all dates in a type that stands under a key."""
    if hint in (date, When):
        yield key
    elif is_dataclass(hint):
        for field in _declared_fields(hint):
            yield from _find_date_keys(field.hint, field.key)
    else:
        for part in get_args(hint):
            yield from _find_date_keys(part, key)


_LIST_ITEM = re.compile(r"[-*•] |[0-9]{1,3}[.)] ")
_BROKEN = re.compile(rf"\n[^\S\n]*(?:\n|{_LIST_ITEM.pattern})")
_BETWEEN = re.compile(r"\n[ \t]*\n\s*")


def unwrap_text(text: str) -> str:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _DeclaredField:
    """A field of a record: its key in a file, its name, the hint of its type, and how a file gives it."""

    key: str
    name: str
    hint: Any
    in_file: InFile
    required: bool


def _declared_fields(record: Any) -> Iterator[_DeclaredField]:
    """Yield the fields of a record that its own file gives, in their order."""
    hints = get_type_hints(record, include_extras=True)
    for field in fields(record):
        hint, in_file = hints[field.name], InFile()
        if get_origin(hint) is Annotated:
            hint, in_file = get_args(hint)
        if not in_file.elsewhere:
            yield _DeclaredField(
                key=in_file.key or field.name,
                name=field.name,
                hint=hint,
                in_file=in_file,
                required=in_file.required or field.default is field.default_factory is MISSING,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """What a file holds of a record: the name and the decoder of a field by its key, and the keys that it must give."""

    fields: Mapping[str, tuple[str, Decoder]]
    required: tuple[str, ...]


@cache
def _shape(record: type) -> _Shape:
    declared = tuple(_declared_fields(record))
    return _Shape(
        fields={field.key: (field.name, _decoder(field.hint, field.in_file)) for field in declared},
        required=tuple([field.key for field in declared if field.required]),
    )


def _decode_values(data: Any, shape: _Shape) -> dict[str, Any]:
    """Return the values of a record's fields, by name."""
    if not isinstance(data, dict):
        raise UnreadableData((), "keys and values are expected here", "write key: value")
    for key in shape.required:
        if key not in data:
            raise UnreadableData((), f'the key "{key}" is missing', missing=key)
    known, values = shape.fields, {}
    for key, value in data.items():
        field = known.get(key)
        if field is None:
            raise UnreadableData((key,), f'the key "{key}" is unknown')
        name, decode = field
        try:
            values[name] = decode(value)
        except UnreadableData as error:
            raise error.prepend_key(key) from None
    return values


def _decode_text(value: Any) -> str:
    if not isinstance(value, str):
        raise UnreadableData((), "text is expected here")
    return unwrap_text(value) if "\n" in value else value


def _decode_text_or_null(value: Any) -> str:
    return "" if value is None else _decode_text(value)


def _decode_whole_number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise UnreadableData((), "a whole number is expected here")
    return value


def _decode_boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise UnreadableData((), "true or false is expected here")
    return value


def _number_decoder(numbers: Collection[int]) -> Decoder:
    def decode(value: Any) -> int:
        number = _decode_whole_number(value)
        if number not in numbers:
            raise UnreadableData((), f"{number} is outside the limits of this setting", "see docs/records.md")
        return number

    return decode


def _decode_when(value: Any) -> When:
    try:
        return dates.parse(_decode_text(value))
    except NoDate as error:
        raise UnreadableData((), error.problem, error.fix, values=(value,)) from None


def _decode_day(value: Any) -> date:
    try:
        return dates.day(_decode_text(value))
    except NoDate as error:
        raise UnreadableData((), error.problem, error.fix, values=(value,)) from None


def _word_decoder(words: type[E]) -> Callable[[Any], E]:
    known = {word.value: word for word in words}

    def decode(value: Any) -> E:
        word = known.get(value) if isinstance(value, str) else None
        if word is None:
            raise UnreadableData((), f"one of {', '.join(known)} is expected here")
        return word

    return decode


def _list_decoder(decoder: Callable[[Any], T]) -> Callable[[Any], tuple[T, ...]]:
    def decode(value: Any) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise UnreadableData((), "a list is expected here")
        items: list[T] = []
        try:
            items.extend(map(decoder, value))
        except UnreadableData as error:
            raise error.prepend_key(len(items)) from None
        return tuple(items)

    return decode


def _filled_list_decoder(decoder: Callable[[Any], T]) -> Callable[[Any], tuple[T, ...]]:
    many = _list_decoder(decoder)

    def decode(value: Any) -> tuple[T, ...]:
        if value == []:
            raise UnreadableData((), "at least one is expected here")
        return many(value)

    return decode


def _cells_decoder(decoder: Decoder) -> Decoder:
    def decode(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise UnreadableData((), "printed columns and their cells are expected here")
        cells = {}
        for column, cell in value.items():
            try:
                cells[column] = decoder(cell)
            except UnreadableData as error:
                raise error.prepend_key(column) from None
        return cells

    return decode


def _record_decoder(record: Any) -> Decoder:
    shape = _shape(record)

    def decode(value: Any) -> Any:
        return record(**_decode_values(value, shape))

    return decode


def _decoder(hint: Any, in_file: InFile) -> Decoder:
    """Return the decoder of a type; what may be None is so where its key is left out, and has no value in a file."""
    kind, parts = get_origin(hint), get_args(hint)
    if kind in (UnionType, Union):
        return _decoder(parts[0], in_file)
    if kind is tuple:
        return (_filled_list_decoder if in_file.at_least_one else _list_decoder)(_decoder(parts[0], InFile()))
    if kind is Mapping:
        return _cells_decoder(_decoder(parts[1], InFile()))
    return _decoder_of_one(hint, in_file)


def _decoder_of_one(hint: Any, in_file: InFile) -> Decoder:
    if in_file.may_be_null:
        return _decode_text_or_null
    if in_file.numbers:
        return _number_decoder(in_file.numbers)
    if hint in _SCALARS:
        return _SCALARS[hint]
    return _word_decoder(hint) if issubclass(hint, StrEnum) else _record_decoder(hint)


_SCALARS: Mapping[type, Decoder] = {
    str: _decode_text,
    int: _decode_whole_number,
    bool: _decode_boolean,
    date: _decode_day,
    When: _decode_when,
}
