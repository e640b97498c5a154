"""Any bytes give records or findings, never another exception: `make fuzz`.

The first byte says which file of a small register the rest becomes. It is then read, held to its
schema and to every rule, and what is found is written in every format of `check`.
"""  # noqa: INP001 - a script, no package

import sys
from collections.abc import Mapping
from datetime import date

import atheris

with atheris.instrument_imports(include=["dhrctl"]):
    from dhrctl import checks, reading, rules
    from dhrctl.render import CHECK_FORMATS, Screen, job_summary
    from dhrctl.reports import verdict
    from dhrctl.tree import Tree

DAY = date(2026, 11, 22)
NAMES = ("Placeholder Nameless",)
FORMATS = tuple(form for form in CHECK_FORMATS if form not in {"md", "html"})  # a template costs most of the time
SMALL: Mapping[str, bytes] = {
    "register/register.yaml": b"schema_version: 1\ntitle: Anytown\n",
    "register/agencies/anytown-police.yaml": b"name: Anytown Police\nkind: police\n",
    "register/reviews/anytown-dhr-1/review.yaml": (
        b"title: Anytown DHR 1\nkind: dhr\npartnership: anytown-police\nsections:\n  - Police\n"
    ),
    "register/reviews/anytown-dhr-1/recommendations/01.yaml": (
        b"recommendation: That training is reviewed.\nsection: Police\nlead_agencies:\n  - anytown-police\n"
        b'target_date: "2024-03"\nstatus: in-progress\n'
    ),
    "register/reviews/anytown-dhr-1/updates/01/2024-02-01-anytown-police.yaml": (
        b'date: "2024-02-01"\nagency: anytown-police\ntext: Begun.\n'
    ),
}
PATHS = tuple(SMALL)


def judge(content: bytes) -> None:
    """Read a register of which one file is anything, check it, and tell what was found."""
    path = PATHS[content[0] % len(PATHS)] if content else PATHS[0]
    tree = Tree(contents={**SMALL, path: content[1:]})
    found = reading.read(tree, thorough=True)
    texts = tuple(checks.in_texts(tree.contents, NAMES))
    others = (*found.findings, *checks.findings(found.register, DAY, found.where))
    secret = frozenset(finding.path for finding in texts)
    findings = (*checks.masked(others, NAMES, secret), *checks.with_waivers(texts, found.register, DAY))
    report = verdict.checked(
        findings,
        found.files,
        DAY,
        excerpt=lambda finding: reading.excerpt(finding, tree),
        rules=(*rules.FILES, *rules.YAML, *rules.SCHEMA, *checks.RULES),
    )
    for form in FORMATS:
        CHECK_FORMATS[form](report, Screen())
    job_summary(report, {})


def main() -> None:
    """Hand judge to the fuzzer."""
    atheris.Setup(sys.argv, judge)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
