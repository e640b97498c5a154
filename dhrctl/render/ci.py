"""Findings for the services that check a change: GitHub, GitLab, SARIF, JUnit."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from dhrctl import __version__
from dhrctl.table import Report, Row
from dhrctl.text.escape import escape_commands, escape_hidden, escape_markdown, escape_markup_commands, format_cell

_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}
_ANNOTATIONS = 9


def _findings(report: Report) -> list[Row]:
    """Return the findings that count: those that no waiver covers."""
    table = next(table for table in report.tables if table.name == "findings")
    return [row for row in table.rows if not row["waived"]]


def _cell_text(row: Row, key: str) -> str:
    return escape_hidden(format_cell(row[key]))


def github(report: Report) -> str:
    """Write workflow commands that become annotations: at most nine of a level, then how many more."""
    lines = []
    found = _findings(report)
    for severity, level in _LEVELS.items():
        of_level = [row for row in found if row["severity"] == severity]
        for row in of_level[:_ANNOTATIONS]:
            place = f"file={_escape_property(_cell_text(row, 'path'))},line={row['line']},col={row['column']}"
            title = _escape_property(_cell_text(row, "rule"))
            lines.append(f"::{level} {place},title={title}::{_escape_data(_cell_text(row, 'message'))}")
        more = len(of_level) - _ANNOTATIONS
        if more > 0:
            lines.append(f"::{level}::and {more} more of this kind; the job summary has all")
    lines += [_escape_data(sentence) for sentence in report.closing]
    return "".join(f"{line}\n" for line in lines)


def _escape_data(text: str) -> str:
    """Return text that a runner takes for no command of its own."""
    return escape_commands(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")


_ROOM = 900_000  # bytes; GitHub takes a summary of at most 1 MiB


def job_summary(report: Report, environment: Mapping[str, str]) -> str:
    """Write all findings as a Markdown table, each place a link to its line where the run says of what."""
    known = [environment.get(name, "") for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_SHA")]
    base = "{}/{}/blob/{}".format(*known) if all(known) else ""
    lines = ["## dhrctl check", "", *(escape_markdown(sentence) for sentence in report.closing), ""]
    found = _findings(report)
    if found:
        lines += ["| Severity | Rule | Place | Message |", "| --- | --- | --- | --- |"]
    room = _ROOM
    for row in found:
        place = escape_markdown(f"{_cell_text(row, 'path')}:{row['line']}")
        if base:
            place = f"[{place}]({base}/{_uri(_cell_text(row, 'path'))}#L{row['line']})"
        message = escape_markdown(_cell_text(row, "message")).replace("\n", " ")
        line = f"| {row['severity']} | {row['rule']} | {place} | {message} |"
        room -= len(line.encode()) + 1
        if room < 0:
            lines += ["", "There are more than a summary can hold; see them all with: dhrctl check"]
            break
        lines.append(line)
    return "\n".join(lines) + "\n"


def gitlab(report: Report) -> str:
    """Write a code quality report."""
    severities = {"error": "major", "warning": "minor", "info": "info"}
    issues = [
        {
            "description": _cell_text(row, "message"),
            "check_name": row["rule"],
            "fingerprint": fingerprint,
            "severity": severities[format_cell(row["severity"])],
            "location": {"path": _cell_text(row, "path"), "lines": {"begin": row["line"]}},
        }
        for row, fingerprint in _fingerprint_rows(_findings(report))
    ]
    return _json(issues)


def _fingerprint_rows(rows: Iterable[Row]) -> Iterable[tuple[Row, str]]:
    """Yield each row with its fingerprint, those that are alike told apart by their order."""
    seen: dict[str, int] = {}
    for row in rows:
        mark = format_cell(row["fingerprint"])
        seen[mark] = seen.get(mark, 0) + 1
        yield row, mark if seen[mark] == 1 else f"{mark}-{seen[mark]}"


def sarif(report: Report) -> str:
    """Write SARIF 2.1.0, with the rules and their help."""
    levels = {"error": "error", "warning": "warning", "info": "note"}
    rules = report.appendix.rows if report.appendix else ()
    place = {format_cell(rule["rule"]): index for index, rule in enumerate(rules)}
    results = [
        {
            "ruleId": row["rule"],
            "ruleIndex": place[format_cell(row["rule"])],
            "level": levels[format_cell(row["severity"])],
            "message": {"text": _cell_text(row, "message")},
            "partialFingerprints": {"dhrctl/v2": fingerprint},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": _uri(_cell_text(row, "path"))},
                        "region": {"startLine": row["line"], "startColumn": row["column"]},
                    }
                }
            ],
        }
        for row, fingerprint in _fingerprint_rows(_findings(report))
    ]
    driver = {
        "name": "dhrctl",
        "semanticVersion": __version__,
        "rules": [_sarif_rule(rule, levels) for rule in rules],
    }
    known = report.facts.get("known")
    run: Mapping[str, Any] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": results,
        **({"properties": {"known": known}} if known is not None else {}),
    }
    whole = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return _json(whole)


def _sarif_rule(rule: Row, levels: Mapping[str, str]) -> Mapping[str, Any]:
    return {
        "id": rule["rule"],
        "shortDescription": {"text": rule["sentence"]},
        "help": {"text": f"{rule['why']}\n\nBad:\n{rule['bad']}\n\nGood:\n{rule['good']}"},
        "defaultConfiguration": {"level": levels[format_cell(rule["severity"])]},
    }


def _json(value: Any) -> str:  # noqa: ANN401 - what JSON holds
    return json.dumps(value, ensure_ascii=False, indent=2).replace("##[", "#\\u0023[") + "\n"


def _uri(path: str) -> str:
    from urllib.parse import quote  # noqa: PLC0415 - needed for one format alone

    return quote(path)


def junit(report: Report) -> str:
    """Write a JUnit report: a test case for each finding; errors and warnings are failures."""
    found = _findings(report)
    failed = sum(row["severity"] != "info" for row in found)
    suite = ET.Element(
        "testsuite", name="dhrctl check", tests=str(max(len(found), 1)), failures=str(failed), errors="0"
    )
    known = report.facts.get("known")
    if known is not None:
        ET.SubElement(ET.SubElement(suite, "properties"), "property", name="known", value=str(known))
    for row in found:
        name = f"{_xml(_cell_text(row, 'rule'))} at line {row['line']}"
        case = ET.SubElement(suite, "testcase", classname=_xml(_cell_text(row, "path")), name=name)
        if row["severity"] == "info":
            ET.SubElement(case, "system-out").text = _xml(_cell_text(row, "message"))
        else:
            failure = ET.SubElement(
                case, "failure", type=format_cell(row["severity"]), message=_xml(_cell_text(row, "message"))
            )
            failure.text = _xml(f"{_cell_text(row, 'path')}:{row['line']}:{row['column']}")
    if not found:
        ET.SubElement(suite, "testcase", classname="register", name="nothing found")
    whole = ET.Element("testsuites")
    whole.append(suite)
    ET.indent(whole)
    return escape_markup_commands(f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(whole, encoding="unicode")}\n')


def _xml(text: str) -> str:
    """Return text without the characters that XML 1.0 cannot hold."""
    return "".join(character if character >= " " or character in "\t\n" else "\ufffd" for character in text)
