"""Every type of error that pydantic can give here has a Chinese sentence of ours."""

import re
from collections.abc import Iterator
from typing import get_args

import pytest
from pydantic_core.core_schema import ErrorType
from ruamel.yaml import YAML

from appraisal.method import phrasing
from appraisal.method.faults import told
from appraisal.method.phrasing import in_words
from appraisal.method.schema import Method
from appraisal.places import root
from tests.method.written import faults, spoilt

CONTEXTS = {
    "greater_than": {"gt": 0},
    "greater_than_equal": {"ge": 1},
    "less_than": {"lt": 5},
    "less_than_equal": {"le": 5},
    "too_short": {"min_length": 2, "actual_length": 1},
    "too_long": {"max_length": 5, "actual_length": 6},
    "enum": {"expected": "'next', 'previous' or 'none'"},
    "string_pattern_mismatch": {"pattern": r"^[a-z][a-z0-9_-]{0,39}$"},
}


@pytest.mark.parametrize(
    "kind",
    [*get_args(ErrorType), "day", "span", "offset", "due_shape", "rung_trigger", "condition_shape", "boundary_open"],
)
def test_error_of_any_type_is_told_in_chinese(kind: str) -> None:
    error = {
        "type": kind,
        "loc": ("title",),
        "msg": "Input should be right",
        "input": "乙",
        "ctx": CONTEXTS.get(kind, {}),
    }
    fault = told(in_words(Method, error), "method.yaml", 1)  # type: ignore[arg-type]  # ctx is not always there
    assert re.search(r"[\u4e00-\u9fff]", fault.what)
    assert "Input" not in fault.what + fault.mend


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("year: 1999", "too-small"),
        ("year: 2199", "too-large"),
        ("year: 二〇二三", "not-integer"),
        ("year: 2023.5", "not-integer"),
        ("year: [2023]", "not-integer"),
        ("scrutiny: {tellers: 1}", "too-small"),
        ("voters: [{weight: heavy}]", "not-number"),
        ("voters: [{weight: [1]}]", "not-number"),
        ("voters: [{weight: .inf}]", "not-number"),
        ("voters: [{weight: 0}]", "too-small"),
        ("livelihood: {surplus: half}", "bad-share"),
        ("events: 3", "not-list"),
        ("events: [3]", "not-mapping"),
        ("ladders: []", "not-mapping"),
        ("ladders: {Own: {}}", "bad-slug"),
        ("events: [{key: Sitting!}]", "bad-event-name"),
        ("events: [{key: sitting, sitting: perhaps}]", "not-yes-no"),
        ("events: [{key: sitting, sitting: [1]}]", "not-yes-no"),
        ("events: [{key: sitting, title: }]", "empty"),
        ("events: [{key: sitting, title: ' '}]", "empty"),
        ("events: [{key: sitting, title: 3}]", "not-text"),
    ],
)
def test_error_of_the_schema_has_its_own_code(written: str, code: str) -> None:
    assert code in {
        fault.code for fault in faults(spoilt("smallest", ("method: smallest", f"method: smallest\n{written}")))
    }


@pytest.mark.parametrize(
    ("old", "written", "meant"),
    [
        ("boundary: exceed", "boundary: 达到", "reach"),
        ("boundary: exceed", "boundary: 超过", "exceed"),
        ("base: all_members", "base: 全体组成人员", "all_members"),
        ("rule: majority", "rule: majoriti", "majority"),
        ("blank: abstained", "blank: void", None),
    ],
)
def test_word_written_in_chinese_is_told_by_its_own(old: str, written: str, meant: str | None) -> None:
    (fault, *_) = faults(spoilt("ballots-all-members", (old, written)))
    assert fault.code == "unknown-word"
    assert (f"是不是想写“{meant}”" in fault.mend) == (meant is not None)


def test_misspelt_rule_is_one_fault() -> None:
    for old, new in (("rule: majority", "rule: majoriti"), ("recording: counted", "recording: countd")):
        assert [fault.code for fault in faults(spoilt("ballots-all-members", (old, new)))] == ["unknown-word"]


def test_every_fault_has_its_mend_and_every_mend_its_fault() -> None:
    written = YAML(typ="safe").load(root() / "templates" / "phrases" / "faults.yaml")
    told_of = {code.partition(".")[2] for code in written if code.startswith("fault.")}
    assert told_of == {code.partition(".")[2] for code in written if code.startswith("mend.")}
    assert told_of >= {*phrasing._CODES.values(), *(code for _, code in phrasing._PATTERNS), "invalid"}
    assert told_of >= set(_codes_in_the_source())


def _codes_in_the_source() -> Iterator[str]:
    for path in (root() / "appraisal" / "method").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        yield from re.findall(r'Found\([^{\n]*(?:\)|loc), "([a-z0-9-]+)"', text)
