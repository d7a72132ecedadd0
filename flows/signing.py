"""What a named person decides on the staff's screen: the run waits with its paper above a form.

The screen knows nobody, hence the form asks for a personal code; it is deleted as soon as it has been looked at.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from itertools import count
from typing import Annotated, Literal

from prefect import flow
from prefect.input import RunInput
from pydantic import ConfigDict, Field, SecretStr

from appraisal.operations.library import chosen
from appraisal.operations.signed import Hand, SecondHand
from flows.boards import publish_overview
from flows.entries import Campaign
from flows.papers import extension_paper, second_hand_paper
from flows.waiting import AnswerForgotten, ClosingForm, Form, await_decision
from tasks import signing

HANDS = {"销号": Hand.CLOSE, "部分销号": Hand.PART, "退回整改": Hand.RETURN}


class SecondHandForm(RunInput):
    """What whoever closes out or returns fills in; the aliases are the names that its errors use."""

    model_config = ConfigDict(populate_by_name=True)

    decision: Literal["销号", "部分销号", "退回整改"] = Field(alias="决定", title="决定")
    code: SecretStr = Field(
        alias="审批码",
        title="审批码",
        description="请填写发给您本人的审批码，不得由他人代填；核对后即从本系统页面记录中删除。",
    )
    words: str = Field(
        default="", alias="意见", title="意见", description="退回须写明理由；部分销号须写明销号的是哪一部分。"
    )
    remaining: str = Field(default="", alias="剩余部分", title="剩余部分", description="部分销号时填写还剩下什么。")
    due_on: date | None = Field(
        default=None, alias="新的时限", title="新的时限", description="退回或部分销号时可另定；不填的按原来的天数顺延。"
    )


@flow(name="审批延期")
def decide_extension(
    campaign: Campaign,
    petition: Annotated[str, Field(title="延期申请")],
) -> None:
    """审批一份延期申请：提交后本次运行停在 Suspended，由批准人打开、看过申请，填写本人的审批码决定。

    批准人在手机上也能办，以先作出的决定为准。

    Args:
        campaign: 进行中的评议活动。
        petition: 等待决定的延期申请；新的申请几分钟后出现在列表里。
    """

    def paper(note: str) -> str:
        _, to_sign = signing.petition_now(campaign, petition)
        return extension_paper(to_sign, note)

    def settle(form: ClosingForm) -> str:
        identifier, _ = signing.petition_now(campaign, petition)
        agreed, code = form.decision == "同意", form.code.get_secret_value()
        return signing.settle_extension(identifier, code, granted=agreed, remarks=form.remark)

    _sign(paper, ClosingForm, settle)
    publish_overview(chosen(campaign))


@flow(name="复核销号")
def decide_closing_out(
    campaign: Campaign,
    number: Annotated[int, Field(title="问题序号", ge=1)],
) -> None:
    """核查通过的问题，由另一人复核：销号、部分销号或者退回整改。

    提交后本次运行停在 Suspended，由复核人打开、看过核查情况，填写本人的审批码决定。
    办法没有规定由另一人复核的，用“办公室：问题销号”。

    Args:
        campaign: 进行中的评议活动。
        number: 问题在本活动问题清单中的序号。
    """

    def paper(note: str) -> str:
        return second_hand_paper(signing.problem_now(campaign, number), note)

    def settle(form: SecondHandForm) -> str:
        decided = SecondHand(HANDS[form.decision], form.words, form.remaining, form.due_on)
        return signing.settle_second_hand(campaign, number, form.code.get_secret_value(), decided)

    _sign(paper, SecondHandForm, settle)
    publish_overview(chosen(campaign))


def _sign(paper: Callable[[str], str], form: type[Form], settle: Callable[[Form], str]) -> None:
    """Ask until an answer counts.  One that was looked at before is passed by; what is decided is not asked again."""
    note = ""
    for number in count(1):
        with suppress(AnswerForgotten), await_decision(f"signing-{number}", paper(note), form) as answer:
            note = settle(answer)
            if not note:
                break
