"""The opinion on each unit (评议意见): drafted, put up, approved in other hands, delivered to the unit.

Every draft is a version of its own and nothing is overwritten: the newest counts, and has to be approved by itself.
An approval is bound to the digest of what was read.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import REVIEW_OPINION, CampaignStatus, PhaseStatus, ReviewOpinionStatus
from appraisal.domain.refusal import Refusal
from appraisal.domain.review_opinion import ProblemText, tidied_achievements, tidied_problems
from appraisal.operations.clerks import clerk_at
from appraisal.operations.events import happen
from appraisal.operations.issuing import issue_all
from appraisal.operations.loading import campaign_by, method_of, target_by
from appraisal.operations.office import Desk
from appraisal.operations.owing import Owed
from appraisal.operations.review_opinion_hands import Hand, approver, drafter_at
from appraisal.operations.review_opinion_letters import tell_asked, tell_decided, tell_delivered
from appraisal.operations.review_opinion_list import (
    achievements_of,
    clause_of,
    digest_of,
    in_store,
    lacking,
    measure_of,
    newest,
    newest_of,
    problems_of,
    review_opinion_by,
)
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow, ObligationRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.register_tables import PersonRow, UnitRow
from appraisal.store.sitting_tables import ReviewOpinionRow

DELIVERED = "review_opinion.delivered"
MOST_PARTS, LONGEST_PART = 100, 20_000


def draft(
    desk: Desk,
    slug: str,
    unit: str,
    achievements: Sequence[str],
    problems: Sequence[ProblemText],
    base: int | None = None,
) -> ReviewOpinionRow:
    """Keep a draft as a new version, which voids an approval that stood; the same words again are the same version.

    Refuses whoever neither is of the office nor drafts by the method, an empty one, problems of other units, one that
    was delivered, and one written on another version than ``base``.
    """
    campaign = _running(campaign_by(desk.session, slug))
    clause_of(campaign)
    target = target_by(campaign, unit)
    hand = drafter_at(desk, campaign, target)
    good, bad = tidied_achievements(achievements), tidied_problems(problems)
    last = newest(desk.session, campaign, target)
    if last is not None and (last.achievements, last.problems) == in_store(good, bad):
        return last
    _may_be_kept(desk, campaign, target, good, bad)
    _may_follow(last, base, target)
    return _draft(desk, campaign, target, last, (good, bad), hand)


def put_up(desk: Desk, slug: str, identifiers: Sequence[UUID]) -> list[ReviewOpinionRow]:
    """Ask for the approval of these, in one letter; what was asked for is not asked again.

    Refuses all where one lacks something, naming everything that it lacks.
    """
    campaign = _running(campaign_by(desk.session, slug))
    rows = [_current(desk, identifier) for identifier in identifiers]
    hands = {row.id: drafter_at(desk, campaign, row.unit) for row in rows}
    fresh = [row for row in rows if row.status == ReviewOpinionStatus.DRAFTED and row.asked_at is None]
    for row in fresh:
        _complete(row)
    for row in fresh:
        row.asked_at = desk.now
        _record(desk, row, Action.REVIEW_OPINION_ASKED, hands[row.id])
    tell_asked(desk, campaign, fresh)
    return fresh


def approve(desk: Desk, identifier: UUID, by: PersonRow, seen: str) -> ReviewOpinionRow:
    """Approve what was ``seen``, by whoever holds the role today and has not drafted it.

    Refuses a version that another has followed or that is not what was seen, and one that lacks something, saying what.
    """
    row = _current(desk, identifier)
    hand = approver(desk, row, by)
    if row.status in (ReviewOpinionStatus.APPROVED, ReviewOpinionStatus.DELIVERED):
        return row
    _is_what_was_seen(row, seen)
    _complete(row)
    _move(desk, row, Action.REVIEW_OPINION_APPROVED, hand)
    row.approved_by, row.approved_at = by.code, desk.now
    tell_decided(desk, row)
    return row


def give_back(desk: Desk, identifier: UUID, by: PersonRow, seen: str, remarks: str) -> ReviewOpinionRow:
    """Return a draft for another version (退回修改), with the reason."""
    row = _current(desk, identifier)
    hand = approver(desk, row, by)
    if not remarks.strip():
        raise Refusal("review_opinion.no_reason", unit=row.unit.name)
    if row.status == ReviewOpinionStatus.RETURNED:
        return row
    _is_what_was_seen(row, seen)
    _move(desk, row, Action.REVIEW_OPINION_RETURNED, hand, remarks=remarks.strip())
    row.returned_by, row.returned_at, row.remarks = by.code, desk.now, remarks.strip()
    tell_decided(desk, row)
    return row


def deliver(desk: Desk, identifier: UUID) -> ReviewOpinionRow:
    """Hand an approved opinion to its unit, once: its event starts, and the duty that signs for it is issued.

    Refuses whoever is not of the office, one that is not approved, and where the phase of that duty is over.
    """
    hand = clerk_at(desk), None
    row = _current(desk, identifier)
    if row.status == ReviewOpinionStatus.DELIVERED:
        return row
    if row.status != ReviewOpinionStatus.APPROVED:
        raise Refusal("review_opinion.not_approved", unit=row.unit.name, status=row.status)
    _running(row.campaign)
    _move(desk, row, Action.REVIEW_OPINION_DELIVERED, hand)
    row.delivered_at = desk.now
    happen(desk, row.campaign, [DELIVERED], desk.now, row.unit)
    tell_delivered(desk, row, _duty_issued(desk, row))
    return row


def deliver_all(desk: Desk, slug: str) -> list[ReviewOpinionRow]:
    """Deliver every opinion that is approved; refuses where there is none."""
    campaign = campaign_by(desk.session, slug)
    rows = newest_of(desk.session, campaign)
    approved = [
        rows[target.unit_id]
        for target in campaign.targets
        if target.unit_id in rows and rows[target.unit_id].status == ReviewOpinionStatus.APPROVED
    ]
    if not approved:
        raise Refusal("review_opinion.none_approved", campaign=campaign.title)
    return [deliver(desk, row.id) for row in approved]


def _draft(
    desk: Desk,
    campaign: CampaignRow,
    unit: UnitRow,
    last: ReviewOpinionRow | None,
    parts: tuple[list[str], list[ProblemText]],
    hand: Hand,
) -> ReviewOpinionRow:
    version, stored = last.version + 1 if last else 1, in_store(*parts)
    row = ReviewOpinionRow(
        id=identity("review_opinion", campaign.slug, unit.code, version),
        campaign=campaign,
        unit=unit,
        version=version,
        status=REVIEW_OPINION.move(None, Action.REVIEW_OPINION_DRAFTED),
        achievements=stored[0],
        problems=stored[1],
        digest=digest_of(campaign, unit, version, stored),
        drafted_by=hand[0],
        drafted_at=desk.now,
    )
    desk.session.add(row)
    desk.session.flush()
    found = measure_of(method_of(campaign), *parts)
    amounts = {"achievements": found.achievements.amount, "problems": found.problems.amount}
    stood = last is not None and last.status == ReviewOpinionStatus.APPROVED
    voids = {"voids": last.version} if last is not None and stood else {}
    _record(desk, row, Action.REVIEW_OPINION_DRAFTED, hand, **amounts, **voids)
    return row


def _may_be_kept(
    desk: Desk, campaign: CampaignRow, unit: UnitRow, good: Sequence[str], bad: Sequence[ProblemText]
) -> None:
    if not good and not bad:
        raise Refusal("review_opinion.empty", unit=unit.name)
    if len(good) + len(bad) > MOST_PARTS:
        raise Refusal("review_opinion.too_many", count=len(good) + len(bad), most=MOST_PARTS)
    longest = max(map(len, [*good, *(part for each in bad for part in (each.text, each.aim))]))
    if longest > LONGEST_PART:
        raise Refusal("review_opinion.too_long", length=longest, most=LONGEST_PART)
    numbers = {problem.number for problem in bad if problem.number is not None}
    theirs = (ProblemRow.campaign_id == campaign.id, ProblemRow.unit_id == unit.id)
    strange = numbers - set(desk.session.scalars(select(ProblemRow.number).where(*theirs)))
    if strange:
        raise Refusal("review_opinion.other_problem", numbers=sorted(strange), unit=unit.name)


def _may_follow(last: ReviewOpinionRow | None, base: int | None, unit: UnitRow) -> None:
    """What was delivered stands; and nobody writes over what another has written meanwhile."""
    if last is not None and last.status == ReviewOpinionStatus.DELIVERED:
        raise Refusal("review_opinion.delivered", unit=unit.name, at=(last.delivered_at or last.drafted_at).isoformat())
    version = last.version if last else 0
    if base is not None and base != version:
        raise Refusal("review_opinion.written_meanwhile", unit=unit.name, version=version)


def _running(campaign: CampaignRow) -> CampaignRow:
    if campaign.status == CampaignStatus.CLOSED:
        raise Refusal("review_opinion.campaign_closed", campaign=campaign.title)
    return campaign


def _current(desk: Desk, identifier: UUID) -> ReviewOpinionRow:
    """The version itself, if it is the one that counts; Refusal ``review_opinion.followed`` names the newer one."""
    row = review_opinion_by(desk.session, identifier)
    last = newest(desk.session, row.campaign, row.unit)
    if last is not None and last.id != row.id:
        raise Refusal("review_opinion.followed", unit=row.unit.name, version=row.version, newest=last.version)
    return row


def _is_what_was_seen(row: ReviewOpinionRow, seen: str) -> None:
    if row.digest != seen:
        raise Refusal("review_opinion.changed", unit=row.unit.name)


def _complete(row: ReviewOpinionRow) -> None:
    lacks = lacking(method_of(row.campaign), achievements_of(row), problems_of(row))
    if lacks:
        raise Refusal("review_opinion.lacking", unit=row.unit.name, lacks=lacks)


def _duty_issued(desk: Desk, row: ReviewOpinionRow) -> ObligationRow:
    """The obligation by which the unit signs; issued now where its phase is still to come."""
    campaign, key = row.campaign, clause_of(row.campaign).duty
    method = method_of(campaign)
    place = next(part.key for part in method.phases if any(duty.key == key for duty in part.duties))
    phase = next(each for each in campaign.phases if each.key == place)
    owed = Owed(method.duty(key), row.unit)
    known = desk.session.get(ObligationRow, owed.identity(campaign.slug))
    if known is not None:
        return known
    if phase.status == PhaseStatus.CLOSED:
        raise Refusal("review_opinion.phase_closed", unit=row.unit.name, phase=phase.title)
    issue_all(desk, phase, [owed])
    return desk.session.get_one(ObligationRow, owed.identity(campaign.slug))


def _move(desk: Desk, row: ReviewOpinionRow, action: Action, hand: Hand, **facts: object) -> None:
    """The only door through which the status of an opinion changes."""
    row.status = REVIEW_OPINION.move(row.status, action)
    _record(desk, row, action, hand, **facts)


def _record(desk: Desk, row: ReviewOpinionRow, action: Action, hand: Hand, **facts: object) -> None:
    by, behalf = hand
    about = {"unit": row.unit.code, "version": row.version, "digest": row.digest, "by": by}
    desk.record(row.campaign.slug, f"review_opinion:{row.id}", action, behalf, **about, **facts)
