"""The charts: what is drawn where, and that a name in them is text and nothing else."""

import re
import xml.etree.ElementTree as ET
from datetime import date

import pytest

from dhrctl.site import charts
from dhrctl.site.page import Stacked, Steps, Target, Targets

DAY = date(2025, 6, 30)
EVIL = "<script>alert(1)</script>&\"' \u202e"


def svg(chart: Stacked | Steps | Targets) -> ET.Element:
    return ET.fromstring(charts.draw_chart(chart, "chart-1"))  # noqa: S314 - our own drawing


def texts(drawing: ET.Element) -> list[str]:
    return [each.text or "" for each in drawing.iter("text")]


def drawn(drawing: ET.Element, kind: str) -> list[tuple[float, ...]]:
    """Return the left and right end of each piece whose class begins so, in per cent."""
    found: list[tuple[float, ...]] = []
    for each in drawing.iter():
        if each.get("class", "").startswith(kind):
            left = _percent(each, "x", "x1", "cx")
            right = _percent(each, "x2") if each.tag == "line" else left + _percent(each, "width")
            found.append((left, round(right, 2)))
    return found


def _percent(piece: ET.Element, *names: str) -> float:
    return next((float(piece.get(name, "").removesuffix("%")) for name in names if piece.get(name)), 0.0)


def stacked(*bars: tuple[str, tuple[int, ...]]) -> Stacked:
    return Stacked(title="Title", about="About.", kinds=("A", "B", "C"), bars=bars)


def steps(open_: tuple[int, ...], overdue: tuple[int, ...], undated: tuple[int, ...]) -> Steps:
    days = tuple([date(2025, place + 1, 28) for place in range(len(open_))])
    return Steps(title="Title", about="About.", days=days, open=open_, overdue=overdue, undated=undated)


def targets(*found: Target) -> Targets:
    return Targets(title="Title", about="About.", day=DAY, targets=found)


def target(first: str, last: str = "", moved: str = "", *, closed: bool = False, label: str = "01") -> Target:
    return Target(
        label=label,
        first=date.fromisoformat(first),
        last=date.fromisoformat(last or first),
        moved_from=date.fromisoformat(moved) if moved else None,
        closed=closed,
    )


@pytest.mark.parametrize("chart", [stacked(("A", (1, 0, 2))), steps((3,), (1,), (1,)), targets(target("2025-01-31"))])
def test_a_chart_has_a_title_and_says_what_it_shows(chart: Stacked | Steps | Targets) -> None:
    drawing = svg(chart)
    assert drawing.get("role") == "img"
    assert drawing.get("aria-labelledby") == "chart-1-title chart-1-desc"
    title, desc = drawing[:2]
    assert (title.tag, title.get("id"), title.text) == ("title", "chart-1-title", "Title")
    assert (desc.tag, desc.get("id")) == ("desc", "chart-1-desc")
    assert desc.text == "About. The numbers are in the table that follows."


def test_pieces_stand_behind_one_another_in_shares_of_the_longest_bar() -> None:
    drawing = svg(stacked(("Police", (1, 0, 3)), ("Council", (0, 1, 0)), ("None", (0, 0, 0))))
    assert drawn(drawing, "piece fill-0") == [(0, 25)]
    assert drawn(drawing, "piece fill-1") == [(0, 25)]
    assert drawn(drawing, "piece fill-2") == [(25, 100)]
    assert texts(drawing) == ["Police: 4", "Council: 1", "None: 0"]


def test_bars_of_nothing_are_drawn_as_nothing() -> None:
    assert drawn(svg(stacked(("None", (0, 0, 0)))), "piece") == []


def test_steps_hold_until_the_next_count() -> None:
    drawing = svg(steps((4, 4, 2, 1), (0, 1, 1, 0), (0, 0, 0, 0)))
    assert drawn(drawing, "shade") == [(0, 25), (25, 75), (75, 100)]
    assert drawn(drawing, "open") == [(0, 50), (50, 50), (50, 75), (75, 75), (75, 100)]
    assert drawn(drawing, "undated") == [(0, 100)]
    assert texts(drawing) == ["4", "2", "0", "Jan 2025", "Apr 2025"]


@pytest.mark.parametrize(
    ("count", "scale"),
    [(0, ["2", "1", "0"]), (7, ["8", "4", "0"]), (34, ["40", "20", "0"]), (1234, ["2,000", "1,000", "0"])],
)
def test_the_scale_ends_in_a_round_number(count: int, scale: list[str]) -> None:
    assert texts(svg(steps((count,), (0,), (0,))))[:3] == scale


def test_a_target_of_a_day_is_a_dot_and_a_longer_one_a_bar() -> None:
    drawing = svg(targets(target("2024-01-31"), target("2024-01-01", "2024-12-31"), target("2025-01-31", closed=True)))
    assert [each.get("class") for each in drawing.iter("circle")] == ["target", "target closed"]
    ((left, right),) = [ends for ends in drawn(drawing, "target") if ends[1] > ends[0]]
    assert right - left > 30
    assert "2025" in texts(drawing)


@pytest.mark.parametrize(
    ("moved", "kind", "to_the_right"),
    [
        (target("2025-03-01", "2025-03-31", "2024-01-31"), "moved", True),
        (target("2025-03-01", "2025-03-31", "2026-01-31"), "moved", False),
        (target("2025-03-31", moved="2024-01-31"), "moved to-dot", True),
    ],
)
def test_an_arrow_leads_from_the_first_target(moved: Target, kind: str, *, to_the_right: bool) -> None:
    drawing = svg(targets(target("2024-05-05"), moved))
    ((start, end),) = drawn(drawing, "moved")
    assert [each.get("class") for each in drawing.iter("line") if each.get("class", "").startswith("moved")] == [kind]
    assert (end > start) is to_the_right


@pytest.mark.parametrize(("others", "anchor"), [("2022-01-01", "end"), ("2030-01-01", None)])
def test_the_day_of_the_judgement_crosses_all(others: str, anchor: str | None) -> None:
    drawing = svg(targets(target(others)))
    (today,) = drawn(drawing, "today")
    assert 0 < today[0] == today[1] < 100
    said = next(each for each in drawing.iter("text") if each.text == "As of 30 Jun 2025")
    assert said.get("class") == anchor


@pytest.mark.parametrize(
    ("first", "last"),
    [("0001-01-01", "9999-12-31"), ("1900-01-01", "2100-01-01"), ("2025-06-30", "2025-06-30")],
)
def test_any_days_of_the_calendar_can_be_drawn(first: str, last: str) -> None:
    drawing = svg(targets(target(first), target(last), target(first, last)))
    years = [said for said in texts(drawing) if re.fullmatch("[0-9]+", said) and said != "01"]
    assert len(years) <= 8
    for each in drawing.iter():
        assert all(
            0 <= float(value[:-1]) <= 100.01 for value in each.attrib.values() if re.fullmatch("-?[0-9.e-]+%", value)
        )


def test_a_long_label_is_cut_and_an_evil_one_is_text() -> None:
    drawing = svg(stacked(("Partnership " * 9, (1, 1, 1)), (EVIL, (1, 1, 1))))
    assert texts(drawing)[0] == "Partnership Partnership Partnership…: 3"
    assert texts(drawing)[1].startswith("<script>alert(1)</script>&\"' <U+202E>")
    assert [each.tag for each in drawing.iter("script")] == []
