"""Exact numbers as they are written and read."""

from fractions import Fraction

import pytest

from appraisal.domain.numerals import decimal, half_up, percent, plain, read_decimal


@pytest.mark.parametrize(
    ("share", "line", "shown"),
    [
        ("1/2", None, "50%"),
        ("28/45", None, "62.22%"),
        ("717/800", None, "89.63%"),
        ("1/1", None, "100%"),
        ("0", None, "0%"),
        ("4999/10000", "1/2", "49.99%"),
        ("49999/100000", "1/2", "49.999%"),
        ("500001/1000000", "1/2", "50.0001%"),
        ("2/3", "2/3", "66.67%"),
        ("199999/300000", "2/3", "66.666%"),
    ],
)
def test_percent_has_as_many_places_as_tell_it_from_the_line(share: str, line: str | None, shown: str) -> None:
    assert percent(Fraction(share), Fraction(line) if line else None) == shown


@pytest.mark.parametrize(
    ("number", "places", "rounded"),
    [("2.345", 2, "2.35"), ("2.3449", 2, "2.34"), ("-2.345", 2, "-2.35"), ("2.5", 0, "3"), ("89.995", 2, "90")],
)
def test_half_is_rounded_up(number: str, places: int, rounded: str) -> None:
    assert half_up(Fraction(number), places) == Fraction(rounded)


def test_decimal_is_written_without_needless_noughts() -> None:
    assert [decimal(Fraction(number)) for number in ("90", "87.50", "1000", "1/3", "-0.5")] == [
        "90",
        "87.5",
        "1000",
        "0.33",
        "-0.5",
    ]
    assert [plain(Fraction(number)) for number in ("90", "8.50", "100", "-3.25")] == ["90", "8.5", "100", "-3.25"]


@pytest.mark.parametrize("text", ["", "1.", ".5", "1e3", "½", "1_0", "٣", "1/2", "1234567890", "NaN"])
def test_what_is_no_plain_decimal_is_no_number(text: str) -> None:
    assert read_decimal(text) is None
    assert read_decimal("8.50") == Fraction(17, 2)
