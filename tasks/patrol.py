"""The steps of a patrol."""

from appraisal.operations import patrol, planning
from appraisal.operations.patrol import Rounds, Standing
from tasks.step import desk, step

BATCH = 500


@step("核对工作日历")
def replan_for_calendar() -> list[str]:
    """Recompute the campaigns planned under another calendar than today's."""
    with desk() as at:
        return planning.replan_for_calendar(at)


@step("提醒与升级")
def fire_due() -> Rounds:
    """Fire every rung that is due, a batch a transaction, until nothing is due any more."""
    total = Rounds(0, 0, 0, 0)
    while True:
        with desk() as at:
            done = patrol.fire_due(at, BATCH)
        total = total.plus(done)
        if done.looked_at < BATCH:
            return total


@step("提请审批")
def call_for_closings() -> int:
    """Ask the approvers of every phase that is ready or whose last day has come."""
    with desk() as at:
        return patrol.call_for_closings(at)


@step("查看进行中的阶段")
def standings() -> list[Standing]:
    """Every open phase with the round it waits in."""
    with desk() as at:
        return patrol.standings(at)
