"""What the forms offer."""

from appraisal.operations.library import Choices, choices
from tasks.step import office


def choices_now() -> Choices:
    """Methods, running campaigns and units, as of now."""
    with office().store.reading() as session:
        return choices(session, office())
