"""Rectification in the rich world: letters, tracks, a unit that holds up another, two hands, and what went up."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from appraisal.domain.measures import Measure, Milestone
from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.method.words import Manner, OrderKind
from appraisal.operations import (
    assigning,
    closing_out,
    duties,
    measures,
    objections,
    orders,
    panels,
    patrol,
    problems,
    progress_reports,
    recurring,
    reopening,
)
from appraisal.operations.letters import letters_of
from appraisal.operations.loading import campaign_by
from appraisal.operations.office import Office
from appraisal.operations.orders import Order
from appraisal.operations.panels import PanelDraft
from appraisal.operations.verdicts import Verified
from appraisal.places import root
from appraisal.store.campaign_tables import ObligationRow
from tests.operations.world import Campaign, begin, edition, instant, open_phase

RECTIFY = "rectify-2023"
METHOD = root() / "tests/portal/data/rectifying.yaml"
BEGUN, ASSIGNED = "2023-06-01T09:00", "2023-06-02T10:00"
LEADER = "fgj-handler"
LISTED = (
    Draft("校车超员", "jyj", "三辆校车超载", "全部达标", {"time": "limit"}, ["kjj"], due_on=date(2023, 8, 31)),
    Draft("窗口不公示收费标准", "jyj", "", "当场公示", {"time": "now"}, due_on=date(2023, 6, 16)),
    Draft("教师编制不足", "jyj", "缺编八十六名", "三年补齐", {"time": "long"}, due_on=date(2024, 12, 31)),
    Draft("科技项目验收周期过长", "kjj", "平均四个月", "两个月", {"time": "limit"}, due_on=date(2023, 8, 31)),
    Draft("校舍消防设施老旧", "jyj", "四所学校", "全部更换", {"time": "limit"}, due_on=date(2023, 9, 30)),
    Draft("医疗机构投诉无人回复", "wjj", "热线转办后无回音", "限时回复", {"time": "limit"}, due_on=date(2023, 9, 15)),
)


def rectify_all(office: Office) -> None:
    """As it stands on Friday, 8 September 2023."""
    campaign = Campaign(office, RECTIFY)
    begin(office, edition(METHOD), RECTIFY, "2023年教育科技卫生工作评议整改", ("jyj", "kjj", "wjj"), instant(BEGUN))
    drawn = PanelDraft("g1", "第一评议组", members=[(LEADER, "panel_head", "组长")], units=["jyj", "kjj", "wjj"])
    with campaign.desk("office-1", BEGUN) as desk:
        panels.set_panel(desk, RECTIFY, drawn)
    for key in ("rectify", "look_back"):
        open_phase(office, RECTIFY, key, instant(BEGUN))
        campaign.ask(key, BEGUN)
    _assign(campaign, LISTED, ASSIGNED)
    _report(campaign)
    _close(campaign, 2, "2023-06-14", "jyj")
    for day in ("2023-06-02", "2023-07-03", "2023-08-02", "2023-08-22", "2023-08-29", "2023-09-01"):
        _watch(office, f"{day}T10:30")
    _in_part(campaign)
    _press(campaign)
    _watch(office, "2023-09-08T10:30")


def owed(office: Office, key: str, number: int) -> UUID:
    """What is owed under a duty for a problem; of what comes back, what was issued last."""
    with office.store.reading() as session:
        about = problems.problem_by(session, RECTIFY, number).id
        query = select(ObligationRow.id).where(ObligationRow.key == key, ObligationRow.problem_id == about)
        return session.scalars(query.order_by(ObligationRow.issued_at.desc()).limit(1)).one()


def problem(office: Office, number: int) -> UUID:
    with office.store.reading() as session:
        return problems.problem_by(session, RECTIFY, number).id


def last_letter(office: Office, unit: str) -> UUID:
    with office.store.reading() as session:
        sent = letters_of(session, campaign_by(session, RECTIFY))
        return [letter.id for letter in sent if letter.unit.code == unit][-1]


def _assign(campaign: Campaign, drafts: tuple[Draft, ...], at: str) -> None:
    with campaign.desk("office-1", at) as desk:
        found = [Found(FindingKind.ENTERED, draft.title, "office-1") for draft in drafts]
        rows = [problems.record(desk, RECTIFY, *each) for each in zip(drafts, found, strict=True)]
        assigning.assign(desk, RECTIFY, [row.number for row in rows])


def _report(campaign: Campaign) -> None:
    """Measures and progress of 市教育局."""
    by = campaign.by("jyj-handler")
    steps = (
        Milestone("完成排查", date(2023, 6, 30), date(2023, 6, 9)),
        Milestone("更换车辆", date(2023, 8, 20), None),
    )
    with campaign.desk("jyj-handler", "2023-06-10T10:00") as desk:
        plan = Measure((1,), "逐车核定载客人数，淘汰超龄校车三辆。", "李样例", date(2023, 8, 20), 40, None, steps)
        measures.set_measure(desk, RECTIFY, "jyj", plan, by)
    for at, percent, text in (
        ("2023-06-20T10:00", 10, "编制方案已报市委编办。"),
        ("2023-07-20T10:00", 30, "增编二十六名已批。"),
        ("2023-08-20T10:00", 25, "两名拟录用人员放弃，进度有所回落。"),
    ):
        with campaign.desk("jyj-handler", at) as desk:
            progress_reports.report(desk, RECTIFY, 3, by, percent, text)


def _verify(campaign: Campaign, number: int, day: str, unit: str) -> None:
    """Handed in in the morning, looked at on site and accepted in the afternoon."""
    solve, who = owed(campaign.office, "r_solve", number), f"{unit}-handler"
    with campaign.desk(who, f"{day}T09:00") as desk:
        duties.submit(desk, solve, campaign.by(who), "已整改，附照片。")
    verified = Verified(Manner.ON_SITE, date.fromisoformat(day))
    with campaign.desk(LEADER, f"{day}T15:00") as desk:
        duties.accept(desk, solve, campaign.by(LEADER), "现场查看属实。", verified)


def _agree(campaign: Campaign, number: int, day: str, *people: str) -> None:
    for who in people:
        with campaign.desk(who, f"{day}T16:00") as desk:
            row = problems.problem_by(desk.session, RECTIFY, number)
            closing_out.agree(desk, RECTIFY, row, who, "同意")


def _close(campaign: Campaign, number: int, day: str, unit: str) -> None:
    _verify(campaign, number, day, unit)
    _agree(campaign, number, day, LEADER, f"{unit}-head")
    with campaign.desk("office-1", f"{day}T17:00") as desk:
        problems.close_problem(desk, RECTIFY, number, "office-1", "整改到位")


def _in_part(campaign: Campaign) -> None:
    """One problem closed out in part, one verified and agreed to by the panel alone."""
    _verify(campaign, 5, "2023-09-04", "jyj")
    _agree(campaign, 5, "2023-09-04", LEADER, "jyj-head")
    with campaign.desk("office-1", "2023-09-05T10:00") as desk:
        reopening.close_part(desk, RECTIFY, 5, "office-1", "三所学校已更换", "还有一所学校待更换", date(2023, 10, 31))
    _verify(campaign, 4, "2023-09-05", "kjj")
    _agree(campaign, 4, "2023-09-06", LEADER)


def _press(campaign: Campaign) -> None:
    """One problem listed, one put before a higher level, one objected to."""
    listed = Order(OrderKind.LIST, "投诉长期无人回复，现予挂牌督办，请主要负责人直接负责。", problem=6)
    above = Order(OrderKind.REPORT_UP, "编制总量由省里核定，请市委协调。", problem=3)
    with campaign.desk("office-1", "2023-09-06T10:00") as desk:
        for order in (listed, above):
            orders.give(desk, RECTIFY, order)
    late = Draft("校园周边流动摊点多", "wjj", "", "", {"time": "limit"}, due_on=date(2023, 10, 31))
    _assign(campaign, (late,), "2023-09-06T11:00")
    letter = last_letter(campaign.office, "wjj")
    with campaign.desk("wjj-handler", "2023-09-07T10:00") as desk:
        objections.object_to(desk, letter, 7, campaign.person("wjj-handler"), "摊点由市综合执法局管理，建议由其牵头。")


def _watch(office: Office, at: str) -> None:
    for _ in range(3):
        with office.desk("engine", instant(at)) as desk:
            recurring.issue_recurring(desk)
            patrol.fire_due(desk)
