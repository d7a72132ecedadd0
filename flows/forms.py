"""What staff send off from their screen: a refusal ends the run as failed, in its Chinese words and no others."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from prefect import Flow, State, flow
from prefect.states import Failed

from tasks.step import SaidNo

P = ParamSpec("P")
R = TypeVar("R")


def form(name: str, run_name: str) -> Callable[[Callable[P, R]], Flow[P, R | State[Any]]]:
    """A flow that is a form; ``run_name`` names its runs by what was filled in."""

    def made(function: Callable[P, R]) -> Flow[P, R | State[Any]]:
        @wraps(function)
        def worded(*args: P.args, **kwargs: P.kwargs) -> R | State[Any]:
            try:
                return function(*args, **kwargs)
            except SaidNo as no:
                return Failed(message=str(no))

        return flow(name=name, flow_run_name=run_name)(worded)

    return made
