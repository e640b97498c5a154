"""What changed, newest first: what git and the updates know of many recommendations, as one list."""

from collections.abc import Mapping, Sequence

from dhrctl.model.history import Version
from dhrctl.reports.history import history
from dhrctl.reports.rows import NO_WORDING, Asked, Judged
from dhrctl.table import Row


def news(asked: Asked, timelines: Mapping[str, Sequence[Version]], most: int) -> tuple[Row, ...]:
    """Return the newest changes of what was asked about, as rows of their histories with the `id` of each."""
    found = [row for judged in asked.judged for row in _of(judged, timelines, asked)]
    return tuple(sorted(found, key=lambda row: str(row["day"]), reverse=True)[:most])


def _of(judged: Judged, timelines: Mapping[str, Sequence[Version]], asked: Asked) -> list[Row]:
    record = judged.record
    told = history(record, timelines.get(record.id, ()), asked).tables[0].rows
    about = {"id": record.id, "review": record.review, "wording": record.recommendation or NO_WORDING}
    return [{**row, **about} for row in told]
