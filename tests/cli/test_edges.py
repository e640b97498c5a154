"""The ways of ending that no ordinary run takes."""

import io
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from conftest import ROOT
from ruamel.yaml.error import YAMLError

from dhrctl.cli import main
from dhrctl.cli.app import program
from dhrctl.files import load, schema
from dhrctl.files.tree import Tree
from dhrctl.files.yaml import reader
from dhrctl.findings.rules import INVALID_YAML
from dhrctl.render import formats
from dhrctl.reports import findings

if TYPE_CHECKING:
    from conftest import Run

DHRCTL = Path(sys.executable).with_name("dhrctl")


def test_a_command_that_is_not_there_is_none() -> None:
    assert program.get_command(click.Context(program), "zzz") is None


def test_an_answer_goes_to_any_stream_that_takes_text(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    assert main(["-C", str(ROOT), "status"]) == 0
    assert "48 recommendations in 2 reviews" in stream.getvalue()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("command", ["list", "list dhr-3/05"])
def test_a_full_disk_is_told_and_is_no_bug(command: str) -> None:
    asked = [sys.executable, "-m", "dhrctl", *command.split()]
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(asked, stdout=full, stderr=subprocess.PIPE, cwd=ROOT, env=kept, text=True, check=False)
    assert done.returncode == 4
    assert done.stderr == (
        "dhrctl: the answer could not be written (No space left on device); send it to another place\n"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="a shell that closes a stream is needed")
def test_a_closed_stream_is_no_bug() -> None:
    done = subprocess.run(["sh", "-c", f"{DHRCTL} list >&-"], stderr=subprocess.PIPE, cwd=ROOT, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_settings_that_cannot_be_read_are_said_to_be_the_usual_ones(run: "Run", anytown: Path) -> None:
    (anytown / "register" / "register.yaml").write_text("schema_version: 1\ndue_soon_days: 90\ntitel: x\n")
    result = run("status", cwd=anytown)
    assert result.code == 1
    assert "judged by the usual settings, as register.yaml cannot be read" in result.err


def test_what_the_schema_lets_pass_and_nobody_can_read_is_still_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "faults", lambda *_: ())
    found = load.read_register(Tree(contents={"register/register.yaml": b"schema_version: 1\n"}))
    assert [str(finding) for finding in found.findings] == [
        'register/register.yaml:1:1: error wrong-type: the key "title" is missing'
    ]


def test_a_plan_without_its_review_is_printed_under_the_name_of_its_folder(run: "Run", anytown: Path) -> None:
    (anytown / "register" / "reviews" / "anytown-dhr-1" / "review.yaml").unlink()
    result = run("render", "action-plan", cwd=anytown)
    assert result.code == 0
    assert result.out.startswith("# anytown-dhr-1\n")
    assert "That training is reviewed." in result.out


def test_a_plan_of_nothing_says_so(run: "Run") -> None:
    result = run("render", "action-plan", "is:on-track")
    assert result.code == 0
    assert "Only: is:on-track\n" in result.out
    assert "No recommendation matches." in result.out


@pytest.mark.parametrize("command", [("status",), ("list",), ("render", "action-plan"), ("render", "summary")])
def test_a_register_without_recommendations_says_so_and_what_to_do(
    run: "Run", anytown: Path, command: tuple[str, ...]
) -> None:
    (anytown / "register/reviews/anytown-dhr-1/recommendations/01.yaml").unlink()
    said = "There is no recommendation yet; add the first under register/reviews/."
    for query, expected in (((), True), (("is:open",), False)):
        result = run(*command, *query, cwd=anytown)
        assert result.code == 0
        assert (said in result.out, "No recommendation matches." in result.out) == (expected, not expected)


@pytest.mark.parametrize(
    ("span", "said"),
    [
        ("9999d", None),
        ("9999m", None),
        ("10000d", "10000d is too long a span; write a number of at most 9999"),
        ("999999999d", "999999999d is too long a span; write a number of at most 9999"),
        (f"{'9' * 5000}w", f"{'9' * 20} is too long a span; write a number of at most 9999"),
        ("-1d", '"-1d" is not a span; write it as 30d, 6w or 3m'),
    ],
    ids=lambda value: str(value)[:12],
)
def test_a_span_of_any_length_is_understood_or_refused(run: "Run", anytown: Path, span: str, said: str | None) -> None:
    result = run("overdue", f"--within={span}", cwd=anytown)
    assert (result.code, result.err) == ((2, f"dhrctl: --within: {said}\n") if said else (0, ""))


def test_a_complaint_without_a_place_is_put_at_the_beginning() -> None:
    refused = reader._translate_error(YAMLError("something"), "a: 1\n")
    assert (refused.rule, refused.line, refused.column) == (INVALID_YAML, 1, 1)
    assert refused.message.startswith("this is not valid YAML; look at")


def test_a_job_summary_of_nothing_has_no_table() -> None:
    report = findings.report_findings([], 3, date(2026, 11, 22))
    assert formats.job_summary(report, {}) == (
        "## dhrctl check\n\n3 files checked: 0 errors, 0 warnings, 0 notes, 0 waived.\n\n"
    )
