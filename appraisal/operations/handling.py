"""What the office does about one opinion: lets it in, asks the writer, puts it right, rejects it with a reason."""

from uuid import UUID

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import OPINION, OpinionStatus
from appraisal.domain.opinions import cleaned
from appraisal.domain.refusal import Refusal
from appraisal.operations.loading import method_of, opinion_by, unit_by
from appraisal.operations.noting import note_one
from appraisal.operations.office import Desk
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.opinion_tables import OpinionMessageRow, OpinionRow

LONGEST_SAID = 2000


def release(desk: Desk, identifier: UUID) -> OpinionRow:
    """Let in an opinion that was held back; one that is in stays in."""
    row = opinion_by(desk.session, identifier)
    if row.status != OpinionStatus.RECEIVED:
        _move(desk, row, Action.OPINION_RELEASED)
    return row


def reject(desk: Desk, identifier: UUID, reason: str) -> OpinionRow:
    """Reject an opinion, with a reason that its writer reads; the same again does nothing.

    Refusal ``opinion.needs_reason``, ``opinion.too_long`` (in characters), and for one that a problem has taken up.
    """
    row = opinion_by(desk.session, identifier)
    said = _said(reason, "opinion.needs_reason")
    if row.status == OpinionStatus.REJECTED and row.reason == said:
        return row
    _move(desk, row, Action.OPINION_REJECTED, reason=said)
    row.reason = said
    return row


def reopen(desk: Desk, identifier: UUID) -> OpinionRow:
    """Take a rejection back: the opinion waits on the desk again."""
    row = opinion_by(desk.session, identifier)
    if row.status == OpinionStatus.TAKEN_UP:
        raise Refusal("opinion.taken_up")
    if row.status != OpinionStatus.RECEIVED:
        _move(desk, row, Action.OPINION_PUT_BACK)
        row.reason = None
    return row


def correct(desk: Desk, identifier: UUID, unit: str, aspect: str) -> OpinionRow:
    """Put right which unit (by code or name) and aspect (by key) an opinion is about; empty for neither."""
    row = opinion_by(desk.session, identifier)
    about = unit_by(desk.session, unit) if unit else None
    known = {each.key: each.title for each in method_of(desk.session.get_one(CampaignRow, row.campaign_id)).aspects}
    if aspect and aspect not in known:
        raise Refusal("opinion.aspect", aspect=aspect, known=list(known.values()))
    if (row.unit_id, row.aspect) == (about.id if about else None, aspect or None):
        return row
    note_one(desk, row)
    row.unit, row.aspect = about, aspect or None
    _record(desk, row, Action.OPINION_CORRECTED, unit=about.code if about else "", aspect=aspect)
    return row


def ask(desk: Desk, identifier: UUID, text: str) -> OpinionRow:
    """Ask the writer or answer them; they read it by their code.  What was said last is not said twice in a row."""
    row = opinion_by(desk.session, identifier)
    said = _said(text, "opinion.nothing_said")
    last = row.messages[-1] if row.messages else None
    if last is not None and last.from_office and last.text == said:
        return row
    note_one(desk, row)
    place = last.position + 1 if last else 0
    key = identity("opinion_message", row.id, place, "office")
    row.messages.append(OpinionMessageRow(id=key, position=place, from_office=True, text=said, on=desk.now.date()))
    _record(desk, row, Action.OPINION_ANSWERED, message=place)
    return row


def _move(desk: Desk, row: OpinionRow, action: Action, **facts: object) -> None:
    status = OPINION.move(row.status, action)
    note_one(desk, row)
    row.status = status
    _record(desk, row, action, **facts)


def _record(desk: Desk, row: OpinionRow, action: Action, **facts: object) -> None:
    slug = desk.session.get_one(CampaignRow, row.campaign_id).slug
    desk.record(slug, f"opinion:{row.id}", action, **facts)


def _said(text: str, empty: str) -> str:
    said = cleaned(text)
    if not said:
        raise Refusal(empty)
    if len(said) > LONGEST_SAID:
        raise Refusal("opinion.too_long", length=len(said), most=LONGEST_SAID)
    return said
