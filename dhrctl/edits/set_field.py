"""Corrections: `field=value` as people type it, to the data of a recommendation."""

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from dhrctl.edits.changeset import Change, filled, plain, put
from dhrctl.errors import DhrError
from dhrctl.files import schema
from dhrctl.files.tree import Tree
from dhrctl.findings.finding import Keys
from dhrctl.model.paths import Kind
from dhrctl.model.records import Recommendation
from dhrctl.text.suggest import did_you_mean

Named = Callable[[str], str]


def assigned(record: Recommendation, words: Sequence[str], named: Named, tree: Tree) -> Change:
    """Return the change that `field=value` words make of a recommendation; `named` gives an agency's id."""
    was = plain(tree, record.path)
    now = copy.deepcopy(was)
    said = []
    for word in words:
        way, value = _read(word, named)
        said.append(f"{_dotted(way)} {_told(way, _at(now, way))} → {_told(way, value)}")
        _set(now, way, value)
    _refuse_faults(was, now)
    edits = (put(tree, record.path, now),) if now != was else ()
    return Change(title=f"set {record.id}", said=(f"set {record.id}: {'; '.join(said)}",), edits=edits)


def _schema() -> Mapping[str, Any]:
    return schema.document(Kind.RECOMMENDATION)


def fields() -> tuple[str, ...]:
    """Return the fields of a recommendation."""
    return tuple(_schema()["properties"])


def words_of(field: str) -> tuple[str, ...]:
    """Return the words that a field may hold, where they are a fixed list."""
    shape, _ = _shape(_way(field))
    return tuple(shape.get("enum", ()))


def _read(word: str, named: Named) -> tuple[Keys, Any]:
    field, equals, text = word.partition("=")
    if not equals:
        message = f'"{word}" gives no value; write it as field=value, for example status=in-progress'
        raise DhrError(message)
    way = _way(field.strip())
    shape, agencies = _shape(way)
    try:
        return way, _value(text.strip(), shape, named if agencies else str)
    except ValueError as error:
        message = f"{field}: {error}"
        raise DhrError(message) from None


def _way(field: str) -> Keys:
    return tuple(int(part) - 1 if part.isdecimal() else part for part in field.split("."))


def _shape(way: Keys) -> tuple[Mapping[str, Any], bool]:
    """Return the schema of what a way leads to, and whether agencies stand there."""
    part: Mapping[str, Any] = _schema()
    for step, key in enumerate(way):
        known = _part(part, key)
        if known is None:
            names = part.get("properties", {})
            message = (
                f'there is no field "{_dotted(way[: step + 1])}"{did_you_mean(str(key), names)}{_there_are(names)}'
            )
            raise DhrError(message)
        part = known
    items = part.get("items", part)
    return _resolved(part), "agency_id" in items.get("$ref", "")


def _part(part: Mapping[str, Any], key: str | int) -> Mapping[str, Any] | None:
    part = _resolved(part)
    if isinstance(key, int):
        return _resolved_items(part) if key >= 0 else None
    others = part.get("additionalProperties")
    found: Mapping[str, Any] | None = part.get("properties", {}).get(key, others if isinstance(others, dict) else None)
    return found


def _resolved_items(part: Mapping[str, Any]) -> Mapping[str, Any] | None:
    items: Mapping[str, Any] | None = part.get("items")
    return items


def _resolved(part: Mapping[str, Any]) -> Mapping[str, Any]:
    name = part.get("$ref", "").removeprefix("#/$defs/")
    return {**_schema()["$defs"][name], **part} if name else part


def _there_are(names: Mapping[str, Any]) -> str:
    return f"; there are {', '.join(names)}" if names else "; a value stands there, and no list or keys"


def _value(text: str, shape: Mapping[str, Any], named: Named) -> Any:  # noqa: ANN401 - plain data, by its kind
    """Return a value as its field holds it; None takes it out."""
    wanted = shape.get("type", "string")
    if not text:
        return None
    if wanted == "array":
        return _list(text, _resolved(shape["items"]), named)
    if wanted == "object":
        message = "keys stand here; name one of them after a dot (actions.1.status=complete), or edit the file"
        raise ValueError(message)
    if wanted == "integer":
        return _number(text)
    if "enum" in shape and text not in shape["enum"]:
        known = shape["enum"]
        message = f'"{text}" is not known here{did_you_mean(text, known)}; use one of {", ".join(known)}'
        raise ValueError(message)
    return named(filled(text))


def _list(text: str, shape: Mapping[str, Any], named: Named) -> list[Any]:
    if shape.get("type") == "object":
        message = "a list of entries stands here; name one by its number (actions.1.status=complete), or edit the file"
        raise ValueError(message)
    return [_value(part.strip(), shape, named) for part in text.split(",") if part.strip()]


def _number(text: str) -> int:
    if not text.isdecimal():
        message = f'"{text}" is not a whole number; write digits only'
        raise ValueError(message)
    return int(text)


def _at(data: Any, way: Keys) -> Any:  # noqa: ANN401 - plain data
    for key in way:
        if isinstance(data, list) and isinstance(key, int):
            data = data[key] if key < len(data) else None
        else:
            data = data.get(key) if isinstance(data, dict) else None
    return data


def _set(data: Any, way: Keys, value: Any) -> None:  # noqa: ANN401 - plain data
    """Put a value in its place, making what leads to it; None takes it out, and an entry may be added to a list."""
    *above, last = way
    for key, after in zip(above, way[1:], strict=True):
        data = _entered(data, key, [] if isinstance(after, int) else {})
    if value is not None:
        _entered(data, last, value)
        data[last] = value
    elif (isinstance(last, int) and last < len(data)) or (isinstance(data, dict) and last in data):
        del data[last]


def _entered(data: Any, key: str | int, empty: Any) -> Any:  # noqa: ANN401 - plain data
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
    known = schema.faults(Kind.RECOMMENDATION, was)
    for fault in schema.faults(Kind.RECOMMENDATION, now):
        if fault not in known:
            message = f"{_dotted(fault.keys)}: {fault.message}".removeprefix(": ")
            raise DhrError(message)


def _dotted(way: Sequence[str | int]) -> str:
    return ".".join(str(key + 1) if isinstance(key, int) else key for key in way)


def _told(way: Keys, value: object) -> str:
    """Return a value as a commit's message may hold it for ever: not who is named."""
    return "(withheld)" if value and way[0] == "responsible" else _shown(value)


def _shown(value: object) -> str:
    return ", ".join(_texts(value)) or "none"


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))
    elif value is not None:
        yield " ".join(str(value).split())
