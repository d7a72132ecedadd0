"""一个问题: what it is and where it was found; revised, merged, parted, assigned, dropped, closed out."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from appraisal.domain.problems import Draft
from appraisal.domain.refusal import Refusal
from appraisal.operations import assigning, gathering, problems, revising
from appraisal.operations.assignment_views import letters_about
from appraisal.operations.closing_views import closing_view
from appraisal.operations.dossiers import readable
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk
from appraisal.operations.order_papers import kind_title
from appraisal.operations.order_views import may_report_up, orders_about
from appraisal.operations.problem_course import course_of
from appraisal.operations.problem_list import problem_of, problem_view, sees
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.problem_tables import ProblemRow
from portal.forms import Form, Posted
from portal.rooms.choices import problem_offer
from portal.rooms.opinions import problem_number
from portal.rooms.problems import draft_in, typed_draft
from portal.visits import Here, StaffHere, Visit

router = APIRouter(prefix="/problems/{identifier}")

BLANK: dict[str, object] = {
    **dict.fromkeys(("title", "number", "reason", "by", "part_unit", "words", "remaining", "new_date"), ""),
    **dict.fromkeys(("report", "by_leader", "reply", "reply_due"), ""),
    "findings": [],
    "measure": None,
    "progress": None,
    "note": None,
}
Act = Callable[[Desk, str, ProblemRow], object]


@router.get("")
def show(identifier: UUID, here: Here) -> Response:
    page = problem_page(here, identifier)
    here.note_reading(f"/problems/{identifier}")
    return page


@router.post("/revision")
def revise(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    with here.reading() as session:
        typed = typed_draft(form, problem_of(session, identifier).kind)

    def act(desk: Desk, slug: str, row: ProblemRow) -> None:
        revising.revise(desk, slug, row.number, draft_in(form, typed), form.value("seen"))

    written = {**vars(typed), "due_on": form.text("due_on")}
    return do(here, identifier, act, "problem-revised", draft=written, seen=form.value("seen"))


@router.post("/assignment")
def assign(identifier: UUID, here: StaffHere, _: Posted) -> Response:
    return do(here, identifier, lambda desk, slug, row: assigning.assign(desk, slug, [row.number]), "problems-assigned")


@router.post("/merging")
def merge(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    def act(desk: Desk, slug: str, row: ProblemRow) -> None:
        gathering.merge(desk, slug, row.number, problem_number(form.text("number")))

    return do(here, identifier, act, "problem-merged", number=form.text("number"))


@router.post("/splitting")
def split(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    draft, chosen = Draft(form.text("title"), form.value("part_unit") or None), _uuids(form)

    def act(desk: Desk, slug: str, row: ProblemRow) -> None:
        gathering.split(desk, slug, row.number, chosen, draft)

    typed = {"title": draft.title, "part_unit": draft.unit or "", "findings": form.ticked("finding")}
    return do(here, identifier, act, "problem-split", **typed)


@router.post("/putting-back")
def put_back(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    opinion = _uuid(form.value("opinion"))

    def act(desk: Desk, slug: str, row: ProblemRow) -> None:
        if opinion is None:
            raise Refusal("opinion.unknown")
        gathering.put_back(desk, slug, row.number, opinion)

    return do(here, identifier, act, "opinion-put-back")


@router.post("/dropping")
def drop(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    reason = form.text("reason")
    return do(
        here,
        identifier,
        lambda desk, slug, row: gathering.drop(desk, slug, row.number, reason),
        "problem-dropped",
        reason=reason,
    )


@router.post("/closing")
def close(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    def act(desk: Desk, slug: str, row: ProblemRow) -> None:
        problems.close_problem(desk, slug, row.number, form.text("by") or here.person.code)

    return do(here, identifier, act, "problem-closed", by=form.text("by"))


def do(here: Visit, identifier: UUID, act: Act, done: str, **typed: object) -> Response:
    """Do it and show the problem; a refusal is shown above what was typed."""
    try:
        with here.desk() as desk:
            row = problem_of(desk.session, identifier)
            act(desk, _campaign(desk.session, row).slug, row)
    except Refusal as refusal:
        return problem_page(here, identifier, refusal, **typed)
    return here.go(f"/problems/{identifier}", done)


def problem_page(here: Visit, identifier: UUID, refusal: Refusal | None = None, **typed: object) -> Response:
    """The page of a problem, as the office or one of its units sees it; ``typed`` is what was refused."""
    with here.reading() as session:
        row = problem_of(session, identifier)
        if not sees(session, row, here.person, here.now.date()):
            raise Refusal("problem.not_yours")
        view, course = problem_view(session, row), course_of(session, row, here.person, here.now)
        closing = closing_view(session, row, here.person, here.now.date(), staff=here.staff)
        shown = {"view": view, "course": course, "closing": closing, "typed": {**BLANK, **typed}}
        orders = orders_about(session, row.id, staff=here.staff)
        shown["readable"] = readable(session, view.duties, here.person, here.now.date())
        shown["letters"] = letters_about(session, view.campaign, row, here.person, here.now.date())
        shown |= {"orders": [(kind_title(each.kind), each) for each in orders]}
        if not here.staff:
            return here.show("problem-own", refusal, **shown)
        offer = problem_offer(session, view.campaign)
        draft = {**vars(revising.draft_of(row)), "due_on": row.due_on or ""}
        shown |= {"draft": draft, "seen": revising.mark_of(row)}
        shown |= {"may_report": may_report_up(method_of(view.campaign))}
    written = {name: typed.pop(name) for name in ("draft", "seen") if name in typed}
    shown |= {"course": replace(course, own=()), "offer": offer}
    return here.show("problem", refusal, **(shown | written))


def _campaign(session: Session, row: ProblemRow) -> CampaignRow:
    return session.get_one(CampaignRow, row.campaign_id)


def _uuids(form: Form) -> list[UUID]:
    return [found for found in (_uuid(written) for written in form.ticked("finding")) if found]


def _uuid(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None
