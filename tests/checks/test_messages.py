"""What git cannot keep is built here; each message that it earns has a golden file of its words."""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import TESTS

from dhrctl.files.yaml import reader
from dhrctl.findings import rules

if TYPE_CHECKING:
    from conftest import Golden, Run

CASES = TESTS / "cases"
AGENCIES, REVIEW = "register/agencies", "register/reviews/anytown-dhr-1"
RECORD = f"{REVIEW}/recommendations/01.yaml"
Build = Callable[[Path, pytest.MonkeyPatch], object]


def content(path: str, written: bytes) -> Build:
    """Return a builder that writes a file."""

    def build(root: Path, _: pytest.MonkeyPatch) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(written)

    return build


def refuse(function: str, part: str) -> Build:
    """Return a builder after which the system lets nobody into what has a part in its name."""

    def build(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        usual = getattr(os, function)

        def refusing(path: Any, *more: Any) -> Any:
            if part in str(path):
                raise PermissionError(13, "Permission denied")
            return usual(path, *more)

        monkeypatch.setattr(os, function, refusing)

    return build


def without_the_c_parser(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "CParser", None)
    content(f"{AGENCIES}/anytown-council.yaml", b'name: "\\UFFFFFFFF"\nkind: other\n')(root, monkeypatch)


def addresses(root: Path, _: pytest.MonkeyPatch) -> None:
    with (root / RECORD).open("a", encoding="utf-8") as file:
        file.write("outcomes:\n" + "".join(f"  - Ask head{number}@anytown.example.\n" for number in range(202)))


BUILT: Mapping[str, Build] = {
    "symbolic-link": lambda root, _: (root / AGENCIES / "link.yaml").symlink_to("anytown-police.yaml"),
    "symbolic-link-to-a-folder": lambda root, _: (root / AGENCIES / "folder").symlink_to(".."),
    "special-file": lambda root, _: os.mkfifo(root / AGENCIES / "pipe.yaml"),
    "unreadable-file": refuse("open", "01.yaml"),
    "unreadable-folder": refuse("scandir", "recommendations"),
    "outside-layout-yml": content(RECORD.replace("01.yaml", "02.yml"), b"section: Police\n"),
    "outside-layout-other": content("register/notes.docx", b""),
    "outside-layout-update": content(f"{REVIEW}/updates/01/june.yaml", b""),
    "outside-layout-name": content(f"{AGENCIES}/Anytown_Council.yaml", b""),
    "same-but-for-case": content(f"{AGENCIES}/Anytown-Police.yaml", b""),
    "not-utf8": content(f"{AGENCIES}/anytown-council.yaml", b"name: Caf\xe9\nkind: other\n"),
    "not-utf8-source": content(f"{REVIEW}/source.txt", b"The plan costs \xa3100.\n"),
    "hidden-character": content(f"{AGENCIES}/anytown-council.yaml", "name: Any\u200btown\nkind: other\n".encode()),
    "hidden-character-escaped": content(f"{AGENCIES}/anytown-council.yaml", b'name: "Any\\u202etown"\nkind: other\n'),
    "hidden-character-source": content(f"{REVIEW}/source.txt", "The\u200b plan.\n".encode()),
    "conflict-source": content(f"{REVIEW}/source.txt", b"The plan.\n<<<<<<< HEAD\nThe other plan.\n"),
    "too-large": content(f"{AGENCIES}/anytown-council.yaml", b"#" * 300_000),
    "too-many-of-one-rule": addresses,
    "impossible-character": without_the_c_parser,
}


@pytest.mark.parametrize("name", BUILT)
def test_what_is_built_is_told_word_for_word(
    name: str, run: "Run", anytown: Path, golden: "Golden", monkeypatch: pytest.MonkeyPatch
) -> None:
    BUILT[name](anytown, monkeypatch)
    result = run("check", "--severity", "error", "--as-of", "2024-06-30", cwd=anytown)
    assert (result.code, result.err) == (1, "")
    golden(f"../cases/messages/{name}.txt", result.out)


def test_every_golden_message_is_built() -> None:
    assert {path.stem for path in (CASES / "messages").iterdir()} == set(BUILT)


def test_every_rule_of_files_and_every_other_that_git_cannot_keep_is_built() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (CASES / "messages").iterdir())
    earned = set(re.findall(r"^\S+: error ([a-z0-9-]+): ", text, re.MULTILINE))
    assert {rule.name for rule in rules.FILE_RULES} <= earned
    assert {"not-utf8", "hidden-character", "too-large"} <= earned
