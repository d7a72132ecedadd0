"""People come, by their own code or noted by the office; they are handed what to vote with; they leave, and return."""

from itertools import count

import pytest
from sqlalchemy import select

from appraisal.method.vote_words import Medium
from appraisal.operations import check_in
from appraisal.operations.ballot_codes import code_by
from appraisal.operations.check_in import is_late, media_for, state_of
from appraisal.operations.office import Office
from appraisal.operations.presence import Presence
from appraisal.store.ballot_tables import BallotCodeRow
from appraisal.store.record_tables import LedgerRow
from tests.operations.sitting_world import DAY_BEFORE, HELD_ON, LATER, MORNING, Sat, sat
from tests.operations.world import instant, refused

NAMES = count(1)


@pytest.fixture
def held(office: Office) -> Sat:
    return sat(office, f"k{next(NAMES)}")


def codes(campaign: Sat) -> list[BallotCodeRow]:
    with campaign.office.store.reading() as session:
        return list(session.scalars(select(BallotCodeRow).where(BallotCodeRow.sitting_id == campaign.id)))


def test_own_code_checks_in_and_gives_a_code_of_the_class(held: Sat) -> None:
    welcome = held.scan("甲一")
    assert (welcome.arrival.name, welcome.arrival.voters, welcome.arrival.state) == ("甲一", "常委会组成人员", "there")
    row = held.attendee("甲一")
    assert (row.came_at, row.medium) == (instant(MORNING), "phone")
    with held.office.store.reading() as session:
        found = code_by(session, held.office.keyring, welcome.code)
        assert found
        assert (found.voters, found.sitting_id) == ("member", held.id)
    assert held.presence()["member"] == Presence(3, 2, 1, 1, 0)


def test_own_code_twice_gives_no_second_code(held: Sat) -> None:
    assert held.scan("甲一").code
    again = held.scan("甲一", LATER)
    assert (again.code, again.arrival.came_at) == ("", instant(MORNING))
    assert (len(codes(held)), len(held.facts("attendee:came"))) == (1, 1)


def test_who_sits_in_is_given_no_code(held: Sat) -> None:
    assert held.scan("己六").code == ""
    assert (state_of(held.attendee("己六")), codes(held)) == ("there", [])


def test_code_of_a_voter_is_written_nowhere(held: Sat) -> None:
    code = held.scan("甲一").code
    plain = code.replace("-", "")
    with held.office.store.reading() as session:
        ledger = str(list(session.scalars(select(LedgerRow.payload))))
    kept = f"{vars(held.attendee('甲一'))} {[vars(row) for row in codes(held)]} {ledger}"
    assert code not in kept
    assert plain not in kept
    assert code not in repr(check_in.Welcome(held.scan("乙二").arrival, code))


def test_unknown_code_is_refused(held: Sat) -> None:
    with refused("check_in.unknown"), held.office.store.reading() as session:
        check_in.arrival_by(session, held.office.keyring, "AAAAA-AAAAA", instant(MORNING))


def test_check_in_begins_with_the_day_and_ends_with_the_sitting(held: Sat) -> None:
    with refused("check_in.early", sitting="第十四次会议", held_on=HELD_ON):
        held.scan("甲一", DAY_BEFORE)
    with refused("check_in.early", sitting="第十四次会议", held_on=HELD_ON):
        held.come("甲一", at=DAY_BEFORE)
    assert held.scan("甲一", "2023-09-28T00:00").code
    held.open()
    held.end()
    with refused("sitting.closed", sitting="第十四次会议"):
        held.scan("乙二", "2023-09-28T13:00")
    assert len(codes(held)) == 1


def test_who_comes_after_the_opening_is_late(held: Sat) -> None:
    held.scan("甲一")
    held.open()
    held.scan("乙二", LATER)
    sitting = held.sitting()
    assert [is_late(sitting, row) for row in sitting.attendees[:3]] == [False, True, False]
    assert [fact["late"] for fact in held.facts("attendee:came")] == [False, True]


def test_office_notes_a_coming_and_hands_out_a_paper_once(held: Sat) -> None:
    for _ in range(2):
        held.come("甲一", Medium.PAPER)
    assert (held.attendee("甲一").medium, len(held.facts("attendee:came"))) == ("paper", 1)
    assert held.presence()["member"] == Presence(3, 2, 1, 0, 1)
    with refused("check_in.handed", name="甲一", medium="paper"):
        held.come("甲一", Medium.PHONE)
    assert held.scan("甲一").code == ""


def test_office_hands_out_a_printed_slip_to_who_was_noted_before(held: Sat) -> None:
    held.come("甲一")
    held.come("甲一", Medium.PHONE, LATER)
    row = held.attendee("甲一")
    assert (row.came_at, row.medium, codes(held)) == (instant(MORNING), "phone", [])


def test_nothing_to_vote_with_is_handed_to_who_sits_in(held: Sat) -> None:
    with refused("check_in.no_vote", name="己六"):
        held.come("己六", Medium.PAPER)
    assert state_of(held.attendee("己六")) == "awaited"


def test_only_the_office_notes_a_coming(held: Sat) -> None:
    with refused("portal.staff_only.not_yours"), held.desk("director", MORNING) as desk:
        check_in.note_coming(desk, held.attendee("甲一").id)


def test_lost_code_is_replaced_by_a_paper(held: Sat) -> None:
    held.scan("甲一")
    for _ in range(2):
        with held.desk("office-1", LATER) as desk:
            check_in.replace_medium(desk, held.attendee("甲一").id, Medium.PAPER)
    assert held.presence()["member"] == Presence(3, 2, 1, 0, 1)
    assert [fact.get("instead_of") for fact in held.facts("attendee:came")] == [None, "phone"]
    with refused("check_in.not_there", name="乙二"), held.desk("office-1", LATER) as desk:
        check_in.replace_medium(desk, held.attendee("乙二").id, Medium.PAPER)


def test_somebody_leaves_and_comes_back(held: Sat) -> None:
    held.scan("甲一")
    held.come("乙二", Medium.PAPER)
    for _ in range(2):
        held.leave("甲一")
    held.leave("乙二")
    assert held.presence()["member"] == Presence(3, 2, 0, 1, 0)
    assert (state_of(held.attendee("甲一")), len(held.facts("attendee:left"))) == ("left", 2)
    assert held.scan("甲一", "2023-09-28T10:00").code == ""
    held.come("乙二", at="2023-09-28T10:00")
    assert held.presence()["member"] == Presence(3, 2, 2, 1, 1)
    assert [fact["back"] for fact in held.facts("attendee:came")] == [False, False, True, True]
    assert held.attendee("甲一").came_at == instant(MORNING)


def test_nobody_leaves_who_has_not_come(held: Sat) -> None:
    with refused("check_in.not_there", name="甲一"):
        held.leave("甲一")


def test_coming_noted_by_mistake_is_taken_back(held: Sat) -> None:
    held.come("甲一", Medium.PAPER)
    for _ in range(2):
        with held.desk("office-1", MORNING) as desk:
            check_in.take_back(desk, held.attendee("甲一").id)
    row = held.attendee("甲一")
    assert (row.came_at, row.medium, held.presence()["member"].present) == (None, None, 0)
    assert len(held.facts("attendee:left")) == 1
    held.scan("乙二")
    with refused("check_in.has_code", name="乙二"), held.desk("office-1", MORNING) as desk:
        check_in.take_back(desk, held.attendee("乙二").id)


def test_who_comes_though_on_leave_is_due(held: Sat) -> None:
    assert state_of(held.attendee("丙三")) == "on_leave"
    held.scan("丙三")
    assert held.presence()["member"] == Presence(3, 3, 1, 1, 0)


def test_media_are_those_of_the_ballots_that_are_counted(held: Sat) -> None:
    with held.office.store.reading() as session:
        sitting = session.merge(held.sitting(), load=False)
        assert sorted(media_for(sitting, "member")) == ["paper", "phone"]
