"""Casting a ballot by phone: once, with a receipt, and with the truth about whether it is in."""

from collections.abc import Mapping
from itertools import count
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from appraisal.domain.refusal import Refusal
from appraisal.operations.office import Office
from appraisal.operations.voting import Door, door
from appraisal.store.ballot_tables import RoundRow, UrnRow
from appraisal.store.record_tables import LedgerRow
from tests.operations.ballot_world import AWARE, VOTING, Given, Hall, hall, whole
from tests.operations.world import refused

SLUGS = count(1)
BALLOT = "满意度测评"
PAPER = whole(jyj="satisfied", kjj="basic")


@pytest.fixture
def here(office: Office) -> Hall:
    return hall(office, f"voting-{next(SLUGS)}")


@pytest.fixture
def voting(here: Hall) -> tuple[Hall, RoundRow, list[str]]:
    """Three members with codes, and an open round."""
    codes = here.phones(member=3)["member"]
    return here, here.open(), codes


def at_the_door(here: Hall, code: str) -> Door:
    with here.office.store.reading() as session:
        return door(session, here.office.keyring, code)


def facts(here: Hall) -> int:
    with here.office.store.reading() as session:
        return session.query(LedgerRow).count()


def test_ballot_is_cast_once_and_the_same_again_gives_the_same_receipt(
    voting: tuple[Hall, RoundRow, list[str]],
) -> None:
    here, row, codes = voting
    known = facts(here)
    first = here.cast(row, codes[0], PAPER)
    again = here.cast(row, codes[0].replace("-", "").lower(), PAPER, "2023-09-28T10:05")
    assert (first, here.kept(row), facts(here)) == (again, (1, 1, 0), known)
    with refused("ballot.spent", ballot=BALLOT):
        here.cast(row, codes[0], whole(jyj="basic", kjj="basic"))
    assert here.kept(row) == (1, 1, 0)


def test_receipts_of_equal_papers_differ(voting: tuple[Hall, RoundRow, list[str]]) -> None:
    here, row, codes = voting
    assert len({here.cast(row, code, PAPER) for code in codes}) == 3


def test_order_in_which_marks_are_sent_makes_no_other_paper(voting: tuple[Hall, RoundRow, list[str]]) -> None:
    here, row, codes = voting
    first = here.cast(row, codes[0], {"jyj": {"": ("satisfied", "basic")}})
    assert here.cast(row, codes[0], {"kjj": {}, "jyj": {"": ["basic", "satisfied", "basic"]}}) == first


def test_door_shows_the_rounds_of_a_code_and_whether_it_has_voted(voting: tuple[Hall, RoundRow, list[str]]) -> None:
    here, row, codes = voting
    found = at_the_door(here, codes[0])
    shown = [(each.row.id, each.ballot.title, each.already_in) for each in found.rounds]
    assert (found.sitting.title, found.voters, shown) == ("第十四次会议", "member", [(row.id, BALLOT, False)])
    here.cast(row, codes[0], PAPER)
    assert [each.already_in for each in at_the_door(here, codes[0]).rounds] == [True]
    assert [each.already_in for each in at_the_door(here, codes[1]).rounds] == [False]
    here.close_round(row)
    assert at_the_door(here, codes[0]).rounds == []


@pytest.mark.parametrize("code", ["", "ABCD-EFGH-JKMN", "0" * 400, "满意"])
def test_code_that_was_not_handed_out_opens_nothing(voting: tuple[Hall, RoundRow, list[str]], code: str) -> None:
    here, row, _ = voting
    with refused("ballot.code_unknown"):
        at_the_door(here, code)
    with refused("ballot.code_unknown"):
        here.cast(row, code, PAPER)


@pytest.mark.parametrize(("cast_before", "already_in"), [(True, True), (False, False)])
def test_who_comes_after_the_closing_is_told_whether_the_ballot_is_in(
    voting: tuple[Hall, RoundRow, list[str]], cast_before: bool, already_in: bool
) -> None:
    here, row, codes = voting
    if cast_before:
        here.cast(row, codes[0], PAPER)
    here.close_round(row)
    with refused("ballot.round_closed", ballot=BALLOT, already_in=already_in, void=False):
        here.cast(row, codes[0], PAPER)


def test_who_comes_after_a_round_was_broken_off_is_told_that_it_does_not_count(
    voting: tuple[Hall, RoundRow, list[str]],
) -> None:
    here, row, codes = voting
    here.cast(row, codes[0], PAPER)
    here.void(row)
    with refused("ballot.round_closed", ballot=BALLOT, already_in=True, void=True):
        here.cast(row, codes[0], PAPER)


def test_code_of_another_class_does_not_vote(here: Hall) -> None:
    codes = here.phones(member=3, deputy=3)
    row = here.open("scored")
    with refused("ballot.not_yours", ballot="打分测评"):
        here.cast(row, codes["member"][0], whole(jyj="90"))
    assert at_the_door(here, codes["member"][0]).rounds == []


def test_ballot_on_paper_alone_is_not_cast_by_phone(here: Hall) -> None:
    codes = here.codes("member", 3)
    here.seat(member=3)
    for number in (1, 2, 3):
        here.take_paper(f"member{number}")
    row = here.open("paper_only")
    with refused("ballot.not_yours", ballot="纸质票测评"):
        here.cast(row, codes[0], PAPER)


def test_code_of_another_sitting_does_not_vote(voting: tuple[Hall, RoundRow, list[str]], office: Office) -> None:
    here, row, _ = voting
    other = hall(office, f"voting-{next(SLUGS)}").codes("member", 1)
    with refused("round.unknown"):
        here.cast(row, other[0], PAPER)
    row.id = uuid4()
    with refused("round.unknown"):
        here.cast(row, here.codes("member", 1)[0], PAPER)


def test_own_code_votes_by_name_alone(voting: tuple[Hall, RoundRow, list[str]]) -> None:
    here, row, codes = voting
    with refused("ballot.not_yours", ballot=BALLOT):
        here.cast(row, here.own_code("member1"), PAPER)
    named = here.open("named", Given())
    with refused("ballot.not_yours", ballot="记名表决"):
        here.cast(named, codes[0], PAPER)
    assert [each.row.id for each in at_the_door(here, here.own_code("member1")).rounds] == [named.id]


@pytest.mark.parametrize(
    "marks",
    [
        {"gaj": {"": ("satisfied",)}},
        {"jyj": {"style": ("satisfied",)}},
        {"jyj": {"": ("excellent",)}},
        {"jyj": {"": ("satisfied", "")}},
    ],
)
def test_what_does_not_stand_on_the_ballot_is_refused(
    voting: tuple[Hall, RoundRow, list[str]], marks: Mapping[str, Any]
) -> None:
    here, row, codes = voting
    with refused("ballot.marks_unknown", ballot=BALLOT, lines=1):
        here.cast(row, codes[0], marks)
    assert here.kept(row) == (0, 0, 0)


@pytest.mark.parametrize("score", ["100.5", "-1", "80.25", "八十", "1e2", "8" * 40])
def test_score_off_the_scale_is_refused(here: Hall, score: str) -> None:
    codes = here.phones(deputy=3)["deputy"]
    row = here.open("scored")
    with refused("ballot.marks_unknown", ballot="打分测评", lines=1):
        here.cast(row, codes[0], whole(jyj=score))


def test_papers_in_the_urn_have_one_length_and_no_time(voting: tuple[Hall, RoundRow, list[str]]) -> None:
    here, row, codes = voting
    papers: list[Mapping[str, Any]] = [{}, PAPER, {"jyj": {"": ("satisfied", "basic", "dissatisfied")}}]
    for code, marks in zip(codes, papers, strict=True):
        here.cast(row, code, marks)
    with here.office.store.reading() as session:
        sealed = list(session.scalars(select(UrnRow.sealed).where(UrnRow.round_id == row.id)))
    assert len({len(each) for each in sealed}) == 1
    assert sorted(UrnRow.__table__.columns.keys()) == ["id", "round_id", "sealed"]


def test_ballots_cast_at_once_by_one_code_are_one(voting: tuple[Hall, RoundRow, list[str]]) -> None:
    here, row, codes = voting
    said: list[str] = []

    def send(mark: str) -> None:
        try:
            said.append(here.cast(row, codes[0], whole(jyj=mark)))
        except Refusal as refusal:
            said.append(refusal.code)

    senders = [Thread(target=send, args=(mark,)) for mark in ("satisfied", "basic", "dissatisfied") * 2]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    receipts = {each for each in said if each != "ballot.spent"}
    assert (len(said), len(receipts), said.count("ballot.spent"), here.kept(row)) == (6, 1, 4, (1, 1, 0))


def test_round_opened_anew_takes_the_same_codes_once_more(voting: tuple[Hall, RoundRow, list[str]]) -> None:
    here, row, codes = voting
    first = here.cast(row, codes[0], PAPER)
    here.void(row)
    again = here.open(given=AWARE, at=VOTING)
    assert here.cast(again, codes[0], PAPER) != first
