"""Starting the phase flows again from our tables, after the engine's own database was lost."""

from flows.deployments import deploy
from flows.steering import repair, start_ready


def recover() -> int:
    """Register everything anew and give every open phase a run; how many were started or woken."""
    deploy()
    return start_ready() + repair()
