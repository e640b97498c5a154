"""Everything as an SQLite database: a table for each kind of record and for each list in it."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from dhrctl.model.edtf import When
from dhrctl.model.records import Agency, Recommendation, Review, Update
from dhrctl.model.status import Flag, Rag, Timeliness
from dhrctl.reports.view import Judged, View, imprint
from dhrctl.text.escape import escape_hidden

SqlRow = Mapping[str, Any]
TableRows = Iterator[tuple[str, SqlRow]]


def sqlite(view: View) -> bytes:
    """Write the view as a database."""
    tables: dict[str, list[SqlRow]] = defaultdict(list)
    for table, row in _all_rows(view):
        tables[table].append(row)
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
        connection.executescript("".join(_views()))
        for table, rows in tables.items():
            _insert(connection, table, rows)
        _name_the_unknown(connection)
        connection.execute("INSERT INTO recommendations_fts (recommendations_fts) VALUES ('rebuild')")
        connection.commit()
        return connection.serialize()
    finally:
        connection.close()


def _views() -> Iterator[str]:
    """Yield a view for each judgement."""
    flagged = "IN (SELECT recommendation FROM flags WHERE flag ="
    tests: dict[str, str] = {
        **{word: f"timeliness = '{word}'" for word in Timeliness},
        **{word: f"recommendation {flagged} '{word}')" for word in Flag},
        **{f"rag-{word}": f"rag = '{word}'" for word in Rag},
    }
    select = "SELECT r.*, timeliness, rag, due, days_overdue, last_update FROM recommendations r JOIN judgements j"
    for word, test in tests.items():
        yield f"CREATE VIEW {word.replace('-', '_')} AS {select} ON j.recommendation = r.id WHERE j.{test};\n"


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[SqlRow]) -> None:
    names = [name for _, name, *_ in connection.execute(f"PRAGMA table_info ({table})")]
    places = ", ".join("?" * len(names))
    values = ([_column_value(row.get(name)) for name in names] for row in rows)
    connection.executemany(f"INSERT INTO {table} VALUES ({places})", values)  # noqa: S608 - a table of ours


def _column_value(value: Any) -> Any:  # noqa: ANN401 - any value of the model
    """Return a value as a column holds it: dates as they were given, hidden characters named, nothing as NULL."""
    if isinstance(value, When):
        return value.text
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return escape_hidden(value) or None
    return value


def _name_the_unknown(connection: sqlite3.Connection) -> None:
    """Add each agency and review that has no file, by its id, so that every reference leads somewhere."""
    wanted = set()
    for table, row, parent, key in connection.execute("PRAGMA foreign_key_check").fetchall():
        column = next(each[3] for each in connection.execute(f"PRAGMA foreign_key_list ({table})") if each[0] == key)
        found = connection.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", (row,))  # noqa: S608 - ours
        wanted.add((parent, *found.fetchone()))
    for parent, identity in sorted(wanted):
        name = "name" if parent == "agencies" else "title"
        connection.execute(f"INSERT INTO {parent} (id, {name}) VALUES (?, ?)", (identity, identity))  # noqa: S608 - ours


def _all_rows(view: View) -> TableRows:
    register = view.register
    for key, said in imprint(view).items():
        yield "about", {"key": key, "said": said or "none"}
    yield from _list("abbreviations", {}, register.settings.abbreviations)
    for agency in register.agencies.values():
        yield from _agency(agency)
    reviews = {judged.record.review for judged in view.judged}
    for review in register.reviews.values():
        if review.id in reviews or not view.words:
            yield from _review(review)
    for judged in view.judged:
        yield from _recommendation(judged)


def _agency(agency: Agency) -> TableRows:
    yield "agencies", _fields(agency)
    owner = {"agency": agency.id}
    successors = [{**_fields(each), "successor": each.agency, **owner} for each in agency.successors]
    yield from _list("agency_aliases", owner, _column("text", agency.aliases))
    yield from _list("agency_successors", owner, successors)
    yield from _list("agency_members", owner, _column("member", agency.members))
    yield from _list("agency_notes", owner, _column("text", agency.notes))


def _review(review: Review) -> TableRows:
    source = {"source_document": review.source.document, "source_note": review.source.note} if review.source else {}
    yield "reviews", {**_fields(review), **source}
    owner = {"review": review.id}
    yield from _list("review_sections", owner, _column("text", review.sections))
    yield from _list("review_pseudonyms", owner, _column("text", review.pseudonyms))
    yield from _list("review_commitments", owner, review.commitments)
    yield from _list("review_notes", owner, _column("text", review.notes))


def _recommendation(judged: Judged) -> TableRows:
    record, progress, owner = judged.record, judged.progress, {"recommendation": judged.record.id}
    source = (
        {"source_row": record.source.row, "source_lines": _join_numbers(record.source.lines)} if record.source else {}
    )
    yield "recommendations", {**_fields(record), **source, "texts": "\n".join(_texts(record))}
    yield "judgements", {**owner, **_fields(progress)}
    lists: Mapping[str, Iterable[Any]] = {
        "recommendation_lead_agencies": _column("agency", record.lead_agencies),
        "recommendation_supporting_agencies": _column("agency", record.supporting_agencies),
        "recommendation_responsible": record.responsible,
        "recommendation_actions": record.actions,
        "recommendation_milestones": record.milestones,
        "recommendation_outcomes": _column("text", record.outcomes),
        "recommendation_measures": _column("text", record.measures),
        "recommendation_evidence": record.evidence,
        "recommendation_related": _column("other", record.related),
        "recommendation_superseded_by": _column("other", record.superseded_by),
        "recommendation_as_stated": [{"heading": head, "cell": cell} for head, cell in record.as_stated.items()],
        "recommendation_waivers": record.waivers,
        "flags": _column("flag", progress.flags),
        "current_leads": _column("agency", progress.current_leads),
    }
    for table, values in lists.items():
        yield from _list(table, owner, values)
    for update in record.updates:
        yield from _update(update, owner)


def _update(update: Update, of: SqlRow) -> TableRows:
    yield "updates", {**_fields(update), **of, "reported_by": update.by}
    owner = {"path": update.path}
    yield from _list("update_lead_agencies", owner, _column("agency", update.lead_agencies))
    yield from _list("update_evidence", owner, update.evidence)


def _texts(record: Recommendation) -> Iterator[str]:
    """Yield the texts of a recommendation and its updates."""
    yield from (record.recommendation, *record.outcomes, *record.measures)
    for parts in (record.actions, record.milestones, record.updates):
        yield from (part.text for part in parts)
    yield from (update.reason for update in record.updates)
    yield from (evidence.title for evidence in record.evidence)


def _list(table: str, owner: SqlRow, values: Iterable[Any]) -> TableRows:
    """Yield a row for each of a list of values or of rows, numbered from 1."""
    for place, value in enumerate(values, 1):
        yield table, {**(value if isinstance(value, Mapping) else _fields(value)), **owner, "place": place}


def _column(name: str, values: Iterable[str]) -> list[SqlRow]:
    return [{name: value} for value in values]


def _join_numbers(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


def _fields(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any value of the model
    return {field.name: getattr(value, field.name) for field in fields(value)}
