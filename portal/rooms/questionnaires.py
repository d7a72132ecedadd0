"""问卷: opened by the office, its codes handed out and sent, reminded of, and closed."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.documents.qr import qr_svg
from appraisal.domain.official_date import parse_official_date
from appraisal.domain.refusal import Refusal
from appraisal.domain.survey import Access, percent
from appraisal.keys import plain_code
from appraisal.operations import questionnaire_codes
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.questionnaire_codes import Slip, issue_codes, issue_to_role, reminder_days, unanswered
from appraisal.operations.questionnaires import (
    campaign_of,
    close_questionnaire,
    counts_of,
    edition_of,
    issue_papers,
    open_questionnaire,
    questionnaire_by,
    questionnaires_of,
    shelf,
    takes_answers,
)
from portal.forms import Form, Posted
from portal.paging import paged
from portal.visits import StaffHere, Visit

router = APIRouter()
NOTHING: dict[str, str] = {}


@router.get("/campaigns/{slug}/questionnaires")
def listed(slug: str, here: StaffHere) -> Response:
    return _list(here, slug)


@router.post("/campaigns/{slug}/questionnaires")
def begin(slug: str, here: StaffHere, form: Posted) -> Response:
    typed = {name: form.text(name) for name in ("key", "access", "closes_on")}
    try:
        closes_on = parse_official_date(typed["closes_on"], "截止日期") if typed["closes_on"] else None
        access = Access.OPEN if typed["access"] == Access.OPEN else Access.CODES
        with here.desk() as desk:
            row = open_questionnaire(desk, slug, edition_of(here.office, typed["key"]), access, closes_on)
    except Refusal as refusal:
        return _list(here, slug, refusal, typed)
    return here.go(f"/questionnaires/{row.id}", "survey-opened")


@router.get("/questionnaires/{identifier}")
def show(identifier: UUID, here: StaffHere, page: int = 1) -> Response:
    return _page(here, identifier, page=page)


@router.post("/questionnaires/{identifier}/invitations")
def invite(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    try:
        with here.desk() as desk:
            issue_to_role(desk, identifier, form.value("role"))
    except Refusal as refusal:
        return _page(here, identifier, refusal)
    return here.go(f"/questionnaires/{identifier}", "survey-sent")


@router.post("/questionnaires/{identifier}/reminders")
def remind(identifier: UUID, here: StaffHere, _: Posted) -> Response:
    try:
        with here.desk() as desk:
            questionnaire_codes.remind_unanswered(desk, identifier)
    except Refusal as refusal:
        return _page(here, identifier, refusal)
    return here.go(f"/questionnaires/{identifier}", "survey-reminded")


@router.post("/questionnaires/{identifier}/paper-count")
def count_papers(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    try:
        total = number_in(form, "total")
        with here.desk() as desk:
            issue_papers(desk, identifier, total)
    except Refusal as refusal:
        return _page(here, identifier, refusal, typed={"total": form.text("total")})
    return here.go(f"/questionnaires/{identifier}", "survey-papers")


@router.post("/questionnaires/{identifier}/closing")
def close(identifier: UUID, here: StaffHere, _: Posted) -> Response:
    with here.desk() as desk:
        close_questionnaire(desk, identifier)
    return here.go(f"/questionnaires/{identifier}", "survey-closed")


@router.get("/questionnaires/{identifier}/sheet")
def sheet(identifier: UUID, here: StaffHere) -> Response:
    return _sheet(here, identifier)


@router.post("/questionnaires/{identifier}/sheet")
def issue(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    """The slips are the answer itself and stand at no address: they are shown this once."""
    typed = {name: form.text(name) for name in ("count", "labels")}
    labels = [line for line in typed["labels"].splitlines() if line.strip()]
    try:
        count = 0 if labels else number_in(form, "count")
        with here.desk() as desk:
            slips = issue_codes(desk, identifier, count, labels, after=number_in(form, "after"))
    except Refusal as refusal:
        return _sheet(here, identifier, refusal, typed)
    return _slips(here, identifier, slips)


def number_in(form: Form, name: str) -> int:
    """A whole number as somebody typed it, full-width digits included."""
    text = form.text(name)
    if not text.isdecimal() or len(text) > 9:
        raise Refusal("answer.number", text=text[:20])
    return int(text)


def _list(here: Visit, slug: str, refusal: Refusal | None = None, typed: dict[str, str] = NOTHING) -> Response:
    with here.reading() as session:
        campaign = campaign_by(session, slug)
        rows = questionnaires_of(session, campaign)
        lines = [(row, takes_answers(row, here.now.date()), counts_of(session, row)) for row in rows]
    opened = {row.key for row in rows}
    files = shelf(here.office)
    ready = [found.edition.questionnaire for found in files if found.edition]
    return here.show(
        "questionnaires",
        refusal,
        campaign=campaign,
        lines=lines,
        percent=percent,
        offered=[(each.key, each.title) for each in ready if each.key not in opened],
        faulty=[found for found in files if found.faults],
        typed=typed,
    )


def _page(
    here: Visit, identifier: UUID, refusal: Refusal | None = None, page: int = 1, typed: dict[str, str] = NOTHING
) -> Response:
    with here.reading() as session:
        row = questionnaire_by(session, identifier)
        campaign = campaign_of(session, row)
        shown = {"row": row, "campaign": campaign, "counts": counts_of(session, row), "percent": percent}
        waiting = paged(unanswered(session, row), page)
        roles = [(role.key, role.title) for role in method_of(campaign).roles]
    return here.show(
        "questionnaire",
        refusal,
        **shown,
        waiting=waiting,
        roles=roles,
        typed=typed,
        answering=takes_answers(row, here.now.date()),
        reminders=[day for day in reminder_days(here.office.calendar, row.closes_on) if day >= here.now.date()],
    )


def _sheet(here: Visit, identifier: UUID, refusal: Refusal | None = None, typed: dict[str, str] = NOTHING) -> Response:
    with here.reading() as session:
        row = questionnaire_by(session, identifier)
        campaign, counts = campaign_of(session, row), counts_of(session, row)
    address = f"{here.office.settings.portal}/q/{row.token}"
    drawn = qr_svg(address) if row.access == Access.OPEN else ""
    return here.show(
        "questionnaire-sheet",
        refusal,
        row=row,
        campaign=campaign,
        counts=counts,
        address=address,
        qr=drawn,
        typed=typed,
    )


def _slips(here: Visit, identifier: UUID, slips: list[Slip]) -> Response:
    portal = here.office.settings.portal
    with here.reading() as session:
        row = questionnaire_by(session, identifier)
    drawn = [(slip, qr_svg(f"{portal}/q/{plain_code(slip.code)}")) for slip in slips]
    return here.show("questionnaire-slips", row=row, slips=drawn, typing=f"{portal}/q")
