"""The result sheet and the bulletin as Word files."""

import io
from dataclasses import replace

from docx import Document

from appraisal.documents.result_sheet import EMPTY, TurnoutLine, bulletin_docx, result_sheet_docx
from tests.documents.sheets import SHEET, UNIT, WHOLE, WORK

HELD = "2023年10月27日（星期五），市人大常委会第十四次会议对“2023年部门工作评议”"


def read(content: bytes) -> tuple[list[str], list[list[list[str]]]]:
    """The paragraphs that say something, and the tables."""
    document = Document(io.BytesIO(content))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    return [paragraph.text for paragraph in document.paragraphs if paragraph.text], tables


def test_sheet_has_the_turnout_the_result_and_lines_to_sign() -> None:
    paragraphs, tables = read(result_sheet_docx(SHEET))
    assert paragraphs == [
        "兰溪市人大常委会",
        "满意度测评结果报告单",
        "评议活动：2023年部门工作评议",
        "会　　议：市人大常委会第十四次会议（人大会议中心）",
        "日　　期：2023年10月27日（星期五）　　轮　　次：第 1 轮",
        "一、到会和票数",
        "二、结果",
        "单位：票",
        "监票人（签名）：　　　　　　　　　　　计票人（签名）：",
        "本轮监票人：张监票　　本轮计票人：王计票、李计票",
        "　　　　年　　月　　日",
        f"本轮指纹：{'ab12' * 16}",
        "附：演算",
        "市教育局：满意",
        "1）满意 28 票，占 32 票的 87.5%。",
        "2）定为“满意”。",
    ]
    assert tables == [
        [["投票人", "全体", "应到", "实到", "发出", "收回"], ["常委会<组成>人员", "33", "33", "32", "33", "33"]],
        [
            ["单位", "满意", "基本满意", "不满意", "无效", "弃权", "结果"],
            ["市教育局", "28", "3", "1", "0", "1", "满意"],
        ],
    ]


def test_sheet_has_a_table_a_unit_where_more_than_the_whole_was_rated() -> None:
    paragraphs, tables = read(result_sheet_docx(replace(SHEET, units=(replace(UNIT, parts=(WHOLE, WORK)),))))
    assert "1．市教育局：满意" in paragraphs
    assert tables[2] == [
        ["评价项", "满意", "基本满意", "不满意", "无效", "弃权"],
        ["总体", "28", "3", "1", "0", "1"],
        ["工作实绩", "20", "10", "2", "0", "1"],
    ]


def test_sheet_of_a_void_round_says_why_and_has_no_result() -> None:
    paragraphs, tables = read(result_sheet_docx(replace(SHEET, units=(), void="收回的比发出的多", digest="")))
    assert "本轮投票无效：收回的比发出的多" in paragraphs
    assert ("二、结果" in paragraphs, len(tables)) == (False, 1)
    assert [said for said in paragraphs if said.startswith("本轮指纹")] == []


def test_bulletin_says_what_was_found_of_each_unit() -> None:
    paragraphs, tables = read(bulletin_docx(SHEET))
    assert paragraphs == [
        "兰溪市人大常委会",
        "关于满意度测评结果的公告",
        "（稿）",
        f"{HELD}的1个单位进行满意度测评。应到33人，实到32人；发出33票，收回33票。结果公布如下：",
        "1．市教育局：满意（满意 28、基本满意 3、不满意 1）",
        "特此公告。",
        "兰溪市人大常委会",
        "　　　　年　　月　　日",
    ]
    assert tables == []


def test_bulletin_says_nothing_of_numbers_that_nobody_knows() -> None:
    outside = replace(SHEET, turnout=(TurnoutLine("企业", EMPTY, EMPTY, EMPTY, 200, 180),), number=2)
    paragraphs, _ = read(bulletin_docx(outside))
    assert paragraphs[3].endswith("的1个单位进行满意度测评（第2轮）。发出200票，收回180票。结果公布如下：")
