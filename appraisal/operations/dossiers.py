"""The dossier of one duty: what, for whom, by when and why, what has been done about it, and who may do what now."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.ladder import Colour
from appraisal.domain.lifecycle import OPEN_OBLIGATION, OWED, ObligationStatus
from appraisal.domain.reasoning import steps_from_json
from appraisal.domain.refusal import Refusal
from appraisal.method.duties import Duty
from appraisal.method.ladders import RungRule
from appraisal.method.schema import Method
from appraisal.method.words import Act, Evidence, Manner, OwedBy
from appraisal.notices.recipients import Place, holders_of, names
from appraisal.notices.wording import reason
from appraisal.operations.desks import STAFF, DutyCard, card, holds
from appraisal.operations.ladders import colours, last_of, reached, rungs_of
from appraisal.operations.loading import method_of, obligation_by
from appraisal.operations.naming import event_titles
from appraisal.operations.office import Office
from appraisal.operations.rung_words import waits_for
from appraisal.operations.seats import place_of
from appraisal.store.campaign_tables import AttachmentRow, FiringRow, ObligationRow, SubmissionRow
from appraisal.store.register_tables import PersonRow


@dataclass(frozen=True)
class RungLine:
    """A rung: what it does, when it is reached, and whether it has fired, was passed over, or is still to come.

    ``when`` is what it waits for instead of a day, and ``at`` is None as long as that does not hold.
    """

    act: str
    at: datetime | None
    state: str
    tells: str
    when: str = ""
    points: int = 0


@dataclass(frozen=True)
class FileLine:
    """A file that was handed in; ``speaks_of`` is the day that it is evidence of."""

    id: UUID
    name: str
    size: int
    speaks_of: date | None


@dataclass(frozen=True)
class SubmissionLine:
    """What was handed in, and what was said to it."""

    round: int
    text: str
    by: str
    at: datetime
    files: tuple[FileLine, ...]
    verdict: str
    verdict_by: str
    verdict_at: datetime | None
    remarks: str
    percent: int | None
    finding: str
    manner: str
    verified_on: date | None


@dataclass(frozen=True)
class Dossier:
    """Everything about one duty that somebody who may see it sees."""

    card: DutyCard
    slug: str
    phase_kind: str
    phase_closed_on: date | None
    letter: UUID | None
    basis: str
    does: Act
    evidence: Evidence
    progress: bool
    manners: tuple[Manner, ...]
    looks_back: bool
    doers: str
    acceptors: str
    reason: tuple[str, ...]
    rungs: tuple[RungLine, ...]
    submissions: tuple[SubmissionLine, ...]
    may_do: bool
    may_judge: bool
    may_enter: bool
    two_hands: bool
    """False while the only one who may judge is the one who handed it in."""
    colour: Colour = Colour.NONE


def dossier(session: Session, office: Office, identifier: UUID, person: PersonRow, now: datetime) -> Dossier:
    """The dossier, for those it concerns; Refusal ``obligation.not_yours`` for everybody else."""
    row = obligation_by(session, identifier)
    _concerned(session, row, person, now)
    method, on = method_of(row.campaign), now.date()
    duty = method.duty(row.key)
    doer, acceptor = place_of(row, duty.role), place_of(row, duty.accepted_by or "")
    held = holders_of(session, [doer, acceptor], on)
    submissions = _submissions(session, row)
    owed, judged = row.status in OWED, row.status == ObligationStatus.SUBMITTED
    return Dossier(
        card=card(row, now),
        slug=row.campaign.slug,
        phase_kind=row.phase.kind,
        phase_closed_on=office.hours.day_of(row.closed_before) if row.closed_before else None,
        letter=row.assignment_id,
        basis=duty.due.basis or duty.basis,
        does=duty.does,
        evidence=duty.evidence,
        progress=duty.progress,
        manners=tuple(duty.manners),
        looks_back=duty.owed_by is OwedBy.EACH_CLOSED,
        doers=names(held[doer]),
        acceptors=names(held[acceptor]),
        reason=tuple(reason(steps_from_json(row.reason), event_titles(method))),
        rungs=tuple(_rungs(session, office, method, row)),
        submissions=submissions,
        may_do=owed and holds(session, person, [doer], on),
        may_judge=judged and holds(session, person, [acceptor], on),
        may_enter=owed and holds(session, person, [(STAFF, None)], on),
        two_hands=not row.submissions or row.submissions[-1].by != person.code,
        colour=colours(session, method, [row]).get(row.id, Colour.NONE),
    )


def attachment(session: Session, identifier: UUID, attached: UUID, person: PersonRow, now: datetime) -> AttachmentRow:
    """A file of the duty, for those whom the duty concerns."""
    row = obligation_by(session, identifier)
    _concerned(session, row, person, now)
    found = session.get(AttachmentRow, attached)
    if found is None or found.submission_id not in {submission.id for submission in row.submissions}:
        raise Refusal("upload.unknown")
    return found


def readable(session: Session, rows: Iterable[ObligationRow], person: PersonRow, on: date) -> frozenset[UUID]:
    """Those of the duties whose pages the person may read that day."""
    places = {row.id: _places(row) for row in rows}
    held = holders_of(session, {place for mine in places.values() for place in mine}, on) if places else {}
    own = {place for place, found in held.items() if any(each.person.id == person.id for each in found)}
    return frozenset(identifier for identifier, mine in places.items() if own & mine)


def _concerned(session: Session, row: ObligationRow, person: PersonRow, now: datetime) -> None:
    if not readable(session, [row], person, now.date()):
        raise Refusal("obligation.not_yours", duty=row.title, unit=row.owner)


def _places(row: ObligationRow) -> set[Place]:
    """Where those sit whom the duty concerns, and the office."""
    return {*(place_of(row, role) for role in _roles(method_of(row.campaign), row)), (STAFF, None)}


def _roles(method: Method, row: ObligationRow) -> Iterator[str]:
    """Whoever does it, accepts it, is told of it, is told when it is late, or approves the phase it belongs to."""
    duty = method.duty(row.key)
    yield duty.role
    yield from duty.tell
    if duty.accepted_by:
        yield duty.accepted_by
    for rung in _ladder(method, duty):
        yield from rung.tell
    closing = method.phase(row.phase.key).closing
    if closing:
        yield closing.by


def _ladder(method: Method, duty: Duty) -> Sequence[RungRule]:
    return method.ladders[duty.ladder].rungs if duty.ladder else []


def _rungs(session: Session, office: Office, method: Method, row: ObligationRow) -> Iterator[RungLine]:
    fired = {each.rung: each for each in session.scalars(select(FiringRow).where(FiringRow.obligation_id == row.id))}
    moments, last = reached(method, row, office), last_of(method, row)
    for position, rung in enumerate(rungs_of(method, row.key)):
        tells = "、".join(method.role(role).title for role in rung.tell)
        firing = fired.get(position)
        if firing:
            state = "passed" if firing.passed_over else "fired"
            yield RungLine(firing.act, firing.at, state, tells, waits_for(rung), firing.points)
        elif row.status in OPEN_OBLIGATION and last < position < len(moments):
            yield RungLine(rung.act, moments[position], "ahead", tells, waits_for(rung), rung.points)


def _submissions(session: Session, row: ObligationRow) -> tuple[SubmissionLine, ...]:
    codes = {code for each in row.submissions for code in (each.by, each.verdict_by) if code}
    people = select(PersonRow.code, PersonRow.name).where(PersonRow.code.in_(codes))
    called = dict(session.execute(people).all()) if codes else {}
    return tuple(_submission(each, called) for each in reversed(row.submissions))


def _submission(row: SubmissionRow, called: Mapping[str, str]) -> SubmissionLine:
    return SubmissionLine(
        row.round,
        row.text,
        called.get(row.by, row.by),
        row.at,
        tuple(FileLine(file.id, file.name, file.size, file.speaks_of) for file in row.attachments),
        row.verdict or "",
        called.get(row.verdict_by or "", row.verdict_by or ""),
        row.verdict_at,
        row.verdict_reason or "",
        row.percent,
        row.finding or "",
        row.manner or "",
        row.verified_on,
    )
