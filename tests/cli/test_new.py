"""New files by command: every field with its comment, valid or plainly marked, and the next number."""

from pathlib import Path

import pytest
from conftest import Run, Write

from dhrctl.files import schema
from dhrctl.files.yaml import reader
from dhrctl.model.paths import RecordKind

REVIEW = "register/reviews/anytown-dhr-1"
WHOLE = [
    (
        RecordKind.AGENCY,
        "register/agencies/anytown-council.yaml",
        (
            "agency",
            "anytown-council",
            "--name",
            "Anytown Council",
            "--short-name",
            "Council",
            "--kind",
            "local-authority",
        ),
    ),
    (
        RecordKind.REVIEW,
        "register/reviews/anytown-dhr-2/review.yaml",
        (
            *("review", "anytown-dhr-2", "--title", "Anytown: DHR 2", "--kind", "dhr"),
            *("--partnership", "anytown-police", "--section", "Health", "--section", "Police"),
        ),
    ),
    (
        RecordKind.RECOMMENDATION,
        f"{REVIEW}/recommendations/02.yaml",
        ("recommendation", "anytown-dhr-1", "--lead", "anytown-police", "--text", "That records are kept."),
    ),
]


@pytest.mark.parametrize(("kind", "path", "arguments"), WHOLE, ids=[kind for kind, _, _ in WHOLE])
def test_a_new_file_that_is_given_what_it_needs_is_valid(
    anytown: Path, run: Run, kind: RecordKind, path: str, arguments: tuple[str, ...]
) -> None:
    result = run("new", *arguments, cwd=anytown)
    assert result.code == 0, result.err
    assert result.out.splitlines()[-1] == f"wrote {path}"
    assert result.err == ""
    assert run("check", path, "--severity", "error", cwd=anytown).code == 0
    text = (anytown / path).read_text(encoding="utf-8")
    for name, field in schema.read_schema(kind)["properties"].items():
        assert f"# {field['title']}: " in text
        assert f"\n{name}:" in text or f"\n# {name}:" in text
    assert "TO FILL IN" not in text
    assert max(map(len, text.splitlines())) <= 88


BARE = [
    ("agency", ("agency", "anytown-council"), "register/agencies/anytown-council.yaml", {"name", "kind"}),
    (
        "review",
        ("review", "anytown-dhr-2"),
        "register/reviews/anytown-dhr-2/review.yaml",
        {"title", "kind", "partnership", "sections"},
    ),
    (
        "recommendation",
        ("recommendation", "dhr-1"),
        f"{REVIEW}/recommendations/02.yaml",
        {"recommendation", "lead_agencies"},
    ),
    (
        "update",
        ("update", "1", "--agency", "anytown-police", "--on", "2024-02-01"),
        f"{REVIEW}/updates/01/2024-02-01-anytown-police.yaml",
        {"text"},
    ),
]


@pytest.mark.parametrize(("what", "arguments", "path", "fields"), BARE, ids=[row[0] for row in BARE])
def test_what_a_new_file_still_needs_is_plainly_marked_and_told(  # noqa: PLR0917 - fixtures
    anytown: Path, run: Run, what: str, arguments: tuple[str, ...], path: str, fields: set[str]
) -> None:
    result = run("new", *arguments, cwd=anytown)
    assert result.code == 0
    text = (anytown / path).read_text(encoding="utf-8")
    assert {line.partition(":")[0] for line in text.splitlines() if line.endswith("  # TO FILL IN")} == fields
    assert {name for name, value in reader.parse(text.encode()).items() if value is None} == fields
    told = {name for name in fields if f'"{name}" is empty; fill it in' in result.err}
    assert told == fields - ({"recommendation"} if what == "recommendation" else set())


@pytest.mark.parametrize(
    ("numbers", "section", "following"),
    [
        ((), "", "01"),
        (("01",), "", "02"),
        (("9", "10"), "", "11"),
        (("08", "09"), "", "10"),
        (("099", "100"), "", "101"),
        (("t1-01", "t1-11", "t2-01"), "One", "t1-12"),
        (("t1-01", "t1-11", "t2-01"), "Two", "t2-02"),
        (("t1-01", "t1-11", "t2-01"), "", "t2-02"),
        (("a", "b"), "", "b01"),
    ],
)
def test_the_next_number_is_free_in_its_review(  # noqa: PLR0917 - fixtures
    anytown: Path, write: Write, run: Run, numbers: tuple[str, ...], section: str, following: str
) -> None:
    record = (anytown / REVIEW / "recommendations/01.yaml").read_text(encoding="utf-8")
    write({f"{REVIEW}/recommendations/01.yaml": None})
    for number in numbers:
        of = "Two" if number.startswith("t2") else "One"
        write({f"{REVIEW}/recommendations/{number}.yaml": record.replace("section: Police", f"section: {of}")})
    given = ("new", "recommendation", "anytown-dhr-1", *(("--section", section) if section else ()))
    assert run(*given, cwd=anytown).out.startswith(f"new recommendation anytown-dhr-1/{following}\n")


REFUSED = [
    (("new", "agency", "anytown-police"), "register/agencies/anytown-police.yaml is there already; edit it"),
    (("new", "agency", "Anytown Police"), "use lower-case letters, digits and single hyphens"),
    (
        ("new", "agency", "x", "--name", "X", "--kind", "polise"),
        'kind: "polise" is not a word for "kind" (did you mean "police"?)',
    ),
    (("new", "review", "x", "--title", "x" * 201), "title: "),
    (("new", "review", "x/y"), "use lower-case letters, digits and single hyphens"),
    (("new", "review", "x", "--partnership", "nobody"), 'there is no agency "nobody"'),
    (("new", "recommendation", "anytown-dhr-9"), 'there is no review "anytown-dhr-9"'),
    (("new", "recommendation", "dhr-1", "--number", "1"), "anytown-dhr-1 has a recommendation 01 already; take 02"),
    (("new", "update", "9", "--agency", "anytown-police"), 'there is no recommendation "9"'),
    (("new", "update", "1"), "missing option '--agency'"),
    (("new", "thing"), "no such command 'thing'"),
]


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED)
def test_a_mistaken_beginning_is_refused(anytown: Path, run: Run, arguments: tuple[str, ...], sentence: str) -> None:
    before = sorted(anytown.rglob("*"))
    result = run(*arguments, cwd=anytown)
    assert result.code == 2
    assert sentence in result.err
    assert sorted(anytown.rglob("*")) == before


def test_the_line_for_editors_follows_that_of_the_register(anytown: Path, write: Write, run: Run) -> None:
    line = "# yaml-language-server: $schema=../../schemas/register.schema.json\n"
    settings = (anytown / "register/register.yaml").read_text(encoding="utf-8")
    write({"register/register.yaml": line + settings})
    run("new", "update", "1", "--agency", "anytown-police", "--on", "2024-02-01", cwd=anytown)
    text = (anytown / f"{REVIEW}/updates/01/2024-02-01-anytown-police.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=../../../../../../schemas/update.schema.json\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("agency", "con", "--name", "Conwy", "--kind", "other"),
        ("agency", "AUX"),
        ("review", "lpt1"),
        ("recommendation", "anytown-dhr-1", "--number", "nul"),
    ],
)
def test_a_name_that_windows_keeps_is_refused(anytown: Path, run: Run, arguments: tuple[str, ...]) -> None:
    before = sorted(anytown.rglob("*"))
    result = run("new", *arguments, cwd=anytown)
    assert (result.code, result.out) == (2, "")
    assert (
        f'Windows keeps the name "{arguments[-1] if arguments[-1] == "nul" else arguments[1]}" for a device'
        in result.err
    )
    assert sorted(anytown.rglob("*")) == before


def test_a_name_that_only_begins_so_is_taken(anytown: Path, run: Run) -> None:
    assert run("new", "agency", "con-1", "--name", "Conwy", "--kind", "other", cwd=anytown).code == 0


def test_a_section_is_written_as_its_review_prints_it(anytown: Path, run: Run, write: Write) -> None:
    review = (anytown / REVIEW / "review.yaml").read_text(encoding="utf-8")
    write({f"{REVIEW}/review.yaml": review.replace("  - Police", '  - Police\n  - "Women\u2019s Aid"')})
    arguments = ("recommendation", "anytown-dhr-1", "--lead", "anytown-police", "--text", "That it is.")
    assert run("new", *arguments, "--section", "Women's Aid", cwd=anytown).code == 0
    text = (anytown / REVIEW / "recommendations/02.yaml").read_text(encoding="utf-8")
    assert "section: Women\u2019s Aid\n" in text
    assert run("check", "--rule", "section-not-in-review", cwd=anytown).code == 0
