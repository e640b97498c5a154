"""The schemas: what is wrong with a file's data, said in a coordinator's words."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from dhrctl.acceptor import Test, accepts
from dhrctl.finding import Keys, Rule
from dhrctl.layout import Kind, shipped
from dhrctl.nearest import did_you_mean
from dhrctl.rules import (
    BAD_DATE,
    BAD_ID,
    BAD_URL,
    BLANK_TEXT,
    MISSING_KEY,
    OUT_OF_RANGE,
    REPEATED,
    TOO_FEW,
    TOO_LONG,
    TOO_MANY,
    TOO_MANY_FAULTS,
    UNKNOWN_KEY,
    UNKNOWN_WORD,
    WRONG_TYPE,
)

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that a schema refuses: by which of our rules, the way to it, and the sentence."""

    rule: Rule
    keys: Keys
    message: str
    on_key: bool = False


MOST = 100


def faults(kind: Kind, data: Any) -> tuple[Fault, ...]:  # noqa: ANN401 - parsed text comes in here
    """Return what the schema of this kind of file refuses in the data, one for each place, and how many MOST leaves out."""
    if _accepts(kind)(data):
        return ()
    places: dict[tuple[Keys, bool, object], ValidationError] = {}
    for error in _validator(kind).iter_errors(data):
        missing = error.instance if error.validator == "required" else None
        places.setdefault((_way(error), _is_on_key(error), missing), error)
    required = document(kind)["required"]
    told = tuple([_told(error, required) for error in islice(places.values(), MOST)])
    left = len(places) - MOST
    return told if left <= 0 else (*told, _left_out(left))


def _left_out(left: int) -> Fault:
    more = f"{left:,} more {'fault is' if left == 1 else 'faults are'} in this file"
    return Fault(rule=TOO_MANY_FAULTS, keys=(), message=f"{more}; mend those that are told first")


@cache
def document(kind: Kind) -> Mapping[str, Any]:
    """Return the schema of a kind of file, as it is shipped."""
    path = shipped("schema") / f"{kind}.schema.json"
    content: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


@cache
def _accepts(kind: Kind) -> Test:
    return accepts(_inlined(kind))


@cache
def _validator(kind: Kind) -> "Draft202012Validator":
    from jsonschema import Draft202012Validator, validators  # noqa: PLC0415 - slow to import, for faulty files alone

    extend: Any = validators.extend  # which has no types
    judge: type[Draft202012Validator] = extend(
        Draft202012Validator,
        {
            "additionalProperties": _unknown_keys,
            "required": _missing_keys,
            "items": _items,
            "uniqueItems": _repeated_items,
        },
    )
    return judge(_inlined(kind))


@cache
def _inlined(kind: Kind) -> Mapping[str, Any]:
    """Return a schema with every local reference written out, which is judged several times faster."""
    whole = document(kind)
    shapes = whole["$defs"]

    def inlined(part: Any) -> Any:  # noqa: ANN401 - a schema is plain data
        if isinstance(part, list):
            return [inlined(item) for item in part]
        if not isinstance(part, dict):
            return part
        written = {key: inlined(value) for key, value in part.items() if key not in _SAYS_NOTHING}
        reference = written.pop("$ref", None)
        return written if reference is None else inlined(shapes[reference.removeprefix("#/$defs/")]) | written

    return {key: inlined(value) for key, value in whole.items() if key not in _SAYS_NOTHING}


_SAYS_NOTHING = frozenset({"$defs", "$id", "$schema", "examples", "description", "default"})


# What follows judges as jsonschema does, with an error of its own for each fault: for each key that is unknown
# or missing, and for each item that is repeated.


def _unknown_keys(judge: Any, wanted: Any, data: Any, shape: Any) -> "Iterable[ValidationError]":  # noqa: ANN401
    if wanted is not False or not isinstance(data, dict):
        return _usual("additionalProperties")(judge, wanted, data, shape)
    return (_error(path=(key,)) for key in data if key not in shape["properties"])


def _missing_keys(_: Any, wanted: Any, data: Any, __: Any) -> "Iterable[ValidationError]":  # noqa: ANN401
    return (_error(instance=key) for key in wanted if key not in data) if isinstance(data, dict) else ()


def _items(judge: Any, wanted: Any, data: Any, shape: Any) -> "Iterable[ValidationError]":  # noqa: ANN401
    """Judge what is in a list, unless it is to be shortened first."""
    return _usual("items")(judge, wanted, data, shape) if _is_within(data, shape) else ()


def _repeated_items(_: Any, wanted: Any, data: Any, shape: Any) -> "Iterable[ValidationError]":  # noqa: ANN401
    seen: set[str] = set()
    for index, item in enumerate(data if wanted and _is_within(data, shape) else ()):
        alike = json.dumps(item, sort_keys=True)
        if alike in seen:
            yield _error(path=(index,), instance=item)
        seen.add(alike)


def _usual(keyword: str) -> Callable[..., "Iterable[ValidationError]"]:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - as above

    judge: Callable[..., Iterable[ValidationError]] = Draft202012Validator.VALIDATORS[keyword]
    return judge


def _is_within(data: object, shape: Mapping[str, Any]) -> bool:
    return isinstance(data, list) and len(data) <= shape["maxItems"]


def _error(**about: Any) -> "ValidationError":  # noqa: ANN401
    from jsonschema.exceptions import ValidationError  # noqa: PLC0415 - as above

    return ValidationError("", **about)


def _way(error: "ValidationError") -> Keys:
    path = tuple(error.absolute_path)
    return (*path, str(error.instance)) if _is_of_heading(error) else path


def _is_on_key(error: "ValidationError") -> bool:
    return _is_of_heading(error) or error.validator == "additionalProperties"


def _is_of_heading(error: "ValidationError") -> bool:
    return "propertyNames" in error.absolute_schema_path


def _told(error: "ValidationError", required: Sequence[str]) -> Fault:
    """Say one failure of the validator in our own words."""
    keys = _way(error)
    failure = _Failure(
        keys=keys,
        given=error.instance,
        wanted=error.validator_value,
        shape=error.schema,
        required=len(keys) == 1 and keys[0] in required,
    )
    rule, message = (_heading if _is_of_heading(error) else _TELLERS[str(error.validator)])(failure)
    return Fault(rule=rule, keys=keys, message=message, on_key=_is_on_key(error))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failure:
    """One failure of the validator: the way to the data, the data, and what the schema wants there."""

    keys: Keys
    given: Any
    wanted: Any
    shape: Any
    required: bool

    @property
    def is_entry(self) -> bool:
        """Tell whether the data is one entry of a list."""
        return bool(self.keys) and isinstance(self.keys[-1], int)


_Said = tuple[Rule, str]


def _additional(failure: _Failure) -> _Said:
    key = str(failure.keys[-1])
    hint = did_you_mean(key, failure.shape["properties"])
    return UNKNOWN_KEY, f"the key {_shown(key)} is not known here{hint}; take it out or correct it"


def _required(failure: _Failure) -> _Said:
    key = failure.given
    title = failure.shape["properties"][key].get("title", key)
    return MISSING_KEY, f'the key "{key}" ({title}) is missing{_where(failure.keys)}; add it'


def _any_of(_: _Failure) -> _Said:
    return MISSING_KEY, 'a "role" or a "name" is needed here; add one of them'


def _enum(failure: _Failure) -> _Said:
    words = [str(word) for word in failure.wanted]
    said = _shown(failure.given)
    meant = _MEANT.get(str(failure.given).casefold().replace(" ", "-"), "")
    hint = f' (did you mean "{meant}"?)' if meant in words else did_you_mean(str(failure.given), words)
    return UNKNOWN_WORD, f"{said} is not a word for {_name(failure.keys)}{hint}; use one of: {', '.join(words)}"


def _const(failure: _Failure) -> _Said:
    said = f"{_name(failure.keys)} is {failure.wanted} in this version, and {_shown(failure.given)} cannot be read"
    return UNKNOWN_WORD, f"{said}; write {failure.wanted}"


def _type(failure: _Failure) -> _Said:
    wanted = failure.wanted if isinstance(failure.wanted, str) else failure.wanted[0]
    name, given = _name(failure.keys), failure.given
    if given is None:
        return WRONG_TYPE, f"{name} is empty; fill it in{'' if failure.required else ', or take the line out'}"
    if wanted == "string" and isinstance(given, bool | int):
        return _number_for_text(failure)
    if wanted == "string" and isinstance(given, dict):
        message = f'a colon followed by a space made keys of a text in {name}; put the whole text in "quotes"'
    elif wanted == "object" and isinstance(given, str) and failure.is_entry:
        first = next(iter((*failure.shape.get("required", ()), *failure.shape["properties"])))
        message = f"an entry of {name} is text without a key; begin it with {first}:"
    else:
        what, mend = _TYPES[wanted]
        message = f"{name} is {what}, and {_kind_of(given)} stands here; {mend}"
    return WRONG_TYPE, message


def _number_for_text(failure: _Failure) -> _Said:
    """Say what to do about a number, or about true or false, where a text belongs."""
    word = str(failure.given).lower()
    message = f'{word} stands here without quotes, and {_name(failure.keys)} is text; write "{word}"'
    if "enum" in failure.shape:
        _, message = _enum(replace(failure, wanted=failure.shape["enum"]))
    elif _is_of_date(failure.shape) and _YEAR.fullmatch(word):
        message = f'the year {word} stands here without quotes, as a number; write "{word}"'
    elif _is_of_date(failure.shape):
        _, message = _pattern(replace(failure, wanted=failure.shape["pattern"], given=word))
    return WRONG_TYPE, message


def _pattern(failure: _Failure) -> _Said:
    said = _shown(failure.given)
    if failure.wanted == _NOT_BLANK:
        return _blank(failure)
    if _is_of_date(failure.shape):
        of_day = failure.wanted.startswith(_DAY)
        if (_DAY_IN_FORM if of_day else _DATE_IN_FORM).fullmatch(failure.given):
            return BAD_DATE, f"{said} is not in the calendar; correct the month or the day"
        return (
            BAD_DATE,
            f"{said} is not a {'day' if of_day else 'date'}; write it in quotes as {_A_DAY if of_day else _A_DATE}",
        )
    if failure.wanted.startswith("^http"):
        return BAD_URL, f"{said} is not a link; it begins with https:// or http:// and holds no spaces"
    return BAD_ID, f"{said} is not an id; use lower-case letters, digits and single hyphens"


def _blank(failure: _Failure) -> _Said:
    return BLANK_TEXT, f"{_name(failure.keys)} is blank; fill it in, or take the line out"


def _max_length(failure: _Failure) -> _Said:
    pattern = failure.shape.get("pattern", _NOT_BLANK)
    if pattern != _NOT_BLANK:
        return _pattern(replace(failure, wanted=pattern))
    long = f"{_name(failure.keys)} has {len(failure.given):,} characters, and {failure.wanted:,} are the limit"
    return TOO_LONG, f"{long}; shorten it"


def _max_items(failure: _Failure) -> _Said:
    long = f"{_name(failure.keys)} has {len(failure.given):,} entries, and {failure.wanted:,} are the limit"
    return TOO_MANY, f"{long}; shorten the list"


def _min_items(failure: _Failure) -> _Said:
    return TOO_FEW, f"{_name(failure.keys)} is an empty list; add at least one entry"


def _unique(failure: _Failure) -> _Said:
    return REPEATED, f"{_shown(failure.given)} stands in {_name(failure.keys)} twice; keep one of them"


def _bounds(failure: _Failure) -> _Said:
    low, high = failure.shape.get("minimum"), failure.shape.get("maximum")
    return OUT_OF_RANGE, f"{_name(failure.keys)} is {failure.given}; write a number from {low} to {high}"


def _heading(failure: _Failure) -> _Said:
    column = f"a column heading under {_name(failure.keys[:-1])}"
    return TOO_LONG, f"{column} is blank or longer than 200 characters; write it as printed"


_NOT_BLANK = "[^ \\t\\r\\n]"
_YEAR = re.compile("[0-9]{4}")
_DAY = "^[0-9]{4}-(?:0"
_DAY_IN_FORM = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_IN_FORM = re.compile("[0-9]{4}(?:-[0-9]{2}){0,2}(?:/[0-9]{4}(?:-[0-9]{2}){0,2})?")
_A_DAY = 'a whole day, for example "2021-04-30"'
_A_DATE = '"2021", "2021-04", "2021-04-30" or "2021/2022"'
_MEANT = {
    "ongoing": "in-progress",
    "on-going": "in-progress",
    "started": "in-progress",
    "completed": "complete",
    "done": "complete",
    "achieved": "complete",
    "implemented": "complete",
    "rejected": "not-accepted",
    "overdue": "in-progress",
}
_TYPES = {
    "object": ("a group of keys", "write each key on a line of its own, with a colon and its value"),
    "array": ("a list", "put each entry on a line of its own, after a hyphen"),
    "string": ("one text", "write it as one text"),
    "integer": ("a whole number", "write the number alone, without quotes"),
}
_TELLERS = {
    "additionalProperties": _additional,
    "required": _required,
    "anyOf": _any_of,
    "enum": _enum,
    "const": _const,
    "type": _type,
    "pattern": _pattern,
    "maxLength": _max_length,
    "minLength": _blank,
    "maxItems": _max_items,
    "maxProperties": _max_items,
    "minItems": _min_items,
    "uniqueItems": _unique,
    "minimum": _bounds,
    "maximum": _bounds,
}


def _name(keys: Keys) -> str:
    """Return the last key of a way in quotation marks, which is what a person calls the field."""
    names = [key for key in keys if isinstance(key, str)]
    return f'"{names[-1]}"' if names else "the file"


def _where(keys: Keys) -> str:
    return f" under {_name(keys)}" if keys else ""


def _is_of_date(shape: Mapping[str, Any]) -> bool:
    return str(shape.get("pattern")).startswith("^[0-9]{4}")


def _shown(value: object) -> str:
    text = " ".join((value if isinstance(value, str) else str(value).lower()).split())
    return f'"{text[:60]}…"' if len(text) > len('"…"') + 60 else f'"{text}"'


def _kind_of(value: object) -> str:
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "a group of keys and values"
    return f"{_shown(value)}"
