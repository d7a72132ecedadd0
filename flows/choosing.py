"""Choosing the units, and records of talks, from the staff's screen."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from appraisal.operations.library import chosen
from appraisal.operations.selection_inputs import Decision
from appraisal.operations.summonses import Talk
from flows.boards import publish_overview
from flows.entries import Campaign, Count, Unit
from flows.forms import form
from tasks import choosing


class Votes(BaseModel):
    """The votes for one unit."""

    unit: Unit
    count: Annotated[Count, Field(title="赞成票")]


class Content(BaseModel):
    """What a talk was about, and what came of it."""

    reason: Annotated[str, Field(title="约谈事由", min_length=2)]
    record: Annotated[str, Field(title="谈话记录", min_length=2)]
    agreed: Annotated[str, Field(title="议定事项")] = ""


@form("确定评议对象", "{decided_by}：确定评议对象")
def choose_units(
    campaign: Campaign,
    decided_on: Annotated[date, Field(title="决定日期")],
    decided_by: Annotated[str, Field(title="由谁决定", min_length=2)],
    document: Annotated[str, Field(title="依据")] = "",
    units: Annotated[tuple[str, ...], Field(title="单位名单")] = (),
    votes: Annotated[tuple[Votes, ...], Field(title="各单位得票")] = (),
    base: Annotated[int, Field(title="票决基数", ge=0)] = 0,
    seed: Annotated[str, Field(title="抽签种子")] = "",
) -> None:
    """按办法规定的方式确定评议对象：名单、票决或抽签；不合办法的一律不予登记。同样的内容重复提交只登记一次。

    届内轮流、同票取舍、往年转入复查等情形，请在门户的“评议对象”页面办理。

    Args:
        campaign: 进行中的评议活动。
        decided_on: 实际作出决定的日期，不能晚于今天。
        decided_by: 作出决定的会议或机关，例如市人大常委会第三十一次会议。
        document: 会议纪要、决定的名称或文号；由主任会议决定的必须填写。
        units: 点名、会议决定或抽签后确认的单位。
        votes: 票决、投票的，逐个单位填写赞成票数。
        base: 票决时办法规定的基数，例如全体组成人员数。
        seed: 抽签时事先公布的种子，例如约定的开奖号码。
    """
    decision = Decision(decided_on, decided_by, document, units, base=base, seed=seed)
    choosing.choose(campaign, decision, [(vote.unit, vote.count) for vote in votes])
    publish_overview(chosen(campaign))


@form("登记约谈", "约谈{unit}")
def record_summons(
    campaign: Campaign,
    unit: Unit,
    person: Annotated[str, Field(title="被约谈人", min_length=2)],
    held_on: Annotated[date, Field(title="约谈日期")],
    held_by: Annotated[str, Field(title="约谈人", min_length=2)],
    content: Annotated[Content, Field(title="约谈内容")],
    problems: Annotated[tuple[int, ...], Field(title="涉及的问题序号")] = (),
) -> None:
    """登记一次约谈并通知被约谈单位；同样的内容重复提交只登记一次。

    Args:
        campaign: 进行中的评议活动。
        unit: 被约谈的单位。
        person: 被约谈人的姓名和职务。
        held_on: 实际约谈的日期，在评议活动启动之后，不能晚于今天。
        held_by: 约谈人的姓名和职务。
        content: 约谈的事由、记录和议定事项。
        problems: 问题清单中的序号，可以不填；只能填该单位牵头或配合的问题。
    """
    talk = Talk(unit, person, held_on, held_by, content.reason, content.record, content.agreed, problems)
    choosing.record_summons(campaign, talk)
    publish_overview(chosen(campaign))
