"""Where things lie: what a path means, which paths mean nothing, and what follows from names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhrctl.model import paths as layout
from dhrctl.model.paths import Place, RecordKind, place

REVIEW = "register/reviews/anytown-dhr-1"
LONG = "a" * 80


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("register/register.yaml", {"kind": RecordKind.REGISTER}),
        ("register/agencies/anytown-police.yaml", {"kind": RecordKind.AGENCY, "agency": "anytown-police"}),
        ("register/agencies/1.yaml", {"kind": RecordKind.AGENCY, "agency": "1"}),
        (f"register/agencies/{LONG}.yaml", {"kind": RecordKind.AGENCY, "agency": LONG}),
        (f"{REVIEW}/review.yaml", {"kind": RecordKind.REVIEW, "review": "anytown-dhr-1"}),
        (f"{REVIEW}/source.txt", {"kind": RecordKind.SOURCE, "review": "anytown-dhr-1"}),
        (
            f"{REVIEW}/recommendations/01.yaml",
            {"kind": RecordKind.RECOMMENDATION, "review": "anytown-dhr-1", "number": "01"},
        ),
        (
            f"{REVIEW}/recommendations/t1-01.yaml",
            {"kind": RecordKind.RECOMMENDATION, "review": "anytown-dhr-1", "number": "t1-01"},
        ),
        (
            f"{REVIEW}/updates/01/2024-05-01-anytown-police.yaml",
            {
                "kind": RecordKind.UPDATE,
                "review": "anytown-dhr-1",
                "number": "01",
                "day": "2024-05-01",
                "agency": "anytown-police",
            },
        ),
        (
            f"{REVIEW}/updates/t1-01/2024-05-01-anytown-police-2.yaml",
            {
                "kind": RecordKind.UPDATE,
                "review": "anytown-dhr-1",
                "number": "t1-01",
                "day": "2024-05-01",
                "agency": "anytown-police-2",
            },
        ),
    ],
)
def test_a_path_of_the_layout_says_what_lies_there(path: str, expected: dict[str, str]) -> None:
    assert place(path) == Place(path=path, **expected)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "identity"),
    [
        (f"{REVIEW}/recommendations/01.yaml", "anytown-dhr-1/01"),
        (f"{REVIEW}/updates/01/2024-05-01-anytown-police.yaml", "anytown-dhr-1/01"),
        (f"{REVIEW}/review.yaml", ""),
        ("register/agencies/anytown-police.yaml", ""),
        ("register/register.yaml", ""),
    ],
)
def test_an_id_is_taken_from_the_path(path: str, identity: str) -> None:
    found = place(path)
    assert found
    assert found.id == identity


@pytest.mark.parametrize(
    "path",
    [
        "",
        "register",
        "register.yaml",
        "Register/register.yaml",
        "register/Register.yaml",
        "register/register.yml",
        "register/register.yaml/",
        "register/register.yaml\n",
        "./register/register.yaml",
        "x/register/register.yaml",
        "register/agencies/.yaml",
        "register/agencies/Anytown.yaml",
        "register/agencies/any_town.yaml",
        "register/agencies/any town.yaml",
        "register/agencies/any--town.yaml",
        "register/agencies/-anytown.yaml",
        "register/agencies/anytown-.yaml",
        "register/agencies/anytown.yaml.orig",
        "register/agencies/anytown.yaml~",
        "register/agencies/anytown.yml",
        "register/agencies/anytown.YAML",
        "register/agencies/any.town.yaml",
        "register/agencies/anytöwn.yaml",
        "register/agencies/anytown\n.yaml",
        "register/agencies/anytown.yaml\n",
        "register/agencies/any/town.yaml",
        "register/agencies/٣.yaml",
        f"register/agencies/{LONG}a.yaml",
        "register/reviews/review.yaml",
        "register/reviews/Anytown/review.yaml",
        f"register/reviews/{LONG}a/review.yaml",
        f"{REVIEW}/source.md",
        f"{REVIEW}/source.yaml",
        f"{REVIEW}/notes.txt",
        f"{REVIEW}/01.yaml",
        f"{REVIEW}/recommendations/01.json",
        f"{REVIEW}/recommendations/01",
        f"{REVIEW}/recommendations/1.5.yaml",
        f"{REVIEW}/recommendations/01/01.yaml",
        f"{REVIEW}/recommendations/{LONG}a.yaml",
        f"{REVIEW}/Recommendations/01.yaml",
        f"{REVIEW}/updates/2024-05-01-anytown-police.yaml",
        f"{REVIEW}/updates/01/2024-05-01.yaml",
        f"{REVIEW}/updates/01/2024-05-01-.yaml",
        f"{REVIEW}/updates/01/24-05-01-anytown-police.yaml",
        f"{REVIEW}/updates/01/anytown-police-2024-05-01.yaml",
        f"{REVIEW}/updates/01/2024-05-anytown-police.yaml",
        f"{REVIEW}/updates/01/2024-05-01_anytown-police.yaml",
        f"{REVIEW}/updates/01/x/2024-05-01-anytown-police.yaml",
    ],
)
def test_any_other_path_means_nothing(path: str) -> None:
    assert place(path) is None


SLUGS = st.lists(st.text("abz019", min_size=1, max_size=6), min_size=1, max_size=4).map("-".join)


@given(SLUGS, SLUGS, SLUGS)
def test_a_path_made_from_an_id_leads_back_to_it(review: str, number: str, agency: str) -> None:
    identity = f"{review}/{number}"
    recommendation = place(layout.recommendation_path(identity))
    assert recommendation
    assert (recommendation.kind, recommendation.id) == (RecordKind.RECOMMENDATION, identity)
    of_review, of_agency = place(layout.review_path(review)), place(layout.agency_path(agency))
    assert of_review
    assert of_agency
    assert (of_review.kind, of_review.review) == (RecordKind.REVIEW, review)
    assert (of_agency.kind, of_agency.agency) == (RecordKind.AGENCY, agency)


@given(st.text(max_size=40) | st.text("register/ews.yamlupdt01-\n", max_size=60))
def test_any_text_is_a_path_of_the_layout_or_not(path: str) -> None:
    found = place(path)
    assert found is None or found.path == path


@pytest.mark.parametrize(
    ("name", "agency", "expected"),
    [
        ("anytown-police", "anytown-police", True),
        ("anytown-police-2", "anytown-police", True),
        ("anytown-police-10", "anytown-police", True),
        ("anytown-dhr-1", "anytown-dhr-1", True),
        ("anytown-dhr-1-2", "anytown-dhr-1", True),
        ("anytown-dhr-1", "anytown-dhr", True),
        ("anytown-police-x", "anytown-police", False),
        ("anytown-police-2-2", "anytown-police", False),
        ("anytown-police-", "anytown-police", False),
        ("anytown-police-2\n", "anytown-police", False),
        ("anytown", "anytown-police", False),
        ("anytown-polices", "anytown-police", False),
        ("anytown-police-2", "anytown.police", False),
        ("x-anytown-police", "anytown-police", False),
    ],
)
def test_the_end_of_an_updates_name_names_its_agency(name: str, agency: str, *, expected: bool) -> None:
    assert layout.names_agency(name, agency) is expected


@pytest.mark.parametrize(
    "ordered",
    [
        ["1", "2", "10"],
        ["01", "02", "10"],
        ["t1-2", "t1-10", "t2-1"],
        ["5", "5a", "10"],
        ["a", "a1", "a2", "a10", "b"],
        ["1", "a"],
    ],
)
def test_numbers_are_ordered_as_people_count(ordered: list[str]) -> None:
    mixed = ordered[::-1]
    assert sorted(mixed, key=layout.natural_key) == ordered


def test_numbers_that_differ_in_zeros_only_are_different() -> None:
    assert layout.natural_key("05") != layout.natural_key("5")
    assert layout.natural_key("") == ()


@given(st.text(max_size=12), st.text(max_size=12))
def test_only_equal_numbers_have_the_same_place_in_the_order(one: str, two: str) -> None:
    assert (layout.natural_key(one) == layout.natural_key(two)) == (one == two)
    orders = (layout.natural_key(one) < layout.natural_key(two), layout.natural_key(one) > layout.natural_key(two))
    assert sum(orders) == (one != two)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("01", "1"),
        ("1", "1"),
        ("10", "10"),
        ("100", "100"),
        ("0", "0"),
        ("00", "0"),
        ("t1-01", "t1-1"),
        ("t01-010", "t1-10"),
        ("a", "a"),
        ("", ""),
    ],
)
def test_a_number_loses_the_zeros_before_it(number: str, expected: str) -> None:
    assert layout.strip_zeros(number) == expected


@pytest.mark.parametrize(
    ("paths", "pairs"),
    [
        ([], []),
        (["a", "b"], []),
        (["a", "a"], []),
        (["a.yaml", "A.yaml"], [("A.yaml", "a.yaml")]),
        (["x/a", "X/a"], [("X/a", "x/a")]),
        (["b", "aB", "AB", "ab"], [("AB", "aB"), ("AB", "ab")]),
        (["É", "é"], [("É", "é")]),
        (["é", "e"], []),
    ],
)
def test_paths_that_differ_only_in_case_are_paired(paths: list[str], pairs: list[tuple[str, str]]) -> None:
    assert layout.find_case_clashes(paths) == pairs


def test_what_comes_with_the_program_lies_in_the_checkout() -> None:
    assert (layout.shipped_folder("schema") / "recommendation.schema.json").is_file()
    assert layout.shipped_folder("templates").is_dir()
