"""评议意见: all of a campaign at a glance; one version read, approved or returned, delivered, taken home as a paper."""

from collections.abc import Callable
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.domain.lifecycle import ReviewOpinionStatus
from appraisal.domain.refusal import Refusal
from appraisal.operations import review_opinions
from appraisal.operations.office import Desk
from appraisal.operations.review_opinion_papers import opinion_paper
from appraisal.operations.review_opinion_views import OpinionLine, opinion_view, opinions_of
from portal.forms import Posted, not_too_long
from portal.visits import Here, StaffHere, Visit

router = APIRouter()

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LIST, ONE = "/campaigns/{slug}/review-opinions", "/review-opinions/{identifier}"


@router.get(LIST)
def listed(slug: str, here: Here) -> Response:
    page = _list(here, slug)
    here.note_reading(f"/campaigns/{slug}/review-opinions")
    return page


@router.post(LIST + "/asked")
def ask_for_all(slug: str, here: Here, _: Posted) -> Response:
    """Every draft that lacks nothing and is not put up yet."""
    try:
        with here.reading() as session:
            lines = opinions_of(session, slug, here.person, here.now.date()).lines
        ready = [line.row.id for line in lines if line.row and is_ready(line)]
        if not ready:
            raise Refusal("review_opinion.none_ready")
        with here.desk() as desk:
            review_opinions.put_up(desk, slug, ready)
    except Refusal as refusal:
        return _list(here, slug, refusal)
    return here.go(f"/campaigns/{slug}/review-opinions", "review-opinions-asked")


@router.post(LIST + "/delivery")
def deliver_all(slug: str, here: StaffHere, _: Posted) -> Response:
    try:
        with here.desk() as desk:
            review_opinions.deliver_all(desk, slug)
    except Refusal as refusal:
        return _list(here, slug, refusal)
    return here.go(f"/campaigns/{slug}/review-opinions", "review-opinions-delivered")


@router.get(ONE + ".docx")
def paper(identifier: UUID, here: Here) -> Response:
    with here.reading() as session:
        name, content = opinion_paper(opinion_view(session, identifier, here.person, here.now.date()))
    headers = {"Content-Disposition": f"attachment; filename*=utf-8''{quote(name)}"}
    return Response(content, media_type=DOCX, headers=headers)


@router.get(ONE)
def show(identifier: UUID, here: Here) -> Response:
    page = _page(here, identifier)
    here.note_reading(f"/review-opinions/{identifier}")
    return page


@router.post(ONE + "/asked")
def ask(identifier: UUID, here: Here, _: Posted) -> Response:
    with here.reading() as session:
        slug = opinion_view(session, identifier, here.person, here.now.date()).campaign.slug
    return _act(
        here, identifier, lambda desk: review_opinions.put_up(desk, slug, [identifier]), "review-opinions-asked"
    )


@router.post(ONE + "/verdict")
def judge(identifier: UUID, here: Here, form: Posted) -> Response:
    """Bound to what was on the page: ``seen`` is the digest of the version that was shown."""
    remarks, seen, verdict = form.text("remarks"), form.value("seen"), form.value("verdict")

    def decide(desk: Desk) -> object:
        not_too_long(remarks)
        if verdict == "approve":
            return review_opinions.approve(desk, identifier, here.person, seen)
        if verdict == "return":
            return review_opinions.give_back(desk, identifier, here.person, seen, remarks)
        raise Refusal("portal.no_decision")

    done = "review-opinion-approved" if verdict == "approve" else "review-opinion-returned"
    return _act(here, identifier, decide, done, remarks)


@router.post(ONE + "/delivery")
def deliver(identifier: UUID, here: StaffHere, _: Posted) -> Response:
    return _act(here, identifier, lambda desk: review_opinions.deliver(desk, identifier), "review-opinion-delivered")


def is_ready(line: OpinionLine) -> bool:
    """Whether it can be put up for approval now."""
    row, words = line.row, line.words
    if row is None or words is None or words.lacks or not line.may_draft:
        return False
    return row.status == ReviewOpinionStatus.DRAFTED and row.asked_at is None


def _act(here: Visit, identifier: UUID, act: Callable[[Desk], object], done: str, typed: str = "") -> Response:
    try:
        with here.desk() as desk:
            act(desk)
    except Refusal as refusal:
        return _page(here, identifier, refusal, typed)
    return here.go(f"/review-opinions/{identifier}", done)


def _list(here: Visit, slug: str, refusal: Refusal | None = None) -> Response:
    with here.reading() as session:
        found = opinions_of(session, slug, here.person, here.now.date())
    ready = sum(is_ready(line) for line in found.lines)
    return here.show("review-opinions", refusal, found=found, ready=ready)


def _page(here: Visit, identifier: UUID, refusal: Refusal | None = None, typed: str = "") -> Response:
    with here.reading() as session:
        view = opinion_view(session, identifier, here.person, here.now.date())
    return here.show("review-opinion", refusal, view=view, typed=typed, my_code=here.person.code)
