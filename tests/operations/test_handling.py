from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from appraisal.operations import handling
from appraisal.store.opinion_tables import OpinionMessageRow, OpinionRow
from tests.operations.listing import AT, Listing
from tests.operations.world import refused


def held(listing: Listing, text: str = "老师不够") -> UUID:
    opinion = listing.opinion(text)
    with listing.desk("office-1", AT) as desk:
        desk.session.execute(update(OpinionRow).where(OpinionRow.id == opinion).values(status="held", why_held="flood"))
    return opinion


def thread(listing: Listing, opinion: UUID) -> list[tuple[bool, str]]:
    with listing.office.store.reading() as session:
        rows = session.query(OpinionMessageRow).filter_by(opinion_id=opinion).order_by(OpinionMessageRow.position)
        return [(row.from_office, row.text) for row in rows]


def test_held_opinion_is_let_in_once(listing: Listing) -> None:
    opinion = held(listing)
    for _ in range(2):
        with listing.desk("office-1", AT) as desk:
            handling.release(desk, opinion)
    assert listing.status(opinion) == "received"
    assert len(listing.facts("opinion:released")) == 1


@pytest.mark.parametrize("kept_back", [False, True])
def test_opinion_is_rejected_once_with_a_reason(listing: Listing, kept_back: bool) -> None:
    opinion = held(listing) if kept_back else listing.opinion("老师不够")
    with refused("opinion.needs_reason"), listing.desk("office-1", AT) as desk:
        handling.reject(desk, opinion, " \n")
    for _ in range(2):
        with listing.desk("office-1", AT) as desk:
            assert handling.reject(desk, opinion, "不属本次评议范围").reason == "不属本次评议范围"
    assert listing.facts("opinion:rejected") == [{"reason": "不属本次评议范围"}]


def test_rejection_is_taken_back_once(listing: Listing) -> None:
    opinion = listing.opinion("老师不够")
    with listing.desk("office-1", AT) as desk:
        handling.reject(desk, opinion, "不属本次评议范围")
    for _ in range(2):
        with listing.desk("office-1", AT) as desk:
            assert handling.reopen(desk, opinion).reason is None
    assert listing.status(opinion) == "received"
    assert len(listing.facts("opinion:put_back")) == 1


def test_opinion_that_a_problem_has_taken_up_is_neither_rejected_nor_reopened(listing: Listing) -> None:
    opinion = listing.opinion("老师不够")
    listing.taken_up(opinion)
    possible = ["opinion:put_back"]
    with (
        refused("opinion.illegal", status="taken_up", action="opinion:rejected", possible=possible),
        listing.desk("office-1", AT) as desk,
    ):
        handling.reject(desk, opinion, "不属本次评议范围")
    with refused("opinion.taken_up"), listing.desk("office-1", AT) as desk:
        handling.reopen(desk, opinion)


def test_what_an_opinion_is_about_is_put_right_once(listing: Listing) -> None:
    opinion = listing.opinion("老师不够", unit="kjj")
    for _ in range(2):
        with listing.desk("office-1", AT) as desk:
            row = handling.correct(desk, opinion, "市教育局", "service")
            assert (row.unit and row.unit.code, row.aspect) == ("jyj", "service")
    assert listing.facts("opinion:corrected") == [{"unit": "jyj", "aspect": "service"}]
    with refused("opinion.aspect", aspect="mood", known=["审批", "服务"]), listing.desk("office-1", AT) as desk:
        handling.correct(desk, opinion, "jyj", "mood")


def test_question_to_the_writer_is_asked_once(listing: Listing) -> None:
    opinion = listing.opinion("老师不够")
    for text in ("哪所学校？", "哪所学校？", "几年级？"):
        with listing.desk("office-1", AT) as desk:
            handling.ask(desk, opinion, text)
    assert thread(listing, opinion) == [(True, "哪所学校？"), (True, "几年级？")]
    assert listing.facts("opinion:answered") == [{"message": 0}, {"message": 1}]
    with refused("opinion.nothing_said"), listing.desk("office-1", AT) as desk:
        handling.ask(desk, opinion, "")
    with refused("opinion.too_long", length=2001, most=2000), listing.desk("office-1", AT) as desk:
        handling.ask(desk, opinion, "问" * 2001)


def test_opinion_that_is_not_there_is_refused(listing: Listing) -> None:
    with refused("opinion.unknown"), listing.desk("office-1", AT) as desk:
        handling.release(desk, uuid4())
