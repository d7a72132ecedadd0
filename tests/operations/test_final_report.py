"""The figures of a campaign and the report that is written from them: every number from the tables, all reconciled."""

from datetime import date
from itertools import count

import pytest
from sqlalchemy import event

from appraisal.domain.rectified import Tally
from appraisal.operations import duties, handing_over, reopening
from appraisal.operations.final_report import final_report
from appraisal.operations.loading import campaign_by
from appraisal.operations.office import Office
from appraisal.operations.rectification_figures import Figures, figures_of
from tests.operations.assigned_world import Assigned
from tests.operations.closing_world import LEADER, TwoHands, two_hands
from tests.operations.world import instant

SLUGS = count(1)
NOW = "2023-12-20T10:00"


@pytest.fixture
def hands(office: Office) -> TwoHands:
    """Six problems of 市教育局, due on 31 October: one closed out, one relapsed, one in part, one verified, one handed
    on, one still to be done; and one that is not assigned."""
    hands = two_hands(office, f"final{next(SLUGS)}")
    hands.assigned("校车超员", "食堂不洁", "操场破损", "门卫缺岗", "图书不足")
    hands.assigned("学位不足", time="long")
    hands.closed(1)
    hands.closed(2)
    hands.reopen("2023-12-01T10:00", "又不洁", 2, due_on=date(2023, 12, 29))
    hands.verified(3)
    hands.agree("2023-10-26T10:00", LEADER, "jyj-head", number=3)
    with hands.desk("office-1", "2023-10-27T10:00") as desk:
        reopening.close_part(desk, hands.slug, 3, "office-1", "三所学校", "其余两所", date(2023, 12, 29))
    hands.verified(4)
    with hands.desk("office-1", "2023-12-19T10:00") as desk:
        handing_over.hand_on(desk, hands.slug, [6], "office-1", "新校舍2025年建成")
    return hands


def figures(campaign: TwoHands | Assigned, at: str = NOW) -> Figures:
    with campaign.office.store.reading() as session:
        return figures_of(session, campaign.slug, instant(at))


def said(campaign: TwoHands, at: str = NOW) -> dict[str, list[str]]:
    with campaign.office.store.reading() as session:
        row = campaign_by(session, campaign.slug)
        report = final_report(session, row, figures_of(session, campaign.slug, instant(at)), instant(at))
        return {section.heading: list(section.paragraphs) for section in report.sections}


def reconciled(found: Figures) -> None:
    """Whatever the problems are parted by, the parts make up the whole."""
    units = [unit.tally for unit in found.units]
    assert sum(units, found.unplaced) == found.whole
    for parts in (found.tracks, *(parts for _, parts in found.axes)):
        assert not parts or sum((tally for _, tally in parts), Tally()) == found.whole
    for name in vars(found.counts):
        mine = [getattr(unit.counts, name) for unit in found.units]
        assert sum(mine, getattr(found.elsewhere, name)) == getattr(found.counts, name)


def test_every_standing_is_counted_once_and_the_parts_make_up_the_whole(hands: TwoHands) -> None:
    found = figures(hands)
    whole = found.whole
    assert (whole.listed, whole.under_way, whole.verified, whole.closed, whole.handed_on) == (6, 3, 1, 1, 1)
    assert (whole.passed, whole.in_part, whole.relapsed, whole.relapses) == (4, 1, 1, 1)
    assert [(title, tally.listed) for title, tally in found.tracks] == [("长期整改", 1), ("限期整改", 5)]
    assert [(unit.code, unit.tally.listed) for unit in found.units] == [("jyj", 6), ("kjj", 0)]
    reconciled(found)


def test_what_is_past_its_date_is_late_before_any_patrol_has_seen_it(hands: TwoHands) -> None:
    """Problem 5 was due on 31 October; that nobody signed for it, and when, is another clock."""
    assert [figures(hands, f"2023-{at}").whole.open_late for at in ("10-31T23:59", "11-01T00:00")] == [0, 1]
    assert figures(hands).whole.closed_late == 0


def test_returns_are_counted_without_what_goes_back_of_a_part(hands: TwoHands) -> None:
    assert dict(figures(hands).counts.returned) == {}
    hands.send_back("2023-12-19T10:00", "照片看不清", 4, due_on=date(2023, 12, 29))
    assert figures(hands).counts.returned["closings"] == 1


def test_report_says_what_the_figures_are_and_names_what_is_left(hands: TwoHands) -> None:
    report = said(hands)
    assert report["六、结转和未办结的问题"] == [
        "第2号，市教育局：食堂不洁（整改中）",
        "第3号，市教育局：操场破损（整改中）",
        "第4号，市教育局：门卫缺岗（已核查、待销号）",
        "第5号，市教育局：图书不足（整改中）",
        "第6号，市教育局：学位不足（结转；新校舍2025年建成）",
    ]
    assert report["三、整改落实情况"] == [
        (
            "截至2023年12月20日（星期三）10:00，列入清单的6个问题中，已销号1个，结转下年度跟踪1个，已核查待销号1个，"
            "整改中3个，待交办0个。销号率为16.67%（已销号数占列入清单数）。验收通过4个；尚未销号的问题中，已部分销号1个。"
        ),
        "已销号的问题中，按期1个，逾期0个；尚未销号的问题中，已逾期1个。",
        "完成回头看0次，0次未见反弹，0次发现反弹；反弹后重新整改的问题1个，共1次。",
    ]


def test_report_is_a_draft_until_the_campaign_is_closed(hands: TwoHands) -> None:
    with hands.office.store.reading() as session:
        row = campaign_by(session, hands.slug)
        report = final_report(session, row, figures_of(session, hands.slug, instant(NOW)), instant(NOW))
    assert report.draft == "（草稿，数字截至2023年12月20日（星期三）10:00）"


def test_letters_are_counted_by_how_they_were_signed_for(assigned: Assigned) -> None:
    """The letters of Friday, 1 September are signed for by the 8th; 市科学技术局 is late."""
    assigned.assign(1, 3)
    rows = {row.unit.code: row.id for row in assigned.owed("sign") if row.unit}
    assert dict(figures(assigned, "2023-09-08T12:00").counts.receipts) == {"open": 2}
    for unit, at in (("jyj", "2023-09-08T12:00"), ("kjj", "2023-09-12T12:00")):
        with assigned.desk(f"{unit}-handler", at) as desk:
            duties.acknowledge(desk, rows[unit], assigned.by(f"{unit}-handler"))
    found = figures(assigned)
    assert (found.counts.letters["letters"], dict(found.counts.receipts)) == (2, {"on_time": 1, "late": 1})
    assert {unit.code: dict(unit.counts.receipts) for unit in found.units if unit.counts.receipts} == {
        "jyj": {"on_time": 1},
        "kjj": {"late": 1},
    }
    reconciled(found)


def test_petitions_are_counted_by_their_kind_and_what_became_of_them(assigned: Assigned) -> None:
    assigned.assign(1, 3)
    assigned.object_to(3, "2023-09-04T10:00")
    assert dict(figures(assigned).counts.petitions) == {"objection.asked": 1}
    reconciled(figures(assigned))


def test_statements_are_as_many_for_one_problem_as_for_many(office: Office) -> None:
    hands = two_hands(office, f"final{next(SLUGS)}")

    def statements() -> int:
        said: list[str] = []

        def note(*args: object) -> None:
            said.append(str(args[2]))

        event.listen(office.store.engine, "before_cursor_execute", note)
        found = figures(hands)
        event.remove(office.store.engine, "before_cursor_execute", note)
        reconciled(found)
        return len(said)

    hands.assigned("校车超员")
    few = statements()
    hands.assigned(*(f"问题{number}" for number in range(20)))
    hands.assigned("实验室陈旧", unit="kjj", time="long")
    assert statements() == few
