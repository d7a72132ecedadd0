"""What a rehearsal shows: phases, due dates with their reasons, notices, load, and what does not work."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from appraisal.domain.reasoning import Step, steps_from_json
from appraisal.domain.refusal import Refusal
from appraisal.method.schema import Method
from appraisal.notices.recipients import holders
from appraisal.notices.render import subject_of
from appraisal.notices.wording import day as day_in_words
from appraisal.notices.wording import phrase, reason
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.naming import event_titles
from appraisal.operations.office import Desk
from appraisal.operations.rehearsal_cast import Cast, Plan, role_titles
from appraisal.operations.rehearsal_dates import Assumed
from appraisal.operations.seats import place_of
from appraisal.store.campaign_tables import CampaignRow, FiringRow, ObligationRow, PhaseRow
from appraisal.store.record_tables import OutboxRow

ROLLED = frozenset({"deadline.rolled_next", "deadline.rolled_previous"})
SERIOUS = frozenset({"stuck", "refused", "unheld", "undeliverable", "unwritable"})


@dataclass(frozen=True)
class PhaseLine:
    """A phase as it ran."""

    key: str
    title: str
    opens_on: date | None
    closes_on: date | None
    provisional: bool


@dataclass(frozen=True)
class RungLine:
    """A rung that fired, or that was passed over for a higher one."""

    on: date
    act: str
    passed_over: bool


@dataclass(frozen=True)
class DutyLine:
    """An obligation: who owed it, by when and why, and when it was done.

    ``duty`` is what the method calls it, ``title`` says what it is about too.
    """

    key: str
    duty: str
    title: str
    phase: str
    unit: str
    who: str
    due_on: date | None
    provisional: bool
    settled_on: date | None
    reason: tuple[str, ...]
    rungs: tuple[RungLine, ...]


@dataclass(frozen=True)
class NoticeLine:
    """A message: the day it goes out, to whom, and what it says in a line."""

    on: date
    to: str
    role: str
    unit: str
    template: str
    subject: str
    urgent: bool
    digest: bool


@dataclass(frozen=True)
class FaultLine:
    """Something to look at before the campaign starts; ``serious`` where it would not work as it stands."""

    kind: str
    on: date | None
    what: str
    unit: str = ""

    @property
    def serious(self) -> bool:
        return self.kind in SERIOUS


@dataclass(frozen=True)
class LoadLine:
    """One person's week, from its Monday: duties that fall due, and messages that arrive."""

    week: date
    person: str
    duties: int
    notices: int


@dataclass(frozen=True)
class Rehearsal:
    """The whole of it."""

    method: str
    title: str
    starts_on: date
    units: tuple[str, ...]
    phases: tuple[PhaseLine, ...]
    obligations: tuple[DutyLine, ...]
    notices: tuple[NoticeLine, ...]
    load: tuple[LoadLine, ...]
    assumed: tuple[Assumed, ...]
    faults: tuple[FaultLine, ...]


@dataclass(frozen=True)
class _Owed:
    """An obligation and the people who owe it on its day."""

    row: ObligationRow
    people: tuple[tuple[str, str], ...]


def findings(
    desk: Desk, slug: str, plan: Plan, cast: Cast, assumed: Sequence[Assumed], faults: Sequence[FaultLine]
) -> Rehearsal:
    """Read the record of the rehearsal."""
    campaign = campaign_by(desk.session, slug)
    method = method_of(campaign)
    owed = [_Owed(row, _people(desk, method, row)) for row in _rows(desk, campaign)]
    posted = _posted(desk)
    lines, unwritable = _notices(posted, method)
    return Rehearsal(
        method.method,
        method.title,
        plan.starts_on,
        tuple(target.unit.name for target in campaign.targets),
        tuple(_phase(row) for row in campaign.phases),
        tuple(_duties(desk, method, owed)),
        lines,
        _load(owed, posted),
        tuple(assumed),
        tuple(_sorted([*faults, *unwritable, *_unheld(cast), *_clashes(desk, campaign, owed), *_crowded(owed, plan)])),
    )


def _rows(desk: Desk, campaign: CampaignRow) -> list[ObligationRow]:
    positions: dict[UUID | None, int] = {target.unit_id: target.position for target in campaign.targets}
    rows = desk.session.scalars(select(ObligationRow).where(ObligationRow.campaign_id == campaign.id)).all()
    return sorted(rows, key=lambda row: (row.phase.position, row.due_on or date.max, positions.get(row.unit_id, -1)))


def _people(desk: Desk, method: Method, row: ObligationRow) -> tuple[tuple[str, str], ...]:
    on = row.due_on or desk.now.date()
    found = holders(desk.session, *place_of(row, method.duty(row.key).role), on)
    return tuple((each.person.code, each.person.name) for each in found)


def _phase(row: PhaseRow) -> PhaseLine:
    return PhaseLine(row.key, row.title, row.opens_on, row.closes_on, row.provisional)


def _duties(desk: Desk, method: Method, owed: Sequence[_Owed]) -> Iterator[DutyLine]:
    titles = event_titles(method)
    fired: dict[UUID, list[RungLine]] = defaultdict(list)
    for firing in desk.session.scalars(select(FiringRow).order_by(FiringRow.rung)):
        fired[firing.obligation_id].append(RungLine(firing.at.date(), firing.act, firing.passed_over))
    for each in owed:
        row = each.row
        settled_on = row.settled_at.date() if row.settled_at else None
        place = (row.key, method.duty(row.key).title, row.title, row.phase.title, row.owner)
        who = "、".join(name for _, name in each.people)
        why = tuple(reason(steps_from_json(row.reason), titles))
        yield DutyLine(*place, who, row.due_on, row.provisional, settled_on, why, tuple(fired[row.id]))


def _posted(desk: Desk) -> list[OutboxRow]:
    return list(desk.session.scalars(select(OutboxRow).order_by(OutboxRow.not_before, OutboxRow.key)))


def _notices(posted: Iterable[OutboxRow], method: Method) -> tuple[tuple[NoticeLine, ...], list[FaultLine]]:
    titles = role_titles(method.roles)
    lines: list[NoticeLine] = []
    faults: dict[tuple[str, str], FaultLine] = {}
    for row in posted:
        on, role = row.not_before.date(), titles.get(row.role, row.role)
        try:
            subject = subject_of(row.template, row.context, on)
        except Refusal as refusal:
            subject = row.template
            what = phrase(refusal.code, **refusal.facts)
            faults.setdefault(("unwritable", row.template), FaultLine("unwritable", on, what))
        if row.person is None:
            what = phrase("rehearsal.fault.undeliverable", role=role, unit=row.unit or "", subject=subject)
            faults.setdefault((row.role, row.unit or ""), FaultLine("undeliverable", on, what, row.unit or ""))
        name = row.person.name if row.person else phrase("rehearsal.nobody", role=role)
        lines.append(NoticeLine(on, name, role, row.unit or "", row.template, subject, row.urgent, row.digest))
    return tuple(lines), list(faults.values())


def _load(owed: Sequence[_Owed], posted: Sequence[OutboxRow]) -> tuple[LoadLine, ...]:
    """A digest is one message a day, however much it holds."""
    due = Counter((_week(each.row.due_on), person) for each in owed if each.row.due_on for person in each.people)
    sent = {
        ((row.person.code, row.person.name), row.not_before.date(), "digest" if row.digest else row.key)
        for row in posted
        if row.person
    }
    told = Counter((_week(on), person) for person, on, _ in sent)
    return tuple(
        LoadLine(week, person[1], due[week, person], told[week, person]) for week, person in sorted({*due, *told})
    )


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _unheld(cast: Cast) -> Iterator[FaultLine]:
    for gap in cast.unheld:
        what = phrase("rehearsal.fault.unheld", role=gap.title, unit=gap.unit, needed=gap.needed)
        yield FaultLine("unheld", None, what, gap.unit)


def _clashes(desk: Desk, campaign: CampaignRow, owed: Sequence[_Owed]) -> Iterator[FaultLine]:
    """Phases that open on a day of rest, and dates that a holiday moved; the same move of many units is told once."""
    calendar, method = desk.office.calendar, method_of(campaign)
    for phase in campaign.phases:
        if phase.opens_on and not calendar.is_working(phase.opens_on):
            facts = {"phase": phase.title, "day": phase.opens_on, "why": calendar.rest(phase.opens_on)}
            yield FaultLine("holiday", phase.opens_on, phrase("rehearsal.fault.opens_at_rest", **facts))
        yield from _moved(phase.title, [("", phase.closes_on, step) for step in _rolls(phase.reason)])
    moved: dict[tuple[str, date | None], list[tuple[str, date | None, Step]]] = defaultdict(list)
    for each in owed:
        row = each.row
        title = row.title if row.period else method.duty(row.key).title
        for step in _rolls(row.reason):
            moved[title, row.due_on].append((row.owner, row.due_on, step))
    for (title, _), steps in moved.items():
        yield from _moved(title, steps)


def _moved(title: str, steps: Sequence[tuple[str, date | None, Step]]) -> Iterator[FaultLine]:
    if steps:
        unit, on, step = steps[0]
        sentence = reason([step])[0]
        what = phrase("rehearsal.fault.moved", title=title, unit=unit, units=len(steps), sentence=sentence)
        yield FaultLine("holiday", on, what, unit if len(steps) == 1 else "")


def _rolls(text: str) -> list[Step]:
    return [step for step in steps_from_json(text) if step.code in ROLLED]


def _crowded(owed: Sequence[_Owed], plan: Plan) -> Iterator[FaultLine]:
    due: dict[tuple[date, tuple[str, str]], list[str]] = defaultdict(list)
    for each in owed:
        for person in each.people:
            if each.row.due_on:
                due[each.row.due_on, person].append(each.row.title)
    for (on, person), titles in sorted(due.items()):
        if len(titles) > plan.crowded_from:
            facts = {"person": person[1], "day": day_in_words(on), "count": len(titles)}
            yield FaultLine("crowded", on, phrase("rehearsal.fault.crowded", **facts))


def _sorted(faults: Iterable[FaultLine]) -> list[FaultLine]:
    return sorted(faults, key=lambda fault: (not fault.serious, fault.on or date.min, fault.kind, fault.what))
