"""Methods that choose their units in each way, and campaigns that begin without any."""

import json
from datetime import date
from typing import Any

from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.method import load
from appraisal.method.load import Edition
from appraisal.operations import problems, selecting
from appraisal.operations.loading import campaign_by
from appraisal.operations.office import Office
from appraisal.operations.selecting import Chosen
from appraisal.operations.selection_inputs import Decision
from appraisal.store.problem_tables import SelectionRow
from tests.operations.world import Campaign, begin, edition, instant, open_phase

STARTS = "2023-08-28T10:00"
DECIDED_AT = "2023-09-08T10:00"
HALF = {"share": "1/2", "boundary": "exceed", "base": "all_members", "basis": "第四条"}


def by(way: str, **selection: Any) -> Edition:  # noqa: ANN401 - any part of the schema
    """The small method with another way of choosing; its first phase waits for the choice."""
    data = json.loads(edition().text)
    data["targets"]["selection"] = {"way": way, "basis": "第四条", **selection}
    data["phases"][0]["gate"].append({"rule": "targets_chosen", "basis": "第五条"})
    data["copies"].append({"on": "targets.chosen", "to": ["city_committee"], "basis": "第四条"})
    return load.edition(load.from_text(json.dumps(data)))


def begun(office: Office, slug: str, method: Edition, units: tuple[str, ...] = ()) -> Campaign:
    """Monday, 28 August 2023: it runs, its first two phases are open."""
    begin(office, method, slug, "2023年部门工作评议", units, instant(STARTS))
    for key in ("prepare", "rectify"):
        open_phase(office, slug, key, instant(STARTS))
    return Campaign(office, slug)


def decision(day: str = "2023-09-08", by_whom: str = "市人大常委会第三十一次会议", **given: Any) -> Decision:  # noqa: ANN401
    return Decision(date.fromisoformat(day), by_whom, **given)


def choose(campaign: Campaign, given: Decision, at: str = DECIDED_AT) -> Chosen:
    with campaign.desk("office-1", at) as desk:
        return selecting.choose(desk, campaign.slug, given)


def find_problems(campaign: Campaign, counts: dict[str, int]) -> None:
    with campaign.desk("office-1", "2023-09-01T10:00") as desk:
        for unit, count in counts.items():
            for number in range(1, count + 1):
                found = Found(FindingKind.ENTERED, f"{unit}问题{number}", "office-1")
                problems.record(desk, campaign.slug, Draft(f"{unit}问题{number}", unit), found)


def targets(campaign: Campaign) -> list[str]:
    with campaign.office.store.reading() as session:
        return [target.unit.code for target in campaign_by(session, campaign.slug).targets]


def selections(campaign: Campaign) -> list[SelectionRow]:
    with campaign.office.store.reading() as session:
        rows = session.query(SelectionRow).filter_by(campaign_id=campaign.phase("prepare").campaign_id)
        return list(rows.order_by(SelectionRow.position))


def reviewing(office: Office, slug: str, units: tuple[str, ...], *, opened: bool = True) -> Campaign:
    """The small method, whose first phase is a self-review."""
    data = json.loads(edition().text)
    data["phases"][0]["kind"] = "self_review"
    begin(office, load.edition(load.from_text(json.dumps(data))), slug, "2023年部门工作评议", units, instant(STARTS))
    if opened:
        open_phase(office, slug, "prepare", instant(STARTS))
    return Campaign(office, slug)
