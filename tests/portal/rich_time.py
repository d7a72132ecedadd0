"""More time in the rich world: a unit asked twice for one problem, was refused once, and now waits."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from appraisal.operations import extensions
from appraisal.operations.occurred import EXTENSION
from appraisal.operations.office import Office
from appraisal.operations.problems import problem_by
from appraisal.store.campaign_tables import ObligationRow
from appraisal.store.rectification_tables import PetitionRow
from tests.operations.world import Campaign


def ask_twice(campaign: Campaign) -> None:
    with campaign.office.store.reading() as session:
        problem = problem_by(session, campaign.slug, 1).id
        solve = session.scalars(select(ObligationRow.id).where(ObligationRow.problem_id == problem)).one()
    _ask(campaign, solve, date(2023, 11, 20), "需要更多时间", "2023-09-07T15:00")
    with campaign.desk("director", "2023-09-07T17:00") as desk:
        remarks = "请写明卡在哪个环节"
        extensions.decide(
            desk, petition(campaign.office, "asked"), campaign.by("director"), granted=False, remarks=remarks
        )
    _ask(campaign, solve, date(2023, 11, 10), "编制调整须报省里批准，\n批复预计十一月上旬下达。", "2023-09-08T10:00")


def petition(office: Office, status: str) -> UUID:
    with office.store.reading() as session:
        return session.scalars(
            select(PetitionRow.id).where(PetitionRow.kind == EXTENSION, PetitionRow.status == status)
        ).one()


def duty(office: Office) -> UUID | None:
    with office.store.reading() as session:
        return session.scalars(select(PetitionRow.obligation_id).where(PetitionRow.kind == EXTENSION).limit(1)).one()


def _ask(campaign: Campaign, solve: UUID, until: date, reason: str, at: str) -> None:
    with campaign.desk("jyj-handler", at) as desk:
        extensions.ask(desk, solve, campaign.by("jyj-handler"), until, reason)
