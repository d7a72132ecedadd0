"""The phase of kind self_review."""

from prefect import flow

from flows.handing_on import hand_on
from flows.waiting import await_closing
from tasks.phases import issue_duties, open_phase


@flow(name="自查自纠")
def self_review(campaign: str, phase: str) -> None:
    """自查自纠：各单位对照评议内容自查，提交自查材料，经审批后转入下一阶段。

    Args:
        campaign: 评议活动的名称。
        phase: 阶段的名称（办法中的 key）。
    """
    open_phase(campaign, phase)
    issue_duties(campaign, phase)
    await_closing(campaign, phase)
    hand_on(campaign)
