import pytest

from tests.cli.commands import run

LANXI = ("explain", "--method", "config/methods/lanxi-2023.yaml")
RECEIVED = ("--event", "opinion.received=2023-08-31")


def test_explain_gives_the_month_end_in_the_national_day_week() -> None:
    ran = run(*LANXI, "--obligation", "rectification_plan", *RECEIVED, "--json")
    assert ran.status == 0
    assert (ran.told["due_on"], ran.told["provisional"]) == ("2023-10-07", False)
    assert [step["code"] for step in ran.told["steps"]] == [
        "deadline.started",
        "deadline.start_excluded",
        "deadline.counted_forward",
        "deadline.month_end",
        "deadline.rolled_next",
        "deadline.ends_midnight",
        "deadline.basis",
    ]
    assert ran.told["steps"][4]["text"] == "2023年9月30日（星期六）是休息日（国庆节），顺延至2023年10月7日（星期六）"


def test_explain_tells_the_same_in_words() -> None:
    ran = run(*LANXI, "--obligation", "rectification_report", *RECEIVED)
    assert ran.status == 0
    assert ran.out.splitlines()[0] == "整改落实报告：2023年10月31日（星期二）"
    assert ran.out.splitlines()[1] == "  1. 完成“评议意见签收”：2023年8月31日（星期四）09:00"


def test_explain_foresees_the_phases_from_the_start_of_the_campaign() -> None:
    ran = run(*LANXI, "--obligation", "self_review_report", "--event", "campaign.started=2023-04-03", "--json")
    assert ran.told["due_on"] == "2023-06-12"
    assert ran.told["forecast"] == ["“自查自纠”阶段开始"]


def test_explain_names_the_event_that_is_missing() -> None:
    ran = run(*LANXI, "--obligation", "rectification_plan", "--json")
    assert (ran.status, ran.out) == (1, "")
    assert "请加上 --event opinion.received=日期" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--obligation", "rectification_pln", *RECEIVED), "是不是指 整改计划（rectification_plan）"),
        (("--obligation", "opinion", "--event", "phase.rectfy.opened=2023-08-31"), "（phase.rectify.opened）"),
        (("--obligation", "opinion", "--event", "phase.rectify.opened=2023-9-31"), "“2023-9-31”这一天不存在"),
        (("--obligation", "opinion", "--event", "phase.rectify.opened"), "应当写成“名称=内容”"),
    ],
)
def test_explain_refuses_what_the_method_does_not_know(words: tuple[str, ...], said: str) -> None:
    ran = run(*LANXI, *words)
    assert ran.status == 1
    assert said in ran.err


def test_explain_counts_back_from_a_sitting() -> None:
    words = ("--obligation", "written_report", "--event", "sitting.review=2018-09-04", "--json")
    ran = run("explain", "--method", "config/methods/suqian-investment.yaml", *words)
    assert ran.told["due_on"] == "2018-08-24"


def test_explain_wants_a_method_or_a_campaign() -> None:
    assert run("explain", "--obligation", "opinion").status == 1
