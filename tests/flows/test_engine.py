from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas import OrchestrationResult
from prefect.client.schemas.objects import ConcurrencyLimitStrategy, ConcurrencyOptions, State, StateType
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import PrefectHTTPStatusError
from prefect.states import Pending, Running
from prefect.types.entrypoint import EntrypointType

from flows.engine import (
    PhaseRun,
    Progress,
    Resumption,
    ensure_pool,
    forget_input,
    give_up,
    phase_runs,
    resume,
    run_again,
    start_phase_run,
)
from flows.pool import JOB, POOL
from flows.recover import free_the_clockwork
from tests.engine import Engine
from tests.eventually import eventually
from tests.flows.waiting_phase import phase

pytestmark = [pytest.mark.engine, pytest.mark.slow]

DEPLOYMENT = "评议阶段（试验）/阶段"
YES = {"决定": "同意", "审批码": "CODE-2718", "意见": "同意关闭"}
NO = {"决定": "不同意", "审批码": "CODE-3141"}


@pytest.fixture(scope="module")
def registered(engine: Engine) -> Engine:
    for _ in range(2):
        ensure_pool()
        deployment = phase.to_deployment(
            name="阶段", work_pool_name=POOL, job_variables=dict(JOB), entrypoint_type=EntrypointType.MODULE_PATH
        )
        assert isinstance(deployment, RunnerDeployment)
        deployment.apply()
    return engine


@pytest.fixture
def start(registered: Engine, tmp_path: Path) -> Callable[..., UUID]:
    record = tmp_path / "record"
    record.write_text("", encoding="utf-8")

    def start(tag: str, attempt: int = 1) -> UUID:
        parameters = {"record": str(record)}
        return start_phase_run(DEPLOYMENT, parameters, [tag], f"{tag}/{attempt}", "甲局评议·整改阶段")

    return start


def only(tag: str) -> PhaseRun:
    (run,) = phase_runs(tag)
    return run


def waits_for(tag: str, key: str) -> bool:
    """Suspended, and its form stored: a run that is killed in between takes no answer."""
    return eventually(lambda: only(tag).waiting_key == key and bool(stored(only(tag).id, f"{key}-schema")), 90)


def seen_dead(tag: str) -> bool:
    return only(tag).is_dead(timedelta(seconds=1))


def answers(run_id: UUID) -> list[str]:
    return stored(run_id, "-response")


def stored(run_id: UUID, ending: str) -> list[str]:
    with get_client(sync_client=True) as client:
        found = client.filter_flow_run_input(run_id, key_prefix="", limit=100, exclude_keys=set())
    return [each.key for each in found if each.key.endswith(ending)]


def force(run_id: UUID, state: StateType) -> None:
    with get_client(sync_client=True) as client:
        given: State[None] = Pending() if state is StateType.PENDING else Running()
        client.set_flow_run_state(run_id, given, force=True)


def test_suspended_phase_survives_a_killed_worker_and_closes_after_a_refusal(
    start: Callable[..., UUID], registered: Engine, tmp_path: Path
) -> None:
    registered.start("worker")
    run_id = start("phase:survives")
    assert waits_for("phase:survives", "closing-1")
    registered.kill("worker")

    assert not resume(run_id, {"决定": "或许", "审批码": "x"}).accepted
    assert resume(run_id, NO) == Resumption(accepted=True)
    assert resume(run_id, NO) == Resumption(accepted=False, reason="Cannot resume a flow run that is not paused.")
    assert only("phase:survives").progress is Progress.DUE

    registered.start("worker")
    assert waits_for("phase:survives", "closing-2")
    assert answers(run_id) == []
    assert resume(run_id, YES).accepted
    assert eventually(lambda: only("phase:survives").state == "Completed", 90)
    assert (tmp_path / "record").read_text(encoding="utf-8").split() == ["不同意", "同意"]
    assert answers(run_id) == []
    registered.kill("worker")


def test_run_killed_before_its_decision_is_recorded_reads_the_answer_again(
    start: Callable[..., UUID], registered: Engine, tmp_path: Path
) -> None:
    hold, held = tmp_path / "hold", tmp_path / "held"
    hold.touch()
    registered.start("worker")
    run_id = start("phase:held")
    assert waits_for("phase:held", "closing-1")
    assert resume(run_id, YES).accepted
    assert eventually(held.exists, 60)
    registered.kill("worker")
    assert only("phase:held").progress is Progress.MOVING

    hold.unlink()
    for _ in range(2):
        run_again(run_id)
    registered.start("worker")
    assert eventually(lambda: only("phase:held").state == "Completed", 60)
    assert (tmp_path / "record").read_text(encoding="utf-8") == "同意"
    assert answers(run_id) == []
    registered.kill("worker")


def test_run_of_a_killed_worker_stays_running_until_it_is_seen_dead_and_given_up(start: Callable[..., UUID]) -> None:
    for state in (StateType.PENDING, StateType.RUNNING):
        tag = f"phase:{state.value}"
        run_id = start(tag)
        force(run_id, state)
        assert only(tag).progress is Progress.MOVING
        assert not only(tag).is_dead(timedelta(minutes=5))
        assert eventually(partial(seen_dead, tag))
        for _ in range(2):
            give_up(run_id, "本次运行已中断，由巡查重新启动")
        assert (only(tag).progress, only(tag).state) == (Progress.ENDED, "Cancelled")


@pytest.mark.parametrize("state", [StateType.PENDING, StateType.RUNNING])
def test_patrol_that_died_with_its_installation_lets_the_next_one_begin(registered: Engine, state: StateType) -> None:
    with get_client(sync_client=True) as client:
        flow_id = client.create_flow_from_name("巡查")
        options = ConcurrencyOptions(collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
        patrol = client.create_deployment(flow_id, name="自动：巡查", concurrency_limit=1, concurrency_options=options)

        def begun() -> str:
            run = client.create_flow_run_from_deployment(patrol)
            began: OrchestrationResult[Any] = client.set_flow_run_state(run.id, Pending())
            if state is StateType.RUNNING and began.status.value == "ACCEPT":
                began = client.set_flow_run_state(run.id, Running())
            return began.state.type if began.state else ""

        assert (begun(), begun()) == (state, StateType.CANCELLED)
        assert free_the_clockwork() == 1
        assert begun() == state
        assert free_the_clockwork() == 1


def test_run_that_waits_for_its_worker_is_never_dead(start: Callable[..., UUID]) -> None:
    run_id = start("phase:due")
    assert not only("phase:due").is_dead(timedelta(0))
    give_up(run_id, "试验结束")


def test_started_run_is_the_same_for_the_same_key_even_after_it_was_given_up(start: Callable[..., UUID]) -> None:
    first = start("phase:same")
    assert start("phase:same") == first
    give_up(first, "试验")
    assert start("phase:same") == first
    assert start("phase:same", attempt=2) != first
    assert [run.progress for run in phase_runs("phase:same")] == [Progress.DUE, Progress.ENDED]


def test_runs_are_found_by_their_own_tag_alone(start: Callable[..., UUID]) -> None:
    run_id = start("phase:甲-1")
    start("phase:甲-10")
    assert [run.id for run in phase_runs("phase:甲-1")] == [run_id]
    assert phase_runs("phase:乙") == []


def test_unregistered_deployment_is_named(registered: Engine) -> None:
    with pytest.raises(LookupError, match="评议/无此部署 is not registered"):
        start_phase_run("评议/无此部署", {}, [], "key", "无")


def test_unknown_run_is_neither_resumed_nor_given_up(registered: Engine) -> None:
    assert resume(uuid4(), YES) == Resumption(accepted=False, reason="no such run")
    give_up(uuid4(), "试验")
    forget_input(uuid4(), "closing-1")


def test_answer_is_forgotten_twice_without_complaint(start: Callable[..., UUID]) -> None:
    run_id = start("phase:forget")
    with get_client(sync_client=True) as client:
        client.create_flow_run_input(run_id, "suspended-closing-1-response", '{"code": "CODE-2718"}')
        for _ in range(2):
            forget_input(run_id, "closing-1")
        with pytest.raises(PrefectHTTPStatusError, match="404"):
            client.read_flow_run_input(run_id, "suspended-closing-1-response")


def test_given_up_run_keeps_no_answer(start: Callable[..., UUID]) -> None:
    run_id = start("phase:keeps-none")
    with get_client(sync_client=True) as client:
        for key in ("closing-1", "closing-2"):
            client.create_flow_run_input(run_id, f"suspended-{key}-response", '{"code": "CODE-2718"}')
    give_up(run_id, "试验")
    assert answers(run_id) == []
