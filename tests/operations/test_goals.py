from datetime import date
from uuid import UUID, uuid4

import pytest

from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.notices.wording import phrase
from appraisal.operations import goals, panel_log, problems
from appraisal.operations.office import Office
from appraisal.store.base import identity
from appraisal.store.opinion_tables import AnswerCodeRow, AnswerSheetRow, OpinionRow, QuestionnaireRow
from tests.operations.conftest import SLUGS
from tests.operations.panel_world import METHOD, enter, panel_id, visit, with_panels
from tests.operations.world import Campaign, instant

AT = "2023-09-04T15:00"


@pytest.fixture
def campaign(office: Office) -> Campaign:
    return with_panels(office, f"g{next(SLUGS)}")


def reached(campaign: Campaign, phase: str = "investigate") -> list[tuple[str, str, str, bool]]:
    with campaign.office.store.reading() as session:
        found = goals.progress(session, campaign.slug, phase)
        return [(goal.panel, goal.title, f"{goal.far}/{goal.wanted}{goal.unit}", goal.met) for goal in found]


def test_goals_count_different_enterprises_and_the_seminars_of_each_panel(campaign: Campaign) -> None:
    first, second = panel_id(campaign), panel_id(campaign, "g2")
    enter(campaign, visit("1", "2023-09-01", "甲公司", "乙公司", of=first), AT)
    enter(campaign, visit("2", "2023-09-01", "甲公司", of=second), AT, "wjj-handler")
    enter(campaign, visit("3", "2023-09-01", kind="seminar", of=second), AT, "wjj-handler")
    assert reached(campaign) == [
        ("", "走访企业", "2/3家", False),
        ("第一评议组", "座谈会", "0/1场", False),
        ("第二评议组", "座谈会", "1/1场", True),
    ]


def test_withdrawn_entry_counts_no_more(campaign: Campaign) -> None:
    row = enter(campaign, visit("1", "2023-09-01", "甲公司", "乙公司", "丙公司", of=panel_id(campaign)), AT)
    assert reached(campaign)[0] == ("", "走访企业", "3/3家", True)
    with campaign.desk("fgj-handler", AT) as desk:
        panel_log.withdraw(desk, row.id, campaign.person("fgj-handler"), "重复")
    assert reached(campaign)[0] == ("", "走访企业", "0/3家", False)


def test_gate_names_every_goal_that_is_short_and_of_which_panel(campaign: Campaign) -> None:
    enter(campaign, visit("1", "2023-09-01", "甲公司", of=panel_id(campaign)), AT)
    short = [each for each in campaign.ask("investigate", AT).brief.obstacles if each.code == "gate.goal_short"]
    told = [phrase(each.code, unit=each.unit, what=each.what, status=each.status, due_on=None) for each in short]
    assert told == [
        "走访企业尚未达到指标（1／3家）",
        "第一评议组：座谈会尚未达到指标（0／1场）",
        "第二评议组：座谈会尚未达到指标（0／1场）",
    ]


def test_approval_is_bound_to_whether_goals_are_reached_and_not_to_how_far(campaign: Campaign) -> None:
    mine = panel_id(campaign)

    def digest() -> str:
        return campaign.ask("investigate", AT).brief.digest()

    before = digest()
    enter(campaign, visit("1", "2023-09-01", "甲公司", of=mine), AT)
    assert digest() == before
    enter(campaign, visit("2", "2023-09-01", "乙公司", "丙公司", of=mine), AT)
    met = digest()
    assert met != before
    enter(campaign, visit("3", "2023-09-01", "丁公司", of=mine), AT)
    assert digest() == met


def goal(office: Office, measures: str, at_least: str, scope: str = "body") -> Campaign:
    """A campaign whose first phase has one goal, of that measure."""
    slug = f"g{next(SLUGS)}"
    old = "- {key: enterprises, title: 走访企业, measures: enterprises, at_least: 3, unit: 家, basis: 第七条}"
    new = f"- {{key: any, title: 指标, measures: {measures}, at_least: {at_least}, scope: {scope}, basis: 第七条}}"
    text = METHOD.read_text(encoding="utf-8")
    assert old in text
    path = office.settings.home / f"{slug}.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return with_panels(office, slug, method=path)


def found(campaign: Campaign, title: str, kind: FindingKind, panel: UUID | None = None, at: str = AT) -> None:
    with campaign.desk("office-1", at) as desk:
        problems.record(desk, campaign.slug, Draft(title), Found(kind, title, "office-1", panel_id=panel))


def test_problems_and_those_that_units_found_themselves_are_counted_once(office: Office) -> None:
    campaign = goal(office, "problems", "2")
    found(campaign, "排队久", FindingKind.LOG, panel_id(campaign))
    found(campaign, "排队久", FindingKind.SELF_REVIEW)
    found(campaign, "收费乱", FindingKind.SELF_REVIEW)
    assert reached(campaign)[0] == ("", "指标", "2/2项", True)


def test_only_what_a_unit_found_itself_counts_as_self_found(office: Office) -> None:
    campaign = goal(office, "self_found", "2")
    found(campaign, "排队久", FindingKind.LOG, panel_id(campaign))
    found(campaign, "收费乱", FindingKind.SELF_REVIEW)
    assert reached(campaign)[0] == ("", "指标", "1/2项", False)


def test_suggestions_of_each_panel_are_its_own(office: Office) -> None:
    campaign = goal(office, "suggestions", "1", "each_panel")
    with campaign.desk("office-1", AT) as desk:
        draft = Draft("开设专窗", "jyj", leader="李样例", due_on=date(2023, 10, 13), kind="suggestion")
        problems.record(
            desk, campaign.slug, draft, Found(FindingKind.SEMINAR, "会上", "a", panel_id=panel_id(campaign))
        )
    found(campaign, "排队久", FindingKind.LOG, panel_id(campaign, "g2"))
    assert [(who, far) for who, title, far, _ in reached(campaign) if title == "指标"] == [
        ("第一评议组", "1/1项"),
        ("第二评议组", "0/1项"),
    ]


def test_opinions_count_from_the_day_the_phase_opens_but_not_those_held_back(office: Office) -> None:
    campaign = goal(office, "opinions", "6")
    with campaign.desk("office-1", AT) as desk:
        for status, day in (("received", 28), ("held", 29), ("rejected", 30), ("received", 27)):
            desk.session.add(opinion(campaign, status, date(2023, 8, day)))
    assert reached(campaign)[0] == ("", "指标", "少于5/6项", False)
    with campaign.desk("office-1", AT) as desk:
        desk.session.add_all(opinion(campaign, "received", date(2023, 8, 28)) for _ in range(3))
    assert reached(campaign)[0] == ("", "指标", "5/6项", False)
    with campaign.desk("office-1", AT) as desk:
        desk.session.query(OpinionRow).delete()


def opinion(campaign: Campaign, status: str, on: date) -> OpinionRow:
    text = {"text": "意见", "text_digest": "x", "aspect": None, "source": "public", "channel": "point"}
    return OpinionRow(
        id=uuid4(),
        campaign_id=identity("campaign", campaign.slug),
        named=False,
        received_on=on,
        status=status,
        noted=False,
        **text,
    )


def test_return_rate_is_taken_of_what_was_issued(office: Office) -> None:
    campaign = goal(office, "return_rate", "94.6")
    with campaign.desk("office-1", AT) as desk:
        key = uuid4()
        desk.session.add(questionnaire(campaign, key, paper=200))
        desk.session.flush()
        hashes = (f"{key}/{number}" for number in range(300))
        issued = {"questionnaire_id": key, "issued_on": date(2023, 9, 1), "answered": True}
        desk.session.add_all(
            AnswerCodeRow(id=uuid4(), position=number, code_hash=each, **issued) for number, each in enumerate(hashes)
        )
        desk.session.add_all(sheet(key) for _ in range(472))
    assert reached(campaign)[0] == ("", "指标", "94.4/94.6项", False)
    with campaign.desk("office-1", AT) as desk:
        desk.session.add(sheet(key))
    assert reached(campaign)[0] == ("", "指标", "94.6/94.6项", True)


def questionnaire(campaign: Campaign, key: UUID, paper: int) -> QuestionnaireRow:
    return QuestionnaireRow(
        id=key,
        campaign_id=identity("campaign", campaign.slug),
        key="q",
        title="问卷",
        text="{}",
        digest="x",
        access="codes",
        token=str(key),
        status="open",
        paper_issued=paper,
        opened_at=instant(AT),
    )


def sheet(key: UUID) -> AnswerSheetRow:
    kept = {"answers": {}, "valid": True, "faults": [], "medium": "paper", "received_on": date(2023, 9, 1)}
    return AnswerSheetRow(id=uuid4(), questionnaire_id=key, **kept)


def test_phase_without_goals_has_no_progress(campaign: Campaign) -> None:
    assert reached(campaign, "rectify") == []
