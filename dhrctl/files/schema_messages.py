"""Faults: what a schema refuses, in a coordinator's words."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from dhrctl.findings.finding import Keys, Rule, sentence
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
from dhrctl.model.date_hints import explain_text
from dhrctl.text.alike import comparable_text
from dhrctl.text.suggest import suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that a schema refuses: by which of our rules, the way to it, what is wrong there, and what to do.

    `values` are the data at fault, as text (see `Finding`).
    """

    rule: Rule
    keys: Keys
    problem: str
    fix: str
    values: tuple[str, ...] = ()
    on_key: bool = False

    @property
    def message(self) -> str:
        """Return the sentence for people."""
        return sentence(self.problem, self.fix)


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


def describe_failure(failure: Failure) -> Fault:
    """Return what is wrong, in a coordinator's words."""
    said = _DESCRIBERS[failure.keyword](failure)
    return Fault(
        rule=said.rule,
        keys=failure.keys,
        problem=said.problem,
        fix=said.fix,
        values=said.values,
        on_key=failure.on_key,
    )


class _RuleAndMessage(NamedTuple):
    """By which rule something is refused, what is wrong, what to do, and the data at fault as text."""

    rule: Rule
    problem: str
    fix: str
    values: tuple[str, ...] = ()


def _describe_unknown_key(failure: Failure) -> _RuleAndMessage:
    key = str(failure.keys[-1])
    hint = suggestion(key, failure.shape["properties"])
    return _RuleAndMessage(
        UNKNOWN_KEY, f"the key {_quote_value(key)} is not known here{hint}", "take it out or correct it"
    )


def _describe_missing_key(failure: Failure) -> _RuleAndMessage:
    key = failure.given
    title = failure.shape["properties"][key].get("title", key)
    return _RuleAndMessage(
        MISSING_KEY, f'the key "{key}" ({title}) is missing{_place_phrase(failure.keys)}', "add it", (key,)
    )


def _describe_missing_role(_: Failure) -> _RuleAndMessage:
    return _RuleAndMessage(MISSING_KEY, 'a "role" or a "name" is needed here', "add one of them", ("role", "name"))


def _describe_unknown_word(failure: Failure) -> _RuleAndMessage:
    words = [str(word) for word in failure.wanted]
    said = _quote_value(failure.given)
    meant = _MEANT.get(comparable_text(str(failure.given)).replace(" ", "-"), "")
    hint = f' (did you mean "{meant}"?)' if meant in words else suggestion(str(failure.given), words)
    problem = f"{said} is not a word for {_field_name(failure.keys)}{hint}"
    return _RuleAndMessage(UNKNOWN_WORD, problem, f"use one of: {', '.join(words)}", _value(failure))


def _describe_wrong_version(failure: Failure) -> _RuleAndMessage:
    said = f"{_field_name(failure.keys)} is {failure.wanted} in this version, and {_quote_value(failure.given)} cannot be read"
    return _RuleAndMessage(UNKNOWN_WORD, said, f"write {failure.wanted}", _value(failure))


def _describe_wrong_type(failure: Failure) -> _RuleAndMessage:
    wanted = failure.wanted if isinstance(failure.wanted, str) else failure.wanted[0]
    name, given = _field_name(failure.keys), failure.given
    if given is None:
        fix = "fill it in" if failure.required else "fill it in, or take the line out"
        return _RuleAndMessage(WRONG_TYPE, f"{name} is empty", fix, _value(failure))
    if wanted == "string" and isinstance(given, bool | int):
        return _describe_number_for_text(failure)
    if wanted == "string" and isinstance(given, dict):
        problem, fix = f"a colon followed by a space made keys of a text in {name}", 'put the whole text in "quotes"'
    elif wanted == "object" and isinstance(given, str) and failure.is_entry:
        first = next(iter((*failure.shape.get("required", ()), *failure.shape["properties"])))
        problem, fix = f"an entry of {name} is text without a key", f"begin it with {first}:"
    else:
        what, fix = _TYPES[wanted]
        problem = f"{name} is {what}, and {_describe_value(given)} stands here"
    return _RuleAndMessage(WRONG_TYPE, problem, fix, _value(failure))


def _describe_number_for_text(failure: Failure) -> _RuleAndMessage:
    """Return what to do about a number, or about true or false, where a text belongs."""
    word = str(failure.given).lower()
    problem, fix = f"{word} stands here without quotes, and {_field_name(failure.keys)} is text", f'write "{word}"'
    if "enum" in failure.shape:
        _, problem, fix, _ = _describe_unknown_word(replace(failure, wanted=failure.shape["enum"]))
    elif _is_date_shape(failure.shape) and _YEAR.fullmatch(word):
        problem = f"the year {word} stands here without quotes, as a number"
    elif _is_date_shape(failure.shape):
        _, problem, fix, _ = _describe_wrong_pattern(replace(failure, wanted=failure.shape["pattern"], given=word))
    return _RuleAndMessage(WRONG_TYPE, problem, fix, _value(failure))


def _describe_wrong_pattern(failure: Failure) -> _RuleAndMessage:
    said, values = _quote_value(failure.given), _value(failure)
    if failure.wanted == _NOT_BLANK:
        return _describe_blank_text(failure)
    if _is_date_shape(failure.shape):
        of_day = failure.wanted.startswith(_DAY)
        if (_DAY_IN_FORM if of_day else _DATE_IN_FORM).fullmatch(failure.given):
            return _RuleAndMessage(BAD_DATE, f"{said} is not in the calendar", "correct the month or the day", values)
        field = next((key for key in reversed(failure.keys) if isinstance(key, str)), "")
        needed = failure.required or field in _NEEDED_DATES
        return _RuleAndMessage(BAD_DATE, *explain_text(failure.given, field, whole_day=of_day, needed=needed), values)
    if failure.wanted.startswith("^http"):
        return _RuleAndMessage(
            BAD_URL, f"{said} is not a link", "it begins with https:// or http:// and holds no spaces", values
        )
    return _RuleAndMessage(BAD_ID, f"{said} is not an id", "use lower-case letters, digits and single hyphens", values)


def _describe_blank_text(failure: Failure) -> _RuleAndMessage:
    return _RuleAndMessage(BLANK_TEXT, f"{_field_name(failure.keys)} is blank", "fill it in, or take the line out")


def _describe_long_text(failure: Failure) -> _RuleAndMessage:
    pattern = failure.shape.get("pattern", _NOT_BLANK)
    if pattern != _NOT_BLANK:
        return _describe_wrong_pattern(replace(failure, wanted=pattern))
    long = f"{_field_name(failure.keys)} has {len(failure.given):,} characters, and {failure.wanted:,} are the limit"
    return _RuleAndMessage(TOO_LONG, long, "shorten it", _length(failure))


def _describe_long_list(failure: Failure) -> _RuleAndMessage:
    long = f"{_field_name(failure.keys)} has {len(failure.given):,} entries, and {failure.wanted:,} are the limit"
    return _RuleAndMessage(TOO_MANY, long, "shorten the list", _length(failure))


def _describe_empty_list(failure: Failure) -> _RuleAndMessage:
    return _RuleAndMessage(TOO_FEW, f"{_field_name(failure.keys)} is an empty list", "add at least one entry")


def _describe_repeated_item(failure: Failure) -> _RuleAndMessage:
    problem = f"{_quote_value(failure.given)} stands in {_field_name(failure.keys)} twice"
    return _RuleAndMessage(REPEATED, problem, "keep one of them", _value(failure))


def _describe_out_of_range(failure: Failure) -> _RuleAndMessage:
    low, high = failure.shape.get("minimum"), failure.shape.get("maximum")
    problem = f"{_field_name(failure.keys)} is {failure.given}"
    return _RuleAndMessage(OUT_OF_RANGE, problem, f"write a number from {low} to {high}", _value(failure))


def _describe_bad_heading(failure: Failure) -> _RuleAndMessage:
    column = f"a column heading under {_field_name(failure.keys[:-1])}"
    return _RuleAndMessage(TOO_LONG, f"{column} is blank or longer than 200 characters", "write it as printed")


def _value(failure: Failure) -> tuple[str, ...]:
    """Return the data at fault as text; of a list or a group of keys that stands in the wrong place, that it is one."""
    given = failure.given
    if isinstance(given, list | dict):
        return (type(given).__name__,)
    return (given if isinstance(given, str) else json.dumps(given),)


def _length(failure: Failure) -> tuple[str, ...]:
    return (str(len(failure.given)),)


_NOT_BLANK = "[^ \\t\\r\\n]"
_YEAR = re.compile("[0-9]{4}")
_DAY = "^[0-9]{4}-(?:0"
_DAY_IN_FORM = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_IN_FORM = re.compile("[0-9]{4}(?:-[0-9]{2}){0,2}(?:/[0-9]{4}(?:-[0-9]{2}){0,2})?")
_NEEDED_DATES = frozenset({"from", "until"})
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
_DESCRIBERS = {
    "additionalProperties": _describe_unknown_key,
    "required": _describe_missing_key,
    "anyOf": _describe_missing_role,
    "enum": _describe_unknown_word,
    "const": _describe_wrong_version,
    "type": _describe_wrong_type,
    "pattern": _describe_wrong_pattern,
    "maxLength": _describe_long_text,
    "minLength": _describe_blank_text,
    "maxItems": _describe_long_list,
    "maxProperties": _describe_long_list,
    "minItems": _describe_empty_list,
    "uniqueItems": _describe_repeated_item,
    "minimum": _describe_out_of_range,
    "maximum": _describe_out_of_range,
    "propertyNames": _describe_bad_heading,
}


def _field_name(keys: Keys) -> str:
    """Return the last key of a way in quotation marks, which is what a person calls the field."""
    names = [key for key in keys if isinstance(key, str)]
    return f'"{names[-1]}"' if names else "the file"


def _place_phrase(keys: Keys) -> str:
    return f" under {_field_name(keys)}" if keys else ""


def _is_date_shape(shape: Mapping[str, Any]) -> bool:
    return str(shape.get("pattern")).startswith("^[0-9]{4}")


def _quote_value(value: object) -> str:
    text = " ".join((value if isinstance(value, str) else str(value).lower()).split())
    return f'"{text[:60]}…"' if len(text) > len('"…"') + 60 else f'"{text}"'


def _describe_value(value: object) -> str:
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "a group of keys and values"
    return f"{_quote_value(value)}"
