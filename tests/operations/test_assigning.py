from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from appraisal.domain.problems import Draft
from appraisal.operations import assigning, duties
from appraisal.store.campaign_tables import ObligationRow
from tests.operations.listing import AT, FULL, Listing
from tests.operations.world import paper, refused


def assign(listing: Listing, *numbers: int, at: str = AT) -> list[int]:
    with listing.desk("office-1", at) as desk:
        return [row.number for row in assigning.assign(desk, listing.slug, numbers)]


def owed(listing: Listing, number: int) -> dict[str, ObligationRow]:
    problem = listing.problem(number).id
    with listing.office.store.reading() as session:
        rows = session.scalars(select(ObligationRow).where(ObligationRow.problem_id == problem))
        return {row.key: row for row in rows}


def hand_in(listing: Listing, duty: UUID, at: str) -> None:
    with listing.desk("jyj-handler", at) as desk:
        duties.submit(desk, duty, listing.by("jyj-handler"), "已补充教师", [paper()])


def accept(listing: Listing, duty: UUID, at: str) -> None:
    with listing.desk("office-1", at) as desk:
        duties.accept(desk, duty, listing.by("office-1"))


def test_problem_is_assigned_once_with_what_is_owed_for_it_and_a_letter(listing: Listing) -> None:
    listing.record()
    assert [assign(listing, 1) for _ in range(2)] == [[1], []]
    assert listing.problem(1).status == "assigned"
    duties_owed = owed(listing, 1)
    assert sorted(duties_owed) == ["receipt", "rectification"]
    assert duties_owed["receipt"].due_on == date(2023, 9, 8)
    assert duties_owed["rectification"].due_on == date(2023, 10, 31)
    assert listing.letters("problem-assigned") == ["jyj-handler"]
    assert len(listing.facts("problem:assigned")) == 1


def test_unit_gets_one_letter_for_all_that_is_assigned_to_it_at_once(listing: Listing) -> None:
    listing.record(replace(FULL, supporting=["kjj"]))
    listing.record(replace(FULL, title="校舍老旧"))
    assign(listing, 1, 2)
    letters = {code: row.context for code, row in listing.posted("problem-assigned")}
    assert {code: [each["number"] for each in said["leads"]] for code, said in letters.items()} == {
        "jyj-handler": [1, 2],
        "kjj-handler": [],
    }
    assert [each["number"] for each in letters["kjj-handler"]["supports"]] == [1]


def test_second_assignment_does_not_move_what_is_counted_from_the_first(listing: Listing) -> None:
    listing.record()
    listing.record(replace(FULL, title="校舍老旧"))
    assign(listing, 1)
    assign(listing, 2, at="2023-09-11T10:00")
    assert (owed(listing, 1)["receipt"].due_on, owed(listing, 2)["receipt"].due_on) == (
        date(2023, 9, 8),
        date(2023, 9, 18),
    )
    assert [fact["event"] for fact in listing.facts("event:set", "event:moved")].count("problem.assigned") == 1


def test_none_is_assigned_while_one_is_not_classified(listing: Listing) -> None:
    listing.record()
    listing.record(Draft("校舍老旧", "jyj", classes={"时间": "立行立改"}))
    faults = [{"number": 2, "title": "校舍老旧", "missing": ["要素", "整改时限"]}]
    with refused("problem.unclassified", problems=faults):
        assign(listing, 1, 2)
    assert listing.problem(1).status == "found"
    with refused("problem.none_chosen"):
        assign(listing)


def test_problem_that_is_over_is_not_assigned(listing: Listing) -> None:
    listing.record()
    listing.close_problem(AT)
    with refused("problem.not_open", number=1, status="closed"):
        assign(listing, 1)


def test_lead_and_due_date_stand_once_the_problem_is_assigned(listing: Listing) -> None:
    from appraisal.operations.revising import revise

    listing.record()
    assign(listing, 1)
    for draft in (replace(FULL, unit="kjj"), replace(FULL, due_on=date(2023, 11, 30))):
        with (
            refused("problem.assigned_already", number=1, unit="市教育局"),
            listing.desk("office-1", AT) as desk,
        ):
            revise(desk, listing.slug, 1, draft)
    with listing.desk("office-1", AT) as desk:
        assert revise(desk, listing.slug, 1, replace(FULL, detail="城区小学")).detail == "城区小学"


def test_accepted_report_closes_its_problem_before_the_sitting(listing: Listing) -> None:
    listing.record()
    assign(listing, 1)
    report = owed(listing, 1)["rectification"].id
    hand_in(listing, report, "2023-09-20T10:00")
    for _ in range(2):
        accept(listing, report, "2023-09-21T10:00")
    row = listing.problem(1)
    assert (row.status, row.closed_by) == ("closed", "office-1")
    assert {key: duty.status for key, duty in owed(listing, 1).items()} == {
        "receipt": "withdrawn",
        "rectification": "settled",
    }


@pytest.mark.parametrize("handed_in", [False, True])
def test_problem_closed_by_hand_leaves_nothing_owed(listing: Listing, handed_in: bool) -> None:
    listing.record()
    assign(listing, 1)
    if handed_in:
        hand_in(listing, owed(listing, 1)["rectification"].id, "2023-09-20T10:00")
    for _ in range(2):
        listing.close_problem("2023-09-25T10:00")
    assert {duty.status for duty in owed(listing, 1).values()} == {"withdrawn"}
    assert len(listing.facts("obligation:withdrawn")) == 2
