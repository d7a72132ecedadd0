from itertools import count

from appraisal.documents.survey_book import figures_csv
from appraisal.domain.comparison import FoundBy, Line
from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.operations import gathering, problems, self_review
from appraisal.operations.loading import campaign_by, unit_by
from appraisal.operations.office import Office
from appraisal.operations.self_review import Comparison, SelfFound, read_lines
from tests.operations.choosing import reviewing
from tests.operations.world import Campaign, refused, running

SLUGS = count(1)
AT = "2023-09-05T10:00"
LATE = SelfFound("窗口办件超时", "八月超时3件", "已增设窗口")


def reviewed(office: Office, units: tuple[str, ...] = ("jyj", "kjj")) -> Campaign:
    return reviewing(office, f"r{next(SLUGS)}", units)


def listing(
    campaign: Campaign, *found: SelfFound, unit: str = "jyj", who: str = "jyj-handler", at: str = AT
) -> list[int]:
    with campaign.desk(who, at) as desk:
        rows = self_review.list_self_found(desk, campaign.slug, unit, campaign.person(who), found)
        return [row.number for row in rows]


def found_by_panel(campaign: Campaign, title: str, unit: str = "jyj") -> int:
    with campaign.desk("office-1", AT) as desk:
        return problems.record(desk, campaign.slug, Draft(title, unit), Found(FindingKind.LOG, title, "panel")).number


def seen(campaign: Campaign, unit: str = "jyj") -> list[tuple[int, str, str, str]]:
    with campaign.office.store.reading() as session:
        mine = self_review.self_found(session, campaign_by(session, campaign.slug), [unit_by(session, unit)])
        return [(line.number, line.title, line.text, line.status) for line in mine]


def compared(campaign: Campaign) -> Comparison:
    with campaign.office.store.reading() as session:
        return self_review.comparison(session, campaign_by(session, campaign.slug))


def test_unit_lists_what_it_found_and_listing_it_again_does_nothing(office: Office) -> None:
    campaign = reviewed(office)
    for _ in range(2):
        assert listing(campaign, LATE, SelfFound("编制不足")) == [1, 2]
    assert seen(campaign) == [
        (1, "窗口办件超时", "情况：八月超时3件；已采取的措施：已增设窗口", "found"),
        (2, "编制不足", "单位自查发现", "found"),
    ]
    assert seen(campaign, "kjj") == []
    assert len(campaign.facts("problem:recorded")) == 2


def test_lines_pasted_from_a_table_are_a_problem_each() -> None:
    text = "窗口办件超时\t八月超时3件\t已增设窗口\n\n编制不足\n 台账不全 ｜ 缺两年 | 已补一年｜正在补\n\t没有题目"
    assert read_lines(text) == [LATE, SelfFound("编制不足"), SelfFound("台账不全", "缺两年", "已补一年；正在补")]


def test_office_lists_for_a_unit_and_nobody_else_does(office: Office) -> None:
    campaign = reviewed(office)
    assert listing(campaign, LATE, who="office-1") == [1]
    assert len(seen(campaign)) == 1
    with refused("self_review.not_yours"):
        listing(campaign, LATE, who="kjj-handler")
    with refused("self_review.not_yours"):
        listing(campaign, LATE, who="four-teams")


def test_unit_lists_nothing_before_or_without_a_self_review(office: Office) -> None:
    with refused("self_review.not_open", over=False):
        listing(reviewing(office, "not-open", ("jyj",), opened=False), LATE)
    with refused("self_review.none", campaign="2023年部门工作评议"):
        listing(running(office, "no-review"), LATE)


def test_empty_and_overlong_lists_are_refused(office: Office) -> None:
    campaign = reviewed(office)
    with refused("self_review.nothing"):
        listing(campaign)
    with refused("self_review.too_many", count=101, most=100):
        listing(campaign, *(SelfFound(f"问题{number}") for number in range(101)))
    with refused("self_review.title_long", number=2, length=201, most=200):
        listing(campaign, LATE, SelfFound("长" * 201))
    assert campaign.facts("problem:recorded") == []


def test_comparison_tells_what_the_unit_and_what_others_found(office: Office) -> None:
    campaign = reviewed(office, ("jyj", "kjj", "mzj"))
    listing(campaign, LATE, SelfFound("编制不足"))
    for title in ("窗口办件超时", "校车管理"):
        found_by_panel(campaign, title)
    found_by_panel(campaign, "专利资助拖延", "kjj")
    shown = compared(campaign)
    assert (*shown.lines, shown.total) == (
        Line("市教育局", 1, 1, 1),
        Line("市科学技术局", 0, 1, 0),
        Line("市民政局", 0, 0, 0),
        Line("合计", 1, 2, 1),
    )
    assert [(each.number, each.found) for each in shown.problems] == [
        (1, FoundBy.BOTH),
        (2, FoundBy.UNIT_ONLY),
        (3, FoundBy.OTHERS_ONLY),
        (4, FoundBy.OTHERS_ONLY),
    ]


def test_two_problems_that_are_the_same_count_once_after_merging(office: Office) -> None:
    campaign = reviewed(office)
    (own,) = listing(campaign, SelfFound("编制不足"))
    theirs = found_by_panel(campaign, "教师编制不够")
    assert compared(campaign).total == Line("合计", 1, 1, 0)
    for _ in range(2):
        with campaign.desk("office-1", AT) as desk:
            gathering.merge(desk, campaign.slug, own, theirs)
    assert compared(campaign).total == Line("合计", 0, 0, 1)
    assert [(number, title) for number, title, _, _ in seen(campaign)] == [(theirs, "教师编制不够")]


def test_exported_comparison_keeps_what_looks_like_a_formula_a_text(office: Office) -> None:
    campaign = reviewed(office, ("jyj",))
    listing(campaign, SelfFound("=1+1"))
    figures, listed = compared(campaign).grids()
    assert figures.rows == (("市教育局", 1, 0, 0, 1, "100.0%", "—"), ("合计", 1, 0, 0, 1, "100.0%", "—"))
    assert figures_csv(listed).decode("utf-8-sig").splitlines()[1] == "1,市教育局,'=1+1,仅单位自查发现,待交办"
