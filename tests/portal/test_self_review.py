import io

from openpyxl import load_workbook

from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.operations.problems import record
from tests.operations.choosing import reviewing
from tests.operations.world import Campaign, instant
from tests.portal.world import World

SLUG = "review-2023"
PAGE = f"/campaigns/{SLUG}/self-review"
COMPARISON = f"{PAGE}/comparison"
ONE = {"act": "one", "unit": "jyj", "title": "窗口办件超时", "detail": "八月超时3件", "measure": "已增设窗口"}


def reviewed(world: World, *, opened: bool = True) -> Campaign:
    return reviewing(world.office, SLUG, ("jyj", "kjj"), opened=opened)


def found_by_panel(world: World, title: str, unit: str = "jyj") -> int:
    with world.office.desk("person:office-1", instant("2023-08-28T10:00")) as desk:
        return record(desk, SLUG, Draft(title, unit), Found(FindingKind.LOG, title, "panel-head")).number


def test_unit_lists_its_problems_one_by_one_and_pasted(world: World) -> None:
    reviewed(world)
    handler = world.visitor("jyj-handler")
    assert "还没有登记自查发现的问题" in handler.get(PAGE).text
    for _ in range(2):
        assert "自查问题已登记" in handler.send(PAGE, PAGE, ONE).text
    lines = {"act": "lines", "unit": "jyj", "lines": "编制不足\r\n台账不全｜缺两年｜正在补"}
    shown = handler.send(PAGE, PAGE, lines).text
    for text in ("3 个", "1. 窗口办件超时", "已采取的措施：已增设窗口", "3. 台账不全", "情况：缺两年"):
        assert text in shown


def test_unit_sees_only_its_own_and_no_comparison(world: World) -> None:
    reviewed(world)
    world.visitor("jyj-handler").send(PAGE, PAGE, ONE)
    found_by_panel(world, "暗访发现的问题", "kjj")
    other = world.visitor("kjj-head")
    shown = other.get(PAGE).text
    assert ("窗口办件超时" in shown, "暗访发现的问题" in shown) == (False, False)
    assert other.get(COMPARISON).status_code == 403
    assert other.get(f"{COMPARISON}.xlsx").status_code == 403
    assert other.send(PAGE, PAGE, ONE).status_code == 403
    assert world.visitor("four-teams").get(PAGE).status_code == 403


def test_refused_list_keeps_what_was_typed(world: World) -> None:
    reviewed(world)
    handler = world.visitor("jyj-handler")
    answer = handler.send(PAGE, PAGE, ONE | {"title": "长" * 201})
    assert "第1条的问题有201字" in answer.text
    assert "八月超时3件</textarea>" in answer.text
    many = "\n".join(f"问题{number}" for number in range(101))
    answer = handler.send(PAGE, PAGE, {"act": "lines", "unit": "jyj", "lines": many})
    assert "一次填了101条，最多100条" in answer.text
    assert "问题100</textarea>" in answer.text


def test_page_is_read_only_while_the_phase_is_not_open(world: World) -> None:
    reviewed(world, opened=False)
    shown = world.visitor("jyj-handler").get(PAGE).text
    assert "目前只能查看" in shown
    assert "登记一个问题" not in shown


def test_office_compares_merges_what_is_the_same_and_takes_the_figures_away(world: World) -> None:
    reviewed(world)
    world.visitor("jyj-handler").send(PAGE, PAGE, ONE | {"title": "=编制不足"})
    theirs = found_by_panel(world, "教师编制不够")
    office = world.visitor("office-1")
    assert "仅单位自查发现" in office.get(COMPARISON).text
    for _ in range(2):
        assert "两条问题已合并为一条" in office.send(COMPARISON, COMPARISON, {"number": "1", "into": str(theirs)}).text
    shown = office.get(COMPARISON).text
    assert ("双方都发现" in shown, "仅单位自查发现" in shown) == (True, False)
    assert "自查发现占 100.0%；他人发现中单位没有查出的占 0.0%" in shown
    book = load_workbook(io.BytesIO(office.get(f"{COMPARISON}.xlsx").content))
    assert next([cell.value for cell in row] for row in book["自查比对"].iter_rows(min_row=2))[:5] == [
        "市教育局",
        0,
        0,
        1,
        1,
    ]
    assert "市教育局,0,0,1,1,100.0%,0.0%" in office.get(f"{COMPARISON}.csv").content.decode("utf-8-sig")


def test_merge_that_is_refused_says_why_and_keeps_the_numbers(world: World) -> None:
    reviewed(world)
    found_by_panel(world, "教师编制不够")
    answer = world.visitor("office-1").send(COMPARISON, COMPARISON, {"number": "1", "into": "9"})
    assert answer.status_code == 404
    assert 'name="number" value="1"' in answer.text


def test_duty_of_a_self_review_leads_to_the_page(world: World) -> None:
    campaign = reviewed(world)
    duty = campaign.duty("launch_notice", "")
    assert PAGE in world.visitor("office-1").get(f"/duties/{duty}").text
    assert "/self-review" not in world.visitor("jyj-handler").get(f"/duties/{world.duty('opinion')}").text
