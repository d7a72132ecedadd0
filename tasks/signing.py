"""What somebody signs for by a form.  What takes a code is no Prefect task: no record may keep its input."""

from datetime import date
from uuid import UUID

from appraisal import clock
from appraisal.domain.lifecycle import ProblemStatus
from appraisal.operations import overtaken, signed
from appraisal.operations.library import chosen
from appraisal.operations.signed import SecondHand, ToSign
from tasks.step import answered_in_words, in_words, office, step


@step("查看延期申请")
def petition_now(campaign: str, petition: str) -> tuple[UUID, ToSign]:
    """The petition that was chosen, as its decider reads it."""
    with office().store.reading() as session:
        identifier = signed.petition_marked(session, chosen(campaign), chosen(petition))
        return identifier, signed.petition_to_sign(session, identifier)


@step("查看核查情况")
def problem_now(campaign: str, number: int) -> ToSign:
    """A verified problem, as its second hand reads it."""
    with office().store.reading() as session:
        return signed.problem_to_sign(session, chosen(campaign), number)


@step("查看销号情况")
def closed_now(campaign: str, number: int) -> ToSign:
    """A closed problem, as it is read before it is opened again."""
    with office().store.reading() as session:
        return signed.relapse_to_sign(session, chosen(campaign), number)


def settle_extension(petition: UUID, code: str, *, granted: bool, remarks: str) -> str:
    """Decide by the answer; "" when it counted, else why it did not."""
    return in_words(
        lambda: signed.sign_extension(office(), petition, code, clock.now(), granted=granted, remarks=remarks)
    )


def settle_second_hand(campaign: str, number: int, code: str, decided: SecondHand) -> str:
    """Close out, in part, or return by the answer; "" when it counted, else why it did not."""
    return in_words(lambda: signed.sign_second_hand(office(), chosen(campaign), number, code, clock.now(), decided))


def settle_relapse(campaign: str, number: int, code: str, reason: str, due_on: date | None) -> str:
    """Open a closed problem again by the answer; "" when it counted, else why it did not."""
    slug = chosen(campaign)
    return in_words(lambda: signed.sign_relapse(office(), slug, number, code, clock.now(), reason, due_on))


def petition_over(campaign: str, petition: str) -> str:
    """How the petition was decided or why nobody need decide it; "" while it waits."""
    with office().store.reading() as session:
        return answered_in_words(lambda: overtaken.petition_over(session, chosen(campaign), chosen(petition)))


def verification_over(campaign: str, number: int, mark: str) -> str:
    """What followed the verification of that mark or why nobody need sign for it; "" while it waits."""
    return _step_over(campaign, number, mark, ProblemStatus.VERIFIED)


def closing_over(campaign: str, number: int, mark: str) -> str:
    """What followed the closing of that mark or why it cannot be undone; "" while the problem stays closed."""
    return _step_over(campaign, number, mark, ProblemStatus.CLOSED)


def _step_over(campaign: str, number: int, mark: str, waits: ProblemStatus) -> str:
    with office().store.reading() as session:
        return answered_in_words(lambda: overtaken.step_over(session, chosen(campaign), number, mark, waits))
