"""A questionnaire and what came back of it: its questions, which of them are asked, and the rate of return."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

Answer = str | list[str] | dict[str, str]
"""An option; several options; an option by row; a number as text; what somebody wrote."""
Answers = Mapping[str, Answer]


class QuestionKind(StrEnum):
    """What an answer to a question looks like."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    MATRIX = "matrix"
    SCORE = "score"
    TEXT = "text"


class Access(StrEnum):
    """Who may answer: whoever was handed a code, once each; or everyone."""

    CODES = "codes"
    OPEN = "open"


class Medium(StrEnum):
    """How a sheet came back."""

    CODE = "code"
    OPEN = "open"
    PAPER = "paper"


class SurveyStatus(StrEnum):
    """Whether a questionnaire still takes answers."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class Choice:
    """An option.  One that is excluded (不了解) is no part of the base that a share is taken of."""

    key: str
    title: str
    satisfied: bool = False
    excluded: bool = False


@dataclass(frozen=True)
class Line:
    """A row of a matrix; it is about an aspect of its own or about that of its question."""

    key: str
    title: str
    aspect: str | None = None


@dataclass(frozen=True)
class Condition:
    """A question is asked of whoever chose one of these options of an earlier question."""

    question: str
    options: frozenset[str]


@dataclass(frozen=True)
class Scale:
    """From where to where a mark goes, and in which steps."""

    lowest: Decimal = Decimal(0)
    highest: Decimal = Decimal(100)
    step: Decimal = Decimal(1)


@dataclass(frozen=True)
class Question:
    """One question; what does not belong to its kind is empty."""

    key: str
    kind: QuestionKind
    title: str
    required: bool = True
    aspect: str | None = None
    choices: tuple[Choice, ...] = ()
    lines: tuple[Line, ...] = ()
    at_least: int = 0
    at_most: int = 0
    scale: Scale = field(default_factory=Scale)
    longest: int = 0
    asked_if: Condition | None = None

    @property
    def satisfied(self) -> frozenset[str]:
        """The options that count as satisfied."""
        return frozenset(choice.key for choice in self.choices if choice.satisfied)

    @property
    def base(self) -> frozenset[str]:
        """The options that a share is taken of."""
        return frozenset(choice.key for choice in self.choices if not choice.excluded)


@dataclass(frozen=True)
class Survey:
    """A questionnaire; ``unit_title`` asks which unit it is filled in about, and is empty where it does not ask."""

    key: str
    title: str
    intro: str
    questions: tuple[Question, ...]
    unit_title: str = ""


@dataclass(frozen=True)
class Returned:
    """Issued, returned and valid sheets; the rate is None where nothing was issued."""

    issued: int
    returned: int
    valid: int

    @property
    def invalid(self) -> int:
        """Returned, but not counted."""
        return self.returned - self.valid

    @property
    def rate(self) -> Fraction | None:
        """Returned of issued, exactly."""
        return Fraction(self.returned, self.issued) if self.issued else None

    def plus(self, other: "Returned") -> "Returned":
        """Two media taken together."""
        return Returned(self.issued + other.issued, self.returned + other.returned, self.valid + other.valid)


def is_asked(question: Question, answers: Answers) -> bool:
    """Whether the question is put to whoever answered so."""
    condition = question.asked_if
    return condition is None or not condition.options.isdisjoint(chosen(answers.get(condition.question)))


def asked(survey: Survey, answers: Answers) -> Iterator[Question]:
    """The questions that are put to whoever answered so, in their order."""
    return (question for question in survey.questions if is_asked(question, answers))


def chosen(answer: Answer | None) -> list[str]:
    """The options in an answer to a question with options."""
    if answer is None:
        return []
    return [answer] if isinstance(answer, str) else list(answer)


def percent(share: Fraction, digits: int = 1) -> str:
    """The share as it is printed: ``94.6%``, halves rounded up, never by way of a float."""
    return f"{rounded(share * 100, digits)}%"


def rounded(number: Fraction, digits: int = 1) -> Decimal:
    """The nearest number with so many digits, halves rounded away from nought."""
    scaled = abs(number) * 10**digits
    nearest = Decimal((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)).scaleb(-digits)
    return nearest if number >= 0 else -nearest


def together(parts: Iterable[Returned]) -> Returned:
    """The media taken together."""
    whole = Returned(0, 0, 0)
    for part in parts:
        whole = whole.plus(part)
    return whole
