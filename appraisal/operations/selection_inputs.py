"""What a decision on the units puts to its rule, and on what terms: as written, and as the record has it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.digest import digest
from appraisal.domain.lifecycle import CampaignStatus
from appraisal.domain.refusal import Refusal
from appraisal.domain.selection import Candidate, Place, Put, Rules, Threshold, share_of
from appraisal.method.schema import Method
from appraisal.method.vote_words import Boundary
from appraisal.method.words import SelectionWay
from appraisal.operations.chosen_units import counted_targets
from appraisal.operations.loading import campaign_by, method_of, unit_by
from appraisal.operations.problem_list import ranking_of
from appraisal.operations.units import active_units
from appraisal.store.campaign_tables import CampaignRow, TargetRow
from appraisal.store.register_tables import UnitRow
from appraisal.store.types import JsonObject

_NAMED = ("units", "pool", "settled", "earlier", "carried")


@dataclass(frozen=True)
class Decision:
    """A decision on the units as it was taken; units are given by code or name.

    ``units`` are those named, decided or confirmed; ``pool`` those a draw or a turn is taken from (all of the register
    where it is empty); ``earlier`` those whose turn came before this installation; ``settled`` those taken of equals.
    """

    decided_on: date
    decided_by: str
    document: str = ""
    units: Sequence[str] = ()
    votes: Mapping[str, int] = field(default_factory=dict)
    base: int = 0
    seed: str = ""
    pool: Sequence[str] = ()
    settled: Sequence[str] = ()
    term_since: date | None = None
    earlier: Sequence[str] = ()
    carried: Sequence[str] = ()
    carried_from: str = ""


@dataclass(frozen=True)
class Weighed:
    """A decision in units of the register: what is put to the rule, who is carried over, and the terms to be kept.

    ``content`` is what makes it the decision that it is, whatever has become of the campaign since.
    """

    put: Put
    carried: tuple[Candidate, ...]
    terms: JsonObject
    content: str

    @property
    def asked(self) -> bool:
        """Whether the decision chooses anybody, besides carrying units over."""
        return bool(self.put.units or self.put.votes)


def counted(votes: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The votes by unit; Refusal ``selection.twice`` where a unit stands twice."""
    listed = list(votes)
    counts = dict(listed)
    if len(counts) < len(listed):
        names = [unit for unit, _ in listed]
        raise Refusal("selection.twice", units=sorted({unit for unit in names if names.count(unit) > 1}))
    return counts


def weighed(session: Session, campaign: CampaignRow, decision: Decision) -> Weighed:
    """Resolve the names of a decision, and add what the record says: the ranking, whose turn has come, who is in.

    Refuses an unknown unit, one given twice, and what is missing for the way of the method.
    """
    method = method_of(campaign)
    inside = {target.unit.code for target in campaign.targets}
    named = {name: _candidates(session, getattr(decision, name)) for name in _NAMED}
    votes = dict(zip(_candidates(session, decision.votes), decision.votes.values(), strict=True))
    terms = _terms(method, decision, named)
    written = {name: [unit.code for unit in units] for name, units in named.items()}
    counts = {unit.code: count for unit, count in votes.items()}
    by_carrying = method.targets.selection.way is SelectionWay.CARRIED_OVER
    carried = _carried(session, method, decision, (*named["carried"], *(named["units"] if by_carrying else ())))
    put = Put(
        units=carried if by_carrying else named["units"],
        votes=votes,
        base=decision.base,
        seed=decision.seed,
        pool=_pool(session, method, named["pool"], inside),
        settled=frozenset(named["settled"]),
        ranking=tuple(place for place in places_of(session, campaign) if place.unit.code not in inside),
        times=_times(session, method, decision, named["earlier"]),
    )
    beside = () if by_carrying else carried
    return Weighed(put, beside, terms, digest([str(decision.decided_on), decision.decided_by, terms, written, counts]))


def rules_of(session: Session, campaign: CampaignRow) -> Rules:
    """What the method says of the choice: the places that are left, and what a vote must reach."""
    selection = method_of(campaign).targets.selection
    count = None if selection.count is None else max(selection.count - counted_targets(session, campaign), 0)
    passing = selection.passing
    if passing is None:
        return Rules(count)
    return Rules(count, Threshold(share_of(passing.share), passing.boundary is Boundary.REACH))


def places_of(session: Session, campaign: CampaignRow) -> list[Place]:
    """The ranking by problems, of the units that lead on any."""
    lines = ranking_of(session, campaign.slug)
    return [Place(Candidate(line.code, line.name), line.rank, line.count) for line in lines if line.count]


def _candidates(session: Session, given: Iterable[str]) -> tuple[Candidate, ...]:
    found = [_candidate(unit_by(session, unit.strip())) for unit in given]
    twice = sorted({unit.name for unit in found if found.count(unit) > 1})
    if twice:
        raise Refusal("selection.twice", units=twice)
    return tuple(found)


def _candidate(unit: UnitRow) -> Candidate:
    return Candidate(unit.code, unit.name)


def _carried(
    session: Session, method: Method, decision: Decision, carried: tuple[Candidate, ...]
) -> tuple[Candidate, ...]:
    """Units of an earlier campaign of this installation that are looked at again."""
    selection = method.targets.selection
    if not carried:
        return ()
    if not selection.carried_over and selection.way is not SelectionWay.CARRIED_OVER:
        raise Refusal("selection.no_carrying")
    earlier = campaign_by(session, decision.carried_from)
    known = {target.unit.code for target in earlier.targets}
    strangers = [unit.name for unit in carried if unit.code not in known]
    if strangers:
        raise Refusal("selection.not_in_earlier", units=strangers, campaign=earlier.title)
    return carried


def _pool(session: Session, method: Method, given: tuple[Candidate, ...], inside: set[str]) -> tuple[Candidate, ...]:
    if method.targets.selection.way not in (SelectionWay.LOTTERY_THEN_CONFIRMED, SelectionWay.TERM_ROTATION):
        return ()
    pool = given or tuple(_candidate(unit) for unit in active_units(session))
    return tuple(unit for unit in pool if unit.code not in inside)


def _times(
    session: Session, method: Method, decision: Decision, earlier: tuple[Candidate, ...]
) -> dict[Candidate, int]:
    """How often each unit's turn has come in this term: in closed campaigns here, and as entered for before."""
    if method.targets.selection.way is not SelectionWay.TERM_ROTATION:
        return {}
    if decision.term_since is None:
        raise Refusal("selection.no_term")
    query = (
        select(UnitRow)
        .join(TargetRow, TargetRow.unit_id == UnitRow.id)
        .join(CampaignRow, CampaignRow.id == TargetRow.campaign_id)
        .where(CampaignRow.status == CampaignStatus.CLOSED, CampaignRow.starts_on >= decision.term_since)
    )
    here = [_candidate(unit) for unit in session.scalars(query)]
    return dict(Counter([*here, *earlier]))


def _terms(method: Method, decision: Decision, named: Mapping[str, Sequence[Candidate]]) -> JsonObject:
    """What the decision rested on, kept so that anyone can go over it again; only what was given."""
    selection = method.targets.selection
    passing = selection.passing
    terms = {
        "count": selection.count,
        "share": passing.share if passing else "",
        "boundary": str(passing.boundary) if passing else "",
        "of": str(passing.base) if passing else "",
        "base": decision.base,
        "seed": decision.seed.strip(),
        "pool": [unit.name for unit in named["pool"]],
        "settled": [unit.name for unit in named["settled"]],
        "term_since": str(decision.term_since or ""),
        "earlier": [unit.name for unit in named["earlier"]],
        "carried_from": decision.carried_from,
    }
    return {name: value for name, value in terms.items() if value}
