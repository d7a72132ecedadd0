"""The phase of kind mobilise."""

from prefect import flow

from flows.catalogue import Key, Slug
from flows.handing_on import hand_on
from flows.waiting import await_closing
from tasks.intake import close_intake, open_intake
from tasks.phases import issue_duties, open_phase


@flow(name="宣传发动")
def mobilise(campaign: Slug, phase: Key) -> None:
    """宣传发动（准备动员）：开始、下达动员事项、等待审批、关闭、转入下一阶段。

    Args:
        campaign: 由系统自动填写。
        phase: 由系统自动填写。
    """
    open_phase(campaign, phase)
    issue_duties(campaign, phase)
    open_intake(campaign, phase)
    await_closing(campaign, phase)
    close_intake(campaign, phase)
    hand_on(campaign)
