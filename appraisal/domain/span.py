"""A length of time as a method writes it: 30d, 10wd, 2w, 1m, 1y."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

_WRITTEN = re.compile(r"(?P<count>[0-9]{1,4})(?P<unit>wd|d|w|m|y)")


class SpanUnit(StrEnum):
    DAY = "d"
    WORKING_DAY = "wd"
    WEEK = "w"
    MONTH = "m"
    YEAR = "y"


@dataclass(frozen=True)
class Span:
    count: int
    unit: SpanUnit

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError(f"a span cannot be negative: {self.count}{self.unit}; its direction is said elsewhere")

    @classmethod
    def parse(cls, text: str) -> Self:
        written = _WRITTEN.fullmatch(text)
        if written is None:
            raise ValueError(f"{text!r} is not a span; write a number and d, wd, w, m or y, such as 30d, 10wd or 1m")
        return cls(int(written["count"]), SpanUnit(written["unit"]))

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"
