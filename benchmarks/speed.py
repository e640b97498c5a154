"""How long the commands take, as whole processes, beside something that everybody knows the speed of.

It prints medians and ratios and judges nothing: its exit code is 0. See README.md beside it.
"""

import argparse
import gc
import os
import platform
import shutil
import subprocess
import sys
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median

import registers

from dhrctl.checks import registry
from dhrctl.files import load
from dhrctl.model.records import Register
from dhrctl.storage import disk

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
WORK = BUILD / "speed"
JUDGE = BUILD / "check-jsonschema" / "bin"
DHRCTL = str(Path(sys.executable).with_name("dhrctl"))
SCHEMA = str(ROOT / "schema" / "recommendation.schema.json")

START_UP = 3  # short processes are run so many times as often as the others
PATIENCE = 2  # and check-jsonschema at most so often on more than MANY files, each time for half a minute or more
MANY = 5_000
MEMORY_MB = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command under measurement: its name in the answer, where it runs, and its processes one after another."""

    name: str
    folder: Path
    processes: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A promise: the time of one command is at most so many times the time of another."""

    command: str
    against: str
    at_most: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a command: wall time, processor time, peak memory of its largest process, and exit code."""

    seconds: float
    busy: float
    megabytes: float
    code: int


FLOOR = Command(name="import click", folder=ROOT, processes=((sys.executable, "-c", "import click"),))
Runs = Mapping[str, Sequence[Run]]


def interleaved(commands: Sequence[Command], runs: int) -> Runs:
    """Run the commands in turn, A B B A A B …, so that whatever else the machine does meets all of them.

    Every other turn goes backwards: with two commands in one order, each had a processor of its own.
    """
    found: dict[str, list[Run]] = {command.name: [] for command in commands}
    for turn in range(1, runs + 1):
        _progress(f"run {turn} of {runs}: {', '.join(found)}")
        for command in commands if turn % 2 else reversed(commands):
            found[command.name].append(run(command))
    return found


def _progress(doing: str) -> None:
    print(f"... {doing}", file=sys.stderr, flush=True)


def run(command: Command) -> Run:
    """Run the processes of a command, their output going to a file, and measure all of it."""
    measured = [_process(process, command) for process in command.processes]
    return Run(
        seconds=sum(each.seconds for each in measured),
        busy=sum(each.busy for each in measured),
        megabytes=max(each.megabytes for each in measured),
        code=next((each.code for each in measured if each.code), 0),
    )


def _process(arguments: tuple[str, ...], command: Command) -> Run:
    with (WORK / "stdout").open("wb") as out, (WORK / "stderr").open("wb") as err:
        start = time.perf_counter()
        child = subprocess.Popen(arguments, cwd=command.folder, env=_environment(), stdout=out, stderr=err)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024  # what the systems count memory in
    return Run(
        seconds=seconds,
        busy=usage.ru_utime + usage.ru_stime,
        megabytes=usage.ru_maxrss / unit,
        code=child.returncode,
    )


def _environment() -> dict[str, str]:
    """Return the surroundings of a process: its own bytecode is kept, as it is for whatever pip installs."""
    left_out = ("DHRCTL_ROOT", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return kept | {"PYTHONPYCACHEPREFIX": str(WORK / "bytecode")}


def warm_up(judge: str) -> None:
    """Run everything once on little, so that no measured run is the first to load its modules."""
    _progress("warming up")
    words = ("check", "overdue", "list", "list --format json", "list --format csv")
    for command in (FLOOR, *(_dhrctl(each, ROOT) for each in words), *([_judge(ROOT)] if judge else [])):
        run(command)


def told(found: Runs, bounds: Sequence[Bound]) -> Iterator[str]:
    """Say what was found: a line for each command, with its ratio where it has one."""
    middle = {name: median(run.seconds for run in runs) for name, runs in found.items()}
    busy = {name: median(run.busy for run in runs) for name, runs in found.items()}
    promised = {bound.command: bound for bound in bounds}
    for name, runs in found.items():
        line = f"  {name:<28}{middle[name]:9.3f} s, cpu {busy[name]:7.3f} s, runs {len(runs):2}"
        if name in promised and promised[name].against in middle:
            bound = promised[name]
            ratio = middle[name] / middle[bound.against]
            beside = busy[name] / busy[bound.against]
            line += f"  {ratio:6.3f} (cpu {beside:.3f}) x {bound.against}{verdict(ratio, bound.at_most)}"
        codes = [run.code for run in runs if run.code]
        failed = f"  FAILED in {len(codes)} of these (exit code {codes[0]}): its time says nothing" if codes else ""
        yield line + failed


def verdict(value: float, at_most: float | None, unit: str = "") -> str:
    """Hold a value against its bound, in words."""
    if at_most is None:
        return ", for information"
    return f", at most {at_most:g}{unit}: {'within' if value <= at_most else 'over'}"


def start_up(runs: int) -> Iterator[str]:
    """Measure what a person waits for on this repository's own register."""
    commands = (FLOOR, _dhrctl("--version", ROOT), _dhrctl("overdue", ROOT))
    found = interleaved(commands, runs * START_UP)
    bounds = (
        Bound(command="dhrctl --version", against=FLOOR.name, at_most=1.2),
        Bound(command="dhrctl overdue", against=FLOOR.name, at_most=3),
    )
    yield "Start-up, on the register of this repository"
    yield from told(found, bounds)


def at_size(count: int, runs: int, judge: str) -> Iterator[str]:
    """Measure on an invented register of so many recommendations."""
    folder = WORK / str(count)
    shutil.rmtree(folder, ignore_errors=True)
    made = registers.write(folder, count)
    os.sync()
    yield (
        f"{made.recommendations:,} recommendations of {made.lines / count:.0f} lines on average, "
        f"{made.updates:,} updates, {made.reviews:,} reviews, {made.agencies} agencies"
    )
    yield from _checking(folder, min(runs, PATIENCE) if count > MANY else runs, judge)
    yield from _listing(folder, runs)
    yield from _by_rule(folder, runs)


def _by_rule(folder: Path, runs: int) -> Iterator[str]:
    """Yield the time of every rule beside that of reading and schema alone, all in one process and without its start."""
    day = datetime.now(tz=UTC).date()
    alone, whole = list[float](), list[float]()
    taken: dict[str, list[float]] = defaultdict(list)
    for turn in range(1, runs + 1):
        _progress(f"run {turn} of {runs}: rule by rule")
        gc.collect()
        gc.disable()  # as in the command
        start = time.perf_counter()
        tree = disk.read_tree(folder, whole=True)
        read = load.read_register(tree, thorough=True)
        alone.append(time.perf_counter() - start)
        registry.findings(read.register, day, read.locate)
        registry.check_texts(tree.contents, _NAMES, read.register, day, read.locate)
        whole.append(time.perf_counter() - start)
        for rule, found in _runs(tree.contents, read.register, day):
            start = time.perf_counter()
            deque(found, maxlen=0)
            taken[rule].append(time.perf_counter() - start)
        gc.enable()
    middle = {name: median(times) for name, times in taken.items()}
    base, every = median(alone), median(whole)
    yield f"  {'reading and schema alone':<28}{base:9.3f} s"
    yield f"  {f'with the {len(middle)} rules':<28}{every:9.3f} s  {every / base:6.3f} x that{verdict(every / base, 2)}"
    shown = sorted((name for name in middle if middle[name] >= base / 100), key=lambda name: -middle[name])
    yield from (f"    {name:<34}{middle[name]:7.3f} s, {middle[name] / base:6.3f} of reading" for name in shown)
    rest = sum(taken for name, taken in middle.items() if name not in shown)
    yield f"    {f'{len(middle) - len(shown)} others together':<34}{rest:7.3f} s, {rest / base:6.3f} of reading"


def _runs(contents: Mapping[str, bytes], register: Register, day: date) -> Iterator[tuple[str, Iterable[object]]]:
    """Yield each rule by name, with the generator of what it finds."""
    for each in registry.CHECKS:
        yield each.rule.name, each.run(register, day)
    yield "what no file may hold", registry.scan_texts(contents, _NAMES)


_NAMES = ("Nobody Atall",)


def _checking(folder: Path, runs: int, judge: str) -> Iterator[str]:
    """Yield the time of a check beside check-jsonschema's on the recommendations alone, and its memory."""
    peer, mine = _judge(folder), _dhrctl("check", folder)
    found = interleaved((peer, mine) if judge else (mine,), runs)
    yield from told(found, (Bound(command=mine.name, against=peer.name, at_most=0.15),))
    if judge and len(peer.processes) > 1:
        yield f"  (the list of files is too long for one process: check-jsonschema ran as {len(peer.processes)})"
    peak = max(run.megabytes for run in found[mine.name])
    yield f"  {'peak memory of dhrctl check':<28}{peak:9.0f} MB{verdict(peak, MEMORY_MB, ' MB')}"


def _listing(folder: Path, runs: int) -> Iterator[str]:
    """Yield the time of a list of every row, written to a file, beside that of a check."""
    check = _dhrctl("check --quiet", folder)
    table, json, csv = (_dhrctl(f"list --format {form}", folder) for form in ("table", "json", "csv"))
    bounds = (
        Bound(command=table.name, against=check.name, at_most=2),
        Bound(command=json.name, against=check.name),
        Bound(command=csv.name, against=check.name),
    )
    yield from told(interleaved((check, table, json, csv), runs), bounds)


def _dhrctl(words: str, folder: Path) -> Command:
    return Command(name=f"dhrctl {words}", folder=folder, processes=((DHRCTL, *words.split()),))


def _judge(folder: Path) -> Command:
    paths = sorted(str(path.relative_to(folder)) for path in folder.glob("register/reviews/*/recommendations/*.yaml"))
    start = (str(JUDGE / "check-jsonschema"), "--schemafile", SCHEMA)
    return Command(name="check-jsonschema", folder=folder, processes=tuple(_processes(start, paths)))


def _processes(start: tuple[str, ...], paths: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield as few argument lists as hold all paths, each as long as the system lets a process have."""
    pointer = 8
    taken = sum(len(os.fsencode(f"{name}={value}")) + 1 + pointer for name, value in _environment().items())
    room = os.sysconf("SC_ARG_MAX") - taken - 16_384
    size, batch = 0, list[str]()
    for path in paths:
        size += len(os.fsencode(path)) + 1 + pointer
        if batch and size > room:
            yield (*start, *batch)
            size, batch = len(os.fsencode(path)) + 1 + pointer, []
        batch.append(path)
    yield (*start, *batch)


def judge_installed() -> str:
    """Install check-jsonschema by itself where it is not yet; return what it is, or nothing if that failed."""
    if not (JUDGE / "check-jsonschema").exists():
        _progress(f"installing check-jsonschema in {JUDGE.parent.relative_to(ROOT)}")
        pip = (str(JUDGE / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        constraints = ("-c", str(ROOT / "constraints.txt"))
        try:
            subprocess.run((sys.executable, "-m", "venv", "--clear", str(JUDGE.parent)), check=True)
            subprocess.run((*pip, *constraints, "check-jsonschema"), check=True)
        except (OSError, subprocess.CalledProcessError):
            return ""
    asked = subprocess.run((str(JUDGE / "python"), "-c", _WHAT_IT_IS), check=False, capture_output=True, text=True)
    return asked.stdout.strip()


_WHAT_IT_IS = """
from importlib.metadata import version
from importlib.util import find_spec
parser = "with" if find_spec("_ruamel_yaml") else "without"
print(f"check-jsonschema {version('check-jsonschema')}, ruamel.yaml {version('ruamel.yaml')} {parser} its C extension")
"""


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description="Measure how long dhrctl takes, as whole processes.")
    parser.add_argument("--quick", action="store_true", help="1,000 recommendations only, 3 runs")
    parser.add_argument("--runs", type=int, metavar="N", help="how often to run each command (default: 5)")
    asked = parser.parse_args()
    runs = max(asked.runs or (3 if asked.quick else 5), 1)
    WORK.mkdir(parents=True, exist_ok=True)
    judge = judge_installed()
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    print(f"Medians of whole processes by wall time. Python {platform.python_version()}, {system}.")
    print(f"Held against {judge}." if judge else "check-jsonschema could not be installed, and is left out.")
    warm_up(judge)
    sizes = (1_000,) if asked.quick else (1_000, 10_000)
    for part in (start_up(runs), *(at_size(count, runs, judge) for count in sizes)):
        print()
        for line in part:
            print(line, flush=True)


if __name__ == "__main__":
    main()
