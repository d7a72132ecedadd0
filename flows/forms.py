"""What staff send off from their screen: the run ends with what was done or refused, in Chinese and no other words."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from prefect import Flow, State, flow
from prefect.states import Completed, Failed

from tasks.step import SaidNo

P = ParamSpec("P")
R = TypeVar("R")


def form(name: str, run_name: str) -> Callable[[Callable[P, R]], Flow[P, R | State[Any]]]:
    """A flow that is a form; ``run_name`` names its runs by what was filled in, its text says what was done."""

    def made(function: Callable[P, R]) -> Flow[P, R | State[Any]]:
        @wraps(function)
        def worded(*args: P.args, **kwargs: P.kwargs) -> R | State[Any]:
            try:
                done = function(*args, **kwargs)
            except SaidNo as no:
                return Failed(message=str(no))
            return Completed(message=done) if isinstance(done, str) else done

        return flow(name=name, flow_run_name=run_name)(worded)

    return made
