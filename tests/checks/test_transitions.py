"""What `check --since` judges: the change itself, and what its commits hold; with real repositories."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dhrctl.checks import commits, registry, safety, transitions
from dhrctl.files import load
from dhrctl.files.tree import Tree
from dhrctl.git.clock import ClockSlip
from dhrctl.git.repository import Repo

if TYPE_CHECKING:
    from conftest import Golden, Result, Run, Write

DAY = date(2024, 6, 30)
FORMATS = ("table", "json", "jsonl", "csv", "md", "html", "github", "gitlab", "sarif", "junit")
FOLDER = "register/reviews/anytown-dhr-1"
RECORD = f"{FOLDER}/recommendations/01.yaml"
OPEN = """\
recommendation: That training is reviewed.
section: Police
lead_agencies:
  - anytown-police
target_date: "2024-03"
status: in-progress
"""
REVIEW = """\
title: Anytown DHR 1
kind: dhr
partnership: anytown-police
sections:
  - Police
"""
DONE = OPEN.replace("in-progress", "complete") + 'completion_date: "2024-05"\noutcomes:\n  - All are trained.\n'
ANYTOWN = {
    "register/register.yaml": "schema_version: 1\ntitle: Anytown action register\n",
    "register/agencies/anytown-police.yaml": "name: Anytown Police\nkind: police\n",
    "register/agencies/anytown-council.yaml": "name: Anytown Council\nkind: local-authority\n",
    f"{FOLDER}/review.yaml": REVIEW,
    RECORD: OPEN,
}

Files = Mapping[str, str | None]


def update(day: str, more: str = "", number: str = "01") -> dict[str, str]:
    path = f"{FOLDER}/updates/{number}/{day}-anytown-police.yaml"
    return {path: f'date: "{day}"\nagency: anytown-police\ntext: Work goes on.\n{more}'}


def register_files(*changes: Files) -> dict[str, str]:
    files: dict[str, str | None] = dict(ANYTOWN)
    for change in changes:
        files |= change
    return {path: text for path, text in files.items() if text is not None}


def read(files: Mapping[str, str]) -> load.Reading:
    return load.read_register(Tree(contents={path: text.encode() for path, text in files.items()}), thorough=True)


def judged(
    before: Files,
    after: Files,
    earlier: Mapping[str, frozenset[str]] | None = None,
    clocks: tuple[ClockSlip, ...] = (),
) -> list[tuple[str, str]]:
    """Return the rule and the message of all that a change from one register to another breaks."""
    old, new = register_files(before), register_files(before, after)
    change = transitions.RegisterChange(
        before=read(old).register, after=read(new).register, day=DAY, earlier=earlier or {}, clocks=clocks
    )
    return [(finding.rule.name, finding.message) for finding in registry.check_transitions(change)]


def said(text: str) -> str:
    return OPEN.replace("That training is reviewed.", text)


OLD = update("2024-02-01")
PATH = next(iter(OLD))
WHY = "reason: The audit found it so.\n"
FREE: dict[str, str | None] = {RECORD: None}


def status(word: str) -> str:
    return OPEN.replace("in-progress", word)


def numbered(number: str, text: str = OPEN) -> dict[str, str]:
    return {f"{FOLDER}/recommendations/{number}.yaml": text}


LED = OPEN.replace("  - anytown-police", "  - anytown-council")
LATER = OPEN.replace('"2024-03"', '"2024-09"')
UNDATED = OPEN.replace('target_date: "2024-03"\n', "")
REDATED = DONE.replace("2024-05", "2024-04")
NO_DATE = DONE.replace('completion_date: "2024-05"\n', "")
CANCELLED = DONE.replace("complete\n", "cancelled\n")
DATED = '    target_date: "2024-02"\n'
ACTED = f"{OPEN}actions:\n  - text: Train all.\n{DATED}  - text: Ask them.\n"
MONTHLY = {"register/register.yaml": "schema_version: 1\ntitle: Anytown\nupdate_cycle_months: 1\n"}
YEARLY = {f"{FOLDER}/review.yaml": REVIEW + "update_cycle_months: 12\n"}


def adopted(day: str, more: str = "") -> dict[str, str]:
    return {f"{FOLDER}/review.yaml": f'{REVIEW}adopted: "{day}"\n{more}'}


NOTED = "notes:\n  - Two agencies had not agreed.\n"
RED: list[tuple[str, Files, Files, str]] = [
    (
        "status-regressed",
        {RECORD: DONE},
        {RECORD: OPEN + 'completion_date: "2024-05"\n'},
        "from complete to in-progress",
    ),
    ("status-regressed", {}, {RECORD: status("not-started")}, "from in-progress to not-started; add an update with"),
    ("status-regressed", {}, {RECORD: status("unknown")}, "from in-progress to unknown"),
    ("status-regressed", {RECORD: status("cancelled")}, {RECORD: status("on-hold")}, "from cancelled to on-hold"),
    ("status-regressed", {}, {RECORD: status("unknown"), **update("2024-06-01", "status: unknown\n")}, "reason"),
    ("status-regressed", {}, {RECORD: status("unknown"), **update("2024-06-01", WHY)}, "status: unknown and a reason"),
    ("target-moved-later", {}, {RECORD: LATER}, 'from 2024-03 to 2024-09; add an update with target_date: "2024-09"'),
    ("target-moved-later", {}, {RECORD: UNDATED}, "2024-03 was taken away"),
    ("target-moved-later", {}, {RECORD: UNDATED, **OLD}, "2024-03 was taken away"),
    ("target-moved-later", {}, {RECORD: LATER, **update("2024-06-01", f'{WHY}target_date: "2024-08"\n')}, "moved"),
    ("completion-withdrawn", {RECORD: DONE}, {RECORD: CANCELLED}, "this was complete, and is cancelled"),
    ("completion-withdrawn", {RECORD: DONE}, {RECORD: NO_DATE}, "the completion date 2024-05 was taken away"),
    ("completion-withdrawn", {RECORD: DONE}, {RECORD: REDATED}, "was 2024-05, and is 2024-04"),
    ("lead-changed", {}, {RECORD: LED}, "the lead was anytown-police, and is anytown-council; add"),
    ("completion-unsupported", {}, {RECORD: DONE}, "no update says so in this change; add one with status: complete"),
    (
        "target-moved-later",
        {RECORD: ACTED},
        {RECORD: ACTED.replace("2024-02", "2024-04")},
        "from 2024-02 to 2024-04; add",
    ),
    (
        "target-moved-later",
        {RECORD: ACTED},
        {RECORD: ACTED.replace(DATED, "")},
        "this action lost its target date 2024-02",
    ),
    (
        "target-moved-later",
        {RECORD: ACTED},
        {RECORD: ACTED.replace("2024-02", "2024-04"), **update("2024-06-01")},
        "this action's target date moved",
    ),
    (
        "completion-unsupported",
        {},
        {RECORD: NO_DATE, **update("2024-06-01", "status: complete\n")},
        "no completion_date",
    ),
    (
        "completion-unsupported",
        {},
        {RECORD: status("complete") + 'completion_date: "2024-05"\n', **update("2024-06-01", "status: complete\n")},
        "this became complete, and there is neither an outcome nor evidence",
    ),
    ("recommendation-wording-changed", {}, {RECORD: said("That staff are offered it.")}, "was changed; add an update"),
    ("recommendation-wording-changed", {}, {RECORD: said("null")}, "the wording"),
    ("update-edited", OLD, update("2024-02-01", WHY), "this update was given before, and is changed; put it back"),
    ("update-removed", OLD, {PATH: None}, "this update was taken away"),
    ("update-removed", OLD, {PATH: None, **numbered("02"), **update("2024-02-01", number="02")}, "taken away"),
    ("recommendation-removed", numbered("02"), FREE, "taken away; put it back"),
    ("recommendation-removed", {}, FREE, "taken away; put it back, as superseded, cancelled or not-accepted"),
    ("recommendation-removed", {}, {RECORD: None, **numbered("02", said("Another."))}, "taken away"),
    (
        "recommendation-removed",
        {},
        {RECORD: None, **numbered("02")},
        "this was anytown-dhr-1/01, and has another number",
    ),
    ("adoption-withdrawn", adopted("2024-03-01"), ANYTOWN, "adopted on 2024-03-01, and is no longer; put it back"),
    ("adoption-withdrawn", adopted("2024-06-30"), adopted("2024-07-01"), "and is put off to 2024-07-01; put it back"),
    ("adoption-withdrawn", adopted("2024-03-01", NOTED), adopted("2025-03-01", NOTED), "or add a note that says why"),
    (
        "update-out-of-order",
        OLD,
        update("2023-10-31"),
        "of 2023-10-31, and the newest before it is of 2024-02-01; date",
    ),
    ("update-out-of-order", {**OLD, **MONTHLY}, update("2023-12-31"), "2023-12-31"),
]


@pytest.mark.parametrize(("rule", "before", "after", "message"), RED)
def test_a_change_that_is_not_explained_is_an_error(rule: str, before: Files, after: Files, message: str) -> None:
    found = judged(before, after)
    assert [each for each, _ in found] == [rule]
    assert message in found[0][1]


SLIP = ClockSlip(name="1" * 40, day=date(2031, 1, 1), counted=date(2024, 3, 1))
REUSED = {"anytown-dhr-1/5": frozenset({"that leaflets are printed."})}


@pytest.mark.parametrize("rule", [rule.name for rule in transitions.RULES])
def test_what_a_change_breaks_is_told_word_for_word(rule: str, golden: "Golden") -> None:
    rows = [(before, after) for of, before, after, _ in RED if of == rule]
    found = [each for before, after in rows for each in judged(before, after)]
    found += judged({}, numbered("05"), REUSED) if rule == "number-reused" else []
    found += judged({}, {}, clocks=(SLIP,)) if rule == "clock-went-back" else []
    golden(f"../cases/changes/{rule}.txt", "".join(f"{name}: {message}\n" for name, message in found))


GREEN: list[tuple[Files, Files]] = [
    ({}, {}),
    ({}, OLD),
    ({}, {RECORD: status("on-hold")}),
    ({RECORD: status("on-hold")}, {RECORD: OPEN}),
    ({RECORD: status("unknown")}, {RECORD: status("not-started")}),
    ({}, {RECORD: status("not-accepted")}),
    ({}, {RECORD: status("unknown"), **update("2024-06-01", f"{WHY}status: unknown\n")}),
    ({RECORD: DONE}, {RECORD: OPEN, **update("2024-06-01", f"{WHY}status: in-progress\n")}),
    ({RECORD: DONE}, {RECORD: CANCELLED, **update("2024-06-01", f"{WHY}status: cancelled\n")}),
    ({RECORD: DONE}, {RECORD: NO_DATE, **update("2024-06-01", f"{WHY}status: complete\n")}),
    ({RECORD: DONE}, {RECORD: REDATED, **update("2024-06-01", f'{WHY}completion_date: "2024-04"\n')}),
    ({RECORD: DONE}, {RECORD: DONE.replace("2024-05", "2024-05-31")}),
    ({}, {RECORD: LATER, **update("2024-06-01", f'{WHY}target_date: "2024-09"\n')}),
    ({}, {RECORD: OPEN.replace("2024-03", "2024-02")}),
    ({}, {RECORD: OPEN.replace("2024-03", "2024-03-31")}),
    ({RECORD: ACTED}, {RECORD: ACTED.replace("2024-02", "2024-04"), **update("2024-06-01", WHY)}),
    ({RECORD: ACTED}, {RECORD: ACTED.replace("2024-02", "2024-01")}),
    (
        {RECORD: ACTED},
        {RECORD: ACTED.replace(f"  - text: Train all.\n{DATED}", "") + f"  - text: Train\n      all.\n{DATED}"},
    ),
    ({RECORD: ACTED}, {RECORD: ACTED.replace("Train all", "Train some").replace("2024-02", "2024-04")}),
    ({RECORD: ACTED.replace(DATED, "")}, {RECORD: ACTED}),
    ({RECORD: UNDATED}, {RECORD: LATER}),
    ({}, {RECORD: UNDATED, **update("2024-06-01", WHY)}),
    ({}, {RECORD: LED, **update("2024-06-01", f"{WHY}lead_agencies:\n  - anytown-council\n")}),
    (
        {RECORD: OPEN.replace("  - anytown-police", "  - anytown-police\n  - anytown-council")},
        {RECORD: OPEN.replace("  - anytown-police", "  - anytown-council\n  - anytown-police")},
    ),
    ({}, {RECORD: DONE, **update("2024-06-01", "status: complete\n")}),
    (
        {},
        {
            RECORD: status("complete") + 'completion_date: "2024-05"\n',
            **update("2024-06-01", "status: complete\nevidence:\n  - kind: policy\n    title: The policy\n"),
        },
    ),
    ({RECORD: DONE}, {RECORD: DONE}),
    ({}, numbered("02", DONE.replace("reviewed", "held"))),
    ({}, {RECORD: said("The new words."), **update("2024-06-01", WHY)}),
    ({}, {RECORD: said("|-\n  That training\n  is reviewed.")}),
    ({}, {RECORD: said("THAT training is reviewed.")}),
    ({RECORD: said("null")}, {RECORD: OPEN}),
    (OLD, {PATH: OLD[PATH].replace("Work goes on.", "|-\n  Work\n  goes on.")}),
    (OLD, {PATH: None, PATH.replace("police.", "police-2."): OLD[PATH]}),
    (update("2024-02-01", number="09"), {PATH.replace("/01/", "/09/"): None, **OLD}),
    (
        OLD,
        {
            RECORD: None,
            PATH: None,
            **numbered("02"),
            **update("2024-02-01", number="02"),
            **update("2024-06-01", WHY, "02"),
        },
    ),
    ({RECORD: "recommendation: [\n"}, {RECORD: DONE}),
    ({}, {RECORD: "recommendation: [\n"}),
    ({PATH: "text: [\n"}, OLD),
    (OLD, {PATH: "text: [\n"}),
    (update("2024-12-01"), OLD),
    (OLD, update("2023-11-01")),
    ({**OLD, **YEARLY}, update("2023-03-01")),
    (adopted("2024-03-01"), adopted("2024-04-01")),
    (adopted("2024-03-01"), {f"{FOLDER}/review.yaml": REVIEW + NOTED}),
    (adopted("2024-07-01"), ANYTOWN),
    (adopted("2024-03-01"), {path: None for path in ANYTOWN if path.endswith("review.yaml")}),
]


@pytest.mark.parametrize(("before", "after"), GREEN)
def test_a_change_that_is_explained_or_needs_no_explanation_is_none(before: Files, after: Files) -> None:
    assert judged(before, after) == []


def test_every_rule_is_broken_somewhere_and_is_an_error_that_cannot_be_waived() -> None:
    apart = {"number-reused", "clock-went-back"}
    assert {rule for rule, *_ in RED} | apart == {rule.name for rule in transitions.RULES}
    assert {rule.name for rule in transitions.RULES if rule.severity != "error"} == {"clock-went-back"}
    assert not set(transitions.RULES) & set(registry.WAIVABLE)
    assert set(transitions.RULES) <= set(registry.RULES)


def test_an_update_that_was_there_explains_nothing_also_when_it_is_edited_or_renamed() -> None:
    given = update("2024-06-01", f"{WHY}status: unknown\n")
    path, text = next(iter(given.items()))
    rules = {"status-regressed"}
    assert {rule for rule, _ in judged(given, {RECORD: status("unknown")})} == rules
    moved = {path: None, path.replace(".yaml", "-2.yaml"): text}
    assert {rule for rule, _ in judged(given, {RECORD: status("unknown"), **moved})} == rules
    edited = {RECORD: status("unknown"), path: f"{text}by: Chair\n"}
    assert {rule for rule, _ in judged(given, edited)} == {*rules, "update-edited"}


@pytest.mark.parametrize(
    ("number", "known", "broken"),
    [
        ("05", {"anytown-dhr-1/5": frozenset({"that leaflets are printed."})}, True),
        ("5", {"anytown-dhr-1/5": frozenset({"that leaflets are printed."})}, True),
        ("05", {"anytown-dhr-1/5": frozenset({"that leaflets are printed.", "that training is reviewed."})}, False),
        ("05", {"anytown-dhr-1/6": frozenset({"that leaflets are printed."})}, False),
        ("05", {}, False),
    ],
)
def test_a_number_keeps_its_wording(number: str, known: Mapping[str, frozenset[str]], *, broken: bool) -> None:
    found = judged({}, numbered(number), known)
    assert [rule for rule, _ in found] == ["number-reused"] * broken
    assert not broken or f"the number {number} was that of another recommendation" in found[0][1]


def test_the_number_of_one_that_was_renumbered_is_not_given_to_a_new_one() -> None:
    explained = {**numbered("02"), **update("2024-06-01", WHY, "02")}
    assert judged({}, {RECORD: None, **explained}) == []
    assert [rule for rule, _ in judged({}, {RECORD: said("That leaflets are printed."), **explained})] == [
        "number-reused"
    ]
    other = numbered("02", said("That leaflets are printed."))
    swapped = {RECORD: other[f"{FOLDER}/recommendations/02.yaml"], **numbered("02")}
    reasons = {**update("2024-06-01", WHY), **update("2024-06-01", WHY, "02")}
    assert [rule for rule, _ in judged(other, swapped)] == ["recommendation-removed"] * 2
    assert judged(other, {**swapped, **reasons}) == []


def test_the_folder_of_a_review_may_be_renamed_with_all_that_is_in_it() -> None:
    before = register_files(numbered("02", said("null") + "actions:\n  - text: Do it.\n"), OLD)
    after = {path.replace("dhr-1", "dhr-one"): text for path, text in before.items()}
    change = transitions.RegisterChange(before=read(before).register, after=read(after).register, day=DAY, earlier={})
    assert registry.check_transitions(change) == ()
    assert dict(change.renumbered) == {
        f"anytown-dhr-1/{number}": f"anytown-dhr-one/{number}" for number in ("01", "02")
    }


def test_of_two_with_one_wording_each_finds_its_own_number_in_the_other_review() -> None:
    before = register_files(numbered("02"))
    after = {path.replace("dhr-1", "dhr-one"): text for path, text in before.items()}
    change = transitions.RegisterChange(before=read(before).register, after=read(after).register, day=DAY, earlier={})
    assert {pair.old.number == pair.new.number for pair in change.pairs} == {True}
    assert len(change.pairs) == 2


# What a file's bytes hold

NAME = "Placeholder Nameless"
PHONE = "0191/496/0311".replace("/", " ")  # written so that this file holds none
NAMES = safety.protected_name([NAME])


@pytest.mark.parametrize(
    ("content", "rules"),
    [
        (f"Ask {NAME}.".encode(), ["protected-name"]),
        (f"Ask {NAME} on {PHONE}.".encode(), ["personal-identifier", "protected-name"]),
        (f"Ask {NAME} on {PHONE}.".encode("utf-16"), ["personal-identifier", "protected-name"]),
        (b"\0" + f"Ask {NAME} on {PHONE}.".encode(), ["protected-name"]),
        (b"\xff\xfe\xfd", []),
        (b"\xff\xfe\x00\xd8", []),
        (bytes(range(256)) * 4096, []),
        (b"", []),
    ],
)
def test_bytes_are_searched_as_text_and_as_text_in_wide_letters(content: bytes, rules: list[str]) -> None:
    assert sorted(each.rule.name for each in commits.find_secrets(content, NAMES)) == rules


# Real repositories

_WHO = {"NAME": "A. N. Officer", "EMAIL": "officer", "DATE": "2024-01-01T12:00:00Z"}
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    **{f"GIT_{who}_{what}": said for who in ("AUTHOR", "COMMITTER") for what, said in _WHO.items()},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


class Repository:
    """A repository with a branch `main`, and a branch `work` that is looked at."""

    def __init__(self, root: Path, run: "Run", write: "Write") -> None:
        self.root, self._run, self._write = root, run, write
        self.git("init", "-q", "-b", "main")
        self.commit("Begin the register", register_files())
        self.git("switch", "-q", "-c", "work")

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=self.root, env=ENVIRONMENT, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def put(self, files: Mapping[str, str | bytes | None]) -> None:
        self._write({path: content for path, content in files.items() if content is not None})
        for path, content in files.items():
            if content is None:
                (self.root / path).unlink()

    def commit(self, message: str, files: Mapping[str, str | bytes | None]) -> str:
        self.put(files)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "--allow-empty-message", "-m", message)
        return self.git("rev-parse", "HEAD")[:8]

    def check(self, *arguments: str, since: str = "main") -> "Result":
        return self._run("check", "--since", since, "--as-of", DAY.isoformat(), *arguments, cwd=self.root)

    def errors(self, *arguments: str, since: str = "main") -> list[Any]:
        result = self.check("--json", "--severity", "error", *arguments, since=since)
        assert result.code in (0, 1), result.err
        return [finding for finding in json.loads(result.out)["findings"] if not finding["waived"]]

    def rules(self, *arguments: str, since: str = "main") -> list[str]:
        return [finding["rule"] for finding in self.errors(*arguments, since=since)]


@pytest.fixture
def repository(tmp_path: Path, run: "Run", write: "Write") -> Repository:
    return Repository(tmp_path, run, write)


@pytest.fixture
def _names(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, run: "Run") -> None:
    assert run is not None
    path = tmp_path_factory.mktemp("kept-apart") / "names.txt"
    path.write_text(f"{NAME}\n", encoding="utf-8")
    monkeypatch.setenv("DHRCTL_PROTECTED_NAMES", str(path))


def test_the_work_tree_is_judged_against_the_merge_base(repository: Repository) -> None:
    assert repository.rules() == []
    repository.put({RECORD: LATER})
    (finding,) = repository.errors()
    assert (finding["rule"], finding["path"], finding["line"], finding["column"]) == (
        "target-moved-later",
        RECORD,
        5,
        14,
    )
    assert finding["id"] == "anytown-dhr-1/01"
    assert repository.check().code == 1
    repository.put(update("2024-06-01", f'{WHY}target_date: "2024-09"\n'))
    assert repository.rules() == []
    assert repository.check().code == 0


def test_what_the_target_branch_did_meanwhile_is_not_this_change(repository: Repository) -> None:
    repository.git("switch", "-q", "main")
    repository.commit("Explain nothing", {RECORD: LATER})
    repository.git("switch", "-q", "work")
    repository.commit("Add a file", {"notes.txt": "Nothing.\n"})
    assert repository.rules() == []
    repository.git("merge", "-q", "-m", "Merge main", "main")
    assert repository.rules() == []
    assert repository.rules(since="main~1") == ["target-moved-later"]


@pytest.mark.usefixtures("_names")
def test_invented_identifiers_are_named_by_their_place(repository: Repository) -> None:
    repository.commit("Test it", {"tests/numbers.txt": f"{PHONE}\n"})
    assert repository.rules() == ["personal-identifier"]
    assert repository.rules("--fictitious", "tests") == []
    assert repository.rules("--fictitious", "tests/numbers.txt", "--fictitious", "docs/") == []
    assert repository.rules("--fictitious", "test") == ["personal-identifier"]
    repository.commit(f"Call {PHONE}", {"tests/names.txt": f"{NAME}\n", f"tests/{PHONE}": ""})
    found = {(each["rule"], each["path"]) for each in repository.errors("--fictitious", "tests")}
    assert found == {
        ("personal-identifier", "register/register.yaml"),
        ("protected-name", "tests/names.txt"),
    }


def test_a_number_of_long_ago_is_not_used_again(repository: Repository) -> None:
    repository.git("switch", "-q", "main")
    repository.commit("Add the second", numbered("02", said("That leaflets are printed.")))
    repository.commit("Leave its wording", numbered("02", "recommendation: [\n"))
    repository.commit("Take it out", {f"{FOLDER}/recommendations/02.yaml": None})
    repository.git("switch", "-q", "-c", "later")
    repository.put(numbered("02", said("That something else is done.")))
    (finding,) = repository.errors()
    assert (finding["rule"], finding["id"]) == ("number-reused", "anytown-dhr-1/02")
    repository.put(numbered("02", said("That leaflets are\n  PRINTED.")))
    assert repository.rules() == []
    repository.commit("A first wording", numbered("03", said("That it begins.")))
    repository.commit("And a second, before anybody saw the first", numbered("03", said("That it ends.")))
    assert repository.rules() == []


def test_a_register_before_that_cannot_be_read_is_no_error_of_the_change(repository: Repository) -> None:
    repository.commit("Break it", {RECORD: "recommendation: [\n"})
    repository.git("branch", "-f", "main")
    repository.put({RECORD: DONE})
    assert repository.rules() == []


def test_a_register_in_a_folder_of_a_repository_is_judged_alike(tmp_path: Path, run: "Run", write: "Write") -> None:
    within = {f"within/{path}": text for path, text in register_files().items()}
    repository = Repository(tmp_path, run, write)
    repository.commit("Move it", {**dict.fromkeys(register_files()), **within})
    repository.git("branch", "-f", "main")
    repository.git("config", "diff.relative", "true")
    repository.commit("Add a number", {f"within/{RECORD}": LATER, "beside.txt": PHONE})
    result = run("check", "--since", "main", "--severity", "error", "--json", cwd=tmp_path / "within")
    found = {(each["rule"], each["path"]) for each in json.loads(result.out)["findings"]}
    assert found == {("target-moved-later", RECORD), ("personal-identifier", "beside.txt")}


# What commits hold


@pytest.mark.usefixtures("_names")
def test_what_a_later_commit_takes_out_is_found_in_every_place(repository: Repository) -> None:
    secret = f"Ask {NAME} on {PHONE}.\n"
    paths = ("notes.txt", f"{FOLDER}/source.txt", RECORD)
    first = repository.commit(
        "Add notes", {"notes.txt": secret, f"{FOLDER}/source.txt": secret, RECORD: OPEN + f"# {secret}"}
    )
    repository.commit("Take them out", {"notes.txt": None, f"{FOLDER}/source.txt": "Nothing.\n", RECORD: OPEN})
    found = repository.errors()
    assert sorted((each["rule"], each["path"]) for each in found) == sorted(
        (rule, path) for rule in ("personal-identifier", "protected-name") for path in paths
    )
    for each in found:
        assert each["message"].startswith(f"in what commit {first} adds, ")
        assert each["message"].endswith("; take it out and begin the branch anew: git keeps it otherwise")
    assert repository.check().code == 1
    assert repository.rules(since="HEAD") == []


def test_what_is_staged_is_told_word_for_word(golden: "Golden") -> None:
    paths = (f"{NAME}.txt", RECORD)
    additions = tuple(commits.Addition(path=path, new=True, blob=path) for path in paths)
    staged = commits.ScannedCommit(name="", message="", additions=additions, former=())
    contents = {paths[0]: b"", RECORD: f"{OPEN}# {NAME}\n# Call {PHONE}.\n".encode()}
    found = sorted(map(str, commits.scan_staged(staged, contents, safety.protected_name([NAME]))))
    golden("../cases/changes/staged.txt", "".join(f"{finding}\n" for finding in found))


@pytest.mark.usefixtures("_names")
def test_messages_and_names_of_files_are_searched(repository: Repository, golden: "Golden") -> None:
    one = repository.commit(f"Merge branch 'placeholder-nameless'\n\nOr call {PHONE}.", {})
    two = repository.commit(
        "Add files",
        {
            f"{FOLDER}/placeholder_nameless/notes.txt": f"{PHONE}\n",
            f"call-{PHONE.replace(' ', '-')}.txt": "Nothing.\n",
            "placeholder\tnameless.txt": "Nothing.\n",
        },
    )
    repository.git("rm", "-rqf", ".")
    repository.commit("Take them out", register_files())
    found = repository.errors()
    assert {each["path"] for each in found} == {"register/register.yaml"}
    where = sorted((each["rule"], each["message"].partition(", ")[0]) for each in found)
    assert where == [
        ("personal-identifier", f"in the message of commit {one}"),
        ("personal-identifier", f"in the name of a file of commit {two}"),
        ("personal-identifier", f"in what commit {two} adds"),
        ("protected-name", f"in the message of commit {one}"),
        ("protected-name", f"in the name of a file of commit {two}"),
    ]
    told = "".join(sorted(f"{each['rule']}: {each['message']}\n" for each in found))
    golden("../cases/changes/in-commits.txt", told.replace(one, "11111111").replace(two, "22222222"))


@pytest.mark.usefixtures("_names")
@pytest.mark.parametrize("form", FORMATS)
def test_what_is_found_is_never_printed_nor_a_path_that_holds_it(repository: Repository, form: str) -> None:
    repository.commit(
        f"Ask {NAME} on {PHONE}",
        {"Placeholder-Nameless/x.txt": f"{NAME} {PHONE}\n", f"{PHONE}.txt": "", RECORD: OPEN + f"# {NAME} {PHONE}\n"},
    )
    repository.git("rm", "-rqf", ".")
    repository.commit("Take it out", register_files())
    result = repository.check("--format", form)
    assert result.code == 1
    printed = (result.out + result.err).lower()
    for words in ("placeholder", "nameless", "496", "0311"):
        assert words not in printed


@pytest.mark.usefixtures("_names")
def test_what_a_squash_leaves_out_is_gone(repository: Repository) -> None:
    repository.commit("Add", {"notes.txt": f"{NAME}\n"})
    repository.commit("Take out", {"notes.txt": "Nobody.\n"})
    assert repository.rules() == ["protected-name"]
    repository.git("reset", "-q", "--soft", "main")
    repository.commit("All in one", {})
    assert repository.rules() == []


@pytest.mark.usefixtures("_names")
def test_a_rebase_leaves_only_what_is_in_the_branch(repository: Repository) -> None:
    repository.commit("Add", {"notes.txt": f"{NAME}\n"})
    repository.git("switch", "-q", "main")
    repository.commit("Go on", {"other.txt": f"{PHONE}\n"})
    repository.git("switch", "-q", "work")
    repository.git("rebase", "-q", "main")
    (finding,) = repository.errors()
    assert (finding["rule"], finding["path"]) == ("protected-name", "notes.txt")
    assert repository.git("rev-parse", "HEAD").startswith(finding["message"].split()[3])


@pytest.mark.usefixtures("_names")
def test_a_merge_is_charged_with_what_it_adds_itself(repository: Repository) -> None:
    repository.commit("Ours", {"both.txt": "Ours.\n", "third.txt": f"{PHONE}\n"})
    repository.git("switch", "-q", "main")
    repository.commit("Theirs", {"both.txt": f"Theirs: {PHONE}\n", "more.txt": f"{PHONE}\n"})
    repository.git("switch", "-q", "work")
    with pytest.raises(subprocess.CalledProcessError):
        repository.git("merge", "-q", "main")
    merged = repository.commit("Merge", {"both.txt": f"Ours and theirs: {PHONE}\n"})
    assert [each["path"] for each in repository.errors()] == ["third.txt"]
    repository.put({"both.txt": f"{NAME} {PHONE}\n", "evil.txt": f"{NAME}\n"})
    repository.git("add", "-A")
    repository.git("commit", "-q", "--amend", "--no-edit")
    evil = repository.git("rev-parse", "HEAD")[:8]
    assert evil != merged
    repository.commit("Take it out", {"both.txt": "Ours.\n", "evil.txt": None})
    found = {each["path"]: each["message"] for each in repository.errors()}
    assert set(found) == {"both.txt", "evil.txt", "third.txt"}
    assert found["evil.txt"].startswith(f"in what commit {evil} adds, a protected name")


@pytest.mark.usefixtures("_names")
def test_a_merge_that_changes_nothing_stands_between_two_commits(repository: Repository) -> None:
    repository.git("switch", "-q", "-c", "side")
    repository.commit("", {"side.txt": "Nothing.\n"})
    repository.git("switch", "-q", "work")
    repository.commit("Go on", {"work.txt": "Nothing.\n"})
    repository.git("merge", "-q", "--no-ff", "-m", "Merge side", "side")
    repository.commit("", {"last.txt": f"{NAME}\n"})
    assert [each["path"] for each in repository.errors()] == ["last.txt"]
    _, steps = Repo(repository.root).split_history(repository.git("rev-parse", "main"))
    assert sorted(change.path for step in steps for change in step.changes) == ["last.txt", "side.txt", "work.txt"]
    assert sorted(len(step.commit.parents) for step in steps) == [1, 1, 1, 2]
    led, steps = Repo(repository.root).split_history(repository.git("rev-parse", "HEAD~1"))
    assert (len(led), len(steps)) == (4, 1)


@pytest.mark.usefixtures("_names")
def test_a_name_of_a_file_is_told_where_it_is_given_and_not_where_the_file_is_changed(repository: Repository) -> None:
    repository.commit("Add", {"placeholder-nameless.txt": "Nothing.\n"})
    assert repository.rules() == ["protected-name"]
    repository.git("branch", "-f", "main")
    repository.commit("Write on", {"placeholder-nameless.txt": "Something.\n"})
    repository.commit("Take it out", {"placeholder-nameless.txt": None})
    assert repository.rules() == []


@pytest.mark.usefixtures("_names")
def test_a_waiver_of_an_identifier_covers_no_name_beside_it(repository: Repository) -> None:
    waiver = 'waivers:\n  - rule: personal-identifier\n    reason: It is published.\n    until: "2030-12-31"\n'
    added = repository.commit("Add", {RECORD: f"{OPEN}{waiver}# {PHONE} {NAME}\n"})
    messages = [each["message"] for each in repository.errors()]
    assert len(messages) == 2
    assert messages[1].startswith("a protected name") or messages[0].startswith(
        f"in what commit {added} adds, a protected"
    )


def test_what_a_commit_finds_or_moves_is_not_added_by_it(repository: Repository) -> None:
    repository.commit("Add", {"notes.txt": f"{PHONE}\n"})
    repository.git("branch", "-f", "main")
    repository.commit("Write on", {"notes.txt": f"{PHONE}\nMore.\n"})
    repository.commit("Move it", {"notes.txt": None, "moved.txt": f"{PHONE}\nMore.\n"})
    assert repository.rules() == []
    repository.commit("Take it out", {"moved.txt": "More.\n"})
    repository.commit("Put it back", {"moved.txt": f"{PHONE}\n"})
    assert repository.rules() == ["personal-identifier"]


def test_an_address_in_a_trailer_is_gits_own(repository: Repository) -> None:
    address = "someone at anytown.example".replace(" at ", "@")
    repository.commit(f"Go on\n\nCo-authored-by: Some One <{address}>\nSigned-off-by: X <{address}> ", {})
    assert repository.rules() == []
    repository.commit(f"Ask <{address}>", {})
    assert repository.rules() == ["personal-identifier"]


def test_a_waiver_covers_what_stands_in_the_file_and_nothing_that_history_alone_holds(repository: Repository) -> None:
    waiver = 'waivers:\n  - rule: personal-identifier\n    reason: It is published.\n    until: "2030-12-31"\n'
    kept = f"{OPEN}{waiver}# {PHONE}\n"
    repository.commit("Add", {RECORD: kept})
    assert repository.rules() == []
    other = PHONE.replace("496", "497")
    repository.commit("Add another", {RECORD: f"{kept}# {other}\n"})
    assert repository.rules() == []
    repository.commit("Take that out", {RECORD: kept})
    assert repository.rules() == ["personal-identifier"]


@pytest.mark.usefixtures("_names")
def test_bytes_links_submodules_and_large_files_stop_nothing(repository: Repository) -> None:
    large = b"word " * 1_000_000
    repository.commit(
        "Add", {"bytes.bin": bytes(range(256)) * 5000, "large.txt": large + NAME.encode(), "empty.txt": ""}
    )
    (repository.root / "link").symlink_to(f"../{NAME}")
    repository.git("add", "link")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub")
    repository.git("commit", "-q", "-m", "Add a link and a submodule")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{'2' * 40},sub")
    repository.git("commit", "-q", "-m", "Move the submodule")
    repository.commit("Go on", {"last.txt": f"{NAME}\n"})
    assert {each["path"] for each in repository.errors()} == {"link", "last.txt"}


# What is refused


def test_a_commit_and_the_work_tree_are_not_judged_at_once(repository: Repository) -> None:
    result = repository.check("--at", "main")
    assert (result.code, result.out) == (2, "")
    assert "leave one of them out" in result.err


@pytest.mark.parametrize(
    ("since", "message"),
    [
        ("nowhere", 'there is no revision "nowhere"; write a day as YYYY-MM-DD, or list what there is'),
        ("", "is no revision that can be used"),
        ("main..work", "is no revision that can be used"),
        ("--all", "is no revision that can be used"),
        ("2023-01-01", "nothing was committed by 2023-01-01"),
    ],
)
def test_a_revision_that_is_none_is_refused(repository: Repository, since: str, message: str) -> None:
    result = repository.check(since=since)
    assert (result.code, result.out) == (2, "")
    assert message in result.err


def test_a_day_may_be_named_in_place_of_a_revision(repository: Repository) -> None:
    repository.put({RECORD: LATER})
    assert repository.rules(since="2024-01-01") == ["target-moved-later"]


def test_branches_with_nothing_in_common_are_refused(repository: Repository) -> None:
    repository.git("switch", "-q", "--orphan", "other")
    repository.put(register_files())
    result = repository.check()
    assert result.code == 4
    assert "nothing is committed in this repository yet" in result.err
    repository.commit("Begin again", {})
    result = repository.check()
    assert result.code == 2
    assert '"main" and HEAD have no commit in common; name another' in result.err
    assert Repo(repository.root).base("HEAD") == repository.git("rev-parse", "HEAD").strip()


def test_a_shallow_clone_is_refused_whether_or_not_it_reaches_the_base(
    repository: Repository, tmp_path_factory: pytest.TempPathFactory, run: "Run"
) -> None:
    repository.commit("Go on", {"notes.txt": "Nothing.\n"})
    repository.commit("Go on", {"notes.txt": "Something.\n"})
    clone = tmp_path_factory.mktemp("clone")
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.root}", str(clone))
    for since, code in (("HEAD", 4), ("main", 2)):
        result = run("check", "--since", since, cwd=clone)
        assert (result.code, result.out) == (code, "")
        assert "fetch the rest with: git fetch --unshallow" in result.err


def test_six_processes_are_enough_whatever_is_asked(
    repository: Repository, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    many = {f"{FOLDER}/recommendations/{number}.yaml": said(f"That {number} is done.") for number in range(10, 40)}
    repository.commit("Add many", {**many, **OLD})
    repository.git("branch", "-f", "main")
    repository.commit("Take some out", dict.fromkeys(list(many)[:5]))
    for number in range(5):
        repository.commit(f"Go on {number}", {f"notes-{number}.txt": "Nothing.\n", **numbered(f"5{number}")})
    folder = tmp_path_factory.mktemp("bin")
    count = folder / "count.txt"
    true = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
    (folder / "git").write_text(f'#!/bin/sh\necho x >> "{count}"\nexec "{true}" "$@"\n', encoding="utf-8")
    (folder / "git").chmod(0o755)
    environment = {**ENVIRONMENT, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    for since in ("main", "2024-01-01"):
        count.unlink(missing_ok=True)
        command = [sys.executable, "-m", "dhrctl", "check", "--since", since, "--format", "json", "--severity", "error"]
        done = subprocess.run(command, cwd=tmp_path, env=environment, check=False, capture_output=True, text=True)
        assert done.stderr == ""
        assert json.loads(done.stdout)["files"] > 30
        assert count.read_text(encoding="utf-8").count("x") <= 6, since
