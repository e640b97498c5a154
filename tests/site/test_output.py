"""The folder that a site is written into: what changes in it, what never does, and what is refused."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from conftest import ANYTOWN, Write

from dhrctl.errors import DhrError, Exit
from dhrctl.site import output
from dhrctl.site.output import MANIFEST, FillCounts

SITE: Mapping[str, bytes] = {"index.html": b"one", "reviews/a-dhr-1.html": b"two", "data/plan.csv": b"three"}


@pytest.fixture
def root(write: Write) -> Path:
    return write(ANYTOWN)


@pytest.fixture
def out(root: Path) -> Path:
    return root / "site"


def there(out: Path) -> dict[str, bytes]:
    """Return every file in a folder but the manifest, by path."""
    files = {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert files.pop(MANIFEST).decode().splitlines()[1:] == sorted(files)
    return files


def test_an_empty_folder_or_none_is_filled(root: Path, out: Path) -> None:
    assert output.fill_folder(out, SITE.items(), root) == FillCounts(written=3, kept=0, removed=0)
    assert there(out) == SITE
    (root / "other").mkdir()
    output.fill_folder(root / "other", SITE.items(), root)
    assert there(root / "other") == SITE


def test_only_what_changed_is_written_and_only_ours_is_removed(root: Path, out: Path) -> None:
    output.fill_folder(out, SITE.items(), root)
    (out / "mine.txt").write_text("by hand")
    for path in [*out.rglob("*.html"), out / MANIFEST]:
        os.utime(path, (1, 1))
    found = output.fill_folder(out, {**SITE, "index.html": b"new"}.items(), root)
    assert found == FillCounts(written=1, kept=2, removed=0)
    assert (out / "reviews/a-dhr-1.html").stat().st_mtime == 1
    assert (out / MANIFEST).stat().st_mtime == 1
    assert (out / "index.html").stat().st_mtime > 1
    found = output.fill_folder(out, [("index.html", b"new")], root)
    assert found == FillCounts(written=0, kept=1, removed=2)
    assert sorted(path.name for path in out.iterdir()) == [MANIFEST, "index.html", "mine.txt"]
    assert (out / MANIFEST).read_text().endswith("\nindex.html\n")


def test_a_folder_that_still_holds_anothers_file_stays(root: Path, out: Path) -> None:
    output.fill_folder(out, SITE.items(), root)
    (out / "data" / "mine.csv").write_text("by hand")
    output.fill_folder(out, [("index.html", b"one")], root)
    assert [path.name for path in (out / "data").iterdir()] == ["mine.csv"]
    assert not (out / "reviews").exists()


def test_nothing_is_changed_where_the_making_breaks_off(root: Path, out: Path) -> None:
    output.fill_folder(out, SITE.items(), root)

    def broken() -> Iterator[tuple[str, bytes]]:
        yield "index.html", b"half"
        message = "this cannot be done; do another thing"
        raise DhrError(message)

    with pytest.raises(DhrError, match="do another thing"):
        output.fill_folder(out, broken(), root)
    assert there(out) == SITE


def test_what_a_killed_run_left_is_cleared_away(root: Path, out: Path) -> None:
    left = out / ".dhrctl-tmp-left" / "reviews"
    left.mkdir(parents=True)
    output.fill_folder(out, SITE.items(), root)
    assert there(out) == SITE
    assert not left.parent.exists()


@pytest.mark.parametrize(
    ("where", "before", "said"),
    [
        ("register", {}, "name a folder of its own"),
        ("register/pages", {}, "name a folder of its own"),
        (".", {}, "name a folder of its own"),
        ("..", {}, "name a folder of its own"),
        ("site", {"site/mine.txt": "x"}, "is not empty, and holds no site of dhrctl; name an empty folder"),
        ("site", {"site": "a file"}, "is a file; name a folder"),
        ("no/such/site", {}, "there is no folder"),
        ("site", {f"site/{MANIFEST}": "Head\n../secret.html\n"}, "empty the folder"),
        ("site", {f"site/{MANIFEST}": "Head\n/etc/passwd\n"}, "empty the folder"),
        ("site", {f"site/{MANIFEST}": "Head\n.git/config\n"}, "empty the folder"),
        ("site", {f"site/{MANIFEST}": "Head\nnotes.txt\n"}, "empty the folder"),
        (
            "site",
            {f"site/{MANIFEST}": "Head\n", "site/index.html": "by hand"},
            "was not written by dhrctl site; move it away",
        ),
        (
            "site",
            {f"site/{MANIFEST}": "Head\n", "site/reviews": "by hand"},
            "was not written by dhrctl site; move it away",
        ),
    ],
)
def test_a_place_that_is_not_ours_is_refused_and_left_as_it_is(
    root: Path, write: Write, where: str, before: Mapping[str, str], said: str
) -> None:
    write(before)
    was = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    with pytest.raises(DhrError, match=said) as refused:
        output.fill_folder(root / where, SITE.items(), root)
    assert refused.value.code == Exit.REFUSED
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == was


def test_nothing_is_written_through_a_link(root: Path, out: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    output.fill_folder(out, [("index.html", b"one")], root)
    (out / "reviews").symlink_to(elsewhere)
    with pytest.raises(DhrError, match="reviews was not written by dhrctl site"):
        output.fill_folder(out, SITE.items(), root)
    assert list(elsewhere.iterdir()) == []


def test_what_the_disk_refuses_is_told(root: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "index.html")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(DhrError, match=r"index.html cannot be written \(No space left on device\)") as refused:
        output.fill_folder(out, SITE.items(), root)
    assert refused.value.code == Exit.ENVIRONMENT
    assert not out.exists()
