"""Bringing the engine back in step with our tables: after a restart, or after its own database was lost."""

from datetime import timedelta

from appraisal.notices.wording import phrase
from flows import engine
from flows.catalogue import CLOCKWORK
from flows.deployments import deploy
from flows.steering import repair, start_ready


def recover(*, nothing_runs: bool = False) -> int:
    """Register everything anew and give every open phase a run; how many were started or woken.

    With ``nothing_runs`` (no worker is up yet) whatever still counts as running is dead, and starts again at once.
    """
    deploy()
    if nothing_runs:
        free_the_clockwork()
    patience = timedelta(0) if nothing_runs else None
    return start_ready(patience=patience) + repair(patience)


def free_the_clockwork() -> int:
    """End the runs by the clock whose process is gone; how many there were.

    What runs by the clock never overlaps itself: while a dead run counts as running, the engine lets no other begin.
    """
    dead = [run for entry in CLOCKWORK for run in engine.moving(entry.flow)]
    for run in dead:
        engine.give_up(run, phrase("engine.broken_off"))
    return len(dead)
