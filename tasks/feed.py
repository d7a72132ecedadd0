"""Facts for the engine's own events."""

from appraisal.operations.feed import Told, facts_after, pass_to
from tasks.step import desk, office

READER = "engine-events"


def untold_facts(limit: int) -> list[Told]:
    """The next facts that the engine has not been told."""
    with office().store.reading() as session:
        return facts_after(session, READER, limit)


def told(seq: int) -> None:
    """The engine has been told up to here."""
    with desk() as at:
        pass_to(at.session, READER, seq)
