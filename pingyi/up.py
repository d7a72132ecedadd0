"""`pingyi up`: everything an office needs, started and kept running by one command."""

from appraisal.settings import Settings
from pingyi import embedded
from pingyi.speech import say
from pingyi.watch import watch


def up(settings: Settings) -> None:
    """Returns when stopped. Refuses when another one runs on the same data, or when a port is taken."""
    children, listeners = embedded.children(settings), embedded.listeners(settings)
    watch(settings.home, children, listeners, embedded.addresses(settings), say)
