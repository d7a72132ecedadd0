"""The phase of kind mobilise."""

from prefect import flow

from flows.handing_on import hand_on
from flows.waiting import await_closing
from tasks.phases import issue_duties, open_phase


@flow(name="宣传发动")
def mobilise(campaign: str, phase: str) -> None:
    """宣传发动（准备动员）：开始、下达动员事项、等待审批、关闭、转入下一阶段。

    Args:
        campaign: 评议活动的名称。
        phase: 阶段的名称（办法中的 key）。
    """
    open_phase(campaign, phase)
    issue_duties(campaign, phase)
    await_closing(campaign, phase)
    hand_on(campaign)
