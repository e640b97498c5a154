"""Faults: what a schema refuses, said in a coordinator's words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dhrctl.findings.finding import Keys, Rule
from dhrctl.findings.rules import (
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
from dhrctl.text.suggest import did_you_mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that a schema refuses: by which of our rules, the way to it, and the sentence."""

    rule: Rule
    keys: Keys
    message: str
    on_key: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What a validator refuses: by which keyword, the way to the data, the data, and what the schema wants there."""

    keyword: str
    keys: Keys
    given: Any
    wanted: Any
    shape: Any
    required: bool

    @property
    def on_key(self) -> bool:
        """Tell whether a key is at fault, and not its value."""
        return self.keyword in {"additionalProperties", "propertyNames"}

    @property
    def place(self) -> tuple[Keys, bool, object]:
        """Return what two failures have in common of which one is enough."""
        return self.keys, self.on_key, self.given if self.keyword == "required" else None

    @property
    def is_entry(self) -> bool:
        """Tell whether the data is one entry of a list."""
        return bool(self.keys) and isinstance(self.keys[-1], int)


def told(failure: Failure) -> Fault:
    """Say what is wrong."""
    rule, message = _TELLERS[failure.keyword](failure)
    return Fault(rule=rule, keys=failure.keys, message=message, on_key=failure.on_key)


_Said = tuple[Rule, str]


def _additional(failure: Failure) -> _Said:
    key = str(failure.keys[-1])
    hint = did_you_mean(key, failure.shape["properties"])
    return UNKNOWN_KEY, f"the key {_shown(key)} is not known here{hint}; take it out or correct it"


def _required(failure: Failure) -> _Said:
    key = failure.given
    title = failure.shape["properties"][key].get("title", key)
    return MISSING_KEY, f'the key "{key}" ({title}) is missing{_where(failure.keys)}; add it'


def _any_of(_: Failure) -> _Said:
    return MISSING_KEY, 'a "role" or a "name" is needed here; add one of them'


def _enum(failure: Failure) -> _Said:
    words = [str(word) for word in failure.wanted]
    said = _shown(failure.given)
    meant = _MEANT.get(str(failure.given).casefold().replace(" ", "-"), "")
    hint = f' (did you mean "{meant}"?)' if meant in words else did_you_mean(str(failure.given), words)
    return UNKNOWN_WORD, f"{said} is not a word for {_name(failure.keys)}{hint}; use one of: {', '.join(words)}"


def _const(failure: Failure) -> _Said:
    said = f"{_name(failure.keys)} is {failure.wanted} in this version, and {_shown(failure.given)} cannot be read"
    return UNKNOWN_WORD, f"{said}; write {failure.wanted}"


def _type(failure: Failure) -> _Said:
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


def _number_for_text(failure: Failure) -> _Said:
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


def _pattern(failure: Failure) -> _Said:
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


def _blank(failure: Failure) -> _Said:
    return BLANK_TEXT, f"{_name(failure.keys)} is blank; fill it in, or take the line out"


def _max_length(failure: Failure) -> _Said:
    pattern = failure.shape.get("pattern", _NOT_BLANK)
    if pattern != _NOT_BLANK:
        return _pattern(replace(failure, wanted=pattern))
    long = f"{_name(failure.keys)} has {len(failure.given):,} characters, and {failure.wanted:,} are the limit"
    return TOO_LONG, f"{long}; shorten it"


def _max_items(failure: Failure) -> _Said:
    long = f"{_name(failure.keys)} has {len(failure.given):,} entries, and {failure.wanted:,} are the limit"
    return TOO_MANY, f"{long}; shorten the list"


def _min_items(failure: Failure) -> _Said:
    return TOO_FEW, f"{_name(failure.keys)} is an empty list; add at least one entry"


def _unique(failure: Failure) -> _Said:
    return REPEATED, f"{_shown(failure.given)} stands in {_name(failure.keys)} twice; keep one of them"


def _bounds(failure: Failure) -> _Said:
    low, high = failure.shape.get("minimum"), failure.shape.get("maximum")
    return OUT_OF_RANGE, f"{_name(failure.keys)} is {failure.given}; write a number from {low} to {high}"


def _heading(failure: Failure) -> _Said:
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
    "boolean": ("a yes or no", "write true or false, without quotes"),
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
    "propertyNames": _heading,
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
