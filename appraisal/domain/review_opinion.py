"""The opinion on a unit (评议意见): its text, and what share of it speaks of achievements and what of problems."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from operator import ge, gt, le, lt

BOUNDS: Mapping[str, Callable[[Fraction, Fraction], bool]] = {"reach": ge, "exceed": gt, "within": le, "below": lt}
"""By the words of ``method.vote_words.Bound``: whether exactly the line will do is decided by the method."""
MOST_PLACES = 6


@dataclass(frozen=True)
class ProblemText:
    """A problem as the opinion words it, with its aim and deadline; ``number`` is its number on the problem list."""

    text: str
    aim: str = ""
    due_on: date | None = None
    number: int | None = None


@dataclass(frozen=True)
class PartRule:
    """What share of the whole a part must have."""

    share: Fraction
    bound: str

    def admits(self, share: Fraction) -> bool:
        """Whether the share stands to the line as it must."""
        return BOUNDS[self.bound](share, self.share)


@dataclass(frozen=True)
class Part:
    """A part as measured: how much of it there is, and its share of the whole (None where there is nothing at all)."""

    amount: int
    share: Fraction | None
    rule: PartRule | None

    @property
    def met(self) -> bool:
        """Whether the part has the share that is asked of it; an opinion without a word has none."""
        return self.rule is None or (self.share is not None and self.rule.admits(self.share))


@dataclass(frozen=True)
class Measure:
    """Both parts of an opinion, measured in the same way."""

    achievements: Part
    problems: Part

    @property
    def met(self) -> bool:
        """Whether both parts have the shares that are asked of them."""
        return self.achievements.met and self.problems.met


def measure(
    achievements: Sequence[str],
    problems: Sequence[ProblemText],
    *,
    by_items: bool,
    rules: tuple[PartRule | None, PartRule | None] = (None, None),
) -> Measure:
    """Measure an opinion by items, or by the characters of achievements, problems and the aims of problems."""
    said = [*achievements], [part for problem in problems for part in (problem.text, problem.aim)]
    good = len(achievements) if by_items else sum(map(characters, said[0]))
    bad = len(problems) if by_items else sum(map(characters, said[1]))
    whole = good + bad
    shares = (Fraction(good, whole), Fraction(bad, whole)) if whole else (None, None)
    return Measure(Part(good, shares[0], rules[0]), Part(bad, shares[1], rules[1]))


def characters(text: str) -> int:
    """How many characters can be seen: neither white space counts nor what has no width."""
    return sum(1 for character in text if character.isprintable() and not character.isspace())


def tidied_achievements(achievements: Sequence[str]) -> list[str]:
    """Without spaces around what was typed, and without what is empty."""
    return [text for each in achievements if (text := each.strip())]


def tidied_problems(problems: Sequence[ProblemText]) -> list[ProblemText]:
    """Without spaces around what was typed; one without a text is none."""
    tidy = [replace(problem, text=problem.text.strip(), aim=problem.aim.strip()) for problem in problems]
    return [problem for problem in tidy if problem.text]


def percent(share: Fraction, line: Fraction | None = None) -> str:
    """The share in per cent, with as many places as it takes to stand on the right side of the line."""
    exact = share * 100
    for places in range(1, MOST_PLACES + 1):
        shown = Fraction(round(exact * 10**places), 10**places)
        if line is None or _side(shown, line * 100) == _side(exact, line * 100):
            break
    number = Decimal(shown.numerator) / Decimal(shown.denominator)
    return f"{number.normalize():f}%"


def _side(figure: Fraction, line: Fraction) -> int:
    return (figure > line) - (figure < line)
