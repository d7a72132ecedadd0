"""What all tasks share: the office of this process, the clock, and when to try again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task, exponential_backoff

from appraisal import clock
from appraisal.domain.refusal import Refusal
from appraisal.notices.wording import phrase
from appraisal.operations.office import Desk, Office
from appraisal.settings import settings

P = ParamSpec("P")
R = TypeVar("R")
ENGINE = "engine"


@cache
def office() -> Office:
    """The office that this process works for."""
    return Office(settings())


@contextmanager
def desk(actor: str = ENGINE) -> Iterator[Desk]:
    """One transaction at the present instant."""
    with office().desk(actor, clock.now()) as opened:
        yield opened


class SaidNo(Exception):  # noqa: N818 - a refusal in the words that staff read on their screen.
    """The Chinese sentence of a refusal."""


def step(name: str) -> Callable[[Callable[P, R]], Task[P, R]]:
    """A task that calls one operation.  A crash is tried again with growing pauses; a refusal is an answer."""
    made = task(
        name=name,
        retries=4,
        retry_delay_seconds=exponential_backoff(backoff_factor=2),
        retry_condition_fn=_is_no_refusal,
        cache_policy=NO_CACHE,
        persist_result=False,
    )
    return lambda function: made(_in_words(function))


def in_words(act: Callable[[], object]) -> str:
    """Do it; "" when it is done, else the Chinese sentence that refuses it."""
    try:
        act()
    except Refusal as refusal:
        return phrase(refusal.code, **refusal.facts)
    return ""


def answered_in_words(ask: Callable[[], str]) -> str:
    """What it answers, or the Chinese sentence that refuses to."""
    try:
        return ask()
    except Refusal as refusal:
        return phrase(refusal.code, **refusal.facts)


def _in_words(function: Callable[P, R]) -> Callable[P, R]:
    @wraps(function)
    def worded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except Refusal as refusal:
            raise SaidNo(phrase(refusal.code, **refusal.facts)) from None

    return worded


def _is_no_refusal(_: Task[..., Any], __: TaskRun, failed: State[Any]) -> bool:
    return not isinstance(failed.data, SaidNo)
