"""The phase of kind evaluate."""

from prefect import flow

from flows.catalogue import Key, Slug
from flows.handing_on import hand_on
from flows.waiting import await_closing
from tasks.intake import close_intake, open_intake
from tasks.phases import issue_duties, open_phase


@flow(name="成效评议")
def evaluate(campaign: Slug, phase: Key) -> None:
    """成效评议：核定办结件数，未办结的逐件说明，全体代表满意度测评，形成评议报告；测评在门户的会议页面进行。

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
