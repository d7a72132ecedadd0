"""Intake points (评议码、代表码): printed codes for the campaign, a unit, a panel or a deputy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from appraisal.domain.facts import Action
from appraisal.domain.refusal import Refusal
from appraisal.keys import ALPHABET, Keyring
from appraisal.method.investigation import Intake
from appraisal.method.words import PointScope
from appraisal.notices.wording import phrase
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.office import Desk
from appraisal.operations.units import active_units
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.opinion_tables import PointRow
from appraisal.store.panel_tables import PanelRow
from appraisal.store.register_tables import PersonRow, PostRow, UnitRow

DEPUTY = "deputy"
"""The role whose holders have codes and opinions of their own."""
TOKEN_LENGTH = 10


@dataclass(frozen=True)
class Place:
    """Where a point stands: what it is called there, and the one thing it stands for, if any."""

    scope: PointScope
    key: str
    name: str
    unit: UnitRow | None = None
    panel: PanelRow | None = None
    person: PersonRow | None = None


def intake_of(campaign: CampaignRow) -> Intake:
    """The rules of intake of the campaign's method, or Refusal ``intake.none``."""
    intake = method_of(campaign).intake
    if intake is None:
        raise Refusal("intake.none", campaign=campaign.title)
    return intake


def make_points(desk: Desk, slug: str) -> list[PointRow]:
    """A point wherever the method wants one and there has never been one; those that are new.

    Refusal ``intake.none`` where the method takes no opinions.
    """
    campaign = campaign_by(desk.session, slug)
    scopes = intake_of(campaign).points
    known = {_subject(row) for row in points(desk.session, campaign)}
    wanted = [place for scope in scopes for place in _places(desk, campaign, scope)]
    return [_make(desk, campaign, place, 1) for place in wanted if _key(place) not in known]


def close_point(desk: Desk, slug: str, identifier: UUID) -> PointRow:
    """Take in nothing more by this code; what came in stays.  Closing twice is closing."""
    campaign = campaign_by(desk.session, slug)
    row = point_by(desk.session, campaign, identifier)
    if row.active:
        row.active = False
        desk.record(slug, f"point:{row.id}", Action.POINT_CLOSED)
    return row


def renew_point(desk: Desk, slug: str, identifier: UUID) -> PointRow:
    """Close a code and print another in its stead; of one that was renewed already, the newest."""
    campaign = campaign_by(desk.session, slug)
    old = point_by(desk.session, campaign, identifier)
    number = sum(_subject(row) == _subject(old) for row in points(desk.session, campaign))
    newest = identity("point", slug, *_subject(old), number)
    if newest != old.id:
        return point_by(desk.session, campaign, newest)
    close_point(desk, slug, identifier)
    place = Place(PointScope(old.scope), _subject(old)[1], "", old.unit, old.panel, old.person)
    return _make(desk, campaign, place, number + 1, old.title)


def points(session: Session, campaign: CampaignRow) -> Sequence[PointRow]:
    """Every point of a campaign, those of one place from the oldest to the newest."""
    query = select(PointRow).where(PointRow.campaign_id == campaign.id)
    found = session.scalars(query.order_by(PointRow.made_at, PointRow.title, PointRow.id)).all()
    order = list(PointScope)
    return sorted(found, key=lambda row: (order.index(PointScope(row.scope)), row.unit.position if row.unit else 0))


def point_by(session: Session, campaign: CampaignRow, identifier: UUID) -> PointRow:
    """The point of that campaign, or Refusal ``point.unknown``."""
    row = session.get(PointRow, identifier)
    if row is None or row.campaign_id != campaign.id:
        raise Refusal("point.unknown")
    return row


def point_address(portal: str, point: PointRow) -> str:
    """What the printed code says; ``portal`` is the address people reach the portal by."""
    return f"{portal}/o/{point.token}"


def letters(stamp: str, count: int) -> str:
    """The first letters of a stamp in an alphabet without look-alikes; five bits each."""
    number = int(stamp, 16) >> (4 * len(stamp) - 5 * count)
    return "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (count - 1), -1, -5))


def _make(desk: Desk, campaign: CampaignRow, place: Place, number: int, title: str = "") -> PointRow:
    row = PointRow(
        id=identity("point", campaign.slug, *_key(place), number),
        campaign_id=campaign.id,
        scope=str(place.scope),
        unit=place.unit,
        panel=place.panel,
        person=place.person,
        token=_token(desk.office.keyring, campaign.slug, *_key(place), number),
        title=title or phrase(f"intake.point.{place.scope}", name=place.name),
        active=True,
        made_at=desk.now,
    )
    desk.session.add(row)
    desk.record(campaign.slug, f"point:{row.id}", Action.POINT_MADE, scope=row.scope, of=place.key, number=number)
    return row


def _token(keyring: Keyring, *about: object) -> str:
    return letters(keyring.stamp("point", *about), TOKEN_LENGTH).lower()


def _key(place: Place) -> tuple[str, str]:
    return str(place.scope), place.key


def _subject(row: PointRow) -> tuple[str, str]:
    stands_for = row.unit.code if row.unit else row.panel.key if row.panel else row.person.code if row.person else ""
    return row.scope, stands_for


def _places(desk: Desk, campaign: CampaignRow, scope: PointScope) -> Iterator[Place]:
    match scope:
        case PointScope.CAMPAIGN:
            yield Place(scope, "", campaign.title)
        case PointScope.UNIT:
            yield from (Place(scope, unit.code, unit.name, unit=unit) for unit in candidates(desk.session, campaign))
        case PointScope.PANEL:
            yield from (Place(scope, row.key, row.title, panel=row) for row in _panels(desk.session, campaign))
        case PointScope.DEPUTY:
            yield from (Place(scope, row.code, row.name, person=row) for row in _deputies(desk))


def candidates(session: Session, campaign: CampaignRow) -> list[UnitRow]:
    """The units that somebody may speak about: those appraised or, until they are chosen, all there are."""
    return [target.unit for target in campaign.targets] or active_units(session)


def _panels(session: Session, campaign: CampaignRow) -> Sequence[PanelRow]:
    query = select(PanelRow).where(PanelRow.campaign_id == campaign.id, PanelRow.active)
    return session.scalars(query.order_by(PanelRow.position)).all()


def _deputies(desk: Desk) -> Sequence[PersonRow]:
    today = desk.now.date()
    query = (
        select(PersonRow)
        .join(PostRow, PostRow.person_id == PersonRow.id)
        .where(PostRow.role == DEPUTY, PersonRow.active)
        .where(or_(PostRow.since.is_(None), PostRow.since <= today))
        .where(or_(PostRow.until.is_(None), PostRow.until >= today))
        .distinct()
        .order_by(PersonRow.code)
    )
    return desk.session.scalars(query).all()
