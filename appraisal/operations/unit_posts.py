"""Who answers for a unit in a campaign: whoever does its duties, or is told of them, by a role held in the unit."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from appraisal.method.schema import Method
from appraisal.method.sequence import OF_UNITS
from appraisal.method.words import Scope
from appraisal.notices.recipients import Place, holders_of
from appraisal.operations.desks import holds
from appraisal.operations.loading import method_of
from appraisal.operations.units import active_units
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.register_tables import PersonRow, UnitRow


def answering_roles(method: Method) -> tuple[str, ...]:
    """The roles of a unit that do what it owes or are told of it; every role of units where it owes nothing."""
    of_unit = [role.key for role in method.roles if role.scope is Scope.UNIT]
    named = set(_named(method))
    return tuple(role for role in of_unit if role in named) or tuple(of_unit)


def answers_for(session: Session, campaign: CampaignRow, person: PersonRow, unit: UnitRow, on: date) -> bool:
    """Whether the person holds such a role in the unit that day, or stands in for somebody who does."""
    return holds(session, person, [(role, unit.id) for role in answering_roles(method_of(campaign))], on)


def own_units(session: Session, campaign: CampaignRow, person: PersonRow, on: date) -> list[UnitRow]:
    """The units that the person answers for: of those appraised or, while none is chosen, of the whole register."""
    units = [target.unit for target in campaign.targets] or active_units(session)
    roles = answering_roles(method_of(campaign))
    places: list[Place] = [(role, unit.id) for unit in units for role in roles]
    held = holders_of(session, places, on)
    mine = {seat for (_, seat), found in held.items() if any(each.person.id == person.id for each in found)}
    return [unit for unit in units if unit.id in mine]


def _named(method: Method) -> Iterator[str]:
    for phase in method.phases:
        for duty in phase.duties:
            if duty.owed_by in OF_UNITS:
                yield duty.role
                yield from duty.tell
