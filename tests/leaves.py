"""What a record holds, part by part, wherever it stands."""

from collections.abc import Iterator
from typing import Any


def every(data: Any, way: str = "") -> Iterator[str]:
    """Yield each key, entry and line with the way to it; an entry is told by its text, or title, and not by its place."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield f"{way}.{key}"
            yield from every(value, f"{way}.{key}")
    elif isinstance(data, list):
        for item in data:
            named = isinstance(item, dict)
            text = (
                next(item[key] for key in ("text", "title", "rule", "role", "short") if key in item) if named else item
            )
            yield f"{way}[{text}]"
            yield from every(item if named else {}, f"{way}[{text}]")
    else:
        yield from (f"{way}={line!r}" for line in (data.split("\n") if isinstance(data, str) else [data]))
