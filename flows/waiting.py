"""How a phase waits: it suspends with its brief above a form, and its process ends until somebody answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, TypeVar

from prefect import suspend_flow_run
from prefect.input import RunInput
from prefect.runtime import flow_run
from pydantic import Field, SecretStr, ValidationError

from flows.engine import forget_input

Form = TypeVar("Form", bound=RunInput)


class ClosingForm(RunInput):
    """The aliases are Chinese because Prefect names them when it refuses what was filled in."""

    decision: Literal["同意", "不同意"] = Field(
        alias="决定", title="决定", description="同意：本阶段就此关闭。不同意：退回，补正后再次提请审批。"
    )
    code: SecretStr = Field(
        alias="审批码",
        title="审批码",
        description="请填写通知中发给您本人的审批码，不得由他人代填；核对后即从流程引擎中删除。",
    )
    remark: str = Field(default="", alias="意见", title="意见", description="不同意的，请写明理由和需要补正的事项。")


class AnswerForgotten(Exception):  # noqa: N818 - says what has become of the answer.
    """The answer under this key was recorded and deleted before; the flow must ask our tables for the next round."""


@contextmanager
def await_decision(key: str, brief_markdown: str, form: type[Form]) -> Iterator[Form]:
    """Record the decision inside the block: what was answered leaves the engine only when the block has passed.

    A run that is killed in between reads the answer again when it is done again; one that is given up loses it.
    """
    answer = _answered(key, brief_markdown, form)
    yield answer
    forget_input(flow_run.id, key)


def _answered(key: str, brief_markdown: str, form: type[Form]) -> Form:
    try:
        return suspend_flow_run(wait_for_input=form.with_initial_data(description=brief_markdown), key=key)
    except ValidationError as error:
        raise AnswerForgotten(key) from error
