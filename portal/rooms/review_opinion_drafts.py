"""起草评议意见: written by the office or by the panel over the unit, measured each time it is saved."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.domain.official_date import parse_official_date
from appraisal.domain.refusal import Refusal
from appraisal.domain.review_opinion import ProblemText
from appraisal.notices.wording import phrase
from appraisal.operations import review_opinions
from appraisal.operations.loading import campaign_by
from appraisal.operations.review_opinion_views import opinion_to_write, words_of
from portal.forms import Form, Posted, not_too_long
from portal.visits import Here, Visit

router = APIRouter(prefix="/campaigns/{slug}/review-opinions/{unit}")

SPARE = 2
"""Empty places for further problems; saving gives new ones."""
ASK = "ask"


@dataclass(frozen=True)
class Typed:
    """What somebody typed that was not taken, and the version it was written on; None once they know of a newer one."""

    achievements: Sequence[str]
    problems: Sequence[ProblemText]
    base: int | None


@router.get("")
def write(slug: str, unit: str, here: Here) -> Response:
    return _page(here, slug, unit)


@router.post("")
def keep(slug: str, unit: str, here: Here, form: Posted) -> Response:
    """Saved first, and put up after if that was asked: what is not ready yet is kept all the same."""
    good = [line for line in form.text("achievements").split("\n") if line.strip()]
    base = int(form.value("base")) if form.value("base").isdecimal() else 0
    try:
        not_too_long(form.text("achievements"))
        with here.desk() as desk:
            kept = review_opinions.draft(desk, slug, unit, good, _problems(form, _due), base).id
    except Refusal as refusal:
        warned = refusal.code == "review_opinion.written_meanwhile"
        return _page(here, slug, unit, refusal, Typed(good, _problems(form, _due_if_any), None if warned else base))
    if form.value("act") == ASK:
        return _ask(here, slug, unit, kept)
    return here.go(f"/campaigns/{slug}/review-opinions/{unit}", "review-opinion-kept")


def _ask(here: Visit, slug: str, unit: str, kept: UUID) -> Response:
    try:
        with here.desk() as desk:
            review_opinions.put_up(desk, slug, [kept])
    except Refusal as refusal:
        return _page(here, slug, unit, refusal)
    return here.go(f"/review-opinions/{kept}", "review-opinion-asked")


def _problems(form: Form, due: Callable[[str], date | None]) -> list[ProblemText]:
    """The problems in the order of the form."""
    numbers = form.texts("number-")
    return [
        ProblemText(
            form.text(f"text-{place}"),
            form.text(f"aim-{place}"),
            due(form.text(f"due_on-{place}")),
            int(numbers[place]) if numbers.get(place, "").isdecimal() else None,
        )
        for place in sorted((place for place in form.texts("text-") if place.isdecimal()), key=int)
        if form.text(f"text-{place}")
    ]


def _due(text: str) -> date | None:
    return parse_official_date(text, phrase("ProblemPart.due")) if text else None


def _due_if_any(text: str) -> date | None:
    try:
        return _due(text)
    except Refusal:
        return None


def _page(here: Visit, slug: str, unit: str, refusal: Refusal | None = None, typed: Typed | None = None) -> Response:
    with here.reading() as session:
        campaign = campaign_by(session, slug)
        target, row, words = opinion_to_write(session, slug, unit, here.person, here.now.date())
        shown = words_of(campaign, typed.achievements, typed.problems) if typed else words
        newest = row.version if row else 0
        facts = {
            "slug": slug,
            "campaign": campaign.title,
            "unit": target,
            "row": row,
            "words": shown,
            "spare": [ProblemText("")] * SPARE,
            "base": typed.base if typed and typed.base is not None else newest,
            "typed": typed is not None,
        }
    return here.show("review-opinion-draft", refusal, **facts)
