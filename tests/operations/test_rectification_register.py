from dataclasses import replace
from datetime import date, datetime

import pytest

from appraisal.documents.rectification_book import address
from appraisal.documents.rectification_sheet import LOOKS, Field
from appraisal.domain.measures import Measure
from appraisal.domain.problems import Draft
from appraisal.operations import measures, problem_notes, progress_reports, revising
from appraisal.operations.assigning import assign
from appraisal.operations.office import Office
from appraisal.operations.rectification_register import register_view
from appraisal.operations.rectification_rows import RegisterSought
from appraisal.operations.revising import draft_of
from tests.operations.conftest import SLUGS
from tests.operations.panel_world import with_panels
from tests.operations.registering import Keeper
from tests.operations.tracking import TIMED, Tracking, tracking_at
from tests.operations.world import instant, refused

AT = "2023-09-11T10:00"
PLACED = Draft("审批慢", "jyj", classes={"时限": "立行立改"}, leader="王副市长", due_on=date(2023, 12, 31))


@pytest.fixture
def tracking(office: Office) -> Tracking:
    """Three problems, one of them of another unit; two measures and a report on the first, a part of a supporter."""
    campaign = tracking_at(office, f"g{next(SLUGS)}")
    campaign.assigned(TIMED)
    campaign.assigned(TIMED, "科研经费不足", "kjj")
    campaign.assigned(TIMED, "校舍老旧")
    with campaign.desk("jyj-handler", AT) as desk:
        by = campaign.by("jyj-handler")
        for text in ("招聘教师\n四十名", "调剂编制"):
            measures.set_measure(desk, campaign.slug, "jyj", Measure((1,), text), by)
        progress_reports.report(desk, campaign.slug, 1, by, 60, "已招聘二十名")
        problem_notes.set_note(desk, campaign.slug, 1, campaign.person("jyj-handler"), "编制由市委编办核定")
    with campaign.desk("czj-handler", AT) as desk:
        by = campaign.by("czj-handler")
        measures.set_measure(desk, campaign.slug, "czj", Measure((1,), "安排经费"), by)
        progress_reports.report(desk, campaign.slug, 1, by, 30, "经费已列入追加预算", "czj")
    return campaign


@pytest.fixture
def office_keeper(tracking: Tracking) -> Keeper:
    return Keeper(tracking, "office-1")


def day(text: str) -> datetime:
    """As a cell holds it."""
    return instant(f"{text}T00:00").replace(tzinfo=None)


def test_register_says_what_offices_keep(office_keeper: Keeper) -> None:
    sheet = office_keeper.fetch()
    assert [cell.value for cell in sheet.page[3]] == [
        *["序号", "问题", "类别", "牵头单位", "配合单位", "责任领导", "整改措施", "时限", "进展", "完成情况"],
        *["销号日期", "备注", "编号", "版本", "印记"],
    ]
    assert sheet.row(0) == {
        "序号": 1,
        "问题": "教师编制不足",
        "类别": "限期整改、小",
        "牵头单位": "市教育局",
        "配合单位": "市财政局",
        "责任领导": office_keeper.tracking.person("jyj-head").name,
        "整改措施": "1. 招聘教师四十名\n2. 调剂编制\n【市财政局】1. 安排经费",
        "时限": day("2023-12-31"),
        "进展": "60%（2023年9月11日）已招聘二十名\n【市财政局】30%（2023年9月11日）经费已列入追加预算",
        "完成情况": "整改中，60%",
        "销号日期": None,
        "备注": "编制由市委编办核定",
    }
    assert sheet.page["A1"].value == "2023年部门工作评议整改台账"
    assert "可以改的是绿色表头的各列：类别、配合单位、责任领导、整改措施、进展、备注" in str(sheet.page["A2"].value)


def test_register_tells_when_a_problem_was_closed_and_what_is_late(office_keeper: Keeper) -> None:
    office_keeper.tracking.close_problem("2023-09-12T09:00", 1)
    sheet = office_keeper.fetch("2024-01-01T10:00")
    assert [(sheet.get(row, Field.STANDING), sheet.get(row, Field.CLOSED)) for row in range(2)] == [
        ("已销号", day("2023-09-12")),
        ("整改中，0%，已逾期", None),
    ]


def test_what_was_not_assigned_is_not_in_the_register(office_keeper: Keeper) -> None:
    tracking = office_keeper.tracking
    tracking.record(replace(draft_of(tracking.problem(1)), title="没有交办"))
    assert office_keeper.fetch().numbers() == [1, 2, 3]


def test_register_is_narrowed_by_unit_and_by_leader(office_keeper: Keeper) -> None:
    tracking = office_keeper.tracking
    with tracking.desk("office-1", AT) as desk:
        draft = replace(draft_of(tracking.problem(3)), leader="王副市长")
        revising.revise(desk, tracking.slug, 3, draft)
    assert office_keeper.fetch(unit="jyj").numbers() == [1, 3]
    narrow = office_keeper.fetch(leader="王副市长")
    assert narrow.numbers() == [3]
    assert "共 1 个问题（王副市长）" in str(narrow.page["A2"].value)


def test_register_is_narrowed_by_the_panels_that_cover_the_lead_unit(office: Office) -> None:
    tracking = Tracking(office, with_panels(office, f"g{next(SLUGS)}").slug)
    for title, unit in (("审批慢", "jyj"), ("经费不足", "kjj"), ("校舍老旧", "jyj")):
        number = tracking.record(replace(PLACED, title=title, unit=unit))
        with tracking.desk("office-1", AT) as desk:
            assign(desk, tracking.slug, [number])
    clerk = Keeper(tracking, "office-1")
    assert clerk.fetch(panel="g1").numbers() == [1, 3]
    narrow = clerk.fetch(panel="g2")
    assert narrow.numbers() == [2]
    assert "共 1 个问题（第二评议组）" in str(narrow.page["A2"].value)
    assert "共 0 个问题（市教育局、第二评议组）" in str(clerk.fetch(panel="g2", unit="jyj").page["A2"].value)
    with office.store.reading() as session:
        person, on = tracking.person("office-1"), instant(AT).date()
        view = register_view(session, tracking.slug, person, on, RegisterSought(panel="g1"))
    assert (view.count, view.everything, view.panels) == (2, 3, [("g1", "第一评议组"), ("g2", "第二评议组")])


def test_unit_has_what_it_leads_on_and_what_it_supports(tracking: Tracking) -> None:
    assert [Keeper(tracking, f"{unit}-handler").fetch().numbers() for unit in ("jyj", "kjj", "czj")] == [
        [1, 3],
        [2],
        [1, 2, 3],
    ]
    with refused("rectification.not_yours", campaign="2023年部门工作评议"):
        Keeper(tracking, "wjj-handler").fetch()


def test_only_what_somebody_may_change_is_unlocked(tracking: Tracking) -> None:
    tracking.close_problem("2023-09-12T09:00", 3)
    for who, open_ones, over in (
        ("office-1", {"类别", "配合单位", "责任领导", "整改措施", "进展", "备注"}, {"备注"}),
        ("jyj-handler", {"整改措施", "进展", "备注"}, {"备注"}),
        ("czj-handler", {"整改措施", "进展", "备注"}, {"备注"}),
    ):
        page = Keeper(tracking, who).fetch().page
        assert page.protection.sheet
        unlocked = [
            {LOOKS[field].heading for field in Field if not page[address(field, row)].protection.locked}
            for row in (4, page.max_row)
        ]
        assert unlocked == [open_ones, over]


def test_register_is_laid_out_to_be_printed_and_edited(office_keeper: Keeper) -> None:
    page = office_keeper.fetch().page
    setup = page.page_setup
    assert (setup.orientation, str(setup.paperSize), setup.fitToWidth, setup.fitToHeight) == ("landscape", "9", 1, 0)
    assert (page.freeze_panes, page.print_title_rows, page.auto_filter.ref) == ("C4", "$3:$3", "A3:O6")
    assert [page.column_dimensions[letter].hidden for letter in "LMNO"] == [False, True, True, True]
    assert page["G4"].alignment.wrap_text
    assert page["G4"].border.left.style == "thin"
    assert page["H4"].number_format == 'yyyy"年"m"月"d"日"'
    rules = {str(rule.sqref): rule.formula1 for rule in page.data_validations.dataValidation}
    assert rules == {"C4:C6": "'选项'!$A$2:$A$7", "F4:F6": "'选项'!$B$2:$B$3"}


def test_text_that_looks_like_a_formula_stays_text(office_keeper: Keeper) -> None:
    tracking = office_keeper.tracking
    with tracking.desk("office-1", AT) as desk:
        problem_notes.set_note(desk, tracking.slug, 1, tracking.person("office-1"), "=cmd|' /C calc'!A0")
    cell = office_keeper.fetch().page["L4"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=cmd|' /C calc'!A0", "s", True)


def test_view_offers_what_the_register_can_be_narrowed_by(tracking: Tracking) -> None:
    with tracking.office.store.reading() as session:
        person, on = tracking.person("office-1"), instant(AT).date()
        view = register_view(session, tracking.slug, person, on, RegisterSought(unit="kjj"))
    assert (view.count, view.everything, view.units) == (1, 3, [("jyj", "市教育局"), ("kjj", "市科学技术局")])
    assert view.editable == tuple(LOOKS[field].heading for field in Field if LOOKS[field].heading in view.editable)
