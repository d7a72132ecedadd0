"""The steps of a patrol."""

from appraisal.operations import (
    noting,
    patrol,
    planning,
    questionnaire_codes,
    questionnaires,
    recurring,
    roundups,
    weekly_brief,
)
from appraisal.operations.patrol import Rounds, Standing
from tasks.step import desk, step

BATCH = 500


@step("核对工作日历")
def replan_for_calendar() -> list[str]:
    """Recompute the campaigns planned under another calendar than today's."""
    with desk() as at:
        return planning.replan_for_calendar(at)


@step("下达周期事项")
def issue_recurring() -> int:
    """Issue the period that has begun of every duty that comes back; how many are new."""
    with desk() as at:
        return recurring.issue_recurring(at)


@step("登记前一日收到的意见")
def note_received() -> int:
    """Put on the ledger what came in before today, a batch a transaction; how many opinions."""
    total = 0
    while True:
        with desk() as at:
            done = noting.note_received(at, BATCH)
        total += done
        if done < BATCH:
            return total


@step("问卷催答与截止")
def tend_questionnaires() -> tuple[int, int]:
    """Remind those who have not answered as the last day comes, close what is over; how many of each."""
    with desk() as at:
        return questionnaire_codes.remind_due(at), questionnaires.close_due(at)


@step("报送每日简报")
def send_roundups() -> int:
    """Send the brief of the working day before to those whom each campaign names; how many went out."""
    with desk() as at:
        return roundups.send_roundups(at)


@step("报送每周简报")
def send_weekly() -> int:
    """Send the weekly briefs whose hour has come; of how many campaigns."""
    with desk() as at:
        return weekly_brief.send_weekly(at)


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
