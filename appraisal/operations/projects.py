"""Livelihood projects (民生实事项目), which stand on the list of problems: put to their units, counted when done."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.lifecycle import OFF_THE_LIST, ProblemStatus
from appraisal.method.ballots import Ballot
from appraisal.method.words import PhaseKind, Scope
from appraisal.notices.wording import phrase
from appraisal.operations.assigning import assign
from appraisal.operations.classifying import what_is_missing
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk
from appraisal.operations.telling import letter, tell
from appraisal.store.campaign_tables import CampaignRow, PhaseRow
from appraisal.store.problem_tables import ProblemRow


@dataclass(frozen=True)
class Completion:
    """What a unit was given to do and how much of it is done; ``unfinished`` has what is not, by number and title."""

    unit: str
    name: str
    chosen: int
    unfinished: tuple[tuple[int, str], ...]

    @property
    def finished(self) -> int:
        return self.chosen - len(self.unfinished)

    @property
    def words(self) -> str:
        """The same in a sentence."""
        left = [phrase("project.listed", number=number, title=title) for number, title in self.unfinished]
        return phrase("project.completion", chosen=self.chosen, finished=self.finished, left=left)

    @property
    def facts(self) -> dict[str, object]:
        """As the ledger keeps it."""
        left = [number for number, _ in self.unfinished]
        return {"unit": self.unit, "chosen": self.chosen, "finished": self.finished, "unfinished": left}


def put_to_units(desk: Desk, phase: PhaseRow) -> int:
    """Put every project on the list to its unit, where the phase supervises projects; returns how many are new.

    What the deputies have chosen needs nobody's order any more.  One that is not described in full waits for the office
    to complete and assign it: the gate ``problems_classified`` names it.
    """
    method = method_of(phase.campaign)
    if method.phase(phase.key).kind is not PhaseKind.SUPERVISE:
        return 0
    those = (ProblemRow.campaign_id == phase.campaign_id, ProblemRow.status == ProblemStatus.FOUND)
    rows = desk.session.scalars(select(ProblemRow).where(*those).order_by(ProblemRow.number)).all()
    complete = [row.number for row in rows if row.unit and not what_is_missing(method, row)]
    return len(assign(desk, phase.campaign.slug, complete)) if complete else 0


def completion_of(session: Session, campaign: CampaignRow) -> list[Completion]:
    """How many projects of each unit are done, in the order of the units; of one without projects nothing."""
    listed = (ProblemRow.campaign_id == campaign.id, ProblemRow.status.not_in(OFF_THE_LIST))
    rows = session.scalars(select(ProblemRow).where(*listed).order_by(ProblemRow.number)).all()
    units = {row.unit.code: row.unit for row in rows if row.unit}
    order = {target.unit.code: target.position for target in campaign.targets}
    found = []
    for code in sorted(units, key=lambda code: (order.get(code, len(order)), code)):
        own = [row for row in rows if row.unit and row.unit.code == code]
        left = tuple((row.number, row.title) for row in own if row.status != ProblemStatus.CLOSED)
        found.append(Completion(code, units[code].name, len(own), left))
    return found


def tell_completion(desk: Desk, phase: PhaseRow, done: Sequence[Completion]) -> None:
    """Tell each unit the figures that it is judged by; whoever in it is told that the phase opens."""
    campaign, method = phase.campaign, method_of(phase.campaign)
    roles = [role for role in method.phase(phase.key).announce.opened if method.role(role).scope is Scope.UNIT]
    units = {target.unit.code: target.unit for target in campaign.targets}
    letters = [
        letter(
            campaign,
            "projects-counted",
            f"{phase.key}/{each.unit}",
            roles,
            f"/campaigns/{campaign.slug}",
            {"phase": phase.title, "chosen": each.chosen, "finished": each.finished, "completion": each.words},
            owner=units[each.unit],
        )
        for each in done
        if roles and each.unit in units
    ]
    tell(desk, campaign, letters)


def before_voters(session: Session, campaign: CampaignRow, ballot: Ballot) -> dict[str, str]:
    """What a paper says of each unit besides its name, where the vote is on how the projects were carried out."""
    if method_of(campaign).phase(ballot.held_in).kind is not PhaseKind.EVALUATE:
        return {}
    return {each.unit: each.words for each in completion_of(session, campaign)}
