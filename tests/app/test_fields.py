"""What is wrong with a field of a request is said without an option: a form in a browser says the same."""

import copy
import pickle
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from conftest import Repositories

from dhrctl.app import (
    answers,
    change,
    check,
    digest,
    documents,
    export,
    history,
    new_file,
    set_field,
    transfer,
    update,
)
from dhrctl.app.change import ChangeRefused, CommitFailed, Make
from dhrctl.app.environment import Environment
from dhrctl.app.session import Session, open_session, restrict_audience
from dhrctl.cli.options import describe_error
from dhrctl.edits.changeset import Changeset
from dhrctl.errors import DhrError, Exit, Field, FieldRefused, Reason
from dhrctl.site import output
from dhrctl.storage import disk

DAY = date(2024, 2, 1)
ID = "anytown-dhr-1/01"


def _update(**given: object) -> Callable[[Session], object]:
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


def _check(**given: object) -> Callable[[Session], object]:
    def ask(session: Session) -> object:
        options = check.CheckOptions(**given)  # type: ignore[arg-type]  # a table's row
        return check.check_register(session.environment, options, DAY)

    return ask


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
    "no status": (_update(status="complte"), "status", '(did you mean "complete"?); use one of not-started, '),
    "no assurance": (_update(assurance="planned"), "assurance", "with --assurance"),
    "no severity": (_check(severity="eror"), "severity", '(did you mean "error"?); use one of error, warning, info'),
    "no audience": (lambda session: restrict_audience(session, "publik"), "audience", '(did you mean "public"?)'),
    "no period": (
        lambda session: history.count_over_time(session.environment, "week", None, None, None),
        "by",
        "use one of month, quarter with --by",
    ),
    "no form of a digest": (lambda session: digest.write_digest(session, None, "pdf", None), "format", "md, html, eml"),
    "two states": (_check(since="HEAD", staged=True), "staged", "--since and --staged judge different files; leave"),
    "no baseline": (
        lambda session: check.read_baseline(str(session.root / "register" / "register.yaml")),
        "baseline",
        "is no baseline of dhrctl; write one with: dhrctl check --write-baseline ",
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


def _make(make: Make, **options: str) -> Callable[[Session], object]:
    """Return what makes a change in a repository, or is refused."""

    def ask(session: Session) -> object:
        how = change.ChangeOptions(commit=True, **options)
        return change.make_change(
            session.environment,
            make,
            how,
            first=make(session),
            confirmed=False,
            judges=(),
            doing="a test",
            say=print,
        )

    return ask


def _transfer(**given: str) -> Callable[[Session], object]:
    return lambda session: transfer.transfer_work(
        transfer.TransferOptions(**{"old": "anytown-police", "new": "anytown-police", "since": DAY, **given}),  # type: ignore[arg-type]  # a table's row
        session,
    )


def _document_of(suffix: str = "md", **given: object) -> Callable[[Session], object]:
    def ask(session: Session) -> object:
        request = documents.DocumentRequest(session=session, **given)  # type: ignore[arg-type]  # a table's row
        return documents.write_document(str(given.pop("template", "panel-pack")), suffix, request, None)

    return ask


def _diff(old: str, new: str | None = None, by: str = "review") -> Callable[[Session], object]:
    def ask(session: Session) -> object:
        return history.compare_sessions(*history.open_session_pair(session.environment, old, new, None), by)

    return ask


REVIEW = {"title": "", "kind": "", "partnership": "", "sections": ()}
NEW = {"number": "", "section": "", "leads": (), "text": ""}
FIELDS: dict[str, Callable[[str], Callable[[Session], object]]] = {
    **{
        f"update {name}": lambda text, name=name: _update(**{name: text})  # type: ignore[misc]  # a loop's word
        for name in ("agency", "by", "text", "status", "target_date", "reason", "completion_date", "assurance")
    },
    "update evidence": lambda text: _update(evidence=(text,)),
    "update title of evidence": lambda text: _update(evidence=(f"audit:{text}",)),
    "update lead": lambda text: _update(lead_agencies=(text,), reason="So agreed."),
    "update ids": lambda text: update.make_updates(update.UpdateOptions(day=DAY, text="Held."), [text]),
    **{
        f"check {name}": lambda text, name=name: _check(**{name: text})  # type: ignore[misc]  # a loop's word
        for name in ("severity", "review", "agency", "since", "at")
    },
    **{
        f"check {name}": lambda text, name=name: _check(**{name: (text,)})  # type: ignore[misc]  # a loop's word
        for name in ("paths", "rules", "fictitious")
    },
    "check of two states": lambda text: _check(at=text, since=text),
    "baseline": lambda text: lambda _: check.read_baseline(text),
    "file of a baseline": lambda text: lambda session: check.write_baseline(_check()(session), text),  # type: ignore[arg-type]  # a verdict
    "rule": lambda text: lambda _: check.explain_rule(text, DAY),
    "audience": lambda text: lambda session: restrict_audience(session, text),
    "audience of an export": lambda text: (
        lambda session: export.export_register(session, export.find_format("csv"), (), text)
    ),
    "format of an export": lambda text: lambda _: export.find_format(text),
    "query": lambda text: lambda session: answers.ask_at_commit(session, text),
    "agency": lambda text: lambda session: answers.find_agencies(text, session),
    "agency of a digest": lambda text: lambda session: digest.write_digest(session, text, "md", None),
    "format of a digest": lambda text: lambda session: digest.write_digest(session, None, text, None),
    "format of digests": lambda text: lambda session: digest.write_digests(session, "anytown-police", text),
    "template": _document,
    "template found": lambda text: lambda _: documents.find_template(text, documents.MAKERS),
    "format of a document": lambda text: _document_of(text, since="HEAD"),
    "since of a document": lambda text: _document_of(since=text),
    "query of a document": lambda text: _document_of(since="HEAD", query=(text,)),
    "templates": lambda text: lambda _: documents.list_templates(Path(text)),
    "old": _diff,
    "new": lambda text: _diff("HEAD", text),
    "by of a diff": lambda text: _diff("HEAD", by=text),
    "by of a burndown": lambda text: (
        lambda session: history.count_over_time(session.environment, text, None, None, None)
    ),
    "at": lambda text: lambda session: open_session(session.environment, at=text),
    "at of a burndown": lambda text: (
        lambda session: history.count_over_time(session.environment, "month", None, None, text)
    ),
    "identity": lambda text: (
        lambda session: history.tell_history(history.open_history(session.environment, text, None, None), text)
    ),
    "folder": lambda text: lambda _: Environment(folder=Path(text), today=DAY).find_root(past=True),
    "names": lambda text: lambda session: replace(session.environment, names=text).read_protected_names(session.root),
    "out": lambda text: lambda session: disk.write_output(Path(text), "", session.root),
    "out of a site": lambda text: lambda session: output.fill_folder(Path(text), (), session.root),
    **{
        f"transfer {name}": lambda text, name=name: _transfer(**{name: text})  # type: ignore[misc]  # a loop's word
        for name in ("old", "new", "note")
    },
    "set": lambda text: set_field.correct_fields(ID, (text,)),
    "set a field": lambda text: set_field.correct_fields(ID, (f"section={text}",)),
    "set a date": lambda text: set_field.correct_fields(ID, (f"target_date={text}",)),
    "set of": lambda text: set_field.correct_fields(text, ("section=Police",)),
    "new review": lambda text: new_file.begin_review(text, **REVIEW),  # type: ignore[arg-type]  # a table's row
    **{
        f"new review's {name}": lambda text, name=name: new_file.begin_review("b-dhr-1", **{**REVIEW, name: text})  # type: ignore[misc]
        for name in ("title", "kind", "partnership")
    },
    "new agency": lambda text: new_file.begin_agency(text, name="", short_name="", kind=""),
    "new agency's name": lambda text: new_file.begin_agency("council", name=text, short_name=text, kind=text),
    "new recommendation": lambda text: new_file.begin_recommendation(text, **NEW),  # type: ignore[arg-type]  # a table's row
    **{
        f"new recommendation's {name}": lambda text, name=name: new_file.begin_recommendation(  # type: ignore[misc]
            "anytown-dhr-1", **{**NEW, name: text}
        )
        for name in ("number", "section", "text")
    },
    "new update": lambda text: new_file.begin_update(text, agency="anytown-police", day=DAY),
    "new update's agency": lambda text: new_file.begin_update(ID, agency=text, day=DAY),
    "branch": lambda text: _make(set_field.correct_fields(ID, ("level=single-agency",)), branch=text),
    "message": lambda text: _make(set_field.correct_fields(ID, ("level=single-agency",)), message=text),
}
STRINGS = {
    "nothing": "",
    "a space": " ",
    "nonsense": "nonsense",
    "a mistype": "complte",
    "no character": "\0",
    "half a character": "\ud800",
    "a byte that is no text": "\udcff",
    "a line break": "a\nb",
    "braces": "{given}{0}%s",
    "an option": "--since",
    "a way up": "../..",
    "no such day": "2024-13-40",
    "a bad pattern": "[(*",
    "much": "x" * 5000,
}


@pytest.mark.parametrize("field", FIELDS)
def test_nothing_but_an_error_of_ours_is_raised_whatever_is_given(
    field: str, repository: Repositories, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = repository()
    first = repo.adopt()
    monkeypatch.chdir(repo.root)
    repo.git("config", "user.name", "A. Coordinator")
    repo.git("config", "user.email", "coordinator@anytown.example")
    for text in STRINGS.values():
        if field in ("branch", "message"):  # which leave something
            repo.git("checkout", "--quiet", "--force", "-B", "main", first)
        with suppress(DhrError):
            FIELDS[field](text)(open_session(Environment(folder=repo.root, today=DAY)))


HOSTILE = ("{given}", "{0}", "{", "%s", "\ue000", "Field(name='out')", '"out"', "--out")


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
    FieldRefused((Field("out"), " is wrong"), "leave it out", field="out", code=Exit.NOTHING),
    FieldRefused("none is given", "name one", field="agency", reason=Reason.MISSING),
    ChangeRefused(()),
    CommitFailed(Changeset(edits=(), effects=(), title="A title"), DhrError("it failed", Exit.ENVIRONMENT)),
)


@pytest.mark.parametrize("error", ERRORS, ids=str)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_an_error_passes_from_one_process_to_another(error: DhrError, protocol: int) -> None:
    there = pickle.loads(pickle.dumps(error, protocol))  # noqa: S301 - our own
    assert (type(there), str(there), vars(there).keys()) == (type(error), str(error), vars(error).keys())
    assert describe_error(there) == describe_error(error)
    assert copy.copy(error).args == error.args


def test_what_is_no_field_is_said_as_it_is() -> None:
    assert describe_error(DhrError("there is none; name another")) == "there is none; name another"


def test_a_path_that_no_file_can_have_is_none_of_the_register(anytown: Path) -> None:
    with pytest.raises(DhrError, match="there is no "):
        check.choose_paths(("reg\0ister/01.yaml",), anytown, ("register/register.yaml",))
