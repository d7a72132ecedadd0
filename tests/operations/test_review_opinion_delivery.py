from datetime import date
from itertools import count

import pytest

from appraisal.operations import review_opinions
from appraisal.operations.loading import obligation_by
from appraisal.operations.office import Office
from appraisal.operations.review_opinion_views import (
    opinion_at,
    opinion_view,
    opinions_of,
)
from appraisal.store.sitting_tables import ReviewOpinionRow
from tests.operations.opinions_on_units import (
    APPROVED,
    DELIVERED,
    DRAFTED,
    SIGNED,
    approve,
    deliver,
    delivered,
    draft,
    stands,
    version_id,
    with_opinions,
)
from tests.operations.world import Campaign, instant, open_phase, refused

SLUGS = count(1)
TODAY = date(2023, 9, 7)


@pytest.fixture
def opinions(office: Office) -> Campaign:
    return with_opinions(office, f"o{next(SLUGS)}")


def test_delivery_starts_the_clock_and_issues_the_duty_before_its_phase(opinions: Campaign) -> None:
    row = delivered(opinions)
    assert (deliver(opinions, row, at=SIGNED).delivered_at, row.status) == (instant(DELIVERED), "delivered")
    owed = opinions.row("opinion")
    assert (owed.status, owed.due_on) == ("issued", date(2023, 9, 14))
    assert [fact["event"] for fact in opinions.facts("event:set") if fact["unit"] == "jyj"] == [
        "review_opinion.delivered",
        "opinion.issued",
    ]
    assert opinions.letters("review-opinion-delivered") == ["jyj-handler", "jyj-head"]
    ((_, letter), _) = opinions.posted("review-opinion-delivered")
    assert (letter.page, letter.context["due_on"]) == (f"/duties/{owed.id}", "2023-09-14")
    open_phase(opinions.office, opinions.slug, "rectify", instant(SIGNED))
    assert opinions.row("opinion").due_on == date(2023, 9, 14)
    assert opinions.row("opinion", "kjj").waits_for == "review_opinion.delivered"


def test_delivery_sets_the_date_of_a_duty_that_waited(opinions: Campaign) -> None:
    open_phase(opinions.office, opinions.slug, "rectify", instant(DRAFTED))
    delivered(opinions)
    assert opinions.row("opinion").due_on == date(2023, 9, 14)
    assert opinions.letters("due-set", "市教育局") == ["jyj-handler", "jyj-head"]


def test_all_that_are_approved_are_delivered_in_one_go(opinions: Campaign) -> None:
    rows = [draft(opinions, unit) for unit in ("jyj", "kjj")]
    nothing = refused("review_opinion.none_approved", campaign="2023年部门工作评议")
    with nothing, opinions.desk("office-1", DRAFTED) as desk:
        review_opinions.deliver_all(desk, opinions.slug)
    approve(opinions, rows[1])
    with opinions.desk("office-1", DELIVERED) as desk:
        gone = review_opinions.deliver_all(desk, opinions.slug)
    assert [row.unit.code for row in gone] == ["kjj"]
    assert [stands(opinions, unit)[1] for unit in ("jyj", "kjj")] == ["drafted", "delivered"]


def test_delivery_is_for_the_office_and_what_is_delivered_stands(opinions: Campaign) -> None:
    row = draft(opinions)
    approve(opinions, row)
    with refused("portal.staff_only.not_yours"):
        deliver(opinions, row, "fgj-handler")
    deliver(opinions, row)
    at = instant(DELIVERED).isoformat()
    with refused("review_opinion.delivered", unit="市教育局", at=at):
        draft(opinions, good=["另写。"], at=SIGNED)
    assert draft(opinions, at=SIGNED).version == 1


def test_opinion_cannot_be_signed_for_before_it_was_delivered(opinions: Campaign) -> None:
    open_phase(opinions.office, opinions.slug, "rectify", instant(DRAFTED))
    with refused("review_opinion.not_delivered", duty="评议意见签收", unit="市教育局"):
        opinions.acknowledge("opinion", APPROVED)
    row = delivered(opinions)
    opinions.acknowledge("opinion", SIGNED)
    opinions.acknowledge("opinion", SIGNED)
    (fact,) = opinions.about("opinion", "obligation:fulfilled")
    assert fact["opinion"] == row.digest
    assert opinions.row("rectification_plan").due_on == date(2023, 10, 8)
    with refused("review_opinion.not_delivered", duty="评议意见签收", unit="市科学技术局"):
        opinions.acknowledge("opinion", SIGNED, "kjj")


def test_duties_of_a_phase_that_opens_after_the_signing_know_when_it_was(opinions: Campaign) -> None:
    delivered(opinions)
    opinions.acknowledge("opinion", SIGNED)
    open_phase(opinions.office, opinions.slug, "rectify", instant("2023-09-11T10:00"))
    assert opinions.row("rectification_plan").due_on == date(2023, 10, 8)


def test_other_duties_are_signed_for_as_ever(opinions: Campaign) -> None:
    open_phase(opinions.office, opinions.slug, "rectify", instant(DRAFTED))
    opinions.acknowledge("rectification_plan", DRAFTED)
    assert opinions.row("rectification_plan").status == "acknowledged"


def test_opinion_is_read_by_its_hands_and_by_the_unit_once_it_is_delivered(opinions: Campaign) -> None:
    row = draft(opinions)

    def reads(who: str, of: ReviewOpinionRow = row) -> bool:
        with opinions.office.store.reading() as session:
            opinion_view(session, of.id, opinions.person(who), TODAY)
            return True

    assert [reads(who) for who in ("office-1", "fgj-handler", "director")] == [True] * 3
    with refused("review_opinion.not_yours"):
        reads("jyj-head")
    approve(opinions, row)
    deliver(opinions, row)
    assert [reads(who) for who in ("jyj-head", "jyj-handler")] == [True] * 2
    with refused("review_opinion.not_yours"):
        reads("kjj-head")
    with refused("review_opinion.unknown"), opinions.office.store.reading() as session:
        opinion_view(session, version_id(opinions, 9), opinions.person("office-1"), TODAY)


def test_list_shows_all_to_the_office_and_its_own_to_a_panel(opinions: Campaign) -> None:
    delivered(opinions)
    opinions.acknowledge("opinion", SIGNED)

    def listed(who: str) -> list[tuple[str, bool, bool]]:
        with opinions.office.store.reading() as session:
            found = opinions_of(session, opinions.slug, opinions.person(who), TODAY)
        return [(line.unit.code, line.row is not None, line.signed_at == instant(SIGNED)) for line in found.lines]

    assert listed("office-1") == [("jyj", True, True), ("kjj", False, False)]
    assert listed("fgj-handler") == [("jyj", True, True)]
    with refused("review_opinion.not_yours"):
        listed("jyj-head")


def test_duty_shows_the_opinion_that_it_signs_for_once_it_is_delivered(opinions: Campaign) -> None:
    open_phase(opinions.office, opinions.slug, "rectify", instant(DRAFTED))

    def shown(key: str) -> tuple[bool, bool]:
        with opinions.office.store.reading() as session:
            expected, view = opinion_at(session, obligation_by(session, opinions.duty(key)))
            return expected, view is not None

    assert shown("opinion") == (True, False)
    delivered(opinions)
    assert (shown("opinion"), shown("rectification_plan")) == ((True, True), (False, False))
