"""What is wrong with a field of a request is said without an option: a form in a browser says the same."""

import copy
import pickle
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from dhrctl.app import check, digest, documents, update
from dhrctl.app.change import ChangeRefused, CommitFailed
from dhrctl.app.environment import Environment
from dhrctl.app.session import Session, open_session
from dhrctl.cli.options import describe_error
from dhrctl.edits.changeset import Changeset
from dhrctl.errors import DhrError, Exit, FieldRefused, Given, Reason
from dhrctl.site import output
from dhrctl.storage import disk

DAY = date(2024, 2, 1)
ID = "anytown-dhr-1/01"


def _update(**given: str) -> Callable[[Session], object]:
    def ask(session: Session) -> object:
        options = update.UpdateOptions(**{"day": DAY, "text": "Held.", **given})  # type: ignore[arg-type]  # a table's row
        update.refuse_incomplete(options, session.register.recommendations)
        return update.make_updates(options, [ID])(session)

    return ask


def _document(template: str, **given: str) -> Callable[[Session], object]:
    def ask(session: Session) -> object:
        request = documents.DocumentRequest(session=session, **given)  # type: ignore[arg-type]  # a table's row
        return documents.write_document(template, "md", request, None)

    return ask


def _of_an_agency_that_ended(session: Session) -> object:
    path = session.root / "register" / "agencies" / "anytown-police.yaml"
    path.write_text('name: Anytown Police\nkind: police\nended: "2020-01-01"\n', encoding="utf-8")
    return _update()(open_session(session.environment))


ROWS: dict[str, tuple[Callable[[Session], object], str, str]] = {
    "no text": (_update(text=" "), "text", "add --text, or --editor"),
    "complete since when": (_update(status="complete"), "completion_date", "add --completed DATE"),
    "a later date": (_update(target_date="2025-01"), "reason", "add --reason TEXT"),
    "no date": (_update(target_date="soon"), "target_date", "--target: "),
    "no day of completion": (_update(completion_date="last week"), "completion_date", "--completed: "),
    "who reports": (_of_an_agency_that_ended, "agency", "say who reports, with --agency"),
    "whose paper": (_document("agency"), "agency", "name it with --agency, such as"),
    "since when": (_document("panel-pack"), "since", "say when that was with --since, such as"),
    "one e-mail": (lambda session: digest.write_digest(session, None, "eml", None), "agency", "with --out"),
    "a paper that does not look back": (
        lambda _: documents.refuse_looking_back("summary"),
        "since",
        "it takes no --since; leave it out",
    ),
    "no folder of templates": (
        lambda session: documents.list_templates(session.root / "none"),
        "templates",
        "name one that holds templates with --templates",
    ),
    "a fictitious place in the register": (
        lambda session: check.check_register(
            session.environment, check.CheckOptions(fictitious=("register/agencies",)), DAY
        ),
        "fictitious",
        "--fictitious names a place in register/",
    ),
    "no register": (
        lambda session: Environment(folder=session.root.parent, today=DAY).find_root(),
        "folder",
        "or name it with -C DIR",
    ),
    "a file in the register": (
        lambda session: disk.write_output(session.root / "register" / "x", "", session.root),
        "out",
        "name another place with --out",
    ),
    "a baseline in the register": (
        lambda session: disk.write_output(session.root / "register" / "x", "", session.root, field="write_baseline"),
        "write_baseline",
        "name another place with --write-baseline",
    ),
    "a site in the register": (
        lambda session: output.fill_folder(session.root / "register" / "site", (), session.root),
        "out",
        "with --out",
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_a_field_is_named_and_no_option_is(row: str, anytown: Path) -> None:
    ask, field, _ = ROWS[row]
    with pytest.raises(FieldRefused) as raised:
        ask(open_session(Environment(folder=anytown, today=DAY)))
    assert raised.value.field == field
    assert "--" not in str(raised.value)
    assert "-C " not in str(raised.value)


@pytest.mark.parametrize("row", ROWS)
def test_the_command_line_adds_its_option(row: str, anytown: Path) -> None:
    ask, _, option = ROWS[row]
    with pytest.raises(FieldRefused) as raised:
        ask(open_session(Environment(folder=anytown, today=DAY)))
    assert option in describe_error(raised.value)


HOSTILE = ("{given}", "{0}", "{", "%s", "\ue000", "Given.FIELD", '"out"', "--out")


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_person_typed_is_never_taken_for_the_field(name: str, anytown: Path) -> None:
    path = anytown / name / "page"
    with pytest.raises(FieldRefused) as raised:
        disk.write_output(path, "", anytown)
    assert str(raised.value) == f"there is no folder {path.parent}; make it, or name another place"
    assert describe_error(raised.value) == f"{raised.value} with --out"
    with pytest.raises(FieldRefused) as raised:
        documents.refuse_looking_back(name)
    assert str(raised.value).startswith(f'{name} does not look back, so it takes no "since"; ')
    assert describe_error(raised.value).startswith(f"{name} does not look back, so it takes no --since; ")


ERRORS = (
    DhrError("there is none", Exit.NOTHING, fix="name another"),
    DhrError("nothing; do something"),
    FieldRefused("it is wrong", field="out"),
    FieldRefused((Given.FIELD, " is wrong"), "leave it out", field="out", code=Exit.NOTHING),
    FieldRefused("none is given", "name one", field="agency", reason=Reason.MISSING),
    ChangeRefused(()),
    CommitFailed(Changeset(edits=(), effects=(), title="A title"), "it failed", Exit.ENVIRONMENT),
)


@pytest.mark.parametrize("error", ERRORS, ids=str)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_an_error_passes_from_one_process_to_another(error: DhrError, protocol: int) -> None:
    there = pickle.loads(pickle.dumps(error, protocol))  # noqa: S301 - our own
    assert (type(there), str(there), vars(there)) == (type(error), str(error), vars(error))
    assert describe_error(there) == describe_error(error)
    assert copy.copy(error).args == error.args


def test_what_is_no_field_is_said_as_it_is() -> None:
    assert describe_error(DhrError("there is none; name another")) == "there is none; name another"
