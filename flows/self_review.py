"""The phase of kind self_review."""

from prefect import flow

from flows.catalogue import Key, Slug
from flows.handing_on import hand_on
from flows.waiting import await_closing
from tasks.phases import issue_duties, open_phase


@flow(name="自查自纠")
def self_review(campaign: Slug, phase: Key) -> None:
    """自查自纠：各单位对照评议内容自查，提交自查材料，经审批后转入下一阶段。

    Args:
        campaign: 由系统自动填写。
        phase: 由系统自动填写。
    """
    open_phase(campaign, phase)
    issue_duties(campaign, phase)
    await_closing(campaign, phase)
    hand_on(campaign)
