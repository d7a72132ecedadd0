"""The workbook of paper sheets: what it offers, and what is read back from it."""

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from appraisal.documents.survey_book import PaperFault, PaperLine, blank_book, read_papers
from appraisal.domain.refusal import Refusal
from appraisal.domain.survey import Survey
from appraisal.method.questionnaires import read_questionnaire

UNITS = ["市教育局", "市科学技术局"]
SURVEY = Path(__file__).parents[1] / "operations/data/enterprise-survey.yaml"
HEADINGS = [
    "编号",
    "您评价的部门",
    "1. 总体是否满意",
    "2. 不满意的原因",
    "3.1 服务意识",
    "3.2 执法行为",
    "4. 打分",
    "5. 建议",
    "作废原因",
]


@pytest.fixture
def survey() -> Survey:
    return read_questionnaire(SURVEY).questionnaire.survey()


def book(survey: Survey, *rows: list[object]) -> bytes:
    """The blank workbook, filled in."""
    found = load_workbook(BytesIO(blank_book(survey, UNITS)))
    for row in rows:
        found["纸质问卷"].append(row)
    return saved(found)


def saved(found: Workbook) -> bytes:
    content = BytesIO()
    found.save(content)
    return content.getvalue()


def test_blank_book_has_a_column_for_every_question(survey: Survey) -> None:
    sheet = load_workbook(BytesIO(blank_book(survey, UNITS)))["纸质问卷"]
    assert [cell.value for cell in sheet[1]] == HEADINGS
    assert {str(offered.sqref).split(":")[0] for offered in sheet.data_validations.dataValidation} == {
        "B2",
        "C2",
        "E2",
        "F2",
    }


def test_sheet_of_paper_is_read_by_title_or_number(survey: Survey) -> None:
    content = book(
        survey,
        [1, "市教育局", "不满意", "办理太慢；收费不清", "满意", "1", 85.0, "快一点", None],
        [2, "市科学技术局", 1, None, "满意;不满意", 2, "90", None, "涂改"],
    )
    parts = {"service": "good", "law": "good"}
    first = {"work": "bad", "why": ["slow", "costly"], "parts": parts, "mark": "85", "words": "快一点"}
    second = {"work": "good", "why": [], "parts": {"service": ["good", "bad"], "law": "bad"}, "mark": "90", "words": ""}
    assert read_papers(content, survey, UNITS) == (
        [PaperLine(2, first, "市教育局", ""), PaperLine(3, second, "市科学技术局", "涂改")],
        [],
    )


def test_every_cell_that_cannot_be_read_is_named(survey: Survey) -> None:
    content = book(survey, [1, "教育局", "马马虎虎", "态度生硬", "满意", "满意", "80", "", ""])
    _, faults = read_papers(content, survey, UNITS)
    assert faults == [
        PaperFault(
            2,
            "1. 总体是否满意",
            "paper.option",
            {"text": "马马虎虎", "known": ["满意", "基本满意", "不满意", "不了解"]},
        ),
        PaperFault(2, "您评价的部门", "paper.unit", {"text": "教育局"}),
    ]


def test_heading_that_is_missing_or_unknown_is_named(survey: Survey) -> None:
    found = load_workbook(BytesIO(blank_book(survey, UNITS)))
    found["纸质问卷"]["G1"] = "4. 评分"
    _, faults = read_papers(saved(found), survey, UNITS)
    assert [(fault.row, fault.column, fault.code) for fault in faults] == [
        (0, "4. 打分", "paper.column_missing"),
        (0, "4. 评分", "paper.column_unknown"),
    ]


def test_file_that_is_no_such_workbook_is_refused(survey: Survey) -> None:
    for content in (b"", b"PK\x03\x04 nonsense", b"not a workbook"):
        with pytest.raises(Refusal, match=r"paper\.not_a_workbook"):
            read_papers(content, survey, UNITS)
    with pytest.raises(Refusal, match=r"paper\.no_sheet"):
        read_papers(saved(Workbook()), survey, UNITS)


def test_formula_in_a_cell_is_refused(survey: Survey) -> None:
    _, faults = read_papers(book(survey, [1, "市教育局", "=A1", "", "满意", "满意", "80", "", ""]), survey, UNITS)
    assert [(fault.column, fault.code) for fault in faults] == [("1. 总体是否满意", "cell.formula")]
