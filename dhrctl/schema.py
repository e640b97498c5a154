"""The schemas: what is wrong with a file's data, said in a coordinator's words."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from dhrctl.finding import Keys, Rule, Severity
from dhrctl.layout import Kind, shipped
from dhrctl.nearest import did_you_mean


def _rule(name: str, sentence: str) -> Rule:
    return Rule(name=name, severity=Severity.ERROR, sentence=sentence)


UNKNOWN_KEY = _rule("unknown-key", "A file holds only the keys that its schema knows.")
MISSING_KEY = _rule("missing-key", "A file holds every key that its schema requires.")
UNKNOWN_WORD = _rule("unknown-word", "A field with a fixed list of words holds one of them.")
BAD_DATE = _rule("bad-date", "A date is a year, a month or a day of the calendar, or an interval of two of them.")
BAD_ID = _rule("bad-id", "An id is made of lower-case letters, digits and single hyphens.")
BAD_URL = _rule("bad-url", "A link begins with https:// or http:// and holds no spaces.")
BLANK_TEXT = _rule("blank-text", "A text is not blank.")
TOO_LONG = _rule("too-long", "A text keeps to its limit of characters.")
TOO_MANY = _rule("too-many", "A list keeps to its limit of entries.")
TOO_FEW = _rule("too-few", "A list that must not be empty is not.")
REPEATED = _rule("repeated", "A list of different things holds each of them once.")
WRONG_TYPE = _rule("wrong-type", "A field holds the kind of value that its schema gives.")
OUT_OF_RANGE = _rule("out-of-range", "A number lies within its limits.")

RULES = (
    UNKNOWN_KEY,
    MISSING_KEY,
    UNKNOWN_WORD,
    BAD_DATE,
    BAD_ID,
    BAD_URL,
    BLANK_TEXT,
    TOO_LONG,
    TOO_MANY,
    TOO_FEW,
    REPEATED,
    WRONG_TYPE,
    OUT_OF_RANGE,
)


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
    for error in _validator(kind).iter_errors(data):
        for fault in _told(error):
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
def _validator(kind: Kind) -> Draft202012Validator:
    """Return a validator with every local reference written out, which is several times faster."""
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

    return Draft202012Validator({key: inlined(value) for key, value in whole.items() if key not in _SAYS_NOTHING})


_SAYS_NOTHING = frozenset({"$defs", "$id", "$schema", "examples", "description", "default"})


def _told(error: ValidationError) -> Iterator[Fault]:
    """Say one failure of the validator in our own words."""
    keys: Keys = tuple(error.absolute_path)
    teller = _TELLERS[str(error.validator)]
    yield from teller(error, keys)


def _additional(error: ValidationError, keys: Keys) -> Iterator[Fault]:
    known = error.schema["properties"]
    for key in error.instance:
        if key not in known:
            message = f'the key "{key}" is not known here{did_you_mean(key, known)}; take it out or correct it'
            yield Fault(rule=UNKNOWN_KEY, keys=(*keys, key), message=message, on_key=True)


def _required(error: ValidationError, keys: Keys) -> Iterator[Fault]:
    for key in error.validator_value:
        if key not in error.instance:
            title = error.schema["properties"][key].get("title", key)
            message = f'the key "{key}" ({title}) is missing{_where(keys)}; add it'
            yield Fault(rule=MISSING_KEY, keys=keys, message=message)


def _any_of(_: ValidationError, keys: Keys) -> Iterator[Fault]:
    yield Fault(rule=MISSING_KEY, keys=keys, message='a "role" or a "name" is needed here; add one of them')


def _enum(error: ValidationError, keys: Keys) -> Iterator[Fault]:
    words = [str(word) for word in error.validator_value]
    said = _shown(error.instance)
    hint = did_you_mean(str(error.instance), words)
    message = f'{said} is not a word for "{_name(keys)}"{hint}; use one of: {", ".join(words)}'
    yield Fault(rule=UNKNOWN_WORD, keys=keys, message=message)


def _const(error: ValidationError, keys: Keys) -> Iterator[Fault]:
    message = f'"{_name(keys)}" is {error.validator_value} in this version; {_shown(error.instance)} cannot be read'
    yield Fault(rule=UNKNOWN_WORD, keys=keys, message=message)


def _type(error: ValidationError, keys: Keys) -> Iterator[Fault]:
    wanted = error.validator_value if isinstance(error.validator_value, str) else error.validator_value[0]
    if error.instance is None:
        message = f'"{_name(keys)}" is empty; fill it in, or take the line out'
    elif wanted == "string" and isinstance(error.instance, bool | int):
        word = str(error.instance).lower()
        message = f'"{_name(keys)}" is text; put {word} in double quotes: "{word}"'
    else:
        message = f'"{_name(keys)}" is {_TYPES[wanted]}, not {_kind_of(error.instance)}'
    yield Fault(rule=WRONG_TYPE, keys=keys, message=message)


def _pattern(error: ValidationError, keys: Keys) -> Iterator[Fault]:
    said = _shown(error.instance)
    if error.validator_value == _NOT_BLANK:
        yield Fault(rule=BLANK_TEXT, keys=keys, message=f'"{_name(keys)}" is blank; fill it in, or take the line out')
    elif error.validator_value.startswith("^[0-9]{4}-(?:0"):
        message = f'{said} is not a day; write it in quotes as YYYY-MM-DD, for example "2021-04-30"'
        yield Fault(rule=BAD_DATE, keys=keys, message=message)
    elif error.validator_value.startswith("^[0-9]{4}"):
        yield Fault(rule=BAD_DATE, keys=keys, message=f"{said} is not a date; {_DATES}")
    elif error.validator_value.startswith("^http"):
        message = f"{said} is not a link; it begins with https:// or http:// and holds no spaces"
        yield Fault(rule=BAD_URL, keys=keys, message=message)
    else:
        example = error.schema.get("title", "id")
        message = f"{said} is not an id ({example}); use lower-case letters, digits and single hyphens"
        yield Fault(rule=BAD_ID, keys=keys, message=message)


def _max_length(error: ValidationError, keys: Keys) -> Iterator[Fault]:
    too_many, limit = len(error.instance), error.validator_value
    if isinstance(error.schema.get("pattern"), str) and error.schema["pattern"] != _NOT_BLANK:
        yield from _pattern(_as_pattern(error), keys)
    else:
        message = f'"{_name(keys)}" has {too_many} characters, and {limit} are the limit; shorten it'
        yield Fault(rule=TOO_LONG, keys=keys, message=message)


def _as_pattern(error: ValidationError) -> ValidationError:
    """Return the failure that a date, id or link which is too long has as well."""
    pattern = error.schema["pattern"]
    return ValidationError("", validator_value=pattern, instance=error.instance, schema=error.schema)


def _min_length(_: ValidationError, keys: Keys) -> Iterator[Fault]:
    yield Fault(rule=BLANK_TEXT, keys=keys, message=f'"{_name(keys)}" is blank; fill it in, or take the line out')


def _max_items(error: ValidationError, keys: Keys) -> Iterator[Fault]:
    message = f'"{_name(keys)}" has {len(error.instance)} entries, and {error.validator_value} are the limit'
    yield Fault(rule=TOO_MANY, keys=keys, message=message)


def _min_items(_: ValidationError, keys: Keys) -> Iterator[Fault]:
    message = f'"{_name(keys)}" is an empty list; at least one entry is needed'
    yield Fault(rule=TOO_FEW, keys=keys, message=message)


def _unique(error: ValidationError, keys: Keys) -> Iterator[Fault]:
    seen: list[Any] = []
    for index, item in enumerate(error.instance):
        if item in seen:
            message = f'{_shown(item)} stands in "{_name(keys)}" twice; keep one of them'
            yield Fault(rule=REPEATED, keys=(*keys, index), message=message)
        seen.append(item)


def _bounds(error: ValidationError, keys: Keys) -> Iterator[Fault]:
    low, high = error.schema.get("minimum"), error.schema.get("maximum")
    message = f'"{_name(keys)}" is a number from {low} to {high}, not {error.instance}'
    yield Fault(rule=OUT_OF_RANGE, keys=keys, message=message)


def _property_name(error: ValidationError, keys: Keys) -> Iterator[Fault]:
    message = f'a column heading under "{_name(keys)}" is blank or longer than 200 characters; write it as printed'
    yield Fault(rule=TOO_LONG, keys=(*keys, error.instance), message=message, on_key=True)


_NOT_BLANK = "[^ \\t\\r\\n]"
_DATES = 'write it in quotes as "2021", "2021-04" or "2021-04-30"'
_TYPES = {
    "object": "a group of keys and values",
    "array": "a list, each entry on a line of its own after a hyphen",
    "string": "text",
    "integer": "a whole number without quotes",
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
    text = value if isinstance(value, str) else str(value).lower()
    return f'"{text[:60]}…"' if len(text) > len('"…"') + 60 else f'"{text}"'


def _kind_of(value: object) -> str:
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "a group of keys and values"
    return f"{_shown(value)}"
