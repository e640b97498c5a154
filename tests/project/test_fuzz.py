"""What the fuzzer does, without it: its seeds and any bytes are judged, and the seeds reach the rules."""

import importlib.util
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from conftest import FEWER, ROOT
from hypothesis import given
from hypothesis import strategies as st

from dhrctl.checks import registry, transitions
from dhrctl.findings import rules

if TYPE_CHECKING:
    from dhrctl.findings.finding import Finding

FUZZ = ROOT / "fuzz"
SEEDS = sorted((FUZZ / "seeds").iterdir())
Judge = Callable[[bytes], "tuple[Finding, ...]"]
# These need more than one file that is anything, or a file that is no file.
OUT_OF_REACH = {
    *(rule.name for rule in (*rules.FILE_RULES, *transitions.RULES)),
    *("too-large", "duplicate-number", "duplicates-disagree", "alias-shared-by-two-agencies", "orphan-update"),
    "reserved-name",
    *("register-file-missing", "review-file-missing", "unused-agency", "updates-disagree", "redated-when-closed"),
}


@pytest.fixture(scope="module")
def judged() -> Judge:
    """Return what the fuzzer hands any bytes to."""
    spec = importlib.util.spec_from_file_location("judge", FUZZ / "judge.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Judge = module.judged
    return found


def test_the_seeds_reach_every_rule_that_one_file_can_break(judged: Judge) -> None:
    found = {finding.rule.name for seed in SEEDS for finding in judged(seed.read_bytes())}
    every = {rule.name for rule in (*rules.FILE_RULES, *rules.YAML_RULES, *rules.SCHEMA_RULES, *registry.RULES)}
    assert sorted(every - found - OUT_OF_REACH) == []
    assert sorted(found & OUT_OF_REACH) == []


@FEWER
@given(st.data())
def test_seeds_that_are_mangled_or_joined_give_records_or_findings(judged: Judge, data: st.DataObject) -> None:
    one, other = (data.draw(st.sampled_from(SEEDS)).read_bytes() for _ in range(2))
    start, end = data.draw(st.integers(0, len(one))), data.draw(st.integers(0, len(other)))
    judged(one[:start] + data.draw(st.binary(max_size=6)) + other[end:])
