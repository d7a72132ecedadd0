import pytest

from appraisal.documents.panel_book import SHEET
from appraisal.operations import panel_import, panels
from appraisal.operations.office import Office
from appraisal.operations.panel_import import Preview
from tests.operations.conftest import SLUGS
from tests.operations.panel_world import panel, with_panels
from tests.operations.world import Campaign, refused

AT = "2023-09-04T10:00"
HEADINGS = ",".join(SHEET.headings)
SOUND = """
第一评议组,评议组,fgj-handler,组长,组长,市教育局、市民政局
第一评议组,,林示例,组员,专家,
暗访组,暗访组,czj-head,组长,组长,市教育局，jtj
"""


@pytest.fixture
def campaign(office: Office) -> Campaign:
    return with_panels(office, f"i{next(SLUGS)}")


@pytest.fixture(scope="module")
def unchanged(office: Office) -> Campaign:
    return with_panels(office, f"i{next(SLUGS)}")


def file(rows: str) -> bytes:
    return f"{HEADINGS}\n{rows.strip()}\n".encode()


def preview(campaign: Campaign, content: bytes, name: str = "评议组.csv") -> Preview:
    with campaign.desk("office-1", AT) as desk:
        return panel_import.preview_panels(desk, campaign.slug, content, name)


def take(campaign: Campaign, content: bytes, name: str = "评议组.csv") -> int:
    with campaign.desk("office-1", AT) as desk:
        return panel_import.import_panels(desk, campaign.slug, content, name)


def test_file_sets_every_panel_once(campaign: Campaign) -> None:
    assert [take(campaign, file(SOUND)) for _ in range(2)] == [2, 2]
    assert [unit.code for unit in panels.covered(panel(campaign))] == ["jyj", "mzj"]
    assert (panel(campaign, "p1").title, panel(campaign, "p1").kind) == ("暗访组", "undercover")
    assert len(campaign.facts("panel:set")) == 4


def test_preview_sets_nothing(unchanged: Campaign) -> None:
    before = len(unchanged.facts("panel:set"))
    found = preview(unchanged, file(SOUND))
    assert ([lines.title for lines in found.panels], found.faults) == (["第一评议组", "暗访组"], ())
    assert len(unchanged.facts("panel:set")) == before


def test_every_fault_is_named_by_row_and_column(unchanged: Campaign) -> None:
    rows = """
第三评议组,评议组,无此人,组长,组长,市教育局
第三评议组,暗访组,czj-head,局长,成员,教育局
第三评议组,,czj-head,组员,成员,
第三评议组,,czj-head,组员,成员,
,工作组,rsj-head,,成员,
"""
    found = preview(unchanged, file(rows))
    assert [(fault.row, fault.column, fault.what) for fault in found.faults] == [
        (2, "姓名或编号", "登记册里没有“无此人”（或已停用）"),
        (3, "角色", "没有评议组角色“局长”"),
        (3, "负责单位", "登记册里没有单位“教育局”（或已停用）"),
        (3, "种类", "与第2行同组，种类却不同"),
        (5, "姓名或编号", "“czj-head”与第4行同组同角色"),
        (6, "组", "必填而没有填"),
        (6, "角色", "没有写明角色"),
        (6, "种类", "没有种类“工作组”"),
    ]


def test_what_would_be_refused_is_named_with_its_panel(unchanged: Campaign) -> None:
    rows = """
第三评议组,,czj-head,组长,组长,市财政局
第四评议组,,rsj-head,组长,副组长,
"""
    found = preview(unchanged, file(rows))
    assert [fault.row for fault in found.faults] == [2, 3]
    assert found.faults[0].what.startswith("“第三评议组”没有设立，下列人员应当回避：杨样例在市财政局任局长")
    assert found.faults[1].what.startswith("“第四评议组”没有设立：没有组长")
    with refused("panel.faulty", count=2):
        take(unchanged, file(rows))


def test_unit_moves_from_one_panel_to_another_in_one_file(campaign: Campaign) -> None:
    rows = """
第二评议组,,wjj-handler,组长,组长,市教育局
第一评议组,,fgj-handler,组长,组长,市科学技术局
"""
    assert len(preview(campaign, file(rows)).faults) == 2
    moved = rows.replace("市科学技术局", "")
    take(campaign, file(moved))
    assert [unit.code for unit in panels.covered(panel(campaign, "g2"))] == ["jyj"]
    assert panels.covered(panel(campaign)) == []


def test_workbook_that_was_given_out_changes_nothing(unchanged: Campaign) -> None:
    before = len(unchanged.facts("panel:set"))
    with unchanged.office.store.reading() as session:
        content = panel_import.panels_as_book(session, unchanged.slug)
    assert take(unchanged, content, "评议组.xlsx") == 2
    assert len(unchanged.facts("panel:set")) == before


def test_formula_in_a_name_stays_a_text(unchanged: Campaign) -> None:
    found = preview(unchanged, file("=1+1,,fgj-handler,组长,组长,"))
    assert found.faults == ()
    assert found.panels[0].title == "=1+1"


def test_file_that_is_no_table_is_refused(unchanged: Campaign) -> None:
    with refused("register.not_a_workbook", file="评议组.xlsx"):
        preview(unchanged, b"nothing", "评议组.xlsx")
