"""What must not be published: names, and numbers that point to one person.

What was found is never printed, only its kind, its place and how long it is.
"""

import inspect
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from dhrctl.checks.check import CheckedRecord, Phrases, Violation, check, every_text
from dhrctl.findings.finding import Keys, Rule, Severity
from dhrctl.findings.rules import rule
from dhrctl.model.records import Recommendation, Register, Review, Update
from dhrctl.text.alike import DASHES, SINGLE_QUOTES, plain_signs

_ALONE, _ENDS = r"(?<![^\W_])", r"(?![^\W_])"  # as \b, but an underscore is no part of a word: it may be emphasis
_RANKED = (
    r"(?:PC|PCSO|DC|DS|DI|DCI|DSU|ACC|Supt|Sgt|Sergeant|Inspector|Superintendent|Constable|Dr|Mr|Mrs|Ms|Miss|Mx|Prof"
    r"|Professor|Cllr|Councillor|Rev|Sir|Dame|Lord|Lady)\.? (?:[A-Z]\.? ){0,3}(?:(?:de|van|von|al) |[A-Z]['\u2019])?"
    rf"(?!(?:Surgery|Foster Centre)\b)[^\W\d_a-z](?:[^\W\d_]|['\u2019-]){{1,40}}(?<=\w){_ENDS}"
)
_RANK = Phrases(_RANKED, cased=True)
_RANK_AND_NAMES = re.compile(rf"{_ALONE}{_RANKED}(?: [^\W\d_a-z](?:[^\W\d_]|['\u2019-]){{1,40}}(?<=\w){_ENDS}){{0,2}}")


def remove_names(text: str) -> str:
    """Return a text without the names that stand after a rank or title."""
    if not _RANK.search(text):
        return text
    return _RANK_AND_NAMES.sub(lambda match: f"{match.group().split()[0]} (name withheld)", text)


@check(Severity.WARNING)
def named_person(register: Register, day: date) -> Iterator[Violation]:
    """Nobody is named where a role would do.

    Action plans are published, and names of staff are not needed to follow the work up. They are
    also the first thing in a plan to go out of date. In a plan that is published it is an error.

    Bad:
        responsible:
          - role: Head of Safeguarding
            name: A. N. Officer

    Good:
        responsible:
          - role: Head of Safeguarding
    """
    for record in register.recommendations:
        for index, person in enumerate(record.responsible):
            if person.name:
                fix = "keep the role, and hold the name elsewhere" if person.role else "give the role in its place"
                problem = "a person is named here"
                severity = _name_severity(record, register, day)
                yield Violation(
                    record=record, keys=("responsible", index, "name"), problem=problem, fix=fix, severity=severity
                )
    for of, keys, text in (*every_text(register), *_lesser_texts(register)):
        if _RANK.search(text):
            problem, fix = "a rank or title stands here with a surname", "keep the role, and take the name out"
            yield Violation(record=of, keys=keys, problem=problem, fix=fix, severity=_name_severity(of, register, day))


def _name_severity(record: CheckedRecord, register: Register, day: date) -> Severity:
    """Return how much a name matters: in a plan that is published, it is an error."""
    if isinstance(record, Recommendation | Update):
        review = register.reviews.get(record.id.partition("/")[0])
    else:
        review = record if isinstance(record, Review) else None
    published = review and review.published and review.published.first <= day
    return Severity.ERROR if published else Severity.WARNING


def _lesser_texts(register: Register) -> Iterator[tuple[CheckedRecord, Keys, str]]:
    """Yield the short texts in which a name may stand beside a role."""
    for record in register.recommendations:
        for index, person in enumerate(record.responsible):
            yield record, ("responsible", index, "role"), person.role
        for index, evidence in enumerate(record.evidence):
            yield record, ("evidence", index, "held_by"), evidence.held_by
        for index, waiver in enumerate(record.waivers):
            yield record, ("waivers", index, "reason"), waiver.reason
        for update in record.updates:
            yield update, ("by",), update.by


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Where a file's text holds what it must not, what is wrong there, and what to do.

    `values` say what kind of thing was found and how long it is, and nothing of what it is: a hash of
    a name or number could be guessed by trying them all.
    """

    start: int
    end: int
    problem: str
    fix: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextCheck:
    """A rule on the whole text of a file, comments included, and the generator of what breaks it."""

    rule: Rule
    run: Callable[[str], Iterator[Match]]


_IDENTIFIERS = (
    ("nhs-number", "an NHS number", re.compile(r"(?<![0-9.])[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}(?![0-9])")),
    (
        "national-insurance-number",
        "a National Insurance number",
        re.compile(rf"(?i){_ALONE}[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?(?:[0-9]{{2}} ?){{3}}[A-D]{_ENDS}"),
    ),
    (
        "postcode",
        "a postcode",
        re.compile(
            _ALONE
            + r"(?:[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][ABD-HJLNP-UW-Z]{2}|[a-z]{1,2}[0-9][0-9a-z]? [0-9](?!st|nd|rd|th)[abd-hjlnp-uw-z]{2})"
            + _ENDS
        ),
    ),
    (
        "phone-number",
        "a telephone number",
        re.compile(r"(?<![0-9/.-])(?:(?:\+|00 ?)44 ?(?:\(0\) ?)?|\(?0)(?:[ )-]{0,2}[0-9]){9,10}(?![0-9])"),
    ),
    (
        "email-address",
        "an e-mail address",
        re.compile(
            _ALONE + r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}" + _ENDS
        ),
    ),
    (
        "date-of-birth",
        "a date of birth",
        re.compile(
            rf"(?i){_ALONE}"
            r"(?:born(?: on)?|date of birth|d\.?o\.?b\b\.?)(?: (?:is|was))?[-:\s]{1,3}[0-9]{1,4}(?:[./ -]|st |nd |rd |th )[0-9a-z]{1,9}[./ -][0-9]{1,4}"
        ),
    ),
)


_NUMBER = re.compile(
    r"[0-9](?:(?:[ )-]{0,5}[0-9]){9}|[0-9] ?[0-9]{2} ?[0-9]{2} ?[A-Da-d]|[0-9A-Za-z]? ?[0-9][A-Z]{2}|[0-9A-Za-z]? [0-9][a-z]{2})"
)
_BIRTH = ("born", "date of b", "dob", "d.o", "do.b")


def may_hold_identifier(text: str) -> bool:
    """Tell quickly whether an identifier may stand in a text; false only where none of the patterns matches."""
    if "@" in text or _NUMBER.search(text):
        return True
    return any(map(text.lower().__contains__, _BIRTH))


def _is_nhs_number(text: str) -> bool:
    """Tell whether ten digits end in the check digit of an NHS number (modulus 11, NHS Data Dictionary)."""
    digits = [int(digit) for digit in text if digit.isdigit()]
    left = 11 - sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits, strict=False)) % 11
    return left % 11 == digits[9]


def _personal_identifier(text: str) -> Iterator[Match]:
    """No number, address or date in a file points to one person.

    An NHS number, a postcode or a date of birth names a person as surely as a name does, and git
    keeps for ever what was committed once.

    Bad:
        # text: Call 0191 498 0000 for the file.

    Good:
        # text: The file is held by the safeguarding team.
    """
    for word, kind, pattern in _IDENTIFIERS if may_hold_identifier(text) else ():
        for match in pattern.finditer(text):
            if word != "nhs-number" or _is_nhs_number(match.group()):
                length = len(match.group())
                yield Match(
                    start=match.start(),
                    end=match.end(),
                    problem=f"what looks like {kind} stands here ({length} characters)",
                    fix="take it out: it must not be committed",
                    values=(word, str(length)),
                )


PROTECTED_NAME = rule(
    "protected-name",
    """A file holds no name from the list of protected names.

    The real names behind a review's pseudonyms must never reach a repository. The list is kept
    outside it, and named by DHRCTL_PROTECTED_NAMES.

    Bad:
        # a real name from the list, in any text or comment

    Good:
        # the pseudonym that the review uses
    """,
)


_BREAKS = rf"[\s_{DASHES}-]{{1,40}}"


def _any_quote(word: str) -> str:
    """Return the pattern of a word in which any apostrophe may be typed."""
    return re.escape(word).replace("'", f"['{SINGLE_QUOTES}]")


def protected_name(names: Iterable[str]) -> TextCheck:
    """Return the check for a list of names; a space in a name may be any break, hyphen or underscore."""
    both = {unicodedata.normalize(form, plain_signs(name)) for name in names for form in ("NFC", "NFD")}
    listed = [words for name in sorted(both) if (words := re.split(r"[\s_-]+", name.strip()))[0]]
    patterns = [_BREAKS.join(map(_any_quote, name)) for name in listed]
    starts = {name[0].lower() for name in listed}
    plain = all(map(str.isascii, starts))
    pattern = re.compile(rf"{_ALONE}(?:{'|'.join(patterns)}){_ENDS}", re.IGNORECASE) if patterns else None

    def may_match(text: str) -> bool:
        """Tell quickly whether a name may begin in a text; outside ASCII, other letters may count as the same."""
        folded = text.lower()
        return not (plain and text.isascii()) or any(start in folded for start in starts)

    def run(text: str) -> Iterator[Match]:
        for match in pattern.finditer(text) if pattern and may_match(text) else ():
            length = len(match.group())
            yield Match(
                start=match.start(),
                end=match.end(),
                problem=f"a protected name stands here ({length} characters)",
                fix="use the review's pseudonym",
                values=(str(length),),
            )

    return TextCheck(rule=PROTECTED_NAME, run=run)


_ESCAPE = re.compile(r"\\x([0-9A-Fa-f]{2})|\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def unescape_text(content: bytes) -> str:
    """Return the text of a file, YAML escapes read."""
    text = content.decode("utf-8", "replace").removeprefix("\ufeff")
    return _ESCAPE.sub(_unescape, text) if "\\" in text else text


def _unescape(match: re.Match[str]) -> str:
    number = int(match[1] or match[2] or match[3], 16)
    return chr(number) if 0x20 <= number <= 0x10FFFF else match.group()


personal_identifier = TextCheck(
    rule=rule("personal-identifier", inspect.getdoc(_personal_identifier) or ""),
    run=_personal_identifier,
)

CHECKS = (named_person,)
TEXT_CHECKS = (personal_identifier,)
