"""Rectification as the office drives it from the engine's screen: every form run as staff run it, the patrol's own run.

Three problems are assigned by a form, and one that is not classified keeps all from being assigned.  Nobody signs for
two of them: the board of stalls says so and is renewed by the patrol, and the brief goes out on the day that the method
names, once.  An instruction and a listed supervision are entered; the director signs for more time and the office for
closing out, each by a code that stays nowhere; the phase closes when everything is closed out or handed on.
"""

from collections import Counter
from datetime import date

import pytest
from prefect.client.orchestration import get_client
from sqlalchemy import select

from appraisal import clock
from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.method import load
from appraisal.method.load import Edition
from appraisal.method.schema import Method
from appraisal.method.words import Manner
from appraisal.operations import audit, duties, extensions, gathering, problems, results
from appraisal.operations.duties import By
from appraisal.operations.loading import campaign_by
from appraisal.operations.order_views import orders_of
from appraisal.operations.verdicts import Verified
from appraisal.store.campaign_tables import FiringRow
from flows.papers import board_key
from tests.eventually import eventually
from tests.operations.closing_world import METHOD, PANEL, TwoHands
from tests.operations.panel_world import set_panel
from tests.operations.world import TALLY, begin, edition
from tests.stories.conftest import Open
from tests.stories.installation import PATIENCE, Installation
from tests.stories.screen import (
    answer,
    begun,
    deployed,
    done,
    ended,
    ended_as,
    is_running,
    refused_in_words,
    shown,
    standing,
    version_of,
)

pytestmark = pytest.mark.engine

SLUG = "screen-2023"
TITLE = "2023年整改评议"
CAMPAIGN = f"{SLUG} {TITLE}"
LEADER, HANDLER = "fgj-handler", "jyj-handler"
ELSEWHERE = "已在别处办理，本次运行就此结束，没有再作决定。"
BOARD = board_key("stalled", SLUG)
DUE = date(2023, 10, 31)
MORE = {
    "weekly": {"on": "monday", "to": ["director", "office"], "basis": "第十一条"},
    "extension": {
        "consent": "director",
        "ceiling": "30d",
        "counted_from": "due",
        "asked_before": "10d",
        "times": 1,
        "duties": ["rectification"],
        "basis": "第十二条",
    },
}


def test_the_office_drives_rectification_from_its_screen(told: Open) -> None:
    story = told("lanxi", SLUG, "2023-08-28T10:00+08:00")
    open_rectification(story)
    assign_by_the_form(story)
    tell_what_stands_still(story)
    brief_once_on_monday(story)
    press_by_letters(story)
    sign_for_more_time(story)
    sign_for_closing_out(story)
    open_again_what_has_come_back(story)
    close_when_nothing_is_open(story)
    the_record_holds(story)


def written() -> Edition:
    """The method of two hands with a weekly brief, more time, and a ladder for whoever does not sign."""
    plain = edition(METHOD).method.model_dump(mode="json", exclude_none=True)
    rungs = [
        {"at": "+1d", "do": "urge", "tell": ["handler"]},
        {"at": "+3d", "do": "yellow", "tell": ["handler", "head"]},
    ]
    ladders = {"signing": {"title": "签收催办", "rungs": rungs}}
    for duty in plain["phases"][0]["duties"]:
        if duty["key"] == "receipt":
            duty["ladder"] = "signing"
    return load.edition(Method.model_validate({**plain, **MORE, "ladders": ladders}))


def open_rectification(story: Installation) -> None:
    begin(story.office, written(), SLUG, TITLE, ("jyj", "kjj"), clock.now())
    set_panel(TwoHands(story.office, SLUG), PANEL)
    with story.desk("office-1") as desk:
        for title, time in (("校舍老旧", "now"), ("校车管理不规范", "now"), ("教师编制不足", "long"), ("未分类", "")):
            classes = {"time": time} if time else {}
            draft = Draft(title, "jyj", classes=classes, due_on=DUE)
            problems.record(desk, SLUG, draft, Found(FindingKind.ENTERED, title, "office-1"))
    story.rounds()
    story.waiting("rectify", "closing-1")


def assign_by_the_form(story: Installation) -> None:
    """What is not classified in full keeps all from being assigned, in words; the same form twice assigns once."""
    story.at("2023-09-01")
    refused_in_words("交办问题", "第4号问题“未分类”", campaign=CAMPAIGN, numbers="1-4")
    said = [done("交办问题", campaign=CAMPAIGN, numbers="1-3") for _ in range(2)]
    assert said == ["已交办第1、2、3号问题", "这些问题都已经交办，没有再交办"]
    assert [fact["unit"] for fact in story.facts("problem:assigned")] == ["jyj"] * 3
    assert len(story.facts("assignment:sent")) == 1


def tell_what_stands_still(story: Installation) -> None:
    """Receipts are due on Friday, 8 September; the patrol's own run publishes the board, and again when it changed."""
    story.at("2023-09-09", "10:00")
    patrol(story)
    board = standing(BOARD)
    assert "共 **3** 件：未签收 3" in board
    assert f"[签收问题：第1号问题 校舍老旧]({story.office.settings.portal}/duties/" in board
    assert f"({story.office.settings.portal}/campaigns/{SLUG}/stalled)" in board
    assert "| 2023年9月9日（星期六）10:00催办 | 2023年9月11日（星期一）" in board
    first = version_of(BOARD)
    story.rounds()
    assert version_of(BOARD) == first
    receipts = TwoHands(story.office, SLUG)
    with story.desk(HANDLER) as desk:
        duties.acknowledge(desk, receipts.owed("receipt", 1)[0].id, By(story.person(HANDLER)))
    patrol(story)
    assert version_of(BOARD) != first
    assert "共 **2** 件：未签收 2" in standing(BOARD)


def brief_once_on_monday(story: Installation) -> None:
    story.at("2023-09-11", "08:29")
    story.rounds()
    assert story.told("weekly-brief") == Counter()
    story.at("2023-09-11", "08:30")
    patrol(story)
    story.at("2023-09-11", "15:00")
    story.rounds()
    assert story.told("weekly-brief") == Counter({"director": 1, "office-1": 1, "office-2": 1})
    story.at("2023-09-18", "09:00")
    story.rounds()
    assert set(story.told("weekly-brief").values()) == {2}


def press_by_letters(story: Installation) -> None:
    """批示 and 挂牌督办, each once; what presses nobody, or a problem that is not there, is refused in words."""
    for _ in range(2):
        done("登记批示", campaign=CAMPAIGN, unit="市教育局", leader="市长", text="请抓紧整改", problem=2)
    said = done("下达督办文书", campaign=CAMPAIGN, kind="挂牌督办通知", text="限期整改到位", problem=2)
    assert said == "已下达评议挂督〔2023〕1号"
    refused_in_words("下达督办文书", "没有指明发给哪个单位", campaign=CAMPAIGN, kind="督办单", text="请抓紧整改")
    with story.office.store.reading() as session:
        given = [(row.kind, row.mark) for row in orders_of(session, campaign_by(session, SLUG))]
    assert sorted(given) == [("instruct", "评议批〔2023〕1号"), ("list", "评议挂督〔2023〕1号")]
    assert story.told("order-given")[HANDLER] == 2


def sign_for_more_time(story: Installation) -> None:
    """The director fills in a wrong code first; the form asks once more, and says why."""
    story.at("2023-10-09")
    world = TwoHands(story.office, SLUG)
    with story.desk(HANDLER) as desk:
        row = world.owed("rectification", 2)[0]
        petition = extensions.ask(desk, row.id, By(story.person(HANDLER)), date(2023, 11, 20), "招标未完成")
    story.rounds()
    offered = f"{petition.id.hex[:8]} 市教育局：{row.title}，申请延至2023年11月20日（星期一）"
    run = begun("审批延期", campaign=CAMPAIGN, petition=offered)
    elsewhere = begun("审批延期", campaign=CAMPAIGN, petition=offered)
    shown(elsewhere)
    answer(run, {"决定": "同意", "审批码": "AAAA-BBBB-CC", "意见": ""})
    answer(run, {"决定": "同意", "审批码": story.code("director"), "意见": "同意"}, 2)
    granted = f"“{row.title}”的延期申请，{story.person('director').name}已于2023年10月9日（星期一）10:00同意，延至"
    assert ended_as(run) == ("Completed", f"{granted}2023年11月20日（星期一）。意见：同意")
    story.rounds()
    assert ended_as(elsewhere) == ("Completed", f"{ELSEWHERE}{granted}2023年11月20日（星期一）。意见：同意")
    assert world.owed("rectification", 2)[0].due_on == date(2023, 11, 20)
    assert story.told("extension-decided")[HANDLER] == 1


def sign_for_closing_out(story: Installation) -> None:
    """A name typed into the form of the office is no second hand; the code of somebody who has not verified it is."""
    story.at("2023-10-24")
    world = TwoHands(story.office, SLUG)
    world.hand_in("2023-10-23T10:00")
    world.verify("2023-10-24T09:00")
    world.agree("2023-10-24T09:30", LEADER, "jyj-head")
    refused_in_words("问题销号", "须由", campaign=CAMPAIGN, number=1, by=story.person("office-2").name)
    run, elsewhere, late = (begun("复核销号", campaign=CAMPAIGN, number=1) for _ in range(3))
    shown(elsewhere)
    shown(late)
    answer(run, {"决定": "销号", "审批码": story.code("office-2"), "意见": "整改到位"})
    office = story.person("office-2").name
    closed = f"第1号问题“校舍老旧”，{office}已于2023年10月24日（星期二）10:00办理：销号。意见：整改到位。"
    assert ended_as(run) == ("Completed", closed)
    answer(late, {"决定": "退回整改", "审批码": story.code("office-1"), "意见": "仍不到位"})
    story.rounds()
    assert [ended_as(each) for each in (late, elsewhere)] == [("Completed", f"{ELSEWHERE}{closed}")] * 2
    assert [step["by"] for step in story.facts("problem:closed")] == ["office-2"]
    assert story.facts("problem:returned") == []
    assert (world.problem(1).status, world.problem(1).closed_by) == ("closed", "office-2")


def open_again_what_has_come_back(story: Installation) -> None:
    """Only what is closed, by a code; what is open again is not opened twice, and is closed out anew."""
    world = TwoHands(story.office, SLUG)
    refused_in_words("重新整改", "不是已销号的问题", campaign=CAMPAIGN, number=2)
    run, elsewhere = (begun("重新整改", campaign=CAMPAIGN, number=1) for _ in range(2))
    shown(elsewhere)
    answer(run, {"反弹情况": "又有一处漏雨", "审批码": story.code(HANDLER)})
    answer(run, {"反弹情况": "又有一处漏雨", "审批码": story.code("office-2")}, 2)
    assert ended(run).state_name == "Completed"
    story.rounds()
    reopened = (
        f"第1号问题“校舍老旧”，{story.person('office-2').name}已于2023年10月24日（星期二）10:00办理：反弹，重新整改。"
    )
    assert ended_as(elsewhere) == ("Completed", f"{ELSEWHERE}{reopened}意见：又有一处漏雨。")
    assert (world.problem(1).status, len(story.facts("problem:reopened"))) == ("assigned", 1)
    world.hand_in("2023-10-24T11:00")
    world.verify("2023-10-24T11:10")
    world.agree("2023-10-24T11:20", LEADER, "jyj-head")
    story.at("2023-10-24", "11:30")
    sign_second_hand(story, 1, {"决定": "销号", "意见": "整改到位"}, "office-2")


def close_when_nothing_is_open(story: Installation) -> None:
    """整改不到位、评议不收场: refused while a problem is open; one is returned and closed out, one is handed on."""
    world = TwoHands(story.office, SLUG)
    story.at("2023-10-25")
    story.rounds()
    round_before = story.waiting("rectify").waiting_key
    story.approve_in_engine("rectify", story.code("director"))
    assert eventually(lambda: story.waiting("rectify").waiting_key != round_before, PATIENCE)
    assert story.phase_status("rectify") == "open"

    world.hand_in("2023-10-25T10:30", 2)
    world.verify("2023-10-25T11:00", 2, Verified(Manner.ON_SITE, date(2023, 10, 25)))
    sign_second_hand(story, 2, {"决定": "退回整改", "意见": "两辆校车没有年检", "新的时限": "2023-11-30"})
    assert (world.problem(2).status, world.problem(2).due_on) == ("assigned", date(2023, 11, 30))
    story.at("2023-11-01")
    world.hand_in("2023-11-01T10:30", 2)
    world.verify("2023-11-01T11:00", 2, Verified(Manner.ON_SITE, date(2023, 11, 1)))
    world.agree("2023-11-01T11:30", LEADER, "jyj-head", number=2)
    sign_second_hand(story, 2, {"决定": "销号", "意见": "整改到位"})
    for _ in range(2):
        done("结转跟踪", campaign=CAMPAIGN, numbers="3", reason="编制须由上级核定", by=story.person("office-1").name)
    assert [fact["reason"] for fact in story.facts("problem:handed_on")] == ["编制须由上级核定"]
    with story.desk("office-1") as desk:
        gathering.drop(desk, SLUG, 4, "与第1号问题重复")
        for unit in ("市教育局", "市科学技术局"):
            results.record_result(desk, SLUG, "satisfaction", unit, TALLY, "满意")
    story.at("2023-12-28")
    story.rounds()
    story.approve_in_engine("rectify", story.code("director"))
    assert story.closed("rectify")
    story.waiting("look_back")
    assert len([number for number in (1, 2) if world.owed("spot_check", number)]) == 1


def the_record_holds(story: Installation) -> None:
    """Neither the boards nor what the engine keeps of its runs hold a code, or a link that lets somebody in."""
    with story.office.store.reading() as session:
        assert audit.verify(session) == []
        fired = session.execute(select(FiringRow.obligation_id, FiringRow.rung)).all()
    assert len(fired) == len(story.facts("obligation:rung_fired")) + len(story.facts("obligation:rung_passed"))
    assert max(Counter(row.key for row in story.messages()).values()) == 1
    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs(limit=200)
        inputs = [
            each.value
            for run in runs
            for each in client.filter_flow_run_input(run.id, key_prefix="", limit=100, exclude_keys=set())
        ]
    kept = "\n".join([standing(BOARD), *(str(run.parameters) for run in runs), *map(str, inputs)])
    secrets = [story.code(who) for who in ("director", "office-1", "office-2")]
    assert [secret for secret in (*secrets, "/go/") if secret in kept] == []


def sign_second_hand(story: Installation, number: int, given: dict[str, str], by: str = "office-1") -> None:
    run = begun("复核销号", campaign=CAMPAIGN, number=number)
    answer(run, {"审批码": story.code(by), **given})
    assert ended(run).state_name == "Completed"


def patrol(story: Installation) -> None:
    """The worker's own, while another is on its round here."""
    run = deployed("巡查/自动：巡查", {})
    eventually(lambda: is_running(run), PATIENCE, pause_at_most=0.1)
    story.rounds()
    assert ended(run).state_name == "Completed"
