"""Figures of a closed questionnaire as they are shown and taken away."""

from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from appraisal.documents.survey_book import figures_book, figures_csv
from appraisal.operations.answers import Filled
from appraisal.operations.survey_results import Results, results_of
from appraisal.operations.survey_tables import question_grid, result_grids
from tests.operations.surveys import Asked, opened, sheet
from tests.operations.world import Campaign, refused


@pytest.fixture
def asked(campaign: Campaign) -> Asked:
    found = opened(campaign)
    found.papers_out(100)
    return found


def results(asked: Asked) -> Results:
    with asked.campaign.office.store.reading() as session:
        return results_of(session, asked.id)


def closed(asked: Asked, *papers: Filled) -> Results:
    asked.papers(papers)
    asked.close()
    return results(asked)


def test_results_are_refused_while_answers_still_come_in(asked: Asked) -> None:
    asked.papers([sheet()] * 20)
    with refused("questionnaire.results_open", questionnaire="企业问卷"):
        results(asked)


def test_results_of_too_few_valid_sheets_are_refused(asked: Asked) -> None:
    with refused("questionnaire.too_few", questionnaire="企业问卷", smallest=5):
        closed(asked, *[sheet()] * 4, *[sheet("")] * 10)


def test_results_count_valid_sheets_alone(asked: Asked) -> None:
    shown = closed(asked, *[sheet("good", words="=HYPERLINK(1)")] * 20, *[sheet("bad", mark="60")] * 10, sheet(""))
    work, why, service, law, mark, words = shown.questions
    assert (shown.counts.whole.returned, shown.counts.whole.valid) == (31, 30)
    assert (work.number, work.title, work.share) == ("1", "总体是否满意", "66.7%")
    assert work.counts == (("满意", 20), ("基本满意", 0), ("不满意", 10), ("不了解", 0))
    assert (why.withheld, why.counts) == (False, (("办理太慢", 10), ("态度生硬", 0), ("收费不清", 0)))
    assert (service.number, service.under, service.title, law.number) == ("3.1", "各方面是否满意", "服务意识", "3.2")
    assert mark.mean == Decimal("73.3")
    assert len(words.texts) == 20
    assert [(unit.name, unit.sheets) for unit in shown.units] == [("市教育局", 30)]


def test_small_groups_are_hidden_everywhere(asked: Asked) -> None:
    shown = closed(asked, *[sheet("good")] * 20, *[sheet("bad")] * 3, *[sheet("good", "kjj")] * 3)
    work, why = shown.questions[:2]
    assert work.counts == (("满意", None), ("基本满意", 0), ("不满意", None), ("不了解", 0))
    assert (work.share, work.has_share, why.withheld) == (None, True, True)
    assert [unit.sheets for unit in shown.units] == [None, None]
    cells = [cell for grid in result_grids(shown) for row in grid.rows for cell in row]
    assert 3 not in cells


def test_export_keeps_formulas_as_text(asked: Asked) -> None:
    shown = closed(asked, *[sheet("good", words="=1+1")] * 6, sheet("good", words="\x0b@SUM(A1)"))
    book = load_workbook(BytesIO(figures_book(result_grids(shown))))
    texts = [row[2] for row in book["文字意见"].iter_rows(min_row=2)]
    assert {(cell.value, cell.data_type) for cell in texts} == {("=1+1", "s"), ("@SUM(A1)", "s")}
    assert figures_csv(question_grid(shown)).decode("utf-8-sig").splitlines()[:2] == [
        "题号,题目,选项,人数",
        "1,总体是否满意,满意,7",
    ]
    assert "'=1+1" in figures_csv(result_grids(shown)[-1]).decode("utf-8-sig")
    assert book.sheetnames == ["发出与收回", "各题结果", "各单位", "文字意见"]
