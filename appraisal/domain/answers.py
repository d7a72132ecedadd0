"""Reading what somebody filled in: what was asked and answered, and every fault in it at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from appraisal.domain.survey import Answer, Question, QuestionKind, Survey, is_asked

Given = Mapping[str, object]
"""By question: text, a list of texts, or a mapping of texts by row; as it came, from a form or from a sheet."""


@dataclass(frozen=True)
class Flaw:
    """What is wrong with the answer to a question; ``line`` is a row of a matrix."""

    question: str
    code: str
    line: str = ""
    facts: Mapping[str, str | int] = field(default_factory=dict)

    def plain(self) -> dict[str, object]:
        """As it is kept with a sheet that does not count."""
        return {"question": self.question, "code": self.code, "line": self.line, "facts": dict(self.facts)}


@dataclass(frozen=True)
class Read:
    """The answers that can be kept, and the flaws of the others; what was not asked is left out."""

    answers: dict[str, Answer]
    flaws: tuple[Flaw, ...]


def read_answers(survey: Survey, given: Given) -> Read:
    """Question by question, for an earlier answer decides whether a later question is asked."""
    answers: dict[str, Answer] = {}
    flaws: list[Flaw] = []
    for question in survey.questions:
        if not is_asked(question, answers):
            continue
        answer, wrong = _READ[question.kind](question, given.get(question.key))
        if answer:
            answers[question.key] = answer
        flaws += wrong
    return Read(answers, tuple(flaws))


Result = tuple[Answer | None, list[Flaw]]


def _single(question: Question, given: object) -> Result:
    if _is_several(given):
        return None, [Flaw(question.key, "several_marked")]
    option = _text(given)
    if not option:
        return None, _unanswered(question)
    if option not in {choice.key for choice in question.choices}:
        return None, [Flaw(question.key, "no_such_option")]
    return option, []


def _multiple(question: Question, given: object) -> Result:
    picked = {str(option) for option in given} if isinstance(given, list | tuple) else set()
    known = [choice.key for choice in question.choices if choice.key in picked]
    flaws = [Flaw(question.key, "no_such_option")] if len(known) < len(picked) else []
    if not known:
        return None, flaws or _unanswered(question)
    if len(known) < question.at_least:
        flaws.append(Flaw(question.key, "too_few", facts={"least": question.at_least, "chosen": len(known)}))
    if len(known) > question.at_most:
        flaws.append(Flaw(question.key, "too_many", facts={"most": question.at_most, "chosen": len(known)}))
    return known, flaws


def _matrix(question: Question, given: object) -> Result:
    cells = given if isinstance(given, Mapping) else {}
    options = {choice.key for choice in question.choices}
    found: dict[str, str] = {}
    flaws: list[Flaw] = []
    for line in question.lines:
        option = _text(cells.get(line.key))
        if option in options:
            found[line.key] = option
        elif _is_several(cells.get(line.key)):
            flaws.append(Flaw(question.key, "several_marked", line.key))
        elif option:
            flaws.append(Flaw(question.key, "no_such_option", line.key))
        elif question.required:
            flaws.append(Flaw(question.key, "unanswered", line.key))
    return found, flaws


def _score(question: Question, given: object) -> Result:
    text, scale = _text(given), question.scale
    if not text:
        return None, _unanswered(question)
    mark = _number(text)
    if mark is None:
        return None, [Flaw(question.key, "not_a_number")]
    if not scale.lowest <= mark <= scale.highest:
        facts: dict[str, str | int] = {"lowest": str(scale.lowest), "highest": str(scale.highest)}
        return None, [Flaw(question.key, "out_of_range", facts=facts)]
    if (mark - scale.lowest) % scale.step:
        return None, [Flaw(question.key, "off_step", facts={"step": str(scale.step)})]
    return plain_number(mark), []


def _words(question: Question, given: object) -> Result:
    text = _text(given)
    if not text:
        return None, _unanswered(question)
    if len(text) > question.longest:
        return text, [Flaw(question.key, "too_long", facts={"most": question.longest, "length": len(text)})]
    return text, []


_READ: Mapping[QuestionKind, Callable[[Question, object], Result]] = {
    QuestionKind.SINGLE: _single,
    QuestionKind.MULTIPLE: _multiple,
    QuestionKind.MATRIX: _matrix,
    QuestionKind.SCORE: _score,
    QuestionKind.TEXT: _words,
}


def plain_number(mark: Decimal) -> str:
    """The one way to write a number: ``85``, ``8.5``."""
    return f"{mark.normalize():f}"


def _number(text: str) -> Decimal | None:
    """Full-width digits count too; what is no finite number of a sensible length does not."""
    try:
        mark = Decimal(text) if len(text) <= 20 else None
    except InvalidOperation:
        return None
    return mark if mark is not None and mark.is_finite() else None


def _unanswered(question: Question) -> list[Flaw]:
    return [Flaw(question.key, "unanswered")] if question.required else []


def _is_several(given: object) -> bool:
    """Several marks where one is asked for: that happens on paper."""
    return isinstance(given, list | tuple) and len(given) > 1


def _text(given: object) -> str:
    return given.replace("\x00", "").strip() if isinstance(given, str) else ""
