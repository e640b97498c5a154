"""Corrections: fields of a recommendation that were copied wrongly."""

from dhrctl.app.change import Make
from dhrctl.app.session import Session
from dhrctl.edits.changeset import Changeset
from dhrctl.edits.set_field import build_corrections
from dhrctl.model import query


def correct_fields(identity: str, words: tuple[str, ...]) -> Make:
    """Return what corrects fields of a recommendation, each given as `field=value`."""

    def make(session: Session) -> Changeset:
        register = session.register
        record = query.find_recommendation(identity, register)
        return build_corrections(record, words, lambda word: query.find_agency(word, register), session.tree)

    return make
