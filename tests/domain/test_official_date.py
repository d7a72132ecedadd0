"""Dates as people write them."""

from datetime import date

import pytest

from appraisal.domain.official_date import parse_official_date
from appraisal.domain.refusal import Refusal


@pytest.mark.parametrize(
    "text",
    ["2023-09-30", "2023年9月30日", "2023/9/30", "2023年09月30日", "2023.9.30", " 2023-9-30 ", "２０２３年９月３０日"],
)
def test_official_date_is_read_in_each_of_the_usual_forms(text: str) -> None:
    assert parse_official_date(text, "报告日期") == date(2023, 9, 30)


@pytest.mark.parametrize("text", ["2023年9月31日", "2023-02-29", "2023/13/1", "0000-01-01", "2023-01-00"])
def test_official_date_that_does_not_exist_is_refused_with_its_field(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_official_date(text, "报告日期")
    assert (refused.value.code, refused.value.facts) == ("date.nonexistent", {"field": "报告日期", "text": text})


@pytest.mark.parametrize("text", ["", "9月30日", "2023-09/30", "2023.9-30", "20230930", "2023-09-30 10:00", "明天"])
def test_official_date_in_another_form_is_refused_with_its_field(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_official_date(text, "报告日期")
    assert (refused.value.code, refused.value.facts) == ("date.unreadable", {"field": "报告日期", "text": text})


def test_refusal_shows_its_code_and_facts_in_a_log() -> None:
    assert str(Refusal("date.unreadable", field="报告日期", text="x")) == "date.unreadable (field='报告日期', text='x')"
    assert str(Refusal("vote.closed")) == "vote.closed"
