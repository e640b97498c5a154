"""`overdue`: whatever is asked, every format gives the same recommendations, and git is asked where it must be."""

import re
from pathlib import Path

import pytest
from conftest import ANYTOWN, Repositories, Repository, Run

from dhrctl.cli.options import FORMATS
from dhrctl.model.query import _CONDITIONS
from dhrctl.model.status import Rag

FOLDER = "register/reviews/anytown-dhr-1/recommendations"
DAY = ("--as-of", "2024-12-01", "--within", "12m")


def _recommendation(target: str, more: str = "") -> str:
    return ANYTOWN[f"{FOLDER}/01.yaml"].replace("2024-03", target) + more


@pytest.fixture
def dated(repository: Repositories) -> Repository:
    """Return a repository in which the target dates of some recommendations moved, overdue ones and others."""
    repo = repository()
    repo.adopt()
    first = {f"{FOLDER}/{number}.yaml": _recommendation("2024-03") for number in ("02", "03", "04")}
    repo.commit(first, "More", "2024-01-11T12:00:00Z")
    moved = {"01": "2024-09", "02": "2025-09", "03": "2024-12"}
    files = {f"{FOLDER}/{number}.yaml": _recommendation(target) for number, target in moved.items()}
    update = 'date: "2024-11-30"\nagency: anytown-police\ntext: Held.\n'
    told = {
        f"register/reviews/anytown-dhr-1/updates/{number}/2024-11-30-anytown-police.yaml": update for number in moved
    }
    never_moved = {f"{FOLDER}/05.yaml": _recommendation("2025-10", 'review_date: "2024-06"\n')}
    repo.commit({**files, **told, **never_moved}, "Later", "2024-02-10T12:00:00Z")
    return repo


def _ids(text: str) -> list[str]:
    """Return the numbers of the recommendations that an answer lists, each once, in their order."""
    return list(dict.fromkeys(re.findall(r"anytown-dhr-1\\?[-/]?/(0[1-5])\b(?!\.yaml)", text)))


WORDS = (*map("is:{}".format, _CONDITIONS), *map("rag:{}".format, Rag), "is:stale,slipped", "IS:slipped")


@pytest.mark.parametrize("word", [each for word in WORDS for each in (word, f"-{word}")])
def test_every_format_finds_the_same(word: str, dated: Repository, run: Run) -> None:
    found = {form: _ids(run("overdue", word, *DAY, "--format", form, cwd=dated.root).out) for form in FORMATS}
    assert all(ids == found["json"] for ids in found.values()), found


def test_some_are_found_and_some_are_not(dated: Repository, run: Run) -> None:
    slipped = _ids(run("overdue", "is:slipped", *DAY, cwd=dated.root).out)
    others = _ids(run("overdue", "-is:slipped", *DAY, cwd=dated.root).out)
    assert (slipped, others) == (["01", "03", "02"], ["04", "05"])


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ((), False),
        (("is:stale", "slipped"), False),
        (("is:slipped",), True),
        (("-rag:amber",), True),
        (("--json",), True),
    ],
    ids=str,
)
def test_git_is_asked_only_where_it_decides(
    words: tuple[str, ...], dated: Repository, run: Run, counted: Path, *, asked: bool
) -> None:
    run("overdue", *words, cwd=dated.root)
    assert counted.exists() is asked
