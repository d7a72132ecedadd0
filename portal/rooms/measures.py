"""What a unit does about a problem: its measures and its progress, on the page of the problem."""

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.domain.measures import Measure, Milestone
from appraisal.domain.official_date import parse_official_date
from appraisal.domain.refusal import Refusal
from appraisal.notices.wording import phrase
from appraisal.operations import measures, problem_notes, progress_reports
from appraisal.operations.duties import By
from appraisal.operations.office import Desk
from appraisal.operations.papers import StoredFile
from appraisal.operations.periods import comes_back
from appraisal.operations.problem_list import problem_of
from appraisal.operations.uploads import keeping
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.rectification_tables import ProgressRow
from portal.forms import Form, Posted, not_too_long
from portal.rooms.handing_in import offered_in, percent_in
from portal.rooms.opinions import problem_number
from portal.rooms.problem import problem_page
from portal.visits import Here, Visit

router = APIRouter(prefix="/problems/{identifier}")

STEP = "step-"
FIELDS = ("unit", "number", "text", "leader", "due_on", "percent", "done_on")
Act = Callable[[Desk, str, ProblemRow], str]


@router.post("/measures")
def set_measure(identifier: UUID, here: Here, form: Posted) -> Response:
    def act(desk: Desk, slug: str, _: ProblemRow) -> str:
        number = _whole(form, "number")
        by, written = By(here.person), measure_in(form)
        measures.set_measure(desk, slug, form.value("unit"), written, by, number, _whole(form, "seen"))
        return "measure-set"

    return _do(here, identifier, act, measure=_typed(form))


@router.post("/measures/dropping")
def drop_measure(identifier: UUID, here: Here, form: Posted) -> Response:
    def act(desk: Desk, slug: str, _: ProblemRow) -> str:
        number, reason = _whole(form, "number") or 0, not_too_long(form.text("reason"))
        measures.drop_measure(desk, slug, form.value("unit"), number, reason, By(here.person), _whole(form, "seen"))
        return "measure-dropped"

    return _do(here, identifier, act)


@router.post("/progress")
def report(identifier: UUID, here: Here, form: Posted) -> Response:
    progress = {name: form.text(name) for name in ("unit", "percent", "text", "speaks_of")}
    try:
        with keeping(here.office, offered_in(form)) as files:
            return _do(here, identifier, _report(here, form, files), progress=progress)
    except Refusal as refusal:
        return problem_page(here, identifier, refusal, progress=progress)


def _report(here: Visit, form: Form, files: Sequence[StoredFile]) -> Act:
    def act(desk: Desk, slug: str, row: ProblemRow) -> str:
        text, unit, by = not_too_long(form.text("text")), form.value("unit"), By(here.person)
        kept = progress_reports.report(desk, slug, row.number, by, percent_in(form), text, unit, files)
        lower = progress_reports.is_lower(desk.session, kept)
        return f"progress-{_how(desk, row, kept)}{'-lower' if lower else ''}"

    return act


def _how(desk: Desk, row: ProblemRow, kept: ProgressRow) -> str:
    """Whether it was handed in for a period, for none though there are periods, or there are none at all."""
    if kept.obligation_id:
        return "settled"
    return "apart" if kept.unit_id == row.unit_id and comes_back(desk.session, row) else "reported"


@router.post("/note")
def note(identifier: UUID, here: Here, form: Posted) -> Response:
    text = form.text("note")

    def act(desk: Desk, slug: str, row: ProblemRow) -> str:
        problem_notes.set_note(desk, slug, row.number, here.person, not_too_long(text))
        return "problem-noted"

    return _do(here, identifier, act, note=text)


def measure_in(form: Form) -> Measure:
    """A measure as it was typed; refused when a date or the percentage is none."""
    return Measure(
        tuple(problem_number(written) for written in form.ticked("problem")),
        not_too_long(form.text("text")),
        form.text("leader"),
        _day(form.text("due_on"), phrase("measure.due_on")),
        percent_in(form) or 0,
        _day(form.text("done_on"), phrase("measure.done_on")),
        tuple(_steps(form)),
    )


def _steps(form: Form) -> list[Milestone]:
    """The steps in the order of the form; a line left empty is none."""
    steps: list[Milestone] = []
    for place, (title, due_on, reached_on) in enumerate(_lines(form), start=1):
        due = _day(due_on, phrase("milestone.due_on", number=place))
        steps.append(Milestone(title, due, _day(reached_on, phrase("milestone.reached_on", number=place))))
    return steps


def _lines(form: Form) -> list[tuple[str, str, str]]:
    titles = form.texts(f"{STEP}title-")
    lines = [(titles[at], form.text(f"{STEP}due-{at}"), form.text(f"{STEP}reached-{at}")) for at in sorted(titles)]
    return [line for line in lines if any(line)]


def _typed(form: Form) -> dict[str, object]:
    return {**{name: form.text(name) for name in FIELDS}, "problems": form.ticked("problem"), "steps": _lines(form)}


def _day(written: str, field: str) -> date | None:
    return parse_official_date(written, field) if written else None


def _whole(form: Form, name: str) -> int | None:
    written = form.value(name)
    if written and not (written.isascii() and written.isdigit() and len(written) < 7):
        raise Refusal("measure.version_unreadable")
    return int(written) if written else None


def _do(here: Visit, identifier: UUID, act: Act, **typed: object) -> Response:
    try:
        with here.desk() as desk:
            row = problem_of(desk.session, identifier)
            done = act(desk, desk.session.get_one(CampaignRow, row.campaign_id).slug, row)
    except Refusal as refusal:
        return problem_page(here, identifier, refusal, **typed)
    return here.go(f"/problems/{identifier}", done)
