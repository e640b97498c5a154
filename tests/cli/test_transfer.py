"""An agency that ends: who takes over, what is handed over, and that nothing stays with it."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import Run
from terminal import talk

DAY = "2024-02-01"
RECORD = "register/reviews/anytown-dhr-1/recommendations/{}.yaml"


@pytest.fixture
def register(anytown: Path) -> Path:
    """Return a register in which a commissioner leads an open and a closed recommendation, and shares one."""
    (anytown / "register/agencies/anytown-ccg.yaml").write_text(
        "name: Anytown CCG  # closes\nkind: nhs-commissioner\n", encoding="utf-8"
    )
    (anytown / "register/agencies/anytown-icb.yaml").write_text(
        "name: Anytown ICB\nkind: nhs-commissioner\n", encoding="utf-8"
    )
    record = (anytown / RECORD.format("01")).read_text(encoding="utf-8")
    for number, leads, status in (
        ("02", "  - anytown-ccg\n", "not-started"),
        ("03", "  - anytown-ccg\n", "superseded"),
        ("04", "  - anytown-police\n  - anytown-ccg\n  - anytown-icb\n", "on-hold"),
    ):
        text = record.replace("training", f"part {number}").replace("  - anytown-police\n", leads)
        (anytown / RECORD.format(number)).write_text(text.replace("in-progress", status), encoding="utf-8")
    return anytown


def files(register: Path) -> Mapping[str, str]:
    paths = sorted(path for path in (register / "register").rglob("*") if path.is_file())
    return {path.relative_to(register).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def given(*more: str) -> tuple[str, ...]:
    return ("transfer", "anytown-ccg", "anytown-icb", "--on", DAY, *more)


def test_an_agency_hands_over_what_is_open(register: Path, run: Run) -> None:
    before = files(register)
    result = run(*given("--note", "By order of 2024.", "--no-input"), cwd=register)
    assert result.code == 0, result.err
    after = files(register)
    written = {path for path, text in after.items() if before.get(path) != text}
    updates = {path for path in written if "/updates/" in path}
    assert {path.split("/updates/")[1].split("/")[0] for path in updates} == {"02", "04"}
    assert written - updates == {RECORD.format("02"), RECORD.format("04"), "register/agencies/anytown-ccg.yaml"}
    assert after["register/agencies/anytown-ccg.yaml"] == (
        'name: Anytown CCG  # closes\nkind: nhs-commissioner\nended: "2024-02-01"\n'
        'successors:\n  - agency: anytown-icb\n    from: "2024-02-01"\n    note: By order of 2024.\n'
    )
    assert "lead_agencies:\n- anytown-icb\ntarget" in after[RECORD.format("02")].replace("  - ", "- ")
    assert "lead_agencies:\n- anytown-police\n- anytown-icb\ntarget" in after[RECORD.format("04")].replace("  - ", "- ")
    (update,) = [after[path] for path in updates if "/02/" in path]
    assert update.split("\n", 1)[1] == (
        "agency: anytown-icb\ntext: Anytown ICB took over from Anytown CCG on 2024-02-01.\n"
        "lead_agencies:\n  - anytown-icb\nreason: By order of 2024.\n"
    )
    assert "lead-ended" not in run("check", cwd=register).out


def test_the_finding_that_a_lead_has_ended_is_gone_afterwards(register: Path, run: Run) -> None:
    ending = register / "register/agencies/anytown-ccg.yaml"
    ending.write_text(ending.read_text(encoding="utf-8") + f'ended: "{DAY}"\n', encoding="utf-8")
    judged = ("check", "--rule", "lead-ended", "--strict", "recommendations/02.yaml")
    assert run(*judged, cwd=register / "register/reviews/anytown-dhr-1").code == 1
    assert run(*given("--no-input"), cwd=register).code == 0
    assert run(*judged, cwd=register / "register/reviews/anytown-dhr-1").code == 0
    assert run(*given("--no-input"), cwd=register).out == "Nothing changes: the register says so already.\n"


def test_it_is_shown_first_as_a_table_and_needs_a_yes(register: Path) -> None:
    before = files(register)
    code, screen = talk(list(given()), register, [("Write this? [y/N]", "n")])
    assert code == 2
    assert screen.startswith("Anytown CCG ends on 2024-02-01, and Anytown ICB takes over\n\n2 open recommendations")
    assert "anytown-dhr-1/02  not started" in screen
    assert files(register) == before
    assert talk(list(given()), register, [("Write this? [y/N]", "y")])[0] == 0
    assert files(register) != before


REFUSED = [
    (("transfer", "anytown-ccg", "anytown-ccg", "--on", DAY), "cannot take over from itself; name another agency"),
    (("transfer", "anytown-ccg", "anytown-trust", "--on", DAY), 'there is no agency "anytown-trust"'),
    (("transfer", "anytown-ccg", "anytown-icb", "--on", "2024-02"), '--on: "2024-02" is not a day'),
    (("transfer", "anytown-ccg", "anytown-icb"), "missing option '--on'"),
    (
        (*given()[:-1], "2999-04-01"),
        "2999-04-01 is still to come, and until then anytown-ccg leads; run this on that day",
    ),
    (given(), "nobody can be asked here; add --no-input to confirm it"),
]


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED)
def test_a_mistaken_transfer_is_refused(register: Path, run: Run, arguments: tuple[str, ...], sentence: str) -> None:
    before = files(register)
    result = run(*arguments, cwd=register)
    assert result.code == 2
    assert sentence in result.err
    assert files(register) == before


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("anytown-icb", "anytown-icb has ended itself, on 2023-01-01; name the agency that took over from it"),
        ("anytown-ccg", "anytown-ccg ended on 2023-01-01, as its file says; use --on 2023-01-01"),
    ],
)
def test_an_agency_that_ended_before_is_told(register: Path, run: Run, name: str, sentence: str) -> None:
    path = register / f"register/agencies/{name}.yaml"
    path.write_text(path.read_text(encoding="utf-8") + 'ended: "2023-01-01"\n', encoding="utf-8")
    result = run(*given("--no-input"), cwd=register)
    assert result.code == 2
    assert sentence in result.err


def test_an_agency_whose_file_cannot_be_read_is_told(register: Path, run: Run) -> None:
    (register / "register/agencies/anytown-icb.yaml").write_text("name: [\n", encoding="utf-8")
    result = run(*given("--no-input"), cwd=register)
    assert result.code == 1
    assert "anytown-icb has no file that can be read; see register/agencies/anytown-icb.yaml" in result.err
