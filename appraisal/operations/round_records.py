"""What every operation on a round begins with and ends with: finding it, its ballot, and the fact on the ledger."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import RoundStatus
from appraisal.domain.refusal import Refusal
from appraisal.method.ballots import Ballot
from appraisal.method.schema import Method
from appraisal.method.vote_words import ShownWhen
from appraisal.operations.further_rounds import as_held
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.office import Desk
from appraisal.store.ballot_tables import RoundRow
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.work import writes


def round_by(session: Session, identifier: UUID) -> RoundRow:
    """The round, or Refusal ``round.unknown``; whoever comes to write holds its campaign and then the round."""
    row = session.get(RoundRow, identifier)
    if row is None:
        raise Refusal("round.unknown")
    if writes(session):
        campaign_by(session, row.campaign.slug)
        hold(session, identifier)
    return row


def hold(session: Session, identifier: UUID) -> RoundRow | None:
    """The round as it is now, held to the end: those who cast, and whoever closes, come one after the other."""
    held = select(RoundRow).where(RoundRow.id == identifier).with_for_update(of=RoundRow)
    return session.scalar(held.execution_options(populate_existing=True))


def open_round_by(session: Session, identifier: UUID) -> RoundRow:
    """The round, or Refusal ``round.closed`` where it is not open any more."""
    return not_closed(round_by(session, identifier))


def not_closed(row: RoundRow) -> RoundRow:
    """The round itself, or Refusal ``round.closed``."""
    if row.status != RoundStatus.OPEN:
        raise Refusal("round.closed", ballot=ballot_of(row).title, number=row.number, status=row.status)
    return row


def ballot_by(method: Method, key: str) -> Ballot:
    """The ballot of that key, or Refusal ``ballot.unknown`` with those there are."""
    for ballot in method.ballots:
        if ballot.key == key:
            return ballot
    raise Refusal("ballot.unknown", ballot=key, known=[f"{ballot.title}（{ballot.key}）" for ballot in method.ballots])


def ballot_of(row: RoundRow) -> Ballot:
    """The ballot that the round is one of, as it was held: a further round may be that of some classes alone."""
    ballot = ballot_by(method_of(row.campaign), row.ballot)
    return as_held(ballot, [str(each["voters"]) for each in row.turnout])


def sealed(row: RoundRow) -> bool:
    """Whether its result waits to be released, as the method says."""
    return ballot_of(row).shown.when is ShownWhen.SEALED


def rounds_of_ballot(session: Session, campaign: CampaignRow, ballot_key: str) -> Sequence[RoundRow]:
    """All rounds of a ballot, in their order."""
    query = select(RoundRow).where(RoundRow.campaign_id == campaign.id, RoundRow.ballot == ballot_key)
    return session.scalars(query.order_by(RoundRow.number)).all()


def next_number(session: Session, campaign: CampaignRow, ballot_key: str) -> int:
    """The number of the next round; that of a void one is not used again."""
    query = select(func.max(RoundRow.number))
    last = session.scalar(query.where(RoundRow.campaign_id == campaign.id, RoundRow.ballot == ballot_key))
    return (last or 0) + 1


def note(desk: Desk, row: RoundRow, action: Action, **payload: object) -> None:
    """Put a fact about the round on the ledger; never one of what was voted before it is closed."""
    about = {"ballot": row.ballot, "number": row.number}
    desk.record(row.campaign.slug, f"round:{row.id}", action, **about, **payload)
