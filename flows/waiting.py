"""How a phase waits: it suspends with its brief above a form, and its process ends until somebody answers.

Whichever decision comes first counts, by this form or by the portal.  The flow never trusts its own memory: on
every pass it reads from our tables which round is asked and how it stands.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Literal, TypeVar

from prefect import suspend_flow_run
from prefect.input import RunInput
from prefect.runtime import flow_run
from pydantic import ConfigDict, Field, SecretStr, ValidationError

from appraisal.domain.lifecycle import ApprovalStatus
from appraisal.operations.answering import Answer
from appraisal.operations.closings import Closing
from flows.engine import forget_input
from flows.papers import closing_brief
from tasks.answers import settle_answer
from tasks.phases import ask_closing, close_phase, decide_by_rule

Form = TypeVar("Form", bound=RunInput)


Code = Annotated[
    SecretStr,
    Field(
        alias="审批码",
        title="审批码",
        description="请填写发给您本人的审批码，不得由他人代填；核对后即从本系统页面记录中删除。",
    ),
]
"""The personal code of whoever decides."""


class ClosingForm(RunInput):
    """The form that an approver fills in on the staff's screen.  The aliases are the names that its errors use."""

    model_config = ConfigDict(populate_by_name=True)

    decision: Literal["同意", "不同意"] = Field(
        alias="决定", title="决定", description="同意：本阶段就此关闭。不同意：退回，补正后再次提请审批。"
    )
    code: Code
    remark: str = Field(default="", alias="意见", title="意见", description="不同意的，请写明理由和需要补正的事项。")


class AnswerForgotten(Exception):  # noqa: N818 - says what has become of the answer.
    """The answer under this key was recorded and deleted before; the flow must ask our tables for the next round."""


def await_closing(campaign: str, phase: str) -> None:
    """Return when the phase is closed; until then ask, wait, and ask again."""
    note = ""
    while not _closed(campaign, phase):
        closing = ask_closing(campaign, phase)
        if closing.status == ApprovalStatus.PENDING:
            note = _ask(campaign, phase, closing, note)


@contextmanager
def await_decision(key: str, brief_markdown: str, form: type[Form]) -> Iterator[Form]:
    """Record the decision inside the block: what was answered leaves the engine only when the block has passed.

    A run that is killed in between reads the answer again when it is resumed; one that is given up loses it.
    """
    answer = _answered(key, brief_markdown, form)
    yield answer
    forget_input(flow_run.id, key)


def _closed(campaign: str, phase: str) -> bool:
    """Close the phase if it may be closed now; what closes by rule first gets its consent from the rule."""
    decide_by_rule(campaign, phase)
    return close_phase(campaign, phase).closed


def _ask(campaign: str, phase: str, closing: Closing, note: str) -> str:
    key = f"closing-{closing.round}"
    try:
        with await_decision(key, closing_brief(closing, note), ClosingForm) as form:
            code = form.code.get_secret_value()
            answer = Answer(closing.round, form.decision == "同意", code, form.remark)
            return settle_answer(campaign, phase, answer)
    except AnswerForgotten:
        return settle_answer(campaign, phase, Answer(closing.round, agreed=False, code="", remarks=""))


def _answered(key: str, brief_markdown: str, form: type[Form]) -> Form:
    try:
        return suspend_flow_run(wait_for_input=form.with_initial_data(description=brief_markdown), key=key)
    except ValidationError as error:
        raise AnswerForgotten(key) from error
