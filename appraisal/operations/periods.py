"""The periods that a report of progress (进展) is handed in for: the one due next, and those missed before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.lifecycle import OWED
from appraisal.method.duties import Duty
from appraisal.method.words import Act, Evidence
from appraisal.notices.recipients import holders
from appraisal.operations.loading import method_of
from appraisal.operations.seats import place_of
from appraisal.operations.tracks import is_on_track
from appraisal.store.campaign_tables import CampaignRow, ObligationRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.register_tables import PersonRow, UnitRow


@dataclass(frozen=True)
class Reporting:
    """What a report counts for just now if one person makes it: the periods handed in, and whether missed ones with it.

    ``others`` need another hand; ``apart`` is what also asks how far the problem is and is handed in on its own page.
    ``evidence`` says whether attachments go with it; ``comes_back`` whether such reports are owed for it at all.
    """

    hands_in: tuple[ObligationRow, ...]
    makes_up: bool
    others: tuple[ObligationRow, ...]
    apart: tuple[ObligationRow, ...]
    evidence: Evidence
    comes_back: bool


def reporting_of(session: Session, problem: ProblemRow, unit: UnitRow, person: PersonRow, now: datetime) -> Reporting:
    """What a report of the problem by that person counts for, as its page says before it is made."""
    due = due_periods(session, problem, unit, now)
    mine = tuple(row for row in due if may_hand_in(session, row, person, now))
    asked = {_duty(row).evidence for row in mine}
    strictest = (Evidence.REQUIRED, Evidence.OPTIONAL)
    return Reporting(
        hands_in=mine,
        makes_up=any(missed_before(session, row, now) for row in mine),
        others=tuple(row for row in due if row not in mine),
        apart=_apart(session, problem, unit),
        evidence=next((each for each in strictest if each in asked), Evidence.NONE),
        comes_back=unit is problem.unit and comes_back(session, problem),
    )


def due_periods(session: Session, problem: ProblemRow, unit: UnitRow, now: datetime) -> list[ObligationRow]:
    """What a report of the problem counts for now: of each duty the period due next, or where all are overdue the last.

    A period that has just begun waits for a report of its own as long as the one before it is not overdue.
    """
    about = (ObligationRow.problem_id == problem.id, ObligationRow.unit_id == unit.id)
    owed = (*about, ObligationRow.period.is_not(None), ObligationRow.status.in_(OWED))
    rows = session.scalars(select(ObligationRow).where(*owed).order_by(ObligationRow.key, ObligationRow.period))
    found = []
    for _, periods in groupby(rows, lambda row: row.key):
        standing = list(periods)
        if reports_progress(standing[-1]):
            found.append(next((row for row in standing if not _is_overdue(row, now)), standing[-1]))
    return found


def missed_before(session: Session, row: ObligationRow, now: datetime) -> Sequence[ObligationRow]:
    """The periods before this one that are overdue: how far a problem is today says how far it was to be by then."""
    if row.period is None or not reports_progress(row):
        return []
    same = (ObligationRow.key == row.key, ObligationRow.unit_id == row.unit_id)
    about = (*same, ObligationRow.problem_id == row.problem_id, ObligationRow.status.in_(OWED))
    earlier = select(ObligationRow).where(*about, ObligationRow.period < row.period).order_by(ObligationRow.period)
    return [each for each in session.scalars(earlier) if _is_overdue(each, now)]


def reports_progress(row: ObligationRow) -> bool:
    """Whether a report of progress is what is owed; one that comes back, where the obligation has a period."""
    duty = _duty(row)
    return row.problem_id is not None and duty.progress and duty.does is Act.SUBMIT


def needs_evidence(row: ObligationRow) -> bool:
    """Whether nothing can be handed in for it without an attachment."""
    return _duty(row).evidence is Evidence.REQUIRED


def may_hand_in(session: Session, row: ObligationRow, person: PersonRow, now: datetime) -> bool:
    """Whether the person holds the role that owes it today; others of the unit report without handing it in."""
    found = holders(session, *place_of(row, _duty(row).role), now.date())
    return any(each.person.id == person.id for each in found)


def _apart(session: Session, problem: ProblemRow, unit: UnitRow) -> tuple[ObligationRow, ...]:
    owed = (ObligationRow.problem_id == problem.id, ObligationRow.unit_id == unit.id, ObligationRow.status.in_(OWED))
    once = select(ObligationRow).where(*owed, ObligationRow.period.is_(None))
    return tuple(row for row in session.scalars(once.order_by(ObligationRow.key)) if reports_progress(row))


def comes_back(session: Session, problem: ProblemRow) -> bool:
    """Whether the method asks for reports of such a problem period by period."""
    method = method_of(session.get_one(CampaignRow, problem.campaign_id))
    duties = [duty for phase in method.phases for duty in phase.duties if duty.progress and duty.rhythm]
    return any(is_on_track(method, duty, problem) for duty in duties)


def _duty(row: ObligationRow) -> Duty:
    return method_of(row.campaign).duty(row.key)


def _is_overdue(row: ObligationRow, now: datetime) -> bool:
    return row.due_at is not None and row.due_at <= now
