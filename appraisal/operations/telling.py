"""Putting letters in the outbox, in the transaction that gives rise to them."""

from collections.abc import Iterable, Mapping

from appraisal.method.schema import Method
from appraisal.method.words import Scope
from appraisal.notices.post import Letter, post_all
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk
from appraisal.store.campaign_tables import CampaignRow, ObligationRow
from appraisal.store.register_tables import UnitRow


def letter(
    campaign: CampaignRow,
    template: str,
    key: str,
    roles: Iterable[str],
    page: str,
    facts: Mapping[str, object],
    *,
    unit: UnitRow | None = None,
    urgent: bool = False,
) -> Letter:
    """A letter about a campaign; ``key`` says what it is about, so that the same letter is posted once."""
    return Letter(
        template=template,
        key=f"{campaign.slug}/{template}/{key}",
        roles=tuple(dict.fromkeys(roles)),
        unit_id=unit.id if unit else None,
        campaign_id=campaign.id,
        context={"campaign": campaign.title, "unit": unit.name if unit else "", **facts},
        page=page,
        urgent=urgent,
    )


def tell(desk: Desk, campaign: CampaignRow, letters: Iterable[Letter], *, bundled: bool = True) -> None:
    """Post the letters; roles that take a digest get those that are not urgent bundled.

    What asks a leader to act is not ``bundled``: it waits for waking hours, not for tomorrow's digest.
    """
    digest_roles = _digest_roles(method_of(campaign)) if bundled else frozenset()
    post_all(desk.session, list(letters), desk.now, desk.office.quiet, desk.office.calendar, digest_roles)


def announce(
    desk: Desk, campaign: CampaignRow, template: str, key: str, roles: Iterable[str], facts: Mapping[str, object]
) -> None:
    """Tell roles of the body once, and roles of the units in every unit."""
    method = method_of(campaign)
    told = list(roles)
    in_units = [role for role in told if method.role(role).scope is Scope.UNIT]
    page = f"/campaigns/{campaign.slug}"
    places: list[tuple[UnitRow | None, list[str]]] = [(None, [role for role in told if role not in in_units])]
    places += [(target.unit, in_units) for target in campaign.targets]
    letters = [
        letter(campaign, template, f"{key}/{unit.code if unit else ''}", here, page, facts, unit=unit)
        for unit, here in places
        if here
    ]
    tell(desk, campaign, letters)


def duty_page(obligation: ObligationRow) -> str:
    """The portal page where the duty can be done."""
    return f"/duties/{obligation.id}"


def _digest_roles(method: Method) -> frozenset[str]:
    return frozenset(role.key for role in method.roles if role.digest)
