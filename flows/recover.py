"""Bringing the engine back in step with our tables: after a restart, or after its own database was lost."""

from datetime import timedelta

from flows.deployments import deploy
from flows.steering import repair, start_ready


def recover(*, nothing_runs: bool = False) -> int:
    """Register everything anew and give every open phase a run; how many were started or woken.

    With ``nothing_runs`` (no worker is up yet) whatever still counts as running is dead, and starts again at once.
    """
    deploy()
    patience = timedelta(0) if nothing_runs else None
    return start_ready(patience=patience) + repair(patience)
