"""A quick yes: a JSON Schema compiled to a test that is true only for what the schema accepts.

It knows the keywords that our schemas use, and accepts nothing where it meets another. What it
does not accept goes to jsonschema, which decides and says why; so it can be wrong in one
direction only, and is tested against jsonschema there. It is some twenty times faster.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

DataTest = Callable[[Any], bool]

_NO_LIMIT = 1 << 62
_STRING = frozenset({"type", "title", "minLength", "maxLength", "pattern", "enum"})
_INTEGER = frozenset({"type", "title", "minimum", "maximum", "enum", "const"})
_BOOLEAN = frozenset({"type", "title"})
_ARRAY = frozenset({"type", "title", "items", "minItems", "maxItems", "uniqueItems"})
_OBJECT = frozenset(
    {"type", "title", "properties", "required", "additionalProperties", "propertyNames", "maxProperties", "anyOf"}
)


def compile_test(shape: Mapping[str, Any]) -> DataTest:
    """Return the test of a schema without references; it accepts nothing where a keyword is unknown to it."""
    compiled = {
        "string": (_string_test, _STRING),
        "integer": (_integer_test, _INTEGER),
        "boolean": (_boolean_test, _BOOLEAN),
    }
    compiled |= {"array": (_array_test, _ARRAY), "object": (_object_test, _OBJECT)}
    kind = shape.get("type")
    if kind == ["string", "null"]:
        text = compile_test({**shape, "type": "string"})
        return lambda data: data is None or text(data)
    compile_it, known = compiled.get(kind, (None, frozenset())) if isinstance(kind, str) else (None, frozenset())
    if compile_it is None or not known.issuperset(shape):
        return lambda _: False
    return compile_it(shape)


def _string_test(shape: Mapping[str, Any]) -> DataTest:
    if "enum" in shape:
        words = frozenset(shape["enum"])
        return lambda data: type(data) is str and data in words
    low, high = shape.get("minLength", 0), shape.get("maxLength", _NO_LIMIT)
    search = re.compile(shape.get("pattern", "")).search
    return lambda data: type(data) is str and low <= len(data) <= high and search(data) is not None


def _integer_test(shape: Mapping[str, Any]) -> DataTest:
    low, high = shape.get("minimum", -_NO_LIMIT), shape.get("maximum", _NO_LIMIT)
    words = shape.get("enum", [shape["const"]] if "const" in shape else None)
    return lambda data: type(data) is int and low <= data <= high and (words is None or data in words)


def _boolean_test(shape: Mapping[str, Any]) -> DataTest:  # noqa: ARG001 - as of every type
    return lambda data: type(data) is bool


def _array_test(shape: Mapping[str, Any]) -> DataTest:
    item = compile_test(shape["items"])
    low, high = shape.get("minItems", 0), shape.get("maxItems", _NO_LIMIT)
    unique = shape.get("uniqueItems", False)

    def test(data: Any) -> bool:  # noqa: ANN401 - plain data
        if type(data) is not list or not low <= len(data) <= high or not all(map(item, data)):
            return False
        return not unique or len(data) < 2 or len(set(data)) == len(data)

    return test


def _object_test(shape: Mapping[str, Any]) -> DataTest:
    known = {key: compile_test(value) for key, value in shape.get("properties", {}).items()}
    required = frozenset(shape.get("required", ()))
    other = compile_test(shape["additionalProperties"]) if shape.get("additionalProperties") else (lambda _: False)
    name = compile_test({"type": "string", **shape.get("propertyNames", {})})
    most = shape.get("maxProperties", _NO_LIMIT)
    ways = [frozenset(way["required"]) for way in shape.get("anyOf", ())]
    closed = "propertyNames" not in shape

    def test(data: Any) -> bool:  # noqa: ANN401 - plain data
        if type(data) is not dict or len(data) > most or not required <= data.keys():
            return False
        if ways and not any(way <= data.keys() for way in ways):
            return False
        for key, value in data.items():
            if not known.get(key, other)(value):
                return False
        return closed or all(map(name, data))

    return test
