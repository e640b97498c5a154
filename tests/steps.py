"""Counting the steps of work, so that no test has to judge by the clock how its time grows."""

import sys
from collections.abc import Callable, Iterator
from re import Pattern, _compiler, _constants, _parser  # type: ignore[attr-defined]  # how `re` itself reads a pattern
from types import FrameType
from typing import Any

MOST = 3_000_000  # more than any work that is counted here takes, and soon reached by what has no end


def lines(work: Callable[[], object]) -> int:
    """Return how many lines of Python are carried out; the same on every machine, busy or not."""
    taken = 0

    def step(_: FrameType, event: str, __: object) -> Callable[..., Any]:
        nonlocal taken
        if event == "line":
            taken += 1
            assert taken < MOST, f"more than {MOST:,} steps"
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        work()
    finally:
        sys.settrace(before)
    return taken


def growth(taken: Callable[[int], int], size: int) -> float:
    """Return how much more a second doubling of a size adds than the first: 2 for steady work, 4 for its square."""
    _, one, two, four = (taken(size * times) for times in (1, 1, 2, 4))  # once for what is only done the first time
    return (four - two + 10 * size) / (two - one + 10 * size)  # so that a few steps more or fewer are no growth


def places(pattern: Pattern[str], text: str) -> int:
    """Return how many places of a text are looked at where a pattern is searched for all through it.

    `re` does not tell; this goes back and forth as it does, and must come to the same matches.
    """
    search = _Search(text)
    parsed = _parser.parse(pattern.pattern, pattern.flags)
    at, spans = 0, []
    while at <= len(text):
        end = next(search.ends(parsed, at), at)
        if end > at:
            spans.append((at, end))
        at = max(end, at + 1)
    assert spans == [match.span() for match in pattern.finditer(text) if match.group()]
    return search.looked


class _Search:
    """A text, and how many of its places were looked at."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.looked = 0
        self._plain: dict[int, Pattern[str]] = {}

    def ends(self, items: Any, at: int, first: int = 0) -> Iterator[int]:
        """Yield where the rest of a parsed pattern can end, in the order in which `re` tries."""
        if first == len(items):
            yield at
            return
        for end in self._item(items, first, at):
            yield from self.ends(items, end, first + 1)

    def _item(self, items: Any, place: int, at: int) -> Iterator[int]:
        kind, value = items[place]
        if kind is _constants.SUBPATTERN and not value[1] and not value[2]:
            yield from self.ends(value[3], at)
        elif kind is _constants.BRANCH:
            for branch in value[1]:
                yield from self.ends(branch, at)
        elif kind in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
            least, most, repeated = value
            yield from self._repeated(repeated, at, (least, most), eager=kind is _constants.MAX_REPEAT)
        else:
            self.looked += 1
            assert self.looked < MOST, f"more than {MOST:,} places"
            if id(items[place]) not in self._plain:
                one = items[place : place + 1]
                self._plain[id(items[place])] = _compiler.compile(one, items.state.flags)
            found = self._plain[id(items[place])].match(self.text, at)
            if found:
                yield found.end()

    def _repeated(self, repeated: Any, at: int, often: tuple[int, Any], *, eager: bool) -> Iterator[int]:
        least, most = often
        if least <= 0 and not eager:
            yield at
        if most is _constants.MAXREPEAT or most > 0:
            fewer = most if most is _constants.MAXREPEAT else most - 1
            for end in self.ends(repeated, at):
                if end > at or least > 0:
                    yield from self._repeated(repeated, end, (least - 1, fewer), eager=eager)
        if least <= 0 and eager:
            yield at
