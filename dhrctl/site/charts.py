"""Charts as SVG, drawn plainly: every length in per cent of the width, so that words keep their size on any screen.

What a colour says a pattern says too, so that all can be read in grey. The fills and strokes are classes of the
site's style; the patterns themselves stand in PATTERNS, once on each page that has a chart.
"""

from calendar import month_abbr
from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from itertools import accumulate, groupby

from dhrctl.site.page import Stacked, Steps, Targets
from dhrctl.text.escape import escape_hidden

_LONGEST = 36
_ROW = 44
_BAR = 20
_HEIGHT = 200
_TOP = 24
_MANY_YEARS = 6
_EDGE = 4


def draw_chart(chart: Stacked | Steps | Targets, name: str) -> str:
    """Draw a chart; its parts are named by a name that is the page's own."""
    if isinstance(chart, Stacked):
        return draw_bars(chart, name)
    return draw_steps(chart, name) if isinstance(chart, Steps) else draw_targets(chart, name)


def draw_bars(chart: Stacked, name: str) -> str:
    """Draw a bar for each label: the pieces one after the other, the whole at its end."""
    most = max((sum(counts) for _, counts in chart.bars), default=0) or 1
    return _figure(chart, name, _ROW * len(chart.bars), _bars(chart, most))


def _bars(chart: Stacked, most: int) -> Iterator[str]:
    for row, (label, counts) in enumerate(chart.bars):
        top, total = row * _ROW, sum(counts)
        yield _text(0, top + 14, f"{_cut_label(label)}: {total:,}")
        ends = list(accumulate(counts))
        for kind, (count, end) in enumerate(zip(counts, ends, strict=True)):
            if count:
                start = 100 * (end - count) / most
                yield _rect(f"piece fill-{kind}", start, top + 19, 100 * count / most, _BAR)


def draw_steps(chart: Steps, name: str) -> str:
    """Draw lines that hold until the next count: what is open, what has no target date; what is overdue is shaded."""
    return _figure(chart, name, _TOP + _HEIGHT + 24, _steps(chart))


def _steps(chart: Steps) -> Iterator[str]:
    most = _round_up(max(*chart.open, 1))
    for part in (0, 1, 2):
        height = _TOP + _HEIGHT * part / 2
        yield _line("grid", 0, height, 100, height)
        yield _text(0, height - 4, f"{most - most * part // 2:,}", "quiet")
    for start, stop, count in _runs(chart.overdue):
        high = _HEIGHT * count / most
        yield _rect("shade", start, _TOP + _HEIGHT - high, stop - start, high)
    yield from _stairs("undated", chart.undated, most)
    yield from _stairs("open", chart.open, most)
    yield _text(0, _TOP + _HEIGHT + 18, _month(chart.days[0]))
    if len(chart.days) > 1:
        yield _text(100, _TOP + _HEIGHT + 18, _month(chart.days[-1]), "end")


def _stairs(kind: str, counts: Sequence[int], most: int) -> Iterator[str]:
    before = None
    for start, stop, count in _runs(counts):
        height = _TOP + _HEIGHT * (1 - count / most)
        if before is not None:
            yield _line(kind, start, before, start, height)
        yield _line(kind, start, height, stop, height)
        before = height


def _runs(counts: Sequence[int]) -> Iterator[tuple[float, float, int]]:
    """Yield where each count begins and ends to hold, in per cent of the width."""
    place = 0
    for count, run in groupby(counts):
        start, place = place, place + len(list(run))
        yield 100 * start / len(counts), 100 * place / len(counts), count


def _round_up(count: int) -> int:
    """Return the next even number of one or two leading digits."""
    step = 2 if count <= 20 else 10 ** (len(str(count)) - 1)
    return -(-count // step) * step


def _month(day: date) -> str:
    return f"{month_abbr[day.month]} {day.year}"


def draw_targets(chart: Targets, name: str) -> str:
    """Draw each target on a line of its own, the years as a grid, and the day of the judgement across."""
    days = [
        chart.day,
        *(day for each in chart.targets for day in (each.first, each.last, each.moved_from or each.last)),
    ]
    first, last = min(days).toordinal(), max(days).toordinal()
    margin = max((last - first) // 12, 20)
    start, end = max(first - margin, 1), min(last + margin, date.max.toordinal())
    return _figure(chart, name, _TOP + 8 + _ROW * len(chart.targets) + 24, _targets(chart, start, end))


def _targets(chart: Targets, start: int, end: int) -> Iterator[str]:
    def at(day: date) -> float:
        return 100 * (day.toordinal() - start) / (end - start)

    bottom = _TOP + 8 + _ROW * len(chart.targets)
    for year in _years(date.fromordinal(start).year, date.fromordinal(end).year):
        place = at(date(year, 1, 1))
        yield _line("grid", place, _TOP, place, bottom)
        if _EDGE < place < 100 - _EDGE:
            yield _text(place, bottom + 18, str(year), "middle")
    today = at(chart.day)
    yield _line("today", today, _TOP, today, bottom)
    said = f"As of {chart.day.day} {_month(chart.day)}"
    yield _text(today, _TOP - 8, said, "end" if today > 50 else "")
    for row, target in enumerate(chart.targets):
        top = _TOP + 8 + row * _ROW
        yield _text(0, top + 14, _cut_label(target.label))
        kind = "target closed" if target.closed else "target"
        left, right, middle = at(target.first), at(target.last), top + 28
        if target.moved_from:
            tip = left if target.moved_from < target.first else right
            kind_of = "moved to-dot" if target.first == target.last else "moved"
            yield _line(kind_of, at(target.moved_from), middle, tip, middle)
        if target.first == target.last:
            yield f'<circle class="{kind}" cx="{_percent(left)}" cy="{middle:g}" r="6"></circle>'
        else:
            yield _rect(kind, left, middle - 5, max(right - left, 0.8), 10)


def _years(first: int, last: int) -> range:
    """Return the years to mark: all, or every so many where they are many."""
    every = -(-(last - first) // _MANY_YEARS) or 1
    return range(first + 1, last + 1, every)


def _figure(chart: Stacked | Steps | Targets, name: str, height: float, pieces: Iterator[str]) -> str:
    """Return a drawing with its title and what it shows, for those who do not see it."""
    title, about = escape(escape_hidden(chart.title)), escape(escape_hidden(chart.about))
    return (
        f'<svg class="chart" role="img" width="100%" height="{height:g}" aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{title}</title>'
        f'<desc id="{name}-desc">{about} The numbers are in the table that follows.</desc>'
        f"{''.join(pieces)}</svg>"
    )


def _cut_label(label: str) -> str:
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1].rstrip()}…"


def _percent(value: float) -> str:
    return f"{round(value, 2):g}%"


def _rect(kind: str, left: float, top: float, wide: float, high: float) -> str:
    return f'<rect class="{kind}" x="{_percent(left)}" y="{top:g}" width="{_percent(wide)}" height="{high:g}"></rect>'


def _line(kind: str, left: float, top: float, right: float, bottom: float) -> str:
    ends = f'x1="{_percent(left)}" y1="{top:g}" x2="{_percent(right)}" y2="{bottom:g}"'
    return f'<line class="{kind}" {ends}></line>'


def _text(left: float, top: float, said: str, kind: str = "") -> str:
    about = f' class="{kind}"' if kind else ""
    return f'<text{about} x="{_percent(left)}" y="{top:g}">{escape(escape_hidden(said))}</text>'
