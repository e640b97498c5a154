"""Registers of any size to measure with: plainly fictitious text, in the layout and the shape of real plans.

The same count and seed give the same files, and a smaller register is the beginning of a larger one.
As a program: `python benchmarks/registers.py FOLDER COUNT` writes one into an empty folder.
"""

import argparse
import json
import random
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Value: TypeAlias = "str | int | Sequence[Value] | Mapping[str, Value]"

TO_A_REVIEW = 15
SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a register that was written holds: how many of each, and the lines of its recommendations."""

    recommendations: int
    reviews: int
    agencies: int
    updates: int
    lines: int


def write(folder: Path, count: int, seed: int = SEED) -> Made:
    """Write a register of `count` recommendations into a folder that has none yet."""
    agencies = updates = lines = 0
    for path, text in register(count, seed):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
        agencies += "/agencies/" in path
        updates += "/updates/" in path
        lines += text.count("\n") if "/recommendations/" in path else 0
    return Made(
        recommendations=count,
        reviews=-(-count // TO_A_REVIEW),
        agencies=agencies,
        updates=updates,
        lines=lines,
    )


def register(count: int, seed: int = SEED) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of every file of a register."""
    title = "Anytown Community Safety Partnership: invented register for measurements"
    yield _file("register/register.yaml", "register", {"schema_version": 1, "title": title, "due_soon_days": 30})
    for town in _TOWNS:
        for kind in _BODIES:
            yield _file(f"register/agencies/{_agency(town, kind)}.yaml", "agency", _body(town, kind))
    for place in range(-(-count // TO_A_REVIEW)):
        size = min(TO_A_REVIEW, count - place * TO_A_REVIEW)
        yield from _review(place, size, seed)


# Agencies: the same bodies in each of a few towns that do not exist.

_TOWNS = ("Anytown", "Sampleford", "Exampleton", "Placeholme")
_BODIES: Mapping[str, tuple[str, str]] = {
    "csp": ("Community Safety Partnership", "csp"),
    "police": ("Police", "police"),
    "council": ("Council", "local-authority"),
    "adult-social-care": ("Adult Social Care", "local-authority"),
    "safeguarding-board": ("Safeguarding Adults Board", "safeguarding-adults-board"),
    "icb": ("Integrated Care Board", "nhs-commissioner"),
    "ccg": ("Clinical Commissioning Group", "nhs-commissioner"),
    "hospitals": ("Hospitals NHS Trust", "nhs-trust"),
    "probation": ("Probation", "probation"),
    "recovery": ("Recovery Service", "substance-misuse-service"),
    "safe-homes": ("Safe Homes", "specialist-da-service"),
    "housing": ("Housing Association", "housing-provider"),
}
_MERGED = "2022-07-01"
_NEWEST = 2026 * 12 + 2  # months are counted from the year 0; nothing is reported after this one, March 2026


def _agency(town: str, kind: str) -> str:
    return f"{town.lower()}-{kind}"


def _body(town: str, kind: str) -> Mapping[str, Value]:
    name, sort = _BODIES[kind]
    record: dict[str, Value] = {"name": f"{town} {name}", "kind": sort}
    if kind == "ccg":
        record["ended"] = _MERGED
        record["successors"] = [{"agency": _agency(town, "icb"), "from": _MERGED}]
    record["aliases"] = [f"{town} {kind.upper()}", f"{name} ({town})"]
    record["notes"] = [f"An invented body in {town}, which does not exist. Any likeness is chance."]
    return record


# Reviews: a file of its own, its text, and its recommendations with their updates.


def _review(place: int, size: int, seed: int) -> Iterator[tuple[str, str]]:
    chance = random.Random(f"{seed}/{place}")  # noqa: S311 - repeatable text, no secret
    town = _TOWNS[place % len(_TOWNS)]
    review = f"{town.lower()}-dhr-{place + 1}"
    folder = f"register/reviews/{review}"
    sections = [f"{town} {_BODIES[kind][0]}" for kind in _BODIES]
    title = f"{town} DHR {place + 1} Action Plan"
    yield _file(
        f"{folder}/review.yaml",
        "review",
        {
            "title": title,
            "kind": "dhr",
            "reference": f"DHR-{place + 1}",
            "partnership": _agency(town, "csp"),
            "pseudonyms": ["Adult A", "Adult B"],
            "sections": sections,
            "source": {"document": title, "note": "Invented for measurements; kept beside this file as source.txt."},
            "notes": [f"{_purpose(chance)} {_step(chance)} {_purpose(chance)}"],
        },
    )
    printed = [title]
    for row in range(1, size + 1):
        promised = _Promise(chance, town, row)
        printed.append(f"{row} {promised.wording} {' '.join(promised.read_history)}")
        number = f"{row:02}"
        yield _file(f"{folder}/recommendations/{number}.yaml", "recommendation", promised.record())
        if promised.status == "cancelled" or chance.random() < 1 / 3:
            day = f"{_month(min(promised.begun + chance.randint(1, 6), _NEWEST))}-{chance.randint(1, 28):02}"
            path = f"{folder}/updates/{number}/{day}-{promised.speaker}.yaml"
            yield _file(path, "update", promised.update(day))
    yield f"{folder}/source.txt", "".join(f"{line}\n" for line in printed)


class _Promise:
    """One row of an invented plan, drawn by chance."""

    def __init__(self, chance: random.Random, town: str, row: int) -> None:
        kinds = tuple(_BODIES)
        self.chance = chance
        self.town = town
        self.row = row
        self.kind = chance.choice(kinds)
        self.helpers = chance.sample([kind for kind in kinds if kind != self.kind], chance.choice((0, 0, 1, 2)))
        self.status = chance.choices(tuple(_STATUSES), tuple(_STATUSES.values()))[0]
        self.role = chance.choice(_ROLES)
        self.wording = f"{_BODIES[self.kind][0]} should {_aim(chance)}, {chance.choice(_MANNERS)}. {_purpose(chance)}"
        self.read_history = chance.sample(_STEPS, chance.choice((1, 2, 2, 3)))
        self.begun = chance.randint(2019 * 12, _NEWEST - 3)
        self.due = self.begun + chance.randint(3, 24)

    @property
    def lead(self) -> str:
        """Return the agency that the plan names."""
        return _agency(self.town, self.kind)

    @property
    def speaker(self) -> str:
        """Return who gives updates on it: the lead, or the body that took over from it."""
        return _agency(self.town, "icb" if self.kind == "ccg" else self.kind)

    def record(self) -> Mapping[str, Value]:
        """Return the row as a recommendation's file holds it."""
        chance = self.chance
        complete = self.status == "complete"
        helpers: Value = [_agency(self.town, kind) for kind in self.helpers]
        return {
            "recommendation": self.wording,
            "section": f"{self.town} {_BODIES[self.kind][0]}",
            "scope": chance.choice(("local", "local", "local", "regional", "national")),
            "level": "multi-agency" if helpers else "single-agency",
            "lead_agencies": [self.lead],
            **({"supporting_agencies": helpers} if helpers else {}),
            "responsible": [{"role": self.role, "agency": self.lead}],
            "start_date": _month(self.begun),
            "target_date": self.target,
            **({"completion_date": _month(min(self.due + chance.randint(-2, 4), _NEWEST))} if complete else {}),
            "status": self.status,
            **({"assurance": chance.choice(("declared", "evidenced", "verified"))} if complete else {}),
            "actions": [self._action(step) for step in self.read_history],
            "milestones": [{"text": text} for text in chance.sample(_MILESTONES, chance.choice((1, 1, 2)))],
            "outcomes": [_purpose(chance)],
            **({"evidence": [self._evidence()]} if complete else {}),
            "as_stated": {
                "No": str(self.row),
                "Start Date": _said(self.begun),
                "Lead agency including Name / role": f"{self.role}, {self.town} {_BODIES[self.kind][0]}",
                "Expected End Date": _said(self.due),
            },
            "source": {"row": f"No {self.row}", "lines": [self.row + 1]},
        }

    def update(self, day: str) -> Mapping[str, Value]:
        """Return what the lead says of it on a day."""
        return {
            "date": day,
            "agency": self.speaker,
            "by": self.role,
            "text": f"{self.chance.choice(_MILESTONES)} {_step(self.chance)} {_purpose(self.chance)}",
            **({"status": self.status} if self.status in {"in-progress", "cancelled"} else {}),
            **({"reason": "The service was closed before the work began."} if self.status == "cancelled" else {}),
            "evidence": [self._evidence()],
        }

    @property
    def target(self) -> str:
        """Return the date it is due: mostly a month, sometimes a day or a year."""
        year, month = divmod(self.due, 12)
        forms = (f"{year}-{month + 1:02}", f"{year}-{month + 1:02}-{1 + self.due % 28:02}", f"{year}")
        return forms[(0, 0, 0, 1, 1, 2)[self.due % 6]]

    def _action(self, step: str) -> Mapping[str, Value]:
        known = self.status == "in-progress" and step == self.read_history[-1]
        return {"text": step, **({"status": "not-started"} if known else {})}

    def _evidence(self) -> Mapping[str, Value]:
        kind, title = self.chance.choice(_EVIDENCE)
        return {"kind": kind, "title": title, "held_by": f"{self.town} {_BODIES[self.kind][0]}"}


def _month(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02}"


def _said(month: int) -> str:
    names = "January February March April May June July August September October November December"
    return f"{names.split()[month % 12]} {month // 12}"


# Words: sentences put together from parts, as plans put them.

_STATUSES = {"complete": 35, "in-progress": 38, "not-started": 14, "on-hold": 5, "unknown": 6, "cancelled": 2}
_ROLES = (
    "Head of Safeguarding",
    "Detective Superintendent, Protecting Vulnerable People",
    "Designated Nurse for Adults",
    "Service Manager",
    "Director of Public Health",
    "Domestic Abuse Lead",
)
_VERBS = ("review", "strengthen", "assure itself of", "audit once a year", "agree and publish", "bring together")
_THINGS = (
    "the way in which risk assessments are recorded and shared between the agencies that work with a household",
    "its policy on routine enquiry about domestic abuse, in every service that sees adults",
    "the pathway between substance misuse services, mental health services and specialist support",
    "the training that front-line staff and their supervisors have in coercive and controlling behaviour",
    "how cases that no longer meet a threshold are closed, and who is told of it",
    "the information that general practices hold on both parties, and when it may be passed on",
    "the arrangements for referral to the multi-agency risk assessment conference (MARAC)",
)
_MANNERS = (
    "and report what it finds to the partnership",
    "with the agencies that took part in this review",
    "so that nobody depends on one member of staff",
    "within the time that the board has agreed",
)
_PURPOSES = (
    "Staff know when and how to make a referral, and supervision shows that they do so.",
    "Victims are asked about abuse in private, and what they say is written down in their own words.",
    "Risk is managed by all agencies together, from one plan that each of them can see.",
    "Family and friends know where they can turn when they are worried about somebody.",
    "Decisions not to act are recorded with the reason and with the name of the manager who agreed.",
    "Nobody has to tell the same story again to each service that they meet.",
)
_STEPS = (
    "Hold a workshop with team managers in Anytown, and agree what good practice looks like.",
    "Look at a sample of thirty closed cases against the policy, and report the figures to the board.",
    "Rewrite the procedure so that it says who makes the call, by when, and where it is recorded.",
    "Ask every provider for written assurance that the pathway is in use in all of its services.",
    "Add the questions to the induction of new staff, and repeat them in the training of each year.",
    "Set up a task and finish group with the police and the voluntary sector.",
    "Make the leaflet available in the six languages that are spoken most in the area.",
)
_MILESTONES = (
    "Task and finish group set up and its terms of reference agreed.",
    "Revised policy signed off by the board and sent to all teams in Anytown.",
    "First audit carried out; nine of ten sampled records met the standard.",
    "Training delivered to all teams, with a second round planned for those who joined later.",
    "Report received by the partnership and placed on its agenda.",
)
_EVIDENCE = (
    ("audit", "Audit of thirty closed cases"),
    ("training-record", "Attendance at the training on coercive control"),
    ("policy-or-procedure", "Policy on routine enquiry, second edition"),
    ("minutes-or-signoff", "Minutes of the scrutiny panel"),
)


def _aim(chance: random.Random) -> str:
    return f"{chance.choice(_VERBS)} {chance.choice(_THINGS)}"


def _purpose(chance: random.Random) -> str:
    return chance.choice(_PURPOSES)


def _step(chance: random.Random) -> str:
    return chance.choice(_STEPS)


# YAML: as people are asked to write it.

_WIDTH = 84
_PLAIN = re.compile(r"[A-Za-z][^:#]*")


def _file(path: str, schema: str, record: Mapping[str, Value]) -> tuple[str, str]:
    """Return a path, and the text of its file, the line for editors first."""
    up = "../" * path.count("/")
    head = f"# yaml-language-server: $schema={up}schema/{schema}.schema.json"
    return path, "".join(f"{line}\n" for line in (head, *_keys(record, 0)))


def _keys(record: Mapping[str, Value], indent: int) -> Iterator[str]:
    for key, value in record.items():
        name = key if _PLAIN.fullmatch(key) and key != "No" else json.dumps(key)
        yield from _value(f"{' ' * indent}{name}:", value, indent)


def _value(start: str, value: Value, indent: int) -> Iterator[str]:
    """Yield a key's (or a hyphen's) line and the lines of its value."""
    if isinstance(value, int):
        yield f"{start} {value}"
    elif isinstance(value, str):
        yield from _text(start, value, indent)
    else:
        yield start
        yield from _keys(value, indent + 2) if isinstance(value, Mapping) else _items(value, indent + 2)


def _items(values: Sequence[Value], indent: int) -> Iterator[str]:
    hyphen = f"{' ' * indent}-"
    for value in values:
        if isinstance(value, Mapping):
            first, *rest = _keys(value, indent + 2)
            yield f"{hyphen} {first.lstrip()}"
            yield from rest
        else:
            yield from _value(hyphen, value, indent)


def _text(start: str, text: str, indent: int) -> Iterator[str]:
    if len(start) + 1 + len(text) > _WIDTH:
        space = " " * (indent + 2)
        yield f"{start} |-"
        yield from textwrap.wrap(text, _WIDTH, initial_indent=space, subsequent_indent=space, break_on_hyphens=False)
    else:
        yield f"{start} {text if _PLAIN.fullmatch(text) else json.dumps(text)}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write a register of invented recommendations.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    print(write(given.folder, given.count, given.seed))
