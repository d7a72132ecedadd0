"""Roundups (每日简报): each working morning, what was reported and done since the working day before."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.calendar import DAY, Calendar
from appraisal.domain.goals import Deed, enterprises, people
from appraisal.domain.lifecycle import CampaignStatus, ObligationStatus
from appraisal.domain.refusal import Refusal
from appraisal.method.investigation import Roundup
from appraisal.method.words import Scope
from appraisal.notices.post import Letter
from appraisal.notices.wording import phrase
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.office import Desk
from appraisal.operations.telling import letter, panels_of, tell
from appraisal.store.campaign_tables import CampaignRow, ObligationRow
from appraisal.store.panel_tables import LogEntryRow, PanelRow
from appraisal.store.record_tables import OutboxRow
from appraisal.store.register_tables import UnitRow

TEMPLATE = "roundup"
LONGEST_EXCERPT = 120
BODY = ""


@dataclass(frozen=True)
class Report:
    """What one holder handed in for a period; without text it was not reported."""

    owner: str
    period: date
    text: str
    late: bool
    missing: bool


@dataclass(frozen=True)
class Doings:
    """What the log of a panel (or, without a name, of the body) says of the days: how many of each kind, and whom."""

    panel: str
    counts: tuple[tuple[str, int], ...]
    enterprises: int
    people: int


@dataclass(frozen=True)
class DailyBrief:
    """What is said of the working day ``day`` and the days off after it, to ``until``."""

    key: str
    title: str
    campaign: str
    day: date
    until: date
    reports: tuple[Report, ...]
    doings: tuple[Doings, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Who did not report, each once."""
        return tuple(dict.fromkeys(report.owner for report in self.reports if report.missing))


def send_roundups(desk: Desk) -> int:
    """Send the briefs of the working day before, once the hour of digests has come; returns how many are new.

    A day on which nobody had to report says nothing; one on which nobody did says just that.
    """
    calendar, today = desk.office.calendar, desk.office.hours.day_of(desk.now)
    if not calendar.is_working(today) or desk.now.timetz().replace(tzinfo=None) < desk.office.quiet.digest_at:
        return 0
    running = select(CampaignRow).where(CampaignRow.status == CampaignStatus.RUNNING).order_by(CampaignRow.slug)
    campaigns = [row for row in desk.session.scalars(running) if method_of(row).roundups]
    return sum(_send(desk, campaign, calendar.step_working(today, -1)) for campaign in campaigns)


def briefs_of(session: Session, slug: str, day: date, calendar: Calendar) -> list[DailyBrief]:
    """The briefs of a working day as its reports stand now; Refusal ``roundup.unknown`` where there is none."""
    campaign = campaign_by(session, slug)
    if calendar.is_working(day):
        found = [_brief(session, campaign, roundup, day, calendar) for roundup in method_of(campaign).roundups]
        if said := [brief for brief in found if brief.reports]:
            return said
    raise Refusal("roundup.unknown", day=day)


def days_with_briefs(session: Session, slug: str, calendar: Calendar) -> list[date]:
    """The working days of which there is a brief, the newest first."""
    campaign = campaign_by(session, slug)
    duties = {roundup.duty for roundup in method_of(campaign).roundups}
    periods = (
        select(ObligationRow.period)
        .where(
            ObligationRow.campaign_id == campaign.id, ObligationRow.key.in_(duties), ObligationRow.period.is_not(None)
        )
        .distinct()
    )
    days = {calendar.previous_working(day) for day in session.scalars(periods) if day}
    return sorted(days, reverse=True)


def _send(desk: Desk, campaign: CampaignRow, day: date) -> int:
    page = f"/campaigns/{campaign.slug}/briefs/{day}"
    theirs = (OutboxRow.campaign_id == campaign.id, OutboxRow.template == TEMPLATE, OutboxRow.page == page)
    sent = list(desk.session.scalars(select(OutboxRow.key).where(*theirs)))
    count = 0
    for roundup in method_of(campaign).roundups:
        key = f"{roundup.key}/{day}"
        if any(f"/{TEMPLATE}/{key}/" in each for each in sent):
            continue
        brief = _brief(desk.session, campaign, roundup, day, desk.office.calendar)
        if brief.reports:
            tell(desk, campaign, list(_letters(desk, campaign, roundup, brief, page)), bundled=False)
            count += 1
    return count


def _letters(desk: Desk, campaign: CampaignRow, roundup: Roundup, brief: DailyBrief, page: str) -> Iterator[Letter]:
    """To roles of the body once, to those of units and panels in each."""
    method = method_of(campaign)
    owners: dict[Scope, Sequence[UnitRow | PanelRow | None]] = {
        Scope.BODY: [None],
        Scope.UNIT: [target.unit for target in campaign.targets],
        Scope.PANEL: panels_of(desk.session, campaign),
    }
    for scope, seats in owners.items():
        roles = [role for role in roundup.to if method.role(role).scope is scope]
        for owner in seats if roles else []:
            key = f"{brief.key}/{brief.day}/{owner.id if owner else ''}"
            yield letter(campaign, TEMPLATE, key, roles, page, _told(brief), owner=owner)


def _told(brief: DailyBrief) -> dict[str, object]:
    reports = [
        {"owner": report.owner, "text": _excerpt(report.text), "late": report.late}
        for report in brief.reports
        if not report.missing
    ]
    doings = [{"panel": each.panel, "what": in_words(each)} for each in brief.doings]
    days = {"day": str(brief.day), "until": str(brief.until)}
    return {"title": brief.title, **days, "reports": reports, "doings": doings, "missing": list(brief.missing)}


def in_words(doings: Doings) -> str:
    """What was done, in one line."""
    return phrase("roundup.doings", counts=doings.counts, enterprises=doings.enterprises, people=doings.people)


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_EXCERPT else f"{line[:LONGEST_EXCERPT]}……"


def _brief(session: Session, campaign: CampaignRow, roundup: Roundup, day: date, calendar: Calendar) -> DailyBrief:
    until = calendar.step_working(day, 1) - DAY
    return DailyBrief(
        roundup.key,
        roundup.title,
        campaign.title,
        day,
        until,
        tuple(_reports(session, campaign, roundup.duty, day, until)),
        tuple(_doings(session, campaign, day, until)),
    )


def _reports(session: Session, campaign: CampaignRow, duty: str, day: date, until: date) -> Iterator[Report]:
    owed = select(ObligationRow).where(
        ObligationRow.campaign_id == campaign.id,
        ObligationRow.key == duty,
        ObligationRow.period.between(day, until),
        ObligationRow.status != ObligationStatus.WITHDRAWN,
    )
    for row in sorted(session.scalars(owed), key=_place):
        handed_in = row.status in (ObligationStatus.SUBMITTED, ObligationStatus.SETTLED)
        last = row.submissions[-1] if handed_in and row.submissions else None
        late = last is not None and row.due_at is not None and last.at >= row.due_at
        yield Report(row.owner, row.period or day, last.text if last else "", late, not handed_in)


def _place(row: ObligationRow) -> tuple[int, str, str]:
    return row.panel.position if row.panel else row.unit.position if row.unit else -1, row.owner, str(row.period)


def _doings(session: Session, campaign: CampaignRow, day: date, until: date) -> Iterator[Doings]:
    """The body first, then the panels in their order."""
    titles = {kind.key: kind.title for kind in method_of(campaign).log}
    entries = select(LogEntryRow).where(
        LogEntryRow.campaign_id == campaign.id, LogEntryRow.on.between(day, until), LogEntryRow.withdrawn.is_(False)
    )
    by_panel: dict[UUID | None, list[LogEntryRow]] = {}
    for row in session.scalars(entries.order_by(LogEntryRow.on, LogEntryRow.entered_at, LogEntryRow.id)):
        by_panel.setdefault(row.panel_id, []).append(row)
    panels = select(PanelRow).where(PanelRow.campaign_id == campaign.id).order_by(PanelRow.position)
    for panel_id, title in [(None, BODY), *((panel.id, panel.title) for panel in session.scalars(panels))]:
        if rows := by_panel.get(panel_id):
            yield _sum(title, rows, titles)


def _sum(panel: str, rows: Sequence[LogEntryRow], titles: dict[str, str]) -> Doings:
    counts: Counter[str] = Counter()
    for row in rows:
        counts[titles.get(row.kind, row.kind)] += row.count
    deeds = [
        Deed(panel, row.kind, row.count, row.people, row.place, tuple(each["name"] for each in row.enterprises))
        for row in rows
    ]
    return Doings(panel, tuple(counts.items()), enterprises(deeds), people(deeds))
