"""问题清单: the list of a campaign, its registers, and what is done to many problems at once."""

from collections.abc import Mapping
from io import BytesIO
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from appraisal.domain.lifecycle import ProblemStatus
from appraisal.domain.official_date import parse_official_date
from appraisal.domain.problems import Draft, FindingKind, Found, ProblemKind
from appraisal.domain.refusal import Refusal
from appraisal.notices.wording import phrase
from appraisal.operations import assigning, problems, revising
from appraisal.operations.loading import campaign_by
from appraisal.operations.office import Desk
from appraisal.operations.problem_import import problem_register, ranking_register
from appraisal.operations.problem_list import (
    LACKING,
    ProblemsSought,
    own_problems,
    problem_lines,
    ranking_of,
    status_counts,
)
from appraisal.operations.problem_marks import Marked
from portal.forms import Form, Posted
from portal.paging import paged
from portal.rooms.choices import problem_offer
from portal.rooms.opinions import problem_number
from portal.visits import Here, StaffHere, Visit

router = APIRouter(prefix="/campaigns/{slug}")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AXIS = "axis-"
DONE = {"classify": "problems-classified", "assign": "problems-assigned"}
BLANK: Mapping[str, object] = {"numbers": [], "unit": "", "classes": {}}


@router.get("/problems")
def show(slug: str, here: Here, request: Request) -> Response:
    """The office works at the whole list; a unit reads what was assigned to it."""
    shown = _page(here, slug, request.query_params) if here.staff else _own(here, slug, request.query_params)
    here.note_reading(f"/campaigns/{slug}/problems")
    return shown


@router.post("/problems/chosen")
def decide(slug: str, here: StaffHere, form: Posted) -> Response:
    """Classify or assign every problem that was ticked, or none."""
    act, query = form.value("act"), QueryParams(form.value("query"))
    classes, unit = form.texts(AXIS), form.value("unit")
    try:
        numbers = [problem_number(written) for written in form.ticked("number")]
        with here.desk() as desk:
            if act == "classify":
                revising.classify(desk, slug, numbers, classes, unit or None)
            elif act == "assign":
                assigning.assign(desk, slug, numbers)
            else:
                raise Refusal("opinion.no_act")
    except Refusal as refusal:
        return _page(here, slug, query, refusal, numbers=form.ticked("number"), unit=unit, classes=classes)
    kept = [(name, value) for name, value in query.multi_items() if name != "done"]
    return here.go(f"/campaigns/{slug}/problems?{urlencode([*kept, ('done', DONE[act])])}")


@router.get("/problems/new")
def blank(slug: str, here: StaffHere, kind: str = ProblemKind.PROBLEM) -> Response:
    return _new(here, slug, Draft("", kind=_kind(kind)))


@router.post("/problems/new")
def enter(slug: str, here: StaffHere, form: Posted) -> Response:
    typed = typed_draft(form, _kind(form.value("kind")))
    source = FindingKind.SEMINAR if typed.kind == ProblemKind.SUGGESTION else FindingKind.ENTERED
    try:
        draft = draft_in(form, typed)
        found = Found(source, draft.detail or draft.title, here.person.code)
        with here.desk() as desk:
            identifier = _record(desk, slug, draft, found)
    except Refusal as refusal:
        return _new(here, slug, typed, refusal, due_on=form.text("due_on"))
    return here.go(f"/problems/{identifier}", "problem-recorded")


@router.get("/problems/register")
def register(slug: str, here: StaffHere, request: Request) -> Response:
    with here.reading() as session:
        content = problem_register(session, slug, _sought(request.query_params))
    return workbook(content, "问题台账.xlsx")


@router.get("/ranking")
def ranking(slug: str, here: StaffHere) -> Response:
    with here.reading() as session:
        campaign, lines = campaign_by(session, slug), ranking_of(session, slug)
    return here.show("ranking", campaign=campaign, lines=lines)


@router.get("/ranking/register")
def ranking_book(slug: str, here: StaffHere) -> Response:
    with here.reading() as session:
        content = ranking_register(session, slug)
    return workbook(content, "单位排名.xlsx")


def typed_draft(form: Form, kind: str) -> Draft:
    """What was typed, but for the date, which may be none."""
    return Draft(
        form.text("title"),
        form.value("unit") or None,
        form.text("detail"),
        form.text("aim"),
        form.texts(AXIS),
        tuple(form.ticked("supporting")),
        form.text("leader"),
        kind=kind,
    )


def draft_in(form: Form, typed: Draft) -> Draft:
    """With the date; refused when it is no date."""
    written = form.text("due_on")
    due_on = parse_official_date(written, phrase("ProblemPart.due")) if written else None
    return Draft(**{**vars(typed), "due_on": due_on})


def workbook(content: bytes, name: str) -> Response:
    """A workbook to be saved under a name."""
    headers = {"Content-Disposition": f"attachment; filename*=utf-8''{quote(name)}"}
    return StreamingResponse(BytesIO(content), media_type=XLSX, headers=headers)


def _kind(written: str) -> str:
    return ProblemKind.SUGGESTION if written == ProblemKind.SUGGESTION else ProblemKind.PROBLEM


def _record(desk: Desk, slug: str, draft: Draft, found: Found) -> str:
    return str(problems.record(desk, slug, draft, found).id)


def _page(here: Visit, slug: str, query: QueryParams, refusal: Refusal | None = None, **typed: object) -> Response:
    sought = _sought(query)
    with here.reading() as session:
        campaign = campaign_by(session, slug)
        lines, counts = problem_lines(session, slug, sought), status_counts(session, campaign)
        offer = problem_offer(session, campaign)
    statuses = [LACKING, *(str(status) for status in ProblemStatus), *(str(mark) for mark in Marked)]
    shown = {"campaign": campaign, "sought": sought, "paged": paged(lines, _number(query)), "offer": offer}
    narrowed = bool(sought.unit or sought.kind or sought.classes)
    more = {"counts": counts, "statuses": statuses, "query": _query(sought), "narrowed": narrowed}
    return here.show("problems", refusal, typed={**BLANK, **typed}, **shown, **more)


def _own(here: Visit, slug: str, query: QueryParams) -> Response:
    with here.reading() as session:
        campaign = campaign_by(session, slug)
        lines = own_problems(session, slug, here.person, here.now.date())
    return here.show("problems-own", campaign=campaign, paged=paged(lines, _number(query)))


def _new(here: Visit, slug: str, draft: Draft, refusal: Refusal | None = None, due_on: str = "") -> Response:
    with here.reading() as session:
        campaign = campaign_by(session, slug)
        offer = problem_offer(session, campaign)
    return here.show("problem-new", refusal, campaign=campaign, offer=offer, draft={**vars(draft), "due_on": due_on})


def _sought(query: QueryParams) -> ProblemsSought:
    words = {name: query.get(name, "").replace("\x00", "")[:100] for name in ("text", "status", "unit", "kind")}
    classes = {name.removeprefix(AXIS): value for name, value in query.items() if name.startswith(AXIS) and value}
    return ProblemsSought(**words, classes=classes)


def _query(sought: ProblemsSought) -> str:
    words = [(name, value) for name, value in vars(sought).items() if name != "classes" and value]
    return urlencode([*words, *((f"{AXIS}{axis}", value) for axis, value in sought.classes.items())])


def _number(query: QueryParams) -> int:
    written = query.get("page", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 7 else 1
