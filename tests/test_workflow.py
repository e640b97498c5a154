"""Hold the workflow of continuous integration to what it may do."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dhrctl import yamltext

PATH = Path(__file__).resolve().parents[1] / ".github" / "workflows" / "check.yml"
WORKFLOW = PATH.read_text(encoding="utf-8")


def test_the_workflow_can_be_read_and_asks_for_nothing_but_reading() -> None:
    workflow = yamltext.parse(WORKFLOW.encode())
    assert set(workflow["on"]) == {"pull_request", "push"}
    assert workflow["permissions"] == {}
    assert "group" in workflow["concurrency"]
    for job in workflow["jobs"].values():
        assert job["permissions"] == {"contents": "read"}
        assert 0 < job["timeout-minutes"] <= 30
    assert "pull_request_target" not in WORKFLOW
    assert "secrets" not in WORKFLOW


def steps() -> list[Mapping[str, Any]]:
    return [step for job in yamltext.parse(WORKFLOW.encode())["jobs"].values() for step in job["steps"]]


def test_actions_are_first_party_and_pinned_by_a_full_hash_with_its_version() -> None:
    used = re.findall(r"uses: (.*)$", WORKFLOW, re.MULTILINE)
    assert len(used) == sum("uses" in step for step in steps())
    for action in used:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+", action), action


def test_no_checkout_keeps_a_token_and_no_line_runs_what_others_wrote() -> None:
    for step in steps():
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
        assert "${{" not in step.get("run", "")


def test_the_workflow_checks_the_register_and_proves_the_program() -> None:
    runs = [step["run"] for step in steps() if "run" in step]
    assert "dhrctl check" in runs
    assert "make test" in runs
    assert any("-c constraints.txt" in line for line in runs)


def test_a_pull_request_is_judged_as_a_change_with_its_whole_history() -> None:
    register = yamltext.parse(WORKFLOW.encode())["jobs"]["register"]["steps"]
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
