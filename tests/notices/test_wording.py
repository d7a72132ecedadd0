"""Codes into Chinese."""

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from appraisal.clock import ZONE
from appraisal.domain.deadlines import Counted, Direction, Due, DueRule, Ends, Hours, YearEnd, compute
from appraisal.domain.span import Span
from appraisal.notices.wording import day, days, has_phrase, instant, phrase, reason
from tests.domain.calendars import at, shipped


def because(rule: DueRule, started: datetime) -> list[str]:
    found = compute(rule, {"opinion.received": started}, shipped(), Hours())
    assert isinstance(found, Due)
    return reason(found.steps, {"opinion.received": "评议意见签收"})


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PINGYI_ROOT", str(tmp_path))
    folder = tmp_path / "templates" / "phrases"
    folder.mkdir(parents=True)
    return folder


def test_day_is_shown_with_its_weekday() -> None:
    assert day(date(2023, 10, 27)) == day("2023-10-27") == "2023年10月27日（星期五）"
    assert days("2023-10-07,2023-10-08") == "2023年10月7日（星期六）、2023年10月8日（星期日）"


def test_instant_is_shown_in_the_zone_of_the_clock() -> None:
    assert instant(datetime(2023, 10, 27, 17, 30, tzinfo=ZONE)) == "2023年10月27日（星期五）17:30"
    assert instant("2023-10-27T09:05:00+00:00") == "2023年10月27日（星期五）17:05"
    assert instant(datetime(2023, 10, 27, 23, 59, tzinfo=timezone(timedelta(0)))) == "2023年10月28日（星期六）07:59"


def test_instant_of_midnight_is_shown_as_the_end_of_the_day_before() -> None:
    assert instant("2023-10-08T00:00:00+08:00") == "2023年10月7日（星期六）24:00"
    assert instant("2023-10-07T16:00:00+00:00") == "2023年10月7日（星期六）24:00"
    assert instant("2024-01-01T00:00:00+08:00") == "2023年12月31日（星期日）24:00"
    assert instant("2023-10-08T00:01:00+08:00") == "2023年10月8日（星期日）00:01"


def test_instant_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="has no offset"):
        instant("2023-10-08T00:00:00")


def test_phrase_names_the_field_of_a_refused_date() -> None:
    assert phrase("date.nonexistent", field="报告日期", text="2023年9月31日") == (
        "“报告日期”没有填上：“2023年9月31日”这一天不存在；请核对月份和日期后重新填写"
    )


def test_phrase_that_is_not_written_is_refused() -> None:
    assert not has_phrase("no.such.code")
    with pytest.raises(LookupError):
        phrase("no.such.code")


def test_phrase_with_a_fact_missing_is_refused() -> None:
    with pytest.raises(UndefinedError):
        phrase("date.nonexistent", field="报告日期")


def test_phrase_given_in_two_files_is_refused(house: Path) -> None:
    (house / "one.yaml").write_text("a.b: 一\n", encoding="utf-8")
    (house / "two.yaml").write_text("a.b: 二\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"two\.yaml: the phrase a\.b is given in another file already"):
        phrase("a.b")


def test_phrase_that_is_not_text_is_refused(house: Path) -> None:
    (house / "one.yaml").write_text("a.b: 1\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"one\.yaml: the phrase a\.b is not text: 1"):
        phrase("a.b")


def test_phrase_may_take_a_fact_named_code_and_use_the_filters(house: Path) -> None:
    (house / "one.yaml").write_text('a.b: "{{ code }}：{{ on | day }}"\n', encoding="utf-8")
    assert phrase("a.b", code="甲", on=date(2023, 10, 27)) == "甲：2023年10月27日（星期五）"


def test_reason_of_the_month_that_ends_in_the_national_day_week() -> None:
    rule = DueRule(Counted("opinion.received", Span.parse("1m")), "《评议办法》第九条：一个月内")
    assert because(rule, at(2023, 8, 31)) == [
        "评议意见签收：2023年8月31日（星期四）10:00",
        "开始的当日2023年8月31日（星期四）不计入，自下一日起算",
        "向后数1个月，至2023年9月30日（星期六）",
        "9月没有31日，以月末日2023年9月30日（星期六）为准",
        "2023年9月30日（星期六）是休息日（国庆节），顺延至2023年10月7日（星期六）",
        "截止时间：2023年10月7日（星期六）24:00",
        "依据：《评议办法》第九条：一个月内",
    ]


def test_reason_of_working_days_names_holidays_and_make_up_days() -> None:
    rule = DueRule(Counted("opinion.received", Span.parse("10wd")), "第九条", ends=Ends.CLOSE_OF_BUSINESS)
    assert because(rule, at(2023, 9, 26)) == [
        "评议意见签收：2023年9月26日（星期二）10:00",
        "开始的当日2023年9月26日（星期二）不计入，自下一日起算",
        "向后数10个工作日，至2023年10月16日（星期一）",
        "中秋节、国庆节放假8天不计入：2023年9月29日（星期五）至2023年10月6日（星期五）",
        "调休上班的日子计入：2023年10月7日（星期六）、2023年10月8日（星期日）",
        "截止时间：2023年10月16日（星期一）17:30（下班时间）",
        "依据：第九条",
    ]


def test_reason_of_counting_back_and_of_a_year_end_not_published_yet() -> None:
    back = DueRule(Counted("opinion.received", Span.parse("10d"), Direction.BEFORE), "会前10日")
    assert because(back, at(2023, 10, 16))[2:4] == [
        "向前数10日，至2023年10月6日（星期五）",
        "2023年10月6日（星期五）是休息日（中秋节、国庆节），提前至2023年9月28日（星期四）",
    ]
    assert because(DueRule(YearEnd("opinion.received"), "年底前"), at(2026, 5, 1))[1:3] == [
        "当年年底：2026年12月31日（星期四）",
        "2027年的放假安排尚未公布，所涉日期只按周末休息推算，为暂定；公布后重新计算",
    ]
