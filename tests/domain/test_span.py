"""Spans as a method writes them."""

import pytest

from appraisal.domain.span import Span, SpanUnit


@pytest.mark.parametrize(
    ("text", "count", "unit"),
    [
        ("0d", 0, SpanUnit.DAY),
        ("10wd", 10, SpanUnit.WORKING_DAY),
        ("2w", 2, SpanUnit.WEEK),
        ("1m", 1, SpanUnit.MONTH),
        ("5y", 5, SpanUnit.YEAR),
    ],
)
def test_span_reads_and_writes_itself(text: str, count: int, unit: SpanUnit) -> None:
    span = Span.parse(text)
    assert span == Span(count, unit)
    assert str(span) == text


@pytest.mark.parametrize("text", ["", "10", "d", "-1d", "+1d", "1.5m", "1 m", "1M", "10wd ", "1m2d", "１d", "12345d"])
def test_span_refuses_anything_else_and_says_what_is_possible(text: str) -> None:
    with pytest.raises(ValueError, match="is not a span; write a number and d, wd, w, m or y"):
        Span.parse(text)


def test_span_refuses_a_negative_count() -> None:
    with pytest.raises(ValueError, match="a span cannot be negative: -1d"):
        Span(-1, SpanUnit.DAY)
