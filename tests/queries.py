"""The register that queries are tried on, and what they find in it."""

from collections.abc import Mapping
from datetime import date
from functools import cache

from dhrctl.files import load
from dhrctl.files.tree import Tree
from dhrctl.model import query
from dhrctl.model.records import Register
from dhrctl.reports import view

DAY = date(2024, 6, 30)

REVIEWS = "register/reviews"
FILES: Mapping[str, str] = {
    "register/register.yaml": """\
        schema_version: 1
        title: Anytown action register
        """,
    "register/agencies/anytown-police.yaml": """\
        name: Anytown Police
        short_name: AnyPol
        kind: police
        aliases:
          - Anytown Constabulary
        """,
    "register/agencies/anytown-ccg.yaml": """\
        name: NHS Anytown CCG
        kind: nhs-commissioner
        aliases:
          - CCG
        ended: "2022-07-01"
        successors:
          - agency: anytown-icb
            from: "2022-07-01"
        """,
    "register/agencies/anytown-icb.yaml": """\
        name: NHS Anytown ICB
        short_name: ICB
        kind: nhs-commissioner
        """,
    "register/agencies/anytown-housing.yaml": """\
        name: Anytown Housing
        kind: housing-provider
        """,
    f"{REVIEWS}/anytown-dhr-1/review.yaml": """\
        title: Anytown DHR 1
        kind: dhr
        partnership: anytown-police
        sections:
          - "Table 1: Police"
          - "Table 2: Health"
          - Housing
        """,
    f"{REVIEWS}/newtown-dhr-1/review.yaml": """\
        title: Newtown DHR 1
        kind: dhr
        partnership: anytown-police
        sections:
          - Housing
        """,
    f"{REVIEWS}/newtown-dardr-2/review.yaml": """\
        title: Newtown DARDR 2
        kind: dardr
        partnership: anytown-police
        sections:
          - Housing
        """,
    f"{REVIEWS}/anytown-dhr-1/recommendations/01.yaml": """\
        recommendation: |-
          That training on risk
          assessment is reviewed.
        section: "Table 1: Police"
        scope: local
        level: single-agency
        lead_agencies:
          - anytown-police
        target_date: "2024-06"
        status: in-progress
        """,
    f"{REVIEWS}/anytown-dhr-1/recommendations/02.yaml": """\
        recommendation: That letters are answered.
        section: "Table 2: Health"
        scope: national
        lead_agencies:
          - anytown-ccg
        target_date: "2021-06-30"
        completion_date: "2021-06"
        status: complete
        """,
    f"{REVIEWS}/anytown-dhr-1/recommendations/10.yaml": """\
        recommendation: null
        section: Housing
        level: multi-agency
        lead_agencies:
          - anytown-housing
        supporting_agencies:
          - anytown-police
        status: not-started
        actions:
          - text: Write a protocol.
        as_stated:
          Expected End Date: Ongoing
        """,
    f"{REVIEWS}/anytown-dhr-1/recommendations/11.yaml": """\
        recommendation: That a protocol is written.
        section: Housing
        lead_agencies:
          - anytown-housing
          - anytown-ccg
        target_date: "2022-02-15"
        status: on-hold
        """,
    f"{REVIEWS}/newtown-dhr-1/recommendations/01.yaml": """\
        recommendation: That records are kept.
        section: Housing
        scope: regional
        level: strategic-partnership
        lead_agencies:
          - anytown-housing
        target_date: "2025"
        review_date: "2024-05"
        status: in-progress
        outcomes:
          - Letters are kept.
        """,
    f"{REVIEWS}/newtown-dhr-1/updates/01/2024-06-01-anytown-housing.yaml": """\
        date: "2024-06-01"
        agency: anytown-housing
        text: The archive was chosen.
        target_date: "2024"
        """,
    f"{REVIEWS}/newtown-dhr-1/recommendations/02.yaml": """\
        recommendation: That a panel meets.
        section: Housing
        lead_agencies:
          - anytown-police
        target_date: "2021/2022"
        completion_date: "2023"
        status: complete
        """,
    f"{REVIEWS}/newtown-dardr-2/recommendations/a-1.yaml": """\
        recommendation: That it is not done twice.
        section: Housing
        lead_agencies:
          - anytown-icb
        target_date: "2022-01-01/2022-02-15"
        status: superseded
        """,
    f"{REVIEWS}/newtown-dardr-2/recommendations/a-2.yaml": """\
        recommendation: That notes are shared.
        section: Housing
        lead_agencies:
          - anytown-icb
        supporting_agencies:
          - anytown-ccg
        completion_date: "2021-06-15"
        target_date: "2021-05"
        status: complete
        """,
}
ALL = ("d1/01", "d1/02", "d1/10", "d1/11", "n1/01", "n1/02", "a2/a-1", "a2/a-2")
SHORT = {"d1": "anytown-dhr-1", "n1": "newtown-dhr-1", "a2": "newtown-dardr-2"}


@cache
def register() -> Register:
    found = load.read_register(
        Tree(contents={path: "\n".join(_dedented(text)).encode() for path, text in FILES.items()})
    )
    assert not found.findings
    return found.register


def _dedented(text: str) -> list[str]:
    return [line.removeprefix(" " * 8) for line in text.splitlines()]


def found(*words: str, day: date = DAY) -> set[str]:
    test = query.compile_query(words, register(), day)
    return {judged.record.id for judged in view.build_view(register(), day, test).judged}


def full(*short: str) -> set[str]:
    return {f"{SHORT[each.split('/')[0]]}/{each.split('/')[1]}" for each in short}
