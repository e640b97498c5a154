"""Compare what two checkouts of dhrctl answer and write, byte for byte: `compare_outputs.py BEFORE AFTER`.

Each case is a line as one would type it, run by both programs on the same register at the same path. What
is compared: exit codes, standard output, standard error (or the whole screen of a pseudo-terminal), every
file that is there afterwards, and in git every object's name, every ref and log, and what is staged; so
also trees, messages and dates of commits. The clock is real: not to be run over midnight.

Nothing of dhrctl is imported: commands, formats, papers, exports and rules are asked of the program BEFORE,
and registers are copied from that checkout, or written here.

Made equal before they are compared, and nothing else:

- where the program and its interpreter lie (`PROGRAM`),
- the random end of a temporary file's name (`.dhrctl-tmp-…`),
- the file and line of the program in "this is a bug in dhrctl" (` at FILE:LINE`),
- where the scratch copies lie (`SLOT`; the path has the same length each time),
- what a terminal shows of the time that something takes, and takes away again,
- `.git/index`, which holds the times of files: what it lists is compared instead.

Of a workbook, a document or a database the content is compared where the bytes differ (the parts of the zip
file, the SQL dump), and that is said. A case at a terminal that differs is tried twice more, since keys are
typed there in real time.

With `--recorded FILE`, what BEFORE does is kept there, and is not run again that day;
take the file away when BEFORE or a register below changes.
"""

import argparse
import contextlib
import difflib
import fcntl
import hashlib
import io
import os
import re
import select
import shlex
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import termios
import textwrap
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from queue import SimpleQueue

DAY = "2024-10-15"
PATIENCE = 60.0
TRIES_AT_A_TERMINAL = 3
CTRL_C, CTRL_D, TAB = "\x03", "\x04", "\t"
PHONE = "0191/498/0000".replace("/", " ")  # written so that this file holds none
NAME = "Marigold Example"
AUDIENCES = ("public", "partners", "internal")
OUTSIDE = ("git", "sh", "mkdir", "rm", "touch")  # what a line may run beside dhrctl

Files = Mapping[str, str | bytes | None]
Outcome = dict[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A line to be run on a copy of a register: commands parted by ` ; `, each with variables before it.

    `columns` is the width of a terminal (0: there is none), and `answers` what is typed there at which question.
    """

    register: str
    line: str
    columns: int = 0
    answers: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """Name the case."""
        screen = f"  [terminal of {self.columns}{', with answers' if self.answers else ''}]" if self.columns else ""
        return f"{self.register}: {self.line}{screen}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A checkout, the interpreter that runs it (empty: its own), and where its bytecode is kept."""

    checkout: Path
    python: str
    bytecode: Path


# The registers

REVIEW = "register/reviews/anytown-dhr-1"
RECORD = f"{REVIEW}/recommendations/{{}}.yaml"
UPDATE = f"{REVIEW}/updates/{{}}/{{}}-{{}}.yaml"


def record(wording: str, target: str = "2024-03", status: str = "in-progress", lead: str = "anytown-police") -> str:
    """Return the file of a recommendation."""
    dated = f'target_date: "{target}"\n' if target else ""
    leads = f"section: Police\nlead_agencies:\n  - {lead}\n"
    return f"recommendation: {wording}\n{leads}{dated}status: {status}\n"


def update(day: str, text: str, agency: str = "anytown-police", **fields: str) -> str:
    """Return the file of an update."""
    more = "".join(f'{name}: "{value}"\n' for name, value in fields.items())
    return f'date: "{day}"\nagency: {agency}\ntext: {text}\n{more}'


TRAINING, REFERRALS, SUPERVISION = (
    "That training is reviewed.",
    "That referrals are followed up within a week.",
    "That supervision is recorded.",
)
ANYTOWN: Files = {
    "register/register.yaml": "schema_version: 1\ntitle: Anytown action register\n",
    "register/agencies/anytown-police.yaml": "name: Anytown Police\nshort_name: AP\nkind: police\n",
    "register/agencies/anytown-council.yaml": "name: Anytown Council\nkind: local-authority\n",
    "register/agencies/anytown-ccg.yaml": "name: Anytown CCG  # closes\nkind: nhs-commissioner\n",
    "register/agencies/anytown-icb.yaml": "name: Anytown ICB\nkind: nhs-commissioner\n",
    f"{REVIEW}/review.yaml": (
        "title: Anytown DHR 1\nkind: dhr\npartnership: anytown-council\nplan_date: '2023-09'\n"
        "sections:\n  - Police\n  - Health\n"
    ),
    RECORD.format("01"): record(TRAINING),
    RECORD.format("02"): record(REFERRALS, "2024-05"),
    RECORD.format("03"): record(SUPERVISION, "2024-12-31", "not-started", "anytown-ccg"),
    RECORD.format("05"): record("That leaflets are printed.", "", "in-progress", "anytown-council"),
}


def git(folder: Path, *arguments: str, day: str = "2024-01-01", code: int = 0) -> str:
    """Run git in a folder on a day as a fixed person without settings, to end with a code; return what it says."""
    settings = ("init.defaultBranch=main", "commit.gpgSign=false", "gc.auto=0", "protocol.file.allow=always")
    flags = [part for setting in settings for part in ("-c", setting)]
    done = subprocess.run(
        ["git", *flags, *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": os.devnull, "GIT_EDITOR": "true", **person(day)},
        capture_output=True,
        check=False,
    )
    if done.returncode != code:
        message = f"git {' '.join(arguments)} ended with {done.returncode}: {done.stderr.decode(errors='replace')}"
        raise RuntimeError(message)
    return done.stdout.decode("utf-8", "replace")


def person(day: str) -> dict[str, str]:
    """Return the variables that tell git who commits, and when."""
    fixed = {
        f"GIT_{role}_{key}": value
        for role, name in (("AUTHOR", "A. Author"), ("COMMITTER", "C. Committer"))
        for key, value in (("NAME", name), ("EMAIL", f"{role.lower()}@anytown.example"), ("DATE", f"{day}T12:00:00Z"))
    }
    return {**fixed, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


def write(folder: Path, files: Files) -> None:
    """Write files; those that are None are taken away."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())


def commit(folder: Path, day: str, message: str, files: Files | None = None) -> None:
    """Write files, and commit everything as it is then."""
    write(folder, files or {})
    git(folder, "add", "--all", day=day)
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message, day=day)


def begin(folder: Path, files: Files, day: str = "2024-01-01") -> None:
    """Make a repository of which the first commit brings in files."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet")
    commit(folder, day, "Bring in the register", files)


def build_anytown(folder: Path, _: Path) -> None:
    """Build a past with re-dating, renumbering, rewording, a merge, a transfer, what is removed, and what is unsafe."""
    begin(folder, ANYTOWN)
    git(folder, "tag", "v1")
    later = record(TRAINING, "2024-06")
    told = {UPDATE.format("01", "2024-02-10", "anytown-police"): update("2024-02-10", "The course is booked.")}
    moved = update("2024-02-12", "The trainer left.", target_date="2024-06", reason="The trainer left.")
    commit(folder, "2024-02-10", "An update", told)
    path = UPDATE.format("01", "2024-02-12", "anytown-police")
    commit(folder, "2024-02-12", "Re-date", {RECORD.format("01"): later, path: moved})
    renumbered = {RECORD.format("02"): None, RECORD.format("07"): record(REFERRALS, "2024-05")}
    commit(folder, "2024-03-05", "Renumber", renumbered)
    git(folder, "branch", "side")
    commit(folder, "2024-04-01", "Re-date without a reason", {RECORD.format("01"): record(TRAINING, "2024-09")})
    git(folder, "switch", "--quiet", "side")
    commit(folder, "2024-04-15", "A fourth", {RECORD.format("04"): record("That audits are shared.", "2024-08")})
    commit(folder, "2024-04-20", "Re-date aside", {RECORD.format("07"): record(REFERRALS, "2024-07")})
    git(folder, "switch", "--quiet", "main")
    git(folder, "merge", "--quiet", "--no-ff", "--message", "Merge side", "side", day="2024-05-01")
    reworded = record("That supervision is recorded in writing.", "2024-12-31", "not-started", "anytown-ccg")
    commit(folder, "2024-06-01", "Reword", {RECORD.format("03"): None, RECORD.format("08"): reworded})
    git(folder, "tag", "v2")
    ended = "name: Anytown CCG  # closes\nkind: nhs-commissioner\nended: '2024-07-01'\n"
    succeeded = f"{ended}successors:\n  - agency: anytown-icb\n    from: '2024-07-01'\n"
    commit(folder, "2024-07-01", "The CCG ends", {"register/agencies/anytown-ccg.yaml": succeeded})
    gone: Files = {RECORD.format("04"): None, RECORD.format("01"): record(TRAINING, "2024-09", "not-started")}
    commit(folder, "2024-08-01", f"Take one away; call {PHONE}", gone)
    done = record(TRAINING, "2024-09", "complete") + 'completion_date: "2024-08-30"\noutcomes:\n  - All are trained.\n'
    commit(folder, "2024-09-01", "Complete", {RECORD.format("01"): done, "notes.md": f"{NAME}, {PHONE}\n"})
    again = record("That a new question is asked.", "2025-01", "on-hold", "anytown-council")
    commit(folder, "2024-09-15", "Use a number anew", {RECORD.format("02"): again})
    write(folder, {RECORD.format("07"): record(REFERRALS, "2024-11", lead="anytown-council")})


def build_clean(folder: Path, _: Path) -> None:
    """Build a register of one commit, to be changed."""
    begin(folder, ANYTOWN)


def build_staged(folder: Path, _: Path) -> None:
    """Stage a record with an error, a new name, a note with an identifier, and change a file beyond that."""
    begin(folder, ANYTOWN)
    write(folder, {RECORD.format("09"): record("That it is tried.", "2024-13", "under-way"), "notes.md": f"{PHONE}\n"})
    write(folder, {RECORD.format("01"): record(f"That {NAME} is asked.")})
    git(folder, "mv", RECORD.format("02"), RECORD.format("12"))
    git(folder, "add", "--all")
    write(folder, {RECORD.format("05"): record("That it is not staged.", "soon")})


def build_conflict(folder: Path, before: Path) -> None:
    """Build a merge that stopped: two sides decided on the same field of one record, on different ones of another."""
    build_parted(folder, before)
    git(folder, "merge", "--quiet", "side", day="2024-03-01", code=1)


def build_parted(folder: Path, _: Path) -> None:
    """Build two branches that decided differently."""
    begin(folder, ANYTOWN)
    git(folder, "branch", "side")
    here: Files = {
        RECORD.format("01"): record(TRAINING, "2024-06"),
        RECORD.format("05"): record("That leaflets are printed.", "2024-09", lead="anytown-council"),
    }
    there: Files = {
        RECORD.format("01"): record(TRAINING, "2024-08"),
        RECORD.format("05"): record("That leaflets are printed.", "", "on-hold", "anytown-council"),
    }
    commit(folder, "2024-02-01", "Here", here)
    git(folder, "switch", "--quiet", "side")
    commit(folder, "2024-02-02", "There", there)
    git(folder, "switch", "--quiet", "main")


def build_rich(folder: Path, before: Path) -> None:
    """Build the rich register of the tests, with a past of two years in which target dates moved."""
    rich = before / "tests/registers/rich"
    files = {str(path.relative_to(rich)): path.read_text(encoding="utf-8") for path in rich.rglob("*.yaml")}
    moved = {
        "01": ('target_date: "2025-03"', 'target_date: "2024-06"'),
        "03": ("status: complete", "status: in-progress"),
        "05": ('target_date: "2026-03"', 'target_date: "2025-06"'),
        "11": ('target_date: "2025-10-31"', 'target_date: "2024-10-31"'),
    }
    then = {RECORD.format(number): files[RECORD.format(number)].replace(*words) for number, words in moved.items()}
    begin(folder, {**files, **then}, "2023-07-03")
    for month, number in enumerate(moved, 3):
        path = RECORD.format(number)
        commit(folder, f"2025-{month:02}-10", f"Change {number}", {path: files[path]})
    long = "A long report of what was done. " * 300
    days = [f"2025-01-{day:02}" for day in range(1, 26)]
    path = f"{REVIEW}/updates/08/{{}}-anytown-csp.yaml"
    commit(folder, "2025-06-25", "Report", {path.format(day): update(day, f'"{long}"', "anytown-csp") for day in days})


def build_plain(folder: Path, before: Path) -> None:
    """Copy the rich register without git."""
    shutil.copytree(before / "tests/registers/rich/register", folder / "register")


def build_own(folder: Path, before: Path) -> None:
    """Copy this repository's own register, with one commit and a second that re-dates a record."""
    shutil.copytree(before / "register", folder / "register")
    begin(folder, {}, "2022-01-01")
    path = next(
        path for path in sorted(folder.rglob("recommendations/*.yaml")) if b"\ntarget_date: " in path.read_bytes()
    )
    text = re.sub(r"(?m)^target_date: .*$", 'target_date: "2027-01"', path.read_text(encoding="utf-8"))
    commit(folder, "2024-05-05", "Re-date one", {str(path.relative_to(folder)): text})


def build_broken(folder: Path, _: Path) -> None:
    """Write files that cannot be read, or should not stand there, beside good ones."""
    begin(folder, ANYTOWN)
    agencies = "register/agencies"
    addresses = "".join(f"  Cell {number}: person{number}@anytown.example\n" for number in range(250))
    broken: Files = {
        RECORD.format("06"): b"recommendation: [\n",
        RECORD.format("10"): f"<<<<<<< HEAD\n{record(TRAINING)}=======\n{record(REFERRALS)}>>>>>>> side\n",
        RECORD.format("11"): record("That a hid\u200bden \u202echaracter is found."),
        RECORD.format("12"): record("That \x1b[31ma colour\x1b[0m is told."),
        RECORD.format("13"): f"{record('That keys stand once.')}status: complete\n",
        RECORD.format("14"): f"{record('That it is known.')}colour: red\nlead_agency: anytown-police\n",
        RECORD.format("15"): record("That days exist.", "2024-02-30", "compleet", "anytown-polce"),
        RECORD.format("16"): f"{record('That anchors are refused.')}notes: &a [x]\nas_stated: *a\n",
        RECORD.format("17"): record(f"That {PHONE} is called, and PC {NAME}."),
        RECORD.format(
            "18"
        ): f"{record('That a spreadsheet is safe.')}outcomes:\n  - '=1+1'\n  - '<script>x</script>'\n",
        RECORD.format("19"): f"{record('That too much is said.')}as_stated:\n{addresses}",
        RECORD.format("20"): b"",
        RECORD.format("21"): b"\xef\xbb\xbf" + record("That marks are taken away.").replace("\n", "\r\n").encode(),
        f"{REVIEW}/recommendations/22.yml": b"section: Police\n",
        f"{REVIEW}/updates/01/june.yaml": b"",
        UPDATE.format("99", "2024-02-10", "anytown-police"): update("2024-02-11", "Of nothing."),
        f"{REVIEW}/source.txt": b"The plan costs \xa3100.\n<<<<<<< HEAD\n",
        f"{agencies}/Anytown-Police.yaml": b"",
        f"{agencies}/caf\u00e9.yaml": b"name: Caf\xe9\nkind: other\n",
        f"{agencies}/large.yaml": b"#" * 300_000,
        f"{agencies}/tagged.yaml": b"name: !!str x\nkind: other\n---\nname: y\n",
        "register/notes.docx": b"",
    }
    commit(folder, "2024-02-01", "Break it", broken)
    (folder / agencies / "link.yaml").symlink_to("anytown-police.yaml")
    (folder / agencies / "folder").symlink_to("..")
    os.mkfifo(folder / agencies / "pipe.yaml")


def build_empty(folder: Path, _: Path) -> None:
    """Make an empty folder."""
    folder.mkdir(parents=True)


def build_hollow(folder: Path, _: Path) -> None:
    """Make a register without a file, in a repository without a commit."""
    (folder / "register").mkdir(parents=True)
    git(folder, "init", "--quiet")


def build_nested(folder: Path, _: Path) -> None:
    """Put the register into a folder of a repository."""
    begin(folder, {f"plans/{path}": content for path, content in ANYTOWN.items()})
    commit(folder, "2024-02-01", "Re-date", {f"plans/{RECORD.format('01')}": record(TRAINING, "2024-06")})


def build_shallow(folder: Path, before: Path) -> None:
    """Clone the newest commits alone."""
    source = folder.parent / "shallow.source"
    build_anytown(source, before)
    git(folder.parent, "clone", "--quiet", "--depth", "2", source.as_uri(), folder.name)


def build_left(folder: Path, _: Path) -> None:
    """Leave a temporary file, and the journal of a change of which one of two files is written."""
    begin(folder, ANYTOWN)
    now = record(TRAINING, "2024-06")
    steps = [
        (RECORD.format("01"), str(ANYTOWN[RECORD.format("01")]), now),
        (RECORD.format("05"), str(ANYTOWN[RECORD.format("05")]), record("That leaflets are printed.", "2024-07")),
    ]
    listed = ", ".join(
        f'{{"path": "{path}", "before": {quoted(old)}, "after": {quoted(new)}, "mode": null}}'
        for path, old, new in steps
    )
    journal = f'{{"version 1": [{listed}]}}'
    write(folder, {RECORD.format("01"): now, ".git/dhrctl/register.journal": journal})
    write(folder, {"register/agencies/.dhrctl-tmp-1-00000000aaaa": "x"})


def quoted(text: str) -> str:
    """Return a text as JSON has it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def build_many(folder: Path, _: Path) -> None:
    """Write more records than one process reads alone."""
    states = ("in-progress", "not-started", "on-hold", "unknown")
    begin(folder, ANYTOWN)
    many: Files = {
        RECORD.format(f"{number:03}"): record(
            f"That point {number} is kept.", f"20{20 + number % 8}-0{1 + number % 9}", states[number % 4]
        )
        for number in range(100, 560)
    }
    commit(folder, "2024-02-01", "Add many", many)


def build_faults(folder: Path, before: Path) -> None:
    """Put every bad file of the tests of YAML and of the schema into one register, each where its kind belongs."""
    write(folder, ANYTOWN)
    cases = before / "tests/cases"
    places: Mapping[str, Callable[[int], str]] = {
        "agency": lambda number: f"register/agencies/bad-{number}.yaml",
        "review": lambda number: f"register/reviews/bad-{number}/review.yaml",
        "update": lambda number: UPDATE.format(
            "01", f"20{10 + number // 28}-01-{1 + number % 28:02}", "anytown-police"
        ),
        "recommendation": lambda number: RECORD.format(f"{number + 100}"),
    }
    for number, path in enumerate(sorted((*cases.glob("yaml/bad/*/*.yaml"), *cases.glob("schema/*/bad*.yaml")))):
        kind = re.search(rb"schema/([a-z]+)\.schema", path.read_bytes())
        place = places.get(kind[1].decode() if kind else "recommendation")
        if place:
            write(folder, {place(number): path.read_bytes()})


def build_forms(folder: Path, before: Path) -> None:
    """Put every file of the tests of the canonical form, and what those of reading find good, into one register."""
    begin(folder, ANYTOWN)
    cases = before / "tests/cases"
    paths = sorted(
        (*cases.glob("form/*/before.yaml"), *cases.glob("yaml/good/*.yaml"), *cases.glob("schema/*/good*.yaml"))
    )
    write(folder, {RECORD.format(f"{number}"): path.read_bytes() for number, path in enumerate(paths, 100)})
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Forms")


BUILT: Mapping[str, Callable[[Path, Path], None]] = {
    name.removeprefix("build_"): build for name, build in sorted(globals().items()) if name.startswith("build_")
}


def built(name: str, originals: Path, before: Path) -> Path:
    """Return the original of a register: one of the above, or a case of the tests of the checks."""
    folder = originals / name.replace("/", "+")
    if not folder.exists():
        if name in BUILT:
            BUILT[name](folder, before)
        else:
            shutil.copytree(before / "tests/cases/checks" / name, folder, symlinks=True)
    return folder


# The cases

# Asked as a table, as JSON, and in two other formats of the command, which take turns.
ASKED: Mapping[str, str] = {
    "anytown": """
        status
        status --by agency
        status --by section is:open
        status --by status --at v2
        overdue
        overdue --within 12w
        list
        list agency:icb
        list --at v1
        list --at 2024-04-10 is:open
        show 1
        show 7 --at 2024-04-30
        check
        check --since v1
        check --since v2 --severity error
        check --at v2
        history 1
        history 7 --authors
        history 8
        history 4
        diff v1
        diff v1 v2
        diff v2 v1 --by agency
        diff 2024-02-11 2024-09-10
        slippage
        slippage agency:anytown-police
        burndown
        burndown --by quarter
        burndown --since 2024-06-01 --at v2
        doctor
        """,
    "rich": """
        status
        status --by agency is:open
        status --by section
        status --by status agency:anytown-csp
        overdue --within 6m
        overdue agency:anytown-police
        list
        list is:open -agency:csp "risk assessment"
        list status:complete,in-progress target:2024..2026
        list is:slipped
        list is:no-single-lead
        show dhr-1/1
        show dhr-1/8
        show t1-01
        check
        check --strict --quiet
        check --severity warning --review dhr-1 --agency anytown-police
        explain
        history dhr-1/1
        history dhr-1/8
        diff 2025-01-01
        diff 2023-07-03 2025-04-01 --by agency
        slippage
        burndown --by quarter
        """,
    "own": """
        status
        status --by agency
        overdue
        list
        list agency:foundations is:open
        show dhr-3/5
        check
        history dhr-3/5
        diff 2022-01-01
        slippage
        burndown --by quarter
        """,
    "broken": """
        status
        overdue
        list
        list is:open
        show 11
        show 18
        check
        check --since HEAD~1
        check --severity error
        history 11
        diff HEAD~1
        slippage
        burndown
        doctor
        """,
    "staged": """
        check --staged
        DHRCTL_PROTECTED_NAMES=$SLOT/names.txt check --staged
        """,
    "conflict": """
        status
        check
        """,
    "plain": """
        list
        check
        history dhr-1/1
        """,
    "faults": """
        check
        list
        """,
    "clean": """
        explain target-moved-later
        explain personal-identifier
        """,
}

# Run once, as they stand.
ONCE: Mapping[str, str] = {
    "anytown": """

        --version
        --help
        -h
        COLUMNS=200 --help
        COLUMNS=80 status
        COLUMNS=200 status
        COLUMNS=40 list
        COLUMNS=nonsense list
        NO_COLOR=1 list
        FORCE_COLOR=1 list
        LC_ALL=C list
        PYTHONIOENCODING=ascii list
        DHRCTL_ROOT=$HERE list
        DHRCTL_ROOT=$SLOT/nowhere list
        -C register list
        -C register/reviews list
        -C nowhere list
        -C notes.md list
        list -C register
        -C
        status --json
        status --as-of 2024-01-01
        status --as-of 2030-01-01
        overdue --fail
        overdue --fail --as-of 2024-01-01
        overdue --within 30d
        overdue --within 2m
        overdue --within 30
        overdue --within -3d
        list nothing-like-this
        list status:complete
        list status:compleet
        list status:
        list stat:complete
        list is:overdu
        list is:open,late
        list is:closed
        list is:stale
        list is:review-due
        list is:lead-ended
        list is:not-known
        list is:due-soon,on-track
        list -is:open
        list lead:police
        list lead:nobody
        list agency:polise
        list agency:anytown
        list agency:AP
        list review:dhr-1
        list review:dhr-9
        list section:pol
        list section:none
        list scope:local
        list scope:planet
        list level:multi-agency
        list rag:red
        list rag:purple
        list rag:blue,grey,green,amber
        list target:2024..
        list target:<2024-06
        list "target:>=2024-12"
        list target:2024..2023
        list target:soon
        list completed:2024
        list "completed:<=2024-08-30"
        list '"unclosed'
        list ''
        list -
        list --
        list -- -agency:police
        list --nonsense
        list --format
        list --format xml
        list --as-of
        list --as-of yesterday
        list --as-of 2024
        list --as-of 2024-02-30
        list --at nowhere
        list --at 1999-01-01
        list --at v1 --as-of 2024-06-01
        list --at HEAD~1
        list --at v1..v2
        list --at -v1
        nonsense
        lst
        sho 1
        show
        show 1 2
        show 99
        show dhr-1/99
        show dhr-2/1
        show anytown-dhr-1/01
        show 001
        show 0
        show ''
        show ../x
        show 4 --at v2
        check --quiet
        check --strict
        check --quiet --strict --since v1
        check --rule target-moved-later --since v1
        check --rule lead-changed --rule status-regressed --since v1
        check --rule nonsense
        check --rule no-target-dat
        check --severity grave
        check --review dhr-9
        check --agency nobody
        check --agency anytown-council --review dhr-1
        check --since
        check --since nowhere
        check --since 2024-06-01
        check --since HEAD
        check --since v1 --staged
        check --since v1 --at v2
        check --staged
        check --fictitious notes.md --since v1
        check --fictitious register --since v1
        check --fictitious nowhere --since v1
        check --fictitious notes.md
        check register/agencies
        check register/reviews/anytown-dhr-1/recommendations/01.yaml
        check nowhere.yaml
        check notes.md
        check --at v1 register/agencies
        DHRCTL_PROTECTED_NAMES=$SLOT/names.txt check --since v1
        DHRCTL_PROTECTED_NAMES=$SLOT/names.txt check --since v1 --json
        DHRCTL_PROTECTED_NAMES=$SLOT/nowhere check
        DHRCTL_PROTECTED_NAMES=$HERE/notes.md check
        DHRCTL_PROTECTED_NAMES=$SLOT/names.txt doctor
        DHRCTL_PROTECTED_NAMES=$HERE/notes.md doctor
        DHRCTL_PROTECTED_NAMES=$SLOT/empty.txt doctor
        GITHUB_ACTIONS=true check --since v1
        GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=$SLOT/summary.md check --since v1
        GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=$SLOT/summary.md GITHUB_SERVER_URL=https://git.example GITHUB_REPOSITORY=a/b GITHUB_SHA=abcdefabcdef check
        GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=$SLOT/nowhere/summary.md check
        check --write-baseline $SLOT/base.json ; check --baseline $SLOT/base.json ; check --baseline $SLOT/base.json --json ; check --since v1 --baseline $SLOT/base.json
        check --at v1 --write-baseline $SLOT/base.json ; check --baseline $SLOT/base.json --format sarif ; check --baseline $SLOT/base.json --strict
        check --write-baseline register/base.json
        check --write-baseline $SLOT/nowhere/base.json
        check --baseline $SLOT/nowhere.json
        check --baseline notes.md
        check --baseline
        explain nonsense
        explain target-moved-latr
        explain a b
        history
        history 99
        history 2
        history 3
        history 1 --at v1
        history 1 --at 2024-02-11
        history dhr-1
        diff
        diff v1 v2 v3
        diff nowhere
        diff v1 nowhere
        diff v2 v2
        diff HEAD
        diff 1999-01-01
        diff v1 --by section
        diff side main
        slippage --at v2
        slippage is:open
        slippage nonsense:x
        burndown --by week
        burndown --since 2030-01-01
        burndown --since soon
        burndown --since 2024-03-01 --as-of 2024-05-01
        render
        render nonsense
        render summry
        render agency
        render recommendation
        render recommendation 1
        render recommendation 99
        render panel-pack
        render panel-pack --since v1
        render panel-pack --since 2024-06-01 --agency council
        render panel-pack --since nowhere
        render summary --audience everybody
        render summary --format pdf
        render summary --out $SLOT/x.pdf
        render summary --out $SLOT/x.md --format html
        render summary --out $SLOT/nowhere/x.md
        render summary --out register/x.md
        render summary --out $SLOT/x.md ; render summary --out $SLOT/x.md
        render summary --at v1 --out $SLOT/x.html
        render overdue agency:anytown-council --audience public
        render action-plan --review dhr-9
        render --templates $SLOT/papers
        render letter --templates $SLOT/papers
        render letter --templates $SLOT/papers --format html
        render wrong --templates $SLOT/papers
        render summary --templates $SLOT/papers
        render letter --templates $SLOT/nowhere
        digest
        digest --agency anytown-council
        digest --agency ccg
        digest --agency nobody
        digest --limit 0
        digest --limit 300
        digest --limit 300 --format html
        digest --at v1
        digest --out $SLOT/digests/
        mkdir $SLOT/digests ; digest --out $SLOT/digests ; digest --out $SLOT/digests --format html ; digest --out $SLOT/digests --format eml
        digest --out $SLOT/x.txt
        digest --out register/x.md
        export
        export nonsense
        export cvs
        export csv --out -
        export xlsx
        export xlsx --out -
        export csv --out $SLOT/x.txt
        export csv --out register/x.csv
        export json is:open
        export jsonl agency:nobody
        export ics --at v1
        export atom --at v2
        export csv --audience public is:overdue
        site
        site --out register/site
        site --out register
        site --out .
        site --out $SLOT
        site --out $SLOT/site --at v1
        site --out $SLOT/site ; site --out $SLOT/site ; site --out $SLOT/site --audience public
        site --out $SLOT/site ; touch $SLOT/site/own.txt ; rm $SLOT/site/index.html ; site --out $SLOT/site --as-of 2024-12-31
        fmt --check
        fmt --check register/agencies
        doctor --fix
        doctor --fix --json
        doctor --fix ; doctor ; doctor --fix
        HOME=$SLOT/nobody doctor
        PATH=$SLOT/nothing doctor
        PATH=$SLOT/nothing check
        PATH=$SLOT/nothing history 1
        PATH=$SLOT/nothing list --at v1
        """,
    "empty": """

        list
        check
        check --staged
        show 1
        explain
        explain bad-date
        history 1
        diff HEAD
        burndown
        render
        render summary
        digest
        export
        export csv
        site --out $SLOT/site
        update 1 --text x
        new agency anytown-police --name Police --kind police
        new review anytown-dhr-1 --title Anytown
        set 1 status=complete
        transfer a b --on 2024-01-01
        fmt
        doctor
        doctor --json
        doctor --fix
        merge-driver a b c register/register.yaml
        """,
    "hollow": """

        list
        check
        check --staged
        check --since HEAD
        history 1
        burndown
        slippage
        diff HEAD
        doctor
        doctor --fix
        digest
        export json
        render action-plan
        new agency anytown-police --name "Anytown Police" --kind police
        new agency anytown-police --name "Anytown Police" --kind police --commit
        new review anytown-dhr-1 --title "Anytown DHR 1" --kind dhr --section Police --no-input
        """,
    "plain": """
        status
        list --at HEAD
        diff HEAD
        slippage
        burndown
        check --since HEAD
        check --staged
        doctor
        doctor --fix ; doctor
        digest
        export atom
        site --out $SLOT/site
        update dhr-1/1 --agency anytown-police --text "Done so far." --no-input
        update dhr-1/1 --agency anytown-police --text "Done so far." --no-input --commit
        set dhr-1/5 target_date=2026-04 --commit
        fmt
        """,
    "broken": """
        check --quiet
        check --rule hidden-character
        check --baseline $SLOT/base.json
        check --write-baseline $SLOT/base.json ; check --baseline $SLOT/base.json
        check register/reviews/anytown-dhr-1/recommendations/10.yaml
        DHRCTL_PROTECTED_NAMES=$SLOT/names.txt check --json
        DHRCTL_PROTECTED_NAMES=$SLOT/names.txt list
        DHRCTL_PROTECTED_NAMES=$SLOT/names.txt site --out $SLOT/site --audience public
        show 6
        show 10
        list --at HEAD~1
        list --at HEAD
        render action-plan
        render action-plan --format html
        digest
        export csv --out -
        export csv --audience internal --out $SLOT/x.csv
        export xlsx --out $SLOT/x.xlsx
        export sqlite --out $SLOT/x.sqlite
        site --out $SLOT/site
        fmt
        fmt --check
        fmt --dry-run
        set 11 status=on-hold
        set 6 status=on-hold
        update 1 --text x --no-input
        new recommendation anytown-dhr-1 --lead anytown-police
        transfer anytown-ccg anytown-icb --on 2024-07-01 --no-input
        doctor --fix
        """,
    "faults": """
        status
        fmt --check
        fmt
        doctor
        check --quiet
        export json
        check --write-baseline $SLOT/base.json ; check --baseline $SLOT/base.json
        """,
    "forms": """
        fmt --check
        fmt --dry-run
        fmt
        fmt ; fmt
        fmt --commit
        fmt register/agencies
        fmt nowhere
        list
        check
        """,
    "staged": """
        check --staged --quiet
        check --staged --strict --rule personal-identifier
        check --staged --fictitious notes.md
        check --staged --at HEAD
        check --staged register/agencies
        check --staged --write-baseline $SLOT/base.json ; check --staged --baseline $SLOT/base.json
        check
        list
        set 3 status=on-hold --commit
        git reset --quiet register ; check --staged
        git reset --quiet ; check --staged
        """,
    "conflict": """
        list
        show 1
        check --staged
        history 1
        diff HEAD
        set 1 status=on-hold
        set 3 status=on-hold --commit
        fmt
        doctor
        """,
    "parted": """
        git merge --quiet side
        doctor --fix ; git merge --quiet side ; check
        doctor --fix ; git merge --quiet --no-commit side ; git status --short ; list
        check --since side
        diff main side
        diff side main --by agency --json
        merge-driver
        merge-driver a b c d
        merge-driver $SLOT/base.yaml $SLOT/ours.yaml $SLOT/theirs.yaml register/reviews/anytown-dhr-1/recommendations/01.yaml
        merge-driver $SLOT/base.yaml $SLOT/ours.yaml $SLOT/ours.yaml register/reviews/anytown-dhr-1/recommendations/01.yaml
        merge-driver $SLOT/base.yaml $SLOT/ours.yaml $SLOT/apart.yaml register/reviews/anytown-dhr-1/recommendations/01.yaml
        merge-driver $SLOT/base.yaml $SLOT/ours.yaml $SLOT/wrong.yaml register/reviews/anytown-dhr-1/recommendations/01.yaml
        merge-driver $SLOT/empty.txt $SLOT/ours.yaml $SLOT/theirs.yaml register/reviews/anytown-dhr-1/recommendations/01.yaml
        merge-driver $SLOT/base.yaml $SLOT/ours.yaml $SLOT/theirs.yaml notes.md
        merge-driver $SLOT/base.yaml $SLOT/ours.yaml $SLOT/theirs.yaml plans/register/agencies/x.yaml
        """,
    "nested": """
        list
        -C plans list
        -C plans check
        -C plans check --since HEAD~1
        -C plans history 1
        -C plans diff HEAD~1
        -C plans/register/agencies status
        -C plans set 3 status=on-hold --commit
        -C plans doctor
        -C plans doctor --fix
        diff HEAD~1 HEAD
        list --at HEAD~1
        """,
    "shallow": """
        doctor
        history 1
        diff HEAD~1
        diff HEAD~5
        slippage
        burndown
        check --since HEAD~1
        list --at 2024-03-01
        """,
    "left": """
        list
        check
        doctor
        doctor --json
        doctor --fix
        doctor --fix ; doctor
        set 3 status=on-hold
        set 3 status=on-hold --dry-run
        fmt --check
        fmt
        sh -c 'echo x > register/reviews/anytown-dhr-1/recommendations/05.yaml' ; doctor --fix ; set 3 status=on-hold
        sh -c 'echo x > .git/dhrctl/register.journal' ; list ; doctor ; doctor --fix
        """,
    "many": """
        status
        status --by status --json
        overdue
        list
        list --json
        check
        check --json
        render summary
        export csv --out -
        fmt --check
        history 100
        """,
    "rich": """
        COLUMNS=80 list
        COLUMNS=200 list
        DHRCTL_PROTECTED_NAMES=$SLOT/names.txt check
        DHRCTL_PROTECTED_NAMES=$SLOT/names.txt site --out $SLOT/site --audience public
        list level:multi-agency,strategic-partnership
        list scope:regional
        list is:in-time,late
        list "audit team"
        list agency:ccg
        list lead:icb
        show 1
        show 8
        digest --out $SLOT/x.html
        digest --agency anytown-council --format eml
        digest --agency anytown-council --format md --audience public
        export csv agency:anytown-police --out -
        render action-plan --review otherton
        render action-plan is:overdue --format html
        render agency --agency anytown-council --out $SLOT/x.html
        render recommendation dhr-1/8 --format html
        render panel-pack --since 2025-01-01 --format html
        site --out $SLOT/site --at 2025-04-01
        """,
    "own": """
        site --out $SLOT/site
        site --out $SLOT/site --audience public
        digest
        digest --format html
        digest --format eml
        digest --limit 2000
        render action-plan --review dhr-3
        render summary --format html
        render overdue
        render panel-pack --since 2022-01-01
        export xlsx --out $SLOT/x.xlsx
        export docx --out $SLOT/x.docx
        export sqlite --out $SLOT/x.sqlite
        fmt
        fmt --check
        explain --format html
        update dhr-3/5 --agency foundations --text "Training was held." --no-input --dry-run
        transfer tees-valley-ccg north-east-and-north-cumbria-icb --on 2022-07-01 --dry-run
        set dhr-3/5 target_date=2026-09 level=single-agency --dry-run
        """,
    "clean": """
        new
        new nonsense
        new agency
        new agency anytown-police --name Police --kind police
        new agency Not_An_Id --name x --kind police
        new agency anytown-fire --name Fire --kind burning
        new review anytown-dhr-1 --title Again
        new recommendation anytown-dhr-9
        new recommendation dhr-1 --number 1
        new recommendation dhr-1 --number x/y
        new recommendation dhr-1 --section Nowhere --lead anytown-police --text "That it is."
        new recommendation dhr-1 --lead nobody
        new update 1
        new update 1 --agency nobody
        update
        update 99 --text x
        update 1
        update 1 --no-input
        update 1 --text x --agency nobody --no-input
        update 1 --text x --status finished --no-input
        update 1 --text x --status complete --no-input
        update 1 --text x --target 2024-09 --no-input
        update 1 --text x --target soon --no-input
        update 1 --text x --evidence nothing --no-input
        update 1 --text x --evidence photo:A --no-input
        update 1 --text x --assurance wholly --no-input
        update 1 --text x --on 2099-01-01 --no-input
        update 1 --text x --on soon
        update 1 --text x --status on-hold
        update 1 --text "Call $PHONE." --no-input
        DHRCTL_PROTECTED_NAMES=$SLOT/names.txt update 1 --text "Marigold Example came." --no-input
        DHRCTL_PROTECTED_NAMES=$SLOT/names.txt update 1 --text "Somebody came." --no-input --commit -m "Marigold Example"
        update 1 --all is:open --text x --no-input
        update --all is:nonsense --text x --no-input
        update --all agency:icb --text x --no-input
        VISUAL=false update 1 --editor --text x
        VISUAL=$SLOT/editor.sh update 1 --editor --no-input --on 2024-02-01
        VISUAL=false update 1 --editor --no-input
        update 1 --text x -m message --no-input
        update 1 --text x --branch main --no-input --on 2024-02-01
        update 1 --text x --branch "not a name" --no-input --on 2024-02-01
        set
        set 1
        set 1 status
        set 1 status=finished
        set 1 colour=red
        set 1 statu=complete
        set 1 target_date=soon
        set 1 target_date=2024-03
        set 1 lead_agencies=nobody
        set 1 actions.3.status=complete
        set 1 related=anytown-dhr-1/77
        set 1 target_date=
        set 1 recommendation=
        set 1 "recommendation=Call $PHONE."
        set 99 status=complete
        set 1 2 status=complete
        set 1 status=on-hold --branch next
        set 1 status=on-hold ; set 1 status=on-hold ; git diff
        transfer
        transfer anytown-ccg anytown-icb
        transfer anytown-ccg nobody --on 2024-07-01
        transfer anytown-ccg anytown-ccg --on 2024-07-01
        transfer anytown-ccg anytown-icb --on soon
        transfer anytown-ccg anytown-icb --on 2024-07-01
        transfer anytown-ccg anytown-icb --on 2024-07-01 --no-input ; transfer anytown-ccg anytown-icb --on 2024-07-01 --no-input
        fmt nowhere.yaml
        fmt register/register.yaml
        fmt --check --commit
        HOME=$SLOT/nobody GIT_AUTHOR_NAME= GIT_AUTHOR_EMAIL= GIT_COMMITTER_NAME= GIT_COMMITTER_EMAIL= set 1 status=on-hold --commit
        sh -c 'mkdir -p .git/hooks; printf "#!/bin/sh\\necho no >&2\\nexit 1\\n" > .git/hooks/pre-commit; chmod +x .git/hooks/pre-commit' ; set 1 status=on-hold --commit
        sh -c 'printf "\\nnotes: x\\n" >> register/reviews/anytown-dhr-1/recommendations/03.yaml' ; set 1 status=on-hold ; fmt
        touch .git/index.lock ; set 1 status=on-hold --commit ; list
        git switch --quiet --detach ; set 1 status=on-hold --commit ; set 5 status=on-hold --commit --branch later
        """,
}

# Each changes the register: once plainly, once tried only, once committed, once on a branch with a message.
CHANGES: Mapping[str, str] = {
    "clean": """
        update 1 --agency anytown-police --text "The course is booked." --on 2024-02-01
        update 1 --text "Done." --status complete --completed 2024-01 --evidence "audit:Audit of training:https://anytown.example/a" --assurance evidenced --on 2024-02-01
        update 1 --text "Later." --target 2024-09 --reason "The trainer left." --on 2024-02-01
        update 1 --text "Handed over." --lead anytown-council --reason "By agreement." --by "Head of Training" --on 2024-02-01
        update --all is:open --text "No news." --on 2024-02-01
        update 1 2 --text "Both go on." --status on-hold --reason "No money." --on 2024-02-01
        new agency anytown-fire --name "Anytown Fire" --short-name AF --kind other
        new review anytown-dhr-2 --title "Anytown DHR 2" --kind dhr --partnership anytown-council --section Police --section Health
        new recommendation dhr-1 --section Health --lead anytown-icb --text "That surgeries ask."
        new recommendation dhr-1 --number 40
        new update 1 --agency anytown-police --on 2024-02-01
        set 1 status=on-hold review_date=2024-06
        set 1 supporting_agencies=anytown-council,anytown-icb level=multi-agency
        set 5 recommendation="That leaflets are printed, and: that they are read #1."
        transfer anytown-ccg anytown-icb --on 2024-07-01 --note "By order of 2024."
        fmt
        """,
    "rich": """
        set dhr-1/1 actions.2.status=complete actions.2.completion_date=2025-02 responsible.1.role="Head of Audit"
        update dhr-1/8 --agency anytown-csp --text "Asked." --on 2025-06-30
        transfer anytown-probation anytown-crc --on 2025-06-01
        """,
}
WAYS = ("--no-input", "--dry-run", "--no-input --commit", "--commit --no-input --branch next -m 'register: a change'")

# Shown on a terminal of 80 and of 200 columns, with colour.
SHOWN: Mapping[str, str] = {
    "anytown": "status; overdue --within 12w; list; list --at v1; show 1; check; check --since v1; history 1; diff v1;"
    "slippage; burndown; doctor; digest; render; export; export xlsx --out -; nonsense; explain lead-changed;"
    "--help; new --help; fmt --check; set 1 status=on-hold --dry-run; update 7 --text x --no-input --dry-run",
    "rich": "status --by agency; list; show dhr-1/1; check; slippage; list is:nonsense; NO_COLOR=1 list; TERM=dumb list",
    "broken": "list; check; show 11",
}

ASKED_FOR = (("reports?", ""), ("happened?", "The course is booked."))
TALKS: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    (
        "clean",
        "update 1 --on 2024-02-01",
        (
            ("reports? [anytown-police]", "nobody"),
            ("reports?", f"anytown-co{TAB}"),
            ("happened?", ""),
            ("happened?", "The course is booked."),
            ("status now? [in-progress]", "finished"),
            ("status now?", ""),
            ("Target date? [2024-03]", "soon"),
            ("Target date?", "2024-06"),
            ("Why?", ""),
            ("Why?", "The trainer left."),
            ("Write this?", "y"),
        ),
    ),
    (
        "clean",
        "update 1 --on 2024-02-01 --text Done. --agency anytown-police --commit",
        (
            ("status now?", f"compl{TAB}"),
            ("Completed when? [2024-02-01]", "2024-01"),
            ("Evidence:", "photo:A photo"),
            ("Evidence:", f"aud{TAB}Audit of training"),
            ("Write this?", "yes"),
        ),
    ),
    (
        "clean",
        "update 1 --on 2024-02-01",
        (*ASKED_FOR, ("status now?", "superseded"), ("Nothing says by what", CTRL_C)),
    ),
    (
        "clean",
        "update 1 --on 2024-02-01",
        (*ASKED_FOR, ("status now?", ""), ("Target date?", ""), ("Write this?", "n")),
    ),
    ("clean", "update 1 --on 2024-02-01", (("reports?", CTRL_C),)),
    ("clean", "update 1 --on 2024-02-01", (("reports?", ""), ("happened?", CTRL_D))),
    (
        "clean",
        "update 1 --on 2024-02-01",
        (*ASKED_FOR, ("status now?", "complete"), ("Completed when?", "2030"), ("Evidence:", "audit:An audit")),
    ),
    (
        "clean",
        "update 1 --on 2024-02-01",
        (("reports?", ""), ("happened?", f"Call {PHONE}."), ("now?", ""), ("Target", "")),
    ),
    (
        "clean",
        "update 5 --on 2024-02-01 --text Agreed. --agency anytown-council",
        (("status now?", ""), ("Target date? (Enter if none is agreed)", "2024-09"), ("Write this?", "y")),
    ),
    (
        "clean",
        "update --all is:open --on 2024-02-01 --text x --agency anytown-council --status on-hold",
        (("Write this?", "y"),),
    ),
    (
        "clean",
        "update --all is:open --on 2024-02-01 --text x --agency anytown-council --status on-hold",
        (("Write this?", CTRL_D),),
    ),
    ("clean", "transfer anytown-ccg anytown-icb --on 2024-07-01", (("[y/N]", "y"),)),
    ("clean", "transfer anytown-ccg anytown-icb --on 2024-07-01", (("[y/N]", ""),)),
    ("own", "update dhr-3/5 --on 2022-02-01", (("reports?", CTRL_C),)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """What the program BEFORE says that it has: each command with the text of its help, and its lists of words."""

    helps: Mapping[str, str]
    papers: tuple[str, ...]
    exports: tuple[str, ...]
    rules: tuple[str, ...]

    def formats(self, command: str) -> list[str]:
        """Return the formats of a command."""
        found = re.search(r"--format +\[([a-z|]+)\]", self.helps[command])
        return found[1].split("|") if found else []


def listed_commands(page: str) -> list[str]:
    """Return the commands that a page of help lists."""
    return re.findall(r"(?m)^  ([a-z][a-z-]*)(?:  |$)", page.partition("\nCommands:\n")[2])


def asked_surface(say: Callable[..., str]) -> Surface:
    """Ask a program what it has."""
    helps = {name: say(name, "--help") for name in listed_commands(say("--help"))}
    helps |= {
        f"{name} {part}": say(name, part, "--help") for name, page in helps.items() for part in listed_commands(page)
    }
    first = [tuple(line.split()[0] for line in say(name).splitlines()) for name in ("render", "export")]
    rules = re.findall(r'(?m)^\{"rule": "([a-z0-9-]+)"', say("explain", "--format", "jsonl"))
    return Surface(helps=helps, papers=first[0], exports=first[1], rules=tuple(rules))


def all_cases(surface: Surface, before: Path) -> Iterator[Case]:
    """Yield every case there is, each once; those of one register behind each other."""
    parts = (tables(surface), made_cases(surface), case_folders(before), terminals())
    cases = dict.fromkeys(
        Case(register=case.register, line=dated(case, surface), columns=case.columns, answers=case.answers)
        for part in parts
        for case in part
    )
    yield from sorted(cases, key=lambda case: case.register)


def lines(table: str) -> list[str]:
    """Return the lines of a table; a line that is empty is the program without arguments."""
    return [line.strip() for line in textwrap.dedent(table).strip(" ").split("\n")[1:-1]]


def tables(surface: Surface) -> Iterator[Case]:
    """Yield what stands in the tables."""
    asked = Counter[str]()
    for register, table in ASKED.items():
        for line in lines(table):
            command = command_of(line, surface)
            for form in some_formats(surface.formats(command), asked[command]):
                yield Case(register=register, line=f"{line} --format {form}")
            asked[command] += 1
    for register, table in ONCE.items():
        for line in lines(table):
            yield Case(register=register, line=line)
    for register, table in CHANGES.items():
        for line, way in product(lines(table), WAYS):
            yield Case(register=register, line=f"{line} {way}")


def some_formats(formats: Sequence[str], turn: int) -> list[str]:
    """Return the first two formats, and two of the others, which take turns."""
    first, others = formats[:2], formats[2:]
    return [*first, *(others[(turn * 2 + more) % len(others)] for more in range(min(2, len(others))))]


def made_cases(surface: Surface) -> Iterator[Case]:
    """Yield what follows from what the program has."""
    for name, columns in product(surface.helps, ("", "COLUMNS=200 ")):
        yield Case(register="empty", line=f"{columns}{name} --help")
    for name in surface.helps:
        yield Case(register="clean", line=name)
        yield Case(register="clean", line=f"{name} --nonsense")
    for rule in surface.rules:
        yield Case(register="empty", line=f"explain {rule}")
    needs = {"panel-pack": " --since 2025-01-01", "agency": " --agency anytown-council", "recommendation": " dhr-1/1"}
    for paper, form, audience in product(surface.papers, surface.formats("render"), AUDIENCES):
        yield Case(register="rich", line=f"render {paper}{needs.get(paper, '')} --format {form} --audience {audience}")
    for form, audience in product(surface.formats("digest"), AUDIENCES):
        yield Case(register="rich", line=f"digest --format {form} --audience {audience}")
    for form, audience in product(surface.exports, AUDIENCES):
        yield Case(register="rich", line=f"export {form} --audience {audience} --out $SLOT/x.{form}")
    for form in surface.exports:
        yield Case(register="anytown", line=f"export {form} is:open --at v2 --out $SLOT/x.{form}")
        yield Case(register="rich", line=f"export {form}")
    for audience in AUDIENCES:
        yield Case(register="rich", line=f"site --audience {audience} --out $SLOT/site")


def case_folders(before: Path) -> Iterator[Case]:
    """Yield each register of the tests of the checks."""
    cases = before / "tests/cases/checks"
    for folder in sorted(path for path in cases.glob("*/*") if path.is_dir()):
        name = folder.relative_to(cases).as_posix()
        names = "DHRCTL_PROTECTED_NAMES=$HERE/../case-names.txt " if (folder / "names.txt").exists() else ""
        yield Case(register=name, line=f"{names}check --as-of 2024-06-30 --format table")


def terminals() -> Iterator[Case]:
    """Yield what is shown on a terminal, and what is asked there."""
    for register, shown in SHOWN.items():
        for line, columns in product(shown.split(";"), (80, 200)):
            yield Case(register=register, line=line.strip(), columns=columns)
    for register, line, answers in TALKS:
        yield Case(register=register, line=f"NO_COLOR=1 TERM=dumb {line}", columns=80, answers=answers)


def command_of(line: str, surface: Surface) -> str:
    """Return the command that a line names; nothing where it names none."""
    words = [word for word in line.split() if "=" not in word]
    if words and words[0] in OUTSIDE:
        return ""
    return next((word for word in words if word in surface.helps), "")


def dated(case: Case, surface: Surface) -> str:
    """Return the line of a case, each command judged on a fixed day where it takes one and names none."""
    day = "2025-06-30" if case.register in ("rich", "plain") else DAY
    parts = []
    for part in case.line.split(" ; "):
        command = command_of(part, surface)
        takes = command and "--as-of" in surface.helps[command] and not re.search(r"--as-of|--at\b|--help| -- ", part)
        parts.append(f"{part} --as-of {day}" if takes else part)
    return " ; ".join(parts)


# Running


@dataclass(slots=True, kw_only=True)
class Slot:
    """Where cases run one after the other; what is in it is made anew only where it is not as it was made."""

    path: Path
    original: Path | None = None
    made: Outcome | None = None

    def ready(self, program: Program, original: Path) -> Path:
        """Make what a program is to find, and return where."""
        if self.original != original or self.made is None or self.made != found_files(self.path, whole=True):
            prepare(self.path, original)
            self.original, self.made = original, found_files(self.path, whole=True)
        link = self.path / "program"
        link.unlink(missing_ok=True)
        link.symlink_to(program.checkout)
        return self.path


def run(case: Case, slot: Path, program: Program) -> Outcome:
    """Run a case in a slot that is ready for it, and return all that can be seen of it."""
    outcome: Outcome = {}
    for step, line in enumerate(case.line.split(" ; "), 1):
        words = shlex.split(
            line.replace("$SLOT", str(slot)).replace("$HERE", str(slot / "here")).replace("$PHONE", PHONE)
        )
        environment = surroundings(slot, program)
        while words and re.match(r"[A-Z_]+=", words[0]):
            name, _, value = words.pop(0).partition("=")
            environment[name] = value
        python = program.python or str(slot / "program/.venv/bin/python")
        command = words if words and words[0] in OUTSIDE else [python, "-m", "dhrctl", *words]
        ran = at_a_terminal if case.columns else in_a_pipe
        for name, content in ran(command, slot / "here", environment, case).items():
            outcome[f"{name} of step {step}"] = content
    outcome |= found_files(slot)
    if _WRITING.search(case.line):
        outcome |= found_in_git(slot / "here")
    where = str(program.checkout).encode()
    return {name: normal(content, where, slot) for name, content in sorted(outcome.items())}


_WRITING = re.compile(r"\b(update|new|set|transfer|fmt|doctor|merge-driver|git|sh)\b")


def prepare(slot: Path, original: Path) -> None:
    """Make a slot anew: a copy of a register, a home, and the few files that lines name."""
    if slot.exists():
        subprocess.run(["rm", "-rf", slot], check=True)
    slot.mkdir(parents=True)
    subprocess.run(["cp", "-a", original, slot / "here"], check=True)
    for name in ("home", "nobody", "tmp", "nothing"):
        (slot / name).mkdir()
    case_names = slot / "here/names.txt"
    wordy = record(TRAINING) + "notes:\n  - A note.\n"
    files: dict[str, str | bytes | None] = {
        "home/.gitconfig": "[user]\n\tname = H. Holder\n\temail = holder@anytown.example\n",
        "names.txt": f"{NAME}\nPlaceholder Nameless\n",
        "empty.txt": "",
        "case-names.txt": case_names.read_bytes() if case_names.exists() else "",
        "editor.sh": '#!/bin/sh\nprintf "Written in an editor.\\n# left out\\n" > "$1"\n',
        "papers/letter/letter.md": "{# A letter. Given: reports (one). #}\n{% for report in reports %}# {{ report.title }}\n"
        "{% for row in report.tables[0].rows %}- {{ row.id }}: {{ row.wording }}\n{% endfor %}{% endfor %}",
        "papers/wrong/wrong.md": "{{ nothing.here }}\n",
        "papers/summary/summary.md": "{# Mine. #}\n{{ reports | length }} {% oops %}\n",
        "base.yaml": wordy,
        "ours.yaml": wordy.replace("2024-03", "2024-06"),
        "theirs.yaml": wordy.replace("in-progress", "on-hold").replace("A note.", "Another."),
        "apart.yaml": wordy.replace("2024-03", "2024-08"),
        "wrong.yaml": "recommendation: [\n",
    }
    write(slot, files)
    (slot / "editor.sh").chmod(0o755)


def surroundings(slot: Path, program: Program) -> dict[str, str]:
    """Return the variables that a program sees: nothing of ours but where programs are."""
    fixed = {name: value for name, value in person("2024-10-15").items() if not name.startswith("GIT_CONFIG")}
    return {
        **fixed,
        "PATH": os.environ["PATH"],
        "HOME": str(slot / "home"),
        "TMPDIR": str(slot / "tmp"),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "TZ": "UTC",
        "INPUTRC": os.devnull,
        "PYTHONPATH": str(slot / "program"),
        "PYTHONSAFEPATH": "1",
        "PYTHONPYCACHEPREFIX": str(program.bytecode),
    }


def in_a_pipe(command: Sequence[str], folder: Path, environment: Mapping[str, str], _: Case) -> Outcome:
    """Run a command with nothing to read, and return what it says and how it ends."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"exit": b"never"}
    return {"exit": f"{done.returncode}".encode(), "stdout": done.stdout, "stderr": done.stderr}


def at_a_terminal(command: Sequence[str], folder: Path, environment: Mapping[str, str], case: Case) -> Outcome:
    """Run a command on a pseudo-terminal, type each answer at its question, and return the whole screen."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, case.columns, 0, 0))
    control = [sys.executable, "-c", _CONTROL, *command]
    with subprocess.Popen(
        control, cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as process:
        os.close(theirs)
        screen, pressed = b"", b""
        try:
            for question, answer in case.answers:
                come, found = until(ours, question)
                screen += come
                if not found:
                    screen += f"\n[not asked: {question}]".encode()
                    break
                pressed = answer.encode() if answer in (CTRL_C, CTRL_D) else f"{answer}\r".encode()
                os.write(ours, pressed)
            else:
                screen += until(ours, "", again=pressed if pressed == CTRL_C.encode() else b"")[0]
        finally:
            process.kill()
            process.wait()
            os.close(ours)
    return {"exit": f"{process.returncode}".encode(), "screen": screen.replace(b"\r\n", b"\n")}


# Begun in a new session, the terminal becomes its own, so that Ctrl-C reaches it; then it becomes the program.
_CONTROL = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"


def until(terminal: int, question: str, again: bytes = b"") -> tuple[bytes, bool]:
    """Return what comes until a question stands there (empty: until the end), and whether it did.

    A key that came before the prompt was ready for it is pressed `again` every other second.
    """
    come, end = b"", time.monotonic() + PATIENCE
    while not question or question.encode() not in come:
        if time.monotonic() > end:
            return come + b"\n[never ended]", False
        if not select.select([terminal], [], [], 2)[0]:
            os.write(terminal, again)
            continue
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # the other side is closed
            piece = b""
        if not piece:
            return come, not question
        come += piece
    return come, True


def found_files(slot: Path, *, whole: bool = False) -> Outcome:
    """Return every file of a slot, and what its links lead to; the `whole` of it has git's index, too."""
    found: Outcome = {}
    for folder, folders, names in os.walk(slot):
        here = Path(folder)
        if here == slot and "program" in folders:
            folders.remove("program")
        if here.name == "objects" and here.parent.name == ".git":
            found[f"{here.relative_to(slot)} (names)"] = "\n".join(
                sorted(f"{path.relative_to(here)}" for path in here.rglob("*") if path.is_file())
            ).encode()
            folders.clear()
            continue
        for name in (*names, *folders):
            path = here / name
            label = f"file {path.relative_to(slot)}"
            if path.is_symlink():
                found[label] = f"link to {path.readlink()}".encode()
            elif path.is_dir():
                found.setdefault(label, b"a folder")
            elif path.is_file() and (whole or name != "index"):
                found[label] = f"{path.stat().st_mode & 0o777:o}\n".encode() + path.read_bytes()
    return found


def found_in_git(folder: Path) -> Outcome:
    """Return what git says of a repository after a case: each commit with its tree and message, and what is staged."""
    asked = (
        ("log", "--all", "--no-color", "--stat", "--format=%H %T %P%n%an %ae %ad %cn %ce %cd%n%B", "--max-count=3"),
        ("ls-files", "--stage"),
        ("for-each-ref",),
    )
    if not (folder / ".git").exists():
        return {}
    found: Outcome = {}
    for arguments in asked:
        with contextlib.suppress(RuntimeError):  # a repository without a commit
            found[f"git {arguments[0]}"] = git(folder, *arguments).encode()
    return found


_TEMPORARY = re.compile(rb"\.dhrctl-tmp-\d+-[0-9a-f]{12}")
_WAITED = re.compile(rb"(?:\rdhrctl: [^\r\n]*, \d+ s)+\r +\r")
_BUG = re.compile(rb"(this is a bug in dhrctl \(.*) at \S+:\d+\)")


def normal(content: bytes, checkout: bytes, slot: Path) -> bytes:
    """Return a content without what may differ between two programs that answer the same."""
    for where, name in (
        (f"{slot}/program".encode(), b"PROGRAM"),
        (checkout, b"PROGRAM"),
        (f"{slot}".encode(), b"SLOT"),
    ):
        content = content.replace(where, name)
    content = _WAITED.sub(b"", content)
    return _BUG.sub(rb"\1 at FILE:LINE)", _TEMPORARY.sub(b".dhrctl-tmp-*", content))


# Comparing


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of a case: what differs, as diffs, and what differs in bytes alone."""

    case: Case
    differences: tuple[str, ...] = ()
    bytes_alone: tuple[str, ...] = ()
    outcome: Outcome


class Record:
    """What a program did, kept in a file: each case with its outcome, each content once."""

    def __init__(self, path: str) -> None:
        """Take the file's path; without one nothing is kept."""
        self._path = path
        if path:
            with self._opened() as database:
                database.execute("CREATE TABLE IF NOT EXISTS outcome (cased, name, sum, PRIMARY KEY (cased, name))")
                database.execute("CREATE TABLE IF NOT EXISTS content (sum PRIMARY KEY, content)")

    def get(self, case: Case) -> Outcome:
        """Return the outcome of a case; an empty one where it is not known."""
        if not self._path:
            return {}
        with self._opened() as database:
            asked = "SELECT name, content FROM outcome JOIN content USING (sum) WHERE cased = ? ORDER BY name"
            return {name: zlib.decompress(content) for name, content in database.execute(asked, (_key(case),))}

    def put(self, case: Case, outcome: Outcome) -> None:
        """Keep the outcome of a case."""
        if not self._path:
            return
        sums = {name: hashlib.sha256(content).hexdigest() for name, content in outcome.items()}
        with self._opened() as database:
            rows = ((sums[name], zlib.compress(content)) for name, content in outcome.items())
            database.executemany("INSERT OR IGNORE INTO content VALUES (?, ?)", rows)
            listed = ((_key(case), name, found) for name, found in sums.items())
            database.executemany("INSERT OR REPLACE INTO outcome VALUES (?, ?, ?)", listed)

    @contextlib.contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with contextlib.closing(sqlite3.connect(self._path, timeout=PATIENCE)) as database, database:
            yield database


def _key(case: Case) -> str:
    """Name a case and the day, which some answers hold."""
    return f"{time.strftime('%Y-%m-%d')} {case!r}"


def judged(case: Case, slot: Slot, programs: Sequence[Program], original: Path, record: Record) -> Verdict:
    """Run a case with both programs and compare."""
    known = {} if case.answers else record.get(case)  # what is typed can come too early
    for _ in range(TRIES_AT_A_TERMINAL if case.columns else 1):
        before = known or run(case, slot.ready(programs[0], original), programs[0])
        after = run(case, slot.ready(programs[1], original), programs[1])
        if before == after:
            break
    if not (known or case.answers):
        record.put(case, before)
    differences, alone = [], []
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if old is not None and new is not None and contents(name, old) == contents(name, new):
            alone.append(name)
        else:
            differences.append(difference(name, contents(name, old), contents(name, new)))
    return Verdict(case=case, differences=tuple(differences), bytes_alone=tuple(alone), outcome=before)


def contents(name: str, content: bytes | None) -> bytes:
    """Return what a zip file or a database holds, as text; any other content as it is."""
    if content is None:
        return b"(is not there)"
    start = content.find(b"\n") + 1  # behind the file's rights
    inner = content[start:]
    if not name.startswith("file "):
        return content
    if inner.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(inner)) as archive:
            return b"".join(f"\n{each}\n".encode() + archive.read(each) for each in sorted(archive.namelist()))
    if inner.startswith(b"SQLite format 3\x00"):
        with contextlib.closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(inner)
            return "\n".join(database.iterdump()).encode("utf-8", "surrogateescape")
    return content


def difference(name: str, old: bytes, new: bytes, most: int = 16) -> str:
    """Return a short diff of two contents; of long lines what stands around the first difference."""
    one, other = (content.decode("utf-8", "backslashreplace").splitlines() for content in (old, new))
    found = list(difflib.unified_diff(one, other, f"before: {name}", f"after: {name}", n=0, lineterm=""))
    if not found:
        found = [f"before: {name}: {old[:200]!r}", f"after: {name}: {new[:200]!r}"]
    left = [f"… {len(found) - most} more lines"] if len(found) > most else []
    pairs = zip(*(next((line[1:] for line in found[3:] if line[0] == sign), "") for sign in "-+"), strict=False)
    same = next((place for place, (one, other) in enumerate(pairs) if one != other), 0)
    return "\n".join([*(clipped(line, max(0, same - 60)) for line in found[:most]), *left])


def clipped(line: str, start: int) -> str:
    """Return 200 characters of a line, from a place on where it is longer."""
    return repr(line)[1:-1] if len(line) <= 200 else f"{line[0]}…{line[start + 1 : start + 201]!r}…"


def compared(
    cases: Sequence[Case], programs: Sequence[Program], work: Path, jobs: int, record: Record
) -> Iterator[Verdict]:
    """Yield what becomes of each case, in order."""
    before = programs[0].checkout
    originals = work / "originals"
    originals.mkdir()
    found = {name: built(name, originals, before) for name in dict.fromkeys(case.register for case in cases)}
    slots: SimpleQueue[Slot] = SimpleQueue()
    for number in range(jobs):
        slots.put(Slot(path=work / f"slot-{number}"))

    def in_a_slot(case: Case) -> Verdict:
        slot = slots.get()
        try:
            return judged(case, slot, programs, found[case.register], record)
        finally:
            slots.put(slot)

    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(in_a_slot, cases)


# The script


def say(text: str) -> None:
    """Print a text at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def speaker(program: Program, work: Path) -> Callable[..., str]:
    """Return a function that asks a program something in an empty folder; refuse one that runs another's package."""
    empty = work / "empty"
    empty.mkdir(parents=True)
    slot = Slot(path=work / "slot").ready(program, empty)
    python = program.python or str(slot / "program/.venv/bin/python")
    environment = surroundings(slot, program)

    def spoken(*arguments: str) -> str:
        command = [python, "-m", "dhrctl", *arguments]
        return subprocess.run(
            command, cwd=slot / "here", env=environment, capture_output=True, check=True
        ).stdout.decode()

    asked = [python, "-c", "import dhrctl; print(dhrctl.__file__)"]
    runs = subprocess.run(asked, env=environment, capture_output=True, check=False, text=True)
    if runs.returncode or Path(runs.stdout.strip()).resolve().parents[1] != program.checkout:
        message = f"{program.checkout} cannot be run with {python}: {runs.stdout}{runs.stderr}"
        raise SystemExit(message)
    return spoken


def report(verdicts: Iterable[Verdict], total: int, most: int) -> int:
    """Print each difference as it is found, and the count; return the exit code."""
    began, different, codes = time.monotonic(), [], Counter[str]()
    alone = set[str]()
    for number, verdict in enumerate(verdicts, 1):
        codes.update(value.decode() for name, value in verdict.outcome.items() if name.startswith("exit of"))
        alone.update(f"{name} ({verdict.case})" for name in verdict.bytes_alone)
        if verdict.differences:
            different.append(verdict.case)
            if len(different) <= most:
                say("\n".join((f"\nDIFFERS {verdict.case}", *verdict.differences[:4])))
                say(f"… {len(verdict.differences) - 4} more files" if len(verdict.differences) > 4 else "")
        if number % 200 == 0:
            say(f"{number} of {total} cases after {time.monotonic() - began:.0f} seconds")
    for case in different[most:]:
        say(f"DIFFERS {case}")
    for name in sorted(alone):
        say(f"the same content in other bytes: {name}")
    ended = ", ".join(f"{count} with {code}" for code, count in sorted(codes.items()))
    say(f"{total} cases compared in {time.monotonic() - began:.0f} seconds ({ended}); {len(different)} differ")
    return 1 if different or not total else 0


def main() -> int:
    """Compare two checkouts."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("before", type=Path, help="the checkout whose answers are right, with its .venv")
    parser.add_argument("after", type=Path, help="the checkout to be proved, with its .venv")
    parser.add_argument("--python", default="", help="an interpreter for both, in place of that of each .venv")
    parser.add_argument("--only", default="", metavar="REGEX", help="only cases whose name matches")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each Nth case, to be quick")
    parser.add_argument(
        "--recorded", default="", metavar="FILE", help="where what BEFORE does is kept for the next time"
    )
    parser.add_argument("--list", action="store_true", help="only name the cases")
    parser.add_argument("--show", action="store_true", help="show what the program BEFORE answers to each case, too")
    parser.add_argument("--jobs", type=int, default=2, help="how many cases at a time (default: 2)")
    parser.add_argument("--diffs", type=int, default=25, help="how many cases are shown with their diffs (default: 25)")
    given = parser.parse_args()
    memory = next((path for path in ("/dev/shm",) if os.access(path, os.W_OK)), None)  # noqa: S108 - only to be quick
    with tempfile.TemporaryDirectory(prefix="dhrctl-compare-", dir=memory) as name:
        work = Path(name).resolve()
        programs = [
            Program(checkout=path.resolve(), python=given.python, bytecode=work / f"bytecode-{number}")
            for number, path in enumerate((given.before, given.after))
        ]
        speakers = [speaker(program, work / f"asks-{number}") for number, program in enumerate(programs)]
        surface = asked_surface(speakers[0])
        cases = [case for case in all_cases(surface, programs[0].checkout) if re.search(given.only, str(case))][
            :: given.every
        ]
        if given.list:
            say("\n".join(map(str, cases)))
            return 0
        verdicts = compared(cases, programs, work, given.jobs, Record(given.recorded))
        return report(shown(verdicts) if given.show else verdicts, len(cases), given.diffs)


def shown(verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
    """Print what the program BEFORE answers as it goes by."""
    for verdict in verdicts:
        said = {name: value for name, value in verdict.outcome.items() if " of step " in name}
        say(f"\n== {verdict.case}")
        say("\n".join(f"-- {name}\n{value[:1500].decode('utf-8', 'backslashreplace')}" for name, value in said.items()))
        yield verdict


if __name__ == "__main__":
    sys.exit(main())
