"""What a named person decides on the staff's screen: the run waits with its paper above a form.

The screen knows nobody, hence the form asks for a personal code; it is deleted as soon as it has been looked at.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Annotated, Any, Literal

from prefect import State
from prefect.input import RunInput
from prefect.runtime import flow_run
from prefect.states import Completed
from pydantic import ConfigDict, Field

from appraisal.notices.wording import phrase
from appraisal.operations.library import chosen
from appraisal.operations.signed import Hand, SecondHand, ToSign
from flows import engine
from flows.boards import publish_overview
from flows.engine import WaitingForm
from flows.entries import Campaign, Day
from flows.forms import form
from flows.papers import extension_paper, relapse_paper, second_hand_paper
from flows.waiting import AnswerForgotten, Code, Form, await_decision
from tasks import signing

SIGNING = "signing-"
HANDS = {"销号": Hand.CLOSE, "部分销号": Hand.PART, "退回整改": Hand.RETURN}


@dataclass(frozen=True)
class Matter:
    """What is signed for: how it is read, how it is shown above the form with a note, whether what was read is over."""

    read: Callable[[], ToSign]
    shown: Callable[[ToSign, str], str]
    over: Callable[[str], str]


class ExtensionForm(RunInput):
    """What whoever decides on more time fills in; the aliases are the names that its errors use."""

    model_config = ConfigDict(populate_by_name=True)

    decision: Literal["同意", "不同意"] = Field(alias="决定", title="决定")
    code: Code
    remark: str = Field(default="", alias="意见", title="意见", description="不同意的，请写明理由。")


class SecondHandForm(RunInput):
    """What whoever closes out or returns fills in; the aliases are the names that its errors use."""

    model_config = ConfigDict(populate_by_name=True)

    decision: Literal["销号", "部分销号", "退回整改"] = Field(alias="决定", title="决定")
    code: Code
    words: str = Field(
        default="", alias="意见", title="意见", description="退回须写明理由；部分销号须写明销号的是哪一部分。"
    )
    remaining: str = Field(default="", alias="剩余部分", title="剩余部分", description="部分销号时填写还剩下什么。")
    due_on: Day = Field(
        default=None, alias="新的时限", title="新的时限", description="退回或部分销号时可另定；不填的按原来的天数顺延。"
    )


class RelapseForm(RunInput):
    """What whoever opens a problem again fills in; the aliases are the names that its errors use."""

    model_config = ConfigDict(populate_by_name=True)

    reason: str = Field(alias="反弹情况", title="反弹情况", min_length=2, description="写明问题怎样又出现了。")
    code: Code
    due_on: Day = Field(
        default=None, alias="新的时限", title="新的时限", description="可另定；不填的按原来的天数顺延。"
    )


@form("审批延期", "审批延期：{petition}")
def decide_extension(
    campaign: Campaign,
    petition: Annotated[str, Field(title="延期申请")],
) -> State[Any]:
    """审批一份延期申请：提交后本次运行停在 Suspended，由批准人打开、看过申请，填写本人的审批码决定。

    批准人在手机上也能办，以先作出的决定为准。

    Args:
        campaign: 进行中的评议活动。
        petition: 等待决定的延期申请；新的申请几分钟后出现在列表里。
    """

    def read() -> ToSign:
        return signing.petition_now(campaign, petition)[1]

    def settle(form: ExtensionForm) -> str:
        identifier, _ = signing.petition_now(campaign, petition)
        agreed, code = form.decision == "同意", form.code.get_secret_value()
        return signing.settle_extension(identifier, code, granted=agreed, remarks=form.remark)

    over = partial(_petition_over, {"campaign": campaign, "petition": petition})
    return _signed(campaign, Matter(read, extension_paper, over), ExtensionForm, settle)


@form("复核销号", "复核销号：第{number}号")
def decide_closing_out(
    campaign: Campaign,
    number: Annotated[int, Field(title="问题序号", ge=1)],
) -> State[Any]:
    """核查通过的问题，由另一人复核：销号、部分销号或者退回整改。

    提交后本次运行停在 Suspended，由复核人打开、看过核查情况，填写本人的审批码决定。
    办法没有规定由另一人复核的，用“办公室：问题销号”。

    Args:
        campaign: 进行中的评议活动。
        number: 问题在本活动问题清单中的序号。
    """

    def read() -> ToSign:
        return signing.problem_now(campaign, number)

    def settle(form: SecondHandForm) -> str:
        decided = SecondHand(HANDS[form.decision], form.words, form.remaining, form.due_on)
        return signing.settle_second_hand(campaign, number, form.code.get_secret_value(), decided)

    over = partial(_verification_over, {"campaign": campaign, "number": number})
    return _signed(campaign, Matter(read, second_hand_paper, over), SecondHandForm, settle)


@form("重新整改", "重新整改：第{number}号")
def reopen_problem(
    campaign: Campaign,
    number: Annotated[int, Field(title="问题序号", ge=1)],
) -> State[Any]:
    """已经销号的问题又出现的（反弹），重新交由责任单位整改；原来的期限、材料和销号记录都留着。

    提交后本次运行停在 Suspended，由办公室或者负责该单位的评议组的人打开、写明情况，填写本人的审批码。
    责任单位的人不能办理。

    Args:
        campaign: 进行中的评议活动。
        number: 问题在本活动问题清单中的序号。
    """

    def read() -> ToSign:
        return signing.closed_now(campaign, number)

    def settle(form: RelapseForm) -> str:
        return signing.settle_relapse(campaign, number, form.code.get_secret_value(), form.reason, form.due_on)

    over = partial(_closing_over, {"campaign": campaign, "number": number})
    return _signed(campaign, Matter(read, relapse_paper, over), RelapseForm, settle)


def end_overtaken() -> int:
    """End every form that waits for what is over, with the words that say how; how many there were."""
    return sum(_end(run, over) for flow_name, over in OVER.items() for run in engine.waiting_forms(flow_name))


def _end(run: WaitingForm, over: Callable[[Mapping[str, Any], str], str]) -> bool:
    words = over(run.parameters, _mark(run.key))
    if words:
        engine.finish(run.id, phrase("signing.elsewhere", what=words))
    return bool(words)


def _signed(campaign: str, matter: Matter, form: type[Form], settle: Callable[[Form], str]) -> State[Any]:
    """Have it signed, and show the board as it stands then."""
    ended = _sign(matter, form, settle)
    publish_overview(chosen(campaign))
    return ended


def _sign(matter: Matter, form: type[Form], settle: Callable[[Form], str]) -> State[Any]:
    """Ask until an answer counts, or the matter is over; the state in which the run ends says how.

    A run starts from the top whenever it is resumed: what is over is not asked again, and an answer to another paper
    than the one that stands now counts for nothing.
    """
    shown = [_mark(key) for key in engine.asked(flow_run.id)]
    if elsewhere := next(filter(None, map(matter.over, shown)), ""):
        engine.forget_answers(flow_run.id)
        return Completed(message=phrase("signing.elsewhere", what=elsewhere))
    note, numbers = "", count(1)
    while True:
        paper, number = matter.read(), next(numbers)
        with suppress(AnswerForgotten), await_decision(_key(paper, number), matter.shown(paper, note), form) as answer:
            note = settle(answer)
        if over := matter.over(paper.mark):
            return Completed(message=phrase("signing.elsewhere", what=over) if note else over)


def _key(paper: ToSign, number: int) -> str:
    return f"{SIGNING}{paper.mark}-{number}"


def _mark(key: str) -> str:
    return key.removeprefix(SIGNING).partition("-")[0]


def _petition_over(parameters: Mapping[str, Any], _: str) -> str:
    return signing.petition_over(parameters["campaign"], parameters["petition"])


def _verification_over(parameters: Mapping[str, Any], mark: str) -> str:
    return signing.verification_over(parameters["campaign"], parameters["number"], mark)


def _closing_over(parameters: Mapping[str, Any], mark: str) -> str:
    return signing.closing_over(parameters["campaign"], parameters["number"], mark)


OVER = {"审批延期": _petition_over, "复核销号": _verification_over, "重新整改": _closing_over}
"""What tells of each form that waits whether its matter is over."""
