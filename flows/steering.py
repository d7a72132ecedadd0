"""Keeping the engine in step with the record: every open phase has one live run, and none waits for what is decided."""

from datetime import timedelta

from appraisal.operations.patrol import Standing
from appraisal.settings import settings
from flows import engine
from flows.catalogue import phase_deployment
from flows.engine import PhaseRun, Progress
from tasks.patrol import standings
from tasks.phases import ready_to_open

NUDGE = {"决定": "不同意", "审批码": "", "意见": ""}
"""An answer without a code decides nothing; it only wakes the flow, which then reads our tables."""


def start_ready(campaign: str | None = None, patience: timedelta | None = None) -> int:
    """Start a run for every phase whose day has come, unless one goes on; how many were started."""
    return sum(_start(phase.campaign, phase.key, phase.kind, _allowed(patience)) for phase in ready_to_open(campaign))


def repair(patience: timedelta | None = None) -> int:
    """Replace runs that are gone, wake those that wait for what is decided; how many needed it.

    A run that has been moving for longer than ``patience`` (a setting, unless given) is taken for dead.
    """
    return sum(_mend(standing, _allowed(patience)) for standing in standings())


def wake(campaign: str, phase: str) -> None:
    """Wake the run of one phase, if it waits: a decision has been made elsewhere."""
    for run in engine.phase_runs(tag(campaign, phase)):
        if run.progress is Progress.WAITING:
            engine.resume(run.id, NUDGE)


def tag(campaign: str, phase: str) -> str:
    """The tag by which the runs of a phase are found."""
    return f"phase:{campaign}:{phase}"


def _allowed(patience: timedelta | None) -> timedelta:
    return timedelta(seconds=settings().patience_seconds) if patience is None else patience


def _mend(standing: Standing, patience: timedelta) -> bool:
    live = _live(standing.campaign, standing.key, patience)
    if not live:
        return _start(standing.campaign, standing.key, standing.kind, patience)
    run = live[0]
    behind = run.waiting_key != f"closing-{standing.round}"
    if run.progress is not Progress.WAITING or not (standing.moves or behind):
        return False
    if not engine.resume(run.id, NUDGE).accepted:
        engine.give_up(run.id, "waited for a form that was never stored")
        return _start(standing.campaign, standing.key, standing.kind, patience)
    return True


def _start(campaign: str, key: str, kind: str, patience: timedelta) -> bool:
    """Start a run unless one goes on; two who start at once give the engine the same key, and it one run."""
    if _live(campaign, key, patience):
        return False
    number = len(engine.phase_runs(tag(campaign, key))) + 1
    engine.start_phase_run(
        phase_deployment(kind),
        {"campaign": campaign, "phase": key},
        [tag(campaign, key), f"campaign:{campaign}"],
        f"{tag(campaign, key)}/{number}",
        f"{campaign}·{key}·{number}",
    )
    return True


def _live(campaign: str, key: str, patience: timedelta) -> list[PhaseRun]:
    """The runs of a phase that go on.  One that broke off, or whose process died in the middle, starts again from
    the top as the same run: an answer that was given to it and not yet recorded is still there."""
    runs = engine.phase_runs(tag(campaign, key))
    alive = [run for run in runs if run.progress is not Progress.ENDED]
    broken = [run for run in alive if run.is_dead(patience)] or [run for run in runs[:1] if run.broke_off and not alive]
    for run in broken:
        engine.run_again(run.id)
    return alive or broken
