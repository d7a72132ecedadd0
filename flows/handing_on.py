"""What follows when a phase has closed: the next one begins, the boards and the events say so."""

from flows.boards import publish_overview
from flows.feed import emit_facts
from flows.steering import start_ready


def hand_on(campaign: str) -> None:
    """Start what is ready, then show it."""
    start_ready(campaign)
    publish_overview(campaign)
    emit_facts()
