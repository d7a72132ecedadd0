from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

from appraisal.operations.handling import ask, reject
from appraisal.operations.loading import campaign_by
from appraisal.operations.opinion_desk import DeskPage, Sought, desk_page, opinion_view
from appraisal.store.opinion_tables import OpinionMessageRow, OpinionRow
from tests.operations.listing import AT, FULL, Listing
from tests.operations.world import refused


def sought(listing: Listing, what: Sought, after: str = "") -> DeskPage:
    with listing.office.store.reading() as session:
        return desk_page(session, listing.slug, what, after)


def texts(listing: Listing, what: Sought) -> list[str]:
    return [row.text for row in sought(listing, what).lines]


def many(listing: Listing, count: int) -> list[UUID]:
    """Opinions of three days, put in as they lie."""
    keys = [uuid4() for _ in range(count)]
    with listing.desk("office-1", AT) as desk:
        campaign = campaign_by(desk.session, listing.slug)
        kept = {"campaign_id": campaign.id, "source": "public", "channel": "code", "named": False, "noted": False}
        desk.session.add_all(
            OpinionRow(
                id=key,
                text=f"第{number}条",
                text_digest=str(number),
                status="received",
                received_on=date(2023, 8, 29) + timedelta(days=number % 3),
                **kept,
            )
            for number, key in enumerate(keys)
        )
    return keys


def test_desk_shows_the_newest_day_first(listing: Listing) -> None:
    for text, day in (("甲", "2023-08-29"), ("乙", "2023-08-31"), ("丙", "2023-08-30")):
        listing.opinion(text, at=f"{day}T10:00")
    assert texts(listing, Sought()) == ["乙", "丙", "甲"]


def test_every_word_sought_must_be_there_and_signs_mean_themselves(listing: Listing) -> None:
    for text in ("窗口材料清单不统一", "材料要交三遍，窗口不在一处", "补贴 100% 没到位", "补贴1000元没到位"):
        listing.opinion(text)
    assert texts(listing, Sought("窗口 材料 三遍")) == ["材料要交三遍，窗口不在一处"]
    assert texts(listing, Sought("100%")) == ["补贴 100% 没到位"]
    assert texts(listing, Sought("_")) == []


def test_filters_narrow_the_list(listing: Listing) -> None:
    opinion = listing.opinion("老师不够", unit="jyj")
    listing.opinion("积水", at="2023-08-31T10:00")
    with listing.desk("office-1", AT) as desk:
        reject(desk, opinion, "不属实")
    for what in (Sought(unit="jyj"), Sought(status="rejected"), Sought(day=date(2023, 8, 30))):
        assert texts(listing, what) == ["老师不够"]
    for what in (Sought(source="deputy"), Sought(aspect="service"), Sought(point=uuid4()), Sought(unit="nobody")):
        assert texts(listing, what) == []
    assert sought(listing, Sought()).by_status == {"received": 1, "held": 0, "taken_up": 0, "rejected": 1}


def test_pages_follow_each_other_without_gap_or_overlap(listing: Listing) -> None:
    keys = many(listing, 120)
    seen: list[UUID] = []
    after, sizes = "", []
    while True:
        page = sought(listing, Sought(), after)
        seen += [row.id for row in page.lines]
        sizes.append(len(page.lines))
        after = page.after
        if not after:
            break
    assert (sizes, sorted(seen)) == ([50, 50, 20], sorted(keys))
    assert (page.count, page.more) == (120, False)
    assert len(sought(listing, Sought("第"), sought(listing, Sought("第")).after).lines) == 50


def test_key_that_is_none_shows_the_first_page(listing: Listing) -> None:
    listing.opinion("老师不够")
    for after in ("2023-08-30", "x.y", "2023-13-01.00", "." * 500):
        assert len(sought(listing, Sought(), after).lines) == 1


def test_writer_who_spoke_last_waits_for_an_answer(listing: Listing) -> None:
    opinion = listing.opinion("老师不够")
    with listing.desk("office-1", AT) as desk:
        ask(desk, opinion, "哪所学校？")
    assert sought(listing, Sought()).waiting == frozenset()
    with listing.desk("office-1", AT) as desk:
        answer = {"from_office": False, "text": "实验小学", "on": date(2023, 9, 1)}
        desk.session.add(OpinionMessageRow(id=uuid4(), opinion_id=opinion, position=1, **answer))
    assert sought(listing, Sought()).waiting == {opinion}


def test_opinion_is_shown_with_what_is_like_it_and_the_problems_it_is_in(listing: Listing) -> None:
    opinion, other = listing.opinion("办教师资格证跑了三趟"), listing.opinion("教师资格证办理跑三趟")
    listing.taken_up(other, replace(FULL, title="教师资格证办理跑三趟"))
    with listing.office.store.reading() as session:
        view = opinion_view(session, opinion)
        assert [each.row.id for each in view.alike or ()] == [other]
        assert ([row.number for row in view.problems], [row.number for row in view.problems_alike]) == ([], [1])
        assert [row.number for row in opinion_view(session, other).problems] == [1]
    with refused("opinion.unknown"), listing.office.store.reading() as session:
        opinion_view(session, uuid4())
