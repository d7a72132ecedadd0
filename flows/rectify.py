"""The phase of kind rectify."""

from prefect import flow

from flows.handing_on import hand_on
from flows.waiting import await_closing
from tasks.phases import issue_duties, open_phase


@flow(name="整改落实")
def rectify(campaign: str, phase: str) -> None:
    """整改落实：意见签收、整改计划、整改报告、再测评；整改不到位、评议不收场。

    Args:
        campaign: 评议活动的名称。
        phase: 阶段的名称（办法中的 key）。
    """
    open_phase(campaign, phase)
    issue_duties(campaign, phase)
    await_closing(campaign, phase)
    hand_on(campaign)
