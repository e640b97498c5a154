"""The digest: what each agency owes, in which form, to whom, and that an e-mail is nothing but that."""

from __future__ import annotations

import email
import re
from datetime import date
from email import policy
from typing import TYPE_CHECKING

import pytest

from dhrctl.render import formats

if TYPE_CHECKING:
    from email.message import EmailMessage
    from pathlib import Path

    from conftest import Run, Write

DAY = ("--as-of", "2025-06-30")
OWING = [
    *("all-agencies", "anytown-council", "anytown-csp", "anytown-helpline"),
    *("anytown-icb", "anytown-police", "anytown-probation"),
]


def digest(run: Run, folder: Path, *options: str) -> str:
    result = run("digest", *options, *DAY, cwd=folder)
    assert (result.code, result.err) == (0, "")
    return result.out


def test_the_digest_begins_with_how_much_is_asked_of_each_agency(run: Run, rich: Path) -> None:
    text = digest(run, rich)
    assert "7 recommendations need a reply." in text
    assert "| In all | Overdue | Falling due | No target date | Due later, but no recent update |" in text
    rows = re.findall(r"(?m)^\| ([A-Z].*?) \| (\d) \| (\d) \| (\d) \| (\d) \| (\d) \|$", text)
    assert [(name, *map(int, counts)) for name, *counts in rows] == [
        ("All agencies of the partnership", 1, 0, 0, 1, 0),
        ("Anytown Council", 2, 1, 0, 1, 0),
        ("Anytown Community Safety Partnership", 1, 0, 0, 1, 0),
        ("Anytown Helpline", 1, 1, 0, 0, 0),
        ("Anytown Integrated Care Board", 1, 0, 0, 0, 1),
        ("Anytown Police", 1, 1, 0, 0, 0),
        ("Probation Service, Anytown", 1, 0, 1, 0, 0),
    ]
    assert len(re.findall("(?m)^# .*what is owed", text)) == 1 + len(rows)
    assert "Each is counted in the first column that applies to it" in text


def test_few_are_not_told_apart_for_the_public(run: Run, rich: Path) -> None:
    text = digest(run, rich, "--audience", "public")
    assert "| Anytown Police | 1 | withheld | withheld | withheld | withheld |" in text
    assert "Groups of fewer than five are not broken down" in text


def test_of_one_agency_it_says_what_it_owes_alone(run: Run, rich: Path) -> None:
    assert re.findall("(?m)^# (.*owed.*)$", digest(run, rich, "--agency", "anytown-ccg")) == [
        "Anytown Integrated Care Board: what is owed on 30 June 2025"
    ]


def test_where_nothing_is_owed_it_says_so(run: Run, write: Write, anytown: Path) -> None:
    write({"register/reviews/anytown-dhr-1/recommendations/01.yaml": _complete()})
    text = run("digest", cwd=anytown).out
    assert "0 recommendations need a reply." in text
    assert "Nothing is owed." in text
    assert "Each is counted" not in text


def _complete() -> str:
    return "recommendation: Done.\nsection: Police\nlead_agencies:\n  - anytown-police\nstatus: complete\n"


@pytest.mark.parametrize("form", ["md", "html", "eml"])
def test_into_a_folder_each_agency_has_a_file_of_its_own(form: str, run: Run, rich: Path) -> None:
    (rich / "out").mkdir()
    assert digest(run, rich, "--format", form, "--out", "out") == ""
    assert sorted(path.name for path in (rich / "out").iterdir()) == [f"{name}.{form}" for name in OWING]
    alone = digest(run, rich, "--format", form, "--agency", "anytown-police")
    assert (rich / "out" / f"anytown-police.{form}").read_bytes().decode() == alone


@pytest.mark.parametrize(("name", "begins"), [("d.md", "# "), ("d.html", "<!DOCTYPE html>"), ("d.eml", "Subject: ")])
def test_the_name_of_a_file_says_the_form(name: str, begins: str, run: Run, rich: Path) -> None:
    digest(run, rich, "--agency", "anytown-police", "--out", name)
    assert (rich / name).read_text(encoding="utf-8").startswith(begins)


def test_an_agency_without_a_file_has_no_words_to_reply_with_and_no_file(run: Run, write: Write, anytown: Path) -> None:
    record = "register/reviews/anytown-dhr-1/recommendations/01.yaml"
    text = (anytown / record).read_text(encoding="utf-8").replace("- anytown-police", "- no-such-agency")
    write({record: text})
    assert "It can give no answer itself" in run("digest", cwd=anytown).out
    (anytown / "out").mkdir()
    result = run("digest", "--out", "out", cwd=anytown)
    assert "'no-such-agency', which has no file in register/agencies/" in result.err
    assert list((anytown / "out").iterdir()) == []


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--format", "eml"), 2, "an e-mail is for one agency; name it with --agency"),
        (("--out", "d.txt"), 2, "end it in .md or .html or .eml"),
        (("--out", "nowhere/d.md"), 2, "there is no folder nowhere"),
        (("--out", "register/d.md"), 2, "lies inside register/"),
        (("--out", "register"), 2, "lies inside register/"),
        (("--agency", "nobody"), 2, 'there is no agency "nobody"'),
        (("--agency", ""), 2, 'there is no agency ""'),
        (("--limit", "0"), 2, "--limit"),
        (("--limit", "300", "--format", "html"), 2, "--limit is for one Markdown text"),
        (("--limit", "300", "--out", "."), 2, "--limit is for one Markdown text"),
    ],
)
def test_what_cannot_be_made_is_refused(options: tuple[str, ...], code: int, said: str, run: Run, rich: Path) -> None:
    result = run("digest", *options, *DAY, cwd=rich)
    assert (result.code, result.out) == (code, "")
    assert said in result.err


@pytest.mark.parametrize(
    ("limit", "agencies", "said"),
    [
        (65_536, 7, ""),
        (4_000, 1, "Not all fits here: 6 more agencies. See them all with: dhrctl digest\n"),
        (10_000, 6, "Not all fits here: 1 more agency. See them all with: dhrctl digest\n"),
        (2_000, 0, "Not all fits here: 7 more agencies. See them all with: dhrctl digest\n"),
        (500, 0, "Nothing fits here. See it all with: dhrctl digest\n"),
        (9, 0, "Nothing f"),
    ],
)
def test_a_digest_keeps_within_a_limit_by_whole_agencies(
    limit: int, agencies: int, said: str, run: Run, rich: Path
) -> None:
    text = digest(run, rich, "--limit", str(limit))
    assert len(text) <= limit
    assert text.endswith(said)
    assert max(0, len(re.findall("(?m)^# .*what is owed", text)) - 1) == agencies


# E-mail


def message(run: Run, folder: Path, agency: str = "anytown-police") -> EmailMessage:
    raw = digest(run, folder, "--format", "eml", "--agency", agency).encode("ascii")
    return email.message_from_bytes(raw, policy=policy.default)


def test_an_email_has_a_subject_a_day_and_nobody_to_go_to(run: Run, rich: Path) -> None:
    mail = message(run, rich)
    assert dict(mail.items()) == {
        "Subject": "Anytown Police: what is owed on 30 June 2025",
        "Date": "Mon, 30 Jun 2025 12:00:00 +0000",
        "X-Unsent": "1",
        "MIME-Version": "1.0",
        "Content-Type": 'multipart/alternative; boundary="=_dhrctl"',
    }


def test_an_email_says_the_same_as_text_and_as_a_page(run: Run, rich: Path) -> None:
    text, page = message(run, rich).iter_parts()
    assert (text.get_content_type(), page.get_content_type()) == ("text/plain", "text/html")
    said = text.get_content().replace("\r\n", "\n")
    assert "OVERDUE\nSay whether it is done, and since when." in said
    assert "anytown-dhr-1/01: red: 136 days overdue, in progress, slipped, stale" in said
    assert '\ndate: "2025-06-30"\nagency: anytown-police\n' in said
    assert "<h1>Anytown Police: what is owed on 30 June 2025</h1>" in page.get_content()


def test_an_email_is_the_same_bytes_twice_with_lines_that_every_server_takes(run: Run, rich: Path) -> None:
    written = digest(run, rich, "--format", "eml", "--agency", "anytown-police")
    assert written == digest(run, rich, "--format", "eml", "--agency", "anytown-police")
    assert written.count("\n") == written.count("\r\n")
    assert max(map(len, written.splitlines())) <= 998


@pytest.mark.parametrize(
    "text",
    [
        "Anytown\r\nBcc: all@evil.example",
        "Anytown\nTo: all@evil.example\n\n<script>",
        "Anytown\u2028Bcc: all@evil.example\x85\x00",
        "Änytöwn " * 30,
        "=?utf-8?q?Bcc=3A?= x",
        "--=_dhrctl\r\nContent-Type: text/html\r\n\r\n<script>",
        "\n--=_dhrctl--\n\n.\n",
    ],
)
def test_no_text_adds_a_header_or_a_part(text: str) -> None:
    written = formats.eml(text, text, f"<p>{text}</p>", date(2025, 6, 30))
    mail = email.message_from_string(written, policy=policy.default)
    assert set(mail.keys()) == {"Subject", "Date", "X-Unsent", "MIME-Version", "Content-Type"}
    assert not mail.defects
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert written.isascii()


def test_an_attack_in_the_register_is_text_in_an_email(run: Run, write: Write, anytown: Path) -> None:
    write(
        {
            "register/agencies/anytown-police.yaml": 'name: "Anytown Police Bcc: a@evil.example <script>"\nkind: police\n',
            "register/reviews/anytown-dhr-1/recommendations/01.yaml": (
                'recommendation: "<script>alert(1)</script>\\n\\n--=_dhrctl\\n\\nBcc: a@evil.example"\n'
                "section: Police\nlead_agencies:\n  - anytown-police\nstatus: in-progress\n"
            ),
        }
    )
    mail = message(run, anytown)
    assert "Bcc" not in mail
    text, page = mail.iter_parts()
    assert "<script>alert(1)</script>" in text.get_content()
    assert "<script" not in page.get_content()
