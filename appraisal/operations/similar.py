"""What is said alike: opinions and problems near to a text, by the pairs and triples of signs that they share.

The vectors of a campaign's opinions are kept in memory, once a process, and brought up to date by what is new: texts
of opinions never change.  Counting tells cheaply whether anything is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import import_module
from threading import Lock, Thread
from types import ModuleType
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Connection, Engine, Pool, func, select
from sqlalchemy.orm import Session

from appraisal.domain.lifecycle import OPEN_PROBLEM
from appraisal.store.opinion_tables import OpinionRow
from appraisal.store.problem_tables import ProblemRow

if TYPE_CHECKING:
    from appraisal.operations.likeness import Vectors
else:
    Vectors: TypeAlias = object

LEAST = 0.18
MOST_PARTS = 32
AT_ONCE = 5000
"""How many new opinions a page waits for; they take half a second."""
KEPT = 4
"""Of how many campaigns the vectors are kept; a hundred thousand opinions take about 100 MB."""


@dataclass(frozen=True)
class Near:
    """Something said alike, from 0 to 1."""

    id: UUID
    likeness: float


@dataclass
class _Index:
    """The opinions of one campaign in the order in which they were read; a part a reading."""

    ids: list[UUID] = field(default_factory=list)
    known: set[UUID] = field(default_factory=set)
    parts: list[Vectors] = field(default_factory=list)
    newest: date = date.min
    lock: Lock = field(default_factory=Lock)


_INDEXES: WeakKeyDictionary[Pool, dict[UUID, _Index]] = WeakKeyDictionary()
_LOCK = Lock()


def similar_opinions(session: Session, campaign_id: UUID, text: str, but: UUID, most: int = 8) -> list[Near] | None:
    """The opinions of the campaign nearest to a text, the nearest first, without ``but``.

    None while so many are new that they are read beside what is asked: a page does not wait for that.
    """
    index = _index(session, campaign_id)
    if _counted(session, campaign_id) - len(index.ids) > AT_ONCE:
        _read_beside(index, session.get_bind(), campaign_id)
        return None
    with index.lock:
        _bring_up_to_date(index, session, campaign_id)
        ids, parts = list(index.ids), list(index.parts)
    return [near for near in _nearest(text, ids, parts, most + 1) if near.id != but][:most]


def similar_problems(session: Session, campaign_id: UUID, text: str, most: int = 5) -> list[Near]:
    """The open problems of the campaign nearest to a text, the nearest first."""
    query = select(ProblemRow.id, ProblemRow.title, ProblemRow.detail)
    listed = (ProblemRow.campaign_id == campaign_id, ProblemRow.status.in_(OPEN_PROBLEM))
    rows = session.execute(query.where(*listed).order_by(ProblemRow.number)).all()
    if not rows:
        return []
    return _nearest(
        text, [row.id for row in rows], [_likeness().vectors(f"{row.title}\n{row.detail}" for row in rows)], most
    )


def _index(session: Session, campaign_id: UUID) -> _Index:
    """The index of a campaign; of several, those that were asked last are kept."""
    with _LOCK:
        of_base = _INDEXES.setdefault(_pool(session), {})
        index = of_base.pop(campaign_id, None) or _Index()
        of_base[campaign_id] = index
        while len(of_base) > KEPT:
            del of_base[next(iter(of_base))]
        return index


def _pool(session: Session) -> Pool:
    return session.get_bind().engine.pool


def _read_beside(index: _Index, bind: Engine | Connection, campaign_id: UUID) -> None:
    if index.lock.acquire(blocking=False):
        Thread(target=_read, args=(index, bind, campaign_id), name="similar", daemon=True).start()


def _read(index: _Index, bind: Engine | Connection, campaign_id: UUID) -> None:
    try:
        with Session(bind) as session:
            _bring_up_to_date(index, session, campaign_id)
    finally:
        index.lock.release()


def _counted(session: Session, campaign_id: UUID) -> int:
    query = select(func.count()).select_from(OpinionRow).where(OpinionRow.campaign_id == campaign_id)
    return session.scalar(query) or 0


def _bring_up_to_date(index: _Index, session: Session, campaign_id: UUID) -> None:
    """What is new came today as a rule; only when that does not make up the number are all keys looked through."""
    mine = OpinionRow.campaign_id == campaign_id
    count = _counted(session, campaign_id)
    if count == len(index.ids):
        return
    _add(index, session, [mine, OpinionRow.received_on >= index.newest])
    if count > len(index.ids):
        _add(index, session, [mine])


def _add(index: _Index, session: Session, those: Sequence[ColumnElement[bool]]) -> None:
    keys = session.scalars(select(OpinionRow.id).where(*those)).all()
    fresh = [key for key in keys if key not in index.known]
    query = select(OpinionRow.id, OpinionRow.text, OpinionRow.received_on)
    everything = len(fresh) == len(keys)
    for chosen in [those] if everything else [[OpinionRow.id.in_(some)] for some in _batches(fresh)]:
        rows = session.execute(query.where(*chosen)).all()
        if rows:
            index.parts.append(_likeness().vectors(row.text for row in rows))
            index.ids += [row.id for row in rows]
            index.known.update(row.id for row in rows)
            index.newest = max(index.newest, *(row.received_on for row in rows))
    if len(index.parts) > MOST_PARTS:
        index.parts = [_likeness().stacked(index.parts)]


def _batches(keys: Sequence[UUID], size: int = 500) -> Iterable[Sequence[UUID]]:
    return (keys[start : start + size] for start in range(0, len(keys), size))


def _nearest(text: str, ids: Sequence[UUID], parts: Sequence[Vectors], most: int) -> list[Near]:
    if not ids:
        return []
    return [Near(ids[at], cosine) for at, cosine in _likeness().nearest(text, parts, most) if cosine >= LEAST]


def warm_up() -> None:
    """Load beside everything else what the first look at an opinion needs, a second or two; a portal does so."""
    Thread(target=_likeness, name="likeness", daemon=True).start()


@cache
def _likeness() -> ModuleType:
    """Loaded when first asked for: most processes never do."""
    return import_module("appraisal.operations.likeness")
