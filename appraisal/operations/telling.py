"""Putting letters in the outbox, in the transaction that gives rise to them."""

from collections.abc import Iterable, Mapping

from appraisal.method.schema import Method
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


def tell(desk: Desk, campaign: CampaignRow, letters: Iterable[Letter]) -> None:
    """Post the letters; leaders' roles that take a digest get those that are not urgent bundled."""
    digest_roles = _digest_roles(method_of(campaign))
    post_all(desk.session, list(letters), desk.now, desk.office.quiet, desk.office.calendar, digest_roles)


def duty_page(obligation: ObligationRow) -> str:
    """The portal page where the duty can be done."""
    return f"/duties/{obligation.id}"


def _digest_roles(method: Method) -> frozenset[str]:
    return frozenset(role.key for role in method.roles if role.digest)
