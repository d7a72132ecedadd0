"""What somebody typed, read as a day, a number or a list of names."""

import re
from datetime import date

from appraisal.domain.refusal import Refusal

LARGEST = 1_000_000
_BETWEEN = re.compile(r"[\s、，,；;]+")


def day_in(text: str, what: str) -> date:
    """A day; Refusal ``selection.no_day`` names the field."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refusal("selection.no_day", what=what) from None


def number_in(text: str, what: str) -> int:
    """A number of at most seven digits; nothing is nought.  Refusal ``selection.no_number`` names the field."""
    digits = text.strip() or "0"
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 7 or int(digits) > LARGEST:
        raise Refusal("selection.no_number", what=what)
    return int(digits)


def names_in(text: str) -> list[str]:
    """Names parted by spaces, lines or marks."""
    return [name for name in _BETWEEN.split(text) if name]
