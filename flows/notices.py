"""Sending what waits in the outbox, every few minutes."""

from prefect import flow

from tasks.notices import send_notices


@flow(name="发送消息", flow_run_name="发送消息")
def notices() -> None:
    """发送消息：认领待发消息，经各渠道发给本人，登记送达情况；暂时发不出的稍后再发。"""
    send_notices()
