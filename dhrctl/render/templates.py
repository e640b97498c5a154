"""Templates: where they are found, what they may use, and how a mistake in one is reported."""

import os
import re
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, Undefined
from jinja2.exceptions import SecurityError, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.runtime import BlockReference, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from dhrctl.errors import DhrError, FieldRefused
from dhrctl.model.paths import shipped_folder

SECONDS = 20.0
_HEADER = re.compile(r"\{#-?\s*(.*?)\s*(?:Given:.*?)?-?#\}", re.DOTALL)
FILTERS = (
    *("capitalize", "count", "default", "first", "groupby", "int", "join", "last", "length", "list", "lower", "map"),
    *("max", "min", "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "sum", "title", "trim"),
    *("truncate", "unique", "upper"),
)


class Sandbox(ImmutableSandboxedEnvironment):
    """Surroundings in which only loops, conditions, filters and macros do anything."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ANN401 - whatever a template calls
        """Tell whether something may be called: a template's own macros and blocks alone."""
        return isinstance(obj, Macro | BlockReference | LoopContext | Undefined)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401, ARG002 - Jinja's own shape
        """Work out what could be made too large: a product of small numbers alone."""
        if operator == "*" and all(isinstance(each, int) and abs(each) < _LARGE for each in (left, right)):
            return left * right
        message = f"a template may not use {operator} here"
        raise SecurityError(message)


_LARGE = 1_000_000


def template_environment(own: Path | None) -> Environment:
    """Return the surroundings of the templates that come with dhrctl; with a folder, of those in it, which come first."""
    folders = (own, shipped_folder("templates")) if own else (shipped_folder("templates"),)
    kind = Sandbox if own else Environment
    environment = kind(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in FILTERS}
    return environment


def list_own_templates(own: Path) -> dict[str, str]:
    """Return what each template in a folder is for, by its name; raise DhrError where there is no such folder."""
    if not os.path.isdir(own):  # noqa: PTH112 - which no name stops, however long
        problem = f"there is no folder {own}"
        raise FieldRefused(problem, "name one that holds templates", field="templates")
    names = sorted(
        {path.parent.name for path in own.glob("*/*.*") if path.suffix in _SUFFIXES and path.stem == path.parent.name}
    )
    return {name: purpose(name, own) for name in names}


_SUFFIXES = (".md", ".html")


def purpose(name: str, folder: Path | None = None) -> str:
    """Return the sentence at the head of a template that says what it is for."""
    found = (folder or shipped_folder("templates")) / name
    texts = (
        (found / f"{name}{suffix}").read_text(encoding="utf-8", errors="replace")
        for suffix in _SUFFIXES
        if (found / f"{name}{suffix}").is_file()
    )
    match = _HEADER.match(next(texts))
    return " ".join(match[1].split()) if match else ""


def fill_template(environment: Environment, name: str, own: Path | None, given: Mapping[str, object]) -> str:
    """Fill a template in; raise DhrError that names the template and the line of a mistake in a folder's own."""
    if own is None:
        return environment.get_template(name).render(given)
    try:
        with _limit_time(SECONDS):
            return environment.get_template(name).render(given)
    except _MISTAKES as mistake:
        message = f"{_place(mistake, name, own)}: {_reason(mistake)}; fix the template (docs/templates.md says how)"
        raise DhrError(message) from None


_MISTAKES = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)


def _place(mistake: BaseException, name: str, own: Path) -> str:
    """Return the template and the line where a mistake stands: the innermost of the folder's own."""
    if isinstance(mistake, TemplateSyntaxError) and mistake.name:
        return f"{mistake.name}, line {mistake.lineno}"
    frames = [frame for frame in extract_tb(mistake.__traceback__) if Path(frame.filename).is_relative_to(own)]
    if not frames:
        return name
    return f"{Path(frames[-1].filename).relative_to(own).as_posix()}, line {frames[-1].lineno}"


def _reason(mistake: BaseException) -> str:
    """Say what is wrong in a template."""
    known = {
        TemplateNotFound: f'there is no template "{mistake}"',
        SecurityError: "it uses something that no template may use",
        RecursionError: "it calls itself without an end",
        TimeoutError: f"it does not end, and was stopped after {SECONDS:g} seconds",
        MemoryError: "it makes more than the memory holds",
        UnicodeDecodeError: "it is not UTF-8 text",
    }
    said = known.get(type(mistake), str(mistake).replace("dhrctl.table.", ""))
    return said.rstrip(".")


@contextmanager
def _limit_time(seconds: float) -> Iterator[None]:
    """Stop what takes longer than so many seconds of work, where the system can; raise TimeoutError in it."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
