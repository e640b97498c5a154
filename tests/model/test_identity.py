"""Who is who: the same recommendation under another id, as a pure function, and as every command that compares tells it."""

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from git.cmd import Git
from pasts import Past, begun

from dhrctl.git import timelines
from dhrctl.git.moves import find_moves
from dhrctl.git.repository import Repo
from dhrctl.model import identity
from dhrctl.model.paths import recommendation_path
from dhrctl.model.records import Action, Recommendation, Status
from dhrctl.storage import disk

if TYPE_CHECKING:
    from conftest import Run

# The pure function: ids and wordings before and after, what was renamed, and who is who (what is not there is new)

Wordings = Mapping[str, str | None]
A, B, C = "That one is done.", "That two is done.", "That three is done."
ROWS: Mapping[str, tuple[Wordings, Wordings, Mapping[str, str], Mapping[str, str]]] = {
    "nothing moved": ({"r/1": A}, {"r/1": A}, {}, {"r/1": "r/1"}),
    "reworded": ({"r/1": A}, {"r/1": B}, {}, {"r/1": "r/1"}),
    "renumbered": ({"r/1": A}, {"r/2": A}, {}, {"r/2": "r/1"}),
    "removed, and another added": ({"r/1": A}, {"r/2": B}, {}, {}),
    "added": ({"r/1": A}, {"r/1": A, "r/2": B}, {}, {"r/1": "r/1"}),
    "capitals and spaces": ({"r/1": A}, {"r/2": "THAT one\n is  done."}, {}, {"r/2": "r/1"}),
    "leading zeros": ({"r/5": A}, {"r/05": A}, {}, {"r/05": "r/5"}),
    "swapped": ({"r/1": A, "r/2": B}, {"r/1": B, "r/2": A}, {}, {"r/1": "r/2", "r/2": "r/1"}),
    "one after the other": ({"r/5": A, "r/6": B}, {"r/6": A, "r/7": B}, {}, {"r/6": "r/5", "r/7": "r/6"}),
    "into another review": ({"r/1": A, "s/1": B}, {"s/1": B, "s/2": A}, {}, {"s/1": "s/1", "s/2": "r/1"}),
    "in the place of one that went": ({"r/1": A, "r/2": B}, {"r/1": B}, {}, {"r/1": "r/2"}),
    "a new one in its place": ({"r/1": A}, {"r/1": B, "r/2": A}, {}, {"r/2": "r/1"}),
    "split": ({"r/1": A}, {"r/2": A, "r/3": A}, {}, {"r/2": "r/1"}),
    "split, and one stays": ({"r/2": A}, {"r/1": A, "r/2": A}, {}, {"r/2": "r/2"}),
    "split, and ten comes after two": ({"r/1": A}, {"r/10": A, "r/2": A}, {}, {"r/2": "r/1"}),
    "merged": ({"r/1": A, "r/2": A}, {"r/3": A}, {}, {"r/3": "r/1"}),
    "merged into one": ({"r/1": A, "r/2": A}, {"r/2": A}, {}, {"r/2": "r/2"}),
    "two of one wording, to free numbers": ({"r/1": A, "r/2": A}, {"r/3": A, "r/4": A}, {}, {"r/3": "r/1", "r/4": "r/2"}),
    "two of one wording, renamed crosswise": (
        {"r/1": A, "r/2": A}, {"r/3": A, "r/4": A}, {"r/3": "r/2", "r/4": "r/1"}, {"r/3": "r/2", "r/4": "r/1"},
    ),
    "two of one wording: the number": ({"r/1": A, "r/2": A}, {"s/2": A, "s/1": A}, {}, {"s/1": "r/1", "s/2": "r/2"}),
    "two of one wording: the number, with zeros": (
        {"r/01": A, "r/02": A}, {"s/2": A, "s/3": A}, {}, {"s/2": "r/02", "s/3": "r/01"},
    ),
    "two of one wording: the review": ({"r/1": A, "s/2": A}, {"s/3": A, "r/4": A}, {}, {"s/3": "s/2", "r/4": "r/1"}),
    "two of one wording: the review that others show": (
        {"r/1": A, "s/1": A, "r/2": B, "s/2": C}, {"y/1": A, "x/1": A, "y/2": B, "x/2": C}, {},
        {"y/1": "r/1", "x/1": "s/1", "y/2": "r/2", "x/2": "s/2"},
    ),
    "the review where most of it is": (
        {"r/1": A, "r/2": A, "r/3": B, "r/4": C, "r/5": "D"}, {"s/3": B, "t/4": C, "t/5": "D", "s/7": A, "t/8": A}, {},
        {"s/3": "r/3", "t/4": "r/4", "t/5": "r/5", "t/8": "r/1", "s/7": "r/2"},
    ),
    "renamed, and reworded": ({"r/1": A}, {"r/2": B}, {"r/2": "r/1"}, {"r/2": "r/1"}),
    "renamed, and reworded, over one that went": ({"r/1": A, "r/2": B}, {"r/1": C}, {"r/1": "r/2"}, {"r/1": "r/2"}),
    "the wording before the rename": ({"r/1": A, "r/2": B}, {"r/3": A, "r/4": C}, {"r/3": "r/2"}, {"r/3": "r/1"}),
    "the rename of one that stayed": ({"r/1": A}, {"r/1": A, "r/2": B}, {"r/2": "r/1"}, {"r/1": "r/1"}),
    "the rename of what is not there": ({"r/1": A}, {"r/2": B}, {"r/2": "r/9", "r/8": "r/1"}, {}),
    "no wording, and other actions": ({"r/1": "* Train."}, {"r/2": "* Ask."}, {}, {}),
    "no wording, and the same actions": ({"r/1": "* Train."}, {"r/2": "* Train."}, {}, {"r/2": "r/1"}),
    "neither wording nor actions": ({"r/1": "", "r/2": ""}, {"r/2": "", "r/3": ""}, {}, {"r/2": "r/2"}),
    "neither wording nor actions, and renamed": ({"r/1": ""}, {"r/2": ""}, {"r/2": "r/1"}, {"r/2": "r/1"}),
    "unreadable on one side": ({"r/1": None}, {"r/1": A}, {}, {"r/1": "r/1"}),
    "unreadable, and renamed": ({"r/1": None}, {"s/1": A}, {"s/1": "r/1"}, {"s/1": "r/1"}),
    "unreadable, where another was": ({"r/1": A, "r/2": None}, {"r/1": None, "r/2": A}, {}, {"r/2": "r/1"}),
    "nothing": ({}, {"r/1": A}, {}, {}),
}  # fmt: skip


def _records(wordings: Wordings) -> dict[str, Recommendation | None]:
    return {recommendation_path(key): _record(key, text) for key, text in wordings.items()}


def _record(key: str, text: str | None) -> Recommendation | None:
    """Return a record with a wording, or with an action where the text begins with a star."""
    if text is None:
        return None
    review, _, number = key.partition("/")
    return Recommendation(
        id=key,
        review=review,
        number=number,
        path=recommendation_path(key),
        recommendation="" if text.startswith("*") else text,
        section="Police",
        lead_agencies=(),
        status=Status.IN_PROGRESS,
        actions=(Action(text=text.removeprefix("* ")),) if text.startswith("*") else (),
    )


@pytest.mark.parametrize("name", ROWS)
def test_who_is_who(name: str) -> None:
    old, new, renames, found = ROWS[name]
    renamed, expected = (
        {recommendation_path(now): recommendation_path(was) for now, was in pairs.items()} for pairs in (renames, found)
    )
    assert identity.match_records(_records(old), _records(new), renamed) == expected
    before, after = (dict(reversed(_records(side).items())) for side in (old, new))
    assert identity.match_records(before, after, renamed) == expected


def test_as_many_of_one_wording_as_there_are_take_no_longer_than_others() -> None:
    asked = 0

    class Counted(dict[str, Recommendation | None]):
        def __getitem__(self, key: str) -> Recommendation | None:
            nonlocal asked
            asked += 1
            return super().__getitem__(key)

    old = Counted(_records({f"r/{number}": A for number in range(500)}))
    new = Counted(_records({f"s/{number}": A for number in range(500)}))
    assert len(identity.match_records(old, new)) == 500
    assert asked <= 2 * 1000


LINES = [f"Line {number} says what nobody else says.\n".encode() for number in range(10)]


def _bytes(*numbers: int) -> bytes:
    return b"".join(LINES[number] for number in numbers)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ({"1": _bytes(0, 1)}, {"2": _bytes(0, 1)}, {"2": "1"}),
        ({"1": _bytes(0, 1)}, {"1": _bytes(0, 1), "2": _bytes(0, 1)}, {}),
        ({"1": _bytes(0, 1), "2": _bytes(0, 1)}, {"3": _bytes(0, 1)}, {"3": "1"}),
        ({"1": _bytes(0, 1, 2, 3, 4)}, {"2": _bytes(0, 1, 2, 8, 9)}, {"2": "1"}),
        ({"1": _bytes(0, 1, 2, 3, 4)}, {"2": _bytes(0, 1, 7, 8, 9)}, {}),
        ({"1": _bytes(0, 1, 2)}, {"2": _bytes(0, 1, 2, 3, 4)}, {"2": "1"}),
        ({"1": _bytes(0, 1, 2)}, {"2": _bytes(0, 1, 2, 3, 4, 5)}, {}),
        ({"1": _bytes(0, 1, 2, 3)}, {"2": _bytes(0, 1, 2), "3": _bytes(0, 1, 2, 3)}, {"3": "1"}),
        ({"1": _bytes(0, 1, 2, 3)}, {"2": _bytes(0, 1, 2), "3": _bytes(0, 1, 2, 3, 4)}, {"3": "1"}),
        ({"1": _bytes(0, 1, 2, 3), "2": _bytes(0, 1, 2)}, {"3": _bytes(0, 1, 2, 3, 4)}, {"3": "1"}),
        ({"1": b""}, {"2": b"", "3": b"\n"}, {"2": "1"}),
        ({"1": b""}, {"3": b""}, {"3": "1"}),
    ],
)
def test_much_the_same_bytes_are_the_same_file(
    old: Mapping[str, bytes], new: Mapping[str, bytes], found: Mapping[str, str]
) -> None:
    assert identity.compare_bytes(old, new) == found


def test_the_same_bytes_twice_keep_their_numbers() -> None:
    old, new = ({recommendation_path(f"{review}/{number}"): b"" for number in (1, 2)} for review in "rs")
    del new[recommendation_path("s/1")]
    assert identity.compare_bytes(old, new) == {recommendation_path("s/2"): recommendation_path("r/2")}


@pytest.mark.parametrize(("count", "found"), [(100, 100), (101, 1)])
def test_where_too_many_went_and_came_the_same_bytes_alone_are_compared(count: int, found: int) -> None:
    old = {f"old/{number}": b"Line %d of many.\n" % number * 10 for number in range(count)}
    new = {path.replace("old", "new"): content + b"More.\n" * (path != "old/0") for path, content in old.items()}
    assert len(identity.compare_bytes({**old, "old/more": b"x"}, {**new, "new/more": b"y"})) == min(found, count)


@pytest.mark.parametrize(
    ("old", "new", "may"),
    [
        ({"1": "a", "2": "b"}, {"1": "a", "2": "b"}, False),
        ({"1": "a", "2": "b"}, {"1": "a", "2": "c"}, False),
        ({"1": "a", "2": "b"}, {"1": "c", "2": "d"}, True),
        ({"1": "a"}, {"1": "a", "2": "b"}, True),
        ({"1": "a", "2": "b"}, {"1": "a"}, True),
    ],
)
def test_where_one_place_alone_is_other_than_before_nothing_has_moved(
    old: Mapping[str, str], new: Mapping[str, str], *, may: bool
) -> None:
    assert identity.may_have_moved(old, new) is may


# Whole commands, on one register: the target of each recommendation is another month, by which it is known again

FIRST, SECOND = "anytown-dhr-1", "anytown-dhr-2"
WORDINGS = {
    "1/01": "That every officer who answers calls is trained, and asks those who call what they need.",
    "1/02": "That a protocol between the council and the police is written, and read by those who need it.",
    "1/03": "That all staff are told whom to ring when they hear of harm at home, by day and by night.",
    "1/04": "That all staff are told whom to ring when they hear of harm at home, by day and by night.",
    "1/05": "",
    "1/06": "",
    "1/07": "That leaflets in six languages lie in each waiting room, and are counted once a month.",
    "2/01": "That all staff are told whom to ring when they hear of harm at home, by day and by night.",
    "2/02": "That housing officers ask about money, and write down what they are told in one place.",
}
OTHER = "That quite another thing is done, of which nobody had thought when the plan was written."
ANOTHER = "That the board looks at this plan each quarter, and asks for what is late."
LONG, LONGER = (" ".join([text] * 20) for text in (OTHER, ANOTHER))  # most of a file, in which git finds nothing again
MARKS = {key: f"2024-{place:02}" for place, key in enumerate(WORDINGS, start=1)}


def _identity(key: str) -> str:
    return f"anytown-dhr-{key}"


def _text(key: str, wording: str, target: str) -> str:
    """Return a file of which most lines are no other's, so that git finds it again when one of them is changed."""
    more = "".join(
        f"  - What is measured of {key} in {target}, in way {each}.\n" for each in ("one", "two", "three", "four")
    )
    actions = "" if wording else f"actions:\n  - text: What is to be done for {key}.\n"
    return (
        f"recommendation: {wording or 'null'}\nsection: Police\nlead_agencies:\n  - anytown-police\n"
        f'target_date: "{target}"\nstatus: in-progress\nmeasures:\n{more}{actions}'
    )


@dataclass(frozen=True, kw_only=True)
class Step:
    """What one commit does, all at once: who moves (the old key by the new), is reworded, goes, or comes.

    It is made `on` a branch, which may be a new one, and is a merge of another where that is named.
    """

    on: str = "main"
    merge: str = ""
    moves: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    gone: Sequence[str] = ()
    new: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Case:
    """Steps from the register as it was, and who is who after them, apart from those that are where they were.

    The targets move in a commit after all steps; or, `at_once`, in the last one, so that no file changes after it.
    `by_commit` has who is who from commit to commit, where that differs as docs/commands.md says; nobody is "".
    """

    steps: Sequence[Step]
    was: Mapping[str, str] = field(default_factory=dict)
    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    committed: bool = True
    at_once: bool = False
    by_commit: Mapping[str, str] = field(default_factory=dict)


FOLDER = {f"one/{key[2:]}": key for key in WORDINGS if key.startswith("1/")}
FOLDERS = {f"{'b' if key[0] == '1' else 'a'}/{key[2:]}": key for key in WORDINGS}
SWAP = {"1/01": "1/02", "1/02": "1/01"}
EXCHANGE = {f"{'2' if key[0] == '1' else '1'}/{key[2:]}": key for key in WORDINGS}
CASES: Mapping[str, Case] = {
    "two of one wording, to free numbers": Case(
        steps=[Step(moves={"1/13": "1/03", "1/14": "1/04"})], was={"1/13": "1/03", "1/14": "1/04"}
    ),
    "two of one wording, crosswise, by their bytes": Case(
        steps=[Step(moves={"1/13": "1/04", "1/14": "1/03"})], was={"1/13": "1/04", "1/14": "1/03"}
    ),
    "a folder renamed, and one reworded later": Case(
        steps=[Step(moves=FOLDER), Step(words={"one/02": OTHER})], was=FOLDER
    ),
    "a folder renamed, and one reworded in the same commit": Case(
        steps=[Step(moves=FOLDER, words={"one/02": OTHER})], was=FOLDER
    ),
    "a folder renamed twice, and one reworded between": Case(
        steps=[
            Step(moves={f"x{key}": was for key, was in FOLDER.items()}),
            Step(words={"xone/02": ANOTHER}),
            Step(moves={key: f"x{key}" for key in FOLDER}),
            Step(words={"one/02": OTHER}),
        ],
        was=FOLDER,
    ),
    "two folders renamed crosswise": Case(steps=[Step(moves=FOLDERS)], was=FOLDERS),
    "numbers that swap": Case(steps=[Step(moves=SWAP)], was=SWAP),
    "numbers that swap, and one reworded later": Case(steps=[Step(moves=SWAP), Step(words={"1/02": OTHER})], was=SWAP),
    "numbers that swap by way of a third, and both reworded later": Case(
        steps=[
            Step(moves={"1/99": "1/01"}),
            Step(moves={"1/01": "1/02"}),
            Step(moves={"1/02": "1/99"}),
            Step(words={"1/01": ANOTHER, "1/02": OTHER}),
        ],
        was=SWAP,
    ),
    "one after the other": Case(
        steps=[Step(moves={"1/02": "1/01", "1/08": "1/02"})], was={"1/02": "1/01", "1/08": "1/02"}
    ),
    "one after the other, and the last reworded later": Case(
        steps=[Step(moves={"1/02": "1/01", "1/08": "1/02"}), Step(words={"1/08": OTHER})],
        was={"1/02": "1/01", "1/08": "1/02"},
    ),
    "number and wording together": Case(
        steps=[Step(moves={"1/08": "1/01"}, words={"1/08": OTHER})], was={"1/08": "1/01"}
    ),
    "number, wording and review together": Case(
        steps=[Step(moves={"2/08": "1/01"}, words={"2/08": OTHER})], was={"2/08": "1/01"}
    ),
    "no wording": Case(steps=[Step(moves={"1/15": "1/06", "1/16": "1/05"})], was={"1/15": "1/06", "1/16": "1/05"}),
    "no wording, and numbers that swap": Case(
        steps=[Step(moves={"1/05": "1/06", "1/06": "1/05"})], was={"1/05": "1/06", "1/06": "1/05"}
    ),
    "into another review": Case(steps=[Step(moves={"2/05": "1/01"})], was={"2/05": "1/01"}),
    "split": Case(
        steps=[Step(moves={"1/08": "1/01"}, new={"1/09": WORDINGS["1/01"]})],
        was={"1/08": "1/01"},
        added=frozenset({"1/09"}),
    ),
    "split, and one stays": Case(steps=[Step(new={"1/00": WORDINGS["1/01"]})], added=frozenset({"1/00"})),
    "merged": Case(
        steps=[Step(moves={"1/08": "1/03"}, gone=["1/04"])], was={"1/08": "1/03"}, removed=frozenset({"1/04"})
    ),
    "merged into one that stays": Case(steps=[Step(gone=["1/03"])], removed=frozenset({"1/03"})),
    "leading zeros": Case(steps=[Step(moves={"1/1": "1/01"})], was={"1/1": "1/01"}),
    "capitals and line breaks": Case(
        steps=[Step(moves={"1/08": "1/01"}, words={"1/08": WORDINGS["1/01"].upper().replace(", ", ",\n  ")})],
        was={"1/08": "1/01"},
    ),
    "another at the same number": Case(steps=[Step(gone=["1/01"], new={"1/01": OTHER})]),
    "another at another number": Case(
        steps=[Step(gone=["1/01"], new={"1/08": OTHER})], added=frozenset({"1/08"}), removed=frozenset({"1/01"})
    ),
    "in the place of one that went": Case(
        steps=[Step(moves={"1/01": "1/02"}, gone=["1/01"])], was={"1/01": "1/02"}, removed=frozenset({"1/01"})
    ),
    "a new one in its place": Case(
        steps=[Step(moves={"1/08": "1/01"}, new={"1/01": OTHER})], was={"1/08": "1/01"}, added=frozenset({"1/01"})
    ),
    "renumbered twice, and reworded twice": Case(
        steps=[
            Step(moves={"1/08": "1/01"}),
            Step(words={"1/08": ANOTHER}),
            Step(moves={"1/09": "1/08"}),
            Step(words={"1/09": OTHER}),
        ],
        was={"1/09": "1/01"},
    ),
    "two reviews that exchange their folders": Case(steps=[Step(moves=EXCHANGE)], was=EXCHANGE),
    "in the place of one that went, from another review": Case(
        steps=[Step(moves={"1/01": "2/02"}, gone=["1/01"])], was={"1/01": "2/02"}, removed=frozenset({"1/01"})
    ),
    "in the place of one that went, from another review, and reworded later": Case(
        steps=[Step(moves={"1/01": "2/02"}, gone=["1/01"]), Step(words={"1/01": OTHER})],
        was={"1/01": "2/02"},
        removed=frozenset({"1/01"}),
    ),
    "a new one in its place, and it in another review": Case(
        steps=[Step(moves={"2/08": "1/01"}, new={"1/01": OTHER})], was={"2/08": "1/01"}, added=frozenset({"1/01"})
    ),
    "a new one in its place, at once": Case(
        steps=[Step(moves={"1/08": "1/02"}, new={"1/02": OTHER})],
        was={"1/08": "1/02"},
        added=frozenset({"1/02"}),
        at_once=True,
    ),
    "a branch that renumbers, and rewords later": Case(
        steps=[
            Step(on="work", moves={"1/08": "1/01"}),
            Step(on="work", words={"1/08": LONG}),
            Step(words={"2/01": ANOTHER}),
            Step(merge="work"),
        ],
        was={"1/08": "1/01"},
    ),
    "a branch that renumbers, and rewords later, at once": Case(
        steps=[Step(on="work", moves={"1/08": "1/01"}), Step(on="work", words={"1/08": LONG}), Step(merge="work")],
        was={"1/08": "1/01"},
        at_once=True,
    ),
    "a branch that renames a folder, and rewords later": Case(
        steps=[Step(on="work", moves=FOLDER), Step(on="work", words={"one/02": LONG}), Step(merge="work")], was=FOLDER
    ),
    "a branch on which numbers swap, and both are reworded later": Case(
        steps=[
            Step(on="work", moves=SWAP),
            Step(on="work", words={"1/01": ANOTHER, "1/02": OTHER}),
            Step(merge="work"),
        ],
        was=SWAP,
    ),
    "a branch from which another comes, that renumbers and rewords": Case(
        steps=[
            Step(on="work", words={"1/07": OTHER}),
            Step(on="more", moves={"1/08": "1/01"}),
            Step(on="more", words={"1/08": LONGER}),
            Step(on="work", words={"2/01": OTHER}),
            Step(on="work", merge="more"),
            Step(words={"2/02": f"{OTHER} And more."}),
            Step(merge="work"),
        ],
        was={"1/08": "1/01"},
    ),
    "a branch that takes over where a folder was renamed, and renumbers": Case(
        steps=[
            Step(on="work", words={"1/02": OTHER}),
            Step(moves=FOLDER),
            Step(on="work", merge="main"),
            Step(on="work", moves={"one/08": "one/01"}),
            Step(on="work", words={"one/08": LONGER}),
            Step(merge="work"),
        ],
        was={**{key: was for key, was in FOLDER.items() if was != "1/01"}, "one/08": "1/01"},
    ),
    "a branch that takes over where numbers swapped, and rewords both": Case(
        steps=[
            Step(on="work", words={"1/07": OTHER}),
            Step(moves=SWAP),
            Step(on="work", merge="main"),
            Step(on="work", words={"1/01": ANOTHER, "1/02": OTHER}),
            Step(merge="work"),
        ],
        was=SWAP,
    ),
    "two branches, one after the other": Case(
        steps=[
            Step(on="work", moves={"1/08": "1/01"}),
            Step(on="work", words={"1/08": LONG}),
            Step(words={"2/01": ANOTHER}),
            Step(merge="work"),
            Step(on="more", moves={"1/09": "1/08"}),
            Step(on="more", words={"1/09": LONGER}),
            Step(words={"2/02": ANOTHER}),
            Step(merge="more"),
        ],
        was={"1/09": "1/01"},
    ),
    "a merge that renumbers and rewords what no branch did": Case(
        steps=[
            Step(on="work", words={"1/07": OTHER}),
            Step(words={"2/01": ANOTHER}),
            Step(merge="work", moves={"1/08": "1/01"}, words={"1/08": ANOTHER}),
        ],
        was={"1/08": "1/01"},
    ),
    "taken away, and put back at another number later": Case(
        steps=[Step(gone=["1/07"]), Step(new={"1/08": WORDINGS["1/07"]})],
        was={"1/08": "1/07"},
        by_commit={"1/08": ""},
    ),
    "taken away, and put back at its number later": Case(
        steps=[Step(gone=["1/07"]), Step(new={"1/07": WORDINGS["1/07"]})]
    ),
    "another takes over the wording that it had before": Case(
        steps=[Step(words={"1/01": OTHER}), Step(words={"1/02": WORDINGS["1/01"]})],
        was={"1/02": "1/01"},
        added=frozenset({"1/01"}),
        removed=frozenset({"1/02"}),
        by_commit={"1/01": "1/01", "1/02": "1/02"},
    ),
    "not committed: two of one wording": Case(
        steps=[Step(moves={"1/13": "1/03", "1/14": "1/04"})], was={"1/13": "1/03", "1/14": "1/04"}, committed=False
    ),
    "not committed: numbers that swap": Case(steps=[Step(moves=SWAP)], was=SWAP, committed=False),
    "not committed: number and wording together": Case(
        steps=[Step(moves={"1/08": "1/01"}, words={"1/08": OTHER})], was={"1/08": "1/01"}, committed=False
    ),
    "not committed: moved on from where a commit moved it": Case(
        steps=[
            Step(moves={"1/08": "1/01"}, words={"1/08": OTHER}),
            Step(moves={"2/09": "1/08"}, words={"2/09": ANOTHER}),
        ],
        was={"2/09": "1/01"},
        committed=False,
    ),
    "not committed: a new one in its place": Case(
        steps=[Step(moves={"1/02": "1/01", "1/08": "1/02"}, new={"1/01": OTHER})],
        was={"1/02": "1/01", "1/08": "1/02"},
        added=frozenset({"1/01"}),
        committed=False,
    ),
    "not committed: another at another number": Case(
        steps=[Step(gone=["1/01"], new={"1/08": OTHER})],
        added=frozenset({"1/08"}),
        removed=frozenset({"1/01"}),
        committed=False,
    ),
}
DAY = "2024-06-30"
REVIEWS = ("1", "2", "one", "xone", "a", "b")


def _path(key: str) -> str:
    return recommendation_path(_identity(key))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Past:
    """Return a register of two reviews as it was committed; it is not changed."""
    review = "title: {}\nkind: dhr\npartnership: anytown-police\nsections:\n  - Police\n"
    files = {
        "register/register.yaml": "schema_version: 1\ntitle: Anytown\n",
        "register/agencies/anytown-police.yaml": "name: Anytown Police\nkind: police\n",
        **{f"register/reviews/{_identity(key)}/review.yaml": review.format(key) for key in REVIEWS},
        **{_path(key): _text(key, wording, MARKS[key]) for key, wording in WORDINGS.items()},
    }
    past = begun(tmp_path_factory.mktemp("base"), files)
    past.git("tag", "base")
    return past


def _apply(step: Step, past: Past) -> None:
    """Make the files as a step leaves them."""
    moving = {key: (past.root / _path(was)).read_text(encoding="utf-8") for key, was in step.moves.items()}
    past.write({_path(key): None for key in {*step.moves.values(), *step.gone}})
    past.write({_path(key): text for key, text in moving.items()})
    for key, words in step.words.items():
        _, _, rest = (past.root / _path(key)).read_text(encoding="utf-8").partition("\n")
        past.write({_path(key): f"recommendation: {words}\n{rest}"})
    for key, words in step.new.items():
        past.write({_path(key): _text(f"{key} anew", words, "2025-12")})


def _postpone(past: Past) -> None:
    """Give every recommendation a target years later, by which each command says what it was before."""
    for file in past.root.glob("register/reviews/*/recommendations/*.yaml"):
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r'(?<=target_date: ")20\d\d', "2030", text), encoding="utf-8", newline="\n")


def _build(case: Case, past: Past) -> None:
    branches = {"main"}
    for place, step in enumerate(case.steps, start=1):
        if len(branches | {step.on}) > 1:
            past.git("switch", "--quiet", *["--create"][: step.on not in branches], step.on)
            branches.add(step.on)
        if step.merge:
            past.git("merge", "--quiet", "--no-ff", "--no-commit", step.merge)
        _apply(step, past)
        if case.at_once and step is case.steps[-1]:
            _postpone(past)
        if case.committed or place < len(case.steps):
            past.commit(f"2024-02-{place:02}")
    if not case.at_once:
        _postpone(past)
        if case.committed:
            past.commit("2024-03-01")


def _told(run: "Run", past: Past, *command: str) -> Any:
    result = run(*command, "--json", "--as-of", DAY, cwd=past.root)
    assert result.code in {0, 1}, result.err
    return json.loads(result.out)


def _diff(run: "Run", past: Past, *until: str) -> tuple[dict[str, str], set[str]]:
    """Return the target before of each recommendation that is no new one, and what was removed, as `diff` tells them."""
    result = run("diff", "base", *until, "--format", "csv", "--as-of", DAY, cwd=past.root)
    shown = run("diff", "base", *until, "--format", "md", "--as-of", DAY, cwd=past.root)
    before = dict(re.findall(r"^\| (\S+) \| .*Re-dated: (\S+) →", shown.out, re.MULTILINE))
    rows = [line.split(",") for line in result.out.splitlines()]
    return before, {row[1] for row in rows if row[0] == "removed"}


def _since(run: "Run", past: Past) -> tuple[dict[str, str], set[str]]:
    """Return what `_diff` does, as `check --since` tells it."""
    findings = _told(run, past, "check", "--since", "base", "--severity", "error")["findings"]
    moved = re.compile("the target date moved from (.*?) to")
    before = {each["id"]: found[1] for each in findings if (found := moved.search(each["message"]))}
    taken = "this recommendation was taken away"
    return before, {each["id"] for each in findings if taken in each["message"]}


def _slippage(run: "Run", past: Past) -> dict[str, str]:
    return {each["id"]: each["first_target"] for each in _told(run, past, "slippage")["items"]}


def _history(run: "Run", past: Past, key: str) -> str:
    items = _told(run, past, "history", key)["items"]
    return str(next(each["from"] for each in items if each["field"] == "target_date"))


@pytest.mark.parametrize("name", CASES)
def test_every_command_agrees_who_is_who(name: str, base: Past, tmp_path: Path, run: "Run") -> None:
    case = CASES[name]
    past = Past(Path(shutil.copytree(base.root, tmp_path / "register")))
    _build(case, past)
    kept = {key: key for key in WORDINGS if key not in {*case.was.values(), *case.removed}}
    expected = {_identity(key): MARKS[was] for key, was in {**kept, **case.was}.items()}
    removed = {_identity(key) for key in case.removed}
    assert _diff(run, past) == (expected, removed)
    assert _since(run, past) == (expected, removed)
    if not case.committed:
        assert _slippage(run, past) == expected | {_identity(key): "2030-12" for key in case.added}
        return
    assert _diff(run, past, "HEAD") == (expected, removed)
    expected |= {_identity(key): MARKS.get(was, "2025-12") for key, was in case.by_commit.items()}
    added = case.added - case.by_commit.keys()
    with_added = expected | {_identity(key): "2030-12" if case.at_once else "2025-12" for key in added}
    assert _slippage(run, past) == with_added
    touched = {*case.was, *case.added, *(key for step in case.steps for key in (*step.words, *step.new))}
    touched -= case.added if case.at_once else set()
    for key in map(_identity, touched & {each.removeprefix("anytown-dhr-") for each in with_added}):
        assert _history(run, past, key) == with_added[key]
    counted = [(each["as_of"], each["open"]) for each in _told(run, past, "burndown")["items"]]
    assert counted[0] == ("2024-01-31", len(WORDINGS))
    assert counted[-1] == (DAY, len(with_added))


# What git is asked for it


def _renamed(base: Past, root: Path, *, merged: bool = False) -> Past:
    """Return the register with a branch on which a review has another name, and one of it other words; and that apart.

    With `merged`, both came about on a branch of their own, and git would find nothing in the merge.
    """
    past = Past(Path(shutil.copytree(base.root, root)))
    past.git("switch", "--quiet", "--create", "apart")
    _apply(Step(moves={"2/08": "1/07"}, words={"2/08": f"{OTHER} And more."}), past)
    past.commit("2024-02-01")
    past.git("switch", "--quiet", *(["--create", "work", "main"] if merged else ["main"]))
    for place, step in enumerate((Step(moves=FOLDER), Step(words={"one/02": LONG if merged else OTHER})), start=2):
        _apply(step, past)
        past.commit(f"2024-02-{place:02}")
    if merged:
        past.git("switch", "--quiet", "main")
        past.git("merge", "--quiet", "--no-ff", "--message", "Merge work", "work", day="2024-02-04")
    past.git("tag", "renamed")
    _postpone(past)
    past.commit("2024-03-01")
    _apply(Step(moves={"one/08": "one/01"}, words={"one/08": ANOTHER}), past)
    return past


@pytest.mark.parametrize(
    "command",
    [
        ("diff", "base"),
        ("diff", "2024-01-31"),
        ("diff", "apart"),
        ("diff", "base", "HEAD"),
        ("diff", "base", "renamed"),
        ("diff", "renamed", "apart"),
        ("diff", "2024-01-31", "HEAD"),
        ("diff", "2024-01-31", "main"),
        ("diff", "2024-01-31", "renamed"),
        ("diff", "2024-01-31", "2024-03-01"),
        ("check", "--since", "base"),
        ("check", "--since", "2024-01-31"),
        ("render", "panel-pack", "--since", "base"),
        ("render", "panel-pack", "--since", "2024-01-31"),
        ("render", "panel-pack", "--since", "base", "--at", "renamed"),
        ("render", "panel-pack", "--since", "2024-01-31", "--at", "renamed"),
        ("history", "anytown-dhr-one/01"),
        ("history", "anytown-dhr-one/02"),
        ("history", "anytown-dhr-one/02", "--at", "HEAD"),
        ("render", "recommendation", "anytown-dhr-one/02"),
        ("slippage",),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("merged", [False, True])
def test_six_questions_are_enough_also_where_everything_moved(
    command: tuple[str, ...], base: Past, tmp_path: Path, run: "Run", monkeypatch: pytest.MonkeyPatch, *, merged: bool
) -> None:
    past = _renamed(base, tmp_path / "register", merged=merged)
    asked: list[object] = []
    execute = Git.execute

    def counted(self: Git, *arguments: Any, **options: Any) -> Any:
        asked.append(arguments)
        return execute(self, *arguments, **options)

    monkeypatch.setattr(Git, "execute", counted)
    told = run(*command, "--as-of", DAY, cwd=past.root)
    assert told.code in {0, 1}, told.err
    assert 1 < len(asked) <= 6
    assert "Removed" not in told.out
    assert "was taken away" not in told.out


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("base", "renamed", FOLDER),
        ("renamed", "base", {was: key for key, was in FOLDER.items()}),
        ("base", "apart", {"2/08": "1/07"}),
        ("apart", "renamed", {**FOLDER, "one/07": "2/08"}),
        ("renamed", "apart", {**{was: key for key, was in FOLDER.items() if was != "1/07"}, "2/08": "one/07"}),
        ("base", "", {**FOLDER, "one/08": "1/01"}),
        ("apart", "", {**FOLDER, "one/07": "2/08", "one/08": "1/01"}),
        ("HEAD", "", {"one/08": "one/01"}),
        ("HEAD", "HEAD", {}),
    ],
)
def test_moves_are_traced_on_both_lines_since_they_parted(
    old: str, new: str, found: Mapping[str, str], base: Past, tmp_path: Path
) -> None:
    past = _renamed(base, tmp_path / "register")
    repo = Repo(past.root)
    then = repo.tree(repo.commit(old))
    now = repo.tree(repo.commit(new)) if new else disk.read_tree(past.root)
    gone = {} if new else {"one/01"}
    expected = {_path(key): _path(was) for key, was in found.items() if key not in gone}
    assert find_moves(repo, then, now) == expected


@pytest.mark.parametrize(
    "wanted",
    [
        ("base", "HEAD"),
        ("HEAD", "base"),
        ("HEAD", "main"),
        ("renamed", "renamed"),
        ("2024-01-31", "HEAD"),
        ("2024-01-31", "main"),
        ("2024-01-31", "renamed"),
        ("2024-01-31", "apart"),
        ("apart", "2024-02-02"),
        ("2024-01-31", "2024-02-02"),
    ],
)
def test_two_revisions_or_days_are_looked_up_as_each_alone(wanted: tuple[str, str], base: Past, tmp_path: Path) -> None:
    past = _renamed(base, tmp_path / "register")
    together = Repo(past.root)
    together.prepare_trees(*wanted)
    assert [together.commit(each) for each in wanted] == [Repo(past.root).commit(each) for each in wanted]


@pytest.mark.parametrize("wanted", [("base", "nowhere"), ("nowhere", "2024-01-31"), ("2023-12-31", "base")])
def test_what_is_no_revision_is_named_also_beside_another(wanted: tuple[str, str], base: Past, run: "Run") -> None:
    result = run("diff", *wanted, cwd=base.root)
    assert (result.code, result.out) == (2, "")
    assert "nowhere" in result.err or "2023-12-31" in result.err


def test_one_that_is_known_by_its_wording_alone_has_its_past_where_it_is_asked_for_alone(
    base: Past, tmp_path: Path, run: "Run"
) -> None:
    past = Past(Path(shutil.copytree(base.root, tmp_path / "register")))
    past.write({_path("1/07"): None, _path("2/07"): _text("other lines", WORDINGS["1/07"], "2025-12")})
    past.commit("2024-02-01")
    known = timelines.timelines(Repo(past.root))
    assert timelines.timeline(Repo(past.root), _path("2/07")) == known[_identity("2/07")]
    assert _history(run, past, _identity("2/07")) == MARKS["1/07"]


def test_one_that_went_as_another_took_its_place_stays_in_the_past(base: Past, tmp_path: Path) -> None:
    past = Past(Path(shutil.copytree(base.root, tmp_path / "register")))
    _apply(Step(moves={"1/01": "1/02"}, gone=["1/01"]), past)
    commit = past.commit("2024-02-01")
    known = timelines.timelines(Repo(past.root))
    ended = known[f"{_identity('1/01')} until {commit}"]
    assert [(str(each.day), each.record and each.record.number) for each in ended] == [
        ("2024-01-01", "01"),
        ("2024-02-01", None),
    ]
    assert [each.record and each.record.number for each in known[_identity("1/01")]] == ["02", "01"]


def test_two_that_exchange_reviews_and_are_edited_at_once_go_by_their_ids_where_one_alone_is_asked_for(
    base: Past, tmp_path: Path, run: "Run"
) -> None:
    past = Past(Path(shutil.copytree(base.root, tmp_path / "register")))
    _build(Case(steps=[Step(moves={"1/01": "2/02", "2/02": "1/01"})], at_once=True), past)
    first = _slippage(run, past)
    assert [first[_identity(key)] for key in ("1/01", "2/02")] == [MARKS["2/02"], MARKS["1/01"]]
    assert [_history(run, past, _identity(key)) for key in ("1/01", "2/02")] == [MARKS["1/01"], MARKS["2/02"]]


def test_a_merge_of_a_branch_that_began_before_the_first_moment_is_followed(
    base: Past, tmp_path: Path, run: "Run"
) -> None:
    past = Past(Path(shutil.copytree(base.root, tmp_path / "register")))
    steps = [
        Step(on="work", moves={"1/08": "1/01"}),
        Step(on="work", words={"1/08": LONG}),
        Step(moves={"2/09": "2/02"}, words={"2/09": OTHER}),
        Step(merge="work"),
    ]
    _build(Case(steps=steps, at_once=True), past)
    past.git("tag", "--force", "base", "HEAD^1")
    assert _since(run, past) == _diff(run, past, "HEAD") == _diff(run, past)
    was = {key: key for key in WORDINGS if key not in {"1/01", "2/02"}} | {"1/08": "1/01", "2/09": "2/02"}
    assert _since(run, past) == ({_identity(key): MARKS[old] for key, old in was.items()}, set())
