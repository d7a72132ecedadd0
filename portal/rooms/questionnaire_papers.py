"""Questionnaires on paper, entered by the office one by one or from a workbook.

What was read from a workbook stands on the page between looking it over and entering it, packed into one field.
"""

import base64
import binascii
import json
import secrets
import zlib
from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from appraisal.documents.survey_book import PaperFault, PaperLine, blank_book, read_papers
from appraisal.domain.answers import Flaw
from appraisal.domain.digest import digest
from appraisal.domain.refusal import Refusal
from appraisal.domain.survey import Medium, Survey
from appraisal.notices.wording import phrase
from appraisal.operations.answers import UNIT, Filled, enter_papers, judged
from appraisal.operations.questionnaires import counts_of, questionnaire_by, survey_of, takes_answers, units_asked
from appraisal.store.opinion_tables import QuestionnaireRow
from appraisal.store.register_tables import UnitRow
from portal.forms import LARGEST_PART, Form, Posted
from portal.rooms.answering import Shown, filled_in, worded
from portal.visits import StaffHere, Visit

router = APIRouter(prefix="/questionnaires/{identifier}/papers")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_UNPACKED = 8 * 2**20
EMPTY = Filled({})


@router.get("")
def show(identifier: UUID, here: StaffHere) -> Response:
    return _page(here, identifier)


@router.post("")
def enter(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    filled = filled_in(form, _read(here, identifier)[1], several=True)
    try:
        with here.desk() as desk:
            enter_papers(desk, identifier, [filled], form.value("paper"))
    except Refusal as refusal:
        return _page(here, identifier, refusal, filled)
    return here.go(f"/questionnaires/{identifier}/papers", "survey-entered")


@router.get("/template")
def template(identifier: UUID, here: StaffHere) -> Response:
    row, survey, units = _read(here, identifier)
    return attached(blank_book(survey, [unit.name for unit in units]), f"questionnaire-{row.key}.xlsx", XLSX)


@router.post("/import")
def look_over(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    row, survey, units = _read(here, identifier)
    try:
        content = _content(form)
        lines, faults = read_papers(content, survey, [unit.name for unit in units])
        if faults:
            return _page(here, identifier, Refusal("paper.faulty", count=len(faults)), faults=faults)
        packed = _packed(lines)
    except Refusal as refusal:
        return _page(here, identifier, refusal)
    judgements = [(line.row, judged(survey, _filled(line), units).flaws) for line in lines]
    invalid = [(number, _said(survey, flaws)) for number, flaws in judgements if flaws]
    return here.show("questionnaire-preview", row=row, total=len(lines), invalid=invalid, packed=packed)


@router.post("/confirmation")
def confirm(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    packed = form.value("packed")
    try:
        papers = _unpacked(packed)
        with here.desk() as desk:
            enter_papers(desk, identifier, papers, digest(packed))
    except Refusal as refusal:
        return _page(here, identifier, refusal)
    return here.go(f"/questionnaires/{identifier}/papers", "survey-entered")


def attached(content: bytes, name: str, media_type: str) -> Response:
    """A file to be saved, never shown inside the site."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(content, media_type=media_type, headers=headers)


def _read(here: Visit, identifier: UUID) -> tuple[QuestionnaireRow, Survey, list[UnitRow]]:
    with here.reading() as session:
        return _found(session, identifier)


def _found(session: Session, identifier: UUID) -> tuple[QuestionnaireRow, Survey, list[UnitRow]]:
    row = questionnaire_by(session, identifier)
    return row, survey_of(row), units_asked(session, row)


def _page(
    here: Visit,
    identifier: UUID,
    refusal: Refusal | None = None,
    filled: Filled = EMPTY,
    faults: Sequence[PaperFault] = (),
) -> Response:
    with here.reading() as session:
        row, survey, units = _found(session, identifier)
        counts = counts_of(session, row)
    listed = [(fault.row, fault.column, phrase(fault.code, **fault.facts)) for fault in faults]
    return here.show(
        "questionnaire-papers",
        refusal,
        row=row,
        answering=takes_answers(row, here.now.date()),
        survey=survey,
        units=[(unit.code, unit.name) for unit in units],
        shown=Shown(survey.questions, filled),
        papers=counts.by_medium[Medium.PAPER],
        faults=listed,
        paper=secrets.token_hex(16),
    )


def _said(survey: Survey, flaws: Sequence[Flaw]) -> list[str]:
    """Why a sheet does not count, by the number of the question, and of a matrix by that of its row."""
    places = {(UNIT, ""): survey.unit_title, ("", ""): ""}
    for number, question in enumerate(survey.questions, start=1):
        places[question.key, ""] = f"第 {number} 题"
        for row, line in enumerate(question.lines, start=1):
            places[question.key, line.key] = f"第 {number}.{row} 题 {line.title}"
    return [f"{places[place]} {words}".strip() for place, words in worded(flaws).items()]


def _content(form: Form) -> bytes:
    files = form.files("files")
    if not files:
        raise Refusal("paper.no_file")
    return files[0].content.read()


def _filled(line: PaperLine) -> Filled:
    return Filled(line.given, line.unit, line.spoilt)


def _packed(lines: Sequence[PaperLine]) -> str:
    if not lines:
        raise Refusal("paper.empty")
    plain = json.dumps([[line.given, line.unit, line.spoilt] for line in lines], ensure_ascii=False)
    packed = base64.b64encode(zlib.compress(plain.encode(), 9)).decode()
    if len(packed) > LARGEST_PART - 1024:
        raise Refusal("paper.too_long")
    return packed


def _unpacked(packed: str) -> list[Filled]:
    """What comes back from a page is looked at like anything else that comes from outside."""
    try:
        opened = zlib.decompressobj()
        plain = opened.decompress(base64.b64decode(packed, validate=True), MOST_UNPACKED)
        lines = json.loads(plain)
        return [Filled(dict(given), str(unit), str(spoilt)) for given, unit, spoilt in lines]
    except (binascii.Error, zlib.error, ValueError, TypeError):
        raise Refusal("paper.spoilt_draft") from None
