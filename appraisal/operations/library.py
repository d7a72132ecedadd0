"""The methods that this office keeps, and the choices that follow from what is in its record."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.lifecycle import CampaignStatus
from appraisal.domain.refusal import Refusal
from appraisal.method.load import Available, Edition, available
from appraisal.operations.office import Office
from appraisal.places import root
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.register_tables import UnitRow


@dataclass(frozen=True)
class Choices:
    """What can be chosen in a form: methods, running campaigns, units; each a name that finds the thing again."""

    methods: tuple[str, ...]
    campaigns: tuple[str, ...]
    units: tuple[str, ...]


def ladders_file() -> Path:
    """The ladders that all methods of the office share."""
    return root() / "config" / "ladders.yaml"


def shelf(office: Office) -> list[Available]:
    """Every method file of the office, the faulty ones with their faults."""
    return available(office.settings.methods, ladders_file())


def edition_of(office: Office, method: str) -> Edition:
    """The method of that key, or Refusal ``method.unknown`` with those there are."""
    editions = {found.edition.method.method: found.edition for found in shelf(office) if found.edition}
    if method not in editions:
        raise Refusal("method.unknown", method=method, known=sorted(editions))
    return editions[method]


def choices(session: Session, office: Office) -> Choices:
    """What the forms offer today."""
    editions = [found.edition for found in shelf(office) if found.edition]
    running = select(CampaignRow.slug).where(CampaignRow.status == CampaignStatus.RUNNING)
    units = select(UnitRow.name).where(UnitRow.active).order_by(UnitRow.position, UnitRow.code)
    return Choices(
        tuple(edition.method.method for edition in editions),
        tuple(session.scalars(running.order_by(CampaignRow.slug))),
        tuple(session.scalars(units)),
    )
