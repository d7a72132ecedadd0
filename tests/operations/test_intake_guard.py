from datetime import date

import pytest

from appraisal.keys import Keyring
from appraisal.operations.intake_guard import IntakeGuard, Pace, Rate, read_rules
from appraisal.operations.tickets import new_ticket, read_ticket
from tests.operations.world import refused

RULES = read_rules().model_copy(
    update={
        "held": Rate(at_once=2, a_minute=60),
        "refused": Rate(at_once=4, a_minute=120),
        "lookups": Rate(at_once=2, a_minute=60),
    }
)
FIRST = date(2023, 9, 5)


class Seconds:
    """A clock that stands until the test moves it."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


@pytest.fixture
def guard(clock: Seconds) -> IntakeGuard:
    return IntakeGuard(RULES, clock)


def test_pace_is_held_then_refused_for_each_code_by_itself(guard: IntakeGuard) -> None:
    paces = [guard.pace("a") for _ in range(6)]
    assert paces == [Pace.TAKEN, Pace.TAKEN, Pace.HELD, Pace.HELD, Pace.REFUSED, Pace.REFUSED]
    assert guard.pace("b") is Pace.TAKEN


def test_pace_recovers_with_time_however_often_it_was_refused(guard: IntakeGuard, clock: Seconds) -> None:
    for _ in range(1000):
        guard.pace("a")
    clock.now += 0.5
    assert (guard.pace("a"), guard.pace("a")) == (Pace.HELD, Pace.REFUSED)
    clock.now += 2.0
    assert [guard.pace("a") for _ in range(3)] == [Pace.TAKEN, Pace.TAKEN, Pace.HELD]


def test_lookups_are_refused_beyond_their_rate(guard: IntakeGuard, clock: Seconds) -> None:
    for _ in range(2):
        guard.admit_lookup()
    with refused("intake.too_fast"):
        guard.admit_lookup()
    clock.now += 1.0
    guard.admit_lookup()


def test_ticket_is_good_for_two_days_and_its_purpose() -> None:
    keyring = Keyring("k" * 32)
    ticket = new_ticket(keyring, "opinion/a", FIRST)
    nonces = {read_ticket(keyring, "opinion/a", ticket, date(2023, 9, day)) for day in (5, 6, 7)}
    assert len(nonces) == 1
    for day in (4, 8):
        with refused("ticket.stale"):
            read_ticket(keyring, "opinion/a", ticket, date(2023, 9, day))
    with refused("ticket.stale"):
        read_ticket(keyring, "opinion/b", ticket, FIRST)
    with refused("ticket.stale"):
        read_ticket(Keyring("j" * 32), "opinion/a", ticket, FIRST)


def test_tickets_of_a_day_differ_in_their_number_alone() -> None:
    keyring = Keyring("k" * 32)
    tickets = [new_ticket(keyring, "opinion/a", FIRST) for _ in range(50)]
    assert len({read_ticket(keyring, "opinion/a", ticket, FIRST) for ticket in tickets}) == 50
    assert {ticket[:11] for ticket in tickets} == {"2023-09-05."}


@pytest.mark.parametrize("written", ["", ".", "..", "2023-09-05", "x.y.z", "é.é.é", "2023-13-45.a.b"])
def test_what_is_no_ticket_is_refused(written: str) -> None:
    with refused("ticket.stale"):
        read_ticket(Keyring("k" * 32), "opinion/a", written, FIRST)
