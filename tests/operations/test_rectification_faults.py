from datetime import date

import pytest
from openpyxl import Workbook

from appraisal.documents.rectification_sheet import Field
from appraisal.operations.office import Office
from tests.operations.conftest import SLUGS
from tests.operations.registering import Keeper, edited, fates, faults, register_at
from tests.operations.tracking import TIMED, Tracking, tracking_at
from tests.operations.world import instant, refused


@pytest.fixture
def tracking(office: Office) -> Tracking:
    return register_at(office, f"f{next(SLUGS)}")


@pytest.fixture
def clerk(tracking: Tracking) -> Keeper:
    return Keeper(tracking, "office-1")


@pytest.fixture
def handler(tracking: Tracking) -> Keeper:
    return Keeper(tracking, "jyj-handler")


def test_columns_that_are_not_edited_here_are_told_with_their_cell(clerk: Keeper) -> None:
    sheet = clerk.fetch()
    edited(sheet, 0, {Field.LEAD: "市科学技术局", Field.DUE: date(2024, 3, 31), Field.NOTE: "请核对"})
    edited(sheet, 1, {Field.NUMBER: 7, Field.TITLE: "校舍危旧"})
    edited(sheet, 2, {Field.STANDING: "已完成", Field.CLOSED: "2023年9月12日"})
    outcome = clerk.take(sheet)
    assert fates(outcome) == [(1, "refused"), (2, "refused"), (3, "refused")]
    assert faults(outcome) == [
        (4, "D4", "牵头单位不能在台账里改，现在是“市教育局”"),
        (4, "H4", "时限不能在台账里改，现在是“2023-12-31”"),
        (5, "A5", "“序号”不能在台账里改，现在是“2”"),
        (5, "B5", "“问题”不能在台账里改，现在是“校舍老旧”"),
        (6, "J6", "完成情况由系统按验收、销号的记录填写，不能改"),
        (6, "K6", "销号日期由系统填写，不能改"),
    ]
    assert clerk.tracking.problem(1).note == ""


@pytest.mark.parametrize(
    ("field", "value", "place", "what"),
    [
        (Field.CLASSES, "马上改、小", "C5", "类别“马上改”不认识"),
        (Field.CLASSES, "限期整改、长期整改、小", "C5", "“时间”这一种分类填了两个"),
        (Field.SUPPORTING, "市财政厅", "E5", "“市财政厅”不在可填的范围内"),
        (Field.MEASURES, "【市民政局】1. 协助", "G5", "“市民政局”既不牵头也不配合这个问题"),
        (Field.PROGRESS, "已完成一半", "I5", "进展“已完成一半”没有以百分比开头"),
        (Field.PROGRESS, "50%（2023年9月31日）已完成一半", "I5", "“2023年9月31日”是不存在的日期"),
        (Field.PROGRESS, "50%（2023年10月1日）已完成一半", "I5", "进展的日期2023年10月1日（星期日）还没有到"),
        (Field.PROGRESS, "150% 已完成", "I5", "没有保存：完成百分比不能是150；请填写0到100之间的整数"),
        (Field.DUE, "明年", "H5", "“明年”不是可读的日期"),
        (Field.NOTE, "=1+1", "L5", "这一格是公式，而且没有算出的结果"),
        (Field.NOTE, instant("2023-09-01T00:00").replace(tzinfo=None), "L5", "这一格被表格软件当成了日期或时间"),
        (Field.LEADER, "长" * 101, "F5", None),
    ],
)
def test_what_cannot_be_taken_is_told_with_its_cell_and_the_rest_is_taken(
    clerk: Keeper, field: Field, value: object, place: str, what: str | None
) -> None:
    sheet = clerk.fetch().put(1, field, value).put(2, Field.NOTE, "请核对")
    for outcome in (clerk.look(sheet), clerk.take(sheet)):
        assert fates(outcome) == [(1, "untouched"), (2, "refused"), (3, "changed")]
        ((row, at, said),) = faults(outcome)
        assert (row, at) == (5, place)
        assert what is None or said == what
    assert clerk.tracking.problem(3).note == "请核对"


def test_measures_and_progress_are_not_taken_away(clerk: Keeper) -> None:
    sheet = edited(clerk.fetch(), 0, {Field.MEASURES: "调剂编制", Field.PROGRESS: None})
    assert faults(clerk.take(sheet)) == [
        (4, "G4", "少了原有的整改措施：1. 招聘教师四十名"),
        (4, "I4", "进展被清空了"),
    ]


def test_row_of_another_unit_or_campaign_is_unknown(handler: Keeper, clerk: Keeper) -> None:
    whole = clerk.fetch().put(2, Field.NOTE, "请核对")
    assert fates(handler.take(whole)) == [(1, "untouched"), (2, "untouched"), (None, "refused")]
    other = tracking_at(clerk.tracking.office, f"r{next(SLUGS)}")
    other.assigned(TIMED)
    outcome = clerk.take(Keeper(other, "office-1").fetch().put(0, Field.NOTE, "请核对"))
    assert faults(outcome) == [(4, "", f"台账里没有编号为“{other.slug}/1”的问题")]
    with refused("rectification.not_yours", campaign="2023年部门工作评议"):
        Keeper(clerk.tracking, "wjj-handler").take(whole)


def test_two_rows_of_one_problem_are_both_refused(clerk: Keeper) -> None:
    sheet = clerk.fetch().put(0, Field.NOTE, "请核对")
    for column in range(1, 16):
        sheet.page.cell(7, column).value = sheet.page.cell(4, column).value
    assert faults(clerk.take(sheet)) == [
        (4, "", "同一个问题还写在第7行"),
        (7, "", "同一个问题还写在第4行"),
    ]


def test_merged_cells_take_nothing_away_from_the_rows_below(clerk: Keeper) -> None:
    sheet = clerk.fetch().put(0, Field.NOTE, "请核对")
    sheet.page.merge_cells("E4:E5")
    outcome = clerk.take(sheet)
    assert fates(outcome) == [(1, "changed"), (2, "refused"), (3, "untouched")]
    assert faults(outcome) == [(5, "E5", "这里有合并的单元格")]
    assert {unit.code for unit in clerk.tracking.problem(2).supporting} == {"czj"}


def test_rows_that_were_typed_in_and_signatures_are_told(clerk: Keeper) -> None:
    sheet = clerk.fetch().put(3, Field.TITLE, "新的问题").put(0, Field.NOTE, "请核对")
    outcome = clerk.take(sheet)
    assert faults(outcome) == [(7, "", "这一行没有编号，不是台账里导出的问题")]
    assert fates(outcome)[0] == (1, "changed")


def test_row_without_its_hidden_cells_is_refused(clerk: Keeper) -> None:
    sheet = clerk.fetch().put(0, Field.NOTE, "请核对")
    sheet.page["O4"].value = "abc"
    assert faults(clerk.take(sheet)) == [(4, "", "这一行隐藏的版本、印记不完整")]


def test_file_that_is_no_register_is_refused(clerk: Keeper) -> None:
    sheet = clerk.fetch()
    sheet.page.delete_cols(13, 3)
    with refused("rectification.no_column", columns=["编号", "版本", "印记"]):
        clerk.take(sheet)
    sheet.workbook = Workbook()
    with refused("rectification.no_sheet", sheet="整改台账"):
        clerk.take(sheet)


def test_closed_problem_takes_a_note_and_nothing_else(clerk: Keeper) -> None:
    clerk.tracking.close_problem("2023-09-12T09:00", 1)
    sheet = clerk.fetch()
    outcome = clerk.take(edited(sheet, 0, {Field.PROGRESS: "100% 已完成", Field.NOTE: "请核对"}))
    assert faults(outcome) == [(4, "I4", "“进展”不能再改：这个问题正在核查，或者已经办结")]
    assert fates(clerk.take(clerk.fetch().put(0, Field.NOTE, "请核对")))[0] == (1, "changed")
