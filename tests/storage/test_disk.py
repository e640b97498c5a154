"""The disk: finding a register, reading its files and no others, and putting a paper in its place."""

import os
import shutil
import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import guarded

from dhrctl.errors import DhrError, Exit, FieldRefused
from dhrctl.model import paths
from dhrctl.storage import disk

if TYPE_CHECKING:
    from conftest import Write

REVIEW = "register/reviews/anytown-dhr-1"
RECORD = f"{REVIEW}/recommendations/01.yaml"
LARGEST = 256 * 1024


def refused(root: Path) -> dict[str, str]:
    """Return what is refused under a register, by path, and hold each to one finding at the file's beginning."""
    findings = disk.read_tree(root).refused
    assert all((finding.line, finding.column) == (1, 1) for finding in findings)
    assert len({finding.path for finding in findings}) == len(findings)
    return {finding.path: finding.rule.name for finding in findings}


# Finding


@pytest.mark.parametrize("below", [".", "register", "register/reviews", f"{REVIEW}/recommendations"])
def test_a_register_is_found_from_its_folder_and_from_below(anytown: Path, below: str) -> None:
    assert disk.find_register(anytown / below) == anytown


def test_the_nearest_register_is_found(anytown: Path) -> None:
    inner = anytown / "copy"
    shutil.copytree(anytown / "register", inner / "register")
    (inner / "notes").mkdir()
    assert disk.find_register(inner / "notes") == inner


@pytest.mark.parametrize("make", ["nothing", "file", "link", "dangling"])
def test_what_is_no_folder_of_that_name_is_no_register(tmp_path: Path, make: str) -> None:
    start = tmp_path / "start"
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "register").mkdir(parents=True)
    start.mkdir()
    if make == "file":
        (start / "register").write_text("")
    elif make == "link":
        (start / "register").symlink_to(elsewhere / "register")
    elif make == "dangling":
        (start / "register").symlink_to(tmp_path / "nowhere")
    with pytest.raises(DhrError, match="there is no register/ in ") as caught:
        disk.find_register(start)
    assert caught.value.code == Exit.NOTHING


@pytest.mark.parametrize("name", ["nowhere", "file"])
def test_a_start_that_is_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DhrError, match=r"there is no folder .*; name one") as caught:
        disk.find_register(tmp_path / name)
    assert caught.value.code == Exit.NOTHING


# Reading


def test_every_file_is_read_byte_for_byte_in_the_order_of_names(write: "Write") -> None:
    files = {
        "register/agencies/b.yaml": b"name: B\r\n",
        "register/agencies/a.yaml": b"\xef\xbb\xbfname: A",
        RECORD: b"\x00\xff",
        "register/register.yaml": b"",
    }
    tree = disk.read_tree(write({**files, "elsewhere.yaml": b"x", ".git/config": b"y"}))
    assert tree.contents == files
    assert list(tree.contents) == sorted(files)
    assert (tree.refused, tree.commit) == ((), None)


def test_what_is_never_parsed_is_named_and_not_read(write: "Write") -> None:
    root = write({f"{REVIEW}/source.txt": b"\xff" * 300_000, "register/notes.docx": b"x", "register/.hidden": b"x"})
    assert disk.read_tree(root).contents == {
        f"{REVIEW}/source.txt": b"",
        "register/notes.docx": b"",
        "register/.hidden": b"",
    }


@pytest.mark.parametrize(
    ("size", "kept"), [(0, 0), (LARGEST, LARGEST), (LARGEST + 1, LARGEST + 1), (5_000_000, LARGEST + 1)]
)
def test_a_large_file_is_read_no_further_than_needed_to_refuse_it(write: "Write", size: int, kept: int) -> None:
    assert len(disk.read_tree(write({RECORD: b"x" * size})).contents[RECORD]) == kept


def test_links_are_refused_and_never_followed(anytown: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.yaml").write_text("name: Secret\n")
    register = anytown / "register"
    (register / "agencies" / "to-file.yaml").symlink_to(outside / "secret.yaml")
    (register / "agencies" / "to-inside.yaml").symlink_to("anytown-police.yaml")
    (register / "agencies" / "dangling.yaml").symlink_to("nowhere.yaml")
    (register / "agencies" / "loop.yaml").symlink_to("loop.yaml")
    (register / "agencies" / "device.yaml").symlink_to("/dev/zero")
    (register / "reviews" / "to-folder").symlink_to(outside)
    (register / "reviews" / "to-above").symlink_to(register)
    (register / "reviews" / "anytown-dhr-1" / "source.txt").symlink_to(outside / "secret.yaml")
    before = sorted(disk.read_tree(anytown).contents)
    assert before == sorted(
        [
            "register/agencies/anytown-police.yaml",
            "register/register.yaml",
            RECORD,
            f"{REVIEW}/review.yaml",
        ]
    )
    assert refused(anytown) == dict.fromkeys(
        [
            *(f"register/agencies/{name}.yaml" for name in ("to-file", "to-inside", "dangling", "loop", "device")),
            *("register/reviews/to-folder", "register/reviews/to-above", f"{REVIEW}/source.txt"),
        ],
        "symbolic-link",
    )


def test_a_file_that_becomes_a_link_while_it_is_read_is_not_followed(anytown: Path) -> None:
    link = anytown / "link.yaml"
    link.symlink_to(anytown / RECORD)
    with pytest.raises(OSError, match="symbolic links"):
        disk._content(str(link), 100)


@pytest.mark.parametrize("size", [0, 3, 10, 400_000])
def test_a_file_that_grows_or_shrinks_while_it_is_read_is_read_to_its_end(anytown: Path, size: int) -> None:
    path = anytown / "grown.yaml"
    path.write_bytes(b"0123456789")
    assert disk._content(str(path), size) == b"0123456789"
    path.write_bytes(b"0" * (paths.MAX_BYTES + 9))
    assert len(disk._content(str(path), size)) == paths.MAX_BYTES + 1


def test_with_a_review_no_other_is_read(anytown: Path) -> None:
    other = anytown / REVIEW.replace("-1", "-2") / "review.yaml"
    other.parent.mkdir()
    other.write_text("title: Another\n")
    every = set(disk.read_tree(anytown).contents)
    alone = set(disk.read_tree(anytown, review="anytown-dhr-1").contents)
    assert every - alone == {other.relative_to(anytown).as_posix()}


def test_a_hard_link_is_a_file_like_any_other(anytown: Path) -> None:
    path = anytown / "register" / "agencies" / "other.yaml"
    path.hardlink_to(anytown / "register" / "agencies" / "anytown-police.yaml")
    assert "register/agencies/other.yaml" in disk.read_tree(anytown).contents


def test_pipes_and_sockets_are_refused_and_never_opened(anytown: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(anytown / RECORD.replace("01", "02"))
    os.mkfifo(anytown / "register" / "pipe")
    os.mkfifo(anytown / REVIEW / "source.txt")
    monkeypatch.chdir(anytown / "register" / "agencies")  # as the path of a socket is short
    with socket.socket(socket.AF_UNIX) as bound, guarded():
        bound.bind("socket.yaml")
        assert refused(anytown) == dict.fromkeys(
            [
                RECORD.replace("01", "02"),
                "register/pipe",
                f"{REVIEW}/source.txt",
                "register/agencies/socket.yaml",
            ],
            "special-file",
        )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_or_folder_that_may_not_be_read_is_a_finding_and_hides_no_other(anytown: Path) -> None:
    (anytown / RECORD).chmod(0)
    (anytown / "register" / "agencies").chmod(0)
    try:
        found = refused(anytown)
        kept = sorted(disk.read_tree(anytown).contents)
    finally:
        (anytown / "register" / "agencies").chmod(0o700)
    assert found == {RECORD: "unreadable-file", "register/agencies": "unreadable-file"}
    assert kept == sorted(["register/register.yaml", f"{REVIEW}/review.yaml"])


@pytest.fixture
def beyond(anytown: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Make a folder so deep that the paths in it are longer than the system opens; return its path."""
    monkeypatch.chdir(anytown / "register")
    deep = "register"
    while (room := 4000 - len(str(anytown)) - len(deep)) > 1:
        name = "a" * min(200, room - 1)
        Path(name).mkdir()
        os.chdir(name)
        deep = f"{deep}/{name}"
    Path("b" * 200).mkdir()
    Path("c" * 200).write_text("x")
    monkeypatch.chdir(anytown)
    yield deep
    shutil.rmtree(anytown / "register" / deep.split("/")[1])


def test_what_cannot_be_opened_is_a_finding_and_hides_no_other(anytown: Path, beyond: str) -> None:
    assert refused(anytown) == dict.fromkeys(
        [f"{beyond}/{'b' * 200}", f"{beyond}/{'c' * 200}"],
        "unreadable-file",
    )
    assert len(disk.read_tree(anytown).contents) == 4
    assert all("cannot be read (File name too long)" in finding.message for finding in disk.read_tree(anytown).refused)


NAMES = [
    b"new\nline.yaml",
    b"bell\x07.yaml",
    b"escape\x1b[31m.yaml",
    b"return\r.yaml",
    b"tab\t.yaml",
    b"space .yaml",
    b"-rf.yaml",
    b"\\.yaml",
    b"quote'\".yaml",
    b"[red].yaml",
    b"<b>.yaml",
    b"%s.yaml",
    "caf\u00e9.yaml".encode(),
    "\u202egniht.yaml".encode(),
    b"latin\xe9.yaml",
    b"\xff\xfe",
    b"surrogate\xed\xa0\x80",
    b"~",
    b".yaml",
    b"...",
]


def test_a_name_of_any_bytes_is_looked_at_and_has_a_path_that_is_text(anytown: Path) -> None:
    folder = os.fsencode(anytown / "register" / "agencies")
    before = len(disk.read_tree(anytown).contents)
    for name in NAMES:
        descriptor = os.open(os.path.join(folder, name), os.O_CREAT | os.O_WRONLY)  # noqa: PTH118 - names of any bytes
        os.close(descriptor)
    found = disk.read_tree(anytown).contents
    assert len(found) == before + len(NAMES)
    for path in found:
        assert path.encode("utf-8").decode("utf-8") == path


@pytest.mark.parametrize(
    "names",
    [
        (b"latin\xe9.yaml", b"latin\\xe9.yaml"),
        (b"latin\xe9.yaml", b"latin<U+DCE9>.yaml"),
        (b"bell\x07.yaml", b"bell\\x07.yaml"),
        (b"bell\x07.yaml", b"bell<U+0007>.yaml"),
    ],
    ids=repr,
)
def test_names_that_are_written_alike_are_still_two_files(anytown: Path, names: tuple[bytes, bytes]) -> None:
    folder = os.fsencode(anytown / "register" / "agencies")
    before = len(disk.read_tree(anytown).contents)
    for name in names:
        descriptor = os.open(os.path.join(folder, name), os.O_CREAT | os.O_WRONLY)  # noqa: PTH118 - names of any bytes
        os.close(descriptor)
    tree = disk.read_tree(anytown)
    assert len(tree.contents) + len(tree.refused) == before + 2


def test_names_that_differ_only_in_case_are_both_read(write: "Write") -> None:
    root = write({"register/agencies/a.yaml": b"1", "register/agencies/A.yaml": b"2"})
    if len(list((root / "register" / "agencies").iterdir())) == 2:  # not where the file system takes them for one
        assert sorted(disk.read_tree(root).contents) == ["register/agencies/A.yaml", "register/agencies/a.yaml"]


def test_a_folder_by_the_name_of_a_file_is_looked_into(write: "Write") -> None:
    root = write({f"{RECORD}/01.yaml": b"x"})
    assert list(disk.read_tree(root).contents) == [f"{RECORD}/01.yaml"]


def test_empty_folders_hold_nothing(tmp_path: Path) -> None:
    (tmp_path / "register" / "agencies").mkdir(parents=True)
    assert (disk.read_tree(tmp_path).contents, disk.read_tree(tmp_path).refused) == ({}, ())


# Writing


def test_a_paper_is_put_in_its_place_with_its_line_ends_and_the_usual_rights(anytown: Path) -> None:
    path = anytown / "paper.md"
    previous = os.umask(0o027)
    try:
        disk.write_output(path, "one\ntwo £\n", anytown)
    finally:
        os.umask(previous)
    assert path.read_bytes() == "one\ntwo £\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [entry.name for entry in anytown.iterdir() if entry.name != "register"] == ["paper.md"]


def test_a_paper_takes_the_place_of_another_and_keeps_its_rights(anytown: Path) -> None:
    path = anytown / "paper.md"
    path.write_text("a much longer text than the new one\n")
    path.chmod(0o604)
    disk.write_output(path, "new\n", anytown)
    assert path.read_text() == "new\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o604


def test_a_paper_may_be_named_from_where_one_stands(anytown: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (anytown / "build").mkdir()
    monkeypatch.chdir(anytown / "build")
    disk.write_output(Path("../paper.md"), "x", anytown)
    assert (anytown / "paper.md").read_text() == "x"


@pytest.mark.parametrize(
    "name",
    [
        "register/paper.md",
        "register",
        RECORD,
        "register/agencies/../paper.md",
        "build/../register/paper.md",
        "link/paper.md",
        "paper-link.md",
    ],
)
def test_a_paper_is_never_put_into_the_register(anytown: Path, name: str) -> None:
    (anytown / "build").mkdir()
    (anytown / "link").symlink_to(anytown / "register")
    (anytown / "paper-link.md").symlink_to(anytown / RECORD)
    before = disk.read_tree(anytown).contents
    with pytest.raises(FieldRefused, match=r"name (another place|a file)$") as caught:
        disk.write_output(anytown / name, "x", anytown)
    assert caught.value.code == Exit.REFUSED
    assert disk.read_tree(anytown).contents == before


@pytest.mark.parametrize(
    ("name", "words"),
    [("build", "is a folder; name a file"), ("nowhere/paper.md", "there is no folder "), ("file/paper.md", "")],
)
def test_a_place_where_no_paper_can_be_is_refused(anytown: Path, name: str, words: str) -> None:
    (anytown / "build").mkdir()
    (anytown / "file").write_text("kept")
    with pytest.raises(FieldRefused, match=words or "name"):
        disk.write_output(anytown / name, "x", anytown)
    assert (anytown / "file").read_text() == "kept"
    assert list((anytown / "build").iterdir()) == []


def test_a_paper_that_cannot_be_finished_leaves_the_old_one_and_nothing_else(anytown: Path) -> None:
    path = anytown / "paper.md"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        disk.write_output(path, "half\ud800", anytown)
    assert path.read_text() == "old"
    assert sorted(entry.name for entry in anytown.iterdir()) == ["paper.md", "register"]


def test_a_place_that_the_system_refuses_is_told_with_its_reason(anytown: Path) -> None:
    with pytest.raises(DhrError, match=r"cannot be written \(File name too long\); name another place") as caught:
        disk.write_output(anytown / ("a" * 300), "x", anytown)
    assert caught.value.code == Exit.ENVIRONMENT
    assert [entry.name for entry in anytown.iterdir()] == ["register"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into every folder")
def test_a_folder_that_may_not_be_written_to_is_told(anytown: Path) -> None:
    (anytown / "build").mkdir(mode=0o500)
    with pytest.raises(DhrError, match=r"cannot be written \(Permission denied\)") as caught:
        disk.write_output(anytown / "build" / "paper.md", "x", anytown)
    assert caught.value.code == Exit.ENVIRONMENT


def test_a_device_is_written_into_and_stays_one(anytown: Path) -> None:
    disk.write_output(Path("/dev/null"), "x", anytown)
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
