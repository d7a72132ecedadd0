"""What every room of the portal shares."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from threading import Lock
from typing import cast

from starlette.requests import Request

from appraisal.operations.intake_forms import IntakeForms
from appraisal.operations.intake_guard import IntakeGuard, read_rules
from appraisal.operations.office import Office
from portal.pages import Pages

logger = logging.getLogger(__name__)

Wake = Callable[[str, str], None]


def ignore(campaign: str, phase: str) -> None:
    """Nobody is waiting to be woken."""


@dataclass(frozen=True)
class House:
    """The office behind the portal, its pages, whom to wake after a decision, and what it knows of printed codes."""

    office: Office
    pages: Pages
    wake: Wake
    guard: IntakeGuard = field(default_factory=lambda: IntakeGuard(read_rules()))
    forms: IntakeForms = field(default_factory=IntakeForms)
    queue: AbstractContextManager[bool] = field(default_factory=Lock)

    @property
    def is_secure(self) -> bool:
        """Whether people reach the portal by https."""
        return self.office.settings.portal.startswith("https://")

    def nudge(self, campaign: str, phase: str) -> None:
        """Wake the engine after the commit; the patrol does it later should this fail."""
        try:
            self.wake(campaign, phase)
        except Exception as error:  # The decision stands, whatever becomes of the nudge.
            logger.warning("the engine was not woken for %s/%s: %s", campaign, phase, type(error).__name__)


def house_of(request: Request) -> House:
    return cast("House", request.app.state.house)
