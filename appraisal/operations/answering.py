"""The answer that came by the engine's form: whose it is, and what has become of it."""

from dataclasses import dataclass
from datetime import datetime

from appraisal.domain.refusal import Refusal
from appraisal.notices.wording import phrase
from appraisal.operations import closings
from appraisal.operations.identity import person_by_code
from appraisal.operations.loading import phase_by
from appraisal.operations.office import Office

VIA_ENGINE = "engine"
ACTOR = "engine:form"


@dataclass(frozen=True)
class Answer:
    """What was filled in.  ``code`` is a secret: it proves the person and is kept nowhere."""

    round: int
    agreed: bool
    code: str
    remarks: str

    def __repr__(self) -> str:
        return f"Answer(round={self.round}, agreed={self.agreed})"


def answer_closing(office: Office, slug: str, key: str, answer: Answer, now: datetime) -> str:
    """Decide by the answer; returns "" when it counted, else a Chinese sentence why it did not.

    An answer that did not count ends its round: the form cannot be filled in twice, so the next round asks anew.
    One without a code comes from the patrol, which only wants the flow to look at the tables again.
    """
    try:
        _decide(office, slug, key, answer, now)
    except Refusal as refusal:
        with office.desk(ACTOR, now) as desk:
            closings.void(desk, slug, key, answer.round, refusal.code)
        return phrase(refusal.code, **refusal.facts)
    return ""


def _decide(office: Office, slug: str, key: str, answer: Answer, now: datetime) -> None:
    if not answer.code.strip():
        raise Refusal("closing.no_code")
    with office.desk(ACTOR, now) as desk:
        row = phase_by(desk.session, slug, key)
        asked = closings.ask(desk, slug, key)
        among = closings.approvers(desk, row)
    person = person_by_code(office.store, office.keyring, answer.code, among, now)
    with office.desk(f"person:{person.code}", now) as desk:
        closings.decide(
            desk,
            slug,
            key,
            person,
            agreed=answer.agreed,
            seen=asked.digest,
            via=VIA_ENGINE,
            remarks=answer.remarks.strip(),
        )
