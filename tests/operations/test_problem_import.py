import io
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from appraisal.domain.problems import Draft
from appraisal.operations import problem_import
from appraisal.operations.assigning import assign
from appraisal.operations.office import Office
from appraisal.operations.problem_import import Imported, Preview
from appraisal.operations.problem_list import ProblemsSought
from appraisal.operations.problems import problem_by
from tests.operations.listing import AT, Listing
from tests.operations.panel_world import with_panels
from tests.operations.world import Campaign, refused

HEADINGS = ["序号", "问题", "详情", "时间", "要素", "牵头单位", "配合单位", "责任领导", "时限", "来源"]
ROWS = [
    [
        1,
        "教师编制不足",
        "城区小学缺编",
        "长期整改",
        "政务服务环境",
        "市教育局",
        "市财政局、kjj",
        "",
        "2023年10月31日",
        "座谈会",
    ],
    [2, "证照办理超时", "", "立行立改", "法治环境", "市科学技术局", "", "王局长", date(2023, 9, 30), "12345热线"],
    [3, "道路积水", "", "", "", "", "", "", "", ""],
]


def book(rows: list[list[object]], headings: list[str] = HEADINGS) -> bytes:
    workbook = Workbook()
    page = workbook.active
    assert page is not None
    page.title = "问题清单"
    lines: list[list[Any]] = [headings, *rows]
    for line in lines:
        page.append(line)
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def csv(rows: list[list[object]]) -> bytes:
    lines: list[list[Any]] = [HEADINGS, *rows]
    return "\n".join(",".join(str(cell) for cell in line) for line in lines).encode("utf-8-sig")


def look(listing: Campaign, content: bytes, name: str = "清单.xlsx") -> Preview:
    with listing.office.store.reading() as session:
        return problem_import.preview(session, listing.slug, content, name)


def take(listing: Campaign, content: bytes, name: str = "清单.xlsx") -> Imported:
    with listing.desk("office-1", AT) as desk:
        return problem_import.import_problems(desk, listing.slug, content, name)


def cells(content: bytes) -> list[tuple[object, ...]]:
    page = load_workbook(io.BytesIO(content)).worksheets[0]
    return list(page.iter_rows(values_only=True))


@pytest.mark.parametrize("name", ["清单.xlsx", "清单.csv"])
def test_file_is_taken_in_once(listing: Listing, name: str) -> None:
    content = book(ROWS) if name.endswith("xlsx") else csv(ROWS)
    seen = look(listing, content, name)
    assert (seen.faults, seen.fresh, seen.known) == ((), 3, 0)
    assert [take(listing, content, name) for _ in range(2)] == [Imported(3, 0), Imported(0, 3)]
    assert look(listing, content, name).fresh == 0
    first = listing.problem(1)
    assert (first.title, first.detail, first.due_on) == ("教师编制不足", "城区小学缺编", date(2023, 10, 31))
    assert (first.classes, first.leader) == ({"time": "long", "element": "service"}, listing.person("jyj-head").name)
    assert {unit.code for unit in first.supporting} == {"czj", "kjj"}
    assert [listing.findings(number) for number in (1, 2)] == [
        [("seminar", "城区小学缺编")],
        [("entered", "证照办理超时")],
    ]
    assert (listing.problem(3).unit, listing.problem(3).classes) == (None, {})


def test_every_fault_is_named_by_row_and_column_and_nothing_is_taken_in(listing: Listing) -> None:
    rows: list[list[object]] = [
        [1, "", "", "马上", "", "市教育厅", "", "", "2023年9月31日", ""],
        [2, "校舍老旧", "", "", "", "市教育局", "市教育局", "", "", ""],
        [3, "校舍老旧", "", "", "", "jyj", "", "", "", ""],
    ]
    told = [(fault.row, fault.column) for fault in look(listing, book(rows)).faults]
    assert told == [
        (2, "问题"),
        (2, "时限"),
        (2, "牵头单位"),
        (2, "时间"),
        (3, "配合单位"),
        (4, "问题"),
    ]
    with refused("problem.faulty", count=6):
        take(listing, book(rows))
    assert listing.facts("problem:recorded") == []


def test_columns_that_are_not_needed_may_be_left_out_and_strange_ones_are_named(listing: Listing) -> None:
    assert look(listing, book([["教师编制不足"]], ["问题"])).fresh == 1
    faults = look(listing, book([["教师编制不足", "小"]], ["问题", "大小"])).faults
    assert [(fault.row, fault.column) for fault in faults] == [(1, "B")]


def test_template_offers_the_columns_of_the_method(listing: Listing) -> None:
    with listing.office.store.reading() as session:
        headings = cells(problem_import.template(session, listing.slug))[0]
    assert headings[:6] == ("序号", "问题", "详情", "整改目标", "时间", "要素")


def test_register_tells_where_each_problem_stands_and_can_be_taken_in_again(listing: Listing) -> None:
    take(listing, book(ROWS[:2]))
    listing.record(Draft("=cmd|' /C calc'!A0", "jyj"))
    with listing.desk("office-1", AT) as desk:
        assign(desk, listing.slug, [1])
    with listing.office.store.reading() as session:
        content = problem_import.problem_register(session, listing.slug, ProblemsSought())
    lines = cells(content)
    assert [line[0] for line in lines] == ["序号", 1, 2, 3]
    assert lines[1][-2:] == ("座谈会", "整改中")
    page = load_workbook(io.BytesIO(content)).worksheets[0]
    assert (page["B4"].value, page["B4"].data_type, page["B4"].quotePrefix) == ("=cmd|' /C calc'!A0", "s", True)
    assert look(listing, content).fresh == 0


def test_ranking_is_given_out_as_a_workbook(listing: Listing) -> None:
    take(listing, book(ROWS[:2]))
    with listing.office.store.reading() as session:
        lines = cells(problem_import.ranking_register(session, listing.slug))
    assert lines == [
        ("名次", "单位", "问题数", "整改中", "已销号"),
        (1, "市教育局", 1, 0, 0),
        (1, "市科学技术局", 1, 0, 0),
    ]


def test_axis_titled_like_a_column_of_every_list_has_a_column_of_its_own(office: Office) -> None:
    campaign = with_panels(office, "import-axis")
    headings = ["问题", "时限（分类）", "牵头单位", "时限"]
    content = book([["教师编制不足", "长期整改", "市教育局", "2023年10月31日"]], headings)
    assert [take(campaign, content) for _ in range(2)] == [Imported(1, 0), Imported(0, 1)]
    with campaign.office.store.reading() as session:
        row = problem_by(session, campaign.slug, 1)
        empty = problem_import.template(session, campaign.slug)
        register = problem_import.problem_register(session, campaign.slug, ProblemsSought())
    assert (row.classes, row.due_on) == ({"time": "long_term"}, date(2023, 10, 31))
    assert cells(empty)[0][4:9] == ("时限（分类）", "牵头单位", "配合单位", "责任领导", "时限")
    assert cells(register)[1][4] == "长期整改"
    assert [(look(campaign, file).faults, look(campaign, file).fresh) for file in (empty, register)] == [((), 0)] * 2


def test_choices_stand_under_the_column_of_the_axis(office: Office) -> None:
    campaign = with_panels(office, "import-choices")
    with campaign.office.store.reading() as session:
        workbook = load_workbook(io.BytesIO(problem_import.template(session, campaign.slug)))
    offered = workbook["问题清单"].data_validations.dataValidation
    assert [str(rule.sqref).split(":")[0] for rule in offered] == ["E2", "F2"]
    assert [cell.value for cell in workbook["选项"]["A"][:3]] == ["时限（分类）", "立行立改", "长期整改"]
