"""New files: every field with its comment, and plainly marked where something is still to be filled in."""

import re
import textwrap
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from dhrctl.edits.changeset import Changeset, record_kind, schema_line, wrap_text
from dhrctl.errors import DhrError
from dhrctl.files import schema
from dhrctl.files.tree import Edit, Tree
from dhrctl.files.yaml import editor
from dhrctl.model import paths
from dhrctl.model.records import Recommendation, Register
from dhrctl.text.alike import printed_alike

_WIDTH = 88
_TO_FILL_IN = "# TO FILL IN"


def build_new_file(path: str, given: Mapping[str, Any], tree: Tree) -> Changeset:
    """Return the change that adds a file with what is given of it; raise DhrError where there is one."""
    if path in tree.contents:
        message = f"{path} is there already; edit it, or give the new one another name"
        raise DhrError(message)
    reserved = paths.reserved_name(path)
    if reserved:
        message = f'Windows keeps the name "{reserved}" for a device; choose another'
        raise DhrError(message)
    what = str(record_kind(path))
    _refuse_faults(path, given)
    text = "\n".join((*filter(None, [schema_line(tree, path)]), *_fields(schema.read_schema(record_kind(path)), given)))
    edit = Edit(path=path, before=None, after=f"{text}\n".encode())
    place = paths.place(path)
    name = (
        place.id if place and place.id else path.removesuffix("/review.yaml").rpartition("/")[2].removesuffix(".yaml")
    )
    return Changeset(title=f"new {what} {name}", effects=(f"new {what} {name}",), edits=(edit,))


def _refuse_faults(path: str, given: Mapping[str, Any]) -> None:
    """Refuse a value that its field cannot hold; what is not given is left to be filled in."""
    values = {key: value for key, value in given.items() if value}
    for fault in schema.faults(record_kind(path), values):
        if fault.keys:
            message = f"{fault.keys[0]}: {fault.message}"
            raise DhrError(message)


def _fields(shape: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[str]:
    for key, part in shape["properties"].items():
        yield ""
        yield from textwrap.wrap(
            f"{part['title']}: {part['description']}", _WIDTH, initial_indent="# ", subsequent_indent="# "
        )
        if given.get(key):
            yield from _field_lines(key, given[key], shape)
        elif key in shape["required"]:
            yield f"{key}:  {_TO_FILL_IN}"
        else:
            yield from (f"# {line}" for line in _field_lines(key, _example(part), shape))


def _field_lines(key: str, value: Any, shape: Mapping[str, Any]) -> list[str]:  # noqa: ANN401 - plain data
    return editor.compose_file({key: value}, shape, "").decode().rstrip("\n").split("\n")


def _example(part: Mapping[str, Any]) -> Any:  # noqa: ANN401 - plain data
    example = next(example for example in part["examples"] if example is not None)
    return (
        [wrap_text(each) if isinstance(each, str) else each for each in example]
        if isinstance(example, list)
        else example
    )


def free_number(number: str, review: str, register: Register, former: Collection[str] = ()) -> str:
    """Return a number that no other equals, nor any `former` one of the review's history; raise DhrError."""
    taken = [each for each in _numbers(review, register) if paths.strip_zeros(each) == paths.strip_zeros(number)]
    if taken:
        message = f"{review} has a recommendation {taken[0]} already; take {next_number(review, '', register, former)}"
        raise DhrError(message)
    if paths.strip_zeros(number) in map(paths.strip_zeros, former):
        message = (
            f"{review} had a recommendation {number} once, and a number is never given twice; "
            f"take {next_number(review, '', register, former)}"
        )
        raise DhrError(message)
    return number


def next_number(review: str, section: str, register: Register, former: Collection[str] = ()) -> str:
    """Return the number after the last that a review ever had, or its section where that numbers its own."""
    numbers = [*_numbers(review, register), *former]
    prefixes = {
        _parts(record.number)[0] for record in register.recommendations if _is_in_section(record, review, section)
    }
    if len(prefixes) == 1:
        (prefix,) = prefixes
        numbers = [number for number in numbers if _parts(number)[0] == prefix]
    if not numbers:
        return "01"
    prefix, digits = _parts(max(numbers, key=paths.natural_key))
    return f"{prefix}{int(digits or 0) + 1:0{max(len(digits), 2)}}"


def _is_in_section(record: Recommendation, review: str, section: str) -> bool:
    return record.review == review and printed_alike(section) in ("", printed_alike(record.section))


def _numbers(review: str, register: Register) -> list[str]:
    """Return every number that a review's files have, whether they could be read or not."""
    places = [paths.place(path) for path in register.paths]
    return [place.number for place in places if place and place.review == review and place.number]


def _parts(number: str) -> tuple[str, str]:
    """Return a number's beginning, and the digits at its end."""
    digits = re.search("[0-9]*$", number)
    end = digits.group() if digits else ""
    return number.removesuffix(end), end
