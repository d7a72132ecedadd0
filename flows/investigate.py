"""The phase of kind investigate."""

from prefect import flow

from flows.catalogue import Key, Slug
from flows.handing_on import hand_on
from flows.waiting import await_closing
from tasks.phases import issue_duties, open_phase


@flow(name="集中调研")
def investigate(campaign: Slug, phase: Key) -> None:
    """集中调研：下达调研事项，情况汇总后经审批转入下一阶段。

    Args:
        campaign: 由系统自动填写。
        phase: 由系统自动填写。
    """
    open_phase(campaign, phase)
    issue_duties(campaign, phase)
    await_closing(campaign, phase)
    hand_on(campaign)
