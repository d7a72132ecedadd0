"""The boards as markdown: what they say, and what a board that is kept must not tell."""

from datetime import date, datetime
from fractions import Fraction

from appraisal.clock import ZONE
from appraisal.domain.comparison import Line
from appraisal.domain.gate import Obstacle
from appraisal.domain.intake_days import Batch
from appraisal.operations.inquiry_figures import Figures, Found, GoalLine, Spread
from appraisal.operations.intake_figures import Opinions, Rate
from appraisal.operations.overview import Overview
from appraisal.operations.self_review import Comparison
from flows.papers import board_key, comparison_board, inquiry_board, overview_board, told_lastingly

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
