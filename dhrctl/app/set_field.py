"""Corrections: fields of a recommendation that were copied wrongly."""

from dhrctl.app.change import Make
from dhrctl.app.session import Session
from dhrctl.edits.changeset import Change
from dhrctl.edits.set_field import assigned
from dhrctl.model import query


def correct_fields(identity: str, words: tuple[str, ...]) -> Make:
    """Return what corrects fields of a recommendation, each given as `field=value`."""

    def make(session: Session) -> Change:
        register = session.register
        record = query.recommendation(identity, register)
        return assigned(record, words, lambda word: query.agency(word, register), session.tree)

    return make
