"""Codes of a questionnaire: made once each, handed out on paper or sent, and reminded of while unanswered.

A code is derived from the key of the installation and is kept nowhere: the database holds a keyed hash of it, by
which it is known again, and the outbox a page from which the link is made as the message goes out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.calendar import Calendar
from appraisal.domain.facts import Action
from appraisal.domain.refusal import Refusal
from appraisal.domain.survey import Access, Medium, SurveyStatus
from appraisal.keys import Keyring, plain_code
from appraisal.method.words import Scope
from appraisal.notices.post import Letter, call_off, post_to
from appraisal.notices.recipients import Place, holders_of
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk
from appraisal.operations.questionnaires import appraised_units, campaign_of, for_answers, note, questionnaire_by
from appraisal.operations.telling import panels_of
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.opinion_tables import AnswerCodeRow, QuestionnaireRow
from appraisal.store.register_tables import PersonRow

MOST_AT_ONCE = 500
INVITED, REMINDER = "questionnaire-invited", "questionnaire-reminder"
RESPONDENT = "respondent"
"""As what somebody is told of a questionnaire."""
_PAGE = "/q/for/"


@dataclass(frozen=True)
class Slip:
    """A code to be handed out, shown once."""

    position: int
    label: str
    code: str = field(repr=False)


def issue_codes(
    desk: Desk, identifier: UUID, count: int = 0, labels: Sequence[str] = (), after: int | None = None
) -> list[Slip]:
    """Issue so many codes, or one for each label that has none yet.

    ``after`` says how many codes there were when the form was drawn: the form sent twice gives the same slips again
    on the same day, and is refused (``questionnaire.issued_meanwhile``) once other codes came after.
    """
    row = _with_codes(desk, identifier)
    known = _codes(desk.session, row)
    wanted = _wanted(count, labels, {code.label for code in known[:after] if code.label})
    if after is not None and after != len(known):
        return _again(desk, row, known, len(wanted), after)
    slips = [_issue(desk, row, len(known) + number, label).slip for number, label in enumerate(wanted, start=1)]
    if slips:
        note(
            desk, row, Action.QUESTIONNAIRE_ISSUED, medium=Medium.CODE, count=len(slips), total=len(known) + len(slips)
        )
    return slips


def issue_to_people(desk: Desk, identifier: UUID, people: Sequence[PersonRow]) -> int:
    """Issue a code to everyone who has none and send it to them; returns how many are new."""
    row = _with_codes(desk, identifier)
    known = _codes(desk.session, row)
    holding = {code.person_id for code in known}
    fresh = [person for person in dict.fromkeys(people) if person.id not in holding and person.active]
    for number, person in enumerate(fresh, start=len(known) + 1):
        issued = _issue(desk, row, number, "", person)
        _write_to(desk, row, issued.row, person, INVITED, "")
    if fresh:
        note(
            desk, row, Action.QUESTIONNAIRE_ISSUED, medium=Medium.CODE, count=len(fresh), total=len(known) + len(fresh)
        )
    return len(fresh)


def issue_to_role(desk: Desk, identifier: UUID, role: str) -> int:
    """The same to everyone who holds a role today, or stands in for who does: in the body, in the appraised units,
    or on the panels that work.  Refuses a role that nobody holds (``questionnaire.nobody``).
    """
    campaign = campaign_of(desk.session, questionnaire_by(desk.session, identifier))
    known = next((each for each in method_of(campaign).roles if each.key == role), None)
    places = _places(desk.session, campaign, role, known.scope if known else Scope.BODY)
    held = holders_of(desk.session, places, desk.now.date())
    people = {found.person for recipients in held.values() for found in recipients}
    if not people:
        raise Refusal("questionnaire.nobody", role=known.title if known else role)
    return issue_to_people(desk, identifier, sorted(people, key=lambda person: person.code))


def remind_unanswered(desk: Desk, identifier: UUID) -> int:
    """Remind whoever was sent a code and has not answered, once a day and not on the day it was sent; how many."""
    row, today = for_answers(desk, identifier), desk.now.date()
    waiting = [code for code in _codes(desk.session, row) if _may_be_reminded(code, today)]
    for code in waiting:
        code.reminded_on = today
        if code.person:
            _write_to(desk, row, code, code.person, REMINDER, f"/{today}")
    if waiting:
        note(desk, row, Action.QUESTIONNAIRE_REMINDED, count=len(waiting))
    return len(waiting)


def remind_due(desk: Desk) -> int:
    """Remind by itself two working days before the last day, and on the last day; returns how many were reminded."""
    today = desk.now.date()
    ending = select(QuestionnaireRow.id, QuestionnaireRow.closes_on).where(
        QuestionnaireRow.status == SurveyStatus.OPEN, QuestionnaireRow.closes_on >= today
    )
    due = [
        identifier
        for identifier, closes_on in desk.session.execute(ending.order_by(QuestionnaireRow.id))
        if today in reminder_days(desk.office.calendar, closes_on)
    ]
    return sum(remind_unanswered(desk, identifier) for identifier in due)


def reminder_days(calendar: Calendar, closes_on: date | None) -> tuple[date, ...]:
    """When reminders go out by themselves; never where there is no last day."""
    return (calendar.step_working(closes_on, -2), closes_on) if closes_on else ()


def unanswered(session: Session, row: QuestionnaireRow) -> list[AnswerCodeRow]:
    """The codes that were handed to somebody by name, or under a label, and have not been answered."""
    return [code for code in _codes(session, row) if not code.answered and (code.person or code.label)]


def code_by(session: Session, keyring: Keyring, written: str) -> AnswerCodeRow | None:
    """The code that somebody typed or followed, if there is one."""
    return session.scalar(select(AnswerCodeRow).where(AnswerCodeRow.code_hash == _hash(keyring, written)))


def no_more_letters(session: Session, code: AnswerCodeRow) -> None:
    """Take back a reminder that has not gone out: nobody is reminded of what is done."""
    call_off(session, _PAGE + str(code.id), (INVITED, REMINDER))


def code_of_page(keyring: Keyring, page: str) -> str | None:
    """The code that a page in the outbox stands for; None for every other page."""
    return _code(keyring, UUID(page.removeprefix(_PAGE))) if page.startswith(_PAGE) else None


@dataclass(frozen=True)
class _Issued:
    row: AnswerCodeRow
    slip: Slip


def _with_codes(desk: Desk, identifier: UUID) -> QuestionnaireRow:
    row = for_answers(desk, identifier)
    if row.access != Access.CODES:
        raise Refusal("questionnaire.no_codes", questionnaire=row.title)
    return row


def _places(session: Session, campaign: CampaignRow, role: str, scope: Scope) -> list[Place]:
    match scope:
        case Scope.UNIT:
            return [(role, unit.id) for unit in appraised_units(session, campaign)]
        case Scope.PANEL:
            return [(role, panel.id) for panel in panels_of(session, campaign)]
        case Scope.BODY:
            return [(role, None)]


def _wanted(count: int, labels: Sequence[str], known: set[str]) -> list[str]:
    named = list(dict.fromkeys(label.strip() for label in labels if label.strip()))
    wanted = [label for label in named if label not in known] if labels else [""] * count
    if len(wanted) > MOST_AT_ONCE or (not labels and count < 1):
        raise Refusal("questionnaire.how_many", most=MOST_AT_ONCE)
    return wanted


def _again(desk: Desk, row: QuestionnaireRow, known: Sequence[AnswerCodeRow], wanted: int, after: int) -> list[Slip]:
    newest = known[after:]
    if len(newest) != wanted or any(code.issued_on != desk.now.date() or code.person_id for code in newest):
        raise Refusal("questionnaire.issued_meanwhile", questionnaire=row.title, issued=len(known), before=after)
    return [_slip(desk.office.keyring, code) for code in newest]


def _issue(desk: Desk, row: QuestionnaireRow, position: int, label: str, person: PersonRow | None = None) -> _Issued:
    identifier, keyring = identity("answer_code", row.id, position), desk.office.keyring
    code = AnswerCodeRow(
        id=identifier,
        questionnaire_id=row.id,
        position=position,
        code_hash=_hash(keyring, _code(keyring, identifier)),
        label=label,
        person_id=person.id if person else None,
        issued_on=desk.now.date(),
        answered=False,
    )
    desk.session.add(code)
    return _Issued(code, _slip(keyring, code))


def _slip(keyring: Keyring, code: AnswerCodeRow) -> Slip:
    return Slip(code.position, code.label, _code(keyring, code.id))


def _codes(session: Session, row: QuestionnaireRow) -> Sequence[AnswerCodeRow]:
    query = select(AnswerCodeRow).where(AnswerCodeRow.questionnaire_id == row.id)
    return session.scalars(query.order_by(AnswerCodeRow.position)).all()


def _may_be_reminded(code: AnswerCodeRow, today: date) -> bool:
    return code.person is not None and code.person.active and not code.answered and _last_told(code) < today


def _last_told(code: AnswerCodeRow) -> date:
    return max(code.issued_on, code.reminded_on or code.issued_on)


def _write_to(
    desk: Desk, row: QuestionnaireRow, code: AnswerCodeRow, person: PersonRow, template: str, occasion: str
) -> None:
    campaign = campaign_of(desk.session, row)
    paper = Letter(
        template=template,
        key=f"{campaign.slug}/{template}/{code.id}{occasion}",
        roles=(RESPONDENT,),
        unit=None,
        campaign_id=campaign.id,
        context={"campaign": campaign.title, "questionnaire": row.title, "closes_on": str(row.closes_on or "")},
        page=_PAGE + str(code.id),
    )
    post_to(desk.session, paper, person, desk.now, desk.office.quiet, desk.office.calendar)


def _code(keyring: Keyring, identifier: UUID) -> str:
    return keyring.code("answer-code", identifier)


def _hash(keyring: Keyring, written: str) -> str:
    return keyring.stamp("answer-code-hash", plain_code(written))
