from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from sqlalchemy import select

from appraisal.documents.rectification_sheet import Field
from appraisal.domain.measures import Measure
from appraisal.operations import measures, problem_notes, progress_reports, revising
from appraisal.operations.office import Office
from appraisal.operations.revising import draft_of
from appraisal.store.rectification_tables import MeasureProblemRow, MeasureRow, ProgressRow
from appraisal.store.register_tables import UnitRow
from tests.operations.conftest import SLUGS
from tests.operations.registering import AT, Keeper, changes, edited, fates, faults
from tests.operations.tracking import TIMED, Tracking, tracking_at
from tests.operations.world import refused

BEFORE = "2023-09-11T10:00"
LATER = "2023-09-14T10:00"


@pytest.fixture
def tracking(office: Office) -> Tracking:
    """Two problems of one unit that another supports, and one of a third; a measure and a report on the first."""
    campaign = tracking_at(office, f"r{next(SLUGS)}")
    campaign.assigned(TIMED)
    campaign.assigned(TIMED, "校舍老旧")
    campaign.assigned(TIMED, "科研经费不足", "kjj")
    with campaign.desk("jyj-handler", BEFORE) as desk:
        by = campaign.by("jyj-handler")
        measures.set_measure(desk, campaign.slug, "jyj", Measure((1,), "招聘教师四十名", percent=30), by)
        progress_reports.report(desk, campaign.slug, 1, by, 60, "已招聘二十名")
    return campaign


@pytest.fixture
def clerk(tracking: Tracking) -> Keeper:
    return Keeper(tracking, "office-1")


@pytest.fixture
def handler(tracking: Tracking) -> Keeper:
    return Keeper(tracking, "jyj-handler")


def measures_of(tracking: Tracking, number: int) -> list[tuple[str, int, str, int]]:
    problem = tracking.problem(number).id
    query = (
        select(UnitRow.code, MeasureRow.number, MeasureRow.text, MeasureRow.percent)
        .join(UnitRow, UnitRow.id == MeasureRow.unit_id)
        .join(MeasureProblemRow, MeasureProblemRow.measure_id == MeasureRow.id)
        .where(MeasureProblemRow.problem_id == problem)
    )
    with tracking.office.store.reading() as session:
        found = session.execute(query.order_by(UnitRow.code, MeasureRow.number))
        return [(unit, at, text, percent) for unit, at, text, percent in found]


def reports_of(tracking: Tracking, number: int) -> list[tuple[str, int, str]]:
    query = select(ProgressRow).where(ProgressRow.problem_id == tracking.problem(number).id)
    with tracking.office.store.reading() as session:
        rows = session.scalars(query.order_by(ProgressRow.position))
        return [(row.unit.code if row.unit else "", row.percent, row.text) for row in rows]


def test_untouched_register_changes_nothing(clerk: Keeper) -> None:
    sheet = clerk.fetch()
    before = len(clerk.tracking.facts("problem:classified", "measure:set", "problem:progressed", "problem:noted"))
    for outcome in (clerk.look(sheet), clerk.take(sheet), clerk.take(sheet, LATER)):
        assert fates(outcome) == [(1, "untouched"), (2, "untouched"), (3, "untouched")]
    assert before == len(
        clerk.tracking.facts("problem:classified", "measure:set", "problem:progressed", "problem:noted")
    )


EDITS: dict[Field, Any] = {
    Field.CLASSES: "长期整改、大",
    Field.SUPPORTING: "市财政局、kjj",
    Field.LEADER: "王副市长",
    Field.MEASURES: "1. 招聘教师五十名\n调剂编制\n【市财政局】安排经费",
    Field.PROGRESS: "80% 已招聘三十二名",
    Field.NOTE: "编制由市委编办核定\n另见会议纪要",
}


def test_office_edits_every_column_and_sees_it_beforehand(clerk: Keeper) -> None:
    tracking, sheet = clerk.tracking, edited(clerk.fetch(), 0, EDITS)
    seen = clerk.look(sheet)
    assert changes(seen) == [
        ("C4", "类别", "限期整改、小", "长期整改、大"),
        ("E4", "配合单位", "市财政局", "市财政局、市科学技术局"),
        ("F4", "责任领导", tracking.person("jyj-head").name, "王副市长"),
        ("G4", "整改措施", "1. 招聘教师四十名", "1. 招聘教师五十名"),
        ("G4", "整改措施", "", "调剂编制"),
        ("G4", "整改措施", "", "【市财政局】安排经费"),
        ("I4", "进展", "60%（2023年9月11日）已招聘二十名", "80%已招聘三十二名"),
        ("L4", "备注", "", "编制由市委编办核定\n另见会议纪要"),
    ]
    assert tracking.problem(1).leader == tracking.person("jyj-head").name
    assert clerk.take(sheet) == seen
    row = tracking.problem(1)
    assert (row.classes, row.leader, row.note, row.percent) == (
        {"time": "long", "size": "large"},
        "王副市长",
        "编制由市委编办核定\n另见会议纪要",
        80,
    )
    assert {unit.code for unit in row.supporting} == {"czj", "kjj"}
    assert measures_of(tracking, 1) == [
        ("czj", 1, "安排经费", 0),
        ("jyj", 1, "招聘教师五十名", 30),
        ("jyj", 2, "调剂编制", 0),
    ]
    assert reports_of(tracking, 1) == [("jyj", 60, "已招聘二十名"), ("jyj", 80, "已招聘三十二名")]
    assert [fact["offline"] for fact in tracking.facts("measure:set")][-1:] == [True]
    assert "halfway" in [key for key, _ in tracking.owed(1)]


def test_same_register_a_second_time_is_so_already(clerk: Keeper) -> None:
    sheet = edited(clerk.fetch(), 0, EDITS)
    clerk.take(sheet)
    version = clerk.tracking.problem(1).version
    for at in (AT, LATER):
        assert fates(clerk.take(sheet, at)) == [(1, "same"), (2, "untouched"), (3, "untouched")]
    assert clerk.tracking.problem(1).version == version


def test_row_that_somebody_changed_since_is_refused_by_itself(clerk: Keeper) -> None:
    tracking = clerk.tracking
    sheet = clerk.fetch().put(0, Field.NOTE, "请核对").put(1, Field.NOTE, "市财政已安排").put(2, Field.LEADER, "李局长")
    with tracking.desk("jyj-handler", "2023-09-12T11:00") as desk:
        progress_reports.report(desk, tracking.slug, 1, tracking.by("jyj-handler"), 70, "又招聘四名")
    outcome = clerk.take(sheet, LATER)
    assert fates(outcome) == [(1, "refused"), (2, "changed"), (3, "changed")]
    name = tracking.person("jyj-handler").name
    assert faults(outcome) == [
        (
            4,
            "",
            f"导出以后这个问题有了变动（最近一次：{name}2023年9月12日（星期二）11:00），变动的有：进展、完成情况",
        )
    ]
    assert [tracking.problem(number).note for number in (1, 2)] == ["", "市财政已安排"]


def test_row_that_was_not_edited_is_no_conflict_whatever_happened_since(clerk: Keeper) -> None:
    tracking, sheet = clerk.tracking, clerk.fetch()
    with tracking.desk("office-1", "2023-09-12T11:00") as desk:
        revising.revise(desk, tracking.slug, 1, replace(draft_of(tracking.problem(1)), title="教师编制短缺"))
    assert fates(clerk.take(sheet, LATER)) == [(1, "untouched"), (2, "untouched"), (3, "untouched")]
    assert tracking.problem(1).title == "教师编制短缺"


def test_measure_that_somebody_changed_since_is_not_overwritten(clerk: Keeper) -> None:
    tracking, sheet = clerk.tracking, clerk.fetch().put(0, Field.MEASURES, "1. 招聘教师五十名")
    with tracking.desk("jyj-handler", "2023-09-12T11:00") as desk:
        wanted = Measure((1,), "招聘教师三十名", percent=30)
        measures.set_measure(desk, tracking.slug, "jyj", wanted, tracking.by("jyj-handler"), 1)
    outcome = clerk.take(sheet, LATER)
    assert fates(outcome)[0] == (1, "refused")
    assert faults(outcome)[0][2].endswith("变动的有：整改措施")
    assert measures_of(tracking, 1) == [("jyj", 1, "招聘教师三十名", 30)]


def test_measure_of_two_problems_that_two_rows_write_differently_is_taken_once(handler: Keeper) -> None:
    tracking = handler.tracking
    with tracking.desk("jyj-handler", BEFORE) as desk:
        measures.set_measure(desk, tracking.slug, "jyj", Measure((1, 2), "加固校舍"), tracking.by("jyj-handler"))
    sheet = handler.fetch()
    sheet.put(0, Field.MEASURES, "1. 招聘教师四十名\n2. 加固校舍三处").put(1, Field.MEASURES, "2. 加固校舍五处")
    outcome = handler.take(sheet)
    assert fates(outcome) == [(1, "changed"), (2, "refused")]
    assert [text for _, number, text, _ in measures_of(tracking, 2) if number == 2] == ["加固校舍三处"]


def test_rows_that_are_gone_or_moved_change_nothing(clerk: Keeper) -> None:
    sheet = clerk.fetch()
    sheet.page.delete_rows(5)
    sheet.put(1, Field.NOTE, "请核对")
    assert fates(clerk.take(sheet)) == [(1, "untouched"), (3, "changed")]
    assert clerk.tracking.problem(3).note == "请核对"


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
        (Field.NOTE, datetime(2023, 9, 1), "L5", "这一格被表格软件当成了日期或时间"),
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


def test_what_is_refused_takes_its_whole_row_back(clerk: Keeper) -> None:
    sheet = edited(clerk.fetch(), 0, {Field.LEADER: "王副市长", Field.PROGRESS: "150% 已完成"})
    assert fates(clerk.take(sheet))[0] == (1, "refused")
    assert clerk.tracking.problem(1).leader == clerk.tracking.person("jyj-head").name


def test_measures_and_progress_are_not_taken_away(clerk: Keeper) -> None:
    sheet = edited(clerk.fetch(), 0, {Field.MEASURES: "调剂编制", Field.PROGRESS: None})
    assert faults(clerk.take(sheet)) == [
        (4, "G4", "少了原有的整改措施：1. 招聘教师四十名"),
        (4, "I4", "进展被清空了"),
    ]


def test_new_report_may_stand_below_the_old_one_and_say_its_day(clerk: Keeper) -> None:
    old = clerk.fetch().get(0, Field.PROGRESS)
    sheet = clerk.fetch().put(0, Field.PROGRESS, f"{old}\n70%（2023年9月10日）到岗二十四名")
    assert [fates(clerk.take(sheet, at))[0] for at in (AT, LATER)] == [(1, "changed"), (1, "same")]
    assert reports_of(clerk.tracking, 1)[1:] == [("jyj", 70, "2023年9月10日：到岗二十四名")]


def test_unit_edits_its_measures_its_progress_and_the_note_alone(handler: Keeper) -> None:
    tracking, sheet = handler.tracking, handler.fetch()
    edited(sheet, 0, {field: EDITS[field] for field in (Field.PROGRESS, Field.NOTE)})
    sheet.put(0, Field.MEASURES, "1. 招聘教师五十名").put(1, Field.LEADER, "王副局长")
    outcome = handler.take(sheet)
    assert fates(outcome) == [(1, "changed"), (2, "refused")]
    assert faults(outcome)[0][1:] == ("F5", f"“责任领导”不能在台账里改，现在是“{tracking.person('jyj-head').name}”")
    assert tracking.facts("measure:set")[-1]["offline"] is False


def test_supporting_unit_writes_its_own_part_and_not_that_of_the_lead(tracking: Tracking) -> None:
    keeper = Keeper(tracking, "czj-handler")
    sheet = keeper.fetch()
    sheet.put(0, Field.MEASURES, f"{sheet.get(0, Field.MEASURES)}\n安排经费")
    sheet.put(0, Field.PROGRESS, f"{sheet.get(0, Field.PROGRESS)}\n40% 经费已列入追加预算")
    sheet.put(1, Field.MEASURES, "【市教育局】加固校舍")
    outcome = keeper.take(sheet)
    assert changes(outcome) == [
        ("G4", "整改措施", "", "【市财政局】安排经费"),
        ("I4", "进展", "", "【市财政局】40%经费已列入追加预算"),
    ]
    assert faults(outcome) == [
        (5, "G5", "没有办理：您不负责市教育局的整改事项；请由该单位的承办人办理，或由办公室代录")
    ]
    assert fates(keeper.take(sheet))[0] == (1, "same")
    wrong = keeper.fetch().put(0, Field.PROGRESS, "90% 已到岗\n【市财政局】40% 经费已列入追加预算")
    assert faults(keeper.take(wrong)) == [(4, "I4", "牵头单位市教育局报的进展被改动或删去了")]


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


def test_leader_left_empty_is_whom_the_method_names(clerk: Keeper) -> None:
    clerk.take(clerk.fetch().put(0, Field.LEADER, "王副市长"))
    sheet = clerk.fetch().put(0, Field.LEADER, None)
    assert [fates(clerk.take(sheet))[0] for _ in range(2)] == [(1, "changed"), (1, "same")]
    assert clerk.tracking.problem(1).leader == clerk.tracking.person("jyj-head").name


_WRITTEN = st.text(
    st.one_of(
        st.sampled_from("整改一二三 \n\t　、，；：%（）【】1234.=+-@'\u200b_x000D_"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\x00"),
    ),
    min_size=1,
    max_size=60,
)


@given(note=_WRITTEN, measure=_WRITTEN, progress=_WRITTEN)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_people_wrote_an_untouched_register_changes_nothing(
    tracking: Tracking, note: str, measure: str, progress: str
) -> None:
    number = tracking.assigned(TIMED, f"问题{next(SLUGS)}")
    with tracking.desk("jyj-handler", BEFORE) as desk:
        by = tracking.by("jyj-handler")
        problem_notes.set_note(desk, tracking.slug, number, by.person, note)
        if measure.strip() and progress.strip():
            measures.set_measure(desk, tracking.slug, "jyj", Measure((number,), measure), by)
            progress_reports.report(desk, tracking.slug, number, by, 10, progress)
    clerk = Keeper(tracking, "office-1")
    sheet = clerk.fetch()
    assert {row.fate for row in clerk.take(sheet).rows} == {"untouched"}
    touched = sheet.put(sheet.numbers().index(number), Field.LEADER, "王副市长")
    assert [len(row.changes) for row in clerk.take(touched).rows if row.fate != "untouched"] == [1]
