"""Words for people: one phrase says one thing."""

import re
from datetime import date

import pytest
from conftest import RICH

from dhrctl.files import load
from dhrctl.model.status import RAG_RULE, Rag, Timeliness
from dhrctl.reports import counts
from dhrctl.reports.digest import REPLY_REQUESTS
from dhrctl.reports.rows import describe_rag
from dhrctl.reports.view import View, build_view
from dhrctl.storage import disk
from dhrctl.text.english import plain_words

ON_TRACK = "on track"
DAYS = (date(2020, 1, 1), date(2024, 6, 30), date(2025, 6, 30), date(2026, 11, 22))


def rich(day: date) -> View:
    return build_view(load.read_register(disk.read_tree(RICH)).register, day)


@pytest.mark.parametrize("day", DAYS)
def test_no_colour_is_called_on_track(day: date) -> None:
    view = rich(day)
    assert not [judged.record.id for judged in view.judged if ON_TRACK in describe_rag(judged)]
    by_rag, by_timeliness = counts.status(view).tables[1:3]
    assert ON_TRACK not in str([row["means"] for row in by_rag.rows])
    assert ON_TRACK in [row["word"] for row in by_timeliness.rows]
    assert ON_TRACK not in RAG_RULE


def test_a_colour_and_a_timeliness_that_share_a_phrase_say_the_same() -> None:
    """Each phrase of timeliness that stands in the meaning of a colour is of that colour alone, on every day."""
    means = {str(row["word"]): str(row["means"]) for row in counts.status(rich(DAYS[2])).tables[1].rows}
    for word in Timeliness:
        for colour in Rag:
            if re.search(rf"\b{plain_words(word)}\b", means[colour]):
                found = [judged for day in DAYS for judged in rich(day).judged if judged.progress.timeliness is word]
                assert {judged.progress.rag for judged in found} <= {colour}, word


def test_nobody_is_told_that_stale_work_is_on_track() -> None:
    assert not [ask.label for ask in REPLY_REQUESTS if ON_TRACK in ask.label.lower()]
