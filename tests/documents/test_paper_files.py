"""Files of papers: long and wide, in either encoding, and every fault named at once with its row."""

from pathlib import Path

import pytest

from appraisal.documents.paper_files import FaultyPapers, Papers, read_papers
from appraisal.domain.count import SITTING, VOTERS, Line, Verdict
from appraisal.domain.refusal import Refusal
from appraisal.notices.wording import has_phrase, phrase
from tests.domain.votes import terms

V = Verdict.VALID


def read(folder: Path, text: str, name: str = "ballots-all-members", encoding: str = "utf-8") -> Papers:
    file = folder / "papers.csv"
    file.write_bytes(text.encode(encoding))
    return read_papers(file, terms(name), "本单位")


def faults(folder: Path, text: str, name: str = "ballots-all-members") -> list[tuple[int, str]]:
    with pytest.raises(FaultyPapers) as refused:
        read(folder, text, name)
    for fault in refused.value.found:
        assert has_phrase(fault.code)
        assert phrase(fault.code, **fault.facts)
    return [(fault.row, fault.code.removeprefix("papers.")) for fault in refused.value.found]


def line(unit: str, mark: str, number: int, verdict: Verdict = V, subject: str = "") -> Line:
    return Line(SITTING, VOTERS, unit, subject, mark, verdict, number)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_long_form_is_read_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    text = "单位,票,张数\r\n教育局,满意,3\r\n教育局,基本满意,1\r\n卫健局,,2\r\n卫健局,满意;不满意,1\r\n"
    found = read(tmp_path, text, encoding=encoding)
    assert found.units == ("教育局", "卫健局")
    assert found.lines == (
        line("卫健局", "", 2, Verdict.ABSTAINED),
        line("卫健局", "", 1, Verdict.INVALID),
        line("教育局", "basic", 1),
        line("教育局", "satisfied", 3),
    )


def test_wide_form_has_a_paper_in_each_row(tmp_path: Path) -> None:
    found = read(tmp_path, "票号,教育局,卫健局\n1,满意,不满意\n2,,satisfied\n3,弃权,无效\n")
    assert found.units == ("教育局", "卫健局")
    assert found.lines == (
        line("卫健局", "", 1, Verdict.INVALID),
        line("卫健局", "dissatisfied", 1),
        line("卫健局", "satisfied", 1),
        line("教育局", "", 2, Verdict.ABSTAINED),
        line("教育局", "satisfied", 1),
    )


def test_row_of_empty_cells_is_a_blank_paper_and_an_empty_line_is_none(tmp_path: Path) -> None:
    found = read(tmp_path, "教育局,卫健局\n满意,满意\n,\n\n")
    assert found.lines == (
        line("卫健局", "", 1, Verdict.ABSTAINED),
        line("卫健局", "satisfied", 1),
        line("教育局", "", 1, Verdict.ABSTAINED),
        line("教育局", "satisfied", 1),
    )


@pytest.mark.parametrize("heading", ["票", "mark", "总体"])
def test_file_without_a_unit_is_about_one_unit(tmp_path: Path, heading: str) -> None:
    found = read(tmp_path, f"{heading},count\n满意,28\nbasic,3\n空白,1\n")
    assert found.units == ("本单位",)
    assert found.lines == (
        line("本单位", "", 1, Verdict.ABSTAINED),
        line("本单位", "basic", 3),
        line("本单位", "satisfied", 28),
    )


@pytest.mark.parametrize(
    "cell", ["满意;不满意", "满意；不满意", "满意|不满意", "满意/不满意", "满意、不满意", "满意+不满意"]
)
def test_several_marks_stand_in_one_cell(tmp_path: Path, cell: str) -> None:
    assert read(tmp_path, f"单位,票\n教育局,{cell}\n").lines == (line("教育局", "", 1, Verdict.INVALID),)


def test_dimensions_are_columns_or_rows_or_parts_of_a_heading(tmp_path: Path) -> None:
    name = "ballots-dimensions"
    expected = (
        line("教育局", "satisfied", 2, subject="law"),
        line("教育局", "", 2, Verdict.ABSTAINED, subject="style"),
        line("教育局", "basic", 2, subject="work"),
    )
    columns = "单位,依法行政,work,作风建设,张数\n教育局,满意,基本满意,,2\n"
    rows = "单位,评价项,票,张数\n教育局,依法行政,满意,2\n教育局,work,基本满意,2\n教育局,style,,2\n"
    headings = "教育局·依法行政,教育局·履职成效,教育局：作风建设\n满意,基本满意,\n满意,基本满意,空白\n"
    numbered = "票号,单位,评价项,票\n" + "".join(
        f"{number},教育局,{subject},{mark}\n"
        for number in (1, 2)
        for subject, mark in (("law", "满意"), ("work", "基本满意"), ("style", ""))
    )
    for text in (columns, rows, headings, numbered):
        assert read(tmp_path, text, name).lines == expected


def test_rows_of_one_paper_are_judged_together(tmp_path: Path) -> None:
    text = "票号,单位,票\n1,教育局,满意\n1,卫健局,满意;基本满意\n2,卫健局,满意\n2,教育局,满意\n"
    assert read(tmp_path, text, "ballots-valid").lines == (
        line("卫健局", "", 1, Verdict.INVALID),
        line("卫健局", "satisfied", 1),
        line("教育局", "", 1, Verdict.INVALID),
        line("教育局", "satisfied", 1),
    )


def test_ranking_may_leave_units_without_a_row(tmp_path: Path) -> None:
    found = read(tmp_path, "票号,单位,票\n1,甲局,1\n1,乙局,2\n2,乙局,1\n", "ballots-ranking")
    assert found.lines == (
        line("乙局", "1", 1),
        line("乙局", "2", 1),
        line("甲局", "", 1),
        line("甲局", "1", 1),
    )


def test_approval_is_marked_in_many_ways(tmp_path: Path) -> None:
    text = "甲局,乙局,丙局\n1,√,\n赞成,,0\n同意,否,是\n1,1,1\n"
    assert read(tmp_path, text, "ballots-approve").lines == (
        line("丙局", "", 1, Verdict.INVALID),
        line("丙局", "", 2),
        line("丙局", "approve", 1),
        line("乙局", "", 1, Verdict.INVALID),
        line("乙局", "", 2),
        line("乙局", "approve", 1),
        line("甲局", "", 1, Verdict.INVALID),
        line("甲局", "approve", 3),
    )


def test_score_off_the_scale_is_an_invalid_paper_and_a_word_is_a_fault(tmp_path: Path) -> None:
    assert read(tmp_path, "单位,票\n甲局,９.5\n甲局,11\n", "ballots-trimmed").lines == (
        line("甲局", "", 1, Verdict.INVALID),
        line("甲局", "9.5", 1),
    )
    assert faults(tmp_path, "单位,票\n甲局,很好\n", "ballots-trimmed") == [(2, "mark_unknown.score")]


def test_channels_and_classes_go_by_key_or_title(tmp_path: Path) -> None:
    text = "渠道,类别,单位,票\n会议测评,人大代表,教育局,满意\nmeeting,members,教育局,不了解\nsurvey,,教育局,满意\n"
    assert read(tmp_path, text, "ballots-channels").lines == (
        Line("meeting", "deputies", "教育局", "", "satisfied", V, 1),
        Line("meeting", "members", "教育局", "", "unknown", V, 1),
        Line("survey", VOTERS, "教育局", "", "satisfied", V, 1),
    )


def test_class_may_stay_unnamed_where_no_rule_asks_for_it(tmp_path: Path) -> None:
    assert read(tmp_path, "单位,票\n教育局,满意\n", "ballots-rounds").lines == (line("教育局", "satisfied", 1),)


def test_every_fault_of_the_rows_is_named_at_once(tmp_path: Path) -> None:
    text = (
        "渠道,类别,单位,票,张数\n"
        "会议测评,,教育局,满意,1\n"
        "会议,members,教育局,满意,1\n"
        "会议测评,委员,教育局,很满意,1\n"
        "会议测评,members,,满意,一\n"
        "会议测评,members,教育局,满意,-1,多\n"
        ",members,教育局,满意,1\n"
        "会议测评,members,教育局,满意,\n"
    )
    assert faults(tmp_path, text, "ballots-channels") == [
        (2, "class_missing"),
        (3, "channel_unknown"),
        (4, "class_unknown"),
        (4, "mark_unknown.one_of_options"),
        (5, "copies_bad"),
        (5, "unit_missing"),
        (6, "row_long"),
        (7, "channel_missing"),
        (8, "copies_bad"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("ballots-all-members", "单位,票,备注\n教育局,满意,好\n", [(1, "column_unknown")]),
        ("ballots-all-members", "单位,票,票\n教育局,满意,满意\n", [(1, "column_twice")]),
        ("ballots-all-members", "单位,unit,票\n教育局,教育局,满意\n", [(1, "columns_same")]),
        ("ballots-all-members", "单位,票,总体\n教育局,满意,满意\n", [(1, "marks_twice")]),
        ("ballots-all-members", "单位,张数\n教育局,3\n", [(1, "mark_missing")]),
        ("ballots-all-members", "票号,张数\n1,3\n", [(1, "mark_missing")]),
        ("ballots-dimensions", "单位,依法行政\n教育局,满意\n", [(1, "subjects_missing")]),
        ("ballots-dimensions", "单位,票\n教育局,满意\n", [(1, "subjects_missing")]),
        ("ballots-dimensions", "单位,评价项\n教育局,law\n", [(1, "mark_missing")]),
        ("ballots-dimensions", "教育局,卫健局\n满意,满意\n", [(1, "column_subject"), (1, "column_subject")]),
        ("ballots-dimensions", "教育局·law,教育局·work\n满意,满意\n", [(1, "subjects_missing")]),
        ("ballots-dimensions", "单位,评价项,票\n教育局,廉洁,满意\n", [(2, "subject_unknown")]),
        ("ballots-valid", "单位,票\n教育局,满意\n卫健局,满意\n", [(1, "number_needed")]),
        ("ballots-ranking", "单位,票\n教育局,1\n卫健局,2\n", [(1, "number_needed")]),
        ("ballots-ranking", "教育局,卫健局\n一,2\n", [(2, "mark_unknown.ranking")]),
        ("ballots-approve", "教育局,卫健局\n好,1\n", [(2, "mark_unknown.approve")]),
        ("ballots-all-members", "票号,单位,票\n,教育局,满意\n", [(2, "number_missing")]),
        ("ballots-all-members", "票号,单位,票\n1,教育局,满意\n1,教育局,满意\n", [(3, "line_twice")]),
        (
            "ballots-all-members",
            "票号,单位,票\n1,教育局,满意\n2,教育局,满意\n2,卫健局,满意\n",
            [(2, "lines_missing")],
        ),
        (
            "ballots-all-members",
            "票号,单位,票,张数\n1,教育局,满意,1\n1,卫健局,满意,2\n",
            [(3, "copies_differ")],
        ),
    ],
)
def test_fault_of_the_file_is_named(tmp_path: Path, name: str, text: str, found: list[tuple[int, str]]) -> None:
    assert faults(tmp_path, text, name) == found


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "papers.empty"),
        ("单位,票\n".encode(), "papers.empty"),
        (b"\xff\xff\xff", "papers.not_csv"),
        ('单位,票\n"教育局,满意\n'.encode(), "papers.not_csv"),
    ],
)
def test_file_that_holds_no_papers_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    file = tmp_path / "papers.csv"
    file.write_bytes(content)
    with pytest.raises(Refusal) as refused:
        read_papers(file, terms("ballots-all-members"), "本单位")
    assert refused.value.code == code


def test_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        read_papers(tmp_path / "none.csv", terms("ballots-all-members"), "本单位")
    assert refused.value.code == "papers.unreadable"
