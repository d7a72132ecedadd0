"""评议对象: how the units were chosen, for everybody who is signed in; the office enters the decision."""

from dataclasses import dataclass, field

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.domain.refusal import Refusal
from appraisal.notices.wording import phrase
from appraisal.operations.selecting import choose
from appraisal.operations.selection_inputs import Decision
from appraisal.operations.selection_paper import SelectionPaper, selection_paper
from portal.forms import Form, Posted, not_too_long
from portal.rooms.reading import day_in, names_in, number_in
from portal.visits import Here, StaffHere, Visit

router = APIRouter(prefix="/campaigns/{slug}/selection")

TEXTS = ("decided_on", "decided_by", "document", "base", "seed", "pool", "settled", "term_since", "earlier")
CARRYING = ("carried", "carried_from")


@dataclass(frozen=True)
class Typed:
    """The form as it was filled in, so that a refusal loses nothing."""

    texts: dict[str, str] = field(default_factory=dict)
    units: tuple[str, ...] = ()
    votes: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return self.texts.get(name, "")


@router.get("")
def show(slug: str, here: Here) -> Response:
    page = _page(here, slug, Typed({"decided_on": str(here.now.date())}))
    here.note_reading(f"/campaigns/{slug}/selection")
    return page


@router.post("")
def decide(slug: str, here: StaffHere, form: Posted) -> Response:
    with here.reading() as session:
        paper = selection_paper(session, slug, here.now.date())
    typed = _typed(form)
    try:
        decision = _decision(typed, paper)
        with here.desk() as desk:
            choose(desk, slug, decision)
    except Refusal as refusal:
        return _page(here, slug, typed, refusal)
    return here.go(f"/campaigns/{slug}/selection", "chosen")


def _typed(form: Form) -> Typed:
    texts = {name: form.text(name) for name in (*TEXTS, *CARRYING)}
    return Typed(texts, tuple(form.ticked("units")), form.texts("votes-"))


def _decision(typed: Typed, paper: SelectionPaper) -> Decision:
    for text in typed.texts.values():
        not_too_long(text)
    term = typed.text("term_since")
    names = {unit.code: unit.name for unit in paper.candidates}
    return Decision(
        decided_on=day_in(typed.text("decided_on"), "决定日期"),
        decided_by=typed.text("decided_by"),
        document=typed.text("document"),
        units=typed.units,
        votes={code: number_in(text, f"{names.get(code, code)}的票数") for code, text in typed.votes.items() if text},
        base=number_in(typed.text("base"), phrase("selection.term.base")),
        seed=typed.text("seed"),
        pool=names_in(typed.text("pool")),
        settled=names_in(typed.text("settled")),
        term_since=day_in(term, phrase("selection.term.term_since")) if term else None,
        earlier=names_in(typed.text("earlier")),
        carried=names_in(typed.text("carried")),
        carried_from=typed.text("carried_from") if typed.text("carried") else "",
    )


def _page(here: Visit, slug: str, typed: Typed, refusal: Refusal | None = None) -> Response:
    with here.reading() as session:
        paper = selection_paper(session, slug, here.now.date())
    return here.show("selection", refusal, paper=paper, typed=typed)
