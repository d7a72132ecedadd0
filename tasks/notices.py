"""Sending what waits in the outbox: claim, carry, settle."""

from datetime import timedelta

from appraisal import clock
from appraisal.operations.dispatch import Settled
from appraisal.operations.sending import send_waiting
from tasks.step import office, step

BATCH = 200


@step("发送消息")
def send_notices() -> Settled:
    """Send until nothing that may go out is left."""
    total = Settled(0, 0, 0)
    lease = timedelta(seconds=office().settings.lease_seconds)
    while True:
        done = send_waiting(office(), clock.now, BATCH, lease)
        if done is None:
            return total
        total = Settled(total.sent + done.sent, total.waiting + done.waiting, total.given_up + done.given_up)
