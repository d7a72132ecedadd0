"""The steps of an intake of opinions."""

from appraisal.operations import intake_course
from tasks.step import desk, step


@step("开放意见征集")
def open_intake(campaign: str, phase: str) -> int:
    """Make the codes of the phase that are missing; how many are new."""
    with desk() as at:
        return intake_course.open_intake(at, campaign, phase)


@step("结束意见征集")
def close_intake(campaign: str, phase: str) -> int:
    """Close the codes when this was the last phase of the intake; how many were closed."""
    with desk() as at:
        return intake_course.close_intake(at, campaign, phase)
