"""Dates that a method leaves to the office, such as a sitting: a rehearsal assumes them, and says so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from appraisal.clock import ZONE
from appraisal.domain.counting import count
from appraisal.domain.deadlines import Due
from appraisal.domain.lifecycle import OPEN_OBLIGATION, PhaseStatus
from appraisal.method.duties import Due as WrittenDue
from appraisal.method.duties import Duty
from appraisal.method.sequence import ABOUT_THINGS
from appraisal.method.words import Moment, OwedBy, Scope
from appraisal.notices.wording import phrase
from appraisal.operations.events import set_event, settable
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.naming import event_title
from appraisal.operations.occurred import Events, events_of
from appraisal.operations.office import Desk
from appraisal.operations.planning import due_of
from appraisal.operations.rehearsal_script import MORNING
from appraisal.operations.sittings import SittingDraft, set_sitting
from appraisal.store.campaign_tables import CampaignRow, ObligationRow

WEEK = timedelta(days=7)
NOTICE = timedelta(days=14)
LONGEST_SEARCH = 60


@dataclass(frozen=True)
class Assumed:
    """A date that the rehearsal set for itself, or was told to set."""

    event: str
    title: str
    on: date
    given: bool = False


def set_given(desk: Desk, slug: str, events: dict[str, date]) -> list[Assumed]:
    """Set the dates that were given with the plan."""
    return [_set(desk, slug, name, on, given=True) for name, on in events.items()]


def assume_for(desk: Desk, slug: str, key: str) -> list[Assumed]:
    """Set what the duties and the closing of an opening phase wait for: the last day of the phase, or later."""
    campaign = campaign_by(desk.session, slug)
    phase = method_of(campaign).phase(key)
    wanted = [name for duty in phase.duties for name in _anchors_of(duty, campaign)]
    wanted += _anchors(phase.closes, f"phase.{key}", campaign)
    row = next(row for row in campaign.phases if row.key == key)
    last = row.closes_on or desk.now.date() + 2 * NOTICE
    return [_assume(desk, slug, name, last) for name in _unset(desk, campaign, wanted)]


def assume_to_go_on(desk: Desk, slug: str) -> list[Assumed]:
    """Nothing moves any more: set the first date that something waits for; empty when no date would help."""
    campaign = campaign_by(desk.session, slug)
    wanted = _unset(desk, campaign, list(_waited_for(desk, campaign)))
    if wanted:
        return [_assume(desk, slug, wanted[0], desk.now.date() + NOTICE)]
    return [_assume_sitting(desk, slug)] if _wait_for_a_sitting(desk, campaign) else []


def _wait_for_a_sitting(desk: Desk, campaign: CampaignRow) -> bool:
    """Whether something is due by the next sitting, and all that are set have been."""
    return bool(_by_the_next_sitting(desk, campaign))


def _by_the_next_sitting(desk: Desk, campaign: CampaignRow) -> list[WrittenDue]:
    method = method_of(campaign)
    dues = [method.duty(row.key).due for row in _waiting(desk, campaign)]
    phases = [method.phase(row.key) for row in campaign.phases if row.closes_on is None]
    dues += [phase.closes for phase in phases]
    return [due for due in dues if due.at is Moment.NEXT_SITTING]


def _assume_sitting(desk: Desk, slug: str) -> Assumed:
    """With notice, and late enough for whatever is due so long ahead of it."""
    calendar, soon = desk.office.calendar, desk.now.date() + NOTICE
    ahead = [due.ahead for due in _by_the_next_sitting(desk, campaign_by(desk.session, slug)) if due.ahead]
    day = calendar.next_working(max([soon, *(count(soon, each, 1, False, calendar).day for each in ahead)]))
    key, title = f"rehearsal-{day.isoformat()}", phrase("rehearsal.sitting")
    set_sitting(desk, slug, SittingDraft(key, title, day))
    return Assumed(key, title, day)


def _waited_for(desk: Desk, campaign: CampaignRow) -> Iterator[str]:
    method = method_of(campaign)
    for row in campaign.phases:
        phase = method.phase(row.key)
        if row.status == PhaseStatus.PLANNED and phase.opens:
            yield from _anchors(phase.opens, f"phase.{row.key}", campaign)
        if row.status == PhaseStatus.OPEN and row.closes_on is None:
            yield from _anchors(phase.closes, f"phase.{row.key}", campaign)
    for duty in _waiting(desk, campaign):
        yield from _anchors_of(method.duty(duty.key), campaign)


def _waiting(desk: Desk, campaign: CampaignRow) -> list[ObligationRow]:
    query = select(ObligationRow).where(
        ObligationRow.campaign_id == campaign.id,
        ObligationRow.due_on.is_(None),
        ObligationRow.status.in_(OPEN_OBLIGATION),
    )
    return list(desk.session.scalars(query.order_by(ObligationRow.issued_at, ObligationRow.id)))


def _anchors_of(duty: Duty, campaign: CampaignRow) -> list[str]:
    """What is owed for a problem or an order by a decided day, is owed by the day that this one has itself."""
    has_own_date = duty.due.at is Moment.DECIDED and duty.owed_by in (ABOUT_THINGS | {OwedBy.EACH_ORDER})
    return [] if has_own_date else _anchors(duty.due, duty.key, campaign)


def _anchors(due: WrittenDue, key: str, campaign: CampaignRow) -> list[str]:
    if due.at is Moment.DECIDED:
        return [f"{key}.decided"]
    anchor = due.after or due.before
    sittings = [event.key for event in method_of(campaign).events if event.sitting]
    return [*([anchor] if anchor else []), *(sittings if due.at is Moment.NEXT_SITTING else [])]


def _unset(desk: Desk, campaign: CampaignRow, wanted: list[str]) -> list[str]:
    """Those of the events that staff may set and have not."""
    known = settable(method_of(campaign))
    events = events_of(desk.session, campaign)
    happened = {*events.body, *(name for seen in events.units.values() for name in seen)}
    return [name for name in dict.fromkeys(wanted) if name in known and name not in happened]


def _assume(desk: Desk, slug: str, name: str, last: date) -> Assumed:
    """A working day by the end of the phase, but late enough for whatever is counted back from it."""
    calendar = desk.office.calendar
    day = calendar.next_working(max(last, desk.now.date() + WEEK))
    for _ in range(LONGEST_SEARCH):
        if _leaves_time(desk, campaign_by(desk.session, slug), name, day):
            break
        day = calendar.next_working(day + WEEK)
    return _set(desk, slug, name, day, given=False)


def _leaves_time(desk: Desk, campaign: CampaignRow, name: str, day: date) -> bool:
    method = method_of(campaign)
    events = events_of(desk.session, campaign)
    seen = {**events.body, name: _morning(day)}
    backward = [duty for phase in method.phases for duty in phase.duties if duty.due.before == name]
    found = [due_of(method, duty, seen, Events(seen), desk.office) for duty in backward]
    return all(due.due_on >= desk.now.date() + WEEK for due in found if isinstance(due, Due))


def _set(desk: Desk, slug: str, name: str, on: date, *, given: bool) -> Assumed:
    campaign = campaign_by(desk.session, slug)
    per_unit = settable(method_of(campaign)).get(name) is Scope.UNIT
    for unit in [target.unit.code for target in campaign.targets] if per_unit else [None]:
        set_event(desk, slug, name, _morning(on), unit)
    return Assumed(name, event_title(method_of(campaign), name), on, given)


def _morning(day: date) -> datetime:
    return datetime.combine(day, MORNING, ZONE)
