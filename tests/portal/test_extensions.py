from collections.abc import Callable
from datetime import datetime

from appraisal.operations.extensions import petitions_of
from appraisal.store.campaign_tables import ObligationRow
from tests.portal.world import World

Move = Callable[[str], datetime]
WHY = "批复要到十一月。\n<script>alert(1)</script>"


def opened(world: World, move_clock: Move) -> str:
    """The page of the report, due on 31 October 2023, on 10 October."""
    move_clock("2023-08-31T10:00+08:00")
    signed = f"/duties/{world.duty('opinion')}"
    world.visitor("jyj-handler").send(signed, f"{signed}/acknowledgement")
    move_clock("2023-10-10T10:00+08:00")
    return f"/duties/{world.duty('rectification_report')}"


def asked(world: World, page: str, until: str = "2023-11-15") -> str:
    """The page of the petition."""
    answer = world.visitor("jyj-handler").send(page, f"{page}/extension", {"until": until, "reason": WHY})
    assert "延期申请已提出" in answer.text
    with world.office.store.reading() as session:
        row = session.get_one(ObligationRow, world.duty("rectification_report"))
        return f"/petitions/{petitions_of(session, row)[-1].id}"


def test_unit_reads_the_limits_and_asks_and_the_director_grants(world: World, move_clock: Move) -> None:
    page = opened(world, move_clock)
    shown = world.visitor("jyj-handler").get(page).text
    for text in ("2023年10月21日（星期六）", "2023年11月30日（星期四）", 'max="2023-11-30"'):
        assert text in shown
    petition = asked(world, page)
    assert "延期申请正在等待决定" in world.visitor("jyj-handler").get(page).text
    director = world.visitor("director")
    desk = director.get("/").text
    assert ("<strong>1</strong> 份延期申请待决定" in desk, petition in desk) == (True, True)
    read = director.get(petition).text
    assert ("&lt;script&gt;alert(1)&lt;/script&gt;" in read, "同意延期" in read) == (True, True)
    answer = director.send(petition, f"{petition}/decision", {"decision": "grant", "remarks": ""})
    assert "已同意延期" in answer.text
    duty = world.visitor("jyj-handler").get(page).text
    assert "第1次延期，经主任同意，由2023年10月31日（星期二）延至2023年11月15日（星期三）" in duty
    assert petition not in director.get("/").text


def test_refusing_needs_a_reason_that_the_unit_then_reads(world: World, move_clock: Move) -> None:
    page = opened(world, move_clock)
    petition, director = asked(world, page), world.visitor("director")
    answer = director.send(petition, f"{petition}/decision", {"decision": "refuse", "remarks": ""})
    assert (answer.status_code, "须写明理由" in answer.text) == (409, True)
    assert "没有" in director.send(petition, f"{petition}/decision", {"decision": ""}).text
    answer = director.send(petition, f"{petition}/decision", {"decision": "refuse", "remarks": "请按期完成"})
    assert "已记录不同意" in answer.text
    assert "请按期完成" in world.visitor("jyj-handler").get(page).text


def test_refused_form_keeps_what_was_typed_and_names_the_limit(world: World, move_clock: Move) -> None:
    page = opened(world, move_clock)
    handler = world.visitor("jyj-handler")
    answer = handler.send(page, f"{page}/extension", {"until": "2023-12-01", "reason": "批复未到"})
    assert answer.status_code == 409
    for text in ("超过了办法允许的最晚日期2023年11月30日（星期四）", 'value="2023-12-01"', ">批复未到<"):
        assert text in answer.text
    assert "“申请延至”没有填上" in handler.send(page, f"{page}/extension", {"until": "", "reason": "批复未到"}).text


def test_petition_is_taken_back_and_is_hidden_from_others(world: World, move_clock: Move) -> None:
    page = opened(world, move_clock)
    petition = asked(world, page)
    assert world.visitor("kjj-handler").get(petition).status_code == 403
    assert world.visitor("kjj-handler").send("/", f"{petition}/withdrawal").status_code == 403
    assert world.visitor("office-1").get(petition).status_code == 200
    answer = world.visitor("jyj-handler").send(page, f"{petition}/withdrawal")
    assert "延期申请已撤回" in answer.text
    assert world.visitor("director").get(f"/petitions/{world.duty('opinion')}").status_code == 404


def test_office_enters_a_petition_that_came_on_paper(world: World, move_clock: Move) -> None:
    opened(world, move_clock)
    office, duty = world.visitor("office-1"), world.duty("rectification_report")
    here = f"/offline/{duty}"
    assert "录入延期申请" in office.get(here).text
    refused = office.send(here, f"{here}/extension", {"until": "2023-12-01", "reason": "来函"})
    assert (refused.status_code, "2023年11月30日" in refused.text, ">来函<" in refused.text) == (409, True, True)
    for _ in range(2):
        answer = office.send(here, f"{here}/extension", {"until": "2023-11-15", "reason": "来函"})
        assert "延期申请已提出" in answer.text
    with world.office.store.reading() as session:
        rows = petitions_of(session, session.get_one(ObligationRow, duty))
        assert [(row.asked_by, row.reason) for row in rows] == [("office-1", "来函")]
    fields, handler = {"until": "2023-11-15", "reason": "来函"}, world.visitor("jyj-handler")
    assert handler.send(f"/duties/{duty}", f"{here}/extension", fields).status_code == 403
