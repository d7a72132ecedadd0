"""Putting letters in the outbox, in the transaction that gives rise to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.method.schema import Method
from appraisal.method.words import Scope
from appraisal.notices.post import Letter, post_all
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk
from appraisal.operations.seats import held_in, place_of, seat
from appraisal.store.campaign_tables import CampaignRow, ObligationRow
from appraisal.store.panel_tables import CoverageRow, PanelRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.register_tables import UnitRow


def letter(  # noqa: PLR0913 - each is a part of a letter, and the last three are named
    campaign: CampaignRow,
    template: str,
    key: str,
    roles: Iterable[str],
    page: str,
    facts: Mapping[str, object],
    *,
    owner: UnitRow | PanelRow | None = None,
    about: ProblemRow | None = None,
    urgent: bool = False,
) -> Letter:
    """A letter about a campaign; ``key`` says what it is about, so that the same letter is posted once.

    One ``about`` a problem goes to the team that watches it, where there is one, and not to every panel of its unit.
    """
    told = tuple(dict.fromkeys(roles))
    unit, panel = (owner, None) if isinstance(owner, UnitRow) else (None, owner)
    return Letter(
        template=template,
        key=f"{campaign.slug}/{template}/{key}",
        roles=told,
        unit=unit,
        campaign_id=campaign.id,
        context={"campaign": campaign.title, "unit": unit.name if unit else panel.title if panel else "", **facts},
        page=page,
        urgent=urgent,
        seats={role: seat(campaign, role, unit, panel, about) for role in told},
    )


class Titled(Protocol):
    """An obligation, as far as a letter names it."""

    @property
    def id(self) -> UUID | str: ...

    @property
    def title(self) -> str: ...


@dataclass(frozen=True)
class Heading:
    """What all letters of one kind have in common about obligations that somebody owes alike."""

    template: str
    campaign: CampaignRow
    unit: UnitRow | None
    roles: tuple[str, ...]
    doer: str
    seats: Mapping[str, UUID | None]
    context: Mapping[str, object]

    def letter(self, row: Titled, key: str, facts: Mapping[str, object], *, urgent: bool = False) -> Letter:
        """The letter about one of them; ``key`` says what it is about, so that the same letter is posted once."""
        return Letter(
            template=self.template,
            key=f"{self.campaign.slug}/{self.template}/{key}",
            roles=self.roles,
            unit=self.unit,
            campaign_id=self.campaign.id,
            context={**self.context, "duty": row.title, **facts},
            page=duty_page(row),
            urgent=urgent,
            seats=self.seats,
            owed_by=self.doer,
        )


def heading(row: ObligationRow, template: str, roles: Iterable[str]) -> Heading:
    """The heading of letters about an obligation, and others like it: whoever owes it, and where roles are asked for.

    Letters about a project go to its team.
    """
    campaign, told = row.campaign, tuple(dict.fromkeys(roles))
    doer = method_of(campaign).duty(row.key).role
    seats = dict(place_of(row, role) for role in (*told, doer))
    context = {"campaign": campaign.title, "unit": row.owner, "owner": held_in(row, doer)}
    return Heading(template, campaign, row.unit, told, doer, seats, context)


def duty_letter(
    row: ObligationRow,
    template: str,
    key: str,
    roles: Iterable[str],
    facts: Mapping[str, object],
    *,
    urgent: bool = False,
) -> Letter:
    """A letter about an obligation: it leads to its page, names whoever owes it, and goes to the team of a project."""
    return heading(row, template, roles).letter(row, key, facts, urgent=urgent)


def tell(desk: Desk, campaign: CampaignRow, letters: Iterable[Letter], *, bundled: bool = True) -> None:
    """Post the letters; roles that take a digest get those that are not urgent bundled.

    What asks a leader to act is not ``bundled``: it waits for waking hours, not for tomorrow's digest.
    """
    digest_roles = _digest_roles(method_of(campaign)) if bundled else frozenset()
    post_all(desk.session, list(letters), desk.now, desk.office.quiet, desk.office.calendar, digest_roles)


def announce(
    desk: Desk, campaign: CampaignRow, template: str, key: str, roles: Sequence[str], facts: Mapping[str, object]
) -> None:
    """Tell roles of the body once, roles of the units in every unit, and roles of the panels in every panel."""
    method, page = method_of(campaign), f"/campaigns/{campaign.slug}"
    told = {scope: [role for role in roles if method.role(role).scope is scope] for scope in Scope}
    letters = [letter(campaign, template, f"{key}/", told[Scope.BODY], page, facts)]
    letters += [
        letter(campaign, template, f"{key}/{target.unit.code}", told[Scope.UNIT], page, facts, owner=target.unit)
        for target in campaign.targets
    ]
    letters += [
        letter(campaign, template, f"{key}/{panel.id}", told[Scope.PANEL], page, facts, owner=panel)
        for panel in panels_of(desk.session, campaign)
    ]
    tell(desk, campaign, [each for each in letters if each.roles])


def panels_of(session: Session, campaign: CampaignRow) -> Sequence[PanelRow]:
    """The panels of a campaign that work, in their order."""
    query = select(PanelRow).where(PanelRow.campaign_id == campaign.id, PanelRow.active)
    return session.scalars(query.order_by(PanelRow.position, PanelRow.key)).all()


def panels_over_units(session: Session, campaign: CampaignRow) -> Mapping[UUID, Sequence[PanelRow]]:
    """By unit, the panels of a campaign that work and cover it, in their order."""
    query = select(CoverageRow.unit_id, PanelRow).join(PanelRow, PanelRow.id == CoverageRow.panel_id)
    mine = query.where(PanelRow.campaign_id == campaign.id, PanelRow.active).order_by(PanelRow.position, PanelRow.key)
    found: dict[UUID, list[PanelRow]] = {}
    for unit_id, panel in session.execute(mine):
        found.setdefault(unit_id, []).append(panel)
    return found


def duty_page(obligation: Titled) -> str:
    """The portal page where the duty can be done."""
    return f"/duties/{obligation.id}"


def _digest_roles(method: Method) -> frozenset[str]:
    return frozenset(role.key for role in method.roles if role.digest)
