"""Self-review (自查自纠): a unit lists the problems that it found itself; the office sees them beside all others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from appraisal.documents.rehearsal_book import Cell, Grid
from appraisal.domain.comparison import FoundBy, Line, Seen, compare, found_by, percent, total
from appraisal.domain.lifecycle import OFF_THE_LIST, CampaignStatus, PhaseStatus
from appraisal.domain.problems import Draft, FindingKind, Found, ProblemKind
from appraisal.domain.refusal import Refusal
from appraisal.method.words import PhaseKind
from appraisal.notices.wording import phrase
from appraisal.operations import problems
from appraisal.operations.desks import is_staff
from appraisal.operations.loading import campaign_by, method_of, unit_by
from appraisal.operations.office import Desk
from appraisal.operations.unit_posts import own_units
from appraisal.operations.units import active_units
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.problem_tables import FindingRow, ProblemRow
from appraisal.store.register_tables import PersonRow, UnitRow

MOST_AT_ONCE = 100
LONGEST_TITLE = 200
COLUMNS = ("单位", "仅单位自查发现", "仅他人发现", "双方都发现", "合计", "自查发现占比", "他人发现中单位未查出占比")
LIST_COLUMNS = ("序号", "单位", "问题", "由谁发现", "状态")


@dataclass(frozen=True)
class SelfFound:
    """A problem that a unit found itself, and what it did about it at once."""

    title: str
    detail: str = ""
    measure: str = ""


@dataclass(frozen=True)
class SelfFoundLine:
    """The same as it stands on the problem list."""

    unit: str
    number: int
    title: str
    text: str
    status: str


@dataclass(frozen=True)
class ComparedLine:
    """A problem of the comparison."""

    number: int
    unit: str
    title: str
    found: FoundBy
    status: str


@dataclass(frozen=True)
class Comparison:
    """Found by the unit, by others, by both: for each unit, all together, and problem by problem."""

    lines: tuple[Line, ...]
    total: Line
    problems: tuple[ComparedLine, ...]

    def shares(self) -> list[tuple[str, str, str]]:
        """Of each unit and of all: the share that it found itself, and what it missed of what others found."""
        lines = [line for line in (*self.lines, self.total) if line.total]
        return [(line.unit, percent(line.self_share), percent(line.missed_share)) for line in lines]

    def grids(self) -> list[Grid]:
        """The figures and the list, to take away."""
        figures = tuple(_cells(line) for line in (*self.lines, self.total))
        listed = tuple(
            (each.number, each.unit, each.title, phrase(f"comparison.{each.found}"), _status(each.status))
            for each in self.problems
        )
        return [Grid("自查比对", COLUMNS, figures), Grid("逐条比对", LIST_COLUMNS, listed)]


def read_lines(text: str) -> list[SelfFound]:
    """One problem a line, its parts parted by a tab (as pasted from a table) or a bar: problem, detail, measure."""
    rows = [line.replace("｜", "\t").replace("|", "\t").split("\t") for line in text.splitlines()]
    parts = [[*(part.strip() for part in row), "", ""] for row in rows if row[0].strip()]
    return [
        SelfFound(title, detail, "；".join(part for part in measures if part)) for title, detail, *measures in parts
    ]


def list_self_found(desk: Desk, slug: str, unit: str, by: PersonRow, found: Sequence[SelfFound]) -> list[ProblemRow]:
    """Put what a unit found itself on the problem list; the same again does nothing.

    Refuses whoever neither answers for the unit nor is of the office, a unit outside of an open self-review phase,
    none or more than a hundred at once, and a title of more than 200 characters.
    """
    campaign = campaign_by(desk.session, slug)
    owner = unit_by(desk.session, unit)
    on = desk.now.date()
    if not is_staff(desk.session, by, on):
        _may_list(desk.session, campaign, owner, by, on)
    elif campaign.status == CampaignStatus.CLOSED:
        raise Refusal("self_review.not_open", over=True)
    _within_bounds(found)
    return [
        problems.record(
            desk,
            slug,
            Draft(each.title, owner.code, detail=each.detail),
            Found(FindingKind.SELF_REVIEW, _text(each), by.code, unit_id=owner.id),
        )
        for each in found
    ]


def self_found(session: Session, campaign: CampaignRow, units: Sequence[UnitRow]) -> list[SelfFoundLine]:
    """What the units have listed themselves, by number; merged problems stand where they were merged to."""
    names = {unit.id: unit.name for unit in units}
    query = (
        select(FindingRow, ProblemRow)
        .join(FindingRow.problem)
        .where(ProblemRow.campaign_id == campaign.id, FindingRow.unit_id.in_(names))
        .where(FindingRow.kind == FindingKind.SELF_REVIEW)
        .order_by(ProblemRow.number, FindingRow.position)
    )
    return [
        SelfFoundLine(names[finding.unit_id], problem.number, problem.title, finding.text, problem.status)
        for finding, problem in session.execute(query)
        if finding.unit_id
    ]


def reviewing_units(session: Session, campaign: CampaignRow, person: PersonRow, on: date) -> list[UnitRow]:
    """The units for which the person may see and list what they found themselves; for the office, all of them.

    Refusal ``self_review.none`` where the method has no such phase, ``self_review.not_yours`` where there is no unit.
    """
    _phases(campaign)
    if is_staff(session, person, on):
        return [target.unit for target in campaign.targets] or active_units(session)
    units = own_units(session, campaign, person, on)
    if not units:
        raise Refusal("self_review.not_yours")
    return units


def is_foreseen(campaign: CampaignRow) -> bool:
    """Whether the method of the campaign has its units review themselves at all."""
    return any(phase.kind is PhaseKind.SELF_REVIEW for phase in method_of(campaign).phases)


def is_open(campaign: CampaignRow) -> bool:
    """Whether a self-review phase of the campaign is open."""
    return any(status == PhaseStatus.OPEN for status in _phases(campaign))


def comparison(session: Session, campaign: CampaignRow) -> Comparison:
    """What units found themselves beside what others found; suggestions, merged and dropped problems do not count."""
    query = (
        select(ProblemRow)
        .where(ProblemRow.campaign_id == campaign.id, ProblemRow.kind == ProblemKind.PROBLEM)
        .where(ProblemRow.status.not_in(OFF_THE_LIST))
        .options(selectinload(ProblemRow.findings))
        .order_by(ProblemRow.number)
    )
    seen = [(row, _seen(row)) for row in session.scalars(query)]
    lines = compare([target.unit.name for target in campaign.targets], [each for _, each in seen])
    listed = [ComparedLine(row.number, each.unit, row.title, found_by(each), row.status) for row, each in seen]
    return Comparison(tuple(lines), total(lines, "合计"), tuple(listed))


def _may_list(session: Session, campaign: CampaignRow, owner: UnitRow, by: PersonRow, on: date) -> None:
    if owner not in reviewing_units(session, campaign, by, on):
        raise Refusal("self_review.not_yours")
    if not is_open(campaign):
        raise Refusal("self_review.not_open", over=PhaseStatus.PLANNED not in _phases(campaign))


def _phases(campaign: CampaignRow) -> list[str]:
    method = method_of(campaign)
    found = [phase.status for phase in campaign.phases if method.phase(phase.key).kind is PhaseKind.SELF_REVIEW]
    if not is_foreseen(campaign):
        raise Refusal("self_review.none", campaign=campaign.title)
    return found


def _within_bounds(found: Sequence[SelfFound]) -> None:
    if not found or not all(each.title.strip() for each in found):
        raise Refusal("self_review.nothing")
    if len(found) > MOST_AT_ONCE:
        raise Refusal("self_review.too_many", count=len(found), most=MOST_AT_ONCE)
    for number, each in enumerate(found, start=1):
        if len(each.title) > LONGEST_TITLE:
            raise Refusal("self_review.title_long", number=number, length=len(each.title), most=LONGEST_TITLE)


def _text(found: SelfFound) -> str:
    return phrase("self_review.text", detail=found.detail.strip(), measure=found.measure.strip())


def _seen(row: ProblemRow) -> Seen:
    own = [_is_own(finding, row) for finding in row.findings]
    unit = row.unit.name if row.unit else phrase("comparison.no_unit")
    return Seen(unit, any(own), not all(own) or not own)


def _is_own(finding: FindingRow, row: ProblemRow) -> bool:
    return finding.kind == FindingKind.SELF_REVIEW and finding.unit_id == row.unit_id


def _cells(line: Line) -> tuple[Cell, ...]:
    shares = percent(line.self_share), percent(line.missed_share)
    return line.unit, line.unit_only, line.others_only, line.both, line.total, *shares


def _status(status: str) -> str:
    return phrase(f"problem.status.{status}")
