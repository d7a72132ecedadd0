"""The opinions on the units of the rich world: two delivered, one of them in its second version; one to be approved."""

from appraisal.domain.review_opinion import ProblemText
from appraisal.operations import review_opinions
from tests.operations.world import Campaign
from tests.portal.rich_words import DUE

PRAISED = (
    "主动服务企业，办事大厅实行午间不打烊，群众满意度逐年提高。",
    "政策宣讲覆盖全部乡镇，热线接通率居全市前列。",
)
OPINED = (
    ProblemText(
        "审批环节偏多，校外培训许可涉及三个科室，企业反映多头跑、反复补正，平均办结时间超过承诺时限九个工作日。",
        "实行一窗受理、一次告知，年内将平均办结时间压缩到五个工作日以内。",
        DUE,
        None,
    ),
    ProblemText(
        "惠企政策兑现不及时，普惠补助拖欠半年，企业多次来访没有得到明确答复。",
        "拨付到位，建立兑现台账并每月公布进度。",
        DUE,
    ),
)


def opine(campaign: Campaign) -> None:
    slug = campaign.slug
    with campaign.desk("office-1", "2023-09-07T12:30") as desk:
        review_opinions.draft(desk, slug, "jyj", PRAISED, OPINED[:1])
        drafted = [review_opinions.draft(desk, slug, unit, PRAISED, OPINED) for unit in ("jyj", "kjj")]
        review_opinions.put_up(desk, slug, [row.id for row in drafted])
        third = review_opinions.draft(desk, slug, "wjj", PRAISED, OPINED)
        review_opinions.put_up(desk, slug, [third.id])
    for row in drafted:
        with campaign.desk("director", "2023-09-07T13:00") as desk:
            review_opinions.approve(desk, row.id, campaign.person("director"), row.digest)
    with campaign.desk("office-1", "2023-09-07T13:30") as desk:
        review_opinions.deliver_all(desk, slug)
