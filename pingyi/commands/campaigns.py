"""`campaign start | status | list`: appraisals that run."""

from typing import Annotated

import typer

from pingyi.chinese import Commands
from pingyi.commands.options import AsJson, Campaign
from pingyi.speech import say, show_table, tell_json, warn

app = Commands("评议活动：启动、查看进展、列出")

Method = Annotated[str, typer.Argument(help="办法文件，或办法代号", metavar="办法")]
Slug = Annotated[str, typer.Option("--slug", help="活动代号：小写字母、数字和短横，启动后不能更改", metavar="代号")]
From = Annotated[str, typer.Option("--from", help="启动日期，如 2023-04-03", metavar="日期")]
Title = Annotated[str, typer.Option("--title", help="活动名称；不写则用办法名称", metavar="名称")]
Units = Annotated[
    list[str] | None,
    typer.Option(
        "--unit",
        help="被评议单位的代码或名称，可以写多次；不写则为登记册中全部单位，办法规定启动后再确定的则先不确定",
        metavar="单位",
    ),
]


@app.add("start", "按办法启动一次评议；同样的内容再运行一次不会重复启动")
def start(method: Method, slug: Slug, starts: From, title: Title = "", units: Units = None) -> None:
    from appraisal.method.words import SelectionWay
    from appraisal.operations import campaigns
    from appraisal.operations.units import active_units
    from pingyi.installation import at_desk, read_day, read_edition

    edition, day = read_edition(method), read_day(starts, "--from")
    with at_desk() as desk:
        named = edition.method.targets.selection.way is SelectionWay.NAMED
        chosen = units or ([unit.code for unit in active_units(desk.session)] if named else [])
        started = campaigns.start(desk, edition, slug, title or edition.method.title, day, chosen)
    say("cli.campaign.started", campaign=started.slug, title=started.title, day=day)
    for gap in started.unheld:
        warn("cli.campaign.unheld", role=gap.title, unit=gap.unit)


@app.add("status", "查看一次评议的进展：各阶段、各事项、眼下要办的")
def status(campaign: Campaign, as_json: AsJson = False) -> None:
    from appraisal import clock
    from appraisal.operations.overview import overview
    from pingyi.installation import at_desk

    with at_desk() as desk:
        seen = overview(desk.session, campaign, clock.now())
    if as_json:
        tell_json({**_fields(seen), "lights": {str(light): count for light, count in seen.lights.items()}})
    else:
        from pingyi.status import show

        show(seen, clock.now().date())


@app.add("list", "列出所有评议活动")
def listed(as_json: AsJson = False) -> None:
    from appraisal.notices.wording import day, phrase
    from appraisal.operations.overview import campaigns
    from pingyi.installation import at_desk

    with at_desk() as desk:
        found = campaigns(desk.session)
    if as_json:
        keys = ("slug", "title", "status", "starts_on")
        tell_json({"campaigns": [dict(zip(keys, row, strict=True)) for row in found]})
        return
    rows = [(slug, title, phrase(f"campaign.status.{status}"), day(on)) for slug, title, status, on in found]
    show_table("评议活动", ("代号", "名称", "状态", "启动日期"), rows)


def _fields(seen: object) -> dict[str, object]:
    from dataclasses import asdict

    return asdict(seen)  # type: ignore[call-overload,no-any-return]
