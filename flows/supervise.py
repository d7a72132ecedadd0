"""The phase of kind supervise."""

from prefect import flow

from flows.catalogue import Key, Slug
from flows.handing_on import hand_on
from flows.waiting import await_closing
from tasks.intake import close_intake, open_intake
from tasks.phases import issue_duties, open_phase


@flow(name="实施监督")
def supervise(campaign: Slug, phase: Key) -> None:
    """实施监督：票决选定的项目逐件交办，代表小组一个项目一个小组监督实施，经审批转入成效评议。

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
