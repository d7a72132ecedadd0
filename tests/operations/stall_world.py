"""A campaign on the way to stalling: what the boards say of it, and the patrol that goes on around it."""

from pathlib import Path

from appraisal.method import load
from appraisal.method.load import Edition
from appraisal.method.schema import Method
from appraisal.operations import weekly_brief
from appraisal.operations.forecast import Coming, if_nobody_acts
from appraisal.operations.stalls import StallLine, StallsSought, stalled
from tests.operations.world import SMALL, Campaign, edition, instant


def stalls(campaign: Campaign, at: str, *, unit: str = "", panel: str = "", leader: str = "") -> list[StallLine]:
    sought = StallsSought(campaign.slug, unit, panel, leader)
    with campaign.office.store.reading() as session:
        return stalled(session, campaign.office, instant(at), sought)


def forecast(campaign: Campaign, at: str, days: int = 14) -> list[tuple[str, str, str, str, tuple[str, ...]]]:
    """Day, kind, owner, what (with what a rung does), and who is told."""
    with campaign.office.store.reading() as session:
        found = if_nobody_acts(session, campaign.office, instant(at), campaign.slug, days)
    return [_plain(each) for _, one in found for each in one]


def _plain(each: Coming) -> tuple[str, str, str, str, tuple[str, ...]]:
    return str(each.on), each.kind, each.owner, f"{each.what} {each.act}".strip(), each.told


def weekly_edition(on: str, *roles: str, path: Path = SMALL) -> Edition:
    """A method that has a weekly brief."""
    plain = edition(path).method.model_dump(mode="json", exclude_none=True)
    weekly = {"on": on, "to": list(roles), "basis": "第九条"}
    return load.edition(Method.model_validate({**plain, "weekly": weekly}))


def send_weekly(campaign: Campaign, at: str) -> int:
    with campaign.office.desk("engine", instant(at)) as desk:
        return weekly_brief.send_weekly(desk)
