"""The engine's screen as the office uses it: forms sent off, waiting runs answered, boards read."""

from uuid import UUID

from prefect.artifacts import Artifact
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun

from flows import engine
from tests.eventually import eventually
from tests.stories.installation import NO_FORM_YET, PATIENCE


def begun(form: str, **fields: object) -> UUID:
    """A form of the office sent off, as staff do from the UI."""
    return deployed(f"{form}/办公室：{form}", fields)


def deployed(name: str, parameters: dict[str, object]) -> UUID:
    with get_client(sync_client=True) as client:
        found = client.read_deployment_by_name(name)
        return client.create_flow_run_from_deployment(found.id, parameters=parameters).id


def ended(run: UUID) -> FlowRun:
    with get_client(sync_client=True) as client:

        def over() -> FlowRun | None:
            seen = client.read_flow_run(run)
            return seen if seen.state and seen.state.is_final() else None

        found = eventually(over, PATIENCE)
    assert found is not None
    return found


def answer(run: UUID, given: dict[str, str], time: int = 1) -> None:
    """Fill in the form that the run waits with for the how-manieth time."""

    def taken() -> bool:
        if not _waits(run, time):
            return False
        resumed = engine.resume(run, given)
        assert resumed.accepted or resumed.reason == NO_FORM_YET, resumed
        return resumed.accepted

    assert eventually(taken, PATIENCE), given.keys()


def shown(run: UUID) -> None:
    """Wait until the run waits with its form."""
    assert eventually(lambda: _waits(run, 1) and bool(engine.asked(run)), PATIENCE), run


def ended_as(run: UUID) -> tuple[str, str]:
    """The name of the state in which the run ended, and its words."""
    state = ended(run).state
    assert state is not None
    return state.name or "", state.message or ""


def _waits(run: UUID, time: int) -> bool:
    with get_client(sync_client=True) as client:
        state = client.read_flow_run(run).state
    key = state.state_details.pause_key if state else None
    return bool(key and key.endswith(f"-{time}"))


def done(form: str, **fields: object) -> str:
    """Send the form off; what it says it has done."""
    name, words = ended_as(begun(form, **fields))
    assert name == "Completed", words
    return words


def refused_in_words(form: str, words: str, **fields: object) -> None:
    run = ended(begun(form, **fields))
    assert run.state is not None
    message = run.state.message or ""
    assert (run.state_name, words in message, "SaidNo" in message) == ("Failed", True, False), run.state


def version_of(key: str) -> object:
    """Another one each time the artifact is written anew."""
    return getattr(Artifact.get(key), "id", None)


def standing(key: str) -> str:
    return str(getattr(Artifact.get(key), "data", ""))


def is_running(run: UUID) -> bool:
    with get_client(sync_client=True) as client:
        state = client.read_flow_run(run).state
    return state is not None and state.name in ("Running", "Completed")
