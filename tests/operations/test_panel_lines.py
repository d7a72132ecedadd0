import pytest

from appraisal.operations.panel_lines import read_members, read_units
from tests.operations.panel_world import METHOD
from tests.operations.world import edition, refused


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("张三，组长，主任", ("张三", "panel_head", "主任")),
        ("张三 组员", ("张三", "panel_member", "")),
        ("fgj-head\tpanel_member\t专家", ("fgj-head", "panel_member", "专家")),
    ],
)
def test_member_is_read_from_a_line(line: str, expected: tuple[str, str, str]) -> None:
    assert read_members(edition(METHOD).method, f"\n{line}\n") == [expected]


def test_line_without_a_role_is_refused_by_its_number() -> None:
    with refused("panel.line_unread", line=2, text="李四", known=["组长", "组员"]):
        read_members(edition(METHOD).method, "张三，组长\n李四")


def test_units_are_read_however_they_are_parted() -> None:
    assert read_units("市教育局、jyj，\n 市民政局 \n") == ["市教育局", "jyj", "市民政局"]
