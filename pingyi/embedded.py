"""The children of the embedded mode: Prefect's server, the registering of the deployments, the worker, the portal."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from appraisal.notices.wording import phrase
from appraisal.places import root
from appraisal.settings import Settings
from flows.pool import POOL
from pingyi.children import Child
from pingyi.processes import MARK
from pingyi.watch import Listener

LOOPBACK = "127.0.0.1"

RUNS_KEPT = 30 * 24 * 3600

QUIET: Mapping[str, str] = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_CLI_PROMPT": "false",
    "PREFECT_LOGGING_COLORS": "false",
}
TIDY: Mapping[str, str] = {
    # The patrol makes thousands of runs a month. What has no end, a suspended phase, is never vacuumed.
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(RUNS_KEPT),
    "PREFECT_WORKER_QUERY_SECONDS": "2",
}


def children(settings: Settings) -> list[Child]:
    own = [] if settings.prefect_api_url else [_server(settings)]
    # A server run elsewhere has other workers, whose runs are not dead because we start.
    alone = ("--restarted",) if own else ()
    deploy = _child(settings, "deploy", "-m", "pingyi", "deploy", *alone, once=True)
    return [*own, deploy, _worker(settings), _portal(settings)]


def listeners(settings: Settings) -> list[Listener]:
    own = [] if settings.prefect_api_url else [Listener(LOOPBACK, settings.prefect_port, "prefect_port")]
    return [*own, Listener(settings.portal_host, settings.portal_port, "portal_port")]


def addresses(settings: Settings) -> list[str]:
    engine = settings.prefect_api.removesuffix("/api")
    places = {"engine": engine, "boards": f"{engine}/artifacts", "portal": settings.portal}
    return [phrase(f"up.place.{name}", url=url) for name, url in places.items()]


def environment(settings: Settings, inherited: Mapping[str, str] = os.environ) -> dict[str, str]:
    """No proxy between our own processes, our interpreter first on the path, and the mark that finds what is left."""
    python = str(Path(sys.executable).parent)
    return {
        **inherited,
        **QUIET,
        **TIDY,
        **_password(settings),
        **_plain(settings.prefect_api),
        MARK: str(settings.home),
        "PINGYI_HOME": str(settings.home),
        "PREFECT_HOME": str(settings.home / "prefect"),
        "PREFECT_API_URL": settings.prefect_api,
        "PATH": os.pathsep.join([python, inherited.get("PATH", os.defpath)]),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(root()), inherited.get("PYTHONPATH")])),
        "NO_PROXY": ",".join(filter(None, [LOOPBACK, "localhost", inherited.get("NO_PROXY")])),
        "PYTHONUNBUFFERED": "1",
    }


def _plain(api: str) -> dict[str, str]:
    """Without TLS there is nothing to verify, and reading the authorities costs each client a tenth of a second."""
    return {"PREFECT_API_TLS_INSECURE_SKIP_VERIFY": "true"} if api.startswith("http://") else {}


def _password(settings: Settings) -> dict[str, str]:
    if settings.prefect_auth is None:
        return {}
    secret = settings.prefect_auth.get_secret_value()
    return {"PREFECT_SERVER_API_AUTH_STRING": secret, "PREFECT_API_AUTH_STRING": secret}


def _server(settings: Settings) -> Child:
    command = ("-m", "prefect", "server", "start", "--host", LOOPBACK, "--port", str(settings.prefect_port))
    return _child(settings, "server", *command, health=f"{settings.prefect_api}/health")


def _worker(settings: Settings) -> Child:
    command = ("-m", "prefect", "worker", "start", "--pool", POOL, "--type", "process", "--name", "pingyi")
    return _child(settings, "worker", *command)


def _portal(settings: Settings) -> Child:
    host = LOOPBACK if settings.portal_host in ("0.0.0.0", "::") else settings.portal_host  # noqa: S104 - compared only
    health = f"http://{host}:{settings.portal_port}/health"
    return _child(settings, "portal", "-m", "pingyi", "portal", health=health)


def _child(settings: Settings, name: str, *command: str, health: str | None = None, once: bool = False) -> Child:
    title = phrase(f"up.title.{name}")
    return Child(name, title, (sys.executable, *command), environment(settings), health, once)
