import io
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from appraisal.documents.rectification_book import Register, rectification_book
from appraisal.documents.rectification_reading import Entered, read_register
from appraisal.documents.rectification_sheet import LONGEST_CELL, OF_OFFICE, Field, RegisterLine, Shown
from appraisal.documents.rectification_words import (
    AxisWords,
    MeasureWords,
    ProgressWords,
    class_choices,
    names_in,
    read_classes,
    read_measures,
    read_progress,
    write_classes,
    write_measure,
    write_progress,
)
from appraisal.domain.refusal import Refusal

TIME = AxisWords("time", "时间", {"now": "立行立改", "long": "长期整改", "wide": "长期整改、分步实施"})
SIZE = AxisWords("size", "大小", {"small": "小", "large": "大"})
DEPTH = AxisWords("depth", "深浅", {"small": "小", "deep": "深"})
TEXT = st.text(
    st.one_of(
        st.sampled_from("整改措施一二 \n\r\t\u3000\u2028\x0b\x1f\u200b\ufeff、，；：%（）【】123.=+-@'_x000D_"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=80,
)
TEXTS = [field for field in Field if field not in (Field.NUMBER, Field.DUE, Field.CLOSED)]


def given_out(*rows: Mapping[Field, Shown]) -> bytes:
    lines = [RegisterLine(f"c/{number}", 3, shown, OF_OFFICE) for number, shown in enumerate(rows, start=1)]
    return rectification_book(Register("整改台账", "怎样修改", lines, OF_OFFICE, {}))


def read_back(content: bytes) -> list[Entered]:
    return read_register(content, "整改台账.xlsx")


@settings(deadline=None, max_examples=60)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(TEXTS, TEXT)), max_size=3), st.dates(date(1950, 1, 1)))
def test_whatever_stands_in_a_register_is_known_again(texts: list[dict[Field, str]], day: date) -> None:
    rows: list[dict[Field, Shown]] = [
        {**each, Field.NUMBER: at, Field.DUE: day, Field.CLOSED: None} for at, each in enumerate(texts, start=1)
    ]
    entered = read_back(given_out(*rows))
    assert [(each.identity, each.version, each.edited, each.faults) for each in entered] == [
        (f"c/{at}", 3, frozenset(), ()) for at in range(1, len(rows) + 1)
    ]


def test_text_too_long_for_a_cell_is_cut_and_known_again() -> None:
    (row,) = read_back(given_out({Field.NUMBER: 1, Field.NOTE: "长" * (LONGEST_CELL + 1)}))
    assert (row.edited, len(row.text(Field.NOTE))) == (frozenset(), LONGEST_CELL + 2)


def test_date_written_as_text_is_the_same_date() -> None:
    book = load_workbook(io.BytesIO(given_out({Field.NUMBER: 1, Field.DUE: date(2023, 12, 31)})))
    book.worksheets[0]["H4"] = "2023年12月31日"
    saved = io.BytesIO()
    book.save(saved)
    assert [each.edited for each in read_back(saved.getvalue())] == [frozenset()]


def test_sheet_is_found_by_its_headings_wherever_they_stand() -> None:
    book = load_workbook(io.BytesIO(given_out({Field.NUMBER: 1, Field.TITLE: "校舍老旧"})))
    page: Any = book.worksheets[0]
    page.title = "台账"
    for area in ("A1:L1", "A2:L2"):
        page.unmerge_cells(area)
    page.delete_rows(1)
    page.insert_cols(1)
    page["D3"] = "立行立改"
    saved = io.BytesIO()
    book.save(saved)
    (row,) = read_back(saved.getvalue())
    assert (row.edited, row.places[Field.CLASSES]) == (frozenset({Field.CLASSES}), "D3")


@pytest.mark.parametrize(
    ("axes", "classes", "text"),
    [
        ([TIME], {"time": "now"}, "立行立改"),
        ([TIME, SIZE], {"size": "large", "time": "wide"}, "长期整改、分步实施、大"),
        ([SIZE, DEPTH], {"size": "small", "depth": "small"}, "大小：小、深浅：小"),
        ([TIME, SIZE], {"size": "small"}, "小"),
        ([TIME, SIZE], {}, ""),
        ([], {}, ""),
    ],
)
def test_classes_are_written_and_read(axes: list[AxisWords], classes: dict[str, str], text: str) -> None:
    assert (write_classes(axes, classes), read_classes(axes, text)) == (text, classes)


@pytest.mark.parametrize("text", ["时间:立行立改；大", "大/立行立改", " 大，立行立改\n", "大小：大、时间：立行立改"])
def test_classes_are_read_in_any_order_and_with_their_axes(text: str) -> None:
    assert read_classes([TIME, SIZE], text) == {"time": "now", "size": "large"}


@pytest.mark.parametrize(
    ("text", "code", "facts"),
    [
        ("马上改、大", "class_unknown", {"text": "马上改"}),
        ("立行立改整", "class_unknown", {"text": "立行立改整"}),
        ("立行立改、长期整改", "class_twice", {"axis": "时间"}),
    ],
)
def test_classes_that_are_none_are_refused(text: str, code: str, facts: dict[str, str]) -> None:
    with pytest.raises(Refusal) as caught:
        read_classes([TIME, SIZE], text)
    assert (caught.value.code, caught.value.facts | facts) == (code, caught.value.facts)


def test_choices_of_classes_are_all_there_can_be_unless_they_are_too_many() -> None:
    many = AxisWords("many", "很多", {str(number): f"类{number}" for number in range(60)})
    assert class_choices([SIZE, DEPTH])[:2] == ["大小：小、深浅：小", "大小：小、深"]
    assert (class_choices([]), class_choices([SIZE, many]), len(class_choices([many]))) == ([], [], 60)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("1. 招聘教师", MeasureWords("", 1, "招聘教师")),
        ("12、招聘教师", MeasureWords("", 12, "招聘教师")),
        ("【市财政局】2. 安排经费", MeasureWords("市财政局", 2, "安排经费")),
        ("【市财政局】安排经费", MeasureWords("市财政局", None, "安排经费")),
        ("招聘教师", MeasureWords("", None, "招聘教师")),
        ("3.5亩用地落实到位", MeasureWords("", None, "3.5亩用地落实到位")),
        ("2023年底前完成", MeasureWords("", None, "2023年底前完成")),
        ("1. 1、制定方案 2、落实", MeasureWords("", 1, "1、制定方案 2、落实")),
    ],
)
def test_measures_are_read_a_line_each(line: str, words: MeasureWords) -> None:
    assert read_measures(f"\n{line}\n") == [words]
    assert read_measures(write_measure(words)) == [words]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("60% 已招聘二十名", ProgressWords("", 60, None, "已招聘二十名")),
        ("60％，已招聘二十名", ProgressWords("", 60, None, "已招聘二十名")),
        ("60%（2023年9月11日）已招聘", ProgressWords("", 60, date(2023, 9, 11), "已招聘")),
        ("【市财政局】30%：已安排", ProgressWords("市财政局", 30, None, "已安排")),
        ("100%", ProgressWords("", 100, None, "")),
    ],
)
def test_progress_is_read_a_line_each(line: str, words: ProgressWords) -> None:
    assert read_progress(f"{line}\n\n") == [words]
    assert read_progress(write_progress(words)) == [words]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("已完成60%", "progress_unreadable"),
        ("六成", "progress_unreadable"),
        ("60%（2023年9月31日）已招聘", "date.nonexistent"),
    ],
)
def test_progress_that_does_not_say_how_far_it_is_is_refused(line: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_progress(line)
    assert caught.value.code == code


def test_names_are_parted_by_any_mark() -> None:
    assert names_in("市财政局、kjj,市民政局；市财政局\n 市水务局") == ["市财政局", "kjj", "市民政局", "市水务局"]
