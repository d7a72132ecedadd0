"""Faults of sense in a written questionnaire: names used twice, conditions that lead nowhere, fields out of place."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation

from appraisal.domain.survey import QuestionKind
from appraisal.method.faults import Found, Loc, words
from appraisal.method.phrasing import nearest, shown
from appraisal.method.shape import each

Tree = dict[str, object]
Lines = Callable[[Loc], int]

_FIELDS: Mapping[str, frozenset[str]] = {
    QuestionKind.SINGLE: frozenset({"options"}),
    QuestionKind.MULTIPLE: frozenset({"options", "at_least", "at_most"}),
    QuestionKind.MATRIX: frozenset({"options", "rows"}),
    QuestionKind.SCORE: frozenset({"lowest", "highest", "step"}),
    QuestionKind.TEXT: frozenset({"longest"}),
}
_NEEDS: Mapping[str, list[str]] = {
    QuestionKind.SINGLE: ["options"],
    QuestionKind.MULTIPLE: ["options"],
    QuestionKind.MATRIX: ["options", "rows"],
}
_OWN = frozenset().union(*_FIELDS.values())
_GATES = frozenset({QuestionKind.SINGLE, QuestionKind.MULTIPLE})
_ENDS = ("lowest", "highest", "step")


def faults_of_questions(tree: Tree, of_shape: Iterable[Found], line: Lines) -> Iterator[Found]:
    """Every fault of sense, apart from the places whose shape is at fault already."""
    spoilt = {fault.loc for fault in of_shape}
    for found in _all(tree, line):
        if not any(found.loc[: len(loc)] == loc or loc[: len(found.loc)] == found.loc for loc in spoilt):
            yield found


def _all(tree: Tree, line: Lines) -> Iterator[Found]:
    questions = list(each(tree, "questions"))
    yield from _twice(questions, "question", line)
    for position, (loc, question) in enumerate(questions):
        for name in ("options", "rows"):
            inner = [((*loc, *at), item) for at, item in each(question, name)]
            yield from _twice(inner, name.removesuffix("s"), line)
        yield from _fields(loc, question)
        yield from _options(loc, question)
        yield from _scale(loc, question)
        yield from _condition(loc, question, [item for _, item in questions[:position]], questions)


def _twice(named: Iterable[tuple[Loc, Tree]], kind: str, line: Lines) -> Iterator[Found]:
    first: dict[str, Loc] = {}
    for loc, item in named:
        key = item.get("key")
        if not isinstance(key, str):
            continue
        if key in first:
            facts = {"kind": words(f"kind.{kind}"), "value": shown(key), "first": line(first[key])}
            yield Found((*loc, "key"), "duplicate-key", facts)
        first.setdefault(key, (*loc, "key"))


def _fields(loc: Loc, question: Tree) -> Iterator[Found]:
    kind = question.get("type")
    if not isinstance(kind, str) or kind not in _FIELDS:
        return
    title = words(f"QuestionKind.{kind}")
    for name in sorted(question.keys() & (_OWN - _FIELDS[kind])):
        yield Found((*loc, name), "question-stray", {"type": title, "name": name})
    for name in _NEEDS.get(kind, []):
        least = 1 if name == "rows" else 2
        written = question.get(name, [])
        if isinstance(written, list) and len(written) < least:
            yield Found((*loc, name), "question-needs", {"type": title, "name": name, "least": least})


def _options(loc: Loc, question: Tree) -> Iterator[Found]:
    options = [((*loc, *at), option) for at, option in each(question, "options")]
    for at, option in options:
        if option.get("satisfied") is True and option.get("excluded") is True:
            yield Found((*at, "excluded"), "option-both")
        if option.get("satisfied") is True and question.get("type") == QuestionKind.MULTIPLE:
            yield Found((*at, "satisfied"), "option-satisfied")
    least, most = question.get("at_least"), question.get("at_most")
    for name, count in (("at_least", least), ("at_most", most)):
        if isinstance(count, int) and count > len(options):
            yield Found((*loc, name), "choose-too-many", {"count": count, "options": len(options)})
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield Found((*loc, "at_least"), "choose-order", {"least": least, "most": most})


def _scale(loc: Loc, question: Tree) -> Iterator[Found]:
    if question.get("type") != QuestionKind.SCORE:
        return
    lowest, highest, step = (_number(question.get(name)) for name in _ENDS)
    low, high, by = lowest or Decimal(0), Decimal(100) if highest is None else highest, step or Decimal(1)
    if low >= high:
        yield Found((*loc, "highest"), "scale-order", {"lowest": str(low), "highest": str(high)})
    elif by > 0 and (high - low) % by:
        yield Found((*loc, "step"), "scale-step", {"lowest": str(low), "highest": str(high), "step": str(by)})


def _condition(loc: Loc, question: Tree, earlier: list[Tree], questions: list[tuple[Loc, Tree]]) -> Iterator[Found]:
    condition = question.get("show_if")
    if not isinstance(condition, dict) or not isinstance(key := condition.get("question"), str):
        return
    at: Loc = (*loc, "show_if")
    gate = next((item for item in earlier if item.get("key") == key), None)
    if gate is None:
        later = key in {item.get("key") for _, item in questions}
        known = [str(item["key"]) for item in earlier if "key" in item and item.get("type") in _GATES]
        facts = {"value": shown(key), "known": known, "near": nearest(key, known)}
        yield Found((*at, "question"), "condition-later" if later else "condition-unknown", facts)
    elif gate.get("type") not in _GATES:
        yield Found((*at, "question"), "condition-kind", {"value": shown(key)})
    else:
        yield from _condition_options((*at, "options"), condition, gate)


def _condition_options(loc: Loc, condition: Tree, gate: Tree) -> Iterator[Found]:
    known = [str(option["key"]) for _, option in each(gate, "options") if "key" in option]
    options = condition.get("options")
    for position, option in enumerate(options if isinstance(options, list) else []):
        if isinstance(option, str) and option not in known:
            facts = {"value": shown(option), "known": known, "near": nearest(option, known)}
            yield Found((*loc, position), "condition-option", facts)


def _number(value: object) -> Decimal | None:
    try:
        return None if value is None or isinstance(value, bool) else Decimal(str(value))
    except InvalidOperation:
        return None
