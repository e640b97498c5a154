"""Hostile registers: bombs, depth, width and size are soon answered, and names and files of any kind do no harm."""

import hashlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import guarded
from hostile_texts import LARGE, LARGEST, Made, many, times
from steps import growth, lines

from dhrctl.files import load
from dhrctl.files.tree import Tree
from dhrctl.files.yaml import reader

if TYPE_CHECKING:
    from conftest import Run, Write

pytestmark = pytest.mark.no_cover  # slow enough without; the lines are covered by others

DAY = ("--as-of", "2026-11-22")
REVIEW = "register/reviews/anytown-dhr-1"
RECORD = f"{REVIEW}/recommendations/01.yaml"
FORMATS = ("table", "json", "jsonl", "csv", "md", "html")


# Bombs, depth and width

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{of}'] * 9)}]\n" for of, name in zip("abcdefgh", "bcdefghi", strict=True)
)
REFUSED: Mapping[str, tuple[Made, str, int]] = {
    "alias-bomb": (lambda _: BOMB.encode(), "anchor-or-alias", 1),
    "many-aliases": (times("b: [*a, *a]\n", "a: &a [x]\n"), "anchor-or-alias", 1),
    "merge-bomb": (times("<<: [*a, *a]\n", "a: &a {b: c}\n"), "anchor-or-alias", 1),
    "deep-brackets": (times("["), "too-deep", 1),
    "deep-braces": (times("{a: "), "too-deep", 1),
    "deep-lists": (times("- "), "too-deep", 1),
    "deep-keys": (many(lambda depth: f"{' ' * depth}a:\n"), "too-deep", 21),
    "deep-questions": (times("? "), "key-not-text", 1),
    "tabs": (times("\t"), "invalid-yaml", 1),
    "marks": (times('"a" '), "invalid-yaml", 1),
    "documents": (times("---\n"), "second-document", 2),
    "doubled-keys": (times("a: 1\n"), "duplicate-key", 2),
    "tags": (times("!", "a: "), "tag", 1),
    "spaces": (times(" "), "empty-file", 1),
    "line-ends": (times("\n"), "empty-file", 1),
    "one-byte-too-many": (lambda _: b"#" * (LARGEST + 1), "too-large", 1),
    "a-gigabyte-of-nothing": (lambda _: b"\0" * (LARGEST + 1), "too-large", 1),
}


@pytest.mark.parametrize("parser", ["c", "pure"])
@pytest.mark.parametrize("name", REFUSED)
def test_a_bomb_is_refused_at_its_line_before_it_goes_off(
    monkeypatch: pytest.MonkeyPatch, name: str, parser: str
) -> None:
    made, rule, line = REFUSED[name]
    if parser == "pure":
        monkeypatch.setattr(reader, "CParser", None)

    def refused(size: int) -> reader.FileRefused:
        with pytest.raises(reader.FileRefused) as caught:
            reader.parse(made(size))
        return caught.value

    if (name, parser) != ("deep-brackets", "pure"):  # that parser looks 1,024 characters ahead, again and again
        assert growth(lambda size: lines(lambda: refused(size)), 500) < 3
    found = refused(LARGEST if parser == "c" else LARGEST // 8)
    assert (found.rule.name, found.line) == (rule, line)


@pytest.mark.parametrize("name", LARGE)
def test_a_file_as_large_as_may_be_is_read_and_checked_in_steps_that_grow_as_it_does(name: str) -> None:
    def read(size: int) -> load.Reading:
        return load.read_register(Tree(contents={RECORD: LARGE[name](size)}), thorough=True)

    assert growth(lambda size: lines(lambda: read(size)), 2_000) < 3
    assert LARGEST - 30 < len(LARGE[name](LARGEST)) <= LARGEST
    found = read(LARGEST)
    assert found.register.recommendations or found.findings
    assert {finding.path for finding in found.findings} <= {RECORD}
    assert len(found.findings) <= 201


@pytest.mark.parametrize("name", ["texts", "numbers", "one-text"])
def test_a_file_is_read_in_steps_that_grow_as_it_does_where_the_c_parser_is_missing(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(reader, "CParser", None)
    assert growth(lambda size: lines(lambda: reader.parse(LARGE[name](size))), 1_000) < 3
    assert set(reader.parse(LARGE[name](LARGEST // 8))) > {"recommendation", "section"}


def test_a_huge_file_is_refused_without_being_read(run: "Run", anytown: Path) -> None:
    huge = anytown / RECORD.replace("01", "02")
    with huge.open("wb") as file:
        file.truncate(2**33)  # gigabytes that take no room
    try:
        with guarded():
            result = run("check", "--severity", "error", *DAY, "--json", cwd=anytown)
    finally:
        huge.unlink()
    assert result.code == 1
    assert [finding["rule"] for finding in json.loads(result.out)["findings"]] == ["too-large"]


# Texts


def harmless(text: str) -> bool:
    """Tell whether output can do nothing to a terminal."""
    return not set(text) & {chr(code) for code in (*range(10), *range(11, 32), *range(127, 160), 0x202E, 0x200B)}


@pytest.mark.parametrize(
    "content",
    [
        b'"a\\nb\\tc": 1\n',
        b'"a\\nb": 1\n"a\\nb": 2\n',
        b'status: "x\\ny\\tz"\n',
        b'"::error::x\\n::warning::y": 1\n',
        b"? " + b"k" * 200_000 + b"\n: 1\n",
        b'? "' + b"k " * 100_000 + b'"\n: 1\n',
        b"status: " + b"w" * 200_000 + b"\n",
        b"- " + b"w" * 200_000 + b"\n",
        b"lead_agencies: [" + b"w" * 200_000 + b"]\n",
        b"[" + b"w" * 200_000 + b": x]\n",
    ],
    ids=lambda content: repr(content[:24]),
)
def test_a_finding_is_one_line_of_bearable_length(run: "Run", anytown: Path, content: bytes) -> None:
    (anytown / RECORD).write_bytes(content)
    found = load.read_register(Tree(contents={RECORD: content}), thorough=True).findings
    assert found
    for finding in found:
        assert "\n" not in str(finding)
        assert len(str(finding)) < 1000
    result = run("check", "--severity", "error", *DAY, cwd=anytown)
    assert result.code == 1
    assert harmless(result.out + result.err)
    listed = [line for line in result.out.splitlines() if line.startswith("register/")]
    assert len(listed) == len([finding for finding in found if finding.path == RECORD])


@pytest.mark.parametrize("character", ["\x1b[31m", "\x9b31m", "\u202e", "\u200b", "\x00", "\r", "\u2028", "\x08"])
def test_a_hidden_character_is_named_and_never_printed(run: "Run", anytown: Path, character: str) -> None:
    text = (anytown / RECORD).read_text(encoding="utf-8").replace("reviewed", f"re{character}viewed")
    (anytown / RECORD).write_bytes(text.encode())
    for command in ("check", "list", "status"):
        result = run(command, *DAY, cwd=anytown)
        assert result.code == 1
        assert f"U+{ord(character[0]):04X}" in result.out + result.err
        assert harmless(result.out + result.err)


@pytest.mark.parametrize(
    "dates",
    [
        'target_date: "9999"\n',
        'target_date: "0001"\n',
        'start_date: "0001-01-01"\ntarget_date: "9999-12-31"\n',
        'review_date: "0001/9999"\n',
        'status: complete\ncompletion_date: "9999-12-31"\ntarget_date: "0001"\n',
    ],
)
@pytest.mark.parametrize("day", ["0001-01-01", "2026-11-22", "9999-12-31"])
def test_the_first_and_the_last_days_of_the_calendar_do_no_harm(
    run: "Run", anytown: Path, dates: str, day: str
) -> None:
    lines = (anytown / RECORD).read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [
        line for line in lines if line.partition(":")[0] not in {each.partition(":")[0] for each in dates.split("\n")}
    ]
    (anytown / RECORD).write_text("".join(kept) + dates, encoding="utf-8")
    updates = anytown / REVIEW / "updates" / "01"
    updates.mkdir(parents=True)
    for edge in ("0001-01-01", "9999-12-31"):
        text = f'date: "{edge}"\nagency: anytown-police\ntext: Reviewed.\ntarget_date: "{edge}"\n'
        (updates / f"{edge}-anytown-police.yaml").write_text(text, encoding="utf-8")
    for command in (("status",), ("overdue", "--within", "30d"), ("list",), ("check",), ("render", "summary")):
        assert run(*command, "--as-of", day, cwd=anytown).code in {0, 1}


@pytest.mark.parametrize("number", ["999999999999999999", "-999999999999999999", "1000000000000000000", "0", "-1"])
@pytest.mark.parametrize("key", ["due_soon_days", "update_cycle_months"])
def test_a_setting_of_any_size_does_no_harm(run: "Run", anytown: Path, key: str, number: str) -> None:
    path = anytown / "register" / "register.yaml"
    path.write_text(f"schema_version: 1\ntitle: Anytown\n{key}: {number}\n", encoding="utf-8")
    for command in ("status", "overdue", "check"):
        assert run(command, *DAY, cwd=anytown).code == (0 if (key, number) == ("due_soon_days", "0") else 1)


# Names

NAMES = [
    b"new\nline.yaml",
    b"escape\x1b]0;title\x07.yaml",
    b"return\r.yaml",
    b"red\x1b[31m.yaml",
    b"[red]loud[x].yaml",
    b"<script>alert(1).yaml",
    b"=1+1.yaml",
    b"-rf.yaml",
    b"a:1:1: error unknown-key: x.yaml",
    "\u202elmay.yaml".encode(),
    "zero\u200bwidth.yaml".encode(),
    "caf\u00e9.yaml".encode(),
    b"latin\xe9.yaml",
    b"latin\\xe9.yaml",
    b"\xff\xfe",
    b"UPPER.yaml",
    b"upper.yaml",
    b"upper.yml",
    b"x" * 250 + b".yaml",
    b"..yaml",
    b"anytown-police.yaml~",
]


@pytest.fixture
def named(anytown: Path) -> Path:
    """Return a register with a file by each of the names beside a right one."""
    folder = os.fsencode(anytown / "register" / "agencies")
    for name in NAMES:
        with open(os.path.join(folder, name), "wb") as file:  # noqa: PTH118, PTH123 - names of any bytes
            file.write(b"name: A\nkind: other\n")
    return anytown


def test_each_name_outside_the_layout_is_a_finding_of_its_own(run: "Run", named: Path) -> None:
    result = run("check", "--severity", "error", *DAY, "--json", cwd=named)
    answer = json.loads(result.out)
    rules = [finding["rule"] for finding in answer["findings"]]
    outside = [name for name in NAMES if name != b"upper.yaml"]
    assert (result.code, result.err) == (1, "")
    assert answer["files"] == 4 + len(NAMES)
    assert rules.count("outside-layout") == len(outside)
    assert rules.count("same-but-for-case") == 1
    assert len(rules) == len(outside) + 1
    assert len({finding["path"] for finding in answer["findings"]}) >= len(outside)


def test_each_name_is_printed_on_one_line_that_does_no_harm(run: "Run", named: Path) -> None:
    result = run("check", "--severity", "error", *DAY, cwd=named)
    lines = result.out.splitlines()
    assert result.code == 1
    assert harmless(result.out + result.err)
    assert len([line for line in lines if line.startswith("register/agencies/")]) == len(NAMES)


@pytest.mark.parametrize("form", FORMATS)
def test_no_name_does_harm_in_any_format(run: "Run", named: Path, form: str) -> None:
    for command in ("check", "list"):
        result = run(command, *DAY, "--format", form, cwd=named)
        assert result.code == 1
        assert "\x1b" not in result.out + result.err
        assert "\r" not in result.out + result.err
        assert "\u202e" not in result.out + result.err
        assert "<script>" not in result.out or form in {"table", "json", "jsonl", "csv"}
        assert "That training" in result.out or command == "check"


def test_names_that_differ_only_in_case_are_a_finding_wherever_they_lie(run: "Run", write: "Write") -> None:
    root = write(
        {"register/agencies/a.yaml": "name: A\nkind: other\n", "register/agencies/A.yaml": "", "register/x": ""}
    )
    result = run("check", "--severity", "error", *DAY, "--json", cwd=root)
    assert result.code == 1
    assert "same-but-for-case" in {finding["rule"] for finding in json.loads(result.out)["findings"]}


def test_folders_as_deep_as_the_system_allows_are_looked_into(run: "Run", anytown: Path) -> None:
    depth = 1500
    make = f"import os\nfor _ in range({depth}):\n    os.mkdir('a')\n    os.chdir('a')\nopen('x.yaml', 'w').close()"
    subprocess.run([sys.executable, "-c", make], cwd=anytown / "register", check=True)
    try:
        result = run("check", "--severity", "error", *DAY, "--json", cwd=anytown)
    finally:
        subprocess.run(["rm", "-rf", "register/a"], cwd=anytown, check=True)
    assert result.code == 1
    (finding,) = json.loads(result.out)["findings"]
    assert (finding["rule"], finding["path"]) == ("outside-layout", f"register{'/a' * depth}/x.yaml")


# Files that are none


def test_links_are_findings_and_nothing_behind_them_is_shown(run: "Run", anytown: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "secret.yaml").write_text("name: Not for you\nkind: other\n", encoding="utf-8")
    agencies = anytown / "register" / "agencies"
    (agencies / "secret.yaml").symlink_to(secret / "secret.yaml")
    (agencies / "folder").symlink_to(secret)
    (agencies / "round").symlink_to(anytown / "register")
    for form in FORMATS:
        result = run("check", "--severity", "error", *DAY, "--format", form, cwd=anytown)
        assert result.code == 1
        assert "Not for you" not in result.out + result.err
    found = json.loads(run("check", "--severity", "error", *DAY, "--json", cwd=anytown).out)["findings"]
    assert [(each["rule"], each["path"]) for each in found] == [
        ("symbolic-link", f"register/agencies/{name}") for name in ("folder", "round", "secret.yaml")
    ]
    listed = run("list", *DAY, "--json", cwd=anytown)
    assert (listed.code, json.loads(listed.out)["count"]) == (1, 1)
    assert "register/agencies/secret.yaml:1:1: error symbolic-link: " in listed.err


def test_a_register_that_is_itself_a_link_is_not_followed(run: "Run", anytown: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (anytown / "register").rename(tmp_path / "real")
    (elsewhere / "register").symlink_to(tmp_path / "real")
    for command in ("check", "status", "list"):
        result = run(command, *DAY, cwd=elsewhere)
        assert (result.code, result.out) == (3, "")
        assert result.err.startswith("dhrctl: there is no register/ in ")


def test_pipes_and_sockets_are_findings_and_nobody_waits_for_them(
    run: "Run", anytown: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(anytown / RECORD.replace("01", "02"))
    monkeypatch.chdir(anytown / "register")  # as the path of a socket is short
    with socket.socket(socket.AF_UNIX) as bound, guarded():
        bound.bind("socket")
        result = run("check", "--severity", "error", *DAY, "--json", cwd=anytown)
    assert result.code == 1
    assert [(each["rule"], each["path"]) for each in json.loads(result.out)["findings"]] == [
        ("special-file", RECORD.replace("01", "02")),
        ("special-file", "register/socket"),
    ]


def test_a_register_in_which_nothing_can_be_read_is_never_green(run: "Run", anytown: Path) -> None:
    files = [path for path in (anytown / "register").rglob("*") if path.is_file()]
    for path in files:
        path.write_bytes(b"\xff")
    result = run("check", "--severity", "error", *DAY, "--json", cwd=anytown)
    answer = json.loads(result.out)
    assert (result.code, answer["files"], answer["counts"]["error"]) == (1, 4, 4)
    listed = run("list", *DAY, "--json", cwd=anytown)
    assert (listed.code, json.loads(listed.out)["count"]) == (1, 0)
    assert listed.err.count(": error not-utf8: ") == 4


@pytest.mark.parametrize("make", ["nothing", "folders", "source"])
def test_nothing_to_check_is_never_green(run: "Run", tmp_path: Path, make: str) -> None:
    if make != "nothing":
        (tmp_path / REVIEW).mkdir(parents=True)
    if make == "source":
        (tmp_path / REVIEW / "source.txt").write_text("The plan.\n")
        result = run("check", "--severity", "error", *DAY, "--json", cwd=tmp_path)
        assert (result.code, json.loads(result.out)["files"]) == (1, 1)
        assert [each["rule"] for each in json.loads(result.out)["findings"]] == ["register-file-missing"]
    for command in ("status", "list", "overdue", *(("check",) if make != "source" else ())):
        result = run(command, *DAY, cwd=tmp_path)
        assert (result.code, result.out) == (3, "")
        assert result.err.startswith("dhrctl: there is no ")


def test_reading_writes_nothing(run: "Run", named: Path) -> None:
    os.mkfifo(named / "register" / "pipe")

    def state() -> list[tuple[str, int, int, str]]:
        found = []
        for path in sorted((named / "register").rglob("*")):
            known = path.lstat()
            content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            found.append((str(path), known.st_mode, known.st_mtime_ns, content))
        return found

    before = state()
    for command in (("check",), ("status",), ("overdue",), ("list",), ("show", "01"), ("render", "summary"), ()):
        run(*command, *(DAY if command else ()), cwd=named)
    assert state() == before
    assert [path.name for path in named.iterdir()] == ["register"]
