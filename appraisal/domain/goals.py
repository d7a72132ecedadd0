"""Quantified goals (量化指标): what was reached of each, counted from what was entered."""

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

FEWER_THAN = "少于"


@dataclass(frozen=True)
class Deed:
    """A log entry as goals count it; ``panel`` is nothing where the body itself did it."""

    panel: str
    kind: str
    count: int
    people: int
    place: str
    enterprises: tuple[str, ...]


@dataclass(frozen=True)
class GoalState:
    """How far a goal is reached; ``panel`` is empty for one that is set to the body as a whole.

    ``smallest`` is the least number of people that the figure may stand for: a smaller one is not told.
    """

    title: str
    unit: str
    at_least: Decimal
    reached: Fraction
    panel: str = ""
    smallest: int = 0

    @property
    def met(self) -> bool:
        """Whether it is reached; exactly so much suffices."""
        return self.reached >= Fraction(self.at_least)

    @property
    def percent(self) -> int:
        """How much of it is reached, from 0 to 100; 100 only when all of it is."""
        if self._hidden:
            return 0
        return min(int(self.reached / Fraction(self.at_least) * 100), 100)

    @property
    def far(self) -> str:
        """How far it is, as people read it."""
        return f"{FEWER_THAN}{self.smallest}" if self._hidden else figure(self.reached)

    @property
    def wanted(self) -> str:
        """How far it should be."""
        return figure(Fraction(self.at_least))

    @property
    def _hidden(self) -> bool:
        return 0 < self.reached < self.smallest


def chosen(deeds: Iterable[Deed], kinds: Collection[str], panel: str | None) -> list[Deed]:
    """The entries of these kinds, or of any where none is named, by one panel or (None) by all and the body."""
    return [deed for deed in deeds if (not kinds or deed.kind in kinds) and panel in (None, deed.panel)]


def entries(deeds: Iterable[Deed]) -> int:
    """How many of their kind the entries stand for."""
    return sum(deed.count for deed in deeds)


def people(deeds: Iterable[Deed]) -> int:
    """How many people took part; who took part twice counts twice."""
    return sum(deed.people for deed in deeds)


def enterprises(deeds: Iterable[Deed]) -> int:
    """How many different enterprises were met."""
    return len({same(name) for deed in deeds for name in deed.enterprises if same(name)})


def places(deeds: Iterable[Deed]) -> int:
    """How many different places were gone to."""
    return len({same(deed.place) for deed in deeds if same(deed.place)})


def share(part: int, whole: int) -> Fraction:
    """So many in a hundred, exactly; nothing of nothing is nothing."""
    return Fraction(part * 100, whole) if whole else Fraction(0)


def same(name: str) -> str:
    """Two spellings of one name become the same: wide letters, capitals and spaces make no difference."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def figure(number: Fraction) -> str:
    """A whole number as it is, any other with one decimal cut off: what is short of a goal never looks like it."""
    if number.denominator == 1:
        return str(number.numerator)
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    return str(exact.quantize(Decimal("0.1"), ROUND_DOWN))
