"""`event set`, `result record`, `problem record | close`: what staff enter about a campaign."""

from typing import Annotated

import typer

from pingyi.chinese import Commands
from pingyi.commands.options import Campaign, Unit
from pingyi.speech import say

events = Commands("日期：设定或改动办法留待确定的日期，如会议日期")
results = Commands("测评结果：登记会议宣布的结果（由系统计票的在门户投票，不在这里登记）")
problems = Commands("问题清单：登记问题、销号")

EventName = Annotated[str, typer.Argument(help="事件代号，如 sitting.review", metavar="事件")]
Day = Annotated[str, typer.Argument(help="日期，如 2023-10-27；可写到时刻 2023-10-27T15:00", metavar="日期")]
ForUnit = Annotated[str | None, typer.Option("--unit", help="按单位分别设定的日期，指明单位", metavar="单位")]
Ballot = Annotated[str, typer.Argument(help="测评代号，如 satisfaction", metavar="测评")]
Issued = Annotated[int, typer.Option("--issued", help="发出票数", metavar="票数", min=0)]
Returned = Annotated[int, typer.Option("--returned", help="收回票数", metavar="票数", min=0)]
Valid = Annotated[int, typer.Option("--valid", help="有效票数", metavar="票数", min=0)]
Counts = Annotated[list[str], typer.Option("--count", help="各档次票数，如 satisfied=28，写多次", metavar="档次=票数")]
Grade = Annotated[str, typer.Option("--grade", help="会议宣布的等次", metavar="等次")]
Round = Annotated[int, typer.Option("--round", help="再次测评的，填第几轮", metavar="轮次", min=1)]
Title = Annotated[str, typer.Option("--title", help="问题", metavar="文字")]
Aim = Annotated[str, typer.Option("--aim", help="整改目标", metavar="文字")]
Number = Annotated[int, typer.Option("--number", help="问题在本活动问题清单中的序号", metavar="序号", min=1)]
By = Annotated[str, typer.Option("--by", help="办理销号的工作人员代码（不能是责任单位的人）", metavar="人员代码")]


@events.add("set", "设定或改动一个日期；由它起算的期限随之重新计算并通知有关人员")
def set_event(campaign: Campaign, name: EventName, on: Day, unit: ForUnit = None) -> None:
    from appraisal.operations import events as operations
    from pingyi.installation import at_desk, read_moment

    at = read_moment(on, "日期")
    with at_desk() as desk:
        changed = operations.set_event(desk, campaign, name, at, unit)
    say("cli.event.set" if changed else "cli.unchanged", event=name, day=at)


@results.add("record", "登记一个单位的测评结果；同样的结果再登记一次不会改变")
def record_result(  # noqa: PLR0913, PLR0917 - every one is an option of the command
    campaign: Campaign,
    ballot: Ballot,
    unit: Unit,
    issued: Issued,
    returned: Returned,
    valid: Valid,
    count: Counts,
    grade: Grade,
    number: Round = 1,
) -> None:
    from appraisal.operations.results import Tally
    from appraisal.operations.results import record_result as record
    from pingyi.installation import at_desk, read_counted

    tally = Tally(issued, returned, valid, read_counted(count))
    with at_desk() as desk:
        row = record(desk, campaign, ballot, unit, tally, grade, number)
        say("cli.result.recorded", unit=row.unit.name, grade=row.grade)


@problems.add("record", "把一个问题登记到牵头单位名下")
def record_problem(campaign: Campaign, unit: Unit, title: Title, aim: Aim) -> None:
    from appraisal.domain.problems import Draft, FindingKind, Found
    from appraisal.operations.problems import record
    from pingyi.installation import at_desk

    draft, found = Draft(title, unit, aim=aim), Found(FindingKind.ENTERED, title, "cli")
    with at_desk() as desk:
        row = record(desk, campaign, draft, found)
        say("cli.problem.recorded", unit=row.unit.name if row.unit else "", number=row.number)


@problems.add("close", "问题整改到位，予以销号")
def close_problem(campaign: Campaign, number: Number, by: By) -> None:
    from appraisal.operations import problems as operations
    from appraisal.operations.identity import person_by_register_code
    from pingyi.installation import at_desk

    with at_desk() as desk:
        person = person_by_register_code(desk.session, by)
        row = operations.close_problem(desk, campaign, number, person.code)
        say("cli.problem.closed", number=row.number, title=row.title)
