"""Papers: golden files of each, what is said in which, and what is refused."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from conftest import RICH, ROOT, without_style

from dhrctl.app.documents import MAKERS
from dhrctl.files.yaml import reader

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Golden, Repositories, Repository, Run, Write

DAY = "2025-06-30"
RECORDS = "register/reviews/anytown-dhr-1/recommendations"
UPDATES = "register/reviews/anytown-dhr-1/updates"
UPDATE = """\
    date: "2025-06-10"
    agency: anytown-csp
    text: |-
      The **first report** is with the [board](https://www.example.org/board).

      - Two parts are *written*.
      - One is left: see file_name_2.
    target_date: "2025-10-31"
    reason: The board meets in *October*.
    """
ABOUT = {
    "panel-pack": ("--since", "2025-03-01"),
    "agency": ("--agency", "anytown-police"),
    "recommendation": ("1/11",),
}


@pytest.fixture
def met(repository: Repositories) -> Repository:
    """Return the rich register as committed in February, with what the panel did not know then committed in June."""
    home = repository()
    shutil.copytree(RICH / "register", home.root / "register")
    now = {name: (home.root / RECORDS / name).read_text("utf-8") for name in ("04.yaml", "11.yaml")}
    then = {
        "04.yaml": re.sub("(?m)^completion_date.*\n", "", now["04.yaml"].replace("complete", "in-progress")),
        "11.yaml": now["11.yaml"].replace("2025-10-31", "2025-03-31"),
    }
    home.commit({f"{RECORDS}/{name}": text for name, text in then.items()}, "The register", "2025-02-01T12:00:00Z")
    changed = {f"{RECORDS}/{name}": text for name, text in now.items()}
    home.commit({**changed, f"{UPDATES}/11/2025-06-10-anytown-csp.yaml": UPDATE}, "June", "2025-06-15T12:00:00Z")
    return home


@pytest.fixture
def made(met: Repository, run: Run) -> Callable[..., str]:
    """Return a function that writes a paper of that register."""

    def written(paper: str, *options: str) -> str:
        result = run("render", paper, *ABOUT.get(paper, ()), *options, "--as-of", DAY, cwd=met.root)
        assert (result.code, result.err) == (0, "")
        return result.out

    return written


@pytest.mark.parametrize("suffix", ["md", "html"])
@pytest.mark.parametrize("paper", MAKERS)
def test_a_paper_is_written_as_its_golden_file_and_twice_the_same(
    paper: str, suffix: str, made: Callable[..., str], golden: Golden
) -> None:
    text = made(paper, "--format", suffix)
    assert text == made(paper, "--format", suffix)
    golden(f"papers/{paper}.{suffix}", without_style(text))


@pytest.mark.parametrize("suffix", ["md", "html"])
@pytest.mark.parametrize("paper", MAKERS)
def test_every_paper_says_its_day_its_commit_the_rule_and_for_whom(
    paper: str, suffix: str, made: Callable[..., str], met: Repository
) -> None:
    text = made(paper, "--format", suffix)
    for said in ("30 June 2025", met.git("rev-parse", "HEAD"), "RAG: complete is blue", "not for publication"):
        assert said in text


@pytest.mark.parametrize(
    "change",
    [
        {f"{RECORDS}/12.yaml": None},
        {"register/register.yaml": "schema_version: 1\ntitle: Another\n"},
        {f"{UPDATES}/12/2025-06-20-anytown-csp.yaml": UPDATE.replace("06-10", "06-20")},
    ],
    ids=["taken out", "edited", "new"],
)
def test_files_that_are_not_as_committed_are_said_to_be_so(
    change: dict[str, str | None], met: Repository, made: Callable[..., str]
) -> None:
    met.write(change)
    text = made("summary")
    assert "As of 30 June 2025, from files that are not all committed." in text
    assert met.git("rev-parse", "HEAD") not in text


@pytest.mark.parametrize("paper", ["summary", "recommendation"])
def test_without_git_a_paper_is_made_of_the_files(paper: str, run: Run, tmp_path: Path) -> None:
    shutil.copytree(RICH / "register", tmp_path / "register")
    result = run("render", paper, *ABOUT.get(paper, ()), "--as-of", DAY, cwd=tmp_path)
    assert (result.code, result.err) == (0, "")
    assert "from files that are not all committed" in result.out


# What is in which


def section(text: str, heading: str) -> str:
    return text.partition(f"## {heading}\n")[2].partition("\n## ")[0].partition("\n# ")[0]


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("Completed", "anytown-dhr-1/04 | 2023/2024"),
        ("Newly overdue", "otherton-dardr-2/t1-10 | was due 2025-06-29"),
        ("Re-dated, and why", "2025-03-31 → 2025-10-31<br>The board meets in *October*."),
        ("Asked for", "red: 136 days overdue, in progress, slipped, stale<br>Say whether it is done"),
        ("No target date", "otherton-dardr-2/t1-02"),
    ],
)
def test_the_panel_hears_what_became_of_the_plans_since_it_met(
    heading: str, said: str, made: Callable[..., str]
) -> None:
    assert said in section(made("panel-pack"), heading)


def test_each_open_recommendation_has_a_page_of_the_pack(made: Callable[..., str]) -> None:
    pages = re.findall("(?m)^# (.*/.*)$", made("panel-pack"))
    assert pages == [
        *(f"anytown-dhr-1/{number}" for number in ("01", "05", "07", "08", "11", "12")),
        *("otherton-dardr-2/t1-01", "otherton-dardr-2/t1-02", "otherton-dardr-2/t1-10"),
    ]


@pytest.mark.parametrize(
    ("options", "pages"),
    [
        (("--review", "otherton"), ["otherton-dardr-2/t1-01", "otherton-dardr-2/t1-02", "otherton-dardr-2/t1-10"]),
        (("--agency", "Probation Service, Anytown"), ["anytown-dhr-1/07"]),
        (("--agency", "anytown-crc"), ["anytown-dhr-1/07"]),
        (("--review", "dhr-1", "is:due-soon"), ["anytown-dhr-1/07"]),
        (("-is:open",), []),
    ],
)
def test_a_pack_is_narrowed_by_review_agency_and_query(
    options: tuple[str, ...], pages: list[str], made: Callable[..., str]
) -> None:
    assert re.findall("(?m)^# (.*/.*)$", made("panel-pack", *options)) == pages


def test_a_pack_in_which_nothing_happened_says_so(met: Repository, run: Run) -> None:
    text = run("render", "panel-pack", "--since", "HEAD", "--as-of", "2025-06-15", "status:complete", cwd=met.root).out
    for said in ("Nothing was completed.", "Nothing became overdue.", "No target date was changed."):
        assert said in text
    assert "a page of its own" not in text


@pytest.mark.parametrize(
    ("update", "said"),
    [
        (UPDATE.replace("reason:", "by:"), "The **first report** is with the"),
        (UPDATE.replace("2025-10-31", "2025-12-31"), "No update says why."),
    ],
)
def test_what_moved_a_date_is_said_as_far_as_it_is_known(
    update: str, said: str, met: Repository, made: Callable[..., str]
) -> None:
    met.write({f"{UPDATES}/11/2025-06-10-anytown-csp.yaml": update})
    assert said in section(made("panel-pack"), "Re-dated, and why")


def test_a_completion_without_a_date_is_told(met: Repository, made: Callable[..., str]) -> None:
    met.write({f"{RECORDS}/04.yaml": re.sub("completion_date.*\n", "", (met.root / RECORDS / "04.yaml").read_text())})
    assert "anytown-dhr-1/04 | the date is not given" in section(made("panel-pack"), "Completed")


def test_a_recommendation_has_its_timeline_from_git_and_its_updates(made: Callable[..., str]) -> None:
    rows = re.findall(
        r"(?m)^\| (2025-..-..) \| ([0-9a-f]{12})? ?\| (.*) \|$", section(made("recommendation"), "Timeline")
    )
    assert [(day, bool(commit), said) for day, commit, said in rows] == [
        ("2025-02-01", True, "added"),
        ("2025-06-01", False, "update by Anytown CSP:<br>The first report is being written."),
        (
            "2025-06-15",
            True,
            "target date 2025-03-31 → 2025-10-31 (214 days later):<br>The board meets in *October*.",
        ),
    ]


@pytest.mark.parametrize(("audience", "told"), [("public", False), ("partners", True)])
def test_a_timeline_tells_the_public_nothing_of_what_it_may_not_see(
    audience: str, met: Repository, run: Run, *, told: bool
) -> None:
    text = (met.root / RECORDS / "11.yaml").read_text(encoding="utf-8")
    met.commit({f"{RECORDS}/11.yaml": f"{text}as_stated:\n  Lead: CSP\n"}, "July", "2025-06-20T12:00:00Z")
    paper = run("render", "recommendation", "1/11", "--audience", audience, "--as-of", DAY, cwd=met.root).out
    assert ("as stated given" in paper) is told
    assert ("The board meets" in paper) is told
    assert ("| Commit |" in paper) is told


@pytest.mark.parametrize(
    ("agency", "said"),
    [
        ("anytown-police", "Anytown Police leads 1 open recommendation; 1 needs a reply."),
        ("anytown-icb", "## Open, with nothing asked for now"),
        ("anytown-ccg", "# Anytown Integrated Care Board: what is owed on 30 June 2025"),
        ("anytown-helpline", "It can give no answer itself"),
        ("anytown-crc", "Say whether it will be done in time."),
    ],
)
def test_an_agency_is_told_what_it_owes(agency: str, said: str, met: Repository, run: Run) -> None:
    assert said in run("render", "agency", "--agency", agency, "--as-of", DAY, cwd=met.root).out


def test_an_agency_that_owes_nothing_is_told_so(write: Write, anytown: Path, run: Run) -> None:
    write({"register/agencies/anytown-council.yaml": "name: Anytown Council\nkind: local-authority\n"})
    result = run("render", "agency", "--agency", "anytown-council", cwd=anytown)
    assert "Anytown Council leads 0 open recommendations." in result.out
    assert "##" not in result.out


@pytest.mark.parametrize("marked", [True, False], ids=["as it is", "with every mark taken off"])
def test_the_words_to_reply_with_are_an_update_that_the_register_takes(
    met: Repository, run: Run, *, marked: bool
) -> None:
    paper = run("render", "agency", "--agency", "anytown-police", "--as-of", DAY, cwd=met.root).out
    (reply,) = re.findall("(?s)```yaml\n(.*?)```", paper)
    path = re.findall("(?m)^# (register/.*)$", reply)[0]
    text = reply if marked else re.sub("(?m)^# (?=[a-z_]+: )", "", reply)
    assert ("status" in reader.parse(text.encode())) is not marked
    met.write({path: text})
    found = json.loads(run("check", path, "--severity", "error", "--json", "--as-of", DAY, cwd=met.root).out)[
        "findings"
    ]
    assert {each["rule"] for each in found} == (set() if marked else {"update-not-applied"})


# What is refused


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("panel-pack",), 2, "say when that was with --since"),
        (("panel-pack", "--since", "2020-01-01"), 2, "the first commit is of 2025-02-01"),
        (("panel-pack", "--since", "nothing"), 2, 'there is no revision "nothing"'),
        (("panel-pack", "--since", "HEAD", "--as-of", "2020-01-01"), 2, "after the day of the paper, 2020-01-01"),
        (("summary", "--agency", ""), 2, 'there is no agency ""'),
        (("agency",), 2, "name it with --agency"),
        (("agency", "--agency", "nobody"), 2, 'there is no agency "nobody"'),
        (("recommendation",), 2, "name it"),
        (("recommendation", "1/01", "1/02"), 2, "name it"),
        (("recommendation", "1/99"), 2, 'there is no recommendation "1/99"'),
        (("summary", "--since", "HEAD"), 2, "leave it out"),
        (("summary", "--review", "nothing"), 2, 'there is no review "nothing"'),
        (("sumary",), 2, 'did you mean "summary"?'),
        (("summary", "--templates", "nowhere"), 2, "there is no folder nowhere"),
    ],
)
def test_what_cannot_be_made_is_refused_with_what_to_do(
    arguments: tuple[str, ...], code: int, said: str, met: Repository, run: Run
) -> None:
    result = run("render", "--as-of", DAY, *arguments, cwd=met.root)
    assert (result.code, result.out) == (code, "")
    (sentence,) = result.err.splitlines()
    assert said in sentence


def test_a_pack_without_a_repository_is_refused(run: Run, tmp_path: Path) -> None:
    shutil.copytree(RICH / "register", tmp_path / "register")
    result = run("render", "panel-pack", "--since", "2025-03-01", cwd=tmp_path)
    assert (result.code, result.out) == (4, "")
    assert "git" in result.err


def test_the_list_says_what_each_template_is_for_in_the_words_of_both_of_its_files(run: Run) -> None:
    listed = dict(re.split("  +", line, maxsplit=1) for line in run("render").out.splitlines())
    for name, sentence in listed.items():
        for suffix in ("md", "html"):
            head = (ROOT / "templates" / name / f"{name}.{suffix}").read_text(encoding="utf-8").splitlines()[0]
            assert re.fullmatch(rf"\{{# {re.escape(sentence)} Given: .+ #\}}", head), (name, suffix)
