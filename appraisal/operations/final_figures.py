"""The figures of a campaign's rectification, each by one statement over the tables: nothing is counted row by row."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Label, Select, Text, and_, case, cast, exists, func, or_, select
from sqlalchemy.orm import Session

from appraisal.domain.lifecycle import OPEN_OBLIGATION, OWED, ObligationStatus, ProblemStatus
from appraisal.domain.problems import LookBack
from appraisal.domain.rectified import Cell, Classes
from appraisal.method.duties import Duty
from appraisal.method.words import Act, OwedBy
from appraisal.operations.closing_steps import is_closed_in_part
from appraisal.operations.loading import method_of
from appraisal.store.assignment_tables import AssignmentRow, OrderRow
from appraisal.store.campaign_tables import CampaignRow, ConsequenceRow, ObligationRow, SubmissionRow
from appraisal.store.problem_tables import ProblemRow, SummonsRow
from appraisal.store.rectification_tables import CloseOutRow, PetitionRow
from appraisal.store.register_tables import UnitRow

Numbers = Mapping[str, Counter[str]]
"""By the code of a unit, empty where there is none: how many of each sort."""
_PASSED = (ProblemStatus.VERIFIED, ProblemStatus.CLOSED)
LATE, ON_TIME, OPEN, OFF = "late", "on_time", "open", "withdrawn"


def problem_cells(session: Session, campaign: CampaignRow, now: datetime) -> list[Cell]:
    """Every problem ever listed, those that have everything in common as one cell.

    One is late when its lead unit did not do in time what solves it: to sign for it, and to report every so often, are
    clocks of their own.
    """
    solving = [duty.key for duty in _duties(campaign, OwedBy.EACH_PROBLEM) if _solves(duty)]
    of_lead = (ObligationRow.problem_id == ProblemRow.id, ObligationRow.unit_id == ProblemRow.unit_id)
    overdue = exists().where(*of_lead, ObligationRow.key.in_(solving), late_by(now))
    each = (
        select(
            UnitRow.code,
            ProblemRow.kind,
            cast(ProblemRow.classes, Text).label("classes"),
            ProblemRow.status,
            _flag(ProblemRow.assigned_at.is_not(None), "assigned"),
            _flag(or_(ProblemRow.status.in_(_PASSED), _step("verified")), "passed"),
            _flag(overdue, "late"),
            _flag(is_closed_in_part(), "in_part"),
            ProblemRow.reopened,
        )
        .outerjoin(UnitRow, UnitRow.id == ProblemRow.unit_id)
        .where(ProblemRow.campaign_id == campaign.id)
    )
    return [
        Cell(
            unit or "",
            kind,
            _classes(classes),
            status,
            bool(assigned),
            bool(passed),
            bool(late),
            bool(in_part),
            relapses > 0,
            count,
            relapses * count,
        )
        for unit, kind, classes, status, assigned, passed, late, in_part, relapses, count in _grouped(session, each)
    ]


def late_by(now: datetime) -> ColumnElement[bool]:
    """Of an obligation, that it was not done in time, whether the patrol has looked at it since or not.

    What was handed in in time and accepted after the date is in time.
    """
    handed_in = select(SubmissionRow.id).where(SubmissionRow.obligation_id == ObligationRow.id)
    return or_(
        ObligationRow.overdue_at.is_not(None),
        and_(ObligationRow.status.in_(OWED), ObligationRow.due_at <= now),
        handed_in.where(SubmissionRow.at > ObligationRow.due_at).exists(),
        and_(~handed_in.exists(), ObligationRow.settled_at > ObligationRow.due_at),
    )


def receipts(session: Session, campaign: CampaignRow, now: datetime) -> Numbers:
    """Letters of assignment by how they were signed for: ``on_time``, ``late``, ``open`` or ``withdrawn``."""
    keys = [duty.key for duty in _duties(campaign, OwedBy.EACH_ASSIGNMENT) if duty.does is Act.ACKNOWLEDGE]
    standing = case(
        (ObligationRow.status == ObligationStatus.WITHDRAWN, OFF),
        (ObligationRow.status.in_(OPEN_OBLIGATION), OPEN),
        (late_by(now), LATE),
        else_=ON_TIME,
    )
    those = (ObligationRow.campaign_id == campaign.id, ObligationRow.key.in_(keys))
    each = select(UnitRow.code, standing.label("standing")).join_from(
        ObligationRow, UnitRow, UnitRow.id == ObligationRow.unit_id
    )
    return _numbers(_grouped(session, each.where(*those)))


def letters(session: Session, campaign: CampaignRow) -> Numbers:
    """Letters of assignment, all of one sort."""
    query = select(UnitRow.code, func.count()).join_from(AssignmentRow, UnitRow, UnitRow.id == AssignmentRow.unit_id)
    found = session.execute(query.where(AssignmentRow.campaign_id == campaign.id).group_by(UnitRow.code))
    return _numbers((unit, "letters", count) for unit, count in found)


def petitions(session: Session, campaign: CampaignRow) -> Numbers:
    """What units asked for, as ``extension.granted`` or ``objection.asked``: its kind and where it stands."""
    columns = (UnitRow.code, PetitionRow.kind, PetitionRow.status)
    query = select(*columns, func.count()).outerjoin_from(PetitionRow, UnitRow, UnitRow.id == PetitionRow.unit_id)
    found = session.execute(query.where(PetitionRow.campaign_id == campaign.id).group_by(*columns))
    return _numbers((unit, f"{kind}.{status}", count) for unit, kind, status, count in found)


def returned(session: Session, campaign: CampaignRow) -> Numbers:
    """``papers`` that were sent back about problems, and ``closings``: verified problems sent back as a whole.

    What is closed out in part goes back with the rest of it, and that is no return.
    """
    papers = (
        select(UnitRow.code, func.count())
        .select_from(ProblemRow)
        .outerjoin(UnitRow, UnitRow.id == ProblemRow.unit_id)
        .join(ObligationRow, ObligationRow.problem_id == ProblemRow.id)
        .join(SubmissionRow, SubmissionRow.obligation_id == ObligationRow.id)
        .where(ProblemRow.campaign_id == campaign.id, SubmissionRow.verdict == "returned")
    )
    closings = (
        select(UnitRow.code, func.sum(case((CloseOutRow.kind == "returned", 1), else_=-1)))
        .select_from(ProblemRow)
        .outerjoin(UnitRow, UnitRow.id == ProblemRow.unit_id)
        .join(CloseOutRow, CloseOutRow.problem_id == ProblemRow.id)
        .where(ProblemRow.campaign_id == campaign.id, CloseOutRow.kind.in_(("returned", "part_closed")))
    )
    found = [(unit, "papers", count) for unit, count in session.execute(papers.group_by(UnitRow.code))]
    found += [(unit, "closings", count) for unit, count in session.execute(closings.group_by(UnitRow.code))]
    return _numbers(found)


def look_backs(session: Session, campaign: CampaignRow) -> Numbers:
    """Look-backs that are done, by what they found, of the lead units of the problems."""
    columns = (UnitRow.code, SubmissionRow.finding)
    query = (
        select(*columns, func.count())
        .select_from(SubmissionRow)
        .join(ObligationRow, ObligationRow.id == SubmissionRow.obligation_id)
        .join(ProblemRow, ProblemRow.id == ObligationRow.problem_id)
        .outerjoin(UnitRow, UnitRow.id == ProblemRow.unit_id)
        .where(
            ProblemRow.campaign_id == campaign.id,
            ObligationRow.status == ObligationStatus.SETTLED,
            SubmissionRow.finding.in_([str(each) for each in LookBack]),
            func.coalesce(SubmissionRow.verdict, "") != "returned",
        )
    )
    return _numbers(session.execute(query.group_by(*columns)).all())


def orders(session: Session, campaign: CampaignRow) -> Numbers:
    """Numbered letters by their kind."""
    columns = (UnitRow.code, OrderRow.kind)
    query = select(*columns, func.count()).outerjoin_from(OrderRow, UnitRow, UnitRow.id == OrderRow.unit_id)
    return _numbers(session.execute(query.where(OrderRow.campaign_id == campaign.id).group_by(*columns)).all())


def summonses(session: Session, campaign: CampaignRow) -> Numbers:
    """Summonses that were held and recorded, all of one sort."""
    query = select(UnitRow.code, func.count()).join_from(SummonsRow, UnitRow, UnitRow.id == SummonsRow.unit_id)
    found = session.execute(query.where(SummonsRow.campaign_id == campaign.id).group_by(UnitRow.code))
    return _numbers((unit, "summonses", count) for unit, count in found)


def consequences(session: Session, campaign: CampaignRow) -> Numbers:
    """What followed from the results, by the key of the consequence."""
    columns = (UnitRow.code, ConsequenceRow.key)
    query = select(*columns, func.count()).join_from(ConsequenceRow, UnitRow, UnitRow.id == ConsequenceRow.unit_id)
    return _numbers(session.execute(query.where(ConsequenceRow.campaign_id == campaign.id).group_by(*columns)).all())


@dataclass(frozen=True)
class Counts:
    """Everything that is counted besides the problems."""

    letters: Numbers
    receipts: Numbers
    petitions: Numbers
    returned: Numbers
    look_backs: Numbers
    orders: Numbers
    summonses: Numbers
    consequences: Numbers

    def of(self, unit: str) -> "UnitCounts":
        """Those of one unit."""
        return UnitCounts(*(found.get(unit, Counter()) for found in vars(self).values()))

    @property
    def total(self) -> "UnitCounts":
        """Those of all together."""
        return UnitCounts(*(sum(found.values(), Counter()) for found in vars(self).values()))

    @property
    def units(self) -> set[str]:
        """The codes of the units that have any of it."""
        return {unit for found in vars(self).values() for unit in found if unit}


@dataclass(frozen=True)
class UnitCounts:
    """How many of each sort, of one unit or of all."""

    letters: Counter[str]
    receipts: Counter[str]
    petitions: Counter[str]
    returned: Counter[str]
    look_backs: Counter[str]
    orders: Counter[str]
    summonses: Counter[str]
    consequences: Counter[str]


def counts_of(session: Session, campaign: CampaignRow, now: datetime) -> Counts:
    """Everything besides the problems, in as many statements as there are sorts."""
    return Counts(
        letters(session, campaign),
        receipts(session, campaign, now),
        petitions(session, campaign),
        returned(session, campaign),
        look_backs(session, campaign),
        orders(session, campaign),
        summonses(session, campaign),
        consequences(session, campaign),
    )


def _duties(campaign: CampaignRow, owed_by: OwedBy) -> list[Duty]:
    return [duty for phase in method_of(campaign).phases for duty in phase.duties if duty.owed_by is owed_by]


def _solves(duty: Duty) -> bool:
    return duty.does is not Act.ACKNOWLEDGE and duty.rhythm is None


def _numbers(found: Iterable[Sequence[Any]]) -> Numbers:
    """From unit, sort and number."""
    numbers: dict[str, Counter[str]] = {}
    for unit, sort, count in found:
        if count:
            numbers.setdefault(unit or "", Counter())[str(sort)] += count
    return numbers


def _grouped(session: Session, each: Select[*tuple[Any, ...]]) -> Sequence[Any]:
    """All columns and how many rows have them in common; by name, for a value that is bound twice is not the same."""
    columns = each.subquery().c
    return session.execute(select(*columns, func.count()).group_by(*columns)).all()


def _flag(condition: ColumnElement[bool], name: str) -> Label[int]:
    return case((condition, 1), else_=0).label(name)


def _step(kind: str) -> ColumnElement[bool]:
    return exists().where(CloseOutRow.problem_id == ProblemRow.id, CloseOutRow.kind == kind)


def _classes(text: str) -> Classes:
    return tuple(sorted(json.loads(text).items()))
