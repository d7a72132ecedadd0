"""填写问卷: the page behind a code or an open address, for anybody.

A question that hangs on the answer to another comes in a second step, so that no script is needed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from appraisal.domain.answers import Flaw, read_answers
from appraisal.domain.refusal import Refusal
from appraisal.domain.survey import Question, QuestionKind, Survey, asked
from appraisal.keys import plain_code
from appraisal.notices.wording import phrase
from appraisal.operations.answers import Door, Filled, Flawed, answer, door
from appraisal.operations.intake_guard import Pace
from appraisal.store.unlinking import forget_order
from portal.forms import Form
from portal.public import Given, Guest, GuestHere

router = APIRouter(prefix="/q")


@dataclass(frozen=True)
class Shown:
    """What stands on a form: the questions, what was filled in, and what is wrong by question and row."""

    questions: Collection[Question]
    filled: Filled
    flaws: Mapping[tuple[str, str], str] = field(default_factory=dict)
    more: int = 0


@router.get("")
def ask_for_code(here: GuestHere, code: str = "") -> Response:
    """For whoever types the code from a slip of paper."""
    plain = plain_code(code)
    return RedirectResponse(f"/q/{plain}", status_code=303) if plain else here.show("answer-code")


@router.get("/done")
def done(here: GuestHere) -> Response:
    return here.show("answered")


@router.get("/{written}")
def show(written: str, here: GuestHere) -> Response:
    try:
        found = _door(here, written)
    except Refusal as refusal:
        return here.turn_away(refusal)
    return _page(here, found, written, Shown(list(asked(found.survey, {})), Filled({})))


@router.post("/{written}")
def send(written: str, given: Given) -> Response:
    here = given.guest
    try:
        found = _door(here, written)
    except Refusal as refusal:
        return here.turn_away(refusal, typed=_typed(given))
    filled, before = filled_in(given, found.survey), set(given.value("asked").split(","))
    read = read_answers(found.survey, filled.given)
    questions = list(asked(found.survey, read.answers))
    more = [question for question in questions if question.key not in before]
    if more:
        old = worded([flaw for flaw in read.flaws if flaw.question in before])
        return _page(here, found, written, Shown(questions, filled, old, len(more)))
    try:
        _take(given, found, written, filled)
    except Flawed as flawed:
        return _page(here, found, written, Shown(questions, filled, worded(flawed.flaws)), flawed)
    except Refusal as refusal:
        return _page(here, found, written, Shown(questions, filled), refusal)
    forget_order(here.office.store)
    return RedirectResponse("/q/done", status_code=303)


def filled_in(form: Form, survey: Survey, *, several: bool = False) -> Filled:
    """What was filled in, as the questions are named on the page.

    On paper there may be ``several`` marks where one is asked for: they are kept, so that the sheet is found invalid.
    """
    given = {question.key: _given(form, question, several) for question in survey.questions}
    return Filled(given, form.value("unit"), form.text("spoilt"))


def worded(flaws: Collection[Flaw]) -> dict[tuple[str, str], str]:
    """The flaws in words, by question and row."""
    return {(flaw.question, flaw.line): phrase(f"answer.flaw.{flaw.code}", **flaw.facts) for flaw in flaws}


def _given(form: Form, question: Question, several: bool) -> object:
    name = f"q.{question.key}"
    match question.kind:
        case QuestionKind.SINGLE:
            return _marked(form, name, several)
        case QuestionKind.MULTIPLE:
            return form.ticked(name)
        case QuestionKind.MATRIX:
            return {line.key: _marked(form, f"{name}.{line.key}", several) for line in question.lines}
        case _:
            return form.text(name)


def _marked(form: Form, name: str, several: bool) -> str | list[str]:
    ticked = form.ticked(name)
    return ticked if several and len(ticked) > 1 else form.text(name)


def _door(here: Guest, written: str) -> Door:
    with here.reading() as session:
        return door(session, here.keyring, written, here.now.date())


def _take(given: Given, found: Door, written: str, filled: Filled) -> None:
    here, nonce = given.guest, ""
    if found.code is None:
        nonce = given.nonce(_purpose(found))
        if here.house.guard.pace(str(found.row.id)) is Pace.REFUSED:
            raise Refusal("intake.too_fast")
    with here.desk() as desk:
        answer(desk, written, filled, nonce)


def _page(here: Guest, found: Door, written: str, shown: Shown, refusal: Refusal | None = None) -> Response:
    ticket = here.ticket(_purpose(found)) if found.code is None else ""
    units = [(unit.code, unit.name) for unit in found.units]
    return here.show(
        "answering", refusal, survey=found.survey, units=units, shown=shown, action=f"/q/{written}", ticket=ticket
    )


def _purpose(found: Door) -> str:
    return f"answer/{found.row.id}"


def _typed(given: Form) -> str:
    """What somebody wrote in words, when there is no form any more to show it in."""
    texts = [text for name, text in given.data.multi_items() if name.startswith("q.") and isinstance(text, str)]
    return "\n\n".join(text for text in texts if not text.isascii())
