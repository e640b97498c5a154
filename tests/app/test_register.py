"""The register from Python: what docs/python.md says, and the same answers as the command line's."""

import json
import pickle
import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_type_hints

import pytest
from conftest import ANYTOWN, RICH, ROOT, Repositories, Run, Write

import dhrctl

DAY = "2025-06-30"
PAGE = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("words", [(), ("is:overdue",), ("is:open", "agency:anytown-council"), ('"no such words"',)])
def test_rows_are_the_items_of_list(words: tuple[str, ...], run: Run) -> None:
    listed = json.loads(run("list", *words, "--json", "--as-of", DAY, cwd=RICH).out)
    assert dhrctl.open_register(RICH, as_of=DAY).rows(*words) == listed["items"]


def test_findings_are_those_of_check_with_what_is_waived(run: Run) -> None:
    found = dhrctl.open_register(RICH, as_of=DAY).findings()
    assert found == json.loads(run("check", "--json", "--as-of", DAY, cwd=RICH).out)["findings"]
    assert {each["waived"] for each in found} == {True, False}
    keys = {"rule", "severity", "path", "line", "column", "message", "id", "waived"}
    assert all(set(each) == keys for each in found)


def test_names_that_are_protected_are_looked_for_and_not_shown(
    write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    names = tmp_path_factory.mktemp("elsewhere") / "names.txt"
    names.write_text("Placeholder Nameless\n", encoding="utf-8")
    monkeypatch.setenv("DHRCTL_PROTECTED_NAMES", str(names))
    path = "register/reviews/anytown-dhr-1/recommendations/01.yaml"
    root = write({**ANYTOWN, path: ANYTOWN[path].replace("training", "training of Placeholder Nameless")})
    found = dhrctl.open_register(root).findings()
    assert "protected-name" in {each["rule"] for each in found}
    assert "Nameless" not in json.dumps(found)


@pytest.mark.parametrize("as_of", [DAY, date(2025, 6, 30), datetime(2025, 6, 30, 23, tzinfo=UTC)])
def test_the_day_is_a_text_or_a_date(as_of: str | date) -> None:
    assert dhrctl.open_register(RICH, as_of=as_of).day == date(2025, 6, 30)


def test_a_folder_below_the_register_serves(anytown: Path) -> None:
    register = dhrctl.open_register(str(anytown / "register" / "reviews"))
    (record,) = register.recommendations
    assert (record.id, register.commit) == ("anytown-dhr-1/01", None)
    assert record.target_date is not None
    assert record.target_date.last == date(2024, 3, 31)


@pytest.mark.parametrize("at", ["2024-01-31", date(2024, 1, 31), datetime(2024, 1, 31, 23, tzinfo=UTC)], ids=str)
def test_the_past_is_read_from_git(at: str | date, repository: Repositories) -> None:
    repo = repository()
    first = repo.adopt("2024-01-10T12:00:00Z")
    path = "register/reviews/anytown-dhr-1/recommendations/01.yaml"
    repo.commit({path: ANYTOWN[path].replace("2024-03", "2024-09")}, "Later", "2024-02-10T12:00:00Z")
    then = dhrctl.open_register(repo.root, at=at)
    assert (then.commit, then.day) == (first, date(2024, 1, 31))
    assert [row["target_date"] for row in then.rows()] == ["2024-03"]
    now = dhrctl.open_register(repo.root, as_of="2024-02-11")
    assert [row["flags"] for row in now.rows("is:slipped")] == [["slipped", "stale"]]


def test_what_changes_afterwards_changes_nothing(anytown: Path) -> None:
    register = dhrctl.open_register(anytown)
    (anytown / "register/reviews/anytown-dhr-1/recommendations/01.yaml").write_text("no record\n", encoding="utf-8")
    assert len(register.rows()) == 1
    assert "wrong-type" not in {each["rule"] for each in register.findings()}


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda root: dhrctl.open_register(root / "register/agencies/none"), "there is no folder"),
        (lambda root: dhrctl.open_register(root.parent), "go to a folder that holds one, or name it"),
        (lambda root: dhrctl.open_register(root, as_of="31 March"), 'as_of: "31 March" is not a day'),
        (lambda root: dhrctl.open_register(root, at="2024-01-31"), "git"),
        (lambda root: dhrctl.open_register(root).rows("is:late-ish"), "is:late-ish"),
    ],
    ids=["no folder", "no register", "no day", "no git", "no query"],
)
def test_what_cannot_be_done_is_one_error(call: Callable[[Path], object], sentence: str, anytown: Path) -> None:
    with pytest.raises(dhrctl.DhrError, match=re.escape(sentence)) as raised:
        call(anytown)
    assert "--" not in str(raised.value)
    assert raised.value.code in (2, 3, 4)


def test_a_file_that_gives_no_record_is_warned_of(write: Write) -> None:
    root = write({**ANYTOWN, "register/agencies/anytown-council.yaml": "name: [\n"})
    with pytest.warns(dhrctl.DhrWarning, match="1 file could not be read as a record") as told:
        register = dhrctl.open_register(root)
    assert told[0].filename == __file__
    assert len(register.rows()) == 1
    assert "register/agencies/anytown-council.yaml" in {each["path"] for each in register.findings()}


@pytest.mark.parametrize("words", [5, ["is:open"], None, b"is:open"], ids=repr)
def test_a_query_word_that_is_no_text_is_refused(words: object, anytown: Path) -> None:
    with pytest.raises(dhrctl.DhrError, match=r"each query word is a text, .*; give them one by one: rows\("):
        dhrctl.open_register(anytown).rows(words)  # type: ignore[arg-type]  # what is refused


@pytest.mark.parametrize("field", ["path", "as_of", "at"])
@pytest.mark.parametrize("given", [5, 2024.5, ["2024-01-31"], b"2024-01-31"], ids=repr)
def test_what_is_of_the_wrong_type_is_refused(field: str, given: object, anytown: Path) -> None:
    with pytest.raises(dhrctl.DhrError, match=f"{field}: it is .*{type(given).__name__}"):
        dhrctl.open_register(**{"path": anytown, field: given})  # type: ignore[arg-type]  # what is refused


def test_it_shows_nothing_that_it_holds(anytown: Path) -> None:
    register = dhrctl.open_register(anytown, as_of="2024-02-01")
    assert repr(register) == f"<register {anytown}, 1 recommendation, as of 2024-02-01>"
    assert register != dhrctl.open_register(anytown, as_of="2024-02-01")
    assert len({register, register}) == 1


def test_no_record_can_be_changed() -> None:
    register = dhrctl.open_register(RICH, as_of=DAY)
    record = next(each for each in register.recommendations if each.as_stated)
    assert isinstance(record, dhrctl.Recommendation)
    stated = record.as_stated
    with pytest.raises(TypeError):
        stated["Column"] = "another"  # type: ignore[index]  # what is refused
    assert dict(stated) == {heading: stated[heading] for heading in stated}
    assert (len(stated), repr(stated)) == (len(dict(stated)), repr(dict(stated)))
    assert pickle.loads(pickle.dumps(record)) == record  # noqa: S301 - our own


def test_types_can_be_named() -> None:
    assert dhrctl.open_register.__module__ == "dhrctl"
    assert get_type_hints(dhrctl.open_register)["return"] is dhrctl.OpenRegister
    assert get_type_hints(dhrctl.OpenRegister.rows)["query"] is str
    assert set(dhrctl.__all__) <= set(dir(dhrctl))


def test_git_is_asked_on_opening_and_no_more(repository: Repositories, counted: Path) -> None:
    repo = repository()
    repo.adopt("2024-01-10T12:00:00Z")
    register = dhrctl.open_register(repo.root, as_of="2024-02-11")
    asked = counted.read_text()
    assert asked
    shutil.rmtree(repo.root / ".git")
    assert len(register.rows("-is:slipped")) == 1
    assert register.findings() == register.findings()
    assert counted.read_text() == asked


def test_a_shallow_clone_is_warned_of_once(repository: Repositories) -> None:
    repo = repository()
    repo.adopt("2024-01-10T12:00:00Z")
    repo.commit({}, "Another", "2024-02-10T12:00:00Z")
    repo.git("clone", "--quiet", "--depth=1", f"file://{repo.root}", "../shallow")
    with pytest.warns(dhrctl.DhrWarning, match="this clone holds only the newest commits") as told:
        dhrctl.open_register(repo.root.parent / "shallow").rows("is:slipped")
    assert [each.filename for each in told] == [__file__]


def test_several_threads_may_ask() -> None:
    register = dhrctl.open_register(RICH, as_of=DAY)
    alone = (register.rows("is:open"), register.findings())
    with ThreadPoolExecutor(4) as threads:
        answers = [threads.submit(lambda: (register.rows("is:open"), register.findings())) for _ in range(8)]
        assert all(answer.result() == alone for answer in answers)


def test_nothing_else_is_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Register'"):
        dhrctl.Register  # noqa: B018 - that it cannot be had is the point


def test_the_package_alone_imports_nothing_else() -> None:
    code = "import sys; before = set(sys.modules); import dhrctl; print(sorted(set(sys.modules) - before))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert "dhrctl" in told
    assert "dhrctl." not in told
    assert "click" not in told


def test_the_page_runs(anytown: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The examples are run one after another; pandas is stood in for by what it is given."""
    examples = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(examples) == 4
    given: list[object] = []
    stand_in = type("pandas", (), {"DataFrame": staticmethod(given.append)})
    monkeypatch.setitem(sys.modules, "pandas", stand_in)
    monkeypatch.chdir(anytown)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        exec("\n".join(examples), {})  # noqa: S102 - the examples of our own page
    assert 'as_of: "31 March" is not a day' in capsys.readouterr().out
    assert [len(rows) for rows in given if isinstance(rows, list)] == [1]
