"""What every file says of itself: as of which day, at which commit, how it was judged, and for whom it was made."""

from collections.abc import Mapping

from dhrctl.model.audience import MADE_FOR
from dhrctl.model.status import RAG_RULE
from dhrctl.reports.rows import Asked

UNCOMMITTED = "Read from files that are not all committed."


def imprint(asked: Asked) -> Mapping[str, str]:
    """Return what is to be said, by key: for people in this order, and for programs."""
    return {
        "title": asked.register.settings.title,
        "as_of": asked.day.isoformat(),
        "commit": asked.commit or "",
        "query": " ".join(asked.words),
        "audience": asked.audience,
        "made_for": MADE_FOR[asked.audience],
        "rule": RAG_RULE,
    }


def sentences(asked: Asked) -> tuple[str, ...]:
    """Return the same in sentences."""
    read = f"Read at commit {asked.commit}." if asked.commit else UNCOMMITTED
    return (f"As of {asked.day}.", read, *[f"{only}." for only in asked.only], MADE_FOR[asked.audience], RAG_RULE)
