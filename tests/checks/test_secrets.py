"""Hold check to its promise: a protected name or a personal identifier is never printed, in any format."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dhrctl.checks.safety import protected_name

if TYPE_CHECKING:
    from conftest import Result, Run, Write

NAME = "Placeholder Nameless"
REC = "register/reviews/anytown-dhr-1/recommendations/01.yaml"
TWO = "register/reviews/anytown-dhr-1/recommendations/02.yaml"
REVIEW = "register/reviews/anytown-dhr-1/review.yaml"
POLICE = "register/agencies/anytown-police.yaml"
DAY = "2024-01-01"
FORMATS = ("table", "json", "jsonl", "csv", "md", "html", "github", "gitlab", "sarif", "junit")
RECORD = """\
recommendation: {recommendation}
section: {section}
lead_agencies:
  - {lead}
target_date: "2024-03"
status: {status}
{more}
"""

Names = Callable[[bytes], Path]


def record(more: str = "", **fields: str) -> str:
    usual = {
        "recommendation": "That training is reviewed.",
        "section": "Police",
        "lead": "anytown-police",
        "status": "in-progress",
    }
    return RECORD.format(**{**usual, **fields}, more=more)


@pytest.fixture
def names(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Names:
    """Return a function that writes the list of protected names outside the register, and names it."""

    def listed(content: bytes) -> Path:
        path = tmp_path_factory.mktemp("kept-apart") / "list.txt"
        path.write_bytes(content)
        monkeypatch.setenv("DHRCTL_PROTECTED_NAMES", str(path))
        return path

    return listed


def findings(result: Result) -> list[tuple[str, str, int, int]]:
    return [
        (each["rule"], each["path"], each["line"], each["column"])
        for each in json.loads(result.out)["findings"]
        if each["rule"] in {"protected-name", "personal-identifier"}
    ]


# Where a name is found


FOUND = [
    ("as it is listed", NAME, 20),
    ("in small letters", "placeholder nameless", 20),
    ("in capitals", "PLACEHOLDER NAMELESS", 20),
    ("with a hyphen", "Placeholder-Nameless", 20),
    ("with an underscore", "placeholder_nameless", 20),
    ("with two spaces", "Placeholder  Nameless", 21),
    ("with a non-breaking space", "Placeholder\u00a0Nameless", 20),
    ("over a line break", "Placeholder\n  Nameless", 22),
    ("in the genitive", "Placeholder Nameless's", 20),
    ("in brackets", "(Placeholder Nameless)", 20),
    ("in emphasis", "_Placeholder Nameless_", 20),
    ("between underscores", "_placeholder_nameless_letter", 20),
]
NOT_FOUND = [
    ("the end of a longer word", "Unplaceholder Nameless"),
    ("the beginning of a longer word", "Placeholder Namelessness"),
    ("half of it", "Placeholder"),
    ("with a word between", "Placeholder or Nameless"),
    ("without a space", "PlaceholderNameless"),
    ("over two sentences", "Placeholder. Nameless"),
    ("with a figure after it", "Placeholder Nameless2"),
]


@pytest.mark.parametrize(("written", "length"), [row[1:] for row in FOUND], ids=[row[0] for row in FOUND])
def test_a_protected_name_is_found_with_kind_place_and_length(
    written: str, length: int, *, anytown: Path, write: Write, names: Names, run: Run
) -> None:
    names(f"{NAME}\n".encode())
    write({REC: record(recommendation=f"That {written} is helped.")})
    result = run("check", "--json", "--as-of", DAY, cwd=anytown)
    column = 23 if written.startswith(("(", "_")) else 22
    assert findings(result) == [("protected-name", REC, 1, column)]
    assert f"a protected name stands here ({length} characters)" in result.out
    assert result.code == 1


@pytest.mark.parametrize("written", [row[1] for row in NOT_FOUND], ids=[row[0] for row in NOT_FOUND])
def test_what_only_resembles_a_protected_name_is_not_found(
    written: str, anytown: Path, write: Write, names: Names, run: Run
) -> None:
    names(f"{NAME}\n".encode())
    write({REC: record(recommendation=f"That {written} is helped.")})
    assert findings(run("check", "--json", "--as-of", DAY, cwd=anytown)) == []


LISTS = {
    "a line to each name": f"Somebody Else\n{NAME}\n",
    "without a last line break": NAME,
    "Windows line ends": f"Somebody Else\r\n{NAME}\r\n",
    "a byte order mark": f"\ufeff{NAME}\n",
    "empty lines and spaces": f"\n\n   {NAME}  \n\n",
}


@pytest.mark.parametrize("content", LISTS.values(), ids=LISTS)
def test_the_list_is_read_as_editors_write_it(
    content: str, anytown: Path, write: Write, names: Names, run: Run
) -> None:
    names(content.encode())
    write({REC: record(recommendation=f"That {NAME} is helped.")})
    assert findings(run("check", "--json", "--as-of", DAY, cwd=anytown)) == [("protected-name", REC, 1, 22)]


@pytest.mark.parametrize("content", ["", "\n\n  \n"])
def test_an_empty_list_finds_nothing(content: str, anytown: Path, names: Names, run: Run) -> None:
    names(content.encode())
    assert findings(run("check", "--json", "--as-of", DAY, cwd=anytown)) == []


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (f"# {NAME}\n{record()}".encode(), (1, 3)),
        (f"\ufeff# {NAME}\n{record()}".encode(), (1, 3)),
        (f"# one\r\n# {NAME}\r\n".encode() + record().replace("\n", "\r\n").encode(), (2, 3)),
        (f"# ééé {NAME}\n{record()}".encode(), (1, 7)),
        (f"#\t{NAME}\n{record()}".encode(), (1, 3)),
    ],
    ids=["plain", "byte order mark", "Windows line ends", "accents", "tab"],
)
def test_the_place_of_a_name_is_counted_as_that_of_any_other_finding(
    content: bytes, place: tuple[int, int], *, anytown: Path, write: Write, names: Names, run: Run
) -> None:
    names(NAME.encode())
    write({REC: content})
    assert findings(run("check", "--json", "--as-of", DAY, cwd=anytown)) == [("protected-name", REC, *place)]


def test_a_name_that_is_spelt_with_escapes_is_found(anytown: Path, write: Write, names: Names, run: Run) -> None:
    names("Zoë Nameless".encode())
    write({REC: record(recommendation='"That Zo\\xEB Nameless is helped."')})
    assert [each[0] for each in findings(run("check", "--json", "--as-of", DAY, cwd=anytown))] == ["protected-name"]


@pytest.mark.parametrize(
    "path",
    [
        "register/reviews/anytown-dhr-1/source.txt",
        "register/reviews/anytown-dhr-1/recommendations/02.yml",
        "register/notes.txt",
    ],
)
def test_a_name_is_found_in_files_that_hold_no_record(
    path: str, anytown: Path, write: Write, names: Names, run: Run
) -> None:
    names(NAME.encode())
    write({path: f"It was {NAME}.\n"})
    assert findings(run("check", "--json", "--as-of", DAY, cwd=anytown)) == [("protected-name", path, 1, 8)]


IDENTIFIERS = {
    "an NHS number": "943 476 5919",
    "a National Insurance number": "AB 12 34 56 C",
    "a postcode": "AB1 3WZ",
    "a telephone number": "0191 498 0001",
    "an e-mail address": "someone@anytown.example",
    "a date of birth": "born on 1 April 1980",
}
NOT_IDENTIFIERS = {
    "an NHS number whose check digit is wrong": "943 476 5918",
    "a reference": "DHR 3 of 2019",
    "a date": "2024-03-01",
    "a lone at sign": "at @ anytown",
    "a meeting's day": "held on 1 April 1980",
}


@pytest.mark.parametrize("kind", IDENTIFIERS)
def test_a_personal_identifier_is_found(kind: str, anytown: Path, write: Write, run: Run) -> None:
    write({REC: record(recommendation=f"That {IDENTIFIERS[kind]} is asked.")})
    result = run("check", "--json", "--as-of", DAY, cwd=anytown)
    assert findings(result) == [("personal-identifier", REC, 1, 22)]
    assert f"what looks like {kind} stands here ({len(IDENTIFIERS[kind])} characters)" in result.out


@pytest.mark.parametrize("kind", IDENTIFIERS)
def test_a_personal_identifier_is_found_in_emphasis(kind: str, anytown: Path, write: Write, run: Run) -> None:
    write({REC: record(recommendation=f"That _{IDENTIFIERS[kind]}_ is asked.")})
    assert findings(run("check", "--json", "--as-of", DAY, cwd=anytown)) == [("personal-identifier", REC, 1, 23)]


@pytest.mark.parametrize("text", NOT_IDENTIFIERS.values(), ids=NOT_IDENTIFIERS)
def test_what_only_resembles_a_personal_identifier_is_not_found(
    text: str, anytown: Path, write: Write, run: Run
) -> None:
    write({REC: record(recommendation=f"That {text} is asked.")})
    assert findings(run("check", "--json", "--as-of", DAY, cwd=anytown)) == []


# Nothing that was found is printed


def planted(secret: str) -> Mapping[str, Mapping[str, str | bytes]]:
    """Return files in which a secret stands where other findings would quote it, or show its line."""
    slug = secret.casefold().replace(" ", "-")
    padded = f"{'x' * (58 - len(secret) // 2)} {secret} is a status"
    return {
        "a text": {REC: record(recommendation=f"That {secret} is helped.")},
        "a comment": {REC: record(more=f"# it was {secret}")},
        "a comment beside a wrong word": {REC: record(status=f"ongoing  # says {secret}")},
        "a status word": {REC: record(status=f"{secret}")},
        "a long status word that is cut short": {REC: record(status=f'"{padded}"')},
        "a section": {REC: record(section=f"{secret}")},
        "an unknown key": {REC: record(more=f'"{secret}": yes')},
        "a key given twice": {REC: record(more=f'"{secret}": one\n"{secret}": two')},
        "a date": {REC: record(more=f'start_date: "{secret}"')},
        "a link": {REC: record(more=f'evidence:\n  - kind: audit\n    title: An audit\n    url: "{secret}"')},
        "a YAML error line": {REC: record(more=f"outcomes: {secret}: and more: of it")},
        "a file whose syntax is broken": {REC: f'recommendation: "{secret}\n  - [ }}\n'},
        "a conflict marker": {REC: record(more=f"<<<<<<< {secret}")},
        "a hidden character beside it": {REC: record(more=f'outcomes: ["{secret}\u202e"]').encode()},
        "bytes that are not UTF-8": {REC: record(more=f"# {secret} ").encode() + b"\xff\n"},
        "an agency id": {REC: record(lead=slug)},
        "an id of a recommendation": {REC: record(more=f"related:\n  - anytown-dhr-1/{slug}")},
        "a printed cell": {REC: record(more=f'as_stated:\n  "{secret}": Completed, ongoing {secret}')},
        "a waiver": {REC: record(more=f'waivers:\n  - rule: {slug}\n    reason: None.\n    until: "2030-12-31"')},
        "over a line break": {REC: record(status=f'"{secret.replace(" ", chr(10) + "  ")}"')},
        "two names, one on the other's line": {REC: record(status=f'"{secret} and {secret}"  # {secret}')},
        "an agency's name that others quote": {
            POLICE: f"name: {secret}\nkind: group\nended: '2020-01-01'\naliases:\n  - {secret} Team\n",
            "register/agencies/anytown-team.yaml": f"name: {secret} Team\nkind: group\n",
        },
        "a section that the review lists, nearly": {
            REVIEW: f"title: Anytown DHR 1\nkind: dhr\npartnership: anytown-police\nsections:\n  - {secret}\n",
            REC: record(section=f"{secret[:-1]}x"),
        },
    }


KINDS = list(planted(NAME))


@pytest.mark.parametrize("kind", KINDS)
def test_a_protected_name_is_printed_in_no_format(
    kind: str, *, anytown: Path, write: Write, names: Names, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    names(f"{NAME}\n".encode())
    write(planted(NAME)[kind])
    assert "protected-name" in run("check", "--as-of", DAY, cwd=anytown).out
    secrets = ("nameless",) if kind.endswith("nearly") else ("placeholder", "nameless")
    nothing_leaks(secrets, anytown, run, monkeypatch)


@pytest.mark.parametrize("kind", IDENTIFIERS)
@pytest.mark.parametrize("place", ["a text", "a comment", "a status word", "an unknown key", "a section"])
def test_a_personal_identifier_is_printed_in_no_format(
    kind: str, place: str, *, anytown: Path, write: Write, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(planted(IDENTIFIERS[kind])[place])
    assert "personal-identifier" in run("check", "--as-of", DAY, cwd=anytown).out
    nothing_leaks((IDENTIFIERS[kind].casefold(),), anytown, run, monkeypatch)


def nothing_leaks(secrets: tuple[str, ...], folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    summary, baseline = folder / "summary.md", folder / "baseline.json"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    for form in FORMATS:
        result = run("check", "--format", form, "--as-of", DAY, cwd=folder)
        assert result.code == 1
        hidden_from(secrets, form, result.out, result.err)
    run("check", "--write-baseline", str(baseline), cwd=folder)
    hidden_from(secrets, "summary and baseline", summary.read_text("utf-8"), baseline.read_text("utf-8"))


def hidden_from(secrets: tuple[str, ...], where: str, *texts: str) -> None:
    for text in texts:
        plain = text.casefold().replace("\\", "").replace("\u200b", "")
        for secret in secrets:
            assert secret not in plain, where


ELSEWHERE: Mapping[str, Mapping[str, str]] = {
    "an agency's own file": {"register/agencies/placeholder-nameless.yaml": "name: Anytown Helpers\nkind: police\n"},
    "an agency's own file, nearly named by another": {
        "register/agencies/placeholder-nameless.yaml": "name: Anytown Helpers\nkind: police\n",
        REC: record(lead="placeholder-namelss"),
    },
    "a file outside the layout": {"register/Placeholder Nameless.docx": "x"},
    "a file, between underscores": {"register/letter_Placeholder_Nameless_2.docx": "x"},
    "a review": {
        "register/reviews/placeholder-nameless/review.yaml": "title: X\nkind: dhr\npartnership: nobody\nsections: [A]\n"
    },
    "an update": {
        "register/reviews/anytown-dhr-1/updates/07/2024-01-01-placeholder-nameless.yaml": (
            'date: "2024-01-01"\nagency: anytown-police\ntext: Begun.\n'
        )
    },
}


@pytest.mark.parametrize("kind", ELSEWHERE)
def test_a_protected_name_in_the_name_of_a_file_is_found_and_printed_in_no_format(
    kind: str, anytown: Path, write: Write, names: Names, run: Run
) -> None:
    names(f"{NAME}\n".encode())
    write(ELSEWHERE[kind])
    assert "protected-name" in run("check", "--as-of", DAY, cwd=anytown).out
    for form in FORMATS:
        result = run("check", "--format", form, "--as-of", DAY, cwd=anytown)
        hidden_from(("nameless",), form, result.out, result.err)


def test_the_finding_of_another_file_quotes_no_protected_name(
    anytown: Path, write: Write, names: Names, run: Run
) -> None:
    names(f"{NAME}\n".encode())
    listing = f"title: Anytown DHR 1\nkind: dhr\npartnership: anytown-police\nsections:\n  - Police\n  - {NAME}\n"
    write({REVIEW: listing, REC: record(section="Placeholder Namless")})
    result = run("check", "--as-of", DAY, cwd=anytown)
    assert f"{REVIEW}:6:5: error protected-name" in result.out
    assert f"{REC}:2:10: error section-not-in-review" in result.out
    hidden_from(("nameless",), "table", result.out, result.err)


def test_other_files_still_show_their_lines(anytown: Path, write: Write, names: Names, run: Run) -> None:
    names(f"{NAME}\n".encode())
    write({REC: record(more=f"# {NAME}"), TWO: record(status="ongoing")})
    out = run("check", "--as-of", DAY, cwd=anytown).out
    assert "    6 | status: ongoing\n      |         ^\n" in out


def test_a_protected_name_cannot_be_waived(anytown: Path, write: Write, names: Names, run: Run) -> None:
    names(f"{NAME}\n".encode())
    waiver = 'waivers:\n  - rule: protected-name\n    reason: None.\n    until: "2030-12-31"'
    write({REC: record(more=f"# {NAME}\n{waiver}")})
    result = run("check", "--rule", "protected-name", "--as-of", DAY, cwd=anytown)
    assert (result.code, result.out.splitlines()[-1]) == (
        1,
        "4 files checked, only for protected-name: 1 error, 0 warnings, 0 notes, 0 waived.",
    )


# The list itself


def test_a_list_that_is_not_there_ends_check_with_4_and_is_not_named(
    anytown: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DHRCTL_PROTECTED_NAMES", "/kept-apart/of-the-nameless-family.txt")
    result = run("check", cwd=anytown)
    assert (result.code, result.out) == (4, "")
    assert result.err == (
        "dhrctl: the file that DHRCTL_PROTECTED_NAMES names cannot be read; correct it, or unset it\n"
    )


@pytest.mark.parametrize("content", [b"Placeholder Nameless\n\xff\n", b"\xff\xfeP\x00l\x00"])
def test_a_list_that_is_not_utf8_ends_check_with_4_and_prints_nothing_of_it(
    content: bytes, anytown: Path, names: Names, run: Run
) -> None:
    path = names(content)
    result = run("check", cwd=anytown)
    assert (result.code, result.out) == (4, "")
    hidden_from(("nameless", path.name), "stderr", result.err)


def test_a_folder_in_place_of_the_list_ends_check_with_4(
    anytown: Path, tmp_path_factory: pytest.TempPathFactory, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("outside")
    monkeypatch.setenv("DHRCTL_PROTECTED_NAMES", str(folder))
    result = run("check", cwd=anytown)
    assert (result.code, result.out) == (4, "")
    assert str(folder) not in result.err


def test_a_list_in_the_repository_is_refused(anytown: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (anytown / "names.txt").write_text(NAME, encoding="utf-8")
    monkeypatch.setenv("DHRCTL_PROTECTED_NAMES", str(anytown / "names.txt"))
    result = run("check", cwd=anytown)
    assert (result.code, result.out) == (2, "")
    assert "keep it outside" in result.err


LIKE = [
    ("Placeholder-Anne Nameless", "Placeholder Anne Nameless"),
    ("Placeholder Nameless", "placeholder-nameless"),
    ("Exámple Ñame", unicodedata.normalize("NFD", "Exámple Ñame")),
    (unicodedata.normalize("NFD", "Exámple Ñame"), unicodedata.normalize("NFC", "exámple ñame")),
]


@pytest.mark.parametrize(("listed", "said"), LIKE)
def test_a_name_is_found_however_it_is_joined_or_its_letters_are_made(listed: str, said: str) -> None:
    assert [trace.start for trace in protected_name([listed]).run(f"Ask {said}.")] == [4]


@pytest.mark.parametrize("command", [("status",), ("overdue",), ("list",), ("render", "summary")], ids=str)
def test_a_protected_name_in_an_unreadable_field_is_not_printed_by_any_command(
    command: tuple[str, ...], anytown: Path, write: Write, run: Run, names: Names
) -> None:
    names(NAME.encode())
    write({TWO: record(status=NAME)})
    result = run(*command, cwd=anytown)
    assert result.code == 1
    assert NAME not in result.out + result.err
    assert "[hidden]" in result.err or '"…"' in result.err


def test_a_protected_name_in_a_file_name_is_hidden_in_the_id_as_well(
    anytown: Path, write: Write, run: Run, names: Names
) -> None:
    names(NAME.encode())
    write({TWO.replace("02", "placeholder-nameless"): record()})
    for form in ("json", "jsonl", "csv"):
        assert "placeholder-nameless" not in run("check", "--format", form, cwd=anytown).out


@pytest.mark.parametrize(
    "command", [("status",), ("overdue",), ("list",), ("show", "1"), ("render", "summary"), ("explain",)], ids=str
)
def test_reading_commands_do_not_need_the_list(
    command: tuple[str, ...], anytown: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DHRCTL_PROTECTED_NAMES", "/kept-apart/nowhere.txt")
    assert run(*command, cwd=anytown).code == 0


@pytest.mark.parametrize("value", ["", None])
def test_without_a_list_no_name_is_protected(
    value: str | None, anytown: Path, write: Write, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is not None:
        monkeypatch.setenv("DHRCTL_PROTECTED_NAMES", value)
    write({REC: record(recommendation=f"That {NAME} is helped.")})
    assert findings(run("check", "--json", "--as-of", DAY, cwd=anytown)) == []
