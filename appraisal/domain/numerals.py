"""Exact numbers as they are written on papers, and as a meeting reads them."""

import re
from decimal import Decimal
from fractions import Fraction
from math import floor

MOST_PLACES = 12
_DECIMAL = re.compile(r"[+-]?\d{1,9}(\.\d{1,9})?", re.ASCII)


def read_decimal(text: str) -> Fraction | None:
    """The number that is written, exactly; None where the text is no plain decimal."""
    return Fraction(text) if _DECIMAL.fullmatch(text) else None


def plain(number: Fraction) -> str:
    """A decimal without needless noughts: ``87.5``, ``90``."""
    return f"{(Decimal(number.numerator) / Decimal(number.denominator)).normalize():f}"


def half_up(number: Fraction, places: int) -> Fraction:
    """Rounded as one rounds by hand (四舍五入), away from nought on both sides of it."""
    unit = Fraction(10) ** places
    whole = floor(abs(number) * unit + Fraction(1, 2))
    return Fraction(whole if number >= 0 else -whole) / unit


def percent(share: Fraction, line: Fraction | None = None) -> str:
    """``62.22%``: two decimals, and as many more as it takes to stand on the right side of the line."""
    return f"{decimal(share * 100, line * 100 if line is not None else None)}%"


def decimal(number: Fraction, line: Fraction | None = None) -> str:
    """``87.5``: at most two decimals, and as many more as it takes to stand on the right side of the line."""
    shown = number
    for places in range(2, MOST_PLACES + 1):
        shown = half_up(number, places)
        if line in (None, number) or _side(shown, line) == _side(number, line):
            break
    return f"{(Decimal(shown.numerator) / Decimal(shown.denominator)).normalize():f}"


def fraction(number: Fraction) -> str:
    """``28/45``, and a whole number as such."""
    return str(number)


def _side(number: Fraction, line: Fraction) -> int:
    return (number > line) - (number < line)
