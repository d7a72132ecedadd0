"""Starting a campaign from the staff's screen."""

from datetime import date
from typing import Annotated

from pydantic import Field

from flows.boards import publish_overview
from flows.deployments import deploy_if_changed
from flows.forms import form
from flows.steering import start_ready
from tasks import entries


@form("启动评议活动", "启动评议活动：{name}")
def start_campaign(
    method: Annotated[str, Field(title="评议办法")],
    name: Annotated[str, Field(title="活动代号", pattern=r"^[a-z][a-z0-9-]{1,39}$")],
    starts_on: Annotated[date, Field(title="启动日期")],
    units: Annotated[tuple[str, ...], Field(title="被评议单位")] = (),
    title: Annotated[str, Field(title="活动标题")] = "",
) -> None:
    """选定办法，启动一次评议活动；办法规定事先点名的，同时选定被评议单位。

    启动后各阶段的日期立即排出，到了启动日期，第一阶段自动开始。同样的内容重复提交不会重复启动。

    Args:
        method: 从 config/methods 中已通过检查的办法里选择。
        name: 小写字母、数字和短横，用在网址和台账中，例如 lanxi-2023；启动后不能更改。
        starts_on: 第一阶段从这一天开始。
        units: 从登记册的单位里选择，可以选多个；办法规定启动之后再确定评议对象的，不填。
        title: 不填则用办法的标题。
    """
    started = entries.start_campaign(method, name, title, starts_on, units)
    start_ready(started.slug)
    publish_overview(started.slug)
    deploy_if_changed()
