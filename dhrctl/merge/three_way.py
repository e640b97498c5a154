"""Merging: three versions of a file's data to one, field by field, with a clash wherever both sides decided."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final

from dhrctl.files.yaml.editor import is_same_data
from dhrctl.findings.finding import Keys
from dhrctl.model.records import Status

ABSENT: Final = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """What the versions hold where neither side can be followed: a value or ABSENT each; in a list, entries each."""

    base: Any
    ours: Any
    theirs: Any


def merge_data(base: Any, ours: Any, theirs: Any, name: str = "") -> Any:
    """Return what both sides made of the data under a name, with a Clash at each place where they disagree."""
    if _is_same(ours, theirs) or _is_same(theirs, base):
        return ours
    if _is_same(ours, base):
        return theirs
    found: Any = None
    kinds = {type(ours), type(theirs), type(base) if base is not ABSENT else type(ours)}
    if kinds == {dict}:
        found = _merge_mappings({} if base is ABSENT else base, ours, theirs)
    elif kinds == {list}:
        found = _merge_lists([] if base is ABSENT else base, ours, theirs, name)
    elif kinds == {str} and base is not ABSENT:
        found = _merge_text(base, ours, theirs)
    return Clash(base=base, ours=ours, theirs=theirs) if found is None else found


def clashes(data: Any, way: Keys = ()) -> Iterator[Keys]:
    """Yield the way to each Clash in merged data."""
    if isinstance(data, Clash):
        yield way
    elif isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from clashes(value, (*way, key))


def take_side(data: Any, side: str) -> Any:
    """Return merged data with what one side (`ours` or `theirs`) holds wherever they clash."""
    if isinstance(data, Clash):
        return getattr(data, side)
    if isinstance(data, dict):
        found = {key: take_side(value, side) for key, value in data.items()}
        return {key: value for key, value in found.items() if value is not ABSENT}
    if isinstance(data, list):
        spread = ([*take_side(item, side)] if isinstance(item, Clash) else [take_side(item, side)] for item in data)
        return [item for items in spread for item in items]
    return data


def _is_same(one: Any, other: Any) -> bool:
    """Tell whether two values are equal, or both are absent."""
    return one is other or (ABSENT not in (one, other) and is_same_data(one, other))


# Fields


_Mapping = Mapping[str, Any]
_STATE = ("target_date", "completion_date", "status")
_CLOSED = [status.value for status in Status if not status.is_open]


def _merge_mappings(base: _Mapping, ours: _Mapping, theirs: _Mapping) -> dict[str, Any]:
    torn = _STATE if _is_closed_and_dated(base, ours, theirs) or _is_closed_and_dated(base, theirs, ours) else ()
    found: dict[str, Any] = {}
    for key in dict.fromkeys((*ours, *theirs)):
        old, mine, other = (side.get(key, ABSENT) for side in (base, ours, theirs))
        if key in torn and not _is_same(mine, other):
            found[key] = Clash(base=old, ours=mine, theirs=other)
        else:
            found[key] = merge_data(old, mine, other, key)
    return {key: value for key, value in found.items() if value is not ABSENT}


def _is_closed_and_dated(base: _Mapping, one: _Mapping, other: _Mapping) -> bool:
    """Tell whether one side closed or reopened the work where the other gave it a date, or another status."""
    was, now = (each.get("status") in _CLOSED for each in (base, one))
    dated = any(not _is_same(other.get(key, ABSENT), base.get(key, ABSENT)) for key in _STATE)
    return was != now and dated and not _is_same(one.get("status"), other.get("status"))


# Lists


_Entries = Mapping[str, Any]
_WHOLE: tuple[str, ...] = ()
_NAMED_BY: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "abbreviations": (("short",),),
    "actions": (("text",), ("text", "lead_agency")),
    "commitments": (("text",), ("text", "lead_agency")),
    "evidence": (("kind", "title"), ("kind", "title", "date")),
    "milestones": (("text",), ("text", "date")),
    "responsible": (("role", "name"), ("role", "name", "agency")),
    "successors": (("agency",), ("agency", "from")),
    "waivers": (("rule",), ("rule", "until")),
}
_ONE_DECISION = frozenset({"lead_agencies"})


def _merge_lists(base: list[Any], ours: list[Any], theirs: list[Any], name: str) -> list[Any] | None:
    """Merge lists by what names their entries; None where nothing tells a side's entries apart, before or after."""
    for keys in _NAMED_BY.get(name, (_WHOLE,)):
        old, mine, other = (_name_entries(side, keys) for side in (base, ours, theirs))
        if len(old) == len(base) and len(mine) == len(ours) and len(other) == len(theirs):
            break
    else:
        return None
    found: list[Any] = []
    for some, of_ours, of_theirs in _parts([*old], [*mine], [*other]):
        found += _merge_entries(
            _pick_entries(old, some), _pick_entries(mine, of_ours), _pick_entries(other, of_theirs), name
        )
    both = (take_side(found, "ours"), take_side(found, "theirs"))
    return found if all(len(_name_entries(side, keys)) == len(side) for side in both) else None


def _name_entries(items: list[Any], keys: tuple[str, ...]) -> _Entries:
    """Return the entries of a list by the values of the keys that name them, or by all that they are."""
    names = ([item.get(key) for key in keys] if keys and isinstance(item, dict) else item for item in items)
    return {f"{type(item)} {name!r}": item for item, name in zip(items, names, strict=True)}


def _pick_entries(items: _Entries, names: Sequence[str]) -> _Entries:
    return {name: items[name] for name in names}


def _merge_entries(base: _Entries, ours: _Entries, theirs: _Entries, name: str) -> list[Any]:
    """Merge a part of a list: what each side holds between the entries that all of them have."""
    old, mine, other = (list(side.values()) for side in (base, ours, theirs))
    if _is_same(mine, other) or _is_same(other, old):
        return mine
    if _is_same(mine, old):
        return other
    lost, gone = base.keys() - ours.keys(), base.keys() - theirs.keys()
    edited = [key for key in lost ^ gone if not _is_same((theirs if key in lost else ours)[key], base[key])]
    if lost & gone or edited or name in _ONE_DECISION:
        return [Clash(base=old, ours=mine, theirs=other)]
    return [
        merge_data(base.get(key, ABSENT), ours.get(key, theirs.get(key)), theirs.get(key, ours.get(key)))
        for key in _merged_order(base, ours, theirs)
        if key not in lost | gone
    ]


def _merged_order(base: _Entries, ours: _Entries, theirs: _Entries) -> list[str]:
    """Return all names in the order of the base, what a side added behind what it stands behind there."""
    order = [*base]
    for side in (ours, theirs):
        at = 0
        for key in side:
            if key not in order:
                at += next((more for more, name in enumerate(order[at:]) if name in side), len(order) - at)
                order.insert(at, key)
            at = order.index(key) + 1
    return order


# Lines


def _merge_text(base: str, ours: str, theirs: str) -> str | None:
    """Merge texts line by line; None where both changed the same lines, or lines next to each other."""
    lines: list[str] = []
    for old, mine, other in _parts(*(side.split("\n") for side in (base, ours, theirs))):
        if mine != other and old not in (mine, other):
            return None
        lines += other if mine == old else mine
    return "\n".join(lines)


_Part = tuple[Sequence[str], Sequence[str], Sequence[str]]


def _parts(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Iterator[_Part]:
    """Yield three sequences in turn: each element that all have, and what each has between two of those."""
    in_ours, in_theirs = _match_positions(base, ours), _match_positions(base, theirs)
    old = mine = other = 0
    for at in sorted(in_ours.keys() & in_theirs.keys()):
        yield base[old:at], ours[mine : in_ours[at]], theirs[other : in_theirs[at]]
        old, mine, other = at + 1, in_ours[at] + 1, in_theirs[at] + 1
        yield (base[at:old],) * 3
    yield base[old:], ours[mine:], theirs[other:]


def _match_positions(base: Sequence[str], side: Sequence[str]) -> dict[int, int]:
    """Return where each element of the base stands in a side, as far as they are in the same order."""
    blocks = SequenceMatcher(None, base, side, autojunk=False).get_matching_blocks()
    return {block.a + step: block.b + step for block in blocks for step in range(block.size)}
