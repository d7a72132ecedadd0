"""The attack on the secrecy of a ballot: whatever an attacker reads, they link no paper to a voter better than chance.

Sixty vote by phone, in one class and in three, as real people do: they check in, are shown a code, and cast in an order
that the attacker has seen.  All papers differ, so that each is known when it is read.  Two measures, for each of the
attacker's ways of guessing:

* how many voters it links rightly.  Laying a shuffled order beside the true one does so for one voter in each class on
  average, near to a Poisson distribution; more than ``MOST`` come by chance in less than one of a million tries, be it
  one class or three (mean 3: P(X > 15) = 1e-7).
* how near the order that it found is to the true one, in standard deviations of Spearman's coefficient; beyond
  ``NEAREST`` in less than one of a hundred million tries.

The same attacker, set on a vote whose papers are not sealed or not laid among others, links nearly everybody: the test
can fail.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert, select

from appraisal.operations import rounds
from appraisal.operations.office import Office
from appraisal.store import urn
from appraisal.store.ballot_tables import BallotCodeRow
from appraisal.store.record_tables import LedgerRow
from tests.operations.attacker import Guess, attack, readable
from tests.operations.ballot_world import AWARE, hall
from tests.operations.looted_vote import HALLS, SLUGS, UNITS, Vote, held, loot_of, opened
from tests.operations.world import refused

pytestmark = pytest.mark.slow
MOST, NEAREST = 15, 6.0
NEARLY_PERFECT = 7.0
"""The true order itself stands 7.7 standard deviations off."""


def test_attacker_links_no_paper_while_the_round_is_open(vote: Vote) -> None:
    """Nor can they say of a paper that they cannot read whose it is, with all that was ever written before them."""
    loot = loot_of(vote, secret=False)
    guesses = attack(loot, vote.seen, vote.truth, opened(vote))
    assert (len(loot.urn), len(readable(loot)), len(guesses) >= 25) == (60, 0, True)
    assert beyond_chance(guesses) == []


def test_attacker_with_the_secret_of_the_installation_reads_papers_but_knows_of_none_whose_it_is(vote: Vote) -> None:
    loot = loot_of(vote, secret=True)
    guesses = attack(loot, vote.seen, vote.truth, readable(loot))
    assert (readable(loot), len(guesses) >= 12) == (opened(vote), True)
    assert beyond_chance(guesses) == []


def test_attacker_links_and_reads_no_paper_once_the_round_is_closed(closed: Vote) -> None:
    for secret in (False, True):
        loot = loot_of(closed, secret=secret)
        assert (len(loot.urn), len(loot.spent), loot.keys, readable(loot)) == (0, 60, [], {})
        assert beyond_chance(attack(loot, closed.seen, closed.truth, {})) == []


def test_logs_and_ledger_tell_nothing_of_a_ballot(closed: Vote) -> None:
    office = closed.here.office
    with office.store.reading() as session:
        facts = list(session.scalars(select(LedgerRow).where(LedgerRow.chain == closed.here.slug)))
        places = [str(each) for each in session.scalars(select(BallotCodeRow.id))]
    told = "\n".join(f"{fact.subject} {fact.action} {fact.payload}" for fact in facts) + closed.logs()
    kinds = {fact.action for fact in facts if fact.subject.startswith("round:")}
    assert kinds == {"round:opened", "round:closed"}
    assert [place for place in places if place in told or place.replace("-", "") in told] == []
    assert [receipt for receipt in closed.here.close_round(closed.row).receipts if receipt in told] == []


def test_same_attacker_links_nearly_everybody_where_papers_are_not_laid_among_others(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is SQLite's journal emptied, nor what is deleted overwritten."""
    monkeypatch.setattr(urn, "SHAKEN", 0)
    monkeypatch.setattr(urn, "lay_among", _lay_alone)
    monkeypatch.setattr(urn, "empty_journal", lambda *_: None)
    vote = held(office, HALLS[1], str)
    guesses = attack(loot_of(vote, secret=True), vote.seen, vote.truth, opened(vote))
    best = max(guesses, key=lambda guess: guess.hits)
    assert best.hits >= 55, best


def test_same_attacker_links_nearly_everybody_without_any_secret_where_papers_are_not_sealed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(urn, "SHAKEN", 0)
    monkeypatch.setattr(urn, "lay_among", _lay_alone)
    monkeypatch.setattr(urn, "empty_journal", lambda *_: None)
    monkeypatch.setattr(urn.Urn, "_locked", lambda _, padded: padded)
    monkeypatch.setattr(urn.Urn, "_unlocked", lambda _, padded: padded)
    vote = held(office, HALLS[1], str)
    loot = loot_of(vote, secret=False)
    best = max(attack(loot, vote.seen, vote.truth, readable(loot)), key=lambda guess: guess.closeness)
    # A paper that a page of the log cuts in two is not read; those behind it are then linked one place off.
    assert (best.hits > MOST, best.closeness > NEARLY_PERFECT) == (True, True), best


def test_same_attacker_reads_what_an_urn_that_is_not_emptied_leaves(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "destroy", lambda *_: None)
    vote = held(office, HALLS[0], str)
    vote.here.close_round(vote.row)
    assert len(readable(loot_of(vote, secret=True))) == 60


@pytest.mark.parametrize("size", [1, 2])
def test_class_of_one_or_two_is_warned_of_before_the_vote_opens(office: Office, size: int) -> None:
    here = hall(office, f"attack-{next(SLUGS)}", UNITS)
    here.phones(member=3, citizen=size)
    with refused("round.too_small", groups=[f"市民代表{size}人"]):
        here.open(given=replace(AWARE, aware=False))
    assert here.open(given=AWARE).status == "open"


@pytest.fixture(scope="module", params=HALLS, ids=["one class", "three classes"])
def vote(request: pytest.FixtureRequest, office: Office) -> Iterator[Vote]:
    """Each hall votes once; the tests look at what is there while the round is open."""
    with _listening() as logs:
        yield held(office, request.param, logs)


@pytest.fixture(scope="module", params=HALLS, ids=["one class", "three classes"])
def closed(request: pytest.FixtureRequest, office: Office) -> Iterator[Vote]:
    with _listening() as logs:
        found = held(office, request.param, logs, seed=8)
        found.here.close_round(found.row)
        yield found


def beyond_chance(guesses: Sequence[Guess]) -> list[Guess]:
    return [guess for guess in guesses if guess.hits > MOST or abs(guess.closeness) > NEAREST]


class _listening:  # noqa: N801 - Used as a block.
    """All that is logged inside, at whatever level, as one text when asked for."""

    def __enter__(self) -> Callable[[], str]:
        self.lines: list[str] = []
        self.handler = logging.Handler(logging.DEBUG)
        self.handler.emit = lambda record: self.lines.append(record.getMessage())  # type: ignore[method-assign]
        self.level = logging.getLogger().level
        logging.getLogger().addHandler(self.handler)
        logging.getLogger().setLevel(logging.DEBUG)
        return lambda: "\n".join(self.lines)

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self.handler)
        logging.getLogger().setLevel(self.level)


def _lay_alone(session: Any, key: Any, others: Any, row: dict[str, Any]) -> None:  # noqa: ANN401 - As it stands in for.
    session.execute(insert(key.table), row)
