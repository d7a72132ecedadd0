"""Talking to Prefect's API: phase runs are started, found, answered and given up. No deadline lives here."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound, PrefectHTTPStatusError
from prefect.states import Cancelled, Completed, Scheduled

from flows.pool import POOL

PAGE = 200
FORM, SCHEMA, RESPONSE = "suspended-", "-schema", "-response"


class Progress(StrEnum):
    DUE = "due"
    MOVING = "moving"
    WAITING = "waiting"
    ENDED = "ended"


PROGRESS: Mapping[StateType, Progress] = {
    StateType.SCHEDULED: Progress.DUE,
    StateType.PENDING: Progress.MOVING,
    StateType.RUNNING: Progress.MOVING,
    StateType.CANCELLING: Progress.MOVING,
    StateType.PAUSED: Progress.WAITING,
}


@dataclass(frozen=True)
class PhaseRun:
    """`still_for` is how long the run has stood in its state by the engine's own clock: ours may have been moved."""

    id: UUID
    name: str
    progress: Progress
    state: str
    still_for: timedelta
    waiting_key: str | None

    def is_dead(self, patience: timedelta) -> bool:
        """A phase run moves for seconds. A process that was killed leaves its run Pending or Running for ever."""
        return self.progress is Progress.MOVING and self.still_for > patience

    @property
    def broke_off(self) -> bool:
        """Whether it ended by an error or with its process: what it was answered may still be unread."""
        return self.state in ("Crashed", "Failed")


@dataclass(frozen=True)
class WaitingForm:
    """A run of the office that waits: what it was started with, and the key of the form that it shows."""

    id: UUID
    parameters: Mapping[str, Any]
    key: str


@dataclass(frozen=True)
class Resumption:
    accepted: bool
    reason: str | None = None


def ensure_pool() -> None:
    with get_client(sync_client=True) as client, suppress(ObjectAlreadyExists):
        client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))


def start_phase_run(
    deployment: str, parameters: Mapping[str, object], tags: Iterable[str], idempotency_key: str, run_name: str
) -> UUID:
    """The same key gives the same run, though it has ended since: number the key anew to start another.

    `deployment` is "flow name/deployment name"; LookupError if it is not registered.
    """
    with get_client(sync_client=True) as client:
        try:
            found = client.read_deployment_by_name(deployment)
        except ObjectNotFound as error:
            raise LookupError(f"deployment {deployment} is not registered") from error
        run = client.create_flow_run_from_deployment(
            found.id, parameters=dict(parameters), tags=tags, idempotency_key=idempotency_key, name=run_name
        )
        return run.id


def phase_runs(tag: str) -> list[PhaseRun]:
    """Newest first, ended ones too."""
    with get_client(sync_client=True) as client:
        found = _runs(client, FlowRunFilter(tags=FlowRunFilterTags(all_=[tag])))
        now = parsedate_to_datetime(client.request("GET", "/health").headers["date"])
    return [_phase_run(run, now) for run in found]


def moving(flow: str) -> list[UUID]:
    """The runs of a flow that have begun and have not ended."""
    those = [state for state, progress in PROGRESS.items() if progress is Progress.MOVING]
    return [run.id for run in _runs_in(flow, those)]


def waiting_forms(flow: str) -> list[WaitingForm]:
    """The runs of a flow that wait for somebody to fill in their form."""
    found = _runs_in(flow, [StateType.PAUSED])
    keyed = [(run, run.state.state_details.pause_key) for run in found if run.state]
    return [WaitingForm(run.id, run.parameters, key) for run, key in keyed if key]


def asked(run_id: UUID) -> list[str]:
    """The keys of all forms that a run has shown."""
    with get_client(sync_client=True) as client:
        return [key.removeprefix(FORM).removesuffix(SCHEMA) for key in _stored(client, run_id, SCHEMA)]


def resume(run_id: UUID, answer: Mapping[str, object]) -> Resumption:
    """Not accepted when the run does not wait, waits for another form, or is not known.

    A run that waits but was killed before its form was stored never accepts: give it up and start another.
    """
    with get_client(sync_client=True) as client:
        if not _exists(client, run_id):
            return Resumption(accepted=False, reason="no such run")
        result = client.resume_flow_run(run_id, run_input=dict(answer))
    reason = getattr(result.details, "reason", None)
    return Resumption(accepted=result.status.value == "ACCEPT", reason=reason)


def run_again(run_id: UUID) -> None:
    """Have a dead or crashed run done once more from the top. What was answered to it is still there for it to read."""
    with get_client(sync_client=True) as client:
        if _exists(client, run_id):
            client.set_flow_run_state(run_id, Scheduled(), force=True)


def give_up(run_id: UUID, why: str) -> None:
    """End a dead run, whatever its state, and take what was answered to it out of the engine."""
    _end(run_id, Cancelled(message=why))


def finish(run_id: UUID, how: str) -> None:
    """End a run that waits as done, with the words that its page shows, and take what was answered to it out."""
    _end(run_id, Completed(message=how))


def forget_answers(run_id: UUID) -> None:
    """Delete everything that was answered to a run."""
    with get_client(sync_client=True) as client:
        for key in _stored(client, run_id, RESPONSE):
            _forget(client, run_id, key)


def _end(run_id: UUID, state: State[Any]) -> None:
    with get_client(sync_client=True) as client:
        if not _exists(client, run_id):
            return
        client.set_flow_run_state(run_id, state, force=True)
    forget_answers(run_id)


def forget_input(run_id: UUID, key: str) -> None:
    """Delete what was answered under the key: it may carry somebody's personal code."""
    with get_client(sync_client=True) as client:
        _forget(client, run_id, f"{FORM}{key}{RESPONSE}")


def _stored(client: SyncPrefectClient, run_id: UUID, ending: str) -> list[str]:
    found = client.filter_flow_run_input(run_id, key_prefix=FORM, limit=PAGE, exclude_keys=set())
    return [stored.key for stored in found if stored.key.endswith(ending)]


def _runs_in(flow: str, states: list[StateType]) -> list[FlowRun]:
    having = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=states)))
    with get_client(sync_client=True) as client:
        return _runs(client, having, FlowFilter(name=FlowFilterName(any_=[flow])))


def _runs(client: SyncPrefectClient, having: FlowRunFilter, of: FlowFilter | None = None) -> list[FlowRun]:
    """All pages, the newest first."""
    found: list[FlowRun] = []
    order = FlowRunSort.EXPECTED_START_TIME_DESC
    while page := client.read_flow_runs(
        flow_filter=of, flow_run_filter=having, sort=order, limit=PAGE, offset=len(found)
    ):
        found += page
        if len(page) < PAGE:
            break
    return found


def _forget(client: SyncPrefectClient, run_id: UUID, key: str) -> None:
    try:
        client.delete_flow_run_input(run_id, key)
    except PrefectHTTPStatusError as error:
        if error.response.status_code != 404:
            raise


def _exists(client: SyncPrefectClient, run_id: UUID) -> bool:
    """Prefect answers a resume of an unknown run with an internal error."""
    try:
        client.read_flow_run(run_id)
    except ObjectNotFound:
        return False
    return True


def _phase_run(run: FlowRun, now: datetime) -> PhaseRun:
    state = run.state
    if state is None:
        return PhaseRun(run.id, run.name, Progress.DUE, "", timedelta(0), None)
    progress = PROGRESS.get(state.type, Progress.ENDED)
    key = state.state_details.pause_key if progress is Progress.WAITING else None
    return PhaseRun(run.id, run.name, progress, state.name or "", max(now - state.timestamp, timedelta(0)), key)
