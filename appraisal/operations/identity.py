"""Who somebody is: by the link in their message, by the code they were handed in person.

A personal link lets its holder in; a code, typed for an approval, is proof of the person.  A code has fifty bits:
guessing it is hopeless at any pace that a web server answers at, so a lock guards nothing but tells of a link that
fell into other hands.  Hence wrong codes count against somebody only when that one person was asked for, and the
portal asks for the one person whose link was opened: a stranger who knows no link locks nobody out.  Where several
are asked for at once (a form of the office, behind its password) a wrong code goes on the ledger and counts against
none of them.  A lock keeps nobody from their own page; the office lifts it, or hands out a new code.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from appraisal.domain.facts import Action, Fact
from appraisal.domain.refusal import Refusal
from appraisal.keys import Keyring
from appraisal.store.register_tables import PersonRow, PostRow
from appraisal.store.work import REGISTER, Store, Work

MOST_WRONG_CODES = 10
UNKNOWN = "unknown"
"""Who types a wrong code is not the person it was asked of, as far as anybody can tell."""


@dataclass(frozen=True)
class HandOut:
    """A code to be given to a person, on paper and in person."""

    person: PersonRow
    role: str
    code: str


def person_by_link(session: Session, keyring: Keyring, token: str, today: date) -> PersonRow:
    """Whose link it is; refused when it is forged, expired, revoked, or its holder is no longer active."""

    def epoch_of(code: str) -> int | None:
        person = _active(session, code)
        return person.link_epoch if person else None

    return person_by_register_code(session, keyring.read_link(token, today, epoch_of))


def person_by_code(store: Store, keyring: Keyring, code: str, among: Sequence[PersonRow], now: datetime) -> PersonRow:
    """Which of these persons the approval code belongs to.

    A transaction of its own, before the one that acts on the answer: a refusal would roll back the count of wrong
    codes along with everything else.  Never call it inside a unit of work.
    """
    with store.work(UNKNOWN) as work:
        candidates = _locked_rows(work.session, [person.code for person in among])
        owners = [person for person in candidates if keyring.is_approval_code(code, person.code, person.code_epoch)]
        refusal = _judge(work, candidates, owners, now)
    if refusal:
        raise refusal
    return owners[0]


def person_by_register_code(session: Session, person_code: str) -> PersonRow:
    """The active person of that code in the register."""
    person = _active(session, person_code)
    if person is None:
        raise Refusal("person.unknown", person=person_code)
    return person


def revoke_link(work: Work, person_code: str, epoch: int, now: datetime) -> None:
    """Make every link of that epoch and before worthless; the second time does nothing."""
    person = _for_update(work.session, person_code)
    if person.link_epoch == epoch:
        person.link_epoch = epoch + 1
        _record(work, Action.PERSON_LINK_REVOKED, person, now, epoch=person.link_epoch)


def new_code(work: Work, keyring: Keyring, person_code: str, epoch: int, now: datetime) -> str:
    """Replace the code of that epoch and lift a lock; the second time gives the same new code."""
    person = _for_update(work.session, person_code)
    if person.code_epoch == epoch:
        person.code_epoch, person.wrong_codes = epoch + 1, 0
        _record(work, Action.PERSON_CODE_RENEWED, person, now, epoch=person.code_epoch)
    return keyring.approval_code(person.code, person.code_epoch)


def unlock_code(work: Work, person_code: str, now: datetime) -> None:
    """Let a code that was locked be used again; nothing happens to one that is not locked."""
    person = _for_update(work.session, person_code)
    if _is_locked(person):
        person.wrong_codes = 0
        _record(work, Action.PERSON_CODE_UNLOCKED, person, now)


def codes_for(session: Session, keyring: Keyring, roles: Collection[str], today: date) -> list[HandOut]:
    """The codes of all who hold one of the roles today or will, once a person and role, to print and hand out."""
    query = (
        select(PersonRow, PostRow.role)
        .join(PostRow, PostRow.person_id == PersonRow.id)
        .where(PostRow.role.in_(roles), PersonRow.active, or_(PostRow.until.is_(None), PostRow.until >= today))
        .distinct()
        .order_by(PostRow.role, PersonRow.code)
    )
    return [
        HandOut(person, role, keyring.approval_code(person.code, person.code_epoch))
        for person, role in session.execute(query)
    ]


def _judge(work: Work, candidates: Sequence[PersonRow], owners: Sequence[PersonRow], now: datetime) -> Refusal | None:
    """What is wrong with the attempt, counted; a right code ends the row of wrong ones."""
    if not candidates:
        return Refusal("code.nobody")
    alone = candidates[0] if len(candidates) == 1 else None
    asked = alone or next(iter(owners), None)
    if asked and _is_locked(asked):
        return Refusal("code.locked", person=asked.name, most=MOST_WRONG_CODES)
    if owners:
        owners[0].wrong_codes = 0
        return None
    if alone:
        alone.wrong_codes += 1
        _record(work, Action.PERSON_CODE_WRONG, alone, now, in_a_row=alone.wrong_codes)
        return Refusal("code.wrong", left=MOST_WRONG_CODES - alone.wrong_codes)
    codes = sorted(person.code for person in candidates)
    work.record(REGISTER, Fact(REGISTER, Action.PERSON_CODE_WRONG, {"among": codes}), now)
    return Refusal("code.wrong", left=None)


def _is_locked(person: PersonRow) -> bool:
    return person.wrong_codes >= MOST_WRONG_CODES


def _active(session: Session, code: str) -> PersonRow | None:
    return session.scalars(select(PersonRow).where(PersonRow.code == code, PersonRow.active)).one_or_none()


def _locked_rows(session: Session, codes: Collection[str]) -> Sequence[PersonRow]:
    """Read again and held, in one order, so that two guesses at once are two counts."""
    query = select(PersonRow).where(PersonRow.code.in_(codes), PersonRow.active).order_by(PersonRow.code)
    return session.scalars(query.with_for_update()).all()


def _for_update(session: Session, code: str) -> PersonRow:
    person = session.scalars(select(PersonRow).where(PersonRow.code == code).with_for_update()).one_or_none()
    if person is None:
        raise Refusal("person.unknown", person=code)
    return person


def _record(work: Work, action: Action, person: PersonRow, now: datetime, **payload: object) -> None:
    work.record(REGISTER, Fact(f"person:{person.code}", action, payload), now)
