"""Finding what an operation is about, or refusing in words that say what was not found."""

from functools import lru_cache
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from appraisal.domain.refusal import Refusal
from appraisal.method.load import from_text
from appraisal.method.schema import Method
from appraisal.store.campaign_tables import ApprovalRow, CampaignRow, ObligationRow, PhaseRow
from appraisal.store.opinion_tables import OpinionRow
from appraisal.store.register_tables import UnitRow
from appraisal.store.work import writes


def campaign_by(session: Session, slug: str) -> CampaignRow:
    """The campaign, or Refusal ``campaign.unknown`` with those there are."""
    row = _held(session, select(CampaignRow).where(CampaignRow.slug == slug))
    if row is None:
        known = list(session.scalars(select(CampaignRow.slug).order_by(CampaignRow.slug)))
        raise Refusal("campaign.unknown", campaign=slug, known=known)
    return row


def phase_by(session: Session, slug: str, key: str) -> PhaseRow:
    """The phase of a campaign, or Refusal ``phase.unknown``."""
    campaign = campaign_by(session, slug)
    for row in campaign.phases:
        if row.key == key:
            return row
    raise Refusal("phase.unknown", phase=key, known=[row.key for row in campaign.phases])


def obligation_by(session: Session, identifier: UUID) -> ObligationRow:
    """The obligation, or Refusal ``obligation.unknown``."""
    its_campaign = select(CampaignRow).join(ObligationRow, ObligationRow.campaign_id == CampaignRow.id)
    if _held(session, its_campaign.where(ObligationRow.id == identifier)) is None:
        raise Refusal("obligation.unknown")
    return session.get_one(ObligationRow, identifier)


def approval_by(session: Session, identifier: UUID) -> ApprovalRow:
    """The approval, or Refusal ``approval.unknown``."""
    row = session.get(ApprovalRow, identifier)
    if row is None:
        raise Refusal("approval.unknown")
    return row


def opinion_by(session: Session, identifier: UUID) -> OpinionRow:
    """The opinion, or Refusal ``opinion.unknown``."""
    its_campaign = select(CampaignRow).join(OpinionRow, OpinionRow.campaign_id == CampaignRow.id)
    if _held(session, its_campaign.where(OpinionRow.id == identifier)) is None:
        raise Refusal("opinion.unknown")
    return session.get_one(OpinionRow, identifier)


def target_by(campaign: CampaignRow, unit: str) -> UnitRow:
    """The appraised unit of that code or name, or Refusal ``unit.not_appraised``."""
    for target in campaign.targets:
        if unit in (target.unit.code, target.unit.name):
            return target.unit
    raise Refusal("unit.not_appraised", unit=unit, campaign=campaign.title)


def unit_by(session: Session, code_or_name: str) -> UnitRow:
    """The active unit of that code or name, or Refusal ``unit.unknown``."""
    wanted = (UnitRow.code == code_or_name) | (UnitRow.name == code_or_name)
    row = session.scalar(select(UnitRow).where(wanted, UnitRow.active))
    if row is None:
        raise Refusal("unit.unknown", unit=code_or_name)
    return row


def method_of(campaign: CampaignRow) -> Method:
    """The method in the edition that the campaign is pinned to."""
    return _pinned(campaign.digest, campaign.edition.text)


def _held(session: Session, campaign: Select[CampaignRow]) -> CampaignRow | None:
    """Whoever comes to write holds the campaign to the end: of two who act at once, the second finds what the
    first has done.  SQLite has one writer anyway."""
    return session.scalar(campaign.with_for_update(of=CampaignRow, key_share=True) if writes(session) else campaign)


@lru_cache(maxsize=32)
def _pinned(digest: str, text: str) -> Method:
    return from_text(text)
