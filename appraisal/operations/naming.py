"""What an event is called in Chinese, from the titles that the method gives its parts."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from appraisal.method.schema import Method
from appraisal.notices.wording import phrase

_STEPS = ("issued", "acknowledged", "submitted", "settled", "due", "decided", "recorded", "opened", "closed", "applies")

Titles = tuple[tuple[str, str], ...]


def event_title(method: Method, name: str) -> str:
    """The Chinese title of an event of the method."""
    titles = event_titles(method)
    return titles.get(name, name)


def event_titles(method: Method) -> Mapping[str, str]:
    """Every event that can happen under the method, with its Chinese title."""
    duties = [duty for phase in method.phases for duty in phase.duties]
    parts = [(f"phase.{phase.key}", phase.title) for phase in method.phases]
    parts += [(duty.key, duty.title) for duty in duties]
    parts += [(ballot.key, ballot.title) for ballot in method.ballots]
    parts += [(consequence.key, consequence.title) for consequence in method.consequences]
    raised = tuple((duty.raises, duty.title) for duty in duties if duty.raises)
    return _titles(tuple(parts), raised, tuple((event.key, event.title) for event in method.events))


@lru_cache(maxsize=32)
def _titles(parts: Titles, raised: Titles, declared: Titles) -> Mapping[str, str]:
    """Kept, for every letter and every reason asks; a method that changes has other parts."""
    built_in = {"campaign.started": "campaign_started", "result.recorded": "result_recorded"}
    built_in |= {"targets.chosen": "targets_chosen", "problem.assigned": "problem_assigned"}
    built_in |= {"problem.closed": "problem_closed", "order.given": "order_given"}
    built_in |= {"review_opinion.delivered": "review_opinion_delivered"}
    titles = {name: phrase(f"event.{code}") for name, code in built_in.items()}
    titles |= {f"{key}.{step}": phrase(f"event.{step}", what=title) for key, title in parts for step in _STEPS}
    titles |= {event: phrase("event.raised", what=title) for event, title in raised}
    return MappingProxyType(titles | dict(declared))
