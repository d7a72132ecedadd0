"""The steps of a phase."""

from appraisal.operations import closings, phases
from appraisal.operations.closings import Closing
from appraisal.operations.phases import PhaseView
from tasks.step import desk, step


@step("打开阶段")
def open_phase(campaign: str, phase: str) -> PhaseView:
    """Open the phase, or find it open."""
    with desk() as at:
        return phases.open_phase(at, campaign, phase)


@step("下达事项")
def issue_duties(campaign: str, phase: str) -> int:
    """Give every holder of a duty an obligation; how many are new."""
    with desk() as at:
        return phases.issue_duties(at, campaign, phase)


@step("提请关闭")
def ask_closing(campaign: str, phase: str) -> Closing:
    """The standing request to close the phase, or a new round of it."""
    with desk() as at:
        return closings.ask(at, campaign, phase)


@step("依规定关闭")
def decide_by_rule(campaign: str, phase: str) -> Closing:
    """Grant the closing of a phase that needs nobody's consent and may close."""
    with desk() as at:
        return closings.decide_by_rule(at, campaign, phase)


@step("关闭阶段")
def close_phase(campaign: str, phase: str) -> PhaseView:
    """Close the phase if its approval stands; else it stays open and its approval is void."""
    with desk() as at:
        return phases.close_phase(at, campaign, phase)


@step("查找可以开始的阶段")
def ready_to_open(campaign: str | None = None) -> list[PhaseView]:
    """The planned phases whose day has come."""
    with desk() as at:
        return phases.ready_to_open(at, campaign)
