"""What a change does to the register: rules on what it was before and what it is after.

Each is a generator over both; its name is the rule's, its docstring the rule in a sentence, the
reason and two examples. A recommendation that was given another number is followed, as `identity` tells.
It is long because half of it is that text.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial

from dhrctl.checks.check import Violation
from dhrctl.findings.finding import Keys, Rule, Severity
from dhrctl.findings.rules import rule
from dhrctl.git.clock import ClockSlip
from dhrctl.model import identity, paths
from dhrctl.model.dates import add_months
from dhrctl.model.paths import recommendation_path
from dhrctl.model.records import Recommendation, Register, Status, Update


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A recommendation before and after a change, and the updates that the change added to it."""

    old: Recommendation
    new: Recommendation
    added: tuple[Update, ...]

    def explained(self, field: str = "", value: object = None) -> bool:
        """Tell whether an added update gives a reason, and names the value that a field has now."""
        return any(update.reason and (not field or getattr(update, field) == value) for update in self.added)


@dataclass(frozen=True, kw_only=True)
class RegisterChange:
    """The register before and after, and the words by which its history knew each id until then.

    `earlier` has an entry for each id that is new, as `identity.plain_id` writes it, of `identity.known_words`;
    `renames` is as in `identity.match_records`.
    `clocks` are the commits of the change whose days go back or run ahead.
    """

    before: Register
    after: Register
    day: date
    earlier: Mapping[str, frozenset[str]]
    renames: Mapping[str, str] = field(default_factory=dict)
    clocks: tuple[ClockSlip, ...] = ()

    @cached_property
    def _was(self) -> Mapping[str, str]:
        """Return the path that each recommendation had before, by its path after."""
        before, after = identity.records_by_path(self.before), identity.records_by_path(self.after)
        return identity.match_records(before, after, self.renames)

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Return every recommendation that stands on both sides, also under a new id."""
        after = {record.path: record for record in self.after.recommendations}
        heirs = {old: new for new, old in self._was.items()}
        found = []
        for old in self.before.recommendations:
            new = after.get(heirs.get(old.path, ""))
            if new:
                found.append(Pair(old=old, new=new, added=tuple(self._added(old, new))))
        return tuple(found)

    @cached_property
    def renumbered(self) -> Mapping[str, str]:
        """Return the new id of each recommendation that has one."""
        return {pair.old.id: pair.new.id for pair in self.pairs if pair.old.id != pair.new.id}

    @cached_property
    def removed(self) -> frozenset[str]:
        """Return the path of every recommendation that stands nowhere any more, nor in a file that cannot be read."""
        return frozenset(record.path for record in self.before.recommendations).difference(self._was.values())

    @cached_property
    def replacing(self) -> frozenset[str]:
        """Return the path of every recommendation that is new, in the place of one that was renumbered."""
        return frozenset(record.path for record in self.after.recommendations).intersection(self.before.paths) - {
            *self._was
        }

    def _added(self, old: Recommendation, new: Recommendation) -> Iterator[Update]:
        known = {_said(update) for update in old.updates}
        for update in new.updates:
            if _under(old.id, update) not in self.before.paths and _said(update) not in known:
                yield update


def _words(text: str) -> str:
    return " ".join(text.split())


def _said(update: Update) -> Update:
    """Return an update without its place."""
    return replace(update, id="", path="")


def _under(identity: str, update: Update) -> str:
    """Return the path that an update has, or would have, under the recommendation with an id."""
    return f"{paths.updates_folder(identity)}/{update.path.rpartition('/')[2]}"


Run = Callable[[RegisterChange], Iterator[Violation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A rule on changes, and the generator of the places where it is broken."""

    rule: Rule
    run: Run


def _transition(run: Run, severity: Severity = Severity.ERROR) -> Transition:
    """Make a rule of a generator, as `check` does."""
    return Transition(rule=rule(run.__name__.replace("_", "-"), inspect.getdoc(run) or "", severity), run=run)


_STAGE = {Status.UNKNOWN: 0, Status.NOT_STARTED: 1, Status.IN_PROGRESS: 2, Status.ON_HOLD: 2}
_CLOSED = 3


def stage(status: Status) -> int:
    """Return how far a status is: what is unknown, then not begun, then under way, then closed."""
    return _STAGE.get(status, _CLOSED)


@_transition
def status_regressed(change: RegisterChange) -> Iterator[Violation]:
    """A status goes back only with an update in the same change that says the new status and the reason.

    The order is `unknown`, then `not-started`, then `in-progress` and `on-hold`, then those that
    are closed. What was complete last month and is not today makes a panel ask why; the answer
    belongs in the register.

    Bad:
        # recommendations/05.yaml had status: complete; no update is added
        status: in-progress

    Good:
        # updates/05/2024-06-01-anytown-police.yaml is added
        status: in-progress
        reason: The audit found that half of the staff were not trained.
    """
    for pair in change.pairs:
        old, new = pair.old.status, pair.new.status
        if stage(new) < stage(old) and not pair.explained("status", new):
            problem = f"the status went back from {old} to {new}"
            yield _to_explain(pair, "status", problem, f"status: {new}", values=(old, new))


def _to_explain(
    pair: Pair, field: str | Keys, problem: str, says: str = "", *, values: tuple[object, ...] = ()
) -> Violation:
    what = f" with {says} and a reason" if says else " with a reason"
    fix = f"add an update{what}, or put it back"
    keys = (field,) if isinstance(field, str) else field
    return Violation(record=pair.new, keys=keys, problem=problem, fix=fix, values=values)


@_transition
def target_moved_later(change: RegisterChange) -> Iterator[Violation]:
    """A target date moves later only with an update in the same change that says the new date and the reason.

    A target that is overwritten leaves nobody able to say by how much the work slipped. One that
    is taken away can never be overdue again: that needs an update with a reason as well. So does the
    target date of an action, which is known again by its text.

    Bad:
        # recommendations/05.yaml had target_date: "2024-03"; no update is added
        target_date: "2024-09"

    Good:
        # updates/05/2024-03-20-anytown-police.yaml is added
        target_date: "2024-09"
        reason: The trainer left, and the post is filled from July.
    """
    for pair in change.pairs:
        old, new = pair.old.target_date, pair.new.target_date
        if old and new is None and not pair.explained():
            yield _to_explain(pair, "target_date", f"the target date {old} was taken away", values=(old, new))
        later = old and new and new.last > old.last
        if later and not pair.explained("target_date", new):
            problem = f"the target date moved from {old} to {new}"
            yield _to_explain(pair, "target_date", problem, f'target_date: "{new}"', values=(old, new))
        if not pair.explained():
            yield from _actions_moved(pair)


def _actions_moved(pair: Pair) -> Iterator[Violation]:
    """Yield the actions of which the target date moved later, or was taken away."""
    before = {_words(action.text): action.target_date for action in reversed(pair.old.actions)}
    for index, action in enumerate(pair.new.actions):
        old, new = before.pop(_words(action.text), None), action.target_date
        if old and (new is None or new.last > old.last):
            moved = f"this action's target date moved from {old} to {new}"
            problem = moved if new else f"this action lost its target date {old}"
            yield _to_explain(pair, ("actions", index), problem, values=(old, new))


@_transition
def completion_withdrawn(change: RegisterChange) -> Iterator[Violation]:
    """A completion is withdrawn or re-dated only with an update in the same change that says the new value and the reason.

    Withdrawn is what becomes superseded, cancelled or not accepted after it was complete, and what
    loses its completion date: the update then says the status. A date may always become more
    precise. What was reported as done stays reported, unless somebody says why it was not.

    Bad:
        # recommendations/05.yaml had completion_date: "2024-03"; no update is added
        status: complete

    Good:
        # updates/05/2024-06-01-anytown-police.yaml is added
        status: in-progress
        reason: The audit found that half of the staff were not trained.
    """
    for pair in change.pairs:
        was, now = pair.old.completion_date, pair.new.completion_date
        old, new = pair.old.status, pair.new.status
        left = old is Status.COMPLETE and new is not old and not new.is_open
        lost = was is not None and now is None
        if (left or lost) and not pair.explained("status", new):
            problem = f"the completion date {was} was taken away" if lost else f"this was complete, and is {new}"
            yield _to_explain(
                pair,
                "completion_date" if lost else "status",
                problem,
                f"status: {new}",
                values=(was,) if lost else (new,),
            )
        moved = was and now and not now.lies_in(was)
        if moved and not pair.explained("completion_date", now):
            problem = f"the completion date was {was}, and is {now}"
            yield _to_explain(pair, "completion_date", problem, f'completion_date: "{now}"', values=(was, now))


@_transition
def lead_changed(change: RegisterChange) -> Iterator[Violation]:
    """The lead changes only with an update in the same change that says the new lead agencies and the reason.

    Work that is handed over quietly is owed by nobody: the old lead thinks it gone, and the new one
    was never asked.

    Bad:
        # recommendations/05.yaml had the lead anytown-police; no update is added
        lead_agencies:
          - anytown-council

    Good:
        # updates/05/2024-06-01-anytown-police.yaml is added
        lead_agencies:
          - anytown-council
        reason: The service was transferred to the council.
    """
    for pair in change.pairs:
        old, new = set(pair.old.lead_agencies), set(pair.new.lead_agencies)
        if old != new and not pair.explained("lead_agencies", pair.new.lead_agencies):
            leads = (", ".join(pair.old.lead_agencies), ", ".join(pair.new.lead_agencies))
            problem = f"the lead was {leads[0]}, and is {leads[1]}"
            yield _to_explain(pair, "lead_agencies", problem, "these lead_agencies", values=leads)


@_transition
def completion_unsupported(change: RegisterChange) -> Iterator[Violation]:
    """What becomes complete gets a completion date, an outcome or evidence, and an update that says so.

    "Complete" is the one word that ends every question. Whoever writes it says since when, what
    came of it, and who reported it. Work that is taken over complete, in a plan that is new to the
    register, is not asked for this.

    Bad:
        # recommendations/05.yaml had status: in-progress; no update is added
        status: complete

    Good:
        # recommendations/05.yaml, and updates/05/2024-06-01-anytown-police.yaml with status: complete
        status: complete
        completion_date: "2024-05"
        outcomes:
          - All staff in the team were trained.
    """
    for pair in change.pairs:
        new = pair.new
        if new.status is not Status.COMPLETE or pair.old.status is Status.COMPLETE:
            continue
        evidence = new.evidence or any(update.evidence for update in new.updates)
        missing = (
            ("date", new.completion_date, "no completion_date", "add it"),
            (
                "outcome",
                new.outcomes or evidence,
                "neither an outcome nor evidence",
                "add what came of it, or what shows it",
            ),
            (
                "update",
                any(update.status is Status.COMPLETE for update in pair.added),
                "no update says so in this change",
                "add one with status: complete",
            ),
        )
        for what, given, lacks, fix in missing:
            if not given:
                problem = f"this became complete, and {'there is ' if 'update' not in lacks else ''}{lacks}"
                yield Violation(record=new, keys=("status",), problem=problem, fix=fix, values=(what,))


@_transition
def recommendation_wording_changed(change: RegisterChange) -> Iterator[Violation]:
    """The wording of a recommendation changes only with an update in the same change that says the reason.

    It was published in a review, and agencies accepted those words and no others. Capitals and
    line breaks do not count, and a wording that was missing may be filled in.

    Bad:
        # recommendations/05.yaml said "That all staff are trained."; no update is added
        recommendation: That staff are offered training.

    Good:
        # updates/05/2024-06-01-anytown-police.yaml is added
        reason: The published report was corrected on 28 May.
    """
    for pair in change.pairs:
        old = identity.normal_wording(pair.old)
        if old and old != identity.normal_wording(pair.new) and not pair.explained():
            yield _to_explain(pair, "recommendation", "the wording of the recommendation was changed")


@_transition
def update_edited(change: RegisterChange) -> Iterator[Violation]:
    """An update that was given stays as it was.

    Updates are the memory of the plan. One that turns out wrong is corrected by a later one, so
    that both can be read.

    Bad:
        # updates/05/2024-06-01-anytown-police.yaml said "Training was delayed."
        text: Training went to plan.

    Good:
        # updates/05/2024-07-01-anytown-police.yaml is added
        text: The update of 1 June was mistaken; training went to plan.
    """
    for _, new in _followed(change):
        if new:
            problem, fix = "this update was given before, and is changed", "put it back, and correct it in a later one"
            yield Violation(record=new, problem=problem, fix=fix)


@_transition
def update_removed(change: RegisterChange) -> Iterator[Violation]:
    """An update that was given is not taken away.

    Updates are the memory of the plan, and what an agency reported cannot become unsaid. One that
    belonged to no recommendation may be moved to the right one.

    Bad:
        # updates/05/2024-06-01-anytown-police.yaml was deleted

    Good:
        # updates/05/2024-07-01-anytown-police.yaml is added, and corrects it
    """
    for old, new in _followed(change):
        if new is None:
            yield Violation(
                record=old, problem="this update was taken away", fix="put it back, and correct it in a later one"
            )


def _followed(change: RegisterChange) -> Iterator[tuple[Update, Update | None]]:
    """Yield every update of before that stands nowhere as it was, and what stands in its place."""
    every = {update.path: update for update in _updates(change.after)}
    said = {(update.id, _said(update)) for update in every.values()}
    anywhere = {update for _, update in said}
    for old in _updates(change.before):
        identity = change.renumbered.get(old.id, old.id)
        path = _under(identity, old)
        lost = recommendation_path(old.id) not in change.before.paths
        kept = (identity, _said(old)) in said or (lost and _said(old) in anywhere)
        unread = path in change.after.paths and path not in every
        if not kept and not unread:
            yield old, every.get(path)


def _updates(register: Register) -> Iterable[Update]:
    return (*register.orphans, *(update for record in register.recommendations for update in record.updates))


@_transition
def recommendation_removed(change: RegisterChange) -> Iterator[Violation]:
    """No recommendation disappears: it becomes superseded, cancelled or not accepted.

    What was recommended after a death stays visible, also where nobody will do it. Its number
    changes only with an update in the same change that says the reason, as minutes and letters
    quote it; the folder of a whole review may be renamed without.

    Bad:
        # recommendations/05.yaml was deleted

    Good:
        # recommendations/05.yaml
        status: cancelled
    """
    for record in change.before.recommendations:
        if record.path in change.removed:
            fix = "put it back, as superseded, cancelled or not-accepted"
            yield Violation(record=record, problem="this recommendation was taken away", fix=fix)
    for pair in change.pairs:
        if pair.new.number != pair.old.number and not pair.explained():
            yield _to_explain(
                pair, "recommendation", f"this was {pair.old.id}, and has another number", values=(pair.old.id,)
            )


@_transition
def adoption_withdrawn(change: RegisterChange) -> Iterator[Violation]:
    """A plan that was adopted stays adopted, unless a note in its review says why not.

    From the day on which a plan is adopted, its gaps are errors. To take that day out, or to put it into
    the future, makes warnings of them again, and nobody would see why.

    Bad:
        # adopted: "2024-03-01" is taken out of review.yaml

    Good:
        # review.yaml, in the same change
        notes:
          - The partnership took the plan back on 4 June 2024, as two agencies had not agreed to it.
    """
    for review in change.after.reviews.values():
        old = change.before.reviews.get(review.id)
        withdrawn = old and old.is_adopted(change.day) and not review.is_adopted(change.day)
        if old and withdrawn and not set(review.notes) - set(old.notes):
            when = f"and is put off to {review.adopted}" if review.adopted else "and is no longer"
            problem = f"this plan was adopted on {old.adopted}, {when}"
            yield Violation(
                record=review,
                keys=("adopted",),
                problem=problem,
                fix="put it back, or add a note that says why",
                values=(old.adopted, review.adopted),
            )


@_transition
def number_reused(change: RegisterChange) -> Iterator[Violation]:
    """A number that a recommendation once had is not given to another, however long ago.

    Minutes, letters and updates go by the number. Used twice, it makes them say what they never said.

    Bad:
        # recommendations/05.yaml was deleted in 2022; this is another with its number
        recommendation: That leaflets are printed.

    Good:
        # recommendations/25.yaml, the next number that nobody has had
        recommendation: That leaflets are printed.
    """
    for record in change.after.recommendations:
        known = change.earlier.get(identity.plain_id(record.id), frozenset())
        reused = record.path not in change.before.paths and known and identity.known_words(record) not in known
        if reused or record.path in change.replacing:
            problem = f"the number {record.number} was that of another recommendation earlier in the history"
            yield Violation(record=record, problem=problem, fix="give this the next free number")


@_transition
def update_out_of_order(change: RegisterChange) -> Iterator[Violation]:
    """An update that is added is not dated before the newest one by more than a cycle.

    The newest update is what holds. One that is slipped in behind it, months back, rewrites what
    was known at the time. The cycle is that of the review, or else of the register.

    Bad:
        # updates/05/2024-06-01-anytown-police.yaml was there; 2023-01-01-anytown-police.yaml is added
        date: "2023-01-01"

    Good:
        # updates/05/2024-06-01-anytown-police.yaml was there; 2024-05-20-anytown-council.yaml is added
        date: "2024-05-20"
    """
    for pair in change.pairs:
        newest = max((update.date for update in pair.old.updates if update.date <= change.day), default=date.min)
        review = change.after.reviews.get(pair.new.review)
        months = (review and review.update_cycle_months) or change.after.settings.update_cycle_months
        for update in pair.added:
            if add_months(update.date, months) < newest:
                problem = f"this update is of {update.date}, and the newest before it is of {newest}"
                fix = "date it on the day on which it is given, and say in its text what it looks back on"
                yield Violation(record=update, keys=("date",), problem=problem, fix=fix, values=(update.date, newest))


@partial(_transition, severity=Severity.WARNING)
def clock_went_back(change: RegisterChange) -> Iterator[Violation]:
    """Along a line of history, the days of commits never go back.

    On which day something was known is the day of its commit. Where the clock of a computer was wrong, early
    or late, that day counts as the one of the commit before it, and no other commit's day is changed by it.

    Bad:
        # git log --format=%cs, the newest first
        # 2026-03-02
        # 2031-01-01
        # 2026-03-01

    Good:
        # git log --format=%cs, the newest first
        # 2026-03-02
        # 2026-03-01
        # 2026-03-01
    """
    for slip in change.clocks:
        short = slip.name[:8]
        problem = f"commit {short} says that it is of {slip.day}, and counts as one of {slip.counted}"
        fix = "set the clock right, and make the commit anew: git commit --amend --no-edit, or git rebase"
        yield Violation(record=None, problem=problem, fix=fix, values=(short, slip.day))


CHECKS = (
    status_regressed,
    target_moved_later,
    completion_withdrawn,
    lead_changed,
    completion_unsupported,
    recommendation_wording_changed,
    update_edited,
    update_removed,
    recommendation_removed,
    adoption_withdrawn,
    number_reused,
    update_out_of_order,
    clock_went_back,
)
RULES = tuple(each.rule for each in CHECKS)
