"""The boards as markdown: what they say, and what a board that is kept must not tell."""

from datetime import date, datetime
from fractions import Fraction

from appraisal.clock import ZONE
from appraisal.domain.comparison import Line
from appraisal.domain.gate import Obstacle
from appraisal.domain.intake_days import Batch
from appraisal.domain.stalls import StallKind
from appraisal.operations.inquiry_figures import Figures, Found, GoalLine, Spread
from appraisal.operations.intake_figures import Opinions, Rate
from appraisal.operations.overview import Overview
from appraisal.operations.rungs_ahead import RungAhead
from appraisal.operations.self_review import Comparison
from appraisal.operations.stalls import StallLine, Told
from flows.papers import (
    board_key,
    comparison_board,
    inquiry_board,
    overview_board,
    stalled_board,
    told_lastingly,
)

PORTAL = "https://py.example.cn"
NOW = datetime(2023, 7, 10, 9, tzinfo=ZONE)
HEARD = Opinions(
    (Batch(date(2023, 7, 3), date(2023, 7, 3), 12), Batch(date(2023, 7, 4), date(2023, 7, 6), 6)),
    (("政务服务环境", 18),),
    (("市教育局", 12), ("市民政局", None), ("", None)),
)
FOUND = Found(12, 3, (("市卫健局", 8), ("市教育局", 4)), (Spread("时间", (("立行立改", 9), ("长期整改", 0), ("", 3))),))
GOALS = (
    GoalLine("调查评议", "", "走访企业", "117家", met=False, far="58家", percent=49),
    GoalLine("调查评议", "第一组", "书面意见", "10份", met=True, far=None, percent=None),
)
FIGURES = Figures(
    "dj_2023",
    "专项工作评议",
    5,
    True,
    HEARD,
    FOUND,
    GOALS,
    (Rate("问卷", 500, 473, "94.6%"), Rate("小卷", 9, None, "")),
)

HELD_UP = StallLine(
    campaign="专项工作评议",
    unit_code="czj",
    unit="市财政局",
    panels=(("g1", "第一评议组"),),
    leader="王某",
    problem=1,
    what="配合整改（第1号问题：校车|站点）",
    kind=StallKind.HELD_UP,
    since=date(2023, 10, 8),
    why="配合事项没有办结。",
    holds_up="市教育局",
    held_up_by=(),
    told=Told("urge", datetime(2023, 10, 8, 9, tzinfo=ZONE)),
    next=RungAhead(datetime(2023, 10, 12, 9, tzinfo=ZONE), "yellow", ("主要负责人",)),
    page="/duties/7",
)


def test_key_of_a_board_has_no_signs_that_the_engine_refuses() -> None:
    assert board_key("intake", "dj_2023") == "intake-dj-2023"


def test_board_of_an_investigation_tells_days_aspects_units_problems_goals_and_rates() -> None:
    told = [line.rstrip() for line in inquiry_board(FIGURES, NOW).splitlines()]
    for line in (
        "# 专项工作评议：调研情况",
        "截至2023年7月6日（星期四），共收到意见 18 件。",
        f"| 2023年7月3日（星期一） | 12 | {'▇' * 20} |",
        f"| 2023年7月4日（星期二）至2023年7月6日（星期四） | 6 | {'▇' * 10} |",
        f"| 市教育局 | 12 | {'▇' * 20} |",
        "| 市民政局 | ＊ |  |",
        "| 未写明单位 | ＊ |  |",
        "共 **12** 个问题，另有现场建议 **3** 条。",
        '    "立行立改" : 9',
        '    "尚未分类" : 3',
        f"| 市教育局 | 4 | {'▇' * 10} |",
        "| 调查评议 | 走访企业 | 合计 | 117家 | 58家 | ▲ 未达到 |",
        "| 调查评议 | 书面意见 | 第一组 | 10份 | — | ✓ 已达到 |",
        "| 问卷 | 500 | 473 | 94.6% |",
        "| 小卷 | 9 | 少于5份 | — |",
    ):
        assert line in told
    assert '    "长期整改" : 0' not in told


def test_board_says_that_too_few_have_spoken() -> None:
    nobody = Figures("d", "评议", 5, True, Opinions((), (), ()), Found(0, 0, (), ()), (), ())
    told = inquiry_board(nobody, NOW)
    assert "收到的意见还不足5件，暂不统计。" in told
    assert "##" not in told.partition("意见征集")[2]


def test_kept_overview_does_not_change_with_every_opinion() -> None:
    def at(far: str) -> Overview:
        obstacle = Obstacle("gate.goal_short", "", "书面反馈意见", far)
        return told_lastingly(Overview("d", "评议", "running", (), (), (), (("调研座谈", obstacle),), 0))

    assert at("58／60份") == at("59／60份")
    assert "- 调研座谈：书面反馈意见尚未达到指标\n" in overview_board(at("58／60份"), NOW)


def test_board_of_a_self_review_tells_who_found_what() -> None:
    line = Line("市教育局", 1, 2, 3)
    told = comparison_board("评议", Comparison((line,), Line("合计", 1, 2, 3), ()))
    assert line.self_share == Fraction(2, 3)
    assert "| 市教育局 | 1 | 2 | 3 | 6 | 66.7% |" in told
    assert "| **合计** | **1** | **2** | **3** | **6** | **66.7%** |" in told


def test_board_of_stalls_tells_who_since_when_whom_it_holds_up_and_who_is_told_next() -> None:
    told = stalled_board("dj", "专项工作评议", [HELD_UP], datetime(2023, 10, 9, 9, tzinfo=ZONE), PORTAL).splitlines()
    assert told[0] == "# 专项工作评议：停滞事项"
    assert told[2] == "共 **1** 件：配合单位逾期 1。更新于2023年10月9日（星期一）09:00"
    assert told[6] == (
        "| 市财政局 | [配合整改（第1号问题：校车｜站点）](https://py.example.cn/duties/7) "
        "| 配合单位逾期。配合事项没有办结。 "
        "| 2023年10月8日（星期日） | 第一评议组 | 王某 | 拖住市教育局 "
        "| 2023年10月8日（星期日）09:00催办 | 2023年10月12日（星期四）黄牌警示：主要负责人 |"
    )


def test_board_with_nothing_stalled_says_so() -> None:
    assert "目前没有停滞事项。" in stalled_board("dj", "专项工作评议", [], NOW, PORTAL)
