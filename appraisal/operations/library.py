"""The methods that this office keeps, and the choices that follow from what is in its record."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.lifecycle import CampaignStatus
from appraisal.domain.refusal import Refusal
from appraisal.method.ballots import Ballot
from appraisal.method.load import Available, Edition, available
from appraisal.method.schema import Method
from appraisal.method.vote_words import Recording
from appraisal.operations.events import settable
from appraisal.operations.loading import method_of
from appraisal.operations.naming import event_titles
from appraisal.operations.office import Office
from appraisal.operations.signed import waiting_petitions
from appraisal.places import root
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.register_tables import UnitRow


@dataclass(frozen=True)
class Choices:
    """What can be chosen in a form.  All but units and grades read ``key title``; ``chosen`` gives the key back.

    Ballots and grades are those whose result is entered; what the system counts is not offered.
    """

    methods: tuple[str, ...]
    campaigns: tuple[str, ...]
    units: tuple[str, ...]
    ballots: tuple[str, ...]
    grades: tuple[str, ...]
    events: tuple[str, ...]
    petitions: tuple[str, ...] = ()


def chosen(choice: str) -> str:
    """The key in front of a title."""
    return choice.split(maxsplit=1)[0] if choice.strip() else ""


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
    methods = [found.edition.method for found in shelf(office) if found.edition]
    query = select(CampaignRow).where(CampaignRow.status == CampaignStatus.RUNNING).order_by(CampaignRow.slug)
    running = list(session.scalars(query))
    ballots = [ballot for campaign in running for ballot in method_of(campaign).ballots if _is_entered(ballot)]
    units = select(UnitRow.name).where(UnitRow.active).order_by(UnitRow.position, UnitRow.code)
    return Choices(
        tuple(f"{method.method} {method.title}" for method in methods),
        tuple(f"{campaign.slug} {campaign.title}" for campaign in running),
        tuple(session.scalars(units)),
        tuple(dict.fromkeys(f"{ballot.key} {ballot.title}" for ballot in ballots)),
        tuple(dict.fromkeys(option.title for ballot in ballots for option in ballot.options)),
        tuple(dict.fromkeys(event for campaign in running for event in _events(method_of(campaign)))),
        tuple(waiting_petitions(session)),
    )


def _is_entered(ballot: Ballot) -> bool:
    return ballot.recording is Recording.ENTERED


def _events(method: Method) -> list[str]:
    titles = event_titles(method)
    return [f"{name} {titles[name]}" for name in sorted(settable(method))]
