"""A phase that does nothing but wait for its closing; files stand for our tables and for a slow moment of theirs."""

import time
from pathlib import Path

from prefect import flow

from flows.waiting import ClosingForm, await_decision


@flow(name="评议阶段（试验）")
def phase(record: str) -> str:
    decided = Path(record)
    while not (decisions := decided.read_text(encoding="utf-8").split()) or decisions[-1] != "同意":
        round_number = len(decisions) + 1
        with await_decision(f"closing-{round_number}", f"## 第{round_number}次提请关闭", ClosingForm) as form:
            while decided.with_name("hold").exists():
                decided.with_name("held").touch()
                time.sleep(0.05)
            decided.write_text("\n".join([*decisions, form.decision]), encoding="utf-8")
    return "closed"
