"""Words that cannot be followed up: missing, vague, piled up, unexplained, or left over from a PDF."""

import re
from collections.abc import Iterator
from datetime import date

from dhrctl.checks.check import Phrases, Violation, check, every_text, quote_text, texts
from dhrctl.findings.finding import Keys, Severity
from dhrctl.model.records import Register, Scope


@check(Severity.ERROR, gap=True)
def recommendation_missing(register: Register, _: date) -> Iterator[Violation]:
    """A recommendation has its wording.

    An action without its recommendation cannot be held against anything.

    Bad:
        recommendation: null

    Good:
        recommendation: That refresher training is given to all staff.
    """
    for record in register.recommendations:
        if not record.recommendation:
            problem, fix = "the source gives no wording here", "find it in the review's report and add it"
            yield Violation(record=record, keys=("recommendation",), problem=problem, fix=fix)


_NO_ACTION = Phrases(
    r"(?:would be (?:beneficial|helpful|useful|good)|awareness is present|(?:policies|processes|procedures) are in place)\b"
)


@check(Severity.WARNING)
def not_an_action(register: Register, _: date) -> Iterator[Violation]:
    """An action says what somebody does.

    A wish, or a state of affairs, can be neither done nor late.

    Bad:
        actions:
          - text: A more direct route would be beneficial.

    Good:
        actions:
          - text: Agree a direct route with the probation service.
    """
    for record in register.recommendations:
        for index, action in enumerate(record.actions):
            match = _NO_ACTION.search(action.text)
            if match:
                problem, fix = f'"{match.group()}" is a wish or a state, not an action', "say who does what"
                yield Violation(
                    record=record, keys=("actions", index, "text"), problem=problem, fix=fix, values=(match.group(),)
                )


_VAGUE = Phrases(
    r"(?:(?:should|to|can|could|will|must) (?:consider|explore)|(?:should|could) review|explores|considers"
    r"|consideration (?:is|be|should be) given|give (?:\w+ )?consideration|should be considered)\b"
)


@check(Severity.INFO)
def vague_verb(register: Register, _: date) -> Iterator[Violation]:
    """What is asked for can be seen to be done; "consider" cannot.

    SMART wording is what an audit can test: nobody can show that they did not consider.

    Bad:
        recommendation: That consideration is given to training.

    Good:
        recommendation: That training is given to all staff by March 2025.
    """
    for record in register.recommendations:
        wanted: list[tuple[Keys, str]] = [(("recommendation",), record.recommendation)]
        wanted += [(("actions", index, "text"), action.text) for index, action in enumerate(record.actions)]
        for keys, text in wanted:
            match = _VAGUE.search(text)
            if match:
                problem, fix = f'nobody can see whether "{match.group()}" was done', "say what is to be different"
                yield Violation(record=record, keys=keys, problem=problem, fix=fix, values=(match.group(),))


_DUTY = Phrases(r"(?:should|will|must|shall|(?:has|have) implemented)\b")
_TO_DO = re.compile(r"^\W*(?:\w+\W+){1,8}to (?!(?:a|an|the|this|these|other)\b)\w+", re.IGNORECASE)


def _count_duties(text: str) -> int:
    """Count what a text asks for: each "should" or "will", or else a sentence that says who is to do something."""
    sentences = re.split(r"(?<=[.;])\s+|\n+", text)
    return sum(len(_DUTY.findall(sentence)) or bool(_TO_DO.match(sentence)) for sentence in sentences)


@check(Severity.WARNING)
def multi_part_action(register: Register, _: date) -> Iterator[Violation]:
    """An action is one thing; several are several actions.

    Of an action in three parts nobody can say that it is done, nor that it is not.

    Bad:
        actions:
          - text: Staff will attend training. Managers will audit the files.

    Good:
        actions:
          - text: Staff will attend training.
            status: complete
          - text: Managers will audit the files.
            status: in-progress
    """
    for record in register.recommendations:
        for index, action in enumerate(record.actions):
            duties = _count_duties(action.text)
            if duties > 1:
                problem = f"{duties} things are to be done in this one action"
                fix = "make each an action of its own"
                yield Violation(
                    record=record, keys=("actions", index, "text"), problem=problem, fix=fix, values=(duties,)
                )
        if len(record.actions) > 1 and not any(action.status for action in record.actions):
            problem = f"{len(record.actions)} actions stand under one status"
            yield Violation(
                record=record,
                keys=("actions",),
                problem=problem,
                fix="give each action a status of its own",
                values=(len(record.actions),),
            )


@check(Severity.INFO)
def no_measure(register: Register, _: date) -> Iterator[Violation]:
    """A recommendation says how its outcome will be measured.

    "What will change, and how will we know?" is the question that a plan is asked.

    Bad:
        outcomes:
          - Staff are more aware.

    Good:
        outcomes:
          - Staff are more aware.
        measures:
          - Every case file shows a risk assessment, in a quarterly audit.
    """
    for record in register.recommendations:
        if not record.measures:
            problem, fix = "nothing says how the outcome is measured", "say under measures how it will be seen"
            yield Violation(record=record, problem=problem, fix=fix)


@check(Severity.WARNING)
def no_milestones(register: Register, _: date) -> Iterator[Violation]:
    """A recommendation has milestones, and each has a date.

    The official table has a column for the key milestones achieved; without dates it shows no progress.

    Bad:
        milestones:
          - text: Policy drafted.

    Good:
        milestones:
          - text: Policy drafted.
            date: "2024-09"
    """
    for record in register.recommendations:
        if not record.milestones:
            yield Violation(record=record, problem="there are no milestones", fix="add the steps, with their dates")
        elif not any(milestone.date for milestone in record.milestones):
            problem, fix = "no milestone has a date", "add the dates"
            yield Violation(record=record, keys=("milestones",), problem=problem, fix=fix)


@check(Severity.INFO)
def undefined_abbreviation(register: Register, _: date) -> Iterator[Violation]:
    """An abbreviation is an agency's name, or stands in the register's list with its meaning.

    Panels change, and plans are read by families. What MEAM or KLOE means is clear to those who
    wrote it.

    Bad:
        actions:
          - text: The KLOE is reviewed.

    Good:
        # register.yaml
        abbreviations:
          - short: KLOE
            meaning: Key line of enquiry (of an inspection)
    """
    known = _known_words(register)
    for record in register.recommendations:
        unknown: dict[str, Keys] = {}
        for keys, text in texts(record):
            for short in find_abbreviations(text):
                if short.casefold() not in known:
                    unknown.setdefault(short, keys)
        if unknown:
            are = "is" if len(unknown) == 1 else "are"
            problem = f"{', '.join(unknown)} {are} neither an agency's name nor in the list of abbreviations"
            fix = "add the meaning to abbreviations in register.yaml"
            yield Violation(
                record=record,
                keys=next(iter(unknown.values())),
                problem=problem,
                fix=fix,
                values=tuple(sorted(unknown)),
            )


def _known_words(register: Register) -> frozenset[str]:
    """Return the words that the register's list or an agency's name holds, in lower case."""
    known = {listed.short for listed in register.settings.abbreviations}
    for agency in register.agencies.values():
        for name in (agency.name, agency.short_name, *agency.aliases):
            known.update(re.findall(r"\w+", name))
    return frozenset(map(str.casefold, known))


_RESIDUE = re.compile(r"</?[A-Za-z][A-Za-z0-9]{0,10}\b[^<>]{0,100}>|\s\||\|\s|&(?:#[0-9]{1,6}|[A-Za-z]{2,8});")
_CREST = Phrases(r"[A-Z]{3,12}(?: [A-Z]{3,12}){2}\b", cased=True)


def _find_residue(text: str) -> re.Match[str] | None:
    marked = "<" in text or "|" in text or "&" in text
    return (_RESIDUE.search(text) if marked else None) or _CREST.search(text)


@check(Severity.WARNING)
def extraction_residue(register: Register, _: date) -> Iterator[Violation]:
    """A text holds nothing that a PDF or a web page left behind.

    Tags, pipes, entities and the capitals of a crest are no words of the plan, and show that nobody has
    read the text since it was copied.

    Bad:
        outcomes:
          - <p>Action completed.</p>

    Good:
        outcomes:
          - Action completed.
    """
    for record, keys, text in every_text(register):
        match = _find_residue(text) if keys[0] != "notes" else None
        if match:
            problem = f"{quote_text(match.group().strip(), 20)} was left behind when the text was copied"
            yield Violation(
                record=record, keys=keys, problem=problem, fix="take it out", values=(match.group().strip(),)
            )


_DEBRIS = re.compile("[\u00a0\u2007\u202f\ufffd\u0091-\u0097]|â€|Ã[\u00a0-\u00bf]")


@check(Severity.INFO)
def copied_characters(register: Register, _: date) -> Iterator[Violation]:
    """A text holds no non-breaking spaces or garbled quotation marks from a word processor.

    They look like spaces and quotation marks, and are found by no search.

    Bad:
        outcomes:
          - Staff[U+00A0]are trained

    Good:
        outcomes:
          - Staff are trained
    """
    for record, keys, text in every_text(register):
        match = None if text.isascii() else _DEBRIS.search(text)
        if match:
            space = match.group() in "\u00a0\u2007\u202f"
            what = "a non-breaking space" if space else "a garbled character"
            problem = f"{what} (U+{ord(match.group()[0]):04X}) was left here by a word processor"
            yield Violation(
                record=record, keys=keys, problem=problem, fix="type it again", values=(f"{ord(match.group()[0]):04X}",)
            )


@check(Severity.WARNING)
def scope_missing(register: Register, _: date) -> Iterator[Violation]:
    """A recommendation says whose authority it needs: local, regional or national.

    National recommendations were often never passed on: nobody had marked them as national.

    Bad:
        scope: unspecified

    Good:
        scope: national
    """
    for record in register.recommendations:
        if record.scope is Scope.UNSPECIFIED:
            problem, fix = "nothing says whether this is local, regional or national", "add the scope"
            yield Violation(record=record, problem=problem, fix=fix)


_WORD = re.compile(r"\b[A-Z][a-z]*[A-Z][A-Za-z]*\b")
_NAME = re.compile("(?:[A-Z][a-z]+){2,}")
_NUMERAL = re.compile("X{0,3}(?:IX|IV|V?I{0,3})")
_SHOUTED = re.compile(r"(?:\b[A-Z]{2,} ){3,}[A-Z]{2,}\b")

# Words that every reader knows, and plain words that are written large to stress them.
_COMMON = frozenset(
    {"am", "bc", "cctv", "cd", "covid", "cv", "dvd", "eu", "faq", "gb", "id", "it", "ok", "pdf", "phd", "pin", "pm"}
    | {"sms", "tv", "uk", "url", "us", "usa", "usb"}
    | {"all", "always", "and", "any", "both", "every", "must", "never", "no", "not", "only", "or"}
)


def find_abbreviations(text: str) -> Iterator[str]:
    """Yield the abbreviations of a text, each as one of it is called: MARAC for MARACs."""
    words = _WORD.findall(text)
    if len(words) > 3:  # so that most texts are gone through once
        words = _WORD.findall(_SHOUTED.sub(" ", text))
    for word in words:
        short = word[:-1] if word.endswith("s") and word[-2].isupper() else word
        if not (_NAME.fullmatch(short) or _NUMERAL.fullmatch(short) or short.casefold() in _COMMON):
            yield short


CHECKS = (
    scope_missing,
    recommendation_missing,
    not_an_action,
    vague_verb,
    multi_part_action,
    no_measure,
    no_milestones,
    undefined_abbreviation,
    extraction_residue,
    copied_characters,
)
