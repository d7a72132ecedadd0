"""Whether what a form waits for is over: decided there or elsewhere, withdrawn, or not to be decided any more."""

from itertools import dropwhile

from sqlalchemy.orm import Session

from appraisal.domain.lifecycle import CampaignStatus, PetitionStatus, ProblemStatus
from appraisal.notices.wording import phrase
from appraisal.operations.closing_steps import steps_of
from appraisal.operations.extensions import petition_by
from appraisal.operations.loading import campaign_by
from appraisal.operations.order_views import called
from appraisal.operations.problems import problem_by
from appraisal.operations.signed import mark_of, petition_marked
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.rectification_tables import PetitionRow


def petition_over(session: Session, slug: str, mark: str) -> str:
    """By whom, when and how the petition of that mark was decided, in words; "" while it waits."""
    petition = petition_by(session, petition_marked(session, slug, mark))
    return _decided(session, petition) or _ended(session, slug)


def step_over(session: Session, slug: str, number: int, mark: str, waits: ProblemStatus) -> str:
    """By whom, when and how the step of that mark on the course of a problem was followed by another, in words.

    "" while it is the last and the problem ``waits`` as it did.
    """
    row = problem_by(session, slug, number)
    return _followed(session, row, mark, waits) or _ended(session, slug)


def _decided(session: Session, petition: PetitionRow) -> str:
    if petition.status == PetitionStatus.ASKED:
        return ""
    about = {"duty": petition.obligation.title if petition.obligation else "", "until": str(petition.until or "")}
    if petition.decided_by is None or petition.decided_at is None:
        return phrase("signing.over.withdrawn", **about)
    decision = {"by": called(session, petition.decided_by), "at": petition.decided_at, "said": petition.remarks or ""}
    return phrase(f"signing.over.{petition.status}", **about, **decision)


def _followed(session: Session, row: ProblemRow, mark: str, waits: ProblemStatus) -> str:
    after = list(dropwhile(lambda step: mark_of(step.id) != mark, steps_of(session, row)))[1:]
    about = {"number": row.number, "title": row.title}
    if after:
        step = after[0]
        decision = {"by": called(session, step.by), "at": step.at, "step": step.kind, "said": step.text}
        again = row.status == waits
        return phrase("signing.over.step", **about, **decision, again=again)
    if row.status != waits:
        return phrase("signing.over.status", **about, status=row.status)
    return ""


def _ended(session: Session, slug: str) -> str:
    campaign = campaign_by(session, slug)
    return phrase("signing.over.campaign", campaign=campaign.title) if campaign.status == CampaignStatus.CLOSED else ""
