"""The phase of kind investigate."""

from prefect import flow

from flows.boards import publish_inquiry
from flows.catalogue import Key, Slug
from flows.handing_on import hand_on
from flows.waiting import await_closing
from tasks.intake import close_intake, open_intake
from tasks.phases import issue_duties, open_phase


@flow(name="集中调研")
def investigate(campaign: Slug, phase: Key) -> None:
    """集中调研：下达调研事项，开放意见征集，量化指标达到、问题分类完毕后经审批关闭，汇总公布，转入下一阶段。

    Args:
        campaign: 由系统自动填写。
        phase: 由系统自动填写。
    """
    open_phase(campaign, phase)
    issue_duties(campaign, phase)
    open_intake(campaign, phase)
    await_closing(campaign, phase)
    close_intake(campaign, phase)
    publish_inquiry(campaign)
    hand_on(campaign)
