"""The patrol, every few minutes."""

from prefect import flow

from flows.boards import publish_overviews
from flows.deployments import deploy_if_changed
from flows.feed import emit_facts
from flows.steering import repair, start_ready
from tasks.patrol import call_for_closings, fire_due, replan_for_calendar


@flow(name="巡查")
def patrol() -> None:
    """巡查：核对日历，提醒和升级到期事项，提请审批，修复中断的流程，更新看板和选项。"""
    replan_for_calendar()
    fire_due()
    call_for_closings()
    start_ready()
    repair()
    publish_overviews()
    emit_facts()
    deploy_if_changed()
