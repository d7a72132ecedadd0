"""What staff enter from their screen: dates, results, problems."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field, WithJsonSchema

from appraisal.operations.library import chosen
from appraisal.operations.results import Tally
from flows.boards import publish_overview
from flows.forms import form
from tasks import entries

Campaign = Annotated[str, Field(title="评议活动")]
Unit = Annotated[str, Field(title="单位")]
Day = Annotated[date | None, WithJsonSchema({"type": "string", "format": "date"})]
"""A day that may be left out; the engine's screen shows a choice between two types as a switch that confuses."""
Number = Annotated[int | None, Field(ge=1), WithJsonSchema({"type": "integer", "minimum": 1})]
"""A number that may be left out."""
Count = Annotated[int, Field(ge=0)]


class Papers(BaseModel):
    """The papers of one unit, as announced."""

    issued: Annotated[Count, Field(title="发出（张）")]
    returned: Annotated[Count, Field(title="收回（张）")]
    valid: Annotated[Count, Field(title="有效（张）")]


class Mark(BaseModel):
    """One option and how many chose it."""

    option: Annotated[str, Field(title="档次")]
    count: Annotated[Count, Field(title="票数")]


@form("设定会议等日期", "设定日期：{event} {day}")
def set_event(
    campaign: Campaign,
    event: Annotated[str, Field(title="哪个日期")],
    day: Annotated[date, Field(title="日期")],
    unit: Annotated[str, Field(title="单位")] = "",
) -> None:
    """设定或更改办法留给办公室确定的日期；据此推算的期限随之重新计算，并通知有关人员。

    Args:
        campaign: 进行中的评议活动。
        event: 办法留给办公室设定的日期，例如会议日期。
        day: 新的日期；原来的日期留在台账里。
        unit: 按单位分别设定的才填；全活动共用的日期不要填。
    """
    entries.set_event(campaign, event, day, unit or None)
    publish_overview(chosen(campaign))


@form("登记测评结果", "登记测评结果：{unit}")
def record_result(
    campaign: Campaign,
    ballot: Annotated[str, Field(title="哪次测评")],
    unit: Unit,
    papers: Annotated[Papers, Field(title="票数")],
    marks: Annotated[list[Mark], Field(title="各档次票数", min_length=1)],
    grade: Annotated[str, Field(title="宣布的等次")],
    number: Annotated[int, Field(title="第几轮", ge=1)] = 1,
) -> None:
    """按会上宣布的结果登记一个单位的测评票数和等次；各项票数必须对得上。

    由系统计票的测评不在这里登记：在门户的会议页面投票、录入纸质票，结束投票后结果自动得出。

    Args:
        campaign: 进行中的评议活动。
        ballot: 满意度测评或者再测评。
        unit: 被评议单位。
        papers: 收回不得多于发出，有效不得多于收回。
        marks: 各档次票数之和应等于有效票数。
        grade: 会上宣布的等次，例如“满意”。
        number: 第一次测评填 1；按办法再次测评的，填第几轮。
    """
    counts = {mark.option: mark.count for mark in marks}
    tally = Tally(papers.issued, papers.returned, papers.valid, counts)
    entries.record_result(campaign, ballot, unit, tally, grade, number)
    publish_overview(chosen(campaign))


@form("登记问题", "登记问题：{unit} {title}")
def record_problem(
    campaign: Campaign,
    unit: Unit,
    title: Annotated[str, Field(title="问题", min_length=2)],
    aim: Annotated[str, Field(title="整改目标", min_length=2)],
) -> None:
    """把评议中指出的一个问题登记到单位名下；同一问题重复提交只登记一次。

    Args:
        campaign: 进行中的评议活动。
        unit: 牵头单位；不限于被评议单位。
        title: 一句话写明问题。
        aim: 整改要达到的具体目标。
    """
    entries.record_problem(campaign, unit, title, aim)
    publish_overview(chosen(campaign))


@form("登记批示", "登记批示：{leader}")
def record_instruction(
    campaign: Campaign,
    unit: Unit,
    leader: Annotated[str, Field(title="批示领导", min_length=2)],
    text: Annotated[str, Field(title="批示内容", min_length=2)],
    due_on: Annotated[Day, Field(title="办结期限")] = None,
    problem: Annotated[Number, Field(title="所涉问题序号")] = None,
) -> None:
    """登记领导批示，编号并通知承办单位；办法规定批示要反馈的，随即成为有期限的事项。同一批示重复提交只登记一次。

    Args:
        campaign: 进行中的评议活动。
        unit: 承办批示的单位。
        leader: 作出批示的领导姓名和职务。
        text: 批示原文。
        due_on: 批示要求办结的日期；没有要求的不填。
        problem: 批示针对问题清单中某个问题的，填序号。
    """
    entries.record_instruction(campaign, unit, leader, text, due_on, problem)
    publish_overview(chosen(campaign))


@form("问题销号", "问题销号：第{number}号")
def close_problem(
    campaign: Campaign,
    number: Annotated[int, Field(title="问题序号", ge=1)],
    by: Annotated[str, Field(title="核查人", min_length=2)],
) -> None:
    """核查属实后为问题销号；责任单位不能为自己销号。

    Args:
        campaign: 进行中的评议活动。
        number: 问题在本活动问题清单中的序号。
        by: 由谁核查的（评议组或办公室工作人员的姓名）。
    """
    entries.close_problem(campaign, number, by)
    publish_overview(chosen(campaign))
