"""The text that two changes of one file make: no line touched that need not be, and a conflict in its field alone."""

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from conftest import FEWER, Run
from hypothesis import given
from hypothesis import strategies as st
from leaves import every

from dhrctl.files.schema import read_schema
from dhrctl.files.yaml import reader
from dhrctl.files.yaml.editor import compose_file, is_same_data
from dhrctl.merge.record import MergeOutcome, Versions, mark_conflicts, merge_record
from dhrctl.merge.three_way import clashes, merge_data
from dhrctl.model.paths import RecordKind

BASE = b"""\
# yaml-language-server: $schema=../../../../schema/recommendation.schema.json
recommendation: |-
  That training is reviewed
  once a year.
section: Police   # as printed

lead_agencies:
  - anytown-police
target_date: '2024-03'
status: in-progress
actions:
  - text: Train the staff.
    status: in-progress
  - text: Audit the training.
"""
PATH = "register/reviews/anytown-dhr-1/recommendations/01.yaml"


def changed(*pairs: tuple[bytes, bytes], content: bytes = BASE) -> bytes:
    for old, new in pairs:
        assert content.count(old) == 1, old
        content = content.replace(old, new)
    return content


def by_git(base: bytes, ours: bytes, theirs: bytes) -> MergeOutcome:
    with TemporaryDirectory() as folder:
        for name, content in (("base", base), ("ours", ours), ("theirs", theirs)):
            (Path(folder) / name).write_bytes(content)
        asked = ["git", "merge-file", "-p", "-q", "-Lours", "-Lbase", "-Ltheirs", "ours", "base", "theirs"]
        done = subprocess.run(asked, cwd=folder, capture_output=True, check=False)
    return MergeOutcome(content=done.stdout, clean=done.returncode == 0)


def outcome(ours: bytes, theirs: bytes, base: bytes = BASE) -> MergeOutcome:
    plain = by_git(base, ours, theirs)
    return merge_record(RecordKind.RECOMMENDATION, Versions(base=base, ours=ours, theirs=theirs), plain)


HOLD = (b"status: in-progress\nactions", b"status: on-hold\nactions")
DATE = (b"'2024-03'", b"'2024-12'")


def test_what_git_merges_rightly_is_left_to_git() -> None:
    found = outcome(changed(HOLD), changed((b"# as printed", b"# sic"), (b"Audit", b"See")))
    assert found == MergeOutcome(content=changed(HOLD, (b"# as printed", b"# sic"), (b"Audit", b"See")), clean=True)


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_fields_side_by_side_are_merged_and_no_other_line_is_touched(end: bytes, mark: bytes) -> None:
    base, ours, theirs, both = (
        mark + changed(*pairs).replace(b"\n", end) for pairs in ((), (HOLD,), (DATE,), (HOLD, DATE))
    )
    found = outcome(ours, theirs, base)
    assert found.clean
    assert found.content.replace(b'"', b"'") == both


def test_a_conflict_stands_in_its_field_alone() -> None:
    ours = changed(HOLD, (b"actions:\n", b"actions:\n  - text: Plan.\n"), (b"Police   #", b"Force #"))
    theirs = changed((HOLD[0], HOLD[1].replace(b"on-hold", b"not-started")), DATE, (b"\n    status: in-progress", b""))
    found = outcome(ours, theirs)
    assert (found.clean, found.fields) == (False, ("status",))
    assert found.content.replace(b'"', b"'") == changed(
        DATE,
        (
            b"status: in-progress\nactions:\n",
            b"<<<<<<< ours\nstatus: on-hold\n=======\nstatus: not-started\n>>>>>>> theirs\nactions:\n  - text: Plan.\n",
        ),
        (b"Police   #", b"Force #"),
        (b"\n    status: in-progress", b""),
    )


def test_one_entry_of_a_list_is_in_conflict_and_the_others_are_not() -> None:
    done = b"  - text: Train the staff.\n    status: complete\n    completion_date: '2024-02'\n"
    ours = changed((b"  - text: Train the staff.\n    status: in-progress\n", done))
    theirs = changed(
        (b"  - text: Train the staff.\n    status: in-progress\n", b""),
        (b"training.\n", b"training.\n  - text: Plan.\n"),
    )
    found = outcome(ours, theirs)
    assert (found.clean, found.fields) == (False, ("actions",))
    assert found.content == changed(
        (
            b"  - text: Train the staff.\n    status: in-progress\n",
            b"<<<<<<< ours\n" + done + b"=======\n>>>>>>> theirs\n",
        ),
        (b"training.\n", b"training.\n  - text: Plan.\n"),
    )


# Where in doubt

TWICE = (b"status: in-progress\nactions", b"scope: local\nstatus: in-progress\nactions")


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        (b"", changed(HOLD), changed(DATE)),
        (BASE, b"", changed(DATE)),
        (BASE, changed(HOLD), b"status: [\n"),
        (BASE, changed(HOLD), b"\xff"),
        (b"- a\n", b"- b\n", b"- c\n"),
        (b"a\n", b"b\n", b"c\n"),
        (BASE, changed(HOLD), changed(DATE, (b"target_date", b"# by minute 4\ntarget_date"))),
        (BASE, changed(HOLD), changed((b"'2024-03'", b"'2024-12' # minute 4"))),
        (b"a: 1\nb: 2\n\ttext\n", b"a: 2\nb: 2\n\ttext\n", b"a: 3\nb: 2\n\ttext\n"),
    ],
)
def test_gits_own_conflict_stands_where_the_fields_are_in_doubt(base: bytes, ours: bytes, theirs: bytes) -> None:
    plain = by_git(base, ours, theirs)
    assert not plain.clean
    assert merge_record(RecordKind.RECOMMENDATION, Versions(base=base, ours=ours, theirs=theirs), plain) == plain


def test_gits_own_merge_stands_where_a_side_cannot_be_read() -> None:
    ours, theirs = changed(HOLD), changed((b"section: Police", b"section: [Police"))
    found = outcome(ours, theirs)
    assert found == MergeOutcome(content=changed(HOLD, (b"section: Police", b"section: [Police")), clean=True)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        pytest.param(changed((b"status: in-progress\nactions", b"scope: local\nstatus: in-progress\nactions")),
                     BASE + b"scope: local\n", id="a key in two places"),
        pytest.param(changed((b"actions:\n", b"actions:\n  - text: Plan.\n    status: complete\n")),
                     BASE + b"  - text: Report.\n    status: on-hold\n    completion_date: '2024'\n  - text: Plan.\n    status: complete\n",
                     id="an entry in two places"),
    ],
)  # fmt: skip
def test_what_git_merges_wrongly_is_merged_by_fields(ours: bytes, theirs: bytes) -> None:
    plain = by_git(BASE, ours, theirs)
    assert plain.clean
    found = outcome(ours, theirs)
    expected = merge_data(*map(reader.parse, (BASE, ours, theirs)))
    if found.clean:
        assert is_same_data(reader.parse(found.content), expected)
    else:
        assert any(clashes(expected))


def test_what_git_merges_wrongly_and_no_field_can_be_written_for_is_in_conflict_as_a_whole() -> None:
    ours = changed((b"status: in-progress\nactions", b"scope: local\nstatus: in-progress\nactions"))
    theirs = BASE + b"scope: local # by minute 4\n"
    assert by_git(BASE, ours, theirs).clean
    found = outcome(ours, theirs)
    assert found == MergeOutcome(content=mark_conflicts(ours, theirs), clean=False)
    with pytest.raises(reader.FileRefused):
        reader.parse(found.content)


@pytest.mark.parametrize(
    ("ours", "theirs", "both"),
    [
        (b"a\nb\n", b"a\nb\n", b"a\nb\n"),
        (b"a\nb", b"a\nc", b"a\n<<<<<<< ours\nb\n=======\nc\n>>>>>>> theirs\n"),
        (b"a\r\nb\r\n", b"a\r\n", b"a\r\n<<<<<<< ours\r\nb\r\n=======\r\n>>>>>>> theirs\r\n"),
        (b"", b"a\rb", b"<<<<<<< ours\n=======\na\rb\n>>>>>>> theirs\n"),
    ],
)
def test_marks_stand_around_what_differs(ours: bytes, theirs: bytes, both: bytes) -> None:
    assert mark_conflicts(ours, theirs) == both


# Laws

KEYS = st.sampled_from(["status", "target_date", "actions", "text", "lead_agencies", "source"])
DATA = st.recursive(
    st.none() | st.booleans() | st.integers(0, 1) | st.sampled_from(["complete", "2024", "a\nb"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)
JSON = st.dictionaries(KEYS, DATA, max_size=3).map(lambda data: json.dumps(data).encode())
ANY = JSON | st.binary(max_size=40) | st.sampled_from([BASE, changed(HOLD), changed(DATE), b"a: 1\n", b"a: 2 # b\n"])


@given(ANY, ANY, ANY, ANY, st.booleans())
def test_no_bytes_make_it_fail(base: bytes, ours: bytes, theirs: bytes, made: bytes, clean: bool) -> None:  # noqa: FBT001 - hypothesis passes it by place
    plain = MergeOutcome(content=made, clean=clean)
    found = merge_record(RecordKind.RECOMMENDATION, Versions(base=base, ours=ours, theirs=theirs), plain)
    assert found == plain or found.clean or b"\n=======" in found.content


TEXTS = st.sampled_from(["Train.", "Audit.", "Report.\nTwice.\nTo all.", "Report.\nOnce.\nTo all."])
ACTION = st.fixed_dictionaries(
    {"text": TEXTS},
    optional={"lead_agency": st.sampled_from("ab"), "status": st.sampled_from(["on-hold", "complete"])},
)
FIELDS: Mapping[str, st.SearchStrategy[Any]] = {
    "recommendation": TEXTS,
    "lead_agencies": st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True),
    "responsible": st.lists(st.sampled_from("abc"), max_size=2, unique=True).map(
        lambda roles: [{"role": role} for role in roles]
    ),
    "target_date": st.sampled_from(["2024", "2025"]),
    "review_date": st.sampled_from(["2024", "2025"]),
    "status": st.sampled_from(["in-progress", "on-hold", "complete"]),
    "actions": st.lists(ACTION, min_size=1, max_size=4, unique_by=lambda action: action["text"]),
    "outcomes": st.lists(TEXTS, min_size=1, max_size=3, unique=True),
}


@st.composite
def changes(draw: st.DrawFn) -> tuple[dict[str, Any], ...]:
    """Return a record, and what two people made of it who changed a field or two each."""
    base = {"section": "Police", **{name: draw(values) for name, values in FIELDS.items()}}
    two = []
    for _ in range(2):
        names = draw(st.lists(st.sampled_from(sorted(FIELDS)), min_size=1, max_size=2, unique=True))
        side = {**base, **{name: draw(_edited(name, base[name])) for name in names}}
        two.append({name: value for name, value in side.items() if value is not None})
    return base, *two


def _edited(name: str, value: Any) -> st.SearchStrategy[Any]:
    if name == "actions":
        added = ACTION.map(lambda action: [*value, {**action, "text": "Plan."}])
        return added | ACTION.map(lambda action: [*value[:-1], {**action, "text": value[-1]["text"]}])
    return FIELDS[name] | st.none()


@given(changes())
@FEWER
def test_where_git_merges_cleanly_and_rightly_the_fields_say_the_same(three: tuple[dict[str, Any], ...]) -> None:
    shape = read_schema(RecordKind.RECOMMENDATION)
    base, ours, theirs = (compose_file(data, shape, "# schema") for data in three)
    plain = by_git(base, ours, theirs)
    data = merge_data(three[0], three[1], three[2])
    found = merge_record(RecordKind.RECOMMENDATION, Versions(base=base, ours=ours, theirs=theirs), plain)
    if plain.clean and not any(clashes(data)) and not twice(reader.parse(plain.content)):
        assert found == plain
        assert is_same_data(reader.parse(plain.content), data)
    elif found.clean:
        assert is_same_data(reader.parse(found.content), data)
    elif plain.clean:
        assert careful(*three)


def twice(data: dict[str, Any]) -> bool:
    """Tell whether an entry stands in a list twice, which the check refuses."""
    lists = [[*every(values)] for values in data.values() if isinstance(values, list)]
    return any(len(set(entries)) < len(entries) for entries in lists)


def careful(base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]) -> bool:
    """Tell whether both decided on one thing in lines apart: the state of the work, or the entries of a list."""
    if len({each.get("status") == "complete" for each in (base, ours, theirs)}) > 1:
        return True
    lists = [name for name in FIELDS if isinstance(base[name], list)]
    for old, mine, other in ([{*every(each.get(name, []))} for each in (base, ours, theirs)] for name in lists):
        if old - mine or old - other or (mine & other) - old:
            return True
    return False


# The command


@pytest.fixture
def driven(tmp_path: Path, run: Run) -> Callable[..., tuple[int, bytes, str]]:
    """Return a function that runs the command as git does; it returns the exit code, our file then, and stderr."""

    def ran(ours: bytes, theirs: bytes, base: bytes = BASE, path: str = PATH) -> tuple[int, bytes, str]:
        for name, content in (("%O", base), ("%A", ours), ("%B", theirs)):
            (tmp_path / name).write_bytes(content)
        result = run("merge-driver", "%O", "%A", "%B", path, cwd=tmp_path)
        assert result.out == ""
        assert sorted(file.name for file in tmp_path.iterdir()) == ["%A", "%B", "%O"]
        return result.code, (tmp_path / "%A").read_bytes(), result.err

    return ran


Driven = Callable[..., tuple[int, bytes, str]]


@pytest.mark.parametrize("path", [PATH, f"deep/register/{PATH}"])
def test_a_clean_merge_ends_in_0_and_says_nothing(driven: Driven, path: str) -> None:
    code, content, err = driven(changed(HOLD), changed(DATE), path=path)
    assert (code, err) == (0, "")
    assert content.replace(b'"', b"'") == changed(HOLD, DATE)


def test_a_conflict_ends_in_1_and_is_told_by_its_fields(driven: Driven) -> None:
    theirs = changed((HOLD[0], HOLD[1].replace(b"on-hold", b"complete")), (b"Train", b"Teach"))
    code, content, err = driven(changed(HOLD, (b"Train", b"Show")), theirs)
    assert (code, content) == (1, outcome(changed(HOLD, (b"Train", b"Show")), theirs).content)
    assert err == (
        f"dhrctl: {PATH}: both sides decided on status and actions; "
        "keep the right lines, and delete the marks around them\n"
    )


@pytest.mark.parametrize("path", ["README.md", "x/register.yaml", "register/reviews/anytown-dhr-1/source.txt"])
def test_what_is_no_record_is_merged_by_its_lines(driven: Driven, path: str) -> None:
    code, content, err = driven(changed(HOLD), changed(DATE), path=path)
    assert (code, content) == (1, by_git(BASE, changed(HOLD), changed(DATE)).content)
    assert err.startswith(f"dhrctl: {path}: both sides changed the same lines; ")
    assert driven(b"1\n2\n3\n", b"0\n2\n4\n", b"0\n2\n3\n", path) == (0, b"1\n2\n4\n", "")


def test_what_has_no_lines_is_left_as_it_was(driven: Driven) -> None:
    code, content, err = driven(b"a\0b", b"a\0c", b"a\0", "logo.png")
    assert (code, content) == (4, b"a\0b")
    assert err.startswith("dhrctl: git cannot merge this file (error: Cannot merge binary files: ")
    assert err.endswith("); merge it by hand\n")


def test_a_file_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    result = run("merge-driver", "a", "b", "c", PATH, cwd=tmp_path)
    assert (result.code, result.out) == (4, "")
    assert "Traceback" not in result.err


def test_a_file_that_cannot_be_written_is_whole(driven: Driven, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refused)
    code, content, err = driven(changed(HOLD), changed(DATE))
    assert (code, content) == (4, changed(HOLD))
    assert err == f"dhrctl: {PATH} cannot be written (No space left on device); merge it by hand\n"
