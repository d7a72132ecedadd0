"""The rungs that an obligation still has before it, if nobody acts."""

from dataclasses import dataclass
from datetime import datetime

from appraisal.domain.ladder import climb
from appraisal.method.schema import Method
from appraisal.operations.ladders import last_of, reached, rungs_of
from appraisal.operations.office import Office
from appraisal.store.campaign_tables import ObligationRow


@dataclass(frozen=True)
class RungAhead:
    """A rung still to fire: when it is or was reached, what it does, and the roles it tells, by their titles."""

    at: datetime
    act: str
    told: tuple[str, ...]


def rungs_ahead(method: Method, row: ObligationRow, office: Office, now: datetime) -> list[RungAhead]:
    """In their order; of those that were missed the highest alone, for the next patrol fires no other.

    What waits for something that has not happened is no rung ahead.
    """
    rungs, instants, last = rungs_of(method, row.key), reached(method, row, office), last_of(method, row)
    missed = climb(instants, last, now)
    first = missed.fire if missed else last + 1
    return [
        RungAhead(at, rung.act, titles(method, rung.tell))
        for rung, at in list(zip(rungs, instants, strict=True))[first:]
        if at is not None
    ]


def titles(method: Method, roles: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """The roles as the method calls them."""
    return tuple(dict.fromkeys(method.role(role).title for role in roles))
