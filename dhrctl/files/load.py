"""Reading: the files of a tree to the register they make, and a finding for each that makes none."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from operator import attrgetter
from typing import Any

from dhrctl.files import decode
from dhrctl.files.tree import Tree, is_parsed
from dhrctl.files.yaml import reader
from dhrctl.findings.finding import Finding, Keys, Rule
from dhrctl.findings.rules import BAD_DATE, CONFLICT_MARKER, OUTSIDE_LAYOUT, SAME_BUT_FOR_CASE, WRONG_TYPE, YAML_RULES
from dhrctl.model import paths
from dhrctl.model.paths import Place, RecordKind
from dhrctl.model.records import Agency, Recommendation, Register, Review, Settings, Update

FileRecord = Settings | Agency | Review | Recommendation | Update


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A register, what is wrong with its files, and the paths of all that were looked at.

    A source's text is kept to be read by people, and looked at in a thorough reading alone. `documents`
    are the files of such a reading as they were parsed, by path, so that findings can say where.
    """

    register: Register
    findings: tuple[Finding, ...]
    paths: tuple[str, ...]
    documents: Mapping[str, reader.Document]

    @property
    def files(self) -> int:
        """Return how many files were looked at."""
        return len(self.paths)

    def locate(self, path: str, keys: Keys | None) -> tuple[int, int]:
        """Return the line and column of what keys lead to in a file, or of its beginning; the reading must be thorough."""
        document = self.documents.get(path)
        return (1, 1) if keys is None or document is None else document.find(keys)


def read_register(tree: Tree, *, thorough: bool = False) -> Reading:
    """Read a tree. Each file gives a record or a finding; `thorough` holds each to its schema as well, for `check`.

    A file that decodes but breaks a limit of its schema (too long a text, say) gives both, and so does
    one of a commit, whose rules may have been others: what can be read of it is read.
    """
    findings = [*tree.refused, *_find_misplaced(tree), *_find_conflicts(tree)]
    records: dict[RecordKind, list[Any]] = defaultdict(list)
    documents: dict[str, reader.Document] = {}
    places = [place for path in tree.contents if (place := paths.place(path)) and is_parsed(path)]
    documents_of = reader.read_documents(places, lambda some: [tree.contents[place.path] for place in some])
    for place, document in zip(places, documents_of, strict=True):
        if isinstance(document, reader.FileRefused):
            findings.append(_refusal_finding(document, place))
            continue
        record, wrong = _read_record(document, place, thorough=thorough, lenient=tree.commit is not None)
        findings.extend(wrong)
        if record is not None:
            records[place.kind].append(record)
        if thorough:
            documents[place.path] = document
    findings.extend(_check_sources(tree) if thorough else ())
    return Reading(
        register=_build_register(records, tree),
        findings=tuple(findings),
        paths=tuple(_visited_paths(tree, thorough=thorough)),
        documents=documents,
    )


def _check_sources(tree: Tree) -> Iterator[Finding]:
    """Yield what is wrong with the text of each source; it may hold the page breaks of the document."""
    for path, content in tree.contents.items():
        place = paths.place(path)
        if place and place.kind is RecordKind.SOURCE:
            try:
                reader.read_text(content.replace(b"\f", b" "))
            except reader.FileRefused as refused:
                yield _refusal_finding(refused, place)


def _visited_paths(tree: Tree, *, thorough: bool) -> Iterator[str]:
    for path in (*tree.contents, *(finding.path for finding in tree.refused)):
        if thorough or is_parsed(path) or paths.place(path) is None:
            yield path


def _refusal_finding(refused: reader.FileRefused, place: Place) -> Finding:
    return Finding(
        rule=refused.rule,
        path=place.path,
        problem=refused.problem,
        fix=refused.fix,
        values=refused.values,
        line=refused.line,
        column=refused.column,
        id=place.id,
    )


def _read_record(
    document: reader.Document, place: Place, *, thorough: bool, lenient: bool
) -> tuple[FileRecord | None, list[Finding]]:
    """Return what one file holds, or None, and what is wrong with it; `lenient`, as far as it can be read."""
    record, unreadable = None, None
    try:
        record = _decode_record(document.data, place)
    except decode.UnreadableData as error:
        unreadable = error
        record = decode.salvage_record(partial(_decode_record, place=place), document.data) if lenient else None
    if unreadable is None and not thorough:
        return record, []
    return record, [_locate_finding(finding, document) for finding in _find_faults(document.data, place, unreadable)]


def _locate_finding(finding: Finding, document: reader.Document) -> Finding:
    line, column = document.find(finding.keys or (), on_key=finding.on_key)
    return replace(finding, line=line, column=column)


def decode_versions(
    files: Sequence[tuple[str, str]], contents: Callable[[Iterable[str]], Iterable[bytes]]
) -> Iterator[Recommendation | None]:
    """Yield the recommendation that each file held once, by its path then, as far as it can be read.

    A file is a path and the name of its bytes, which `contents` gives.
    """
    documents = reader.read_documents(files, lambda some: contents([name for _, name in some]))
    for (path, _), document in zip(files, documents, strict=True):
        place = paths.place(path)
        if isinstance(document, reader.FileRefused) or place is None or place.kind is not RecordKind.RECOMMENDATION:
            yield None
        else:
            yield decode.salvage_record(partial(decode.recommendation, place=place), document.data)


def _decode_record(data: Any, place: Place) -> FileRecord:  # noqa: ANN401 - parsed text comes in here
    if place.kind is RecordKind.RECOMMENDATION:
        return decode.recommendation(data, place)
    if place.kind is RecordKind.UPDATE:
        return decode.update(data, place)
    if place.kind is RecordKind.REVIEW:
        return decode.review(data, place)
    if place.kind is RecordKind.AGENCY:
        return decode.agency(data, place)
    return decode.settings(data)


def _find_faults(data: Any, place: Place, unreadable: decode.UnreadableData | None) -> list[Finding]:  # noqa: ANN401
    """Return what the schema refuses, and what only the calendar does."""
    from dhrctl.files import schema  # noqa: PLC0415 - slow to import, and needed for faulty files and checks alone

    faults = schema.faults(place.kind, data)
    findings = [
        Finding(
            rule=fault.rule,
            path=place.path,
            keys=fault.keys,
            on_key=fault.on_key,
            problem=fault.problem,
            fix=fault.fix,
            values=fault.values,
            id=place.id,
        )
        for fault in faults
    ]
    reported = {fault.keys for fault in faults}
    if unreadable is None:
        return findings
    findings += [
        _unreadable(BAD_DATE, impossible, place)
        for impossible in decode.impossible_dates(data)
        if impossible.keys not in reported
    ]
    if not findings:
        findings.append(_unreadable(WRONG_TYPE, unreadable, place))
    return findings


def _unreadable(rule: Rule, error: decode.UnreadableData, place: Place) -> Finding:
    return Finding(
        rule=rule,
        path=place.path,
        keys=error.keys,
        problem=error.problem,
        fix=error.fix,
        values=error.values,
        id=place.id,
    )


def _find_misplaced(tree: Tree) -> list[Finding]:
    findings = [
        Finding(rule=OUTSIDE_LAYOUT, path=path, problem="no file of a register belongs here", fix=_layout_hint(path))
        for path in tree.contents
        if paths.place(path) is None
    ]
    for first, second in paths.find_case_clashes(tree.contents):
        problem = f"this name differs from {first} only in capital letters"
        findings.append(
            Finding(rule=SAME_BUT_FOR_CASE, path=second, problem=problem, fix="rename one of them", values=(first,))
        )
    return findings


_CONFLICT = re.compile(rb"^(?:<{7}|>{7})(?: |\r?$)", re.MULTILINE)


def _find_conflicts(tree: Tree) -> Iterator[Finding]:
    """Yield each source's text, where it was read, that a conflict of a merge was left in."""
    for path, content in tree.contents.items():
        found = _CONFLICT.search(content) if content and not is_parsed(path) else None
        if found:
            problem, fix = "a conflict of a merge was left here", "take the whole text from the source again"
            line = content.count(b"\n", 0, found.start()) + 1
            yield Finding(rule=CONFLICT_MARKER, path=path, problem=problem, fix=fix, line=line)


def _layout_hint(path: str) -> str:
    if path.endswith(".yml"):
        return "end its name in .yaml"
    if not path.endswith(".yaml"):
        return "move it out of register/"
    if "/updates/" in path:
        return "name it updates/<number>/<YYYY-MM-DD>-<agency>.yaml"
    return "name it in lower-case letters, digits and single hyphens, in agencies/ or reviews/<review>/recommendations/"


def _build_register(records: dict[RecordKind, list[Any]], tree: Tree) -> Register:
    updates: dict[str, list[Update]] = defaultdict(list)
    for update in records[RecordKind.UPDATE]:
        updates[update.id].append(update)
    reviews = {review.id: review for review in sorted(records[RecordKind.REVIEW], key=attrgetter("id"))}
    recommendations = [
        replace(record, updates=tuple(_sort_updates(updates.pop(record.id)))) if record.id in updates else record
        for record in map(partial(_with_printed_heading, reviews), records[RecordKind.RECOMMENDATION])
    ]
    recommendations.sort(key=lambda record: (record.review, paths.natural_key(record.number)))
    return Register(
        settings=next(iter(records[RecordKind.REGISTER]), Settings()),
        agencies={agency.id: agency for agency in sorted(records[RecordKind.AGENCY], key=attrgetter("id"))},
        reviews=reviews,
        recommendations=tuple(recommendations),
        orphans=tuple(sorted((update for left in updates.values() for update in left), key=attrgetter("path"))),
        paths=frozenset(tree.contents),
    )


def _with_printed_heading(reviews: Mapping[str, Review], record: Recommendation) -> Recommendation:
    """Return a recommendation under its review's own spelling of the heading, by which every answer groups it."""
    review = reviews.get(record.review)
    heading = review.heading(record.section) if review else record.section
    return record if heading == record.section else replace(record, section=heading)


def _sort_updates(updates: Iterable[Update]) -> list[Update]:
    return sorted(updates, key=lambda update: (update.date, paths.natural_key(update.path.removesuffix(".yaml"))))


_WIDTH = 100


def excerpt(finding: Finding, tree: Tree) -> str:
    """Return the line of source that a finding is about, with a caret under its column; nothing for a whole file."""
    content = tree.contents.get(finding.path, b"")
    lines = _lines(content)
    of_whole_file = (finding.line, finding.column) == (1, 1) and finding.rule not in YAML_RULES
    if not content or finding.line > len(lines) or of_whole_file:
        return ""
    line = lines[finding.line - 1].replace("\t", " ")
    start = max(0, finding.column - _WIDTH)
    number = f"{finding.line:>5} | "
    return f"{number}{line[start : start + _WIDTH]}\n{'':>5} | {'':>{finding.column - 1 - start}}^"


@lru_cache(maxsize=1)
def _lines(content: bytes) -> list[str]:
    """Return the lines of a file; findings come by file, so that the last one is most often wanted again."""
    return content.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
