"""Questionnaires as files: those of the house are sound, and every fault of a spoilt one is named at once."""

from pathlib import Path

import pytest

from appraisal.domain.survey import QuestionKind
from appraisal.method.faults import Faulty
from appraisal.method.questionnaires import check_questionnaire, questionnaires_in, read_questionnaire, survey_from
from appraisal.places import root

OURS = root() / "config" / "questionnaires"
SPOILT = """\
key: spoilt
title: 问卷
intro: 前言
surprise: 1
questions:
  - key: one
    type: single
    title: 单选
    rows: [{key: a, title: 甲}]
    options: [{key: a, title: 甲}, {key: a, title: 乙, satisfied: true, excluded: true}]
  - key: one
    type: multiple
    title: 多选
    at_least: 3
    at_most: 2
    options: [{key: a, title: 甲, satisfied: true}, {key: b, title: 乙}]
    show_if: {question: later, options: [a]}
  - key: later
    type: score
    title: 打分
    lowest: 10
    highest: 5
    show_if: {question: one, options: [z]}
  - key: steps
    type: score
    title: 打分
    step: 7
    show_if: {question: later, options: [a]}
  - key: needs
    type: matrix
    title: 矩阵
    options: [{key: a, title: 甲}, {key: b, title: 乙}]
    show_if: {question: nobody, options: [a]}
  - {key: Kind, type: sing, title: 题型}
"""
FAULTS = [
    (4, "surprise", "unknown-field"),
    (9, "questions[0].rows", "question-stray"),
    (10, "questions[0].options[1].excluded", "option-both"),
    (10, "questions[0].options[1].key", "duplicate-key"),
    (11, "questions[1].key", "duplicate-key"),
    (14, "questions[1].at_least", "choose-order"),
    (14, "questions[1].at_least", "choose-too-many"),
    (16, "questions[1].options[0].satisfied", "option-satisfied"),
    (17, "questions[1].show_if.question", "condition-later"),
    (22, "questions[2].highest", "scale-order"),
    (23, "questions[2].show_if.options[0]", "condition-option"),
    (27, "questions[3].step", "scale-step"),
    (28, "questions[3].show_if.question", "condition-kind"),
    (29, "questions[4].rows", "question-needs"),
    (33, "questions[4].show_if.question", "condition-unknown"),
    (34, "questions[5].key", "bad-slug"),
    (34, "questions[5].type", "unknown-word"),
]


@pytest.fixture
def spoilt(tmp_path: Path) -> Path:
    file = tmp_path / "spoilt.yaml"
    file.write_text(SPOILT, encoding="utf-8")
    return file


def test_questionnaires_of_the_house_are_sound() -> None:
    found = questionnaires_in(OURS)
    assert [(file.path.name, file.faults) for file in found] == [
        ("business-environment.yaml", ()),
        ("deputies-on-department.yaml", ()),
    ]


def test_enterprise_questionnaire_has_the_seven_aspects() -> None:
    survey = read_questionnaire(OURS / "business-environment.yaml").questionnaire.survey()
    satisfaction = next(question for question in survey.questions if question.kind is QuestionKind.MATRIX)
    assert [line.title for line in satisfaction.lines] == [
        "审批",
        "投诉处理",
        "政策落实",
        "服务意识",
        "执法行为",
        "市场环境",
        "商务成本",
    ]


def test_pinned_text_gives_the_same_questions() -> None:
    edition = read_questionnaire(OURS / "deputies-on-department.yaml")
    assert survey_from(edition.text) == edition.questionnaire.survey()
    assert read_questionnaire(OURS / "deputies-on-department.yaml") == edition


def test_spoilt_questionnaire_has_every_fault_named_at_once(spoilt: Path) -> None:
    found = check_questionnaire(spoilt)
    assert found.edition is None
    assert [(fault.line, fault.path, fault.code) for fault in found.faults] == FAULTS
    assert all(fault.what and fault.mend for fault in found.faults)
    with pytest.raises(Faulty) as refused:
        read_questionnaire(spoilt)
    assert len(refused.value.faults) == len(FAULTS)


@pytest.mark.parametrize("text", ["", "- 1\n", "key: [", "questions: 5\n", "key: a\nkey: b\n"])
def test_file_that_is_no_questionnaire_is_refused_in_words(tmp_path: Path, text: str) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(text, encoding="utf-8")
    assert check_questionnaire(file).faults
