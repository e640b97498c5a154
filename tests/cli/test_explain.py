"""What a rule means: every rule explained, in every format."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

import pytest

from dhrctl.checks import registry
from dhrctl.findings import rules
from dhrctl.findings.finding import Severity

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

    from dhrctl.findings.finding import Rule

FORMATS = ("table", "json", "jsonl", "csv", "md", "html")
RULES = (*rules.FILE_RULES, *rules.YAML_RULES, *rules.SCHEMA_RULES, *registry.RULES)
WAIVABLE = {rule.name for rule in registry.WAIVABLE}
KEYS = ["rule", "severity", "sentence", "why", "bad", "good", "gap"]


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_says_what_why_bad_good_and_how_to_waive(rule: Rule, run: Run) -> None:
    result = run("explain", rule.name)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(f"{rule.name}\n\n")
    for part in (rule.sentence, rule.why, *rule.bad.splitlines(), *rule.good.splitlines()):
        assert plain(part) in plain(result.out)
    assert (f"- rule: {rule.name}" in result.out) == (rule.name in WAIVABLE)
    assert ("This rule cannot be waived." in result.out) == (rule.name not in WAIVABLE)
    assert ("a warning until the plan is adopted" in plain(result.out)) == rule.gap


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_is_explained_to_programs(rule: Rule, run: Run) -> None:
    answer = json.loads(run("explain", rule.name, "--json").out)
    (item,) = answer["items"]
    assert answer["count"] == 1
    assert list(item) == KEYS
    assert item == {key: getattr(rule, "name" if key == "rule" else key) for key in KEYS}


@pytest.mark.parametrize("form", FORMATS)
def test_a_rule_can_be_explained_in_every_format(form: str, run: Run) -> None:
    result = run("explain", "no-target-date", "--format", form)
    assert (result.code, result.err) == (0, "")
    said = result.out.replace("\\", "").replace("&quot;", '"').replace("&#34;", '"')
    (rule,) = (rule for rule in RULES if rule.name == "no-target-date")
    assert rule.sentence in said
    assert plain(rule.why) in plain(said)
    assert "target_date" in said


@pytest.mark.parametrize("form", FORMATS)
def test_the_rules_are_listed_in_every_format(form: str, run: Run) -> None:
    result = run("explain", "--format", form)
    assert (result.code, result.err) == (0, "")
    said = result.out.replace("\\", "")
    assert all(rule.name in said for rule in RULES)


def test_the_list_has_each_rule_once_with_its_severity_and_sentence(run: Run) -> None:
    lines = [re.split(r"  +", line) for line in run("explain").out.splitlines()]
    assert [line for line in lines if len(line) == 3][1:] == [
        [rule.name, f"{rule.severity} (gap)" if rule.gap else rule.severity, rule.sentence] for rule in RULES
    ]
    items = json.loads(run("explain", "--json").out)["items"]
    assert [item["rule"] for item in items] == [rule.name for rule in RULES]
    table = list(csv.DictReader(io.StringIO(run("explain", "--format", "csv").out)))
    assert [(row["rule"], row["gap"]) for row in table] == [(rule.name, "yes" if rule.gap else "no") for rule in RULES]


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("no-targt-date", "no-target-date"),
        ("No-Target-Date", "no-target-date"),
        ("no_target_date", "no-target-date"),
        ("protected-names", "protected-name"),
        ("target-date", "no-target-date"),
    ],
)
def test_an_unknown_rule_is_refused_with_the_nearest(word: str, nearest: str, run: Run) -> None:
    result = run("explain", word)
    assert (result.code, result.out) == (2, "")
    assert f'there is no rule "{word}" (did you mean "{nearest}"?)' in result.err


def test_a_word_that_resembles_no_rule_is_refused_with_the_way_to_the_list(run: Run) -> None:
    result = run("explain", "xyzzy")
    assert result.code == 2
    assert result.err == 'dhrctl: there is no rule "xyzzy"; see them all with: dhrctl explain\n'


def test_rules_are_explained_where_there_is_no_register(tmp_path: Path, run: Run) -> None:
    assert run("explain", cwd=tmp_path).code == 0
    assert run("explain", "no-target-date", cwd=tmp_path).code == 0


def test_names_are_given_once_and_explain_themselves() -> None:
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", name) for name in names)


def test_a_gap_is_an_error_that_an_unadopted_plan_may_still_have() -> None:
    gaps = [rule for rule in RULES if rule.gap]
    assert gaps
    assert all(rule.severity is Severity.ERROR for rule in gaps)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_an_example_is_plainly_made_up(rule: Rule) -> None:
    assert not re.search(r"middlesbrough|tyneside|cleveland|foundations", f"{rule.bad} {rule.good}", re.IGNORECASE)
