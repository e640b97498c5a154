"""Hold each workflow to what it may do."""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from dhrctl.files.yaml import reader

FOLDER = ROOT / ".github" / "workflows"
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.iterdir())}
WORKFLOWS: Mapping[str, Any] = {name: reader.parse(text.encode()) for name, text in TEXTS.items()}
JOBS = {(name, job): each for name, workflow in WORKFLOWS.items() for job, each in workflow["jobs"].items()}
READS = {"contents": "read"}
MAY: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("check", "register"): READS,
    ("check", "tests"): READS,
    ("digest", "digest"): {**READS, "issues": "write"},
    ("pages", "site"): {**READS, "pages": "read"},
    ("pages", "publish"): {"pages": "write", "id-token": "write"},
}


def test_each_job_may_do_what_it_must_and_nothing_else() -> None:
    assert {name: dict(job["permissions"]) for name, job in JOBS.items()} == MAY


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_grants_nothing_to_all_its_jobs_and_each_has_its_end(name: str) -> None:
    workflow = WORKFLOWS[name]
    assert workflow["permissions"] == {}
    assert "group" in workflow["concurrency"]
    assert all(0 < job["timeout-minutes"] <= 30 for job in workflow["jobs"].values())
    assert "pull_request_target" not in TEXTS[name]
    assert "secrets." not in TEXTS[name]


def steps(name: str) -> list[Mapping[str, Any]]:
    return [step for job in WORKFLOWS[name]["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_actions_are_first_party_and_pinned_by_a_full_hash_with_its_version(name: str) -> None:
    used = re.findall(r"uses: (.*)$", TEXTS[name], re.MULTILINE)
    assert len(used) == sum("uses" in step for step in steps(name)) > 0
    for action in used:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+", action), action


@pytest.mark.parametrize("name", WORKFLOWS)
def test_no_checkout_keeps_a_token_and_no_line_runs_what_others_wrote(name: str) -> None:
    assert steps(name)
    for step in steps(name):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
        assert "${{" not in step.get("run", "")


def test_every_workflow_has_a_checkout_and_lines_to_run() -> None:
    for name in WORKFLOWS:
        assert [each for each in steps(name) if each.get("uses", "").startswith("actions/checkout@")]
        assert [each for each in steps(name) if "run" in each]


def test_the_check_asks_when_something_is_proposed_or_pushed() -> None:
    assert set(WORKFLOWS["check"]["on"]) == {"pull_request", "push"}


def test_the_workflow_checks_the_register_and_proves_the_program() -> None:
    runs = [step["run"] for step in steps("check") if "run" in step]
    assert "dhrctl check" in runs
    assert "make thorough" in runs
    assert any("-c constraints.txt" in line for line in runs)


def test_a_pull_request_is_judged_as_a_change_with_its_whole_history() -> None:
    register = WORKFLOWS["check"]["jobs"]["register"]["steps"]
    assert register[0]["with"]["fetch-depth"] == 0
    when = {step["run"]: step["if"] for step in register if "if" in step}
    assert when == {
        "dhrctl check": "github.event_name == 'push'",
        'dhrctl check --since "origin/$GITHUB_BASE_REF" '
        "--fictitious benchmarks --fictitious dhrctl --fictitious docs --fictitious tests": "github.event_name == 'pull_request'",
        'dhrctl diff "origin/$GITHUB_BASE_REF" --format md >> "$GITHUB_STEP_SUMMARY"': (
            "github.event_name == 'pull_request' && !cancelled()"
        ),
    }


# What the digest and the pages do, with a `gh` and a `dhrctl` that only say what they were asked


def ran(step: Mapping[str, Any], folder: Path, answers: Mapping[str, str]) -> tuple[int, list[str], str]:
    """Run the lines of a step as GitHub does; return the code, what was asked of the tools, and what it said."""
    cases = "".join(f"  {pattern}) echo '{answer}' ;;\n" for pattern, answer in answers.items())
    tool = f'#!/bin/sh\necho "$(basename "$0") $*" >> "{folder}/asked"\ncase "$*" in\n{cases}  *) ;;\nesac\n'
    for name in ("gh", "dhrctl"):
        (folder / name).write_text(tool, encoding="utf-8")
        (folder / name).chmod(0o755)
    environment = {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "RUNNER_TEMP": "/temp",
        "GITHUB_REPOSITORY": "a/b",
        "GH_REPO": "a/b",
        "LABEL": "dhrctl-digest",
    }
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    asked = folder / "asked"
    return done.returncode, asked.read_text(encoding="utf-8").splitlines() if asked.exists() else [], done.stdout


def step(workflow: str, name: str) -> Mapping[str, Any]:
    return next(each for each in steps(workflow) if each.get("name") == name)


def test_the_digest_is_written_on_a_schedule_and_when_asked_for() -> None:
    assert set(WORKFLOWS["digest"]["on"]) == {"schedule", "workflow_dispatch"}


@pytest.mark.parametrize(("private", "audience"), [("true", "partners"), ("false", "public"), ("", "public")])
def test_the_digest_holds_what_the_readers_of_the_repository_may_see(
    private: str, audience: str, tmp_path: Path
) -> None:
    code, asked, _ = ran(step("digest", "Write the digest"), tmp_path, {"*.private*": private})
    assert code == 0
    assert asked[-1] == f"dhrctl digest --audience {audience} --limit 65000 --out /temp/digest.md"


@pytest.mark.parametrize(
    ("known", "last"),
    [
        ("7", "gh issue edit 7 --title What each agency owes --body-file /temp/digest.md"),
        ("", "gh issue create --title What each agency owes --label dhrctl-digest --body-file /temp/digest.md"),
    ],
)
def test_one_issue_is_kept_up_to_date(known: str, last: str, tmp_path: Path) -> None:
    code, asked, _ = ran(step("digest", "Keep the one issue up to date"), tmp_path, {"issue\\ list*": known})
    assert code == 0
    assert "--label dhrctl-digest --state open" in asked[1]
    assert asked[-1] == last


def test_pages_are_published_only_where_that_was_chosen() -> None:
    workflow = WORKFLOWS["pages"]
    assert set(workflow["on"]) == {"push", "workflow_dispatch"}
    assert workflow["on"]["push"] == {"branches": ["main"]}
    assert workflow["jobs"]["site"]["if"] == "vars.DHRCTL_PAGES == 'publish'"
    assert workflow["jobs"]["publish"]["needs"] == "site"


def test_pages_hold_what_the_public_may_see() -> None:
    made = [line for each in steps("pages") for line in each.get("run", "").splitlines() if "dhrctl " in line]
    assert made == ['dhrctl site --audience public --out "$RUNNER_TEMP/site"']


@pytest.mark.parametrize(
    ("private", "public", "code"),
    [("false", "true", 0), ("true", "false", 0), ("true", "true", 1), ("true", "null", 1), ("", "", 1)],
)
def test_a_private_repository_is_not_opened_by_its_site(private: str, public: str, code: int, tmp_path: Path) -> None:
    first = steps("pages")[0]
    ended, _, said = ran(first, tmp_path, {"*/pages*": public, "*.private*": private})
    assert ended == code
    assert ("would be public" in said) is bool(code)
