"""What is done with any bytes: one file of a small register is made of them, and the register is checked.

The first byte says which file, from "0" on in the order of SMALL; the rest is the file. It is read, held
to its schema and to every rule, and what is found is written in the formats of `check`.
"""  # noqa: INP001 - a script's other half, no package

from collections.abc import Mapping
from datetime import date

from dhrctl.checks import registry
from dhrctl.files import load
from dhrctl.files.tree import Tree
from dhrctl.findings import rules
from dhrctl.findings.finding import Finding
from dhrctl.render.formats import CHECK_FORMATS, Screen, job_summary
from dhrctl.reports import findings as verdict

DAY = date(2026, 11, 22)
NAMES = ("Placeholder Nameless",)
FORMATS = tuple(form for form in CHECK_FORMATS if form not in {"md", "html"})  # a template costs most of the time
RULES = (*rules.FILE_RULES, *rules.YAML_RULES, *rules.SCHEMA_RULES, *registry.RULES)
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
    "register/reviews/anytown-dhr-1/source.txt": b"The plan.\n",
}
PATHS = tuple(SMALL)


def judged(content: bytes) -> tuple[Finding, ...]:
    """Return what is wrong with the register of which one file is these bytes, after it was told in every format."""
    path = PATHS[(content[0] - ord("0")) % len(PATHS)] if content else PATHS[0]
    tree = Tree(contents={**SMALL, path: content[1:]})
    found = load.read_register(tree, thorough=True)
    texts = registry.check_texts(tree.contents, NAMES, found.register, DAY, found.locate)
    others = (*found.findings, *registry.findings(found.register, DAY, found.locate))
    secret = frozenset(finding.path for finding in texts if finding.keys is None)
    findings = (*registry.mask_findings(others, NAMES, secret), *registry.mask_findings(texts, NAMES, secret))
    report = verdict.report_findings(
        findings, found.files, DAY, excerpt=lambda finding: load.excerpt(finding, tree), rules=RULES
    )
    for form in FORMATS:
        CHECK_FORMATS[form](report, Screen())
    job_summary(report, {})
    return findings
