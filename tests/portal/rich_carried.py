"""Beside the rich world: a campaign that has handed problems on, one of them taken over; and one that costs points."""

from datetime import date
from pathlib import Path

from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.operations import assigning, handing_over, patrol, problems
from appraisal.operations.office import Office
from tests.operations.closing_world import METHOD
from tests.operations.world import STARTS, Campaign, begin, edition, instant, open_phase

EARLIER, COSTLY = "rectify-2022", "pressed-2023"
PRESSING = Path(__file__).parents[1] / "operations/data/pressing.yaml"
TITLES = ("城区学位不足", "寄宿制学校供暖改造", "乡村教师周转房短缺")
AT = "2023-09-08T10:30"


def beside(office: Office, slug: str) -> None:
    cost(office)
    carry_over(office, slug)


def carry_over(office: Office, slug: str) -> None:
    """The first of three problems is taken over by the campaign, the others wait."""
    begin(office, edition(METHOD), EARLIER, "2022年教育工作评议", ("jyj", "kjj"), instant(STARTS))
    open_phase(office, EARLIER, "rectify", instant(STARTS))
    campaign = Campaign(office, EARLIER)
    for title in TITLES:
        with campaign.desk("office-1", AT) as desk:
            draft = Draft(title, "jyj", classes={"time": "long"}, due_on=date(2023, 10, 31))
            number = problems.record(desk, EARLIER, draft, Found(FindingKind.ENTERED, title, "office-1")).number
            assigning.assign(desk, EARLIER, [number])
            handing_over.hand_on(desk, EARLIER, [number], "office-1", "项目须跨年实施，已列入下一年度计划")
            if number == 1:
                handing_over.take_over(desk, slug, EARLIER)


def cost(office: Office) -> None:
    """市教育局 did not do in time what is due by Friday, 8 September."""
    begin(office, edition(PRESSING), COSTLY, "2023年整改督办", ("jyj", "kjj"), instant(STARTS))
    open_phase(office, COSTLY, "rectify", instant(STARTS))
    with office.desk("engine", instant(AT)) as desk:
        patrol.fire_due(desk)
