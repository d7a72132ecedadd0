"""Rectification from the staff's screen: problems are assigned, matters are pressed by numbered letters."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from appraisal.method.words import OrderKind
from appraisal.notices.wording import phrase
from appraisal.operations.library import chosen
from appraisal.operations.orders import Order
from flows.boards import publish_overview
from flows.entries import Campaign, Day, Number
from flows.forms import form
from tasks import rectifying

KINDS: Mapping[str, OrderKind] = {
    "督办单": OrderKind.SUPERVISE,
    "挂牌督办通知": OrderKind.LIST,
    "约谈通知": OrderKind.SUMMON,
    "通报": OrderKind.CIRCULAR,
    "向上反映": OrderKind.REPORT_UP,
}
"""What an instruction (批示) needs besides, a form of its own asks for."""


@form("交办问题", "交办问题：{numbers}")
def assign_problems(
    campaign: Campaign,
    numbers: Annotated[str, Field(title="问题序号", min_length=1)],
) -> str:
    """把问题交办给牵头单位和配合单位：每个单位一份编号的交办函，签收和整改的期限随之起算。已经交办的不会再交办一次。

    有一个问题还没有分类完整、没有牵头单位或者已经办结的，全部不交办，并写明是哪几个、缺什么。

    Args:
        campaign: 进行中的评议活动。
        numbers: 问题清单中的序号，用顿号隔开，连续的用短横，例如 1-12、15。
    """
    new = rectifying.assign_problems(campaign, numbers)
    publish_overview(chosen(campaign))
    return phrase("form.assigned", numbers=new)


@form("结转跟踪", "结转跟踪：{numbers}")
def hand_on_problems(
    campaign: Campaign,
    numbers: Annotated[str, Field(title="问题序号", min_length=1)],
    reason: Annotated[str, Field(title="理由", min_length=2)],
    by: Annotated[str, Field(title="办理人", min_length=2)],
) -> str:
    """把年内改不完的问题结转到下一年度跟踪：本次评议不再催办，通知牵头单位。已经结转的不会再结转一次。

    只有整改中、办法允许结转的问题可以；有一个不可以的，全部不结转，并写明是哪几个。
    下一次评议启动后，在门户的“问题清单”页面接收。

    Args:
        campaign: 进行中的评议活动。
        numbers: 问题清单中的序号，用顿号隔开，连续的用短横，例如 1-12、15。
        reason: 写明为什么转入下一年度跟踪。
        by: 办理人的姓名。
    """
    new = rectifying.hand_on_problems(campaign, numbers, by, reason)
    publish_overview(chosen(campaign))
    return phrase("form.handed_on", numbers=new)


@form("下达督办文书", "下达{kind}")
def give_order(
    campaign: Campaign,
    kind: Annotated[Literal["督办单", "挂牌督办通知", "约谈通知", "通报", "向上反映"], Field(title="文书种类")],
    text: Annotated[str, Field(title="正文", min_length=2)],
    unit: Annotated[str, Field(title="收文单位")] = "",
    problem: Annotated[Number, Field(title="所涉问题序号")] = None,
    due_on: Annotated[Day, Field(title="办结期限")] = None,
    by: Annotated[str, Field(title="签发人")] = "",
) -> str:
    """下达督办单、挂牌督办通知、约谈通知、通报或者向上反映：自动编号，通知收文单位和按办法抄送的人。同样的内容重复提交只下达一次。

    批示请用“办公室：登记批示”；约谈谈过以后，用“办公室：登记约谈”登记。

    Args:
        campaign: 进行中的评议活动。
        kind: 挂牌督办须指明还没有办结的问题或单位的事项。
        text: 写明督办什么、要求怎么办。
        unit: 不填的，发给所涉问题的牵头单位；通报、向上反映可以不写单位。
        problem: 问题清单中的序号；针对某个问题的才填。
        due_on: 文书要求办结的日期；没有要求的不填。
        by: 由谁签发，姓名和职务；可以不填。
    """
    mark = rectifying.give_order(campaign, Order(KINDS[kind], text, unit, by, due_on, problem))
    publish_overview(chosen(campaign))
    return phrase("form.order_given", mark=mark)
