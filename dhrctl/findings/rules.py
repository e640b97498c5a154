"""The rules that a file itself must keep, and how the text of a rule is read.

A rule's text is its sentence, the reason, a bad and a good example. The rules on what the
records say stand with their checks. The module is long because it is text: a table of rules and
one function that reads them.
"""

import inspect
import re

from dhrctl.findings.finding import Rule, Severity

_TEXT = re.compile(r"(?P<sentence>.+?)\n\n(?P<why>.+?)\n\nBad:\n(?P<bad>.+?)\n\nGood:\n(?P<good>.+)", re.DOTALL)


def rule(name: str, text: str, severity: Severity = Severity.ERROR, *, gap: bool = False) -> Rule:
    """Return a rule from its text; raise ValueError where a part of it is missing."""
    match = _TEXT.fullmatch(inspect.cleandoc(text))
    if match is None:
        message = f"the text of the rule {name} lacks its sentence, reason, bad or good example"
        raise ValueError(message)
    sentence, why, bad, good = match.groups()
    return Rule(
        name=name,
        severity=severity,
        sentence=" ".join(sentence.split()),
        why=" ".join(why.split()),
        bad=inspect.cleandoc(f"\n{bad}"),
        good=inspect.cleandoc(f"\n{good}"),
        gap=gap,
    )


SYMBOLIC_LINK = rule(
    "symbolic-link",
    """A register holds files, not links to files elsewhere.

    What a link leads to is not in the repository: it can differ from one machine to the next, and
    can lead to what must not be read.

    Bad:
        # register/agencies/anytown-police.yaml is a link to /home/coordinator/police.yaml

    Good:
        # register/agencies/anytown-police.yaml is a file
    """,
)
SPECIAL_FILE = rule(
    "special-file",
    """A register holds ordinary files, not pipes or devices.

    Reading one may never end.

    Bad:
        # register/agencies/anytown-police.yaml is a named pipe

    Good:
        # register/agencies/anytown-police.yaml is a file
    """,
)
UNREADABLE_FILE = rule(
    "unreadable-file",
    """Every file of a register may be read.

    A file that cannot be read is a recommendation that nobody counts.

    Bad:
        # register/agencies/anytown-police.yaml may be read by its owner alone

    Good:
        # chmod a+r register/agencies/anytown-police.yaml
    """,
)
OUTSIDE_LAYOUT = rule(
    "outside-layout",
    """Every file of a register lies where its kind of file lies.

    A record under another name or in another folder is not found, and so not counted.

    Bad:
        # register/reviews/anytown-dhr-1/recommendations/05.yml

    Good:
        # register/reviews/anytown-dhr-1/recommendations/05.yaml
    """,
)
SAME_BUT_FOR_CASE = rule(
    "same-but-for-case",
    """No two files have names that differ only in capital and small letters.

    Windows and macOS take them for one file, and lose the other.

    Bad:
        # agencies/anytown-police.yaml and agencies/Anytown-Police.yaml

    Good:
        # agencies/anytown-police.yaml
    """,
)
NOT_UTF8 = rule(
    "not-utf8",
    """A file is text in UTF-8.

    In another encoding, dashes, pound signs and names turn into other characters.

    Bad:
        # saved as "Windows-1252" or "ANSI"

    Good:
        # saved as "UTF-8"
    """,
)
TOO_LARGE = rule(
    "too-large",
    """A file holds at most 256 KB.

    A record is a page or two. A larger file holds something that belongs elsewhere.

    Bad:
        # the whole report of the review, pasted into notes

    Good:
        # the recommendation and its actions; the report lies beside the review as source.txt
    """,
)
TOO_DEEP = rule(
    "too-deep",
    """Lists and keys are nested at most 20 deep.

    No record needs more than four; more is a slip, or an attempt to make the reader run for ever.

    Bad:
        outcomes: [[[[[[[[[[[[[[[[[[[[[ ]]]]]]]]]]]]]]]]]]]]]

    Good:
        outcomes:
          - Staff are trained.
    """,
)
EMPTY_FILE = rule(
    "empty-file",
    """A file is not empty.

    An empty file is a record that somebody meant to write.

    Bad:
        # nothing

    Good:
        name: Anytown Police
        kind: police
    """,
)
INVALID_YAML = rule(
    "invalid-yaml",
    """A file is valid YAML.

    Nothing in a file can be trusted whose structure is broken. Most often a quotation mark, a
    colon in a text, or the indentation is at fault.

    Bad:
        recommendation: Training: refresher for all staff

    Good:
        recommendation: "Training: refresher for all staff"
    """,
)
CONFLICT_MARKER = rule(
    "conflict-marker",
    """No conflict of a merge is left in a file.

    Two people changed the same lines, and nobody has decided between them yet.

    Bad:
        <<<<<<< HEAD
        status: complete
        =======
        status: in-progress
        >>>>>>> update

    Good:
        status: in-progress
    """,
)
HIDDEN_CHARACTER = rule(
    "hidden-character",
    """A file holds no character that cannot be seen or that turns text round.

    Such characters can make a line read otherwise than it is, and come along unseen when text is
    copied from a document.

    Bad:
        status: com[U+200B]plete

    Good:
        status: complete
    """,
)
DUPLICATE_KEY = rule(
    "duplicate-key",
    """A key is given once.

    Of two values one would be dropped without a word.

    Bad:
        status: complete
        status: in-progress

    Good:
        status: in-progress
    """,
)
KEY_NOT_TEXT = rule(
    "key-not-text",
    """A key is text.

    A number or a list as a key means something else to every program.

    Bad:
        2024: Training was given.

    Good:
        "2024": Training was given.
    """,
)
ANCHOR_OR_ALIAS = rule(
    "anchor-or-alias",
    """A file repeats nothing by anchor, alias or merge key.

    A record says in full what it says, so that a change of one line changes one thing.

    Bad:
        outcomes: [&trained Staff are trained.]
        measures: [*trained]

    Good:
        outcomes: [Staff are trained.]
        measures: [Staff are trained.]
    """,
)
TAG = rule(
    "tag",
    """A file holds no YAML tags.

    A tag asks a program to make something else of a value than what stands there.

    Bad:
        title: !!binary QW55dG93bg==

    Good:
        title: Anytown DHR 1
    """,
)
DIRECTIVE = rule(
    "directive",
    """A file holds no YAML directives.

    A directive changes how the whole file is read.

    Bad:
        %YAML 1.1
        ---
        ended: no

    Good:
        ended: "2024-06-01"
    """,
)
SECOND_DOCUMENT = rule(
    "second-document",
    """A file holds one document.

    What stands after a line of --- would not be read.

    Bad:
        name: Anytown Police
        ---
        name: Anytown Council

    Good:
        name: Anytown Police
    """,
)
LOST_AFTER_HASH = rule(
    "lost-after-hash",
    """No part of a text is taken for a comment.

    Without quotes, YAML takes everything after a space and a # for a comment, and drops it.

    Bad:
        recommendation: Review case #4 and report.

    Good:
        recommendation: "Review case #4 and report."
    """,
)
NOT_A_NUMBER = rule(
    "not-a-number",
    """A file holds no infinite or impossible numbers.

    They equal nothing, not even themselves.

    Bad:
        title: .nan

    Good:
        title: ".nan"
    """,
)
UNKNOWN_KEY = rule(
    "unknown-key",
    """A file holds only the keys that its schema knows.

    A mistyped key is a value that nobody reads: a date under "target_dat" never falls due.

    Bad:
        target_dat: "2025-03"

    Good:
        target_date: "2025-03"
    """,
)
MISSING_KEY = rule(
    "missing-key",
    """A file holds every key that its schema requires.

    Without them the record cannot be listed, counted or judged.

    Bad:
        recommendation: That training is given.

    Good:
        recommendation: That training is given.
        section: Police
        lead_agencies:
          - anytown-police
        status: in-progress
    """,
)
UNKNOWN_WORD = rule(
    "unknown-word",
    """A field with a fixed list of words holds one of them.

    "Completed", "Complete", "Implemented" and "Achieved" are one state in four words, and cannot
    be counted.

    Bad:
        status: Completed

    Good:
        status: complete
    """,
)
BAD_DATE = rule(
    "bad-date",
    """A date is a year, a month or a day of the calendar, or an interval of two of them.

    "Ongoing" or "Spring 2025" can be neither met nor missed.

    Bad:
        target_date: March 2025

    Good:
        target_date: "2025-03"
    """,
)
BAD_ID = rule(
    "bad-id",
    """An id is made of lower-case letters, digits and single hyphens.

    An id is part of a file's name, and must mean the same everywhere.

    Bad:
        lead_agencies:
          - Anytown Police

    Good:
        lead_agencies:
          - anytown-police
    """,
)
BAD_URL = rule(
    "bad-url",
    """A link begins with https:// or http:// and holds no spaces.

    A link that leads nowhere, or runs something, is no evidence.

    Bad:
        url: S:/shared/audit.docx

    Good:
        held_by: Anytown Police, information management
    """,
)
BLANK_TEXT = rule(
    "blank-text",
    """A text is not blank.

    An empty text looks like an answer and is none.

    Bad:
        reason: " "

    Good:
        reason: The partnership agreed a later date.
    """,
)
TOO_LONG = rule(
    "too-long",
    """A text keeps to its limit of characters.

    Titles and names fit a table; an account of progress belongs in an update.

    Bad:
        # a title of 400 characters

    Good:
        # a title of at most 200, and a text of at most 10,000
    """,
)
TOO_MANY = rule(
    "too-many",
    """A list keeps to its limit of entries.

    The limits are far above what any plan holds.

    Bad:
        # 300 actions in one recommendation

    Good:
        # several recommendations
    """,
)
TOO_FEW = rule(
    "too-few",
    """A list that must not be empty is not.

    A recommendation that nobody leads is done by nobody.

    Bad:
        lead_agencies: []

    Good:
        lead_agencies:
          - anytown-police
    """,
)
REPEATED = rule(
    "repeated",
    """A list of different things holds each of them once.

    What stands twice is counted twice.

    Bad:
        lead_agencies:
          - anytown-police
          - anytown-police

    Good:
        lead_agencies:
          - anytown-police
    """,
)
WRONG_TYPE = rule(
    "wrong-type",
    """A field holds the kind of value that its schema gives.

    A list where a text belongs, or a number where a date belongs, cannot be read.

    Bad:
        target_date: 2025

    Good:
        target_date: "2025"
    """,
)
OUT_OF_RANGE = rule(
    "out-of-range",
    """A number lies within its limits.

    "Due soon" cannot begin three years before a date.

    Bad:
        due_soon_days: 1000

    Good:
        due_soon_days: 30
    """,
)
TOO_MANY_FAULTS = rule(
    "too-many-faults",
    """A file has at most 200 faults of its keys and values.

    So many have one cause: a key that was mistyped in every entry, say, or a file that is no record.
    The first 200 are listed, and how many more there are.

    Bad:
        # 300 actions, each with "txt:" for "text:"

    Good:
        # 300 actions, each with "text:"
    """,
)

FILE_RULES = (SYMBOLIC_LINK, SPECIAL_FILE, UNREADABLE_FILE, OUTSIDE_LAYOUT, SAME_BUT_FOR_CASE)
YAML_RULES = (
    NOT_UTF8,
    TOO_LARGE,
    TOO_DEEP,
    EMPTY_FILE,
    INVALID_YAML,
    CONFLICT_MARKER,
    HIDDEN_CHARACTER,
    DUPLICATE_KEY,
    KEY_NOT_TEXT,
    ANCHOR_OR_ALIAS,
    TAG,
    DIRECTIVE,
    SECOND_DOCUMENT,
    LOST_AFTER_HASH,
    NOT_A_NUMBER,
)
SCHEMA_RULES = (
    UNKNOWN_KEY,
    MISSING_KEY,
    UNKNOWN_WORD,
    BAD_DATE,
    BAD_ID,
    BAD_URL,
    BLANK_TEXT,
    TOO_LONG,
    TOO_MANY,
    TOO_FEW,
    REPEATED,
    WRONG_TYPE,
    OUT_OF_RANGE,
    TOO_MANY_FAULTS,
)
