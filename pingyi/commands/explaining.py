"""`explain`: why a date is the date."""

from typing import TYPE_CHECKING, Annotated

import typer

from pingyi.chinese import Commands
from pingyi.commands.options import AsJson
from pingyi.speech import say, tell_json

if TYPE_CHECKING:
    from appraisal.operations.explaining import Explained

MethodFile = Annotated[str, typer.Option("--method", help="按办法推算：办法文件，或办法代号", metavar="办法")]
Live = Annotated[str, typer.Option("--campaign", help="查询进行中的评议：活动代号", metavar="活动")]
Key = Annotated[
    str, typer.Option("--obligation", help="事项代号，如 rectification_plan；阶段写 phase.代号", metavar="事项")
]
Unit = Annotated[str | None, typer.Option("--unit", help="哪个单位（与 --campaign 连用）", metavar="单位")]
Events = Annotated[
    list[str] | None,
    typer.Option("--event", help="假定某事发生的日期，只写日期的按当日 09:00；可以写多次", metavar="事件=日期"),
]
Sittings = Annotated[list[str] | None, typer.Option("--sitting", help="假定的会议日期，可以写多次", metavar="日期")]


def add_to(app: Commands) -> None:
    """Put the command under the root."""
    app.add("explain", "说明某个期限为什么是这一天：起算、计数、放假、顺延、依据")(_explain)


def _explain(
    obligation: Key,
    method: MethodFile = "",
    campaign: Live = "",
    event: Events = None,
    sitting: Sittings = None,
    unit: Unit = None,
    as_json: AsJson = False,
) -> None:
    from appraisal.domain.refusal import Refusal

    if bool(method) == bool(campaign):
        raise Refusal("cli.explain.one_of_two")
    found = _live(campaign, obligation, unit) if campaign else _assumed(method, obligation, event or [], sitting or [])
    if as_json:
        tell_json(_plain(found))
    else:
        _tell(found)


def _live(campaign: str, obligation: str, unit: str | None) -> "Explained":
    from appraisal.operations.explaining import explain_live
    from pingyi.installation import need_database, open_office

    with open_office() as office:
        need_database(office)
        with office.store.reading() as session:
            return explain_live(session, campaign, obligation, unit)


def _assumed(method: str, obligation: str, events: list[str], sittings: list[str]) -> "Explained":
    from appraisal.operations.explaining import explain
    from pingyi.installation import open_office, read_day, read_edition, read_moment, read_pairs

    days = [read_day(text, "--sitting") for text in sittings]
    seen = read_pairs(events, read_moment)
    with open_office() as office:
        return explain(office, read_edition(method).method, obligation, seen, days)


def _tell(found: "Explained") -> None:
    say("explain.due", title=found.title, unit=found.unit, due_on=found.due_on, provisional=found.provisional)
    for number, step in enumerate(found.steps, start=1):
        say("cli.step", number=number, text=step.text)
    for event in found.forecast:
        say("explain.forecast", event=event)


def _plain(found: "Explained") -> dict[str, object]:
    from dataclasses import asdict

    return {**asdict(found), "due_at": found.due_at.isoformat()}
