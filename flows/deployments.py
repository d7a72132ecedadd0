"""Registering with the engine what staff can start, with drop-downs of what there is to choose."""

from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module
from typing import Any, get_type_hints

from prefect import Flow
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.objects import ConcurrencyLimitStrategy, ConcurrencyOptions
from prefect.client.schemas.schedules import IntervalSchedule
from prefect.exceptions import ObjectNotFound
from prefect.utilities.callables import parameter_schema
from pydantic.fields import FieldInfo

from appraisal.domain.digest import digest
from appraisal.notices.wording import phrase
from appraisal.operations.library import Choices
from appraisal.settings import settings
from flows.catalogue import ALL, STAFF, Entry
from flows.engine import ensure_pool
from flows.pool import JOB, POOL
from tasks.choices import choices_now


def deploy() -> None:
    """Register every deployment; the second time changes nothing but what has changed."""
    ensure_pool()
    offered = choices_now()
    with get_client(sync_client=True) as client:
        for entry in ALL:
            _register(client, entry, offered)


def deploy_if_changed() -> bool:
    """Register again when methods, campaigns or units have changed since the last time."""
    offered = choices_now()
    with get_client(sync_client=True) as client:
        try:
            standing = client.read_deployment_by_name(ALL[-1].deployment)
        except ObjectNotFound:
            standing = None
    if standing is not None and standing.version == _version(offered):
        return False
    deploy()
    return True


def _register(client: SyncPrefectClient, entry: Entry, offered: Choices) -> None:
    target = _flow(entry)
    client.create_deployment(
        flow_id=client.create_flow_from_name(target.name),
        name=entry.title,
        version=_version(offered),
        description=entry.about,
        tags=list(entry.tags),
        entrypoint=entry.entrypoint,
        work_pool_name=POOL,
        job_variables=dict(JOB),
        parameter_openapi_schema=_schema(target, offered if entry in STAFF else None),
        enforce_parameter_schema=True,
        **_timing(entry),
    )


def _flow(entry: Entry) -> Flow[..., Any]:
    module, _, name = entry.entrypoint.rpartition(".")
    found = getattr(import_module(module), name)
    if not isinstance(found, Flow):
        raise TypeError(f"{entry.entrypoint} is no flow")
    return found


def _version(offered: Choices) -> str:
    return digest(offered)[:12]


def _schema(target: Flow[..., Any], offered: Choices | None) -> dict[str, Any]:
    """The form of a flow: Chinese titles, and for staff drop-downs of what there is to choose today."""
    schema = parameter_schema(target).model_dump_for_openapi()
    for field in schema["properties"].values():
        if field.get("default", ...) is None:
            del field["default"]
    for name, hint in get_type_hints(target.fn, include_extras=True).items():
        titles = [
            info.title for info in getattr(hint, "__metadata__", ()) if isinstance(info, FieldInfo) and info.title
        ]
        if titles and name in schema["properties"]:
            schema["properties"][name]["title"] = titles[0]
    if offered is not None:
        for part in (schema, *schema.get("definitions", {}).values()):
            _offer(part, offered)
    return schema


def _offer(part: dict[str, Any], offered: Choices) -> None:
    lists: Mapping[str, tuple[str, ...]] = {
        "method": offered.methods,
        "campaign": offered.campaigns,
        "unit": offered.units,
        "units": offered.units,
        "ballot": offered.ballots,
        "grade": offered.grades,
        "option": offered.grades,
        "event": offered.events,
        "petition": offered.petitions,
    }
    for name, field in part.get("properties", {}).items():
        if name in lists and not lists[name]:
            field["description"] = f"{field.get('description', '')}{phrase('form.nothing_to_choose')}"
        values = lists.get(name, ())
        if values and field.get("type") == "array":
            field["items"]["enum"] = list(values)
        elif values and name in part.get("required", []):
            field["enum"] = list(values)
        elif values:
            field["enum"] = ["", *values]


def _timing(entry: Entry) -> dict[str, Any]:
    """What runs by the clock never overlaps itself."""
    if entry.every_minutes is None:
        return {"schedules": []}
    minutes: int = getattr(settings(), entry.every_minutes)
    schedule = DeploymentScheduleCreate(schedule=IntervalSchedule(interval=timedelta(minutes=minutes)), active=True)
    options = ConcurrencyOptions(collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    return {"schedules": [schedule], "concurrency_limit": 1, "concurrency_options": options}
