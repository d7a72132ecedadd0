from uuid import uuid4

import pytest

from appraisal.domain.problems import Draft
from appraisal.operations import similar
from appraisal.operations.loading import campaign_by
from appraisal.operations.similar import similar_opinions, similar_problems
from tests.eventually import eventually
from tests.operations.listing import Listing

TEXTS = (
    "教育局窗口办理教师资格证要跑三趟，材料清单不统一",
    "办教师资格证材料清单说法不一，窗口让我跑了三趟",
    "城区道路积水，下雨天出行困难",
)


def near(listing: Listing, text: str) -> list[str]:
    with listing.office.store.reading() as session:
        campaign = campaign_by(session, listing.slug)
        found = similar_opinions(session, campaign.id, text, uuid4())
        assert found is not None
        return [listing.text(each.id) for each in found]


def test_nothing_is_near_where_nothing_was_said(listing: Listing) -> None:
    assert near(listing, TEXTS[0]) == []


def test_opinions_that_say_the_same_in_other_words_are_near(listing: Listing) -> None:
    for text in TEXTS:
        listing.opinion(text)
    assert near(listing, TEXTS[0]) == [TEXTS[0], TEXTS[1]]


def test_opinion_is_not_near_itself(listing: Listing) -> None:
    first, second = listing.opinion(TEXTS[0]), listing.opinion(TEXTS[1])
    with listing.office.store.reading() as session:
        campaign = campaign_by(session, listing.slug)
        found = similar_opinions(session, campaign.id, TEXTS[0], first)
    assert [each.id for each in found or ()] == [second]


def test_what_came_in_since_is_found_whatever_its_day(listing: Listing) -> None:
    listing.opinion(TEXTS[2], at="2023-08-31T10:00")
    assert near(listing, TEXTS[2]) == [TEXTS[2]]
    listing.opinion(TEXTS[0], at="2023-08-31T11:00")
    listing.opinion(TEXTS[1], at="2023-08-29T10:00")
    assert near(listing, TEXTS[0]) == [TEXTS[0], TEXTS[1]]


def test_open_problems_that_say_the_same_are_near(listing: Listing) -> None:
    for title in ("教师资格证材料清单不统一", "道路积水"):
        listing.record(Draft(title, "jyj"))
    listing.record(Draft("教师资格证跑三趟", "jyj"))
    listing.close_problem("2023-09-01T10:00", 3)
    with listing.office.store.reading() as session:
        campaign = campaign_by(session, listing.slug)
        found = similar_problems(session, campaign.id, TEXTS[0])
    assert [each.id for each in found] == [listing.problem(1).id]


def test_many_that_are_new_are_read_beside_the_page(listing: Listing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similar, "AT_ONCE", 1)
    for text in TEXTS:
        listing.opinion(text)
    with listing.office.store.reading() as session:
        campaign = campaign_by(session, listing.slug)
        assert similar_opinions(session, campaign.id, TEXTS[0], uuid4()) is None
    assert eventually(lambda: _is_read(listing))
    assert near(listing, TEXTS[0]) == [TEXTS[0], TEXTS[1]]


def _is_read(listing: Listing) -> bool:
    with listing.office.store.reading() as session:
        return similar_opinions(session, campaign_by(session, listing.slug).id, TEXTS[0], uuid4()) is not None
