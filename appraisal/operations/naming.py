"""What an event is called in Chinese, from the titles that the method gives its parts."""

from appraisal.method.schema import Method
from appraisal.notices.wording import phrase

_STEPS = ("issued", "acknowledged", "submitted", "settled", "decided", "recorded", "opened", "closed")


def event_title(method: Method, name: str) -> str:
    """The Chinese title of an event of the method."""
    titles = event_titles(method)
    return titles.get(name, name)


def event_titles(method: Method) -> dict[str, str]:
    """Every event that can happen under the method, with its Chinese title."""
    titles = {"campaign.started": phrase("event.campaign_started"), "result.recorded": phrase("event.result_recorded")}
    parts = [(f"phase.{phase.key}", phase.title) for phase in method.phases]
    parts += [(duty.key, duty.title) for phase in method.phases for duty in phase.duties]
    parts += [(ballot.key, ballot.title) for ballot in method.ballots]
    titles |= {f"{key}.{step}": phrase(f"event.{step}", what=title) for key, title in parts for step in _STEPS}
    titles |= {
        duty.raises: phrase("event.raised", what=duty.title)
        for phase in method.phases
        for duty in phase.duties
        if duty.raises
    }
    return titles | {event.key: event.title for event in method.events}
