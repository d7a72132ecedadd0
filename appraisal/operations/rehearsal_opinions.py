"""The opinion on a unit in a rehearsal: as short a text as its method admits, approved in other hands and delivered."""

from collections.abc import Iterator
from datetime import date

from appraisal.domain.lifecycle import PhaseStatus, ReviewOpinionStatus
from appraisal.domain.refusal import Refusal
from appraisal.domain.review_opinion import ProblemText
from appraisal.method.schema import Method
from appraisal.notices.recipients import holders
from appraisal.notices.wording import phrase
from appraisal.operations.loading import campaign_by, method_of, target_by
from appraisal.operations.office import Desk
from appraisal.operations.review_opinion_hands import approving_place
from appraisal.operations.review_opinion_list import measure_of, newest_of
from appraisal.operations.review_opinions import approve, deliver, draft, put_up
from appraisal.store.campaign_tables import CampaignRow, PhaseRow

PARTS = 10


def undelivered(desk: Desk, campaign: CampaignRow) -> Iterator[tuple[PhaseRow, str]]:
    """The units that wait for the opinion on them, with the open phase in which they sign for it."""
    method = method_of(campaign)
    if method.review_opinion is None:
        return
    places = {duty.key: phase.key for phase in method.phases for duty in phase.duties}
    phase = next(row for row in campaign.phases if row.key == places[method.review_opinion.duty])
    if phase.status != PhaseStatus.OPEN:
        return
    newest = newest_of(desk.session, campaign)
    for target in campaign.targets:
        row = newest.get(target.unit_id)
        if row is None or row.status != ReviewOpinionStatus.DELIVERED:
            yield phase, target.unit.code


def deliver_opinion(desk: Desk, slug: str, unit: str) -> None:
    """From the draft to its delivery; a refusal is left to the caller."""
    campaign = campaign_by(desk.session, slug)
    target = target_by(campaign, unit)
    row = draft(desk, slug, unit, *_words(method_of(campaign), desk.now.date()))
    put_up(desk, slug, [row.id])
    found = holders(desk.session, *approving_place(campaign, target), desk.now.date())
    if not found:
        raise Refusal("rehearsal.no_opinion_approver", unit=target.name)
    approve(desk, row.id, found[0].person, row.digest)
    deliver(desk, row.id)


def _words(method: Method, due_on: date) -> tuple[list[str], list[ProblemText]]:
    """The first mixture of parts, all of one length, that has the shares the method asks for."""
    good = phrase("rehearsal.achievement")
    bad = ProblemText(phrase("rehearsal.problem"), phrase("rehearsal.aim"), due_on)
    mixtures = [([good] * number, [bad] * (PARTS - number)) for number in range(PARTS + 1)]
    return next((each for each in mixtures if measure_of(method, *each).met), mixtures[PARTS // 2])
