"""Who does what only the office may do."""

from appraisal.domain.refusal import Refusal
from appraisal.operations.desks import is_staff
from appraisal.operations.identity import person_by_register_code
from appraisal.operations.office import Desk

PERSON = "person:"


def clerk_at(desk: Desk) -> str:
    """The code of whoever of the office sits at the desk; Refusal ``portal.staff_only.not_yours`` for anybody else.

    The engine and the command line are behind a sign-in of the office's own.
    """
    actor = desk.work.actor
    if not actor.startswith(PERSON):
        return actor
    person = person_by_register_code(desk.session, actor.removeprefix(PERSON))
    if not is_staff(desk.session, person, desk.now.date()):
        raise Refusal("portal.staff_only.not_yours")
    return person.code
