"""The desk at which the office goes through opinions: a search, the list a page at a time, and one in full."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select, tuple_
from sqlalchemy.orm import Session

from appraisal.domain.lifecycle import OpinionStatus
from appraisal.operations.loading import campaign_by, method_of, opinion_by
from appraisal.operations.similar import Near, similar_opinions, similar_problems
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.opinion_tables import OpinionMessageRow, OpinionRow, PointRow
from appraisal.store.panel_tables import PhotoRow
from appraisal.store.problem_tables import FindingRow, ProblemRow
from appraisal.store.register_tables import PersonRow, UnitRow

ON_A_PAGE = 50
COUNTED = 1000
"""A search that finds more than this is not counted out: nobody goes through so many, and counting reads them all."""


Mark = tuple[date, UUID]
"""Where an opinion stands in the list: its day, and its key among those of the day."""


@dataclass(frozen=True)
class Sought:
    """What somebody looks for; empty parts do not narrow.  Words of ``text`` must all be there."""

    text: str = ""
    status: str = ""
    unit: str = ""
    aspect: str = ""
    source: str = ""
    point: UUID | None = None
    day: date | None = None


@dataclass(frozen=True)
class DeskPage:
    """Opinions, the newest day first; ``waiting`` are those whose writer spoke last.

    ``after`` leads to the next page, ``more`` tells that ``count`` is cut off.
    """

    lines: tuple[OpinionRow, ...]
    waiting: frozenset[UUID]
    after: str
    count: int
    more: bool
    by_status: Mapping[str, int]


@dataclass(frozen=True)
class Alike:
    """An opinion that says much the same, and how much, in percent."""

    row: OpinionRow
    percent: int


@dataclass(frozen=True)
class OpinionView:
    """An opinion with everything that the office needs to decide about it; ``alike`` is None while it is sought."""

    row: OpinionRow
    campaign: CampaignRow
    aspect: str
    point: str
    deputy: str
    photos: tuple[PhotoRow, ...]
    thread: tuple[OpinionMessageRow, ...]
    problems: tuple[ProblemRow, ...]
    alike: tuple[Alike, ...] | None
    problems_alike: tuple[ProblemRow, ...]


def desk_page(session: Session, slug: str, sought: Sought, after: str = "") -> DeskPage:
    """One page of what is sought; a key that is none shows the first."""
    campaign = campaign_by(session, slug)
    few = _few(session, campaign, sought) if sought.text else None
    rows = _walked(session, campaign, sought, after) if few is None else _picked(session, few, after)
    count = _counted(session, campaign, sought) if few is None else len(few)
    lines = tuple(rows[:ON_A_PAGE])
    follows = _key(lines[-1]) if len(rows) > ON_A_PAGE else ""
    by_status = _by_status(session, campaign)
    return DeskPage(lines, _waiting(session, lines), follows, min(count, COUNTED), count > COUNTED, by_status)


def opinion_view(session: Session, identifier: UUID) -> OpinionView:
    """An opinion, what became of it, and what is like it; Refusal ``opinion.unknown``."""
    row = opinion_by(session, identifier)
    campaign = session.get_one(CampaignRow, row.campaign_id)
    aspects = {aspect.key: aspect.title for aspect in method_of(campaign).aspects}
    point = session.get(PointRow, row.point_id) if row.point_id else None
    deputy = session.get(PersonRow, row.deputy_id) if row.deputy_id else None
    alike = similar_opinions(session, campaign.id, row.text, row.id)
    known = _problems_of(session, row)
    listed = {problem.id for problem in known}
    near = [each.id for each in similar_problems(session, campaign.id, row.text) if each.id not in listed]
    problems = {each.id: each for each in session.scalars(select(ProblemRow).where(ProblemRow.id.in_(near)))}
    return OpinionView(
        row,
        campaign,
        aspects.get(row.aspect or "", ""),
        point.title if point else "",
        deputy.name if deputy else "",
        tuple(row.photos),
        tuple(row.messages),
        tuple(known),
        None if alike is None else tuple(_alike(session, alike)),
        tuple(problems[each] for each in near),
    )


def points_of(session: Session, campaign: CampaignRow) -> Sequence[tuple[UUID, str]]:
    """The printed codes of a campaign, by title."""
    query = select(PointRow.id, PointRow.title).where(PointRow.campaign_id == campaign.id)
    return [(key, title) for key, title in session.execute(query.order_by(PointRow.title, PointRow.id))]


def _alike(session: Session, near: Sequence[Near]) -> Iterator[Alike]:
    rows = _by_id(session, select(OpinionRow).where(OpinionRow.id.in_([each.id for each in near])))
    yield from (Alike(rows[each.id], round(each.likeness * 100)) for each in near)


def _few(session: Session, campaign: CampaignRow, sought: Sought) -> list[Mark] | None:
    """The keys of all that is found, the newest first; None when that is more than is counted.

    No index helps here, and none is meant to be used: a rare word is found five times faster by reading the table
    through than by fetching row after row in the order of an index.
    """
    mine = case((OpinionRow.campaign_id == campaign.id, 1), else_=0) == 1
    keys = select(OpinionRow.received_on, OpinionRow.id).where(mine, *_those(sought)).limit(COUNTED + 1)
    found: list[Mark] = [(day, key) for day, key in session.execute(keys)]
    return sorted(found, reverse=True) if len(found) <= COUNTED else None


def _picked(session: Session, found: Sequence[Mark], after: str) -> list[OpinionRow]:
    """The rows of the keys behind ``after``, one more than a page holds."""
    mark = _mark(after)
    keys = [key for day, key in found if mark is None or (day, key) < mark][: ON_A_PAGE + 1]
    rows = _by_id(session, select(OpinionRow).where(OpinionRow.id.in_(keys)))
    return [rows[key] for key in keys]


def _walked(session: Session, campaign: CampaignRow, sought: Sought, after: str) -> Sequence[OpinionRow]:
    """The same by walking along the index, for what is everywhere."""
    mark = _mark(after)
    those = [OpinionRow.campaign_id == campaign.id, *_those(sought)]
    behind = [] if mark is None else [tuple_(OpinionRow.received_on, OpinionRow.id) < mark]
    newest = select(OpinionRow).where(*those, *behind).order_by(OpinionRow.received_on.desc(), OpinionRow.id.desc())
    return session.scalars(newest.limit(ON_A_PAGE + 1)).all()


def _counted(session: Session, campaign: CampaignRow, sought: Sought) -> int:
    """How many there are, or one more than is counted: known already where a word is sought that is everywhere."""
    if sought.text:
        return COUNTED + 1
    those = [OpinionRow.campaign_id == campaign.id, *_those(sought)]
    some = select(OpinionRow.id).where(*those).limit(COUNTED + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def _those(sought: Sought) -> list[ColumnElement[bool]]:
    those: list[ColumnElement[bool]] = [
        OpinionRow.text.contains(word, autoescape=True) for word in sought.text.split()[:8]
    ]
    chosen = {"status": sought.status, "aspect": sought.aspect, "source": sought.source}
    those += [getattr(OpinionRow, name) == value for name, value in chosen.items() if value]
    if sought.unit:
        those.append(OpinionRow.unit_id.in_(select(UnitRow.id).where(UnitRow.code == sought.unit)))
    if sought.point:
        those.append(OpinionRow.point_id == sought.point)
    if sought.day:
        those.append(OpinionRow.received_on == sought.day)
    return those


def _by_status(session: Session, campaign: CampaignRow) -> dict[str, int]:
    query = select(OpinionRow.status, func.count()).where(OpinionRow.campaign_id == campaign.id)
    counts = dict(session.execute(query.group_by(OpinionRow.status)).all())
    return {str(status): counts.get(status, 0) for status in OpinionStatus}


def _waiting(session: Session, rows: Sequence[OpinionRow]) -> frozenset[UUID]:
    """Those of the rows in whose thread the writer spoke last."""
    query = select(OpinionMessageRow).where(OpinionMessageRow.opinion_id.in_([row.id for row in rows]))
    last: dict[UUID, bool] = {}
    for message in session.scalars(query.order_by(OpinionMessageRow.position)):
        last[message.opinion_id] = message.from_office
    return frozenset(key for key, from_office in last.items() if not from_office)


def _key(row: OpinionRow) -> str:
    return f"{row.received_on}.{row.id.hex}"


def _mark(after: str) -> Mark | None:
    day, _, key = after.partition(".")
    try:
        return date.fromisoformat(day), UUID(key)
    except ValueError:
        return None


def _problems_of(session: Session, row: OpinionRow) -> list[ProblemRow]:
    query = select(ProblemRow).join(FindingRow, FindingRow.problem_id == ProblemRow.id)
    return list(session.scalars(query.where(FindingRow.opinion_id == row.id).order_by(ProblemRow.number)))


def _by_id(session: Session, query: Select[OpinionRow]) -> dict[UUID, OpinionRow]:
    return {row.id: row for row in session.scalars(query)}
