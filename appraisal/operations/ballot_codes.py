"""One-time codes for ballots on phones: each stands for a class of voters and for nobody in it.

A code is random, shown once, and kept nowhere: the table has a keyed hash of it.
"""

import secrets
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import SittingStatus
from appraisal.domain.refusal import Refusal
from appraisal.keys import ALPHABET, Keyring, plain_code
from appraisal.operations.clerks import clerk_at
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk
from appraisal.operations.presence import voters_of
from appraisal.store.ballot_tables import BallotCodeRow
from appraisal.store.sitting_tables import SittingRow
from appraisal.store.urn import forget_casting, forget_round, keep_code, keep_codes
from appraisal.store.work import writes

MOST_AT_ONCE = 500
LENGTH = 12
"""Sixty bits, as ABCD-EFGH-JKMN."""


def make_codes(desk: Desk, sitting_id: UUID, voters: str, count: int) -> list[str]:
    """So many codes of a class, to be printed and handed out unseen; they are shown this once."""
    clerk_at(desk)
    sitting = _sitting(desk.session, sitting_id)
    _takes_codes(sitting, voters)
    if not 1 <= count <= MOST_AT_ONCE:
        raise Refusal("ballot_code.how_many", most=MOST_AT_ONCE)
    codes = [_fresh() for _ in range(count)]
    rows = [_row(desk.office.keyring, sitting, voters, code) for code in codes]
    keep_codes(desk.session, rows, sitting.id)
    desk.work.afterwards(forget_round)
    chain, subject = sitting.campaign.slug, f"sitting:{sitting.id}"
    desk.record(chain, subject, Action.BALLOT_CODES_MADE, voters=voters, count=count)
    return codes


def draw(desk: Desk, sitting: SittingRow, voters: str) -> str:
    """A code of a class for whoever checks in; nothing is kept of who that is, and no fact is put on the ledger."""
    _sitting(desk.session, sitting.id)
    _takes_codes(sitting, voters)
    code = _fresh()
    keep_code(desk.session, _row(desk.office.keyring, sitting, voters, code))
    desk.work.afterwards(forget_casting)
    return code


def code_by(session: Session, keyring: Keyring, written: str) -> BallotCodeRow | None:
    """The code that somebody typed or followed, if there is one."""
    return session.scalar(select(BallotCodeRow).where(BallotCodeRow.code_hash == _hash(keyring, written)))


def _sitting(session: Session, identifier: UUID) -> SittingRow:
    """The sitting, held to the end by whoever comes to write: codes are laid among others, one after the other."""
    query = select(SittingRow).where(SittingRow.id == identifier)
    row = session.scalar(query.with_for_update(of=SittingRow, key_share=True) if writes(session) else query)
    if row is None:
        raise Refusal("sitting.unknown")
    return row


def _takes_codes(sitting: SittingRow, voters: str) -> None:
    known = dict(voters_of(method_of(sitting.campaign)))
    if voters not in known:
        raise Refusal("ballot_code.class_unknown", known=list(known.values()))
    if sitting.status == SittingStatus.CLOSED:
        raise Refusal("ballot_code.sitting_closed", sitting=sitting.title)


def _fresh() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(letters[at : at + 4] for at in range(0, LENGTH, 4))


def _row(keyring: Keyring, sitting: SittingRow, voters: str, code: str) -> dict[str, object]:
    """Its id is the beginning of its hash: so the order by one is the order by the other, and both are random."""
    hashed = _hash(keyring, code)
    return {
        "id": UUID(hex=hashed[:32]),
        "sitting_id": sitting.id,
        "voters": voters,
        "code_hash": hashed,
        "drawn": True,
    }


def _hash(keyring: Keyring, written: str) -> str:
    return keyring.stamp("ballot-code", plain_code(written))
