"""Problems in a rehearsal: one of each track for every unit is found and assigned, verified, agreed to, closed out.

What may be handed on is due only after the appraisal, and is handed on before its phase ends.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import product
from uuid import UUID

from sqlalchemy import func, select

from appraisal.domain.lifecycle import PhaseStatus, ProblemStatus
from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.domain.refusal import Refusal
from appraisal.method.rectification import Track
from appraisal.method.schema import Method, Phase
from appraisal.method.sequence import ABOUT_THINGS, ASSIGNED, anchor, duties
from appraisal.method.words import GateRule, OwedBy, ProblemPart
from appraisal.notices.recipients import Recipient
from appraisal.notices.wording import phrase
from appraisal.operations import handing_over, problems
from appraisal.operations.assigning import assign
from appraisal.operations.classifying import axes_of, default_leader
from appraisal.operations.clerks import PERSON
from appraisal.operations.closing_out import agree, closing_of, holding, missing_agreements, verifiers
from appraisal.operations.closing_steps import last_of
from appraisal.operations.desks import STAFF
from appraisal.operations.loading import campaign_by, method_of, phase_by
from appraisal.operations.office import Desk
from appraisal.operations.rehearsal_cast import ACTOR
from appraisal.operations.tracks import is_handed_on, is_on_track, track_of
from appraisal.store.campaign_tables import CampaignRow, PhaseRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.rectification_tables import AgreementRow
from appraisal.store.register_tables import UnitRow

SHORTEST, TO_SPARE = timedelta(days=7), timedelta(days=14)
WITHOUT_END, AFTERWARDS = timedelta(days=60), timedelta(days=180)


def unfound(desk: Desk, campaign: CampaignRow) -> PhaseRow | None:
    """The open phase at whose opening problems are assigned, as long as there are none."""
    method = method_of(campaign)
    keys = {phase.key for phase in method.phases if method.problems and speaks_of_problems(phase)}
    phase = next((row for row in campaign.phases if row.key in keys), None)
    if phase is None or phase.status != PhaseStatus.OPEN:
        return None
    count = select(func.count()).select_from(ProblemRow).where(ProblemRow.campaign_id == campaign.id)
    return None if desk.session.scalar(count) else phase


def find_all(desk: Desk, slug: str, key: str) -> None:
    """One problem of each track for every unit, classified in full, with another unit that supports it."""
    campaign, phase = campaign_by(desk.session, slug), phase_by(desk.session, slug, key)
    method, units = method_of(campaign), [target.unit for target in campaign.targets]
    tracks: Sequence[Track | None] = method.problems.tracks if method.problems and method.problems.tracks else [None]
    classes = {track.key if track else "": _classes(method, track) for track in tracks}
    numbers = []
    for position, unit in enumerate(units):
        helper = units[(position + 1) % len(units)] if _is_supported(method) and len(units) > 1 else None
        for track in tracks:
            placed = classes[track.key if track else ""]
            if placed is not None:
                title = phrase("rehearsal.found", track=track.title if track else "")
                due_on = _due_on(desk, campaign, phase, track)
                row = _draft(desk, method, unit, helper, title, placed, due_on)
                numbers.append(problems.record(desk, slug, row, Found(FindingKind.ENTERED, title, ACTOR)).number)
    assign(desk, slug, numbers)


def to_agree(desk: Desk, campaign: CampaignRow) -> Iterator[tuple[ProblemRow, datetime]]:
    """The problems that are verified and not agreed to by all, with the moment since when."""
    yield from ((row, since) for row, missing, since in _verified(desk, campaign) if missing)


def to_close(desk: Desk, campaign: CampaignRow) -> Iterator[tuple[ProblemRow, datetime]]:
    """The problems that wait for the second hand alone, with the moment since when."""
    yield from ((row, since) for row, missing, since in _verified(desk, campaign) if not missing)


def to_close_by_hand(desk: Desk, campaign: CampaignRow) -> Iterator[tuple[ProblemRow, date]]:
    """The problems for which nothing is owed that somebody accepts, with their dates."""
    method = method_of(campaign)
    judged = [duty for _, _, duty in duties(method) if duty.owed_by is OwedBy.EACH_PROBLEM and duty.accepted_by]
    for row in _in_status(desk, campaign, ProblemStatus.ASSIGNED):
        if row.due_on and not is_handed_on(method, row) and not any(is_on_track(method, duty, row) for duty in judged):
            yield row, row.due_on


def to_hand_on(desk: Desk, campaign: CampaignRow) -> list[ProblemRow]:
    """The problems that still go on and may outlive the campaign."""
    method = method_of(campaign)
    return [row for row in _in_status(desk, campaign, ProblemStatus.ASSIGNED) if is_handed_on(method, row)]


def handed_on_in(campaign: CampaignRow) -> PhaseRow:
    """The phase before whose end problems are handed on: the one that waits for their closing, else the last."""
    method = method_of(campaign)
    return next((row for row in campaign.phases if _is_gated(method.phase(row.key))), campaign.phases[-1])


def agree_to(desk: Desk, slug: str, problem: str) -> None:
    """Let everybody agree who is asked to; a refusal is left to the caller."""
    row, campaign = desk.session.get_one(ProblemRow, UUID(problem)), campaign_by(desk.session, slug)
    closing = closing_of(campaign)
    for role in closing.agreed_by if closing else ():
        code = _somebody(desk, campaign, row, role)[0].person.code
        with acting(desk, code):
            agree(desk, slug, row, code)


def close(desk: Desk, slug: str, problem: str) -> None:
    """Close a problem out in the second hand or, without one, in that of the office."""
    row, campaign = desk.session.get_one(ProblemRow, UUID(problem)), campaign_by(desk.session, slug)
    closing, before = closing_of(campaign), verifiers(desk.session, row)
    found = [each.person.code for each in _somebody(desk, campaign, row, closing.by if closing else STAFF)]
    other = next((code for code in found if code not in before), found[0])
    with acting(desk, other):
        problems.close_problem(desk, slug, row.number, other, phrase("rehearsal.closed"))


def hand_all_on(desk: Desk, slug: str) -> None:
    """Hand on whatever may outlive the campaign."""
    rows = to_hand_on(desk, campaign_by(desk.session, slug))
    handing_over.hand_on(desk, slug, [row.number for row in rows], ACTOR, phrase("rehearsal.handed_on"))


def speaks_of_problems(phase: Phase) -> bool:
    owed = any(duty.owed_by in ABOUT_THINGS or anchor(duty.due) == ASSIGNED for duty in phase.duties)
    return owed or _is_gated(phase)


def _is_gated(phase: Phase) -> bool:
    return any(gate.rule is GateRule.PROBLEMS_CLOSED for gate in phase.gate)


def _is_supported(method: Method) -> bool:
    owed = any(duty.owed_by is OwedBy.EACH_SUPPORTING for _, _, duty in duties(method))
    return owed or bool(method.problems and ProblemPart.SUPPORTING in method.problems.complete)


def _classes(method: Method, track: Track | None) -> dict[str, str] | None:
    """A place on every axis that puts a problem on the track; None where no place does."""
    named = {axis for known in (method.problems.tracks if method.problems else ()) for axis in known.of}
    axes = axes_of(method)
    choices = [[value.key for value in (axis.values if axis.key in named else axis.values[:1])] for axis in axes]
    places = (dict(zip((axis.key for axis in axes), place, strict=True)) for place in product(*choices))
    return next((each for each in places if track_of(method, ProblemRow(classes=each)) is track), None)


def _draft(
    desk: Desk,
    method: Method,
    unit: UnitRow,
    helper: UnitRow | None,
    title: str,
    classes: dict[str, str],
    due_on: date,
) -> Draft:
    return Draft(
        title,
        unit.code,
        aim=phrase("rehearsal.aim"),
        classes=classes,
        supporting=[helper.code] if helper else [],
        leader=default_leader(desk, method, unit) or phrase("rehearsal.leader"),
        due_on=due_on,
    )


def _due_on(desk: Desk, campaign: CampaignRow, phase: PhaseRow, track: Track | None) -> date:
    """In time for the phase that waits for it, or after everything where it may be handed on."""
    today = desk.office.hours.day_of(desk.now)
    last = handed_on_in(campaign).closes_on or phase.closes_on or today + WITHOUT_END
    if track and track.handed_on:
        return max(last, today) + AFTERWARDS
    return max(last - TO_SPARE, today + SHORTEST)


def _in_status(desk: Desk, campaign: CampaignRow, status: ProblemStatus) -> Sequence[ProblemRow]:
    those = (ProblemRow.campaign_id == campaign.id, ProblemRow.status == status)
    return desk.session.scalars(select(ProblemRow).where(*those).order_by(ProblemRow.number)).all()


def _verified(desk: Desk, campaign: CampaignRow) -> Iterator[tuple[ProblemRow, bool, datetime]]:
    closing = closing_of(campaign)
    for row in _in_status(desk, campaign, ProblemStatus.VERIFIED) if closing else ():
        verified = last_of(desk.session, row, "verified")
        agreed = desk.session.scalar(select(func.max(AgreementRow.at)).where(AgreementRow.problem_id == row.id))
        since = max(at for at in (verified.at if verified else row.recorded_at, agreed) if at)
        yield row, bool(closing and missing_agreements(desk.session, campaign, row, closing)), since


@contextmanager
def acting(desk: Desk, code: str) -> Iterator[None]:
    """Let somebody sit at the desk: what they do is done in their own name."""
    actor, desk.work.actor = desk.work.actor, f"{PERSON}{code}"
    try:
        yield
    finally:
        desk.work.actor = actor


def _somebody(desk: Desk, campaign: CampaignRow, row: ProblemRow, role: str) -> list[Recipient]:
    found = holding(desk.session, campaign, row, role, desk.now.date())
    if not found:
        title = method_of(campaign).role(role).title
        raise Refusal("rehearsal.no_closer", number=row.number, title=row.title, role=title)
    return found
