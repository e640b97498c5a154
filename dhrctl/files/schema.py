"""The schemas: what they refuse in a file's data."""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from dhrctl.files.schema_fast import DataTest, compile_test
from dhrctl.files.schema_messages import Failure, Fault, describe_failure
from dhrctl.findings.finding import MOST
from dhrctl.findings.rules import TOO_MANY_FAULTS
from dhrctl.model.paths import RecordKind, shipped_folder

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

    from dhrctl.findings.finding import Keys


def faults(kind: RecordKind, data: Any) -> tuple[Fault, ...]:
    """Return what the schema of this kind of file refuses in the data, one for each place, and how many MOST leaves out."""
    if _quick_test(kind)(data):
        return ()
    failures = (_failure(error, kind) for error in _validator(kind).iter_errors(data))
    places: dict[tuple[Keys, bool, object], Failure] = {}
    for failure in failures:
        places.setdefault(failure.place, failure)
    first = tuple([describe_failure(failure) for failure in islice(places.values(), MOST)])
    left = len(places) - MOST
    return first if left <= 0 else (*first, _summarise_rest(left))


def _summarise_rest(left: int) -> Fault:
    problem = f"{left:,} more {'fault is' if left == 1 else 'faults are'} in this file"
    return Fault(
        rule=TOO_MANY_FAULTS, keys=(), problem=problem, fix="fix those that are listed first", values=(str(left),)
    )


@cache
def read_schema(kind: RecordKind) -> Mapping[str, Any]:
    """Return the schema of a kind of file, as it is shipped."""
    path = shipped_folder("schema") / f"{kind}.schema.json"
    content: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


@cache
def _quick_test(kind: RecordKind) -> DataTest:
    return compile_test(_inline_references(kind))


@cache
def _validator(kind: RecordKind) -> "Draft202012Validator":
    from jsonschema import Draft202012Validator, validators  # noqa: PLC0415 - slow to import, for faulty files alone

    extend: Any = validators.extend  # which has no types
    judge: type[Draft202012Validator] = extend(
        Draft202012Validator,
        {
            "additionalProperties": _unknown_keys,
            "required": _missing_keys,
            "items": _judge_items,
            "uniqueItems": _repeated_items,
        },
    )
    return judge(_inline_references(kind))


@cache
def _inline_references(kind: RecordKind) -> Mapping[str, Any]:
    """Return a schema with every local reference written out, which is judged several times faster."""
    whole = read_schema(kind)
    shapes = whole["$defs"]

    def inlined(part: Any) -> Any:
        if isinstance(part, list):
            return [inlined(item) for item in part]
        if not isinstance(part, dict):
            return part
        written = {key: inlined(value) for key, value in part.items() if _can_refuse(key)}
        reference = written.pop("$ref", None)
        return written if reference is None else inlined(shapes[reference.removeprefix("#/$defs/")]) | written

    return {key: inlined(value) for key, value in whole.items() if _can_refuse(key)}


_SAYS_NOTHING = frozenset({"$defs", "$id", "$schema", "examples", "description", "default"})


def _can_refuse(keyword: str) -> bool:
    """Tell whether a keyword can refuse anything; ours, which begin with `x-`, say who may see a field."""
    return keyword not in _SAYS_NOTHING and not keyword.startswith("x-")


# What follows judges as jsonschema does, with an error of its own for each fault: for each key that is unknown
# or missing, and for each item that is repeated.


def _unknown_keys(judge: Any, wanted: Any, data: Any, shape: Any) -> "Iterable[ValidationError]":
    if wanted is not False or not isinstance(data, dict):
        return _usual_judge("additionalProperties")(judge, wanted, data, shape)
    return (_error(path=(key,)) for key in data if key not in shape["properties"])


def _missing_keys(_: Any, wanted: Any, data: Any, __: Any) -> "Iterable[ValidationError]":
    return (_error(instance=key) for key in wanted if key not in data) if isinstance(data, dict) else ()


def _judge_items(judge: Any, wanted: Any, data: Any, shape: Any) -> "Iterable[ValidationError]":
    """Judge what is in a list, unless it is to be shortened first."""
    return _usual_judge("items")(judge, wanted, data, shape) if _is_within(data, shape) else ()


def _repeated_items(_: Any, wanted: Any, data: Any, shape: Any) -> "Iterable[ValidationError]":
    seen: set[str] = set()
    for index, item in enumerate(data if wanted and _is_within(data, shape) else ()):
        alike = json.dumps(item, sort_keys=True)
        if alike in seen:
            yield _error(path=(index,), instance=item)
        seen.add(alike)


def _usual_judge(keyword: str) -> Callable[..., "Iterable[ValidationError]"]:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - as above

    judge: Callable[..., Iterable[ValidationError]] = Draft202012Validator.VALIDATORS[keyword]
    return judge


def _is_within(data: object, shape: Mapping[str, Any]) -> bool:
    return isinstance(data, list) and len(data) <= shape["maxItems"]


def _error(**about: Any) -> "ValidationError":
    from jsonschema.exceptions import ValidationError  # noqa: PLC0415 - as above

    return ValidationError("", **about)


def _failure(error: "ValidationError", kind: RecordKind) -> Failure:
    """Return what the validator says as a value; a heading is no value, and the way leads to it all the same."""
    of_heading = "propertyNames" in error.absolute_schema_path
    keys = tuple(error.absolute_path)
    return Failure(
        keyword="propertyNames" if of_heading else str(error.validator),
        keys=(*keys, str(error.instance)) if of_heading else keys,
        given=error.instance,
        wanted=error.validator_value,
        shape=error.schema,
        required=len(keys) == 1 and keys[0] in read_schema(kind)["required"],
    )
