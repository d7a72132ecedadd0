from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from appraisal.documents.rectification_sheet import Field
from appraisal.domain.measures import Measure
from appraisal.operations import measures, problem_notes, progress_reports, revising
from appraisal.operations.office import Office
from appraisal.operations.revising import draft_of
from appraisal.store.rectification_tables import MeasureProblemRow, MeasureRow, ProgressRow
from appraisal.store.register_tables import UnitRow
from tests.operations.conftest import SLUGS
from tests.operations.registering import AT, BEFORE, Keeper, changes, edited, fates, faults, register_at
from tests.operations.tracking import TIMED, Tracking

LATER = "2023-09-14T10:00"


@pytest.fixture
def tracking(office: Office) -> Tracking:
    return register_at(office, f"r{next(SLUGS)}")


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
        ("I4", "进展", "60%（2023年9月11日）已招聘二十名", "80% 已招聘三十二名"),
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


def test_what_is_refused_takes_its_whole_row_back(clerk: Keeper) -> None:
    sheet = edited(clerk.fetch(), 0, {Field.LEADER: "王副市长", Field.PROGRESS: "150% 已完成"})
    assert fates(clerk.take(sheet))[0] == (1, "refused")
    assert clerk.tracking.problem(1).leader == clerk.tracking.person("jyj-head").name


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
        ("I4", "进展", "", "【市财政局】40% 经费已列入追加预算"),
    ]
    assert faults(outcome) == [
        (5, "G5", "没有办理：您不负责市教育局的整改事项；请由该单位的承办人办理，或由办公室代录")
    ]
    assert fates(keeper.take(sheet))[0] == (1, "same")
    wrong = keeper.fetch().put(0, Field.PROGRESS, "90% 已到岗\n【市财政局】40% 经费已列入追加预算")
    assert faults(keeper.take(wrong)) == [(4, "I4", "牵头单位市教育局报的进展被改动或删去了")]


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
