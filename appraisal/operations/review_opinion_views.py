"""The opinions as pages show them: all of a campaign, one version in full, what waits on a desk, what a unit signs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.lifecycle import CampaignStatus, ReviewOpinionStatus
from appraisal.domain.refusal import Refusal
from appraisal.domain.review_opinion import Measure, ProblemText
from appraisal.operations.loading import campaign_by, method_of, target_by
from appraisal.operations.review_opinion_hands import Hands, hands_of, may_read
from appraisal.operations.review_opinion_list import (
    achievements_of,
    clause_of,
    lacking,
    measure_of,
    measured_words,
    newest_of,
    opinion_signed_for,
    prefilled,
    problems_of,
    review_opinion_by,
    signs_for_opinion,
    versions_of,
)
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow, ObligationRow
from appraisal.store.register_tables import PersonRow, UnitRow
from appraisal.store.sitting_tables import ReviewOpinionRow


@dataclass(frozen=True)
class Words:
    """The text of an opinion with its measure, in figures and in words, and with what it lacks."""

    achievements: Sequence[str]
    problems: Sequence[ProblemText]
    measure: Measure
    measured: Mapping[str, str]
    lacks: Sequence[str]


@dataclass(frozen=True)
class OpinionLine:
    """A unit and the version that counts for it, if one is drafted; ``signed_at`` once the unit signed for it."""

    unit: UnitRow
    row: ReviewOpinionRow | None
    words: Words | None
    may_draft: bool
    may_approve: bool
    signed_at: datetime | None


@dataclass(frozen=True)
class Opinions:
    """The opinions of a campaign, as far as somebody has to do with them."""

    campaign: CampaignRow
    lines: Sequence[OpinionLine]
    staff: bool

    def count(self, status: str) -> int:
        """How many of them stand so."""
        return sum(line.row is not None and line.row.status == status for line in self.lines)


@dataclass(frozen=True)
class OpinionView:
    """One version in full: its words, where it stands, the duty that signs for it, and who may do what about it."""

    row: ReviewOpinionRow
    campaign: CampaignRow
    body: str
    words: Words
    drafted_by: str
    approved_by: str
    returned_by: str
    versions: Sequence[ReviewOpinionRow]
    duty: ObligationRow | None
    may_draft: bool = False
    may_approve: bool = False
    staff: bool = False

    @property
    def newest(self) -> ReviewOpinionRow:
        """The version that counts."""
        return self.versions[0]

    @property
    def counts(self) -> bool:
        """Whether it is this one."""
        return self.newest.id == self.row.id


@dataclass(frozen=True)
class OpinionsOnDesk:
    """What lies on one desk: opinions to approve, and drafts that came back."""

    to_approve: Sequence[ReviewOpinionRow]
    to_mend: Sequence[ReviewOpinionRow]


def words_of(campaign: CampaignRow, achievements: Sequence[str], problems: Sequence[ProblemText]) -> Words:
    """The words measured against the method of the campaign."""
    method = method_of(campaign)
    found = measure_of(method, achievements, problems)
    return Words(achievements, problems, found, measured_words(method, found), lacking(method, achievements, problems))


def opinions_of(session: Session, slug: str, person: PersonRow, on: date) -> Opinions:
    """Every unit for the office; the units of their own for those who draft or approve.

    Refusal ``review_opinion.not_yours`` for everybody else.
    """
    campaign = campaign_by(session, slug)
    clause_of(campaign)
    units = [target.unit for target in campaign.targets]
    hands = hands_of(session, campaign, units, person, on)
    mine = [unit for unit in units if unit.id in hands.drafts | hands.approves]
    if not mine and not hands.staff:
        raise Refusal("review_opinion.not_yours")
    rows, signed = newest_of(session, campaign), _signed(session, campaign)
    lines = [_line(campaign, unit, rows.get(unit.id), hands, signed.get(unit.id)) for unit in mine]
    return Opinions(campaign, lines, hands.staff)


def has_to_do_with_opinions(session: Session, campaign: CampaignRow, person: PersonRow, on: date) -> bool:
    """Whether the campaign has opinions, and the person a hand in them."""
    if method_of(campaign).review_opinion is None:
        return False
    hands = hands_of(session, campaign, [target.unit for target in campaign.targets], person, on)
    return hands.staff or bool(hands.drafts | hands.approves)


def opinion_view(session: Session, identifier: UUID, person: PersonRow, on: date) -> OpinionView:
    """One version, for those who may read it; Refusal ``review_opinion.not_yours`` for everybody else."""
    row = review_opinion_by(session, identifier)
    if not may_read(session, row, person, on):
        raise Refusal("review_opinion.not_yours")
    hands = hands_of(session, row.campaign, [row.unit], person, on)
    names = _names(session, [row.drafted_by, row.approved_by or "", row.returned_by or ""])
    duty = _obligation(session, row) if row.status == ReviewOpinionStatus.DELIVERED else None
    return OpinionView(
        row=row,
        campaign=row.campaign,
        body=method_of(row.campaign).body,
        words=words_of(row.campaign, achievements_of(row), problems_of(row)),
        drafted_by=names[0],
        approved_by=names[1],
        returned_by=names[2],
        versions=versions_of(session, row),
        duty=duty,
        may_draft=row.unit_id in hands.drafts,
        may_approve=row.unit_id in hands.approves,
        staff=hands.staff,
    )


def opinion_to_write(
    session: Session, slug: str, unit: str, person: PersonRow, on: date
) -> tuple[UnitRow, ReviewOpinionRow | None, Words]:
    """What somebody who drafts goes on from: the newest version, or what the problem list knows of the unit.

    Refusal ``review_opinion.drafting.not_yours``.
    """
    campaign = campaign_by(session, slug)
    target = target_by(campaign, unit)
    if target.id not in hands_of(session, campaign, [target], person, on).drafts:
        raise Refusal("review_opinion.drafting.not_yours", unit=target.name)
    row = newest_of(session, campaign).get(target.id)
    good = achievements_of(row) if row else []
    bad = problems_of(row) if row else prefilled(session, campaign, target)
    return target, row, words_of(campaign, good, bad)


def opinions_on_desk(session: Session, person: PersonRow, now: datetime) -> OpinionsOnDesk:
    """What waits for the person's approval, and what of theirs came back to be written anew."""
    moving = (ReviewOpinionStatus.DRAFTED, ReviewOpinionStatus.RETURNED)
    with_some = select(ReviewOpinionRow.campaign_id).where(ReviewOpinionRow.status.in_(moving))
    running = select(CampaignRow).where(CampaignRow.status == CampaignStatus.RUNNING, CampaignRow.id.in_(with_some))
    to_approve, to_mend = [], []
    for campaign in session.scalars(running.order_by(CampaignRow.slug)):
        rows = [row for row in newest_of(session, campaign).values() if row.status in moving]
        rows.sort(key=lambda row: (row.unit.position, row.unit.code))
        hands = hands_of(session, campaign, [row.unit for row in rows], person, now.date())
        asked = [row for row in rows if row.status == ReviewOpinionStatus.DRAFTED and row.asked_at is not None]
        to_approve += [row for row in asked if row.unit_id in hands.approves]
        to_mend += [row for row in rows if row.status == ReviewOpinionStatus.RETURNED and row.drafted_by == person.code]
    return OpinionsOnDesk(to_approve, to_mend)


def opinion_at(session: Session, row: ObligationRow) -> tuple[bool, OpinionView | None]:
    """Whether an obligation signs for an opinion, and the one that it signs for once that is delivered.

    Whoever may see the obligation may read it.
    """
    found = opinion_signed_for(session, row)
    if found is None:
        return signs_for_opinion(row), None
    words = words_of(row.campaign, achievements_of(found), problems_of(found))
    return True, OpinionView(found, row.campaign, method_of(row.campaign).body, words, "", "", "", [found], row)


def _line(
    campaign: CampaignRow, unit: UnitRow, row: ReviewOpinionRow | None, hands: Hands, signed_at: datetime | None
) -> OpinionLine:
    words = words_of(campaign, achievements_of(row), problems_of(row)) if row else None
    delivered = row is not None and row.status == ReviewOpinionStatus.DELIVERED
    mine = unit.id in hands.drafts, row is not None and unit.id in hands.approves
    return OpinionLine(unit, row, words, *mine, signed_at if delivered else None)


def _signed(session: Session, campaign: CampaignRow) -> dict[UUID, datetime | None]:
    """When each unit signed for its opinion."""
    signing = (ObligationRow.campaign_id == campaign.id, ObligationRow.key == clause_of(campaign).duty)
    rows = session.execute(select(ObligationRow.unit_id, ObligationRow.settled_at).where(*signing))
    return {unit_id: at for unit_id, at in rows if unit_id is not None}


def _obligation(session: Session, row: ReviewOpinionRow) -> ObligationRow | None:
    """The obligation by which the unit signs; its id is what ``issuing.Owed`` makes of unit and duty."""
    duty = clause_of(row.campaign).duty
    return session.get(ObligationRow, identity("obligation", row.campaign.slug, duty, row.unit.code))


def _names(session: Session, codes: Sequence[str]) -> list[str]:
    known = dict(session.execute(select(PersonRow.code, PersonRow.name).where(PersonRow.code.in_(codes))).all())
    return [known.get(code, "") for code in codes]
