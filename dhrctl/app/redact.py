"""Who may see what: a register without everything that an audience may not see.

The schemas mark each field: `x-audience` is the widest audience that may see it,
`x-audience-if-publishable` who may where its update is marked publishable, and
`x-public-precision` how precise a date is for the public.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from dhrctl.errors import DhrError
from dhrctl.model import dates
from dhrctl.model.audience import Audience
from dhrctl.model.edtf import When
from dhrctl.model.paths import RecordKind
from dhrctl.model.records import Register, Update

if TYPE_CHECKING:
    from dhrctl.model.history import Version

AnyRecord = TypeVar("AnyRecord")
SchemaPart = Mapping[str, Any]


REDACTED = "(withheld)"


def redact_register(register: Register, audience: Audience, names: Iterable[str] = ()) -> Register:
    """Return what an audience may see of a register.

    For the public, a text that holds one of the protected names is redacted, and so is a surname after a
    rank or title. Judgements stay as they are, as they rest on dates and words from fixed lists. Raise
    DhrError where a protected name stands in the name of a file.
    """
    seen = replace(
        register,
        settings=_redact_record(register.settings, RecordKind.REGISTER, audience),
        agencies={
            agency.id: _redact_record(agency, RecordKind.AGENCY, audience) for agency in register.agencies.values()
        },
        reviews={
            review.id: _redact_record(review, RecordKind.REVIEW, audience) for review in register.reviews.values()
        },
        recommendations=tuple(
            [
                replace(
                    _redact_record(record, RecordKind.RECOMMENDATION, audience),
                    updates=_redact_updates(record.updates, audience),
                )
                for record in register.recommendations
            ]
        ),
        orphans=_redact_updates(register.orphans, audience),
    )
    return _redact_names(seen, names) if audience is Audience.PUBLIC else seen


def redact_versions(
    timelines: "Mapping[str, Iterable[Version]]", audience: Audience, names: Iterable[str] = ()
) -> "dict[str, list[Version]]":
    """Return what an audience may see of the versions of recommendations, by id; the public sees no author."""
    listed = {identity: list(versions) for identity, versions in timelines.items()}
    records = [version.record for versions in listed.values() for version in versions if version.record]
    seen = iter(redact_register(Register(recommendations=tuple(records)), audience, names).recommendations)

    def shown(version: "Version") -> "Version":
        author = "" if audience is Audience.PUBLIC else version.author
        return replace(version, record=next(seen) if version.record else None, author=author)

    return {identity: [shown(version) for version in versions] for identity, versions in listed.items()}


def _redact_updates(updates: tuple[Update, ...], audience: Audience) -> tuple[Update, ...]:
    return tuple(
        [_redact_record(update, RecordKind.UPDATE, audience, publishable=update.publishable) for update in updates]
    )


def _redact_record(record: AnyRecord, kind: RecordKind, audience: Audience, *, publishable: bool = False) -> AnyRecord:
    from dhrctl.files import schema

    return _redact_fields(record, schema.read_schema(kind), audience, publishable=publishable)


def _redact_fields(value: AnyRecord, shape: SchemaPart, audience: Audience, *, publishable: bool) -> AnyRecord:
    """Return a value of the model without the fields that an audience may not see, through all that it holds."""
    changes: dict[str, Any] = {}
    for name, part in shape["properties"].items():
        field = _FIELDS.get(name, name)
        given = getattr(value, field)
        if not given:
            continue
        if not may_see(part, audience, publishable=publishable):
            changes[field] = _empty_value(value, field)
        elif (inner := part.get("items", part)).get("properties"):
            changes[field] = _redact_entries(given, inner, audience, publishable=publishable)
        elif audience is Audience.PUBLIC and part.get("x-public-precision") == "month":
            changes[field] = dates.coarsen_to_month(given)
    return replace(value, **changes) if changes else value  # type: ignore[type-var]  # every record is a dataclass


_FIELDS = {"from": "since"}


def _redact_entries(given: Any, shape: SchemaPart, audience: Audience, *, publishable: bool) -> Any:  # noqa: ANN401 - one value or several
    """Redact a value or each of several; an entry of which nothing is left that makes it one is left out."""
    if not isinstance(given, tuple):
        return _redact_fields(given, shape, audience, publishable=publishable)
    entries = [_redact_fields(entry, shape, audience, publishable=publishable) for entry in given]
    return tuple([entry for entry in entries if _says_something(entry, shape)])


def _says_something(entry: object, shape: SchemaPart) -> bool:
    ways = [way["required"] for way in shape.get("anyOf", ())]
    return not ways or any(all(getattr(entry, name) for name in way) for way in ways)


def may_see(part: SchemaPart, audience: Audience, *, publishable: bool = False) -> bool:
    """Tell whether an audience may see a field, by its part of the schema."""
    mark = part["x-audience"]
    if publishable:
        mark = part.get("x-audience-if-publishable", mark)
    return _WIDTH[Audience(mark)] <= _WIDTH[audience]


_WIDTH = {audience: width for width, audience in enumerate(Audience)}


def _empty_value(value: object, name: str) -> Any:  # noqa: ANN401 - any empty value
    """Return what a field holds where nothing is given."""
    field: Field[Any] = value.__dataclass_fields__[name]  # type: ignore[attr-defined]  # every record is a dataclass
    if field.default_factory is not MISSING:
        return field.default_factory()
    return "" if field.default is MISSING else field.default


def make_redactor(names: Iterable[str]) -> Callable[[str], str]:
    """Return the function that a text goes through before the public sees it."""
    from dhrctl.checks import safety

    holds = safety.protected_name(names).run
    return lambda text: REDACTED if next(holds(text), None) else safety.remove_names(text)


def _redact_names(register: Register, names: Iterable[str]) -> Register:
    """Return a register that names nobody, as far as a list and the ranks and titles before names can tell."""
    shown = make_redactor(names)
    if any(shown(path) == REDACTED for path in register.paths):
        message = (
            "a protected name stands in the name of a file, so nothing can be made for the public; see dhrctl check"
        )
        raise DhrError(message)
    return replace(
        register,
        settings=_map_texts(register.settings, shown),
        agencies=_map_texts(register.agencies, shown),
        reviews=_map_texts(register.reviews, shown),
        recommendations=_map_texts(register.recommendations, shown),
        orphans=_map_texts(register.orphans, shown),
    )


def _map_texts(value: Any, shown: Callable[[str], str]) -> Any:  # noqa: ANN401 - any value of the model
    """Return a value with a function put to every text in it, column heads included."""
    if type(value) is str:
        return shown(value)
    if isinstance(value, tuple):
        return tuple([_map_texts(part, shown) for part in value])
    if isinstance(value, Mapping):
        return {_map_texts(key, shown): _map_texts(part, shown) for key, part in value.items()}
    if is_dataclass(value) and not isinstance(value, type) and not isinstance(value, When):
        return replace(value, **{field.name: _map_texts(getattr(value, field.name), shown) for field in fields(value)})
    return value
