"""Corrections by command: which words are taken, what they do to the file, and what they are refused for."""

import textwrap
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete
from conftest import Run

from dhrctl.cli.app import program

RECORD = "register/reviews/anytown-dhr-1/recommendations/01.yaml"
WHOLE = """\
    # yaml-language-server: $schema=../../../../schema/recommendation.schema.json
    recommendation: That training is reviewed.  # as printed
    section: Police

    lead_agencies: [anytown-police]
    target_date: '2024-03'  # as agreed
    status: in-progress
    actions:
      # the first step
      - text: Write the course.
      - text: Hold the course.
        status: in-progress
    outcomes:
      - Staff know what to do.
    """


@pytest.fixture
def register(anytown: Path) -> Path:
    """Return the small register, with a record that a person has written."""
    (anytown / RECORD).write_text(textwrap.dedent(WHOLE), encoding="utf-8")
    (anytown / "register/agencies/anytown-council.yaml").write_text(
        "name: Anytown Council\nkind: local-authority\naliases: [AC]\n", encoding="utf-8"
    )
    return anytown


SET = [
    (("status=on-hold",), {"status: in-progress\nactions": "status: on-hold\nactions"}),
    (("target_date=2024-06",), {"'2024-03'": '"2024-06"'}),
    (("target_date=",), {"target_date: '2024-03'  # as agreed\n": ""}),
    (("review_date=",), {}),
    (("status=in-progress",), {}),
    (("level=single-agency",), {"section: Police\n": "section: Police\nlevel: single-agency\n"}),
    (("lead_agencies=ac",), {"[anytown-police]": "[anytown-council]"}),
    (("lead_agencies=anytown-police, Anytown Council",), {"[anytown-police]": "[anytown-police, anytown-council]"}),
    (
        ("supporting_agencies=anytown-council",),
        {"target_date": "supporting_agencies:\n  - anytown-council\ntarget_date"},
    ),
    (
        ("actions.1.status=complete", "actions.1.completion_date=2024-01"),
        {"course.\n  - text: Hold": 'course.\n    status: complete\n    completion_date: "2024-01"\n  - text: Hold'},
    ),
    (("actions.2.status=",), {"    status: in-progress\n": ""}),
    (("actions.3.text=Repeat it.",), {"outcomes": "  - text: Repeat it.\noutcomes"}),
    (("actions.1.text=Write it.",), {"Write the course.": "Write it."}),
    (("actions.2=",), {"  - text: Hold the course.\n    status: in-progress\n": ""}),
    (("outcomes.9=",), {}),
    (("outcomes.1=Staff know, and say so.",), {"Staff know what to do.": "Staff know, and say so."}),
    (("outcomes.2=All were trained.",), {"to do.\n": "to do.\n  - All were trained.\n"}),
    (
        ("measures=Nine of ten, Ten of ten",),
        {"know what to do.\n": "know what to do.\nmeasures:\n  - Nine of ten\n  - Ten of ten\n"},
    ),
    (
        ("source.row=No 1", "source.lines=4, 5"),
        {"to do.\n": "to do.\nsource:\n  row: No 1\n  lines:\n    - 4\n    - 5\n"},
    ),
    (("as_stated.End date=Mar 24",), {"to do.\n": "to do.\nas_stated:\n  End date: Mar 24\n"}),
]


@pytest.mark.parametrize(("words", "edits"), SET, ids=lambda value: " ".join(value)[:50])
def test_a_correction_changes_the_lines_of_its_field_and_no_others(
    register: Path, run: Run, words: tuple[str, ...], edits: dict[str, str]
) -> None:
    expected = textwrap.dedent(WHOLE)
    for old, new in edits.items():
        assert expected.count(old) == 1
        expected = expected.replace(old, new)
    result = run("set", "1", *words, cwd=register)
    assert result.code == 0, result.err
    assert (register / RECORD).read_text(encoding="utf-8") == expected
    nothing = "Nothing changes: the register says so already.\n"
    assert (result.out == nothing) == (not edits)


REFUSED = [
    ("status", '"status" gives no value; write it as field=value, for example status=in-progress'),
    ("status=compleat", 'status: "compleat" is not known here (did you mean "complete"?); use one of'),
    ("staus=complete", 'there is no field "staus" (did you mean "status"?); there are recommendation,'),
    ("status.1=x", 'there is no field "status.1"; a value stands there, and no list or keys'),
    ("actions.0.text=x", 'there is no field "actions.0"'),
    ("actions.1.test=x", 'there is no field "actions.1.test" (did you mean "text"?)'),
    ("actions=x", "actions: a list of entries stands here; name one by its number"),
    ("actions.1=x", "actions.1: keys stand here; name one of them after a dot"),
    ("source=x", "source: keys stand here; name one of them after a dot"),
    ("actions.9.text=x", "there is no entry 9; the list has 2, and the next would be 3"),
    ("lead_agencies=", 'the key "lead_agencies" (Lead agency) is missing; add it'),
    ("lead_agencies=nobody", 'there is no agency "nobody"'),
    ("source.lines=one", 'source.lines: "one" is not a whole number'),
    ("target_date=soon", "target_date: "),
    ("evidence.1.url=ftp://x", "evidence.1"),
]


@pytest.mark.parametrize(("word", "sentence"), REFUSED)
def test_a_mistaken_correction_is_refused_and_nothing_is_written(
    register: Path, run: Run, word: str, sentence: str
) -> None:
    result = run("set", "1", "review_date=2025", word, cwd=register)
    assert (result.code, result.out) == (2, "")
    assert sentence in result.err
    assert (register / RECORD).read_text(encoding="utf-8") == textwrap.dedent(WHOLE)


def test_what_was_wrong_before_does_not_stop_a_correction(register: Path, run: Run) -> None:
    path = register / RECORD
    path.write_text(path.read_text(encoding="utf-8") + "wrong: yes\n", encoding="utf-8")
    assert run("set", "1", "status=on-hold", cwd=register).code == 1  # the record cannot be read
    path.write_text(textwrap.dedent(WHOLE) + f"measures:\n  - {'x' * 10_001}\n", encoding="utf-8")
    assert run("set", "1", "status=on-hold", cwd=register).code == 0


def test_what_only_a_check_finds_is_refused_too(register: Path, run: Run) -> None:
    result = run("set", "1", "related=anytown-dhr-1/77", cwd=register)
    assert result.code == 1
    assert " error related-missing: " in result.err


def test_a_correction_that_needs_an_update_is_made_and_says_so(register: Path, run: Run) -> None:
    result = run("set", "1", "target_date=2024-09", cwd=register)
    assert result.code == 0
    assert " error target-moved-later: " in result.err
    assert "to have it explained, report it with: dhrctl update" in result.err


@pytest.mark.parametrize(
    ("begun", "completed"),
    [
        ("sta", ["start_date=", "status="]),
        ("status=co", ["status=complete"]),
        ("scope=", ["scope=local", "scope=regional", "scope=national", "scope=unspecified"]),
        ("target_date=2", []),
        ("nothing=", []),
    ],
)
def test_fields_and_their_words_are_completed(begun: str, completed: list[str]) -> None:
    shell = ShellComplete(program, {}, "dhrctl", "_DHRCTL_COMPLETE")
    found = [item.value for item in shell.get_completions(["set", "dhr-3/5"], begun)]
    assert found == completed
