"""The note (备注) that the register keeps of a problem."""

from appraisal.domain.facts import Action
from appraisal.domain.problems import LONGEST_DETAIL
from appraisal.domain.refusal import Refusal
from appraisal.operations.desks import is_staff
from appraisal.operations.loading import campaign_by
from appraisal.operations.office import Desk
from appraisal.operations.problem_list import SHOWN_TO_UNITS
from appraisal.operations.problems import problem_by
from appraisal.operations.unit_posts import answers_for
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.register_tables import PersonRow


def set_note(desk: Desk, slug: str, number: int, person: PersonRow, text: str) -> ProblemRow:
    """Let the register say this under 备注; the same again does nothing, nothing takes the note away.

    Refuses too many words, and whoever is neither of the office nor, once it is assigned, of one of its units.
    """
    campaign, row = campaign_by(desk.session, slug), problem_by(desk.session, slug, number)
    today, note = desk.now.date(), text.strip()
    units = [unit for unit in (row.unit, *row.supporting) if unit and row.status in SHOWN_TO_UNITS]
    theirs = any(answers_for(desk.session, campaign, person, unit, today) for unit in units)
    if not theirs and not is_staff(desk.session, person, today):
        raise Refusal("problem.note_not_yours", number=number)
    if len(note) > LONGEST_DETAIL:
        raise Refusal("problem.note_too_long", number=number, length=len(note), most=LONGEST_DETAIL)
    if row.note == note:
        return row
    before, row.note, row.version = row.note, note, row.version + 1
    desk.record(slug, f"problem:{row.id}", Action.PROBLEM_NOTED, before=before, note=note, by=person.code)
    return row
