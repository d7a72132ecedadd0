from tests.portal.test_duties import facts
from tests.portal.world import World

PAGE = "/approvals/work-2023/mobilise"


def confirm_launch(world: World) -> None:
    page = f"/duties/{world.duty('launch_notice', '')}"
    assert world.visitor("office-1").send(page, f"{page}/confirmation").status_code == 200


def test_agreeing_while_the_gate_is_unmet_lists_every_obstacle(world: World) -> None:
    page = "/approvals/work-2023/rectify"
    answer = world.visitor("director").send(page, page, {"decision": "agree", "remarks": "尽快"})
    assert answer.status_code == 409
    assert "还有8项未完成" in answer.text
    for unit in ("市教育局", "市科学技术局"):
        for what in ("评议意见签收", "整改计划", "整改落实报告", "整改情况再测评结果未登记"):
            assert f"{unit}：{what}" in answer.text
    assert ">尽快</textarea>" in answer.text
    assert world.woken == []


def test_agreement_is_recorded_and_wakes_the_engine_once(world: World) -> None:
    confirm_launch(world)
    director = world.visitor("director")
    answer = director.send(PAGE, PAGE, {"decision": "agree", "remarks": "同意"})
    assert "您已同意关闭本阶段" in answer.text
    assert world.woken == [("work-2023", "mobilise")]
    assert "2023年8月28日（星期一）10:00 · 手机页面" in director.get(PAGE).text
    again = director.send(PAGE, PAGE, {"decision": "refuse", "remarks": "改主意", "seen": "x"})
    assert (again.status_code, "以先作出的决定为准" in again.text) == (409, True)
    assert (facts(world, "approval:granted"), facts(world, "approval:refused")) == (1, 0)


def test_brief_that_changed_since_it_was_read_is_not_decided(world: World) -> None:
    director = world.visitor("director")
    seen = director.get(PAGE).text.split('name="seen" value="')[1].split('"')[0]
    confirm_launch(world)
    answer = director.send(PAGE, PAGE, {"decision": "agree", "seen": seen})
    assert (answer.status_code, "本次决定没有生效" in answer.text) == (409, True)
    assert facts(world, "approval:granted") == 0


def test_refusal_needs_a_reason(world: World) -> None:
    director = world.visitor("director")
    answer = director.send(PAGE, PAGE, {"decision": "refuse"})
    assert (answer.status_code, "不同意须写明理由" in answer.text) == (409, True)
    assert director.send(PAGE, PAGE, {"decision": "refuse", "remarks": "材料不齐"}).status_code == 200
    assert facts(world, "approval:refused") == 1


def test_decision_that_was_not_made_is_refused(world: World) -> None:
    answer = world.visitor("director").send(PAGE, PAGE, {"decision": "maybe"})
    assert (answer.status_code, "没有作出决定" in answer.text) == (409, True)


def test_office_reads_and_does_not_decide(world: World) -> None:
    confirm_launch(world)
    office = world.visitor("office-1")
    assert "作出决定" not in office.get(PAGE).text
    assert office.send(PAGE, PAGE, {"decision": "agree"}).status_code == 403


def test_unit_does_not_read_the_brief(world: World) -> None:
    assert world.visitor("jyj-head").get(PAGE).status_code == 403


def test_unknown_phase_and_campaign_are_not_found(world: World) -> None:
    director = world.visitor("director")
    assert director.get("/approvals/work-2023/none").status_code == 404
    assert director.get("/approvals/none/mobilise").status_code == 404


def test_wake_that_fails_does_not_break_the_page(world: World) -> None:
    from starlette.testclient import TestClient

    from portal.app import create_app
    from tests.portal.visitor import Visitor

    def broken(campaign: str, phase: str) -> None:
        raise RuntimeError("the engine is down")

    confirm_launch(world)
    director = Visitor(TestClient(create_app(world.office, broken), raise_server_exceptions=False))
    director.get(f"/go/{world.token('director')}")
    assert director.send(PAGE, PAGE, {"decision": "agree"}).status_code == 200
    assert facts(world, "approval:granted") == 1


def test_desk_of_the_approver_lists_the_open_phases(world: World) -> None:
    shown = world.visitor("director").get("/").text
    assert "关闭“宣传发动”阶段" in shown
    assert "关闭“整改落实”阶段" in shown
