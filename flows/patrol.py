"""The patrol, every few minutes."""

from prefect import flow

from flows.boards import publish_boards
from flows.deployments import deploy_if_changed
from flows.feed import emit_facts
from flows.signing import end_overtaken
from flows.steering import repair, start_ready
from tasks.patrol import (
    call_for_closings,
    fire_due,
    issue_recurring,
    note_received,
    replan_for_calendar,
    send_roundups,
    send_weekly,
    tend_questionnaires,
)


@flow(name="巡查", flow_run_name="巡查")
def patrol() -> None:
    """巡查：核对日历，登记前一日意见，下达周期事项，提醒和升级到期事项，问卷催答，报送每日和每周简报，提请审批，修复中断的流程，了结已在别处办理的表单，更新看板和选项。"""
    replan_for_calendar()
    note_received()
    issue_recurring()
    fire_due()
    tend_questionnaires()
    send_roundups()
    send_weekly()
    call_for_closings()
    start_ready()
    repair()
    end_overtaken()
    publish_boards()
    emit_facts()
    deploy_if_changed()
