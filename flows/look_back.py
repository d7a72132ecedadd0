"""The phase of kind look_back."""

from prefect import flow

from flows.catalogue import Key, Slug
from flows.handing_on import hand_on
from flows.waiting import await_closing
from tasks.intake import close_intake, open_intake
from tasks.phases import issue_duties, open_phase


@flow(name="回头看")
def look_back(campaign: Slug, phase: Key) -> None:
    """回头看：跟踪检查整改成效，防止反弹；问题逐条核查属实，经审批后评议结束。

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
