"""How the appraised units are chosen: one small rule a way, from what was decided to what became of every candidate.

A rule breaks no tie by itself: where the last place falls between equals it refuses with their names, until the
decision says which of them were taken (``Put.settled``).
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction

from appraisal.domain.refusal import Refusal


class Outcome(StrEnum):
    """What became of a candidate."""

    CHOSEN = "chosen"
    CARRIED = "carried"
    NOT_PASSED = "not_passed"
    BELOW_CUT = "below_cut"
    PASSED_OVER = "passed_over"
    NOT_PUT = "not_put"
    NOT_DRAWN = "not_drawn"
    NOT_CONFIRMED = "not_confirmed"


TAKEN = frozenset({Outcome.CHOSEN, Outcome.CARRIED})


@dataclass(frozen=True)
class Candidate:
    """A unit that may be chosen."""

    code: str
    name: str


@dataclass(frozen=True)
class Threshold:
    """The share of the votes that a candidate must have; ``reach`` where exactly the share suffices."""

    share: Fraction
    reach: bool

    def passes(self, votes: int, base: int) -> bool:
        """Exact: two thirds of 30 are 20, and 50% of 31 are 15½."""
        got, needed = Fraction(votes), self.share * base
        return got >= needed if self.reach else got > needed


@dataclass(frozen=True)
class Place:
    """Where a unit stands in the ranking by problems; equal counts share a rank."""

    unit: Candidate
    rank: int
    problems: int


@dataclass(frozen=True)
class Rules:
    """What the method says: how many places are left, and what a vote must reach; None where it says nothing."""

    count: int | None = None
    passing: Threshold | None = None


@dataclass(frozen=True)
class Put:
    """What a decision puts to its rule: the units named, the votes counted, the seed drawn, and how things stand."""

    units: tuple[Candidate, ...] = ()
    votes: Mapping[Candidate, int] = field(default_factory=dict)
    base: int = 0
    seed: str = ""
    pool: tuple[Candidate, ...] = ()
    settled: frozenset[Candidate] = frozenset()
    ranking: tuple[Place, ...] = ()
    times: Mapping[Candidate, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Figure:
    """One candidate as the decision found it, and what became of it."""

    unit: Candidate
    outcome: Outcome
    rank: int | None = None
    problems: int | None = None
    votes: int | None = None


Rule = Callable[[Put, Rules], list[Figure]]


def share_of(text: str) -> Fraction:
    """``50%`` or ``2/3``, exactly."""
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def listed(put: Put, rules: Rules) -> list[Figure]:
    """Named, or decided by the council: whoever is on the list is chosen."""
    _some(put.units)
    _room(put.units, rules)
    return [Figure(unit, Outcome.CHOSEN) for unit in put.units]


def carried_over(put: Put, rules: Rules) -> list[Figure]:
    """Units of an earlier campaign that are looked at again."""
    return [replace(figure, outcome=Outcome.CARRIED) for figure in listed(put, rules)]


def voted(put: Put, rules: Rules) -> list[Figure]:
    """A committee votes on every candidate: who passes is chosen; of more than there are places, the most votes."""
    threshold = _threshold(put, rules)
    passed = [unit for unit in put.votes if threshold.passes(put.votes[unit], put.base)]
    taken = _cut(passed, lambda unit: (-put.votes[unit],), rules.count, put.settled)
    return [_voted_on(unit, put.votes[unit], passed, taken) for unit in _by_votes(put.votes)]


def ranked_then_voted(put: Put, rules: Rules) -> list[Figure]:
    """Units are ranked by their problems, then each is voted on; among those that pass, the better rank goes first.

    Units of one rank are voted on together or not at all.  A unit that ranks before one that was chosen and was not
    chosen itself is passed over, and recorded so; between equal ranks at the last place the votes decide.
    """
    threshold = _threshold(put, rules)
    places = {place.unit: place for place in put.ranking}
    _refuse("selection.not_ranked", [unit for unit in put.votes if unit not in places])
    ranks = {places[unit].rank for unit in put.votes}
    left_out = [place.unit for place in put.ranking if place.rank in ranks and place.unit not in put.votes]
    _refuse("selection.rank_unvoted", left_out)
    passed = [unit for unit in put.votes if threshold.passes(put.votes[unit], put.base)]
    taken = _cut(passed, lambda unit: (places[unit].rank, -put.votes[unit]), rules.count, put.settled)
    last = max((places[unit].rank for unit in taken), default=0)
    return [_ranked(place, put.votes.get(place.unit), taken, passed, last) for place in put.ranking]


def drawn(put: Put, rules: Rules) -> list[Figure]:
    """A draw from a published seed; then only units that were drawn are confirmed.

    Anyone can redo it: write the seed, a bar and the unit's code (``20231027|jyj``) in UTF-8, take its SHA-256 in
    hexadecimal, and put the units in the alphabetical order of these; the first so many are drawn.  Without a unit to
    confirm, the refusal says who was drawn.
    """
    if not put.seed.strip():
        raise Refusal("selection.no_seed")
    _some(put.pool)
    order = sorted(put.pool, key=lambda unit: lot(put.seed, unit))
    count = _count(rules)
    if count > len(order):
        raise Refusal("selection.pool_small", pool=len(order), count=count)
    first = order[:count]
    names = [unit.name for unit in first]
    if not put.units:
        raise Refusal("selection.confirm_drawn", seed=put.seed.strip(), drawn=names)
    if strange := [unit.name for unit in put.units if unit not in first]:
        raise Refusal("selection.not_drawn", units=strange, drawn=names)
    return [Figure(unit, _drawn(unit, first, put.units)) for unit in order]


def lot(seed: str, unit: Candidate) -> str:
    """The lot of a unit in a draw (see ``drawn``)."""
    return hashlib.sha256(f"{seed.strip()}|{unit.code}".encode()).hexdigest()


def most_votes(put: Put, rules: Rules) -> list[Figure]:
    """The public or the deputies vote: as many as there are places, by votes."""
    _some(put.votes)
    taken = _cut(list(put.votes), lambda unit: (-put.votes[unit],), _count(rules), put.settled)
    return [_voted_on(unit, put.votes[unit], list(put.votes), taken) for unit in _by_votes(put.votes)]


def in_turn(put: Put, rules: Rules) -> list[Figure]:
    """Term rotation: nobody's turn comes again before it has come to all of the pool."""
    chosen = listed(put, rules)
    _refuse("selection.not_in_pool", [unit for unit in put.units if unit not in put.pool])
    waiting = [unit for unit in put.pool if unit not in put.units]
    fewest = min((put.times.get(unit, 0) for unit in waiting), default=None)
    early = [unit for unit in put.units if fewest is not None and put.times.get(unit, 0) > fewest]
    if early:
        turn = [unit.name for unit in waiting if put.times.get(unit, 0) == fewest]
        raise Refusal("selection.not_their_turn", units=[unit.name for unit in early], waiting=turn)
    return chosen


def _cut(
    passed: Sequence[Candidate],
    key: Callable[[Candidate], tuple[int, ...]],
    count: int | None,
    settled: Collection[Candidate],
) -> list[Candidate]:
    """The first ``count`` in the order of ``key``; equals at the last place are taken only as the decision says."""
    order = sorted(passed, key=key)
    if count is None or len(order) <= count:
        return order
    edge = key(order[count - 1])
    ahead = [unit for unit in order if key(unit) < edge]
    equal = [unit for unit in order if key(unit) == edge]
    if len(ahead) + len(equal) == count:
        return ahead + equal
    picked = [unit for unit in equal if unit in settled]
    if len(picked) != count - len(ahead):
        raise Refusal("selection.tie", units=[unit.name for unit in equal], places=count - len(ahead))
    return ahead + picked


def _ranked(
    place: Place, votes: int | None, taken: Collection[Candidate], passed: Collection[Candidate], last: int
) -> Figure:
    if place.unit in taken:
        outcome = Outcome.CHOSEN
    elif place.rank < last:
        outcome = Outcome.PASSED_OVER
    elif votes is None:
        outcome = Outcome.NOT_PUT
    else:
        outcome = Outcome.BELOW_CUT if place.unit in passed else Outcome.NOT_PASSED
    return Figure(place.unit, outcome, place.rank, place.problems, votes)


def _voted_on(unit: Candidate, votes: int, passed: Collection[Candidate], taken: Collection[Candidate]) -> Figure:
    if unit in taken:
        return Figure(unit, Outcome.CHOSEN, votes=votes)
    return Figure(unit, Outcome.BELOW_CUT if unit in passed else Outcome.NOT_PASSED, votes=votes)


def _drawn(unit: Candidate, first: Collection[Candidate], confirmed: Collection[Candidate]) -> Outcome:
    if unit not in first:
        return Outcome.NOT_DRAWN
    return Outcome.CHOSEN if unit in confirmed else Outcome.NOT_CONFIRMED


def _by_votes(votes: Mapping[Candidate, int]) -> list[Candidate]:
    return sorted(votes, key=lambda unit: -votes[unit])


def _threshold(put: Put, rules: Rules) -> Threshold:
    _some(put.votes)
    if rules.passing is None:
        raise Refusal("selection.no_passing")
    if put.base < 1:
        raise Refusal("selection.no_base")
    _refuse("selection.votes_exceed", [unit for unit, votes in put.votes.items() if votes > put.base], base=put.base)
    return rules.passing


def _count(rules: Rules) -> int:
    if rules.count is None:
        raise Refusal("selection.no_count")
    return rules.count


def _some(units: Collection[Candidate]) -> None:
    if not units:
        raise Refusal("selection.nobody")


def _room(units: Collection[Candidate], rules: Rules) -> None:
    if rules.count is not None and len(units) > rules.count:
        raise Refusal("selection.too_many", given=len(units), places=rules.count)


def _refuse(code: str, units: Iterable[Candidate], **facts: object) -> None:
    names = [unit.name for unit in units]
    if names:
        raise Refusal(code, units=names, **facts)
