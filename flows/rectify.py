"""The phase of kind rectify."""

from prefect import flow

from flows.catalogue import Key, Slug
from flows.handing_on import hand_on
from flows.waiting import await_closing
from tasks.intake import close_intake, open_intake
from tasks.phases import issue_duties, open_phase


@flow(name="整改落实")
def rectify(campaign: Slug, phase: Key) -> None:
    """整改落实：交办签收、整改进展、核查销号、再测评；整改不到位、评议不收场。

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
