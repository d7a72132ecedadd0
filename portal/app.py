"""The portal: where units do what they owe, leaders approve, and the office watches."""

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from appraisal.operations.office import Office
from portal.guards import Curtain, Measure, Net
from portal.house import House, Wake, ignore
from portal.mishaps import add_mishaps
from portal.pages import STATIC, Pages
from portal.rooms import (
    agenda,
    answering,
    approvals,
    assignments,
    ballots,
    campaigns,
    carried,
    check_in,
    check_in_desk,
    closing,
    consequences,
    desk,
    duties,
    entrance,
    extensions,
    final_report,
    follow,
    health,
    intake,
    intake_board,
    log_entries,
    measures,
    offline,
    opinion,
    opinion_entry,
    opinions,
    orders,
    own_opinions,
    panel_import,
    panel_log,
    panels,
    points,
    points_kept,
    problem,
    problem_files,
    problem_orders,
    problems,
    questionnaire_papers,
    questionnaire_results,
    questionnaires,
    registers,
    review_opinion_drafts,
    review_opinions,
    roll,
    round_papers,
    rounds,
    roundups,
    screen,
    selection,
    self_review,
    sittings,
    stalls,
    summonses,
    teller_sheets,
    undelivered,
    voting,
)

ROOMS = (
    intake,
    follow,
    points,
    opinion_entry,
    own_opinions,
    opinions,
    opinion,
    problem_files,
    problems,
    closing,
    problem,
    problem_orders,
    measures,
    registers,
    answering,
    questionnaires,
    questionnaire_papers,
    questionnaire_results,
    entrance,
    desk,
    duties,
    extensions,
    offline,
    approvals,
    assignments,
    campaigns,
    consequences,
    final_report,
    points_kept,
    carried,
    panels,
    panel_import,
    panel_log,
    log_entries,
    roundups,
    selection,
    self_review,
    stalls,
    summonses,
    orders,
    sittings,
    agenda,
    roll,
    check_in_desk,
    check_in,
    review_opinions,
    review_opinion_drafts,
    voting,
    ballots,
    round_papers,
    teller_sheets,
    rounds,
    screen,
    intake_board,
    undelivered,
    health,
)
"""Where two rooms have a path in common, the one that comes first has it."""


class _Static(StaticFiles):
    """Their address changes with their content, so they may be kept."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=86400"
        return response


def create_app(office: Office, wake: Wake = ignore) -> FastAPI:
    """The portal of an office; ``wake`` is told the campaign and the phase of every decision made here."""
    app = FastAPI(title="pingyi", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.house = house = House(office, Pages(office.settings.upload_limit_mb), wake)
    for room in ROOMS:
        app.include_router(room.router)
    app.mount("/static", _Static(directory=STATIC))
    add_mishaps(app)
    app.add_middleware(Measure, upload_limit_mb=office.settings.upload_limit_mb)
    app.add_middleware(Net, house=house)
    app.add_middleware(Curtain, secure=house.is_secure)
    return app
