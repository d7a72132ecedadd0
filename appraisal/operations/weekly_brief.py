"""The weekly brief (每周简报): what is stalled and what comes in the next seven days, on one day of every week."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.clock import ZONE
from appraisal.domain.calendar import DAY
from appraisal.domain.lifecycle import CampaignStatus
from appraisal.method.rectification import WeeklyBrief
from appraisal.method.words import Scope, Weekday
from appraisal.notices.post import Letter
from appraisal.notices.wording import phrase
from appraisal.operations.forecast import Coming, if_nobody_acts
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk, Office
from appraisal.operations.stalls import StallLine, StallsSought, counts, stalled
from appraisal.operations.telling import letter, panels_of, tell
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.panel_tables import PanelRow
from appraisal.store.record_tables import OutboxRow
from appraisal.store.register_tables import UnitRow

TEMPLATE = "weekly-brief"
MOST_LINES = 20
DAYS = 7


def send_weekly(desk: Desk) -> int:
    """Send the briefs of this week whose hour has come; returns how many campaigns were told of.

    One that was not sent in its hour is sent later, but never in place of the next.
    """
    return sum(_send(desk, campaign) for campaign in _with_brief(desk.session))


def next_weekly(desk: Desk) -> Iterator[datetime]:
    """When each campaign's next brief is sent."""
    today = desk.office.hours.day_of(desk.now)
    for campaign in _with_brief(desk.session):
        if weekly := method_of(campaign).weekly:
            last = _last(weekly.on, today)
            coming = (_sent_at(desk.office, last + timedelta(weeks=week)) for week in range(5))
            yield next(at for at in coming if at > desk.now)


def _with_brief(session: Session) -> list[CampaignRow]:
    running = select(CampaignRow).where(CampaignRow.status == CampaignStatus.RUNNING).order_by(CampaignRow.slug)
    return [row for row in session.scalars(running) if method_of(row).weekly]


def _last(on: Weekday, today: date) -> date:
    """The day of the week that came last, today included."""
    return today - DAY * ((today.weekday() - list(Weekday).index(on)) % 7)


def _sent_at(office: Office, day: date) -> datetime:
    """At the hour of digests, on the next working day where the day is none."""
    return datetime.combine(office.calendar.next_working(day), office.quiet.digest_at, ZONE)


def _send(desk: Desk, campaign: CampaignRow) -> int:
    weekly = method_of(campaign).weekly
    today = desk.office.hours.day_of(desk.now)
    if weekly is None or not desk.office.calendar.is_working(today):
        return 0
    day = _last(weekly.on, today)
    sent_at = _sent_at(desk.office, day)
    if not campaign.started_at < sent_at <= desk.now or _sent(desk.session, campaign, day):
        return 0
    letters = list(_letters(desk, campaign, weekly, day, today))
    tell(desk, campaign, letters, bundled=False)
    return bool(letters)


def _sent(session: Session, campaign: CampaignRow, day: date) -> bool:
    beginning = f"{campaign.slug}/{TEMPLATE}/{day}/"
    theirs = (OutboxRow.campaign_id == campaign.id, OutboxRow.template == TEMPLATE)
    keys = session.scalars(select(OutboxRow.key).where(*theirs))
    return any(beginning in key for key in keys)


def _letters(desk: Desk, campaign: CampaignRow, weekly: WeeklyBrief, day: date, today: date) -> Iterator[Letter]:
    """To roles of the body about everything; to those of a unit or a panel about their own, where there is any."""
    lines = stalled(desk.session, desk.office, desk.now, StallsSought(campaign.slug))
    coming = [
        each for _, one in if_nobody_acts(desk.session, desk.office, desk.now, campaign.slug, DAYS) for each in one
    ]
    for owner, roles in _seats(desk, campaign, weekly):
        own = [line for line in lines if owner is None or _concerns(owner, line.unit_code, line.panels)]
        ahead = [each for each in coming if owner is None or _is_of(owner, each)]
        if owner is None or own or ahead:
            key, page = f"{day}/{owner.id if owner else ''}", f"/campaigns/{campaign.slug}/stalled"
            yield letter(campaign, TEMPLATE, key, roles, page, _told(own, ahead, today), owner=owner)


def _seats(
    desk: Desk, campaign: CampaignRow, weekly: WeeklyBrief
) -> Iterator[tuple[UnitRow | PanelRow | None, list[str]]]:
    method = method_of(campaign)
    owners: dict[Scope, Sequence[UnitRow | PanelRow | None]] = {
        Scope.BODY: [None],
        Scope.UNIT: [target.unit for target in campaign.targets],
        Scope.PANEL: panels_of(desk.session, campaign),
    }
    for scope, seats in owners.items():
        roles = [role for role in weekly.to if method.role(role).scope is scope]
        yield from ((owner, roles) for owner in seats if roles)


def _concerns(owner: UnitRow | PanelRow, unit_code: str, panels: Sequence[tuple[str, str]]) -> bool:
    if isinstance(owner, UnitRow):
        return unit_code == owner.code
    return any(key == owner.key for key, _ in panels)


def _is_of(owner: UnitRow | PanelRow, coming: Coming) -> bool:
    if isinstance(owner, UnitRow):
        return coming.unit_code == owner.code
    return coming.owner == owner.title or coming.unit_code in {cover.unit.code for cover in owner.coverage}


def _told(lines: Sequence[StallLine], coming: Sequence[Coming], day: date) -> dict[str, object]:
    shown = [
        {"owner": line.unit, "what": line.what, "kind": phrase(f"stall.kind.{line.kind}"), "why": line.why}
        | {"told": told_in_words(line), "next": next_in_words(line)}
        for line in lines[:MOST_LINES]
    ]
    return {
        "day": str(day),
        "total": len(lines),
        "counts": [[phrase(f"stall.kind.{kind}"), count] for kind, count in counts(lines)],
        "lines": shown,
        "more": len(lines) - len(shown),
        "coming": [{"on": str(each.on), "what": coming_in_words(each)} for each in coming[:MOST_LINES]],
        "more_coming": max(len(coming) - MOST_LINES, 0),
    }


def told_in_words(line: StallLine) -> str:
    """What the ladder did last, and when; empty where it has not done anything."""
    if line.told is None:
        return ""
    return phrase("stall.told", on=line.told.at.date(), act=phrase(f"portal.act.{line.told.act}"))


def next_in_words(line: StallLine) -> str:
    """Who is told next, when, and what of; empty at the top of the ladder."""
    if line.next is None:
        return ""
    act = phrase(f"portal.act.{line.next.act}")
    return phrase("stall.next", on=line.next.at.date(), act=act, told=line.next.told)


def coming_in_words(coming: Coming) -> str:
    """What will happen, and who will be told."""
    act = phrase(f"portal.act.{coming.act}") if coming.act else ""
    facts = {"what": coming.what, "owner": coming.owner, "act": act, "told": coming.told, "due_on": coming.due_on}
    return phrase(f"coming.{coming.kind}", **facts)
