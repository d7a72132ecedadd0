"""The phase of kind self_review."""

from prefect import flow

from flows.boards import publish_comparison
from flows.catalogue import Key, Slug
from flows.handing_on import hand_on
from flows.waiting import await_closing
from tasks.intake import close_intake, open_intake
from tasks.phases import issue_duties, open_phase


@flow(name="自查自纠")
def self_review(campaign: Slug, phase: Key) -> None:
    """自查自纠：各单位对照评议内容自查，提交自查材料，列出自查问题，经审批关闭后与他查的问题比对，转入下一阶段。

    Args:
        campaign: 由系统自动填写。
        phase: 由系统自动填写。
    """
    open_phase(campaign, phase)
    issue_duties(campaign, phase)
    open_intake(campaign, phase)
    await_closing(campaign, phase)
    close_intake(campaign, phase)
    publish_comparison(campaign)
    hand_on(campaign)
