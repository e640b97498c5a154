"""A site to look at: the rich register with a past in which target dates moved, and a page of every kind."""

from collections.abc import Mapping
from pathlib import Path

from conftest import RICH
from pasts import Past, begun

from dhrctl.cli import main

DAY = "2025-06-30"
_RECORDS = "register/reviews/anytown-dhr-1/recommendations"
_UPDATES = "register/reviews/anytown-dhr-1/updates"
_THEN = {
    "01": ('target_date: "2025-03"', 'target_date: "2024-06"'),
    "03": ("status: complete", "status: in-progress"),
    "05": ('target_date: "2026-03"', 'target_date: "2025-06"'),
    "11": ('target_date: "2025-10-31"', 'target_date: "2024-10-31"'),
}
KINDS: Mapping[str, str] = {
    "overview": "index.html",
    "overdue": "overdue.html",
    "no target date": "no-target-date.html",
    "what changed": "changes.html",
    "reviews": "reviews.html",
    "review": "reviews/anytown-dhr-1.html",
    "section": "sections/anytown-dhr-1/police.html",
    "agencies": "agencies.html",
    "agency": "agencies/anytown-csp.html",
    "recommendation": "recommendations/anytown-dhr-1/01.html",
    "long recommendation": "recommendations/anytown-dhr-1/08.html",
    "its second page": "recommendations/anytown-dhr-1/08.2.html",
    "judgements": "judgements.html",
    "accessibility": "accessibility.html",
    "data": "data.html",
}
PAPERS: Mapping[str, tuple[str, ...]] = {
    "action-plan": ("render", "action-plan"),
    "summary": ("render", "summary"),
    "panel-pack": ("render", "panel-pack", "--since", "2025-01-01"),
    "agency": ("render", "agency", "--agency", "anytown-council"),
    "overdue": ("render", "overdue"),
    "recommendation": ("render", "recommendation", "anytown-dhr-1/01"),
    "digest": ("digest",),
}


def register(folder: Path) -> Past:
    """Write the register into a folder, as a repository of two years."""
    files = {str(path.relative_to(RICH)): path.read_text(encoding="utf-8") for path in RICH.rglob("*.yaml")}
    then = dict(files)
    for number, (now, before) in _THEN.items():
        path = f"{_RECORDS}/{number}.yaml"
        assert now in files[path]
        then[path] = files[path].replace(now, before)
    past = begun(folder, then, "2023-07-03")
    for month, number in enumerate(_THEN, 3):
        past.write({f"{_RECORDS}/{number}.yaml": files[f"{_RECORDS}/{number}.yaml"]})
        past.commit(f"2025-{month:02}-10")
    past.write({f"{_UPDATES}/08/2025-01-{day:02}-anytown-csp.yaml": _long_update(day) for day in range(1, 26)})
    past.commit("2025-06-25")
    return past


def _long_update(day: int) -> str:
    return f'date: "2025-01-{day:02}"\nagency: anytown-csp\ntext: "{"A long report of what was done. " * 300}"\n'


def build(register_in: Path, out: Path, *options: str) -> int:
    """Write the site of a register."""
    return main(["-C", str(register_in), "site", "--out", str(out), "--as-of", DAY, *options])


def write_papers(register_in: Path, out: Path) -> int:
    """Write every paper of a register into a folder, and return the worst exit code."""
    made = [
        main(["-C", str(register_in), *command, "--as-of", DAY, "--out", str(out / f"{name}.html")])
        for name, command in PAPERS.items()
    ]
    return max(made)
