"""The answer to a closing form.  Not a Prefect task: its input carries a personal code, which no record may keep."""

from appraisal import clock
from appraisal.operations.answering import Answer, answer_closing
from tasks.step import office


def settle_answer(campaign: str, phase: str, answer: Answer) -> str:
    """Decide by the answer; "" when it counted, else why it did not."""
    return answer_closing(office(), campaign, phase, answer, clock.now())
