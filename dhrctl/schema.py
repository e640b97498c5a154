"""The schemas: what is wrong with a file's data, said in a coordinator's words."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
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


def faults(kind: Kind, data: Any) -> tuple[Fault, ...]:  # noqa: ANN401 - parsed text comes in here
    """Return everything that the schema of this kind of file refuses in the data, one for each place."""
    found: dict[tuple[Keys, bool, str], Fault] = {}
    if _accepts(kind)(data):
        return ()
    required = document(kind)["required"]
    for error in _validator(kind).iter_errors(data):
        for fault in _told(error, required):
            about = fault.message if fault.rule is MISSING_KEY else ""
            found.setdefault((fault.keys, fault.on_key, about), fault)
    return tuple(found.values())


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
    judge: type[Draft202012Validator] = extend(Draft202012Validator, {"uniqueItems": _unique_items})
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
        written = {key: inlined(value) for key, value in part.items() if _judges(key)}
        reference = written.pop("$ref", None)
        return written if reference is None else inlined(shapes[reference.removeprefix("#/$defs/")]) | written

    return {key: inlined(value) for key, value in whole.items() if _judges(key)}


_SAYS_NOTHING = frozenset({"$defs", "$id", "$schema", "examples", "description", "default"})


def _judges(keyword: str) -> bool:
    """Tell whether a keyword can refuse anything; ours, which begin with `x-`, say who may see a field."""
    return keyword not in _SAYS_NOTHING and not keyword.startswith("x-")


def _unique_items(_: object, wanted: bool, items: Any, __: object) -> "Iterator[ValidationError]":  # noqa: ANN401, FBT001
    """Judge `uniqueItems` in one pass; jsonschema compares each item with each where they cannot be sorted."""
    from jsonschema.exceptions import ValidationError  # noqa: PLC0415 - as above

    if wanted and isinstance(items, list) and len(set(map(_alike, items))) < len(items):
        yield ValidationError("repeated")


def _alike(item: object) -> str:
    """Return what two items have in common if they are equal."""
    return json.dumps(item, sort_keys=True)


def _told(error: "ValidationError", required: Sequence[str]) -> Iterator[Fault]:
    """Say one failure of the validator in our own words."""
    failure = _Failure(
        keys=tuple(error.absolute_path),
        given=error.instance,
        wanted=error.validator_value,
        shape=error.schema,
        required=len(error.absolute_path) == 1 and error.absolute_path[0] in required,
    )
    of_key = "propertyNames" in error.absolute_schema_path
    return (_property_name if of_key else _TELLERS[str(error.validator)])(failure)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failure:
    """One failure of the validator: the way to the data, the data, and what the schema wants there."""

    keys: Keys
    given: Any
    wanted: Any
    shape: Any
    required: bool


def _additional(failure: _Failure) -> Iterator[Fault]:
    known = failure.shape["properties"]
    for key in failure.given:
        if key not in known:
            message = f"the key {_shown(key)} is not known here{did_you_mean(key, known)}; take it out or correct it"
            yield Fault(rule=UNKNOWN_KEY, keys=(*failure.keys, key), message=message, on_key=True)


def _required(failure: _Failure) -> Iterator[Fault]:
    for key in failure.wanted:
        if key not in failure.given:
            title = failure.shape["properties"][key].get("title", key)
            message = f'the key "{key}" ({title}) is missing{_where(failure.keys)}; add it'
            yield Fault(rule=MISSING_KEY, keys=failure.keys, message=message)


def _any_of(failure: _Failure) -> Iterator[Fault]:
    yield Fault(rule=MISSING_KEY, keys=failure.keys, message='a "role" or a "name" is needed here; add one of them')


def _enum(failure: _Failure) -> Iterator[Fault]:
    words = [str(word) for word in failure.wanted]
    said = _shown(failure.given)
    meant = _MEANT.get(str(failure.given).casefold().replace(" ", "-"), "")
    hint = f' (did you mean "{meant}"?)' if meant in words else did_you_mean(str(failure.given), words)
    message = f'{said} is not a word for "{_name(failure.keys)}"{hint}; use one of: {", ".join(words)}'
    yield Fault(rule=UNKNOWN_WORD, keys=failure.keys, message=message)


def _const(failure: _Failure) -> Iterator[Fault]:
    message = f'"{_name(failure.keys)}" is {failure.wanted} in this version, and {_shown(failure.given)} cannot be read; write {failure.wanted}'
    yield Fault(rule=UNKNOWN_WORD, keys=failure.keys, message=message)


def _type(failure: _Failure) -> Iterator[Fault]:
    wanted = failure.wanted if isinstance(failure.wanted, str) else failure.wanted[0]
    name = _name(failure.keys)
    if failure.given is None:
        message = f'"{name}" is empty; fill it in{"" if failure.required else ", or take the line out"}'
    elif wanted == "string" and isinstance(failure.given, bool | int):
        word = str(failure.given).lower()
        message = f'"{name}" is text; put {word} in double quotes: "{word}"'
    elif wanted == "string" and isinstance(failure.given, dict):
        message = f'a colon followed by a space made keys of a text in "{name}"; put the whole text in "quotes"'
    elif wanted == "object" and isinstance(failure.given, str):
        first = next(iter([*failure.shape.get("required", ()), *failure.shape.get("properties", ("key",))]))
        message = f'an entry of "{name}" is text without a key; begin it with {first}:'
    else:
        message = f'"{name}" is {_kind_of(failure.given)}; write {_TYPES[wanted]}'
    yield Fault(rule=WRONG_TYPE, keys=failure.keys, message=message)


def _pattern(failure: _Failure) -> Iterator[Fault]:
    said = _shown(failure.given)
    if failure.wanted == _NOT_BLANK:
        yield Fault(
            rule=BLANK_TEXT,
            keys=failure.keys,
            message=f'"{_name(failure.keys)}" is blank; fill it in, or take the line out',
        )
    elif failure.wanted.startswith("^[0-9]{4}-(?:0"):
        message = f'{said} is not a day; write it in quotes as YYYY-MM-DD, for example "2021-04-30"'
        yield Fault(rule=BAD_DATE, keys=failure.keys, message=message)
    elif failure.wanted.startswith("^[0-9]{4}"):
        yield Fault(rule=BAD_DATE, keys=failure.keys, message=f"{said} is not a date; {_DATES}")
    elif failure.wanted.startswith("^http"):
        message = f"{said} is not a link; it begins with https:// or http:// and holds no spaces"
        yield Fault(rule=BAD_URL, keys=failure.keys, message=message)
    else:
        message = f"{said} is not an id; use lower-case letters, digits and single hyphens"
        yield Fault(rule=BAD_ID, keys=failure.keys, message=message)


def _max_length(failure: _Failure) -> Iterator[Fault]:
    too_many, limit = len(failure.given), failure.wanted
    if isinstance(failure.shape.get("pattern"), str) and failure.shape["pattern"] != _NOT_BLANK:
        yield from _pattern(replace(failure, wanted=failure.shape["pattern"]))
    else:
        message = f'"{_name(failure.keys)}" has {too_many} characters, and {limit} are the limit; shorten it'
        yield Fault(rule=TOO_LONG, keys=failure.keys, message=message)


def _min_length(failure: _Failure) -> Iterator[Fault]:
    yield Fault(
        rule=BLANK_TEXT,
        keys=failure.keys,
        message=f'"{_name(failure.keys)}" is blank; fill it in, or take the line out',
    )


def _max_items(failure: _Failure) -> Iterator[Fault]:
    message = f'"{_name(failure.keys)}" has {len(failure.given)} entries, and {failure.wanted} are the limit; shorten the list'
    yield Fault(rule=TOO_MANY, keys=failure.keys, message=message)


def _min_items(failure: _Failure) -> Iterator[Fault]:
    message = f'"{_name(failure.keys)}" is an empty list; add at least one entry'
    yield Fault(rule=TOO_FEW, keys=failure.keys, message=message)


def _unique(failure: _Failure) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, item in enumerate(failure.given):
        if _alike(item) in seen:
            message = f'{_shown(item)} stands in "{_name(failure.keys)}" twice; keep one of them'
            yield Fault(rule=REPEATED, keys=(*failure.keys, index), message=message)
        seen.add(_alike(item))


def _bounds(failure: _Failure) -> Iterator[Fault]:
    low, high = failure.shape.get("minimum"), failure.shape.get("maximum")
    message = f'"{_name(failure.keys)}" is {failure.given}; write a number from {low} to {high}'
    yield Fault(rule=OUT_OF_RANGE, keys=failure.keys, message=message)


def _property_name(failure: _Failure) -> Iterator[Fault]:
    message = (
        f'a column heading under "{_name(failure.keys)}" is blank or longer than 200 characters; write it as printed'
    )
    yield Fault(rule=TOO_LONG, keys=(*failure.keys, failure.given), message=message, on_key=True)


_NOT_BLANK = "[^ \\t\\r\\n]"
_DATES = 'write it in quotes as "2021", "2021-04", "2021-04-30" or "2021/2022"'
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
    "object": "keys and values",
    "array": "a list, each entry on a line of its own after a hyphen",
    "string": "text",
    "integer": "a whole number without quotes",
    "boolean": "true or false, without quotes",
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
    "minLength": _min_length,
    "maxItems": _max_items,
    "maxProperties": _max_items,
    "minItems": _min_items,
    "uniqueItems": _unique,
    "minimum": _bounds,
    "maximum": _bounds,
    "propertyNames": _property_name,
}


def _name(keys: Keys) -> str:
    """Return the last key of a way, which is what a person calls the field."""
    names = [key for key in keys if isinstance(key, str)]
    return names[-1] if names else "the file"


def _where(keys: Keys) -> str:
    return f' under "{_name(keys)}"' if keys else ""


def _shown(value: object) -> str:
    text = " ".join((value if isinstance(value, str) else str(value).lower()).split())
    return f'"{text[:60]}…"' if len(text) > len('"…"') + 60 else f'"{text}"'


def _kind_of(value: object) -> str:
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "a group of keys and values"
    return f"{_shown(value)}"
