"""Answers to a questionnaire: by a code, openly, or from paper.

What comes by a code is one transaction that spends the code and keeps the sheet, and leaves nothing by which the two
could be brought together again: no key, no instant, no order, and no fact on the ledger until the questionnaire closes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.answers import Flaw, Given, Read, read_answers
from appraisal.domain.facts import Action
from appraisal.domain.refusal import Refusal
from appraisal.domain.survey import Access, Medium, Survey
from appraisal.keys import Keyring, plain_code
from appraisal.operations.office import Desk
from appraisal.operations.questionnaire_codes import code_by, no_more_letters
from appraisal.operations.questionnaires import (
    counts_of,
    for_answers,
    for_papers,
    note,
    survey_of,
    takes_answers,
    units_asked,
)
from appraisal.store.base import identity
from appraisal.store.opinion_tables import AnswerCodeRow, AnswerSheetRow, QuestionnaireRow
from appraisal.store.register_tables import UnitRow
from appraisal.store.unlinking import spend_among, write_among

UNIT = "unit"
"""Stands for the question which unit a sheet is about, among the flaws."""
SPOILT = "spoilt"
MOST_AT_ONCE = 1000


@dataclass(frozen=True)
class Filled:
    """A sheet as somebody filled it in: the unit by its code, and what is given to each question.

    ``spoilt`` is why the office takes a sheet of paper for invalid whatever it says.
    """

    given: Given
    unit: str = ""
    spoilt: str = ""


@dataclass(frozen=True)
class Door:
    """What is behind a code or an open address: the questionnaire, and the units it may be about."""

    row: QuestionnaireRow
    survey: Survey
    units: Sequence[UnitRow]
    code: AnswerCodeRow | None = field(repr=False)


class Flawed(Refusal):
    """Answers that cannot be taken, with every flaw at once."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        self.flaws = tuple(flaws)
        super().__init__("answer.flawed", count=len(self.flaws))


def door(session: Session, keyring: Keyring, written: str, on: date) -> Door:
    """The questionnaire behind an address; refused when there is none, when it is closed or the code is spent."""
    row = session.scalar(select(QuestionnaireRow).where(QuestionnaireRow.token == plain_code(written).lower()))
    code = None if row else code_by(session, keyring, written)
    row = row or (session.get_one(QuestionnaireRow, code.questionnaire_id) if code else None)
    if row is None or (code is None and row.access != Access.OPEN):
        raise Refusal("answer.code.unknown")
    if code is not None and code.answered:
        raise Refusal("answer.spent", questionnaire=row.title)
    if not takes_answers(row, on):
        raise Refusal("questionnaire.closed", questionnaire=row.title)
    return Door(row, survey_of(row), units_asked(session, row), code)


def answer(desk: Desk, written: str, filled: Filled, nonce: str = "") -> None:
    """Take in answers by a code or, under the number of a form, openly; the same form sent twice is one sheet.

    Refuses what ``door`` refuses, and Flawed.
    """
    found = door(desk.session, desk.office.keyring, written, desk.now.date())
    for_answers(desk, found.row.id)  # Held to the end: two who use one code at once, or one as it closes, come in turn.
    read, unit = _read(found.survey, filled, found.units)
    if read.flaws:
        raise Flawed(read.flaws)
    if found.code is None:
        _take_openly(desk, found.row, read, unit, nonce)
    else:
        _take_by_code(desk, found.row, found.code, read, unit)


def enter_papers(desk: Desk, identifier: UUID, papers: Sequence[Filled], mark: str) -> int:
    """Enter sheets of paper, each kept whether it is valid or not; ``mark`` makes the same entry twice one.

    Returns how many are new; refuses more than were handed out, none at all, and a questionnaire that is closed.
    """
    row = for_papers(desk, identifier)
    if not 1 <= len(papers) <= MOST_AT_ONCE:
        raise Refusal("answer.papers_at_once", most=MOST_AT_ONCE)
    ids = [identity("answer_sheet", row.id, mark, number) for number in range(len(papers))]
    known = set(desk.session.scalars(select(AnswerSheetRow.id).where(AnswerSheetRow.id.in_(ids))))
    fresh = [(sheet, paper) for sheet, paper in zip(ids, papers, strict=True) if sheet not in known]
    _within_what_is_out(desk, row, len(fresh))
    units = units_asked(desk.session, row)
    sheets = [_paper(desk, row, sheet, paper, units) for sheet, paper in fresh]
    desk.session.add_all(sheets)
    if sheets:
        invalid = sum(not sheet.valid for sheet in sheets)
        note(desk, row, Action.QUESTIONNAIRE_ENTERED, medium=Medium.PAPER, sheets=len(sheets), invalid=invalid)
    return len(sheets)


def judged(survey: Survey, paper: Filled, units: Sequence[UnitRow]) -> Read:
    """How a sheet of paper would be taken: its answers, and why it would not count."""
    read, _ = _read(survey, paper, units)
    spoilt = [Flaw("", SPOILT, facts={"why": paper.spoilt})] if paper.spoilt else []
    return Read(read.answers, (*spoilt, *read.flaws))


def _read(survey: Survey, filled: Filled, units: Sequence[UnitRow]) -> tuple[Read, UnitRow | None]:
    read = read_answers(survey, filled.given)
    if not survey.unit_title:
        return read, None
    unit = next((unit for unit in units if filled.unit in (unit.code, unit.name)), None)
    flaws = () if unit else (Flaw(UNIT, "unanswered"),)
    return Read(read.answers, (*flaws, *read.flaws)), unit


def _take_by_code(desk: Desk, row: QuestionnaireRow, code: AnswerCodeRow, read: Read, unit: UnitRow | None) -> None:
    desk.session.refresh(code)
    if code.answered:
        raise Refusal("answer.spent", questionnaire=row.title)
    spend_among(desk.session, code)
    write_among(desk.session, _sheet(row, uuid4(), read, unit, Medium.CODE, None))
    no_more_letters(desk.session, code)


def _take_openly(desk: Desk, row: QuestionnaireRow, read: Read, unit: UnitRow | None, nonce: str) -> None:
    if not nonce:
        raise Refusal("ticket.stale")
    sheet = identity("answer_sheet", row.id, nonce)
    if desk.session.get(AnswerSheetRow, sheet) is None:
        write_among(desk.session, _sheet(row, sheet, read, unit, Medium.OPEN, desk.now.date()))


def _sheet(
    row: QuestionnaireRow, sheet: UUID, read: Read, unit: UnitRow | None, medium: Medium, on: date | None
) -> dict[str, Any]:
    return {
        "id": sheet,
        "questionnaire_id": row.id,
        "unit_id": unit.id if unit else None,
        "answers": read.answers,
        "valid": not read.flaws,
        "faults": [flaw.plain() for flaw in read.flaws],
        "medium": medium,
        "received_on": on,
        "entered_by": None,
    }


def _paper(desk: Desk, row: QuestionnaireRow, sheet: UUID, paper: Filled, units: Sequence[UnitRow]) -> AnswerSheetRow:
    read, (_, unit) = judged(survey_of(row), paper, units), _read(survey_of(row), paper, units)
    kept = _sheet(row, sheet, read, unit, Medium.PAPER, desk.now.date())
    return AnswerSheetRow(**kept | {"entered_by": desk.work.actor.removeprefix("person:")})


def _within_what_is_out(desk: Desk, row: QuestionnaireRow, more: int) -> None:
    returned = counts_of(desk.session, row).by_medium[Medium.PAPER].returned
    if returned + more > row.paper_issued:
        raise Refusal("answer.more_than_issued", issued=row.paper_issued, returned=returned, more=more)
