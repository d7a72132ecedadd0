"""An overview of a campaign as tables for the terminal."""

from datetime import date

from appraisal.notices.wording import day, phrase
from appraisal.operations.overview import Overview
from pingyi.speech import say, show_table

NEAR = 14


def show(seen: Overview, today: date) -> None:
    say("cli.status.title", title=seen.title, campaign=seen.slug, status=seen.status)
    _phases(seen)
    lights = "、".join(f"{phrase(f'light.{light}')} {count}" for light, count in seen.lights.items())
    say("cli.status.lights", lights=lights)
    rows = [
        (day_or_dash(duty.due_on), duty.unit, duty.title, phrase(f"light.{duty.light}"))
        for duty in seen.upcoming(NEAR, today)
    ]
    if rows:
        show_table("近期到期和已逾期", ("期限", "单位", "事项", "时限"), rows)
    for phase, obstacle in seen.obstacles:
        facts = {"unit": obstacle.unit, "what": obstacle.what, "status": obstacle.status, "due_on": obstacle.due_on}
        say("cli.status.obstacle", phase=phase, what=phrase(obstacle.code, **facts))
    if seen.results:
        show_table("测评结果", ("测评", "单位", "等次"), [(row.ballot, row.unit, row.grade) for row in seen.results])
    if seen.undelivered:
        say("cli.status.undelivered", count=seen.undelivered)


def _phases(seen: Overview) -> None:
    rows = [
        (
            phase.title,
            phrase(f"phase.status.{phase.status}"),
            day_or_dash(phase.opens_on),
            day_or_dash(phase.closes_on) + ("（暂定）" if phase.provisional else ""),
            f"{phase.done}/{phase.duties}",
        )
        for phase in seen.phases
    ]
    show_table("阶段", ("阶段", "状态", "开始", "结束", "事项"), rows)


def day_or_dash(on: date | None) -> str:
    return day(on) if on else "—"
