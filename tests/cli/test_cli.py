"""The command line itself: exit codes, streams, refusals, where the register is found, and what each command costs."""

from __future__ import annotations

import contextlib
import fcntl
import gc
import io
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import RICH, ROOT

from dhrctl.cli import main, streams
from dhrctl.reports import answers, counts, papers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conftest import Repositories, Run, Write

DAY = "2025-06-30"
COMMANDS = ("status", "overdue", "list", "show", "check", "render", "digest")
ID = re.compile(r"(?:anytown-dhr-1|otherton-dardr-2)/[a-z0-9-]+")
BROKEN = "recommendation: That\n  nothing: [is closed\n"


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment without what the answers depend on, and with more."""
    left_out = {"DHRCTL_ROOT", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "PYTHONIOENCODING", "PYTHONUTF8"}
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return kept | {"TERM": "xterm-256color"} | dict(more or {})


def process(
    *arguments: str, cwd: Path = RICH, more: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run dhrctl as a process of its own, its output going into pipes."""
    command = [sys.executable, "-m", "dhrctl", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment(more), capture_output=True, check=False)


# Exit codes


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        (0, ("status",)),
        (0, ("overdue",)),
        (0, ("list", "no such words")),
        (0, ("check", "--rule", "target-before-start")),
        (0, ("check", "--rule", "target-before-start", "--strict")),
        (0, ("check", "--rule", "stale")),
        (1, ("check", "--rule", "stale", "--strict")),
        (1, ("check",)),
        (1, ("check", "--strict")),
        (0, ("overdue", "--fail", "status:complete")),
        (0, ("render",)),
        (0, ("--version",)),
        (0, ("--help",)),
        (0, ("overdue", "-h")),
        (1, ("overdue", "--fail")),
        (1, ("overdue", "--fail", "--json")),
        (1, ("check", "--as-of", "2026-01-01")),
        (1, ("check", "--as-of", "2026-01-01", "--quiet")),
        (2, ("nonsense",)),
        (2, ("list", "--nonsense")),
        (2, ("list", "--format", "word")),
        (2, ("list", "status:done")),
        (2, ("list", "agency:nobody")),
        (2, ("show",)),
        (2, ("show", "nothing/99")),
        (2, ("show", "0")),
        (2, ("status", "--by", "colour")),
        (2, ("status", "--as-of", "2025-02-30")),
        (2, ("overdue", "--within", "soon")),
        (2, ("render", "nonsense")),
        (2, ("check", "register/agencies/nobody.yaml")),
        (3, ("-C", "register/agencies/anytown-csp.yaml", "status")),
        (3, ("-C", "no/such/folder", "check")),
    ],
)
def test_each_end_has_its_exit_code_and_no_traceback(
    run: Run, rich: Path, code: int, arguments: tuple[str, ...]
) -> None:
    day = (
        () if "--as-of" in arguments or arguments[0].startswith("-") or arguments[0] == "nonsense" else ("--as-of", DAY)
    )
    result = run(*arguments, *day, cwd=rich)
    assert result.code == code, result.err
    assert "Traceback" not in result.out + result.err
    if code in (2, 3):
        assert result.out == ""
        (sentence,) = result.err.splitlines()
        assert sentence.startswith("dhrctl: ")
    else:
        assert result.err == ""


@pytest.mark.parametrize("command", [("status",), ("list",), ("check",), ("overdue", "--json"), ("render", "summary")])
@pytest.mark.parametrize("folders", [(), ("register",), ("register/reviews", "register/agencies")])
def test_nothing_to_read_is_never_green(
    run: Run, tmp_path: Path, folders: tuple[str, ...], command: tuple[str, ...]
) -> None:
    for folder in folders:
        (tmp_path / folder).mkdir(parents=True)
    result = run(*command, cwd=tmp_path)
    assert (result.code, result.out) == (3, "")
    assert result.err.startswith("dhrctl: there is no ")


@pytest.mark.parametrize("command", [("status",), ("list",), ("overdue",), ("show", "1/02"), ("render", "summary")])
def test_a_broken_file_ends_in_1_is_named_with_its_line_and_hides_no_other(
    run: Run, rich: Path, command: tuple[str, ...]
) -> None:
    (rich / "register/reviews/anytown-dhr-1/recommendations/01.yaml").write_text(BROKEN, encoding="utf-8")
    result = run(*command, "--as-of", DAY, cwd=rich)
    assert result.code == 1
    assert re.search(r"^register/reviews/anytown-dhr-1/recommendations/01\.yaml:2:[0-9]+: error ", result.err)
    assert "Traceback" not in result.err
    assert "error" not in result.out
    assert len(result.out) > 100


def test_the_other_records_still_show_beside_a_broken_file(run: Run, rich: Path) -> None:
    before = json.loads(run("list", "--json", "--as-of", DAY, cwd=rich).out)["items"]
    (rich / "register/reviews/anytown-dhr-1/recommendations/01.yaml").write_text(BROKEN, encoding="utf-8")
    result = run("list", "--json", "--as-of", DAY, cwd=rich)
    assert json.loads(result.out)["items"] == [item for item in before if item["id"] != "anytown-dhr-1/01"]


def unwritable(folder: Path) -> Path:
    """Return a folder that nothing can be written to, whoever runs the tests."""
    folder.mkdir()
    folder.chmod(0o555)
    return Path("/proc") if os.access(folder, os.W_OK) else folder


def test_no_permission_to_write_ends_in_4(run: Run, tmp_path: Path) -> None:
    out = unwritable(tmp_path / "locked") / "summary.html"
    result = run("render", "summary", "--out", str(out), cwd=RICH)
    assert (result.code, result.out) == (4, "")
    (sentence,) = result.err.splitlines()
    assert sentence.startswith(f"dhrctl: {out} cannot be written (")
    assert "--out" in sentence


@pytest.mark.parametrize("name", ["x" * 300 + ".html", "x" * 250 + ".html"])
def test_a_name_too_long_for_the_disk_is_no_bug_and_leaves_nothing(run: Run, tmp_path: Path, name: str) -> None:
    result = run("render", "summary", "--out", str(tmp_path / name), cwd=RICH)
    fits = len(name) <= os.pathconf(tmp_path, "PC_NAME_MAX")
    assert result.code == (0 if fits else 4)
    assert [path.name for path in tmp_path.iterdir()] == ([name] if fits else [])


@pytest.mark.parametrize(
    ("module", "function", "command"),
    [
        (counts, "status", ("status",)),
        (answers, "list_recommendations", ("list",)),
        (answers, "overdue", ("overdue", "--json")),
        (papers, "summary", ("render", "summary")),
    ],
)
def test_a_bug_ends_in_70_says_so_in_one_line_and_shows_no_traceback(
    run: Run, monkeypatch: pytest.MonkeyPatch, module: object, function: str, command: tuple[str, ...]
) -> None:
    def broken(*_: object, **__: object) -> None:
        message = "unlikely\x1b[31m"
        raise ZeroDivisionError(message)

    monkeypatch.setattr(module, function, broken)
    result = run(*command, cwd=RICH)
    assert (result.code, result.out) == (70, "")
    (sentence,) = result.err.splitlines()
    assert sentence.startswith(
        "dhrctl: this is a bug in dhrctl (ZeroDivisionError: unlikely<U+001B>[31m at test_cli.py:"
    )
    assert "nothing was changed" in sentence


def test_an_interruption_ends_in_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(counts, "status", interrupted)
    result = run("status", cwd=RICH)
    assert (result.code, result.out) == (130, "")
    assert result.err.strip() == "dhrctl: interrupted; nothing was changed"


def test_a_process_that_is_interrupted_while_it_writes_ends_in_130() -> None:
    command = [sys.executable, "-m", "dhrctl", "list", "--json"]  # of this repository: more than these pipes hold
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, pipesize=4096) as started:
        assert started.stdout
        os.read(started.stdout.fileno(), 1)
        started.send_signal(signal.SIGINT)
        _, err = started.communicate()
    assert (started.returncode, err.strip()) == (130, b"dhrctl: interrupted; nothing was changed")


# Refusals name what is right


@pytest.mark.parametrize(
    ("arguments", "nearest"),
    [
        (("overdeu",), '(did you mean "overdue"?)'),
        (("stat",), '(did you mean "status"?)'),
        (("lst", "--json"), '(did you mean "list"?)'),
        (("list", "--fromat", "csv"), "--format"),
        (("overdue", "--witin", "30d"), "--within"),
        (("--verison",), "--version"),
        (("list", "--format", "jsno"), "json"),
        (("status", "--by", "agancy"), "agency"),
        (("list", "status:complet"), '(did you mean "complete"?)'),
        (("list", "stauts:complete"), '(did you mean "status"?)'),
        (("list", "agency:anytown-polise"), '(did you mean "anytown-police"?)'),
        (("list", "review:anytown-dhr-3"), '(did you mean "anytown-dhr-1"?)'),
        (("list", "is:overdeu"), '(did you mean "overdue"?)'),
        (("show", "anytown-dhr-1/99"), "(anytown-dhr-1 has 01 to 12)"),
        (("show", "anytwn-dhr-1/01"), '(did you mean "anytown-dhr-1/01"?)'),
        (("render", "sumary"), '(did you mean "summary"?)'),
        (("render", "action plan"), '(did you mean "action-plan"?)'),
    ],
)
def test_a_mistyped_word_is_answered_with_the_nearest_right_one(
    run: Run, arguments: tuple[str, ...], nearest: str
) -> None:
    result = run(*arguments, cwd=RICH)
    assert (result.code, result.out) == (2, "")
    assert nearest in result.err


def test_an_ambiguous_id_is_refused_with_the_candidates_and_a_number_equal_but_for_zeros_is_not(run: Run) -> None:
    assert run("show", "2", cwd=RICH).out.startswith("anytown-dhr-1/02\n")
    result = run("show", "t1-", cwd=RICH)
    assert (result.code, result.out) == (2, "")
    for number in ("t1-01", "t1-02", "t1-10"):
        assert f"otherton-dardr-2/{number}" in result.err


@pytest.mark.parametrize(
    ("words", "place", "word"),
    [
        (("status:done",), 1, "status:done"),
        (("is:open", "status:done"), 2, "status:done"),
        (("-status:done", "is:open"), 1, "-status:done"),
        (("is:open", "-status:done"), 2, "-status:done"),
    ],
)
def test_a_mistaken_query_word_is_named_with_its_place_as_typed(
    run: Run, words: tuple[str, ...], place: int, word: str
) -> None:
    assert f'word {place} of the query, "{word}"' in run("list", *words, cwd=RICH).err


def test_a_refusal_says_where_help_is(run: Run) -> None:
    assert run("list", "--nonsense", cwd=RICH).err.endswith("see: dhrctl list --help\n")
    assert run("nonsense", cwd=RICH).err.endswith("see: dhrctl --help\n")


# Where the register is


@pytest.mark.parametrize("below", ["", "register", "register/reviews/anytown-dhr-1/updates", "notes/of/a/meeting"])
def test_the_register_is_found_by_walking_up_from_the_current_folder(run: Run, rich: Path, below: str) -> None:
    (rich / below).mkdir(parents=True, exist_ok=True)
    result = run("list", "--json", cwd=rich / below)
    assert (result.code, json.loads(result.out)["count"]) == (0, 15)


@pytest.fixture
def two(rich: Path, write: Write) -> tuple[Path, Path]:
    """Return two folders with registers of 15 and of 1 recommendation."""
    other = rich / "other"
    text = "recommendation: x\nsection: x\nlead_agencies:\n  - a\nstatus: unknown\n"
    write(
        {
            "other/register/register.yaml": "schema_version: 1\ntitle: Other\n",
            "other/register/agencies/a.yaml": "name: a\nkind: other\n",
            "other/register/reviews/r/review.yaml": "title: r\nkind: dhr\npartnership: a\nsections:\n  - x\n",
            "other/register/reviews/r/recommendations/01.yaml": text,
        }
    )
    return rich, other


@pytest.mark.parametrize(
    ("named", "variable", "count"),
    [
        ((), None, 15),
        (("-C", "other"), None, 1),
        ((), "other", 1),
        (("-C", "."), "other", 15),
        (("-C", "other"), ".", 1),
        ((), "", 15),
    ],
)
def test_a_named_folder_is_stronger_than_the_variable_and_that_than_the_current_one(
    monkeypatch: pytest.MonkeyPatch,
    two: tuple[Path, Path],
    run: Run,
    *,
    named: tuple[str, ...],
    variable: str | None,
    count: int,
) -> None:
    if variable is not None:
        monkeypatch.setenv("DHRCTL_ROOT", str(two[0] / variable) if variable else "")
    result = run(*named, "list", "--json", cwd=two[0])
    assert (result.code, json.loads(result.out)["count"]) == (0, count)


@pytest.mark.parametrize("way", ["option", "variable"])
def test_a_named_folder_is_walked_up_from_too(
    run: Run, monkeypatch: pytest.MonkeyPatch, two: tuple[Path, Path], way: str
) -> None:
    inside = two[1] / "register" / "reviews"
    if way == "variable":
        monkeypatch.setenv("DHRCTL_ROOT", str(inside))
    result = run(*(("-C", str(inside)) if way == "option" else ()), "list", "--json", cwd=two[0])
    assert result.code == 0, result.err
    assert json.loads(result.out)["count"] == 1


def test_a_named_folder_without_a_register_is_never_exchanged_for_the_current_one(run: Run, rich: Path) -> None:
    for named in ("/", str(rich / "missing")):
        result = run("-C", named, "status", cwd=rich)
        assert (result.code, result.out) == (3, "")


def test_check_of_named_paths_judges_those_alone_wherever_it_is_started(run: Run, rich: Path) -> None:
    inside = rich / "register/reviews/anytown-dhr-1"
    (inside / "recommendations/03.yaml").write_text(BROKEN, encoding="utf-8")
    for path, cwd, code in (
        ("register/agencies", rich, 0),
        ("recommendations/03.yaml", inside, 1),
        ("recommendations", inside, 1),
        (".", inside, 1),
        (str(inside / "recommendations/04.yaml"), Path("/"), 3),
        (str(inside / "recommendations/04.yaml"), rich / "register", 0),
    ):
        assert run("check", path, "--as-of", DAY, cwd=cwd).code == code, path


# The same answer by another name


def test_dhrctl_alone_is_status(run: Run) -> None:
    alone, status = run(cwd=RICH), run("status", cwd=RICH)
    assert alone == status
    assert "Anytown action register: status on" in alone.out


@pytest.mark.parametrize("command", [("status",), ("overdue",), ("list",), ("show", "1/01"), ("check",)])
def test_json_is_short_for_the_format_json(run: Run, command: tuple[str, ...]) -> None:
    long, short = (run(*command, *how, "--as-of", DAY, cwd=RICH) for how in (("--format", "json"), ("--json",)))
    assert long == short
    assert json.loads(short.out)["as_of"] == DAY


def test_python_m_dhrctl_is_dhrctl() -> None:
    result = process("list", "--json", "--as-of", DAY)
    assert (result.returncode, json.loads(result.stdout)["count"]) == (0, 15)


# Streams


@pytest.mark.parametrize(
    "command",
    [("status", "--json"), ("list", "--format", "jsonl"), ("overdue", "--json"), ("show", "1/02", "--json")],
)
def test_stdout_holds_the_answer_alone_and_notes_go_to_stderr(run: Run, rich: Path, command: tuple[str, ...]) -> None:
    (rich / "register/agencies/anytown-icb.yaml").write_text(BROKEN, encoding="utf-8")
    result = run(*command, "--as-of", DAY, cwd=rich)
    assert result.code == 1
    for text in result.out.splitlines() if "jsonl" in command else [result.out]:
        json.loads(text)
    assert "register/agencies/anytown-icb.yaml:2:" in result.err


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f"{sys.executable} -m dhrctl list --format jsonl | head -1; echo ${{PIPESTATUS[0]}}"
    piped = ["bash", "-c", command]
    result = subprocess.run(piped, cwd=ROOT, env=environment(), capture_output=True, check=False)
    first, code = result.stdout.decode().splitlines()
    assert json.loads(first)["number"] == "01"
    assert (code, result.stderr) == ("0", b"")


@pytest.mark.parametrize(
    "command", [("list", "--json"), ("check", "--as-of", DAY), ("render", "action-plan"), ("--help",)]
)
def test_a_reader_that_was_never_there_is_no_error(command: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    started = [sys.executable, "-m", "dhrctl", *command]
    result = subprocess.run(started, cwd=RICH, env=environment(), stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (result.returncode, result.stderr) == (0, b"")


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, bytes, bytes]]:
    """Return a function that runs a command with streams of an encoding; it returns the code and what is on them."""

    def ran(encoding: str, *arguments: str, cwd: Path = RICH) -> tuple[int, bytes, bytes]:
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in "12")
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            patch.chdir(cwd)
            code = main(list(arguments))
        out.flush()
        err.flush()
        return code, out.buffer.getvalue(), err.buffer.getvalue()

    return ran


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
@pytest.mark.parametrize("command", [("status",), ("list",), ("show", "t1-01"), ("render", "summary"), ("--help",)])
def test_a_stdout_that_cannot_show_every_character_stops_no_answer(
    encoded: Callable[..., tuple[int, bytes, bytes]], command: tuple[str, ...], encoding: str
) -> None:
    code, out, err = encoded(encoding, *command)
    assert (code, err) == (0, b"")
    assert len(out.splitlines()) == len(encoded("utf-8", *command)[1].splitlines()) > 5


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_process_is_told_what_its_stdout_can_show(encoding: str) -> None:
    result = process("show", "t1-01", more={"PYTHONIOENCODING": encoding})
    assert (result.returncode, result.stderr) == (0, b"")
    assert len(result.stdout.splitlines()) == len(process("show", "t1-01").stdout.splitlines()) > 5


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_json_says_the_same_on_a_stdout_that_cannot_show_every_character(
    encoded: Callable[..., tuple[int, bytes, bytes]], rich: Path, form: str, encoding: str
) -> None:
    record = rich / "register/reviews/otherton-dardr-2/recommendations/t1-10.yaml"
    text = record.read_text(encoding="utf-8").replace(
        "calls at night are answered.", "“calls” à la carte \U0001f4de £5"
    )
    record.write_text(text, encoding="utf-8")
    arguments = ("list", "--format", form, "--as-of", DAY, "carte")
    plain, poor = (encoded(each, *arguments, cwd=rich)[1] for each in ("utf-8", encoding))
    assert "à la carte \U0001f4de £5" in plain.decode()
    assert json.loads(poor.decode()) == json.loads(plain)


# At a terminal


def at_a_terminal(
    *arguments: str, cwd: Path = RICH, width: int = 80, more: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """Run dhrctl with a terminal of a width as its stdout, and return its exit code and what that showed."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    command = [sys.executable, "-m", "dhrctl", *arguments]
    with subprocess.Popen(
        command, cwd=cwd, env=environment(more), stdout=its, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
    ) as started:
        os.close(its)
        shown = b""
        with contextlib.suppress(OSError):  # how Linux says that the other side was closed
            while part := os.read(ours, 65536):
                shown += part
        code = started.wait()
    os.close(ours)
    return code, shown.decode().replace("\r\n", "\n")


COLOUR = re.compile("\x1b\\[[0-9;]*m")
LONG = "anytown-and-district-dhr-11-of-2024"


def with_long_ids(folder: Path) -> Path:
    """Rename a review so that its ids take half of a line."""
    (folder / "register/reviews/otherton-dardr-2").rename(folder / "register/reviews" / LONG)
    return folder


@pytest.mark.parametrize(
    "command",
    [
        ("status",),
        ("status", "--by", "agency"),
        ("overdue", "--within", "3m"),
        ("list",),
        ("show", "anytown-dhr-1/01"),
        ("--help",),
    ],
)
def test_at_a_terminal_no_line_passes_80_columns_and_no_id_is_cut(rich: Path, command: tuple[str, ...]) -> None:
    day = () if "--help" in command else ("--as-of", DAY)
    code, shown = at_a_terminal(*command, *day, cwd=with_long_ids(rich))
    assert code == 0
    lines = COLOUR.sub("", shown).splitlines()
    assert "\x1b" not in "".join(lines)
    assert [line for line in lines if len(line) > 80] == []
    if command[0] == "list":
        assert re.findall(rf"(?:{LONG}|anytown-dhr-1)/[a-z0-9-]+", "\n".join(lines)) == [
            *(f"{LONG}/{number}" for number in ("t1-01", "t1-02", "t1-10")),
            *(f"anytown-dhr-1/{number:02}" for number in range(1, 13)),
        ]
    if command[0] == "overdue":
        assert {f"{LONG}/t1-10", "anytown-dhr-1/01"} <= set(" ".join(lines).split())


def test_a_wide_terminal_is_used_and_a_narrow_one_loses_no_id() -> None:
    _, wide = at_a_terminal("list", "--as-of", DAY, width=160)
    _, narrow = at_a_terminal("list", "--as-of", DAY, width=60)
    assert 80 < max(map(len, COLOUR.sub("", wide).splitlines())) <= 160
    assert max(map(len, COLOUR.sub("", narrow).splitlines())) <= 60
    for shown in (wide, narrow):
        assert len(set(ID.findall(COLOUR.sub("", shown)))) == 15


@pytest.mark.parametrize(
    ("more", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_colour_is_for_terminals_that_want_it(more: dict[str, str], coloured: bool) -> None:  # noqa: FBT001 - a table's column
    code, shown = at_a_terminal("overdue", "--as-of", DAY, more=more)
    assert code == 0
    assert ("\x1b[" in shown) is coloured
    assert "overdue" in shown


@pytest.mark.parametrize(
    ("command", "word"),
    [
        (("status",), b"overdue"),
        (("list",), b"overdue"),
        (("overdue",), b"overdue"),
        (("check", "--as-of", "2026-01-01"), b"error"),
    ],
)
def test_a_pipe_gets_no_colour_even_where_colour_is_forced(command: tuple[str, ...], word: bytes) -> None:
    result = process(*command, more={"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"})
    assert b"\x1b" not in result.stdout
    assert word in result.stdout  # in colour on a terminal


def test_colour_never_stands_without_its_word() -> None:
    _, coloured = at_a_terminal("list", "--as-of", DAY)
    _, plain = at_a_terminal("list", "--as-of", DAY, more={"NO_COLOR": "1"})
    assert [line.rstrip() for line in COLOUR.sub("", coloured).splitlines()] == plain.splitlines()
    for word in ("red:", "amber:", "green:", "grey:", "blue:"):
        assert word in plain


# Papers


@pytest.mark.parametrize(
    ("name", "form", "begins"),
    [
        ("plan.html", (), "<!DOCTYPE html>"),
        ("plan.htm", (), "<!DOCTYPE html>"),
        ("PLAN.HTML", (), "<!DOCTYPE html>"),
        ("plan.md", (), "# "),
        ("plan.txt", ("--format", "html"), "<!DOCTYPE html>"),
        ("plan.html", ("--format", "md"), "# "),
    ],
)
def test_a_paper_is_written_in_the_format_that_its_name_or_the_option_says(
    run: Run, tmp_path: Path, name: str, form: tuple[str, ...], begins: str
) -> None:
    out = tmp_path / name
    result = run("render", "action-plan", "--out", str(out), *form, "--as-of", DAY, cwd=RICH)
    assert (result.code, result.out, result.err) == (0, "", "")
    assert out.read_text(encoding="utf-8").lstrip().startswith(begins)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["plan", "plan.docx", "plan.md.bak"])
def test_a_name_that_does_not_say_the_format_is_refused(run: Run, tmp_path: Path, name: str) -> None:
    result = run("render", "summary", "--out", str(tmp_path / name), cwd=RICH)
    assert (result.code, result.out) == (2, "")
    assert "--format" in result.err
    assert list(tmp_path.iterdir()) == []


def test_a_paper_in_a_file_is_the_one_on_stdout(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "summary.md"
    run("render", "summary", "--out", str(out), "--as-of", DAY, cwd=RICH)
    assert out.read_text(encoding="utf-8") == run("render", "summary", "--as-of", DAY, cwd=RICH).out
    dash = run("render", "summary", "--out", "-", "--as-of", DAY, cwd=RICH)
    assert dash.out == out.read_text(encoding="utf-8")


def test_a_paper_takes_a_query(run: Run) -> None:
    out = run(
        "render", "action-plan", "review:otherton-dardr-2", "-lead:anytown-helpline", "--as-of", DAY, cwd=RICH
    ).out
    assert "Otherton" in out
    assert "t1-01" in out
    assert "t1-10" not in out
    assert "Anytown DHR 1" not in out


def test_a_paper_replaces_an_older_one_and_keeps_its_mode(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "summary.md"
    out.write_text("older\n" * 10_000, encoding="utf-8")
    out.chmod(0o640)
    assert run("render", "summary", "--out", str(out), cwd=RICH).code == 0
    assert "older" not in out.read_text(encoding="utf-8")
    assert out.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["summary.md"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_paper_that_cannot_be_finished_leaves_the_older_one_whole(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    out = tmp_path / "summary.md"
    out.write_text("older\n", encoding="utf-8")

    def failing(_: int) -> None:
        raise error

    monkeypatch.setattr(os, "fsync", failing)
    result = run("render", "summary", "--out", str(out), cwd=RICH)
    assert (result.code, result.out) == (4 if isinstance(error, OSError) else 130, "")
    assert out.read_text(encoding="utf-8") == "older\n"
    assert [path.name for path in tmp_path.iterdir()] == ["summary.md"]


@pytest.mark.parametrize(
    ("out", "about"),
    [
        ("register/summary.html", "register/"),
        ("register/reviews/anytown-dhr-1/source.txt", "register/"),
        ("register", "register/"),
        ("papers/../register/x.md", "register/"),
        ("link/x.md", "register/"),
        ("papers", "folder"),
        ("papers/", "folder"),
        ("missing/x.md", "no folder"),
    ],
)
def test_a_paper_is_never_put_where_it_does_not_belong(run: Run, rich: Path, out: str, about: str) -> None:
    (rich / "papers").mkdir()
    (rich / "link").symlink_to("register")
    before = sorted(rich.rglob("*"))
    result = run("render", "summary", "--format", "md", "--out", out, cwd=rich)
    assert (result.code, result.out) == (2, "")
    assert about in result.err
    assert "--out" in result.err
    assert sorted(rich.rglob("*")) == before


def test_render_without_a_name_lists_the_templates_without_a_register(run: Run, tmp_path: Path) -> None:
    result = run("render", cwd=tmp_path)
    assert (result.code, result.err) == (0, "")
    named = [line.split()[0] for line in result.out.splitlines()]
    assert named == ["action-plan", "summary", "panel-pack", "agency", "overdue", "recommendation"]


def test_reading_never_writes(run: Run, rich: Path) -> None:
    def state() -> dict[Path, tuple[int, bytes]]:
        return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in rich.rglob("*") if path.is_file()}

    before = state()
    for command in (("check",), ("list",), ("status",), ("overdue",), ("show", "1/01"), ("render", "summary")):
        run(*command, cwd=rich)
    assert state() == before


# Help


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_every_help_text_has_an_example_and_fits_80_columns(run: Run, command: tuple[str, ...], option: str) -> None:
    result = run(*command, option, cwd=RICH)
    assert (result.code, result.err) == (0, "")
    assert re.search(rf"^    dhrctl {' '.join(command)}", result.out, flags=re.MULTILINE)
    assert [line for line in result.out.splitlines() if len(line) > 80] == []


def test_the_help_names_every_command_and_each_command_its_options(run: Run) -> None:
    shown = run("--help", cwd=RICH).out
    for name in COMMANDS:
        assert re.search(rf"^  {name} +[A-Z]", shown, flags=re.MULTILINE)
        options = run(name, "--help", cwd=RICH).out
        assert "--as-of" in options
        assert "--format" in options


@pytest.mark.parametrize("command", COMMANDS)
def test_the_examples_of_a_help_text_work(run: Run, command: str, tmp_path: Path) -> None:
    examples = re.findall(r"^    dhrctl (.+)$", run(command, "--help", cwd=RICH).out, flags=re.MULTILINE)
    assert examples
    for example in examples:
        words = [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', example)]
        words = [str(tmp_path / word) if word.endswith((".html", ".eml", "/")) else word for word in words]
        words += [] if "--as-of" in words else ["--as-of", "2026-11-22"]
        assert run(*words, cwd=ROOT).code == 0, example


def test_the_version_is_the_packages_own(run: Run) -> None:
    assert re.fullmatch(r"dhrctl [0-9]+\.[0-9]+\.[0-9]+\n", run("--version", cwd=RICH).out)


# What a command costs: nothing heavy is imported by one that does not use it


HEAVY = {"ruamel", "jsonschema", "rich", "jinja2", "git", "filelock"}
COUNTED = """\
import sys
from dhrctl.cli import main

code = main(sys.argv[1:])
loaded = {name.partition(".")[0] for name in sys.modules}
print(*sorted(loaded), file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.parametrize(
    ("command", "allowed"),
    [
        (("--version",), ()),
        (("--help",), ()),
        (("overdue", "--help"), ()),
        (("overdue",), ("ruamel",)),
        (("list",), ("ruamel", "git")),
        (("list", "--json"), ("ruamel", "git")),
        (("list", "--format", "csv"), ("ruamel", "git")),
        (("status",), ("ruamel", "git")),
        (("show", "1/01"), ("ruamel", "git")),
        (("check", "--rule", "target-before-start", "--as-of", DAY), ("ruamel", "jsonschema")),
        (("render", "summary"), ("ruamel", "git", "jinja2")),
        (("list", "--format", "html"), ("ruamel", "git", "jinja2")),
        (("export", "ics", "--out", "-"), ("ruamel", "git")),
    ],
)
def test_a_command_imports_nothing_heavy_that_it_does_not_use(
    command: tuple[str, ...], allowed: tuple[str, ...]
) -> None:
    started = [sys.executable, "-c", COUNTED, *command]
    result = subprocess.run(started, cwd=RICH, env=environment(), capture_output=True, check=False)
    assert result.returncode == 0
    assert result.stdout
    loaded = set(result.stderr.decode().splitlines()[-1].split())
    assert {"click", "dhrctl"} <= loaded
    assert loaded & HEAVY <= set(allowed)
    assert loaded.issuperset(allowed[:1])


@pytest.mark.parametrize("enabled", [True, False])
def test_the_site_leaves_the_garbage_collector_as_it_was(run: Run, tmp_path: Path, *, enabled: bool) -> None:
    was = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        assert run("site", "--out", str(tmp_path / "site")).code == 0
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if was else gc.disable)()


def test_a_process_never_looks_for_garbage() -> None:
    script = "import gc; from dhrctl.__main__ import run; run(); print(gc.get_stats()[2]['collections'], gc.get_freeze_count() > 0)"
    result = subprocess.run(
        [sys.executable, "-c", script, "list"], cwd=RICH, env=environment(), capture_output=True, check=True
    )
    before = subprocess.run(
        [sys.executable, "-c", "import gc; print(gc.get_stats()[2]['collections'])"],
        env=environment(),
        capture_output=True,
        check=True,
    )
    assert result.stdout.split()[-2:] == [before.stdout.strip(), b"True"]


# What takes long


@pytest.mark.parametrize(
    ("command", "what"),
    [
        ("status", "reading the register"),
        ("list is:slipped", "working it out"),
        ("check", "checking"),
        ("check --since HEAD", "checking"),
        ("history 1", "reading the history"),
        ("slippage", "reading the history"),
        ("burndown", "reading the history"),
        ("diff HEAD", "reading the register"),
        ("export atom --out -", "reading the history"),
        ("site --out site", "reading the history"),
    ],
)
def test_what_takes_long_is_told_on_a_terminal_until_it_is_done(
    command: str, what: str, repository: Repositories, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = repository()
    home.adopt()
    monkeypatch.setattr(streams, "_SOON", 1e-6)
    quiet = run(*command.split(), cwd=home.root)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    told = run(*command.split(), cwd=home.root)
    assert (told.code, told.out) == (quiet.code, quiet.out)
    assert "\r" not in quiet.err
    line = f"dhrctl: {what}, 0 s"
    assert f"\r{line}\r{' ' * len(line)}\r" in told.err


def test_what_is_quick_or_cannot_be_interrupted_is_not_told(
    repository: Repositories, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = repository()
    home.adopt()
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(streams, "_SOON", 60.0)
    assert run("status", cwd=home.root).err == ""
    monkeypatch.setattr(streams, "_SOON", 1e-6)
    monkeypatch.delattr(signal, "setitimer")
    assert run("status", cwd=home.root).err == ""


def test_who_begins_it_may_ignore_the_end_of_children(repository: Repositories) -> None:
    home = repository()
    home.adopt()
    script = (
        "import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])"
    )
    ignoring = (sys.executable, "-c", script, sys.executable, "-m", "dhrctl")
    for revision, code in (("HEAD", 0), ("nowhere", 2)):
        asked = (*ignoring, "list", "--at", revision)
        result = subprocess.run(asked, cwd=home.root, env=environment(), capture_output=True, check=False)
        assert result.returncode == code, result.stderr


@pytest.mark.parametrize("group", [(), ("new",)])
def test_no_summary_of_a_command_is_cut_off(group: tuple[str, ...], run: Run) -> None:
    summaries = run(*group, "--help").out.partition("Commands:\n")[2].splitlines()
    assert len(summaries) >= 4
    assert [line for line in summaries if not line.endswith(".")] == []
    assert [line for line in summaries if line.endswith("...")] == []
