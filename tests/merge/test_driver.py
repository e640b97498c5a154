"""Two people's changes of one register, merged by git in a real repository, once by itself and once with the driver.

Whatever comes of a pair is clean and right, or a conflict, or something that `check` refuses. Each pair
has a register of its own in one repository, so that two merges do for all of them.
"""

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

import pytest
from conftest import ANYTOWN, ROOT, Repositories, Repository, Run
from leaves import every

from dhrctl.files.yaml import reader

REVIEW = "register/reviews/anytown-dhr-1"
PLAN = f"{REVIEW}/review.yaml"
ONE, ALL, OTHER, DONE = (f"{REVIEW}/recommendations/0{number}.yaml" for number in "1234")
POLICE, COUNCIL = (f"register/agencies/anytown-{name}.yaml" for name in ("police", "council"))
SETTINGS = "register/register.yaml"

BASE: Mapping[str, str] = {
    SETTINGS: """\
        schema_version: 1
        title: Anytown action register
        """,
    POLICE: """\
        name: Anytown Police
        kind: police
        """,
    COUNCIL: """\
        name: Anytown Council
        kind: local-authority
        """,
    "register/agencies/all-agencies.yaml": """\
        name: All
        kind: group
        members:
          - anytown-police
          - anytown-council
        """,
    PLAN: """\
        title: Anytown DHR 1
        kind: dhr
        partnership: anytown-council
        plan_date: "2023-04"
        adopted: "2023-06-01"
        sections:
          - Police
        """,
    f"{REVIEW}/source.txt": "1 Training\n",
    ONE: """\
        recommendation: |-
          That training is reviewed
          by the police
          and by the council,
          once a year.
        section: Police
        scope: local
        lead_agencies:
          - anytown-police
        supporting_agencies:
          - anytown-council
        start_date: "2023-04"
        target_date: "2024-03"
        review_date: "2024-09"
        status: in-progress
        actions:
          - text: Train the staff.
            lead_agency: anytown-police
            target_date: "2024-02"
            status: in-progress
          - text: Audit the training.
            lead_agency: anytown-council
            target_date: "2024-03"
            status: not-started
        outcomes:
          - Staff know what to do.
        evidence:
          - kind: policy-or-procedure
            title: Training policy
          - kind: audit
            title: First audit
        """,
    ALL: """\
        recommendation: That leaflets are printed.
        section: Police
        lead_agencies:
          - all-agencies
        target_date: "2024-03"
        status: in-progress
        actions:
          - text: Print them.
            lead_agency: anytown-police
            status: in-progress
          - text: Print them.
            lead_agency: anytown-council
            status: in-progress
        waivers:
          - rule: collective-lead
            reason: The partnership names a lead at its next meeting.
            until: "2030-12-31"
        """,
    OTHER: """\
        status: in-progress
        section: Police
        lead_agencies:
          - anytown-police
        recommendation: That the board is told.
        target_date: "2024-03"
        """,
    DONE: """\
        recommendation: That a policy is written.
        section: Police
        lead_agencies:
          - anytown-police
        target_date: "2024-03"
        completion_date: "2024-02"
        status: complete
        evidence:
          - kind: policy-or-procedure
            title: Policy
        """,
}


def said(day: str, agency: str, more: str = "", number: str = "01", text: str = "Work goes on.") -> dict[str, str]:
    """Return an update, by its path."""
    path = f"{REVIEW}/updates/{number}/{day}-anytown-{agency}.yaml"
    return {path: f'date: "{day}"\nagency: anytown-{agency}\ntext: {text}\n{more}'}


def edit(path: str, *pairs: tuple[str, str]) -> dict[str, str]:
    """Return a file of the base, by its path, with texts in the place of others."""
    text = dedent(BASE[path])
    for old, new in pairs:
        assert text.count(old) == 1, (path, old)
        text = text.replace(old, new)
    return {path: text}


LATER = ('target_date: "2024-03"\nreview_date', 'target_date: "2024-12"\nreview_date')
HOLD = ("status: in-progress\nactions", "status: on-hold\nactions")
COMPLETE = (
    ("review_date", 'completion_date: "2024-05"\nreview_date'),
    ("status: in-progress\nactions", "status: complete\nactions"),
    ('"2024-02"\n    status: in-progress', '"2024-02"\n    status: complete'),
    ("status: not-started", "status: complete"),
)
WHY = "reason: The trainer left.\n"
SECOND = (
    "  - text: Audit the training.\n    lead_agency: anytown-council\n"
    '    target_date: "2024-03"\n    status: not-started\n'
)
SAMPLE = "  - kind: audit\n    title: Sample of case files\n"
PHOTO = "  - kind: other\n    title: Picture of the poster\n"
LAST = "    title: First audit\n"
NEW = dedent(ANYTOWN[ONE]).replace("status:", 'review_date: "2024-09"\nstatus:')


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two changes, and what comes of them: `clean`, `conflict`, or the rule by which `check` refuses it."""

    name: str
    ours: Mapping[str, str | None]
    theirs: Mapping[str, str | None]
    plain: str
    driver: str = ""
    base: Mapping[str, str] = field(default_factory=dict)


PAIRS = (
    Pair(name="updates of two agencies on one day", plain="clean",
         ours=said("2024-05-01", "police"), theirs=said("2024-05-01", "council")),
    Pair(name="updates of one agency on two days", plain="clean",
         ours=said("2024-05-01", "police"), theirs=said("2024-05-02", "police")),
    Pair(name="updates of one agency on one day", plain="conflict",
         ours=said("2024-05-01", "police"), theirs=said("2024-05-01", "police", text="Work is delayed.")),
    Pair(name="one update given twice", plain="clean",
         ours=said("2024-05-01", "police"), theirs=said("2024-05-01", "police")),
    Pair(name="an update and a status", plain="clean",
         ours=said("2024-05-01", "council"),
         theirs=edit(ONE, HOLD) | said("2024-05-01", "police", f"status: on-hold\n{WHY}")),
    Pair(name="a status each", plain="conflict",
         ours=edit(ONE, *COMPLETE) | said("2024-05-01", "police", 'status: complete\ncompletion_date: "2024-05"\n'),
         theirs=edit(ONE, HOLD) | said("2024-05-02", "council", f"status: on-hold\n{WHY}")),
    Pair(name="one status, and another that was there", plain="updates-disagree",
         ours=edit(ONE, HOLD) | said("2024-05-01", "police", f"status: on-hold\n{WHY}"),
         theirs=said("2024-05-01", "council", "status: in-progress\n")),
    Pair(name="one status, and a later update without knowing", plain="update-not-applied",
         ours=edit(ONE, HOLD) | said("2024-05-01", "police", f"status: on-hold\n{WHY}"),
         theirs=said("2024-05-02", "council", "status: in-progress\n")),
    Pair(name="a date and a lead", plain="clean",
         ours=edit(ONE, LATER) | said("2024-05-01", "police", f'target_date: "2024-12"\n{WHY}'),
         theirs=edit(ONE, ("agencies:\n  - anytown-police", "agencies:\n  - anytown-council"),
                     ("  - anytown-council\nstart", "  - anytown-police\nstart"))
         | said("2024-05-02", "council", f"lead_agencies:\n  - anytown-council\n{WHY}")),
    Pair(name="two leads", plain="conflict",
         ours=edit(OTHER, ("- anytown-police", "- anytown-council")),
         theirs=edit(OTHER, ("- anytown-police", "- all-agencies"))),
    Pair(name="two dates side by side", plain="conflict", driver="clean",
         ours=edit(ONE, LATER) | said("2024-05-01", "police", f'target_date: "2024-12"\n{WHY}'),
         theirs=edit(ONE, ('start_date: "2023-04"', 'start_date: "2023-05"'))),
    Pair(name="two target dates", plain="conflict",
         ours=edit(ONE, LATER), theirs=edit(ONE, (LATER[0], LATER[1].replace("12", "10")))),
    Pair(name="two actions changed", plain="clean",
         ours=edit(ONE, ('"2024-02"\n    status: in-progress', '"2024-02"\n    status: complete')),
         theirs=edit(ONE, ("status: not-started", "status: on-hold"))),
    Pair(name="one action changed in two fields", plain="conflict", driver="clean",
         ours=edit(ONE, ('"2024-02"', '"2024-04"')),
         theirs=edit(ONE, ('"2024-02"\n    status: in-progress', '"2024-02"\n    status: on-hold'))),
    Pair(name="one action completed and re-dated", plain="conflict",
         ours=edit(ONE, ('"2024-02"', '"2024-04"')),
         theirs=edit(ONE, ('"2024-02"\n    status: in-progress', '"2024-02"\n    status: complete'))),
    Pair(name="two actions added", plain="conflict", driver="clean",
         ours=edit(ONE, ("outcomes:", "  - text: Report once.\noutcomes:")),
         theirs=edit(ONE, ("outcomes:", "  - text: Report twice.\n    status: complete\noutcomes:"))),
    Pair(name="an action taken out and changed", plain="conflict",
         ours=edit(ONE, (SECOND, "")),
         theirs=edit(ONE, ("status: not-started", "status: on-hold"))),
    Pair(name="an action reworded and completed", plain="clean", driver="conflict",
         ours=edit(ONE, ("Train the staff", "Train the officers")),
         theirs=edit(ONE, ('"2024-02"\n    status: in-progress', '"2024-02"\n    status: complete'))),
    Pair(name="two agencies of a recommendation to all", plain="clean",
         ours=edit(ALL, ("police\n    status: in-progress", "police\n    status: complete"))
         | said("2024-05-01", "police", number="02"),
         theirs=edit(ALL, ("council\n    status: in-progress", "council\n    status: complete"))
         | said("2024-05-01", "council", number="02")),
    Pair(name="two wordings", plain="conflict",
         ours=edit(ONE, ("by the police", "by Anytown Police")), theirs=edit(ONE, ("by the police", "by each force"))),
    Pair(name="two wordings far apart", plain="clean",
         ours=edit(ONE, ("training is", "all training is")), theirs=edit(ONE, ("once a year", "every year"))),
    Pair(name="a completion and a later target", plain="conflict",
         ours=edit(ONE, *COMPLETE) | said("2024-05-01", "police", 'status: complete\ncompletion_date: "2024-05"\n'),
         theirs=edit(ONE, LATER) | said("2024-05-02", "council", f'target_date: "2024-12"\n{WHY}')),
    Pair(name="a completion and a later target, far apart", plain="redated-when-closed", driver="conflict",
         ours=edit(OTHER, ("status: in-progress", 'status: complete\ncompletion_date: "2024-05"'))
         | said("2024-05-01", "police", 'status: complete\ncompletion_date: "2024-05"\n', number="03"),
         theirs=edit(OTHER, ("2024-03", "2024-12"))
         | said("2024-05-01", "council", f'target_date: "2024-12"\n{WHY}', number="03")),
    Pair(name="a completion made precise and withdrawn", plain="conflict",
         ours=edit(DONE, ('"2024-02"', '"2024-02-11"')),
         theirs=edit(DONE, ('completion_date: "2024-02"\n', ""), ("status: complete", "status: in-progress"))),
    Pair(name="a completion and a new action", plain="conflict", driver="complete-but-actions-open",
         ours=edit(ONE, *COMPLETE) | said("2024-05-01", "police", 'status: complete\ncompletion_date: "2024-05"\n'),
         theirs=edit(ONE, ("outcomes:", "  - text: Report once.\n    status: not-started\noutcomes:"))),
    Pair(name="evidence twice", plain="conflict", driver="clean",
         ours=edit(ONE, (LAST, LAST + SAMPLE)), theirs=edit(ONE, (LAST, LAST + PHOTO))),
    Pair(name="one piece of evidence given twice", plain="clean",
         ours=edit(ONE, (LAST, LAST + SAMPLE)), theirs=edit(ONE, (LAST, LAST + SAMPLE))),
    Pair(name="one piece of evidence in two places", plain="entry-twice", driver="conflict",
         ours=edit(ONE, (LAST, LAST + SAMPLE)), theirs=edit(ONE, ("evidence:\n", f"evidence:\n{SAMPLE}"))),
    Pair(name="a waiver and a wording", plain="clean",
         ours=edit(ALL, ("at its next meeting", "in July")), theirs=edit(ALL, ("leaflets", "posters"))),
    Pair(name="two new recommendations with one number", plain="conflict",
         ours={f"{REVIEW}/recommendations/05.yaml": NEW},
         theirs={f"{REVIEW}/recommendations/05.yaml": NEW.replace("training", "housing")}),
    Pair(name="two new recommendations with one number written otherwise", plain="duplicate-number",
         ours={f"{REVIEW}/recommendations/05.yaml": NEW},
         theirs={f"{REVIEW}/recommendations/5.yaml": NEW.replace("training", "housing")}),
    Pair(name="an agency renamed, and led by", plain="unknown-agency",
         ours={COUNCIL: None, "register/agencies/anytown-unitary.yaml": BASE[COUNCIL]}
         | edit(PLAN, ("anytown-council", "anytown-unitary"))
         | edit("register/agencies/all-agencies.yaml", ("anytown-council", "anytown-unitary"))
         | {ONE: dedent(BASE[ONE]).replace("council\n", "unitary\n")}
         | {ALL: dedent(BASE[ALL]).replace("council\n", "unitary\n")},
         theirs={f"{REVIEW}/recommendations/05.yaml": NEW.replace("anytown-police", "anytown-council")}),
    Pair(name="an agency ended, and led by", plain="lead-ended",
         ours=edit(COUNCIL, ("kind", 'ended: "2024-04-01"\nkind')),
         theirs={f"{REVIEW}/recommendations/05.yaml": NEW.replace("anytown-police", "anytown-council")}),
    Pair(name="an agency taken out, and changed", plain="conflict",
         ours={COUNCIL: None}, theirs=edit(COUNCIL, ("Anytown Council", "Anytown Borough Council"))),
    Pair(name="two names of an agency", plain="conflict", driver="clean",
         ours=edit(COUNCIL, ("kind", "short_name: AC\nkind")), theirs=edit(COUNCIL, ("kind", "aliases:\n  - ABC\nkind"))),
    Pair(name="two keys side by side", plain="conflict", driver="clean",
         ours=edit(OTHER, ("recommendation", "supporting_agencies:\n  - anytown-council\nrecommendation")),
         theirs=edit(OTHER, ("recommendation", "responsible:\n  - role: Head of Training\nrecommendation"))),
    Pair(name="one key in two places", plain="duplicate-key", driver="conflict",
         ours=edit(OTHER, ("status", "scope: local\nstatus")),
         theirs=edit(OTHER, ('"2024-03"', '"2024-03"\nscope: national'))),
    Pair(name="one key in two places, and one mind", plain="duplicate-key", driver="clean",
         ours=edit(OTHER, ("status", "scope: local\nstatus")),
         theirs=edit(OTHER, ('"2024-03"', '"2024-03"\nscope: local'))),
    Pair(name="renumbered, and reported on", plain="orphan-update",
         ours={OTHER: None, f"{REVIEW}/recommendations/13.yaml": BASE[OTHER]},
         theirs=said("2024-05-01", "police", number="03")),
    Pair(name="renumbered with its updates, and reported on", plain="conflict",
         base=said("2024-02-01", "police", number="03"),
         ours={OTHER: None, f"{REVIEW}/recommendations/13.yaml": BASE[OTHER]}
         | dict.fromkeys(said("2024-02-01", "police", number="03")) | said("2024-02-01", "police", number="13"),
         theirs=said("2024-05-01", "police", number="03")),
    Pair(name="renumbered, and changed", plain="clean",
         ours={OTHER: None, f"{REVIEW}/recommendations/13.yaml": BASE[OTHER]},
         theirs=edit(OTHER, ("in-progress", "not-started"))),
    Pair(name="sections added twice", plain="conflict", driver="clean",
         ours=edit(PLAN, ("- Police\n", "- Police\n  - Housing\n")),
         theirs=edit(PLAN, ("- Police\n", "- Police\n  - Health\n"))),
    Pair(name="abbreviations begun twice", plain="conflict", driver="clean",
         ours=edit(SETTINGS, ("title", "abbreviations:\n  - short: AC\n    meaning: Anytown Council\ntitle")),
         theirs=edit(SETTINGS, ("title", "abbreviations:\n  - short: AP\n    meaning: Anytown Police\ntitle"))),
    Pair(name="a comment beside a change", plain="conflict",
         ours=edit(ONE, LATER), theirs=edit(ONE, ('start_date: "2023-04"', '# by minute 4\nstart_date: "2023-05"'))),
    Pair(name="a file that cannot be read", plain="conflict",
         ours=edit(ONE, LATER), theirs=edit(ONE, ('start_date: "2023-04"', "start_date: [2023-05"))),
    Pair(name="the source's text", plain="conflict",
         ours={f"{REVIEW}/source.txt": "1 Training!\n"}, theirs={f"{REVIEW}/source.txt": "1 Training?\n"}),
)  # fmt: skip


DRIVER = f'PYTHONPATH="{ROOT}" "{sys.executable}" -m dhrctl merge-driver %O %A %B %P'
FOLDERS = {pair.name: re.sub("[^a-z]+", "-", pair.name) for pair in PAIRS}


@pytest.mark.parametrize("way", ["plain", "driver"])
def test_a_pair_is_clean_and_right_or_in_conflict_or_refused_by_the_check(
    way: str, repository: Repositories, run: Run
) -> None:
    root, conflicts = _merged(repository(), way)
    expected = {pair.name: pair.plain if way == "plain" else pair.driver or pair.plain for pair in PAIRS}
    found = {name: _found(root / folder, run) for name, folder in FOLDERS.items() if folder not in conflicts}
    assert {name: found.get(name, "conflict") for name in FOLDERS} == expected
    for pair in PAIRS:
        if way == "driver" or not pair.driver or pair.plain == "conflict":  # git alone sees less than there is
            _hold(pair, root / FOLDERS[pair.name])


def _merged(repository: Repository, way: str) -> tuple[Path, set[str]]:
    """Merge all pairs at once; return the folder, and the folders of the pairs that git left in conflict."""
    repository.git("config", "merge.dhrctl.driver", DRIVER)
    attributes = "**/register/**/*.yaml merge=dhrctl\n" if way == "driver" else ""
    (repository.root / ".git/info/attributes").write_text(attributes, encoding="utf-8")
    first = repository.commit(_all("base"), "The register")
    for side in ("theirs", "ours"):
        repository.git("checkout", "--quiet", "-B", side, first)
        repository.commit(_all(side), side)
    repository.git("merge", "--quiet", "--no-edit", "theirs", code=1)
    found = repository.git("ls-files", "--unmerged", "-z").split("\0")
    return repository.root, {line.partition("\t")[2].partition("/")[0] for line in found}


def _all(side: str) -> dict[str, str | None]:
    """Return what a side of every pair writes, each in a folder of its own."""
    files: dict[str, str | None] = {}
    for pair in PAIRS:
        own = {"base": {**BASE, **pair.base}, "ours": pair.ours, "theirs": pair.theirs}[side]
        for path, text in own.items():  # a comment of its own keeps a file from being taken for another pair's
            files[f"{FOLDERS[pair.name]}/{path}"] = None if text is None else f"# {pair.name}\n{dedent(text)}"
    return files


def _found(folder: Path, run: Run) -> str:
    """Return what `check` says of a register: the rules that refuse it, or that it is clean."""
    findings = json.loads(run("check", "--json", "--as-of", "2024-06-30", cwd=folder).out)["findings"]
    errors = {each["rule"] for each in findings if each["severity"] == "error" and not each["waived"]}
    return " ".join(sorted(errors)) or "clean"


def _hold(pair: Pair, folder: Path) -> None:
    """Hold a merge, and each side of its conflicts, to the three versions: nothing is lost, and nothing made up."""
    base = {**BASE, **pair.base}
    for path in pair.ours.keys() & pair.theirs.keys() & base.keys():
        versions = [dedent(side[path] or "").encode() for side in (base, pair.ours, pair.theirs)]
        if b"" in versions or not all(map(_readable, versions)):
            continue
        content = (folder / path).read_bytes()
        old, mine, other = ({*every(reader.parse(each))} for each in versions)
        sides = [{*every(reader.parse(_chosen(content, side)))} for side in ("ours", "theirs")]
        assert sides[0] | sides[1] <= old | mine | other, pair.name
        assert (mine - old) | (other - old) <= sides[0] | sides[1], pair.name
        assert not sides[0] & sides[1] & ((old - mine) | (old - other)), pair.name


def _readable(content: bytes) -> bool:
    try:
        return isinstance(reader.parse(content), dict)
    except reader.FileRefused:
        return False


def _chosen(content: bytes, side: str) -> bytes:
    """Return a file with one side's lines of every conflict."""
    part = r"\1" if side == "ours" else r"\2"
    return re.sub(rb"<<<<<<< [^\n]*\n(.*?)=======\n(.*?)>>>>>>> [^\n]*\n", part.encode(), content, flags=re.DOTALL)


@pytest.mark.parametrize("style", ["", "--diff3", "--zdiff3"])
@pytest.mark.parametrize("path", [ONE, f"{REVIEW}/source.txt"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_conflict_that_is_committed_is_refused_whatever_its_style(
    style: str, path: str, end: str, anytown: Path, run: Run
) -> None:
    record = dedent(ANYTOWN[ONE])
    versions = [record.replace("in-progress", status) for status in ("on-hold", "in-progress", "complete")]
    names = ["ours", "base", "theirs"]
    for name, text in zip(names, versions, strict=True):
        (anytown / name).write_bytes(text.replace("\n", end).encode())
    asked = ["merge-file", *filter(None, [style]), "-Lours", "-Lbase", "-Ltheirs", *names]
    Repository(anytown).git(*asked, code=1)
    (anytown / path).write_bytes((anytown / "ours").read_bytes())
    result = run("check", "--as-of", "2024-01-31", "--severity", "error", cwd=anytown)
    assert result.code == 1
    assert f"{path}:6:1: error conflict-marker: a conflict of a merge was left here\n" in result.out
    assert result.out.count("error ") == 1


def test_the_page_on_merging_names_every_rule_that_refuses_a_pair() -> None:
    page = (ROOT / "docs" / "merging.md").read_text(encoding="utf-8")
    outcomes = {outcome for pair in PAIRS for outcome in (pair.plain, pair.driver)}
    assert {*re.findall(r"rules\.md#([a-z-]+)", page)} == outcomes - {"clean", "conflict", ""} | {"conflict-marker"}
