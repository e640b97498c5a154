"""Updates that come in by command: what they write, what they refuse, and that they are one change."""

import os
import shlex
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from conftest import Repositories, Run
from terminal import CTRL_C, CTRL_D, TAB, talk

from dhrctl.edits.changeset import edit_tree, wrap_text
from dhrctl.files.tree import Edit, Tree

Files = Mapping[str, str]
RECORD = "register/reviews/anytown-dhr-1/recommendations/01.yaml"
UPDATES = "register/reviews/anytown-dhr-1/updates/01"
DAY = ("--on", "2024-02-01")


@pytest.fixture
def register(anytown: Path) -> Path:
    """Return the small register with a second agency and a second recommendation."""
    (anytown / "register/agencies/anytown-council.yaml").write_text(
        "name: Anytown Council\nkind: local-authority\nshort_name: Council\n", encoding="utf-8"
    )
    other = (anytown / RECORD).read_text(encoding="utf-8").replace("training is", "records are")
    other = other.replace("  - anytown-police\n", "  - anytown-council\n").replace("in-progress", "not-started")
    (anytown / RECORD.replace("01", "02")).write_text(other, encoding="utf-8")
    return anytown


@pytest.fixture
def files(register: Path) -> Callable[[], Files]:
    """Return a function that returns every file of the register."""

    def held() -> Files:
        paths = sorted(path for path in (register / "register").rglob("*") if path.is_file())
        return {path.relative_to(register).as_posix(): path.read_text(encoding="utf-8") for path in paths}

    return held


def changed(before: Files, after: Files) -> dict[str, str]:
    return {path: text for path, text in after.items() if before.get(path) != text}


REPORTED = [
    (
        ("--text", "Training was held."),
        """\
        date: "2024-02-01"
        agency: anytown-police
        text: Training was held.
        """,
        {},
    ),
    (
        ("--agency", "Council", "--by", "Head of Safeguarding", "--text", "It is on hold.", "--status", "on-hold"),
        """\
        date: "2024-02-01"
        agency: anytown-council
        by: Head of Safeguarding
        text: It is on hold.
        status: on-hold
        """,
        {"status: in-progress": "status: on-hold"},
    ),
    (
        ("--text", "It takes longer.", "--target", "2024-06", "--reason", "The trainer left."),
        """\
        date: "2024-02-01"
        agency: anytown-police
        text: It takes longer.
        target_date: "2024-06"
        reason: The trainer left.
        """,
        {'target_date: "2024-03"': 'target_date: "2024-06"'},
    ),
    (
        ("--text", "It will be sooner.", "--target", "2024-02-20"),
        """\
        date: "2024-02-01"
        agency: anytown-police
        text: It will be sooner.
        target_date: "2024-02-20"
        """,
        {'target_date: "2024-03"': 'target_date: "2024-02-20"'},
    ),
    (
        (
            *("--text", "Done.", "--status", "complete", "--completed", "2024-01", "--assurance", "evidenced"),
            *("--evidence", "audit:Audit: all teams:https://www.example.org/a"),
            *("--evidence", "training-record:Register: http://www.example.org/b"),
        ),
        """\
        date: "2024-02-01"
        agency: anytown-police
        text: Done.
        status: complete
        completion_date: "2024-01"
        assurance: evidenced
        evidence:
          - kind: audit
            title: "Audit: all teams"
            url: https://www.example.org/a
          - kind: training-record
            title: Register
            url: http://www.example.org/b
        """,
        {
            "status: in-progress\n": """\
            completion_date: "2024-01"
            status: complete
            assurance: evidenced
            evidence:
              - kind: audit
                title: "Audit: all teams"
                url: https://www.example.org/a
              - kind: training-record
                title: Register
                url: http://www.example.org/b
            """
        },
    ),
    (
        ("--text", "The council leads now.", "--lead", "council", "--reason", "The service moved."),
        """\
        date: "2024-02-01"
        agency: anytown-police
        text: The council leads now.
        lead_agencies:
          - anytown-council
        reason: The service moved.
        """,
        {"- anytown-police\n": "- anytown-council\n"},
    ),
]


@pytest.mark.parametrize(("options", "update", "edits"), REPORTED, ids=lambda value: " ".join(value)[:40])
def test_an_update_is_written_and_applied(  # noqa: PLR0917 - fixtures
    register: Path,
    files: Callable[[], Files],
    run: Run,
    options: tuple[str, ...],
    update: str,
    edits: Mapping[str, str],
) -> None:
    before = files()
    result = run("update", "1", *DAY, *options, cwd=register)
    assert result.code == 0, result.err
    written = changed(before, files())
    path = next(path for path in written if path.startswith(UPDATES))
    assert written.pop(path) == textwrap.dedent(update)
    expected = before[RECORD]
    for old, new in edits.items():
        assert old in expected
        expected = expected.replace(old, textwrap.dedent(new))
    assert written == ({RECORD: expected} if edits else {})
    assert run("check", "--as-of", "2024-02-01", cwd=register).code == 0
    assert f"wrote {path}" in result.out


def test_an_assurance_of_none_is_left_out_where_nothing_was_said(register: Path, run: Run) -> None:
    before = (register / RECORD).read_text(encoding="utf-8")
    assert run("update", "1", *DAY, "--text", "Nothing is known.", "--assurance", "none", cwd=register).code == 0
    assert (register / RECORD).read_text(encoding="utf-8") == before


def test_who_reports_must_be_said_where_several_lead(register: Path, run: Run) -> None:
    path = register / RECORD
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  - anytown-police\n", "  - anytown-police\n  - anytown-council\n"), encoding="utf-8")
    result = run("update", "1", *DAY, "--text", "x", cwd=register)
    assert result.code == 2
    assert result.err == "dhrctl: anytown-dhr-1/01 has 2 lead agencies in office; say who reports, with --agency\n"


def test_a_name_that_two_agencies_share_is_refused(register: Path, run: Run) -> None:
    police = register / "register/agencies/anytown-police.yaml"
    police.write_text(police.read_text(encoding="utf-8") + "aliases:\n  - Council\n", encoding="utf-8")
    result = run("update", "1", *DAY, "--text", "x", "--agency", "council", cwd=register)
    assert result.code == 2
    assert '"council" can mean anytown-council, anytown-police; write the id' in result.err


def test_what_is_reopened_loses_its_completion_date(register: Path, run: Run) -> None:
    done = ("--status", "complete", "--completed", "2024-01", "--evidence", "audit:Audit")
    assert run("update", "1", *DAY, "--text", "Done.", *done, cwd=register).code == 0
    again = ("update", "1", *DAY, "--text", "Not all teams were trained.", "--status", "in-progress")
    assert "add --reason" in run(*again, cwd=register).err
    assert run(*again, "--reason", "An audit found it.", cwd=register).code == 0
    record = (register / RECORD).read_text(encoding="utf-8")
    assert "completion_date" not in record
    assert "status: in-progress" in record
    assert sorted(path.name for path in (register / UPDATES).iterdir()) == [
        "2024-02-01-anytown-police-2.yaml",
        "2024-02-01-anytown-police.yaml",
    ]
    assert run("check", "--as-of", "2024-02-01", cwd=register).code == 0


def test_what_a_newer_update_says_is_not_overruled(register: Path, files: Callable[[], Files], run: Run) -> None:
    assert run("update", "1", *DAY, "--text", "A pause.", "--status", "on-hold", cwd=register).code == 0
    before = files()
    earlier = ("update", "1", "--on", "2024-01-15", "--text", "It had begun.")
    refused = run(*earlier, "--status", "not-started", "--reason", "It was not.", cwd=register)
    assert (refused.code, refused.out) == (2, "")
    assert "the update of 2024-02-01 gives another status, and is newer than this one of 2024-01-15" in refused.err
    assert files() == before
    assert run(*earlier, "--target", "2024-02-20", cwd=register).code == 0
    assert run("check", "--as-of", "2024-02-01", cwd=register).code == 0


def test_two_agencies_do_not_disagree_on_one_day(register: Path, files: Callable[[], Files], run: Run) -> None:
    given = ("update", "1", *DAY, "--text", "A pause.", "--status")
    assert run(*given, "on-hold", cwd=register).code == 0
    before = files()
    refused = run(*given, "not-started", "--reason", "It is not.", "--agency", "anytown-council", cwd=register)
    assert refused.code == 1
    assert "error updates-disagree: the update that anytown-council gave on the same day" in refused.err
    assert files() == before


def test_a_long_text_is_broken_so_that_no_line_begins_a_list(register: Path, run: Run) -> None:
    text = f"{'All of the staff were trained in small groups. ' * 6}It took 12 months - and more - in all of 2023."
    assert run("update", "1", *DAY, "--text", text, cwd=register).code == 0
    (path,) = (register / UPDATES).iterdir()
    lines = path.read_text(encoding="utf-8").split("text: |-\n")[1].splitlines()
    assert max(map(len, lines)) <= 88
    assert " ".join(line.strip() for line in lines) == text
    assert not any(line.strip().startswith("- ") for line in lines)


def test_what_is_pasted_is_written_as_it_looks(register: Path, run: Run) -> None:
    assert (
        run("update", "1", *DAY, "--text", "Done:\r\n•\tTrain\u00ading\u2028is\u200b \ufeffheld", cwd=register).code
        == 0
    )
    (path,) = (register / UPDATES).iterdir()
    assert path.read_text(encoding="utf-8").endswith("text: |-\n  Done:\n  • Training\n  is held\n")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Short.", ["Short."]),
        ("One.\n\nTwo.", ["One.", "", "Two."]),
        (f"{'x' * 84} more", ["x" * 84, "more"]),
        (f"{'x' * 84} - more", [f"{'x' * 84} - more"]),
        (f"{'x' * 84} 12. more", [f"{'x' * 84} 12. more"]),
        (f"{'x' * 84} 12 more", ["x" * 84, "12 more"]),
        ("- one\n- two", ["- one", "- two"]),
    ],
)
def test_a_text_is_broken_between_words_where_no_list_begins(text: str, lines: list[str]) -> None:
    assert wrap_text(text).split("\n") == lines


def test_a_file_that_goes_is_gone_from_the_files() -> None:
    tree = Tree(contents={"a": b"1", "b": b"2"})
    edits = (Edit(path="a", before=b"1", after=None), Edit(path="c", before=None, after=b"3"))
    assert edit_tree(tree, edits).contents == {"b": b"2", "c": b"3"}


REFUSED = [
    ((), "name the recommendations by their ids, or all that match with --all QUERY"),
    (("1", "--all", "is:open"), "name the recommendations by their ids, or all that match with --all QUERY"),
    (("--all", "rag:blue", "--text", "x"), 'no recommendation matches "rag:blue"; see them all with: dhrctl list'),
    (("--all", 'rag:"blue', "--text", "x"), 'a quotation mark is not closed in the query rag:"blue'),
    (("1",), "an update says what has happened; add --text, or --editor"),
    (("9", "--text", "x"), 'there is no recommendation "9"'),
    (("1", "--text", "x", "--agency", "anytown-polise"), '(did you mean "anytown-police"?)'),
    (("1", "--text", "x", "--status", "done"), "'done' is not one of"),
    (("1", "--text", "x", "--status", "complete"), "add --completed DATE"),
    (("1", "--text", "x", "--target", "2025"), "need their reason; add --reason TEXT"),
    (("1", "--text", "x", "--status", "cancelled"), "what will not be done need their reason; add --reason TEXT"),
    (("1", "--text", "x", "--target", "soon"), '--target: "soon" is not a date'),
    (
        ("1", "--text", "x", "--target", "Ongoing"),
        '--target: "Ongoing" is not a date; leave the field out, set the status to in-progress',
    ),
    (("1", "--text", "x", "--target", "31/03/2024"), '--target: "31/03/2024" is not a date; write "2024-03-31"'),
    (("1", "--text", "x", "--target", "2024-02-30"), '--target: "2024-02-30" is not in the calendar; correct'),
    (("1", "--text", "x", "--completed", "2024-13"), '--completed: "2024-13" is not in the calendar'),
    (("1", "--text", "x", "--on", "2024-02-30"), '--on: "2024-02-30" is not in the calendar'),
    (("1", "--text", "x", "--evidence", "audit"), "write it as kind:title"),
    (("1", "--text", "x", "--evidence", "photo:A photo"), '"photo" is no kind of evidence; use one of'),
    (("1", "--text", "x", "-m", "y"), "add --commit"),
    (("1", "2", "--text", "x"), "nobody can be asked here; add --no-input to confirm it"),
]


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED)
def test_a_mistake_is_refused_and_nothing_is_written(
    register: Path, files: Callable[[], Files], run: Run, arguments: tuple[str, ...], sentence: str
) -> None:
    before = files()
    result = run("update", *arguments, cwd=register)
    assert (result.code, result.out) == (2, "")
    assert sentence in result.err.replace("\n", " ")
    assert files() == before


WRONG = [
    (("--text", "Call 07700 900123."), "personal-identifier"),
    (("--text", "Sooner.", "--on", "2999-01-01"), "update-in-future"),
    (("--text", "Done.", "--status", "complete", "--completed", "2024-01"), "completion-unsupported"),
    (
        ("--text", "Done.", "--status", "complete", "--completed", "2999", "--evidence", "audit:A"),
        "completed-in-future",
    ),
]


@pytest.mark.parametrize(("options", "rule"), WRONG, ids=[rule for _, rule in WRONG])
def test_what_a_check_would_refuse_is_not_written(
    register: Path, files: Callable[[], Files], run: Run, options: tuple[str, ...], rule: str
) -> None:
    before = files()
    result = run("update", "1", *options, cwd=register)
    assert result.code == 1
    assert f" error {rule}: " in result.err
    assert "07700" not in result.err
    assert result.err.endswith("dhrctl: the change was not written; fix the findings above, and run this again\n")
    assert files() == before


def test_a_protected_name_is_not_written_nor_told(
    register: Path,
    files: Callable[[], Files],
    run: Run,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = tmp_path_factory.mktemp("names") / "names.txt"
    names.write_text("Quillfeather\n", encoding="utf-8")
    monkeypatch.setenv("DHRCTL_PROTECTED_NAMES", str(names))
    before = files()
    result = run("update", "1", *DAY, "--text", "Quillfeather was told.", cwd=register)
    assert result.code == 1
    assert "protected-name" in result.err
    assert "Quillfeather" not in result.err + result.out
    assert files() == before


def test_what_was_wrong_before_does_not_stop_an_update(register: Path, run: Run) -> None:
    path = register / RECORD
    path.write_text(path.read_text(encoding="utf-8") + "related:\n  - anytown-dhr-1/99\n", encoding="utf-8")
    assert "related-missing" in run("check", cwd=register).out
    assert run("update", "1", *DAY, "--text", "Training was held.", cwd=register).code == 0


def test_many_are_updated_in_one_change(register: Path, run: Run) -> None:
    given = ("--all", "is:open", *DAY, "--text", "Nothing new.", "--no-input")
    result = run("update", *given, cwd=register)
    assert result.code == 0
    assert [line.partition(":")[0] for line in result.err.splitlines()] == ["anytown-dhr-1/01", "anytown-dhr-1/02"]
    assert [line for line in result.out.splitlines() if line.startswith("wrote")] == [
        f"wrote {UPDATES}/2024-02-01-anytown-police.yaml",
        f"wrote {UPDATES.replace('01', '02')}/2024-02-01-anytown-council.yaml",
    ]


def test_one_wrong_among_many_stops_all(register: Path, files: Callable[[], Files], run: Run) -> None:
    before = files()
    given = ("--text", "Done.", "--status", "complete", "--completed", "2024-01", "--no-input")
    path = register / RECORD
    path.write_text(before[RECORD] + "outcomes:\n  - All staff were trained.\n", encoding="utf-8")
    before = files()
    assert run("update", "1", "2", *DAY, *given, cwd=register).code == 1
    assert files() == before


def test_the_editor_gives_the_text(register: Path, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    editor = tmp_path / "editor.sh"
    editor.write_text('#!/bin/sh\ngrep -q "Name roles, not people" "$1" && sed -i "1s/.*/All was done./" "$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    assert run("update", "1", *DAY, "--editor", cwd=register).code == 0
    (path,) = (register / UPDATES).iterdir()
    assert path.read_text(encoding="utf-8").endswith("text: All was done.\n")


def test_an_editor_that_is_left_without_a_word_writes_nothing(
    register: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "true")
    result = run("update", "1", *DAY, "--editor", cwd=register)
    assert (result.code, result.err) == (2, "dhrctl: an update says what has happened; add --text, or --editor\n")


@pytest.mark.parametrize("body", ["exit 1", "printf '\\377' > \"$1\""])
def test_an_editor_that_fails_writes_nothing(
    register: Path, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str
) -> None:
    editor = tmp_path / "editor.sh"
    editor.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    result = run("update", "1", *DAY, "--editor", cwd=register)
    assert (result.code, result.out) == (4, "")
    assert result.err.startswith("dhrctl: the editor gave no text (")
    assert result.err.endswith("; have VISUAL name one that does, or use --text\n")


def test_a_person_is_asked_for_what_is_missing(register: Path) -> None:
    code, screen = talk(
        ["update", "1", *DAY],
        register,
        [
            ("reports? [anytown-police]", "nobody"),
            ("reports?", f"anytown-c{TAB}"),
            ("happened?", ""),
            ("happened?", "The course is booked."),
            ("status now? [in-progress]", "finished"),
            ("status now?", ""),
            ("Target date? [2024-03]", "soon"),
            ("Target date?", "2024-06"),
            ("Why?", ""),
            ("Why?", "The trainer left."),
            ("Write this?", "y"),
        ],
    )
    assert code == 0, screen
    for sentence in (
        "anytown-dhr-1/01 (Anytown Police, in progress, target date 2024-03)\n  That training is reviewed.",
        "Name roles, not people: nothing about the family or staff may be recognised.",
        'there is no agency "nobody"',
        "Say what has happened.",
        '"finished" is not one of them',
        '"soon" is not a date; write it as 2021',
        "A change of this kind needs its reason.",
        "anytown-dhr-1/01: update by anytown-council of 2024-02-01; target date 2024-03 → 2024-06",
    ):
        assert sentence in screen
    assert max(map(len, screen.splitlines())) <= 100
    (path,) = (register / UPDATES).iterdir()
    assert path.name == "2024-02-01-anytown-council.yaml"


def test_a_person_is_asked_what_shows_that_it_is_complete(register: Path) -> None:
    code, screen = talk(
        ["update", "1", *DAY, "--text", "Done.", "--agency", "anytown-police"],
        register,
        [
            ("status now?", f"compl{TAB}"),
            ("Completed when? [2024-02-01]", "2024-01"),
            ("Evidence:", "photo:A photo"),
            ("Evidence:", f"aud{TAB}Audit of training"),
            ("Write this?", "yes"),
        ],
    )
    assert code == 0, screen
    assert '"photo" is no kind of evidence' in screen
    assert "title: Audit of training" in (register / RECORD).read_text(encoding="utf-8")


def test_a_person_is_told_at_once_what_an_answer_lacks(register: Path, run: Run) -> None:
    path = register / RECORD
    police = "  - anytown-police\n"
    path.write_text(
        path.read_text(encoding="utf-8").replace(police, f"{police}  - anytown-council\n"), encoding="utf-8"
    )
    code, screen = talk(
        ["update", "1", *DAY],
        register,
        [
            ("reports?", ""),
            ("Name the agency that reports", "anytown-police"),
            ("happened?", "x"),
            ("status now?", "superseded"),
            ("Nothing says by what", "cancelled"),
            ("Why?", "The service closed."),
            ("Write this?", "y"),
        ],
    )
    assert code == 0, screen
    before_it_is_written = screen.partition("Write this?")[0]
    assert max(map(len, before_it_is_written.splitlines())) <= 80
    assert run("check", "--as-of", "2024-02-01", "--severity", "error", cwd=register).code == 0


def test_a_person_is_not_asked_what_shows_it_where_an_outcome_does(register: Path) -> None:
    path = register / RECORD
    path.write_text(path.read_text(encoding="utf-8") + "outcomes:\n  - All staff were trained.\n", encoding="utf-8")
    given = ["update", "1", *DAY, "--text", "Done.", "--agency", "anytown-police", "--status", "complete"]
    code, screen = talk(given, register, [("Completed when?", "2024-01"), ("Write this?", "y")])
    assert code == 0, screen


def test_a_person_can_add_a_date_where_there_is_none(register: Path) -> None:
    path = register / RECORD
    path.write_text(path.read_text(encoding="utf-8").replace('target_date: "2024-03"\n', ""), encoding="utf-8")
    asked = [("status now?", ""), ("Target date? (Enter if none is agreed)", "2024-09"), ("Write this?", "y")]
    assert talk(["update", "1", *DAY, "--text", "Agreed.", "--agency", "anytown-police"], register, asked)[0] == 0
    assert 'target_date: "2024-09"' in path.read_text(encoding="utf-8")


def test_what_a_person_typed_is_given_back_when_it_is_refused(register: Path, run: Run) -> None:
    asked = [
        ("reports?", ""),
        ("happened?", "It's done, and longer than one line of a terminal."),
        ("status now?", "complete"),
        ("Completed when?", "2030"),
        ("Evidence:", "audit:Audit of training"),
    ]
    code, screen = talk(["update", "1", *DAY], register, asked)
    assert (code, "the change was not written" in screen) == (1, True)
    told = screen.partition("What you answered, as a command to go on from:\n")[2].split("\n")[0]
    assert told.startswith("dhrctl update anytown-dhr-1/01 --agency anytown-police --text")
    again = run(*shlex.split(told.replace("2030", "2024-01"))[1:], "--no-input", cwd=register)
    assert again.code == 0, again.err
    assert 'completion_date: "2024-01"' in (register / RECORD).read_text(encoding="utf-8")
    assert "It's done, and" in run("show", "1", cwd=register).out


def test_what_may_not_be_shown_is_not_given_back(register: Path) -> None:
    number = "0191/498/0000".replace("/", " ")  # written so that this file holds none
    asked = [("reports?", ""), ("happened?", f"Call {number}."), ("status now?", ""), ("Target date?", "")]
    code, screen = talk(["update", "1", *DAY], register, asked)
    assert (code, "what looks like a telephone number" in screen) == (1, True)
    assert "to go on from" not in screen


ABANDONED = [
    ([("reports?", CTRL_C)], 130, "dhrctl: interrupted; nothing was changed"),
    ([("reports?", ""), ("happened?", CTRL_D)], 130, "dhrctl: interrupted; nothing was changed"),
    (
        [("reports?", ""), ("happened?", "x"), ("status now?", ""), ("Target", ""), ("Write this?", "")],
        2,
        "dhrctl: nothing was written, as you did not say yes",
    ),
]


@pytest.mark.parametrize(("answers", "code", "sentence"), ABANDONED)
def test_a_prompt_that_is_abandoned_writes_nothing(
    register: Path, files: Callable[[], Files], answers: list[tuple[str, str]], code: int, sentence: str
) -> None:
    before = files()
    ended, screen = talk(["update", "1", *DAY], register, answers)
    assert (ended, screen.splitlines()[-1]) == (code, sentence)
    assert files() == before


@pytest.mark.parametrize(("answer", "code"), [("y", 0), (CTRL_D, 130)])
def test_a_person_whose_answer_goes_into_a_file_is_asked_all_the_same(register: Path, answer: str, code: int) -> None:
    given = ["update", "1", *DAY, "--text", "x", "--agency", "anytown-police", "--status", "on-hold"]
    ended, screen = talk(given, register, [("Write this? [y/N]", answer)], shown=False)
    assert ended == code, screen
    assert "wrote " not in screen


def test_what_changed_while_a_person_was_asked_is_not_overwritten(register: Path) -> None:
    path = register / RECORD

    class Moving(str):
        """An answer that changes the file before it is typed."""

        __slots__ = ()

        def __format__(self, spec: str) -> str:
            path.write_text(path.read_text(encoding="utf-8").replace("in-progress", "on-hold"), encoding="utf-8")
            return str.__format__(self, spec)

    given = [
        "update",
        "1",
        *DAY,
        "--text",
        "x",
        "--agency",
        "anytown-police",
        "--status",
        "not-started",
        "--reason",
        "y",
    ]
    code, screen = talk(given, register, [("Write this?", Moving("y"))])
    assert code == 4, screen
    assert "the register changed while you were asked; the change was not written" in " ".join(screen.split())
    assert not (register / UPDATES).exists()


def test_without_input_nothing_is_asked_at_a_terminal(register: Path) -> None:
    code, screen = talk(["update", "1", "2", *DAY, "--text", "Nothing new.", "--no-input"], register, [])
    assert code == 0
    assert "?" not in screen


def test_a_dry_run_prints_the_diff_and_wins_over_all(register: Path, files: Callable[[], Files], run: Run) -> None:
    before = files()
    given = ("update", "1", *DAY, "--text", "On hold.", "--status", "on-hold")
    result = run(*given, "--dry-run", "--commit", "--branch", "x", "--no-input", cwd=register)
    assert result.code == 0, result.err
    assert result.out == textwrap.dedent(f"""\
        --- /dev/null
        +++ b/{UPDATES}/2024-02-01-anytown-police.yaml
        @@ -0,0 +1,4 @@
        +date: "2024-02-01"
        +agency: anytown-police
        +text: On hold.
        +status: on-hold
        --- a/{RECORD}
        +++ b/{RECORD}
        @@ -3,4 +3,4 @@
         lead_agencies:
           - anytown-police
         target_date: "2024-03"
        -status: in-progress
        +status: on-hold
        """)
    assert files() == before


def test_a_dry_run_says_what_would_be_refused(register: Path, run: Run) -> None:
    result = run("update", "1", "--text", "Call 07700 900123.", "--dry-run", cwd=register)
    assert result.code == 1
    assert result.out.startswith("--- /dev/null\n")
    assert "personal-identifier" in result.err


def test_exactly_the_files_written_are_committed(repository: Repositories, run: Run) -> None:
    anytown = repository()
    anytown.adopt()
    anytown.write(
        {"notes.txt": "dirty\n", "register/agencies/anytown-police.yaml": "name: Anytown Police \nkind: police\n"}
    )
    anytown.write({"staged.txt": "staged\n"})
    anytown.git("add", "staged.txt")
    anytown.git("config", "user.name", "A. Coordinator")
    anytown.git("config", "user.email", "coordinator@anytown.example")
    given = ("update", "1", *DAY, "--text", "On hold.", "--status", "on-hold", "--commit", "--branch", "news")
    result = run(*given, cwd=anytown.root)
    assert result.code == 0, result.err
    assert anytown.git("branch", "--show-current") == "news"
    assert list(filter(None, anytown.git("show", "--name-only", "--format=%B", "HEAD").splitlines())) == [
        "update anytown-dhr-1/01",
        "- anytown-dhr-1/01: update by anytown-police of 2024-02-01; status in-progress → on-hold",
        RECORD,
        f"{UPDATES}/2024-02-01-anytown-police.yaml",
    ]
    assert anytown.git("status", "--porcelain").splitlines() == [
        " M register/agencies/anytown-police.yaml",
        "A  staged.txt",
        "?? notes.txt",
    ]
    assert f"committed as {anytown.git('rev-parse', 'HEAD')[:12]} on the branch news" in result.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("update", "1", *DAY, "--text", "On hold."), "update anytown-dhr-1/01"),
        (("set", "1", "level=single-agency"), "set anytown-dhr-1/01: level none → single-agency"),
        (("set", "1", "level=single-agency", "-m", "As printed"), "As printed"),
    ],
)
def test_a_commit_says_what_changed(
    repository: Repositories, run: Run, arguments: tuple[str, ...], message: str
) -> None:
    anytown = repository()
    anytown.adopt()
    anytown.git("config", "user.name", "A. Coordinator")
    anytown.git("config", "user.email", "coordinator@anytown.example")
    assert run(*arguments, "--commit", cwd=anytown.root).code == 0
    assert anytown.git("show", "--no-patch", "--format=%s", "HEAD") == message


def test_a_commit_that_a_hook_refuses_leaves_the_files_written_and_says_so(repository: Repositories, run: Run) -> None:
    anytown = repository()
    head = anytown.adopt()
    anytown.git("config", "user.name", "A. Coordinator")
    anytown.git("config", "user.email", "coordinator@anytown.example")
    hook = anytown.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho not today >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    result = run("update", "1", *DAY, "--text", "On hold.", "--commit", cwd=anytown.root)
    assert result.code == 2
    assert result.err.startswith("dhrctl: the files are written, and committing them failed: ")
    assert "not today" in result.err
    assert (anytown.root / UPDATES).exists()
    assert anytown.git("rev-parse", "HEAD") == head


def test_a_commit_that_is_interrupted_says_which_files_are_written(repository: Repositories) -> None:
    anytown = repository()
    anytown.adopt()
    anytown.git("config", "user.name", "A. Coordinator")
    anytown.git("config", "user.email", "coordinator@anytown.example")
    hook = anytown.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho the hook waits >/dev/tty\nexec sleep 600\n", encoding="utf-8")
    hook.chmod(0o755)
    given = ["update", "1", *DAY, "--text", "On hold.", "--no-input", "--commit"]
    written = anytown.root / UPDATES / "2024-02-01-anytown-police.yaml"
    code, screen = talk(given, anytown.root, [("the hook waits", CTRL_C)])
    assert (code, written.exists()) == (130, True)
    said = f"interrupted; already written: {written.relative_to(anytown.root)}; look at that with git status"
    assert said in " ".join(screen.split())


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        ({"MERGE_HEAD": "0" * 40}, "a merge is under way"),
        ({"index.lock": ""}, "another git is at work here"),
        ({}, "git does not know who you are"),
    ],
)
def test_a_commit_that_cannot_be_made_writes_nothing(
    repository: Repositories, run: Run, prepare: Mapping[str, str], sentence: str
) -> None:
    anytown = repository()
    anytown.adopt()
    for name, text in prepare.items():
        (anytown.root / ".git" / name).write_text(text, encoding="utf-8")
    result = run("update", "1", *DAY, "--text", "x", "--commit", cwd=anytown.root)
    assert result.code in (2, 4)
    assert sentence in result.err
    assert not (anytown.root / UPDATES).exists()


def test_no_message_of_a_commit_keeps_a_number_or_a_name(repository: Repositories, run: Run) -> None:
    anytown = repository()
    anytown.adopt()
    anytown.git("config", "user.name", "A. Coordinator")
    anytown.git("config", "user.email", "coordinator@anytown.example")
    given = ("update", "1", *DAY, "--text", "x", "--commit", "-m", "Call 07700 900123.")
    refused = run(*given, cwd=anytown.root)
    assert (refused.code, refused.out) == (1, "")
    assert "the message holds what looks like a name or number of a person; write another with -m" in refused.err
    assert not (anytown.root / UPDATES).exists()
    record = (anytown.root / RECORD).read_text(encoding="utf-8")
    anytown.commit({RECORD: f"{record}outcomes:\n  - Call 07700 900123.\nresponsible:\n  - name: A. N. Officer\n"}, "x")
    assert run("set", "1", "outcomes=", "--commit", cwd=anytown.root).code == 0
    assert anytown.git("log", "-1", "--format=%B").strip() == "set anytown-dhr-1/01"
    assert (
        run("set", "1", "responsible.1.name=", "responsible.1.role=Inspector", "--commit", cwd=anytown.root).code == 0
    )
    said = "responsible.1.name (withheld) → none; responsible.1.role none → (withheld)"
    assert anytown.git("log", "-1", "--format=%B").strip() == f"set anytown-dhr-1/01: {said}"


def test_a_commit_that_a_hook_refuses_tells_what_is_written(repository: Repositories, run: Run) -> None:
    anytown = repository()
    anytown.adopt()
    anytown.git("config", "user.name", "A. Coordinator")
    anytown.git("config", "user.email", "coordinator@anytown.example")
    hook = anytown.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'not on a Friday'\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    result = run("update", "1", *DAY, "--text", "x", "--commit", "-m", " ", cwd=anytown.root)
    assert result.code == 2
    assert result.out.endswith(f"wrote {UPDATES}/2024-02-01-anytown-police.yaml\n")
    assert "(not on a Friday); fix that, and commit these files with git, or put them back" in result.err
    hook.unlink()
    assert run("update", "1", *DAY, "--text", "y", "--commit", "-m", " ", cwd=anytown.root).code == 0
    assert anytown.git("log", "-1", "--format=%s").startswith("update anytown-dhr-1/01")


def test_a_commit_needs_a_repository(register: Path, run: Run) -> None:
    if os.path.lexists(register / ".git"):  # pragma: no cover - a fixture that changed
        pytest.fail("the fixture is a repository")
    result = run("update", "1", *DAY, "--text", "x", "--commit", cwd=register)
    assert result.code == 4
    assert not (register / UPDATES).exists()
