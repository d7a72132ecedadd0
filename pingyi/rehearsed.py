"""A rehearsal for people (tables on the terminal and in the workbook) and for programs (one plain object)."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date

from appraisal.documents.rehearsal_book import Grid
from appraisal.notices.wording import day, phrase
from appraisal.operations.rehearsal_findings import DutyLine, FaultLine, NoticeLine, Rehearsal
from pingyi.speech import say, show_table


def plain(found: Rehearsal) -> dict[str, object]:
    """What a program reads; dates as ISO strings."""
    told = asdict(found)
    told["from"] = told.pop("starts_on")
    told["faults"] = [{"serious": fault.serious, **asdict(fault)} for fault in found.faults]
    return told


def tables(found: Rehearsal) -> list[Grid]:
    """The sheets of the workbook."""
    return [
        Grid("阶段", ("阶段", "开始", "结束", "是否暂定"), tuple(_phases(found))),
        Grid(
            "事项",
            ("阶段", "事项", "单位", "承办人", "期限", "是否暂定", "为什么是这一天", "办结", "催办"),
            tuple(_duty(duty) for duty in found.obligations),
        ),
        Grid(
            "消息",
            ("日期", "收件人", "角色", "单位", "标题", "紧急", "汇总"),
            tuple(_notice(notice) for notice in found.notices),
        ),
        Grid(
            "人员周负荷",
            ("周一", "人员", "到期事项", "消息"),
            tuple((day(line.week), line.person, line.duties, line.notices) for line in found.load),
        ),
        Grid("问题", ("程度", "日期", "内容"), tuple(_fault(fault) for fault in found.faults)),
    ]


def show(found: Rehearsal) -> None:
    """The timeline; many units on one day make one line."""
    say("rehearsal.title", title=found.title, day=found.starts_on, units=len(found.units))
    for each in found.assumed:
        say("rehearsal.assumed", title=each.title, event=each.event, day=each.on, given=each.given)
    show_table("阶段", ("阶段", "开始", "结束", "是否暂定"), _phases(found))
    show_table("到期事项", ("期限", "阶段", "事项", "承办", "个数"), _grouped(_due(found.obligations)))
    late = [duty for duty in found.obligations if duty.due_on and duty.settled_on and duty.settled_on > duty.due_on]
    if ladders := [(duty.unit or duty.who, duty.title, _rungs(duty)) for duty in late if _is_chased(duty)]:
        show_table("逾期的催办阶梯", ("单位", "事项", "催办"), ladders)
    show_table("消息", ("日期", "标题", "收件角色", "收件人", "条数"), _grouped(_told(found.notices)))
    busiest = sorted(found.load, key=lambda line: (-line.duties - line.notices, line.week, line.person))[:10]
    rows = [(day(line.week), line.person, line.duties, line.notices) for line in busiest]
    show_table("最忙的人员和周次", ("周一", "人员", "到期事项", "消息"), rows)
    if found.faults:
        show_table("问题", ("程度", "日期", "内容"), [_fault(fault) for fault in found.faults])
    else:
        say("rehearsal.no_faults")


def _phases(found: Rehearsal) -> Iterable[tuple[str, ...]]:
    for phase in found.phases:
        yield phase.title, _day(phase.opens_on), _day(phase.closes_on), _mark(phase.provisional)


def _duty(duty: DutyLine) -> tuple[str, ...]:
    why = "\n".join(f"{number}. {sentence}" for number, sentence in enumerate(duty.reason, start=1))
    place = (duty.phase, duty.title, duty.unit, duty.who)
    return (*place, _day(duty.due_on), _mark(duty.provisional), why, _day(duty.settled_on), _rungs(duty))


def _rungs(duty: DutyLine) -> str:
    return "\n".join(
        f"{day(rung.on)} {phrase(f'rehearsal.act.{rung.act}')}{'（越过）' if rung.passed_over else ''}"
        for rung in duty.rungs
    )


def _is_chased(duty: DutyLine) -> bool:
    """Whether more than reminders went out."""
    return any(rung.on > duty.due_on for rung in duty.rungs if duty.due_on)


def _notice(notice: NoticeLine) -> tuple[str, ...]:
    marks = (_mark(notice.urgent), _mark(notice.digest))
    return day(notice.on), notice.to, notice.role, notice.unit, notice.subject, *marks


def _fault(fault: FaultLine) -> tuple[str, ...]:
    return phrase("rehearsal.serious" if fault.serious else "rehearsal.minor"), _day(fault.on), fault.what


def _due(duties: Iterable[DutyLine]) -> dict[tuple[date, str, str], list[str]]:
    found: dict[tuple[date, str, str], list[str]] = {}
    for duty in duties:
        if duty.due_on:
            found.setdefault((duty.due_on, duty.phase, duty.duty), []).append(duty.unit or duty.who)
    return found


def _told(notices: Iterable[NoticeLine]) -> dict[tuple[date, str, str], list[str]]:
    found: dict[tuple[date, str, str], list[str]] = {}
    for notice in notices:
        subject = notice.subject.replace(notice.unit, "…") if notice.unit else notice.subject
        found.setdefault((notice.on, subject, notice.role), []).append(notice.to)
    return found


def _grouped(found: dict[tuple[date, str, str], list[str]]) -> Iterable[tuple[object, ...]]:
    for (on, first, second), people in sorted(found.items()):
        some = "、".join(dict.fromkeys(people[:3])) + ("等" if len(people) > 3 else "")
        yield day(on), first, second, some, len(people)


def _day(on: date | None) -> str:
    return day(on) if on else "—"


def _mark(yes: bool) -> str:
    return "是" if yes else ""
