"""Selecting: an id or a query, as people type them, to the recommendations that are meant."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dhrctl.errors import DhrError, Exit
from dhrctl.model import dates
from dhrctl.model.edtf import When
from dhrctl.model.paths import RecordKind, agency_path, natural_key, place, strip_zeros
from dhrctl.model.records import Agency, Level, Recommendation, Register, Scope, Status
from dhrctl.model.status import Flag, Progress, Rag, Timeliness, succession
from dhrctl.text.alike import comparable_text, plain_signs
from dhrctl.text.quotes import is_quoted, is_unclosed, join_quoted, split_values, unquote
from dhrctl.text.suggest import suggestion

RecordTest = Callable[[Recommendation, Progress], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryWord:
    """One word of a query as it was typed, and its test.

    A word that names no field is looked for as a `phrase` in the text; `quoted` where it stood in quotation marks.
    """

    typed: str
    test: RecordTest
    phrase: str = ""
    quoted: bool = False

    @property
    def negated(self) -> bool:
        """Tell whether it stands for what does not match."""
        return self.typed.startswith("-")


@dataclass(frozen=True, slots=True)
class Query:
    """The words of a query, and the test that they make together."""

    words: tuple[QueryWord, ...]

    def __call__(self, record: Recommendation, progress: Progress) -> bool:
        """Tell whether a recommendation passes every word."""
        return all(word.test(record, progress) for word in self.words)


@dataclass(frozen=True, slots=True)
class _Context:
    register: Register
    day: date


_TestMaker = Callable[[str, _Context], RecordTest]


class _Mistake(Exception):
    """What is wrong with one word of a query."""


def compile_query(words: Iterable[str], register: Register, day: date) -> Query:
    """Return the test that a query's words make together; raise DhrError that names a mistaken word."""
    context = _Context(register, day)
    return Query(tuple([_read_word(word, place, context) for place, word in join_quoted(tuple(words))]))


def needs_first_targets(words: Iterable[str]) -> bool:
    """Tell whether what a query finds rests on first target dates: it asks what slipped, or for a colour."""
    fields = [word.removeprefix("-").casefold().partition(":") for word in words]
    return any(name == "rag" or (name == "is" and Flag.SLIPPED in values) for name, _, values in fields)


def find_recommendation(word: str, register: Register) -> Recommendation:
    """Return the recommendation that an id, or a part of it that can mean only one, stands for."""
    known = {record.id: record for record in register.recommendations}
    ids = tuple(dict.fromkeys((*known, *_ids_with_files(register))))
    found = match_ids(word, ids)
    if len(found) > 1:
        message = f'"{word}" can mean {_join_names(found)}; write more of the id'
        raise DhrError(message)
    if not found:
        hint = suggestion(word, ids)
        review, _, number = comparable_text(word).rpartition("/")
        reviews = _match_names(review, _reviews_of(ids))
        if len(reviews) == 1:
            (only,) = reviews
            numbers = sorted(
                (each.partition("/")[2] for each in ids if each.partition("/")[0] == only), key=natural_key
            )
            hint = suggestion(number, numbers) or f" ({only} has {numbers[0]} to {numbers[-1]})"
        message = f'there is no recommendation "{word}"{hint}; see them all with: dhrctl list'
        raise DhrError(message)
    if found[0] not in known:
        message = f"{found[0]} cannot be read; see why with: dhrctl check"
        raise DhrError(message, Exit.FINDINGS)
    return known[found[0]]


def match_ids(word: str, ids: Collection[str]) -> list[str]:
    """Return those of some ids that an id, or a part of it, can mean."""
    review, slash, number = comparable_text(word).rpartition("/")
    reviews = _match_names(review, _reviews_of(ids)) if slash else None
    return _match_number(number, [each for each in ids if reviews is None or each.partition("/")[0] in reviews])


def _reviews_of(ids: Iterable[str]) -> set[str]:
    return {each.partition("/")[0] for each in ids}


def _ids_with_files(register: Register) -> Iterator[str]:
    """Yield the ids of all recommendations that have a file, whether it could be read or not."""
    for path in sorted(register.paths):
        where = place(path)
        if where and where.kind is RecordKind.RECOMMENDATION:
            yield where.id


def _match_number(number: str, ids: Iterable[str]) -> list[str]:
    """Return the ids with a number: the same, else equal but for zeros, else beginning or ending so."""
    numbers = {each: each.partition("/")[2] for each in ids}
    wanted = strip_zeros(number)
    ways: tuple[Callable[[str], bool], ...] = (
        lambda known: known == number,
        lambda known: strip_zeros(known) == wanted,
        lambda known: bool(number) and (known.startswith(number) or known.endswith(number)),
    )
    for way in ways:
        found = [each for each, known in numbers.items() if way(known)]
        if found:
            return found
    return []


def _match_names(word: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the name that equals a word, else all that begin or end with it."""
    names = tuple(names)
    word = comparable_text(word)
    if word in names:
        return (word,)
    return tuple([name for name in names if word and (name.startswith(word) or name.endswith(word))])


def find_review(word: str, register: Register) -> str:
    """Return the id of the review that a word stands for, whether its own file can be read or not."""
    known = tuple(dict.fromkeys((*register.reviews, *(record.review for record in register.recommendations))))
    found = _match_names(word, known)
    if not found:
        wanted = comparable_text(word)
        found = tuple(
            [
                each.id
                for each in register.reviews.values()
                if wanted in map(comparable_text, (each.reference, each.title))
            ]
        )
    if len(found) == 1:
        return found[0]
    if found:
        message = f'"{word}" can mean {_join_names(found)}; write more of the id'
    else:
        message = f'there is no review "{word}"{suggestion(word, known)}; {_describe_known(known)}'
    raise DhrError(message)


def match_agencies(word: str, register: Register) -> frozenset[str]:
    """Return the ids of the agencies that have a word as their id, name, short name or alias."""
    wanted = comparable_text(word)
    found = frozenset(agency.id for agency in register.agencies.values() if wanted in names_of_agency(agency))
    if not found and (
        agency_path(wanted) in register.paths
        or any(wanted in record.lead_agencies for record in register.recommendations)
    ):
        return frozenset({wanted})
    if not found:
        names = {name for agency in register.agencies.values() for name in names_of_agency(agency)}
        message = f'there is no agency "{word}"{suggestion(word, names)}; each has a file in register/agencies/'
        raise DhrError(message)
    return found


def find_agency(word: str, register: Register) -> str:
    """Return the id of the one agency that a word names."""
    found = match_agencies(word, register)
    if len(found) > 1:
        message = f'"{word}" can mean {_join_names(sorted(found))}; write the id'
        raise DhrError(message)
    return next(iter(found))


def names_of_agency(agency: Agency) -> frozenset[str]:
    """Return every name of an agency as names are compared."""
    names = (agency.id, agency.name, agency.short_name, *agency.aliases)
    return frozenset(comparable_text(name) for name in names if name)


def ids_of_agency(word: str, register: Register, day: date) -> frozenset[str]:
    """Return the ids of the recommendations that an agency leads or supports, or took over by a day."""
    wanted = match_agencies(word, register)
    return frozenset(
        record.id
        for record in register.recommendations
        if not wanted.isdisjoint(succession((*record.lead_agencies, *record.supporting_agencies), register, day))
    )


_FEW = 12


def _describe_known(names: Iterable[str]) -> str:
    names = sorted(names)
    return f"known are {_join_names(names)}" if names else "none is known yet"


def _join_names(names: Sequence[str]) -> str:
    more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    return f"{', '.join(names[:_FEW])}{more}"


def _read_word(word: str, place: int, context: _Context) -> QueryWord:
    denied = plain_signs(word).startswith("-")
    body = word[1:] if denied else word
    try:
        _refuse_unclosed(word)
        field = _field_test(body, context)
        test = field or _text_test(body)
    except (_Mistake, DhrError) as mistake:
        message = f'word {place} of the query, "{word}": {mistake}'
        raise DhrError(message) from None
    return QueryWord(
        typed=word,
        test=(lambda record, progress: not test(record, progress)) if denied else test,
        phrase="" if field else unquote(body),
        quoted=is_quoted(body),
    )


def _refuse_unclosed(word: str) -> None:
    if is_unclosed(word):
        message = "a quotation mark is opened and not closed; close it, or leave it out"
        raise _Mistake(message)


def _field_test(body: str, context: _Context) -> RecordTest | None:
    """Return the test of a word such as `status:complete`, or None where it is plain text to look for."""
    name, colon, values = body.partition(":")
    name = name.casefold()
    if colon and name in _FIELDS:
        return _FIELDS[name](values, context)
    if colon and re.fullmatch("[a-z][a-z_-]*", name) and not values.startswith((" ", "/")):
        message = f'there is no field "{name}"{suggestion(name, _FIELDS)}; the fields are {", ".join(_FIELDS)}'
        raise _Mistake(message)
    return None


def _split_values(values: str) -> tuple[str, ...]:
    found = split_values(values)
    if not found:
        message = "a word is missing after the colon"
        raise _Mistake(message)
    return found


def _make_word_test(known: Iterable[str], of: Callable[[Recommendation, Progress], str | None]) -> _TestMaker:
    known = tuple(known)

    def field(values: str, _: _Context) -> RecordTest:
        wanted = tuple(map(plain_signs, _split_values(values)))
        for value in wanted:
            if value not in known:
                message = f'"{value}" is not known here{suggestion(value, known)}; use one of {", ".join(known)}'
                raise _Mistake(message)
        return lambda record, progress: of(record, progress) in wanted

    return field


def _condition_test(values: str, context: _Context) -> RecordTest:
    wanted = _make_word_test(_CONDITIONS, lambda *_: None)
    wanted(values, context)
    conditions = [_CONDITIONS[plain_signs(value)] for value in _split_values(values)]
    return lambda record, progress: any(condition(record, progress) for condition in conditions)


def list_conditions() -> tuple[str, ...]:
    """Return the words that can stand behind `is:`."""
    return tuple(_CONDITIONS)


def _lead_test(values: str, context: _Context) -> RecordTest:
    return _agencies_test(values, context, lambda record: record.lead_agencies)


def _agency_test(values: str, context: _Context) -> RecordTest:
    return _agencies_test(values, context, lambda record: (*record.lead_agencies, *record.supporting_agencies))


def _agencies_test(values: str, context: _Context, named: Callable[[Recommendation], tuple[str, ...]]) -> RecordTest:
    """Return a test for agencies that a record names, or that took over from those by the day."""
    wanted = frozenset().union(*[match_agencies(value, context.register) for value in _split_values(values)])
    followed: dict[tuple[str, ...], bool] = {}

    def test(record: Recommendation, _: Progress) -> bool:
        names = named(record)
        if names not in followed:
            followed[names] = not wanted.isdisjoint(succession(names, context.register, context.day))
        return followed[names]

    return test


def _review_test(values: str, context: _Context) -> RecordTest:
    wanted = frozenset(find_review(value, context.register) for value in _split_values(values))
    return lambda record, _: record.review in wanted


def _section_test(values: str, context: _Context) -> RecordTest:
    headings = tuple({record.section: None for record in context.register.recommendations})
    wanted: set[str] = set()
    for value in _split_values(values):
        found = [heading for heading in headings if comparable_text(heading).startswith(comparable_text(value))]
        if not found:
            message = f'no section begins with "{value}"{suggestion(value, headings)}'
            raise _Mistake(message)
        wanted.update(found)
    return lambda record, _: record.section in wanted


def _target_test(values: str, _: _Context) -> RecordTest:
    within = _span_test(values)
    return lambda record, _: record.target_date is not None and within(record.target_date)


def _completed_test(values: str, _: _Context) -> RecordTest:
    within = _span_test(values)
    return lambda record, _: record.completion_date is not None and within(record.completion_date)


def _span_test(values: str) -> Callable[[When], bool]:
    """Read `A`, `A..B`, `<A`, `<=A`, `>A` or `>=A`; a date passes if it does so at its full width."""
    values = unquote(values)
    start, dots, end = values.partition("..")
    sign = "" if dots else (re.match("[<>]=?", values) or [""])[0]
    try:
        if dots:
            lower = dates.parse(start).first if start else date.min
            upper = dates.parse(end).last if end else date.max
            _refuse_reversed(values, lower, upper)
            return lambda given: lower <= given.first and given.last <= upper
        limit = dates.parse(values.removeprefix(sign))
    except ValueError as error:
        message = f"{error}; or a span such as 2021..2022, <2022-01 or >=2021-06"
        raise _Mistake(message) from None
    tests: Mapping[str, Callable[[When], bool]] = {
        "": lambda given: limit.first <= given.first and given.last <= limit.last,
        "<": lambda given: given.last < limit.first,
        "<=": lambda given: given.last <= limit.last,
        ">": lambda given: given.first > limit.last,
        ">=": lambda given: given.first >= limit.first,
    }
    return tests[sign]


def _refuse_reversed(values: str, lower: date, upper: date) -> None:
    if upper < lower:
        message = f'the span "{values}" ends before it starts'
        raise ValueError(message)


def _text_test(body: str) -> RecordTest:
    wanted = comparable_text(unquote(body))
    if not wanted:
        message = "there is nothing here to look for"
        raise _Mistake(message)
    return lambda record, _: any(wanted in comparable_text(text) for text in _searched_texts(record))


def _searched_texts(record: Recommendation) -> Iterator[str]:
    yield from (record.id, record.recommendation, record.section, *record.outcomes, *record.measures)
    yield from (action.text for action in record.actions)
    yield from (milestone.text for milestone in record.milestones)
    yield from (text for person in record.responsible for text in (person.role, person.name))
    yield from (item.title for item in record.evidence)
    yield from record.as_stated.values()
    yield from (update.text for update in record.updates)


# The ignores below: a lambda that keeps its loop's word as a default has one parameter more than Test.
_CONDITIONS: Mapping[str, RecordTest] = {
    "open": lambda record, _: record.status.is_open,
    "closed": lambda record, _: not record.status.is_open,
    **{
        word.value: lambda _, progress, word=word: progress.timeliness is word  # type: ignore[misc]
        for word in Timeliness
        if word is not Timeliness.CLOSED
    },
    **{flag.value: lambda _, progress, flag=flag: flag in progress.flags for flag in Flag},  # type: ignore[misc]
}
_FIELDS: Mapping[str, _TestMaker] = {
    "status": _make_word_test(Status, lambda record, _: record.status),
    "agency": _agency_test,
    "lead": _lead_test,
    "review": _review_test,
    "section": _section_test,
    "scope": _make_word_test(Scope, lambda record, _: record.scope),
    "level": _make_word_test(Level, lambda record, _: record.level),
    "rag": _make_word_test(Rag, lambda _, progress: progress.rag),
    "is": _condition_test,
    "target": _target_test,
    "completed": _completed_test,
}
