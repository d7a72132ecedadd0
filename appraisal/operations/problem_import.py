"""Taking a problem list in from a workbook or a csv file, and giving it out as the register (台账)."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.documents.cells import Value
from appraisal.documents.problem_book import AXIS, ProblemLine, Words, problem_book, read_problems
from appraisal.documents.ranking_book import ranking_book
from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.domain.refusal import Refusal
from appraisal.notices.wording import phrase
from appraisal.operations.classifying import axes_of
from appraisal.operations.clerks import clerk_at
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.office import Desk
from appraisal.operations.problem_list import ProblemsSought, problem_lines, ranking_of
from appraisal.operations.problems import record
from appraisal.operations.register import RowFault, told
from appraisal.operations.telling import panels_of
from appraisal.operations.units import active_units
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.panel_tables import PanelRow
from appraisal.store.problem_tables import ProblemRow


@dataclass(frozen=True)
class Preview:
    """A file before it is taken in: every fault, or the lines and how many of them are on the list already."""

    lines: tuple[ProblemLine, ...]
    faults: tuple[RowFault, ...]
    known: int

    @property
    def fresh(self) -> int:
        """How many problems the file would add."""
        return len(self.lines) - self.known


@dataclass(frozen=True)
class Imported:
    """What became of a file: problems added, and those that were on the list already."""

    added: int
    known: int


def preview(session: Session, slug: str, content: bytes, name: str) -> Preview:
    """What a file holds; nothing is written."""
    campaign = campaign_by(session, slug)
    lines, found = read_problems(content, name, words_of(session, campaign))
    on_list = {(row.title, row.unit.code if row.unit else "") for row in _listed(session, campaign)}
    known = sum((line.title, line.unit) in on_list for line in lines)
    return Preview(tuple(lines), tuple(told(fault) for fault in found), known)


def import_problems(desk: Desk, slug: str, content: bytes, name: str) -> Imported:
    """Take a file in as a whole; the same file a second time adds nothing.

    Refusal ``problem.faulty`` for one with any fault; ``preview`` names them all.
    """
    clerk = clerk_at(desk)
    campaign = campaign_by(desk.session, slug)
    lines, found = read_problems(content, name, words_of(desk.session, campaign))
    if found:
        raise Refusal("problem.faulty", count=len(found))
    panels = {name: panel for panel in panels_of(desk.session, campaign) for name in (panel.title, panel.key)}
    before = _last(desk.session, campaign)
    rows = [record(desk, slug, _draft(line), _found(line, panels, clerk)) for line in lines]
    added = len({row.number for row in rows if row.number > before})
    return Imported(added, len(rows) - added)


def template(session: Session, slug: str) -> bytes:
    """A workbook to fill in, with the axes and the units of the campaign."""
    return problem_book(words_of(session, campaign_by(session, slug)), [])


def problem_register(session: Session, slug: str, sought: ProblemsSought) -> bytes:
    """The register (台账) of what is sought, as a workbook that can be filled in and taken in again."""
    words = words_of(session, campaign_by(session, slug))
    return problem_book(words, [_cells(line.row, words) for line in problem_lines(session, slug, sought)])


def ranking_register(session: Session, slug: str) -> bytes:
    """The ranking of the units as a workbook."""
    return ranking_book(
        [(line.rank, line.name, line.count, line.assigned, line.closed) for line in ranking_of(session, slug)]
    )


def words_of(session: Session, campaign: CampaignRow) -> Words:
    """The words that may stand in the file of a campaign."""
    units = active_units(session)
    axes = axes_of(method_of(campaign))
    return Words(
        {unit.name: unit.code for unit in units} | {unit.code: unit.code for unit in units},
        {axis.key: axis.title for axis in axes},
        {
            axis.key: {each.title: each.key for each in axis.values} | {each.key: each.key for each in axis.values}
            for axis in axes
        },
    )


def _listed(session: Session, campaign: CampaignRow) -> list[ProblemRow]:
    return [line.row for line in problem_lines(session, campaign.slug, ProblemsSought())]


def _last(session: Session, campaign: CampaignRow) -> int:
    return session.scalar(select(func.max(ProblemRow.number)).where(ProblemRow.campaign_id == campaign.id)) or 0


def _draft(line: ProblemLine) -> Draft:
    return Draft(
        line.title,
        line.unit or None,
        line.detail,
        line.aim,
        line.classes,
        line.supporting,
        line.leader,
        line.due_on,
    )


def _found(line: ProblemLine, panels: Mapping[str, PanelRow], clerk: str) -> Found:
    """Found by the panel that is named as the source, or in the way that is; else entered, as told by the source."""
    text, panel = line.detail or line.title, panels.get(line.source)
    if panel is not None:
        return Found(FindingKind.LOG, text, clerk, panel_id=panel.id)
    ways = {phrase(f"problem.found.{kind}"): kind for kind in (FindingKind.LOG, FindingKind.SEMINAR)}
    return Found(ways.get(line.source, FindingKind.ENTERED), text, line.source or clerk)


def _cells(row: ProblemRow, words: Words) -> dict[str, Value]:
    titles = {
        (axis, key): word for axis, values in words.values.items() for word, key in reversed(list(values.items()))
    }
    classes = {f"{AXIS}{axis}": titles.get((axis, key)) for axis, key in row.classes.items()}
    sources = dict.fromkeys(
        found.panel.title if found.panel else phrase(f"problem.found.{found.kind}") for found in row.findings
    )
    return {
        "number": row.number,
        "title": row.title,
        "detail": row.detail,
        "aim": row.aim,
        "unit": row.unit.name if row.unit else None,
        "supporting": "、".join(unit.name for unit in row.supporting),
        "leader": row.leader,
        "due_on": row.due_on,
        "source": "、".join(sources),
        "status": phrase(f"problem.status.{row.status}"),
        **classes,
    }
