"""Corrections: `field=value` as people type it, to the data of a recommendation."""

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from dhrctl.edits.changeset import Changeset, build_edit, read_data, wrap_text
from dhrctl.errors import DhrError
from dhrctl.files import schema
from dhrctl.files.tree import Tree
from dhrctl.findings.finding import Keys
from dhrctl.model.paths import RecordKind
from dhrctl.model.records import Recommendation
from dhrctl.text.suggest import suggestion

AgencyFinder = Callable[[str], str]


def build_corrections(record: Recommendation, words: Sequence[str], named: AgencyFinder, tree: Tree) -> Changeset:
    """Return the change that `field=value` words make of a recommendation; `named` gives an agency's id."""
    was = read_data(tree, record.path)
    now = copy.deepcopy(was)
    effects = []
    for word in words:
        way, value = _parse_assignment(word, named)
        effects.append(
            f"{_join_keys(way)} {_publishable_value(way, _get_value(now, way))} → {_publishable_value(way, value)}"
        )
        _set_value(now, way, value)
    _refuse_faults(was, now)
    edits = (build_edit(tree, record.path, now),) if now != was else ()
    return Changeset(title=f"set {record.id}", effects=(f"set {record.id}: {'; '.join(effects)}",), edits=edits)


def _schema() -> Mapping[str, Any]:
    return schema.read_schema(RecordKind.RECOMMENDATION)


def fields() -> tuple[str, ...]:
    """Return the fields of a recommendation."""
    return tuple(_schema()["properties"])


def allowed_words(field: str) -> tuple[str, ...]:
    """Return the words that a field may hold, where they are a fixed list."""
    shape, _ = _shape(_parse_keys(field))
    return tuple(shape.get("enum", ()))


def _parse_assignment(word: str, named: AgencyFinder) -> tuple[Keys, Any]:
    field, equals, text = word.partition("=")
    if not equals:
        message = f'"{word}" gives no value; write it as field=value, for example status=in-progress'
        raise DhrError(message)
    way = _parse_keys(field.strip())
    shape, agencies = _shape(way)
    try:
        return way, _parse_value(text.strip(), shape, named if agencies else str)
    except ValueError as error:
        message = f"{field}: {error}"
        raise DhrError(message) from None


def _parse_keys(field: str) -> Keys:
    return tuple(int(part) - 1 if part.isdecimal() else part for part in field.split("."))


def _shape(way: Keys) -> tuple[Mapping[str, Any], bool]:
    """Return the schema of what a way leads to, and whether agencies stand there."""
    part: Mapping[str, Any] = _schema()
    for step, key in enumerate(way):
        known = _part(part, key)
        if known is None:
            names = part.get("properties", {})
            message = (
                f'there is no field "{_join_keys(way[: step + 1])}"{suggestion(str(key), names)}{_names_hint(names)}'
            )
            raise DhrError(message)
        part = known
    items = part.get("items", part)
    return _resolve_reference(part), "agency_id" in items.get("$ref", "")


def _part(part: Mapping[str, Any], key: str | int) -> Mapping[str, Any] | None:
    part = _resolve_reference(part)
    if isinstance(key, int):
        return _item_schema(part) if key >= 0 else None
    others = part.get("additionalProperties")
    found: Mapping[str, Any] | None = part.get("properties", {}).get(key, others if isinstance(others, dict) else None)
    return found


def _item_schema(part: Mapping[str, Any]) -> Mapping[str, Any] | None:
    items: Mapping[str, Any] | None = part.get("items")
    return items


def _resolve_reference(part: Mapping[str, Any]) -> Mapping[str, Any]:
    name = part.get("$ref", "").removeprefix("#/$defs/")
    return {**_schema()["$defs"][name], **part} if name else part


def _names_hint(names: Mapping[str, Any]) -> str:
    return f"; there are {', '.join(names)}" if names else "; a value stands there, and no list or keys"


def _parse_value(text: str, shape: Mapping[str, Any], named: AgencyFinder) -> Any:  # noqa: ANN401 - plain data, by its kind
    """Return a value as its field holds it; None takes it out."""
    wanted = shape.get("type", "string")
    if not text:
        return None
    if wanted == "array":
        return _parse_list(text, _resolve_reference(shape["items"]), named)
    if wanted == "object":
        message = "keys stand here; name one of them after a dot (actions.1.status=complete), or edit the file"
        raise ValueError(message)
    if wanted == "integer":
        return _parse_number(text)
    if "enum" in shape and text not in shape["enum"]:
        known = shape["enum"]
        message = f'"{text}" is not known here{suggestion(text, known)}; use one of {", ".join(known)}'
        raise ValueError(message)
    return named(wrap_text(text))


def _parse_list(text: str, shape: Mapping[str, Any], named: AgencyFinder) -> list[Any]:
    if shape.get("type") == "object":
        message = "a list of entries stands here; name one by its number (actions.1.status=complete), or edit the file"
        raise ValueError(message)
    return [_parse_value(part.strip(), shape, named) for part in text.split(",") if part.strip()]


def _parse_number(text: str) -> int:
    if not text.isdecimal():
        message = f'"{text}" is not a whole number; write digits only'
        raise ValueError(message)
    return int(text)


def _get_value(data: Any, way: Keys) -> Any:  # noqa: ANN401 - plain data
    for key in way:
        if isinstance(data, list) and isinstance(key, int):
            data = data[key] if key < len(data) else None
        else:
            data = data.get(key) if isinstance(data, dict) else None
    return data


def _set_value(data: Any, way: Keys, value: Any) -> None:  # noqa: ANN401 - plain data
    """Put a value in its place, making what leads to it; None takes it out, and an entry may be added to a list."""
    *above, last = way
    for key, after in zip(above, way[1:], strict=True):
        data = _get_or_add(data, key, [] if isinstance(after, int) else {})
    if value is not None:
        _get_or_add(data, last, value)
        data[last] = value
    elif (isinstance(last, int) and last < len(data)) or (isinstance(data, dict) and last in data):
        del data[last]


def _get_or_add(data: Any, key: str | int, empty: Any) -> Any:  # noqa: ANN401 - plain data
    if isinstance(key, int):
        if key > len(data):
            message = f"there is no entry {key + 1}; the list has {len(data)}, and the next would be {len(data) + 1}"
            raise DhrError(message)
        if key == len(data):
            data.append(empty)
        return data[key]
    return data.setdefault(key, empty)


def _refuse_faults(was: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Refuse what the schema would, in its words, unless it stood there before."""
    known = schema.faults(RecordKind.RECOMMENDATION, was)
    for fault in schema.faults(RecordKind.RECOMMENDATION, now):
        if fault not in known:
            message = f"{_join_keys(fault.keys)}: {fault.message}".removeprefix(": ")
            raise DhrError(message)


def _join_keys(way: Sequence[str | int]) -> str:
    return ".".join(str(key + 1) if isinstance(key, int) else key for key in way)


def _publishable_value(way: Keys, value: object) -> str:
    """Return a value as a commit's message may hold it for ever: names redacted."""
    return "(withheld)" if value and way[0] == "responsible" else _format_value(value)


def _format_value(value: object) -> str:
    return ", ".join(_texts(value)) or "none"


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))
    elif value is not None:
        yield " ".join(str(value).split())
